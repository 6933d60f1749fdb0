"""How a field of an answer is described, and how a row is read by its description.

Every answer has one description: a frozen dataclass whose fields are `told`. Each names the portal's field,
its documented form, the values that mean empty, and the section of the portal contract that says so. What is
in no documented form is never taken for empty: it raises Misread, or becomes an Unread where the rest of the
row is worth having without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from gatekeeper.model.cards import Semantics, Unread, Why

T = TypeVar("T")
Row = Mapping[str, Any]
Keyed = tuple[tuple[int, Any], ...]
"""Rows of a list, each behind the id that tells it apart."""
Form = Callable[[Any], T]
"""Reads a value in its documented form; ValueError for any other."""

ABSENT = object()
"""Stands among the values that mean empty where the contract lets the field be missing."""
UNSET = (None, 0, "0", "")
"""A reference that is not set (contract 3.2; "0" on the classic methods, 5)."""
NO_TEXT = (None, "")
NO_TIME = (None, "")
NO_DAY = ("0000-00-00", "-0001-11-30")
"""MySQL's date that is none, and what PHP makes of it."""

MAX_ID = 2**63 - 1
FIRST_YEAR, LAST_YEAR = 1900, 2199
_WHOLE = re.compile(r"-?[0-9]{1,19}")
_AMOUNT = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
_CODE = re.compile(r"[A-Za-z0-9_:.|-]+")
_TOLD = "told"


class Misread(ValueError):  # noqa: N818 - the name says what happened
    """An answer in no documented form, or one that contradicts itself."""

    def __init__(self, code: Why, field: str) -> None:
        self.unread = Unread.of(code, field=field)
        super().__init__(f"{code}: {field}")


@dataclass(frozen=True, slots=True)
class Told:
    """`empty` are the values that mean `means`. `alone`: only this field is lost when it is misread."""

    name: str
    form: Form[Any]
    source: str
    empty: tuple[Any, ...]
    means: Any
    alone: bool

    def read(self, row: Row) -> Any:
        value = row.get(self.name, ABSENT)
        if any(type(value) is type(each) and value == each for each in self.empty):
            return self.means
        if value is ABSENT:
            return self._misread(Why.ABSENT)
        try:
            return self.form(value)
        except Misread as inner:
            return self._misread(Why.FORM, inner)
        except (ValueError, ArithmeticError):
            return self._misread(Why.FORM)

    def _misread(self, code: Why, inner: Misread | None = None) -> Unread:
        misread = inner or Misread(code, self.name)
        if self.alone:
            return misread.unread
        raise misread


@dataclass(frozen=True, slots=True)
class _Whole:
    def read(self, row: Row) -> Row:
        return row


def told(
    name: str,
    form: Form[Any],
    source: str,
    *,
    empty: tuple[Any, ...] = (),
    means: Any = None,
    alone: bool = False,
) -> Any:
    """Describe one field. `source` is the section of the portal contract."""
    return field(metadata={_TOLD: Told(name, form, source, empty, means, alone)})


def whole_row() -> Any:
    """Keep the row itself, for fields whose names the portal's admin chose."""
    return field(metadata={_TOLD: _Whole()}, compare=False, repr=False)


def read_row(shape: type[T], row: Any) -> T:
    """Read a row by its description; Misread names the first field that cannot be read."""
    if not isinstance(row, Mapping):
        raise Misread(Why.FORM, shape.__name__)
    return shape(**{each.name: each.metadata[_TOLD].read(row) for each in fields(shape)})  # type: ignore[arg-type]


def read_rows(shape: type[T], value: Any) -> list[T]:
    return [read_row(shape, row) for row in a_list(value)]


def read_map(value: Any) -> Row:
    """Read a map, whose empty form in PHP is []."""
    if isinstance(value, list) and not value:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError("no map")  # noqa: TRY004 - one error for all that is misread
    return value


def part(result: Any, name: str) -> Any:
    """The part of an answer under this key; a missing one is no empty one."""
    if not isinstance(result, Mapping) or name not in result:
        raise Misread(Why.ABSENT, name)
    return result[name]


