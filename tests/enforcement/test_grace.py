"""Grace: told at once, enforced and counted only when expired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from gatekeeper.enforcement import (
    Enforcement,
    MoveStage,
    Notify,
    Occasion,
    Plan,
    PostComment,
    UpdateComment,
    plan,
)
from gatekeeper.enforcement.grace import RELAPSE, due_times, grace_ends
from gatekeeper.judge.examples import (
    NOON,
    a_contact,
    a_deal,
    a_policy,
)
from gatekeeper.judge.policy import (
    GracePeriod,
    MandatoryOptions,
    Mode,
    NameOptions,
    Policy,
    ProductsOptions,
    RuleOptions,
)
from gatekeeper.judge.verdict import judge
from gatekeeper.messages import Messages
from gatekeeper.model.cards import Snapshot, Unread, Why
from gatekeeper.model.history import History
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.journal.day import DayReader
from gatekeeper.store.journal.tables import counted, violation_table
from tests.gate import Gate, a_gate
from tests.timeline import as_written
from tests.typography import plain

MOSCOW = timezone(timedelta(hours=3))
HALF_AN_HOUR = MandatoryOptions(grace=GracePeriod(30))
WATCHING = Enforcement(watching_since=NOON - timedelta(days=1))
GRANTING = a_policy(deal_contact=HALF_AN_HOUR)
DUE = NOON + timedelta(minutes=30)
MINUTE = timedelta(minutes=1)


def look(
    card: Snapshot,
    past: History | Plan | None = None,
    now: datetime = NOON,
    policy: Policy = GRANTING,
    enforcement: Enforcement = WATCHING,
) -> Plan:
    history = past.history if isinstance(past, Plan) else past or History()
    words = Messages.in_language("ru")
    return plan(judge(card, policy, now), card, history, policy, enforcement, words, now)


def a_bad_deal(**changes: Any) -> Any:
    return a_deal(contact_ids=(), **changes)


def text_of(planned: Plan) -> str:
    (text,) = [each.text for each in planned.actions if isinstance(each, PostComment | UpdateComment)]
    return text


def moves(planned: Plan) -> list[str]:
    return [each.to_stage_id for each in planned.actions if isinstance(each, MoveStage)]


def test_in_grace_the_card_says_in_a_friendly_tone_what_is_missing_and_by_when() -> None:
    card = a_bad_deal(created_at=NOON.astimezone(MOSCOW))
    text = text_of(look(card))
    assert "Ещё есть время дополнить сделку" in text
    assert "Контакт[/b] (до 15:30)" in text


def test_a_grace_that_ends_another_day_gives_the_day() -> None:
    policy = a_policy(deal_contact=MandatoryOptions(grace=GracePeriod(24 * 60)))
    assert "(до 02.09.2026 12:00)" in text_of(look(a_bad_deal(), policy=policy))


def test_one_violation_without_grace_ends_the_friendly_tone() -> None:
    text = plain(text_of(look(a_bad_deal(product_group=()))))
    assert "Осталось исправить: 2" in text
    assert "Контакт[/b] (до 12:30)" in text
    assert "Группа продуктов[/b] —" in text


def test_a_second_look_within_grace_writes_nothing_and_remembers_nothing_new() -> None:
    first = look(a_bad_deal())
    card = as_written(a_bad_deal(), first.actions)
    assert look(card, first, DUE - MINUTE) == Plan((), first.history)


@pytest.mark.parametrize(("after", "moved"), [(timedelta(0), ["NEW"]), (-timedelta(seconds=1), [])])
def test_a_deal_moved_on_is_moved_back_from_the_very_moment_on_in_which_grace_ends(
    after: timedelta, moved: list[str]
) -> None:
    first = look(a_bad_deal(stage_id="EXECUTING"))
    card = as_written(a_bad_deal(stage_id="EXECUTING"), first.actions)
    assert moves(first) == []
    assert moves(look(card, first, DUE + after)) == moved


def test_after_grace_the_comment_says_what_it_says_without_grace() -> None:
    first = look(a_bad_deal())
    card = as_written(a_bad_deal(), first.actions)
    late = look(card, first, DUE)
    assert text_of(late) == text_of(look(a_bad_deal(), policy=a_policy()))
    assert look(as_written(card, late.actions), late, DUE + MINUTE) == Plan((), late.history)


def test_grace_is_no_way_through_the_stages() -> None:
    """What was reached in grace is admitted when all is well, else the deal goes back to where it began."""
    first = look(a_bad_deal())
    card = as_written(a_bad_deal(), first.actions)
    moved = replace(card, stage_id="PREPARATION", moved_at=NOON + MINUTE)
    second = look(moved, first, NOON + MINUTE)
    assert second.actions == ()
    further = replace(moved, stage_id="EXECUTING", moved_at=NOON + 2 * MINUTE)
    third = look(further, second, NOON + 2 * MINUTE)
    assert moves(look(further, third, DUE)) == ["NEW"]
    cured = replace(further, contact_ids=(84,))
    well = look(cured, third, DUE)
    assert (moves(well), well.history.admitted_stage_id) == ([], "EXECUTING")


def test_a_step_back_in_grace_is_admitted_at_once() -> None:
    first = look(a_deal(stage_id="EXECUTING"))
    back = look(a_bad_deal(stage_id="PREPARATION"), first)
    assert back.history.admitted_stage_id == "PREPARATION"


def test_a_deal_never_seen_before_is_held_at_its_pipelines_beginning() -> None:
    first = look(a_bad_deal(stage_id="PREPARATION"))
    assert moves(look(a_bad_deal(stage_id="PREPARATION"), first, DUE)) == ["NEW"]


def test_a_new_move_in_grace_is_not_told_as_the_old_one_that_was_undone() -> None:
    bad = a_bad_deal(stage_id="EXECUTING", product_group=())
    first = look(bad)
    assert moves(first) == ["NEW"]
    stands = as_written(bad, first.actions)
    moved_again = replace(
        stands, product_group=("45",), stage_id="PREPARATION", moved_at=stands.moved_at + MINUTE
    )
    text = text_of(look(moved_again, first, NOON + 2 * MINUTE))
    assert "возвращена" not in text
    assert "(до 12:30)" in text


def test_what_is_cured_and_comes_back_within_a_day_goes_on_with_its_old_time() -> None:
    first = look(a_bad_deal())
    cured = look(a_deal(), first, NOON + 20 * MINUTE)
    again = look(a_bad_deal(), cured, NOON + 25 * MINUTE)
    assert due_times(again.history) == {"deal.contact": DUE}
    late = look(a_bad_deal(stage_id="EXECUTING"), cured, NOON + timedelta(hours=5))
    assert moves(late) == ["NEW"]


@pytest.mark.parametrize(("short", "fresh"), [(timedelta(seconds=1), False), (timedelta(0), True)])
def test_what_stayed_cured_for_a_day_is_granted_grace_anew(short: timedelta, fresh: bool) -> None:
    cured = look(a_deal(), look(a_bad_deal()), NOON + MINUTE)
    now = NOON + MINUTE + RELAPSE - short
    again = look(a_bad_deal(stage_id="EXECUTING"), cured, now)
    assert (moves(again) == []) == fresh


def test_the_time_that_was_promised_holds_whatever_becomes_of_the_policy() -> None:
    first = look(a_bad_deal())
    for grace in (None, GracePeriod(1), GracePeriod(600)):
        later = look(
            a_bad_deal(), first, NOON + 5 * MINUTE, a_policy(deal_contact=MandatoryOptions(grace=grace))
        )
        assert grace_ends(later.history) == DUE


def test_what_already_counts_is_granted_nothing_by_a_new_policy() -> None:
    first = look(a_bad_deal(), policy=a_policy())
    assert grace_ends(look(a_bad_deal(), first).history) is None


def test_what_cannot_be_judged_for_a_while_gets_no_longer_grace() -> None:
    policy = a_policy(deal_products=ProductsOptions(grace=GracePeriod(30)))
    first = look(a_deal(row_sums=()), policy=policy)
    hidden = look(a_deal(row_sums=Unread(Why.DENIED)), first, NOON + MINUTE, policy)
    assert grace_ends(hidden.history) == DUE
    assert grace_ends(look(a_deal(row_sums=Unread(Why.DENIED)), hidden, DUE, policy).history) is None


def test_a_contact_is_granted_grace_too() -> None:
    policy = a_policy(contact_email=RuleOptions(grace=GracePeriod(120)))
    text = text_of(look(a_contact(emails=()), policy=policy))
    assert "Ещё есть время дополнить контакт" in text
    assert "(до 14:00)" in text


steps = st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=12)


@given(steps)
def test_however_often_it_is_cured_and_broken_respite_is_bounded(steps: list[tuple[int, bool]]) -> None:
    """Within a day of the first look, nothing is put off further than by one grace."""
    history, now = History(), NOON
    for minutes, bad in steps:
        now += minutes * MINUTE
        history = look(a_bad_deal() if bad else a_deal(), history, now).history
        ends = grace_ends(history)
        assert ends is None or now < ends
        first = next((each for each in history.graces), None)
        assert first is None or first.due_at == first.began_at + timedelta(minutes=30)
    began = {each.began_at for each in history.graces}
    assert len(began) <= 1


def told(planned: Plan) -> list[tuple[str, ...]]:
    return [each.rules for each in planned.actions if isinstance(each, Notify)]


def test_people_are_told_by_a_notice_only_when_grace_is_over() -> None:
    """The card says it at once; a notice for what a manager is about to do anyway would be nagging."""
    telling = replace(WATCHING, notices=frozenset({Occasion.VIOLATION}))
    first = look(a_bad_deal(), enforcement=telling)
    assert told(first) == []
    card = as_written(a_bad_deal(), [each for each in first.actions if not isinstance(each, Notify)])
    late = look(card, first, DUE, enforcement=telling)
    assert told(late) == [("deal.contact",)]
    assert told(look(card, late, DUE + MINUTE, enforcement=telling)) == []


# On a portal


@pytest.fixture
def gate(engine: Engine) -> Iterator[Gate]:
    with a_gate(engine, rules={"deal_contact": HALF_AN_HOUR, "contact_name": NameOptions(Mode.OFF)}) as gate:
        yield gate


def a_deal_without_contact(gate: Gate) -> EntityRef:
    deal = gate.a_correct_deal()
    gate.rest("crm.deal.contact.items.set", id=deal.id, items=[])
    return deal


def violations(gate: Gate) -> dict[str, bool]:
    """Rule -> whether it counts by now."""
    now = gate.worker.reconciler.now()
    with gate.store.engine.connect() as conn:
        rows = conn.execute(select(violation_table.c.rule, counted(now).label("counts")))
        return {row.rule: bool(row.counts) for row in rows}


def figures(gate: Gate) -> dict[str, int]:
    """Rule -> how many of its violations stand in the day's digest."""
    read = DayReader(gate.store.engine).read(gate.worker.reconciler.now(), None, {})
    return {each.name: each.standing for each in read.by_rule}


