"""How often something that is called all the time really happens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(slots=True)
class Pace:
    """One turn in `every`, by the times that its callers give; the first one at once.

    >>> noon, second = datetime(2026, 9, 1, 12, tzinfo=UTC), timedelta(seconds=1)
    >>> pace = Pace(2 * second)
    >>> pace.take_turn(noon), pace.take_turn(noon + second), pace.take_turn(noon + 2 * second)
    (True, False, True)

    A clock that was set back gives a turn at once: what it rested for may be far ahead now.

    >>> pace.take_turn(noon - 1000 * second), pace.take_turn(noon - 999 * second)
    (True, False)
    """

    every: timedelta
    _next_at: datetime = field(default=datetime.min.replace(tzinfo=UTC), init=False)
    _asked_at: datetime = field(default=datetime.min.replace(tzinfo=UTC), init=False)

    def take_turn(self, now: datetime) -> bool:
        was_set_back, self._asked_at = now < self._asked_at, now
        if now < self._next_at and not was_set_back:
            return False
        self._next_at = now + self.every
        return True

    def rest_until(self, moment: datetime) -> None:
        """Give no turn before that moment."""
        self._next_at = moment
