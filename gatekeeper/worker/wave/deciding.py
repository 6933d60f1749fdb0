"""What is to be done and remembered of each card of a wave."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from gatekeeper.enforcement import CALM, Circumstances, Enforcement, MoveStage, Plan
from gatekeeper.enforcement.settings import DAY
from gatekeeper.enforcement.side import Side
from gatekeeper.judge.policy import Policy
from gatekeeper.judge.verdict import Verdict
from gatekeeper.messages import Messages
from gatekeeper.metrics.meter import Meter
from gatekeeper.model.cards import DealSnapshot, Snapshot, Unread
from gatekeeper.model.errors import PortalError
from gatekeeper.model.exemption import Exemption
from gatekeeper.model.refs import EntityRef, Priority
from gatekeeper.portal.staff import StaffKeeper
from gatekeeper.store.breaker import Breaker
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.journal.rows import Decision

log = logging.getLogger(__name__)

Judged = tuple[Verdict, Plan]


@dataclass(frozen=True, slots=True)
class Decider:
    """`enforcement` is what holds at a moment, `granted` the exemptions in force."""

    journal: Journal
    breaker: Breaker
    staff: StaffKeeper
    policy: Policy
    enforcement: Callable[[datetime], Enforcement]
    messages: Messages
    granted: Callable[[], Sequence[Exemption]]
    meter: Meter

    def decide(
        self, snapshots: Mapping[EntityRef, Snapshot], now: datetime, priority: Priority
    ) -> tuple[dict[EntityRef, Decision], dict[EntityRef, Judged]]:
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

    def foresee(self, snapshots: Mapping[EntityRef, Snapshot], now: datetime) -> dict[EntityRef, Judged]:
        """Judge and plan as if this were no dry run, and remember nothing."""
        histories, side = self.journal.load(snapshots), self._side(now).wet()
        return {
            ref: side.judge_and_plan(snapshot, histories[ref], now) for ref, snapshot in snapshots.items()
        }

    def _side(self, now: datetime) -> Side:
        return Side(self.policy, self.enforcement(now), self.messages, tuple(self.granted()))

    def _circumstances(
        self,
        judged: Mapping[EntityRef, Judged],
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
            employees = self.staff.current(priority).employees
        except PortalError:
            return {}
        if isinstance(employees, Unread):
            return {}
        return {user_id: employees[user_id].name for user_id in user_ids if user_id in employees}


def _moves_of(planned: Plan) -> tuple[MoveStage, ...]:
    return tuple(action for action in planned.actions if isinstance(action, MoveStage))
