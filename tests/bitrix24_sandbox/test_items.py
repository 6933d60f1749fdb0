"""crm.item.*: the typed dialect, what an update does and what it leaves alone."""

from __future__ import annotations

import pytest

from tests.bitrix24_sandbox.conftest import Client, open_portal

DEAL, CONTACT, LEAD = 2, 3, 1


def test_a_new_deal_stands_at_the_start_of_its_pipeline_with_its_own_types(portal: Client) -> None:
    deal = portal.item(DEAL, portal.deal(title="Курс", opportunity="10000.50"))
    assert (deal["stageId"], deal["stageSemanticId"], deal["categoryId"]) == ("NEW", "P", 0)
    assert (deal["opportunity"], deal["companyId"], deal["leadId"]) == (10000.5, 0, None)
    assert (deal["opened"], deal["closed"], deal["contactIds"]) == ("Y", "N", [])
    assert (deal["createdBy"], deal["movedBy"], deal["assignedById"]) == (1, 1, 1)
    assert deal["begindate"].endswith("T03:00:00+03:00")
    assert "fm" not in deal
    assert portal.item(CONTACT, portal.contact(companyId=9))["companyIds"] == [9]


def test_a_deal_of_the_second_pipeline_has_prefixed_stages(portal: Client) -> None:
    deal = portal.item(DEAL, portal.deal(categoryId=1))
    assert (deal["stageId"], deal["categoryId"]) == ("C1:NEW", 1)
    assert portal.item(DEAL, portal.deal(categoryId=1, stageId="C1:WON"))["closed"] == "Y"


