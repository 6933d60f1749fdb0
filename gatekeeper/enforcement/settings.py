"""How far the gate goes at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gatekeeper.enforcement.actions import Occasion
from gatekeeper.judge.policy import Mode
from gatekeeper.model.history import Written

SPOKEN = frozenset({Mode.WARN, Mode.REVERT})
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known only once something is to be written.

    Whether the breaker is open, who moved the deal, and what was written into the card lately.
    """

    breaker_open: bool = False
    mover: str = ""
    written: tuple[Written, ...] = ()


CALM = Circumstances()


@dataclass(frozen=True, slots=True)
class Enforcement:
    """How far the gate goes at all.

    `watching_since` is when it first saw this portal, `max_reverts` how often a day it moves one deal back,
    `owner_id` the user in whose name it writes, which is also what the portal's robots answer in. `notices`
    are the occasions that people are told of beside the card.
    """

    watching_since: datetime
    dry_run: bool = False
    revert_won: bool = False
    max_reverts: int = 3
    owner_id: int | None = None
    notices: frozenset[Occasion] = frozenset()
    quality_control: tuple[int, ...] = ()
    around: Circumstances = CALM
