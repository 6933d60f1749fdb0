"""The law of the wire: a spoilt answer opens and ends no violation, moves no deal, changes no note.

The answers of a portal to a whole pass are recorded, one place in one of them is spoilt, and the pass is made
again. Where the mutant is in a documented form too, it is judged as what it says, and no more is asked of it
than that it harms nobody's process. `pytest --soak` spoils all of them, `make test` a fixed sample.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass, replace
from importlib import import_module
from typing import Any

import pytest
from sqlalchemy import Engine

from gatekeeper.app.worker_process import make_worker
from gatekeeper.config import Secret
from gatekeeper.model.history import History
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal import wire
from gatekeeper.portal.wire.forms import Told
from tests.gate import Gate, a_gate
from tests.portal.documented import is_documented
from tests.portal.recorded import RecordedPortal, Spoiling, every_spoiling, sample
from tests.portal.scripted_portal import ScriptedPortal, a_portal

pytestmark = pytest.mark.slow

SAMPLE, LONG = 100, 20_000
LONG_AGO = "2026-01-12T12:00:00+03:00"
CONTAINERS = {"items", "item", "productRows", "categories", "fields", "message", "users"}
CODES = {"UF_CRM_PRODUCT_GROUP", "UF_CRM_GATEKEEPER_STATUS", "upperName"}
HELLO = [{"from": "manager", "text": "Здравствуйте"}, {"from": "client", "text": "Добрый день"}]


def told() -> frozenset[str]:
    """Every name that a description of an answer reads."""
    modules = [import_module(f"{wire.__name__}.{each.name}") for each in pkgutil.iter_modules(wire.__path__)]
    shapes = {value for module in modules for value in vars(module).values() if is_dataclass(value)}
    read = [field.metadata.get("told") for shape in shapes for field in fields(shape)]
    return frozenset({*CONTAINERS, *CODES, *(each.name for each in read if isinstance(each, Told))})


@dataclass
class Bench:
    """Cards that are as they should be, and what is remembered of them."""

    gate: Gate
    portal: RecordedPortal
    cards: tuple[EntityRef, ...]
    remembered: dict[EntityRef, History]

    def harm(self, spoiling: Spoiling) -> str:
        """What a pass over spoilt answers does that it must not; "" for nothing."""
        self.portal.spoiling = spoiling
        self.portal.writes.clear()
        documented = is_documented(spoiling)
        try:
            self._pass(documented=documented)
        except Exception as error:  # noqa: BLE001 - whatever it is, it would have ended the pass
            return f"{type(error).__name__}: {error}"
        finally:
            self.portal.spoiling = None
        if documented:
            return ""
        changed = [ref for ref, now in self._histories().items() if now != self.remembered[ref]]
        return "; ".join([*self.portal.writes, *map(str, changed)])

    def _pass(self, *, documented: bool) -> None:
        worker = make_worker(self.gate.gatekeeper)
        if documented:
            worker.reconciler.foresee(self.cards, Priority.LIVE)
        else:
            worker.reconciler.reconcile(self.cards, Priority.LIVE, lambda: set(self.cards))

    def _histories(self) -> dict[EntityRef, History]:
        return self.gate.store.journal.load(self.cards)


@contextmanager
def a_bench(engine: Engine) -> Iterator[Bench]:
    with a_gate(engine, sandbox={"events_url": None}) as gate:
        cards = some_cards(gate)
        gate.look_at(*cards)
        gate.look_at(*cards)
        portal = RecordedPortal(gate.sandbox.webhook_url, gate.http)
        with a_portal(portal) as scene:
            answer_from(gate, scene.portal)
            assert gate.unsettled(cards) == {}
            for portal.unlisted in (False, True):
                make_worker(gate.gatekeeper).reconciler.reconcile(cards, Priority.LIVE, lambda: set(cards))
            portal.recording = portal.unlisted = False
            yield Bench(gate, portal, cards, gate.store.journal.load(cards))


def answer_from(gate: Gate, portal: ScriptedPortal) -> None:
    config = gate.gatekeeper.config
    gate.restart(replace(config, portal=replace(config.portal, url=Secret(portal.url))))


def some_cards(gate: Gate) -> tuple[EntityRef, ...]:
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


KNOWN: tuple[tuple[str, str, str, Any], ...] = (
    ("crm.item.fields", "items", "drop", None),
    ("crm.item.fields", "items", "null", None),
    ("crm.timeline.comment.list", "result", "null", None),
    ("crm.timeline.comment.list", "result", "retype", False),
    ("crm.item.get", "opportunity", "drop", None),
    ("crm.item.get", "opportunity", "null", None),
    ("crm.item.get", "UF_CRM_PRODUCT_GROUP", "retype", 45.0),
    ("crm.item.get", "leadId", "drop", None),
    ("crm.item.get", "birthdate", "drop", None),
    ("crm.item.get", "name", "drop", None),
    ("crm.item.get", "id", "retype", 2**63),
    ("crm.item.get", "createdTime", "retype", "9999-12-31T23:59:59-12:00"),
    ("crm.item.get", "title", "retype", "\ud800"),
    ("crm.item.productrow.list", "productRows", "retype", []),
    ("crm.status.list", "result", "retype", []),
    ("crm.status.list", "SEMANTICS", "retype", "x"),
    ("crm.category.list", "categories", "null", None),
    ("crm.category.list", "result", "retype", True),
    ("crm.timeline.comment.list", "result", "nest", {"result": {}}),
)
"""Method, name, kind, value: each moved a good deal back, accused somebody, or ended the worker."""


def spoilings(bench: Bench, count: int) -> Sequence[Spoiling]:
    found = sample(list(every_spoiling(bench.portal.answers, told())), count, seed=11)
    assert len(found) == count
    return found


@pytest.fixture
def bench(sqlite: Engine) -> Iterator[Bench]:
    with a_bench(sqlite) as bench:
        yield bench


def test_an_untouched_record_is_judged_as_before(bench: Bench) -> None:
    histories = bench.remembered.values()
    assert sum(bool(history.open) for history in histories) >= 2
    assert sum(not history.open for history in histories) >= 2
    no_spoiling = Spoiling("", (), "null")
    assert bench.harm(no_spoiling) == ""


def test_what_once_did_harm_does_none(bench: Bench) -> None:
    every = list(every_spoiling(bench.portal.answers, told()))
    for known in KNOWN:
        chosen = [each for each in every if (each.method, each.key, each.kind, each.value) == known]
        assert chosen, known
        assert {str(each): harm for each in chosen[:3] if (harm := bench.harm(each))} == {}


def test_a_spoilt_answer_harms_nobody(bench: Bench, *, soak: bool) -> None:
    chosen = spoilings(bench, LONG if soak else SAMPLE)
    harmful = {str(spoiling): harm for spoiling in chosen if (harm := bench.harm(spoiling))}
    assert harmful == {}
