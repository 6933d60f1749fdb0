"""The leaky bucket, operating time, the log."""

from __future__ import annotations

from bitrix24_sandbox.bucket import Limiter
from bitrix24_sandbox.operating import Budget
from bitrix24_sandbox.options import Bucket
from tests.bitrix24_sandbox.conftest import Client, open_portal


class Clock:
    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


def test_the_bucket_holds_fifty_hits_and_leaks_two_a_second() -> None:
    clock = Clock()
    with open_portal(limit="standard", clock=clock) as portal:
        statuses = [portal.post("server.time").status_code for _ in range(52)]
        assert statuses == [200] * 50 + [503] * 2
        assert portal.refused("server.time") == (503, "QUERY_LIMIT_EXCEEDED")
        clock.now += 0.5
        assert [portal.post("server.time").status_code for _ in range(2)] == [200, 503]
        clock.now += 100
        assert [portal.post("server.time").status_code for _ in range(51)] == [200] * 50 + [503]


def test_a_batch_is_one_hit_and_the_control_api_none() -> None:
    clock = Clock()
    with open_portal(limit="standard", clock=clock) as portal:
        for _ in range(49):
            portal.batch({f"c{n}": "server.time" for n in range(10)})
            portal.log()
        assert portal.post("server.time").status_code == 200
        assert portal.post("server.time").status_code == 503


def test_enterprise_holds_more_and_off_holds_everything() -> None:
    clock = Clock()
    with open_portal(limit="enterprise", clock=clock) as portal:
        assert [portal.post("profile").status_code for _ in range(251)] == [200] * 250 + [503]
    with open_portal(limit="off", clock=clock) as portal:
        assert {portal.post("profile").status_code for _ in range(60)} == {200}


def test_each_address_has_its_own_bucket() -> None:
    limiter = Limiter(Bucket(rate=2, capacity=1))
    assert limiter.admits("10.0.0.1", 0.0)
    assert not limiter.admits("10.0.0.1", 0.0)
    assert limiter.admits("10.0.0.2", 0.0)


def test_a_refused_hit_does_not_fill_the_bucket() -> None:
    limiter = Limiter(Bucket(rate=1, capacity=1))
    admitted = [limiter.admits("a", now) for now in (0.0, 0.4, 0.8, 1.0)]
    assert admitted == [True, False, False, True]


def test_a_spent_method_is_blocked_until_its_minute_falls_out_of_the_window() -> None:
    clock = Clock()
    with open_portal(costs="booked", operating_limit_s=5.0, clock=clock) as portal:
        deal = portal.deal()
        portal.update(2, deal, title="а")
        time = portal.body("crm.item.update", {"entityTypeId": 2, "id": deal, "fields": {"title": "б"}})[
            "time"
        ]
        assert time["operating"] >= 5.0
        blocked = {"entityTypeId": 2, "id": deal, "fields": {"title": "в"}}
        assert portal.refused("crm.item.update", blocked) == (429, "OPERATION_TIME_LIMIT")
        assert portal.item(2, deal)["title"] == "б"
        in_batch = portal.batch({"u": f"crm.item.update?entityTypeId=2&id={deal}&fields[title]=x"})
        assert in_batch["result_error"]["u"]["error"] == "OPERATION_TIME_LIMIT"
        clock.now = time["operating_reset_at"]
        assert portal.update(2, deal, title="в")["title"] == "в"


def test_short_calls_are_not_booked() -> None:
    budget = Budget(limit_s=1.0)
    budget.book("m", 0.09, 0.0)
    assert budget.used("m", 0.0) == 0
    budget.book("m", 1.0, 0.0)
    assert budget.is_spent("m", 0.0)
    assert not budget.is_spent("other", 0.0)


def test_what_was_spent_is_free_again_after_the_window() -> None:
    budget = Budget(limit_s=1.0, window_s=30)
    budget.book("m", 1.0, 100.0)
    assert budget.resets_at("m", 101.0) == 129
    assert budget.is_spent("m", 128.9)
    assert not budget.is_spent("m", 129.0)


def test_a_request_that_takes_over_a_minute_is_cut_off_by_the_front() -> None:
    with open_portal(costs="booked") as portal:
        slow = {f"u{n}": f"crm.item.update?entityTypeId=2&id=1&fields[title]=t{n}" for n in range(50)}
        portal.deal()
        answer = portal.post("batch", {"cmd": slow})
        assert answer.status_code == 504
        assert answer.headers["Content-Type"].startswith("text/html")
        assert 0 < portal.log()["methods"]["crm.item.update"] < 50


def test_the_log_counts_hits_commands_and_methods_since_a_mark(portal: Client) -> None:
    portal.deal()
    mark = portal.log()["mark"]
    portal.batch({"a": "crm.deal.get?id=1", "b": "crm.deal.get?id=99", "c": "server.time"})
    portal.refused("no.such")
    log = portal.log(since=mark, calls=1)
    assert (log["mark"], log["hits"], log["commands"]) == (mark + 2, 2, 3)
    assert log["methods"] == {"crm.deal.get": 2, "server.time": 1}
    assert log["statuses"] == {"200": 1, "404": 1}
    assert [call["method"] for call in log["calls"]] == ["batch", "no.such"]
    assert log["calls"][0]["commands"][0] == {"method": "crm.deal.get", "params": {"id": "1"}, "error": None}
