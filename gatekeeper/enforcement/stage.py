"""Whether a deal is moved back, and to where.

Where a deal was *admitted* is the stage that it may stand in: set by each pass that does not move it back and
leaves nothing open that might (`admit_later`).
Deals that already stood further on when the gatekeeper began to watch are taken as they are, since nobody
warned their managers.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from gatekeeper.enforcement.actions import MoveStage
from gatekeeper.enforcement.settings import DAY, Enforcement
from gatekeeper.model.cards import (
    DealSnapshot,
    Semantics,
    Stage,
    Unread,
)
from gatekeeper.model.history import History, Left, Revert


def plan_stage(
    deal: DealSnapshot,
    history: History,
    blocking: tuple[str, ...],
    enforcement: Enforcement,
    now: datetime,
) -> tuple[MoveStage | None, History]:
    target = _revert_target(deal, history, enforcement) if blocking else None
    if target is None:
        working = deal.stage is not None and not deal.stage.is_final
        admits = working and not (blocking and _is_hidden(deal, history, enforcement))
        return None, replace(history, admitted_stage_id=deal.stage_id) if admits else history
    left = _why_left(deal, history, enforcement, now)
    revert = Revert(
        deal.stage_id,
        target.id,
        deal.moved_at,
        now,
        blocking,
        mover_id=deal.moved_by,
        mover=enforcement.around.mover,
        left=left,
    )
    others = tuple(each for each in history.reverts if each.moved_at != deal.moved_at)
    admitted = deal.stage_id if left else target.id
    history = replace(history, admitted_stage_id=admitted, reverts=(*others, revert))
    return None if left else MoveStage(deal.ref, deal.stage_id, target.id, deal.moved_at), history


def admit_later(deal: DealSnapshot, before: History, after: History, enforcement: Enforcement) -> History:
    """Keep the earlier stage admitted while something may still hold the deal back to it.

    Otherwise grace would lead through every stage, and one answer that could not be read into the next one.
    """
    admitted = _admitted_stage(deal, before, enforcement)
    ahead = deal.stage is not None and admitted is not None and admitted.sort < deal.stage.sort
    waits = ahead or _is_hidden(deal, before, enforcement)
    return replace(after, admitted_stage_id=before.admitted_stage_id) if waits else after


def _revert_target(deal: DealSnapshot, history: History, enforcement: Enforcement) -> Stage | None:
    """The stage that the deal is to go back to, None where it may stand."""
    stage = deal.stage
    if stage is None or enforcement.dry_run or not _may_move_from(stage, enforcement):
        return None
    admitted = _admitted_stage(deal, history, enforcement)
    if admitted is None or admitted.sort >= stage.sort:
        return None
    return None if any(_is_settled(revert, deal) for revert in history.reverts) else admitted


def _is_settled(revert: Revert, deal: DealSnapshot) -> bool:
    """Whether this very move was let stand before. The portal's times are whole seconds, so the stage too."""
    same = revert.moved_at == deal.moved_at and revert.from_stage_id == deal.stage_id
    return same and not revert.is_done


def _why_left(deal: DealSnapshot, history: History, enforcement: Enforcement, now: datetime) -> Left | None:
    """Why the deal is let stand all the same; None to move it.

    A robot of the portal acts in the name of whoever moved the deal into its stage. So a move in our own name
    after one of ours is a robot's answer, and to undo it would make two machines play ping-pong. Where a
    robot has a name of its own, the day's limit ends the game.
    """
    others = (revert for revert in history.reverts if revert.is_done and revert.moved_at != deal.moved_at)
    today = [other for other in others if now - other.decided_at < DAY]
    if today and deal.moved_by == enforcement.owner_id:
        return Left.ROBOT
    if len(today) >= enforcement.max_reverts:
        return Left.LIMIT
    return Left.BREAKER if enforcement.around.breaker_open else None


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
    if isinstance(deal.stage_history, Unread):  # `_is_hidden`
        return None
    before = [entry for entry in deal.stage_history if entry.entered_at < enforcement.watching_since]
    return deal.pipeline.stage(before[-1].stage_id) if before else None


def _is_hidden(deal: DealSnapshot, history: History, enforcement: Enforcement) -> bool:
    """Whether its stage history, which could not be read, would tell where the deal was admitted."""
    since = enforcement.watching_since
    told = history.admitted_stage_id is not None or deal.moved_at < since or deal.created_at >= since
    return not told and isinstance(deal.stage_history, Unread)
