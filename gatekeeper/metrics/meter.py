"""Counts what a process does, in memory, and puts it into the tally now and then.

What is counted is said in the product's words here, and what that is called on a dashboard in `names`, so
that those who count need not know.
"""

from __future__ import annotations

import logging
import threading
from bisect import bisect_left
from collections import Counter as Counts
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from gatekeeper.enforcement import Action, PostComment, UpdateComment
from gatekeeper.judge.verdict import Verdict
from gatekeeper.metrics import names
from gatekeeper.model.errors import PortalError
from gatekeeper.model.refs import EntityRef, Priority
from gatekeeper.store.tally import Series, Tally

log = logging.getLogger(__name__)

FLUSH_S = 5.0
"""So old may a count of the web process be before it is added; killed, it has lost these."""


class ClaimLike(Protocol):
    """What the inbox hands out, as far as it matters here."""

    @property
    def ref(self) -> EntityRef: ...
    @property
    def priority(self) -> Priority: ...
    @property
    def first_marked(self) -> datetime: ...


class Meter:
    """Any thread may count. Without a tally the counts stay here: for commands, and for tests."""

    def __init__(self, tally: Tally | None = None) -> None:
        self._tally = tally
        self._lock = threading.Lock()
        self._counts: Counts[Series] = Counts()
        self._said: set[EntityRef] = set()

    def heard(self, answer: str) -> None:
        """A request to /events was answered so."""
        self._count(names.EVENTS, answer)

    def hit(self, priority: Priority, methods: Iterable[str]) -> None:
        """A request went to the portal, with these commands in it."""
        self._count(names.HITS, priority.name.lower())
        for method in methods:
            self._count(names.COMMANDS, method)

    def refused(self, error: PortalError) -> None:
        """`code` is the portal's own and of its alphabet; its words may quote a client."""
        self._count(names.ERRORS, type(error).__name__, error.code)

    def judged(self, verdict: Verdict) -> None:
        self._count(names.VERDICTS, verdict.ref.kind, verdict.status or "")
        for violation in verdict.violations:
            self._count(names.RULES, violation.rule, "violated")
        for unjudged in verdict.not_judged:
            self._count(names.RULES, unjudged.rule, "not_judged")

    def applied(self, ref: EntityRef, action: Action, result: str) -> None:
        """`result` in one word: applied, overtaken, unsure, failed, left_out."""
        self._count(names.ACTIONS, type(action).__name__, result)
        if result == "applied" and isinstance(action, PostComment | UpdateComment):
            self._said.add(ref)

    def settled(self, claim: ClaimLike, outcome: str, now: datetime) -> None:
        """The inbox was told; where a comment was written, its event was answered by this moment."""
        self._count(names.OUTCOMES, outcome)
        said = claim.ref in self._said
        self._said.discard(claim.ref)
        if said and claim.priority is Priority.LIVE:
            self._observe(names.SAID_AFTER, max(0.0, (now - claim.first_marked).total_seconds()))

    def counts(self) -> dict[Series, float]:
        """What is not yet in the tally."""
        with self._lock:
            return dict(self._counts)

    def keep_flushing(self, stop: threading.Event, every_s: float = FLUSH_S) -> None:
        """Flush at intervals from a thread of its own: for the web process, whose requests must not wait."""

        def flush_until_stopped() -> None:
            while not stop.wait(every_s):
                self.flush()

        threading.Thread(target=flush_until_stopped, name="meter-flush", daemon=True).start()

    def flush(self) -> None:
        """Add to the tally. What cannot be added now stays for the next time: no work fails for its count."""
        if self._tally is None:
            return
        with self._lock:
            counts, self._counts = self._counts, Counts()
        try:
            self._tally.add(counts)
        except SQLAlchemyError as error:
            log.warning("metrics.kept why=%s", type(error).__name__)
            with self._lock:
                self._counts.update(counts)

    def _count(self, counter: names.Counter, *labels: str) -> None:
        self._add({Series(counter.name, labels): 1})

    def _observe(self, histogram: names.Histogram, seconds: float) -> None:
        place = bisect_left(histogram.bounds, seconds)
        self._add(
            {Series(histogram.name, (histogram.labels[place],)): 1, Series(f"{histogram.name}_sum"): seconds}
        )

    def _add(self, counts: dict[Series, float]) -> None:
        with self._lock:
            for series, value in counts.items():
                self._counts[series] += value  # type: ignore[assignment]  # a Counter adds floats as well
