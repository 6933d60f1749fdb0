"""Claims waves, reconciles them, and decides what the inbox does with each ref.

`outcome_of` is the one place where a result or an error becomes an outcome. When nothing of a wave could be
read because the portal as a whole does not answer, the refs are not at fault: they go back uncounted and the
worker waits a little longer each time, so that an outage of hours ends with a whole inbox and no dead
letters.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never

from gatekeeper.metrics.meter import Meter
from gatekeeper.model.errors import (
    AccessLost,
    AnswerTooLong,
    HitRefused,
    MethodBlocked,
    Moved,
    NotFound,
    PortalError,
    RateLimited,
    ScopeMissing,
    Unavailable,
    Unexplained,
    Unreadable,
)
from gatekeeper.model.refs import EntityRef
from gatekeeper.portal.reader import Reader
from gatekeeper.portal.writer import Applied, Overtaken, Result, Unsure
from gatekeeper.store.heartbeat import Heartbeat
from gatekeeper.store.inbox import Claim, Inbox
from gatekeeper.worker.guard import DATABASE_AWAY, Guard
from gatekeeper.worker.narrowing import Narrowing
from gatekeeper.worker.sweep import Sweeper
from gatekeeper.worker.wave.reconcile import Reconciler
from gatekeeper.worker.weeding import Weeding

log = logging.getLogger(__name__)

POINTERS_A_CARD = 3
"""How many comments and activities a wave follows for each card that it may have."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 20.0  # shorter than the silence that `readyz` takes for death


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing more to do until the next event."""


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Look again then; None leaves the time to the inbox's backoff."""

    at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class PutOff:
    """Look again then, as if nothing had been tried: the card is not the cause."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Asking again would not help: a dead letter, for an admin to see."""

    why: str


@dataclass(frozen=True, slots=True)
class Held:
    """A write may still be under way, so nobody looks for a while, whatever news there is of the card."""

    why: str


Step = Callable[[], bool | None]
Outcome = Done | RetryAt | PutOff | GivenUp | Held


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """`unsure_wait_s` outlasts a request whose answer never came: the portal ends each within 60 s.

    What falls due within `ahead_s` comes along in a wave. `gather_s` is the pause between two waves while the
    portal's limit is used up.
    """

    wave: int = 150
    poll_s: float = 0.2
    ahead_s: float = 0.25
    gather_s: float = 2.0
    settle_s: float = 1.0
    unsure_wait_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Defect:
    """A mistake of our own; `why` names the place and no data."""

    why: str


def outcome_of(result: Result | Defect, now: datetime, settings: WorkerSettings) -> Outcome:
    """What the inbox does with a ref whose pass ended so."""
    match result:
        case Applied() | NotFound():
            return Done()
        case Overtaken():
            return RetryAt(now + timedelta(seconds=settings.settle_s), "overtaken")
        case Unsure(error):
            return Held(str(error))
        case MethodBlocked(free_at=datetime() as free_at):
            return PutOff(free_at, str(result))
        case Defect(why=why):
            return RetryAt(None, why)
        case Unavailable() | AccessLost() | Moved() | ScopeMissing() | Unreadable() | Unexplained():
            return RetryAt(None, str(result))
        case PortalError():
            return GivenUp(str(result))
        case _:
            assert_never(result)


def is_outage(result: Result | Defect) -> bool:
    """Whether the portal, and not this card, is the cause."""
    return isinstance(result, Unavailable | AccessLost | ScopeMissing | Moved)


def is_suspicious(result: Result | Defect) -> bool:
    """Whether an outage may be the doing of a single card of the wave."""
    return isinstance(result, HitRefused | AnswerTooLong)


@dataclass(frozen=True, slots=True)
class Chores:
    """What is done between two waves, a hit at a time, by name.

    `idle` are done while the inbox is empty, the first that has something to do; each call is a step and
    says whether there was one. The sweep has its turn after every wave, and so have the `errands`, each so
    short that no card waits for it.
    """

    idle: Mapping[str, Step]
    sweeper: Sweeper
    errands: Mapping[str, Step]


