"""What time it is on the portal, by what its answers say.

Which clock is for what
    The portal's (`PortalClock.now`): everything that is held against a card or told to a person. Judging,
    graces, due times, the day of a revert, quiet hours, digests, the sweep, retention, and every moment that
    the journal, the visits and the outbox keep. Whoever has no line to the portal takes it from the workers
    (`Heartbeat.portal_now`).
    The database's (`database_now`): what processes agree on among themselves. Leases, marks and delays of the
    inbox, rounds of jobs, heartbeats, the limiter.
    The machine's (`utc_now`): what must have a time although the portal is silent. Log lines, troubles, the
    end of a method's block, the names of backups.
    The monotonic one: pauses, timeouts, the age of what is kept in memory.

An answer tells whole seconds and took a while to come, so it bounds the portal's clock from both sides. One
within these bounds narrows them. One outside is a claim: it is ignored, until `ENOUGH` answers in a row make
the same claim, each to a hit sent after the one before was answered. So a single spoilt answer changes
nothing, while a suspended machine or a portal whose clock was set is followed within a few hits. While
answers claim that it is earlier than we know, there is no time at all: nothing is judged by the later reading
that may be wrong, nor by the earlier one that may be spoilt. The first answer of a process is believed if the
machine's clock bears it out, and is a claim otherwise.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from gatekeeper.model.errors import ClockUnsure
from gatekeeper.portal.wire.forms import Misread, a_moment

log = logging.getLogger(__name__)

ENOUGH = 3
"""So many answers in a row are believed against what was known."""
SLACK_S = 5.0
"""Answers that differ by no more agree: monotonic clocks drift, and a portal has several servers."""
MOST_DRIFT = timedelta(minutes=5)
"""A machine whose clock differs by more is told of."""
_WITNESS_S = 30.0  # a machine whose clock differs by no more bears out the first answer
_WHOLE_SECOND = 1.0


@dataclass(frozen=True, slots=True)
class _Span:
    """How many seconds the portal's clock is ahead of the monotonic one, at least and at most."""

    least: float
    most: float

    def agrees_with(self, other: _Span) -> bool:
        return self.least - other.most <= SLACK_S and other.least - self.most <= SLACK_S

    def narrowed_by(self, other: _Span) -> _Span:
        """What both admit; the other where they have drifted apart."""
        least, most = max(self.least, other.least), min(self.most, other.most)
        return _Span(least, most) if least <= most else other


@dataclass(frozen=True, slots=True)
class _Claim:
    """What `times` answers in a row said against what was known, the last one heard at `heard_at`."""

    span: _Span
    heard_at: float
    times: int = 1


class PortalClock:
    """Any thread may tell it, and ask. It goes back only where `ENOUGH` answers say that the portal's did."""

    def __init__(
        self,
        *,
        machine_now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.monotonic = monotonic
        self.machine_now = machine_now
        self._lock = threading.Lock()
        self._known: _Span | None = None
        self._claim: _Claim | None = None
        self._latest = float("-inf")

    def hear(self, told: Any, sent_at: float) -> None:
        """Take in the `time` of an answer; `sent_at` is the monotonic time at which its hit was sent.

        What holds no readable `date_finish` is ignored.
        """
        try:
            seconds = a_moment(told["date_finish"]).timestamp()
        except (ArithmeticError, KeyError, Misread, TypeError, ValueError):
            return
        heard_at = self.monotonic()
        span = _Span(seconds - heard_at, seconds + _WHOLE_SECOND - sent_at)
        with self._lock:
            self._weigh(span, sent_at, heard_at)

    def now(self) -> datetime:
        """Aware UTC. Raises ClockUnsure before it is known, and while answers contradict each other."""
        reading = self.reading()
        if reading is None:
            raise ClockUnsure("time", detail="no_time_told")
        return reading

    def reading(self) -> datetime | None:
        """Like `now`; None where that raises."""
        with self._lock:
            if self._known is None or self._is_contradicted(self._known):
                return None
            self._latest = max(self._latest, self._known.least + self.monotonic())
            return datetime.fromtimestamp(self._latest, UTC)

    @property
    def is_sure(self) -> bool:
        return self.reading() is not None

    def drift(self) -> timedelta | None:
        """How far the machine's clock is ahead of the portal's; None while that is not known."""
        reading = self.reading()
        return None if reading is None else self.machine_now() - reading

    def _weigh(self, span: _Span, sent_at: float, heard_at: float) -> None:
        if self._known is not None and span.agrees_with(self._known):
            self._known, self._claim = self._known.narrowed_by(span), None
            return
        claim = self._claim
        if claim is None or not span.agrees_with(claim.span):
            claim = _Claim(span, heard_at)
        elif sent_at >= claim.heard_at:
            claim = _Claim(claim.span.narrowed_by(span), heard_at, claim.times + 1)
        self._claim = claim
        if claim.times >= ENOUGH or (self._known is None and self._is_borne_out(span, heard_at)):
            self._believe(claim.span, heard_at)

    def _is_contradicted(self, known: _Span) -> bool:
        return self._claim is not None and self._claim.span.most < known.least

    def _is_borne_out(self, span: _Span, heard_at: float) -> bool:
        machine = self.machine_now().timestamp() - heard_at
        return span.least - _WITNESS_S <= machine <= span.most + _WITNESS_S

    def _believe(self, span: _Span, heard_at: float) -> None:
        if self._known is not None:
            log.warning("clock.set by_s=%s", round(span.least - self._known.least))
        self._known, self._claim = span, None
        if span.least + heard_at < self._latest:
            self._latest = float("-inf")
