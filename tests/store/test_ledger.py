"""The day's counts, and when a portal is taken for silent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from gatekeeper.judge.examples import NOON
from gatekeeper.store.ledger import (
    SILENT_AFTER,
    SILENT_CHANGES,
    EventCounts,
    Hearing,
    Ledger,
)

SECOND = timedelta(seconds=1)


def test_a_days_counts_add_up_and_days_stay_apart(engine: Engine) -> None:
    ledger = Ledger(engine)
    first, second = date(2026, 9, 1), date(2026, 9, 2)
    ledger.add(second, EventCounts(found=1))
    for _ in range(2):
        ledger.add(first, EventCounts(heard=3, found=2, recovered=1))
    ledger.add(date(2026, 9, 3), EventCounts())
    assert ledger.days() == {first: EventCounts(6, 4, 2), second: EventCounts(0, 1, 0)}


@pytest.mark.parametrize(
    ("missed", "age", "deaf"),
    [
        (SILENT_CHANGES, SILENT_AFTER, True),
        (SILENT_CHANGES - 1, 24 * SILENT_AFTER, False),
        (100, SILENT_AFTER - SECOND, False),
    ],
)
def test_a_portal_is_silent_when_much_was_missed_for_long(missed: int, age: timedelta, deaf: bool) -> None:
    assert Hearing(NOON, missed).is_deaf(NOON + age) == deaf


def test_one_event_heard_begins_the_count_anew() -> None:
    later = NOON + SILENT_AFTER
    assert Hearing(NOON, 2).after(EventCounts(found=3), later) == Hearing(NOON, 5)
    assert Hearing(NOON, 2).after(EventCounts(heard=1, found=3), later) == Hearing(later)
