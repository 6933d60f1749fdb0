"""What a pass leaves behind besides its decisions: when each card was looked at, and what hung on it.

Written after everything else. A crash before it brings the cards back through the inbox, to be looked at, and
remembered, once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gatekeeper.enforcement import MoveStage, Plan, SetField
from gatekeeper.enforcement.next_visit import NextLook, next_look
from gatekeeper.judge.policy import Policy
from gatekeeper.model.cards import ContactSnapshot, Snapshot, Unread
from gatekeeper.model.errors import NotFound, PortalError
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.journal.rows import Decision
from gatekeeper.store.journal.snapshots import LatestSnapshots
from gatekeeper.store.pointers import Pointers
from gatekeeper.store.visits import NEVER, OwedStatus, Visit, Visits
from gatekeeper.worker.wave.apply import WHOLE, Outcome
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
        decisions: Mapping[EntityRef, Decision],
        times: PassTimes,
        owed: Mapping[EntityRef, datetime],
    ) -> None:
        """Of cards whose pass came to its end; `decisions` are of those in which it found anything new.

        `owed`: until when the portal has no time for the status of some.
        """
        known = self.visits.load(plans)
        visits: dict[EntityRef, Visit] = {}
        for ref, (verdict, planned) in plans.items():
            last = known.get(ref, NEVER)
            changed_at = (None if ref in decisions else last.changed_at) or times.now
            following = next_look(verdict, read.card(ref), planned.history, self.policy, times.now)
            status = _status_in(planned)
            imprint = None if verdict.not_judged or _moves(planned) else read.imprints.get(ref)
            visits[ref] = Visit(
                looked_at=times.began_at,
                heard_at=times.began_at if times.live else last.heard_at,
                changed_at=changed_at,
                due_at=_sooner(following.at(changed_at, times.now), owed.get(ref)),
                read_at=times.began_at,
                deadline_at=following.deadline,
                rhythm=following.rhythm,
                imprint=imprint
                if imprint is None or status is None or ref in owed
                else imprint.after(status),
                owed=OwedStatus(status or "", decisions[ref].id) if ref in owed else None,
            )
        self.visits.record(visits)
        self.pointers.keep({ref: _hanging_on(read.card(ref)) for ref in plans}, times.began_at)

    def keep_glances(self, read: WaveRead, paid: Outcome, times: PassTimes) -> None:
        """Of cards that show nothing new: all is as it was, but for the next look and the status written."""
        known = self.visits.load(read.unchanged)
        visits: dict[EntityRef, Visit] = {}
        for ref, imprint in read.unchanged.items():
            last = known[ref]
            following = NextLook(last.deadline_at, last.rhythm).at(last.changed_at or times.now, times.now)
            is_paid = paid.results.get(ref) == WHOLE and last.owed is not None
            visits[ref] = replace(
                last,
                looked_at=times.began_at,
                heard_at=times.began_at if times.live else last.heard_at,
                due_at=_sooner(following, paid.owed.get(ref)),
                imprint=imprint.after(last.owed.value) if is_paid and last.owed else imprint,
                owed=None if is_paid else last.owed,
            )
        self.visits.record(visits)

    def forget_gone(self, snapshots: Mapping[EntityRef, Snapshot | PortalError], now: datetime) -> None:
        """A deleted card breaks no rule any more, and nobody need look at it."""
        gone = [ref for ref, snapshot in snapshots.items() if isinstance(snapshot, NotFound)]
        if gone:
            self.journal.close_gone(gone, now)
            self.latest.forget(gone)
            self.visits.forget(gone)


def _status_in(planned: Plan) -> str | None:
    return next((action.value for action in planned.actions if isinstance(action, SetField)), None)


def _moves(planned: Plan) -> bool:
    """Whether only a look can tell what the card shows after what was written."""
    return any(isinstance(action, MoveStage) for action in planned.actions)


def _sooner(one: datetime | None, another: datetime | None) -> datetime | None:
    return min((each for each in (one, another) if each), default=None)


def _hanging_on(snapshot: Snapshot) -> list[EntityRef]:
    """Comments and activities whose disappearance must lead to this card."""
    comments = () if isinstance(snapshot.comments, Unread) else snapshot.comments
    activities = () if isinstance(snapshot, ContactSnapshot) else snapshot.interactions.activity_ids
    return [
        *(EntityRef(Kind.COMMENT, comment.id) for comment in comments),
        *(EntityRef(Kind.ACTIVITY, activity) for activity in activities),
    ]
