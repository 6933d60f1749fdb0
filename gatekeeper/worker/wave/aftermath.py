"""What a pass leaves behind besides its decisions: when each card was looked at, and what hung on it.

Written after everything else. A crash before it brings the cards back through the inbox, to be looked at, and
remembered, once more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gatekeeper.enforcement import MoveStage, Plan, SetField
from gatekeeper.enforcement.next_visit import NextLook, next_look
from gatekeeper.judge.policy import Policy
from gatekeeper.model.cards import ContactSnapshot, Snapshot, Unread
from gatekeeper.model.errors import NotFound, PortalError
from gatekeeper.model.imprint import Imprint
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.journal.snapshots import LatestSnapshots
from gatekeeper.store.pointers import Pointers
from gatekeeper.store.visits import NEVER, Visit, Visits
from gatekeeper.worker.wave.deciding import Judged
from gatekeeper.worker.wave.reading import WaveRead


@dataclass(frozen=True, slots=True)
class PassTimes:
    """`began_at` is the moment before the first read, `now` the one after the last.

    `live`: an event led here.
    """

    began_at: datetime
    now: datetime
    live: bool


@dataclass(frozen=True, slots=True)
class Aftermath:
    visits: Visits
    pointers: Pointers
    journal: Journal
    latest: LatestSnapshots
    policy: Policy

    def keep_visits(
        self,
        plans: Mapping[EntityRef, Judged],
        read: WaveRead,
        changed: Collection[EntityRef],
        times: PassTimes,
    ) -> None:
        """Of cards whose pass came to its end; `changed` are those in which it found anything new."""
        known = self.visits.load([*plans, *read.unchanged])
        visits = {ref: self._glanced(known[ref], imprint, times) for ref, imprint in read.unchanged.items()}
        for ref, (verdict, planned) in plans.items():
            last = known.get(ref, NEVER)
            changed_at = (None if ref in changed else last.changed_at) or times.now
            following = next_look(verdict, read.card(ref), planned.history, self.policy, times.now)
            visits[ref] = Visit(
                looked_at=times.began_at,
                heard_at=times.began_at if times.live else last.heard_at,
                changed_at=changed_at,
                due_at=following.at(changed_at, times.now),
                read_at=times.began_at,
                deadline_at=following.deadline,
                rhythm=following.rhythm,
                imprint=_imprint_after(planned, read.imprints.get(ref)) if not verdict.not_judged else None,
            )
        self.visits.record(visits)
        self.pointers.keep({ref: _hanging_on(read.card(ref)) for ref in plans}, times.began_at)

    def _glanced(self, last: Visit, imprint: Imprint, times: PassTimes) -> Visit:
        """As it was, but for the next look."""
        following = NextLook(last.deadline_at, last.rhythm)
        return replace(
            last,
            looked_at=times.began_at,
            heard_at=times.began_at if times.live else last.heard_at,
            due_at=following.at(last.changed_at or times.now, times.now),
            imprint=imprint,
        )

    def forget_gone(self, snapshots: Mapping[EntityRef, Snapshot | PortalError], now: datetime) -> None:
        """A deleted card breaks no rule any more, and nobody need look at it."""
        gone = [ref for ref, snapshot in snapshots.items() if isinstance(snapshot, NotFound)]
        if gone:
            self.journal.close_gone(gone, now)
            self.latest.forget(gone)
            self.visits.forget(gone)


def _imprint_after(planned: Plan, read: Imprint | None) -> Imprint | None:
    """What the card is to show after what was written; None where only a look can tell."""
    if read is None or any(isinstance(action, MoveStage) for action in planned.actions):
        return None
    status = next((action.value for action in planned.actions if isinstance(action, SetField)), None)
    return read if status is None else read.after(status)


def _hanging_on(snapshot: Snapshot) -> list[EntityRef]:
    """Comments and activities whose disappearance must lead to this card."""
    comments = () if isinstance(snapshot.comments, Unread) else snapshot.comments
    activities = () if isinstance(snapshot, ContactSnapshot) else snapshot.interactions.activity_ids
    return [
        *(EntityRef(Kind.COMMENT, comment.id) for comment in comments),
        *(EntityRef(Kind.ACTIVITY, activity) for activity in activities),
    ]
