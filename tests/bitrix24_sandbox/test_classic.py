"""crm.deal.*, crm.contact.*, crm.lead.*: the other dialect of the same cards."""

from __future__ import annotations

import pytest

from tests.bitrix24_sandbox.conftest import Client


def test_both_dialects_show_one_card(portal: Client) -> None:
    contact = portal.contact()
    fields = {"TITLE": "Сделка", "OPPORTUNITY": 10000.5, "CONTACT_ID": contact, "UF_CRM_PRODUCT_GROUP": 47}
    number = portal.call("crm.deal.add", {"fields": fields})
    classic = portal.call("crm.deal.get", {"id": number})
    assert classic["ID"] == str(number)
    assert (classic["OPPORTUNITY"], classic["CATEGORY_ID"], classic["COMPANY_ID"]) == ("10000.50", "0", "0")
    assert (classic["CONTACT_ID"], classic["UF_CRM_PRODUCT_GROUP"]) == (str(contact), "47")
    assert (classic["LEAD_ID"], classic["COMMENTS"]) == (None, None)
    item = portal.item(2, number)
    assert (item["opportunity"], item["contactIds"], item["ufCrmProductGroup"]) == (10000.5, [contact], 47)
    assert (classic["DATE_CREATE"], classic["MOVED_BY_ID"]) == (item["createdTime"], str(item["movedBy"]))


def test_phones_stand_under_their_kind_and_a_missing_kind_has_no_key(portal: Client) -> None:
    phones = [{"VALUE": "+7 903", "VALUE_TYPE": "MOBILE"}]
    number = portal.call(
        "crm.contact.add", {"FIELDS": {"NAME": "Иван", "BIRTHDATE": "17.05.1990", "PHONE": phones}}
    )
    card = portal.call("crm.contact.get", {"ID": number})
    assert card["PHONE"] == [{"ID": "1", "VALUE_TYPE": "MOBILE", "VALUE": "+7 903", "TYPE_ID": "PHONE"}]
    assert "EMAIL" not in card
    assert (card["HAS_PHONE"], card["BIRTHDATE"]) == ("Y", "1990-05-17T03:00:00+03:00")
    portal.call(
        "crm.contact.update", {"id": number, "fields": {"PHONE": [{"ID": 1, "VALUE": ""}], "BIRTHDATE": ""}}
    )
    cleared = portal.call("crm.contact.get", {"id": number})
    assert (cleared["HAS_PHONE"], cleared["BIRTHDATE"]) == ("N", "")


def test_a_foreign_stage_is_ignored_with_true(portal: Client) -> None:
    deal = portal.deal()
    for fields in ({"STAGE_ID": "C1:WON"}, {"CATEGORY_ID": 1}, {"STAGE_ID": "NONSENSE"}):
        assert portal.call("crm.deal.update", {"id": deal, "fields": fields}) is True
    assert (portal.item(2, deal)["stageId"], portal.item(2, deal)["categoryId"]) == ("NEW", 0)
    assert portal.call("crm.deal.update", {"id": deal, "fields": {"STAGE_ID": "EXECUTING"}}) is True
    assert portal.item(2, deal)["stageId"] == "EXECUTING"


def test_a_classic_update_saves_even_what_is_the_same(portal: Client) -> None:
    deal = portal.deal(title="x")
    portal.control("put", {"ref": f"deal:{deal}", "fields": {"updatedTime": "2026-01-01T00:00:00+03:00"}})
    portal.call("crm.deal.update", {"id": deal, "fields": {"TITLE": "x"}})
    assert portal.item(2, deal)["updatedTime"] != "2026-01-01T00:00:00+03:00"


@pytest.mark.parametrize(
    ("method", "params", "text"),
    [
        ("crm.deal.get", {"id": 99}, "Not found"),
        ("crm.contact.get", {"id": "x"}, "ID is not defined or invalid."),
        ("crm.lead.update", {"id": 99, "fields": {"TITLE": "x"}}, "Not found"),
        ("crm.activity.get", {"id": 99}, "Activity is not found"),
    ],
)
def test_a_classic_refusal_has_an_empty_code(
    portal: Client, method: str, params: dict[str, object], text: str
) -> None:
    answer = portal.post(method, params)
    assert answer.status_code == 400
    assert answer.json() == {"error": "", "error_description": text}


def test_deleting_answers_true_and_the_card_is_gone(portal: Client) -> None:
    lead = portal.call("crm.lead.add", {"fields": {"TITLE": "Лид", "NAME": "Иван"}})
    assert portal.call("crm.lead.get", {"id": lead})["STATUS_ID"] == "NEW"
    assert portal.call("crm.lead.delete", {"id": lead}) is True
    assert portal.refused("crm.lead.get", {"id": lead}) == (400, "")


def test_contacts_are_bound_without_saving_the_deal(portal: Client) -> None:
    first, second, deal = portal.contact(), portal.contact(), portal.deal()
    portal.control("put", {"ref": f"deal:{deal}", "fields": {"updatedTime": "2026-01-01T00:00:00+03:00"}})
    assert portal.call("crm.deal.contact.add", {"id": deal, "fields": {"CONTACT_ID": first}}) is True
    portal.call("crm.deal.contact.add", {"id": deal, "fields": {"CONTACT_ID": second, "IS_PRIMARY": "Y"}})
    assert portal.call("crm.deal.contact.items.get", {"id": deal}) == [
        {"CONTACT_ID": second, "SORT": 10, "ROLE_ID": 0, "IS_PRIMARY": "Y"},
        {"CONTACT_ID": first, "SORT": 20, "ROLE_ID": 0, "IS_PRIMARY": "N"},
    ]
    portal.call("crm.deal.contact.delete", {"id": deal, "fields": {"CONTACT_ID": second}})
    item = portal.item(2, deal)
    assert (item["contactIds"], item["updatedTime"]) == ([first], "2026-01-01T00:00:00+03:00")


def test_product_rows_make_the_sum_unless_it_is_kept_by_hand(portal: Client) -> None:
    deal = portal.deal()
    rows = [{"PRODUCT_NAME": "Курс", "PRICE": 100.5, "QUANTITY": 2}, {"PRODUCT_NAME": "Книга", "PRICE": 10}]
    portal.call("crm.deal.productrows.set", {"id": deal, "rows": rows})
    assert portal.item(2, deal)["opportunity"] == 211
    classic = portal.call("crm.deal.productrows.get", {"id": deal})
    assert (classic[0]["ID"], classic[0]["PRICE"], classic[0]["PRICE_ACCOUNT"]) == ("1", 100.5, "100.50")
    portal.update(2, deal, isManualOpportunity="Y", opportunity=5)
    new = {"ownerType": "D", "ownerId": deal, "productName": "Ещё", "price": 1}
    portal.call("crm.item.productrow.add", {"fields": new})
    assert portal.item(2, deal)["opportunity"] == 5
    wanted = {"filter": {"=ownerType": "D", "=ownerId": deal}}
    listed = portal.body("crm.item.productrow.list", wanted)
    assert [row["productName"] for row in listed["result"]["productRows"]] == ["Курс", "Книга", "Ещё"]
    assert listed["total"] == 3


def test_product_rows_want_their_owner_in_the_filter(portal: Client) -> None:
    deal = portal.deal()
    refusal = portal.refused("crm.item.productrow.list", {"filter": {"ownerType": "D", "ownerId": deal}})
    assert refusal == (400, "REQUIRED_ARG_MISSING")
    nobody = {"filter": {"=ownerType": "D", "=ownerId": 99}}
    assert portal.refused("crm.item.productrow.list", nobody) == (400, "OWNER_NOT_FOUND")
