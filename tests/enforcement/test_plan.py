"""What is planned against a card, by comparing values: no portal, no database, no clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gatekeeper.enforcement import (
    Circumstances,
    CloseNotes,
    Enforcement,
    MoveStage,
    Plan,
    PostComment,
    UpdateComment,
    living_comment,
    plan,
    refuse_move,
)
from gatekeeper.judge.examples import (
    NOON,
    a_comment,
    a_contact,
    a_deal,
    a_policy,
)
from gatekeeper.judge.policy import (
    DealCommentOptions,
    DealLeadOptions,
    MandatoryOptions,
    Mode,
    Policy,
    ProductsOptions,
)
from gatekeeper.judge.verdict import judge
from gatekeeper.messages import Messages
from gatekeeper.model.cards import (
    Comment,
    DealSnapshot,
    Interactions,
    Pipeline,
    Snapshot,
    StageEntry,
    Unread,
    Why,
)
from gatekeeper.model.history import History, Left
from tests.timeline import as_written
from tests.typography import plain

RU = Messages.in_language("ru")
WATCHING = Enforcement(watching_since=NOON - timedelta(days=1))
LATER = Enforcement(watching_since=NOON + timedelta(days=1))
MOVED = NOON + timedelta(minutes=5)
HIDDEN = Unread(Why.DENIED)


def planned(
    card: Snapshot,
    history: History | None = None,
    enforcement: Enforcement = WATCHING,
    policy: Policy | None = None,
    now: Any = NOON,
) -> Plan:
    policy = policy or a_policy()
    return plan(judge(card, policy, now), card, history or History(), policy, enforcement, RU, now)


def an_empty_deal(**changes: Any) -> DealSnapshot:
    return a_deal(**{"product_group": (), "row_sums": (), **changes})


def moves(plan_: Plan) -> list[MoveStage]:
    return [each for each in plan_.actions if isinstance(each, MoveStage)]


def said(plan_: Plan) -> str | None:
    texts = [each.text for each in plan_.actions if isinstance(each, PostComment | UpdateComment)]
    assert len(texts) <= 1
    return texts[0] if texts else None


def written(plan_: Plan, card: Snapshot) -> Any:
    """The card after the plan was applied: the comment stands in it, the deal where it was moved to."""
    return as_written(card, plan_.actions)


def test_a_card_in_order_is_neither_written_to_nor_moved() -> None:
    assert planned(a_deal()).actions == ()
    assert planned(a_contact()).actions == ()


def test_a_second_plan_after_the_first_one_was_applied_does_nothing_and_remembers_nothing_new() -> None:
    deal = an_empty_deal(stage_id="EXECUTING")
    first = planned(deal)
    second = planned(written(first, deal), first.history)
    assert [type(each) for each in first.actions] == [MoveStage, PostComment]
    assert second == Plan((), first.history)


def test_the_all_clear_too_is_said_and_remembered_once() -> None:
    bad = an_empty_deal()
    first = planned(bad)
    cured = written(first, a_deal(comments=written(first, bad).comments))
    second = planned(cured, first.history)
    third = planned(written(second, cured), second.history)
    assert "Всё исправлено" in (said(second) or "")
    assert third == Plan((), second.history)


def test_a_comment_that_could_not_be_read_is_not_written_a_second_time() -> None:
    assert said(planned(an_empty_deal(comments=Unread(Why.DENIED)))) is None


def test_the_eldest_of_several_own_comments_is_the_living_one() -> None:
    deal = an_empty_deal()
    text = said(planned(deal)) or ""
    copies = (own(deal, 900, text), own(deal, 700, "x"), own(deal, 800, text))
    several = replace(deal, comments=copies)
    assert living_comment(several) == copies[1]
    update, closing = planned(several).actions
    assert isinstance(update, UpdateComment)
    assert update.comment_id == 700
    assert isinstance(closing, CloseNotes)
    assert closing.comment_ids == (800, 900)
    after = written(planned(several), several)
    assert planned(after, planned(several).history).actions == ()


def test_a_comment_marked_for_another_card_is_not_this_ones() -> None:
    deal = an_empty_deal()
    foreign = replace(own(deal, 700, "x"), signed_for=a_contact().ref)
    assert living_comment(replace(deal, comments=(foreign,))) is None


@pytest.mark.parametrize("mode", [Mode.OFF, Mode.OBSERVE, Mode.WARN])
def test_a_rule_that_may_not_revert_moves_no_deal(mode: Mode) -> None:
    rules = {"deal_product_group": MandatoryOptions(mode), "deal_products": ProductsOptions(mode)}
    result = planned(an_empty_deal(stage_id="EXECUTING"), policy=a_policy(**rules))
    assert moves(result) == []
    assert result.history.admitted_stage_id == "EXECUTING"
    assert (said(result) is not None) == (mode is Mode.WARN)


def test_one_reverting_rule_among_warnings_is_enough_and_is_the_only_reason_given() -> None:
    policy = a_policy(deal_lead=DealLeadOptions(Mode.WARN))
    result = planned(a_deal(stage_id="EXECUTING", product_group=(), lead_id=None), policy=policy)
    assert [each.to_stage_id for each in moves(result)] == ["NEW"]
    assert result.history.reverts[-1].rules == ("deal.product_group",)


@pytest.mark.parametrize("where", ["NEW", "PREPARATION", "EXECUTING"])
def test_a_deal_goes_back_no_further_than_where_it_was_admitted(where: str) -> None:
    admitted = planned(a_deal(stage_id="PREPARATION")).history
    deal = an_empty_deal(stage_id=where, moved_at=MOVED)
    targets = [each.to_stage_id for each in moves(planned(deal, admitted))]
    assert targets == (["PREPARATION"] if where == "EXECUTING" else [])


def test_a_dry_run_moves_and_says_nothing_but_remembers() -> None:
    result = planned(an_empty_deal(stage_id="EXECUTING"), enforcement=replace(WATCHING, dry_run=True))
    assert result.actions == ()
    assert {each.rule for each in result.history.open} == {"deal.product_group", "deal.products"}


@pytest.mark.parametrize(("revert_won", "targets"), [(False, []), (True, ["NEW"])])
def test_a_won_deal_is_taken_back_by_option_only(revert_won: bool, targets: list[str]) -> None:
    deal = an_empty_deal(stage_id="WON", stage_history=walked("NEW", "WON"), moved_at=MOVED)
    result = planned(deal, enforcement=replace(WATCHING, revert_won=revert_won))
    assert [each.to_stage_id for each in moves(result)] == targets


def test_a_lost_deal_is_never_taken_back() -> None:
    deal = an_empty_deal(stage_id="LOSE", stage_history=walked("LOSE"))
    result = planned(deal, enforcement=replace(WATCHING, revert_won=True))
    assert moves(result) == []
    assert [each.rule for each in result.history.open] == ["deal.stage"]


def test_a_lost_deals_note_accuses_and_thanks_nobody_and_is_unpinned() -> None:
    """Its rules no longer apply; that is not the manager's merit, and the deal may not "go on"."""
    deal = an_empty_deal(stage_id="EXECUTING")
    first = planned(deal)
    told = written(first, deal)
    lost = replace(told, stage_id="LOSE", moved_at=MOVED, stage_history=walked("NEW", "LOSE"))
    second = planned(lost, first.history)
    (action,) = second.actions
    assert isinstance(action, UpdateComment)
    assert not action.pin
    line, _ = plain(action.text).splitlines()
    assert line == "[b]Сделка закрыта без продажи.[/b] Исправлять больше ничего не нужно."
    assert planned(written(second, lost), second.history) == Plan((), second.history)


