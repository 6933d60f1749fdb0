"""How far a rule may go on one card: precedence, and what is not known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.judge.examples import (
    NOON,
    PIPELINE,
    a_contact,
    a_deal,
    a_lead,
    a_policy,
)
from gatekeeper.judge.modes import (
    departments_missing,
    holds_anywhere,
    mildest,
    mode_of,
    named_departments,
    named_pipelines,
    possible_modes,
)
from gatekeeper.judge.policy import (
    RULE_IDS,
    Ceiling,
    MandatoryOptions,
    Mode,
    Policy,
    RuleOptions,
)
from gatekeeper.judge.verdict import judge
from gatekeeper.model.cards import Snapshot, Unread, Why
from gatekeeper.model.findings import NotJudged

RULE = "deal.contact"
NOBODY_KNOWS = Unread(Why.DENIED)

modes = st.sampled_from(list(Mode))
tables = st.dictionaries(st.integers(0, 3), modes, max_size=3)
departments = st.lists(st.integers(0, 3), max_size=3, unique=True).map(tuple)


def a_ruled_policy(rule: MandatoryOptions | None = None, ceiling: Ceiling | None = None) -> Policy:
    policy = a_policy(deal_contact=rule or MandatoryOptions())
    return replace(policy, ceiling=ceiling or Ceiling())


def a_deal_of(*department_ids: int, pipeline: int = 0) -> Snapshot:
    return a_deal(department_ids=department_ids, pipeline=replace(PIPELINE, id=pipeline))


def test_where_nothing_else_is_said_the_rules_own_mode_holds() -> None:
    assert mode_of(a_ruled_policy(), RULE, a_deal()) is Mode.REVERT
    assert (
        mode_of(a_policy(contact_email=RuleOptions(Mode.OBSERVE)), "contact.email", a_contact())
        is Mode.OBSERVE
    )


def test_a_pipeline_may_be_softer_or_stricter_than_the_rule() -> None:
    policy = a_ruled_policy(MandatoryOptions(Mode.WARN, pipelines={1: Mode.OFF, 2: Mode.REVERT}))
    found = [mode_of(policy, RULE, a_deal_of(pipeline=each)) for each in (0, 1, 2)]
    assert found == [Mode.WARN, Mode.OFF, Mode.REVERT]


def test_the_nearest_department_that_is_named_counts() -> None:
    policy = a_ruled_policy(MandatoryOptions(departments={1: Mode.WARN, 2: Mode.OBSERVE}))
    assert mode_of(policy, RULE, a_deal_of(2, 1)) is Mode.OBSERVE
    assert mode_of(policy, RULE, a_deal_of(3, 1)) is Mode.WARN
    assert mode_of(policy, RULE, a_deal_of(3)) is Mode.REVERT


def test_of_a_pipeline_and_a_department_that_are_both_named_the_milder_counts() -> None:
    policy = a_ruled_policy(MandatoryOptions(pipelines={0: Mode.OBSERVE}, departments={2: Mode.WARN}))
    assert mode_of(policy, RULE, a_deal_of(2)) is Mode.OBSERVE
    assert mode_of(policy, RULE, a_deal_of(2, pipeline=1)) is Mode.WARN


def test_in_a_pilot_only_the_named_department_is_spoken_to() -> None:
    pilot = a_ruled_policy(ceiling=Ceiling(Mode.OBSERVE, departments={2: Mode.REVERT}))
    inside, outside = a_deal_of(2, 1), a_deal_of(1)
    assert [mode_of(pilot, RULE, each) for each in (inside, outside)] == [Mode.REVERT, Mode.OBSERVE]
    contacts = [a_contact(department_ids=each) for each in ((2, 1), (1,))]
    assert [mode_of(pilot, "contact.email", each) for each in contacts] == [Mode.WARN, Mode.OBSERVE]


def test_a_pilot_in_a_pipeline_leaves_what_stands_in_none_outside() -> None:
    pilot = a_ruled_policy(ceiling=Ceiling(Mode.OBSERVE, pipelines={1: Mode.REVERT}))
    assert mode_of(pilot, RULE, a_deal_of(pipeline=1)) is Mode.REVERT
    assert mode_of(pilot, "lead.comment", a_lead()) is Mode.OBSERVE


@given(tables, tables, departments, st.integers(0, 3), modes, modes)
def test_the_ceiling_only_ever_softens(
    named: dict[int, Mode], piped: dict[int, Mode], of: tuple[int, ...], pipeline: int, own: Mode, cap: Mode
) -> None:
    rule, card = MandatoryOptions(own, departments=named, pipelines=piped), a_deal_of(*of, pipeline=pipeline)
    free = mode_of(a_ruled_policy(rule), RULE, card)
    capped = mode_of(a_ruled_policy(rule, Ceiling(cap, departments=piped, pipelines=named)), RULE, card)
    assert mildest((capped, free)) is capped
    assert mode_of(a_ruled_policy(rule, Ceiling(cap)), RULE, card) is mildest((free, cap))


@given(tables, tables, departments, modes)
def test_what_holds_where_departments_are_unknown_is_no_stricter_than_in_any_department(
    named: dict[int, Mode], caps: dict[int, Mode], of: tuple[int, ...], own: Mode
) -> None:
    policy = a_ruled_policy(MandatoryOptions(own, departments=named), Ceiling(departments=caps))
    unknown = a_deal(department_ids=NOBODY_KNOWS)
    known = mode_of(policy, RULE, a_deal(department_ids=of))
    assert mildest((mode_of(policy, RULE, unknown), known)) is mode_of(policy, RULE, unknown)
    assert known in possible_modes(policy, RULE, unknown)


def test_unknown_departments_are_told_only_where_they_matter() -> None:
    card = a_deal(department_ids=NOBODY_KNOWS)
    assert departments_missing(a_ruled_policy(), card) is None
    split = a_ruled_policy(MandatoryOptions(departments={2: Mode.WARN}))
    assert departments_missing(split, card) == NOBODY_KNOWS
    assert departments_missing(split, card, "deal.stage") is None
    assert departments_missing(split, a_contact(department_ids=NOBODY_KNOWS)) is None


def test_a_rule_that_is_off_in_some_department_is_not_judged_where_none_is_known() -> None:
    """Neither opened nor closed: closing it would tick off what nobody cured."""
    policy = a_ruled_policy(MandatoryOptions(departments={2: Mode.OFF}))
    verdict = judge(a_deal(contact_ids=(), department_ids=NOBODY_KNOWS), policy, NOON)
    assert (verdict.violations, verdict.not_judged) == ((), (NotJudged(RULE, (NOBODY_KNOWS,)),))
    assert verdict.status is None


@pytest.mark.parametrize("rule_id", [each for each in RULE_IDS if not each.startswith("deal.")])
def test_a_ceiling_that_admits_a_revert_moves_no_contact_or_lead(rule_id: str) -> None:
    policy = a_ruled_policy(ceiling=Ceiling(Mode.REVERT, departments={1: Mode.REVERT}))
    cards: tuple[Snapshot, ...] = (a_contact(department_ids=(1,)), a_lead(department_ids=(1,)))
    assert {mode_of(policy, rule_id, each) for each in cards} == {Mode.WARN}


def test_what_is_named_anywhere_can_be_listed() -> None:
    policy = a_ruled_policy(
        MandatoryOptions(departments={7: Mode.OFF}, pipelines={3: Mode.OFF}),
        Ceiling(departments={8: Mode.OFF}, pipelines={4: Mode.OFF}),
    )
    assert (sorted(named_departments(policy)), sorted(named_pipelines(policy))) == ([7, 8], [3, 4])


def test_another_mode_is_another_revision() -> None:
    revisions = {
        a_ruled_policy().revision,
        a_ruled_policy(MandatoryOptions(pipelines={1: Mode.WARN})).revision,
        a_ruled_policy(ceiling=Ceiling(departments={1: Mode.WARN})).revision,
    }
    assert len(revisions) == 3


def test_a_rule_is_on_somewhere_unless_its_table_or_the_ceiling_says_off_throughout() -> None:
    off = Mode.OFF
    assert holds_anywhere(a_ruled_policy(), RULE)
    assert holds_anywhere(a_ruled_policy(MandatoryOptions(off, pipelines={1: Mode.WARN})), RULE)
    assert holds_anywhere(a_ruled_policy(ceiling=Ceiling(off, departments={1: Mode.WARN})), RULE)
    assert not holds_anywhere(a_ruled_policy(MandatoryOptions(off, pipelines={1: off})), RULE)
    assert not holds_anywhere(a_ruled_policy(ceiling=Ceiling(off)), RULE)
