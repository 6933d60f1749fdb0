"""From a verdict to what is written into the portal: pure, and () where the portal is as it should be.

`plan` compares the verdict with the living comment found on the card and with the History kept of it, and
answers with the actions and with the history as it will be. Doing so twice plans nothing the second time:
the comment carries a digest of its own text, and a deal that stands where it was admitted is not moved.

Where a deal was *admitted* is the stage that it may stand in: set by each pass that does not move it back.
Deals that already stood further on when the gatekeeper began to watch are taken as they are, since nobody
warned their managers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gatekeeper.history import History, Revert
from gatekeeper.mark import digest_in
from gatekeeper.messages import Messages
from gatekeeper.model import Comment, DealSnapshot, EntityRef, Semantics, Snapshot, Stage, Unread
from gatekeeper.policy import Mode, Policy
from gatekeeper.rules import RULES
from gatekeeper.rules.base import Violation
from gatekeeper.verdict import Verdict


@dataclass(frozen=True, slots=True)
class PostComment:
    """Write a new comment and pin it; a refused pin is no fault, the portal has few."""

    ref: EntityRef
    text: str


@dataclass(frozen=True, slots=True)
class UpdateComment:
    """Write the comment anew; `pin` says whether it is to stand on top from now on."""

    ref: EntityRef
    comment_id: int
    text: str
    pin: bool


@dataclass(frozen=True, slots=True)
class MoveStage:
    """Move the deal back, provided that it still stands in `from_stage_id` since `moved_at`."""

    ref: EntityRef
    from_stage_id: str
    to_stage_id: str
    moved_at: datetime


SPOKEN = frozenset({Mode.WARN, Mode.REVERT})
DAY = timedelta(days=1)
ORDER = tuple(rule.id for rule in RULES)


@dataclass(frozen=True, slots=True)
class SetField:
    """Write a deal's status into the field that the admin named for it."""

    ref: EntityRef
    field: str
    value: str


CommentAction = PostComment | UpdateComment
Action = CommentAction | MoveStage | SetField


@dataclass(frozen=True, slots=True)
class Enforcement:
    """How far the gate goes at all; `watching_since` is when it first saw this portal."""

    watching_since: datetime
    dry_run: bool = False
    revert_won: bool = False
    max_reverts: int = 3


@dataclass(frozen=True, slots=True)
class Plan:
    actions: tuple[Action, ...]
    history: History


def plan(
    verdict: Verdict,
    snapshot: Snapshot,
    history: History,
    policy: Policy,
    enforcement: Enforcement,
    messages: Messages,
    now: datetime,
) -> Plan:
    """What to write now, and what to remember."""
    history = _same_card(history, snapshot)
    standing = _standing(verdict, snapshot, history, enforcement)
    history = _carry_on(history, standing, snapshot, policy, now)
    move: MoveStage | None = None
    if isinstance(snapshot, DealSnapshot):
        blocking = tuple(each.rule for each in verdict.violations if _blocks(each, history, policy))
        move, history = _plan_stage(snapshot, history, blocking, enforcement, now)
    comment = None if enforcement.dry_run else _plan_comment(snapshot, history, policy, messages)
    status = None if enforcement.dry_run else _plan_status(verdict, snapshot, policy)
    actions = tuple(action for action in (move, comment, status) if action is not None)
    return Plan(actions, history)


def refuse_move(planned: Plan, snapshot: Snapshot, policy: Policy, messages: Messages) -> Plan:
    """The same plan after the portal refused the move: a warning that says so, and no second try."""
    last = replace(planned.history.reverts[-1], refused=True)
    admitted = snapshot.stage_id if isinstance(snapshot, DealSnapshot) else None
    reverts = (*planned.history.reverts[:-1], last)
    history = replace(planned.history, reverts=reverts, admitted_stage_id=admitted)
    comment = _plan_comment(snapshot, history, policy, messages)
    rest = tuple(each for each in planned.actions if isinstance(each, SetField))
    return Plan((comment, *rest) if comment else rest, history)


def _same_card(history: History, snapshot: Snapshot) -> History:
    """An id created later than the one we knew is another card: the portal was emptied, ids began anew."""
    if history.created_at is not None and snapshot.created_at > history.created_at:
        history = History()
    return replace(history, created_at=snapshot.created_at)


def _standing(
    verdict: Verdict, snapshot: Snapshot, history: History, enforcement: Enforcement
) -> tuple[Violation, ...]:
    """The verdict's violations, and those of before that could not be judged now.

    A closed deal is judged once, at closing: later only what was open then can still be cured.
    """
    unjudged = {each.rule for each in verdict.not_judged}
    kept = tuple(each for each in history.open if each.rule in unjudged)
    standing = tuple(sorted((*verdict.violations, *kept), key=lambda each: ORDER.index(each.rule)))
    if not isinstance(snapshot, DealSnapshot) or snapshot.stage is None or not snapshot.stage.is_final:
        return standing
    known = {each.rule for each in history.open}
    closed_unseen = snapshot.moved_at < enforcement.watching_since
    if history.closing_judged or closed_unseen:
        return tuple(each for each in standing if each.rule in known)
    return standing


def _carry_on(
    history: History, standing: tuple[Violation, ...], snapshot: Snapshot, policy: Policy, now: datetime
) -> History:
    """Tick off what was cured; a rule that the admin silenced was cured by nobody.

    The ticks stay until something opens anew on a card that was all well.
    """
    open_rules = {each.rule for each in standing}
    was_open = [each.rule for each in history.open if policy.rules[each.rule].mode in SPOKEN]
    before = () if standing and not history.open else history.cured
    cured = tuple(rule for rule in dict.fromkeys([*before, *was_open]) if rule not in open_rules)
    earlier, last = history.reverts[:-1], history.reverts[-1:]  # the last one is a reason still to be read
    recent = (*(each for each in earlier if now - each.decided_at < DAY), *last)
    closed = isinstance(snapshot, DealSnapshot) and snapshot.stage is not None and snapshot.stage.is_final
    return replace(history, open=standing, cured=cured, reverts=recent, closing_judged=closed)


