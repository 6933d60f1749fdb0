"""Whether what is written is kept, though the disk may be full or the file deleted while it was open."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Column, Engine, Integer, String, Table, select

from gatekeeper.model.errors import DatabaseLost
from gatekeeper.store.database import insert_into, metadata, reading

probe_table = Table(
    "probe",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("value", String(32), nullable=False),
)
_THE_ROW = 1


def prove_kept(engine: Engine) -> None:
    """Write a new value and read it back on another connection. Raises the database's own error.

    The value is new each time: SQLite leaves a page alone whose content an UPDATE would not change.
    """
    value = uuid4().hex
    with engine.begin() as conn:
        insert = insert_into(conn, probe_table).values(id=_THE_ROW, value=value)
        conn.execute(insert.on_conflict_do_update(index_elements=[probe_table.c.id], set_={"value": value}))
    with reading(engine) as conn:
        conn.execute(select(probe_table.c.value).where(probe_table.c.id == _THE_ROW)).one()


@dataclass(slots=True)
class DatabaseFile:
    """The file that an SQLite engine was opened on. An open file outlives its name: its writes go nowhere.

    `path` is None for a database server, which sees to its own files. The file is looked at and never opened:
    whoever closes a file drops all POSIX locks that the process has on it, SQLite's among them, and another
    process would then delete the log that this one goes on writing into.
    """

    path: Path | None
    identity: tuple[int, int] | None = field(init=False)
    size: int = field(init=False)

    def __post_init__(self) -> None:
        found = self.path.stat() if self.path else None
        self.identity = (found.st_dev, found.st_ino) if found else None
        self.size = found.st_size if found else 0

    @classmethod
    def of(cls, engine: Engine) -> DatabaseFile:
        name = engine.url.database if engine.dialect.name == "sqlite" else None
        return cls(Path(name) if name else None)

    def check(self) -> None:
        """Raise DatabaseLost if the file was deleted, replaced or cut since it was opened."""
        if self.path is None:
            return
        try:
            found = self.path.stat()
        except FileNotFoundError:
            raise DatabaseLost("deleted", self.path) from None
        if (found.st_dev, found.st_ino) != self.identity:
            raise DatabaseLost("replaced", self.path)
        if found.st_size < self.size:
            raise DatabaseLost("cut", self.path)
        self.size = found.st_size