@pytest.mark.parametrize(
    "fields", [{"stageId": "C1:NEW"}, {"categoryId": 7}, {"categoryId": 1, "stageId": "NEW"}]
)
def test_a_stage_outside_its_pipeline_is_refused(portal: Client, fields: dict[str, object]) -> None:
    refusal = portal.refused("crm.item.add", {"entityTypeId": DEAL, "fields": fields})
    assert refusal == (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID")


def test_a_move_writes_mover_time_and_history(portal: Client) -> None:
    deal = portal.deal()
    moved = portal.call(
        "crm.item.update", {"entityTypeId": DEAL, "id": deal, "fields": {"stageId": "EXECUTING"}}, user=3
    )["item"]
    assert (moved["stageId"], moved["movedBy"], moved["updatedBy"], moved["createdBy"]) == (
        "EXECUTING",
        3,
        3,
        1,
    )
    portal.update(DEAL, deal, stageId="WON")
    history = portal.history(deal)
    assert [(entry["TYPE_ID"], entry["STAGE_ID"]) for entry in history] == [
        (1, "NEW"),
        (2, "EXECUTING"),
        (3, "WON"),
    ]
    assert portal.item(DEAL, deal)["closed"] == "Y"
    portal.update(DEAL, deal, stageId="NEW")
    assert portal.item(DEAL, deal)["closed"] == "N"


def test_a_pipeline_is_changed_by_its_id_only(portal: Client) -> None:
    deal = portal.deal()
    foreign = {"entityTypeId": DEAL, "id": deal, "fields": {"stageId": "C1:EXECUTING"}}
    assert portal.refused("crm.item.update", foreign) == (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID")
    there = portal.update(DEAL, deal, categoryId=1, stageId="C1:EXECUTING")
    assert (there["categoryId"], there["stageId"]) == (1, "C1:EXECUTING")
    back = portal.update(DEAL, deal, categoryId=0)
    assert (back["categoryId"], back["stageId"]) == (0, "NEW")
    assert [entry["TYPE_ID"] for entry in portal.history(deal)] == [1, 5, 5]


def test_an_update_that_changes_nothing_saves_nothing(portal: Client) -> None:
    deal = portal.deal(title="Курс", opportunity=5)
    portal.control("put", {"ref": f"deal:{deal}", "fields": {"updatedTime": "2026-01-01T00:00:00+03:00"}})
    portal.update(DEAL, deal, title="Курс", opportunity=5, stageId="NEW", companyId=0, comments="", unknown=1)
    assert portal.item(DEAL, deal)["updatedTime"] == "2026-01-01T00:00:00+03:00"
    portal.update(DEAL, deal, title="Курсы")
    assert portal.item(DEAL, deal)["updatedTime"] != "2026-01-01T00:00:00+03:00"


@pytest.mark.parametrize("falsy", [0, "0", "", [], None, False])
def test_whatever_php_holds_empty_becomes_null(portal: Client, falsy: object) -> None:
    deal = portal.deal(title="Курс", opportunity=5, sourceId="CALL", begindate="2026-08-01")
    cleared = portal.update(DEAL, deal, title=falsy, opportunity=falsy, sourceId=falsy, begindate=falsy)
    assert [cleared[name] for name in ("title", "opportunity", "sourceId", "begindate")] == [None] * 4


def test_bad_dates_read_only_and_unknown_fields_are_passed_over(portal: Client) -> None:
    deal = portal.deal(begindate="2026-08-01")
    same = portal.update(DEAL, deal, begindate="не дата", createdBy=5, movedTime="2026-01-01", nonsense=1)
    assert (same["begindate"], same["createdBy"]) == ("2026-08-01T03:00:00+03:00", 1)
    assert "nonsense" not in same


@pytest.mark.parametrize(
    ("offset_minutes", "shown"),
    [
        (180, "1990-05-17T03:00:00+03:00"),
        (120, "1990-05-17T02:00:00+02:00"),
        (-300, "1990-05-16T19:00:00-05:00"),
    ],
)
def test_a_day_is_midnight_utc_in_the_servers_offset(offset_minutes: int, shown: str) -> None:
    with open_portal(offset_minutes=offset_minutes) as portal:
        contact = portal.contact(birthdate="1990-05-17T23:30:00+03:00")
        assert portal.item(CONTACT, contact)["birthdate"] == shown
        assert portal.call("crm.contact.get", {"id": contact})["BIRTHDATE"] == shown
        by_day = {"entityTypeId": CONTACT, "filter": {"birthdate": "1990-05-17"}}
        assert portal.body("crm.item.list", by_day)["total"] == 1


def test_the_primary_contact_comes_first_and_a_single_one_replaces_all(portal: Client) -> None:
    first, second = portal.contact(), portal.contact()
    deal = portal.deal(contactIds=[second, first])
    assert portal.item(DEAL, deal)["contactIds"] == [second, first]
    assert portal.item(DEAL, deal)["contactId"] == second
    assert portal.update(DEAL, deal, contactId=first)["contactIds"] == [first]
    assert portal.update(DEAL, deal, contactIds=[])["contactId"] == 0


def test_multifields_are_added_edited_and_deleted_by_their_keys(portal: Client) -> None:
    phone = {"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903 123-45-67"}
    contact = portal.contact(fm=[phone, {"valueType": "WORK", "value": "no type, no field"}])
    item = portal.item(CONTACT, contact)
    assert [(each["typeId"], each["value"]) for each in item["fm"]] == [("PHONE", "+7 903 123-45-67")]
    assert (item["hasPhone"], item["hasEmail"], item["phoneMobile"]) == ("Y", "N", "+7 903 123-45-67")
    number = item["fm"][0]["id"]
    home = {"typeId": "EMAIL", "valueType": "HOME", "value": "i@example.ru"}
    both = portal.update(CONTACT, contact, fm={"n0": home, str(number): phone | {"value": "+7 1"}})
    assert [each["value"] for each in both["fm"]] == ["+7 1", "i@example.ru"]
    assert (both["email"], both["emailHome"], both["emailWork"]) == ("i@example.ru", "i@example.ru", "")
    gone = portal.update(CONTACT, contact, fm={str(number): phone | {"value": ""}})
    assert (gone["hasPhone"], [each["typeId"] for each in gone["fm"]]) == ("N", ["EMAIL"])


def test_user_fields_have_a_camel_name_unless_the_original_is_asked_for(portal: Client) -> None:
    params = {"entityTypeId": DEAL, "fields": {"UF_CRM_PRODUCT_GROUP": "45"}, "useOriginalUfNames": "Y"}
    original = portal.call("crm.item.add", params)["item"]
    assert original["UF_CRM_PRODUCT_GROUP"] == 45
    camel = portal.item(DEAL, original["id"])
    assert camel["ufCrmProductGroup"] == 45
    assert "UF_CRM_PRODUCT_GROUP" not in camel
    assert portal.update(DEAL, original["id"], ufCrmProductGroup=46)["ufCrmProductGroup"] is None


def test_new_user_fields_of_every_type_are_kept_and_shown(portal: Client) -> None:
    for name, kind, multiple in (("FLAG", "boolean", "N"), ("TAGS", "string", "Y"), ("DAY", "date", "N")):
        given = {"FIELD_NAME": name, "USER_TYPE_ID": kind, "MULTIPLE": multiple, "EDIT_FORM_LABEL": name}
        portal.call("crm.deal.userfield.add", {"fields": given})
    deal = portal.deal(ufCrmFlag="Y", ufCrmTags=["а", "б"], ufCrmDay="2026-08-01")
    item = portal.item(DEAL, deal)
    assert (item["ufCrmFlag"], item["ufCrmTags"]) == ("Y", ["а", "б"])
    classic = portal.call("crm.deal.get", {"id": deal})
    assert (classic["UF_CRM_FLAG"], classic["UF_CRM_TAGS"]) == ("1", ["а", "б"])
    flagged = {"entityTypeId": DEAL, "filter": {"ufCrmFlag": 1, "ufCrmTags": "б"}}
    assert portal.body("crm.item.list", flagged)["total"] == 1


def test_fields_are_described_with_the_choices_of_lists(portal: Client) -> None:
    params = {"entityTypeId": DEAL, "useOriginalUfNames": "Y"}
    fields = portal.call("crm.item.fields", params)["fields"]
    group = fields["UF_CRM_PRODUCT_GROUP"]
    assert (group["type"], group["title"], group["isDynamic"]) == ("enumeration", "Группа продуктов", True)
    assert group["items"] == [
        {"ID": "45", "VALUE": "ВО/СПО"},
        {"ID": "47", "VALUE": "ДПО"},
        {"ID": "49", "VALUE": "Курсы"},
    ]
    assert fields["createdTime"]["isReadOnly"] is True
    assert fields["stageId"]["upperName"] == "STAGE_ID"


@pytest.mark.parametrize(
    ("method", "params", "refusal"),
    [
        ("crm.item.get", {"entityTypeId": 2, "id": 99}, (400, "NOT_FOUND")),
        ("crm.item.get", {"entityTypeId": 777, "id": 1}, (400, "NOT_FOUND")),
        ("crm.item.get", {"entityTypeId": 5, "id": 1}, (400, "ENTITY_TYPE_NOT_SUPPORTED")),
        ("crm.item.get", {"id": 1}, (400, 100)),
        ("crm.item.get", {"ENTITYTYPEID": 2, "ID": 1}, (400, 100)),
        ("crm.item.update", {"entityTypeId": 2, "id": 99, "fields": {}}, (400, "NOT_FOUND")),
        ("crm.item.add", {"entityTypeId": 2}, (400, 100)),
        ("crm.item.add", {"entityTypeId": 2, "FIELDS": {"title": "x"}}, (400, 100)),
        (
            "crm.item.add",
            {"entityTypeId": 3, "fields": {"secondName": "x"}},
            (400, "CRM_FIELD_ERROR_REQUIRED"),
        ),
    ],
)
def test_wrong_calls_are_refused_with_the_controllers_codes(
    portal: Client, method: str, params: dict[str, object], refusal: tuple[int, object]
) -> None:
    assert portal.refused(method, params) == refusal


def test_required_fields_are_checked_when_the_administrator_says_so() -> None:
    with open_portal(required={"deal": ("OPPORTUNITY",)}) as portal:
        bare = {"entityTypeId": DEAL, "fields": {"title": "x"}}
        assert portal.refused("crm.item.add", bare) == (400, "CRM_FIELD_ERROR_REQUIRED")
        assert portal.refused("crm.deal.add", {"fields": {"TITLE": "x"}}) == (400, "")
        deal = portal.deal(opportunity=5)
        portal.control("put", {"ref": f"deal:{deal}", "fields": {"opportunity": 0}})
        move = {"entityTypeId": DEAL, "id": deal, "fields": {"stageId": "EXECUTING"}}
        assert portal.refused("crm.item.update", move) == (400, "CRM_FIELD_ERROR_REQUIRED")
        assert portal.update(DEAL, deal, title="y")["title"] == "y"


def test_a_robot_moves_the_card_on_and_robots_that_chase_each_other_stop() -> None:
    with open_portal(robots={"PREPARATION": "EXECUTING"}) as portal:
        deal = portal.deal()
        assert portal.update(DEAL, deal, stageId="PREPARATION")["stageId"] == "EXECUTING"
        assert [entry["STAGE_ID"] for entry in portal.history(deal)] == ["NEW", "PREPARATION", "EXECUTING"]
    with open_portal(robots={"NEW": "EXECUTING", "EXECUTING": "NEW"}) as portal:
        deal = portal.deal()
        portal.update(DEAL, deal, stageId="EXECUTING")
        assert len(portal.history(deal)) == 9


def test_an_older_portal_keeps_camel_user_fields_and_tells_no_operating_time() -> None:
    with open_portal(older=True) as portal:
        portal.deal()
        body = portal.body("crm.item.get", {"entityTypeId": DEAL, "id": 1, "useOriginalUfNames": "Y"})
        assert "ufCrmProductGroup" in body["result"]["item"]
        assert not {"operating", "operating_reset_at"} & set(body["time"])


def test_deleting_a_contact_unbinds_it_and_deleting_a_lead_leaves_a_dangling_id(portal: Client) -> None:
    first, second, lead = portal.contact(), portal.contact(), portal.lead(title="Лид")
    deal = portal.deal(contactIds=[first, second], leadId=lead)
    portal.call("crm.item.delete", {"entityTypeId": CONTACT, "id": first})
    portal.call("crm.item.delete", {"entityTypeId": LEAD, "id": lead})
    left = portal.item(DEAL, deal)
    assert (left["contactIds"], left["contactId"], left["leadId"]) == ([second], second, lead)
    assert portal.refused("crm.item.get", {"entityTypeId": LEAD, "id": lead}) == (400, "NOT_FOUND")


def test_a_lead_converts_in_name_only(portal: Client) -> None:
    lead = portal.lead(title="Лид")
    assert portal.item(LEAD, lead)["stageId"] == "NEW"
    done = portal.update(LEAD, lead, stageId="CONVERTED")
    assert (done["stageSemanticId"], bool(done["dateClosed"]), done["contactId"]) == ("S", True, 0)
    assert portal.body("crm.deal.list")["total"] == 0
    entries = portal.call("crm.stagehistory.list", {"entityTypeId": LEAD, "filter": {"OWNER_ID": lead}})[
        "items"
    ]
    assert [entry["STATUS_ID"] for entry in entries] == ["NEW", "CONVERTED"]