def test_a_deal_lost_without_a_word_hears_none() -> None:
    lost = a_deal(stage_id="LOSE", moved_at=MOVED, stage_history=walked("NEW", "LOSE"))
    assert planned(lost).actions == ()


def test_what_a_won_deal_is_not_asked_for_is_not_ticked_as_cured() -> None:
    deal = an_empty_deal(lead_id=None)
    first = planned(deal)
    won = replace(written(first, deal), stage_id="WON", moved_at=MOVED, stage_history=walked("NEW", "WON"))
    second = planned(replace(won, row_sums=a_deal().row_sums), first.history)
    assert [line for line in plain(said(second) or "").splitlines() if "☑" in line] == ["☑ Товар и сумма"]


def test_an_old_move_back_is_not_told_again_when_the_deal_comes_back_by_itself() -> None:
    deal = an_empty_deal(stage_id="EXECUTING")
    first = planned(deal)
    history, card, at = first.history, written(first, deal), MOVED
    for stage in ("WON", "NEW"):
        at += timedelta(minutes=1)
        card = replace(card, stage_id=stage, moved_at=at, moved_by=2, stage_history=walked("NEW", "WON"))
        result = planned(card, history)
        history, card = result.history, written(result, card)
        assert "возвращена" not in (said(result) or "")
    assert planned(card, history) == Plan((), history)


