"""A stage that a deal reached while something could not be read is not admitted by that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.enforcement import Enforcement, MoveStage, Plan, plan
from gatekeeper.judge.examples import NOON, a_deal, a_policy
from gatekeeper.judge.policy import Mode, Policy, ProductsOptions
from gatekeeper.judge.verdict import judge
from gatekeeper.messages import Messages
from gatekeeper.model.cards import DealSnapshot, StageEntry, Unread, Why
from gatekeeper.model.history import History
from tests.soak import examples

RU = Messages.in_language("ru")
WATCHING = Enforcement(watching_since=NOON - timedelta(days=1))
HIDDEN = Unread(Why.DENIED)
STAGES = ("NEW", "PREPARATION", "EXECUTING")
SPLIT = a_policy(deal_products=ProductsOptions(departments={2: Mode.OBSERVE}))
BAD: Mapping[str, Any] = {
    "row_sums": (),
    "product_group": (),
    "product_group_choices": {"47": "ДПО"},
    "comments": (),
    "lead_exists": False,
}
PARTS = (*BAD, "department_ids")

stages = st.sampled_from(STAGES)


def look(deal: DealSnapshot, history: History, policy: Policy) -> Plan:
    return plan(judge(deal, policy, NOON), deal, history, policy, WATCHING, RU, NOON)


def fate(deal: DealSnapshot, history: History, policy: Policy) -> tuple[list[str], str | None]:
    """Where it is moved, and which stage it is admitted to."""
    planned = look(deal, history, policy)
    moved = [action.to_stage_id for action in planned.actions if isinstance(action, MoveStage)]
    return moved, planned.history.admitted_stage_id


@settings(max_examples=examples(400))
@given(
    bad=st.sets(st.sampled_from(sorted(BAD)), max_size=2),
    hidden=st.sets(st.sampled_from(PARTS), min_size=1),
    stood=stages,
    stands=stages,
    policy=st.sampled_from([a_policy(), SPLIT]),
)
def test_a_pass_that_could_not_read_a_part_leaves_the_next_one_what_it_would_have_done(
    bad: set[str], hidden: set[str], stood: str, stands: str, policy: Policy
) -> None:
    """Unless it knew enough to move the deal back itself."""
    known = look(a_deal(stage_id=stood), History(), policy).history
    facts = {"stage_id": stands, "moved_at": NOON, **{part: BAD[part] for part in bad}}
    deal, blind = a_deal(**facts), a_deal(**facts | dict.fromkeys(hidden, HIDDEN))
    between = look(blind, known, policy)
    if not any(isinstance(action, MoveStage) for action in between.actions):
        assert fate(deal, between.history, policy) == fate(deal, known, policy)


def test_a_deal_that_is_moved_on_while_a_rule_cannot_judge_stays_and_is_moved_back_once_it_can() -> None:
    known = look(a_deal(stage_id="NEW"), History(), a_policy()).history
    ahead = a_deal(stage_id="EXECUTING", row_sums=HIDDEN, moved_at=NOON)
    blind = look(ahead, known, a_policy())
    assert blind.actions == ()
    assert blind.history.admitted_stage_id == "NEW"
    assert fate(replace(ahead, row_sums=()), blind.history, a_policy()) == (["NEW"], "NEW")
    assert fate(replace(ahead, row_sums=a_deal().row_sums), blind.history, a_policy()) == ([], "EXECUTING")


def test_a_rule_that_moves_nothing_back_keeps_no_stage_from_being_admitted() -> None:
    policy = a_policy(deal_products=ProductsOptions(Mode.WARN))
    known = look(a_deal(stage_id="NEW"), History(), policy).history
    ahead = a_deal(stage_id="EXECUTING", row_sums=HIDDEN, moved_at=NOON)
    assert fate(ahead, known, policy) == ([], "EXECUTING")


def test_while_the_stage_history_is_hidden_an_old_deal_is_neither_moved_nor_admitted() -> None:
    entries = tuple(
        StageEntry(stage, 0, NOON - timedelta(days=days), is_creation=False)
        for stage, days in (("NEW", 9), ("PREPARATION", 5), ("EXECUTING", 0))
    )
    old = a_deal(stage_id="EXECUTING", created_at=NOON - timedelta(days=9), moved_at=NOON, row_sums=())
    blind = look(replace(old, stage_history=HIDDEN), History(), a_policy())
    assert fate(replace(old, stage_history=HIDDEN), History(), a_policy()) == ([], None)
    read = replace(old, stage_history=entries)
    assert fate(read, blind.history, a_policy()) == (["PREPARATION"], "PREPARATION")
