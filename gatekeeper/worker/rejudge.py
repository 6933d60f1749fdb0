"""After a change of policy: marks the cards whose verdict it could change, a page at a time between waves.

Each card's latest snapshot is judged under the old policy and the new one; a card on which they differ is
marked at low priority, and so is one whose open violations are not what the new policy finds, and one that
cannot be judged from what is kept. The journal remembers the policy for which this was brought to its end,
and forgets it when a new pass begins: a pass that was cut short, by a crash or by the admin's next change, is
made up for by one that knows no old policy and marks whatever has anything open.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gatekeeper.enforcement.side import Side
from gatekeeper.judge.modes import mode_of, named_departments
from gatekeeper.judge.policy import Policy
from gatekeeper.judge.verdict import Verdict, judge
from gatekeeper.model.cards import Snapshot
from gatekeeper.model.history import History
from gatekeeper.model.refs import EntityRef, Priority
from gatekeeper.store.journal.masking import MASKED
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.journal.snapshots import KeptSnapshot, LatestSnapshots

log = logging.getLogger(__name__)

PAGE = 100


class MarkDirty(Protocol):
    def __call__(self, refs: Iterable[EntityRef], *, priority: Priority) -> None: ...


@dataclass
class Rejudging:
    """`step` does a page and says whether there was one. One that has nothing to do costs nothing."""

    journal: Journal
    latest: LatestSnapshots
    side: Side
    mark_dirty: MarkDirty
    now: Callable[[], datetime]

    def __post_init__(self) -> None:
        self._begun = self._done = False
        self._old: Policy | None = None
        self._after: EntityRef | None = None
        self._marked = 0

    def step(self) -> bool:
        if self._done:
            return False
        policy = self.side.policy
        if self.journal.judged_revision() == policy.revision:  # maybe by another worker
            self._done = True
            return False
        if not self._begun:
            self._old = self.journal.begin_judging()
            self._begun = True
        page = self.latest.page(self._after, PAGE)
        if page:
            self._after = page[-1].ref
            self._mark(self._in_question(page))
        else:
            self._mark(self.latest.missing())
            self.journal.end_judging(policy, self.now())
            self._done = True
            log.info("policy.rejudged revision=%s marked=%s", policy.revision, self._marked)
        return True

    def _mark(self, refs: list[EntityRef]) -> None:
        if refs:
            self.mark_dirty(refs, priority=Priority.SWEEP)
            self._marked += len(refs)

    def _in_question(self, page: list[KeptSnapshot]) -> list[EntityRef]:
        now = self.now()
        histories = self.journal.load([each.ref for each in page])
        return [each.ref for each in page if self._could_change(each.snapshot, histories[each.ref], now)]

    def _could_change(self, snapshot: Snapshot | str, history: History, now: datetime) -> bool:
        if isinstance(snapshot, str):
            return True
        try:
            return self._differs(snapshot, history, now)
        except Exception:  # noqa: BLE001 - a mistake of ours in one card: the wave that reads it says so
            return True

    def _differs(self, snapshot: Snapshot, history: History, now: datetime) -> bool:
        verdict, planned = self.side.judge_and_plan(snapshot, history, now)
        found = {violation.rule for violation in planned.history.open}
        masked = any(MASKED in unjudged.why for unjudged in verdict.not_judged)
        if masked or found != {violation.rule for violation in history.open}:
            return True
        if self._old is None:
            return bool(history.open)
        if named_departments(self.side.policy) and not named_departments(self._old):
            return True  # whose card it is has yet to be read
        before = judge(snapshot, self._old, now, self.side.granted)
        return _seen(before, snapshot, self._old) != _seen(verdict, snapshot, self.side.policy)


def _seen(verdict: Verdict, snapshot: Snapshot, policy: Policy) -> object:
    """All of a verdict that a manager can see, with how far each violation may go."""
    modes = [(violation, mode_of(policy, violation.rule, snapshot)) for violation in verdict.violations]
    return modes, verdict.not_judged, verdict.status, verdict.exempted
