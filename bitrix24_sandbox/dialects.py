"""The two ways in which one stored card is written and read: typed camelCase, and UPPER_CASE strings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timezone
from typing import Any

from bitrix24_sandbox import php
from bitrix24_sandbox.communications import TYPES, MultifieldChange
from bitrix24_sandbox.schema import (
    Catalogue,
    Field,
    Kind,
    field_name,
)
from bitrix24_sandbox.store import Row
from bitrix24_sandbox.times import (
    parse_day,
    parse_time,
    render_day,
    render_time,
)

SKIP = object()
_REFERENCES = {"integer", "user", "crm_lead", "crm_company", "crm_contact"}
_FLAT_TYPES = ("phone", "email")
_FLAT_VALUES = {
    "phone": ("MOBILE", "WORK", "HOME", "MAILING", "OTHER"),
    "email": ("WORK", "HOME", "MAILING", "OTHER"),
}


# Reading what a client wrote


def parse_item(
    catalogue: Catalogue, fields: Mapping[str, Any], offset: timezone, *, original_uf: bool
) -> Row:
    """Store controller fields; unknown and read-only names and bad dates are dropped silently."""
    values: Row = {}
    for name, given in fields.items():
        field = catalogue.by_name(name, original_uf=original_uf) or catalogue.by_name(name, original_uf=False)
        if name == "contactIds" and catalogue.kind.has_contacts:
            values["CONTACT_IDS"] = [php.to_int(each) for each in php.values_of(given)]
        elif name == "fm" and catalogue.kind.has_multifields:
            values["FM"] = list(_parse_fm(given))
        elif field and not field.read_only:
            value = store_value(field, given, offset)
            if value is not SKIP:
                values[field.code] = value
    return values


def parse_classic(catalogue: Catalogue, fields: Mapping[str, Any], offset: timezone) -> Row:
    """Store classic fields; multifields stand under their own type."""
    values: Row = {}
    for raw_name, given in fields.items():
        name = raw_name.upper()
        field = catalogue.by_code(name)
        if name == "CONTACT_IDS" and catalogue.kind.has_contacts:
            values["CONTACT_IDS"] = [php.to_int(each) for each in php.values_of(given)]
        elif name in TYPES and catalogue.kind.has_multifields:
            values.setdefault("FM", []).extend(_parse_multifield(name, given))
        elif field and not field.read_only:
            value = store_value(field, given, offset)
            if value is not SKIP:
                values[field.code] = value
    return values


def store_value(field: Field, given: Any, offset: timezone) -> Any:
    """One value as stored; null for whatever PHP holds empty, SKIP for what no value can be made of."""
    if field.multiple:
        values = [
            store_single(field, each, offset) for each in php.values_of(given) if not php.is_falsy(each)
        ]
        return json.dumps([each for each in values if each not in (SKIP, None)])
    if isinstance(given, Mapping | list):
        given = next(iter(php.values_of(given)), None)
    return store_single(field, given, offset)


def store_single(field: Field, given: Any, offset: timezone) -> Any:
    if field.type == "crm_category":
        return php.to_int(given)
    if field.type == "boolean":
        return None if given in (None, "") else int(given in (True, 1, "1", "Y"))
    if php.is_falsy(given):
        return None
    return _STORED.get(field.type, _store_text)(field, given, offset)


def _store_text(_field: Field, given: Any, _offset: timezone) -> Any:
    return str(given)


def _store_number(_field: Field, given: Any, _offset: timezone) -> Any:
    return php.to_int(given) or None


def _store_double(_field: Field, given: Any, _offset: timezone) -> Any:
    return php.number(php.to_float(given)) or None


def _store_char(_field: Field, given: Any, _offset: timezone) -> Any:
    return "Y" if given in (True, 1, "1", "Y", "y") else "N"


def _store_day(_field: Field, given: Any, _offset: timezone) -> Any:
    return parse_day(str(given)) or SKIP


def _store_time(_field: Field, given: Any, offset: timezone) -> Any:
    seconds = parse_time(str(given), offset)
    return SKIP if seconds is None else seconds


def _store_choice(field: Field, given: Any, _offset: timezone) -> Any:
    """Leave the field empty for an id that the list does not have."""
    return php.to_int(given) if str(given) in dict(field.items) else None


_STORED: Mapping[str, Callable[[Field, Any, timezone], Any]] = {
    **dict.fromkeys(_REFERENCES, _store_number),
    "double": _store_double,
    "char": _store_char,
    "date": _store_day,
    "datetime": _store_time,
    "enumeration": _store_choice,
}


def _parse_fm(given: Any) -> Iterable[MultifieldChange]:
    for key, each in php.pairs_of(given):
        element = php.as_dict(each)
        # Without a type the portal skips the element and says nothing.
        if element.get("typeId") in TYPES:
            by_key = isinstance(given, Mapping) and key.isdecimal()
            yield MultifieldChange(
                element["typeId"],
                str(element.get("valueType") or ""),
                str(element.get("value") or ""),
                int(key) if by_key else element.get("id"),
            )


def _parse_multifield(type_id: str, given: Any) -> Iterable[MultifieldChange]:
    for each in php.values_of(given):
        element = {key.upper(): value for key, value in php.as_dict(each).items()}
        if element:
            delete = element.get("DELETE") in ("Y", True, 1, "1")
            yield MultifieldChange(
                type_id,
                str(element.get("VALUE_TYPE") or ""),
                "" if delete else str(element.get("VALUE") or ""),
                php.to_int(element.get("ID")) or None,
            )


# Writing what a client reads


def render_item(
    catalogue: Catalogue,
    row: Row,
    contacts: Sequence[int],
    fm: Sequence[Row] | None,
    offset: timezone,
    *,
    original_uf: bool,
) -> dict[str, Any]:
    """Give a card as the controllers do; without `fm` where None is given for it."""
    kind = catalogue.kind
    item: dict[str, Any] = {}
    for field in catalogue.fields:
        item[field_name(field, original_uf=original_uf)] = _typed(field, row[field.code], offset)
        if field.code == "ID":
            item["entityTypeId"] = kind.type_id
        elif field.code == "CONTACT_ID":
            item["contactIds"] = list(contacts)
    if kind is Kind.CONTACT:
        item["companyIds"] = [row["COMPANY_ID"]] if row["COMPANY_ID"] else []
    if kind.has_multifields:
        item |= _flat(fm or [])
        if fm is not None:
            item["fm"] = [
                {
                    "id": each["id"],
                    "typeId": each["type_id"],
                    "valueType": each["value_type"],
                    "value": each["value"],
                }
                for each in fm
            ]
    return item


def render_classic(catalogue: Catalogue, row: Row, fm: Sequence[Row], offset: timezone) -> dict[str, Any]:
    """Give a card as the classic methods do: strings, and no key for a kind of multifield that it lacks."""
    card = {
        field.code: _stringly(field, row[field.code], offset)
        for field in catalogue.fields
        if field.code != "OBSERVERS"
    }
    for each in fm:
        card.setdefault(each["type_id"], []).append(
            {
                "ID": str(each["id"]),
                "VALUE_TYPE": each["value_type"],
                "VALUE": each["value"],
                "TYPE_ID": each["type_id"],
            }
        )
    return card


def _typed(field: Field, value: Any, offset: timezone) -> Any:
    if field.multiple:
        return [_typed_single(field, each, offset) for each in json.loads(value or "[]")]
    return _typed_single(field, value, offset)


def _typed_single(field: Field, value: Any, offset: timezone) -> Any:
    if value is None:
        return None
    if field.type == "datetime":
        return render_time(value, offset)
    if field.type == "date":
        return render_day(value, offset)
    if field.type == "boolean":
        return "Y" if value else "N"
    return php.number(value) if field.type == "double" else value


def _stringly(field: Field, value: Any, offset: timezone) -> Any:
    if field.multiple:
        return [_stringly_single(field, each, offset) for each in json.loads(value or "[]")]
    return _stringly_single(field, value, offset)


def _stringly_single(field: Field, value: Any, offset: timezone) -> Any:
    if value is None:
        return "" if field.type in {"date", "datetime"} else None
    if field.type == "double":
        return f"{value:.2f}"
    if field.type == "boolean":
        return str(value)
    return str(_typed_single(field, value, offset))


def _flat(fm: Sequence[Row]) -> dict[str, str]:
    """`phone`, `phoneMobile`, `email`, …: the first value of each."""
    flat: dict[str, str] = {}
    for name in _FLAT_TYPES:
        own = [each for each in fm if each["type_id"] == name.upper()]
        flat[name] = own[0]["value"] if own else ""
        for value_type in _FLAT_VALUES[name]:
            first = next((each["value"] for each in own if each["value_type"] == value_type), "")
            flat[name + value_type.capitalize()] = first
    return flat


def kind_has(kind: Kind, type_id: str) -> bool:
    return kind.has_multifields and type_id in TYPES
