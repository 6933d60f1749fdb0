"""Users, pipelines, stages, user fields, duplicates, notifications, what a webhook may not do."""

from __future__ import annotations

import pytest

from tests.bitrix24_sandbox.conftest import Client, open_portal

STAGES = ["NEW", "PREPARATION", "PREPAYMENT_INVOICE", "EXECUTING", "FINAL_INVOICE", "WON", "LOSE", "APOLOGY"]


def test_the_portal_has_two_pipelines_with_the_same_stages(portal: Client) -> None:
    categories = portal.call("crm.category.list", {"entityTypeId": 2})["categories"]
    assert [(each["id"], each["name"], each["isDefault"]) for each in categories] == [
        (0, "Общая", "Y"),
        (1, "Колледж", "N"),
    ]
    assert "originId" not in categories[0]
    for entity, prefix in (("DEAL_STAGE", ""), ("DEAL_STAGE_1", "C1:")):
        rows = portal.call("crm.status.list", {"filter": {"ENTITY_ID": entity}})
        assert [row["STATUS_ID"] for row in rows] == [prefix + stage for stage in STAGES]
    assert [row["SEMANTICS"] for row in rows] == [None] * 5 + ["S", "F", "F"]
    assert rows[5]["EXTRA"]["SEMANTICS"] == "success"
    assert (rows[0]["CATEGORY_ID"], rows[0]["SORT"]) == ("1", "10")


def test_a_new_pipeline_has_the_usual_stages_and_can_be_given_more(portal: Client) -> None:
    added = portal.call("crm.category.add", {"entityTypeId": 2, "fields": {"name": "Курсы"}})["category"]
    fields = {"ENTITY_ID": f"DEAL_STAGE_{added['id']}", "STATUS_ID": "WAITING", "NAME": "Ждём", "SORT": 15}
    portal.call("crm.status.add", {"fields": fields})
    rows = portal.call("crm.status.list", {"filter": {"ENTITY_ID": fields["ENTITY_ID"]}})
    prefix = f"C{added['id']}:"
    assert [row["STATUS_ID"] for row in rows][:3] == [
        prefix + "NEW",
        prefix + "WAITING",
        prefix + "PREPARATION",
    ]
    deal = portal.deal(categoryId=added["id"], stageId=prefix + "WAITING")
    assert portal.item(2, deal)["stageId"] == prefix + "WAITING"
    assert portal.refused("crm.status.add", {"fields": fields}) == (400, "")


def test_lead_stages_and_plain_lists_are_in_the_same_dictionary(portal: Client) -> None:
    leads = portal.call("crm.status.list", {"filter": {"ENTITY_ID": "STATUS"}})
    assert [row["STATUS_ID"] for row in leads] == ["NEW", "IN_PROCESS", "PROCESSED", "CONVERTED", "JUNK"]
    source = portal.call("crm.status.list", {"filter": {"ENTITY_ID": "SOURCE"}})[0]
    assert "EXTRA" not in source


def test_six_people_work_here(portal: Client) -> None:
    users = portal.call("user.get", {"FILTER": {"ACTIVE": True}})
    assert [user["ID"] for user in users] == ["1", "2", "3", "4", "5", "6"]
    assert users[0]["NAME"] == "Администратор"
    assert [user["EMAIL"] for user in users][1:3] == ["user2@synergy.example", "user3@synergy.example"]
    assert users[0]["ACTIVE"] is True
    assert [user["ID"] for user in portal.call("user.get", {"ID": 3})] == ["3"]
    assert portal.call("user.get", {"FILTER": {"ACTIVE": False}}) == []


def test_the_webhook_knows_itself(portal: Client) -> None:
    assert (portal.call("profile")["ID"], portal.call("profile")["ADMIN"]) == ("1", True)
    scopes = ["crm", "user", "im", "telephony", "imopenlines", "department"]
    assert portal.call("scope") == scopes
    assert portal.call("app.info")["SCOPE"] == scopes
    assert portal.call("crm.settings.mode.get") == 1
    assert portal.call("method.get", {"name": "CRM.item.get"}) == {"isExisting": True, "isAvailable": True}
    assert portal.call("method.get", {"name": "no.such"}) == {"isExisting": False, "isAvailable": False}
    assert portal.call("department.get")[0]["UF_HEAD"] == "1"
    with open_portal(mode=2) as without_leads:
        assert without_leads.call("crm.settings.mode.get") == 2


def test_user_fields_are_listed_with_labels_only_in_a_language(portal: Client) -> None:
    plain = portal.call("crm.deal.userfield.list")
    assert [field["FIELD_NAME"] for field in plain] == ["UF_CRM_PRODUCT_GROUP", "UF_CRM_GATEKEEPER_STATUS"]
    assert [each["VALUE"] for each in plain[0]["LIST"]] == ["ВО/СПО", "ДПО", "Курсы"]
    assert "EDIT_FORM_LABEL" not in plain[0]
    assert (plain[0]["SETTINGS"], plain[1]["SETTINGS"]) == ({"DISPLAY": "LIST"}, [])
    labelled = portal.call("crm.deal.userfield.list", {"filter": {"LANG": "ru"}})
    assert labelled[0]["EDIT_FORM_LABEL"] == "Группа продуктов"


