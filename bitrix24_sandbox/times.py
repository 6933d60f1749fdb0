"""Times as the portal shows them: stored as UTC seconds or as a day, rendered in the server's offset."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_RUSSIAN = re.compile(r"(\d{2})\.(\d{2})\.(\d{4})(.*)", re.DOTALL)


def zone(offset_minutes: int) -> timezone:
    return timezone(timedelta(minutes=offset_minutes))


def render_time(seconds: float, offset: timezone) -> str:
    return datetime.fromtimestamp(int(seconds), offset).isoformat()


def render_day(day: str, offset: timezone) -> str:
    """Show a day as midnight UTC in the server's offset.

    >>> render_day("1990-05-17", zone(180))
    '1990-05-17T03:00:00+03:00'
    """
    return datetime.fromisoformat(day).replace(tzinfo=UTC).astimezone(offset).isoformat()


def day_of(seconds: float, offset: timezone) -> str:
    """Tell the day on the server's wall."""
    return datetime.fromtimestamp(seconds, offset).date().isoformat()


def parse_time(text: str, offset: timezone) -> int | None:
    """UTC seconds, or None for what no date can be made of; without an offset the server's counts.

    >>> parse_time("01.01.1970 03:00:00", zone(180))
    0
    """
    try:
        moment = datetime.fromisoformat(_iso(text))
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=offset)).timestamp())


def parse_day(text: str) -> str | None:
    """Only the day is kept, as typed: no zone is applied."""
    match = _DAY.match(_iso(text))
    try:
        return date.fromisoformat(match[0]).isoformat() if match else None
    except ValueError:
        return None


def _iso(text: str) -> str:
    text = text.strip()
    match = _RUSSIAN.fullmatch(text)
    return f"{match[3]}-{match[2]}-{match[1]}{match[4]}" if match else text
