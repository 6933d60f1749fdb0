"""crm.deal.contact.*: the binding table, written without saving the deal and without an event."""

from __future__ import annotations

from functools import partial
from typing import Any

from bitrix24_sandbox import cards, php
from bitrix24_sandbox.call import Call, Method
from bitrix24_sandbox.errors import ClassicError
from bitrix24_sandbox.methods.classic import card_of
from bitrix24_sandbox.schema import Kind


def items_get(kind: Kind, call: Call) -> list[dict[str, Any]]:
    contacts = cards.contact_ids(call.act, kind, card_of(kind, call)["ID"])
    return [
        {"CONTACT_ID": contact, "SORT": 10 * place, "ROLE_ID": 0, "IS_PRIMARY": "Y" if place == 1 else "N"}
        for place, contact in enumerate(contacts, start=1)
    ]


def items_set(kind: Kind, call: Call) -> bool:
    card = card_of(kind, call)
    given = [php.as_dict(each) for each in php.values_of(call.classic("items"))]
    given.sort(key=lambda each: (each.get("IS_PRIMARY") != "Y", php.to_int(each.get("SORT"))))
    cards.bind_contacts(call.act, kind, card["ID"], [_contact(call, each) for each in given])
    return True


def items_delete(kind: Kind, call: Call) -> bool:
    cards.bind_contacts(call.act, kind, card_of(kind, call)["ID"], [])
    return True


def add(kind: Kind, call: Call) -> bool:
    card = card_of(kind, call)
    fields = php.as_dict(call.classic("fields"))
    contact, bound = _contact(call, fields), cards.contact_ids(call.act, kind, card["ID"])
    primary = fields.get("IS_PRIMARY") == "Y"
    if contact in bound and not primary:
        return False
    rest = [each for each in bound if each != contact]
    cards.bind_contacts(call.act, kind, card["ID"], [contact, *rest] if primary else [*rest, contact])
    return True


def delete(kind: Kind, call: Call) -> bool:
    card = card_of(kind, call)
    contact, bound = (
        _contact(call, php.as_dict(call.classic("fields"))),
        cards.contact_ids(call.act, kind, card["ID"]),
    )
    cards.bind_contacts(call.act, kind, card["ID"], [each for each in bound if each != contact])
    return contact in bound


def _contact(call: Call, fields: dict[str, Any]) -> int:
    contact = php.to_int(fields.get("CONTACT_ID"))
    if not cards.find(call.act, Kind.CONTACT, contact):
        raise ClassicError("Contact is not found")
    return contact


_VERBS = (
    ("items.get", items_get),
    ("items.set", items_set),
    ("items.delete", items_delete),
    ("add", add),
    ("delete", delete),
)
METHODS = tuple(
    Method(f"crm.{kind}.contact.{verb}", "crm", partial(handler, kind))
    for kind in (Kind.DEAL, Kind.LEAD)
    for verb, handler in _VERBS
)
