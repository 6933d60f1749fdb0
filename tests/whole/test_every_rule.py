"""Every rule of the regulations, from outside: a card that breaks just it is told so, cured, and admitted.

The portal is a sandbox, the gatekeeper's web and worker are processes, and all that passes between them and
us is HTTP: the portal's events, its REST, and what then stands in the card. A card is built while the events
are switched off, so that the first event shows the gatekeeper the finished card.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from gatekeeper.judge.policy import RULE_IDS
from gatekeeper.judge.rules.deal import DEAL_RULES
from gatekeeper.messages import Messages
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.database import migrate, open_engine
from tests.gate import Gate, a_gate
from tests.processes import a_process, a_worker, answers, free_port, until, write_config

LONG_AGO = "2026-01-12T12:00:00+03:00"
MANDATORY = {rule.id for rule in DEAL_RULES if rule.mandatory}
MESSAGES = Messages.in_language("ru")
numbers = count(1)


@dataclass
class Office:
    """A portal and the people at it. `events_url` is where the gatekeeper listens."""

    gate: Gate
    events_url: str

    def hush(self) -> None:
        self.gate.sandbox.send_events_to(None)

    def speak(self, ref: EntityRef) -> None:
        """From now on the portal sends its events, and one of this card, which is saved once more."""
        self.gate.sandbox.send_events_to(self.events_url)
        self.gate.control("put", ref=str(ref), fields={"sourceId": "CALL"})

    def until_said(self, ref: EntityRef, what: Callable[[str], bool], description: str) -> str:
        until(lambda: any(what(each) for each in self.gate.said(ref)), f"{ref}: {description}")
        (said,) = self.gate.said(ref)
        return said

    def admitted(self, deal: EntityRef) -> str | None:
        return self.gate.store.journal.load([deal])[deal].admitted_stage_id

    # Cards in which all is well, but for what is named.

    def client(self, **changes: Any) -> EntityRef:
        number = next(numbers)
        people = ("Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Захар", "Инна", "Кирилл")
        fields = {
            "name": people[number % len(people)],
            "lastName": f"Прохоров{'ский' * (number % 2)}",
            "secondName": "Львович",
            "birthdate": f"19{60 + number % 40}-03-{1 + number % 28:02}",
            "fm": [a_phone(number), an_address(f"client{number}@mail.ru")],
        }
        return self.gate.add(Kind.CONTACT, **(fields | changes))

    def lead(self, *, interaction: bool = True, comment: bool = True, deal: bool = True) -> EntityRef:
        client = self.client()
        lead = self.gate.add(Kind.LEAD, title="Лид", stageId="CONVERTED", contactId=client.id)
        if interaction:
            self.call(lead)
        if comment:
            self.gate.comment(lead)
        if deal:
            self.deal(leadId=lead.id, contactId=client.id)
        return lead

    def deal(self, *, comment: str | None = "", rows: bool = True, **changes: Any) -> EntityRef:
        fields: dict[str, Any] = {"title": "Сделка", "opportunity": 90000, "UF_CRM_PRODUCT_GROUP": 45}
        if "leadId" not in changes:
            fields["leadId"] = self.gate.add(Kind.LEAD, title="Лид").id
        if "contactId" not in changes:
            fields["contactId"] = self.client().id
        deal = self.gate.add(Kind.DEAL, **(fields | changes))
        if rows:
            self.gate.add_product(deal)
        if comment is not None:
            self.gate.comment(deal, *([comment] if comment else []))
        return deal

    def call(self, ref: EntityRef) -> None:
        self.gate.control("activity", owner=str(ref), kind="call_out", answered=True, seconds=95)

    def long_ago(self, deal: EntityRef) -> EntityRef:
        self.gate.control("backdate", ref=str(deal), created_at=LONG_AGO, event=False)
        return deal


def a_phone(number: int, **changes: str) -> dict[str, str]:
    phone = {"typeId": "PHONE", "valueType": "MOBILE", "value": f"+7 903 {200 + number}-17-65"}
    return phone | changes


def an_address(value: str, **changes: str) -> dict[str, str]:
    return {"typeId": "EMAIL", "valueType": "HOME", "value": value} | changes


def without(office: Office, contact: EntityRef, value: str) -> None:
    """Take this phone or address out of the contact."""
    item = office.gate.item(contact)
    row = next(each for each in item["fm"] if each["value"] == value)
    office.gate.change(contact, fm={str(row["id"]): {"typeId": row["typeId"], "value": ""}})


def a_doubled_deal(office: Office) -> EntityRef:
    first = office.deal()
    return office.deal(contactId=office.gate.item(first)["contactIds"][0])


def a_doubled_contact(office: Office) -> EntityRef:
    """The older card is known to the gatekeeper by an event of its own."""
    older = office.client(lastName="Синицын", birthdate="1988-07-09")
    office.speak(older)
    until(lambda: office.gate.store.contacts.read([older.id]) != (), "the older card in the index")
    office.hush()
    return office.client(name=office.gate.item(older)["name"], lastName="Синицын", birthdate="1988-07-09")


@dataclass(frozen=True)
class Case:
    """`broken` builds the card, `cure` does what its manager is asked to do."""

    broken: Callable[[Office], EntityRef]
    cure: Callable[[Office, EntityRef], Any]


def changed(**fields: Any) -> Callable[[Office, EntityRef], None]:
    return lambda office, ref: office.gate.change(ref, **fields)


CASES: Mapping[str, Case] = {
    "deal.product_group": Case(
        lambda office: office.deal(UF_CRM_PRODUCT_GROUP=None), changed(UF_CRM_PRODUCT_GROUP=47)
    ),
    "deal.stage": Case(lambda office: office.deal(stageId="WON"), changed(stageId="PREPARATION")),
    "deal.contact": Case(
        lambda office: office.deal(contactId=None),
        lambda office, deal: office.gate.change(deal, contactId=office.client().id),
    ),
    "deal.comment": Case(
        lambda office: office.deal(comment="НД"), lambda office, deal: office.gate.comment(deal)
    ),
    "deal.products": Case(
        lambda office: office.deal(rows=False), lambda office, deal: office.gate.add_product(deal)
    ),
    "deal.lead": Case(
        lambda office: office.deal(leadId=None),
        lambda office, deal: office.gate.change(deal, leadId=office.gate.add(Kind.LEAD, title="Лид").id),
    ),
    "deal.duplicate": Case(a_doubled_deal, changed(UF_CRM_PRODUCT_GROUP=47)),
    "deal.inactive": Case(lambda office: office.long_ago(office.deal()), Office.call),
    "lead.interaction": Case(lambda office: office.lead(interaction=False), Office.call),
    "lead.comment": Case(
        lambda office: office.lead(comment=False),
        lambda office, lead: office.gate.comment(lead, "Хочет на дизайн"),
    ),
    "lead.outcome": Case(
        lambda office: office.lead(deal=False), lambda office, lead: office.deal(leadId=lead.id)
    ),
    "contact.name": Case(lambda office: office.client(name="Тест"), changed(name="Пётр")),
    "contact.phone": Case(
        lambda office: office.client(fm=[a_phone(700, valueType="WORK"), an_address("a700@mail.ru")]),
        lambda office, contact: office.gate.change(contact, fm=[a_phone(701)]),
    ),
    "contact.birthdate": Case(
        lambda office: office.client(birthdate="1900-01-01"), changed(birthdate="1991-02-03")
    ),
    "contact.email": Case(
        lambda office: office.client(fm=[a_phone(702)]),
        lambda office, contact: office.gate.change(contact, fm=[an_address("a702@mail.ru")]),
    ),
    "contact.staff_email": Case(
        lambda office: office.client(
            fm=[a_phone(703), an_address("a703@mail.ru"), an_address("user3@synergy.example")]
        ),
        lambda office, contact: without(office, contact, "user3@synergy.example"),
    ),
    "contact.duplicate": Case(a_doubled_contact, changed(birthdate="1990-11-12", lastName="Дроздов")),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    database_url = f"sqlite:///{folder / 'gate.db'}"
    engine = open_engine(database_url)
    migrate(engine)
    port = free_port()
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        gate = stack.enter_context(a_gate(engine))
        config = write_config(folder, gate.sandbox.webhook_url, port)
        stack.enter_context(a_process("web", config, database_url))
        stack.enter_context(a_worker(config, database_url))
        until(lambda: answers(f"http://127.0.0.1:{port}/readyz"), "a gatekeeper that is ready")
        yield Office(gate, f"http://127.0.0.1:{port}/events")


def test_no_rule_is_left_out() -> None:
    assert set(CASES) == set(RULE_IDS)


@pytest.mark.process
@pytest.mark.parametrize("rule", RULE_IDS)
def test_who_breaks_just_this_rule_is_told_and_once_cured_is_admitted(office: Office, rule: str) -> None:
    office.hush()
    card = CASES[rule].broken(office)
    office.speak(card)

    told = office.until_said(card, lambda said: "☐" in said, "is told")
    assert [line for line in told.splitlines() if line.startswith("☐")] == [
        line for line in told.splitlines() if line.startswith(f"☐ [b]{MESSAGES.title(rule)}[/b]")
    ]
    assert told.count("☐") == 1
    if rule in MANDATORY - {"deal.stage"}:
        office.gate.change(card, stageId="EXECUTING")
        until(lambda: office.gate.item(card)["stageId"] == "NEW", f"{card} is moved back")

    CASES[rule].cure(office, card)
    admitted = office.until_said(card, lambda said: "Всё исправлено" in said, "is admitted")
    assert "☐" not in admitted
    if rule in MANDATORY:
        office.gate.change(card, stageId="EXECUTING")
        until(lambda: office.admitted(card) == "EXECUTING", f"{card} is admitted where it went")
        assert office.gate.item(card)["stageId"] == "EXECUTING"
