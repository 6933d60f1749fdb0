"""crm.item.*: deals, contacts and leads in camelCase, typed."""

from __future__ import annotations

from typing import Any

from bitrix24_sandbox import cards, php
from bitrix24_sandbox.call import (
    Answer,
    Call,
    Method,
    paged,
)
from bitrix24_sandbox.communications import multifields
from bitrix24_sandbox.dialects import parse_item, render_item
from bitrix24_sandbox.errors import (
    ControllerError,
    access_denied,
    invalid,
    not_found,
)
from bitrix24_sandbox.filters import Column
from bitrix24_sandbox.listing import bound_contacts, column, list_cards
from bitrix24_sandbox.required import check_required
from bitrix24_sandbox.schema import (
    KIND_OF_TYPE,
    Field,
    Kind,
    field_name,
)
from bitrix24_sandbox.store import Row

_OLD_INVOICE = 5


def kind_of(call: Call) -> Kind:
    type_id = call.required_int("entityTypeId")
    if type_id == _OLD_INVOICE:
        raise ControllerError("ENTITY_TYPE_NOT_SUPPORTED", "Тип сущности не поддерживается")
    if type_id not in KIND_OF_TYPE:
        raise not_found()
    return KIND_OF_TYPE[type_id]


def card_of(call: Call, kind: Kind, card_id: int) -> Row:
    row = cards.find(call.act, kind, card_id)
    if row is None:
        raise not_found()
    if (kind, card_id) in call.act.hidden:
        raise access_denied()
    return row


def add(call: Call) -> Any:
    kind = kind_of(call)
    values = _values(call, kind)
    check_required(call.act, kind, {}, values)
    if kind is Kind.CONTACT and not (values.get("NAME") or values.get("LAST_NAME")):
        raise ControllerError("CRM_FIELD_ERROR_REQUIRED", "Необходимо заполнить имя или фамилию")
    return _item(call, kind, cards.add(call.act, kind, values))


def update(call: Call) -> Any:
    kind = kind_of(call)
    row = card_of(call, kind, call.required_int("id"))
    values = _values(call, kind)
    check_required(call.act, kind, row, values)
    cards.update(call.act, kind, row, values)
    return _item(call, kind, row["ID"])


def get(call: Call) -> Any:
    kind = kind_of(call)
    card_id = call.required_int("id")
    card_of(call, kind, card_id)
    return _item(call, kind, card_id)


def delete(call: Call) -> Any:
    kind = kind_of(call)
    row = card_of(call, kind, call.required_int("id"))
    cards.delete(call.act, kind, row["ID"])
    return []


def list_items(call: Call) -> Answer:
    kind = kind_of(call)
    page = list_cards(
        call, kind, call.get("filter"), _order(call, kind), lambda name: _column(call, kind, name)
    )
    select = [str(each) for each in php.values_of(call.get("select"))] or ["*"]
    everything = select == ["*"]
    items = []
    for row in page.rows:
        fm = page.fm.get(row["ID"], [])
        item = render_item(
            call.act.store.catalogue(kind),
            row,
            page.contacts[row["ID"]],
            fm,
            call.act.offset,
            original_uf=_original_uf(call),
        )
        if not everything:
            item = _selected(item, select, original_uf=_original_uf(call))
        items.append(item)
    return paged(call, {"items": items}, page.total, total_uncounted=None)


def fields(call: Call) -> Any:
    kind = kind_of(call)
    original_uf = _original_uf(call)
    described = {
        field_name(each, original_uf=original_uf): _describe(each)
        for each in call.act.store.catalogue(kind).fields
    }
    if kind.has_contacts:
        described["contactIds"] = _describe(
            Field("CONTACT_IDS", "contactIds", "crm_contact", "Контакты", multiple=True)
        )
    if kind.has_multifields:
        described["fm"] = _describe(Field("FM", "fm", "crm_multifield", "Мультиполя", multiple=True))
    return {"fields": described}


def _original_uf(call: Call) -> bool:
    return call.flag("useOriginalUfNames") and not call.act.options.older


def _values(call: Call, kind: Kind) -> Row:
    return parse_item(
        call.act.store.catalogue(kind),
        call.fields(),
        call.act.offset,
        original_uf=_original_uf(call),
    )


def _item(call: Call, kind: Kind, card_id: int) -> dict[str, Any]:
    row = cards.find(call.act, kind, card_id)
    if row is None:
        raise not_found()
    fm = multifields(call.act.store, kind, [card_id]).get(card_id, []) if kind.has_multifields else None
    item = render_item(
        call.act.store.catalogue(kind),
        row,
        bound_contacts(call.act, kind, [card_id])[card_id],
        fm,
        call.act.offset,
        original_uf=_original_uf(call),
    )
    return {"item": item}


def _column(call: Call, kind: Kind, name: str) -> Column:
    field = _field(call, kind, name)
    if not field:
        raise invalid(f"Invalid filter: field '{name}' is not allowed in filter")
    return column(kind, field)


def _order(call: Call, kind: Kind) -> Any:
    """Refuse what the list would not sort by."""
    order = call.get("order")
    for name, direction in php.pairs_of(order):
        if not _field(call, kind, name):
            raise invalid(f"Invalid order: field '{name}' is not allowed in order")
        if str(direction).upper() not in {"ASC", "DESC"}:
            allowed = "allowed sort directions are `ASC, DESC`"
            raise invalid(f"Invalid order: {allowed}. But got '{direction}' for field '{name}'")
    return order


def _field(call: Call, kind: Kind, name: str) -> Field | None:
    catalogue = call.act.store.catalogue(kind)
    return catalogue.by_name(name, original_uf=_original_uf(call))


def _selected(item: dict[str, Any], select: list[str], *, original_uf: bool) -> Any:
    """Exactly the named keys; `fm` cannot be named, unknown names are dropped.

    With `useOriginalUfNames` the portal loses every system field that was named (known to the vendor
    since April 2026); what is left of a card then may be nothing, which PHP writes as a list.
    """
    wanted = (set(item) if "*" in select else set(select)) - {"fm"}
    if original_uf and "*" not in select:
        wanted = {name for name in wanted if name.startswith("UF_")}
    return php.array({name: value for name, value in item.items() if name in wanted})


def _describe(field: Field) -> dict[str, Any]:
    described: dict[str, Any] = {
        "type": field.type,
        "isRequired": field.required,
        "isReadOnly": field.read_only,
        "isImmutable": False,
        "isMultiple": field.multiple,
        "isDynamic": field.is_user_field,
        "title": field.title,
        "upperName": field.code,
    }
    if field.items:
        described["items"] = [{"ID": key, "VALUE": label} for key, label in field.items]
    return described


METHODS = (
    Method("crm.item.add", "crm", add),
    Method("crm.item.update", "crm", update),
    Method("crm.item.get", "crm", get),
    Method("crm.item.delete", "crm", delete),
    Method("crm.item.list", "crm", list_items),
    Method("crm.item.fields", "crm", fields),
)
