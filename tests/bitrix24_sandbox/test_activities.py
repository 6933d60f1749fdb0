"""Activities of every kind, telephony statistics, open-line sessions."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bitrix24_sandbox.conftest import Client


def listed(portal: Client, **params: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = portal.call("crm.activity.list", params)
    return rows


def bound(*pairs: tuple[int, int]) -> list[dict[str, int]]:
    return [{"OWNER_TYPE_ID": type_id, "OWNER_ID": number} for type_id, number in pairs]


def statistics(portal: Client, activity: int) -> dict[str, Any]:
    rows = portal.call("voximplant.statistic.get", {"FILTER": {"CRM_ACTIVITY_ID": activity}})
    assert len(rows) == 1
    row: dict[str, Any] = rows[0]
    return row


def test_an_answered_outgoing_call_is_told_by_its_statistics(portal: Client) -> None:
    contact = portal.contact(fm=[{"typeId": "PHONE", "valueType": "MOBILE", "value": "8 (903) 123-45-67"}])
    deal = portal.deal(contactIds=[contact], assignedById=3)
    at = "2026-09-01T12:00:00+03:00"
    body = {"owner": f"deal:{deal}", "kind": "call_out", "answered": True, "seconds": 95, "at": at}
    number = portal.control("activity", body)["id"]
    activity = listed(portal, filter={"OWNER_TYPE_ID": 2, "OWNER_ID": deal})[0]
    assert (activity["ID"], activity["TYPE_ID"], activity["DIRECTION"]) == (str(number), "2", "2")
    assert (activity["PROVIDER_ID"], activity["PROVIDER_TYPE_ID"]) == ("VOXIMPLANT_CALL", "CALL")
    assert activity["ORIGIN_ID"].startswith("VI_")
    assert (activity["START_TIME"], activity["END_TIME"]) == (at, "2026-09-01T12:01:35+03:00")
    assert (activity["COMPLETED"], activity["STATUS"], activity["RESPONSIBLE_ID"]) == ("Y", "2", "3")
    assert (activity["SETTINGS"], activity["CREATED"]) == ([], at)
    row = statistics(portal, number)
    assert (row["CALL_FAILED_CODE"], row["CALL_DURATION"], row["CALL_TYPE"]) == ("200", "95", "1")
    assert (row["CRM_ENTITY_TYPE"], row["CRM_ENTITY_ID"]) == ("CONTACT", str(contact))
    assert (row["PHONE_NUMBER"], row["PORTAL_USER_ID"]) == ("79031234567", "3")
    assert "VI_" + row["CALL_ID"] == activity["ORIGIN_ID"]


@pytest.mark.parametrize(
    ("kind", "code", "call_type", "settings"),
    [("call_out", "603-S", "1", []), ("call_in", "304", "2", {"MISSED_CALL": True})],
)
def test_an_unanswered_call_looks_completed_all_the_same(
    portal: Client, kind: str, code: str, call_type: str, settings: object
) -> None:
    lead = portal.lead()
    number = portal.control("activity", {"owner": f"lead:{lead}", "kind": kind, "answered": False})["id"]
    activity = portal.call("crm.activity.get", {"id": number})
    assert (activity["COMPLETED"], activity["SETTINGS"]) == ("Y", settings)
    row = statistics(portal, number)
    assert (row["CALL_FAILED_CODE"], row["CALL_DURATION"], row["CALL_TYPE"]) == (code, "0", call_type)
    assert (row["CRM_ENTITY_TYPE"], row["CRM_ENTITY_ID"]) == ("LEAD", str(lead))


def test_statistics_never_name_a_deal(portal: Client) -> None:
    number = portal.control("activity", {"owner": f"deal:{portal.deal()}", "kind": "call_out"})["id"]
    assert statistics(portal, number)["CRM_ENTITY_TYPE"] is None


def test_a_call_logged_by_hand_has_no_telephony_behind_it(portal: Client) -> None:
    deal = portal.deal()
    fields = {"OWNER_TYPE_ID": 2, "OWNER_ID": deal, "TYPE_ID": 2, "SUBJECT": "Звонок", "DIRECTION": 2}
    number = portal.call("crm.activity.add", {"fields": fields | {"COMPLETED": "Y"}})
    activity = portal.call("crm.activity.get", {"id": number})
    assert (activity["PROVIDER_ID"], activity["ORIGIN_ID"], activity["STATUS"]) == (
        "VOXIMPLANT_CALL",
        None,
        "2",
    )
    assert portal.call("voximplant.statistic.get", {"FILTER": {"CRM_ACTIVITY_ID": number}}) == []


def test_an_activity_comes_once_for_each_binding_that_matches(portal: Client) -> None:
    contact = portal.contact()
    deal = portal.deal(contactIds=[contact])
    number = portal.control("activity", {"owner": f"deal:{deal}", "kind": "mail_in", "text": "да"})["id"]
    both = listed(portal, filter={"BINDINGS": bound((2, deal), (3, contact))})
    assert [row["ID"] for row in both] == [str(number)] * 2
    one = listed(portal, filter={"BINDINGS": bound((3, contact)), "PROVIDER_ID": "CRM_EMAIL"})
    assert [row["ID"] for row in one] == [str(number)]
    assert listed(portal, filter={"OWNER_TYPE_ID": 3, "OWNER_ID": contact}) == []


@pytest.mark.parametrize(
    ("kind", "type_id", "provider", "direction"),
    [
        ("mail_out", "4", "CRM_EMAIL", "2"),
        ("mail_in", "4", "CRM_EMAIL", "1"),
        ("sms_out", "6", "CRM_SMS", "2"),
        ("chat", "6", "IMOPENLINES_SESSION", "2"),
    ],
)
def test_each_kind_is_known_by_its_provider_and_direction(
    portal: Client, kind: str, type_id: str, provider: str, direction: str
) -> None:
    number = portal.control("activity", {"owner": f"deal:{portal.deal()}", "kind": kind})["id"]
    activity = portal.call("crm.activity.get", {"id": number})
    assert (activity["TYPE_ID"], activity["PROVIDER_ID"], activity["DIRECTION"]) == (
        type_id,
        provider,
        direction,
    )


def chat(portal: Client, deal: int, *senders: str) -> dict[str, Any]:
    messages = [{"from": sender, "text": f"от {sender}"} for sender in senders]
    body = {"owner": f"deal:{deal}", "kind": "chat", "messages": messages, "responsible_id": 2}
    number = portal.control("activity", body)["id"]
    activity: dict[str, Any] = portal.call("crm.activity.get", {"id": number})
    return activity


def test_a_chats_direction_says_who_began_and_its_messages_who_answered(portal: Client) -> None:
    deal = portal.deal()
    activity = chat(portal, deal, "manager", "client")
    assert activity["DIRECTION"] == "2"
    history = portal.call("imopenlines.session.history.get", {"SESSION_ID": activity["ASSOCIATED_ENTITY_ID"]})
    users = history["users"]
    told = [
        (message["text"], users.get(message["senderid"], {}).get("connector"))
        for message in history["message"].values()
        if message["senderid"] != "0"
    ]
    assert told == [("от manager", False), ("от client", True)]
    assert [message["senderid"] for message in history["message"].values()].count("0") == 2
    assert chat(portal, deal, "client")["DIRECTION"] == "1"


def test_a_silent_client_is_not_among_the_users(portal: Client) -> None:
    activity = chat(portal, portal.deal(), "manager")
    history = portal.call("imopenlines.session.history.get", {"SESSION_ID": activity["ASSOCIATED_ENTITY_ID"]})
    assert [user["connector"] for user in history["users"].values()] == [False]


def test_finished_chats_are_shown_only_when_asked_for(portal: Client) -> None:
    deal = portal.deal()
    activity = chat(portal, deal, "client", "manager")
    wanted = {"CRM_ENTITY_TYPE": "deal", "CRM_ENTITY": deal}
    assert portal.call("imopenlines.crm.chat.get", wanted) == []
    found = portal.call("imopenlines.crm.chat.get", wanted | {"ACTIVE_ONLY": "N"})
    assert [each["CONNECTOR_ID"] for each in found] == ["telegram"]
    assert portal.call("imopenlines.crm.chat.get", wanted | {"CRM_ENTITY": 99, "ACTIVE_ONLY": "N"}) == []
    by_chat = portal.call("imopenlines.session.history.get", {"CHAT_ID": found[0]["CHAT_ID"]})
    assert str(by_chat["sessionId"]) == activity["ASSOCIATED_ENTITY_ID"]
    dialog = portal.call("imopenlines.dialog.get", {"USER_CODE": activity["PROVIDER_PARAMS"]["USER_CODE"]})
    assert dialog["entity_data_1"].split("|")[5] == activity["ASSOCIATED_ENTITY_ID"]
    assert dialog["entity_data_2"].endswith(f"DEAL|{deal}")
    assert portal.refused("imopenlines.session.history.get") == (400, "MISSING_REQUIRED_PARAM")


def test_a_todo_wants_a_deadline_that_is_one(portal: Client) -> None:
    deal = portal.deal()
    todo = {
        "ownerTypeId": 2,
        "ownerId": deal,
        "title": "Перезвонить",
        "deadline": "2026-12-01T10:00:00+03:00",
    }
    number = portal.call("crm.activity.todo.add", todo)["id"]
    assert portal.call("crm.activity.get", {"id": number})["DEADLINE"] == "2026-12-01T10:00:00+03:00"
    assert portal.refused("crm.activity.todo.add", todo | {"deadline": "скоро"}) == (
        400,
        "WRONG_DATETIME_FORMAT",
    )
    assert portal.refused("crm.activity.todo.add", todo | {"ownerId": 99}) == (400, "OWNER_NOT_FOUND")


def test_activities_are_strings_listed_by_start_with_communications_on_demand(portal: Client) -> None:
    deal = portal.deal()
    for at in ("2026-09-02T12:00:00+03:00", "2026-09-01T12:00:00+03:00"):
        portal.control("activity", {"owner": f"deal:{deal}", "kind": "mail_out", "at": at})
    rows = listed(portal)
    assert [row["START_TIME"][:10] for row in rows] == ["2026-09-01", "2026-09-02"]
    scalars = {key: value for key, value in rows[0].items() if not isinstance(value, list | dict)}
    assert all(value is None or isinstance(value, str) for value in scalars.values())
    assert "COMMUNICATIONS" not in rows[0]
    assert "COMMUNICATIONS" in listed(portal, select=["*", "COMMUNICATIONS"])[0]
    assert set(listed(portal, select=["SUBJECT"])[0]) == {"ID", "SUBJECT"}
    portal.call("crm.activity.update", {"id": rows[0]["ID"], "fields": {"SUBJECT": "Новая тема"}})
    assert portal.call("crm.activity.get", {"id": rows[0]["ID"]})["SUBJECT"] == "Новая тема"
    portal.call("crm.activity.delete", {"id": rows[0]["ID"]})
    assert len(listed(portal)) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"owner": "deal:1", "kind": "pigeon"},
        {"owner": "deal:1", "kind": "sms_in"},
        {"owner": "deal:1", "kind": "call_out", "secnods": 5},
        {"owner": "deal:1", "kind": "call_out", "at": "вчера"},
        {"owner": "deal:1", "kind": "chat", "messages": [{"from": "bot"}]},
    ],
)
def test_mistakes_in_an_activity_are_told(portal: Client, body: dict[str, Any]) -> None:
    portal.deal()
    answer = portal.http.post(f"{portal.sandbox.url}/sandbox/activity", json=body, timeout=10)
    assert answer.status_code == 400
    assert answer.json()["error"]
