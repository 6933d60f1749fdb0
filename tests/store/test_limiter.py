from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from gatekeeper.model.refs import Priority
from gatekeeper.store.database import open_engine
from gatekeeper.store.limiter import Limiter, LimiterSettings
from tests.clock import Clock

SETTINGS = LimiterSettings(rate_per_s=2, burst=20, reserve=5, latency_s=1)
ROOM = 18  # the burst, less what may be on its way


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limiter(engine: Engine, clock: Clock) -> Limiter:
    """A limiter whose bucket has drained."""
    limiter = Limiter(engine, SETTINGS, now=clock, sleep=clock.advance)
    limiter.reserve_hit(Priority.LIVE)
    clock.advance(3600)
    return limiter


def booked(limiter: Limiter, priority: Priority) -> int:
    """How many hits are to be had at once."""
    count = 0
    while limiter.reserve_hit(priority) == 0.0:
        count += 1
    return count


def test_an_empty_bucket_takes_a_burst_and_then_one_hit_as_one_drains(limiter: Limiter, clock: Clock) -> None:
    assert booked(limiter, Priority.LIVE) == ROOM
    assert limiter.reserve_hit(Priority.LIVE) == 0.5
    clock.advance(0.499)
    assert limiter.reserve_hit(Priority.LIVE) > 0
    clock.advance(0.001)
    assert booked(limiter, Priority.LIVE) == 1


def test_asking_in_vain_books_nothing(limiter: Limiter, clock: Clock) -> None:
    booked(limiter, Priority.LIVE)
    for _ in range(100):
        assert limiter.reserve_hit(Priority.LIVE) == 0.5
    clock.advance(0.5)
    assert limiter.reserve_hit(Priority.LIVE) == 0.0


@pytest.mark.parametrize("priority", [Priority.SWEEP, Priority.AUDIT])
def test_sweeps_leave_the_reserve_to_live_events(limiter: Limiter, priority: Priority) -> None:
    assert booked(limiter, priority) == ROOM - 5
    assert limiter.reserve_hit(priority) == 0.5
    assert booked(limiter, Priority.LIVE) == 5


def test_asking_for_room_books_nothing_and_tells_what_a_booking_would(limiter: Limiter) -> None:
    for _ in range(ROOM - 5):
        assert limiter.has_room(Priority.SWEEP)
        assert limiter.reserve_hit(Priority.SWEEP) == 0.0
    assert not limiter.has_room(Priority.SWEEP)
    assert limiter.has_room(Priority.LIVE)


def test_sweeps_wait_until_the_reserve_is_whole_again(limiter: Limiter) -> None:
    booked(limiter, Priority.LIVE)
    assert limiter.reserve_hit(Priority.SWEEP) == 3.0


def test_a_sweep_gets_its_hit_even_if_the_reserve_is_all_there_is(engine: Engine, clock: Clock) -> None:
    limiter = Limiter(engine, LimiterSettings(burst=5, reserve=50), now=clock, sleep=clock.advance)
    assert limiter.acquire(Priority.SWEEP)


def test_the_portals_bucket_never_runs_over_whatever_the_hits_are_delayed(
    limiter: Limiter, clock: Clock
) -> None:
    arrivals = []
    for number in range(200):
        assert limiter.acquire(Priority.LIVE)
        delay_s = SETTINGS.latency_s if number < ROOM else 0.0
        arrivals.append((clock.time + timedelta(seconds=delay_s)).timestamp())
    level, last = 0.0, 0.0
    for at in sorted(arrivals):
        level = max(0.0, level - (at - last) * SETTINGS.rate_per_s) + 1
        last = at
        assert level <= SETTINGS.burst


def test_a_bucket_nobody_knows_of_is_taken_for_half_full(engine: Engine, clock: Clock) -> None:
    limiter = Limiter(engine, SETTINGS, now=clock)
    assert booked(limiter, Priority.LIVE) == ROOM - SETTINGS.burst / 2
    clock.advance(SETTINGS.burst / SETTINGS.rate_per_s)
    assert booked(limiter, Priority.LIVE) == ROOM


