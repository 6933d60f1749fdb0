"""All that is against one card, and what that makes of a deal."""

from __future__ import annotations

from typing import Any

import pytest

from gatekeeper.judge.examples import (
    NOON,
    a_contact,
    a_deal,
    a_policy,
)
from gatekeeper.judge.policy import (
    RULE_IDS,
    DealLeadOptions,
    MandatoryOptions,
    Mode,
    RuleOptions,
    StageOptions,
)
from gatekeeper.judge.rules import RULES
from gatekeeper.judge.verdict import Status, judge
from gatekeeper.model.cards import StageEntry, Unread, Why

HIDDEN = Unread(Why.DENIED)


def broken(card: Any, **rules: Any) -> list[str]:
    return [each.rule for each in judge(card, a_policy(**rules), NOON).violations]


def test_every_rule_has_options_and_every_option_a_rule() -> None:
    assert {rule.id for rule in RULES} == set(RULE_IDS)


def test_violations_stand_in_the_order_of_the_rules() -> None:
    deal = a_deal(lead_id=None, row_sums=(), comments=(), contact_ids=(), product_group=())
    found = broken(deal)
    assert found == [each.id for each in RULES if each.id in found]
    assert {"deal.product_group", "deal.contact", "deal.comment", "deal.products", "deal.lead"} <= set(found)


@pytest.mark.parametrize(
    ("mode", "found"), [(Mode.OFF, False), (Mode.OBSERVE, True), (Mode.WARN, True), (Mode.REVERT, True)]
)
def test_only_a_rule_that_is_off_is_not_judged(mode: Mode, found: bool) -> None:
    assert ("deal.contact" in broken(a_deal(contact_ids=()), deal_contact=MandatoryOptions(mode))) == found
    assert ("contact.email" in broken(a_contact(emails=()), contact_email=RuleOptions(mode))) == found


def test_a_rule_that_is_off_does_not_complain_of_what_it_cannot_read_either() -> None:
    hidden = a_deal(comments=HIDDEN, lead_exists=HIDDEN)
    verdict = judge(hidden, a_policy(deal_lead=DealLeadOptions(Mode.OFF)), NOON)
    assert [each.rule for each in verdict.not_judged] == ["deal.comment"]


def test_what_cannot_be_read_is_not_judged_and_not_violated() -> None:
    verdict = judge(a_deal(row_sums=HIDDEN), a_policy(), NOON)
    assert verdict.violations == ()
    assert [(each.rule, each.why) for each in verdict.not_judged] == [("deal.products", (HIDDEN,))]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"product_group": ()}, Status.INCORRECT),
        ({"stage_id": "C9:X"}, Status.INCORRECT),
        ({"contact_ids": (84, 91)}, Status.INCORRECT),
        ({"comments": ()}, Status.INCORRECT),
        ({"row_sums": ()}, Status.INCORRECT),
        ({"row_sums": (), "comments": HIDDEN}, Status.INCORRECT),
    ],
)
def test_a_deal_without_one_of_its_mandatory_fields_is_incorrect(changes: Any, status: Status) -> None:
    assert judge(a_deal(**changes), a_policy(), NOON).status is status


def test_a_missing_lead_does_not_make_a_deal_incorrect() -> None:
    verdict = judge(a_deal(lead_id=None), a_policy(), NOON)
    assert [each.rule for each in verdict.violations] == ["deal.lead"]
    assert verdict.status is not Status.INCORRECT


@pytest.mark.parametrize("stage", ["WON", "LOSE"])
def test_a_closed_deal_has_no_status(stage: str) -> None:
    history = (StageEntry(stage, 0, NOON, is_creation=True),)
    verdict = judge(a_deal(stage_id=stage, stage_history=history, row_sums=()), a_policy(), NOON)
    assert verdict.status is None
    assert "deal.stage" in [each.rule for each in verdict.violations]


def test_a_contact_has_no_status() -> None:
    assert judge(a_contact(emails=()), a_policy(), NOON).status is None


def test_a_verdict_carries_the_revision_of_the_policy_it_was_made_by() -> None:
    one, other = a_policy(), a_policy(deal_stage=StageOptions(max_days={"NEW": 3}))
    assert judge(a_deal(), one, NOON).policy_revision == a_policy().revision
    assert judge(a_deal(), other, NOON).policy_revision != one.revision
