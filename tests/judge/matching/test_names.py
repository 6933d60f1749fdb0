"""ФИО: what is one name, what is one name mistyped, and what is another name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.judge.matching.likeness import (
    Agreement,
    compare_names,
    have_different_given_names,
    may_be_one_person,
)
from gatekeeper.judge.matching.names import (
    FullName,
    name_keys,
    parse_name,
    slip_keys,
)


def full_name(text: str) -> FullName:
    """Read "Surname Name Patronymic"; "-" is an empty field, "_" a space within one."""
    parts = ["" if part == "-" else part.replace("_", " ") for part in text.split()]
    last_name, name, second_name = (*parts, "", "", "")[:3]
    return parse_name(last_name, name, second_name)


def compare(a: str, b: str) -> Agreement:
    found = compare_names(full_name(a), full_name(b))
    assert compare_names(full_name(b), full_name(a)) is found
    return found


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Иванов Иван Иванович", "ИВАНОВ иван ИВАНОВИЧ"),
        ("Ткачёв Пётр", "Ткачев Петр"),
        ("Иванов Иван Иванович", "Иванов Иван"),
        ("Иванов Иван Иванович", "Иван Иванов Иванович"),
        ("Иванов Иван Иванович", "Иван Иванович Иванов"),
        ("Иванов Иван Иванович", "- Иванов_Иван_Иванович"),
        ("Иванов Иван Иванович", "Иванов_Иван_Иванович"),
        ("Иванов Иван Иванович", "- Иван_Иванович_Иванов"),
        ("Иванов Иван Иванович", "Иванов Иван_Иванович"),
        ("Абрамович Роман Аркадьевич", "- Роман_Аркадьевич_Абрамович"),
        ("Салтыков-Щедрин Михаил", "Салтыков_Щедрин Михаил"),
        ("Салтыков-Щедрин Михаил", "Щедрин-Салтыков Михаил"),
        ("Петрова Анна-Мария", "Петрова Анна_Мария"),
        ("Петрова Анна-Мария", "Петрова Аннамария"),
        ("О'Коннор Шон", "ОКоннор Шон"),
        ("Иванов Александр", "Иванов Саша"),
        ("Иванова Александра", "Иванова Саша"),
        ("Иванов Шура", "Иванов Саша"),
        ("Иванова Екатерина", "Катя Иванова"),
        ("Петров Вячеслав", "Петров Слава"),
        ("Петров Станислав", "Петров Слава"),
        ("Смирнова Наталья", "Смирнова Наталия"),
        ("Смирнова Софья", "Смирнова София"),
        ("Иванов Саша", "Иванова Саша"),
        ("Толстой Женя", "Толстая Женя"),
        ("Достоевский Саша Петрович", "Достоевская Александра Петровна"),
        ("Иванов Иван", "Ivanov Ivan"),
        ("Щербаков Юрий", "Shcherbakov Yury"),
        ("Щербаков Юрий", "Scherbakov Yuriy"),
        ("Юлия Хрущёва", "Iuliia Khrushcheva"),
        ("Ксения Соловьёва", "Xenia Solovyova"),
        ("Alexander Kuznetsov", "Aleksandr Kuznecov"),
        ("Александр Кузнецов", "Sasha Kuznetsov"),
        ("Ивaнoв Ивaн", "Иванов Иван"),  # Latin a and o
        ("АННА Козлова", "AHHA Козлова"),  # Latin throughout
        ("Алиев Гасан Мамед_оглы", "Алиев Гасан Мамед"),
        ("Müller Zoë", "Muller Zoe"),
        ("Ким Ен", "Ен Ким"),
    ],
)
def test_one_name_however_it_is_written(a: str, b: str) -> None:
    assert compare(a, b) is Agreement.EXACT


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Иванов Иван", "Иваноф Иван"),
        ("Кузнецов Иван", "Кузнецов Ивна"),
        ("Кузницов Сергей", "Кузнецов Сергей"),
        ("Смирнова Екатерина", "Смирнова Екатирина"),
        ("Смирнов Александр Петрович", "Смирнов Алекандр Петрович"),
        ("Смирнов Александр Петрович", "Смирнов Александр Петрвич"),
        ("Смирнов Алекандр", "Александр Смирнов"),
        ("Smith Jonathan", "Smith Jonathn"),
        ("Сидоров Дмитрий", "Сидоров Дмитрый"),
        ("Соколов Иван", "Срколов Иван"),
        ("Ковалёва Ирина", "Ковалёва Ирин"),
        ("Кузницов Сиргей", "Кузнецов Сергей"),  # a keystroke in either
    ],
)
def test_one_part_mistyped_is_near(a: str, b: str) -> None:
    assert compare(a, b) is Agreement.NEAR


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Иванова Мария", "Иванова Марина"),
        ("Иванов Иван", "Ивашов Иван"),
        ("Иванова Александра", "Иванов Александр"),
        ("Кузницэв Иван", "Кузнецов Иван"),
        ("Ким Валентин", "Ким Валентина"),
        ("Валентин Ким", "Ким Валентина"),
        ("- Ким_Валентин", "- Ким_Валентина"),
        ("Иванов Саша", "Иванов Женя"),
        ("Иванова Даша", "Иванова Маша"),
        ("Иванова Дарья", "Иванова Марья"),
        ("Иванова Ульяна", "Иванова Юлиана"),
        ("Иванова Анна", "Петрова Анна"),
        ("Иванов Иван Петрович", "Иванов Иван Сергеевич"),
        ("Иванов Иван Петрович", "Иванов Иван Павлович"),
        ("Иванов -", "Иванов -"),
        ("- Иван", "- Иван"),
        ("- -", "- -"),
        ("Иванов Тест", "Иванов Тест"),
        ("Иванов И.", "Иванов И."),
        ("Иванова-Петрова Анна", "Иванова Анна"),
        ("Смирнов Алекандр Петрвич", "Смирнов Александр Петрович"),
        ("Ли Ян", "Лю Ян"),
        ("Иванов Пётр", "Петров Иван"),
    ],
)
def test_other_names_and_half_names_do_not_agree(a: str, b: str) -> None:
    assert compare(a, b) is Agreement.NONE


@pytest.mark.parametrize(
    ("surname", "mistyped", "expected"),
    [("Бырг", "Быр", Agreement.NEAR), ("Быр", "Бы", Agreement.NONE), ("Быргат", "Быгртт", Agreement.NONE)],
)
def test_one_letter_of_four_may_be_wrong(surname: str, mistyped: str, expected: Agreement) -> None:
    assert compare(f"{surname} Иван", f"{mistyped} Иван") is expected


def test_how_much_of_a_word_must_be_right_is_the_policys() -> None:
    a, b = full_name("Быргат Иван"), full_name("Быргад Иван")
    assert compare_names(a, b, similarity=5 / 6) is Agreement.NEAR
    assert compare_names(a, b, similarity=5 / 6 + 0.01) is Agreement.NONE


@pytest.mark.parametrize(
    ("a", "b", "different"),
    [
        ("Иванов Пётр", "Иванов Павел", True),
        ("Иванова Мария", "Иванова Марина", True),
        ("Иванов Александр", "Иванова Александра", True),
        ("Иванова Анна", "Петрова Анна", False),
        ("Иванова Анна", "Анна Петрова", False),
        ("Иванов Саша", "Петров Александр", False),
        ("Иванов Александр", "Петров Алекандр", False),
        ("Иванов -", "Иванов Пётр", False),
        ("- Пётр", "Иванов Павел", True),
    ],
)
def test_first_names_that_cannot_be_one_persons(a: str, b: str, different: bool) -> None:
    assert have_different_given_names(full_name(a), full_name(b)) is different
    assert have_different_given_names(full_name(b), full_name(a)) is different


@pytest.mark.parametrize(
    ("a", "b", "may"),
    [
        ("- Саша", "Иванов Александр", True),
        ("Иванов -", "Иванов Александр", True),
        ("Иванов Алекандр", "Иванов Александр", True),
        ("- Саша", "Иванов Пётр", False),
        ("Иванов Александр", "Петров Александр", False),
    ],
)
def test_half_a_name_may_be_whoevers_it_fits(a: str, b: str, may: bool) -> None:
    assert may_be_one_person(full_name(a), full_name(b)) is may


SURNAMES = (
    "Иванов",
    "Иванова",
    "Ивашов",
    "Иваноф",
    "Ivanov",
    "Кузнецов",
    "Kuznetsova",
    "Толстой",
    "Толстая",
    "Ким",
)
GIVEN = (
    "Саша",
    "Александр",
    "Александра",
    "Алекандр",
    "Sasha",
    "Пётр",
    "Петр",
    "Petr",
    "Мария",
    "Марина",
    "Женя",
)
OTHERS = ("Анна-Мария", "Анна", "О'Коннор", "Ли", "Петрович", "Петровна", "Тест", "И.")
WORDS = st.sampled_from(SURNAMES + GIVEN + OTHERS)
FIELDS = st.one_of(st.just(""), WORDS, st.lists(WORDS, max_size=3).map(" ".join), st.text(max_size=6))
NAMES = st.builds(parse_name, FIELDS, FIELDS, FIELDS)


@given(NAMES, NAMES)
def test_it_is_all_one_which_name_is_compared_to_which(a: FullName, b: FullName) -> None:
    assert compare_names(a, b) is compare_names(b, a)
    assert have_different_given_names(a, b) is have_different_given_names(b, a)


@given(NAMES, NAMES)
def test_names_that_agree_have_a_key_in_common(a: FullName, b: FullName) -> None:
    found = compare_names(a, b)
    if found is Agreement.EXACT:
        assert not name_keys(a).isdisjoint(name_keys(b))
    if found is not Agreement.NONE:
        assert not slip_keys(a).isdisjoint(slip_keys(b))


@given(FIELDS, FIELDS, FIELDS)
def test_case_and_yo_say_nothing(last_name: str, name: str, second_name: str) -> None:
    typed = parse_name(last_name, name, second_name)
    folded = [part.upper().replace("Ё", "Е") for part in (last_name, name, second_name)]
    if any(part.lower() != part.upper().lower() for part in (last_name, name, second_name)):
        return  # ß and its like have no way back
    assert compare_names(typed, parse_name(*folded)) is compare_names(typed, typed)


@given(WORDS, WORDS)
def test_a_whole_name_agrees_with_itself_whichever_word_comes_first(last_name: str, name: str) -> None:
    typed = parse_name(last_name, name, "")
    if name_keys(typed):
        assert compare_names(typed, typed) is Agreement.EXACT
        assert compare_names(typed, parse_name(name, last_name, "")) is Agreement.EXACT
