"""Repeats: a write that somebody keeps undoing is made three times a day, then left out, and a person told.

A portal may cut our note, a robot edit it, another automation clear the status field. Each undoing is an
event that brings the card back, so without an end the gate would answer it forever. Only writes of the same
content in a row count: a write that a changed verdict calls for is never left out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from gatekeeper.enforcement.actions import (
    Action,
    CloseNotes,
    MoveStage,
    Notify,
    Occasion,
    PostComment,
    SetField,
    UpdateComment,
)
from gatekeeper.enforcement.settings import DAY
from gatekeeper.model.history import Medium, Written
from gatekeeper.model.signature import digest_in

MOST_A_DAY = 3
MEDIA = {
    PostComment.__name__: Medium.NOTE,
    UpdateComment.__name__: Medium.NOTE,
    CloseNotes.__name__: Medium.OTHER_NOTES,
    SetField.__name__: Medium.FIELD,
    Notify.__name__: Medium.TOLD,
}
"""Action -> what it counts as."""


def content_of(action: Action) -> str | None:
    """Return what tells equal writes from others; None for what is bounded otherwise."""
    match action:
        case PostComment(text=text) | UpdateComment(text=text):
            return digest_in(text)
        case CloseNotes(comment_ids=ids):
            return hashlib.sha256(repr(ids).encode()).hexdigest()[:8]
        case SetField(value=value):
            return value[:32]
        case Notify(occasion=Occasion.UNDONE, before=medium):
            return medium
        case Notify() | MoveStage():
            return None
        case _:
            assert_never(action)


def is_repeated(action: Action, written: Sequence[Written], now: datetime) -> bool:
    """Tell whether this was written `MOST_A_DAY` times within a day, and nothing else in between."""
    content = content_of(action)
    if content is None:
        return False
    medium, times = MEDIA[type(action).__name__], 0
    for write in sorted(written, key=lambda write: write.at, reverse=True):
        if write.medium is not medium:
            continue
        if write.content != content or now - write.at >= DAY:
            break
        times += 1
    return times >= MOST_A_DAY


def is_told(medium: Medium, written: Sequence[Written], now: datetime) -> bool:
    """Tell whether a person heard within a day that this medium of the card is contested."""
    return any(
        write.medium is Medium.TOLD and write.content == medium and now - write.at < DAY for write in written
    )
