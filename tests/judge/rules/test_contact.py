"""Rule 4 of the regulations, with the values at each boundary."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from gatekeeper.judge.examples import NOON, a_contact, a_policy
from gatekeeper.judge.policy import (
    BirthdateOptions,
    NameOptions,
    PhoneOptions,
    Policy,
)
from gatekeeper.judge.rules.contact import CONTACT_RULES
from gatekeeper.model.cards import ContactSnapshot, Multifield
from gatekeeper.model.findings import Facts, Violation

CHECKS = {rule.id: rule.check for rule in CONTACT_RULES}


def facts(
    rule: str, contact: ContactSnapshot, policy: Policy | None = None, now: datetime = NOON
) -> Facts | None:
    finding = CHECKS[rule](contact, policy or a_policy(), now)
    if finding is None:
        return None
    assert isinstance(finding, Violation)
    assert finding.rule == rule
    return finding.facts


def name_problems(policy: Policy | None = None, **names: Any) -> dict[str, str]:
    found = facts("contact.name", a_contact(**names), policy)
    return {each["part"]: each["problem"] for each in found["problems"]} if found else {}


def phone_problems(*phones: tuple[str, str], regions: tuple[str, ...] = ("RU",)) -> list[str]:
    contact = a_contact(phones=tuple(Multifield(*phone) for phone in phones))
    found = facts("contact.phone", contact, a_policy(contact_phone=PhoneOptions(regions=regions)))
    return [each["problem"] for each in found["problems"]] if found else []


def email_problems(*emails: tuple[str, str]) -> list[str]:
    found = facts("contact.email", a_contact(emails=tuple(Multifield(*email) for email in emails)))
    return [each["problem"] for each in found["problems"]] if found else []


def birthdate_problem(born: date | None, now: datetime = NOON, **options: Any) -> str | None:
    policy = a_policy(contact_birthdate=BirthdateOptions(**options))
    found = facts("contact.birthdate", a_contact(birthdate=born), policy, now)
    return found["problem"] if found else None


def test_a_filled_contact_breaks_no_rule() -> None:
    assert [facts(rule.id, a_contact()) for rule in CONTACT_RULES] == [None] * 6


@pytest.mark.parametrize("part", ["last_name", "name", "second_name"])
@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("Тест", "placeholder"),
        ("ТЕСТ ТЕСТ", "placeholder"),
        ("Тестовый клиент", "placeholder"),
        ("Клиент", "placeholder"),
        ("клиент", "placeholder"),
        ("Новый лид", "placeholder"),
        ("Неизвестно", "placeholder"),
        ("не указано", "placeholder"),
        ("Без имени", "placeholder"),
        ("Нет", "placeholder"),
        ("test", "placeholder"),
        ("ааа", "placeholder"),
        ("Ххх", "placeholder"),
        ("фыва", "placeholder"),
        ("Лид с сайта", "placeholder"),
        ("И", "one_letter"),
        ("И.", "one_letter"),
        ("И. П.", "one_letter"),
        ("123", "digits"),
        ("Иван2", "digits"),
        ("Клиент 17", "digits"),
        ("89041234567", "contact_data"),
        ("+7 (904) 123-45-67", "contact_data"),
        ("Иван 8-904-123-45-67", "contact_data"),
        ("ivan.petrov@mail.ru", "contact_data"),
        ("@ivan_petrov", "contact_data"),
        ("-", "no_letters"),
        (".", "no_letters"),
        ("???", "no_letters"),
        ("🙂", "no_letters"),
    ],
)
def test_what_is_no_name_is_refused_in_every_part(part: str, value: str, problem: str) -> None:
    assert name_problems(None, **{part: value}) == {part: problem}


@pytest.mark.parametrize(
    ("last_name", "name", "second_name"),
    [
        ("Ли", "Ян", "Юй"),
        ("Цой", "Ын", "Су"),
        ("О'Коннор", "Шинейд", "Мари"),
        ("Ибн Рашид", "Мухаммад", "Абдуллах"),
        ("Салтыкова-Щедрина", "Анна-Мария", "Сергеевна"),
        ("Алиев", "Гасан", "Мамед оглы"),
        ("Каримова", "Гульнора", "Рустам кизи"),
        ("Smith", "John", "Fitzgerald"),
        ("Müller", "Zoë", "Françoise"),
        ("李", "小龙", "先"),
        ("김", "민준", "수"),
        ("محمد", "علي", "حسن"),
        ("Тестов", "Ной", "Тестович"),
        ("Гость", "Иван", "Петрович"),
        ("Новый", "Лидия", "Константиновна"),
        ("Иванова (Петрова)", "Анна", "Сергеевна"),
        ("фон дер Ляйен", "Урсула", "Гертруда"),
        ("иванов", "ПЁТР", "ильич"),
        ("Аа", "Анна", "Ивановна"),
        ("Нетребко", "Анна", "Юрьевна"),
        ("Безымянный", "Лев", "Львович"),
        ("Кузнецов", "Дм.", "Ал."),
    ],
)
def test_unusual_names_are_names(last_name: str, name: str, second_name: str) -> None:
    assert name_problems(last_name=last_name, name=name, second_name=second_name) == {}


def test_parts_in_each_others_place_are_names() -> None:
    assert name_problems(last_name="Иван", name="Сергеевич", second_name="Петров") == {}


@pytest.mark.parametrize(
    ("names", "part", "field"),
    [
        ({"last_name": "Петров Иван", "name": ""}, "name", "last_name"),
        ({"last_name": "", "name": "Петров Иван"}, "last_name", "name"),
        ({"last_name": "", "name": "Петров Иван Сергеевич"}, "last_name", "name"),
    ],
)
def test_surname_and_name_in_one_field_are_told_to_be_parted(
    names: dict[str, str], part: str, field: str
) -> None:
    found = facts("contact.name", a_contact(**names))
    assert found == {
        "problems": [{"part": part, "problem": "in_other_field", "field": field, "value": names[field]}]
    }


def test_two_words_that_are_no_name_do_not_stand_for_the_empty_field() -> None:
    assert name_problems(last_name="", name="Новый клиент") == {"last_name": "empty", "name": "placeholder"}


def test_a_name_of_one_word_does_not_stand_for_the_empty_field() -> None:
    assert name_problems(last_name="", name="Иван") == {"last_name": "empty"}


def test_every_faulty_part_is_listed() -> None:
    assert name_problems(last_name="", name="", second_name="") == {
        "last_name": "empty",
        "name": "empty",
        "second_name": "empty",
    }


@pytest.mark.parametrize("second_name", ["", " ", "-", "нет", "Отсутствует", "без отчества", "Сергеевич"])
def test_where_no_patronymic_is_asked_for_none_is_missed(second_name: str) -> None:
    policy = a_policy(contact_name=NameOptions(patronymic=False))
    assert name_problems(policy, second_name=second_name) == {}


@pytest.mark.parametrize("second_name", ["Тест", "89041234567", "С."])
def test_a_filled_patronymic_is_a_name_even_where_none_is_asked_for(second_name: str) -> None:
    policy = a_policy(contact_name=NameOptions(patronymic=False))
    assert "second_name" in name_problems(policy, second_name=second_name)


@pytest.mark.parametrize(
    "value",
    [
        "+7 903 123-45-67",
        "8 903 123 45 67",
        "8(903)1234567",
        "79031234567",
        "9031234567",
        "+8 903 123-45-67",
        "+7 903 123-45-67 доб. 12",
        "8 903 123-45-67 (мама)",
        "8 903 123-45-67, 8 495 123-45-67",
        "8 495 123-45-67; 8 903 123-45-67",
        "тел. 89031234567",
        "+375 29 123-45-67",
        "00375291234567",
        "+7 701 123-45-67",
        "+1 650 253 0000",
        "+7 925 777-77-70",
    ],
)
def test_a_possible_mobile_number_is_admitted_however_it_is_typed(value: str) -> None:
    assert phone_problems(("MOBILE", value)) == []


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("+7 495 123-45-67", "not_mobile"),
        ("8-800-555-35-35", "not_mobile"),
        ("+7 999 999-99-99", "dummy"),
        ("9999999999", "dummy"),
        ("+7 900 000-00-00", "dummy"),
        ("+7 911 111-11-11", "dummy"),
        ("0000000000", "dummy"),
        ("1234567", "dummy"),
        ("7654321", "dummy"),
        ("1234567890", "dummy"),
        ("+7 123 456-78-90", "dummy"),
        ("+7 912 345-67-89", "dummy"),
        ("+7 987 654-32-10", "dummy"),
        ("123", "not_a_number"),
        ("8 903 123-45-6", "not_a_number"),
        ("8 903 123-45-678", "not_a_number"),
        ("нет", "not_a_number"),
        ("-", "not_a_number"),
        ("+7 100 200-30-40", "not_a_number"),
        ("ivan@mail.ru", "not_a_number"),
    ],
)
def test_what_cannot_be_a_mobile_number_is_refused(value: str, problem: str) -> None:
    assert phone_problems(("MOBILE", value)) == [problem]


def test_a_contact_without_phones_is_refused() -> None:
    assert phone_problems() == ["empty"]
    assert phone_problems(("MOBILE", " ")) == ["empty"]


@pytest.mark.parametrize("kind", ["WORK", "HOME", "OTHER", "FAX", ""])
def test_a_mobile_number_under_another_type_is_refused(kind: str) -> None:
    assert phone_problems((kind, "+7 903 123-45-67")) == ["wrong_type"]


def test_one_good_mobile_among_others_is_enough() -> None:
    assert phone_problems(("WORK", "1234567"), ("MOBILE", "123"), ("MOBILE", "+7 903 123-45-67")) == []


def test_every_unusable_phone_is_listed() -> None:
    assert phone_problems(("WORK", "+7 903 123-45-67"), ("MOBILE", "1234567")) == ["wrong_type", "dummy"]


def test_numbers_without_a_country_code_are_read_in_the_configured_regions() -> None:
    assert phone_problems(("MOBILE", "029 123-45-67")) == ["not_a_number"]
    assert phone_problems(("MOBILE", "029 123-45-67"), regions=("BY",)) == []
    assert phone_problems(("MOBILE", "029 123-45-67"), regions=("RU", "BY")) == []
    assert phone_problems(("MOBILE", "8 903 123-45-67"), regions=("BY", "RU")) == []


@pytest.mark.parametrize(
    ("born", "problem"),
    [
        (None, "empty"),
        (date(2016, 9, 1), None),  # ten today
        (date(2016, 9, 2), "too_young"),  # ten tomorrow
        (date(1925, 9, 2), None),  # still a hundred today
        (date(1925, 9, 1), "too_old"),  # a hundred and one today
        (date(2026, 9, 1), "today"),
        (date(2026, 8, 31), "too_young"),
        (date(2026, 9, 2), "future"),
        (date(2062, 5, 17), "future"),
        (date(1970, 1, 1), "placeholder"),
        (date(1970, 1, 2), None),
        (date(1969, 12, 31), None),
        (date(1900, 1, 1), "placeholder"),
        (date(1900, 1, 2), "too_old"),
        (date(1990, 1, 1), None),
        (date(2004, 2, 29), None),
    ],
)
def test_birth_dates_at_their_boundaries(born: date | None, problem: str | None) -> None:
    assert birthdate_problem(born) == problem


def test_the_ages_admitted_are_the_policys() -> None:
    assert birthdate_problem(date(2008, 9, 1), age=(18, 60)) is None
    assert birthdate_problem(date(2008, 9, 2), age=(18, 60)) == "too_young"
    assert birthdate_problem(date(1965, 9, 2), age=(18, 60)) is None
    assert birthdate_problem(date(1965, 9, 1), age=(18, 60)) == "too_old"
    assert birthdate_problem(date(2026, 9, 1), age=(0, 100)) == "today"


def test_an_age_outside_is_told_with_the_ages_wanted() -> None:
    assert facts("contact.birthdate", a_contact(birthdate=date(2020, 9, 1))) == {
        "problem": "too_young",
        "value": "2020-09-01",
        "age": 6,
        "min": 10,
        "max": 100,
    }


def test_today_is_the_portals_day_and_not_greenwichs() -> None:
    east = timezone(timedelta(hours=10))
    contact = a_contact(birthdate=date(2016, 9, 2), created_at=datetime(2026, 9, 1, 9, 0, tzinfo=east))
    just_before_midnight_there = datetime(2026, 9, 1, 13, 59, tzinfo=UTC)
    assert facts("contact.birthdate", contact, now=just_before_midnight_there) is not None
    assert facts("contact.birthdate", contact, now=just_before_midnight_there + timedelta(minutes=1)) is None


@pytest.mark.parametrize(
    "value",
    [
        "ivan.petrov@mail.ru",
        " Ivan.Petrov@Mail.RU ",
        "ivan+crm@gmail.com",
        "иван@почта.рф",
        "i@ya.ru",
        "mail@ivanov.ru",
        "ivan@mail.ru, ivan@gmail.com",
        "testov@mail.ru",
        "nota@mail.ru",
        "netrebko@mail.ru",
    ],
)
def test_a_valid_private_address_is_admitted(value: str) -> None:
    assert email_problems(("HOME", value)) == []


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("ivan.petrov", "not_an_address"),
        ("ivan@mail", "not_an_address"),
        ("ivan@", "not_an_address"),
        ("@mail.ru", "not_an_address"),
        ("ivan petrov@mail..ru", "not_an_address"),
        ("ivan@@mail.ru", "not_an_address"),
        ("нет", "not_an_address"),
        ("89031234567", "not_an_address"),
        ("test@test.ru", "placeholder"),
        ("Test@mail.ru", "placeholder"),
        ("no@mail.ru", "placeholder"),
        ("net@net.ru", "placeholder"),
        ("mail@mail.ru", "placeholder"),
        ("a@a.ru", "placeholder"),
        ("111@111.ru", "placeholder"),
        ("123@mail.ru", "placeholder"),
    ],
)
def test_what_is_no_address_is_refused(value: str, problem: str) -> None:
    assert email_problems(("HOME", value)) == [problem]


@pytest.mark.parametrize("kind", ["WORK", "OTHER", "MAILING", ""])
def test_an_address_under_another_type_is_refused(kind: str) -> None:
    assert email_problems((kind, "ivan.petrov@mail.ru")) == ["wrong_type"]


def test_a_contact_without_addresses_is_refused() -> None:
    assert email_problems() == ["empty"]
    assert email_problems(("HOME", "")) == ["empty"]


def test_one_valid_private_address_among_others_is_enough() -> None:
    assert email_problems(("WORK", "x"), ("HOME", "нет"), ("HOME", "ivan.petrov@mail.ru")) == []


def test_judging_leaves_the_contact_as_it_was() -> None:
    contact = a_contact(name=" Тест ", birthdate=None)
    before = replace(contact)
    for rule in CONTACT_RULES:
        rule.check(contact, a_policy(), NOON)
    assert contact == before