def phone(value: str) -> list[dict[str, str]]:
    return [{"typeId": "PHONE", "valueType": "MOBILE", "value": value}]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("+79031234567", True),
        ("8 903 123 45 67", True),
        ("+7 (903) 123-45-67;доб. 12", True),
        ("9031234567", False),
        ("+79031234568", False),
    ],
)
def test_phones_are_found_however_they_are_typed_but_not_without_their_country(
    portal: Client, asked: str, *, found: bool
) -> None:
    contact = portal.contact(fm=phone("8 (903) 123-45-67"))
    result = portal.call("crm.duplicate.findbycomm", {"type": "PHONE", "values": [asked]})
    assert result == ({"CONTACT": [contact]} if found else [])


def test_a_full_kind_hides_the_kinds_after_it(portal: Client) -> None:
    contact = portal.contact(fm=phone("+79031234567"))
    for _ in range(20):
        portal.lead(title="Лид", fm=phone("+79031234567"))
    params = {"type": "PHONE", "values": ["+79031234567"]}
    everywhere = portal.call("crm.duplicate.findbycomm", params)
    assert list(everywhere) == ["LEAD"]
    assert len(everywhere["LEAD"]) == 20
    only = portal.call("crm.duplicate.findbycomm", params | {"entity_type": "CONTACT"})
    assert only == {"CONTACT": [contact]}


def test_the_duplicate_search_wants_a_list_of_values(portal: Client) -> None:
    status, _ = portal.refused("crm.duplicate.findbycomm", {"type": "PHONE", "values": "+7"})
    assert status == 400
    contact = portal.contact(fm=[{"typeId": "EMAIL", "valueType": "HOME", "value": " Ivan@Example.ru "}])
    found = portal.call("crm.duplicate.findbycomm", {"type": "EMAIL", "values": ["ivan@example.RU"]})
    assert found == {"CONTACT": [contact]}


def test_a_notification_with_a_tag_replaces_the_last_only_with_a_client_id(portal: Client) -> None:
    params = {"USER_ID": 2, "MESSAGE": "[b]Внимание[/b]", "TAG": "t"}
    assert portal.call("im.notify.personal.add", params) == 1
    assert portal.call("im.notify.system.add", params | {"CLIENT_ID": "x"}) == 2
    assert portal.refused("im.notify", {"MESSAGE": "x"}) == (400, "USER_ID_EMPTY")
    assert portal.refused("im.notify", {"USER_ID": 2}) == (400, "MESSAGE_EMPTY")


@pytest.mark.parametrize(
    "method", ["event.bind", "events", "event.offline.get", "crm.automation.trigger.add"]
)
def test_what_only_applications_may_is_the_wrong_kind_of_authorisation(portal: Client, method: str) -> None:
    assert portal.refused(method) == (403, "WRONG_AUTH_TYPE")


@pytest.mark.parametrize(
    ("scope", "shown"), [("user", True), ("user_basic", True), ("user_brief", False), ("department", None)]
)
def test_who_may_see_employees_and_their_addresses_is_a_matter_of_scope(
    scope: str, shown: bool | None
) -> None:
    with open_portal(scopes=(scope,)) as portal:
        available = portal.call("method.get", {"name": "user.get"})["isAvailable"]
        assert available is (shown is not None)
        if shown is None:
            assert portal.refused("user.get") == (401, "insufficient_scope")
        else:
            assert ("EMAIL" in portal.call("user.get")[0]) is shown


def test_the_plan_agrees_with_the_limits() -> None:
    with open_portal(limit="enterprise") as portal:
        assert portal.call("app.info")["LICENSE"] == "ru_ent250"


def test_an_owner_may_be_no_administrator(portal: Client) -> None:
    assert portal.call("profile")["ADMIN"] is True
    portal.control("user", {"id": 1, "admin": False})
    assert portal.call("profile")["ADMIN"] is False


def test_scopes_that_the_webhook_lacks_are_told_first(portal: Client) -> None:
    assert portal.refused("placement.bind") == (401, "insufficient_scope")


def test_other_methods_miss_an_applications_context(portal: Client) -> None:
    assert portal.refused("crm.activity.configurable.add") == (400, "ERROR_WRONG_CONTEXT")
    assert portal.refused("app.option.get") == (403, "ACCESS_DENIED")
    deal = portal.deal()
    fields = {"OWNER_TYPE_ID": 2, "OWNER_ID": deal, "TYPE_ID": 6, "PROVIDER_ID": "REST_APP", "SUBJECT": "x"}
    assert portal.post("crm.activity.add", {"fields": fields}).json() == {
        "error": "",
        "error_description": "Application context required",
    }
