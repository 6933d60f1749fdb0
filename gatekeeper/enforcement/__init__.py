"""From a verdict to what is written into the portal: pure, and () where the portal is as it should be."""

from __future__ import annotations

from gatekeeper.enforcement.actions import (
    Action,
    CloseNotes,
    CommentAction,
    MoveStage,
    Notify,
    Occasion,
    PostComment,
    SetField,
    UpdateComment,
)
from gatekeeper.enforcement.comment import living_comment, standing_revert
from gatekeeper.enforcement.plan import Plan, plan, refuse_move
from gatekeeper.enforcement.settings import CALM, Circumstances, Enforcement

__all__ = [
    "CALM",
    "Action",
    "Circumstances",
    "CloseNotes",
    "CommentAction",
    "Enforcement",
    "MoveStage",
    "Notify",
    "Occasion",
    "Plan",
    "PostComment",
    "SetField",
    "UpdateComment",
    "living_comment",
    "plan",
    "refuse_move",
    "standing_revert",
]
