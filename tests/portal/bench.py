"""A gate whose portal answers from a record in this process, so that a pass over spoilt answers takes little.

Everything between the reconciler and the bytes of an answer is the real thing, the batch's encoding and the
client's reading of JSON included. Left out are sockets, the limiter's bookkeeping in the database, and the
passing of time; and after each pass the database is as before it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Engine

from gatekeeper.app.worker_process import make_worker
from gatekeeper.judge.policy import (
    DealDuplicateOptions,
    DealLeadOptions,
    Fields,
    Interaction,
    MandatoryOptions,
    Mode,
    Policy,
    Rules,
)
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.transport.client import PortalClient
from gatekeeper.portal.transport.line import Reply
from gatekeeper.store.limiter import Unlimited
from tests.gate import Gate, a_gate
from tests.portal.documented import is_documented
from tests.portal.recorded import RecordedPortal
from tests.portal.scripted_portal import Asked, Script
from tests.portal.spoilings import Spoiling

Cards = tuple[EntityRef, ...]
SELDOM = frozenset(
    {
        *("crm.category.list", "crm.status.list", "crm.item.fields", "crm.settings.mode.get"),
        *("user.get", "department.get"),
    }
)
"""Methods whose answers a worker keeps for a while."""
KEPT_FOR_GOOD = (
    "card",
    "violation",
    "waived",
    "decision",
    "action",
    "outbox",
    "contact_index",
    "contact_key",
)
"""Tables that tell what is thought of a card, what was done about it, and who is like whom."""


@dataclass(frozen=True)
class DirectLine:
    """A line to a script in this process: the same bytes as over a socket."""

    script: Script

    def post(self, url: str, content: bytes, timeout_s: float) -> Reply:  # noqa: ARG002
        reply = self.script(Asked(urlsplit(url).path, {}, json.loads(content), ("", 0)))
        return Reply(reply.status, "", reply.content)

    def shut_down(self) -> None:
        """Nothing is sent that could be cut off."""

    def close(self) -> None:
        """Nothing is open."""


PLAIN = Policy(Fields("UF_CRM_PRODUCT_GROUP"))
DEMANDING = Policy(
    Fields("UF_CRM_PRODUCT_GROUP", "UF_CRM_GATEKEEPER_STATUS"),
    Rules(
        deal_contact=MandatoryOptions(departments={404: Mode.WARN}),
        deal_lead=DealLeadOptions(same_responsible=True),
        deal_duplicate=DealDuplicateOptions(scope="client"),
    ),
    Interaction(include_contact=True),
)
"""Reads all that a policy can ask for."""
LONG_AGO = "2026-01-12T12:00:00+03:00"
HELLO = [{"from": "manager", "text": "Здравствуйте"}, {"from": "client", "text": "Добрый день"}]
Rows = dict[str, list[Any]]


@dataclass
class Saved:
    """An SQLite database as it was at one moment."""

    engine: Engine
    copy: sqlite3.Connection = field(default_factory=lambda: sqlite3.connect(":memory:"))
    rows: Rows = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self._driver() as driver:
            driver.backup(self.copy)
            self.rows = kept_rows(driver)

    def restore(self) -> None:
        with self._driver() as driver:
            self.copy.backup(driver)

    def changes(self) -> list[str]:
        """Which rows came or went since."""
        with self._driver() as driver:
            now = kept_rows(driver)
        return [
            f"{table}: {row}"
            for table, rows in now.items()
            for row in (*rows, *self.rows[table])
            if (row in rows) is not (row in self.rows[table])
        ]

    @contextmanager
    def _driver(self) -> Iterator[sqlite3.Connection]:
        with closing(self.engine.raw_connection()) as connection:
            driver = connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            yield driver


def kept_rows(driver: sqlite3.Connection) -> Rows:
    return {table: driver.execute(f"SELECT * FROM {table}").fetchall() for table in KEPT_FOR_GOOD}


@dataclass
class Bench:
    """Cards that are as they should be, and what their gate remembers.

    `asked` tells for some waves of cards what a pass over them asks the portal, the smallest wave first.
    """

    gate: Gate
    portal: RecordedPortal
    cards: Cards
    asked: Mapping[Cards, frozenset[str]]
    saved: Saved

    def harm(self, *spoilings: Spoiling) -> str:
        """What a pass over spoilt answers does that it must not; "" for nothing."""
        self.portal.spoil(spoilings)
        documented = any(map(is_documented, spoilings))
        try:
            self._pass(spoilings, documented=documented)
            written = list(self.portal.writes)
            return "; ".join(written if documented else written + self.saved.changes())
        except Exception as error:  # noqa: BLE001 - whatever it is, it would have ended the pass
            return f"{type(error).__name__}: {error}"
        finally:
            self.portal.spoil(())
            self.saved.restore()

    def _pass(self, spoilings: Sequence[Spoiling], *, documented: bool) -> None:
        """By a worker that has just begun, where an answer is spoilt that it asks for seldom."""
        wave = self._smallest({spoiling.command for spoiling in spoilings})
        new = any(spoiling.method in SELDOM for spoiling in spoilings)
        reconciler = (make_worker(self.gate.gatekeeper) if new else self.gate.worker).reconciler
        if documented:
            reconciler.foresee(wave, Priority.LIVE)
        else:
            reconciler.reconcile(wave, Priority.LIVE, lambda: set(wave))

    def _smallest(self, commands: AbstractSet[str]) -> Cards:
        """The first wave in which all of these are asked; the whole one where none of them ever is."""
        return next((wave for wave, asked in self.asked.items() if commands <= asked), self.cards)


@contextmanager
def a_bench(engine: Engine, policy: Policy) -> Iterator[Bench]:
    with a_gate(engine, sandbox={"events_url": None}, policy=policy) as gate:
        cards = some_cards(gate)
        gate.look_at(*cards)
        gate.look_at(*cards)
        portal = RecordedPortal(gate.sandbox.webhook_url, gate.http)
        answer_from(gate, portal)
        assert gate.unsettled(cards) == {}
        asked = {wave: record(gate, portal, wave) for wave in (*((card,) for card in cards), cards)}
        portal.recording = False
        yield Bench(gate, portal, cards, asked, Saved(gate.store.engine))


def record(gate: Gate, portal: RecordedPortal, wave: Cards) -> frozenset[str]:
    """What a new worker asks for these cards, in lists and one by one."""
    portal.asked.clear()
    for portal.unlisted in (False, True):
        make_worker(gate.gatekeeper).reconciler.reconcile(wave, Priority.LIVE, lambda: set(wave))
    portal.unlisted = False
    return frozenset(portal.asked)


def answer_from(gate: Gate, portal: RecordedPortal) -> None:
    """From now on the gate asks this portal, at this very moment."""
    now, client = gate.gatekeeper.now(), gate.gatekeeper.client
    direct = PortalClient(
        gate.gatekeeper.config.portal.url.reveal(),
        Unlimited(),
        clock=client.clock,
        open_line=lambda _: DirectLine(portal),
    )
    gate.gatekeeper = replace(gate.gatekeeper, client=direct, now=lambda: now)
    gate.worker = make_worker(gate.gatekeeper)


def some_cards(gate: Gate) -> Cards:
    """Good and bad ones of every kind, each with what can be misread of it."""
    good, old, bad = gate.a_correct_deal(), gate.a_correct_deal(), gate.add(Kind.DEAL, title="Пустая")
    client = gate.add(
        Kind.CONTACT,
        name="Иван",
        lastName="Прохоров",
        secondName="Львович",
        birthdate="1990-05-17",
        fm=[
            {"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903 482-17-65"},
            {"typeId": "EMAIL", "valueType": "HOME", "value": "ivan.prokhorov@mail.ru"},
        ],
    )
    rows = [{"PRODUCT_NAME": "Занятие", "PRICE": 1000, "QUANTITY": 1}] * 90
    gate.rest("crm.deal.productrows.set", id=old.id, rows=rows)
    nobody = gate.add(Kind.CONTACT, name="Тест")
    lead = gate.add(Kind.LEAD, title="Лид", stageId="CONVERTED", contactId=client.id)
    made = gate.add(
        Kind.DEAL,
        title="Из лида",
        leadId=lead.id,
        contactId=client.id,
        UF_CRM_PRODUCT_GROUP=47,
        opportunity=5,
    )
    gate.add_product(made)
    gate.comment(lead)
    gate.comment(made)
    for card in (old, lead, made):
        gate.control("activity", owner=str(card), kind="call_out", answered=True, seconds=95)
        gate.control("activity", owner=str(card), kind="chat", messages=HELLO)
    gate.control("backdate", ref=str(old), created_at=LONG_AGO, event=False)
    gate.control("backdate", ref=str(bad), created_at=LONG_AGO, event=False)
    for deal in (good, made):
        gate.look_at(deal)
        gate.change(deal, stageId="EXECUTING")
    return good, old, bad, client, nobody, lead, made
