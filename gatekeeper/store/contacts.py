"""The local index of the portal's contacts: who shares a phone, an address, a birth date or a name with whom.

The portal searches slowly or not at all for this. The index only proposes: whoever warns of a duplicate
reads the candidates again first. So a line that outlives its contact does no harm; one that is missing
would, and until the index is complete nothing can be called free of duplicates. Complete means that every
contact of the portal was read, or stands in the inbox by its name because it could not be understood: it is
asked for alone there, and whoever is like it is judged again once it can be read.

An older reading never replaces a newer one: the walk through the portal meets events on its way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    case,
    delete,
    select,
)

from gatekeeper.store.database import (
    UtcDateTime,
    database_now,
    insert_into,
    metadata,
    reading,
)
from gatekeeper.store.keys import any_pair, chunks

contact_index = Table(
    "contact_index",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("last_name", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("second_name", Text, nullable=False),
    Column("birthdate", Date),
    Column("updated_at", UtcDateTime, nullable=False),
)
contact_key = Table(
    "contact_key",
    metadata,
    Column("contact_id", ForeignKey(contact_index.c.id, ondelete="CASCADE"), primary_key=True),
    Column("field", String(16), primary_key=True),
    Column("value", Text, primary_key=True),
    Index(None, "field", "value"),
)
contact_fill = Table(
    "contact_fill",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("scheme", Text, nullable=False),
    Column("cursor", BigInteger, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)
_THE_ROW = 1


SCHEME = "3"
"""Raise it when keys are normalised differently: every index then fills itself again."""


def scheme_of(regions: Sequence[str]) -> str:
    """Name the way in which an index's keys are normalised where phones are read for these regions."""
    return f"{SCHEME} {','.join(regions)}"


class KeyField(StrEnum):
    """What two contacts can have in common."""

    PHONE = "phone"
    EMAIL = "email"
    BIRTHDATE = "birthdate"
    NAME = "name"


@dataclass(frozen=True, slots=True, order=True)
class ContactKey:
    """`value` is normalised by the caller, equal means equal: +79041234567, 1990-02-28, иванов иван."""

    field: KeyField
    value: str


@dataclass(frozen=True, slots=True)
class IndexedContact:
    """The names as typed. `updated_at` is when the portal says it was last changed."""

    id: int
    last_name: str
    name: str
    second_name: str
    birthdate: date | None
    updated_at: datetime
    keys: frozenset[ContactKey]


@dataclass(frozen=True, slots=True)
class FillState:
    """`cursor` is the greatest contact id walked past, 0 before the first."""

    cursor: int = 0
    complete: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None


