"""Product rows of a deal or a lead; the sum follows them unless it is kept by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bitrix24_sandbox import cards
from bitrix24_sandbox.portal import Act
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row

_INITIAL: Mapping[str, Any] = {
    "product_id": 0,
    "product_name": "",
    "price": 0,
    "quantity": 1,
    "discount_type_id": 2,
    "discount_rate": 0,
    "discount_sum": 0,
    "tax_rate": None,
    "tax_included": "N",
    "customized": "Y",
    "measure_code": 796,
    "measure_name": "шт",
    "sort": 10,
}


def rows_of(act: Act, kind: Kind, card_id: int) -> list[Row]:
    return act.store.rows(
        "SELECT * FROM product_row WHERE kind = ? AND owner_id = ? ORDER BY sort, id", [kind, card_id]
    )


def add_row(act: Act, kind: Kind, card_id: int, values: Mapping[str, Any]) -> int:
    last = max((row["sort"] for row in rows_of(act, kind, card_id)), default=0)
    row = _complete(dict(_INITIAL) | {"sort": last + 10}, values)
    row_id = act.store.insert("product_row", {"kind": kind, "owner_id": card_id} | row)
    _recount(act, kind, card_id)
    return row_id


def update_row(act: Act, row: Row, values: Mapping[str, Any]) -> None:
    before = {name: row[name] for name in _INITIAL}
    act.store.update("product_row", row["id"], _complete(before, values))
    _recount(act, Kind(row["kind"]), row["owner_id"])


def delete_row(act: Act, row: Row) -> None:
    act.store.execute("DELETE FROM product_row WHERE id = ?", [row["id"]])
    _recount(act, Kind(row["kind"]), row["owner_id"])


def set_rows(act: Act, kind: Kind, card_id: int, rows: list[dict[str, Any]]) -> None:
    """Replace all rows at once."""
    act.store.execute("DELETE FROM product_row WHERE kind = ? AND owner_id = ?", [kind, card_id])
    for place, values in enumerate(rows, start=1):
        row = _complete(dict(_INITIAL) | {"sort": 10 * place}, values)
        act.store.insert("product_row", {"kind": kind, "owner_id": card_id} | row)
    _recount(act, kind, card_id)


def _complete(row: Row, values: Mapping[str, Any]) -> Row:
    row |= {name: value for name, value in values.items() if name in row and value is not None}
    row["price_exclusive"] = row["price"]
    row["price_netto"] = row["price_brutto"] = row["price"] + row["discount_sum"]
    return row


def _recount(act: Act, kind: Kind, card_id: int) -> None:
    card = cards.find(act, kind, card_id)
    if card and card["IS_MANUAL_OPPORTUNITY"] != "Y":
        total = round(sum(row["price"] * row["quantity"] for row in rows_of(act, kind, card_id)), 2)
        cards.update(act, kind, card, {"OPPORTUNITY": total})
