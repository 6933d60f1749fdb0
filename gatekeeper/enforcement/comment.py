"""The one living comment of a card: written anew only where its text changes."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.enforcement.actions import CloseNotes, CommentAction, PostComment, UpdateComment
from gatekeeper.enforcement.grace import graces_running
from gatekeeper.enforcement.settings import SPOKEN
from gatekeeper.judge.modes import mode_of
from gatekeeper.judge.policy import Policy
from gatekeeper.messages import Messages
from gatekeeper.model.cards import Comment, Snapshot, Unread
from gatekeeper.model.findings import Violation
from gatekeeper.model.history import History, Revert
from gatekeeper.model.signature import digest_in, is_whole


def living_comment(snapshot: Snapshot) -> Comment | None:
    """Return the gatekeeper's note on this card, the eldest of them; None without one."""
    return next(iter(_own_notes(snapshot)), None)


def _own_notes(snapshot: Snapshot) -> list[Comment]:
    if isinstance(snapshot.comments, Unread):
        return []
    ours = [comment for comment in snapshot.comments if comment.signed_for == snapshot.ref]
    return sorted(ours, key=lambda comment: comment.id)


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
    may_move = None if shown else moved_back(history)
    graces = graces_running(history)
    text = messages.render_comment(snapshot, shown, cured, revert, coming, graces, may_move)
    if living is None:
        return PostComment(snapshot.ref, text)
    if _says(living, text):
        return None
    return UpdateComment(snapshot.ref, living.id, text, pin=bool(shown or coming))


def plan_closing(snapshot: Snapshot, messages: Messages) -> CloseNotes | None:
    """Close all notes of ours but the eldest: an unknown outcome, or a lost key, may have left two."""
    text = messages.render_closed(snapshot.ref)
    others = tuple(note.id for note in _own_notes(snapshot)[1:] if not _says(note, text))
    return CloseNotes(snapshot.ref, others, text) if others else None


def _says(note: Comment, text: str) -> bool:
    """Compare digests, since the portal may store a text differently; an edited note says something else."""
    return digest_in(note.text) == digest_in(text) and is_whole(note.text)


def standing_revert(history: History, shown: Sequence[Violation]) -> Revert | None:
    """The last move back; its reason stays in the card until it is cured or somebody moves the deal on.

    A wrong stage is cured by the very move; the manager must still read why the deal moved.
    """
    last = _last_in_place(history)
    return last if last and (shown or "deal.stage" in last.rules) else None


def moved_back(history: History) -> Revert | None:
    """The last move back, while the deal stands where it was put and may be moved on once all is fixed."""
    last = _last_in_place(history)
    return last if last and last.is_done and "deal.stage" not in last.rules else None


def _last_in_place(history: History) -> Revert | None:
    if not history.reverts:
        return None
    last = history.reverts[-1]
    return last if history.admitted_stage_id == last.place and not last.over else None
