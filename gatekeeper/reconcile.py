"""The straight line over one wave: read, judge, plan, record, apply.

Moves go before comments, because a comment says what became of the move. Every step may be the last one
before a crash: what is recorded but not applied is planned again by the next pass, which reads first.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar, assert_never

from gatekeeper.aftermath import Aftermath
from gatekeeper.breaker import Breaker
from gatekeeper.contacts import ContactKey
from gatekeeper.enforcement import (
    CALM,
    Action,
    Circumstances,
    CommentAction,
    Enforcement,
    MoveStage,
    Notify,
    Plan,
    PostComment,
    SetField,
    UpdateComment,
    plan,
    refuse_move,
)
from gatekeeper.errors import AccessDenied, NotFound, PortalError, Refused
from gatekeeper.exemption import Exemption
from gatekeeper.history import History
from gatekeeper.indexing import Indexer
from gatekeeper.journal import Decision, Journal, LatestSnapshots
from gatekeeper.messages import Messages
from gatekeeper.metrics.meter import Meter
from gatekeeper.model import ContactSnapshot, DealSnapshot, EntityRef, Kind, Priority, Snapshot, Unread
from gatekeeper.neighbours import Neighbourhood
from gatekeeper.notices import Notices
from gatekeeper.policy import Policy
from gatekeeper.portal.reader import Reader
from gatekeeper.portal.writer import Applied, Overtaken, Result, Unsure, Writer
from gatekeeper.related import Related
from gatekeeper.verdict import Verdict, judge

log = logging.getLogger(__name__)

A = TypeVar("A", bound=Action)

WHOLE = Applied()


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Everything a pass needs."""

    reader: Reader
    writer: Writer
    breaker: Breaker
    notices: Notices
    journal: Journal
    latest: LatestSnapshots
    policy: Policy
    enforcement: Enforcement
    messages: Messages
    indexer: Indexer
    neighbourhood: Neighbourhood
    related: Related
    aftermath: Aftermath
    granted: Callable[[], Sequence[Exemption]]
    mark_dirty: Callable[[Iterable[EntityRef], Priority], None]
    now: Callable[[], datetime]
    meter: Meter = field(default_factory=Meter)

    def reconcile(
        self, refs: Sequence[EntityRef], priority: Priority, renew: Callable[[], Collection[EntityRef]]
    ) -> dict[EntityRef, Result]:
        """What became of each card: Applied, Overtaken, or the error that stood in the way.

        `renew` begins the wave's lease anew and tells which cards are still ours; the others are left alone.
        """
        began_at = self.now()
        read = self.reader.read(refs, priority=priority)
        lost_keys = self._keep_index(read)
        snapshots = self.neighbourhood.complete(read, priority)
        results: dict[EntityRef, Result] = {
            ref: each for ref, each in snapshots.items() if isinstance(each, PortalError)
        }
        readable = {ref: each for ref, each in snapshots.items() if not isinstance(each, PortalError)}
        self.latest.keep(list(readable.values()), self.now())
        decisions, plans = self._decide(readable, priority)
        decided = dict(decisions)
        self.journal.record(list(decisions.values()), self.policy)
        decisions = _only(decisions, renew())
        moves = self._apply_moves(decisions, readable, priority)
        comments = self._apply_comments(_only(decisions, renew()), moves, priority)
        held = renew()
        fields = self._apply_fields(_only(decisions, held), priority)
        for ref in readable:
            outcomes = (moves.get(ref, WHOLE), comments.get(ref, WHOLE), fields.get(ref, WHOLE))
            results[ref] = next((each for each in outcomes if each != WHOLE), WHOLE)
        self._release_notices({ref: results[ref] for ref in readable if ref in held}, decided)
        self._mark_related(snapshots, decided, lost_keys, priority)
        whole = {ref: plans[ref] for ref, each in results.items() if each == WHOLE}
        self.aftermath.keep_looks(whole, readable, decided, began_at, live=priority is Priority.LIVE)
        self.aftermath.forget_gone(snapshots)
        return results

    def examine(self, ref: EntityRef) -> tuple[Verdict, tuple[Action, ...]]:
        """One card, writing nothing: what is against it, and what would be done, were this no dry run."""
        _, verdict, planned = self.foresee(ref)
        return verdict, planned.actions

    def foresee(self, ref: EntityRef) -> tuple[Snapshot, Verdict, Plan]:
        """`examine` with all that it rests on, and with what would be remembered."""
        found = self._survey([ref], Priority.LIVE)[ref]
        if isinstance(found, PortalError):
            raise found
        return found

    def survey(
        self, refs: Sequence[EntityRef], priority: Priority
    ) -> dict[EntityRef, tuple[Verdict, Plan] | PortalError]:
        """Many cards, writing nothing: what is against each, and what would be done, were this no dry run."""
        found = self._survey(refs, priority)
        return {ref: each if isinstance(each, PortalError) else each[1:] for ref, each in found.items()}

    def _survey(
        self, refs: Sequence[EntityRef], priority: Priority
    ) -> dict[EntityRef, tuple[Snapshot, Verdict, Plan] | PortalError]:
        wet = replace(self, enforcement=replace(self.enforcement, dry_run=False))
        histories, granted, now = self.journal.load(refs), self.granted(), self.now()
        read = self.neighbourhood.complete(self.reader.read(refs, priority=priority), priority)
        return {
            ref: each
            if isinstance(each, PortalError)
            else (each, *wet._judge_and_plan(each, histories[ref], granted, now))  # noqa: SLF001
            for ref, each in read.items()
        }

    def _keep_index(self, snapshots: Mapping[EntityRef, Snapshot | PortalError]) -> frozenset[ContactKey]:
        contacts = [each for each in snapshots.values() if isinstance(each, ContactSnapshot)]
        gone = [
            ref.id
            for ref, each in snapshots.items()
            if ref.kind is Kind.CONTACT and isinstance(each, NotFound)
        ]
        return self.indexer.keep(contacts, gone)

    def _mark_related(
        self,
        snapshots: Mapping[EntityRef, Snapshot | PortalError],
        decisions: Mapping[EntityRef, Decision],
        lost_keys: Collection[ContactKey],
        priority: Priority,
    ) -> None:
        cured = [ref for ref, each in decisions.items() if "contact.duplicate" in each.planned.history.cured]
        related = self.related.find(snapshots, lost_keys, cured, priority)
        if related:
            self.mark_dirty(related, priority)

    def _decide(
        self, snapshots: Mapping[EntityRef, Snapshot], priority: Priority
    ) -> tuple[dict[EntityRef, Decision], dict[EntityRef, tuple[Verdict, Plan]]]:
        """The decisions that change something, and all plans: a card as it should be has no decision."""
        now = self.now()
        histories = self.journal.load(snapshots)
        granted = self.granted()
        judged = {
            ref: self._judge_and_plan(each, histories[ref], granted, now) for ref, each in snapshots.items()
        }
        moves = {ref: each for ref, (_, planned) in judged.items() for each in _moves_of(planned)}
        for ref, around in self._circumstances(moves, snapshots, now, priority).items():
            judged[ref] = self._judge_and_plan(snapshots[ref], histories[ref], granted, now, around)
        decisions: dict[EntityRef, Decision] = {}
        for ref, snapshot in snapshots.items():
            verdict, planned = judged[ref]
            self.meter.judged(verdict)
            if planned.actions or planned.history != histories[ref]:
                decisions[ref] = Decision.of(verdict, planned, snapshot, now)
        return decisions, judged

    def _judge_and_plan(
        self,
        snapshot: Snapshot,
        history: History,
        granted: Sequence[Exemption],
        now: datetime,
        around: Circumstances = CALM,
    ) -> tuple[Verdict, Plan]:
        verdict = judge(snapshot, self.policy, now, granted)
        enforcement = replace(self.enforcement, around=around)
        planned = plan(verdict, snapshot, history, self.policy, enforcement, self.messages, now)
        return verdict, planned

    def _circumstances(
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
        return {each: employees[each].name for each in user_ids if each in employees}

    def _apply_moves(
        self,
        decisions: dict[EntityRef, Decision],
        snapshots: Mapping[EntityRef, Snapshot],
        priority: Priority,
    ) -> dict[EntityRef, Result]:
        """Move deals back. Where the portal forbids it, the decision changes to a warning that says so."""
        moves = _of_type(decisions, MoveStage)
        applied = self.writer.apply_moves(list(moves.values()), priority=priority)
        results = dict(zip(moves, applied, strict=True))
        self._record_results(decisions, moves, results)
        refused = [ref for ref, each in results.items() if isinstance(each, Refused | AccessDenied)]
        for ref in refused:
            planned = refuse_move(decisions[ref].planned, snapshots[ref], self.policy, self.messages)
            decision = decisions[ref]
            decisions[ref] = Decision.of(decision.verdict, planned, snapshots[ref], decision.decided_at)
            results[ref] = WHOLE
        self.journal.record([decisions[ref] for ref in refused], self.policy)
        return results

    def _apply_comments(
        self, decisions: Mapping[EntityRef, Decision], moves: Mapping[EntityRef, Result], priority: Priority
    ) -> dict[EntityRef, Result]:
        ready = {ref: each for ref, each in decisions.items() if moves.get(ref, WHOLE) == WHOLE}
        comments: dict[EntityRef, CommentAction] = {
            **_of_type(ready, PostComment),
            **_of_type(ready, UpdateComment),
        }
        applied = self.writer.apply_comments(list(comments.values()), priority=priority)
        results = dict(zip(comments, applied, strict=True))
        self._record_results(decisions, comments, results)
        return results

    def _apply_fields(
        self, decisions: Mapping[EntityRef, Decision], priority: Priority
    ) -> dict[EntityRef, Result]:
        fields = _of_type(decisions, SetField)
        applied = self.writer.apply_fields(list(fields.values()), priority=priority)
        results = dict(zip(fields, applied, strict=True))
        self._record_results(decisions, fields, results)
        return results

    def _release_notices(
        self, results: Mapping[EntityRef, Result], decisions: Mapping[EntityRef, Decision]
    ) -> None:
        """Of every card, not of those decided now alone: the pass before may have died on its way."""
        if not self.enforcement.notices:
            return
        self.notices.release([str(ref) for ref, each in results.items() if each == WHOLE], self.now())
        if overtaken := [str(ref) for ref, each in results.items() if isinstance(each, Overtaken)]:
            self.notices.drop(overtaken)
        told = {ref: each for ref, each in _of_type(decisions, Notify).items() if results.get(ref) == WHOLE}
        self._record_results(decisions, told, dict.fromkeys(told, WHOLE))

    def _record_results(
        self,
        decisions: Mapping[EntityRef, Decision],
        actions: Mapping[EntityRef, Action],
        results: Mapping[EntityRef, Result],
    ) -> None:
        said = {
            (decisions[ref].id, type(action).__name__): _in_words(results[ref])
            for ref, action in actions.items()
        }
        self.journal.record_results(said, self.now())
        for ref, action in actions.items():
            self.meter.applied(ref, action, _in_words(results[ref]).partition(":")[0])


def _only(decisions: dict[EntityRef, Decision], held: Collection[EntityRef]) -> dict[EntityRef, Decision]:
    return {ref: decision for ref, decision in decisions.items() if ref in held}


def _of_type(decisions: Mapping[EntityRef, Decision], kind: type[A]) -> dict[EntityRef, A]:
    """The one action of this kind that each decision has, by card."""
    return {
        ref: action
        for ref, decision in decisions.items()
        for action in decision.planned.actions
        if isinstance(action, kind)
    }


def _moves_of(planned: Plan) -> tuple[MoveStage, ...]:
    return tuple(each for each in planned.actions if isinstance(each, MoveStage))


def _in_words(result: Result) -> str:
    match result:
        case Applied():
            return "applied"
        case Overtaken():
            return "overtaken"
        case Unsure(error):
            return f"unsure: {error}"
        case PortalError():
            return f"failed: {result}"
        case _:
            assert_never(result)
