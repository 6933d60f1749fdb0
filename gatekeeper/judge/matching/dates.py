"""Birth dates: ages, and dates that only fill the field."""

from __future__ import annotations

from datetime import date

from gatekeeper.judge.matching.digits import is_digit_slip

PLACEHOLDERS = frozenset({date(1900, 1, 1), date(1970, 1, 1)})


def age_in_years(born: date, today: date) -> int:
    """Full years; somebody born on 29 February has the birthday on 1 March in other years.

    >>> age_in_years(date(2004, 2, 29), date(2026, 2, 28))
    21
    """
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def is_slip(a: str, b: str) -> bool:
    """Whether one is the other mistyped: one digit, two neighbours swapped, or day and month exchanged.

    Both as 1990-03-12; an impossible date, which an export may hold, can still be a slip of a possible one.
    Neighbours are those of either order in which people type a date.

    >>> is_slip("1990-03-12", "1990-12-03"), is_slip("1934-03-02", "1930-43-02")
    (True, True)
    >>> is_slip("1990-03-12", "1991-04-12")
    False
    """
    if any(is_digit_slip(x, y) for x, y in zip(written(a), written(b), strict=True)):
        return True
    return a != b and a[:4] == b[:4] and sorted(a[5:].split("-")) == sorted(b[5:].split("-"))


def written(iso: str) -> tuple[str, str]:
    """Give the digits as people type them, year first and day first."""
    parts = iso.split("-")
    return "".join(parts), "".join(reversed(parts))
