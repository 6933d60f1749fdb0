"""Finds the one card for whose sake whole hits are refused: a refused wave halves the next.

A portal that refuses everything looks the same at first. What tells them apart is that other cards pass: a
card that is refused alone is at fault only if some wave was answered since a card was last refused alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Narrowing:
    """`size` is how many cards the next wave may have."""

    whole: int
    size: int = field(init=False)
    _others_pass: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        self.size = self.whole

    @property
    def is_near(self) -> bool:
        """Whether the portal answers others, so that the next wave need not wait long."""
        return self._others_pass

    def note_answered(self) -> None:
        self._others_pass = True
        self.size = min(self.size * 2, self.whole)

    def note_refused(self, cards: int) -> bool:
        """Note that a wave of so many cards was refused; True where its only card is at fault."""
        at_fault = cards == 1 and self._others_pass
        if cards == 1:
            self._others_pass = False
        self.size = max(1, cards // 2)
        return at_fault
