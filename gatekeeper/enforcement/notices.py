"""Who is to be told beside the card, and of what: news only, so that a second pass tells nobody anything."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from gatekeeper.enforcement.actions import Action, Notify, Occasion
from gatekeeper.enforcement.grace import graces_running
from gatekeeper.enforcement.repeats import MEDIA, is_told
from gatekeeper.enforcement.settings import DAY, SPOKEN, Enforcement
from gatekeeper.judge.modes import mode_of
from gatekeeper.judge.policy import Policy
from gatekeeper.model.cards import DealSnapshot, Snapshot
from gatekeeper.model.history import History, Left, Revert

FOR_QUALITY_CONTROL = frozenset({Left.LIMIT, Left.ROBOT})


def plan_notices(
    snapshot: Snapshot,
    before: History,
    after: History,
    policy: Policy,
    enforcement: Enforcement,
    now: datetime,
) -> tuple[Notify, ...]:
    """What this pass brings that the last one did not know of.

    A move back says what is missing, so that its violations need no notice of their own. What an open breaker
    leaves alone is told to nobody: the rule may be the mistake, and a storm of notices would be the next one.
    While a violation has its grace the card alone speaks of it.
    """
    if enforcement.dry_run:
        return ()
    spoken = tuple(rule for rule in _counting(after) if mode_of(policy, rule, snapshot) in SPOKEN)
    revert = _fresh_revert(before, after)
    if revert is not None and revert.left is None and isinstance(snapshot, DealSnapshot):
        people = (snapshot.responsible_id, snapshot.moved_by)
        return _told(snapshot, Occasion.REVERT, people, spoken, enforcement, revert)
    planned: tuple[Notify, ...] = ()
    known = {*_counting(before), *before.uncured}
    if any(rule not in known for rule in spoken):
        planned += _told(snapshot, Occasion.VIOLATION, (snapshot.responsible_id,), spoken, enforcement)
    if revert is not None and revert.left in FOR_QUALITY_CONTROL and not _told_today(before, now):
        planned += _told(snapshot, Occasion.LEFT, enforcement.quality_control, spoken, enforcement, revert)
    return planned


def tell_undone(
    snapshot: Snapshot, left_out: Iterable[Action], enforcement: Enforcement, now: datetime
) -> tuple[Notify, ...]:
    """Tell quality control, once a day and kind of write, that somebody keeps undoing what we write."""
    media = [MEDIA[type(action).__name__] for action in left_out]
    untold = [medium for medium in media if not is_told(medium, enforcement.around.written, now)]
    recipients = tuple(dict.fromkeys(enforcement.quality_control))
    if not untold or not recipients:
        return ()
    return (Notify(snapshot.ref, Occasion.UNDONE, recipients, before=untold[0]),)


def _counting(history: History) -> tuple[str, ...]:
    """Rules whose open violation has no grace, or no longer."""
    in_grace = graces_running(history)
    return tuple(violation.rule for violation in history.open if violation.rule not in in_grace)


def _fresh_revert(before: History, after: History) -> Revert | None:
    """The move back that this pass was the first to call for; a pass after a crash calls for it again."""
    last = after.reverts[-1] if after.reverts else None
    known = {(revert.moved_at, revert.from_stage_id) for revert in before.reverts}
    return last if last is not None and (last.moved_at, last.from_stage_id) not in known else None


def _told_today(before: History, now: datetime) -> bool:
    return any(
        revert.left in FOR_QUALITY_CONTROL and now - revert.decided_at < DAY for revert in before.reverts
    )


def _told(
    snapshot: Snapshot,
    occasion: Occasion,
    people: tuple[int, ...],
    spoken: tuple[str, ...],
    enforcement: Enforcement,
    revert: Revert | None = None,
) -> tuple[Notify, ...]:
    recipients = tuple(dict.fromkeys(person for person in people if person))
    if not recipients or occasion not in enforcement.notices:
        return ()
    if revert is None or not isinstance(snapshot, DealSnapshot):
        return (Notify(snapshot.ref, occasion, recipients, spoken),)
    names = {stage.id: stage.name for stage in snapshot.pipeline.stages}
    before, after = (names.get(each, each) for each in (revert.from_stage_id, revert.to_stage_id))
    return (Notify(snapshot.ref, occasion, recipients, spoken, before, after),)
