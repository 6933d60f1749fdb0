"""What becomes of a snapshot when a plan's actions are applied to the card: the portal's side, as a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from gatekeeper.enforcement import Action, CloseNotes, MoveStage, PostComment, UpdateComment
from gatekeeper.judge.examples import NOON
from gatekeeper.model.cards import (
    Comment,
    DealSnapshot,
    Snapshot,
    Unread,
)
from gatekeeper.model.signature import parse_signature

OWNER = 1


def as_written(card: Any, actions: Iterable[Action]) -> Any:
    for action in actions:
        card = _applied(card, action)
    return card


def _applied(card: Snapshot, action: Action) -> Snapshot:
    assert not isinstance(card.comments, Unread)
    if isinstance(action, MoveStage):
        assert isinstance(card, DealSnapshot)
        assert (card.stage_id, card.moved_at) == (action.from_stage_id, action.moved_at)
        moved_at = action.moved_at + timedelta(seconds=1)
        return replace(card, stage_id=action.to_stage_id, moved_by=OWNER, moved_at=moved_at)
    if isinstance(action, PostComment):
        number = max((each.id for each in card.comments), default=600) + 1
        return replace(card, comments=(*card.comments, _comment(number, action.text)))
    if isinstance(action, CloseNotes):
        return _rewritten(card, card.comments, action.comment_ids, action.text)
    assert isinstance(action, UpdateComment)
    return _rewritten(card, card.comments, (action.comment_id,), action.text)


def _rewritten(
    card: Snapshot, comments: tuple[Comment, ...], numbers: tuple[int, ...], text: str
) -> Snapshot:
    rest = tuple(comment for comment in comments if comment.id not in numbers)
    assert len(rest) == len(comments) - len(numbers), "an update of a comment that is not there"
    return replace(card, comments=(*rest, *(_comment(number, text) for number in numbers)))


def _comment(number: int, text: str) -> Comment:
    return Comment(number, OWNER, NOON, text, parse_signature(text))
