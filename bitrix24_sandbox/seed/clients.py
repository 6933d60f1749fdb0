"""One client's story, drawn by a random generator: the same generator tells the same story."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from bitrix24_sandbox.seed import names
from bitrix24_sandbox.seed.habits import (
    CLIENT_LINES,
    DAYS,
    DETAILED,
    LAZY,
    MANAGER_LINES,
    MANAGERS,
    PAYMENTS,
    PRODUCTS,
    Habits,
)

DAY_S = 86_400
_PAST_DAYS = 240
_STAGES = ("NEW", "PREPARATION", "PREPAYMENT_INVOICE", "EXECUTING", "FINAL_INVOICE", "WON", "LOSE", "APOLOGY")
_WEIGHTS = (20, 18, 12, 14, 8, 16, 9, 3)
_PRICES = (9_900, 14_900, 29_000, 45_000, 60_000, 90_000, 120_000)
_NONSENSE = ("Тест", "Клиент", "Абонент", "79")


@dataclass(frozen=True, slots=True)
class Person:
    last_name: str
    name: str
    second_name: str | None
    birthdate: str | None
    phone: str
    phone_type: str
    email: str | None


@dataclass(frozen=True, slots=True)
class Talk:
    """A call (`seconds`, 0 when nobody answered) or a chat (its lines, true where the client speaks)."""

    at: int
    outgoing: bool
    seconds: int
    lines: tuple[tuple[bool, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Deal:
    """`stages` are what it walked through, in order, each with the time; comments likewise."""

    pipeline: int
    stages: tuple[tuple[str, int], ...]
    product_group: int | None
    product: str | None
    price: int
    comments: tuple[tuple[str, int], ...]
    talks: tuple[Talk, ...]
    has_lead: bool
    has_contact: bool


@dataclass(frozen=True, slots=True)
class Client:
    """A `twin` card repeats the person with slips; a `relative` stands in the deal as a second contact."""

    manager: int
    created: int
    person: Person
    twin: Person | None
    relative: Person | None
    lead_stage: str
    deal: Deal | None


def draw_client(random: Random, now: int) -> Client:
    manager = random.choice(tuple(MANAGERS))
    habits = MANAGERS[manager]
    created = now - int(random.betavariate(1, 1.6) * _PAST_DAYS * DAY_S) - random.randrange(3600, DAY_S)
    person = _person(random, habits, manager)
    converted = random.random() < 0.8
    return Client(
        manager,
        created,
        person,
        _twin(random, person) if random.random() < habits.twin_card else None,
        _person(random, habits, manager) if random.random() < habits.second_contact else None,
        "CONVERTED" if converted else random.choice(("NEW", "IN_PROCESS", "PROCESSED", "JUNK")),
        _deal(random, habits, created, now) if converted else None,
    )


def _person(random: Random, habits: Habits, manager: int) -> Person:
    woman = random.random() < 0.55
    last_name = random.choice(names.SURNAMES)[woman]
    name = random.choice(names.WOMEN if woman else names.MEN)
    second_name = random.choice(names.PATRONYMICS)[woman]
    year, month, day = random.randrange(1965, 2010), random.randrange(1, 13), random.randrange(1, 29)
    box = f"{names.latin(name)}.{names.latin(last_name)}{random.randrange(1000)}"
    email: str | None = f"{box}@{random.choice(names.MAIL_HOSTS)}"
    if random.random() < habits.own_email:
        email = f"user{manager}@synergy.example"
    return Person(
        last_name=random.choice(_NONSENSE) if random.random() < habits.nonsense_name else last_name,
        name=name,
        second_name=None if random.random() < habits.no_patronymic else second_name,
        birthdate=None if random.random() < habits.no_birthdate else f"{year}-{month:02}-{day:02}",
        phone=_phone(random),
        phone_type="WORK" if random.random() < habits.wrong_phone_type else "MOBILE",
        email=None if random.random() < habits.no_email else email,
    )


def _phone(random: Random) -> str:
    """One number in one of the ways in which people type it."""
    code, digits = (
        random.choice((903, 905, 910, 916, 925, 926, 952, 963, 977, 999)),
        f"{random.randrange(10**7):07}",
    )
    return random.choice(
        (
            f"+7{code}{digits}",
            f"8{code}{digits}",
            f"+7 ({code}) {digits[:3]}-{digits[3:5]}-{digits[5:]}",
            f"8 {code} {digits[:3]} {digits[3:]}",
        )
    )


def _twin(random: Random, person: Person) -> Person:
    digits = "".join(letter for letter in person.phone if letter.isdigit())
    return Person(
        person.last_name.replace("ё", "е"),
        person.name,
        None if random.random() < 0.5 else person.second_name,
        person.birthdate,
        f"8{digits[1:]}",
        "MOBILE",
        None,
    )


def _deal(random: Random, habits: Habits, created: int, now: int) -> Deal:
    group = random.choices((45, 47, 49), (5, 3, 2))[0]
    product = random.choice(PRODUCTS[group])
    pipeline = 1 if group == 45 and random.random() < 0.4 else 0
    stages = _walk(random, created, now, f"C{pipeline}:" if pipeline else "")
    comments = (
        ()
        if random.random() < habits.silent
        else tuple(
            (_comment(random, habits, product), at)
            for at in _moments(random, created, now, random.randrange(1, 4))
        )
    )
    talks = tuple(_talk(random, habits, at) for at in _moments(random, created, now, random.randrange(3)))
    return Deal(
        pipeline,
        stages,
        None if random.random() < habits.no_product_group else group,
        None if random.random() < habits.no_products else product,
        random.choice(_PRICES),
        comments,
        talks,
        has_lead=random.random() >= habits.no_lead,
        has_contact=random.random() >= habits.no_contact,
    )


def _walk(random: Random, created: int, now: int, prefix: str) -> tuple[tuple[str, int], ...]:
    last = random.choices(range(len(_STAGES)), _WEIGHTS)[0]
    open_stages = list(range(min(last, 5)))
    walked = sorted(random.sample(open_stages, random.randrange(len(open_stages) + 1)) if open_stages else [])
    path = [0, *(each for each in walked if each), last] if last else [0]
    moments = [created, *_moments(random, created, now, len(path) - 1)]
    return tuple((prefix + _STAGES[place], at) for place, at in zip(path, moments, strict=True))


def _moments(random: Random, since: int, until: int, count: int) -> list[int]:
    return sorted(random.randrange(since, until) for _ in range(count))


def _comment(random: Random, habits: Habits, product: str) -> str:
    if random.random() < habits.lazy_comment:
        return random.choice(LAZY)
    return random.choice(DETAILED).format(
        product=product,
        pay=random.choice(PAYMENTS),
        day=random.choice(DAYS),
        hour=f"{random.randrange(9, 20)}:00",
    )


def _talk(random: Random, habits: Habits, at: int) -> Talk:
    outgoing, answered = random.random() < 0.7, random.random() >= habits.unanswered
    if random.random() < 0.7:
        return Talk(at, outgoing, random.randrange(15, 900) if answered else 0)
    lines = [(not outgoing, random.choice(MANAGER_LINES if outgoing else CLIENT_LINES))]
    if answered:
        lines.append((outgoing, random.choice(CLIENT_LINES if outgoing else MANAGER_LINES)))
    return Talk(at, outgoing, 0, tuple(lines))
