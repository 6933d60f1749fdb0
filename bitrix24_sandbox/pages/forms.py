"""From a card's form to what the domain stores. Fields bear the names that they have in crm.item.*."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from bitrix24_sandbox import cards, php, products
from bitrix24_sandbox.dialects import parse_item
from bitrix24_sandbox.errors import ControllerError
from bitrix24_sandbox.pages.wording import KIND_NAMES
from bitrix24_sandbox.portal import Act
from bitrix24_sandbox.required import check_required
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row

Form = MultiDict[str, str]

_FIELDS: Mapping[Kind, tuple[str, ...]] = {
    Kind.DEAL: ("title", "assignedById"),
    Kind.CONTACT: ("lastName", "name", "secondName", "birthdate", "assignedById"),
    Kind.LEAD: ("title", "lastName", "name", "secondName", "assignedById"),
}
_NUMBER = re.compile(r"\s*#?(\d{1,9})\b")


def create(act: Act, kind: Kind, form: Form) -> int:
    values = _values(act, kind, form)
    if kind is Kind.CONTACT and not (values.get("NAME") or values.get("LAST_NAME")):
        raise ControllerError("CRM_FIELD_ERROR_REQUIRED", "Необходимо заполнить имя или фамилию")
    check_required(act, kind, {}, values)
    return cards.add(act, kind, values)


def save(act: Act, kind: Kind, row: Row, form: Form) -> None:
    values = _values(act, kind, form)
    if not values.get("TITLE", True):
        del values["TITLE"]
    if kind is not Kind.DEAL:
        cards.update(act, kind, row, values)
        return
    values |= _sum(row, form)
    values["LEAD_ID"] = _existing(act, Kind.LEAD, form.get("leadId", ""))
    values["CONTACT_IDS"] = _contacts(act, form)
    cards.update(act, kind, row, values)
    rows = _product_rows(form)
    counts_itself = values.get("IS_MANUAL_OPPORTUNITY") == "N"
    if counts_itself or rows != _stored_rows(act, row["ID"]):
        products.set_rows(act, kind, row["ID"], rows)


def _values(act: Act, kind: Kind, form: Form) -> Row:
    catalogue = act.store.catalogue(kind)
    names = [*_FIELDS[kind], *(field.name for field in catalogue.fields if field.is_user_field)]
    fields: dict[str, Any] = {name: form[name].strip() for name in names if name in form}
    if kind.has_multifields:
        fields["fm"] = _multifields(form)
    return parse_item(catalogue, fields, act.offset, original_uf=False)


def _multifields(form: Form) -> list[dict[str, Any]]:
    """Read the rows of phones and e-mails: a new one has no id, an emptied one goes."""
    rows = zip(*(form.getlist(name) for name in ("fmId", "fmType", "fmKind", "fmValue")), strict=False)
    return [
        {"id": int(number), "typeId": type_id, "valueType": kind, "value": value.strip()}
        if number.isdecimal()
        else {"typeId": type_id, "valueType": kind, "value": value.strip()}
        for number, type_id, kind, value in rows
    ]


def _sum(deal: Row, form: Form) -> Row:
    """Keep a sum that was typed; an emptied one follows the products again."""
    typed = re.sub(r"[\s₽]", "", form.get("opportunity", "")).replace(",", ".")
    if not typed:
        return {"OPPORTUNITY": 0, "IS_MANUAL_OPPORTUNITY": "N"}
    amount = php.to_float(typed)
    if amount == (deal["OPPORTUNITY"] or 0):
        return {}
    return {"OPPORTUNITY": amount, "IS_MANUAL_OPPORTUNITY": "Y"}


def _contacts(act: Act, form: Form) -> list[int]:
    typed = [*form.getlist("contactIds"), form.get("contactNew", "")]
    found = [_existing(act, Kind.CONTACT, each) for each in typed]
    return list(dict.fromkeys(each for each in found if each))


def _existing(act: Act, kind: Kind, typed: str) -> int | None:
    """Read «84 · Смирнова Анна» or «84»; the card must exist, as in the portal's own search."""
    if not typed.strip():
        return None
    number = _NUMBER.match(typed)
    if not number or not cards.find(act, kind, int(number[1])):
        what = f"{KIND_NAMES[kind]} «{typed.strip()}» не найден"
        raise ControllerError("NOT_FOUND", f"{what}: выберите из подсказки или укажите номер")
    return int(number[1])


def _product_rows(form: Form) -> list[dict[str, Any]]:
    rows = zip(*(form.getlist(name) for name in ("productName", "price", "quantity")), strict=False)
    return [
        {"product_name": name.strip(), "price": _number(price, 0), "quantity": _number(quantity, 1)}
        for name, price, quantity in rows
        if name.strip()
    ]


def _stored_rows(act: Act, deal_id: int) -> list[dict[str, Any]]:
    return [
        {name: row[name] for name in ("product_name", "price", "quantity")}
        for row in products.rows_of(act, Kind.DEAL, deal_id)
    ]


def _number(typed: str, empty: float) -> float:
    typed = re.sub(r"\s", "", typed).replace(",", ".")
    return php.to_float(typed) if typed else empty
