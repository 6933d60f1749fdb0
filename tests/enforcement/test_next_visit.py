"""When a card is looked at without an event: exactly when a rule would speak, and ever more seldom else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.enforcement.next_visit import next_look
from gatekeeper.judge.examples import (
    NOON,
    a_comment,
    a_contact,
    a_deal,
    a_lead,
    a_policy,
)
from gatekeeper.judge.policy import (
    END_OF_TIME,
    Duration,
    InactiveOptions,
    Mode,
    Policy,
    StageOptions,
)
from gatekeeper.judge.verdict import judge
from gatekeeper.model.cards import (
    Interactions,
    Semantics,
    Snapshot,
    Unread,
    Why,
)
from gatekeeper.model.exemption import Exempted, Exemption
from gatekeeper.model.findings import Announcement, NotJudged, Violation
from gatekeeper.model.history import Grace, History
from gatekeeper.model.rhythm import OPEN_PAUSE, WELL_PAUSE

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
MOSCOW = timezone(timedelta(hours=3))
OPEN = History(open=(Violation("deal.lead", {"problem": "missing"}),))
moments = st.integers(10**9, 38 * 10**8).map(lambda each: datetime.fromtimestamp(each, UTC))
durations = st.builds(Duration, months=st.integers(0, 30), days=st.integers(0, 400))


def look(
    card: Snapshot,
    policy: Policy | None = None,
    history: History | None = None,
    changed_at: datetime = NOON,
    now: datetime = NOON,
) -> datetime | None:
    policy = policy or a_policy()
    following = next_look(judge(card, policy, now), card, history or History(), policy, now)
    return following.at(changed_at, now)


@given(moment=moments, duration=durations)
def test_a_window_ends_exactly_where_its_inverse_says(moment: datetime, duration: Duration) -> None:
    last = duration.after(moment)
    assert duration.before(last) <= moment < duration.before(last + SECOND)


@given(moment=moments, later=st.timedeltas(timedelta(0), timedelta(days=70)), duration=durations)
def test_a_windows_edge_never_goes_back(moment: datetime, later: timedelta, duration: Duration) -> None:
    assert duration.before(moment) <= duration.before(moment + later)
    assert duration.after(moment) <= duration.after(moment + later)


def test_a_window_beyond_the_calendar_never_ends() -> None:
    assert Duration(days=3650000).after(NOON) == END_OF_TIME
    assert Duration(months=9999 * 12).after(NOON) == END_OF_TIME


ages = st.timedeltas(timedelta(0), timedelta(days=120)).map(lambda each: timedelta(days=each.days))


@given(
    born=ages,
    talked=ages | st.none(),
    commented=ages | st.none(),
    hidden=st.booleans(),
    window=st.builds(Duration, months=st.integers(1, 3)) | st.builds(Duration, days=st.integers(1, 90)),
)
def test_the_moment_of_falling_inactive_is_the_one_from_which_the_rule_speaks(
    born: timedelta, talked: timedelta | None, commented: timedelta | None, hidden: bool, window: Duration
) -> None:
    calls = () if talked is None else (NOON - talked,)
    comments = () if commented is None else (a_comment(created_at=(NOON - commented).astimezone(MOSCOW)),)
    interactions = Interactions(calls, (), (Unread(Why.DENIED),) if hidden else ())
    deal = a_deal(created_at=NOON - born, interactions=interactions, comments=comments)
    policy = a_policy(deal_inactive=InactiveOptions(window=window))
    until = judge(deal, policy, NOON).active_until
    assert until is not None
    assert "deal.inactive" not in broken(deal, policy, until)
    assert "deal.inactive" in broken(deal, policy, until + SECOND)


def broken(card: Snapshot, policy: Policy, now: datetime) -> set[str]:
    return {each.rule for each in judge(card, policy, now).violations}


def announced(now: datetime, policy: Policy | None = None, **changes: Any) -> Announcement | None:
    outlook = judge(a_deal(**{"created_at": BORN, **changes}), policy or a_policy(), now).outlook
    assert not isinstance(outlook, NotJudged)
    return outlook


BORN = NOON - 5 * DAY
UNTIL = datetime(2026, 10, 31, 12, tzinfo=UTC)  # two months after the call in a_deal


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (UNTIL - 7 * DAY - SECOND, False),
        (UNTIL - 7 * DAY, True),
        (UNTIL, True),
        (UNTIL + SECOND, False),
    ],
)
def test_a_deal_is_announced_from_seven_days_before_until_it_falls(now: datetime, said: bool) -> None:
    assert (announced(now) is not None) == said


def test_the_announcement_is_the_same_on_each_of_its_days() -> None:
    assert len({repr(announced(UNTIL - days * DAY)) for days in range(8)}) == 1


def test_it_names_what_is_wanting_and_the_day_by_the_portals_own_clock() -> None:
    late = datetime(2026, 8, 31, 22, 30, tzinfo=UTC)
    talk = Interactions((late,), ())
    told = announced(UNTIL, interactions=talk, created_at=BORN.astimezone(MOSCOW))
    assert told == Announcement("deal.inactive", {"on": "2026-11-01", "needs": ["interaction"]})
    both = announced(UNTIL, interactions=talk, comments=(a_comment(created_at=late),))
    assert both == Announcement("deal.inactive", {"on": "2026-10-31", "needs": ["interaction", "comment"]})


def test_nothing_is_foretold_of_a_closed_deal_a_silenced_rule_or_a_card_half_read() -> None:
    assert announced(UNTIL, stage_id="WON") is None
    assert announced(UNTIL, a_policy(deal_inactive=InactiveOptions(mode=Mode.OFF))) is None
    assert announced(UNTIL, a_policy(deal_inactive=InactiveOptions(warn_before=None))) is None
    for hidden in (
        a_deal(comments=Unread(Why.DENIED)),
        a_deal(interactions=Interactions((), (), (Unread(Why.DENIED),))),
    ):
        assert isinstance(judge(hidden, a_policy(), NOON).outlook, NotJudged)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (UNTIL - 8 * DAY, UNTIL - 7 * DAY),
        (UNTIL - 7 * DAY, UNTIL + SECOND),
        (UNTIL, UNTIL + SECOND),
    ],
)
def test_a_deal_is_looked_at_when_it_is_announced_and_when_it_falls(now: datetime, due: datetime) -> None:
    due_at = look(a_deal(created_at=BORN), now=now, changed_at=now - 80 * DAY)
    assert due_at == min(due, now + WELL_PAUSE[1])


def test_a_deal_is_looked_at_when_its_stage_is_outstayed() -> None:
    policy = a_policy(deal_stage=StageOptions(max_days={"NEW": 1}))
    deal = a_deal()
    due = look(deal, policy)
    assert due == deal.moved_at + DAY + SECOND
    assert "deal.stage" not in broken(deal, policy, due - SECOND)
    assert "deal.stage" in broken(deal, policy, due)


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (timedelta(0), OPEN_PAUSE[0]),
        (timedelta(minutes=20), timedelta(minutes=2)),
        (timedelta(minutes=50), timedelta(minutes=5)),
        (timedelta(hours=40), timedelta(hours=4)),
        (timedelta(days=400), OPEN_PAUSE[1]),
    ],
)
def test_what_is_open_is_looked_at_ever_more_seldom(age: timedelta, pause: timedelta) -> None:
    assert look(a_contact(), history=OPEN, changed_at=NOON - age) == NOON + pause


@pytest.mark.parametrize(
    ("card", "watched"),
    [
        (a_contact(), True),
        (a_lead(), True),
        (a_lead(semantics=Semantics.PROCESS), False),
        (a_deal(stage_id="WON"), False),
    ],
)
def test_a_card_all_well_is_looked_at_once_a_day_at_most_and_a_finished_one_never(
    card: Snapshot, watched: bool
) -> None:
    assert look(card) == (NOON + WELL_PAUSE[0] if watched else None)
    assert look(card, history=OPEN) == NOON + OPEN_PAUSE[0]


@given(age=st.timedeltas(timedelta(0), timedelta(days=4000)), now=moments)
def test_the_next_look_always_lies_ahead(age: timedelta, now: datetime) -> None:
    deal = a_deal(created_at=now - age, moved_at=now - age)
    due = look(deal, history=OPEN, changed_at=now - age, now=now)
    assert due is not None
    assert now < due <= now + OPEN_PAUSE[1]


def test_a_card_is_looked_at_when_a_grace_or_an_exemption_ends() -> None:
    soon, later = NOON + timedelta(seconds=90), NOON + timedelta(seconds=100)
    violation = Violation("deal.contact", {"found": 0, "wanted": 1})
    in_grace = History(open=(violation,), graces=(Grace("deal.contact", NOON, soon),))
    assert look(a_deal(), history=in_grace) == soon
    exemption = Exemption("1", "перенос", "Анна", rule="deal.contact")
    spared = History(exempted=(Exempted("deal.contact", violation.facts, exemption, later),))
    assert look(a_contact(), history=spared) == later
