"""crm.deal.*, crm.contact.*, crm.lead.*: the same cards in UPPER_CASE strings; errors have an empty code."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bitrix24_sandbox import cards, php
from bitrix24_sandbox.call import (
    Answer,
    Call,
    Method,
    paged,
)
from bitrix24_sandbox.communications import TYPES, multifields
from bitrix24_sandbox.dialects import parse_classic, render_classic
from bitrix24_sandbox.errors import ClassicError, RestError
from bitrix24_sandbox.filters import Column
from bitrix24_sandbox.listing import (
    column,
    is_multifield,
    list_cards,
    multifield_column,
)
from bitrix24_sandbox.required import check_required
from bitrix24_sandbox.schema import Field, Kind
from bitrix24_sandbox.store import Row

KindHandler = Callable[[Kind, Call], Any]


def card_of(kind: Kind, call: Call) -> Row:
    row = cards.find(call.act, kind, call.classic_id())
    if row is None:
        raise ClassicError("Not found")
    if (kind, row["ID"]) in call.act.hidden:
        raise ClassicError("Access denied.")
    return row


def add(kind: Kind, call: Call) -> int:
    values = _values(kind, call)
    _drop_foreign_stage(kind, call, values, values.get("CATEGORY_ID") or 0)
    check_required_classic(call, kind, {}, values)
    if kind is Kind.CONTACT and not (values.get("NAME") or values.get("LAST_NAME")):
        raise ClassicError("Необходимо заполнить хотя бы одно из полей: Имя, Фамилия")
    return cards.add(call.act, kind, values)


def update(kind: Kind, call: Call) -> bool:
    """Ignore a stage of another pipeline, and the pipeline itself; the answer is true all the same."""
    row = card_of(kind, call)
    values = _values(kind, call)
    values.pop("CATEGORY_ID", None)
    _drop_foreign_stage(kind, call, values, row.get("CATEGORY_ID") or 0)
    check_required_classic(call, kind, row, values)
    cards.update(call.act, kind, row, values, save_unchanged=True)
    return True


def get(kind: Kind, call: Call) -> dict[str, Any]:
    row = card_of(kind, call)
    fm = multifields(call.act.store, kind, [row["ID"]]).get(row["ID"], [])
    return render_classic(call.act.store.catalogue(kind), row, fm, call.act.offset)


def delete(kind: Kind, call: Call) -> bool:
    cards.delete(call.act, kind, card_of(kind, call)["ID"])
    return True


def list_cards_classic(kind: Kind, call: Call) -> Answer:
    page = list_cards(
        call, kind, call.classic("filter"), call.classic("order"), lambda name: _column(kind, call, name)
    )
    select = [str(each).upper() for each in php.values_of(call.classic("select"))] or ["*"]
    catalogue = call.act.store.catalogue(kind)
    rows = []
    for row in page.rows:
        card = render_classic(catalogue, row, page.fm.get(row["ID"], []), call.act.offset)
        rows.append({name: value for name, value in card.items() if _is_selected(name, select)})
    return paged(call, rows, page.total, total_uncounted=0)


def fields(kind: Kind, call: Call) -> dict[str, Any]:
    described = {each.code: _describe(each) for each in call.act.store.catalogue(kind).fields}
    if kind.has_multifields:
        described |= {
            each: _describe(Field(each, each, "crm_multifield", each, multiple=True)) for each in TYPES
        }
    return described


def check_required_classic(call: Call, kind: Kind, row: Row, values: Row) -> None:
    try:
        check_required(call.act, kind, row, values)
    except RestError as refusal:
        raise ClassicError(refusal.description) from None


def _values(kind: Kind, call: Call) -> Row:
    given = php.as_dict(call.classic("fields"))
    if not given:
        raise ClassicError("Parameter 'fields' must be array.")
    return parse_classic(call.act.store.catalogue(kind), given, call.act.offset)


def _drop_foreign_stage(kind: Kind, call: Call, values: Row, category_id: int) -> None:
    stage = kind.stage_field
    if stage and stage in values and not cards.stage_exists(call.act, kind, category_id, values[stage] or ""):
        del values[stage]


def _column(kind: Kind, call: Call, name: str) -> Column | None:
    """Unknown names are left out of the filter without a word."""
    if is_multifield(kind, name.upper()):
        return multifield_column(kind, name.upper())
    field = call.act.store.catalogue(kind).by_code(name)
    return column(kind, field) if field else None


def _is_selected(name: str, select: list[str]) -> bool:
    """`*` is neither user fields nor multifields; the id always comes."""
    if name in select or name == "ID":
        return True
    if name.startswith("UF_"):
        return "UF_*" in select
    return "*" in select and name not in TYPES


def _describe(field: Field) -> dict[str, Any]:
    described: dict[str, Any] = {
        "type": field.type,
        "isRequired": field.required,
        "isReadOnly": field.read_only,
        "isImmutable": False,
        "isMultiple": field.multiple,
        "isDynamic": field.is_user_field,
        "title": field.title,
    }
    if field.is_user_field:
        described |= {"title": field.code, "listLabel": field.title, "formLabel": field.title}
    if field.items:
        described["items"] = [{"ID": key, "VALUE": label} for key, label in field.items]
    return described


_HANDLERS: tuple[tuple[str, KindHandler], ...] = (
    ("add", add),
    ("update", update),
    ("get", get),
    ("delete", delete),
    ("list", list_cards_classic),
    ("fields", fields),
)

METHODS = tuple(
    Method(f"crm.{kind}.{verb}", "crm", partial(handler, kind))
    for kind in Kind
    for verb, handler in _HANDLERS
)