class ContactIndex:
    """`scheme` names how the caller normalises keys; an index filled in another way counts as not filled."""

    def __init__(
        self, engine: Engine, *, scheme: str = "1", now: Callable[[Connection], datetime] = database_now
    ) -> None:
        self._engine = engine
        self._scheme = scheme
        self._now = now

    def put(self, rows: Iterable[IndexedContact]) -> None:
        """Add or replace these, except where the index holds a later reading."""
        with self._engine.begin() as conn:
            _put(conn, rows)

    def remove(self, ids: Iterable[int]) -> None:
        """Forget contacts that are gone; unknown ids are no error."""
        with self._engine.begin() as conn:
            for some in chunks(ids):
                these = contact_index.c.id.in_(some)
                # In the order in which put() locks them, lest the two wait for each other.
                conn.execute(
                    select(contact_index.c.id).where(these).order_by(contact_index.c.id).with_for_update()
                )
                conn.execute(delete(contact_index).where(these))

    def read(self, ids: Iterable[int]) -> tuple[IndexedContact, ...]:
        """Tell what the index knows of these, by id; unknown ones are left out."""
        with reading(self._engine) as conn:
            return tuple(row for some in chunks(ids) for row in _read(conn, some))

    def candidates(self, keys: Iterable[ContactKey]) -> tuple[int, ...]:
        """Find the contacts that have any of these keys, ascending; the one asked for may be among them."""
        pairs = [(key.field.value, key.value) for key in keys]
        if not pairs:
            return ()
        match = any_pair(contact_key.c.field, contact_key.c.value, pairs)
        query = select(contact_key.c.contact_id).where(match).distinct().order_by(contact_key.c.contact_id)
        with reading(self._engine) as conn:
            return tuple(conn.execute(query).scalars())

    def shared(self, field: KeyField, value: str) -> tuple[int, ...]:
        """Find the contacts in which this one value stands, ascending."""
        return self.candidates([ContactKey(field, value)])

    def known_ids(self, after_id: int, limit: int) -> tuple[int, ...]:
        """The ids that come next, ascending."""
        query = select(contact_index.c.id).where(contact_index.c.id > after_id)
        with reading(self._engine) as conn:
            return tuple(conn.execute(query.order_by(contact_index.c.id).limit(limit)).scalars())

    def fill_state(self) -> FillState:
        """How far the walk through the portal has come."""
        with reading(self._engine) as conn:
            row = conn.execute(
                select(contact_fill).where(contact_fill.c.scheme == self._scheme)
            ).one_or_none()
            return (
                FillState(row.cursor, row.complete, row.started_at, row.finished_at) if row else FillState()
            )

    def advance(self, rows: Iterable[IndexedContact], cursor: int, *, complete: bool) -> None:
        """One page of the walk, together with its place: a crash repeats a page and never skips one."""
        with self._engine.begin() as conn:
            _put(conn, rows)
            now = self._now(conn)
            insert = insert_into(conn, contact_fill).values(
                id=_THE_ROW,
                scheme=self._scheme,
                cursor=cursor,
                complete=complete,
                started_at=now,
                finished_at=now if complete else None,
            )
            new = insert.excluded
            same_walk = contact_fill.c.scheme == new.scheme
            replaced = {
                "scheme": new.scheme,
                "cursor": new.cursor,
                "complete": new.complete,
                "started_at": case((same_walk, contact_fill.c.started_at), else_=new.started_at),
                "finished_at": new.finished_at,
            }
            conn.execute(insert.on_conflict_do_update(index_elements=[contact_fill.c.id], set_=replaced))


def _put(conn: Connection, rows: Iterable[IndexedContact]) -> None:
    latest: dict[int, IndexedContact] = {}
    for row in rows:
        if row.id not in latest or latest[row.id].updated_at <= row.updated_at:
            latest[row.id] = row
    for ids in chunks(latest):
        some = [latest[key] for key in ids]
        taken = _upsert(conn, some)
        conn.execute(delete(contact_key).where(contact_key.c.contact_id.in_(taken)))
        keys = [
            {"contact_id": row.id, "field": key.field.value, "value": key.value}
            for row in some
            if row.id in taken
            for key in sorted(row.keys)
        ]
        if keys:
            conn.execute(insert_into(conn, contact_key), keys)


def _upsert(conn: Connection, rows: list[IndexedContact]) -> set[int]:
    """Return the ids of which no later reading was known. Locks these rows before their keys are touched."""
    columns = ("last_name", "name", "second_name", "birthdate", "updated_at")
    insert = insert_into(conn, contact_index).values(
        [{"id": row.id} | {name: getattr(row, name) for name in columns} for row in rows]
    )
    upsert = insert.on_conflict_do_update(
        index_elements=[contact_index.c.id],
        set_={name: insert.excluded[name] for name in columns},
        where=contact_index.c.updated_at <= insert.excluded.updated_at,
    )
    return set(conn.execute(upsert.returning(contact_index.c.id)).scalars())


def _read(conn: Connection, ids: list[int]) -> Iterator[IndexedContact]:
    keys: dict[int, set[ContactKey]] = {key: set() for key in ids}
    for row in conn.execute(select(contact_key).where(contact_key.c.contact_id.in_(ids))):
        keys[row.contact_id].add(ContactKey(KeyField(row.field), row.value))
    query = select(contact_index).where(contact_index.c.id.in_(ids)).order_by(contact_index.c.id)
    for row in conn.execute(query):
        yield IndexedContact(**row._asdict(), keys=frozenset(keys[row.id]))
