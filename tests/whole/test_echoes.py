"""Our own writes are no news, and whatever a person does at the same moment is.

A write of ours raises the event that anybody's raises. Here a person acts before, beside and after it, and
the events come as the portal sends them: once the inbox is empty, every card must be as its present state
deserves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import pytest
from sqlalchemy import Engine

from gatekeeper.judge.policy import Fields
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.writer import Writer, Writing, Written
from tests.gate import Gate, a_gate
from tests.typography import plain

FIELDS = Fields(product_group="UF_CRM_PRODUCT_GROUP", status="UF_CRM_GATEKEEPER_STATUS")
Act = Callable[[Gate, EntityRef], EntityRef | None]


@pytest.fixture
def gate(engine: Engine) -> Iterator[Gate]:
    with a_gate(engine, fields=FIELDS) as gate:
        yield gate


def hear(gate: Gate, *refs: EntityRef) -> None:
    """As the door marks what an event names."""
    gate.store.inbox.mark_each(dict.fromkeys(refs, Priority.LIVE), delay_s=0, whole=False)


def work(gate: Gate) -> None:
    while gate.worker.run_wave():
        pass


def commands(gate: Gate) -> dict[str, int]:
    return dict(gate.log()["methods"])


def spent(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    return {name: count - before.get(name, 0) for name, count in after.items() if count > before.get(name, 0)}


def test_the_event_of_our_own_status_costs_a_glance(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    before = commands(gate)
    hear(gate, deal)
    work(gate)
    assert spent(before, commands(gate)) == {"crm.item.list": 1, "crm.item.productrow.list": 1}


def test_an_event_of_an_item_that_nobody_saved_since_costs_a_list(gate: Gate) -> None:
    contact = gate.add(Kind.CONTACT, name="Иван")
    gate.look_at(contact)
    before = commands(gate)
    hear(gate, contact)
    work(gate)
    assert spent(before, commands(gate)) == {"crm.item.list": 1}


def a_field(gate: Gate, deal: EntityRef) -> EntityRef:
    gate.change(deal, UF_CRM_PRODUCT_GROUP=45)
    return deal


def a_sum(gate: Gate, deal: EntityRef) -> EntityRef:
    gate.change(deal, opportunity=90000)
    return deal


def a_product(gate: Gate, deal: EntityRef) -> EntityRef:
    gate.add_product(deal)
    return deal


def a_contact(gate: Gate, deal: EntityRef) -> EntityRef:
    gate.change(deal, contactId=gate.add(Kind.CONTACT, name="Иван").id)
    return deal


def a_stage(gate: Gate, deal: EntityRef) -> EntityRef:
    gate.change(deal, stageId="PREPARATION")
    return deal


def our_status(gate: Gate, deal: EntityRef) -> EntityRef:
    gate.change(deal, UF_CRM_GATEKEEPER_STATUS="какой-то")
    return deal


def a_comment(gate: Gate, deal: EntityRef) -> EntityRef:
    return EntityRef(Kind.COMMENT, gate.comment(deal))


def our_note(gate: Gate, deal: EntityRef) -> EntityRef | None:
    """A person rewrites our note, where there is one."""
    signer_sees = gate.said(deal)
    if not signer_sees:
        return None
    note = next(row for row in gate._comment_rows(deal) if plain(row["COMMENT"]) == signer_sees[0])
    text = signer_sees[0].replace("☐", "☑")
    gate.rest("crm.timeline.comment.update", user=1, id=int(note["ID"]), fields={"COMMENT": text})
    return EntityRef(Kind.COMMENT, int(note["ID"]))


def nothing(_: Gate, deal: EntityRef) -> EntityRef:
    return deal


ACTS: Sequence[Act] = (
    a_field,
    a_sum,
    a_product,
    a_contact,
    a_stage,
    our_status,
    a_comment,
    our_note,
    nothing,
)


@dataclass
class Beside(Writer):
    """A writer beside which a person acts: before our write reaches the portal, or after it has."""

    gate: Gate
    deal: EntityRef
    before: Act
    after: Act

    def __init__(self, gate: Gate, deal: EntityRef, before: Act, after: Act) -> None:
        real = gate.worker.reconciler.applier.writer
        super().__init__(real._client, real._signer)
        self.gate, self.deal, self.before, self.after = gate, deal, before, after
        self.is_over = False

    def write(self, actions: Sequence[Writing], *, priority: Priority) -> list[Written]:
        if self.is_over:
            return super().write(actions, priority=priority)
        self.is_over = True
        heard = [self.before(self.gate, self.deal)]
        results = super().write(actions, priority=priority)
        heard.append(self.after(self.gate, self.deal))
        notes = [EntityRef(Kind.COMMENT, int(row["ID"])) for row in self.gate._comment_rows(self.deal)]
        hear(self.gate, self.deal, *(each for each in heard if each), *notes)
        return results


def beside(gate: Gate, deal: EntityRef, before: Act, after: Act) -> None:
    own = gate.worker.reconciler
    applier = replace(own.applier, writer=Beside(gate, deal, before, after))
    gate.worker.reconciler = replace(own, applier=applier)


PAIRS = [
    pytest.param(
        before,
        after,
        id=f"{before.__name__}, then {after.__name__}",
        marks=() if nothing in {before, after} else pytest.mark.soak,
    )
    for before, after in product(ACTS, ACTS)
]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_what_a_person_does_beside_our_write_is_seen(gate: Gate, before: Act, after: Act) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    beside(gate, deal, before, after)
    hear(gate, deal)
    work(gate)
    assert gate.unsettled([deal]) == {}


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_what_a_person_does_together_with_the_echo_is_seen(gate: Gate, act: Act) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    heard = act(gate, deal)
    hear(gate, deal, *([heard] if heard else []))
    work(gate)
    assert gate.unsettled([deal]) == {}


def test_a_pass_that_failed_leaves_nothing_to_a_glance(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    hear(gate, deal)
    (claim,) = gate.store.inbox.claim(1, "doomed")
    assert not claim.whole
    gate.store.inbox.failed(claim, "busy", claim.first_marked)
    (again,) = gate.store.inbox.claim(1, "another")
    assert again.whole
    gate.store.inbox.release(again, retry_at=claim.first_marked)
    (third,) = gate.store.inbox.claim(1, "third")
    assert third.whole


def test_an_event_during_a_check_asks_for_a_glance_alone(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.store.inbox.mark_dirty(deal, delay_s=0)
    (claim,) = gate.store.inbox.claim(1, "worker")
    assert claim.whole
    hear(gate, deal)
    gate.store.inbox.done(claim)
    (echo,) = gate.store.inbox.claim(1, "worker")
    assert not echo.whole
    hear(gate, deal)
    gate.store.inbox.mark_dirty(deal, delay_s=0)
    gate.store.inbox.done(echo)
    (news,) = gate.store.inbox.claim(1, "worker")
    assert news.whole
