"""How far the gate goes at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from gatekeeper.policy import Mode

SPOKEN = frozenset({Mode.WARN, Mode.REVERT})
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Enforcement:
    """How far the gate goes at all; `watching_since` is when it first saw this portal."""

    watching_since: datetime
    dry_run: bool = False
    revert_won: bool = False
    max_reverts: int = 3
