"""How often a card is looked at although nothing is heard of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

A_TENTH = 10
OPEN_PAUSE = timedelta(minutes=2), timedelta(hours=4)
"""Shortest and longest time between two looks."""
WELL_PAUSE = timedelta(days=1), timedelta(days=7)


class Rhythm(StrEnum):
    """Soon after a change and ever more seldom as it ages: after a tenth of its age, within limits.

    OPEN is for a card with something open, WELL for one that is all well: a deleted comment whose event was
    lost shows itself in no list.
    """

    OPEN = "open"
    WELL = "well"

    def next_look(self, changed_at: datetime, now: datetime) -> datetime:
        """`changed_at`: when anything new was last found in the card."""
        shortest, longest = _PAUSES[self]
        return now + min(max((now - changed_at) / A_TENTH, shortest), longest)


_PAUSES = {Rhythm.OPEN: OPEN_PAUSE, Rhythm.WELL: WELL_PAUSE}
