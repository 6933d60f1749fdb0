"""Rule 2 of the regulations, with the values at each boundary."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from gatekeeper.judge.examples import (
    A_DETAILED_COMMENT,
    NOON,
    a_comment,
    a_deal,
    a_policy,
)
from gatekeeper.judge.policy import (
    DealCommentOptions,
    DealLeadOptions,
    Policy,
    ProductsOptions,
    StageOptions,
)
from gatekeeper.judge.rules.activity import UNREADABLE, is_active
from gatekeeper.judge.rules.deal import DEAL_RULES, applies
from gatekeeper.model.cards import DealSnapshot, StageEntry, Unread, Why
from gatekeeper.model.findings import Facts, NotJudged, Violation
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.model.signature import sign

CHECKS = {rule.id: rule.check for rule in DEAL_RULES}
HIDDEN = Unread(Why.DENIED)
STAGES = {"in process": "NEW", "won": "WON", "lost": "LOSE", "unknown": "C9:NEW"}


def facts(rule: str, deal: DealSnapshot, policy: Policy | None = None, now: Any = NOON) -> Facts | None:
    finding = CHECKS[rule](deal, policy or a_policy(), now)
    if finding is None:
        return None
    assert isinstance(finding, Violation)
    assert finding.rule == rule
    assert json.loads(json.dumps(finding.facts)) == finding.facts, (
        "facts must come back from the journal equal"
    )
    return finding.facts


def not_judged(rule: str, deal: DealSnapshot, policy: Policy | None = None) -> bool:
    return CHECKS[rule](deal, policy or a_policy(), NOON) == NotJudged(rule, (HIDDEN,))


def test_a_correct_deal_breaks_no_rule() -> None:
    assert [facts(rule.id, a_deal()) for rule in DEAL_RULES] == [None] * len(DEAL_RULES)


def test_exactly_the_five_fields_of_the_regulations_are_mandatory() -> None:
    mandatory = {rule.id for rule in DEAL_RULES if rule.mandatory}
    assert mandatory == {"deal.product_group", "deal.stage", "deal.contact", "deal.comment", "deal.products"}


@pytest.mark.parametrize(
    ("group", "choices", "expected"),
    [
        ((), {"45": "ВО"}, {"problem": "empty"}),
        ((), None, {"problem": "empty"}),
        (("45",), {"45": "ВО"}, None),
        (("45", "47"), {"45": "ВО", "47": "ДПО"}, None),
        (("45", "99"), {"45": "ВО"}, {"problem": "unknown", "values": ["99"]}),
        (("45",), {}, {"problem": "unknown", "values": ["45"]}),
        (("что угодно",), None, None),
    ],
)
def test_product_group(
    group: tuple[str, ...], choices: dict[str, str] | None, expected: Facts | None
) -> None:
    assert facts("deal.product_group", a_deal(product_group=group, product_group_choices=choices)) == expected


def test_a_product_group_that_cannot_be_read_is_not_judged_and_an_empty_one_needs_no_list() -> None:
    assert not_judged("deal.product_group", a_deal(product_group=HIDDEN))
    assert not_judged("deal.product_group", a_deal(product_group_choices=HIDDEN))
    empty = a_deal(product_group=(), product_group_choices=HIDDEN)
    assert facts("deal.product_group", empty) == {"problem": "empty"}


@pytest.mark.parametrize(
    ("stood", "outstayed"),
    [
        (timedelta(days=7) - timedelta(seconds=1), False),
        (timedelta(days=7), False),
        (timedelta(days=7, seconds=1), True),
        (timedelta(days=-1), False),
    ],
)
def test_a_stage_is_outstayed_after_its_last_day(stood: timedelta, outstayed: bool) -> None:
    policy = a_policy(deal_stage=StageOptions(max_days={"NEW": 7}))
    found = facts("deal.stage", a_deal(moved_at=NOON - stood), policy)
    assert (found is not None) == outstayed
    assert found is None or (found["problem"], found["max_days"]) == ("outstayed", 7)


def test_only_stages_with_a_limit_are_outstayed() -> None:
    policy = a_policy(deal_stage=StageOptions(max_days={"PREPARATION": 7}))
    assert facts("deal.stage", a_deal(moved_at=NOON - timedelta(days=999)), policy) is None


@pytest.mark.parametrize("stage", ["C1:NEW", "", "new", "NEW "])
def test_a_stage_of_another_pipeline_is_none_of_this_deals(stage: str) -> None:
    found = facts("deal.stage", a_deal(stage_id=stage))
    assert found is not None
    assert found["problem"] == "foreign"


def walked(*stages: str) -> tuple[StageEntry, ...]:
    return tuple(
        StageEntry(stage, 0, NOON + timedelta(minutes=place), is_creation=not place)
        for place, stage in enumerate(stages)
    )


@pytest.mark.parametrize(
    ("stages", "born_final"),
    [
        (["WON"], True),
        (["NEW", "WON"], False),
        (["WON", "NEW", "WON"], False),
        (["LOSE", "WON"], True),
        (["WON", "WON"], True),
        (["C1:EXECUTING", "WON"], False),
    ],
)
def test_a_deal_is_born_final_until_it_has_stood_in_a_working_stage(
    stages: list[str], born_final: bool
) -> None:
    found = facts("deal.stage", a_deal(stage_id="WON", stage_history=walked(*stages)))
    assert (found is not None) == born_final


def test_where_the_history_cannot_be_read_nobody_was_born_final() -> None:
    assert not_judged("deal.stage", a_deal(stage_id="LOSE", stage_history=HIDDEN))
    assert facts("deal.stage", a_deal(stage_history=HIDDEN)) is None


@pytest.mark.parametrize(("contacts", "ok"), [((), False), ((84,), True), ((84, 91), False)])
def test_a_deal_has_exactly_one_contact(contacts: tuple[int, ...], ok: bool) -> None:
    found = facts("deal.contact", a_deal(contact_ids=contacts))
    assert found == (None if ok else {"found": len(contacts), "wanted": 1})


def test_one_detailed_comment_is_enough_whenever_it_was_written() -> None:
    old = a_comment(created_at=NOON - timedelta(days=300))
    assert facts("deal.comment", a_deal(comments=(old, a_comment("НД")))) is None
    assert facts("deal.comment", a_deal(comments=(a_comment("НД"), old))) is None


def test_the_newest_comment_is_the_one_quoted_whatever_order_the_portal_lists_them_in() -> None:
    old = a_comment("думает", created_at=NOON - timedelta(days=1))
    for comments in ((a_comment("НД"), old), (old, a_comment("НД"))):
        found = facts("deal.comment", a_deal(comments=comments))
        assert found is not None
        assert (found["problem"], found["excerpt"]) == ("not_detailed", "НД")


def test_without_any_comment_it_is_missing() -> None:
    assert facts("deal.comment", a_deal(comments=())) == {"problem": "missing"}


@pytest.mark.parametrize("number", [41, 42])
def test_the_gatekeepers_own_words_are_nobodys_comment(number: int) -> None:
    ref = EntityRef(Kind.DEAL, number)
    own = a_comment(sign(A_DETAILED_COMMENT, ref, "Контроль"), signed_for=ref)
    assert facts("deal.comment", a_deal(comments=(own,))) == {"problem": "missing"}


def test_comments_that_cannot_be_read_are_not_missing() -> None:
    assert not_judged("deal.comment", a_deal(comments=HIDDEN))
    both = a_policy(deal_comment=DealCommentOptions(sources=("timeline", "comments_field")))
    assert not_judged("deal.comment", a_deal(comments=HIDDEN, comments_field="НД"), both)


@pytest.mark.parametrize(
    ("sources", "ok"),
    [(("timeline",), False), (("comments_field",), True), (("timeline", "comments_field"), True)],
)
def test_the_cards_own_field_counts_where_the_policy_says_so(sources: tuple[str, ...], ok: bool) -> None:
    deal = a_deal(comments=(), comments_field=A_DETAILED_COMMENT)
    found = facts("deal.comment", deal, a_policy(deal_comment=DealCommentOptions(sources=sources)))
    assert (found is None) == ok


@pytest.mark.parametrize("length", [59, 60, 61, 5000])
def test_an_excerpt_is_short_and_on_one_line(length: int) -> None:
    found = facts("deal.comment", a_deal(comments=(a_comment("я" * (length - 2) + "\n!"),)))
    assert found is not None
    assert len(found["excerpt"]) == min(length, 60)
    assert "\n" not in found["excerpt"]
    assert found["excerpt"].endswith("…") == (length > 60)


@pytest.mark.parametrize(
    ("total", "rows", "problems"),
    [
        ("0.01", ["0.01"], None),
        ("0", ["0"], ["no_sum"]),
        ("-1", ["5"], ["no_sum"]),
        ("5", [], ["no_rows"]),
        ("0", [], ["no_rows", "no_sum"]),
        ("5", ["90000"], None),
    ],
)
def test_products_and_sum(total: str, rows: list[str], problems: list[str] | None) -> None:
    found = facts("deal.products", a_deal(sum=Decimal(total), row_sums=tuple(map(Decimal, rows))))
    assert found == (None if problems is None else {"problems": problems})


@pytest.mark.parametrize(
    ("total", "limit", "ok"),
    [
        ("90", 10, True),
        ("110", 10, True),
        ("89.99", 10, False),
        ("110.01", 10, False),
        ("99.7", 0.3, True),
        ("99.69", 0.3, False),
        ("100", 0, True),
        ("100.01", 0, False),
        ("1", None, True),
    ],
)
def test_the_sum_may_lie_that_far_from_the_rows_and_no_further(
    total: str, limit: float | None, ok: bool
) -> None:
    policy = a_policy(deal_products=ProductsOptions(max_sum_deviation=limit))
    found = facts("deal.products", a_deal(sum=Decimal(total), row_sums=(Decimal(60), Decimal(40))), policy)
    assert (found is None) == ok


def test_rows_that_come_to_nothing_deviate_from_any_sum() -> None:
    policy = a_policy(deal_products=ProductsOptions(max_sum_deviation=1000))
    found = facts("deal.products", a_deal(sum=Decimal(1), row_sums=(Decimal(0),)), policy)
    assert found is not None
    assert found["problems"] == ["deviates"]


def test_rows_that_cannot_be_read_are_not_missing() -> None:
    assert not_judged("deal.products", a_deal(row_sums=HIDDEN, sum=Decimal(0)))


@pytest.mark.parametrize(
    ("lead_id", "exists", "expected"),
    [
        (None, None, {"problem": "missing"}),
        (17, True, None),
        (17, False, {"problem": "gone", "lead": 17}),
    ],
)
def test_a_deal_comes_from_a_lead(lead_id: int | None, exists: bool | None, expected: Facts | None) -> None:
    assert facts("deal.lead", a_deal(lead_id=lead_id, lead_exists=exists)) == expected


def test_a_lead_that_the_owner_may_not_see_is_not_gone() -> None:
    assert not_judged("deal.lead", a_deal(lead_exists=HIDDEN))


@pytest.mark.parametrize(("others", "ok"), [((2,), True), ((3, 2), True), ((3,), False), ((), False)])
def test_whose_lead_it_was_matters_by_option_only(others: tuple[int, ...], ok: bool) -> None:
    deal = a_deal(responsible_id=2, lead_responsible_ids=others)
    strict = a_policy(deal_lead=DealLeadOptions(same_responsible=True))
    assert facts("deal.lead", deal) is None
    assert (facts("deal.lead", deal, strict) is None) == ok
    assert not_judged("deal.lead", a_deal(lead_responsible_ids=HIDDEN), strict)


@pytest.mark.parametrize(
    ("where", "rules"),
    [
        ("in process", {rule.id for rule in DEAL_RULES}),
        ("unknown", {rule.id for rule in DEAL_RULES}),
        ("won", {rule.id for rule in DEAL_RULES if rule.mandatory}),
        ("lost", {"deal.stage"}),
    ],
)
def test_which_rules_a_deal_answers_to(where: str, rules: set[str]) -> None:
    deal = a_deal(stage_id=STAGES[where])
    assert {rule.id for rule in DEAL_RULES if applies(rule, deal)} == rules


FOREIGN = "Der Kunde will eine neue Heizung, wir treffen uns am Freitag um 10 Uhr"


def test_a_comment_in_a_language_that_cannot_be_judged_accuses_nobody() -> None:
    for comments in ((a_comment(FOREIGN),), (a_comment(FOREIGN), a_comment("НД"))):
        finding = CHECKS["deal.comment"](a_deal(comments=comments), a_policy(), NOON)
        assert finding == NotJudged("deal.comment", (UNREADABLE,))
    assert facts("deal.comment", a_deal(comments=(a_comment(FOREIGN), a_comment(A_DETAILED_COMMENT)))) is None


@pytest.mark.parametrize(("age_days", "judged"), [(10, False), (100, True)])
def test_only_within_the_window_does_such_a_comment_leave_open_whether_a_deal_is_inactive(
    age_days: int, judged: bool
) -> None:
    written = a_comment(FOREIGN, created_at=NOON - timedelta(days=age_days))
    deal = a_deal(created_at=NOON - timedelta(days=120), comments=(written,))
    finding = CHECKS["deal.inactive"](deal, a_policy(), NOON)
    assert isinstance(finding, Violation) == judged
    assert is_active(deal, a_policy(), NOON) is (False if judged else None)
