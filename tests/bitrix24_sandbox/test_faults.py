"""Faults on demand, as a client meets them."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from bitrix24_sandbox.options import Delivery
from tests.bitrix24_sandbox.conftest import Client, Listener, open_portal


def fault(portal: Client, kind: str, **more: Any) -> int:
    return int(portal.control("faults", {"kind": kind} | more)["id"])


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("503", 503, "QUERY_LIMIT_EXCEEDED"),
        ("overload", 503, "OVERLOAD_LIMIT"),
        ("429", 429, "OPERATION_TIME_LIMIT"),
        ("portal_deleted", 410, "PORTAL_DELETED"),
        ("revoked", 401, "INVALID_CREDENTIALS"),
        ("owner_fired", 401, "authorization_error"),
        ("error", 400, "INTERNAL_SERVER_ERROR"),
    ],
)
def test_a_fault_refuses_until_it_is_cleared(portal: Client, kind: str, status: int, code: str) -> None:
    number = fault(portal, kind)
    assert portal.refused("server.time") == (status, code)
    assert (
        portal.http.get(f"{portal.sandbox.url}/sandbox/faults", timeout=10).json()["faults"][0]["id"]
        == number
    )
    portal.http.delete(f"{portal.sandbox.url}/sandbox/faults", timeout=10)
    assert portal.post("server.time").status_code == 200


def test_a_fault_strikes_as_often_as_its_count(portal: Client) -> None:
    fault(portal, "503", count=2)
    assert [portal.post("server.time").status_code for _ in range(3)] == [503, 503, 200]


def test_a_fault_strikes_its_method_only_within_a_batch_too(portal: Client) -> None:
    fault(portal, "500", method="CRM.Timeline.Comment.Add")
    assert portal.post("server.time").status_code == 200
    html = portal.post("batch", {"cmd": {"a": "server.time", "b": "crm.timeline.comment.add"}})
    assert (html.status_code, html.headers["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert html.text.startswith("<html>")


def test_a_fault_strikes_with_its_probability(portal: Client) -> None:
    fault(portal, "503", probability=0.5)
    statuses = [portal.post("server.time").status_code for _ in range(60)]
    assert 15 < statuses.count(503) < 45


def test_a_blocked_method_is_told_inside_the_batch(portal: Client) -> None:
    fault(portal, "429", method="crm.deal.list")
    result = portal.batch({"a": "crm.deal.list", "b": "server.time"})
    assert result["result_error"]["a"]["error"] == "OPERATION_TIME_LIMIT"
    assert set(result["result"]) == {"b"}
    fault(portal, "429", method="batch")
    assert portal.refused("batch", {"cmd": {"b": "server.time"}}) == (429, "OPERATION_TIME_LIMIT")


def test_silence_before_the_effect_leaves_nothing_and_after_it_everything(portal: Client) -> None:
    add = {"entityTypeId": 2, "fields": {"title": "x"}}
    fault(portal, "timeout_before", count=1, seconds=0.05)
    with pytest.raises(requests.ConnectionError):
        portal.post("crm.item.add", add)
    assert portal.body("crm.deal.list")["total"] == 0
    fault(portal, "timeout_after", count=1, seconds=0.05)
    with pytest.raises(requests.ConnectionError):
        portal.post("crm.item.add", add)
    assert portal.body("crm.deal.list")["total"] == 1


def test_what_was_done_is_told_of_even_if_no_answer_comes(listener: Listener) -> None:
    with open_portal(events_url=listener.url, delivery=Delivery(delay_s=0.0)) as portal:
        fault(portal, "timeout_after", count=1, seconds=3600)
        with pytest.raises(requests.ReadTimeout):
            portal.http.post(
                portal.sandbox.webhook_url + "crm.deal.add", data={"fields[TITLE]": "x"}, timeout=0.3
            )
        assert listener.wait_for(1) == [("ONCRMDEALADD", 1)]


def test_a_client_that_gives_up_meets_its_own_timeout(portal: Client) -> None:
    fault(portal, "timeout_before", seconds=30)
    with pytest.raises(requests.ReadTimeout):
        portal.http.post(portal.sandbox.webhook_url + "server.time", timeout=0.2)


def test_a_truncated_answer_is_done_and_cannot_be_read(portal: Client) -> None:
    fault(portal, "truncated", count=1)
    with pytest.raises(requests.RequestException):
        portal.post("crm.item.add", {"entityTypeId": 2, "fields": {"title": "x"}})
    assert portal.body("crm.deal.list")["total"] == 1


def test_a_renamed_portal_answers_302_with_html(portal: Client) -> None:
    fault(portal, "redirect", host="new.bitrix24.example")
    answer = portal.post("server.time")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "https://new.bitrix24.example/rest/1/sandbox/server.time"
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_client_that_follows_the_redirect_loses_its_body(portal: Client) -> None:
    deal = portal.deal()
    fault(portal, "redirect", host=portal.sandbox.url, count=1)
    url = portal.sandbox.webhook_url + "crm.item.get"
    followed = portal.http.post(url, json={"entityTypeId": 2, "id": deal}, timeout=10)
    assert (followed.status_code, followed.json()["error"]) == (400, 100)


def test_a_removed_scope_is_missing_in_every_way(portal: Client) -> None:
    fault(portal, "scope", scope="telephony")
    assert portal.refused("voximplant.statistic.get") == (401, "insufficient_scope")
    assert "telephony" not in portal.call("scope")
    assert portal.call("method.get", {"name": "voximplant.statistic.get"})["isAvailable"] is False


def test_a_hidden_card_is_denied_and_missing_from_lists(portal: Client) -> None:
    hidden, seen = portal.deal(title="тайная"), portal.deal(title="явная")
    fault(portal, "hidden", ref=f"deal:{hidden}")
    assert portal.refused("crm.item.get", {"entityTypeId": 2, "id": hidden}) == (400, "ACCESS_DENIED")
    update = {"entityTypeId": 2, "id": hidden, "fields": {"title": "x"}}
    assert portal.refused("crm.item.update", update) == (400, "ACCESS_DENIED")
    assert portal.refused("crm.deal.get", {"id": hidden}) == (400, "")
    listed = portal.body("crm.item.list", {"entityTypeId": 2})
    assert ([item["id"] for item in listed["result"]["items"]], listed["total"]) == ([seen], 1)
    fields = {"ENTITY_TYPE": "deal", "ENTITY_ID": hidden, "COMMENT": "x"}
    assert portal.refused("crm.timeline.comment.add", {"fields": fields}) == (400, "ACCESS_DENIED")
    rows = {"filter": {"=ownerType": "D", "=ownerId": hidden}}
    assert portal.refused("crm.item.productrow.list", rows) == (400, "ACCESS_DENIED")
    history = {"entityTypeId": 2, "filter": {"OWNER_ID": hidden}}
    assert portal.call("crm.stagehistory.list", history)["items"] == []


def test_a_card_is_gone_between_its_event_and_the_read(listener: Listener) -> None:
    with open_portal(events_url=listener.url, delivery=Delivery(delay_s=0.0)) as portal:
        fault(portal, "deleted_before_read", count=1)
        deal = portal.deal()
        assert listener.wait_for(2) == [("ONCRMDEALADD", deal), ("ONCRMDEALDELETE", deal)]
        assert portal.refused("crm.item.get", {"entityTypeId": 2, "id": deal}) == (400, "NOT_FOUND")
        portal.item(2, portal.deal())


def test_faults_do_not_outlive_their_portal_and_one_can_be_cleared_alone(portal: Client) -> None:
    first, second = fault(portal, "503", method="profile"), fault(portal, "503", method="scope")
    portal.http.delete(f"{portal.sandbox.url}/sandbox/faults", params={"id": first}, timeout=10)
    active = portal.http.get(f"{portal.sandbox.url}/sandbox/faults", timeout=10).json()["faults"]
    assert [each["id"] for each in active] == [second]
    assert portal.post("profile").status_code == 200
    assert portal.post("scope").status_code == 503


def test_a_sandbox_stops_at_once_while_somebody_waits_for_an_answer() -> None:
    with open_portal() as portal:
        fault(portal, "timeout_before", seconds=3600)
        with pytest.raises(requests.ReadTimeout):
            portal.http.post(portal.sandbox.webhook_url + "profile", timeout=0.1)


def differences(one: Any, other: Any, way: str = "") -> list[str]:
    """List where two values differ; a key that is missing differs from all others."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = one.keys() | other.keys()
        return [
            place
            for key in keys
            for place in differences(one.get(key, ...), other.get(key, ...), f"{way}.{key}")
        ]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = enumerate(zip(one, other, strict=True))
        return [place for key, (mine, its) in pairs for place in differences(mine, its, f"{way}.{key}")]
    return [way] if one != other or type(one) is not type(other) else []


