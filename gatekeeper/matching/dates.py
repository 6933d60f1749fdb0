"""Birth dates: ages, and dates that only fill the field."""

from __future__ import annotations

from datetime import date

PLACEHOLDERS = frozenset({date(1900, 1, 1), date(1970, 1, 1)})


def age_in_years(born: date, today: date) -> int:
    """Full years; somebody born on 29 February has the birthday on 1 March in other years.

    >>> age_in_years(date(2004, 2, 29), date(2026, 2, 28))
    21
    """
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
