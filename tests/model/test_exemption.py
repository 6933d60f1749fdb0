"""What an exemption covers, as values: no database, no portal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.enforcement import Enforcement, Plan, PostComment, UpdateComment, plan
from gatekeeper.enforcement.grace import grace_ends
from gatekeeper.judge.examples import (
    NOON,
    PIPELINE,
    a_contact,
    a_deal,
    a_lead,
    a_policy,
)
from gatekeeper.judge.policy import (
    RULE_IDS,
    GracePeriod,
    MandatoryOptions,
    Mode,
    Policy,
)
from gatekeeper.judge.verdict import Status, judge
from gatekeeper.messages import Messages
from gatekeeper.model.cards import Snapshot, Unread, Why
from gatekeeper.model.exemption import (
    Exemption,
    exempt,
    exemption_as_json,
    exemptions_end,
    parse_exemption,
)
from gatekeeper.model.history import History
from gatekeeper.model.refs import EntityRef, Kind
from tests.timeline import as_written

VLADIVOSTOK = timezone(timedelta(hours=10))
WATCHING = Enforcement(watching_since=NOON - timedelta(days=1))
DEAL = a_deal().ref


def an_exemption(**conditions: Any) -> Exemption:
    return Exemption(**{"id": "1", "reason": "перенос", "author": "Анна", **conditions})


def look(
    card: Snapshot,
    past: Plan | None = None,
    *exemptions: Exemption,
    now: Any = NOON,
    policy: Policy | None = None,
) -> Plan:
    policy = policy or a_policy()
    verdict = judge(card, policy, now, exemptions)
    history = past.history if past else History()
    return plan(verdict, card, history, policy, WATCHING, Messages.in_language("ru"), now)


def text_of(planned: Plan) -> str:
    (text,) = [each.text for each in planned.actions if isinstance(each, PostComment | UpdateComment)]
    return text


@pytest.mark.parametrize(
    ("conditions", "covered"),
    [
        ({"entity": DEAL}, True),
        ({"entity": EntityRef(Kind.DEAL, 42)}, False),
        ({"entity": EntityRef(Kind.CONTACT, 41)}, False),
        ({"rule": "deal.contact"}, True),
        ({"rule": "deal.comment"}, False),
        ({"pipeline": 0}, True),
        ({"pipeline": 1}, False),
        ({"source": "WEB"}, True),
        ({"source": "CALL"}, False),
        ({"user": 5}, True),
        ({"user": 6}, True),
        ({"user": 7}, False),
        ({"source": "WEB", "user": 7}, False),
        ({"source": "WEB", "user": 5, "rule": "deal.contact"}, True),
    ],
)
def test_it_covers_what_meets_every_condition(conditions: dict[str, Any], covered: bool) -> None:
    card = a_deal(source_id="WEB", responsible_id=5, moved_by=6)
    assert an_exemption(**conditions).covers("deal.contact", card, NOON) is covered


def test_what_stands_in_no_pipeline_meets_no_condition_on_one() -> None:
    exemption = an_exemption(pipeline=0)
    assert not exemption.covers("contact.email", a_contact(), NOON)
    assert not exemption.covers("lead.comment", a_lead(), NOON)


def test_a_card_without_a_source_is_of_none() -> None:
    assert not an_exemption(source="WEB").covers("deal.contact", a_deal(), NOON)


def test_it_holds_through_its_last_day_by_the_portals_clock() -> None:
    exemption = an_exemption(rule="deal.contact", until=date(2026, 9, 1))
    there, here = a_deal(created_at=NOON.astimezone(VLADIVOSTOK)), a_deal()
    fourteen = NOON + timedelta(hours=2)  # midnight in Vladivostok
    assert exemption.covers("deal.contact", there, fourteen - timedelta(seconds=1))
    assert not exemption.covers("deal.contact", there, fourteen)
    assert exemption.covers("deal.contact", here, fourteen)


def test_what_is_exempted_is_found_but_neither_said_nor_held_against_the_deal() -> None:
    bad = a_deal(stage_id="EXECUTING", contact_ids=())
    exemption = an_exemption(rule="deal.contact")
    verdict = judge(bad, a_policy(), NOON, [exemption])
    assert verdict.violations == ()
    assert verdict.status is Status.ACTIVE
    (spared,) = verdict.exempted
    assert (spared.rule, spared.facts, spared.exemption) == (
        "deal.contact",
        {"found": 0, "wanted": 1},
        exemption,
    )
    assert look(bad, None, exemption).actions == ()


def test_the_policys_own_exemptions_hold_as_well() -> None:
    policy = replace(a_policy(), exemptions=(an_exemption(rule="deal.contact"),))
    assert judge(a_deal(contact_ids=()), policy, NOON).violations == ()
    assert policy.revision != a_policy().revision


def test_a_foreign_clients_patronymic_hides_no_other_fault_of_his_name() -> None:
    foreign = an_exemption(entity=EntityRef(Kind.CONTACT, 84), rule="contact.name", part="second_name")
    whole = judge(a_contact(second_name=""), a_policy(), NOON, [foreign])
    assert [each.rule for each in whole.violations] == []
    faulty = judge(a_contact(second_name="", name="Тест"), a_policy(), NOON, [foreign])
    assert [each["part"] for each in faulty.violations[0].facts["problems"]] == ["name"]
    assert [each["part"] for each in faulty.exempted[0].facts["problems"]] == ["second_name"]
    assert "имя «Тест»" in text_of(look(a_contact(second_name="", name="Тест"), None, foreign))


@pytest.mark.parametrize(
    ("part", "left"), [("no_rows", ["no_sum"]), ("no_sum", ["no_rows"]), ("deviates", None)]
)
def test_one_of_several_problems_may_be_let_be(part: str, left: list[str] | None) -> None:
    exemption = an_exemption(rule="deal.products", part=part)
    verdict = judge(a_deal(row_sums=(), sum=0), a_policy(), NOON, [exemption])
    (violation,) = verdict.violations
    assert violation.facts["problems"] == (left or ["no_rows", "no_sum"])


def test_a_violation_with_one_problem_is_covered_by_its_name() -> None:
    exemption = an_exemption(rule="contact.birthdate", part="placeholder")
    contact = a_contact(birthdate=date(1900, 1, 1))
    assert judge(contact, a_policy(), NOON, [exemption]).violations == ()
    assert judge(a_contact(birthdate=None), a_policy(), NOON, [exemption]).violations != ()


def test_what_is_exempted_after_it_was_told_disappears_and_is_not_ticked_as_cured() -> None:
    bad = a_deal(contact_ids=(), product_group=())
    first = look(bad)
    second = look(as_written(bad, first.actions), first, an_exemption(rule="deal.contact"))
    text = text_of(second)
    assert "Контакт" not in text
    assert "Группа продуктов" in text
    assert [each.rule for each in second.history.open] == ["deal.product_group"]
    card = as_written(as_written(bad, first.actions), second.actions)
    assert look(card, second, an_exemption(rule="deal.contact")) == Plan((), second.history)


def test_where_all_that_was_wrong_is_exempted_nobody_is_thanked() -> None:
    bad = a_deal(contact_ids=())
    first = look(bad)
    text = text_of(look(as_written(bad, first.actions), first, an_exemption(entity=DEAL)))
    assert "Замечаний нет" in text


def test_when_it_ends_the_violation_is_told_as_if_new() -> None:
    bad = a_deal(contact_ids=())
    exemption = an_exemption(rule="deal.contact", until=date(2026, 9, 1))
    spared = look(bad, None, exemption)
    ends = exemptions_end(spared.history.exempted)
    assert ends == NOON.replace(hour=0) + timedelta(days=1)
    after = look(bad, spared, exemption, now=ends)
    assert "Контакт" in text_of(after)
    assert after.history.exempted == ()


def test_grace_begins_when_the_exemption_ends() -> None:
    policy = a_policy(deal_contact=MandatoryOptions(grace=GracePeriod(30)))
    exemption = an_exemption(rule="deal.contact", until=date(2026, 9, 1))
    bad = a_deal(contact_ids=())
    spared = look(bad, None, exemption, policy=policy)
    assert grace_ends(spared.history) is None
    ends = NOON.replace(hour=0) + timedelta(days=1)
    after = look(bad, spared, exemption, now=ends, policy=policy)
    assert grace_ends(after.history) == ends + timedelta(minutes=30)


def test_what_cannot_be_judged_for_a_while_stays_exempted() -> None:
    exemption = an_exemption(rule="deal.products")
    spared = look(a_deal(row_sums=()), None, exemption)
    hidden = look(a_deal(row_sums=Unread(Why.DENIED)), spared, exemption)
    assert hidden == Plan((), spared.history)


def test_two_exemptions_of_one_violation_do_not_take_it_twice() -> None:
    both = (an_exemption(rule="deal.contact"), an_exemption(id="2", entity=DEAL))
    assert [each.exemption.id for each in judge(a_deal(contact_ids=()), a_policy(), NOON, both).exempted] == [
        "1"
    ]


exemptions = st.builds(
    Exemption,
    id=st.text(max_size=5),
    reason=st.text(max_size=5),
    author=st.text(max_size=5),
    entity=st.none() | st.sampled_from([DEAL, EntityRef(Kind.CONTACT, 84)]),
    rule=st.none() | st.sampled_from(RULE_IDS),
    part=st.none() | st.sampled_from(["second_name", "no_sum", "empty"]),
    pipeline=st.none() | st.integers(0, 1),
    source=st.none() | st.sampled_from(["", "WEB"]),
    user=st.none() | st.integers(1, 3),
    until=st.none() | st.dates(date(2026, 8, 30), date(2026, 9, 3)),
)
cards: st.SearchStrategy[Snapshot] = st.sampled_from(
    [
        a_deal(contact_ids=(), row_sums=(), sum=0, source_id="WEB"),
        a_deal(product_group=(), pipeline=replace(PIPELINE, id=1)),
        a_contact(second_name="", name="", emails=()),
        a_lead(deal_ids=()),
    ]
)


@given(exemptions)
def test_an_exemption_comes_back_from_json_as_it_was(exemption: Exemption) -> None:
    assert parse_exemption(exemption_as_json(exemption)) == exemption


@given(cards, st.lists(exemptions, max_size=4))
def test_exempting_loses_nothing_and_accuses_of_nothing_new(card: Snapshot, some: list[Exemption]) -> None:
    free, spared = judge(card, a_policy(), NOON), judge(card, a_policy(), NOON, some)
    for violation in free.violations:
        left = [each.facts for each in spared.violations if each.rule == violation.rule]
        taken = [each.facts for each in spared.exempted if each.rule == violation.rule]
        assert exempt(violation.rule, violation.facts, card, some, NOON)[1] == (left[0] if left else None)
        found = [*left, *taken]
        if "problems" in violation.facts:
            problems = [problem for facts in found for problem in facts["problems"]]
            assert sorted(map(str, problems)) == sorted(map(str, violation.facts["problems"]))
        else:
            assert found == [violation.facts]
    assert {each.rule for each in spared.violations} <= {each.rule for each in free.violations}
    assert spared.not_judged == free.not_judged


def test_a_rule_that_is_off_needs_no_exemption() -> None:
    policy = a_policy(deal_contact=MandatoryOptions(Mode.OFF))
    verdict = judge(a_deal(contact_ids=()), policy, NOON, [an_exemption(rule="deal.contact")])
    assert verdict.exempted == ()
