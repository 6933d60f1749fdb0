"""How a language writes numbers, days and times, and how it sets type.

Babel does more and costs 30 MB: two languages need two rules for plurals and a handful of formats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

NBSP = "\u00a0"
FIVE_FIGURES = 10_000


@dataclass(frozen=True, slots=True)
class Formatter:
    """`day`, `moment` and `second` are formats of `strftime`; `nobreak` finds spaces that no line ends at."""

    day: str
    moment: str
    second: str
    decimal: str
    thousands: str
    excel_day: str
    excel_moment: str
    nobreak: re.Pattern[str] | None = None

    @property
    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """What a template may pass a fact through, beside Jinja's own."""
        return {"number": self.number, "money": self.money, "plural": plural}

    def number(self, number: float) -> str:
        return f"{number:g}".replace(".", self.decimal)

    def money(self, amount: Decimal | float | str) -> str:
        """Write an amount, with its thousands apart from five figures on."""
        whole = Decimal(str(amount))
        text = f"{whole:,f}" if abs(whole) >= FIVE_FIGURES else f"{whole:f}"
        return text.translate({ord(","): self.thousands, ord("."): self.decimal})

    def typeset(self, text: str) -> str:
        """Keep together what belongs together: «№ 662», «48 000 ₽», «с клиентом», a dash and its word."""
        return self.nobreak.sub(NBSP, text) if self.nobreak else text

    def read_day(self, text: str) -> date:
        """Read a day as ISO 8601 writes it, or as this language does; ValueError for anything else."""
        try:
            return date.fromisoformat(text)
        except ValueError:
            return datetime.strptime(text, self.day).replace(tzinfo=UTC).date()


RUSSIAN = Formatter(
    day="%d.%m.%Y",
    moment="%d.%m.%Y %H:%M",
    second="%d.%m.%Y %H:%M:%S",
    decimal=",",
    thousands=NBSP,
    excel_day="dd.mm.yyyy",
    excel_moment="dd.mm.yyyy hh:mm",
    nobreak=re.compile(
        r"(?<=№) (?=\d)"
        r"| (?=—)"
        r"|(?<=\d) (?=(?:₽|%|дн\.|ч\b|мин\b|с\b|\d{3}\b))"
        r"|(?<=(?<!\w)[вВкКсСуУоОиИаАяЯ]) (?=[\w«])"
    ),
)
ENGLISH = Formatter(
    day="%Y-%m-%d",
    moment="%Y-%m-%d %H:%M",
    second="%Y-%m-%d %H:%M:%S",
    decimal=".",
    thousands=",",
    excel_day="yyyy-mm-dd",
    excel_moment="yyyy-mm-dd hh:mm",
)


def formatter_of(language: str) -> Formatter:
    return RUSSIAN if language == "ru" else ENGLISH


def plural(number: int, one: str, few: str, many: str | None = None) -> str:
    """The number with the form that goes with it: three forms as in Russian, two as in English.

    >>> plural(21, "день", "дня", "дней"), plural(12, "день", "дня", "дней"), plural(1, "day", "days")
    ('21 день', '12 дней', '1 day')
    """
    if many is None:
        return f"{number} {one if number == 1 else few}"
    tens, ones = divmod(number % 100, 10)
    if tens == 1 or ones == 0 or ones > 4:
        return f"{number} {many}"
    return f"{number} {one if ones == 1 else few}"
