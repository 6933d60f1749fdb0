"""Values in their documented forms, and above all those that are in none."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.model.cards import Unread
from gatekeeper.portal import wire
from gatekeeper.portal.wire.forms import (
    ABSENT,
    MAX_ID,
    UNSET,
    Misread,
    a_code,
    a_day,
    a_flag,
    a_list,
    a_moment,
    a_number,
    a_text,
    an_amount,
    an_id,
    list_of,
    read_row,
    told,
)

WIRE = sorted(Path(wire.__path__[0]).glob("*.py"))


@pytest.mark.parametrize("value", ["", " NEW", "NEW ", "a\u202eb", "\ufeff", "\u0664", "стадия", None, 5])
def test_what_programs_do_not_name_things_by_is_no_code(value: Any) -> None:
    with pytest.raises(ValueError, match="no code"):
        a_code(value)


@pytest.mark.parametrize(("value", "number"), [(41, 41), ("41", 41), (0, 0), ("-5", -5), (MAX_ID, MAX_ID)])
def test_a_number_may_come_as_text(value: Any, number: int) -> None:
    assert a_number(value) == number


@pytest.mark.parametrize(
    "value",
    [None, "", "abc", "4 1", "٤", [1], {}, True, 45.0, float("inf"), "1e3", 2**63, "9" * 19, "9" * 99],
)
def test_what_is_no_whole_number_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="whole number"):
        a_number(value)


@pytest.mark.parametrize("value", [0, "0", -1])
def test_an_id_begins_with_one(value: Any) -> None:
    with pytest.raises(ValueError, match="no id"):
        an_id(value)


@pytest.mark.parametrize(
    ("value", "amount"), [(0, "0"), ("0.00", "0"), (10000.5, "10000.5"), ("899.10", "899.1"), (-5, "-5")]
)
def test_money_is_exact(value: Any, amount: str) -> None:
    assert an_amount(value) == Decimal(amount)


@pytest.mark.parametrize(
    "value", [None, "", True, "дорого", "1 000", "10,5", [1], "NaN", float("nan"), float("inf"), 1e30]
)
def test_what_is_no_money_is_not_taken_for_nothing(value: Any) -> None:
    with pytest.raises(ValueError, match="no amount"):
        an_amount(value)


def test_a_time_keeps_its_offset() -> None:
    moment = a_moment("2026-08-05T09:11:02+03:00")
    assert moment == datetime(2026, 8, 5, 6, 11, 2, tzinfo=UTC)
    assert moment.utcoffset() == timedelta(hours=3)


@pytest.mark.parametrize(
    "value",
    ["2026-08-05T09:11:02", "2026-08-05", "", None, "завтра", {}, 5, "9999-12-31T23:00:00+03:00"],
)
def test_a_time_without_an_offset_or_beyond_all_calendars_is_no_time(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - Python's own words differ by what is wrong
        a_moment(value)


@given(
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
    st.integers(-11, 11).map(lambda hours: timezone(timedelta(hours=hours))),
    st.booleans(),
)
def test_a_day_is_that_day_whatever_the_servers_offset(day: date, zone: timezone, own_midnight: bool) -> None:
    """Midnight UTC in the server's offset, as documented; or the server's own midnight, as some print it."""
    if own_midnight:
        moment = datetime(day.year, day.month, day.day, tzinfo=zone)
    else:
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC).astimezone(zone)
    assert a_day(moment.isoformat()) == day


@pytest.mark.parametrize("value", ["0000-00-00", "-0001-11-30T00:00:00+02:30"])
def test_the_zero_day_of_php_is_none(value: Any) -> None:
    assert a_day(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "1990-13-45",
        "1990-05-17",
        "-1",
        "вчера",
        19900517,
        False,
        "0001-01-01T00:00:00+03:00",
        "9999-12-31T23:00:00-05:00",
    ],
)
def test_what_is_no_day_is_an_error_and_not_an_empty_field(value: Any) -> None:
    with pytest.raises((ValueError, OverflowError)):
        a_day(value)


@pytest.mark.parametrize("value", [5, None, [], {}, True, "\ud800"])
def test_what_no_database_can_keep_is_no_text(value: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of a lone surrogate Python says so itself
        a_text(value)


@pytest.mark.parametrize("value", [1, 0, "1", "yes", None, ""])
def test_a_flag_is_yes_or_no(value: Any) -> None:
    with pytest.raises(ValueError, match="no flag"):
        a_flag(value)


def test_a_list_whose_keys_have_gaps_comes_as_an_object() -> None:
    assert a_list({"0": "a", "2": "b"}) == ["a", "b"]


@pytest.mark.parametrize("value", [None, False, "", {}, {"a": 1}, 5])
def test_what_is_no_list_is_not_taken_for_an_empty_one(value: Any) -> None:
    with pytest.raises(ValueError, match="no list"):
        a_list(value)


@pytest.mark.parametrize(("value", "ids"), [([], ()), ([84, "91"], (84, 91)), (["84", 84], (84,))])
def test_ids_keep_their_order_and_lose_their_doubles(value: Any, ids: tuple[int, ...]) -> None:
    assert list_of(an_id)(value) == ids


@dataclass(frozen=True, slots=True)
class Sample:
    lead_id: int | None | Unread = told("leadId", an_id, "3.2", empty=UNSET, alone=True)
    parent_id: int | None = told("PARENT", an_id, "9", empty=(*UNSET, ABSENT))


@pytest.mark.parametrize("empty", [None, 0, "0", ""])
def test_documented_emptiness_is_read_as_such(empty: Any) -> None:
    assert read_row(Sample, {"leadId": empty}) == Sample(None, None)


@pytest.mark.parametrize("row", [{}, {"leadId": False}, {"leadId": 0.0}, {"leadId": []}])
def test_any_other_emptiness_is_unread(row: Any) -> None:
    assert isinstance(read_row(Sample, row).lead_id, Unread)


def test_a_field_that_the_rest_is_worth_nothing_without_makes_the_row_unread() -> None:
    with pytest.raises(Misread, match="PARENT"):
        read_row(Sample, {"leadId": 1, "PARENT": "x"})


@pytest.mark.parametrize("row", [None, [], "x", 5])
def test_what_is_no_row_is_refused(row: Any) -> None:
    with pytest.raises(Misread):
        read_row(Sample, row)


@pytest.mark.parametrize("path", WIRE, ids=lambda path: path.stem)
def test_nothing_on_the_wire_falls_back_to_an_empty_value(path: Path) -> None:
    assert [*_fallbacks(ast.parse(path.read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize(
    "line", ["x or ()", "x or 0", "x or ''", "row.get('a') or y", "x or {}", "row.get('a', 0)"]
)
def test_a_fall_back_to_an_empty_value_is_found(line: str) -> None:
    assert [*_fallbacks(ast.parse(line))] == [1]


def _fallbacks(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            if _is_get(node.values[0]) or any(_is_empty(value) for value in node.values[1:]):
                yield node.lineno
        elif isinstance(node, ast.Call) and _is_get(node) and len(node.args) == 2 and _is_empty(node.args[1]):
            yield node.lineno


def _is_get(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get"


def _is_empty(node: ast.expr) -> bool:
    try:
        return not ast.literal_eval(node)
    except ValueError:
        return False
