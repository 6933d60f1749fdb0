"""What people typed, made fit for a cell: text, and never a formula.

A name or a reason is anybody's text, and a spreadsheet takes what begins with "=" for a formula, which may
fetch, send or start something on the reader's machine. In XLSX a cell says itself that it is text; CSV knows
no types, so there the text is kept from beginning so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

LONGEST = 32_767
"""UTF-16 units: the most that Excel takes into a cell."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NO_CHARACTERS = re.compile("[\ud800-\udfff\ufffe\uffff]")
_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Link:
    """A card by its reference, leading to `url`, which is made of our own config and of numbers alone."""

    text: str
    url: str


Cell = str | int | float | date | datetime | Link | None
"""None is an empty cell; a datetime is told in its own zone."""


def clean(text: str) -> str:
    r"""One line that any file can hold, whatever was typed.

    >>> clean("\tИван\x00\r\nПетров ")
    'Иван   Петров'
    """
    whole = _NO_CHARACTERS.sub("\ufffd", _CONTROLS.sub(" ", text)).strip()
    if len(whole) <= LONGEST // 2:
        return whole
    return whole.encode("utf-16-le")[: 2 * LONGEST].decode("utf-16-le", errors="ignore")


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet might take it for a formula.

    >>> [is_dangerous(each) for each in ("=1+1", " @SUM(A1)", "Иванов-Петров", "")]
    [True, True, False, False]
    """
    return text.lstrip().startswith(_STARTS)


def defuse(text: str) -> str:
    """Clean text that no spreadsheet takes for a formula, by OWASP's advice.

    >>> defuse("=cmd|' /C calc'!A0")
    "'=cmd|' /C calc'!A0"
    """
    one_line = clean(text)
    return clean(f"'{one_line}") if is_dangerous(one_line) else one_line
