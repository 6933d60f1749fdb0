"""Finding every pair, without comparing everybody with everybody."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.judge.matching import pairs
from gatekeeper.judge.matching.match import match
from gatekeeper.judge.matching.pairs import find_duplicates
from gatekeeper.judge.matching.person import Person, parse_person
from gatekeeper.judge.matching.shared import shared_values, without_shared
from tests.soak import examples

NAMES = ["Иванов", "Иванова", "Иваноф", "Кузнецов", "Кузницов", "Kuznetsov", ""]
GIVEN = ["Саша", "Александр", "Александра", "Алекандр", "Пётр", "Petr", "Анна-Мария", ""]
CARDS = st.builds(
    lambda last_name, name, birthdate, phones, emails: {
        "last_name": last_name,
        "name": name,
        "birthdate": birthdate,
        "phones": phones,
        "emails": emails,
    },
    st.sampled_from(NAMES),
    st.sampled_from(GIVEN),
    st.sampled_from(["", "1990-05-07", "1990-07-05", "1990-05-08", "1909-05-07"]),
    st.lists(st.sampled_from(["89041234567", "89041234576", "89041234568", "89167654321"]), max_size=2),
    st.lists(st.sampled_from(["a.b@mail.ru", "c.d@mail.ru"]), max_size=1),
)


def found_ids(people: list[Person]) -> list[tuple[int | str, int | str]]:
    return sorted((pair.a.id, pair.b.id) for pair in find_duplicates(people))


@pytest.mark.parametrize("large_block", [1, 3, 50])
@given(cards=st.lists(CARDS, max_size=12))
@settings(max_examples=examples(60))
def test_no_pair_is_missed_and_none_is_told_twice(large_block: int, cards: list[dict[str, Any]]) -> None:
    people = [parse_person(key, **card) for key, card in enumerate(cards)]
    shared = shared_values(people)
    cleaned = [without_shared(person, shared) for person in people]
    expected = [(a.id, b.id) for a, b in combinations(cleaned, 2) if match(a, b) is not None]
    found = [(pair.a.id, pair.b.id) for pair in pairs.find_duplicates(people, large_block=large_block)]
    assert sorted(found) == expected


def test_the_earlier_of_a_pair_comes_first() -> None:
    card = {"last_name": "Иванов", "name": "Иван", "birthdate": "1990-05-17"}
    assert found_ids([parse_person(9, **card), parse_person(3, **card)]) == [(9, 3)]


def test_two_cards_with_one_id_are_no_pair() -> None:
    card = {"last_name": "Иванов", "name": "Иван", "birthdate": "1990-05-17"}
    assert found_ids([parse_person(3, **card), parse_person(3, **card)]) == []


def test_three_cards_of_one_person_are_three_pairs() -> None:
    people = [parse_person(key, name="Иван", last_name="Иванов", birthdate="1990-05-17") for key in (1, 2, 3)]
    assert found_ids(people) == [(1, 2), (1, 3), (2, 3)]


def test_nobody_is_nobodys_duplicate() -> None:
    assert found_ids([]) == []
    assert found_ids([parse_person(1), parse_person(2)]) == []
