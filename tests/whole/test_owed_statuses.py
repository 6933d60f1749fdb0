"""A status that the portal has no time for waits by itself: nothing is read for it, and nothing waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from gatekeeper.judge.policy import Fields
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.transport.times import PATIENT_S
from gatekeeper.portal.wire.cards import SET_FIELD
from tests.gate import Gate, a_gate


@pytest.fixture
def gate(engine: Engine) -> Iterator[Gate]:
    fields = Fields(product_group="UF_CRM_PRODUCT_GROUP", status="UF_CRM_GATEKEEPER_STATUS")
    with a_gate(engine, fields=fields) as gate:
        yield gate


def has_used(gate: Gate, seconds: float) -> None:
    """As an answer tells how much of the method's time is used up."""
    resets = gate.gatekeeper.machine_now() + timedelta(minutes=10)
    told = {"duration": 3.4, "operating": seconds, "operating_reset_at": resets.timestamp()}
    gate.gatekeeper.client.learn(SET_FIELD, told)


def status_of(gate: Gate, deal: EntityRef) -> str:
    return str(gate.item(deal)["ufCrmGatekeeperStatus"] or "")


def glance(gate: Gate) -> dict[str, int]:
    """As the sweeper marks what has fallen due; what it cost the portal."""
    gate.pass_time(timedelta(seconds=90))
    before = gate.log()["methods"]
    due = gate.store.visits.due(gate.gatekeeper.now(), 100)
    gate.store.inbox.mark_dirty(due, priority=Priority.SWEEP, delay_s=0, whole=False)
    while gate.worker.run_wave():
        pass
    after = gate.log()["methods"]
    return {name: count - before.get(name, 0) for name, count in after.items() if count > before.get(name, 0)}


def results(gate: Gate, deal: EntityRef) -> list[str | None]:
    return [row.result for row in gate.actions(deal) if row.name == "SetField"]


def test_a_status_waits_until_there_is_time_for_it_and_costs_no_reading(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    has_used(gate, PATIENT_S)
    gate.look_at(deal)
    assert (status_of(gate, deal), len(gate.said(deal)), results(gate, deal)) == ("", 1, ["owed"])
    assert gate.is_idle
    assert SET_FIELD not in glance(gate)
    has_used(gate, 0)
    cost = glance(gate)
    assert cost == {"crm.item.list": 1, SET_FIELD: 1}
    assert (status_of(gate, deal), results(gate, deal)) == ("incorrect", ["applied"])
    assert gate.unsettled([deal]) == {}


def test_what_a_person_does_meanwhile_makes_another_status_of_it(gate: Gate) -> None:
    deal = gate.a_correct_deal()
    has_used(gate, PATIENT_S)
    gate.look_at(deal)
    gate.change(deal, UF_CRM_PRODUCT_GROUP=None)
    has_used(gate, 0)
    glance(gate)
    assert gate.unsettled([deal]) == {}
    assert status_of(gate, deal) == "incorrect"


def test_a_move_back_does_not_wait_for_a_status(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    has_used(gate, PATIENT_S)
    gate.change(deal, stageId="EXECUTING")
    gate.look_at(deal)
    assert gate.item(deal)["stageId"] == "NEW"


def test_of_many_statuses_as_many_are_written_as_there_is_time_for(gate: Gate) -> None:
    deals = [gate.add(Kind.DEAL, title="Пустая") for _ in range(8)]
    has_used(gate, PATIENT_S - 3 * 3.4 - 1)
    gate.look_at(*deals)
    assert sum(1 for deal in deals if status_of(gate, deal)) == 3
    assert all(len(gate.said(deal)) == 1 for deal in deals)
