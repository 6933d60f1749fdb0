"""How often one address may be wrong about the token, and how often one token is heard at once.

Somebody with the right token is always heard, whatever others send from the same address: portals share the
addresses of Bitrix24's cloud, so a stranger's portal could else keep ours from being heard, and an event that
is turned away is lost. Tokens are 32 random characters: guessing them is hopeless with any limit.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_network

from gatekeeper.web.source import Address

WINDOW_S = 60.0
MOST_ADDRESSES = 10_000
_HOME_OF_ONE = 64
"""Whoever has an IPv6 address has a network of this length."""


class Throttle:
    """Any thread may ask. Of more addresses than `most`, the one silent for longest is forgotten."""

    def __init__(self, limit: int, monotonic: Callable[[], float], *, most: int = MOST_ADDRESSES) -> None:
        self._limit = limit
        self._monotonic = monotonic
        self._most = most
        self._lock = threading.Lock()
        self._wrong: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._wrong)

    def is_too_often(self, address: Address | None) -> bool:
        """Count a wrong token from there; True beyond `limit` of them within a minute."""
        key, now = _key(address), self._monotonic()
        with self._lock:
            since, count = self._wrong.pop(key, (now, 0))
            if now - since >= WINDOW_S:
                since, count = now, 0
            self._wrong[key] = since, count + 1
            if len(self._wrong) > self._most:
                self._wrong.popitem(last=False)
        return count >= self._limit


class Pace:
    """Tells events within the usual pace of their token from a crowd. Any thread may ask.

    Each token has a bucket of `per_minute` events that drains evenly, so a burst of a minute's events is
    usual. Whoever stole a token can name cards faster than they can be read; those beyond the pace wait for
    the others, and none is refused.
    """

    def __init__(self, per_minute: int, monotonic: Callable[[], float]) -> None:
        self._per_minute = per_minute
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}

    def is_usual(self, token: str) -> bool:
        """Count an event with that token."""
        with self._lock:
            now = self._monotonic()
            at, level = self._buckets.get(token, (now, 0.0))
            level = max(0.0, level - (now - at) * self._per_minute / WINDOW_S)
            usual = level + 1 <= self._per_minute
            self._buckets[token] = now, level + usual
            return usual


def _key(address: Address | None) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _HOME_OF_ONE), strict=False))
    return str(address)
