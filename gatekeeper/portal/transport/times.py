"""How long the portal takes for each method, by what its answers say."""

from __future__ import annotations

from typing import Any

UNTOLD_S = 0.25
"""What a method is taken to last of which no answer has told yet."""
FADING = 0.8
"""How much of what was seen before counts against a quicker answer: slow ones are believed at once."""


class MethodTimes:
    """Any thread may tell it, and ask: of two answers either is good enough, so there is no lock."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    def learn(self, method: str, told: Any) -> None:
        """Take in the `time` of an answer; what holds no readable `duration` is ignored."""
        seconds = told.get("duration") if isinstance(told, dict) else None
        if isinstance(seconds, int | float) and 0 <= seconds < float("inf"):
            self._seconds[method] = max(float(seconds), FADING * self._seconds.get(method, 0.0))

    def expected_s(self, method: str) -> float:
        return self._seconds.get(method, UNTOLD_S)

    def is_known(self, method: str) -> bool:
        return method in self._seconds
