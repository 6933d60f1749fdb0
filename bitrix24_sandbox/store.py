"""SQLite behind the portal: one connection, one lock, ids that are never used twice.

`changes` run one at a time; a handler that fails leaves nothing behind. Reset keeps the id counters, as
deleting from AUTOINCREMENT tables does.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Any

from bitrix24_sandbox.schema import (
    DEFAULT_USER_FIELDS,
    SYSTEM_FIELDS,
    Catalogue,
    Field,
    Kind,
)
from bitrix24_sandbox.tables import EMPTIED_BY_RESET, TABLES

Row = dict[str, Any]


class Store:
    """Thread-safe by one lock. Rows are dicts by column; names of tables and columns are our own code's."""

    def __init__(self, database: str) -> None:
        self._lock = RLock()
        self._db = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
        self._db.row_factory = lambda cursor, row: {
            d[0]: v for d, v in zip(cursor.description, row, strict=True)
        }
        self._db.create_function(
            "FOLD", 1, lambda text: None if text is None else str(text).casefold(), deterministic=True
        )
        for pragma in ("journal_mode = WAL", "synchronous = OFF"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(TABLES)
        self._catalogues: dict[Kind, Catalogue] = {}
        with self.changes():
            self._create_user_fields()
            for kind in Kind:
                self._load_catalogue(kind)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    @contextmanager
    def changes(self) -> Iterator[None]:
        """All or nothing, one at a time; may be nested."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        found = self.rows(sql, values)
        return found[0] if found else None

    def scalar(self, sql: str, values: Sequence[Any] = ()) -> Any:
        found = self.row(sql, values)
        return next(iter(found.values())) if found else None

    def execute(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Count the rows touched."""
        with self._lock:
            return self._db.execute(sql, values).rowcount

    def insert(self, table: str, values: Mapping[str, Any]) -> int:
        marks = ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})"  # noqa: S608
        with self._lock:
            return self._db.execute(sql, list(values.values())).lastrowid or 0

    def insert_many(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(columns))
        with self._lock:
            self._db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608

    @contextmanager
    def without_indexes(self) -> Iterator[None]:
        """Build the indexes once at the end: for very many rows that is cheaper than row by row."""
        indexes = self.rows("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        with self.changes():
            for index in indexes:
                self.execute(f"DROP INDEX {index['name']}")
            yield
            for index in indexes:
                self.execute(index["sql"])

    def update(self, table: str, row_id: int, values: Mapping[str, Any]) -> None:
        if values:
            assignments = ", ".join(f"{name} = ?" for name in values)
            self.execute(f"UPDATE {table} SET {assignments} WHERE id = ?", [*values.values(), row_id])  # noqa: S608

    def next_id(self, table: str) -> int:
        """Foresee the id that the next row of an AUTOINCREMENT table gets."""
        return int(self.scalar("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]) or 0) + 1

    def reset(self) -> None:
        with self.changes():
            for table in EMPTIED_BY_RESET:
                self.execute(f"DELETE FROM {table}")  # noqa: S608

    def catalogue(self, kind: Kind) -> Catalogue:
        return self._catalogues[kind]

    def add_user_field(self, kind: Kind, field: Field) -> int:
        """Give every card of the kind one more column; the field's id."""
        with self.changes():
            field_id = field.user_field_id or int(self.scalar("SELECT max(id) + 2 FROM user_field") or 101)
            self.insert(
                "user_field",
                {
                    "id": field_id,
                    "kind": kind,
                    "code": field.code,
                    "name": field.name,
                    "type": field.type,
                    "title": field.title,
                    "multiple": int(field.multiple),
                    "items": json.dumps(field.items),
                },
            )
            if kind in self._catalogues:
                self._load_catalogue(kind)
            return field_id

    def _create_user_fields(self) -> None:
        if not self.scalar("SELECT count(*) FROM user_field"):
            for kind, fields in DEFAULT_USER_FIELDS.items():
                for field in fields:
                    self.add_user_field(kind, field)

    def _load_catalogue(self, kind: Kind) -> None:
        rows = self.rows("SELECT * FROM user_field WHERE kind = ? ORDER BY id", [kind])
        user_fields = tuple(
            Field(
                row["code"],
                row["name"],
                row["type"],
                row["title"],
                multiple=bool(row["multiple"]),
                items=tuple((key, label) for key, label in json.loads(row["items"])),
                user_field_id=row["id"],
            )
            for row in rows
        )
        catalogue = Catalogue(kind, SYSTEM_FIELDS[kind] + user_fields)
        columns = {row["name"] for row in self.rows(f"PRAGMA table_info({kind})")}
        if not columns:
            columns = {field.code for field in catalogue.fields}
            own = ", ".join(f"{each.code} {each.sql_type}" for each in catalogue.fields if each.code != "ID")
            self.execute(f"CREATE TABLE {kind} (ID INTEGER PRIMARY KEY AUTOINCREMENT, {own})")
        for field in catalogue.fields:
            if field.code not in columns:
                self.execute(f"ALTER TABLE {kind} ADD COLUMN {field.code} {field.sql_type}")
        for indexed in ("LEAD_ID", "CONTACT_ID", "DATE_MODIFY"):
            if catalogue.by_code(indexed):
                self.execute(f"CREATE INDEX IF NOT EXISTS {kind}_{indexed} ON {kind} ({indexed})")
        self._catalogues[kind] = catalogue
