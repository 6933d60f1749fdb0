"""When people may be spoken to."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.quiet_hours import WEEKDAYS, QuietHours


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+03:00")


NIGHT = QuietHours("Europe/Moscow", time(20), time(9), ("saturday", "sunday"))
CLOCKS = st.times().map(lambda each: each.replace(second=0, microsecond=0))
MOMENTS = st.integers(0, 5_000_000).map(
    lambda minutes: moscow("2020-01-01T00:00") + timedelta(minutes=minutes)
)
ZONES = st.sampled_from(["Europe/Moscow", "Asia/Vladivostok", "Asia/Kathmandu", "UTC"])
QUIET = st.builds(
    QuietHours, ZONES, CLOCKS, CLOCKS, st.lists(st.sampled_from(WEEKDAYS), max_size=6, unique=True).map(tuple)
)


@pytest.mark.parametrize(
    ("moment", "earliest"),
    [
        ("2026-09-01T19:59", "2026-09-01T19:59"),  # a Tuesday
        ("2026-09-01T20:00", "2026-09-02T09:00"),
        ("2026-09-02T08:59", "2026-09-02T09:00"),
        ("2026-09-02T09:00", "2026-09-02T09:00"),
        ("2026-09-04T21:00", "2026-09-07T09:00"),
        ("2026-09-05T12:00", "2026-09-07T09:00"),
    ],
)
def test_what_comes_at_night_or_on_a_day_off_waits_for_the_next_morning(moment: str, earliest: str) -> None:
    assert NIGHT.earliest(moscow(moment)) == moscow(earliest)


@pytest.mark.parametrize(("clock", "waits"), [("12:59", False), ("13:00", True), ("14:00", False)])
def test_quiet_hours_may_lie_within_a_day(clock: str, waits: bool) -> None:
    lunch = QuietHours("Europe/Moscow", time(13), time(14))
    moment = moscow(f"2026-09-01T{clock}")
    assert (lunch.earliest(moment) != moment) is waits


def test_equal_bounds_are_no_quiet_hours() -> None:
    moment = moscow("2026-09-01T03:00")
    assert QuietHours("Europe/Moscow").earliest(moment) == moment


@given(QUIET, MOMENTS)
def test_the_earliest_moment_is_not_before_and_is_itself_not_quiet(
    quiet: QuietHours, moment: datetime
) -> None:
    earliest = quiet.earliest(moment)
    assert moment <= earliest < moment + timedelta(days=8)
    assert quiet.earliest(earliest) == earliest
    assert not quiet.is_day_off(earliest)
