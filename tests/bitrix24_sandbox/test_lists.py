"""Lists: pages, filters, orders, select."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bitrix24_sandbox.conftest import Client


def fill(portal: Client, count: int) -> None:
    for start in range(0, count, 50):
        cmd = {
            f"c{n}": f"crm.item.add?entityTypeId=2&fields[title]=Deal {n}&fields[opportunity]={n}"
            for n in range(start, min(start + 50, count))
        }
        assert portal.batch(cmd)["result_error"] == []


def titles(portal: Client, filter_: Any, **more: Any) -> list[str]:
    params = {"entityTypeId": 2, "filter": filter_, "select": ["title"]} | more
    return [item["title"] for item in portal.call("crm.item.list", params)["items"]]


def test_pages_are_fifty_long_and_start_at_multiples_of_fifty(portal: Client) -> None:
    fill(portal, 120)
    first = portal.body("crm.item.list", {"entityTypeId": 2})
    assert (len(first["result"]["items"]), first["total"], first["next"]) == (50, 120, 50)
    odd = portal.body("crm.item.list", {"entityTypeId": 2, "start": 73})
    assert (odd["result"]["items"][0]["id"], odd["next"]) == (51, 100)
    last = portal.body("crm.item.list", {"entityTypeId": 2, "start": "100"})
    assert len(last["result"]["items"]) == 20
    assert "next" not in last


def test_counting_can_be_switched_off_in_either_dialect(portal: Client) -> None:
    fill(portal, 60)
    uncounted = portal.body("crm.item.list", {"entityTypeId": 2, "start": -1, "filter": {">id": 40}})
    assert len(uncounted["result"]["items"]) == 20
    assert not {"total", "next"} & set(uncounted)
    classic = portal.body("crm.deal.list", {"start": -1})
    assert (len(classic["result"]), classic["total"]) == (50, 0)
    assert "next" not in classic


def test_an_empty_list_says_so(portal: Client) -> None:
    empty = portal.body("crm.item.list", {"entityTypeId": 2})
    assert (empty["result"], empty["total"]) == ({"items": []}, 0)
    classic = portal.body("crm.deal.list")
    assert (classic["result"], classic["total"]) == ([], 0)


@pytest.mark.parametrize(
    ("filter_", "found"),
    [
        ({"opportunity": 2}, ["Б2"]),
        ({"=opportunity": "2"}, ["Б2"]),
        ({"!opportunity": 2}, ["а1", "В3"]),
        ({"!=opportunity": 2}, ["а1", "В3"]),
        ({">opportunity": 1}, ["Б2", "В3"]),
        ({">=opportunity": 1, "<opportunity": 3}, ["а1", "Б2"]),
        ({"<=opportunity": 1}, ["а1"]),
        ({"@opportunity": [1, 3]}, ["а1", "В3"]),
        ({"opportunity": [1, 3]}, ["а1", "В3"]),
        ({"!@opportunity": [1, 3]}, ["Б2"]),
        ({"@id": []}, []),
        ({"%title": "б"}, ["Б2"]),
        ({"=%title": "%2"}, ["Б2"]),
        ({"%=title": "В%"}, ["В3"]),
        ({"!%title": "Б"}, ["а1", "В3"]),
        ({"!=%title": "%3"}, ["а1", "Б2"]),
        ({"title": "В3"}, ["В3"]),
        ({"sourceId": ""}, ["Б2", "В3"]),
        ({"!sourceId": ""}, ["а1"]),
        ({"!=sourceId": None}, ["а1"]),
        ({"categoryId": 0}, ["а1", "Б2"]),
        ({"leadId": 0}, ["а1", "Б2", "В3"]),
        ({"ufCrmProductGroup": "45"}, ["Б2"]),
        ({"0": {"logic": "OR", "0": {"opportunity": 1}, "1": {"categoryId": 1}}}, ["а1", "В3"]),
        ({"0": {"logic": "OR", "opportunity": 1, "categoryId": 1}, "<opportunity": 3}, ["а1"]),
        ([{"logic": "OR", "0": {"title": "а1"}, "1": {"title": "Б2"}}], ["а1", "Б2"]),
        ({">createdTime": "2020-01-01"}, ["а1", "Б2", "В3"]),
        ({">createdTime": "2099-01-01T00:00:00+03:00"}, []),
        ({"<createdTime": "не время"}, []),
    ],
)
def test_filters_find_what_their_prefix_says(portal: Client, filter_: Any, found: list[str]) -> None:
    portal.deal(title="а1", opportunity=1, sourceId="CALL")
    portal.deal(title="Б2", opportunity=2, ufCrmProductGroup=45)
    portal.deal(title="В3", opportunity=3, categoryId=1)
    assert titles(portal, filter_) == found


def test_an_unknown_name_in_a_filter_or_order_is_refused(portal: Client) -> None:
    def refused(**params: Any) -> tuple[int, Any]:
        return portal.refused("crm.item.list", {"entityTypeId": 2} | params)

    assert refused(filter={"nonsense": 1}) == (400, "INVALID_ARG_VALUE")
    assert refused(filter={"0": {"logic": "OR", "nonsense": 1}}) == (400, "INVALID_ARG_VALUE")
    assert refused(order={"nonsense": "ASC"}) == (400, "INVALID_ARG_VALUE")
    assert refused(order={"id": "UPWARDS"}) == (400, "INVALID_ARG_VALUE")
    assert refused(filter={"ufCrmProductGroup": 1}, useOriginalUfNames="Y") == (400, "INVALID_ARG_VALUE")


def test_a_classic_list_passes_over_unknown_names(portal: Client) -> None:
    portal.deal()
    assert portal.body("crm.deal.list", {"filter": {"NONSENSE": 1}})["total"] == 1


def test_orders_are_kept(portal: Client) -> None:
    for title, sum_ in (("a", 2), ("b", 1), ("c", 2)):
        portal.deal(title=title, opportunity=sum_)
    assert titles(portal, {}, order={"opportunity": "desc", "id": "desc"}) == ["c", "a", "b"]
    rows = portal.call("crm.deal.list", {"order": {"OPPORTUNITY": "ASC"}, "select": ["TITLE"]})
    assert [row["TITLE"] for row in rows] == ["b", "a", "c"]


def test_select_gives_exactly_what_it_names_and_fm_only_with_everything(portal: Client) -> None:
    portal.contact(fm=[{"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903"}])

    def keys(select: Any) -> set[str]:
        params = {"entityTypeId": 3} | ({"select": select} if select is not None else {})
        return set(portal.call("crm.item.list", params)["items"][0])

    assert {"id", "fm", "name"} <= keys(None)
    assert "fm" in keys(["*"])
    assert keys(["name", "fm", "nonsense"]) == {"name"}
    assert keys(["id", "phone", "phoneMobile"]) == {"id", "phone", "phoneMobile"}


def test_a_classic_select_star_is_neither_user_fields_nor_phones(portal: Client) -> None:
    portal.deal(ufCrmProductGroup=45)
    portal.contact(fm=[{"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903"}])

    def keys(method: str, *select: str) -> set[str]:
        return set(portal.call(method, {"select": list(select)} if select else {})[0])

    assert "UF_CRM_PRODUCT_GROUP" not in keys("crm.deal.list")
    assert "UF_CRM_PRODUCT_GROUP" in keys("crm.deal.list", "*", "UF_*")
    assert keys("crm.deal.list", "TITLE", "UF_CRM_PRODUCT_GROUP") == {"ID", "TITLE", "UF_CRM_PRODUCT_GROUP"}
    assert "PHONE" not in keys("crm.contact.list", "*")
    assert "PHONE" in keys("crm.contact.list", "ID", "PHONE")


def test_a_classic_list_finds_a_phone_only_as_it_was_typed(portal: Client) -> None:
    portal.contact(fm=[{"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 (903) 123-45-67"}])

    def count(phone: str) -> Any:
        return portal.body("crm.contact.list", {"filter": {"PHONE": phone}})["total"]

    assert count("+7 (903) 123-45-67") == 1
    assert count("+79031234567") == 0
