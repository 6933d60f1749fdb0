"""The writes to the portal as data: a closed union, so that whoever handles one handles each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatekeeper.model.refs import EntityRef


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
class CloseNotes:
    """Close other notes of ours on the card with this text, and unpin them; one is kept up to date."""

    ref: EntityRef
    comment_ids: tuple[int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class MoveStage:
    """Move the deal back, provided that it still stands in `from_stage_id` since `moved_at`."""

    ref: EntityRef
    from_stage_id: str
    to_stage_id: str
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class SetField:
    """Write a deal's status into the field that the admin named for it."""

    ref: EntityRef
    field: str
    value: str


class Occasion(StrEnum):
    """What people are told of.

    A move back, new violations, a deal let stand once too often, a write of ours that somebody keeps undoing.
    """

    REVERT = "revert"
    VIOLATION = "violation"
    LEFT = "left"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell these users, through the portal's own notices.

    `rules` are those that are spoken of on this card, `before` and `after` names of stages. For UNDONE
    `before` is the medium.
    """

    ref: EntityRef
    occasion: Occasion
    to: tuple[int, ...]
    rules: tuple[str, ...] = ()
    before: str = ""
    after: str = ""


CommentAction = PostComment | UpdateComment
Action = CommentAction | CloseNotes | MoveStage | SetField | Notify
