"""When each card was last visited, and when its next visit is due even if no event comes.

One row for each card that was ever read or found. A visit that finds nothing new leaves no decision in the
journal, but the sweep must know of it: a card that was read after its change need not be read again. So every
visit is written here, fifty in one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Self

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Index,
    Row,
    String,
    Table,
    Text,
    and_,
    delete,
    select,
    update,
)

from gatekeeper.model.imprint import Imprint
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.model.rhythm import Rhythm
from gatekeeper.store.database import UtcDateTime, insert_into, metadata, reading
from gatekeeper.store.keys import among, chunks, ref_of

visit_table = Table(
    "visit",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("entity_id", BigInteger, primary_key=True, autoincrement=False),
    Column("looked_at", UtcDateTime),
    Column("heard_at", UtcDateTime),
    Column("changed_at", UtcDateTime),
    Column("due_at", UtcDateTime, index=True),
    Column("read_at", UtcDateTime),
    Column("deadline_at", UtcDateTime),
    Column("rhythm", String(8)),
    Column("imprint", Text),
    Column("owed", Text),
    Column("found_at", UtcDateTime),
)
FOUND = visit_table.c.found_at.is_not(None)
"""Cards that a sweep found and no worker has read since."""
Index("visit_found_at_idx", visit_table.c.found_at, sqlite_where=FOUND, postgresql_where=FOUND)


@dataclass(frozen=True, slots=True)
class OwedStatus:
    """A deal's status that is decided and not yet written, for want of the portal's time."""

    value: str
    decision_id: str

    def __str__(self) -> str:
        return f"{self.decision_id}\n{self.value}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` made."""
        decision_id, value = text.split("\n", 1)
        return cls(value, decision_id)


@dataclass(frozen=True, slots=True)
class Visit:
    """One card's last visit, by the clock of the process that made it.

    `looked_at`: the moment before its first read; None for a card that a sweep found and no worker has read
    yet. `heard_at`: the same, for the last visit caused by an event. `changed_at`: when a visit last found
    anything new. `due_at`: the latest moment of the next visit; None if only an event will cause one.
    `read_at`: `looked_at` of the last visit that was more than a glance. `deadline_at`: when time alone will
    change the verdict. `rhythm`: at what pauses the card is looked at because it may have changed unheard.
    """

    looked_at: datetime | None = None
    heard_at: datetime | None = None
    changed_at: datetime | None = None
    due_at: datetime | None = None
    read_at: datetime | None = None
    deadline_at: datetime | None = None
    rhythm: Rhythm | None = None
    imprint: Imprint | None = None
    owed: OwedStatus | None = None


NEVER = Visit()
_OWN = tuple(field.name for field in fields(Visit))


class Visits:
    """Every call is one transaction or several; refs are locked in the order of their keys."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def load(self, refs: Iterable[EntityRef]) -> dict[EntityRef, Visit]:
        """Return what is known of these cards; leave out those never read and never found."""
        found: dict[EntityRef, Visit] = {}
        with reading(self._engine) as conn:
            for some in chunks(refs):
                for row in conn.execute(select(visit_table).where(among(visit_table, some))):
                    found[ref_of(row)] = _visit(row)
        return found

    def record(self, visits: Mapping[EntityRef, Visit]) -> None:
        """Replace what was known of these cards."""
        rows = [
            {"kind": ref.kind.value, "entity_id": ref.id, **_values(visit)}
            for ref, visit in sorted(visits.items())
        ]
        self._upsert(rows, _OWN)

    def forget(self, refs: Iterable[EntityRef]) -> None:
        """Delete the rows of cards that are gone."""
        with self._engine.begin() as conn:
            for some in chunks(refs):
                conn.execute(delete(visit_table).where(among(visit_table, some)))

    def due(self, now: datetime, limit: int) -> tuple[EntityRef, ...]:
        """Return cards whose visit is due, the most overdue first."""
        query = (
            select(visit_table).where(visit_table.c.due_at <= now).order_by(visit_table.c.due_at).limit(limit)
        )
        with reading(self._engine) as conn:
            return tuple(ref_of(row) for row in conn.execute(query))

    def strike_due(self, refs: Iterable[EntityRef], now: datetime) -> None:
        """Clear the due time of cards that were marked dirty: their visit sets the next one."""
        with self._engine.begin() as conn:
            for some in chunks(refs):
                struck = update(visit_table).where(among(visit_table, some), visit_table.c.due_at <= now)
                conn.execute(struck.values(due_at=None))

    def found(self, changes: Mapping[EntityRef, datetime]) -> None:
        """Record changes that a sweep found and no event announced; a later visit has seen them."""
        rows = [
            {"kind": ref.kind.value, "entity_id": ref.id, "found_at": at}
            for ref, at in sorted(changes.items())
        ]
        self._upsert(rows, ("found_at",))

    def settle_found(self) -> int:
        """Count the found cards that were read since, each once; a card that is gone is never counted."""
        read_since = and_(FOUND, visit_table.c.looked_at >= visit_table.c.found_at)
        with self._engine.begin() as conn:
            return conn.execute(update(visit_table).where(read_since).values(found_at=None)).rowcount

    def known_ids(self, kind: Kind, after_id: int, limit: int) -> tuple[int, ...]:
        """Return the next ids of this kind, ascending."""
        here = visit_table.c.kind == kind.value, visit_table.c.entity_id > after_id
        query = select(visit_table.c.entity_id).where(*here).order_by(visit_table.c.entity_id).limit(limit)
        with reading(self._engine) as conn:
            return tuple(conn.execute(query).scalars())

    def _upsert(self, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
        if not rows:
            return
        with self._engine.begin() as conn:
            insert = insert_into(conn, visit_table)
            keys = [visit_table.c.kind, visit_table.c.entity_id]
            replaced = {name: insert.excluded[name] for name in names}
            conn.execute(insert.on_conflict_do_update(index_elements=keys, set_=replaced), rows)


def _visit(row: Row[tuple[Any, ...]]) -> Visit:
    known = {name: getattr(row, name) for name in _OWN}
    rhythm = Rhythm(row.rhythm) if row.rhythm else None
    imprint = Imprint.parse(row.imprint) if row.imprint else None
    owed = OwedStatus.parse(row.owed) if row.owed else None
    return Visit(**{**known, "rhythm": rhythm, "imprint": imprint, "owed": owed})


def _values(visit: Visit) -> dict[str, Any]:
    texts = {name: getattr(visit, name) for name in ("imprint", "owed")}
    values = {name: getattr(visit, name) for name in _OWN}
    return values | {name: str(each) if each else None for name, each in texts.items()}
