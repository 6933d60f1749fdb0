"""From a verdict to what is written into the portal.

`plan` compares the verdict with the living comment found on the card and with the History kept of it, and
answers with the actions and with the history as it will be. Doing so twice plans nothing the second time:
the comment carries a digest of its own text, and a deal that stands where it was admitted is not moved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from gatekeeper.enforcement.actions import Action, MoveStage, SetField
from gatekeeper.enforcement.carry_over import (
    carry_on,
    exempted_of,
    same_card,
    standing_of,
)
from gatekeeper.enforcement.comment import plan_closing, plan_comment
from gatekeeper.enforcement.grace import graces_running
from gatekeeper.enforcement.notices import plan_notices, tell_undone
from gatekeeper.enforcement.repeats import is_repeated
from gatekeeper.enforcement.settings import Enforcement
from gatekeeper.enforcement.stage import admit_later, plan_stage
from gatekeeper.enforcement.status import plan_status
from gatekeeper.judge.modes import mode_of, possible_modes
from gatekeeper.judge.policy import Mode, Policy
from gatekeeper.judge.verdict import Verdict
from gatekeeper.messages import Messages
from gatekeeper.model.cards import DealSnapshot, Snapshot
from gatekeeper.model.findings import NotJudged, Violation
from gatekeeper.model.history import History


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write now, and what to remember. `left_out`: writes that somebody keeps undoing."""

    actions: tuple[Action, ...]
    history: History
    left_out: tuple[Action, ...] = ()


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
    history = earlier = same_card(history, snapshot)
    standing = standing_of(verdict, snapshot, history, enforcement)
    history = replace(history, exempted=exempted_of(verdict, history))
    history = carry_on(history, standing, verdict, snapshot, policy, now)
    if not isinstance(verdict.outlook, NotJudged):
        history = replace(history, announced=verdict.outlook)
    move: MoveStage | None = None
    if isinstance(snapshot, DealSnapshot):
        holding = [
            violation.rule
            for violation in verdict.violations
            if _blocks(violation, history, policy, snapshot)
        ]
        blocking = tuple(rule for rule in holding if rule not in graces_running(history))
        before = history
        move, history = plan_stage(snapshot, history, blocking, enforcement, now)
        if not blocking and _may_hold(verdict, policy, snapshot) and not enforcement.dry_run:
            history = admit_later(snapshot, before, history, enforcement)
    comment = None if enforcement.dry_run else plan_comment(snapshot, history, policy, messages)
    closing = None if enforcement.dry_run else plan_closing(snapshot, messages)
    status = None if enforcement.dry_run else plan_status(verdict, snapshot, policy)
    wanted = [action for action in (move, comment, closing, status) if action is not None]
    written = enforcement.around.written
    left_out = tuple(action for action in wanted if is_repeated(action, written, now))
    notices = (
        *plan_notices(snapshot, earlier, history, policy, enforcement, now),
        *tell_undone(snapshot, left_out, enforcement, now),
    )
    actions = tuple(action for action in wanted if action not in left_out)
    return Plan((*actions, *notices), history, left_out)


def refuse_move(planned: Plan, snapshot: Snapshot, policy: Policy, messages: Messages) -> Plan:
    """The same plan after the portal refused the move: a warning that says so, and no second try."""
    last = replace(planned.history.reverts[-1], refused=True)
    admitted = snapshot.stage_id if isinstance(snapshot, DealSnapshot) else None
    reverts = (*planned.history.reverts[:-1], last)
    history = replace(planned.history, reverts=reverts, admitted_stage_id=admitted)
    comment = plan_comment(snapshot, history, policy, messages)
    rest = tuple(action for action in planned.actions if isinstance(action, SetField))
    return Plan((comment, *rest) if comment else rest, history)


def _may_hold(verdict: Verdict, policy: Policy, snapshot: Snapshot) -> bool:
    """Whether a rule might yet hold the deal back.

    Its grace has not ended, what it asks for could not be read, or the departments that soften it could not.
    """
    rules = {violation.rule for violation in verdict.violations}
    rules |= {unjudged.rule for unjudged in verdict.not_judged}
    return any(Mode.REVERT in possible_modes(policy, rule, snapshot) for rule in rules)


def _blocks(violation: Violation, history: History, policy: Policy, snapshot: Snapshot) -> bool:
    """Whether it holds the deal back. Only what was judged now does: what could not be read moves nothing."""
    return violation in history.open and mode_of(policy, violation.rule, snapshot) is Mode.REVERT