def _blocks(violation: Violation, history: History, policy: Policy) -> bool:
    """Whether it holds the deal back. Only what was judged now does: what could not be read moves nothing."""
    return violation in history.open and policy.rules[violation.rule].mode is Mode.REVERT


def _plan_stage(
    deal: DealSnapshot, history: History, blocking: tuple[str, ...], enforcement: Enforcement, now: datetime
) -> tuple[MoveStage | None, History]:
    target = _revert_target(deal, history, enforcement, now) if blocking else None
    if target is None:
        working = deal.stage is not None and not deal.stage.is_final
        return None, replace(history, admitted_stage_id=deal.stage_id) if working else history
    revert = Revert(deal.stage_id, target.id, deal.moved_at, now, blocking)
    others = tuple(each for each in history.reverts if each.moved_at != deal.moved_at)
    move = MoveStage(deal.ref, deal.stage_id, target.id, deal.moved_at)
    return move, replace(history, admitted_stage_id=target.id, reverts=(*others, revert))


def _revert_target(
    deal: DealSnapshot, history: History, enforcement: Enforcement, now: datetime
) -> Stage | None:
    """The stage to move the deal back to, None to let it stand."""
    stage = deal.stage
    if stage is None or enforcement.dry_run or not _may_move_from(stage, enforcement):
        return None
    admitted = _admitted_stage(deal, history, enforcement)
    if admitted is None or admitted.sort >= stage.sort:
        return None
    if any(each.refused and each.moved_at == deal.moved_at for each in history.reverts):
        return None
    done = [each for each in history.reverts if not each.refused and each.moved_at != deal.moved_at]
    today = [each for each in done if now - each.decided_at < DAY]
    return admitted if len(today) < enforcement.max_reverts else None


def _may_move_from(stage: Stage, enforcement: Enforcement) -> bool:
    """A refusal by the client is always allowed; a won deal is touched by option only."""
    if stage.semantics is Semantics.FAILURE:
        return False
    return stage.semantics is Semantics.PROCESS or enforcement.revert_won


def _admitted_stage(deal: DealSnapshot, history: History, enforcement: Enforcement) -> Stage | None:
    """Where the deal was admitted last; None where that cannot be known, which moves nothing."""
    if history.admitted_stage_id is not None:
        return deal.pipeline.stage(history.admitted_stage_id)
    if deal.moved_at < enforcement.watching_since:
        return deal.stage
    if deal.created_at >= enforcement.watching_since:
        return deal.pipeline.stages[0]
    if isinstance(deal.stage_history, Unread):
        return None
    before = [each for each in deal.stage_history if each.entered_at < enforcement.watching_since]
    return deal.pipeline.stage(before[-1].stage_id) if before else None


def _plan_status(verdict: Verdict, snapshot: Snapshot, policy: Policy) -> SetField | None:
    """Only on change, and only where it is known: a field that cannot be read is not written blindly."""
    field = policy.fields.status
    if field is None or verdict.status is None or not isinstance(snapshot, DealSnapshot):
        return None
    if snapshot.status is None or snapshot.status == verdict.status.value:
        return None
    return SetField(snapshot.ref, field, verdict.status.value)


def living_comment(snapshot: Snapshot) -> Comment | None:
    """The gatekeeper's comment on this card: the eldest that bears the card's own mark."""
    if isinstance(snapshot.comments, Unread):
        return None
    ours = [each for each in snapshot.comments if each.mark == snapshot.ref]
    return min(ours, key=lambda each: each.id, default=None)


def _plan_comment(
    snapshot: Snapshot, history: History, policy: Policy, messages: Messages
) -> CommentAction | None:
    if isinstance(snapshot.comments, Unread):
        return None  # what stands there is unknown, so nothing can be said without saying it twice
    shown = tuple(each for each in history.open if policy.rules[each.rule].mode in SPOKEN)
    cured = tuple(rule for rule in history.cured if policy.rules[rule].mode in SPOKEN)
    living = living_comment(snapshot)
    if not shown and (living is None or _is_lost(snapshot)):
        return None  # a lost deal answers to no rule: nothing was cured, and nobody is to be thanked
    text = messages.render_comment(snapshot, shown, cured, _revert_shown(snapshot, history, shown))
    if living is None:
        return PostComment(snapshot.ref, text)
    if digest_in(living.text) == digest_in(text):
        return None
    return UpdateComment(snapshot.ref, living.id, text, pin=bool(shown))


def _is_lost(snapshot: Snapshot) -> bool:
    stage = snapshot.stage if isinstance(snapshot, DealSnapshot) else None
    return stage is not None and stage.semantics is Semantics.FAILURE


def _revert_shown(snapshot: Snapshot, history: History, shown: tuple[Violation, ...]) -> Revert | None:
    """The reason of a move back stays in the card until it is cured or somebody moves the deal on.

    A wrong stage is cured by the very move; the manager must still read why the deal moved.
    """
    if not isinstance(snapshot, DealSnapshot) or not history.reverts:
        return None
    last = history.reverts[-1]
    stands_there = history.admitted_stage_id == (last.from_stage_id if last.refused else last.to_stage_id)
    return last if stands_there and (shown or "deal.stage" in last.rules) else None
