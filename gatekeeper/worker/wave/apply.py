"""What was decided is done, and what became of it is written down: moves, comments, fields, notices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, assert_never

from gatekeeper.enforcement import (
    Action,
    CloseNotes,
    CommentAction,
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
from gatekeeper.portal.writer import Applied, Overtaken, Result, Unsure, Writer
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.journal.rows import Decision
from gatekeeper.store.outbox import Outbox

A = TypeVar("A", bound=Action)
SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Applier:
    """Each step says what became of the cards that it had something for."""

    writer: Writer
    journal: Journal
    outbox: Outbox
    policy: Policy
    messages: Messages
    meter: Meter
    now: datetime

    def move(
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
        self._record_skipped(decisions, results)
        refused = [ref for ref, result in results.items() if _is_refused(result)]
        for ref in refused:
            planned = refuse_move(decisions[ref].planned, snapshots[ref], self.policy, self.messages)
            decision = decisions[ref]
            decisions[ref] = Decision.of(decision.verdict, planned, snapshots[ref], decision.decided_at)
            results[ref] = Applied()
        self.journal.record([decisions[ref] for ref in refused], self.policy)
        return results

    def say(self, decisions: Mapping[EntityRef, Decision], priority: Priority) -> dict[EntityRef, Result]:
        """Post the comment of each card, or put another text in the place of the one that stands there."""
        comments: dict[EntityRef, CommentAction] = {
            **_of_type(decisions, PostComment),
            **_of_type(decisions, UpdateComment),
        }
        applied = self.writer.apply_comments(list(comments.values()), priority=priority)
        results = dict(zip(comments, applied, strict=True))
        self._record_results(decisions, comments, results)
        return results

    def close_others(
        self, decisions: Mapping[EntityRef, Decision], priority: Priority
    ) -> dict[EntityRef, Result]:
        """Close the notes of ours that are not the living one."""
        closings = _of_type(decisions, CloseNotes)
        applied = self.writer.apply_closings(list(closings.values()), priority=priority)
        results = dict(zip(closings, applied, strict=True))
        self._record_results(decisions, closings, results)
        return results

    def fill_in(self, decisions: Mapping[EntityRef, Decision], priority: Priority) -> dict[EntityRef, Result]:
        """Bring the status field up to date."""
        fields = _of_type(decisions, SetField)
        applied = self.writer.apply_fields(list(fields.values()), priority=priority)
        results = dict(zip(fields, applied, strict=True))
        self._record_results(decisions, fields, results)
        return results

    def release_notices(
        self, results: Mapping[EntityRef, Result], decisions: Mapping[EntityRef, Decision]
    ) -> None:
        """Of every card, not of those decided now alone: the pass before may have died on its way."""
        whole = {ref for ref, result in results.items() if result == Applied()}
        self.outbox.release([str(ref) for ref in whole], self.now)
        overtaken = {ref for ref, result in results.items() if isinstance(result, Overtaken)}
        if overtaken:
            self.outbox.drop([str(ref) for ref in overtaken])
        told = {ref: each for ref, each in _of_type(decisions, Notify).items() if ref in whole | overtaken}
        self._record_results(decisions, told, {ref: results[ref] for ref in told})

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
        self.journal.record_results(said, self.now)
        for ref, action in actions.items():
            self.meter.applied(ref, action, _in_words(results[ref]).partition(":")[0])

    def _record_skipped(
        self, decisions: Mapping[EntityRef, Decision], moves: Mapping[EntityRef, Result]
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
            self.journal.record_results(skipped, self.now)


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
