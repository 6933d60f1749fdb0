"""Which stored snapshots show a contact: as a card's client, or as a contact that another was compared with.

Snapshots are read as plain JSON, so that those of another version can be searched, too. Each page is a
transaction of its own: the search may take a minute, and nobody should wait for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, Table, and_, literal, select, true, tuple_

from gatekeeper.model.errors import Undecodable
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.database import reading
from gatekeeper.store.journal.packing import peek
from gatekeeper.store.journal.tables import decision_table, snapshot_table
from gatekeeper.store.keys import ref_of

PAGE = 1000


@dataclass(frozen=True, slots=True)
class Mentions:
    """`clients` are deals and leads that are, or were, the contact's; with a deal its lead.

    `pictures` are contacts beside which it was read, and cards of which a snapshot cannot be read any more.
    """

    clients: frozenset[EntityRef] = frozenset()
    pictures: frozenset[EntityRef] = frozenset()


def find_mentions(engine: Engine, contact_id: int) -> Mentions:
    clients: set[EntityRef] = set()
    pictures: set[EntityRef] = set()
    for ref, body in _stored(engine):
        try:
            shown = peek(body)
        except Undecodable:
            pictures.add(ref)
            continue
        if contact_id in shown.get("contact_ids", ()):
            clients |= {ref, *_lead_of(shown)}
        if any(each["ref"]["id"] == contact_id for each in shown.get("neighbours", {}).get("found", ())):
            pictures.add(ref)
    return Mentions(frozenset(clients), frozenset(pictures))


def _lead_of(shown: dict[str, Any]) -> Iterator[EntityRef]:
    if shown.get("lead_id"):
        yield EntityRef(Kind.LEAD, shown["lead_id"])


def _stored(engine: Engine) -> Iterator[tuple[EntityRef, bytes]]:
    latest, decided = snapshot_table, decision_table
    yield from _pages(engine, latest, latest.c.body, latest.c.kind, latest.c.entity_id)
    yield from _pages(engine, decided, decided.c.snapshot, decided.c.id)


def _pages(engine: Engine, table: Table, body: Any, *key: Any) -> Iterator[tuple[EntityRef, bytes]]:
    """Yield the rows in the order of that key."""
    after: ColumnElement[bool] = true()
    while True:
        columns = [*{*key, table.c.kind, table.c.entity_id}, body.label("body")]
        query = select(*columns).where(and_(body.is_not(None), after))
        with reading(engine) as conn:
            rows = conn.execute(query.order_by(*key).limit(PAGE)).all()
        yield from ((ref_of(row), row.body) for row in rows)
        if len(rows) < PAGE:
            return
        after = tuple_(*key) > tuple_(*(literal(getattr(rows[-1], column.name)) for column in key))
