"""Whether a deal is moved back, and to where.

Where a deal was *admitted* is the stage that it may stand in: set by each pass that does not move it back.
Deals that already stood further on when the gatekeeper began to watch are taken as they are, since nobody
warned their managers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gatekeeper.enforcement.actions import MoveStage
from gatekeeper.enforcement.settings import DAY, Enforcement
from gatekeeper.history import History, Revert
from gatekeeper.model import DealSnapshot, Semantics, Stage, Unread


def plan_stage(
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


def admit_later(deal: DealSnapshot, before: History, after: History, enforcement: Enforcement) -> History:
    """A stage reached under grace is admitted once all is well, or grace would lead through every stage."""
    admitted = _admitted_stage(deal, before, enforcement)
    ahead = deal.stage is not None and admitted is not None and admitted.sort < deal.stage.sort
    return replace(after, admitted_stage_id=before.admitted_stage_id) if ahead else after


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
