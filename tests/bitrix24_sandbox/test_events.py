"""Outgoing webhooks: what they say, what raises them, how they travel."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

import pytest

from bitrix24_sandbox.options import Delivery
from tests.bitrix24_sandbox.conftest import (
    Client,
    Listener,
    open_portal,
    wait_until,
)

QUICK = Delivery(delay_s=0.0)


def test_an_event_is_a_form_with_brackets_five_auth_keys_and_no_values(listener: Listener) -> None:
    with open_portal(events_url=listener.url) as portal:
        deal = portal.deal(title="Тайна")
        listener.wait_for(1)
    event = listener.events[0]
    assert listener.content_types == ["application/x-www-form-urlencoded"]
    assert listener.bodies[0].startswith("event=ONCRMDEALADD&event_handler_id=")
    assert "data%5BFIELDS%5D%5BID%5D=" in listener.bodies[0]
    assert (event["event"], event["data[FIELDS][ID]"]) == ("ONCRMDEALADD", str(deal))
    assert event["auth[application_token]"] == "sandbox-application-token"
    auth = {"domain", "client_endpoint", "server_endpoint", "member_id", "application_token"}
    assert set(event) == {"event", "event_handler_id", "data[FIELDS][ID]", "ts"} | {
        f"auth[{key}]" for key in auth
    }
    assert "Тайна" not in unquote_plus(listener.bodies[0])


def test_each_deed_raises_its_event_and_nothing_else_does(listener: Listener) -> None:
    with open_portal(events_url=listener.url, delivery=QUICK) as portal:
        contact, lead, deal = portal.contact(), portal.lead(), portal.deal()
        portal.update(2, deal, title="x")
        portal.update(2, deal, title="x")
        portal.call("crm.deal.update", {"id": deal, "fields": {"TITLE": "x"}})
        portal.call("crm.deal.contact.add", {"id": deal, "fields": {"CONTACT_ID": contact}})
        portal.update(2, deal, categoryId=1)
        comment = portal.comment(deal, "позвонил")
        portal.call("crm.timeline.comment.update", {"id": comment, "fields": {"COMMENT": "да"}})
        pinned = {"id": comment, "ownerTypeId": 2, "ownerId": deal}
        portal.call("crm.timeline.item.pin", pinned)
        portal.call("crm.timeline.comment.delete", {"id": comment})
        todo = {"ownerTypeId": 2, "ownerId": deal, "deadline": "2026-12-01T10:00:00+03:00"}
        activity = portal.call("crm.activity.todo.add", todo)["id"]
        rows = [{"PRODUCT_NAME": "Курс", "PRICE": 5}]
        portal.call("crm.deal.productrows.set", {"id": deal, "rows": rows})
        portal.call("crm.contact.update", {"id": contact, "fields": {"NAME": "Пётр"}})
        portal.call("crm.item.delete", {"entityTypeId": 1, "id": lead})
        wait_until(lambda: portal.log()["events"]["pending"] == 0)
    assert listener.names() == [
        ("ONCRMCONTACTADD", contact),
        ("ONCRMLEADADD", lead),
        ("ONCRMDEALADD", deal),
        ("ONCRMDEALUPDATE", deal),
        ("ONCRMDEALUPDATE", deal),
        ("ONCRMTIMELINECOMMENTADD", comment),
        ("ONCRMTIMELINECOMMENTUPDATE", comment),
        ("ONCRMTIMELINECOMMENTDELETE", comment),
        ("ONCRMACTIVITYADD", activity),
        ("ONCRMDEALUPDATE", deal),
        ("ONCRMCONTACTUPDATE", contact),
        ("ONCRMLEADDELETE", lead),
    ]


def test_a_read_right_after_the_event_sees_the_committed_card(listener: Listener) -> None:
    with open_portal(events_url=listener.url, delivery=QUICK) as portal:
        portal.batch({f"c{n}": f"crm.item.add?entityTypeId=2&fields[title]=Deal {n}" for n in range(5)})
        for name, number in listener.wait_for(5):
            assert name == "ONCRMDEALADD"
            assert portal.item(2, number)["title"] == f"Deal {number - 1}"


def test_a_refused_command_tells_nobody(listener: Listener) -> None:
    with open_portal(events_url=listener.url, delivery=QUICK) as portal:
        portal.refused("crm.item.add", {"entityTypeId": 2, "fields": {"stageId": "C1:NEW"}})
        assert portal.log()["events"]["raised"] == 0


@pytest.mark.parametrize("status", ["500 Internal Server Error", "404 Not Found"])
def test_a_handler_that_fails_hears_of_it_never_again(listener: Listener, status: str) -> None:
    listener.status = status
    with open_portal(events_url=listener.url, delivery=QUICK) as portal:
        first = portal.deal()
        wait_until(lambda: portal.log()["events"]["refused"] == 1)
        listener.status = "200 OK"
        second = portal.deal()
        wait_until(lambda: portal.log()["events"]["pending"] == 0)
        events = portal.log()["events"]
    assert (events["refused"], events["delivered"]) == (1, 1)
    assert listener.names() == [("ONCRMDEALADD", first), ("ONCRMDEALADD", second)]


def test_a_handler_that_is_not_there_loses_the_event(listener: Listener) -> None:
    with open_portal(events_url="http://127.0.0.1:9/events", delivery=QUICK) as portal:
        portal.deal()
        wait_until(lambda: portal.log()["events"]["failed"] == 1)
        portal.control("events", {"url": listener.url})
        second = portal.deal()
        assert listener.wait_for(1) == [("ONCRMDEALADD", second)]


def run(listener: Listener, count: int, **delivery: Any) -> dict[str, int]:
    with open_portal(events_url=listener.url, delivery=Delivery(**{"delay_s": 0.0} | delivery)) as portal:
        portal.batch({f"c{n}": "crm.item.add?entityTypeId=2&fields[title]=x" for n in range(count)})
        wait_until(lambda: portal.log()["events"]["pending"] == 0)
        events: dict[str, int] = portal.log()["events"]
        return events


def test_events_may_be_lost_and_the_same_seed_loses_the_same(listener: Listener) -> None:
    events = run(listener, 40, loss=0.5, seed=7)
    assert 5 < events["lost"] < 35
    assert events["delivered"] == 40 - events["lost"] == len(listener.events)
    arrived = listener.names()
    listener.events.clear()
    run(listener, 40, loss=0.5, seed=7)
    assert listener.names() == arrived


def test_events_may_come_twice(listener: Listener) -> None:
    run(listener, 5, doubling=1.0)
    assert sorted(number for _, number in listener.names()) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_a_new_card_may_be_followed_by_updates(listener: Listener) -> None:
    run(listener, 1, updates_after_add=2)
    assert listener.names() == [("ONCRMDEALADD", 1), ("ONCRMDEALUPDATE", 1), ("ONCRMDEALUPDATE", 1)]


def test_events_may_overtake_each_other(listener: Listener) -> None:
    run(listener, 20, reorder_s=0.2, seed=3)
    numbers = [number for _, number in listener.names()]
    assert sorted(numbers) == list(range(1, 21))
    assert numbers != sorted(numbers)


def test_a_burst_waits_until_it_is_complete(listener: Listener) -> None:
    delivery = Delivery(delay_s=0.0, burst=3, burst_wait_s=60)
    with open_portal(events_url=listener.url, delivery=delivery) as portal:
        portal.deal()
        portal.deal()
        assert portal.log()["events"]["pending"] == 2
        assert listener.events == []
        portal.deal()
        assert [number for _, number in listener.wait_for(3)] == [1, 2, 3]


def test_an_incomplete_burst_leaves_after_its_wait(listener: Listener) -> None:
    with open_portal(
        events_url=listener.url, delivery=Delivery(delay_s=0.0, burst=3, burst_wait_s=0.1)
    ) as portal:
        portal.deal()
        assert listener.wait_for(1) == [("ONCRMDEALADD", 1)]


def test_a_slow_handler_is_called_at_growing_intervals(listener: Listener) -> None:
    listener.thinks_s = 0.05
    with open_portal(events_url=listener.url, delivery=Delivery(delay_s=0.0, slow_after_s=0.01)) as portal:
        portal.deal()
        portal.deal()
        listener.wait_for(2)
    first, second = listener.heard_at
    assert second - first >= 1.0


def test_older_portals_leave_keys_out_and_comments_name_their_id_elsewhere(listener: Listener) -> None:
    delivery = Delivery(delay_s=0.0, comment_shape="data", omit=("event_handler_id", "server_endpoint"))
    with open_portal(events_url=listener.url, delivery=delivery) as portal:
        deal = portal.deal()
        comment = portal.comment(deal, "текст")
        wait_until(lambda: len(listener.events) == 2)
    assert listener.events[1]["data[ID]"] == str(comment)
    assert "data[FIELDS][ID]" not in listener.events[1]
    assert not {"event_handler_id", "auth[server_endpoint]"} & set(listener.events[0])


def test_delivery_is_changed_while_it_runs_and_mistakes_in_it_are_told(
    portal: Client, listener: Listener
) -> None:
    portal.control("events", {"url": listener.url, "token": "another", "delay_s": 0.0})
    portal.deal()
    listener.wait_for(1)
    assert listener.events[0]["auth[application_token]"] == "another"
    wrong = portal.http.post(f"{portal.sandbox.url}/sandbox/events", json={"dealy_s": 1}, timeout=10)
    assert wrong.status_code == 400
