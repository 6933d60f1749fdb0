"""The breaker: how many deals may be moved back, whoever asks, however often, and after a crash."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from gatekeeper.judge.examples import NOON
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.breaker import Breaker, BreakerSettings

FIVE = BreakerSettings(reverts=5, minutes=10)


def deals(*numbers: int, moved_at: datetime = NOON) -> list[tuple[EntityRef, datetime]]:
    return [(EntityRef(Kind.DEAL, each), moved_at) for each in numbers]


@pytest.fixture
def breaker(engine: Engine) -> Breaker:
    return Breaker(engine, FIVE)


def test_so_many_as_are_allowed_trip_nothing(breaker: Breaker) -> None:
    admission = breaker.admit(deals(*range(1, 6)), NOON)
    assert (len(admission.admitted), admission.tripped_now) == (5, False)
    assert breaker.state(NOON).tripped_at is None


def test_one_more_trips_it_and_a_wave_does_not_overshoot(breaker: Breaker) -> None:
    admission = breaker.admit(deals(*range(1, 51)), NOON)
    assert (len(admission.admitted), admission.tripped_now) == (5, True)
    assert breaker.state(NOON).tripped_at == NOON


def test_once_it_has_tripped_nothing_is_admitted_and_it_trips_no_second_time(breaker: Breaker) -> None:
    breaker.admit(deals(*range(1, 7)), NOON)
    later = breaker.admit(deals(1, 99), NOON + timedelta(days=30))
    assert (later.admitted, later.tripped_now) == (frozenset(), False)


def test_what_was_counted_once_is_admitted_again_after_a_crash(breaker: Breaker) -> None:
    first = breaker.admit(deals(*range(1, 6)), NOON)
    again = breaker.admit(deals(*range(1, 6)), NOON + timedelta(minutes=1))
    assert again == first
    assert breaker.state(NOON).counted == 5


def test_the_same_deal_moved_on_again_is_counted_again(breaker: Breaker) -> None:
    for minute in range(6):
        moved_at = NOON + timedelta(minutes=minute)
        admission = breaker.admit(deals(1, moved_at=moved_at), moved_at)
    assert admission.tripped_now


@pytest.mark.parametrize(("passed", "admitted"), [(599, 0), (600, 1)])
def test_what_lies_longer_ago_than_the_minutes_is_not_counted(
    breaker: Breaker, passed: int, admitted: int
) -> None:
    breaker.admit(deals(*range(1, 6)), NOON)
    later = breaker.admit(deals(6), NOON + timedelta(seconds=passed))
    assert len(later.admitted) == admitted


def test_only_an_admins_reset_closes_it_and_begins_to_count_anew(breaker: Breaker) -> None:
    breaker.admit(deals(*range(1, 7)), NOON)
    assert breaker.reset()
    assert not breaker.reset()
    assert len(breaker.admit(deals(*range(1, 6)), NOON).admitted) == 5


def test_one_caller_alone_takes_the_alarm(breaker: Breaker) -> None:
    assert breaker.take_alarm(NOON) is None
    breaker.admit(deals(*range(1, 7)), NOON)
    assert [breaker.take_alarm(NOON) for _ in range(2)] == [NOON, None]
    breaker.reset()
    breaker.admit(deals(*range(1, 7)), NOON + timedelta(hours=1))
    assert breaker.take_alarm(NOON) == NOON + timedelta(hours=1)


def test_workers_that_ask_at_once_do_not_overshoot_together(engine: Engine) -> None:
    breaker = Breaker(engine, BreakerSettings(reverts=20, minutes=10))
    waves = [deals(*range(first, first + 10)) for first in range(1, 81, 10)]
    with ThreadPoolExecutor(8) as pool:
        admissions = list(pool.map(lambda wave: breaker.admit(wave, NOON), waves))
    assert sum(len(each.admitted) for each in admissions) == 20
    assert [each.tripped_now for each in admissions].count(True) == 1
