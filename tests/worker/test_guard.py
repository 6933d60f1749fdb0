"""A step that fails rests and is told once a minute, and no other step suffers from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from gatekeeper.model.errors import DatabaseLost
from gatekeeper.worker.guard import LONGEST_REST_S, Guard

SECRET = "Иванов Иван, +7 903 123-45-67"


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Step:
    """Fails with this until it is None."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.calls = 0

    def __call__(self) -> bool:
        self.calls += 1
        if self.error is not None:
            raise self.error
        return True


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def guard(clock: Clock) -> Guard:
    return Guard(clock)


def away() -> OperationalError:
    return OperationalError("SELECT 1", {}, Exception(SECRET))


def test_a_step_that_fails_rests_longer_each_time_and_goes_on_when_it_can(guard: Guard, clock: Clock) -> None:
    step = Step(LookupError(SECRET))
    rests = []
    for _ in range(8):
        assert guard.run("index", step) is False
        rests.append(guard.rest_s("index"))
        clock.seconds += guard.rest_s("index")
    assert rests == [1, 2, 4, 8, 16, LONGEST_REST_S, LONGEST_REST_S, LONGEST_REST_S]
    step.error = None
    assert guard.run("index", step) is True
    assert guard.rest_s("index") == 0


def test_while_one_rests_it_is_not_called_and_the_others_are(guard: Guard) -> None:
    broken, whole = Step(LookupError()), Step()
    for _ in range(5):
        guard.run("index", broken)
        assert guard.run("wave", whole) is True
    assert (broken.calls, whole.calls) == (1, 5)


def test_what_fails_all_the_time_is_told_once_a_minute_without_anybodys_data(
    guard: Guard, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    step = Step(LookupError(SECRET))
    for _ in range(600):
        guard.run("index", step)
        clock.seconds += 0.2
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2
    assert told[0].startswith("step.failed step=index why=LookupError at=__call__:")
    assert told[1].endswith(f"unsaid={step.calls - 2}") or "unsaid=" in told[1]
    assert SECRET not in caplog.text


def test_where_the_database_is_away_all_rest_and_one_line_a_minute_says_so(
    guard: Guard, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    steps = {name: Step(away()) for name in ("heartbeat", "wave", "index", "sweep", "alarm")}
    for _ in range(600):
        for name, step in steps.items():
            guard.run(name, step)
        clock.seconds += 0.2
    assert len(caplog.records) == 2
    assert {record.getMessage().split()[1] for record in caplog.records} == {"step=database"}
    assert sum(step.calls for step in steps.values()) < 20
    for step in steps.values():
        step.error = None
    clock.seconds += LONGEST_REST_S
    assert all(guard.run(name, step) for name, step in steps.items())


def test_of_a_lost_database_it_is_told_what_to_do(guard: Guard, caplog: pytest.LogCaptureFixture) -> None:
    guard.run("heartbeat", Step(DatabaseLost("deleted", Path("/var/lib/gate.db"))))
    assert "/var/lib/gate.db was deleted while it was open" in caplog.text
