"""What a pass leaves behind besides its decisions: when each card was looked at, and what hung on it.

Written after everything else. A crash before it brings the cards back through the inbox, to be looked at, and
remembered, once more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from gatekeeper.enforcement import Plan
from gatekeeper.enforcement.next_visit import next_look
from gatekeeper.judge.policy import Policy
from gatekeeper.judge.verdict import Verdict
from gatekeeper.model.cards import ContactSnapshot, Snapshot, Unread
from gatekeeper.model.errors import NotFound, PortalError
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.journal.snapshots import LatestSnapshots
from gatekeeper.store.pointers import Pointers
from gatekeeper.store.visits import NEVER, Visit, Visits


@dataclass(frozen=True, slots=True)
class Aftermath:
    visits: Visits
    pointers: Pointers
    journal: Journal
    latest: LatestSnapshots
    policy: Policy

    def keep_visits(
        self,
        plans: Mapping[EntityRef, tuple[Verdict, Plan]],
        snapshots: Mapping[EntityRef, Snapshot],
        changed: Collection[EntityRef],
        began_at: datetime,
        now: datetime,
        *,
        live: bool,
    ) -> None:
        """Of cards whose pass came to its end; `changed` are those in which it found anything new."""
        known = self.visits.load(plans)
        visits = {}
        for ref, (verdict, planned) in plans.items():
            last = known.get(ref, NEVER)
            changed_at = (None if ref in changed else last.changed_at) or now
            due_at = next_look(verdict, snapshots[ref], planned.history, self.policy, changed_at, now)
            visits[ref] = Visit(began_at, began_at if live else last.heard_at, changed_at, due_at)
        self.visits.record(visits)
        self.pointers.keep({ref: _hanging_on(snapshots[ref]) for ref in plans}, began_at)

    def forget_gone(self, snapshots: Mapping[EntityRef, Snapshot | PortalError], now: datetime) -> None:
        """A deleted card breaks no rule any more, and nobody need look at it."""
        gone = [ref for ref, snapshot in snapshots.items() if isinstance(snapshot, NotFound)]
        if gone:
            self.journal.close_gone(gone, now)
            self.latest.forget(gone)
            self.visits.forget(gone)


def _hanging_on(snapshot: Snapshot) -> list[EntityRef]:
    """Comments and activities whose disappearance must lead to this card."""
    comments = () if isinstance(snapshot.comments, Unread) else snapshot.comments
    activities = () if isinstance(snapshot, ContactSnapshot) else snapshot.interactions.activity_ids
    return [
        *(EntityRef(Kind.COMMENT, comment.id) for comment in comments),
        *(EntityRef(Kind.ACTIVITY, activity) for activity in activities),
    ]
