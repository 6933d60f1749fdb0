"""The portal's clock is what its answers agree upon: no single one of them can set it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.errors import ClockUnsure, PortalError
from gatekeeper.portal.clock import ENOUGH, SLACK_S, PortalClock
from gatekeeper.portal.transport.client import Command
from tests.portal.scripted_portal import NOW, Reply, a_portal

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
LONG = 70 * DAY


@dataclass
class Scene:
    """A portal whose clock stands at NOON when the monotonic one is 0, and a machine that is `wrong`."""

    wrong: timedelta = timedelta()
    set_by: timedelta = timedelta()
    seconds: float = 0.0
    clock: PortalClock = field(init=False)

    def __post_init__(self) -> None:
        self.clock = PortalClock(machine_now=self.machine, monotonic=lambda: self.seconds)

    def machine(self) -> datetime:
        return NOON + self.wrong + timedelta(seconds=self.seconds)

    def portal(self) -> datetime:
        return NOON + self.set_by + timedelta(seconds=self.seconds)

    def hit(self, *, off: timedelta = timedelta(), travel_s: float = 0.1) -> None:
        """One hit: sent, answered half of the way, heard. The answer is `off` by so much."""
        sent_at = self.seconds
        self.seconds += travel_s / 2
        told = (self.portal() + off).replace(microsecond=0)
        self.seconds += travel_s / 2
        self.clock.hear({"date_finish": told.isoformat()}, sent_at)

    def hits(self, count: int, **how: Any) -> None:
        for _ in range(count):
            self.seconds += 1.0
            self.hit(**how)

    def known(self) -> bool:
        """Whether the clock is the portal's; not to know is not to be wrong."""
        reading = self.clock.reading()
        return reading is not None and abs(reading - self.portal()) <= timedelta(seconds=SLACK_S)


def test_before_the_first_answer_there_is_no_time() -> None:
    with pytest.raises(ClockUnsure):
        PortalClock().now()


def test_the_first_answer_that_the_machine_bears_out_is_believed() -> None:
    scene = Scene(wrong=timedelta(seconds=29))
    scene.hit()
    assert scene.known()


@pytest.mark.parametrize("wrong", [LONG, -LONG, timedelta(seconds=33)])
def test_without_the_machine_several_answers_are_needed(wrong: timedelta) -> None:
    scene = Scene(wrong=wrong)
    scene.hits(ENOUGH - 1)
    assert scene.clock.reading() is None
    scene.hits(1)
    assert scene.known()
    assert abs((scene.clock.drift() or timedelta()) - wrong) < 2 * SECOND


def test_hits_that_were_in_flight_together_are_one_witness() -> None:
    scene = Scene(wrong=LONG)
    told = {"date_finish": NOON.isoformat()}
    scene.seconds = 1.0
    for _ in range(10):
        scene.clock.hear(told, 0.0)
    assert scene.clock.reading() is None


def test_time_goes_on_between_the_answers() -> None:
    scene = Scene()
    scene.hit()
    began = scene.clock.now()
    scene.seconds += 3600
    assert scene.clock.now() - began == timedelta(hours=1)


@pytest.mark.parametrize("off", [LONG, 20 * 365 * DAY, timedelta(seconds=SLACK_S + 2)])
def test_one_answer_from_the_future_changes_nothing(off: timedelta) -> None:
    scene = Scene()
    scene.hits(2)
    scene.hit(off=off)
    assert scene.known()
    scene.hits(2, off=off)
    assert not scene.known()  # these three are believed: it may be that the portal's clock was set
    scene.hits(ENOUGH)
    assert scene.known()


def test_an_answer_from_the_past_stops_the_clock_until_the_next_one() -> None:
    """To judge by the later reading might accuse, to judge by the earlier one might acquit."""
    scene = Scene()
    scene.hits(2)
    scene.hit(off=-LONG)
    with pytest.raises(ClockUnsure):
        scene.clock.now()
    scene.hit()
    assert scene.known()


def test_answers_that_come_late_or_in_the_wrong_order_do_not_set_it_back() -> None:
    scene = Scene()
    scene.hit()
    scene.hit(travel_s=25.0)
    before = scene.clock.now()
    scene.clock.hear({"date_finish": NOON.isoformat()}, 0.0)
    assert scene.known()
    assert scene.clock.now() >= before


