"""What is remembered of one card between two passes: enforcement reads it, the journal keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gatekeeper.model.exemption import Exempted
from gatekeeper.model.findings import Announcement, Violation


class Left(StrEnum):
    """Why a deal that was to go back was let stand: often enough today, a robot, or the breaker is open."""

    LIMIT = "limit"
    ROBOT = "robot"
    BREAKER = "breaker"


@dataclass(frozen=True, slots=True)
class Revert:
    """A move back that was called for.

    `moved_at` is when the deal had been moved forward, which tells one such move from the next, `mover_id` by
    whom, and `mover` his name as far as it was known then: kept, so that the comment does not change with
    what the portal lets us read of its staff. `refused` says that the portal did not let the gatekeeper undo
    it, `left` that it never tried, `over` that somebody has moved the deal since: it is no news any more.
    """

    from_stage_id: str
    to_stage_id: str
    moved_at: datetime
    decided_at: datetime
    rules: tuple[str, ...]
    refused: bool = False
    mover_id: int = 0
    mover: str = ""
    left: Left | None = None
    over: bool = False

    @property
    def place(self) -> str:
        """Where the deal stands after it: where it was to go, or where it was left or held."""
        return self.to_stage_id if self.is_done else self.from_stage_id

    @property
    def is_done(self) -> bool:
        """Whether the deal went back, or was on its way."""
        return not self.refused and self.left is None


@dataclass(frozen=True, slots=True)
class Grace:
    """The respite that one rule granted on this card: the violation counts from `due_at` on.

    `over` says that a pass has seen that moment go by with the violation open, `cured_at` since when it is
    not open.
    """

    rule: str
    began_at: datetime
    due_at: datetime
    over: bool = False
    cured_at: datetime | None = None


class Medium(StrEnum):
    """What is written into a card again and again, as one kind of write."""

    NOTE = "note"
    OTHER_NOTES = "other_notes"
    FIELD = "field"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Written:
    """A write of the last day: `content` tells equal ones from others and holds no personal data."""

    medium: Medium
    content: str
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """One card's past, as far as it matters.

    `open` are the violations that stand, `cured` the rules ticked off since the card was last all well,
    `reverts` the moves back of the last day and the last one of all, `closing_judged` that a won deal has
    had its one judgement, `announced` what is about to happen to it, `graces` the latest respite of each rule
    that granted one, `exempted` what exemptions take off it. `uncured` are the rules whose violation counted
    and then went off the card without anybody curing it, as the deal was closed or the rule switched off: if
    it comes back it is the old one, which was told and fined before.
    """

    created_at: datetime | None = None
    admitted_stage_id: str | None = None
    open: tuple[Violation, ...] = ()
    cured: tuple[str, ...] = ()
    reverts: tuple[Revert, ...] = ()
    closing_judged: bool = False
    graces: tuple[Grace, ...] = ()
    exempted: tuple[Exempted, ...] = ()
    announced: Announcement | None = None
    uncured: tuple[str, ...] = ()
