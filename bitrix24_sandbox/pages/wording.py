"""How names, sums and times are shown, and the Russian words for the portal's codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timezone

from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row

NBSP = "\u00a0"
MULTIFIELD_TYPES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "PHONE": (
        ("MOBILE", "Мобильный"),
        ("WORK", "Рабочий"),
        ("HOME", "Домашний"),
        ("FAX", "Факс"),
        ("OTHER", "Другой"),
    ),
    "EMAIL": (
        ("HOME", "Частный"),
        ("WORK", "Рабочий"),
        ("MAILING", "Для рассылок"),
        ("OTHER", "Другой"),
    ),
}
KIND_NAMES: Mapping[Kind, str] = {Kind.DEAL: "Сделка", Kind.CONTACT: "Контакт", Kind.LEAD: "Лид"}


def money(amount: float | None) -> str:
    """Rubles, the kopecks only where there are some.

    >>> money(90000).replace(NBSP, " "), money(1234.5).replace(NBSP, " "), money(None).replace(NBSP, " ")
    ('90 000 ₽', '1 234,50 ₽', '0 ₽')
    """
    amount = amount or 0
    text = f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}"
    return text.replace(",", NBSP).replace(".", ",") + f"{NBSP}₽"


def plain(number: float) -> str:
    """Show a number as it is typed.

    >>> plain(90000.0), plain(0.5)
    ('90000', '0.5')
    """
    return str(int(number)) if number == int(number) else str(number)


def moment(seconds: int, offset: timezone) -> str:
    """Show a stored time in the server's zone: a page must read the same until something changes."""
    return datetime.fromtimestamp(seconds, offset).strftime("%d.%m.%Y %H:%M")


def day(iso: str | None) -> str:
    """Show a stored day, "" where there is none.

    >>> day("2008-03-14")
    '14.03.2008'
    """
    return date.fromisoformat(iso).strftime("%d.%m.%Y") if iso else ""


def full_name(row: Row | None) -> str:
    """Surname first; of a contact, a lead or a user.

    >>> full_name({"LAST_NAME": "Смирнова", "NAME": "Анна", "SECOND_NAME": None})
    'Смирнова Анна'
    """
    parts = _name_parts(row or {})
    return " ".join(part for part in parts if part) or "Без имени"


def short_name(row: Row | None) -> str:
    last_name, name, _ = _name_parts(row or {})
    return " ".join(part for part in (name, last_name) if part) or "Без имени"


def initials(row: Row | None) -> str:
    return "".join(part[0] for part in short_name(row).split()[:2]).upper()


def _name_parts(row: Row) -> tuple[str, str, str]:
    codes = ("LAST_NAME", "NAME", "SECOND_NAME")
    names = [str(row.get(code) or row.get(code.lower()) or "") for code in codes]
    return names[0], names[1], names[2]
