"""fast_bitrix24, the community's asynchronous client, on the sandbox."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeVar

import aiohttp
import pytest
from fast_bitrix24 import BitrixAsync
from fast_bitrix24.server_response import ErrorInServerResponseException

from tests.sdk.onlooker import AWKWARD, Onlooker

pytestmark = pytest.mark.slow

T = TypeVar("T")


def work_on(portal: Onlooker, work: Callable[[Any], Awaitable[T]]) -> T:
    async def connected() -> T:
        trust = ssl.create_default_context(cafile=str(portal.authority))
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=trust), raise_for_status=True
        ) as session:
            return await work(BitrixAsync(portal.webhook_url, verbose=False, client=session))

    return asyncio.run(connected())


def test_cards_and_a_comment_are_made_changed_and_read(portal: Onlooker) -> None:
    async def work(bitrix: Any) -> tuple[int, int, int, list[dict[str, Any]]]:
        contact = await bitrix.call(
            "crm.contact.add",
            {"fields": {"NAME": "Иван", "PHONE": [{"VALUE": "+7 903 123-45-67", "VALUE_TYPE": "MOBILE"}]}},
        )
        deal = await bitrix.call(
            "crm.deal.add", {"fields": {"TITLE": AWKWARD, "CONTACT_ID": contact, "OPPORTUNITY": 90000.5}}
        )
        comment = await bitrix.call(
            "crm.timeline.comment.add",
            {"fields": {"ENTITY_TYPE": "deal", "ENTITY_ID": deal, "COMMENT": "Перезвоню"}},
        )
        await bitrix.call("crm.contact.update", {"ID": contact, "fields": {"BIRTHDATE": "1990-05-17"}})
        await bitrix.call("crm.deal.update", {"ID": deal, "fields": {"STAGE_ID": "PREPARATION"}})
        await bitrix.call("crm.timeline.comment.update", {"id": comment, "fields": {"COMMENT": AWKWARD}})
        reads = [
            await bitrix.call(f"crm.{name}.get", {"ID": card_id}, raw=True)
            for name, card_id in (("contact", contact), ("deal", deal), ("timeline.comment", comment))
        ]
        return contact, deal, comment, [read["result"] for read in reads]

    contact_id, deal_id, comment_id, (contact, deal, comment) = work_on(portal, work)
    assert contact["PHONE"] == [
        {"ID": "1", "VALUE_TYPE": "MOBILE", "VALUE": "+7 903 123-45-67", "TYPE_ID": "PHONE"}
    ]
    assert contact["BIRTHDATE"] == "1990-05-17T03:00:00+03:00"
    assert (deal["TITLE"], deal["STAGE_ID"], deal["OPPORTUNITY"]) == (AWKWARD, "PREPARATION", "90000.50")
    assert (comment["ID"], comment["COMMENT"]) == (str(comment_id), AWKWARD)
    seen = portal.item(2, deal_id)
    assert (seen["title"], seen["stageId"], seen["contactIds"]) == (AWKWARD, "PREPARATION", [contact_id])
    assert portal.item(3, contact_id)["phoneMobile"] == "+7 903 123-45-67"
    assert portal.comments(deal_id) == [AWKWARD]


def test_lists_of_many_pages_come_whole(portal: Onlooker) -> None:
    async def work(bitrix: Any) -> tuple[list[Any], ...]:
        deals = await bitrix.call("crm.deal.add", [{"fields": {"TITLE": f"Сделка {n}"}} for n in range(120)])
        await bitrix.call("crm.contact.add", [{"fields": {"NAME": f"Имя {n}"}} for n in range(102)])
        await bitrix.call(
            "crm.timeline.comment.add",
            [
                {"fields": {"ENTITY_TYPE": "deal", "ENTITY_ID": deals[0], "COMMENT": f"Разговор {n}"}}
                for n in range(60)
            ],
        )
        return (
            await bitrix.get_all("crm.deal.list", {"select": ["ID", "TITLE"]}),
            await bitrix.get_all("crm.item.list", {"entityTypeId": 3, "select": ["id", "name"]}),
            await bitrix.get_all(
                "crm.timeline.comment.list", {"filter": {"ENTITY_TYPE": "deal", "ENTITY_ID": deals[0]}}
            ),
        )

    deals, contacts, comments = work_on(portal, work)
    assert sorted(deal["TITLE"] for deal in deals) == sorted(f"Сделка {n}" for n in range(120))
    assert sorted(contact["name"] for contact in contacts) == sorted(f"Имя {n}" for n in range(102))
    assert sorted(each["COMMENT"] for each in comments) == sorted(f"Разговор {n}" for n in range(60))
    assert {deal["ID"] for deal in deals} == {deal["ID"] for deal in portal.every("crm.deal.list")}


def test_a_batch_reads_by_reference_and_gives_each_id_its_own_card(portal: Onlooker) -> None:
    async def work(bitrix: Any) -> tuple[int, tuple[int, ...], Any, Any]:
        contact = await bitrix.call("crm.contact.add", {"fields": {"NAME": "Иван"}})
        deals = await bitrix.call(
            "crm.deal.add", [{"fields": {"TITLE": str(n), "CONTACT_ID": contact}} for n in range(60)]
        )
        commands = {
            "deal": f"crm.item.get?entityTypeId=2&id={deals[7]}",
            "contact": "crm.item.get?entityTypeId=3&id=$result[deal][item][contactId]",
        }
        return (
            contact,
            deals,
            await bitrix.call_batch({"halt": 0, "cmd": commands}),
            await bitrix.get_by_ID("crm.deal.get", deals),
        )

    contact, deals, batch, by_id = work_on(portal, work)
    assert batch["deal"]["item"]["id"] == deals[7]
    assert batch["contact"]["item"]["id"] == contact
    assert {int(deal_id): int(deal["ID"]) for deal_id, deal in by_id.items()} == dict(
        zip(deals, deals, strict=True)
    )


def test_a_card_that_is_not_there_is_an_error_of_its_own_command(portal: Onlooker) -> None:
    with pytest.raises(ErrorInServerResponseException, match="Not found"):
        work_on(portal, lambda bitrix: bitrix.call("crm.deal.get", {"ID": 1}))


def test_a_full_bucket_delays_its_comments_and_neither_loses_nor_doubles_them(
    strict_portal: Onlooker,
) -> None:
    deal = strict_portal.ask("crm.deal.add", fields={"TITLE": "Сделка"})
    mark = strict_portal.fill_the_bucket()

    async def work(bitrix: Any) -> None:
        for n in range(4):
            await bitrix.call(
                "crm.timeline.comment.add",
                {"fields": {"ENTITY_TYPE": "deal", "ENTITY_ID": deal, "COMMENT": f"Разговор {n}"}},
            )

    work_on(strict_portal, work)
    statuses = strict_portal.statuses(mark)
    assert HTTPStatus.SERVICE_UNAVAILABLE in statuses
    assert statuses.count(HTTPStatus.OK) == 4
    strict_portal.empty_the_bucket()
    assert strict_portal.comments(deal) == [f"Разговор {n}" for n in range(4)]


def test_a_list_comes_whole_though_the_portal_refused_its_pages_twice(portal: Onlooker) -> None:
    for n in range(60):
        portal.ask("crm.deal.add", fields={"TITLE": f"Сделка {n}"})
    portal.break_by(kind="503", method="batch", count=2)
    deals = work_on(portal, lambda bitrix: bitrix.get_all("crm.deal.list", {"select": ["ID", "TITLE"]}))
    assert portal.statuses()[-4:] == [200, 503, 503, 200]
    assert sorted(deal["TITLE"] for deal in deals) == sorted(f"Сделка {n}" for n in range(60))
