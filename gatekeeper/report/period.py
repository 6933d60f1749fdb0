"""Which days a report is about."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

MONTH = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})|(?P<month_first>[0-9]{2})\.(?P<year_last>[0-9]{4})"
)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole local days, both ends included.

    >>> from datetime import UTC
    >>> october = Period.month_of("2026-10")
    >>> str(october.begin(UTC)), str(october.end(UTC))
    ('2026-10-01 00:00:00+00:00', '2026-11-01 00:00:00+00:00')
    """

    first: date
    last: date

    @classmethod
    def month_of(cls, text: str) -> Period:
        """Read "2026-10" or "10.2026"; ValueError for anything else."""
        found = MONTH.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no month such as 2026-10")
        year, month = int(found["year"] or found["year_last"]), int(found["month"] or found["month_first"])
        first = date(year, month, 1)
        return cls(first, first.replace(day=monthrange(year, month)[1]))

    @classmethod
    def so_far(cls, today: date) -> Period:
        """The month of this day up to it."""
        return cls(today.replace(day=1), today)

    def begin(self, zone: tzinfo | None) -> datetime:
        return datetime.combine(self.first, time(), zone)

    def end(self, zone: tzinfo | None) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), zone)


@dataclass(frozen=True, slots=True)
class Span:
    """From `begin` to just before `end`, as things stood at its end: what happened later is not known yet.

    So the report of a month that is over says the same whenever it is made, and one that is being made takes
    no notice of what is written meanwhile.
    """

    begin: datetime
    end: datetime

    @classmethod
    def of(cls, period: Period, now: datetime) -> Span:
        """The period up to now, its days being those of `now`'s zone."""
        return cls(period.begin(now.tzinfo), min(period.end(now.tzinfo), now))
