"""crm.item.productrow.* and the classic crm.deal.productrows.*."""

from __future__ import annotations

from functools import partial
from typing import Any

from bitrix24_sandbox import cards, php, products
from bitrix24_sandbox.call import (
    PAGE,
    Answer,
    Call,
    Method,
    paged,
)
from bitrix24_sandbox.errors import ControllerError, access_denied, not_found
from bitrix24_sandbox.methods.classic import card_of
from bitrix24_sandbox.schema import KIND_OF_SHORT, Kind
from bitrix24_sandbox.store import Row

_NUMBERS = {
    "price": "price",
    "quantity": "quantity",
    "discountRate": "discount_rate",
    "discountSum": "discount_sum",
    "taxRate": "tax_rate",
}
_INTS = {
    "productId": "product_id",
    "discountTypeId": "discount_type_id",
    "measureCode": "measure_code",
    "sort": "sort",
}
_TEXTS = {
    "productName": "product_name",
    "taxIncluded": "tax_included",
    "customized": "customized",
    "measureName": "measure_name",
}


def add(call: Call) -> Any:
    fields = call.fields()
    kind, owner_id = _owner(call, fields.get("ownerType"), fields.get("ownerId"))
    return {"productRow": _render(_row(call, products.add_row(call.act, kind, owner_id, _parse(fields))))}


def update(call: Call) -> Any:
    row = _row(call, call.required_int("id"))
    products.update_row(call.act, row, _parse(call.fields()))
    return {"productRow": _render(_row(call, row["id"]))}


def get(call: Call) -> Any:
    return {"productRow": _render(_row(call, call.required_int("id")))}


def delete(call: Call) -> None:
    products.delete_row(call.act, _row(call, call.required_int("id")))


def set_rows(call: Call) -> Any:
    kind, owner_id = _owner(call, call.required("ownerType"), call.required("ownerId"))
    given = [_parse(php.as_dict(each)) for each in php.values_of(call.required("productRows"))]
    products.set_rows(call.act, kind, owner_id, given)
    return {"productRows": [_render(row) for row in products.rows_of(call.act, kind, owner_id)]}


def list_rows(call: Call) -> Answer:
    """Ask for the owner in the filter, by both keys and with their prefix."""
    wanted = php.as_dict(call.get("filter"))
    if "=ownerType" not in wanted or "=ownerId" not in wanted:
        raise ControllerError("REQUIRED_ARG_MISSING", "Required filter fields: =ownerType, =ownerId")
    kind, owner_id = _owner(call, wanted["=ownerType"], wanted["=ownerId"])
    rows = [row for row in products.rows_of(call.act, kind, owner_id) if _matches(row, wanted)]
    page = [_render(row) for row in rows[call.offset : call.offset + PAGE]]
    return paged(call, {"productRows": page}, len(rows), total_uncounted=None)


def _matches(row: Row, wanted: dict[str, Any]) -> bool:
    """Only ids and products can be filtered by; anything else is ignored without a word."""
    ids = [php.to_int(each) for each in php.values_of(wanted.get("@id"))]
    alike = all(
        php.to_int(wanted[key]) == row[column]
        for key, column in (
            ("id", "id"),
            ("=id", "id"),
            ("productId", "product_id"),
            ("=productId", "product_id"),
        )
        if key in wanted
    )
    return alike and (not ids or row["id"] in ids) and row["id"] > php.to_int(wanted.get(">id"))


def classic_get(kind: Kind, call: Call) -> list[dict[str, Any]]:
    card = card_of(kind, call)
    return [_render_classic(row) for row in products.rows_of(call.act, kind, card["ID"])]


def classic_set(kind: Kind, call: Call) -> bool:
    card = card_of(kind, call)
    given = [
        {_camel(key): value for key, value in php.as_dict(each).items()}
        for each in php.values_of(call.classic("rows"))
    ]
    products.set_rows(call.act, kind, card["ID"], [_parse(each) for each in given])
    return True


