"""What a card is told beforehand: once, by the rule's mode, and taken back when it is no longer so."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gatekeeper.enforcement import Enforcement, Plan, PostComment, UpdateComment, plan
from gatekeeper.judge.examples import (
    NOON,
    a_comment,
    a_deal,
    a_policy,
)
from gatekeeper.judge.policy import InactiveOptions, Mode, Policy
from gatekeeper.judge.verdict import judge
from gatekeeper.messages import LANGUAGES, Messages
from gatekeeper.model.cards import DealSnapshot, Interactions, Unread, Why
from gatekeeper.model.findings import Announcement
from gatekeeper.model.history import History
from tests.timeline import as_written
from tests.typography import plain

RU = Messages.in_language("ru")
GATE = Enforcement(watching_since=NOON - timedelta(days=365))
DAY = timedelta(days=1)
UNTIL = datetime(2026, 10, 31, 12, tzinfo=UTC)  # two months after the call in a_deal
SOON = UNTIL - 5 * DAY
LINE = "⏳ Сделка станет неактивной 31.10.2026. До этого поговорите или спишитесь с клиентом."


def an_ageing_deal(**changes: Any) -> DealSnapshot:
    return a_deal(**{"created_at": NOON - 5 * DAY, **changes})


def planned(
    deal: DealSnapshot, history: History | None = None, now: datetime = SOON, policy: Policy | None = None
) -> Plan:
    policy = policy or a_policy()
    return plan(judge(deal, policy, now), deal, history or History(), policy, GATE, RU, now)


def said(plan_: Plan) -> list[str]:
    return [plain(each.text) for each in plan_.actions if isinstance(each, PostComment | UpdateComment)]


def test_a_deal_about_to_fall_inactive_is_told_so_once() -> None:
    deal = an_ageing_deal()
    first = planned(deal)
    (text,) = said(first)
    assert text.splitlines()[:2] == ["[b]Замечаний нет, но близится срок.[/b]", LINE]
    for later in (SOON, SOON + DAY, UNTIL):
        assert planned(as_written(deal, first.actions), first.history, later) == Plan((), first.history)


def test_beside_a_violation_it_is_a_line_of_its_own() -> None:
    (text,) = said(planned(an_ageing_deal(lead_id=None)))
    assert [line[0] for line in text.splitlines()[1:-1]] == ["☐", "⏳"]
    assert LINE in text


def test_it_is_taken_back_once_both_the_talk_and_the_comment_are_there() -> None:
    deal = an_ageing_deal()
    first = planned(deal)
    told = as_written(deal, first.actions)
    talked = an_ageing_deal(interactions=Interactions((SOON,), ()), comments=told.comments)
    second = planned(talked, first.history, SOON + timedelta(hours=1))
    coming = {"on": "2026-11-01", "needs": ["comment"]}
    assert second.history.announced == Announcement("deal.inactive", coming)
    assert "развёрнутый комментарий" in said(second)[0]
    written = as_written(talked, second.actions)
    comments = (*written.comments, a_comment(id=900, created_at=SOON))
    third = planned(replace(written, comments=comments), second.history, SOON + timedelta(hours=2))
    (text,) = said(third)
    assert "⏳" not in text
    assert "Замечаний нет" in text
    assert [each.pin for each in third.actions if isinstance(each, UpdateComment)] == [False]


def test_when_the_day_comes_the_violation_takes_its_place() -> None:
    deal = an_ageing_deal()
    first = planned(deal)
    (text,) = said(planned(as_written(deal, first.actions), first.history, UNTIL + DAY))
    assert "☐ [b]Активность[/b]" in text
    assert "⏳" not in text


@pytest.mark.parametrize(
    ("mode", "tells"), [(Mode.OFF, 0), (Mode.OBSERVE, 0), (Mode.WARN, 1), (Mode.REVERT, 1)]
)
def test_the_rules_mode_rules_its_announcement(mode: Mode, tells: int) -> None:
    policy = a_policy(deal_inactive=InactiveOptions(mode))
    assert len(said(planned(an_ageing_deal(), policy=policy))) == tells


def test_what_cannot_be_read_for_a_while_takes_nothing_back() -> None:
    deal = an_ageing_deal()
    first = planned(deal)
    told = as_written(deal, first.actions)
    fresh = (*told.comments, a_comment(id=900, created_at=SOON))
    hidden = an_ageing_deal(interactions=Interactions((), (), (Unread(Why.DENIED),)), comments=fresh)
    assert planned(hidden, first.history) == Plan((), first.history)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("needs", [["interaction"], ["comment"], ["interaction", "comment"]])
def test_each_want_is_named_in_both_languages(language: str, needs: list[str]) -> None:
    coming = Announcement("deal.inactive", {"on": "2027-03-12", "needs": needs})
    line = Messages.in_language(language).render_announcement(coming)
    assert "12.03.2027" in line or "12 March 2027" in line
    assert ("omment" in line or "омментар" in line) == ("comment" in needs)
    assert ("conversation" in line or "поговорите" in line) == ("interaction" in needs)
    assert not re.search(r"\{|\}|  | [.,]", line)
