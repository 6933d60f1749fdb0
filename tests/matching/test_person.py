"""Folding whatever people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.matching.dates import is_slip
from gatekeeper.matching.digits import is_digit_slip, slip_keys
from gatekeeper.matching.emails import is_valid, parse_emails
from gatekeeper.matching.nonnames import name_fault, says_there_is_none
from gatekeeper.matching.person import parse_person
from gatekeeper.matching.phones import parse_phone, parse_phones

DIGITS = st.text("0123456789", min_size=4, max_size=6)


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
        assert parse_phone(phone.e164) == phone
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
    assert {parse_phone(spelling) for spelling in spellings} == {parse_phone(number)}


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
