"""The portal as tests of other clients set it up and look at it."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import pytest
import requests

from bitrix24_sandbox.options import DELIVERY, OPTIONS, OptionError, make_options
from bitrix24_sandbox.testing import (
    Bitrix24Events,
    Bitrix24Portal,
    ControlError,
    RestError,
    running_portal,
)

PAGE = Path(__file__).parents[2] / "docs" / "pytest-plugin.md"
OLD = "2026-01-05T10:00:00+03:00"


def ask(portal: Bitrix24Portal, method: str) -> requests.Response:
    return requests.post(portal.url + method, json={}, timeout=10)


def test_a_call_answers_what_a_client_would_read(bitrix24_portal: Bitrix24Portal) -> None:
    bitrix24_portal.call("crm.deal.add", fields={"TITLE": "<b>"})
    by_http = ask(bitrix24_portal, "crm.deal.list").json()["result"]
    assert bitrix24_portal.call("crm.deal.list") == by_http
    assert bitrix24_portal.call("CRM.Deal.Get", id=1)["TITLE"] == "<b>"


def test_a_call_acts_as_any_user(bitrix24_portal: Bitrix24Portal) -> None:
    deal = bitrix24_portal.call("crm.deal.add", user=4, fields={"TITLE": "x"})
    assert bitrix24_portal.call("crm.deal.get", id=deal)["CREATED_BY_ID"] == "4"
    bitrix24_portal.change_user(4, active=False)
    with pytest.raises(RestError) as refusal:
        bitrix24_portal.call("profile", user=4)
    assert (refusal.value.code, refusal.value.status) == ("authorization_error", 401)


@pytest.mark.parametrize(
    ("method", "code"), [("crm.deal.get", ""), ("crm.no.such", "ERROR_METHOD_NOT_FOUND")]
)
def test_a_refused_call_raises_with_the_portals_code(
    bitrix24_portal: Bitrix24Portal, method: str, code: str
) -> None:
    with pytest.raises(RestError) as refusal:
        bitrix24_portal.call(method, id=77)
    assert refusal.value.code == code


@pytest.mark.bitrix24(limit="standard", faults=[{"kind": "503"}, {"kind": "revoked"}])
def test_a_call_passes_no_limit_meets_no_fault_and_is_no_hit(bitrix24_portal: Bitrix24Portal) -> None:
    for _ in range(60):
        bitrix24_portal.call("profile")
    assert bitrix24_portal.hits() == []
    assert ask(bitrix24_portal, "profile").status_code == 503


def test_a_fault_is_met_counted_and_cleared(bitrix24_portal: Bitrix24Portal) -> None:
    number = bitrix24_portal.put_fault("error", method="profile", code="BUSY", status=409)
    assert [ask(bitrix24_portal, name).status_code for name in ("profile", "scope")] == [409, 200]
    assert [(fault["id"], fault["met"]) for fault in bitrix24_portal.faults()] == [(number, 1)]
    bitrix24_portal.put_fault("500", method="scope")
    bitrix24_portal.clear_faults(number)
    assert [fault["kind"] for fault in bitrix24_portal.faults()] == ["500"]
    bitrix24_portal.clear_faults()
    assert bitrix24_portal.faults() == []
    assert [(hit.method, hit.status) for hit in bitrix24_portal.hits()] == [("profile", 409), ("scope", 200)]


def test_a_past_is_made_up(bitrix24_portal: Bitrix24Portal) -> None:
    deal = bitrix24_portal.call("crm.deal.add", fields={"TITLE": "x"})
    ref = f"deal:{deal}"
    comment = bitrix24_portal.add_comment(ref, "called", author_id=4, at=OLD)
    activity = bitrix24_portal.add_activity(ref, "call_out", at=OLD, seconds=30)
    bitrix24_portal.backdate(ref, created_at=OLD)
    bitrix24_portal.put(ref, {"stageId": "WON"}, event=False)
    read = bitrix24_portal.call("crm.timeline.comment.get", id=comment)
    assert (read["COMMENT"], read["AUTHOR_ID"], read["CREATED"]) == ("called", "4", OLD)
    assert bitrix24_portal.call("crm.activity.get", id=activity)["OWNER_ID"] == str(deal)
    card = bitrix24_portal.call("crm.deal.get", id=deal)
    assert (card["DATE_CREATE"], card["STAGE_ID"]) == (OLD, "WON")


def test_people_are_hired_and_notified(bitrix24_portal: Bitrix24Portal) -> None:
    number = bitrix24_portal.add_user(name="Egor", admin=True)
    for user in (2, number):
        bitrix24_portal.call("im.notify.personal.add", USER_ID=user, MESSAGE="Hello")
    [notification] = bitrix24_portal.notifications(number)
    assert (notification["user_id"], notification["message"]) == (number, "Hello")
    assert len(bitrix24_portal.notifications()) == 2


def test_reset_leaves_no_card(bitrix24_portal: Bitrix24Portal) -> None:
    bitrix24_portal.call("crm.deal.add", fields={"TITLE": "x"})
    bitrix24_portal.reset()
    assert bitrix24_portal.call("crm.deal.list") == []


def test_mistakes_are_value_errors_that_name_them(bitrix24_portal: Bitrix24Portal) -> None:
    with pytest.raises(ControlError, match="there is no deal:7"):
        bitrix24_portal.add_comment("deal:7", "x")
    with pytest.raises(ControlError, match="there is no fault 5O3"):
        bitrix24_portal.put_fault("5O3")
    with pytest.raises(ControlError, match="speed"):
        bitrix24_portal.send_events_to(None, speed=3)
    with pytest.raises(ValueError, match="a user has only active, admin"):
        bitrix24_portal.add_user(salary=1)


def test_events_travel_as_they_are_told_to(
    bitrix24_portal: Bitrix24Portal, bitrix24_events: Bitrix24Events
) -> None:
    bitrix24_portal.send_events_to(bitrix24_events.url, delay_s=0.0, token="another", omit=("data",))
    bitrix24_portal.call("crm.deal.add", fields={"TITLE": "x"})
    [added] = bitrix24_events.wait_for()
    assert (added.event, added.entity_id) == ("ONCRMDEALADD", None)
    assert added.form["auth[application_token]"] == bitrix24_portal.application_token == "another"


def test_waiting_for_events_ends_when_the_last_was_answered_or_time_is_up() -> None:
    with running_portal(events_url="http://127.0.0.1:9/", delay_s=0.2) as portal:
        portal.call("crm.deal.add", fields={"TITLE": "x"})
        with pytest.raises(TimeoutError, match="1 events still wait"):
            portal.wait_for_events(timeout_s=0.01)
        portal.wait_for_events()
        assert [event.outcome for event in portal.sent()] == ["failed"]


def test_a_portal_does_not_show_its_secrets(bitrix24_portal: Bitrix24Portal) -> None:
    assert repr(bitrix24_portal) == f"<Bitrix24Portal {bitrix24_portal.base_url}>"


def test_the_portals_clock_is_an_option() -> None:
    noon = 1_790_000_000
    with running_portal(clock=lambda: noon, offset_minutes=0) as portal:
        assert portal.call("server.time") == time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(noon))


def test_options_come_from_one_flat_set_of_names() -> None:
    options = make_options(limit="off", delay_s=0.0, seed=3)
    assert (options.limit, options.delivery.delay_s, options.seed, options.delivery.seed) == ("off", 0, 3, 0)
    with pytest.raises(OptionError, match="mode is one of 1, 2, not 3"):
        make_options(mode=3)


def test_https_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    monkeypatch.delitem(sys.modules, "bitrix24_sandbox.tls", raising=False)
    with pytest.raises(OptionError, match="pip install"), running_portal(tls=True):
        pass


def names_in_table(heading: str) -> set[str]:
    """Collect what stands in backticks in the first column of a section's table, without arguments."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    cells = [line.split(" | ")[0] for line in section.splitlines() if line.startswith("| `")]
    return set(re.findall(r"`(\w+)", " ".join(cells)))


def test_the_documented_options_exist_and_none_but_the_named_are_left_out() -> None:
    rest = {"host", "port", "delivery", "operating_window_s", "burst_wait_s", "timeout_s", "comment_shape"}
    rest |= {"slow_after_s", "slow_pause_max_s", "omit"}
    assert names_in_table("Options") == {*OPTIONS, *DELIVERY, "faults"} - rest


def test_the_documented_methods_are_those_of_the_portal() -> None:
    methods = {name for name, value in vars(Bitrix24Portal).items() if callable(value) and name[0] != "_"}
    assert names_in_table("The portal's methods") == methods
