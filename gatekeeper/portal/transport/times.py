"""How long the portal takes for each method, and how much of its time a method has used, by its answers.

A method may run for so many seconds in ten minutes (contract 1.5). What can wait stays under a part of that,
so that the method is never blocked for whoever cannot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

UNTOLD_S = 0.02
"""What a method is taken to last of which no answer has told yet."""
FADING = 0.8
"""How much of what was seen before counts against a quicker answer: slow ones are believed at once."""
PATIENT_S = 288.0
"""What may be used by writes that can wait: six tenths of the 480 s that the vendor names."""
UNTOLD_COUNT = 50
"""So many are written before an answer tells what is used up."""
SOON = timedelta(minutes=1)
"""When to ask again where no answer has told: the budget is counted in parts of a minute."""
KEYS = ("duration", "operating", "operating_reset_at")
_YEAR_5138 = 1e11  # far within what datetime holds, and NaN is not below it


@dataclass(frozen=True, slots=True)
class Room:
    """How many writes may be made now; where there are none, when there may be some."""

    count: int
    again_at: datetime

    def less_one(self) -> Self:
        return replace(self, count=self.count - 1)


@dataclass(frozen=True, slots=True)
class _Used:
    seconds: float
    reset_at: datetime


class MethodTimes:
    """Any thread may tell it, and ask: of two answers either is good enough, so there is no lock."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._used: dict[str, _Used] = {}

    def learn(self, method: str, told: Any) -> None:
        """Take in the `time` of an answer; what cannot be read in it is ignored."""
        if not isinstance(told, dict):
            return
        seconds, used, reset_at = (_a_time(told.get(key)) for key in KEYS)
        if seconds is not None:
            self._seconds[method] = max(seconds, FADING * self._seconds.get(method, 0.0))
        if reset_at:
            self._used[method] = _Used(used or 0.0, datetime.fromtimestamp(reset_at, UTC))

    def expected_s(self, method: str) -> float:
        """How long it takes once."""
        return self._seconds.get(method, UNTOLD_S)

    def is_known(self, method: str) -> bool:
        return method in self._seconds

    def reset_at(self, method: str) -> datetime | None:
        """When some of its time is free again; None where no answer has told."""
        used = self._used.get(method)
        return used.reset_at if used else None

    def room(self, method: str, now: datetime) -> Room:
        """How often it may be called by what can wait; `now` is the machine's time."""
        used = self._used.get(method)
        if used is None or used.reset_at <= now:
            return Room(UNTOLD_COUNT, now + SOON)
        left = (PATIENT_S - used.seconds) / max(self.expected_s(method), 0.001)
        return Room(max(0, int(left)), min(used.reset_at, now + SOON))


def _a_time(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value < _YEAR_5138 else None
