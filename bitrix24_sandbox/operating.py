"""The resource budget: execution time per method in a window of ten minutes, and the costs booked on it.

The costs are the `time.processing` of the sample answers on the vendor's method pages, where a page has one:
crm.lead.add 3.3 s, crm.item.list 0.25 s, crm.item.get 0.16 s, crm.stagehistory.list 0.12 s, the history of
a session 0.07 s, a timeline comment under 0.09 s; crm.item.update took 3.7 s in all, of which some 0.3 s is
what every request pays beside its commands. The rest is set by analogy. Orders of magnitude, no measurements.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

WINDOW_S = 600
BUCKETS = 10
"""In a window: its minutes."""
NOT_BOOKED_BELOW_S = 0.1

HIT_OVERHEAD_S = 0.3
_BY_VERB: Mapping[str, float] = {
    "add": 0.3,
    "update": 0.3,
    "delete": 0.3,
    "set": 0.3,
    "list": 0.25,
    "get": 0.16,
}
_WRITES: Mapping[str, float] = {"add": 3.3, "update": 3.4, "delete": 1.0}
_CARDS = ("crm.item", "crm.deal", "crm.contact", "crm.lead")
_OWN: Mapping[str, float] = {
    "crm.stagehistory.list": 0.12,
    "imopenlines.session.history.get": 0.07,
    "crm.timeline.comment.add": 0.08,
    "crm.timeline.comment.update": 0.08,
    "crm.timeline.comment.list": 0.08,
    "crm.status.list": 0.05,
    "crm.category.list": 0.05,
}
_OTHERWISE = 0.05


def realistic_cost(method: str) -> float:
    """Seconds that one call takes."""
    family, _, verb = method.rpartition(".")
    if family in _CARDS and verb in _WRITES:
        return _WRITES[verb]
    return _OWN.get(method, _BY_VERB.get(verb, _OTHERWISE))


class Budget:
    """Ten buckets of a minute per method; over the limit it is the *next* call that is refused."""

    def __init__(self, limit_s: float, window_s: int = WINDOW_S) -> None:
        self.limit_s = limit_s
        self._bucket_s = window_s // BUCKETS
        self._lock = Lock()
        self._spent: dict[tuple[str, int], float] = {}

    def is_spent(self, method: str, now: float) -> bool:
        return self.used(method, now) >= self.limit_s

    def used(self, method: str, now: float) -> float:
        with self._lock:
            return sum(
                seconds
                for (name, bucket), seconds in self._spent.items()
                if name == method and bucket > self._bucket(now) - BUCKETS
            )

    def resets_at(self, method: str, now: float) -> int:
        """When the oldest minute that counts falls out of the window."""
        with self._lock:
            counting = [
                bucket
                for name, bucket in self._spent
                if name == method and bucket > self._bucket(now) - BUCKETS
            ]
        return (min(counting, default=self._bucket(now)) + BUCKETS) * self._bucket_s

    def book(self, method: str, seconds: float, now: float) -> None:
        if seconds < NOT_BOOKED_BELOW_S:
            return
        with self._lock:
            key = (method, self._bucket(now))
            self._spent[key] = self._spent.get(key, 0.0) + seconds
            horizon = self._bucket(now) - BUCKETS
            self._spent = {each: spent for each, spent in self._spent.items() if each[1] > horizon}

    def clear(self) -> None:
        with self._lock:
            self._spent.clear()

    def _bucket(self, now: float) -> int:
        return int(now // self._bucket_s)
