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
    """

    every: timedelta
    _next_at: datetime = field(default=datetime.min.replace(tzinfo=UTC), init=False)

    def take_turn(self, now: datetime) -> bool:
        if now < self._next_at:
            return False
        self._next_at = now + self.every
        return True

    def rest_until(self, moment: datetime) -> None:
        """Give no turn before that moment."""
        self._next_at = moment
