"""The portal's leaky bucket: one per source address, shared by everything that calls from there."""

from __future__ import annotations

from threading import Lock

from bitrix24_sandbox.options import Bucket


class Limiter:
    """`bucket` None admits everything. A refused hit does not fill the bucket."""

    def __init__(self, bucket: Bucket | None) -> None:
        self._bucket = bucket
        self._lock = Lock()
        self._levels: dict[str, tuple[float, float]] = {}

    def admits(self, client: str, now: float) -> bool:
        if self._bucket is None:
            return True
        with self._lock:
            level, at = self._levels.get(client, (0.0, now))
            level = max(0.0, level - max(0.0, now - at) * self._bucket.rate)
            admitted = level + 1 <= self._bucket.capacity
            self._levels[client] = (level + 1 if admitted else level, now)
            return admitted

    def clear(self) -> None:
        with self._lock:
            self._levels.clear()
