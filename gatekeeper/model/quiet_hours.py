"""When people may be spoken to: pure arithmetic on local times."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Quiet is from `begin` to `end`, over midnight where begin is the later one, and all of a day off.

    Local times of `zone`, a name such as Europe/Moscow; equal bounds are no quiet hours. `days_off` leave at
    least one day of the week.

    >>> from datetime import UTC
    >>> night = QuietHours("UTC", time(20), time(9), ("saturday", "sunday"))
    >>> friday_evening = datetime(2026, 9, 4, 21, 30, tzinfo=UTC)
    >>> str(night.earliest(friday_evening))
    '2026-09-07 09:00:00+00:00'
    """

    zone: str
    begin: time = time()
    end: time = time()
    days_off: tuple[str, ...] = ()

    def earliest(self, moment: datetime) -> datetime:
        """The first moment from this one on that is not quiet."""
        local = self.local(moment)
        for _ in range(2 * len(WEEKDAYS) + 2):
            after = self._end_of_quiet(local)
            if after is None:
                return local.astimezone(moment.tzinfo)
            local = after
        raise ValueError("every day is off")

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.zone))

    def is_day_off(self, moment: datetime) -> bool:
        return WEEKDAYS[self.local(moment).weekday()] in self.days_off

    def _end_of_quiet(self, local: datetime) -> datetime | None:
        """When the quiet that holds now ends at the earliest; None where none holds."""
        tomorrow = _at(local + timedelta(days=1), time())
        if WEEKDAYS[local.weekday()] in self.days_off:
            return tomorrow
        clock = local.time()
        if self.begin < self.end:
            return _at(local, self.end) if self.begin <= clock < self.end else None
        if self.begin > self.end and clock >= self.begin:
            return tomorrow
        return _at(local, self.end) if self.begin > self.end and clock < self.end else None


def _at(day: datetime, clock: time) -> datetime:
    return datetime.combine(day.date(), clock, tzinfo=day.tzinfo)