def test_a_lost_deal_that_is_opened_again_is_told_anew_in_the_same_comment() -> None:
    deal = an_empty_deal()
    first = planned(deal)
    lost = replace(written(first, deal), stage_id="LOSE", moved_at=MOVED, stage_history=walked("NEW", "LOSE"))
    second = planned(lost, first.history)
    opened = replace(lost, stage_id="NEW", moved_at=MOVED + timedelta(minutes=1), product_group=("45",))
    third = planned(opened, second.history)
    (action,) = third.actions
    assert isinstance(action, UpdateComment)
    assert "Группа продуктов" not in action.text
    assert "Товар" in action.text


def test_a_part_that_cannot_be_read_moves_no_deal_back_even_if_it_was_missing_before() -> None:
    """The manager may have added the product meanwhile; nobody can tell."""
    before = planned(a_deal(row_sums=())).history
    moved_on = a_deal(row_sums=HIDDEN, stage_id="EXECUTING", moved_at=MOVED)
    result = planned(moved_on, before)
    assert moves(result) == []
    assert [each.rule for each in result.history.open] == ["deal.products"]


def test_a_part_that_cannot_be_read_neither_opens_nor_cures() -> None:
    never_bad = planned(a_deal(row_sums=HIDDEN))
    assert never_bad == planned(a_deal())
    bad = a_deal(row_sums=())
    first = planned(bad)
    blind = replace(written(first, bad), row_sums=HIDDEN)
    assert planned(blind, first.history) == Plan((), first.history)


def test_the_card_lists_violations_in_one_order_whatever_is_read_when() -> None:
    bad = a_deal(product_group=(), row_sums=(), contact_ids=())
    first = planned(bad)
    blind = replace(written(first, bad), product_group=Unread(Why.DENIED))
    assert planned(blind, first.history) == Plan((), first.history)


@pytest.mark.parametrize("passed", [timedelta(0), timedelta(hours=23), timedelta(days=1), timedelta(days=30)])
def test_the_reason_of_a_move_back_stays_in_the_card_until_it_is_cured(passed: timedelta) -> None:
    deal = an_empty_deal(stage_id="EXECUTING")
    first = planned(deal)
    later = planned(written(first, deal), first.history, now=NOON + passed)
    assert "возвращена" in (said(first) or "")
    assert later.actions == ()


def test_the_reason_goes_when_it_is_cured() -> None:
    deal = an_empty_deal(stage_id="EXECUTING")
    first = planned(deal)
    told = written(first, deal)
    second = planned(replace(told, product_group=("45",), row_sums=a_deal().row_sums), first.history)
    assert "возвращена" not in (said(second) or "")
    assert "Всё исправлено" in (said(second) or "")


