"""The portal's clock, which a test may move."""

from __future__ import annotations

from collections.abc import Callable


class MovableClock:
    """Seconds since 1970: another clock's, and as many more as it was moved by."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._moved_s = 0.0

    def __call__(self) -> float:
        return self._clock() + self._moved_s

    def move(self, seconds: float) -> None:
        """Forward, or back where `seconds` is negative; all at once."""
        self._moved_s += seconds
