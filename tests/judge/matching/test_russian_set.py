"""A small town of contacts: every pair that is one person's, or may be, and no other."""

from __future__ import annotations

from gatekeeper.judge.matching.pairs import find_duplicates
from gatekeeper.judge.matching.person import Person, parse_person

# id | surname | name | patronymic | birth date | phones | e-mails
CARDS = """
short-1    | Соколова   | Екатерина | Андреевна  | 1991-03-12 | +7 916 200-11-01 |
short-2    | Соколова   | Катя      |            | 1991-03-12 | 8 916 200 11 02  |
yo-1       | Ковалёв    | Артём     | Фёдорович  | 1985-11-30 | 8 (916) 200-11-03 |
yo-2       | КОВАЛЕВ    | АРТЕМ     | ФЕДОРОВИЧ  |            | 79162001103      |
latin-1    | Щербакова  | Юлия      | Юрьевна    | 1979-06-08 |                  | yulia.sh@mail.ru
latin-2    | Shcherbakova | Yuliya  |            | 1979-06-08 |                  | YULIA.SH@mail.ru
swapped-1  | Орлов      | Максим    | Ильич      | 2001-01-21 | +7 916 200-11-05 |
swapped-2  | Максим     | Ильич     | Орлов      |            | +7 916 200-11-05 |
one-field  |            | Орлов Максим Ильич |   | 2001-01-21 |                  |
maiden-1   | Белова     | Дарья     | Олеговна   | 1993-09-02 | +7 916 200-11-06 |
maiden-2   | Чернова    | Дарья     | Олеговна   | 1993-09-02 | +7 916 200-11-06 |
twin-1     | Громов     | Пётр      | Львович    | 2009-04-14 | +7 916 200-11-07 |
twin-2     | Громов     | Павел     | Львович    | 2009-04-14 | +7 916 200-11-07 |
parent     | Зуева      | Ольга     | Петровна   | 1980-03-02 | +7 916 200-11-08 | zueva@mail.ru
child      | Зуев       | Михаил    | Сергеевич  | 2012-11-25 | +7 916 200-11-08 |
namesake-1 | Кузнецов   | Александр | Иванович   | 1975-02-09 | +7 916 200-11-09 |
namesake-2 | Кузнецов   | Александр | Иванович   | 1988-10-27 | +7 925 333-44-55 |
sister     | Ким        | Валентина | Сергеевна  | 1990-05-17 | +7 916 200-11-10 |
brother    | Ким        | Валентин  | Сергеевич  | 1994-08-01 | +7 916 200-11-10 |
slip-1     | Кузнецова  | Марина    | Павловна   | 1982-12-05 | +7 916 200-11-11 |
slip-2     | Кузницова  | Марина    | Павловна   | 1982-12-05 | +7 903 555-66-77 |
others     | Кузнецова  | Мария     | Павловна   | 1982-12-05 | +7 903 555-66-88 |
date-1     | Фомина     | Вера      | Ивановна   | 1970-03-11 | +7 916 200-11-12 |
date-2     | Фомина     | Вера      | Ивановна   | 1970-11-03 | +7 903 555-66-99 |
digit-1    | Ли         | Ян        |            |            | +7 916 200-11-13 |
digit-2    | Ян         | Ли        |            |            | +7 916 200-11-31 |
office-1   | Рыбин      | Игорь     | Олегович   | 1990-07-07 | +7 495 200-11-14 | info@rybin.ru
office-2   | Сомов      | Денис     | Юрьевич    | 1990-07-07 | +7 495 200-11-14 | info@rybin.ru
office-3   | Щукина     | Алла      | Егоровна   | 1990-07-07 | +7 495 200-11-14 | info@rybin.ru
dummy-1    | Тест       | Тест      | Тест       | 1900-01-01 | +7 999 999-99-99 | test@test.ru
dummy-2    | Тест       | Тест      | Тест       | 1900-01-01 | +7 999 999-99-99 | test@test.ru
"""
CERTAIN = {
    ("short-1", "short-2", "name birthdate"),
    ("yo-1", "yo-2", "name phone"),
    ("latin-1", "latin-2", "name birthdate email"),
    ("swapped-1", "swapped-2", "name phone"),
    ("swapped-1", "one-field", "name birthdate"),
    ("maiden-1", "maiden-2", "phone birthdate"),
}
DOUBTFUL = {
    ("twin-1", "twin-2", "phone birthdate"),
    ("slip-1", "slip-2", "name birthdate"),
    ("date-1", "date-2", "name birthdate"),
    ("digit-1", "digit-2", "name phone"),
}


def read_cards() -> list[Person]:
    people = []
    for line in CARDS.strip().splitlines():
        key, last_name, name, second_name, birthdate, phone, email = (
            part.strip() for part in line.split("|")
        )
        names = {"last_name": last_name, "name": name, "second_name": second_name}
        people.append(parse_person(key, **names, birthdate=birthdate, phones=[phone], emails=[email]))
    return people


def test_every_pair_is_found_and_no_other() -> None:
    found = list(find_duplicates(read_cards()))
    told = {(pair.a.id, pair.b.id, " ".join(pair.match.fields)): pair.match.needs_review for pair in found}
    assert {key for key, doubt in told.items() if not doubt} == CERTAIN
    assert {key for key, doubt in told.items() if doubt} == DOUBTFUL
