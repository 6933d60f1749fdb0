"""Folding whatever people type."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gatekeeper.judge.matching.dates import is_slip
from gatekeeper.judge.matching.digits import is_digit_slip, slip_keys
from gatekeeper.judge.matching.emails import is_valid, parse_emails
from gatekeeper.judge.matching.nonnames import name_fault, says_there_is_none
from gatekeeper.judge.matching.person import parse_person
from gatekeeper.judge.matching.phones import Phone, parse_phones

DIGITS = st.text("0123456789", min_size=4, max_size=6)


def the_first_of(text: str) -> Phone | None:
    return next(iter(parse_phones(text)), None)


@given(st.text())
def test_whatever_is_typed_can_be_read(typed: str) -> None:
    person = parse_person(1, last_name=typed, name=typed, second_name=typed, phones=[typed], emails=[typed])
    assert person == parse_person(
        1, last_name=typed, name=typed, second_name=typed, phones=[typed], emails=[typed]
    )
    name_fault(typed)
    says_there_is_none(typed)
    for phone in parse_phones(typed):
        assert phone.is_valid or not phone.is_mobile
        assert the_first_of(phone.e164) == phone
    for email in parse_emails(typed):
        is_valid(email)


@given(st.from_regex(r"9[0-9]{9}", fullmatch=True))
def test_a_number_is_one_in_every_spelling(number: str) -> None:
    spellings = [
        number,
        f"8{number}",
        f"+7{number}",
        f"7{number}",
        f"8 ({number[:3]}) {number[3:6]}-{number[6:]}",
    ]
    spellings += [f"+7 {number[:3]} {number[3:]} доб. 5", f"тел. 8{number}", f"+8 {number}", f"007{number}"]
    assert {the_first_of(spelling) for spelling in spellings} == {the_first_of(number)}


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("8 904 123-45-67, 8 904 123-45-68", {"+79041234567", "+79041234568"}),
        ("8 904 123-45-67 мама; 8 904 123-45-68 папа", {"+79041234567", "+79041234568"}),
        ("+375 29 123-45-67", {"+375291234567"}),
        ("12-34-56", {"123456"}),
        ("1234", set()),
        ("555555", set()),
        ("", set()),
    ],
)
def test_the_numbers_of_a_field(typed: str, numbers: set[str]) -> None:
    assert parse_person(1, phones=[typed]).phones == numbers


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("375291234567", "+375291234567"),
        ("375 (29) 123-45-67", "+375291234567"),
        ("375291234567 доб. 12", "+375291234567"),
        ("998 90 765-43-21", "+998907654321"),
        ("380507654321", "+380507654321"),
        ("37491123456", "+37491123456"),
        ("8613800138001", "+8613800138001"),
    ],
)
def test_a_foreign_number_may_lack_its_plus(typed: str, number: str) -> None:
    phone = the_first_of(typed)
    assert phone is not None
    assert (phone.e164, phone.is_mobile, phone.is_dummy) == (number, True, False)
    assert phone == the_first_of(number)


def test_a_foreign_number_without_its_plus_is_found_beside_a_local_one() -> None:
    assert parse_person(1, phones=["8 904 123-45-67, 375291234567"]).phones == {
        "+79041234567",
        "+375291234567",
    }


@given(st.from_regex(r"8?[1-9][0-9]{9}", fullmatch=True).filter(lambda typed: not typed.startswith("810")))
@example("81234567890")  # its digits would be a number in Japan
@example("2025550143")  # in Egypt
@example("2617360430")  # in Madagascar, which fills numbers up
def test_a_local_number_is_never_taken_for_a_foreign_one(typed: str) -> None:
    assert {phone.e164[:2] for phone in parse_phones(typed)} <= {"+7"}


@pytest.mark.parametrize("behind", ["8", " 8", " 12", "-1"])
@given(st.from_regex(r"8?9[0-9]{9}", fullmatch=True))
def test_nor_is_one_with_something_behind_it(behind: str, typed: str) -> None:
    """916 12 is Indian, 937 Afghan, 886 Taiwanese, where a plus stands before it."""
    assert {phone.e164[:2] for phone in parse_phones(typed + behind)} <= {"+7"}


@given(DIGITS, DIGITS)
def test_digits_that_slipped_have_a_key_in_common(a: str, b: str) -> None:
    assert is_digit_slip(a, b) == is_digit_slip(b, a)
    if a == b or is_digit_slip(a, b):
        assert not slip_keys(a).isdisjoint(slip_keys(b))


@pytest.mark.parametrize(
    ("a", "b", "slipped"),
    [
        ("1990-05-17", "1990-05-17", False),
        ("1990-05-17", "1990-05-18", True),
        ("1990-05-17", "1990-05-28", False),
        ("1990-05-17", "1990-05-71", True),
        ("1990-05-17", "1909-05-17", True),
        ("1990-05-17", "0990-15-17", False),
        ("1990-05-07", "1990-07-05", True),
        ("1990-05-07", "1991-07-05", False),
        ("1990-05-05", "1990-05-05", False),
        ("1990-12-01", "1990-01-12", True),
    ],
)
def test_dates_that_slipped(a: str, b: str, slipped: bool) -> None:
    assert is_slip(a, b) is slipped
    assert is_slip(b, a) is slipped
