"""The control API: what REST cannot do on the real portal either."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bitrix24_sandbox.conftest import Client, Listener, open_portal

OLD = "2026-01-05T10:00:00+03:00"


def test_reset_empties_the_portal_and_never_uses_an_id_twice(portal: Client) -> None:
    portal.contact()
    deal = portal.deal()
    comment = portal.comment(deal, "текст")
    portal.control("reset")
    assert portal.body("crm.deal.list")["total"] == 0
    assert portal.refused("crm.item.get", {"entityTypeId": 2, "id": deal}) == (400, "NOT_FOUND")
    assert portal.deal() == deal + 1
    assert portal.contact() == 2
    assert portal.comment(deal + 1, "текст") == comment + 1
    assert len(portal.call("user.get")) == 6
    assert len(portal.call("crm.status.list", {"filter": {"ENTITY_ID": "DEAL_STAGE"}})) == 8


def test_a_comment_is_put_in_anybodys_name_at_any_time(portal: Client) -> None:
    deal = portal.deal()
    number = portal.control("comment", {"owner": f"deal:{deal}", "author_id": 4, "text": "было", "at": OLD})[
        "id"
    ]
    comment = portal.call("crm.timeline.comment.get", {"id": number})
    assert (comment["AUTHOR_ID"], comment["CREATED"], comment["COMMENT"]) == ("4", OLD, "было")


def test_a_raw_write_passes_all_checks(portal: Client) -> None:
    deal = portal.deal()
    fields: dict[str, Any] = {
        "stageId": "C1:NEW",
        "UF_CRM_PRODUCT_GROUP": 9999,
        "createdTime": OLD,
        "movedBy": 5,
    }
    portal.control("put", {"ref": f"deal:{deal}", "fields": fields})
    item = portal.item(2, deal)
    assert (item["stageId"], item["categoryId"], item["ufCrmProductGroup"]) == ("C1:NEW", 0, 9999)
    assert (item["createdTime"], item["movedBy"]) == (OLD, 5)
    portal.control("put", {"ref": f"deal:{deal}", "fields": {"stageId": "WON"}})
    assert portal.item(2, deal)["stageSemanticId"] == "S"
    contact = portal.contact()
    portal.control("put", {"ref": f"deal:{deal}", "fields": {"contactIds": [contact]}})
    assert portal.item(2, deal)["contactIds"] == [contact]


def test_backdating_tells_one_story_in_the_card_and_its_history(portal: Client) -> None:
    deal = portal.deal()
    portal.control("backdate", {"ref": f"deal:{deal}", "created_at": OLD})
    item = portal.item(2, deal)
    assert (item["createdTime"], item["movedTime"]) == (OLD, OLD)
    assert [entry["CREATED_TIME"] for entry in portal.history(deal)] == [OLD]
    portal.update(2, deal, stageId="EXECUTING")
    moved = "2026-02-05T10:00:00+03:00"
    portal.control("backdate", {"ref": f"deal:{deal}", "moved_at": moved})
    assert portal.item(2, deal)["movedTime"] == moved
    assert [entry["CREATED_TIME"] for entry in portal.history(deal)] == [OLD, moved]


def test_a_contact_can_be_backdated_too(portal: Client) -> None:
    contact = portal.contact()
    portal.control("backdate", {"ref": f"contact:{contact}", "created_at": OLD})
    assert portal.item(3, contact)["createdTime"] == OLD


def test_what_is_put_raises_the_event_unless_it_is_told_not_to(listener: Listener) -> None:
    with open_portal(events_url=listener.url) as portal:
        deal = portal.deal()
        comment = portal.control("comment", {"owner": f"deal:{deal}", "text": "т"})["id"]
        portal.control("put", {"ref": f"deal:{deal}", "fields": {"title": "x"}, "event": False})
        portal.control("backdate", {"ref": f"deal:{deal}", "created_at": OLD})
        call = portal.control("activity", {"owner": f"deal:{deal}", "kind": "call_in"})["id"]
        assert listener.wait_for(4) == [
            ("ONCRMDEALADD", deal),
            ("ONCRMTIMELINECOMMENTADD", comment),
            ("ONCRMDEALUPDATE", deal),
            ("ONCRMACTIVITYADD", call),
        ]


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("comment", {"owner": "deal:99", "text": "x"}, 404),
        ("comment", {"owner": "parrot:1", "text": "x"}, 400),
        ("comment", {"owner": "deal:1", "author_id": "кто", "text": "x"}, 400),
        ("put", {"ref": "deal:1", "fields": {"nonsense": 1}}, 400),
        ("put", {"ref": "deal:1", "fields": {"createdTime": "вчера"}}, 400),
        ("put", {"ref": "deal:1"}, 400),
        ("backdate", {"ref": "deal:1", "created_at": "вчера"}, 400),
        ("nonsense", {}, 404),
        ("faults", {"kind": "nonsense"}, 400),
        ("faults", {"kind": "503", "cuont": 1}, 400),
        ("faults", {"kind": "scope", "scope": "nonsense"}, 400),
    ],
)
def test_mistakes_are_told_in_json(portal: Client, name: str, body: dict[str, Any], status: int) -> None:
    portal.deal()
    answer = portal.http.post(f"{portal.sandbox.url}/sandbox/{name}", json=body, timeout=10)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_an_employee_is_dismissed_and_given_another_address(portal: Client) -> None:
    portal.control("user", {"id": 3, "active": False, "personal_mailbox": "boris@mail.example"})
    dismissed = portal.call("user.get", {"FILTER": {"ACTIVE": False}})
    assert [(user["ID"], user["PERSONAL_MAILBOX"]) for user in dismissed] == [("3", "boris@mail.example")]
    as_him = portal.post("profile", headers={"X-Sandbox-User": "3"})
    assert (as_him.status_code, as_him.json()["error"]) == (401, "authorization_error")
    for wrong in ({"id": 77, "active": False}, {"id": 3, "nonsense": 1}):
        assert (
            portal.http.post(f"{portal.sandbox.url}/sandbox/user", json=wrong, timeout=10).status_code >= 400
        )


def test_an_employee_without_an_id_is_hired(portal: Client) -> None:
    number = portal.control("user", {"name": "Егор", "last_name": "Орлов"})["id"]
    hired = portal.call("user.get", {"ID": number})[0]
    assert (number, hired["NAME"], hired["EMAIL"]) == (7, "Егор", "user7@synergy.example")
    assert (hired["ACTIVE"], hired["UF_DEPARTMENT"]) == (True, [1])
    assert portal.call("profile", user=number)["ADMIN"] is False


def test_a_call_acts_as_the_user_that_its_header_names(portal: Client) -> None:
    params = {"entityTypeId": 2, "fields": {"title": "x"}}
    deal = portal.call("crm.item.add", params, user=5)["item"]
    assert (deal["createdBy"], deal["assignedById"], deal["movedBy"]) == (5, 5, 5)
    assert portal.call("profile", user=5)["ADMIN"] is False
    strange = portal.post("profile", headers={"X-Sandbox-User": "77"})
    assert (strange.status_code, strange.json()["error"]) == (401, "authorization_error")
