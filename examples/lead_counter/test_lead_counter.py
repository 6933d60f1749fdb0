"""Tests of a Bitrix24 client, with the fixtures of the sandbox's pytest plugin and nothing else."""

from __future__ import annotations

import pytest
from lead_counter import BitrixError, Portal, count_by_stage, lead_of

from bitrix24_sandbox.testing import Bitrix24Events, Bitrix24Portal


def statuses(portal: Bitrix24Portal) -> list[int]:
    return [hit.status for hit in portal.hits()]


def test_leads_of_all_pages_are_counted(bitrix24_portal: Bitrix24Portal) -> None:
    for number in range(120):
        stage = "JUNK" if number % 3 == 0 else "NEW"
        bitrix24_portal.call("crm.lead.add", fields={"TITLE": f"Lead {number}", "STATUS_ID": stage})
    assert count_by_stage(Portal(bitrix24_portal.url)) == {"NEW": 80, "JUNK": 40}
    assert statuses(bitrix24_portal) == [200, 200, 200]


@pytest.mark.bitrix24(seed=60)
def test_a_portal_with_a_history_is_counted(bitrix24_portal: Bitrix24Portal) -> None:
    assert count_by_stage(Portal(bitrix24_portal.url)).total() == 60


@pytest.mark.bitrix24(faults=[{"kind": "503", "count": 2}])
def test_a_refused_call_is_tried_again(bitrix24_portal: Bitrix24Portal) -> None:
    assert count_by_stage(Portal(bitrix24_portal.url, pause_s=0.01)) == {}
    assert statuses(bitrix24_portal) == [503, 503, 200]


@pytest.mark.bitrix24(limit="standard")
def test_the_limit_of_two_hits_a_second_is_outwaited(bitrix24_portal: Bitrix24Portal) -> None:
    client = Portal(bitrix24_portal.url)
    for _ in range(52):
        client.call("server.time")
    assert statuses(bitrix24_portal).count(200) == 52
    assert 503 in statuses(bitrix24_portal)


def test_a_portal_that_never_has_time_is_given_up(bitrix24_portal: Bitrix24Portal) -> None:
    bitrix24_portal.put_fault("503", method="crm.lead.list")
    with pytest.raises(BitrixError, match="QUERY_LIMIT_EXCEEDED"):
        count_by_stage(Portal(bitrix24_portal.url, pause_s=0.001))


def test_an_event_tells_which_lead_is_new(
    bitrix24_portal: Bitrix24Portal, bitrix24_events: Bitrix24Events
) -> None:
    number = bitrix24_portal.call("crm.lead.add", user=3, fields={"TITLE": "Anna"})
    [added] = bitrix24_events.wait_for("ONCRMLEADADD")
    assert lead_of(added.form, bitrix24_portal.application_token) == number
    with pytest.raises(PermissionError):
        lead_of(added.form, "a guess")
