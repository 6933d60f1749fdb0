"""Whose turn it is, and that nobody's work is lost or done by two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from gatekeeper.store.jobs import Jobs
from tests.clock import Clock

EVERY = timedelta(minutes=5)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(engine: Engine, clock: Clock) -> Jobs:
    return Jobs(engine, lease=timedelta(seconds=60), now=clock)


def test_the_first_round_begins_at_once_and_the_next_when_its_time_has_come(jobs: Jobs, clock: Clock) -> None:
    assert jobs.take("sweep", "a") == {}
    jobs.finish("sweep", "a", {"n": 1}, EVERY)
    clock.advance(299)
    assert jobs.take("sweep", "a") is None
    clock.advance(1)
    assert jobs.take("sweep", "b") == {"n": 1}


def test_a_round_under_way_is_nobody_elses_until_its_lease_runs_out(jobs: Jobs, clock: Clock) -> None:
    jobs.take("sweep", "a")
    clock.advance(40)
    jobs.keep("sweep", "a", {"n": 1})
    clock.advance(59)
    assert jobs.take("sweep", "b") is None
    assert jobs.take("sweep", "a") == {"n": 1}
    clock.advance(60)
    assert jobs.take("sweep", "b") == {"n": 1}


def test_who_lost_the_lease_changes_nothing(jobs: Jobs, clock: Clock) -> None:
    jobs.take("sweep", "a")
    clock.advance(60)
    jobs.take("sweep", "b")
    jobs.keep("sweep", "a", {"n": "stale"})
    jobs.finish("sweep", "a", {"n": "stale"}, EVERY)
    assert jobs.take("sweep", "b") == {}
    assert jobs.status("sweep").age is None


def test_a_start_brings_the_next_round_forward_and_keeps_its_state(jobs: Jobs, clock: Clock) -> None:
    jobs.take("sweep", "a")
    jobs.finish("sweep", "a", {"n": 1}, EVERY)
    clock.advance(10)
    jobs.hasten("sweep")
    assert jobs.take("sweep", "b") == {"n": 1}
    assert jobs.status("sweep").age == timedelta(seconds=10)


def test_two_kinds_of_rounds_know_nothing_of_each_other(jobs: Jobs) -> None:
    jobs.take("sweep", "a")
    assert jobs.take("audit", "b") == {}
    jobs.forget("audit")
    assert jobs.status("audit").state == {}
    assert jobs.take("sweep", "b") is None
