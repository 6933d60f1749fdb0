"""Rule 5 of the regulations: which two cards are one person's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.judge.examples import a_contact
from gatekeeper.judge.matching.match import (
    Field,
    Match,
    MatchOptions,
    match,
)
from gatekeeper.judge.matching.person import Person, parse_person, person_of
from gatekeeper.judge.matching.shared import shared_values, without_shared

PHONE = "+7 904 123-45-67"
BORN = "1990-05-17"
EMAIL = "ivan.petrov@mail.ru"
NO_DOUBT = False
DOUBT = True


def a_person(full_name: str = "", **fields: Any) -> Person:
    """Read "Surname Name Patronymic" into its fields; "-" is an empty one."""
    parts = ["" if part == "-" else part for part in full_name.split()]
    last_name, name, second_name = (*parts, "", "", "")[:3]
    return parse_person(1, last_name=last_name, name=name, second_name=second_name, **fields)


def agreement(a: Person, b: Person) -> tuple[set[str], bool] | None:
    """Fields and needs_review; None for no match."""
    found = match(a, b)
    assert match(b, a) == found
    return ({str(each) for each in found.fields}, found.needs_review) if found else None


def test_two_exact_fields_of_four_are_enough_and_one_is_not() -> None:
    whole: dict[str, Any] = {"phones": [PHONE], "birthdate": BORN, "emails": [EMAIL]}
    one = a_person("Петров Иван", **whole)
    assert agreement(one, a_person("Петров Иван", phones=[PHONE])) == ({"name", "phone"}, NO_DOUBT)
    assert agreement(one, a_person("Петров Иван", birthdate=BORN)) == ({"name", "birthdate"}, NO_DOUBT)
    assert agreement(one, a_person("Петров Иван", emails=[EMAIL])) == ({"name", "email"}, NO_DOUBT)
    assert agreement(one, a_person(phones=[PHONE], birthdate=BORN)) == ({"phone", "birthdate"}, NO_DOUBT)
    assert agreement(one, a_person(phones=[PHONE], emails=[EMAIL])) == ({"phone", "email"}, NO_DOUBT)
    assert agreement(one, a_person(birthdate=BORN, emails=[EMAIL])) == ({"birthdate", "email"}, NO_DOUBT)
    assert agreement(one, one) == ({"name", "phone", "birthdate", "email"}, NO_DOUBT)
    for lonely in ({"phones": [PHONE]}, {"birthdate": BORN}, {"emails": [EMAIL]}):
        assert agreement(one, a_person(**lonely)) is None
    assert agreement(one, a_person("Петров Иван")) is None


def test_how_many_fields_are_enough_is_the_policys() -> None:
    one = a_person("Петров Иван", phones=[PHONE], birthdate=BORN)
    assert match(one, one, MatchOptions(fields_to_match=3)) is not None
    assert match(one, one, MatchOptions(fields_to_match=4)) is None
    assert match(one, a_person(phones=[PHONE]), MatchOptions(fields_to_match=1)) is not None
    slip = a_person("Петров Иван", phones=[PHONE], birthdate="1990-05-18")
    assert match(one, slip, MatchOptions(fields_to_match=3)) == Match(
        (Field.NAME, Field.PHONE), (Field.BIRTHDATE,), needs_review=True
    )


@pytest.mark.parametrize("typed", ["8 904 123 45 67", "904 1234567", "79041234567", f"{PHONE} доб. 3"])
def test_a_phone_is_one_number_however_it_is_typed(typed: str) -> None:
    one = a_person("Петров Иван", phones=[PHONE])
    assert agreement(one, a_person("Петров Иван", phones=["84951112233", typed])) == (
        {"name", "phone"},
        NO_DOUBT,
    )


def test_an_address_is_one_in_any_case() -> None:
    one = a_person("Петров Иван", emails=[EMAIL])
    assert agreement(one, a_person("Петров Иван", emails=[" Ivan.Petrov@MAIL.ru "])) is not None


@pytest.mark.parametrize(
    "dummy",
    [
        {"phones": ["+7 999 999-99-99"]},
        {"phones": ["1234567"]},
        {"phones": ["000000"]},
        {"birthdate": "1900-01-01"},
        {"birthdate": "1970-01-01"},
        {"emails": ["no@mail.ru"]},
        {"emails": ["нет"]},
        {"emails": [""]},
        {"phones": ["-"]},
    ],
)
def test_what_only_fills_a_field_is_no_agreement(dummy: dict[str, Any]) -> None:
    assert agreement(a_person("Петров Иван", **dummy), a_person("Петров Иван", **dummy)) is None


def test_what_is_no_name_is_no_agreement() -> None:
    assert agreement(a_person("Тест Тест", phones=[PHONE]), a_person("Тест Тест", phones=[PHONE])) is None


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"phones": [PHONE]}, {"phones": ["+7 904 123-45-68"]}),  # one digit
        ({"phones": [PHONE]}, {"phones": ["+7 904 132-45-67"]}),  # two neighbours
        ({"birthdate": BORN}, {"birthdate": "1990-05-18"}),
        ({"birthdate": BORN}, {"birthdate": "1980-05-17"}),
        ({"birthdate": BORN}, {"birthdate": "1990-05-71"}),
        ({"birthdate": BORN}, {"birthdate": "1909-05-17"}),
        ({"birthdate": "1990-05-07"}, {"birthdate": "1990-07-05"}),  # day and month
    ],
)
def test_one_exact_field_and_a_near_one_are_reported_in_doubt(a: dict[str, Any], b: dict[str, Any]) -> None:
    field = "phone" if "phones" in a else "birthdate"
    assert agreement(a_person("Петров Иван", **a), a_person("Петров Иван", **b)) == ({"name", field}, DOUBT)


@pytest.mark.parametrize("field", ["phone", "birthdate", "email"])
def test_a_mistyped_name_beside_an_exact_field_is_reported_in_doubt(field: str) -> None:
    values: dict[str, Any] = {"phone": [PHONE], "birthdate": BORN, "email": [EMAIL]}
    other = {{"phone": "phones", "email": "emails"}.get(field, field): values[field]}
    found = agreement(a_person("Кузнецов Иван", **other), a_person("Кузницов Иван", **other))
    assert found == ({"name", field}, DOUBT)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"phones": [PHONE]}, {"phones": ["+7 904 123-54-76"]}),
        ({"phones": [PHONE]}, {"phones": ["+7 904 123-45-6"]}),
        ({"birthdate": BORN}, {"birthdate": "1991-05-18"}),
        ({"birthdate": BORN}, {"birthdate": "1990-06-18"}),
        ({"emails": [EMAIL]}, {"emails": ["ivan.petro@mail.ru"]}),
    ],
)
def test_two_slips_in_one_field_are_no_near_miss(a: dict[str, Any], b: dict[str, Any]) -> None:
    assert agreement(a_person("Петров Иван", **a), a_person("Петров Иван", **b)) is None


def test_two_near_misses_prove_nothing() -> None:
    near = a_person("Кузницов Иван", phones=["+7 904 123-45-68"], birthdate="1990-05-18")
    assert agreement(a_person("Кузнецов Иван", phones=[PHONE], birthdate=BORN), near) is None


@pytest.mark.parametrize(
    "other", [{"birthdate": BORN}, {"emails": [EMAIL]}, {"birthdate": BORN, "emails": [EMAIL]}]
)
def test_twins_and_children_behind_one_phone_are_reported_in_doubt(other: dict[str, Any]) -> None:
    peter = a_person("Иванов Пётр Ильич", phones=[PHONE], **other)
    paul = a_person("Иванов Павел Ильич", phones=[PHONE], **other)
    found = agreement(peter, paul)
    assert found is not None
    assert found[1] is DOUBT
    assert "name" not in found[0]


def test_brother_and_sister_of_one_name_are_told_apart() -> None:
    shared: dict[str, Any] = {"phones": [PHONE], "birthdate": BORN}
    found = agreement(a_person("Иванов Александр", **shared), a_person("Иванова Александра", **shared))
    assert found == ({"phone", "birthdate"}, DOUBT)


def test_a_maiden_name_leaves_no_doubt() -> None:
    shared: dict[str, Any] = {"phones": [PHONE], "birthdate": BORN}
    found = agreement(a_person("Иванова Анна", **shared), a_person("Петрова Аня", **shared))
    assert found == ({"phone", "birthdate"}, NO_DOUBT)


def test_parent_and_child_on_one_phone_are_two_people() -> None:
    parent = a_person("Иванова Ольга Петровна", phones=[PHONE], birthdate="1980-03-02", emails=[EMAIL])
    child = a_person("Иванов Миша Сергеевич", phones=[PHONE], birthdate="2012-11-25")
    assert agreement(parent, child) is None


def test_namesakes_are_two_people() -> None:
    one = a_person("Иванов Иван Иванович", phones=[PHONE], birthdate=BORN)
    assert (
        agreement(one, a_person("Иванов Иван Иванович", phones=["+7 911 222-33-44"], birthdate="1971-02-08"))
        is None
    )


def test_namesakes_born_on_one_day_agree_in_two_fields() -> None:
    one = a_person("Иванов Иван", phones=[PHONE], birthdate=BORN)
    assert agreement(one, a_person("Иванов Ваня", phones=["+7 911 222-33-44"], birthdate=BORN)) is not None


def test_a_companys_line_is_no_agreement() -> None:
    names = ["Иванов Иван", "Петров Пётр", "Сидорова Анна"]
    people = [a_person(name, phones=[PHONE], birthdate=BORN) for name in names]
    assert shared_values(people) == {"+79041234567"}
    assert shared_values(people[:2]) == frozenset()
    assert shared_values(people[:2], shared_by=2) == {"+79041234567"}
    first, second, _ = (without_shared(person, shared_values(people)) for person in people)
    assert agreement(first, second) is None


def test_cards_of_one_person_count_once_towards_a_shared_value() -> None:
    names = [
        "Иванов Александр",
        "Иванов Саша",
        "Alexander Ivanov",
        "Иванов -",
        "- -",
        "Иванов Алекандр",
        "Петров Пётр",
    ]
    assert shared_values([a_person(name, phones=[PHONE]) for name in names]) == frozenset()
    names.append("Сидорова Анна")
    assert shared_values([a_person(name, phones=[PHONE]) for name in names]) == {"+79041234567"}


def test_a_contact_of_the_portal_is_folded_like_any_card() -> None:
    contact = a_contact()
    again = parse_person(
        contact.ref.id,
        last_name="ПЕТРОВ",
        name="иван",
        second_name="Сергеевич",
        birthdate="1990-05-17",
        phones=["8 903 123 45 67"],
        emails=["IVAN.petrov@mail.ru"],
    )
    assert agreement(person_of(contact), again) == ({"name", "phone", "birthdate", "email"}, NO_DOUBT)
    assert person_of(replace(contact, birthdate=None)).birthdate == ""


PEOPLE = st.builds(
    a_person,
    st.sampled_from(
        ["Иванов Пётр", "Иванов Петр", "Петр Иванов", "Иванов Павел", "Иваноф Пётр", "Тест Тест", "- -"]
    ),
    phones=st.lists(st.sampled_from([PHONE, "89041234568", "+79041234576", "1234567", "abc"]), max_size=2),
    birthdate=st.sampled_from(["", BORN, "1990-05-18", "1990-07-15", "1900-01-01"]),
    emails=st.lists(st.sampled_from([EMAIL, EMAIL.upper(), "no@mail.ru"]), max_size=1),
)


@given(PEOPLE, PEOPLE)
def test_it_is_all_one_who_is_compared_to_whom(a: Person, b: Person) -> None:
    assert match(a, b) == match(b, a)


@given(PEOPLE)
def test_who_has_two_fields_matches_himself_without_doubt(person: Person) -> None:
    has_name = len(person.name.cores[0]) > 1
    found = match(person, person)
    if sum(map(bool, (has_name, person.phones, person.birthdate, person.emails))) > 1:
        assert found is not None
        assert not found.needs_review
    else:
        assert found is None


@given(PEOPLE, PEOPLE)
def test_without_doubt_means_two_exact_fields(a: Person, b: Person) -> None:
    found = match(a, b)
    if found is not None:
        assert found.exact
        assert found.needs_review or (len(found.exact) > 1 and not found.near)
