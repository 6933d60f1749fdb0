"""What was decided is done, and what became of it is written down: moves, comments, fields, notices."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, assert_never

from gatekeeper.enforcement import (
    Action,
    CloseNotes,
    MoveStage,
    Notify,
    PostComment,
    SetField,
    UpdateComment,
    refuse_move,
)
from gatekeeper.judge.policy import Policy
from gatekeeper.messages import Messages
from gatekeeper.metrics.meter import Meter
from gatekeeper.model.cards import Snapshot
from gatekeeper.model.errors import AccessDenied, PortalError, Refused
from gatekeeper.model.refs import EntityRef, Priority
from gatekeeper.portal.writer import Applied, Overtaken, Owed, Result, Unsure, Writer, Written
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.journal.rows import Decision
from gatekeeper.store.outbox import Outbox
from gatekeeper.store.visits import OwedStatus

A = TypeVar("A", bound=Action)
SKIPPED = "skipped"
WHOLE = Applied()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of cards, which of them were still ours, and until when the portal is owed a status."""

    results: Mapping[EntityRef, Result]
    held: Collection[EntityRef]
    owed: Mapping[EntityRef, datetime]


@dataclass(frozen=True, slots=True)
class Applier:
    """Moves go before comments, because a comment says what became of the move.

    Each step says what became of the cards that it had something for. `now` is the time of the pass.
    """

    writer: Writer
    journal: Journal
    outbox: Outbox
    policy: Policy
    messages: Messages
    meter: Meter

    def apply(
        self,
        decided: Mapping[EntityRef, Decision],
        readable: Mapping[EntityRef, Snapshot],
        now: datetime,
        priority: Priority,
        renew: Callable[[], Collection[EntityRef]],
    ) -> Outcome:
        """Do what was decided of the cards that were read."""
        decisions = _only(decided, renew())
        moves = self._move(decisions, readable, now, priority)
        held = renew()
        stopped = {ref for ref, result in moves.items() if result != WHOLE}
        written = self._write(_only(decisions, held), stopped, now, priority)
        results: dict[EntityRef, Result] = {}
        for ref in readable:
            steps = (moves.get(ref, WHOLE), *written.get(ref, ()))
            results[ref] = next(
                (each for each in steps if each != WHOLE and not isinstance(each, Owed)), WHOLE
            )
        return Outcome(results, held, _owed_of(written))

    def pay(
        self,
        owed: Mapping[EntityRef, OwedStatus],
        now: datetime,
        priority: Priority,
        renew: Callable[[], Collection[EntityRef]],
    ) -> Outcome:
        """Write the statuses that were decided earlier, of cards that show nothing new."""
        field, held = self.policy.fields.status, renew() if owed else ()
        due = [ref for ref in owed if ref in held] if field else []
        actions = [SetField(ref, field or "", owed[ref].value) for ref in due]
        results = dict(zip(due, self.writer.write(actions, priority=priority), strict=True))
        said = {(owed[ref].decision_id, SetField.__name__): _in_words(each) for ref, each in results.items()}
        self.journal.record_results(said, now)
        failed = {ref: each for ref, each in results.items() if not isinstance(each, Owed)}
        return Outcome(failed, held, _owed_of({ref: [each] for ref, each in results.items()}))

    def _move(
        self,
        decisions: dict[EntityRef, Decision],
        snapshots: Mapping[EntityRef, Snapshot],
        now: datetime,
        priority: Priority,
    ) -> dict[EntityRef, Result]:
        """Move deals back. Where the portal forbids it, the decision changes to a warning that says so."""
        moves = _of_type(decisions, MoveStage)
        applied = self.writer.apply_moves(list(moves.values()), priority=priority)
        results = dict(zip(moves, applied, strict=True))
        self._record_results(decisions, zip(moves.items(), applied, strict=True), now)
        self._record_skipped(decisions, results, now)
        refused = [ref for ref, result in results.items() if _is_refused(result)]
        for ref in refused:
            planned = refuse_move(decisions[ref].planned, snapshots[ref], self.policy, self.messages)
            decision = decisions[ref]
            decisions[ref] = Decision.of(decision.verdict, planned, snapshots[ref], decision.decided_at)
            results[ref] = Applied()
        self.journal.record([decisions[ref] for ref in refused], self.policy)
        return results

    def _write(
        self,
        decisions: Mapping[EntityRef, Decision],
        stopped: Collection[EntityRef],
        now: datetime,
        priority: Priority,
    ) -> dict[EntityRef, list[Written]]:
        """Say what is to be said, but not where the move has not come about, and fill in the status."""
        written = [
            (ref, action)
            for ref, decision in decisions.items()
            for action in decision.planned.actions
            if isinstance(action, SetField)
            or (isinstance(action, PostComment | UpdateComment | CloseNotes) and ref not in stopped)
        ]
        results = self.writer.write([action for _, action in written], priority=priority)
        outcomes: dict[EntityRef, list[Written]] = {}
        for (ref, _), result in zip(written, results, strict=True):
            outcomes.setdefault(ref, []).append(result)
        self._record_results(decisions, zip(written, results, strict=True), now)
        return outcomes

    def release_notices(
        self, results: Mapping[EntityRef, Result], decisions: Mapping[EntityRef, Decision], now: datetime
    ) -> None:
        """Of every card, not of those decided now alone: the pass before may have died on its way."""
        whole = {ref for ref, result in results.items() if result == Applied()}
        self.outbox.release([str(ref) for ref in whole], now)
        overtaken = {ref for ref, result in results.items() if isinstance(result, Overtaken)}
        if overtaken:
            self.outbox.drop([str(ref) for ref in overtaken])
        told = {ref: each for ref, each in _of_type(decisions, Notify).items() if ref in whole | overtaken}
        self._record_results(decisions, ((each, results[each[0]]) for each in told.items()), now)

    def _record_results(
        self,
        decisions: Mapping[EntityRef, Decision],
        done: Iterable[tuple[tuple[EntityRef, Action], Written]],
        now: datetime,
    ) -> None:
        said: dict[tuple[str, str], str] = {}
        for (ref, action), result in done:
            said[decisions[ref].id, type(action).__name__] = _in_words(result)
            self.meter.applied(ref, action, _in_words(result).partition(":")[0])
        self.journal.record_results(said, now)

    def _record_skipped(
        self, decisions: Mapping[EntityRef, Decision], moves: Mapping[EntityRef, Result], now: datetime
    ) -> None:
        """What was to be said of a move back that did not come about is not said, and known not to be."""
        skipped = {
            (decisions[ref].id, type(action).__name__): SKIPPED
            for ref, result in moves.items()
            if result != Applied()
            for action in decisions[ref].planned.actions
            if isinstance(action, PostComment | UpdateComment | CloseNotes)
            or (_is_refused(result) and isinstance(action, SetField))
        }
        if skipped:
            self.journal.record_results(skipped, now)


def _owed_of(written: Mapping[EntityRef, Iterable[Written]]) -> dict[EntityRef, datetime]:
    return {ref: each.until for ref, results in written.items() for each in results if isinstance(each, Owed)}


def _only(decisions: Mapping[EntityRef, Decision], held: Collection[EntityRef]) -> dict[EntityRef, Decision]:
    return {ref: decision for ref, decision in decisions.items() if ref in held}


def _of_type(decisions: Mapping[EntityRef, Decision], kind: type[A]) -> dict[EntityRef, A]:
    """The one action of this kind that each decision has, by card."""
    return {
        ref: action
        for ref, decision in decisions.items()
        for action in decision.planned.actions
        if isinstance(action, kind)
    }


def _is_refused(result: Result) -> bool:
    """Whether another decision takes this one's place."""
    return isinstance(result, Refused | AccessDenied)


def _in_words(result: Written) -> str:
    match result:
        case Applied():
            return "applied"
        case Overtaken():
            return "overtaken"
        case Unsure(error):
            return f"unsure: {error}"
        case Owed():
            return "owed"
        case PortalError():
            return f"failed: {result}"
        case _:
            assert_never(result)