@pytest.mark.parametrize(
    "told",
    [
        None,
        {},
        [],
        "2026-09-01T12:00:00+03:00",
        {"date_finish": None},
        {"date_finish": ""},
        {"date_finish": 1_790_000_000},
        {"date_finish": "2026-09-01T12:00:00"},
        {"date_finish": "9999-12-31T23:59:59+00:00"},
        {"date_finish": {"date": "2026-09-01"}},
        {"date_start": "2027-09-01T12:00:00+03:00"},
    ],
)
def test_an_answer_that_tells_no_time_changes_nothing(told: Any) -> None:
    scene = Scene()
    scene.hits(2)
    before = scene.clock.now()
    for _ in range(2 * ENOUGH):
        scene.clock.hear(told, scene.seconds)
    assert scene.clock.now() == before


@pytest.mark.parametrize("set_by", [-LONG, LONG, -timedelta(seconds=10), timedelta(hours=8)])
def test_a_portal_whose_clock_was_set_is_followed_after_a_few_hits(
    set_by: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    """So is the portal of a machine that was suspended, whose monotonic clock stood still."""
    caplog.set_level(logging.WARNING)
    scene = Scene()
    scene.hits(3)
    scene.set_by = set_by
    scene.hits(ENOUGH)
    assert scene.known()
    assert "clock.set by_s=" in caplog.text


def test_a_monotonic_clock_that_drifts_is_followed_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    scene = Scene()
    before = scene.portal() - DAY
    for _ in range(2000):  # a week, five minutes at a time; 100 millionths too slow, then as much too fast
        scene.seconds += 300
        scene.set_by += timedelta(seconds=0.03 if scene.seconds < 300_000 else -0.03)
        scene.hit()
        now = scene.clock.now()
        assert scene.known()
        assert now >= before
        before = now
    assert caplog.text == ""


SPOILT = st.sampled_from([50 * DAY, -50 * DAY, 400 * DAY, timedelta(minutes=6), timedelta(seconds=-30)])
ANSWERS = st.lists(st.tuples(st.one_of(st.none(), SPOILT), st.floats(0.01, 30.0), st.floats(0.0, 600.0)))


@given(wrong=st.sampled_from([timedelta(), LONG, -LONG, timedelta(minutes=4)]), answers=ANSWERS)
def test_spoilt_answers_that_never_agree_three_times_leave_the_time_right_or_unknown(
    wrong: timedelta, answers: list[tuple[timedelta | None, float, float]]
) -> None:
    scene = Scene(wrong=wrong)
    spoilt, latest = 0, NOON - 100 * DAY
    for off, travel_s, pause_s in answers:
        spoilt = spoilt + 1 if off and spoilt < ENOUGH - 1 else 0
        scene.seconds += pause_s
        scene.hit(off=off if off and spoilt else timedelta(), travel_s=travel_s)
        reading = scene.clock.reading()
        if reading is not None:  # it may be behind by what a first answer took, or was spoilt by
            assert scene.portal() - timedelta(seconds=65) <= reading
            assert reading <= scene.portal() + timedelta(seconds=SLACK_S)
            assert reading >= latest
            latest = reading


@given(wrong=st.sampled_from([timedelta(), LONG, -LONG]), answers=ANSWERS)
def test_whatever_came_a_few_right_answers_in_a_row_are_enough(
    wrong: timedelta, answers: list[tuple[timedelta | None, float, float]]
) -> None:
    scene = Scene(wrong=wrong)
    for off, travel_s, pause_s in answers:
        scene.seconds += pause_s
        scene.hit(off=off or timedelta(), travel_s=travel_s)
    scene.hits(ENOUGH)
    assert scene.known()


def test_the_client_tells_its_clock_the_time_of_each_answer_and_of_no_refusal() -> None:
    time = {"date_finish": NOW.isoformat()}
    refused, answered = Reply.json({"error": "NOT_FOUND", "time": time}, 400), {"result": 1, "time": time}
    with a_portal([refused, Reply.json(answered)]) as scene:
        with pytest.raises(PortalError):
            scene.client.call(Command("crm.item.get", {}))
        assert not scene.client.clock.is_sure
        scene.client.call(Command("crm.item.get", {}))
        assert abs(scene.client.clock.now() - NOW) < SECOND
