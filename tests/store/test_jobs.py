"""Whose turn it is, and that nobody's work is lost or done by two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from gatekeeper.store.jobs import Rounds
from tests.clock import Clock

EVERY = timedelta(minutes=5)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rounds(engine: Engine, clock: Clock) -> Rounds:
    return Rounds(engine, lease=timedelta(seconds=60), now=clock)


def test_the_first_round_begins_at_once_and_the_next_when_its_time_has_come(
    rounds: Rounds, clock: Clock
) -> None:
    assert rounds.take("sweep", "a") == {}
    rounds.finish("sweep", "a", {"n": 1}, EVERY)
    clock.advance(299)
    assert rounds.take("sweep", "a") is None
    clock.advance(1)
    assert rounds.take("sweep", "b") == {"n": 1}


def test_a_round_under_way_is_nobody_elses_until_its_lease_runs_out(rounds: Rounds, clock: Clock) -> None:
    rounds.take("sweep", "a")
    clock.advance(40)
    rounds.keep("sweep", "a", {"n": 1})
    clock.advance(59)
    assert rounds.take("sweep", "b") is None
    assert rounds.take("sweep", "a") == {"n": 1}
    clock.advance(60)
    assert rounds.take("sweep", "b") == {"n": 1}


def test_who_lost_the_lease_changes_nothing(rounds: Rounds, clock: Clock) -> None:
    rounds.take("sweep", "a")
    clock.advance(60)
    rounds.take("sweep", "b")
    rounds.keep("sweep", "a", {"n": "stale"})
    rounds.finish("sweep", "a", {"n": "stale"}, EVERY)
    assert rounds.take("sweep", "b") == {}
    assert rounds.standing("sweep").age is None


def test_a_start_brings_the_next_round_forward_and_keeps_its_state(rounds: Rounds, clock: Clock) -> None:
    rounds.take("sweep", "a")
    rounds.finish("sweep", "a", {"n": 1}, EVERY)
    clock.advance(10)
    rounds.hasten("sweep")
    assert rounds.take("sweep", "b") == {"n": 1}
    assert rounds.standing("sweep").age == timedelta(seconds=10)


def test_two_kinds_of_rounds_know_nothing_of_each_other(rounds: Rounds) -> None:
    rounds.take("sweep", "a")
    assert rounds.take("audit", "b") == {}
    rounds.forget("audit")
    assert rounds.standing("audit").state == {}
    assert rounds.take("sweep", "b") is None
