"""SQLite behind the portal: one connection, one lock, ids that are never used twice.

`changes` run one at a time; a handler that fails leaves nothing behind. Reset keeps the id counters, as deleting
from AUTOINCREMENT tables does.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Any

from gatekeeper.sandbox.schema import DEFAULT_USER_FIELDS, SYSTEM_FIELDS, Catalogue, Field, Kind

Row = dict[str, Any]

_TABLES = """
CREATE TABLE IF NOT EXISTS binding (kind TEXT, owner_id INTEGER, contact_id INTEGER, sort INTEGER,
    role_id INTEGER DEFAULT 0, PRIMARY KEY (kind, owner_id, contact_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS binding_contact ON binding (contact_id);
CREATE TABLE IF NOT EXISTS multifield (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, owner_id INTEGER,
    type_id TEXT, value_type TEXT, value TEXT, folded TEXT);
CREATE INDEX IF NOT EXISTS multifield_owner ON multifield (kind, owner_id);
CREATE INDEX IF NOT EXISTS multifield_value ON multifield (type_id, value);
CREATE INDEX IF NOT EXISTS multifield_folded ON multifield (type_id, folded);
CREATE TABLE IF NOT EXISTS product_row (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, owner_id INTEGER,
    product_id INTEGER, product_name TEXT, price REAL, price_exclusive REAL, price_netto REAL, price_brutto REAL,
    quantity REAL, discount_type_id INTEGER, discount_rate REAL, discount_sum REAL, tax_rate REAL,
    tax_included TEXT, customized TEXT, measure_code INTEGER, measure_name TEXT, sort INTEGER);
CREATE INDEX IF NOT EXISTS product_row_owner ON product_row (kind, owner_id);
CREATE TABLE IF NOT EXISTS stage_history (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT, owner_id INTEGER,
    type_id INTEGER, created INTEGER, category_id INTEGER, semantic TEXT, stage_id TEXT);
CREATE INDEX IF NOT EXISTS stage_history_owner ON stage_history (kind, owner_id);
CREATE TABLE IF NOT EXISTS timeline (id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT, kind TEXT, owner_id INTEGER,
    created INTEGER, author_id INTEGER, text TEXT, title TEXT, icon TEXT, files TEXT, pinned INTEGER DEFAULT 0);
CREATE INDEX IF NOT EXISTS timeline_owner ON timeline (kind, owner_id);
CREATE TABLE IF NOT EXISTS note (owner_kind TEXT, owner_id INTEGER, item_type INTEGER, item_id INTEGER, text TEXT,
    PRIMARY KEY (item_type, item_id));
CREATE TABLE IF NOT EXISTS activity (id INTEGER PRIMARY KEY AUTOINCREMENT, owner_type_id INTEGER,
    owner_id INTEGER, type_id INTEGER, provider_id TEXT, provider_type_id TEXT, provider_group_id TEXT,
    associated_entity_id INTEGER DEFAULT 0, subject TEXT, description TEXT, description_type INTEGER DEFAULT 1,
    created INTEGER, last_updated INTEGER, start_time INTEGER, end_time INTEGER, deadline INTEGER,
    completed TEXT DEFAULT 'N', status INTEGER DEFAULT 1, responsible_id INTEGER, author_id INTEGER,
    editor_id INTEGER, priority INTEGER DEFAULT 2, direction INTEGER DEFAULT 0, settings TEXT DEFAULT '[]',
    provider_params TEXT DEFAULT '[]', communications TEXT DEFAULT '[]', origin_id TEXT, pinned INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS activity_binding (activity_id INTEGER, owner_type_id INTEGER, owner_id INTEGER,
    PRIMARY KEY (activity_id, owner_type_id, owner_id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS activity_binding_owner ON activity_binding (owner_type_id, owner_id);
CREATE TABLE IF NOT EXISTS call (id INTEGER PRIMARY KEY AUTOINCREMENT, activity_id INTEGER, user_id INTEGER,
    phone TEXT, call_id TEXT, call_type INTEGER, duration INTEGER, start INTEGER, failed_code TEXT,
    failed_reason TEXT, crm_type TEXT, crm_id INTEGER);
CREATE INDEX IF NOT EXISTS call_activity ON call (activity_id);
CREATE TABLE IF NOT EXISTS chat (id INTEGER PRIMARY KEY AUTOINCREMENT, connector_id TEXT, connector_title TEXT,
    user_code TEXT, client_user_id INTEGER, client_name TEXT);
CREATE TABLE IF NOT EXISTS chat_session (id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER,
    activity_id INTEGER, operator_id INTEGER, closed INTEGER);
CREATE TABLE IF NOT EXISTS chat_message (id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER,
    session_id INTEGER, sender_id INTEGER, created INTEGER, text TEXT);
CREATE TABLE IF NOT EXISTS notification (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER, from_id INTEGER,
    message TEXT, tag TEXT, created INTEGER);
CREATE TABLE IF NOT EXISTS user (id INTEGER PRIMARY KEY AUTOINCREMENT, active INTEGER, name TEXT, last_name TEXT,
    second_name TEXT, email TEXT, personal_mailbox TEXT, personal_mobile TEXT, work_phone TEXT, work_position TEXT,
    department TEXT, admin INTEGER);
CREATE TABLE IF NOT EXISTS department (id INTEGER PRIMARY KEY, name TEXT, sort INTEGER, parent INTEGER,
    head INTEGER);
CREATE TABLE IF NOT EXISTS category (id INTEGER PRIMARY KEY, name TEXT, sort INTEGER);
CREATE TABLE IF NOT EXISTS status (id INTEGER PRIMARY KEY AUTOINCREMENT, entity_id TEXT, status_id TEXT, name TEXT,
    sort INTEGER, semantics TEXT, category_id INTEGER, color TEXT, UNIQUE (entity_id, status_id));
CREATE TABLE IF NOT EXISTS user_field (id INTEGER PRIMARY KEY, kind TEXT, code TEXT, name TEXT, type TEXT,
    title TEXT, multiple INTEGER, items TEXT, UNIQUE (kind, code));
"""

_EMPTIED_BY_RESET = (
    "deal",
    "contact",
    "lead",
    "binding",
    "multifield",
    "product_row",
    "stage_history",
    "timeline",
    "note",
    "activity",
    "activity_binding",
    "call",
    "chat",
    "chat_session",
    "chat_message",
    "notification",
)


class Store:
    """Thread-safe by one lock. Rows are dicts by column; table and column names come from our own code only."""

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
        self._db.executescript(_TABLES)
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
        """The number of rows touched."""
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

    def update(self, table: str, row_id: int, values: Mapping[str, Any]) -> None:
        if values:
            assignments = ", ".join(f"{name} = ?" for name in values)
            self.execute(f"UPDATE {table} SET {assignments} WHERE id = ?", [*values.values(), row_id])  # noqa: S608

    def next_id(self, table: str) -> int:
        """The id that the next row of an AUTOINCREMENT table gets."""
        return int(self.scalar("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]) or 0) + 1

    def reset(self) -> None:
        with self.changes():
            for table in _EMPTIED_BY_RESET:
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
            self.execute(f"CREATE TABLE {kind} (ID INTEGER PRIMARY KEY AUTOINCREMENT)")
            columns = {"ID"}
        for field in catalogue.fields:
            if field.code not in columns:
                self.execute(f"ALTER TABLE {kind} ADD COLUMN {field.code} {field.sql_type}")
        for indexed in ("LEAD_ID", "CONTACT_ID", "DATE_MODIFY"):
            if catalogue.by_code(indexed):
                self.execute(f"CREATE INDEX IF NOT EXISTS {kind}_{indexed} ON {kind} ({indexed})")
        self._catalogues[kind] = catalogue
