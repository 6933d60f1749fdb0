"""The straight line over one wave: read, judge, plan, record, apply.

Moves go before comments, because a comment says what became of the move. Every step may be the last one
before a crash: what is recorded but not applied is planned again by the next pass, which reads first.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gatekeeper.enforcement import (
    CALM,
    Circumstances,
    Enforcement,
    MoveStage,
    Plan,
)
from gatekeeper.enforcement.settings import DAY
from gatekeeper.enforcement.side import Side
from gatekeeper.judge.policy import Policy
from gatekeeper.judge.verdict import Verdict
from gatekeeper.messages import Messages
from gatekeeper.metrics.meter import Meter
from gatekeeper.model.cards import ContactSnapshot, DealSnapshot, Snapshot, Unread
from gatekeeper.model.errors import ClockUnsure, NotFound, PortalError
from gatekeeper.model.exemption import Exemption
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.reader import Reader
from gatekeeper.portal.transport.rounds import Reading
from gatekeeper.portal.writer import Applied, Result, Writer
from gatekeeper.store.breaker import Breaker
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.journal.rows import Decision
from gatekeeper.store.journal.snapshots import LatestSnapshots
from gatekeeper.store.outbox import Outbox
from gatekeeper.worker.wave.aftermath import Aftermath
from gatekeeper.worker.wave.apply import Applier
from gatekeeper.worker.wave.indexing import Indexer
from gatekeeper.worker.wave.neighbours import Neighbourhood
from gatekeeper.worker.wave.related import Related

log = logging.getLogger(__name__)

WHOLE = Applied()


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A card as it was read, what is against it, and what would be done and remembered."""

    snapshot: Snapshot
    verdict: Verdict
    planned: Plan


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Everything a pass needs.

    `now` is the portal's time. It is taken once a pass, after the reads, which tell it. `enforcement` is what
    holds at a moment.
    """

    reader: Reader
    writer: Writer
    breaker: Breaker
    outbox: Outbox
    journal: Journal
    latest: LatestSnapshots
    policy: Policy
    enforcement: Callable[[datetime], Enforcement]
    messages: Messages
    indexer: Indexer
    neighbourhood: Neighbourhood
    related: Related
    aftermath: Aftermath
    granted: Callable[[], Sequence[Exemption]]
    mark_dirty: Callable[[Iterable[EntityRef], Priority], None]
    now: Callable[[], datetime]
    meter: Meter = field(default_factory=Meter)

    def begin_watching(self) -> None:
        """Remember, at the first start ever, since when this portal is watched. Raises ClockUnsure."""
        self.enforcement(self.now())

    def reconcile(
        self, refs: Sequence[EntityRef], priority: Priority, renew: Callable[[], Collection[EntityRef]]
    ) -> dict[EntityRef, Result]:
        """What became of each card: Applied, Overtaken, or the error that stood in the way.

        `renew` begins the wave's lease anew and tells which cards are still ours; the others are left alone.
        """
        begun = time.monotonic()
        snapshots = self.reader.carry_out(self._read(refs, priority), priority)
        try:
            now = self.now()
        except ClockUnsure as error:
            return dict.fromkeys(refs, error)
        began_at = now - timedelta(seconds=time.monotonic() - begun)
        results: dict[EntityRef, Result] = {
            ref: snapshot for ref, snapshot in snapshots.items() if isinstance(snapshot, PortalError)
        }
        readable = {
            ref: snapshot for ref, snapshot in snapshots.items() if not isinstance(snapshot, PortalError)
        }
        self.latest.keep(list(readable.values()), now)
        decisions, plans = self._decide(readable, now, priority)
        self._mark_related(snapshots, decisions, now, priority)
        self.journal.record(list(decisions.values()), self.policy)
        results |= self._apply(decisions, readable, now, priority, renew)
        self.aftermath.keep_visits(
            {ref: plans[ref] for ref, result in results.items() if result == WHOLE},
            readable,
            decisions,
            began_at,
            now,
            live=priority.is_of_event,
        )
        self.aftermath.forget_gone(snapshots, now)
        return results

    def _apply(
        self,
        decided: Mapping[EntityRef, Decision],
        readable: Mapping[EntityRef, Snapshot],
        now: datetime,
        priority: Priority,
        renew: Callable[[], Collection[EntityRef]],
    ) -> dict[EntityRef, Result]:
        """What became of every card that was read, whether anything was to be done or not."""
        decisions = _only(decided, renew())
        parts = (self.writer, self.journal, self.outbox, self.policy, self.messages, self.meter)
        applier = Applier(*parts, now)
        moves = applier.move(decisions, readable, priority)
        ready = {ref: decision for ref, decision in decisions.items() if moves.get(ref, WHOLE) == WHOLE}
        comments = applier.say(_only(ready, renew()), priority)
        closings = applier.close_others(_only(ready, renew()), priority)
        held = renew()
        fields = applier.fill_in(_only(decisions, held), priority)
        results: dict[EntityRef, Result] = {}
        for ref in readable:
            steps = (moves, comments, closings, fields)
            outcomes = (step.get(ref, WHOLE) for step in steps)
            results[ref] = next((outcome for outcome in outcomes if outcome != WHOLE), WHOLE)
        if self.enforcement(now).notices:
            applier.release_notices({ref: result for ref, result in results.items() if ref in held}, decided)
        return results

    def foresee(
        self, refs: Sequence[EntityRef], priority: Priority
    ) -> dict[EntityRef, Foreseen | PortalError]:
        """Read, judge and plan, writing nothing; planned as if this were no dry run."""
        histories = self.journal.load(refs)
        read = self.reader.carry_out(self._look(refs, priority), priority)
        try:
            now = self.now()
        except ClockUnsure as error:
            return dict.fromkeys(refs, error)
        side = self._side(now).wet()
        foreseen: dict[EntityRef, Foreseen | PortalError] = {}
        for ref, snapshot in read.items():
            if isinstance(snapshot, PortalError):
                foreseen[ref] = snapshot
            else:
                foreseen[ref] = Foreseen(snapshot, *side.judge_and_plan(snapshot, histories[ref], now))
        return foreseen

    def _read(
        self, refs: Sequence[EntityRef], priority: Priority
    ) -> Reading[dict[EntityRef, Snapshot | PortalError]]:
        wave = yield from self.reader.read_wave(refs, priority)
        self._keep_index(wave.cards, priority)
        return (yield from self.neighbourhood.complete(wave, priority))

    def _look(
        self, refs: Sequence[EntityRef], priority: Priority
    ) -> Reading[dict[EntityRef, Snapshot | PortalError]]:
        """Like `_read`, keeping nothing."""
        wave = yield from self.reader.read_wave(refs, priority)
        return (yield from self.neighbourhood.complete(wave, priority))

    def _keep_index(self, read: Mapping[EntityRef, Snapshot | PortalError], priority: Priority) -> None:
        """Mark before it is kept: a pass that dies in between finds the difference when it is done again."""
        contacts = [each for each in read.values() if isinstance(each, ContactSnapshot)]
        gone = [
            ref.id for ref, each in read.items() if ref.kind is Kind.CONTACT and isinstance(each, NotFound)
        ]
        news = self.indexer.news(contacts, gone)
        self._mark(self.related.find_by_keys(news) - read.keys(), priority)
        self.indexer.keep(news)

    def _mark_related(
        self,
        snapshots: Mapping[EntityRef, Snapshot | PortalError],
        decisions: Mapping[EntityRef, Decision],
        now: datetime,
        priority: Priority,
    ) -> None:
        """Before the decisions are recorded, for the same reason."""
        cured = [
            ref
            for ref, decision in decisions.items()
            if "contact.duplicate" in decision.planned.history.cured
        ]
        self._mark(self.related.find(snapshots, cured, now, priority), priority)

    def _mark(self, refs: Collection[EntityRef], priority: Priority) -> None:
        if refs:
            self.mark_dirty(refs, priority)

    def _decide(
        self, snapshots: Mapping[EntityRef, Snapshot], now: datetime, priority: Priority
    ) -> tuple[dict[EntityRef, Decision], dict[EntityRef, tuple[Verdict, Plan]]]:
        """The decisions that change something, and all plans: a card as it should be has no decision."""
        histories = self.journal.load(snapshots)
        side = self._side(now)
        judged = {
            ref: side.judge_and_plan(snapshot, histories[ref], now) for ref, snapshot in snapshots.items()
        }
        for ref, circumstances in self._circumstances(judged, snapshots, now, priority).items():
            judged[ref] = side.around(circumstances).judge_and_plan(snapshots[ref], histories[ref], now)
        decisions: dict[EntityRef, Decision] = {}
        for ref, snapshot in snapshots.items():
            verdict, planned = judged[ref]
            self.meter.judged(verdict)
            for action in planned.left_out:
                self.meter.applied(ref, action, "left_out")
                log.warning("write.left_out ref=%s what=%s", ref, type(action).__name__)
            if planned.actions or planned.history != histories[ref]:
                decisions[ref] = Decision.of(verdict, planned, snapshot, now)
        return decisions, judged

    def _side(self, now: datetime) -> Side:
        return Side(self.policy, self.enforcement(now), self.messages, tuple(self.granted()))

    def _circumstances(
        self,
        judged: Mapping[EntityRef, tuple[Verdict, Plan]],
        snapshots: Mapping[EntityRef, Snapshot],
        now: datetime,
        priority: Priority,
    ) -> dict[EntityRef, Circumstances]:
        """What must be known before something is written: asked only for cards where something is."""
        writing = [ref for ref, (_, planned) in judged.items() if planned.actions]
        written = self.journal.written(writing, now - DAY) if writing else {}
        moves = {ref: move for ref in writing for move in _moves_of(judged[ref][1])}
        around = self._around_moves(moves, snapshots, now, priority)
        return {
            ref: replace(around.get(ref, CALM), written=written.get(ref, ())) for ref in {*around, *written}
        }

    def _around_moves(
        self,
        moves: Mapping[EntityRef, MoveStage],
        snapshots: Mapping[EntityRef, Snapshot],
        now: datetime,
        priority: Priority,
    ) -> dict[EntityRef, Circumstances]:
        """Around every move back that is called for: may it be made, and who made it necessary."""
        if not moves:
            return {}
        admission = self.breaker.admit([(ref, move.moved_at) for ref, move in moves.items()], now)
        if admission.tripped_now:
            settings = self.breaker.settings
            log.error("breaker.tripped reverts=%s minutes=%s", settings.reverts, settings.minutes)
        movers = {ref: each.moved_by for ref in moves if isinstance(each := snapshots[ref], DealSnapshot)}
        names = self._names(set(movers.values()), priority)
        return {
            ref: Circumstances(ref not in admission.admitted, names.get(mover, ""))
            for ref, mover in movers.items()
        }

    def _names(self, user_ids: Collection[int], priority: Priority) -> dict[int, str]:
        """As far as they are known: a name is no reason for a card to wait."""
        try:
            employees = self.reader.staff.current(priority).employees
        except PortalError:
            return {}
        if isinstance(employees, Unread):
            return {}
        return {user_id: employees[user_id].name for user_id in user_ids if user_id in employees}


def _only(decisions: Mapping[EntityRef, Decision], held: Collection[EntityRef]) -> dict[EntityRef, Decision]:
    return {ref: decision for ref, decision in decisions.items() if ref in held}


def _moves_of(planned: Plan) -> tuple[MoveStage, ...]:
    return tuple(action for action in planned.actions if isinstance(action, MoveStage))