@pytest.mark.parametrize(("passed", "count"), [(timedelta(hours=23), 3), (timedelta(hours=24), 4)])
def test_a_deal_that_is_pushed_on_again_and_again_is_moved_back_three_times_a_day(
    passed: timedelta, count: int
) -> None:
    """Whoever pushes may be a robot: two machines must not play ping-pong with a client's deal."""
    history, done = History(), 0
    for push in range(4):
        now = NOON + push * passed / 3
        pushed = an_empty_deal(stage_id="EXECUTING", moved_at=now)
        result = planned(pushed, history, now=now)
        done += len(moves(result))
        history = result.history
    assert done == count


def test_a_crash_before_the_move_is_not_counted_as_a_move() -> None:
    deal = an_empty_deal(stage_id="EXECUTING")
    history = History()
    for _ in range(5):
        result = planned(deal, history)
        history = result.history
        assert [each.to_stage_id for each in moves(result)] == ["NEW"]
    assert len(history.reverts) == 1


def test_a_move_that_the_portal_refused_is_not_tried_again_but_the_next_push_is() -> None:
    policy = a_policy()
    deal = an_empty_deal(stage_id="PREPARATION")
    refused = refuse_move(planned(deal), deal, policy, RU)
    assert "не разрешил" in (said(refused) or "")
    standing = written(refused, deal)
    assert planned(standing, refused.history) == Plan((), refused.history)
    pushed = replace(standing, stage_id="EXECUTING", moved_at=MOVED)
    assert [each.to_stage_id for each in moves(planned(pushed, refused.history))] == ["PREPARATION"]


def test_one_move_more_than_the_days_reverts_is_let_stand_and_remembered_once() -> None:
    only_once = replace(WATCHING, max_reverts=1)
    deal = an_empty_deal(stage_id="EXECUTING")
    first = planned(deal, enforcement=only_once)
    pushed = replace(written(first, deal), stage_id="EXECUTING", moved_at=MOVED)
    second = planned(pushed, first.history, only_once)
    standing = written(second, pushed)
    assert moves(second) == []
    assert "столько раз, сколько разрешено" in (said(second) or "")
    assert [each.left for each in second.history.reverts] == [None, Left.LIMIT]
    assert planned(standing, second.history, only_once) == Plan((), second.history)


@pytest.mark.parametrize(("moved_by", "left"), [(1, Left.ROBOT), (2, None)])
def test_a_move_in_our_own_name_after_one_of_ours_is_a_robots_answer(
    moved_by: int, left: Left | None
) -> None:
    ours = replace(WATCHING, owner_id=1)
    first = planned(an_empty_deal(stage_id="EXECUTING", moved_by=1), enforcement=ours)
    pushed = an_empty_deal(stage_id="EXECUTING", moved_at=MOVED, moved_by=moved_by)
    second = planned(pushed, first.history, ours)
    assert len(moves(first)) == 1
    assert second.history.reverts[-1].left is left


@pytest.mark.parametrize("stage", ["EXECUTING", "WON"])
def test_a_deal_left_by_an_open_breaker_is_admitted_there_and_moved_by_no_reset(stage: str) -> None:
    calm = replace(WATCHING, revert_won=True)
    open_ = replace(calm, around=Circumstances(breaker_open=True, mover="Ковалёв Борис"))
    deal = an_empty_deal(stage_id=stage, stage_history=walked("NEW", stage), moved_at=MOVED)
    first = planned(deal, enforcement=open_)
    told = written(first, deal)
    assert moves(first) == []
    assert "Возвраты в\u00a0тот момент были приостановлены" in (said(first) or "")
    assert planned(told, first.history, open_) == Plan((), first.history)
    assert planned(told, first.history, calm) == Plan((), first.history)


def test_deals_that_stood_further_on_before_the_gate_watched_are_admitted_there() -> None:
    result = planned(an_empty_deal(stage_id="EXECUTING"), enforcement=LATER)
    assert moves(result) == []
    assert result.history.admitted_stage_id == "EXECUTING"


