from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from gatekeeper.store.heartbeat import Heartbeat
from tests.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heartbeat(engine: Engine, clock: Clock) -> Heartbeat:
    return Heartbeat(engine, now=clock)


def test_without_a_worker_there_is_no_beat(heartbeat: Heartbeat) -> None:
    assert heartbeat.freshest() is None
    assert heartbeat.silence() is None


def test_the_freshest_beat_of_any_worker_counts(heartbeat: Heartbeat, clock: Clock) -> None:
    heartbeat.beat("one")
    clock.advance(5)
    heartbeat.beat("two")
    clock.advance(7)
    assert heartbeat.freshest() == clock.after(-7)
    assert heartbeat.silence() == timedelta(seconds=7)


def test_a_worker_beats_again_and_again(heartbeat: Heartbeat, clock: Clock) -> None:
    heartbeat.beat("one")
    clock.advance(5)
    heartbeat.beat("one")
    assert heartbeat.freshest() == clock.time


def test_what_time_it_is_on_the_portal_is_kept_beside_the_beat(heartbeat: Heartbeat, clock: Clock) -> None:
    assert not heartbeat.knows_portal()
    assert heartbeat.portal_now() == clock.time
    heartbeat.beat("one", clock.after(-3600))
    clock.advance(60)
    heartbeat.beat("one")  # one that does not know it leaves what it knew
    heartbeat.beat("two")
    assert heartbeat.knows_portal()
    assert heartbeat.portal_now() == clock.after(-3600)


def test_of_several_workers_the_last_one_tells_what_time_it_is_on_the_portal(
    heartbeat: Heartbeat, clock: Clock
) -> None:
    heartbeat.beat("one", clock.after(100))
    clock.advance(1)
    heartbeat.beat("two", clock.after(-100))
    assert heartbeat.portal_now() == clock.after(-100)


def test_the_last_beat_is_told_however_long_ago(heartbeat: Heartbeat, clock: Clock) -> None:
    heartbeat.beat("one")
    clock.advance(7 * 86400)
    assert heartbeat.silence() == timedelta(days=7)


def test_by_default_the_databases_own_clock_counts(engine: Engine) -> None:
    heartbeat = Heartbeat(engine)
    heartbeat.beat("one")
    silence = heartbeat.silence()
    assert silence is not None
    assert timedelta(0) <= silence < timedelta(minutes=1)
