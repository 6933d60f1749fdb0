"""When, in English: «on Friday», «3pm», «by the end of the month»."""

from __future__ import annotations

import re

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = r"(?:monday|tuesday|tues?|wednesday|thursday|thurs?|friday|fri|saturday|sunday)s?"
_SHORT_WEEKDAY = r"(?:mon|wed|sat|sun)"  # words of their own, too: only beside an hour or after «on»
_SEASON = r"(?:spring|summer|autumn|fall|winter)"
_AT = r"(?:(?:on|by|at|until|till|before|after|from|around|this|next|coming|since)\s+)*"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_CLOCK = r"(?:[01]?\d|2[0-3])(?:[:.][0-5]\d)?\s*(?:am|pm|a\.m\.?|p\.m\.?|o'?clock)"
_PERIOD = r"(?:minutes?|hours?|days?|weeks?|months?|years?|quarters?)"
_FEW = r"(?:an?|one|two|three|four|five|six|ten|\d{1,2}|a couple of|a few|several)"
_PART = r"(?:morning|afternoon|evening|night|noon)"
_NO_MORE = r"\s*(?:$|[,;!?\n)]|\.(?!\d)|on\b|today|tomorrow|in the)"
_FORMS = (
    rf"{_AT}(?:the\s+)?{_DAY}\s+(?:of\s+)?{_MONTH}(?:\s+(?:20)?\d\d)?",
    rf"{_AT}{_MONTH}\s+{_DAY}(?:,?\s+20\d\d)?",
    r"(?:0?[1-9]|[12]\d|3[01])[./](?:0[1-9]|1[0-2])(?:[./](?:20)?\d\d)?(?![.:,/]?\d)",
    rf"{_AT}{_CLOCK}",
    rf"{_AT}(?:[01]?\d|2[0-3]):[0-5]\d",
    rf"(?:at|by|until|till|after|before)\s+(?:[1-9]|1\d|2[0-3])(?={_NO_MORE})",
    rf"{_AT}{_WEEKDAY}(?:\s+{_PART})?",
    rf"(?:on|by|until|till|next|this|before|after)\s+{_SHORT_WEEKDAY}\b",
    rf"{_SHORT_WEEKDAY}(?=\s+(?:at\s+)?\d{{1,2}}(?::\d\d)?\s*(?:am|pm)?\b)",
    rf"(?:on|by|until)\s+the\s+{_DAY}",
    rf"{_AT}(?:the\s+)?(?:today|tonight|day after tomorrow|tomorrow)(?:\s+{_PART})?",
    rf"(?:(?:by|until|in|within|for)\s+)?(?:this|next|(?:the\s+)?coming)\s+(?:{_PERIOD}|{_PART}|{_SEASON}|time)",
    rf"(?:in|within)\s+{_FEW}\s+(?:working\s+|business\s+)?{_PERIOD}(?:\s+time)?",
    rf"(?:by|until|till|at|before)\s+(?:the\s+)?(?:end|beginning|middle)\s+of\s+(?:the\s+)?(?:{_PERIOD}|day|{_MONTH})",
    r"after\s+(?:lunch|work|(?:the\s+)?(?:holidays?|vacation|easter|christmas|new year))",
    rf"(?:at|by|before|after)\s+(?:noon|midday|midnight|lunch)|in the\s+{_PART}|shortly",
    rf"(?:in|by|until|till|from|since|of)\s+(?:{_MONTH}|{_SEASON})",
)
_TIME = re.compile(r"(?<![\w.,:/*-])(?:" + "|".join(f"(?:{form})" for form in _FORMS) + r")(?!\w)")
_VAGUE = re.compile(rf"(?:(?:in|by|until|till|from|since|of|this|next)\s+)*(?:{_MONTH}|{_SEASON})")
_CONDITION = re.compile(r"(?<!\w)(?:if|when|once|as soon as|until|after(?= \w{3}))(?!\w)")


def is_vague(time: str) -> bool:
    """Only a month or a season."""
    return _VAGUE.fullmatch(time) is not None


def find_times(text: str) -> list[tuple[int, int]]:
    """Spans in lower-case text, left to right.

    >>> text = "demo on tue 3pm, pays by the end of the month; visit 14 may at 10:00, call tomorrow"
    >>> [text[start:end] for start, end in find_times(text)]
    ['on tue', '3pm', 'by the end of the month', '14 may', 'at 10:00', 'tomorrow']
    """
    return [match.span() for match in _TIME.finditer(text)]


def find_conditions(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _CONDITION.finditer(text)]
