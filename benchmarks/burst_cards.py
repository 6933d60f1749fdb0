"""The cards of a burst: each deal with a contact, a converted lead, product rows, comments and a call.

Each deal raises eight events. Every second one breaks one rule, and there are eight ways to break one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from bitrix24_sandbox.seed.names import MEN, PATRONYMICS, SURNAMES, WOMEN
from bitrix24_sandbox.testing import Bitrix24Portal
from gatekeeper.judge.examples import A_DETAILED_COMMENT
from gatekeeper.model.refs import EntityRef, Kind

TYPES = {Kind.LEAD: 1, Kind.DEAL: 2, Kind.CONTACT: 3}
MANAGERS = (2, 3, 4, 5, 6)
FIRST_BIRTHDAY = date(1960, 1, 1)
WAYS = ("moved_on", "product_group", "comment", "products", "lead", "phone", "birthdate", "email")
"""What is wrong with a broken card; "moved_on" lacks its product group in a stage that requires it."""


@dataclass(frozen=True, slots=True)
class MadeCard:
    """`told` is the card in which the gatekeeper must write a note; None if all three are correct."""

    deal: EntityRef
    contact: EntityRef
    lead: EntityRef
    way: str | None

    @property
    def told(self) -> EntityRef | None:
        if self.way is None:
            return None
        return self.contact if self.way in {"phone", "birthdate", "email"} else self.deal


def make_cards(portal: Bitrix24Portal, count: int, seed: int) -> list[MadeCard]:
    dice = Random(seed)
    return [make_card(portal, number, dice, way_of(number)) for number in range(1, count + 1)]


def way_of(number: int) -> str | None:
    return WAYS[number // 2 % len(WAYS)] if number % 2 else None


def make_card(portal: Bitrix24Portal, number: int, dice: Random, way: str | None) -> MadeCard:
    """Act as a manager who takes a call, converts the lead and fills in the deal."""
    user = dice.choice(MANAGERS)
    contact = _add(portal, user, Kind.CONTACT, _contact_fields(number, dice, way))
    lead = _add(portal, user, Kind.LEAD, {"title": f"Заявка {number}", "contactId": contact.id})
    portal.add_activity(str(lead), "call_out", answered=True, seconds=95, responsible_id=user)
    portal.add_comment(str(lead), A_DETAILED_COMMENT, author_id=user)
    deal = _add(portal, user, Kind.DEAL, _deal_fields(number, contact, lead, way))
    if way == "lead":
        portal.add_activity(str(deal), "call_out", answered=True, seconds=95, responsible_id=user)
        _update(portal, user, lead, {"stageId": "JUNK"})
    else:
        _update(portal, user, lead, {"stageId": "CONVERTED"})
    if way != "products":
        rows = [{"PRODUCT_NAME": "Курс", "PRICE": 90000, "QUANTITY": 1}]
        portal.call("crm.deal.productrows.set", user=user, id=deal.id, rows=rows)
    portal.add_comment(str(deal), "НД" if way == "comment" else A_DETAILED_COMMENT, author_id=user)
    return MadeCard(deal, contact, lead, way)


def _contact_fields(number: int, dice: Random, way: str | None) -> dict[str, Any]:
    sex = number % 2
    birthdate = FIRST_BIRTHDAY + timedelta(days=number * 7 % 15_000)
    phone_type = "WORK" if way == "phone" else "MOBILE"
    phone = {"typeId": "PHONE", "valueType": phone_type, "value": f"+7903{number * 7919 % 10**7:07}"}
    email = {"typeId": "EMAIL", "valueType": "HOME", "value": f"client{number}@mail.ru"}
    return {
        "name": dice.choice((MEN, WOMEN)[sex]),
        "lastName": dice.choice(SURNAMES)[sex],
        "secondName": dice.choice(PATRONYMICS)[sex],
        "birthdate": "1900-01-01" if way == "birthdate" else birthdate.isoformat(),
        "fm": [phone] if way == "email" else [phone, email],
    }


def _deal_fields(number: int, contact: EntityRef, lead: EntityRef, way: str | None) -> dict[str, Any]:
    fields: dict[str, Any] = {"title": f"Сделка {number}", "contactId": contact.id}
    if way != "lead":
        fields["leadId"] = lead.id
    if way not in {"product_group", "moved_on"}:
        fields["UF_CRM_PRODUCT_GROUP"] = 45
    if way == "moved_on":
        fields["stageId"] = "EXECUTING"
    return fields


def _add(portal: Bitrix24Portal, user: int, kind: Kind, fields: Mapping[str, Any]) -> EntityRef:
    params = {"entityTypeId": TYPES[kind], "fields": fields, "useOriginalUfNames": "Y"}
    return EntityRef(kind, portal.call("crm.item.add", user=user, **params)["item"]["id"])


def _update(portal: Bitrix24Portal, user: int, ref: EntityRef, fields: Mapping[str, Any]) -> None:
    portal.call("crm.item.update", user=user, entityTypeId=TYPES[ref.kind], id=ref.id, fields=fields)