@pytest.mark.parametrize("how", ["object", "missing", "null", "retyped"])
def test_a_spoilt_answer_is_wrong_in_one_place(portal: Client, how: str) -> None:
    params = {"entityTypeId": 2, "id": portal.deal(title="x")}
    whole = portal.body("crm.item.get", params)["result"]
    fault(portal, "spoilt", how=how, method="crm.item.get", count=20)
    spoilt = [portal.body("crm.item.get", params).get("result") for _ in range(20)]
    places = {tuple(differences(whole, each)) for each in spoilt} - {()}  # a null may stand for a null
    assert len(places) > 5
    assert all(len(each) == 1 for each in places)
    assert portal.body("crm.item.get", params)["result"] == whole


def test_only_what_the_named_method_answers_is_spoilt_in_a_batch(portal: Client) -> None:
    cmd = {"a": "server.time", "b": "profile", "c": "server.time"}
    fault(portal, "spoilt", method="profile", count=20)
    for _ in range(20):
        result = portal.batch(cmd)["result"]
        assert isinstance(result["a"], str)
        assert isinstance(result["c"], str)
        assert {"spoilt": True} in result["b"].values()


def test_the_answers_to_two_commands_of_a_batch_are_swapped(portal: Client) -> None:
    cmd = {each: f"crm.item.get?entityTypeId=2&id={portal.deal()}" for each in "ab"}
    whole = portal.batch(cmd | {"c": "profile"})["result"]
    fault(portal, "spoilt", how="swapped", method="crm.item.get", count=1)
    swapped = portal.batch(cmd | {"c": "profile"})["result"]
    assert swapped == {"a": whole["b"], "b": whole["a"], "c": whole["c"]}


