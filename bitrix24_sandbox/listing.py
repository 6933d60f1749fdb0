"""Lists of cards, for both dialects: filter, order, page, and what hangs on the cards of that page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bitrix24_sandbox.call import PAGE, Call
from bitrix24_sandbox.communications import TYPES, multifields
from bitrix24_sandbox.filters import (
    Column,
    Condition,
    compile_filter,
    compile_order,
)
from bitrix24_sandbox.portal import Act
from bitrix24_sandbox.schema import Field, Kind
from bitrix24_sandbox.store import Row

_TEXT = Field("VALUE", "value", "text", "")
_MULTIFIELD = (
    "{kind}.ID IN (SELECT m.owner_id FROM multifield m "
    "WHERE m.type_id = '{type}' AND m.kind = '{kind}' AND {{}})"
)


@dataclass(frozen=True, slots=True)
class CardPage:
    """`fm` and `contacts` by card id."""

    rows: list[Row]
    total: int
    fm: Mapping[int, list[Row]]
    contacts: Mapping[int, list[int]]


def list_cards(
    call: Call, kind: Kind, given_filter: Any, order: Any, column_of: Callable[[str], Column | None]
) -> CardPage:
    act = call.act
    where = compile_filter(given_filter, column_of, act.offset)
    hidden = [card_id for of_kind, card_id in act.hidden if of_kind is kind]
    if hidden:
        marks = ", ".join("?" * len(hidden))
        where = Condition(f"{where.sql} AND {kind}.ID NOT IN ({marks})", (*where.values, *hidden))
    by = compile_order(order, column_of, f"{kind}.ID")
    rows = act.store.rows(
        f"SELECT * FROM {kind} WHERE {where.sql} ORDER BY {by} LIMIT {PAGE} OFFSET {call.offset}",  # noqa: S608
        where.values,
    )
    total = 0
    if call.start >= 0:
        total = act.store.scalar(f"SELECT count(*) FROM {kind} WHERE {where.sql}", where.values)  # noqa: S608
    ids = [row["ID"] for row in rows]
    return CardPage(
        rows,
        total,
        multifields(act.store, kind, ids) if kind.has_multifields else {},
        bound_contacts(act, kind, ids),
    )


def bound_contacts(act: Act, kind: Kind, card_ids: list[int]) -> dict[int, list[int]]:
    marks = ", ".join("?" * len(card_ids))
    bound: dict[int, list[int]] = {card_id: [] for card_id in card_ids}
    for row in act.store.rows(
        "SELECT owner_id, contact_id FROM binding WHERE kind = ? "  # noqa: S608
        f"AND owner_id IN ({marks}) ORDER BY owner_id, sort",
        [kind, *card_ids],
    ):
        bound[row["owner_id"]].append(row["contact_id"])
    return bound


def column(kind: Kind, field: Field) -> Column:
    return Column(f"{kind}.{field.code}", field)


def multifield_column(kind: Kind, type_id: str) -> Column:
    """Compare the values as typed, nothing is folded."""
    return Column("m.value", _TEXT, _MULTIFIELD.format(kind=kind.value, type=type_id))


def is_multifield(kind: Kind, name: str) -> bool:
    return kind.has_multifields and name in TYPES
