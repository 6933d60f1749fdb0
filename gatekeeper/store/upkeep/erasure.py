"""Forget a person: erase everything personal from what is stored of a contact and of its cards.

The cards of a contact are found in the stored snapshots, which say whose client it was.

What remains is that something was decided, when, and by which rule: the figures of quality control stay
right, and name nobody. The portal is not touched. Erase the contact there first, or its next event would
index it again.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    String,
    Table,
    and_,
    delete,
    insert,
    select,
    update,
)

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.contacts import contact_index, contact_key
from gatekeeper.store.database import UtcDateTime, empty_log, metadata, reading
from gatekeeper.store.journal.masking import MASK
from gatekeeper.store.journal.mentions import find_mentions
from gatekeeper.store.journal.tables import (
    action_table,
    decision_table,
    snapshot_table,
    violation_table,
)
from gatekeeper.store.journal.waived import waived_table
from gatekeeper.store.keys import among
from gatekeeper.store.upkeep.reasons import erase_reasons, erase_reasons_kept, without_reason

erasure_table = Table(
    "erasure",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("entity_id", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""That somebody was forgotten, and when; the id leads nowhere any more."""

_WORDS = frozenset({"problem", "problems", "reasons", "part", "field", "fields", "near", "window", "stage"})
"""Facts worded by us or by the portal's dictionaries; any other text may be about a person."""

NO_DAY = "1900-01-01"


@dataclass(frozen=True, slots=True)
class Traces:
    """`cards` lose their texts; `pictures`, contacts compared with this one, lose only their snapshots."""

    cards: tuple[EntityRef, ...]
    pictures: frozenset[EntityRef]


class Erasure:
    """One transaction for each person."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def find(self, ref: EntityRef, also: Iterable[EntityRef] = ()) -> Traces:
        """Find what `forget` would erase. `also` are other cards that mention the person."""
        if ref.kind is not Kind.CONTACT:
            return Traces(tuple(sorted({ref, *also})), frozenset())
        mentions = find_mentions(self._engine, ref.id)
        with reading(self._engine) as conn:
            cards = {ref, *also, *mentions.clients, *_that_name(conn, ref)}
        return Traces(tuple(sorted(cards)), mentions.pictures)

    def forget(self, ref: EntityRef, also: Iterable[EntityRef] = ()) -> dict[str, int]:
        """Erase it, with the deals and leads of which it is or was the client, and its supposed duplicates.

        Return the number of rows changed in each table, 0 where nothing was known, and of the cards as
        "cards".
        """
        found = self.find(ref, also)
        with self._engine.begin() as conn:
            cards = found.cards
            rows = {"cards": len(cards), "contact_index": _unindex(conn, ref)}
            rows["action"] = sum(_mask_actions(conn, card) for card in cards)
            rows["decision"] = sum(_mask(conn, decision_table.c.violations, card) for card in cards)
            rows["violation"] = sum(_mask(conn, violation_table.c.facts, card) for card in cards)
            rows["waived"] = sum(_mask_exempted(conn, card) for card in cards)
            rows["exemption"] = sum(erase_reasons(conn, card) for card in cards)
            rows["policy"] = erase_reasons_kept(conn, cards)
            rows["snapshot"] = sum(_drop_snapshots(conn, card) for card in {*cards, *found.pictures})
            line = {"id": uuid.uuid4().hex, "kind": ref.kind, "entity_id": ref.id, "at": self._now()}
            conn.execute(insert(erasure_table).values(line))
        empty_log(self._engine)
        return rows


def masked(value: Any, *, word: bool = False) -> Any:
    """Mask a stored fact, in a shape that the message templates can still read.

    >>> masked({"problems": [{"part": "name", "problem": "digits", "value": "Иван 2"}], "age": 7})
    {'problems': [{'part': 'name', 'problem': 'digits', 'value': '***'}], 'age': 0}
    >>> masked({"problem": "future", "value": "2031-05-17"})
    {'problem': 'future', 'value': '1900-01-01'}
    """
    match value:
        case str():
            return value if word else NO_DAY if _is_day(value) else MASK
        case bool() | None:
            return value
        case int() | float():
            return 0
        case list():
            return [masked(each, word=word) for each in value]
        case Mapping():
            return {
                name: each if name == "rule" else masked(each, word=name in _WORDS)
                for name, each in value.items()
            }
        case _:
            return MASK


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _that_name(conn: Connection, ref: EntityRef) -> Iterable[EntityRef]:
    """Find contacts that are or were held for duplicates of this one: their facts hold its name."""
    if ref.kind is not Kind.CONTACT:
        return
    table = violation_table
    doubles = conn.execute(
        select(table.c.entity_id, table.c.facts).where(table.c.rule == "contact.duplicate")
    )
    for entity_id, facts in doubles:
        if any(each.get("id") == ref.id for each in facts.get("duplicates", ())):
            yield EntityRef(Kind.CONTACT, entity_id)


def _drop_snapshots(conn: Connection, ref: EntityRef) -> int:
    """Drop the card's snapshots. A decision without one stays, but cannot be judged again."""
    table = decision_table
    decided = and_(among(table, [ref]), table.c.snapshot.is_not(None))
    dropped = conn.execute(update(table).where(decided).values(snapshot=None)).rowcount
    return dropped + conn.execute(delete(snapshot_table).where(among(snapshot_table, [ref]))).rowcount


def _unindex(conn: Connection, ref: EntityRef) -> int:
    if ref.kind is not Kind.CONTACT:
        return 0
    conn.execute(delete(contact_key).where(contact_key.c.contact_id == ref.id))
    return conn.execute(delete(contact_index).where(contact_index.c.id == ref.id)).rowcount


def _mask(conn: Connection, column: Column[Any], ref: EntityRef) -> int:
    table = column.table
    rows = conn.execute(select(table.c.id, column).where(among(table, [ref]))).all()
    for key, value in rows:
        conn.execute(update(table).where(table.c.id == key).values({column.name: masked(value)}))
    return len(rows)


def _mask_exempted(conn: Connection, ref: EntityRef) -> int:
    """Mask what exemptions take off the card: the facts are personal, and the reason may be."""
    table = decision_table
    here = and_(among(table, [ref]), table.c.exempted.is_not(None))
    decided = conn.execute(select(table.c.id, table.c.exempted).where(here)).all()
    for key, exempted in decided:
        kept = [
            {**each, "facts": masked(each["facts"]), "exemption": without_reason(each["exemption"])}
            for each in exempted or ()
        ]
        conn.execute(update(table).where(table.c.id == key).values(exempted=kept))
    standing = among(waived_table, [ref])
    columns = waived_table.c["position", "facts", "exemption"]
    rows = conn.execute(select(*columns).where(standing)).all()
    for position, facts, exemption in rows:
        this = and_(standing, waived_table.c.position == position)
        kept_row = {"facts": masked(facts), "exemption": without_reason(exemption)}
        conn.execute(update(waived_table).where(this).values(kept_row))
    return len(rows)


def _mask_actions(conn: Connection, ref: EntityRef) -> int:
    """Mask the texts that were written; nothing else of an action is personal."""
    decisions = select(decision_table.c.id).where(among(decision_table, [ref]))
    rows = conn.execute(
        select(action_table.c.id, action_table.c.body).where(action_table.c.decision_id.in_(decisions))
    ).all()
    for key, body in rows:
        kept = {name: MASK if name in {"text", "value"} else each for name, each in body.items()}
        conn.execute(update(action_table).where(action_table.c.id == key).values(body=kept))
    return len(rows)
