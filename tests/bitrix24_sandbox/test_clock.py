"""The portal's clock can be moved, and whatever the portal stamps follows it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from bitrix24_sandbox.testing import Bitrix24Events, Bitrix24Portal, ControlError, running_portal

LONG = timedelta(days=70)
BOTH_WAYS = pytest.mark.parametrize("by", [LONG, -LONG], ids=["forward", "back"])


def is_near(told: str, moment: datetime) -> bool:
    return abs(datetime.fromisoformat(told) - moment) < timedelta(seconds=10)


def hit(portal: Bitrix24Portal, method: str, **params: Any) -> dict[str, Any]:
    answer: dict[str, Any] = requests.post(portal.url + method, json=params, timeout=10).json()
    return answer


@BOTH_WAYS
def test_every_answer_tells_the_moved_time(bitrix24_portal: Bitrix24Portal, by: timedelta) -> None:
    bitrix24_portal.move_clock(by.total_seconds())
    then = datetime.now(UTC) + by
    single, batch = hit(bitrix24_portal, "profile"), hit(bitrix24_portal, "batch", cmd={"c0": "profile?"})
    told = (single["time"], batch["time"], batch["result"]["result_time"]["c0"])
    assert all(is_near(each[name], then) for each in told for name in ("date_start", "date_finish"))
    assert all(abs(each["finish"] - then.timestamp()) < 10 for each in told)
    assert is_near(hit(bitrix24_portal, "server.time")["result"], then)
    assert is_near(bitrix24_portal.now(), then)


@BOTH_WAYS
def test_cards_comments_and_activities_bear_the_moved_time(
    bitrix24_portal: Bitrix24Portal, by: timedelta
) -> None:
    old = bitrix24_portal.call("crm.deal.add", fields={"TITLE": "Раньше"})
    bitrix24_portal.move_clock(by.total_seconds())
    then = datetime.now(UTC) + by
    deal = bitrix24_portal.call("crm.deal.add", fields={"TITLE": "Курс"})
    bitrix24_portal.call("crm.deal.update", id=deal, fields={"STAGE_ID": "PREPARATION"})
    comment = bitrix24_portal.add_comment(f"deal:{deal}", "текст")
    item = bitrix24_portal.call("crm.item.get", entityTypeId=2, id=deal)["item"]
    assert all(is_near(item[name], then) for name in ("createdTime", "updatedTime", "movedTime"))
    assert is_near(bitrix24_portal.call("crm.timeline.comment.get", id=comment)["CREATED"], then)
    before = bitrix24_portal.call("crm.item.get", entityTypeId=2, id=old)["item"]
    assert is_near(before["createdTime"], datetime.now(UTC))


def test_events_bear_the_moved_time(bitrix24_portal: Bitrix24Portal, bitrix24_events: Bitrix24Events) -> None:
    bitrix24_portal.send_events_to(bitrix24_events.url, delay_s=0.0)
    bitrix24_portal.move_clock(LONG.total_seconds())
    bitrix24_portal.call("crm.deal.add", fields={"TITLE": "Курс"})
    (event,) = bitrix24_events.wait_for("ONCRMDEALADD")
    assert abs(float(event.form["ts"]) - (time.time() + LONG.total_seconds())) < 10


@pytest.mark.bitrix24(limit="standard")
def test_time_that_passes_empties_the_bucket(bitrix24_portal: Bitrix24Portal) -> None:
    statuses = [requests.post(bitrix24_portal.url + "profile", timeout=10).status_code for _ in range(80)]
    assert 503 in statuses
    bitrix24_portal.move_clock(60)
    assert requests.post(bitrix24_portal.url + "profile", timeout=10).status_code == 200


def test_the_control_api_moves_and_tells_the_time(bitrix24_portal: Bitrix24Portal) -> None:
    url = f"{bitrix24_portal.base_url}/sandbox/clock"
    moved = requests.post(url, json={"by_s": 3600}, timeout=10).json()["now"]
    assert is_near(moved, datetime.now(UTC) + timedelta(hours=1))
    assert is_near(requests.get(url, timeout=10).json()["now"], datetime.now(UTC) + timedelta(hours=1))


@pytest.mark.parametrize("by_s", ["soon", None, float("inf"), float("nan"), 1e15, -1e15])
def test_a_time_that_there_is_not_is_refused_and_the_clock_stays(
    bitrix24_portal: Bitrix24Portal, by_s: Any
) -> None:
    with pytest.raises(ControlError):
        bitrix24_portal.move_clock(by_s)
    assert is_near(bitrix24_portal.now(), datetime.now(UTC))


def test_a_portal_starts_with_a_clock_that_is_wrong() -> None:
    with running_portal(clock_ahead_s=-LONG.total_seconds()) as portal:
        assert is_near(portal.now(), datetime.now(UTC) - LONG)
