"""The stories as rows, written in bulk and past the domain: nobody is told of them."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from bitrix24_sandbox.cards import CREATED, FINAL, INTERMEDIATE
from bitrix24_sandbox.communications import fold
from bitrix24_sandbox.portal import Portal
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.seed.clients import (
    Client,
    Deal,
    Person,
    draw_client,
)
from bitrix24_sandbox.seed.rows import Rows
from bitrix24_sandbox.seed.talks import write_talk
from bitrix24_sandbox.times import day_of

_AT_ONCE = 5_000
_SEMANTICS = {"WON": "S", "CONVERTED": "S", "LOSE": "F", "APOLOGY": "F", "JUNK": "F"}
Card = tuple[Kind, int]
Walked = tuple[str, int]


def seed_portal(portal: Portal, clients: int) -> None:
    """Fill an empty portal with so many clients; the same number tells the same stories, up to now."""
    if not clients or portal.store.scalar("SELECT 1 FROM contact LIMIT 1"):
        return
    random, now = Random(clients), int(portal.options.clock())  # noqa: S311
    with portal.store.without_indexes():
        for start in range(0, clients, _AT_ONCE):
            rows = Rows(portal, now)
            for _ in range(min(_AT_ONCE, clients - start)):
                _write(rows, draw_client(random, now))
            rows.flush()


def _write(rows: Rows, client: Client) -> None:
    lead_id = _lead(rows, client)
    contacts = [_contact(rows, client, client.person, lead_id)]
    if client.relative:
        contacts.append(_contact(rows, client, client.relative, None))
    if client.twin:
        _contact(rows, client, client.twin, None)
    if client.deal:
        bound = contacts if client.deal.has_contact else []
        _deal(rows, client, client.deal, lead_id if client.deal.has_lead else None, bound)


def _card(rows: Rows, kind: Kind, client: Client, row: Mapping[str, Any]) -> int:
    life = {
        "ASSIGNED_BY_ID": client.manager,
        "CREATED_BY_ID": client.manager,
        "MODIFY_BY_ID": client.manager,
        "DATE_CREATE": client.created,
        "DATE_MODIFY": client.created,
        "LAST_ACTIVITY_BY": client.manager,
        "LAST_ACTIVITY_TIME": client.created,
    }
    return rows.add(kind.value, {**rows.initial[kind], **life, **row}, key="ID")


def _lead(rows: Rows, client: Client) -> int:
    semantics = _semantics(client.lead_stage)
    moved = min(client.created + 3600, rows.now)
    lead_id = _card(
        rows,
        Kind.LEAD,
        client,
        {
            "TITLE": f"Заявка: {client.person.name}",
            "NAME": client.person.name,
            "LAST_NAME": client.person.last_name,
            "STATUS_ID": client.lead_stage,
            "STATUS_SEMANTIC_ID": semantics,
            "SOURCE_ID": "WEB",
            "HAS_PHONE": "Y",
            "DATE_CLOSED": None if semantics == "P" else moved,
            "MOVED_BY_ID": client.manager,
            "MOVED_TIME": moved,
        },
    )
    _multifield(rows, (Kind.LEAD, lead_id), "PHONE", client.person.phone_type, client.person.phone)
    _history(rows, (Kind.LEAD, lead_id), CREATED, ("NEW", client.created))
    if client.lead_stage != "NEW":
        type_id = INTERMEDIATE if semantics == "P" else FINAL
        _history(rows, (Kind.LEAD, lead_id), type_id, (client.lead_stage, moved))
    return lead_id


def _contact(rows: Rows, client: Client, person: Person, lead_id: int | None) -> int:
    contact_id = _card(
        rows,
        Kind.CONTACT,
        client,
        {
            "NAME": person.name,
            "LAST_NAME": person.last_name,
            "SECOND_NAME": person.second_name,
            "BIRTHDATE": person.birthdate,
            "LEAD_ID": lead_id,
            "HAS_PHONE": "Y",
            "HAS_EMAIL": "Y" if person.email else "N",
        },
    )
    _multifield(rows, (Kind.CONTACT, contact_id), "PHONE", person.phone_type, person.phone)
    if person.email:
        _multifield(rows, (Kind.CONTACT, contact_id), "EMAIL", "HOME", person.email)
    return contact_id


def _deal(rows: Rows, client: Client, deal: Deal, lead_id: int | None, contacts: list[int]) -> None:
    stage, moved = deal.stages[-1]
    semantics = _semantics(stage)
    deal_id = _card(
        rows,
        Kind.DEAL,
        client,
        {
            "TITLE": f"{client.person.last_name} {client.person.name}",
            "CATEGORY_ID": deal.pipeline,
            "STAGE_ID": stage,
            "STAGE_SEMANTIC_ID": semantics,
            "CLOSED": "N" if semantics == "P" else "Y",
            "MOVED_BY_ID": client.manager,
            "MOVED_TIME": moved,
            "DATE_MODIFY": moved,
            "LEAD_ID": lead_id,
            "CONTACT_ID": contacts[0] if contacts else 0,
            "OPPORTUNITY": deal.price if deal.product else 0,
            "UF_CRM_PRODUCT_GROUP": deal.product_group,
            "BEGINDATE": day_of(client.created, rows.offset),
            "CLOSEDATE": day_of(moved, rows.offset),
        },
    )
    for place, contact in enumerate(contacts, start=1):
        rows.plain(
            "binding",
            {"kind": Kind.DEAL.value, "owner_id": deal_id, "contact_id": contact, "sort": 10 * place},
        )
    _walk(rows, deal, deal_id)
    _product(rows, deal, deal_id)
    _comments(rows, client.manager, deal, deal_id)
    for talk in deal.talks:
        write_talk(rows, client, deal_id, contacts, talk)


def _walk(rows: Rows, deal: Deal, deal_id: int) -> None:
    for place, walked in enumerate(deal.stages):
        is_final = _semantics(walked[0]) != "P"
        type_id = CREATED if place == 0 else FINAL if is_final else INTERMEDIATE
        _history(rows, (Kind.DEAL, deal_id), type_id, walked, deal.pipeline)


def _comments(rows: Rows, author_id: int, deal: Deal, deal_id: int) -> None:
    for text, at in deal.comments:
        rows.add(
            "timeline",
            {
                "type": "comment",
                "kind": Kind.DEAL.value,
                "owner_id": deal_id,
                "created": at,
                "author_id": author_id,
                "text": text,
                "files": "[]",
            },
        )


def _product(rows: Rows, deal: Deal, deal_id: int) -> None:
    if deal.product:
        rows.add(
            "product_row",
            {
                "kind": Kind.DEAL.value,
                "owner_id": deal_id,
                "product_id": 0,
                "product_name": deal.product,
                "price": deal.price,
                "price_exclusive": deal.price,
                "price_netto": deal.price,
                "price_brutto": deal.price,
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
            },
        )


def _multifield(rows: Rows, card: Card, type_id: str, value_type: str, value: str) -> None:
    row = {
        "kind": card[0].value,
        "owner_id": card[1],
        "type_id": type_id,
        "value_type": value_type,
        "value": value,
    }
    rows.add("multifield", {**row, "folded": fold(type_id, value)})


def _history(rows: Rows, card: Card, type_id: int, walked: Walked, pipeline: int = 0) -> None:
    stage, at = walked
    rows.add(
        "stage_history",
        {
            "kind": card[0].value,
            "owner_id": card[1],
            "type_id": type_id,
            "created": at,
            "category_id": pipeline,
            "semantic": _semantics(stage),
            "stage_id": stage,
        },
    )


def _semantics(stage: str) -> str:
    return _SEMANTICS.get(stage.rpartition(":")[2], "P")
