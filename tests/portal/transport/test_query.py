from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.portal.transport.query import (
    MAX_LEAVES,
    encode,
    has_reference,
    strings,
)
from tests.portal.php import parse_str, read_command

VALUES = st.text(st.characters(exclude_categories=["Cs"])) | st.text("+&#%[]=;?/: йЁ$\"'\\\0\n")
NAMES = st.text(st.characters(exclude_categories=["Cs", "Z", "Cc"], exclude_characters="[]"), min_size=1)
TOP_NAMES = NAMES.filter(lambda name: "." not in name)


def is_map(value: dict[str, Any]) -> bool:
    return list(value) != [str(place) for place in range(len(value))]  # such a map is a list to PHP


TREES = st.recursive(
    VALUES,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4)
        | st.dictionaries(NAMES, inner, min_size=1, max_size=4).filter(is_map)
    ),
    max_leaves=8,
)


@given(st.dictionaries(TOP_NAMES, TREES, max_size=4).filter(lambda params: not params or is_map(params)))
def test_php_reads_back_the_structure_that_was_meant(params: dict[str, Any]) -> None:
    assert read_command("crm.item.list?" + encode(strings(params))) == ("crm.item.list", params)


@given(VALUES)
def test_a_query_is_plain_ascii_without_the_signs_that_split_it(value: str) -> None:
    name, _, rest = encode({"q": value}).partition("=")
    assert name == "q"
    assert rest.isascii()
    assert not set(rest) & set("+&#[]=?/: ")


@pytest.mark.parametrize("text", ["+79031234567", "2026-08-06T10:06:40+03:00", "A&B #1 100%", "Группа [ВО]"])
def test_what_managers_type_survives(text: str) -> None:
    assert parse_str(encode(strings({"filter": {"=phone": [text]}}))) == {"filter": {"=phone": [text]}}


def test_numbers_become_text() -> None:
    assert strings({"id": 41, "sum": 10000.5, "zero": 0}) == {"id": "41", "sum": "10000.5", "zero": "0"}


def test_the_order_of_a_list_is_kept_beyond_ten() -> None:
    ids = [str(number) for number in range(100, 88, -1)]
    assert parse_str(encode(strings({"filter": {"@id": ids}}))) == {"filter": {"@id": ids}}


@pytest.mark.parametrize("value", [True, False, None, b"bytes", {1}, {"inner": [True]}])
def test_what_has_no_text_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="fields"):
        strings({"fields": value})


@pytest.mark.parametrize("value", [[], {}, (), [[]], {"inner": {}}, float("nan"), float("inf"), "\ud800"])
def test_what_a_query_cannot_say_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="fields"):
        strings({"fields": value})


@pytest.mark.parametrize("name", ["", " ", "a b", "a[b", "a]b", "a\0b"])
def test_a_name_that_php_would_read_otherwise_is_refused(name: str) -> None:
    assert parse_str(encode({"fields": {name: "x"}, "": "y"})) != {"fields": {name: "x"}, "": "y"}
    with pytest.raises(ValueError, match="name"):
        strings({name: "x"})
    with pytest.raises(ValueError, match="name"):
        strings({"fields": {name: "x"}})


def test_a_dot_is_refused_only_where_php_turns_it_into_an_underscore() -> None:
    assert parse_str("a.b=x&c[d.e]=y") == {"a_b": "x", "c": {"d.e": "y"}}
    assert strings({"c": {"d.e": "y"}}) == {"c": {"d.e": "y"}}
    with pytest.raises(ValueError, match="dot"):
        strings({"a.b": "x"})


def test_a_name_must_be_text() -> None:
    with pytest.raises(TypeError, match="name 1 is no text"):
        strings({"fields": {1: "x"}})


def test_as_many_values_as_php_takes_and_not_one_more() -> None:
    ids = list(range(MAX_LEAVES))
    assert len(parse_str(encode(strings({"ids": ids})))["ids"]) == MAX_LEAVES
    with pytest.raises(ValueError, match="1000"):
        strings({"ids": [*ids, 0]})


def test_a_refusal_quotes_no_value() -> None:
    with pytest.raises(TypeError) as refused:
        strings({"fields": {"NAME": b"Ivanova"}})
    assert "Ivanova" not in str(refused.value)


@pytest.mark.parametrize(
    "text", ["$result[c0]", "Цена $RESULT[a][b] руб.", "$error", "$next[x]", "$time[x]", "$total"]
)
def test_a_text_that_a_batch_would_replace_is_recognised(text: str) -> None:
    assert has_reference({"fields": {"comment": ["x", text]}})
    assert has_reference({"fields": {text: "x"}})


@pytest.mark.parametrize("text", ["result[c0]", "$ 100", "100$", "$sum"])
def test_an_ordinary_dollar_is_no_reference(text: str) -> None:
    assert not has_reference({"fields": {"comment": text}})