def test_a_list_that_leads_astray_goes_on_at_the_same_row_for_ever(portal: Client) -> None:
    portal.deal()
    fault(portal, "astray")
    assert [portal.body("crm.deal.list", {"start": start})["next"] for start in (0, 50, 100)] == [50] * 3
    told = portal.batch({"a": "crm.deal.list", "b": "profile"})
    assert told["result_next"] == {"a": 50}


def test_a_giant_answer_is_the_same_behind_which_nothing_follows_for_long(portal: Client) -> None:
    fault(portal, "giant", count=1)
    answer = portal.post("profile")
    assert len(answer.content) > 65 * 2**20
    assert answer.json()["result"] == portal.call("profile")


def test_a_zipped_giant_travels_light(portal: Client) -> None:
    fault(portal, "giant", how="zipped", count=1)
    answer = portal.post("profile")
    assert len(answer.content) > 65 * 2**20
    assert int(answer.headers["Content-Length"]) < 2**20


def test_an_endless_answer_comes_byte_by_byte(portal: Client) -> None:
    fault(portal, "endless", count=1, seconds=30)
    answer = portal.http.post(portal.sandbox.webhook_url + "profile", timeout=5, stream=True)
    assert int(answer.headers["Content-Length"]) > 100
    assert answer.raw.read(1) == b"{"
    answer.close()


@pytest.mark.parametrize(
    ("how", "begins"),
    [("head", b"HTTP/1.1 200 OK\r\nX-Slow: xxx"), ("continue", b"HTTP/1.1 100 Continue\r\n\r\n" * 3)],
)
def test_an_endless_answer_may_not_even_begin(portal: Client, how: str, begins: bytes) -> None:
    fault(portal, "endless", how=how, count=1, seconds=0.01)
    url = urlsplit(portal.sandbox.webhook_url)
    with socket.create_connection((url.hostname, url.port), timeout=5) as line:
        line.sendall(f"GET {url.path}profile HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert b"".join(line.recv(1) for _ in begins) == begins


def test_a_way_that_a_fault_does_not_know_is_refused(portal: Client) -> None:
    body = {"kind": "endless", "how": "zipped"}
    answer = portal.http.post(f"{portal.sandbox.url}/sandbox/faults", json=body, timeout=10)
    assert answer.status_code == 400
    assert "it knows body, head, continue" in answer.json()["error"]