def _camel(name: str) -> str:
    head, *tail = name.lower().split("_")
    return head + "".join(part.capitalize() for part in tail)


def _owner(call: Call, short: Any, owner_id: Any) -> tuple[Kind, int]:
    kind = KIND_OF_SHORT.get(str(short))
    if kind is None or not kind.has_contacts:
        raise ControllerError("ENTITY_TYPE_NOT_SUPPORTED", "Тип сущности не поддерживается")
    number = php.to_int(owner_id)
    if not cards.find(call.act, kind, number):
        raise ControllerError("OWNER_NOT_FOUND", "Владелец не найден")
    if (kind, number) in call.act.hidden:
        raise access_denied()
    return kind, number


def _row(call: Call, row_id: int) -> Row:
    row = call.act.store.row("SELECT * FROM product_row WHERE id = ?", [row_id])
    if row is None:
        raise not_found()
    if (Kind(row["kind"]), row["owner_id"]) in call.act.hidden:
        raise access_denied()
    return row


def _parse(fields: dict[str, Any]) -> Row:
    values: Row = {column: php.to_float(fields[name]) for name, column in _NUMBERS.items() if name in fields}
    values |= {column: php.to_int(fields[name]) for name, column in _INTS.items() if name in fields}
    return values | {column: str(fields[name]) for name, column in _TEXTS.items() if name in fields}


def _render(row: Row) -> dict[str, Any]:
    number = {name: php.number(row[column] or 0) for name, column in _NUMBERS.items() if name != "taxRate"}
    return {
        "id": row["id"],
        "ownerId": row["owner_id"],
        "ownerType": Kind(row["kind"]).short,
        **{name: row[column] for name, column in (_INTS | _TEXTS).items()},
        **number,
        "priceAccount": php.number(row["price"]),
        "priceExclusive": php.number(row["price_exclusive"]),
        "priceNetto": php.number(row["price_netto"]),
        "priceBrutto": php.number(row["price_brutto"]),
        "taxRate": row["tax_rate"],
        "xmlId": f"sale_basket_{row['id']}",
        "type": 4,
        "storeId": 0,
    }


def _render_classic(row: Row) -> dict[str, Any]:
    """Types are mixed here: the price is a number and its twin in the account's currency a string."""
    return {
        "ID": str(row["id"]),
        "OWNER_ID": str(row["owner_id"]),
        "OWNER_TYPE": Kind(row["kind"]).short,
        "PRODUCT_ID": row["product_id"],
        "PRODUCT_NAME": row["product_name"],
        "PRICE": php.number(row["price"]),
        "PRICE_ACCOUNT": f"{row['price']:.2f}",
        "PRICE_EXCLUSIVE": php.number(row["price_exclusive"]),
        "PRICE_NETTO": php.number(row["price_netto"]),
        "PRICE_BRUTTO": php.number(row["price_brutto"]),
        "QUANTITY": php.number(row["quantity"]),
        "DISCOUNT_TYPE_ID": row["discount_type_id"],
        "DISCOUNT_RATE": php.number(row["discount_rate"]),
        "DISCOUNT_SUM": php.number(row["discount_sum"]),
        "TAX_RATE": row["tax_rate"],
        "TAX_INCLUDED": row["tax_included"],
        "CUSTOMIZED": row["customized"],
        "MEASURE_CODE": row["measure_code"],
        "MEASURE_NAME": row["measure_name"],
        "SORT": row["sort"],
    }


METHODS = (
    Method("crm.item.productrow.add", "crm", add),
    Method("crm.item.productrow.update", "crm", update),
    Method("crm.item.productrow.get", "crm", get),
    Method("crm.item.productrow.delete", "crm", delete),
    Method("crm.item.productrow.set", "crm", set_rows),
    Method("crm.item.productrow.list", "crm", list_rows),
    *(
        Method(f"crm.{kind}.productrows.{verb}", "crm", partial(handler, kind))
        for kind in (Kind.DEAL, Kind.LEAD)
        for verb, handler in (("get", classic_get), ("set", classic_set))
    ),
)
