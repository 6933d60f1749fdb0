"""The resource budget: execution time per method over ten minutes, and the costs that are booked on it.

The costs are rounded from the `time.duration` of the sample answers on the vendor's method pages; they are
orders of magnitude, not measurements of any one portal.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

WINDOW_S, BUCKET_S = 600, 60
NOT_BOOKED_BELOW_S = 0.1

_COSTS: Mapping[str, float] = {
    "add": 0.9,
    "update": 1.2,
    "delete": 0.5,
    "set": 0.6,
    "list": 0.25,
    "get": 0.12,
}
_OWN_COSTS: Mapping[str, float] = {
    "crm.item.update": 1.6,
    "crm.item.add": 1.2,
    "crm.item.list": 0.3,
    "crm.stagehistory.list": 0.15,
    "crm.timeline.comment.add": 0.35,
    "crm.timeline.comment.update": 0.3,
    "crm.timeline.comment.list": 0.12,
    "crm.duplicate.findbycomm": 0.1,
    "crm.status.list": 0.05,
    "crm.category.list": 0.05,
    "profile": 0.01,
    "scope": 0.01,
    "server.time": 0.01,
    "user.get": 0.1,
    "voximplant.statistic.get": 0.3,
}
_OTHERWISE = 0.1


def realistic_cost(method: str) -> float:
    """Seconds that one call takes."""
    return _OWN_COSTS.get(method, _COSTS.get(method.rsplit(".", 1)[-1], _OTHERWISE))


class Budget:
    """Ten buckets of a minute per method; over the limit it is the *next* call that is refused."""

    def __init__(self, limit_s: float) -> None:
        self.limit_s = limit_s
        self._lock = Lock()
        self._spent: dict[tuple[str, int], float] = {}

    def is_spent(self, method: str, now: float) -> bool:
        return self.used(method, now) >= self.limit_s

    def used(self, method: str, now: float) -> float:
        with self._lock:
            return sum(
                seconds
                for (name, bucket), seconds in self._spent.items()
                if name == method and bucket > self._bucket(now) - WINDOW_S // BUCKET_S
            )

    def resets_at(self, method: str, now: float) -> int:
        """When the oldest minute that counts falls out of the window."""
        with self._lock:
            counting = [
                bucket
                for name, bucket in self._spent
                if name == method and bucket > self._bucket(now) - WINDOW_S // BUCKET_S
            ]
        return (min(counting, default=self._bucket(now)) * BUCKET_S) + WINDOW_S

    def book(self, method: str, seconds: float, now: float) -> None:
        if seconds < NOT_BOOKED_BELOW_S:
            return
        with self._lock:
            key = (method, self._bucket(now))
            self._spent[key] = self._spent.get(key, 0.0) + seconds
            horizon = self._bucket(now) - WINDOW_S // BUCKET_S
            self._spent = {each: spent for each, spent in self._spent.items() if each[1] > horizon}

    def clear(self) -> None:
        with self._lock:
            self._spent.clear()

    @staticmethod
    def _bucket(now: float) -> int:
        return int(now // BUCKET_S)
