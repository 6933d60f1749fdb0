"""A seeded portal: believable, reproducible by its number, silent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.bitrix24_sandbox.conftest import Client, open_portal


def everything(portal: Client, type_id: int) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    while True:
        last = items[-1]["id"] if items else 0
        params = {"entityTypeId": type_id, "filter": {">id": last}, "order": {"id": "ASC"}, "start": -1}
        page = portal.call("crm.item.list", params)["items"]
        items += page
        if len(page) < 50:
            return items


def test_the_same_number_tells_the_same_stories() -> None:
    def names(seed: int) -> list[tuple[Any, ...]]:
        with open_portal(seed=seed) as portal:
            contacts = everything(portal, 3)
            return [(each["lastName"], each["name"], each["phone"], each["birthdate"]) for each in contacts]

    assert names(60) == names(60)
    assert names(60) != names(61)[:60]


def test_deals_walked_their_own_pipeline_and_point_at_cards_that_exist() -> None:
    with open_portal(seed=120) as portal:
        contacts = {each["id"]: each for each in everything(portal, 3)}
        leads = {each["id"]: each for each in everything(portal, 1)}
        deals = everything(portal, 2)
        assert len(leads) == 120
        assert 60 < len(deals) < 120
        assert {deal["categoryId"] for deal in deals} == {0, 1}
        for deal in deals:
            assert deal["stageId"].startswith("C1:") == (deal["categoryId"] == 1)
            assert set(deal["contactIds"]) <= set(contacts)
            assert deal["leadId"] is None or leads[deal["leadId"]]["stageId"] == "CONVERTED"
            assert deal["createdTime"] <= deal["movedTime"]
        walked = portal.history(deals[-1]["id"])
        assert (walked[0]["TYPE_ID"], walked[-1]["STAGE_ID"]) == (1, deals[-1]["stageId"])


def test_managers_break_the_rules_each_in_his_way() -> None:
    with open_portal(seed=400) as portal:
        contacts, deals = everything(portal, 3), everything(portal, 2)

    def share(cards: list[dict[str, Any]], manager: int, field: str) -> float:
        own = [card for card in cards if card["assignedById"] == manager]
        return sum(1 for card in own if not card[field]) / len(own)

    assert share(contacts, 3, "birthdate") > 3 * share(contacts, 2, "birthdate") + 0.05
    assert share(deals, 5, "opportunity") > 3 * share(deals, 2, "opportunity") + 0.05
    assert share(deals, 5, "leadId") > share(deals, 2, "leadId") + 0.05


def test_calls_have_statistics_and_chats_have_messages() -> None:
    with open_portal(seed=120) as portal:
        calls = portal.call("crm.activity.list", {"filter": {"TYPE_ID": 2}})
        rows = portal.call("voximplant.statistic.get", {"FILTER": {"CRM_ACTIVITY_ID": calls[0]["ID"]}})
        assert "VI_" + rows[0]["CALL_ID"] == calls[0]["ORIGIN_ID"]
        chats = portal.call("crm.activity.list", {"filter": {"PROVIDER_ID": "IMOPENLINES_SESSION"}})
        session = {"SESSION_ID": chats[0]["ASSOCIATED_ENTITY_ID"]}
        history = portal.call("imopenlines.session.history.get", session)
        assert history["message"]
        deal = everything(portal, 2)[0]["id"]
        assert isinstance(portal.call("crm.timeline.comment.list", owner(deal)), list)


def owner(deal: int) -> dict[str, Any]:
    return {"filter": {"ENTITY_TYPE": "deal", "ENTITY_ID": deal}}


def test_nobody_is_told_and_the_next_ids_follow() -> None:
    with open_portal(seed=30) as portal:
        assert portal.log()["events"]["raised"] == 0
        deals = everything(portal, 2)
        assert portal.deal() == len(deals) + 1
        found = portal.call(
            "crm.duplicate.findbycomm", {"type": "PHONE", "values": [everything(portal, 3)[0]["phone"]]}
        )
        assert 1 in found["CONTACT"]


def test_a_portal_that_has_contacts_is_not_seeded_again(tmp_path: Path) -> None:
    database = str(tmp_path / "portal.db")
    with open_portal(seed=10, database=database) as portal:
        first = len(everything(portal, 3))
    with open_portal(seed=10, database=database) as portal:
        assert len(everything(portal, 3)) == first