@dataclass
class Worker:
    """One loop over the inbox. `stop` ends it between two waves; a wave under way is finished.

    `now` is the machine's time, for the inbox; `portal_now` the portal's, None while it is not known.
    `fullness` tells how much of the portal's limit is used up, from 0 to 1.
    """

    inbox: Inbox
    reader: Reader
    reconciler: Reconciler
    weeding: Weeding
    heartbeat: Heartbeat
    chores: Chores
    settings: WorkerSettings
    meter: Meter
    owner: str
    now: Callable[[], datetime]
    portal_now: Callable[[], datetime | None]
    check_file: Callable[[], None]
    tell_alive: Callable[[], None]
    fullness: Callable[[], float]
    guard: Guard = field(default_factory=Guard)
    _pause_s: float = field(default=0.0, init=False)
    _unsettled: Sequence[Claim] = field(default=(), init=False)
    _narrowing: Narrowing = field(init=False)
    _is_busy: bool = field(default=True, init=False)
    _begun_at: float | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._narrowing = Narrowing(self.settings.wave)

    def run(self, stop: threading.Event, is_outdated: Callable[[], bool] = lambda: False) -> None:
        """Work until told to stop, or until another worker is to take over, asked between two waves."""
        log.info("worker.started owner=%s", self.owner)
        run, chores, begun = self.guard.run, self.chores, False
        run("heartbeat", self._beat)
        run("prepare", self.prepare)
        while not stop.is_set() and not is_outdated():
            self.tell_alive()
            run("heartbeat", self._beat)
            begun = begun or run("sweep", self._begin_sweep)
            busy = run("wave", self.run_wave) or any(run(name, step) for name, step in chores.idle.items())
            busy = run("sweep", chores.sweeper.step) or busy
            for name, errand in chores.errands.items():
                run(name, errand)
            self.meter.flush()
            stop.wait(self._pause_s or (self._gather_s() if busy else self.settings.poll_s))
        log.info("worker.stopped owner=%s", self.owner)

    def _gather_s(self) -> float:
        """How long to let others come before the next wave: the less room the portal has left, the longer.

        A wave of few costs as many hits as a wave of many. While the bucket is not empty no hit is lost.
        """
        return self.settings.gather_s * self.fullness()

    def _beat(self) -> None:
        self.check_file()
        self.heartbeat.beat(self.owner, self.portal_now())

    def prepare(self) -> None:
        """Read what does not change from card to card. These answers tell what time it is on the portal."""
        with suppress(PortalError):  # the first wave asks again, and says what is wrong
            self.reader.prepare()
            self.reconciler.begin_watching()

    def _begin_sweep(self) -> bool:
        self.chores.sweeper.begin()
        return True

    @property
    def wave_s(self) -> float:
        """How long the wave that is under way has lasted; 0 while there is none."""
        begun_at = self._begun_at
        return 0.0 if begun_at is None else time.monotonic() - begun_at

    @property
    def pause_s(self) -> float:
        """How long the portal wants no wave."""
        return self._pause_s

    def run_wave(self) -> bool:
        """Claim and finish one wave; False when there was nothing to claim."""
        self._release_unsettled()
        if self._is_busy:
            self.weeding.weed()
        size = self._narrowing.size
        claims = self._unsettled = self.inbox.claim(
            size, self.owner, pointers=POINTERS_A_CARD * size, ahead_s=self.settings.ahead_s
        )
        self._is_busy = bool(claims)
        if not claims:
            self._pause_s = 0.0
            return False
        self._begun_at = time.monotonic()
        try:
            results = self._guarded(claims)
        finally:
            self._begun_at = None
        suspects = [claim for claim in claims if is_suspicious(results[claim.ref])]
        others = [claim for claim in claims if claim not in suspects]
        if others and all(is_outage(results[claim.ref]) for claim in others):
            self._wait_out(claims, results[others[0].ref], LONGEST_PAUSE_S)
        else:
            self._settle_all(others, results)
            self._bear_refusal(suspects, results)
        self._unsettled = ()
        return True

    def _release_unsettled(self) -> None:
        """Give back, uncounted, what a database that went away kept us from settling."""
        if self._unsettled:
            self.inbox.release(self._unsettled)
            self._unsettled = ()

    def _bear_refusal(self, suspects: Sequence[Claim], results: Mapping[EntityRef, Result | Defect]) -> None:
        """Put these back uncounted, unless a single one has been found to be the cause."""
        if not suspects:
            return
        if self._narrowing.note_refused(len(suspects)):
            self._settle_each(suspects, results)
        else:
            longest_s = FIRST_PAUSE_S if self._narrowing.is_near else LONGEST_PAUSE_S
            self._wait_out(suspects, results[suspects[0].ref], longest_s)

    def _settle_all(self, claims: Sequence[Claim], results: Mapping[EntityRef, Result | Defect]) -> None:
        """Settle what the portal answered: it was there, so there is nothing to wait for."""
        if claims:
            self._pause_s = 0.0
            self._narrowing.note_answered()
            self._settle_each(claims, results)

    def _settle_each(self, claims: Sequence[Claim], results: Mapping[EntityRef, Result | Defect]) -> None:
        """Those that are done in one statement, the others each by its outcome."""
        done: list[Claim] = []
        for claim in claims:
            outcome = outcome_of(results[claim.ref], self.now(), self.settings)
            self.meter.settled(claim, type(outcome).__name__, self.now())
            if isinstance(outcome, Done):
                done.append(claim)
            else:
                self._settle(claim, outcome)
        self.inbox.done(done)

    def _guarded(self, claims: Sequence[Claim]) -> Mapping[EntityRef, Result | Defect]:
        """The wave's results; where a mistake of our own ends it, only the ref that brings it out pays."""
        try:
            return self._results(claims)
        except DATABASE_AWAY:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the other refs are not at fault
            if len(claims) > 1:
                return {ref: each for claim in claims for ref, each in self._guarded([claim]).items()}
            place = traceback.extract_tb(error.__traceback__)[-1]
            # Not the error's text, which may hold a client's data.
            return {claims[0].ref: Defect(f"{type(error).__name__} at {place.name}:{place.lineno}")}

    def _results(self, claims: Sequence[Claim]) -> dict[EntityRef, Result]:
        priority = min(claim.priority for claim in claims)
        refs = [claim.ref for claim in claims]
        glances = {claim.ref for claim in claims if not claim.whole}
        results = self.reconciler.reconcile(refs, priority, lambda: self._still_held(claims), glances)
        seen = results.keys() - set(refs)
        if seen:
            self.inbox.absorb(seen, min(claim.claimed_at for claim in claims))
        return results

    def _still_held(self, claims: Sequence[Claim]) -> set[EntityRef]:
        return {claim.ref for claim in self.inbox.renew(claims)}

    def _settle(self, claim: Claim, outcome: RetryAt | PutOff | Held | GivenUp) -> None:
        match outcome:
            case RetryAt(at=at, why=why):
                log.warning("ref.retried ref=%s why=%s", claim.ref, why)
                self.inbox.failed(claim, why, at)
            case PutOff(at=at, why=why):
                log.warning("ref.retried ref=%s why=%s", claim.ref, why)
                self.inbox.release(claim, retry_at=at)
            case Held(why=why):
                log.warning("ref.held ref=%s why=%s", claim.ref, why)
                self.inbox.hold(claim, why, self.settings.unsure_wait_s)
            case GivenUp(why=why):
                log.error("ref.given_up ref=%s why=%s", claim.ref, why)
                self.inbox.give_up(claim, why)
            case _:
                assert_never(outcome)

    def _wait_out(self, claims: Sequence[Claim], cause: Result | Defect, longest_s: float) -> None:
        self._pause_s = min(max(self._pause_s * 2, FIRST_PAUSE_S), longest_s)
        log.log(_gravity(cause, self._pause_s), "portal.unavailable pause_s=%s why=%s", self._pause_s, cause)
        alone = is_suspicious(cause) and len(claims) == 1  # the next in turn shows whether others pass
        self.inbox.release(claims, retry_at=self.now() + timedelta(seconds=self._pause_s) if alone else None)


def _gravity(cause: Result | Defect, pause_s: float) -> int:
    """An error is what an admin has to act upon: what will not pass by itself, or has not for long.

    That the portal has no time for a moment is how its limit works, and is told to nobody who did not ask.
    """
    if pause_s >= LONGEST_PAUSE_S or isinstance(cause, AccessLost | Moved | ScopeMissing):
        return logging.ERROR
    if isinstance(cause, RateLimited | MethodBlocked) and pause_s <= FIRST_PAUSE_S:
        return logging.INFO
    return logging.WARNING
