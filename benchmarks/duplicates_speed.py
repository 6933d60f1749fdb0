"""How long `gatekeeper duplicates` takes for 100,000 contacts, from the file to the last pair.

Run: python -m benchmarks.duplicates_speed [CONTACTS]

The contacts are invented: names as unevenly common as names are, birth dates of sixty years, one card in ten
a second card of somebody, mistyped or shortened. The aim is under 60 s on one core.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from gatekeeper.cli.duplicates import duplicates_command

CONTACTS = 100_000
AIM_S = 60
MEN = "Александр Сергей Дмитрий Андрей Алексей Максим Иван Михаил Евгений Владимир Николай Артём Игорь Павел"
WOMEN = "Елена Ольга Наталья Анна Мария Ирина Екатерина Татьяна Светлана Юлия Анастасия Дарья Марина Гульнара"
ROOTS = (
    "Иван Петр Смирн Кузнец Сокол Поп Лебед Козл Новик Мороз Волк Соловь Васил Зайц Павл Семен Голуб Виноград"
)
ENDINGS = "ов ев ин енко ук ский ян швили цев онов ечкин ушкин аков иков"
SHORT = {"Александр": "Саша", "Елена": "Лена", "Екатерина": "Катя", "Дмитрий": "Дима", "Мария": "Маша"}


def main() -> None:
    contacts = int(sys.argv[1]) if len(sys.argv) > 1 else CONTACTS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "contacts.jsonl"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(card, ensure_ascii=False) + "\n" for card in _cards(contacts))
        started = time.perf_counter()
        result = CliRunner().invoke(duplicates_command, [str(path)])
        elapsed = time.perf_counter() - started
    pairs = [json.loads(line) for line in result.output.splitlines()]
    review = sum(pair["needs_review"] for pair in pairs)
    print(
        f"{contacts} contacts: {elapsed:.1f} s (aim: {AIM_S} s), {len(pairs)} pairs, {review} to be reviewed"
    )


def _cards(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(20)
    surnames = [root + ending for root in ROOTS.split() for ending in ENDINGS.split()]
    surnames += [first + second.lower() for first in ROOTS.split() for second in surnames[:200]]
    recent: list[dict[str, Any]] = []
    for key in range(count):
        if recent and chance.random() < 0.1:
            yield _second_card(chance, chance.choice(recent)) | {"id": key}
            continue
        card = _card(chance, surnames) | {"id": key}
        recent = [*recent[-500:], card]
        yield card


def _card(chance: random.Random, surnames: list[str]) -> dict[str, Any]:
    is_woman = chance.random() < 0.5
    surname = surnames[int(len(surnames) * chance.random() ** 3)]
    father = chance.choice(MEN.split())
    return {
        "last_name": surname + "а" if is_woman else surname,
        "name": chance.choice((WOMEN if is_woman else MEN).split()),
        "second_name": father + ("овна" if is_woman else "ович"),
        "birthdate": (date(1950, 1, 1) + timedelta(days=chance.randrange(60 * 365))).isoformat(),
        "phones": [f"+79{chance.randrange(10**9):09}"],
        "emails": [f"user{chance.randrange(10**9)}@mail.ru"],
    }


def _second_card(chance: random.Random, card: dict[str, Any]) -> dict[str, Any]:
    phone = card["phones"][0]
    place = chance.randrange(3, len(phone))
    return card | {
        "name": SHORT.get(card["name"], card["name"]),
        "second_name": chance.choice([card["second_name"], ""]),
        "phones": [chance.choice([phone, "8" + phone[2:], phone[:place] + "0" + phone[place + 1 :]])],
        "emails": chance.choice([card["emails"], []]),
    }


if __name__ == "__main__":
    main()