def test_when_grace_ends_the_card_is_looked_at_and_moved_back_by_itself(gate: Gate) -> None:
    deal = a_deal_without_contact(gate)
    gate.look_at(deal)
    gate.change(deal, stageId="EXECUTING")
    gate.look_at(deal)
    assert gate.item(deal)["stageId"] == "EXECUTING"
    assert "Ещё есть время" in gate.said(deal)[0]
    assert violations(gate) == {"deal.contact": False}
    assert figures(gate) == {}
    gate.let_pass(timedelta(minutes=31))
    assert gate.item(deal)["stageId"] == "NEW"
    assert figures(gate) == {"deal.contact": 1}
    (said,) = gate.said(deal)
    assert "возвращена" in said
    assert "(до " not in said
    assert violations(gate) == {"deal.contact": True}


def test_nothing_is_moved_and_nothing_counts_where_it_was_cured_in_time(gate: Gate) -> None:
    deal = a_deal_without_contact(gate)
    gate.look_at(deal)
    gate.change(deal, stageId="EXECUTING", contactId=gate.add(Kind.CONTACT, name="Иван").id)
    gate.look_at(deal)
    assert "Всё исправлено" in gate.said(deal)[0]
    gate.let_pass(timedelta(minutes=31))
    assert gate.item(deal)["stageId"] == "EXECUTING"
    assert violations(gate) == {"deal.contact": False}


def test_the_time_is_told_by_the_portals_clock(gate: Gate) -> None:
    deal = a_deal_without_contact(gate)
    gate.look_at(deal)
    with gate.store.engine.connect() as conn:
        due: datetime = conn.execute(select(violation_table.c.due_at)).scalar_one()
    zone = datetime.fromisoformat(gate.item(deal)["createdTime"]).tzinfo
    assert due.astimezone(zone).strftime("%H:%M)") in gate.said(deal)[0]


def test_in_grace_too_a_second_pass_writes_nothing(gate: Gate) -> None:
    deal = a_deal_without_contact(gate)
    gate.look_at(deal)
    before = gate.writes()
    gate.look_at(deal)
    gate.let_pass(timedelta(minutes=10))
    assert gate.writes() == before


def test_an_event_after_the_mark_of_a_graces_end_is_looked_at_at_once(gate: Gate) -> None:
    deal = a_deal_without_contact(gate)
    gate.look_at(deal)
    gate.change(deal, UF_CRM_PRODUCT_GROUP=None)
    gate.look_at(deal)
    assert "Группа продуктов" in gate.said(deal)[0]