def each_once(ids: Iterable[int]) -> None:
    """Refuse rows that come twice."""
    seen: set[int] = set()
    for number in ids:
        if number in seen:
            raise Misread(Why.CONTRADICTION, "id")
        seen.add(number)


def agree(field_name: str, *, yes: bool) -> None:
    """Refuse an answer of which one part denies another, or that answers another question."""
    if not yes:
        raise Misread(Why.CONTRADICTION, field_name)


# Forms


def a_number(value: Any) -> int:
    """A whole number, also as text.

    >>> a_number(41), a_number("41")
    (41, 41)
    """
    if type(value) is int and abs(value) <= MAX_ID:
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value) and abs(int(value)) <= MAX_ID:
        return int(value)
    raise ValueError("no whole number")


def a_count(value: Any) -> int:
    number = a_number(value)
    if number < 0:
        raise ValueError("no count")
    return number


def an_id(value: Any) -> int:
    number = a_number(value)
    if number < 1:
        raise ValueError("no id")
    return number


def exactly(wanted: int) -> Form[int]:
    def form(value: Any) -> int:
        number = a_number(value)
        if number != wanted:
            raise ValueError("another number")
        return number

    return form


def an_amount(value: Any) -> Decimal:
    """A number of any kind; "10000.50" on the classic methods.

    >>> an_amount(10000.5), an_amount("899.10")
    (Decimal('10000.5'), Decimal('899.10'))
    """
    text = repr(value) if type(value) in (int, float) else value
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise ValueError("no amount")
    return Decimal(text)


def a_raw_text(value: Any) -> str:
    """A text as it stands. One lone half of a surrogate pair is no text: no database keeps it."""
    if not isinstance(value, str):
        raise ValueError("no text")  # noqa: TRY004
    value.encode()
    return value


def a_text(value: Any) -> str:
    return a_raw_text(value).strip()


def a_code(value: Any) -> str:
    """A text that names something to programs.

    >>> a_code("C3:UC_7Q"), a_code("1|TELEGRAM")
    ('C3:UC_7Q', '1|TELEGRAM')
    """
    if not isinstance(value, str) or not _CODE.fullmatch(value):
        raise ValueError("no code")
    return value


def one_of(codes: Collection[str]) -> Form[str]:
    """One of a closed set of codes."""

    def form(value: Any) -> str:
        code = a_code(value)
        if code not in codes:
            raise ValueError("another code")
        return code

    return form


def a_flag(value: Any) -> bool:
    """True or "Y", False or "N".

    >>> a_flag(True), a_flag("N")
    (True, False)
    """
    if isinstance(value, bool):
        return value
    if value in ("Y", "N"):
        return bool(value == "Y")
    raise ValueError("no flag")


def a_moment(value: Any) -> datetime:
    """Aware, with the portal's offset kept."""
    moment = datetime.fromisoformat(a_raw_text(value))
    if moment.tzinfo is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError("no moment")
    return moment


def a_day(value: Any) -> date | None:
    """The day of a date-only field, which arrives as midnight UTC in the server's offset (contract 4.2).

    The nearest midnight of UTC is meant: that also forgives servers that print their own midnight.

    >>> a_day("1990-05-17T03:00:00+03:00"), a_day("1990-05-16T19:00:00-05:00"), a_day("0000-00-00")
    (datetime.date(1990, 5, 17), datetime.date(1990, 5, 17), None)
    """
    text = a_raw_text(value)
    if text.startswith(NO_DAY):
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no day")
    return (moment.astimezone(UTC) + timedelta(hours=12)).date()


def a_semantics(value: Any) -> Semantics:
    return Semantics(a_raw_text(value))


def a_list(value: Any) -> list[Any]:
    """A list; PHP sends one whose keys have gaps as an object (contract 18)."""
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping) and value and all(key.isascii() and key.isdigit() for key in value):
        return list(value.values())
    raise ValueError("no list")


def list_of(form: Form[T]) -> Form[tuple[T, ...]]:
    """Its values in their order, each once."""
    return lambda value: tuple(dict.fromkeys(form(each) for each in a_list(value)))
