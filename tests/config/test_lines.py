from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gatekeeper.config.lines import find_lines
from gatekeeper.config.page import quoted

KEYS = st.sampled_from(["a", "b", "url", "deal.stage", "a=b", "[x]", "# no", "C1:NEW", "", 'say "hi"', "'"])
VALUES = st.sampled_from(
    [
        "1",
        '"a = 1"',
        "'[a]'",
        '"""one line"""',
        '"""\n[a]\nb = 1\n"""',
        "'''\na = '''",
        "[1, 2]",
        "[\n  1, # ]\n  2,\n]",
        '[ # """\n  "]",\n  """\nb = [\n"""\n]',
        "1 # a = [",
        '"\\"" # """',
        "{ x = 1, y.z = [] }",
        "{ x = [\n1], y = 2 }",
    ]
)
NOISE = st.sampled_from(["", "   ", "# [a]", "# url = 1", "\t", "# \u2028a = 1", "# \x85[b]"])


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[tuple[str, ...], int]]:
    """A text and, for each key and table, the line where it was written."""
    lines: list[str] = []
    truth: dict[tuple[str, ...], int] = {}
    for table in draw(st.lists(st.lists(KEYS, min_size=1, max_size=3).map(tuple), max_size=4, unique=True)):
        lines += draw(st.lists(NOISE, max_size=2))
        lines.append(f"{draw(NOISE.filter(str.isspace))}[{'.'.join(map(quoted, table))}]")
        _mention(truth, table, len(lines))
        for name in draw(
            st.lists(st.lists(KEYS, min_size=1, max_size=2).map(tuple), max_size=4, unique=True)
        ):
            lines += draw(st.lists(NOISE, max_size=2))
            _mention(truth, (*table, *name), len(lines) + 1)
            lines += f"{'.'.join(map(quoted, name))} = {draw(VALUES)}".split("\n")
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines), truth


def _mention(truth: dict[tuple[str, ...], int], path: tuple[str, ...], line: int) -> None:
    for length in range(1, len(path) + 1):
        truth.setdefault(path[:length], line)


def parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _exists(data: Any, path: tuple[str, ...]) -> bool:
    for name in path:
        if not isinstance(data, dict) or name not in data:
            return False
        data = data[name]
    return True


@settings(deadline=None)
@given(documents())
def test_every_line_given_is_the_one_where_the_key_was_written(
    document: tuple[str, dict[tuple[str, ...], int]],
) -> None:
    text, truth = document
    data = parsed(text)
    assume(
        data is not None
    )  # else a key is written twice, and the config is refused before lines are asked for
    found = find_lines(text)
    assert {path: found.get(path) for path in truth} == truth
    assert all(_exists(data, path) for path in found)


def test_keys_of_a_table_in_one_line_share_it() -> None:
    found = find_lines("\nfields = { status = 1, inner.x = 2 }")
    assert found == {
        ("fields",): 2,
        ("fields", "status"): 2,
        ("fields", "inner"): 2,
        ("fields", "inner", "x"): 2,
    }


def test_what_stands_in_a_table_over_several_lines_gets_no_line() -> None:
    assert find_lines("a = { x = [\n1], y = 2 }\nb = 3") == {("a",): 1, ("b",): 3}


def test_the_keys_of_a_table_of_an_array_get_no_line() -> None:
    assert find_lines("[[web]]\nport = 1\n[[web]]\nport = 2\n[a]\nb = 1") == {
        ("web",): 1,
        ("a",): 5,
        ("a", "b"): 6,
    }


@pytest.mark.parametrize("length", [199, 200, 201])
def test_after_a_statement_of_more_than_200_lines_none_is_given(length: int) -> None:
    text = "a = [\n" + "1,\n" * (length - 2) + "]\nb = 1"
    assert find_lines(text).get(("b",)) == (length + 1 if length <= 200 else None)
