"""Phone numbers as people type them, and which of them are numbers at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

MOBILE_TYPES = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
RUN_UP = "01234567890123456789"
RUN_DOWN = RUN_UP[::-1]
SUBSCRIBER_DIGITS = 7
SHORTEST_FOREIGN = 11
# Two numbers in one field, a remark beside the number: what may be dialled is cut out of such text.
DIALLABLE = re.compile(r"\+?\d[\d\s()./–-]{5,}\d")
SEPARATORS = re.compile(r"[,;/\n]|\s{3,}")
# People put a plus before the trunk prefix, and 00 where the plus stands; neither is a country code.
PLUS_BEFORE_TRUNK = re.compile(r"^\+\s*8(?=\D*9)")
DOUBLE_ZERO = re.compile(r"^00(?=[1-9])")


@dataclass(frozen=True, slots=True)
class Phone:
    """One number without its extension; equal numbers are equal values. `national` lacks the country code."""

    e164: str
    national: str

    @property
    def is_mobile(self) -> bool:
        """Whether the numbering plan of its country has such a number, and may give it to a mobile."""
        return phonenumbers.number_type(phonenumbers.parse(self.e164)) in MOBILE_TYPES

    @property
    def is_valid(self) -> bool:
        """Whether the numbering plan of its country has such a number."""
        return phonenumbers.is_valid_number(phonenumbers.parse(self.e164))

    @property
    def is_dummy(self) -> bool:
        """Whether it only fills the field: one digit repeated, or the digits in a row.

        >>> [phone.is_dummy for phone in parse_phones("+7 999 999-99-99, 8 916 123-45-67")]
        [True, False]
        """
        is_long = len(self.national) > SUBSCRIBER_DIGITS
        rows = (self.national, self.national[1:]) if is_long else (self.national,)
        if any(row in run for row in rows for run in (RUN_UP, RUN_DOWN)):
            return True
        return len(set(self.national[-SUBSCRIBER_DIGITS:])) == 1


def parse_phones(raw: str, regions: Sequence[str] = ("RU",)) -> tuple[Phone, ...]:
    """Read every number in the text, in order: one field often holds two.

    `regions` are ISO codes, tried in order for a number without a country code. That it can be read does
    not yet make it a number of that country's plan: see `Phone.is_valid`.

    >>> parse_phones("8 (904) 123-45-67 доб. 12") == parse_phones("904 1234567")
    True
    """
    text = raw.strip()
    whole = _parse(text, regions)
    if whole is not None:
        return (whole,)
    found = (_parse(piece, regions) for part in SEPARATORS.split(text) for piece in DIALLABLE.findall(part))
    return tuple(dict.fromkeys(phone for phone in found if phone is not None))


def _parse(text: str, regions: Sequence[str]) -> Phone | None:
    text = DOUBLE_ZERO.sub("+", PLUS_BEFORE_TRUNK.sub("8", text))
    readings = list(_readings(text, regions))
    if not any(map(phonenumbers.is_valid_number, readings)):
        readings[:0] = _without_plus(text, regions, readings)
    readings.sort(key=lambda number: not phonenumbers.is_valid_number(number))
    if not readings:
        return None
    e164 = phonenumbers.format_number(readings[0], PhoneNumberFormat.E164)
    return Phone(e164, phonenumbers.national_significant_number(readings[0]))


def _without_plus(text: str, regions: Sequence[str], at_home: Sequence[PhoneNumber]) -> Iterator[PhoneNumber]:
    """A number of another country whose plus was left out, as in 375 29 123-45-67.

    A local number is none, however badly typed: what has the trunk prefix before it, what is too short to
    hold a country code, and what is a good number at home but for one digit too many or a remark behind it.
    """
    trunks = [phonenumbers.ndd_prefix_for_region(region, True) for region in regions]
    if not text[:1].isdigit() or (at_home and text.startswith(tuple(filter(None, trunks)))):
        return
    number = _read(f"+{text}", None)
    if number is None or not phonenumbers.is_valid_number(number):
        return
    digits, groups = phonenumbers.format_number(number, PhoneNumberFormat.E164)[1:], re.findall(r"\d+", text)
    if len(digits) < SHORTEST_FOREIGN or not "".join(groups).startswith(digits):
        return
    local = (reading for part in (*groups, digits[:-1]) for reading in _readings(part, regions))
    if not any(map(phonenumbers.is_valid_number, local)):
        yield number


def _readings(text: str, regions: Sequence[str]) -> Iterator[PhoneNumber]:
    for region in regions:
        number = _read(text, region)
        if number is not None and phonenumbers.is_possible_number(number):
            yield number


def _read(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except NumberParseException:
        return None