def test_a_restart_finds_the_bucket_as_it_was_left(limiter: Limiter, engine: Engine, clock: Clock) -> None:
    booked(limiter, Priority.LIVE)
    clock.advance(2)
    assert booked(Limiter(engine, SETTINGS, now=clock), Priority.LIVE) == 4


def test_after_a_refusal_nobody_calls_for_a_second_or_more(limiter: Limiter, clock: Clock) -> None:
    limiter.penalise()
    clock.advance(0.999)
    assert limiter.reserve_hit(Priority.LIVE) > 0
    limiter.penalise()
    assert limiter.acquire(Priority.LIVE)


def test_even_a_slow_portal_gets_its_pause_after_a_refusal(engine: Engine, clock: Clock) -> None:
    limiter = Limiter(engine, LimiterSettings(rate_per_s=20, burst=50, latency_s=0), now=clock)
    limiter.penalise()
    assert limiter.reserve_hit(Priority.LIVE) == pytest.approx(1.0)


def test_a_clock_set_back_drains_nothing_and_blocks_nobody(limiter: Limiter, clock: Clock) -> None:
    booked(limiter, Priority.LIVE)
    clock.advance(-7200)
    set_back = clock.time
    assert limiter.reserve_hit(Priority.LIVE) == 0.5
    assert limiter.acquire(Priority.LIVE)
    assert clock.time - set_back == timedelta(seconds=0.5)
    assert booked(limiter, Priority.LIVE) == 0


def test_acquire_sleeps_until_there_is_room(limiter: Limiter, clock: Clock) -> None:
    booked(limiter, Priority.LIVE)
    before = clock.time
    assert limiter.acquire(Priority.LIVE)
    assert clock.time - before == timedelta(seconds=0.5)


def test_a_stopped_worker_gets_no_hit(limiter: Limiter) -> None:
    stop = threading.Event()
    stop.set()
    assert not limiter.acquire(Priority.LIVE, stop=stop)
    assert booked(limiter, Priority.LIVE) == ROOM


def test_stopping_wakes_one_who_waits(limiter: Limiter) -> None:
    booked(limiter, Priority.LIVE)  # the clock stands still: there will be no room
    stop = threading.Event()
    results: list[bool] = []
    waiting = threading.Thread(target=lambda: results.append(limiter.acquire(Priority.LIVE, stop=stop)))
    waiting.start()
    stop.set()
    waiting.join(timeout=30)
    assert results == [False]


def test_a_blocked_method_is_blocked_until_its_time_and_no_other_is(limiter: Limiter, clock: Clock) -> None:
    until = clock.after(60)
    limiter.block("crm.deal.list", until)
    assert limiter.blocked_until("crm.deal.list") == until
    assert limiter.blocked_until("crm.contact.list") is None
    clock.advance(59.999)
    assert limiter.blocked_until("crm.deal.list") == until
    clock.advance(0.001)
    assert limiter.blocked_until("crm.deal.list") is None


def test_of_two_blocks_the_later_counts_whichever_comes_first(limiter: Limiter, clock: Clock) -> None:
    limiter.block("crm.deal.list", clock.after(60))
    limiter.block("crm.deal.list", clock.after(30))
    assert limiter.blocked_until("crm.deal.list") == clock.after(60)
    limiter.block("crm.deal.list", clock.after(90))
    assert limiter.blocked_until("crm.deal.list") == clock.after(90)


def test_processes_share_one_bucket(limiter: Limiter, engine: Engine, clock: Clock) -> None:
    """An engine each, as processes have; all ask at once."""
    counts: list[int] = []

    def ask() -> None:
        own = open_engine(engine.url.render_as_string(hide_password=False))
        counts.append(booked(Limiter(own, SETTINGS, now=clock), Priority.LIVE))
        own.dispose()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == ROOM
    assert limiter.reserve_hit(Priority.LIVE) == 0.5


def test_by_default_the_databases_own_clock_counts(engine: Engine) -> None:
    limiter = Limiter(engine, LimiterSettings(rate_per_s=1000, burst=10, reserve=0, latency_s=0))
    assert [limiter.acquire(Priority.LIVE) for _ in range(20)] == [True] * 20
