"""Who may knock, how often with a wrong token, and that the right one is always heard."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import pytest
from flask.testing import FlaskClient

from gatekeeper.config import WebConfig
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.web import create_app
from gatekeeper.web.health import Health
from gatekeeper.web.throttle import WINDOW_S, Pace, Throttle
from tests.web.marking import marking

TOKEN = "a-token"
HOME, STRANGER = ip_address("203.0.113.7"), ip_address("198.51.100.9")


class Knocking:
    """A client of the app that says where it knocks from."""

    def __init__(self, **web: Any) -> None:
        self.marks: list[EntityRef] = []
        self.priorities: list[Priority] = []
        app = create_app(
            tokens=(TOKEN,), mark_dirty=marking(self._mark), health=Health(), web=WebConfig(**web)
        )
        self.client: FlaskClient = app.test_client()

    def _mark(self, ref: EntityRef, priority: Priority) -> None:
        self.marks.append(ref)
        self.priorities.append(priority)

    def knock(self, address: str, token: str = TOKEN, **headers: str) -> int:
        form = {"event": "ONCRMDEALADD", "data[FIELDS][ID]": "41", "auth[application_token]": token}
        answer = self.client.post(
            "/events",
            data=form,
            environ_base={"REMOTE_ADDR": address},
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        return answer.status_code


def test_without_a_list_everybody_with_the_token_is_heard() -> None:
    door = Knocking()
    assert [door.knock(each) for each in ("203.0.113.7", "::1", "", "unix:")] == [200] * 4


def test_with_a_list_only_those_on_it_are_and_the_token_does_not_help_the_others() -> None:
    door = Knocking(allow_from=("203.0.113.0/24", "2001:db8::/32"))
    assert [door.knock(each) for each in ("203.0.113.0", "203.0.113.255", "2001:db8::1")] == [200] * 3
    assert door.knock("::ffff:203.0.113.7") == 200
    assert [door.knock(each) for each in ("203.0.112.255", "203.0.114.0", "2001:db9::1", "", "x")] == [
        403
    ] * 5
    assert door.marks == [EntityRef(Kind.DEAL, 41)] * 4


def test_a_header_that_nobody_was_told_to_believe_is_not_believed() -> None:
    door = Knocking(allow_from=("203.0.113.0/24",))
    assert door.knock("198.51.100.9", X_Forwarded_For="203.0.113.7") == 403


@pytest.mark.parametrize(
    ("proxies", "header", "status"),
    [
        (1, "203.0.113.7", 200),
        (1, "198.51.100.9, 203.0.113.7", 200),
        (1, "203.0.113.7, 198.51.100.9", 403),
        (2, "203.0.113.7, 10.0.0.2", 200),
        (2, "198.51.100.9, 203.0.113.7, 10.0.0.2", 200),
        (2, "203.0.113.7, 198.51.100.9, 10.0.0.2", 403),
        (2, "203.0.113.7", 403),
        (1, "", 403),
        (1, "203.0.113.7:x", 403),
    ],
)
def test_behind_proxies_the_address_is_what_the_outermost_of_them_saw(
    proxies: int, header: str, status: int
) -> None:
    door = Knocking(allow_from=("203.0.113.0/24",), trusted_proxies=proxies)
    assert door.knock("10.0.0.1", X_Forwarded_For=header) == status


def test_who_is_wrong_too_often_is_told_to_wait_and_others_are_not() -> None:
    door = Knocking(bad_tokens_per_minute=3)
    assert [door.knock("203.0.113.7", "x") for _ in range(5)] == [403, 403, 403, 429, 429]
    assert door.knock("198.51.100.9", "x") == 403


def test_the_right_token_is_heard_whoever_else_was_wrong_from_there() -> None:
    """Portals share the addresses of Bitrix24's cloud."""
    door = Knocking(bad_tokens_per_minute=1)
    assert [door.knock("203.0.113.7", "x") for _ in range(3)] == [403, 429, 429]
    assert door.knock("203.0.113.7") == 200
    assert door.marks == [EntityRef(Kind.DEAL, 41)]


def test_a_body_in_chunks_is_not_read() -> None:
    door = Knocking()
    assert door.knock("203.0.113.7", Transfer_Encoding="chunked") == 411
    assert door.marks == []


def test_files_are_not_taken() -> None:
    door = Knocking()
    form = {"event": "ONCRMDEALADD", "data[FIELDS][ID]": "41", "auth[application_token]": TOKEN}
    answer = door.client.post("/events", data=form, content_type="multipart/form-data")
    assert (answer.status_code, door.marks) == (403, [])


def test_after_a_minute_it_is_forgiven() -> None:
    clock = [0.0]
    throttle = Throttle(2, lambda: clock[0])
    assert [throttle.is_too_often(HOME) for _ in range(3)] == [False, False, True]
    clock[0] = WINDOW_S - 0.01
    assert throttle.is_too_often(HOME)
    clock[0] = WINDOW_S
    assert not throttle.is_too_often(HOME)


def test_whoever_has_an_ipv6_network_is_one() -> None:
    throttle = Throttle(1, lambda: 0.0)
    assert not throttle.is_too_often(ip_address("2001:db8:1:2::1"))
    assert throttle.is_too_often(ip_address("2001:db8:1:2:ffff::9"))
    assert not throttle.is_too_often(ip_address("2001:db8:1:3::1"))


def test_so_many_addresses_are_remembered_and_no_more() -> None:
    throttle = Throttle(1, lambda: 0.0, most=100)
    throttle.is_too_often(STRANGER)
    for number in range(1000):
        throttle.is_too_often(ip_address(number))
        throttle.is_too_often(STRANGER)
    assert len(throttle) == 100
    assert throttle.is_too_often(STRANGER)
    assert not throttle.is_too_often(ip_address(1))


def test_events_beyond_the_pace_are_marked_behind_the_others_and_none_is_refused() -> None:
    door = Knocking(events_per_minute=3)
    assert [door.knock("203.0.113.7") for _ in range(5)] == [200] * 5
    assert door.priorities == [Priority.LIVE] * 3 + [Priority.CROWD] * 2


def test_the_pace_of_one_token_slows_no_other() -> None:
    pace = Pace(1, lambda: 0.0)
    assert [pace.is_usual(token) for token in ("first", "first", "second")] == [True, False, True]


def test_what_is_no_event_does_not_count_towards_the_pace() -> None:
    door = Knocking(events_per_minute=1)
    door.client.post("/events", data={"event": "ONCRMDEALADD", "auth[application_token]": TOKEN})
    assert door.knock("203.0.113.7") == 200
    assert door.priorities == [Priority.LIVE]


def test_the_pace_comes_back_evenly_whatever_was_sent_beyond_it() -> None:
    clock = [0.0]
    pace = Pace(60, lambda: clock[0])
    assert sum(pace.is_usual(TOKEN) for _ in range(3000)) == 60
    clock[0] = 0.99
    assert not pace.is_usual(TOKEN)
    clock[0] = 1.0
    assert [pace.is_usual(TOKEN) for _ in range(2)] == [True, False]
    clock[0] = 1.0 + WINDOW_S
    assert sum(pace.is_usual(TOKEN) for _ in range(100)) == 60
