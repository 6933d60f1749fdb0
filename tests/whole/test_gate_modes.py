"""Modes by pipeline and department, on a sandbox portal: who is spoken to, and what is moved."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select

from gatekeeper.judge.policy import (
    Ceiling,
    DealCommentOptions,
    MandatoryOptions,
    Mode,
    StaffEmailOptions,
)
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.journal.tables import violation_table
from tests.gate import Gate, a_gate

ANNA, GLEB = 2, 5  # of the admission office (1), and of its college department (2)


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_gate(sqlite) as gate:
        yield gate


def use(gate: Gate, ceiling: Ceiling | None = None, **rules: Any) -> None:
    policy = gate.gatekeeper.config.policy
    gate.use(replace(policy, rules=replace(policy.rules, **rules), ceiling=ceiling or Ceiling()))


def a_jumper(gate: Gate, responsible: int, **fields: Any) -> EntityRef:
    """An empty deal, created further on than its pipeline's first stage."""
    return gate.add(Kind.DEAL, title="Пустая", assignedById=responsible, **{"stageId": "EXECUTING", **fields})


def calls(gate: Gate, method: str) -> int:
    log = gate.http.get(f"{gate.sandbox.url}/sandbox/log", timeout=10).json()
    return int(log["methods"].get(method, 0))


def test_a_pilot_speaks_to_one_department_and_only_observes_the_others(gate: Gate, sqlite: Engine) -> None:
    use(gate, Ceiling(Mode.OBSERVE, departments={2: Mode.REVERT}))
    inside, outside = a_jumper(gate, GLEB), a_jumper(gate, ANNA)
    contact = gate.add(Kind.CONTACT, name="Тест", assignedById=ANNA)
    gate.look_at(inside, outside, contact)
    assert (len(gate.said(inside)), gate.said(outside), gate.said(contact)) == (1, [], [])
    assert [gate.item(each)["stageId"] for each in (inside, outside)] == ["NEW", "EXECUTING"]
    with sqlite.connect() as conn:
        rows = conn.execute(select(violation_table.c.entity_id, violation_table.c.mode)).all()
    assert {row.mode for row in rows if row.entity_id == outside.id} == {"observe"}


def test_a_department_named_covers_those_that_belong_to_it(gate: Gate) -> None:
    use(gate, Ceiling(Mode.OBSERVE, departments={1: Mode.WARN}))
    deal = a_jumper(gate, GLEB)
    gate.look_at(deal)
    assert (len(gate.said(deal)), gate.item(deal)["stageId"]) == (1, "EXECUTING")


def test_a_card_that_changes_hands_is_told_under_the_new_departments_modes(gate: Gate) -> None:
    use(gate, Ceiling(Mode.OBSERVE, departments={2: Mode.WARN}))
    deal = a_jumper(gate, ANNA)
    gate.look_at(deal)
    gate.change(deal, assignedById=GLEB)
    gate.look_at(deal)
    assert len(gate.said(deal)) == 1


def test_one_rule_may_be_softer_in_one_pipeline(gate: Gate) -> None:
    use(gate, deal_comment=DealCommentOptions(pipelines={1: Mode.OBSERVE}))
    here, there = a_jumper(gate, ANNA), a_jumper(gate, ANNA, categoryId=1, stageId="C1:EXECUTING")
    gate.look_at(here, there)
    assert "Развёрнутый комментарий" in gate.said(here)[0]
    assert "Развёрнутый комментарий" not in gate.said(there)[0]
    assert gate.item(there)["stageId"] == "C1:NEW"


def test_a_pipeline_where_nothing_is_moved_back_is_still_warned(gate: Gate) -> None:
    use(gate, Ceiling(pipelines={1: Mode.WARN}))
    deal = a_jumper(gate, ANNA, categoryId=1, stageId="C1:EXECUTING")
    gate.look_at(deal)
    assert (len(gate.said(deal)), gate.item(deal)["stageId"]) == (1, "C1:EXECUTING")


@pytest.mark.parametrize("scope", ["user", "department"])
def test_departments_that_may_not_be_read_make_nobody_stricter(gate: Gate, scope: str) -> None:
    gate.control("faults", kind="scope", scope=scope)
    use(gate, Ceiling(departments={1: Mode.WARN, 7: Mode.REVERT}), deal_contact=MandatoryOptions(Mode.WARN))
    deal = a_jumper(gate, ANNA)
    gate.look_at(deal)
    gate.look_at(deal)
    assert (len(gate.said(deal)), gate.item(deal)["stageId"]) == (1, "EXECUTING")


def test_nobodys_department_is_read_where_the_policy_names_none(gate: Gate) -> None:
    gate.look_at(a_jumper(gate, ANNA, stageId="NEW"))
    assert (calls(gate, "user.get"), calls(gate, "department.get")) == (0, 0)


def test_a_pipeline_or_department_that_is_not_there_is_told_and_harms_nothing(
    gate: Gate, caplog: pytest.LogCaptureFixture
) -> None:
    use(gate, Ceiling(departments={77: Mode.WARN}, pipelines={55: Mode.WARN}))
    with caplog.at_level(logging.WARNING):
        gate.worker.reader.prepare()
    assert [each for each in caplog.messages if "policy.unknown" in each] == [
        "policy.unknown_pipeline id=55",
        "policy.unknown_department id=77",
    ]
    deal = a_jumper(gate, ANNA)
    gate.look_at(deal)
    assert gate.item(deal)["stageId"] == "NEW"


def test_cards_that_a_rule_is_off_for_do_not_mark_each_other_for_ever(gate: Gate) -> None:
    """An address of three people makes each a violation; here nobody is judged by it."""
    use(gate, contact_staff_email=StaffEmailOptions(departments={1: Mode.OFF}))
    mail = [{"typeId": "EMAIL", "valueType": "HOME", "value": "one.for.all@mail.ru"}]
    names = [("Иван", "Петров"), ("Анна", "Иванова"), ("Олег", "Сидоров")]
    contacts = [
        gate.add(Kind.CONTACT, name=name, lastName=last, fm=mail, assignedById=ANNA) for name, last in names
    ]
    for contact in contacts:  # the third to be looked at finds the other two
        gate.store.inbox.mark_dirty(contact, delay_s=0)
        waves = [gate.worker.run_wave() for _ in range(5)]
        assert not waves[-1]
    assert not any("Почта сотрудника" in said for contact in contacts for said in gate.said(contact))
