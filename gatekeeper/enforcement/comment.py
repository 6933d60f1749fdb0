"""The one living comment of a card: written anew only where its text changes."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.enforcement.actions import CommentAction, PostComment, UpdateComment
from gatekeeper.enforcement.grace import graces_running
from gatekeeper.enforcement.settings import SPOKEN
from gatekeeper.judge.modes import mode_of
from gatekeeper.judge.policy import Policy
from gatekeeper.messages import Messages
from gatekeeper.model.cards import Comment, Snapshot, Unread
from gatekeeper.model.findings import Violation
from gatekeeper.model.history import History, Revert
from gatekeeper.model.signature import digest_in


def living_comment(snapshot: Snapshot) -> Comment | None:
    """The gatekeeper's comment on this card: the eldest that bears the card's own mark."""
    if isinstance(snapshot.comments, Unread):
        return None
    ours = [comment for comment in snapshot.comments if comment.signed_for == snapshot.ref]
    return min(ours, key=lambda each: each.id, default=None)


def plan_comment(
    snapshot: Snapshot, history: History, policy: Policy, messages: Messages
) -> CommentAction | None:
    if isinstance(snapshot.comments, Unread):
        return None  # what stands there is unknown, so nothing can be said without saying it twice
    shown = tuple(
        violation for violation in history.open if mode_of(policy, violation.rule, snapshot) in SPOKEN
    )
    cured = tuple(rule for rule in history.cured if mode_of(policy, rule, snapshot) in SPOKEN)
    coming = history.announced
    if coming is not None and mode_of(policy, coming.rule, snapshot) not in SPOKEN:
        coming = None
    living = living_comment(snapshot)
    if not shown and not coming and living is None:
        return None
    revert = standing_revert(history, shown)
    text = messages.render_comment(snapshot, shown, cured, revert, coming, graces_running(history))
    if living is None:
        return PostComment(snapshot.ref, text)
    if digest_in(living.text) == digest_in(text):
        return None
    return UpdateComment(snapshot.ref, living.id, text, pin=bool(shown or coming))


def standing_revert(history: History, shown: Sequence[Violation]) -> Revert | None:
    """The last move back; its reason stays in the card until it is cured or somebody moves the deal on.

    A wrong stage is cured by the very move; the manager must still read why the deal moved.
    """
    if not history.reverts:
        return None
    last = history.reverts[-1]
    stands_there = history.admitted_stage_id == last.place and not last.over
    return last if stands_there and (shown or "deal.stage" in last.rules) else None
