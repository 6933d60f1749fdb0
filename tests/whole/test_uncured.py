"""A violation that goes off the card uncured and comes back is the old one: told once, fined once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from gatekeeper.config import NotificationsConfig
from gatekeeper.enforcement import Occasion
from gatekeeper.judge.policy import (
    Fields,
    GracePeriod,
    MandatoryOptions,
    Mode,
    Policy,
    Rules,
)
from gatekeeper.model.exemption import Exemption
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.report.period import Period, Span
from gatekeeper.report.selection import Selection
from gatekeeper.report.violations import read_violations
from gatekeeper.store.journal.day import DayReader
from gatekeeper.store.journal.past import read_past
from gatekeeper.store.journal.tables import violation_table
from gatekeeper.store.outbox import outbox_table
from tests.gate import Gate, a_gate

FINE = 500


def a_policy(mode: Mode = Mode.REVERT, **options: Any) -> Policy:
    rules = Rules(deal_contact=MandatoryOptions(mode, fine=FINE, **options))
    return Policy(Fields("UF_CRM_PRODUCT_GROUP", "UF_CRM_GATEKEEPER_STATUS"), rules)


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    told = NotificationsConfig(on=(Occasion.VIOLATION.value,))
    with a_gate(sqlite, notifications=told) as gate:
        gate.use(a_policy())
        yield gate


@pytest.fixture
def deal(gate: Gate) -> EntityRef:
    """All is well but for its contact."""
    deal = gate.a_correct_deal()
    gate.change(deal, contactId=0)
    gate.look_at(deal)
    return deal


def fines(gate: Gate, deal: EntityRef) -> list[tuple[int, str | None]]:
    columns = violation_table.c["fine", "closed_why"]
    mine = (violation_table.c.rule == "deal.contact") & (violation_table.c.entity_id == deal.id)
    with gate.store.engine.connect() as conn:
        query = select(*columns).where(mine).order_by(violation_table.c.opened_at)
        return [tuple(row) for row in conn.execute(query)]


def move(gate: Gate, deal: EntityRef, *stages: str) -> None:
    for stage in stages:
        gate.change(deal, stageId=stage)
        gate.look_at(deal)


def test_a_deal_lost_and_opened_again_and_again_owes_one_fine(gate: Gate, deal: EntityRef) -> None:
    move(gate, deal, "LOSE", "NEW", "LOSE", "NEW")
    assert fines(gate, deal) == [(FINE, "not_asked"), (0, "not_asked"), (0, None)]
    past = read_past(gate.store.engine, deal)
    assert sum(each.owed(gate.worker.now()) for each in past.violations) == FINE


def test_a_rule_switched_off_and_on_again_owes_one_fine(gate: Gate, deal: EntityRef) -> None:
    for mode in (Mode.OFF, Mode.REVERT):
        gate.use(a_policy(mode))
        gate.look_at(deal)
    assert fines(gate, deal) == [(FINE, "off"), (0, None)]


def test_what_was_cured_meanwhile_is_a_new_violation_when_it_comes_back(gate: Gate, deal: EntityRef) -> None:
    client = gate.add(Kind.CONTACT, name="Иван", lastName="Петров")
    move(gate, deal, "LOSE")
    gate.change(deal, contactId=client.id)
    move(gate, deal, "NEW")
    gate.change(deal, contactId=0)
    gate.look_at(deal)
    assert fines(gate, deal) == [(FINE, "not_asked"), (FINE, None)]


def test_an_exemption_that_ends_while_the_fine_is_owed_adds_none(gate: Gate, deal: EntityRef) -> None:
    move(gate, deal, "LOSE", "NEW")
    exemptions = gate.store.exemptions
    granted = exemptions.grant(
        Exemption("", "так решили", "Анна", entity=deal, rule="deal.contact"), gate.worker.now()
    )
    gate.look_at(deal)
    exemptions.remove(granted.id, "Анна", gate.worker.now())
    gate.look_at(deal)
    assert fines(gate, deal) == [(FINE, "not_asked"), (0, "exempt"), (0, None)]


def test_an_exempted_violation_that_comes_back_owes_the_fine_that_was_let_off(
    gate: Gate, deal: EntityRef
) -> None:
    exemptions = gate.store.exemptions
    granted = exemptions.grant(
        Exemption("", "так решили", "Анна", entity=deal, rule="deal.contact"), gate.worker.now()
    )
    gate.look_at(deal)
    exemptions.remove(granted.id, "Анна", gate.worker.now())
    gate.look_at(deal)
    past = read_past(gate.store.engine, deal)
    assert sum(each.owed(gate.worker.now()) for each in past.violations) == FINE


def test_who_was_told_of_it_is_not_told_again(gate: Gate, deal: EntityRef) -> None:
    with gate.store.engine.connect() as conn:
        before = conn.execute(select(outbox_table)).all()
    assert before
    move(gate, deal, "WON", "LOSE", "NEW")
    with gate.store.engine.connect() as conn:
        assert conn.execute(select(outbox_table)).all() == before


def test_a_violation_that_counted_gets_no_new_grace_by_losing_the_deal(gate: Gate, deal: EntityRef) -> None:
    move(gate, deal, "LOSE")
    gate.use(a_policy(grace=GracePeriod(30)))
    move(gate, deal, "NEW")
    assert "Ещё есть время" not in gate.said(deal)[0]
    assert fines(gate, deal) == [(FINE, "not_asked"), (0, None)]


def test_what_went_off_within_its_grace_was_neither_fined_nor_told(sqlite: Engine) -> None:
    with a_gate(sqlite) as gate:
        gate.use(a_policy(grace=GracePeriod(30)))
        deal = gate.a_correct_deal()
        gate.change(deal, contactId=0)
        gate.look_at(deal)
        move(gate, deal, "LOSE", "NEW")
        assert fines(gate, deal) == [(FINE, "not_asked"), (FINE, None)]
        past = read_past(gate.store.engine, deal)
        now = gate.worker.now()
        assert [each.is_counted(now) for each in past.violations] == [False, False]
        assert [each.is_counted(now + timedelta(hours=1)) for each in past.violations] == [False, True]


def test_a_lost_deal_has_no_accusation_no_pin_and_no_status(gate: Gate, deal: EntityRef) -> None:
    assert gate.pinned(deal)
    assert gate.item(deal)["ufCrmGatekeeperStatus"] == "incorrect"
    move(gate, deal, "LOSE")
    (said,) = gate.said(deal)
    assert "☐" not in said
    assert gate.pinned(deal) == []
    assert not gate.item(deal)["ufCrmGatekeeperStatus"]
    writes = gate.writes()
    gate.look_at(deal)
    assert gate.writes() == writes


def test_the_report_and_the_digest_know_of_one_fine_and_the_same_violations(
    gate: Gate, deal: EntityRef
) -> None:
    move(gate, deal, "LOSE", "NEW")
    now = datetime.now(UTC)
    day = DayReader(gate.store.engine).read(now, None, {})
    period = Period(now.date() - timedelta(days=1), now.date() + timedelta(days=1))
    wanted = Selection(period, Span.of(period, now), now)
    found = list(read_violations(gate.store.engine, wanted, ("warn", "revert")))
    mine = [each for each in found if each.ref == deal]
    assert sum(each.owed for each in mine) == FINE
    (tally,) = [each for each in day.by_rule if each.name == "deal.contact"]
    assert (tally.opened, tally.closed, tally.standing) == (2, 1, 1)
    assert len(mine) == 2
