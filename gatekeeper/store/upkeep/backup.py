"""Write the whole database into one file while the gatekeeper works, and restore it into an empty database.

The file is an SQLite database of ours, whichever kind it was taken from: SQLite writes it with its backup
API; from PostgreSQL the rows are copied in one transaction that sees one moment. So any SQLite can read a
backup, and it can be restored into either kind. An older backup is brought up to date on its way in.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, func, insert, select

from gatekeeper.model.errors import BackupError
from gatekeeper.store.database import STEPS, UNRELEASED, known_revisions, migrate, open_engine
from gatekeeper.store.migrations import declared_tables
from gatekeeper.store.note_key import note_key_table

ROWS_A_STATEMENT = 1000


def write_backup(engine: Engine, file: Path) -> dict[str, int]:
    """Write the whole file, readable by its owner only, or none. Return the number of rows of each table."""
    if file.exists():
        raise BackupError("exists", f"{file} exists already", file=str(file))
    part = file.with_name(f"{file.name}.part")
    try:
        part.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        why = str(error.strerror)
        raise BackupError("unwritable", f"{part}: {why}", file=str(part), why=why) from None
    try:
        if engine.dialect.name == "sqlite":
            _copy_file(Path(str(engine.url.database)), part)
        else:
            with _opened(part) as target:
                _copy_rows(engine, target)
        rows = _finish(part)
        part.rename(file)
    finally:
        part.unlink(missing_ok=True)
    return rows


def restore(file: Path, engine: Engine, steps: Path = STEPS) -> dict[str, int]:
    """Fill the database, which must be migrated and empty. One transaction: all of it or nothing."""
    if filled := [name for name, count in _counts(engine).items() if count]:
        tables = ", ".join(filled)
        raise BackupError("not_empty", f"the database is not empty: {tables}", tables=tables)
    with tempfile.TemporaryDirectory(prefix="gatekeeper-restore-") as folder:
        copy = Path(folder) / "backup.db"
        check_backup(file, steps)
        shutil.copyfile(file, copy)
        with _opened(copy, steps) as source:  # up to date from here on
            _copy_rows(source, engine)
    return _counts(engine)


@contextmanager
def _opened(file: Path, steps: Path = STEPS) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{file}")
    try:
        migrate(engine, steps)
        yield engine
    finally:
        engine.dispose()


def _copy_file(source: Path, target: Path) -> None:
    """Copy in one step: page by page, every write of others would restart the copy."""
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        reading.backup(writing)


def _finish(file: Path) -> dict[str, int]:
    """Make it one file, without a log beside it, and check it."""
    with closing(sqlite3.connect(file)) as conn:
        conn.execute("PRAGMA journal_mode = DELETE")
        conn.execute("PRAGMA secure_delete = ON")
        conn.execute("DELETE FROM note_key")
        conn.commit()
        if (said := conn.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise BackupError("damaged", f"the backup is damaged: {said}", why=str(said))
        names = [table.name for table in backed_up_tables()]
        return {name: conn.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


def _copy_rows(source: Engine, target: Engine) -> None:
    """Copy one moment of the source, referenced tables before those that refer to them."""
    one_moment = {} if source.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with source.connect().execution_options(**one_moment) as reading, target.begin() as writing:
        for table in backed_up_tables():
            found = reading.execution_options(yield_per=ROWS_A_STATEMENT).execute(select(table))
            for rows in found.mappings().partitions():
                writing.execute(insert(table), [dict(row) for row in rows])
            _go_on_counting(writing, table)


def _go_on_counting(conn: Connection, table: Table) -> None:
    """Let PostgreSQL's sequence continue after the copied numbers: in an empty table it begins at 1."""
    column = table.autoincrement_column
    if column is not None and conn.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        top = func.max(column)
        conn.execute(select(func.setval(sequence, func.coalesce(top, 1), top.is_not(None))))


def _counts(engine: Engine) -> dict[str, int]:
    with engine.begin() as conn:
        return {
            table.name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in backed_up_tables()
        }


def backed_up_tables() -> list[Table]:
    """All tables but the key of our notes: whoever reads a backup could seal notes of their own."""
    return [table for table in declared_tables().sorted_tables if table.name != note_key_table.name]


def check_backup(file: Path, steps: Path = STEPS) -> None:
    """Refuse a file that is not our backup, and one whose tables this version cannot bring up to date."""
    revision = None
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as conn:
        revision = conn.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    if revision is None:
        raise BackupError("no_backup", f"{file} is no backup of the gatekeeper", file=str(file))
    if revision in UNRELEASED:
        why = f"{file} was written by an unreleased version (revision {revision}): no version restores it"
        raise BackupError("unreleased", why, file=str(file), revision=str(revision))
    if revision not in known_revisions(steps):
        why = f"{file} was written by a newer release (revision {revision})"
        raise BackupError("newer", why, file=str(file), revision=str(revision))
