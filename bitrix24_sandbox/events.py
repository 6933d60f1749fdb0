"""Outgoing webhooks: at most once, never again, by threads of their own.

Events leave after the hit that caused them is stored and answered. Nothing is promised of their order.
"""

from __future__ import annotations

import heapq
import itertools
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random
from threading import Condition, Thread
from time import monotonic
from typing import Any

import requests

from bitrix24_sandbox import php
from bitrix24_sandbox.options import Delivery

_MEMBER_ID = "d8970b2a5e4f4c1ab6e0c3f2a9d41e77"
_HANDLER_ID = "975"
_REMEMBERED = 10_000
_CARD_ADDED = {"ONCRMDEALADD", "ONCRMCONTACTADD", "ONCRMLEADADD"}
_OUTCOMES = ("delivered", "refused", "failed", "lost")


@dataclass(frozen=True, slots=True)
class Announcement:
    """`event` in upper case, and the id that it is about."""

    event: str
    entity_id: int


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one event: "delivered", "refused" (not 2xx), "failed" (no answer) or "lost"."""

    event: str
    entity_id: int
    outcome: str
    status: int | None
    seconds: float


class Dispatcher:
    """`before_sending` is told of each announcement just before it leaves."""

    def __init__(
        self, url: str | None, token: str, domain: str, delivery: Delivery, clock: Callable[[], float]
    ) -> None:
        self.url = url
        self.token = token
        self.delivery = delivery
        self.before_sending: Callable[[Announcement], None] = lambda _announcement: None
        self._domain = domain
        self._clock = clock
        self._random = Random(delivery.seed)  # noqa: S311
        self._due: list[tuple[float, int, Announcement]] = []
        self._gathered: list[tuple[float, Announcement]] = []
        self._numbers = itertools.count()
        self._changed = Condition()
        self._stopping = False
        self._in_flight = 0
        self._pause_s = 0.0
        self.raised = 0
        self.history: deque[Sent] = deque(maxlen=_REMEMBERED)
        self._thread = Thread(target=self._run, name="sandbox-events", daemon=True)
        self._thread.start()

    def configure(self, **changes: Any) -> None:
        """Change the delivery's options while it runs."""
        with self._changed:
            self.delivery = replace(self.delivery, **changes)
            self._random = Random(self.delivery.seed)  # noqa: S311
            self._changed.notify_all()

    @property
    def pending(self) -> int:
        with self._changed:
            return len(self._due) + len(self._gathered) + self._in_flight

    def wait_until_sent(self, timeout_s: float) -> bool:
        """Block until nothing is pending; False if something still is after that time."""
        with self._changed:
            return self._changed.wait_for(lambda: self.pending == 0, timeout_s)

    def summary(self) -> dict[str, int]:
        """Count what was raised, what waits, and what became of the rest."""
        outcomes = Counter(sent.outcome for sent in list(self.history))
        return {"raised": self.raised, "pending": self.pending} | {each: outcomes[each] for each in _OUTCOMES}

    def publish(self, announcements: Iterable[Announcement]) -> None:
        with self._changed:
            for each in announcements:
                self.raised += 1
                self._accept(each)
                if each.event in _CARD_ADDED:
                    update = replace(each, event=each.event.replace("ADD", "UPDATE"))
                    for _ in range(self.delivery.updates_after_add):
                        self._accept(update)
            self._changed.notify_all()

    def close(self) -> None:
        """Stop; what has not left by now is lost, as in any restart of a portal's queue."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._thread.join()

    def _accept(self, announcement: Announcement) -> None:
        if self.url is None:
            return
        if self._random.random() < self.delivery.loss:
            self.history.append(Sent(announcement.event, announcement.entity_id, "lost", None, 0.0))
            return
        copies = 2 if self._random.random() < self.delivery.doubling else 1
        for _ in range(copies):
            if self.delivery.burst > 1:
                self._gathered.append((monotonic(), announcement))
            else:
                self._schedule(announcement)
        if len(self._gathered) >= self.delivery.burst:
            self._release()

    def _schedule(self, announcement: Announcement) -> None:
        wait_s = self.delivery.delay_s + self._random.uniform(0, self.delivery.reorder_s)
        heapq.heappush(self._due, (monotonic() + wait_s, next(self._numbers), announcement))

    def _release(self) -> None:
        for _, announcement in self._gathered:
            self._schedule(announcement)
        self._gathered.clear()

    def _run(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while (announcement := self._next()) is not None:
                started = monotonic()
                try:
                    self._send(session, announcement)
                finally:
                    with self._changed:
                        self._in_flight -= 1
                        self._changed.notify_all()
                self._mind_slowness(monotonic() - started)

    def _next(self) -> Announcement | None:
        """Wait for what is due; None when stopping."""
        with self._changed:
            while not self._stopping:
                now = monotonic()
                if self._gathered and now - self._gathered[0][0] >= self.delivery.burst_wait_s:
                    self._release()
                if self._due and self._due[0][0] <= now:
                    self._in_flight += 1
                    return heapq.heappop(self._due)[2]
                self._changed.wait(self._wait_s(now))
            return None

    def _wait_s(self, now: float) -> float | None:
        waits = [self._due[0][0] - now] if self._due else []
        if self._gathered:
            waits.append(self._gathered[0][0] + self.delivery.burst_wait_s - now)
        return max(0.0, min(waits)) if waits else None

    def _send(self, session: requests.Session, announcement: Announcement) -> None:
        self.before_sending(announcement)
        started, status = monotonic(), None
        try:
            response = session.post(
                self.url or "",
                data=self._body(announcement),
                timeout=self.delivery.timeout_s,
                allow_redirects=False,
                headers={
                    "Content-Type": "application/x-www-form-urlencoded",
                    "User-Agent": "Bitrix24 Webhook Engine",
                },
            )
            status = response.status_code
            outcome = "delivered" if response.ok else "refused"
        except requests.RequestException:
            outcome = "failed"
        self.history.append(
            Sent(announcement.event, announcement.entity_id, outcome, status, monotonic() - started)
        )

    def _mind_slowness(self, seconds: float) -> None:
        """Call a handler that thinks before it answers at growing intervals."""
        if seconds <= self.delivery.slow_after_s:
            self._pause_s = 0.0
            return
        self._pause_s = min(max(1.0, self._pause_s * 2), self.delivery.slow_pause_max_s)
        until = monotonic() + self._pause_s
        with self._changed:
            while not self._stopping and (left := until - monotonic()) > 0:
                self._changed.wait(left)

    def _body(self, announcement: Announcement) -> str:
        number = {"ID": str(announcement.entity_id)}
        of_comment = announcement.event.startswith("ONCRMTIMELINECOMMENT")
        data = number if of_comment and self.delivery.comment_shape == "data" else {"FIELDS": number}
        form: dict[str, Any] = {
            "event": announcement.event,
            "event_handler_id": _HANDLER_ID,
            "data": data,
            "ts": str(int(self._clock())),
            "auth": {
                "domain": self._domain,
                "client_endpoint": f"https://{self._domain}/rest/",
                "server_endpoint": "https://oauth.bitrix.info/rest/",
                "member_id": _MEMBER_ID,
                "application_token": self.token,
            },
        }
        for name in self.delivery.omit:
            form.pop(name, None)
            form["auth"].pop(name, None)
        return php.build_query(form)
