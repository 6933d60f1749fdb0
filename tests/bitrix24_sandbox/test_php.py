"""PHP's habits, as properties."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bitrix24_sandbox import php

KEYS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8).filter(
    lambda key: not key.isdecimal()
)
TEXTS = st.text(max_size=20)
TREES = st.recursive(
    TEXTS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3) | st.dictionaries(KEYS, inner, min_size=1, max_size=3)
    ),
    max_leaves=12,
)
NAMES = KEYS.map(lambda key: "k" + key)


@settings(deadline=None)
@given(st.dictionaries(NAMES, TREES, max_size=4))
def test_what_is_written_with_brackets_is_read_back_the_same(tree: dict[str, Any]) -> None:
    assert php.parse_query(php.build_query(tree)) == tree


@settings(deadline=None)
@given(st.text())
def test_no_query_string_is_too_strange_to_be_read(text: str) -> None:
    json.dumps(php.parse_query(text))


@settings(deadline=None)
@given(
    st.recursive(
        TEXTS | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner)
    )
)
def test_hexed_json_parses_back_to_the_same_value(value: Any) -> None:
    text = php.to_json(value)
    assert json.loads(text) == value
    assert not set("<>&'") & set(text)


def test_a_plus_is_a_space_and_an_ampersand_splits() -> None:
    assert php.parse_query("phone=+7903&a=1%2B1&b=x%26y") == {"phone": " 7903", "a": "1+1", "b": "x&y"}


def test_empty_brackets_count_on_from_the_greatest_index() -> None:
    assert php.parse_query("a[3]=x&a[]=y&a[k]=z&a[]=w") == {"a": {"3": "x", "4": "y", "k": "z", "5": "w"}}


def test_dots_and_spaces_in_a_name_become_underscores() -> None:
    assert php.parse_query("a.b=1&c%20d=2&e[f.g]=3&h[i=4") == {
        "a_b": "1",
        "c_d": "2",
        "e": {"f.g": "3"},
        "h_i": "4",
    }


def test_a_map_is_a_list_exactly_when_its_keys_count_from_nought() -> None:
    assert php.array({}) == []
    assert php.array({"0": "a", "1": "b"}) == ["a", "b"]
    assert php.array({"1": "b"}) == {"1": "b"}
    assert php.array({"1": "b", "0": "a"}) == {"1": "b", "0": "a"}