def test_an_old_deal_moved_on_before_its_first_look_goes_back_to_where_it_stood() -> None:
    since = NOON - timedelta(hours=1)
    entries = (
        StageEntry("NEW", 0, since - timedelta(days=3), is_creation=True),
        StageEntry("PREPARATION", 0, since - timedelta(seconds=1), is_creation=False),
        StageEntry("EXECUTING", 0, since, is_creation=False),
    )
    deal = an_empty_deal(
        stage_id="EXECUTING", created_at=since - timedelta(days=3), moved_at=since, stage_history=entries
    )
    enforcement = Enforcement(watching_since=since)
    assert [each.to_stage_id for each in moves(planned(deal, enforcement=enforcement))] == ["PREPARATION"]
    hidden = replace(deal, stage_history=Unread(Why.DENIED))
    assert moves(planned(hidden, enforcement=enforcement)) == []


def test_a_deal_in_a_stage_that_its_pipeline_does_not_have_is_told_but_not_moved() -> None:
    result = planned(a_deal(stage_id="C9:NEW"))
    assert moves(result) == []
    assert "такой стадии нет" in (said(result) or "")


def test_a_pipeline_without_stages_is_no_reason_to_fall_over() -> None:
    assert moves(planned(an_empty_deal(pipeline=Pipeline(0, "Общая", ())))) == []


def test_another_card_under_an_old_id_starts_afresh() -> None:
    """The portal was emptied and its ids began anew: what the old card did is not this one's doing."""
    old = planned(a_deal(stage_id="EXECUTING")).history
    reborn = an_empty_deal(stage_id="EXECUTING", created_at=MOVED, moved_at=MOVED)
    assert [each.to_stage_id for each in moves(planned(reborn, old))] == ["NEW"]


def test_a_won_deal_is_judged_once_and_then_only_cured() -> None:
    won = a_deal(stage_id="WON", stage_history=walked("NEW", "WON"), row_sums=())
    first = planned(won)
    worse = replace(written(first, won), product_group=())
    second = planned(worse, first.history)
    assert [each.rule for each in first.history.open] == ["deal.products"]
    assert second == Plan((), first.history)
    better = replace(worse, row_sums=a_deal().row_sums)
    assert "Всё исправлено" in (said(planned(better, second.history)) or "")


def test_a_deal_closed_before_the_gate_watched_is_left_alone() -> None:
    won = a_deal(stage_id="WON", stage_history=walked("NEW", "WON"), row_sums=())
    assert planned(won, enforcement=LATER).actions == ()


def test_a_rule_switched_off_is_not_ticked_as_cured() -> None:
    bad = a_deal(product_group=(), lead_id=None)
    first = planned(bad)
    policy = a_policy(deal_lead=DealLeadOptions(Mode.OFF))
    text = said(planned(written(first, bad), first.history, policy=policy)) or ""
    assert "Лид" not in text.splitlines()[-2]
    assert "☑" not in text


def test_what_is_only_observed_is_never_said() -> None:
    policy = a_policy(deal_comment=DealCommentOptions(Mode.OBSERVE))
    result = planned(a_deal(comments=()), policy=policy)
    assert result.actions == ()
    assert [each.rule for each in result.history.open] == ["deal.comment"]


def walked(*stages: str) -> tuple[StageEntry, ...]:
    born = a_deal().created_at
    return tuple(
        StageEntry(stage, 0, born + timedelta(seconds=place), is_creation=not place)
        for place, stage in enumerate(stages)
    )


def own(card: Snapshot, number: int, text: str) -> Comment:
    return a_comment(text, id=number, signed_for=card.ref)


def test_what_can_be_judged_in_part_only_changes_no_note() -> None:
    long_ago = NOON - timedelta(days=400)
    silent = an_empty_deal(created_at=long_ago, comments=(), interactions=Interactions((), ()))
    first = planned(silent)
    hidden = replace(written(first, silent), interactions=Interactions((), (), (Unread(Why.DENIED),)))
    second = planned(hidden, first.history)
    assert said(second) is None
    assert second.history.open == first.history.open
