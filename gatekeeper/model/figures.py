"""A day's figures as values: what the digest says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from gatekeeper.model.cards import Unread


@dataclass(frozen=True, slots=True)
class ViolationCounts:
    """Violations of one rule, or of one person's cards: opened and closed that day, open at its end."""

    name: str
    opened: int
    closed: int
    standing: int


@dataclass(frozen=True, slots=True)
class DayFigures:
    """`by_rule` names rules by id, `by_person` people as they are called, the most burdened first.

    `reverted` deals went back that day; `left` were to and did not, because of the day's limit, a robot or
    the breaker, which is open since `breaker_since`. `not_judged`: (rule id, why, how many cards).
    `dead_letters` are cards that wait for an admin. What belongs to the whole department only is empty in a
    head's figures.
    """

    day: date
    by_rule: tuple[ViolationCounts, ...] = ()
    by_person: tuple[ViolationCounts, ...] = ()
    reverted: int = 0
    left: int = 0
    breaker_since: datetime | None = None
    not_judged: tuple[tuple[str, tuple[Unread, ...], int], ...] = ()
    dead_letters: int = 0

    @property
    def is_quiet(self) -> bool:
        """Nothing happened that day: what stands since long ago is no news."""
        moved = any(each.opened or each.closed for each in self.by_rule)
        return not (moved or self.reverted or self.left or self.breaker_since or self.dead_letters)
