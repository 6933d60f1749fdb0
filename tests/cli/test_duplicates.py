"""`gatekeeper duplicates FILE`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gatekeeper.cli.duplicates import duplicates_command

IVAN = {"last_name": "Петров", "name": "Иван", "second_name": "Сергеевич", "birthdate": "1990-05-17"}
PHONE = {"phones": ["+7 904 123-45-67"]}


def run(tmp_path: Path, *lines: object, options: tuple[str, ...] = ()) -> Result:
    """Objects are written as JSON, bytes and strings as they are."""
    path = tmp_path / "contacts.jsonl"
    raw = (
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    )
    path.write_bytes(b"\n".join(raw))
    return CliRunner().invoke(duplicates_command, [str(path), *options])


def pairs(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_pair_is_a_line(tmp_path: Path) -> None:
    near = {"id": 4, **PHONE, "birthdate": "1990-05-18"}
    result = run(tmp_path, {"id": 1, **IVAN, **PHONE}, {"id": 2, **IVAN}, {"id": 3, "name": "Анна"}, near)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert sorted(pairs(result), key=lambda pair: pair["b"]) == [
        {"a": 1, "b": 2, "fields": ["name", "birthdate"], "needs_review": False},
        {"a": 1, "b": 4, "fields": ["phone", "birthdate"], "needs_review": True},
    ]


def test_a_file_without_duplicates_prints_nothing(tmp_path: Path) -> None:
    result = run(tmp_path, {"id": 1, **IVAN}, {"id": 2, **PHONE}, "", "  ")
    assert (result.exit_code, result.output) == (0, "")


def test_an_empty_file_is_no_fault(tmp_path: Path) -> None:
    assert run(tmp_path).exit_code == 0


def test_ids_are_given_back_as_they_came(tmp_path: Path) -> None:
    result = run(tmp_path, {"id": "А-1", **IVAN, **PHONE}, {"id": 7, **IVAN, **PHONE})
    assert [(pair["a"], pair["b"]) for pair in pairs(result)] == [("А-1", 7)]


def test_a_contact_without_an_id_is_called_by_its_line(tmp_path: Path) -> None:
    result = run(tmp_path, "", {**IVAN, **PHONE}, {"id": None, **IVAN, **PHONE})
    assert [(pair["a"], pair["b"]) for pair in pairs(result)] == [("line 2", "line 3")]
    assert result.exit_code == 0


def test_null_is_as_good_as_missing(tmp_path: Path) -> None:
    empty = {"last_name": None, "name": None, "birthdate": None, "phones": None, "emails": None}
    assert run(tmp_path, {"id": 1, **empty}, {"id": 2, **IVAN}).exit_code == 0


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert run(tmp_path, b"\xef\xbb\xbf" + json.dumps({"id": 1, **IVAN}).encode()).exit_code == 0


def test_a_date_with_a_time_is_a_date(tmp_path: Path) -> None:
    late = {**IVAN, "id": 2, "birthdate": "1990-05-17T03:00:00+03:00"}
    assert len(pairs(run(tmp_path, {"id": 1, **IVAN}, late))) == 1


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ("{", "строка 2: не JSON"),
        ("Петров;Иван", "строка 2: не JSON"),
        ("[1, 2]", "строка 2: не объект JSON"),
        ("null", "строка 2: не объект JSON"),
        (b"\xcf\xe5\xf2\xf0\xee\xe2", "строка 2: не UTF-8"),
        ("[" * 100_000, "строка 2: не JSON"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_and_the_others_are_compared(
    tmp_path: Path, bad: str | bytes, fault: str
) -> None:
    result = run(tmp_path, {"id": 1, **IVAN}, bad, {"id": 2, **IVAN})
    assert len(pairs(result)) == 1
    assert result.exit_code == 1
    assert fault in result.stderr.splitlines()


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ({"birthdate": "17.05.1990"}, "birthdate — не дата: нужно как 1990-05-17"),
        ({"birthdate": "1990-13-40"}, "birthdate — не дата: нужно как 1990-05-17"),
        ({"birthdate": 1990}, "birthdate — не строка"),
        ({"second_name": ["Сергеевич"]}, "second_name — не строка"),
        ({"emails": "ivan@mail.ru"}, "emails — не список строк"),
        ({"emails": [{"WERT": "ivan@mail.ru"}]}, "emails — не список строк"),
        ({"id": [1]}, "id не число и не строка"),
        ({"id": 1.5}, "id не число и не строка"),
    ],
)
def test_a_card_with_a_bad_field_is_compared_by_its_others(
    tmp_path: Path, bad: dict[str, object], fault: str
) -> None:
    result = run(tmp_path, {"id": 1, **IVAN, **PHONE}, {"id": 2, **IVAN, **PHONE, **bad})
    assert len(pairs(result)) == 1
    assert result.exit_code == 1
    assert f"строка 2: {fault}" in result.stderr.splitlines()


def test_faults_quote_nothing_of_the_card(tmp_path: Path) -> None:
    result = run(tmp_path, {"id": 1, **IVAN, "birthdate": "тайна"}, "тайна{")
    assert "тайна" not in result.stderr


def test_an_impossible_date_can_still_be_another_mistyped(tmp_path: Path) -> None:
    first, second = {"id": 1, **IVAN, **PHONE}, {"id": 2, **PHONE, "birthdate": "1990-05-71"}
    assert pairs(run(tmp_path, first, second)) == [
        {"a": 1, "b": 2, "fields": ["phone", "birthdate"], "needs_review": True}
    ]


def test_the_thresholds_are_options(tmp_path: Path) -> None:
    cards = ({"id": 1, **IVAN}, {"id": 2, **IVAN})
    assert pairs(run(tmp_path, *cards, options=("--fields-to-match", "3"))) == []
    phones = ({"id": 1, "phones": ["029 123-45-67"], **IVAN}, {"id": 2, "phones": ["+375291234567"], **IVAN})
    assert pairs(run(tmp_path, *phones, options=("--region", "BY")))[0]["fields"] == [
        "name",
        "phone",
        "birthdate",
    ]
    lines = [
        {"id": key, "name": name, **PHONE, "emails": ["a.b@mail.ru"]}
        for key, name in enumerate(("Анна", "Пётр"))
    ]
    assert len(pairs(run(tmp_path, *lines))) == 1
    assert pairs(run(tmp_path, *lines, options=("--shared-by", "2"))) == []


def test_an_unknown_region_is_refused(tmp_path: Path) -> None:
    result = run(tmp_path, options=("--region", "XX"))
    assert result.exit_code == 2
    assert "XX" in result.stderr


def test_a_missing_file_is_refused() -> None:
    assert CliRunner().invoke(duplicates_command, ["no-such-file.jsonl"]).exit_code == 2


def test_standard_input_is_a_file_too() -> None:
    lines = "\n".join(json.dumps({"id": key, **IVAN, **PHONE}) for key in (1, 2))
    assert len(pairs(CliRunner().invoke(duplicates_command, ["-"], input=lines))) == 1


def test_the_portals_own_names_will_do(tmp_path: Path) -> None:
    export = {
        "ID": "84",
        "LAST_NAME": "Петров",
        "NAME": "Иван",
        "SECOND_NAME": "Сергеевич",
        "BIRTHDATE": "1990-05-17T03:00:00+03:00",
        "PHONE": [{"ID": "1", "VALUE": "375291234567", "VALUE_TYPE": "MOBILE"}],
        "EMAIL": [{"VALUE": "ivan.petrov@mail.ru"}],
    }
    item = {"id": 7, "lastName": "Петров", "name": "Иван", "secondName": "Сергеевич"}
    ours = {"id": 1, "phones": ["+375 29 123-45-67"], "emails": ["ivan.petrov@mail.ru"], **IVAN}
    result = run(tmp_path, export, ours, item)
    assert pairs(result) == [
        {"a": "84", "b": 1, "fields": ["name", "phone", "birthdate", "email"], "needs_review": False}
    ]
    assert (result.exit_code, result.stderr) == (0, "")


def test_what_is_not_compared_is_named_once_and_no_fault(tmp_path: Path) -> None:
    cards = [{"id": key, **IVAN, "ASSIGNED_BY_ID": 1, "Фамилия": "Петров"} for key in range(3)]
    result = run(tmp_path, *cards)
    assert result.stderr == "не сравнивалось, неизвестные поля: ASSIGNED_BY_ID, Фамилия\n"
    assert (len(pairs(result)), result.exit_code) == (3, 0)


@pytest.mark.parametrize(
    "card", [{"SURNAME": "Петров", "PHONE_MOBILE": "1"}, {"id": 1}, {"id": 1, "phones": ["1111111"]}]
)
def test_where_nothing_can_be_compared_it_says_so_and_fails(tmp_path: Path, card: dict[str, Any]) -> None:
    result = run(tmp_path, card, {**card, "id": 2})
    assert result.exit_code == 1
    assert "сравнивать нечего: ни у одного контакта нет last_name, name" in result.stderr


@pytest.mark.parametrize("again", [1, "1"])
def test_an_id_that_stands_twice_is_told_and_both_are_compared(tmp_path: Path, again: object) -> None:
    result = run(tmp_path, {"id": 1, **IVAN}, {"id": again, **IVAN}, {"id": 1, "name": "Анна", **PHONE})
    assert pairs(result) == [{"a": 1, "b": "line 2", "fields": ["name", "birthdate"], "needs_review": False}]
    assert "строка 2: такой id уже есть в строке 1; контакт назван «line 2»" in result.stderr.splitlines()
    assert "строка 3: такой id уже есть в строке 1; контакт назван «line 3»" in result.stderr.splitlines()
    assert result.exit_code == 1
