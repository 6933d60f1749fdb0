"""Finds what no event told of, and marks it dirty; all the rest is the worker's.

The portal sends an event once. One that is lost, because the gatekeeper was down, the line was, or the portal
raises none for it, shows itself only in what the portal lists as changed since. Each round asks for that from
a watermark on, which is a moment of the portal's own clock. A round that was long in coming, after an outage,
is only longer.

Races
    A change is made while the round reads.
        The next watermark lies `GRACE` before the round's first hit, and its lists begin there, inclusive.
    An event is still on its way when the sweep comes upon its change.
        The card is marked at once: reading it twice costs less than missing it. But only changes older than
        `GRACE` are booked in the ledger, each in one round.
    A card changes between its being read and the sweep.
        It counts as read only if it was read at least `MARGIN` after the change: the portal's times are whole
        seconds.
    The portal's clock is set back.
        Changes made then are older than the watermark, and than looks that were made before them. The round
        begins as much earlier, and marks all that it finds.
    An item changes while pages are read by ids.
        It may be met again or has its turn in the next round.

A step is one hit, made only if the limiter has room for it at once, between two waves: what people do now
waits for one hit at the most.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gatekeeper.model.errors import ClockUnsure, PortalError
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.model.sources import Source
from gatekeeper.portal.changes import CARDS, IDS_A_HIT, ChangeReader, Page, Place
from gatekeeper.store.contacts import ContactIndex
from gatekeeper.store.inbox import Inbox
from gatekeeper.store.jobs import Jobs
from gatekeeper.store.ledger import EventCounts, Hearing, Ledger
from gatekeeper.store.pointers import Pointers
from gatekeeper.store.sweep_state import SWEEP, SweepState
from gatekeeper.store.visits import Visit, Visits

log = logging.getLogger(__name__)

GRACE = timedelta(seconds=60)
MARGIN = timedelta(seconds=2)
PAUSE_S = 30.0
TURN_S = 1.0
DUE_S = 5.0
DUE_AT_ONCE = 200
READ_EVERY = timedelta(hours=24)
"""A card that is due is glanced at, and read whole so often."""
LATE = 3
"""So many rounds without one: events of that time were not heard because nobody listened."""
MOST_DRIFT = timedelta(seconds=5)
"""By no more may two clocks that nobody sets grow apart in one round."""
FARTHEST_BACK = timedelta(days=1)
"""It may be the database's clock that was set ahead, by months; that must not make a round of months."""
SEARCH_EVERY = timedelta(hours=1)
"""How soon a search for deleted cards may follow the one before."""


@dataclass(slots=True)
class Sweeper:
    """The parts. `has_room` says whether a hit of a sweep could be made at once.

    `now` is the portal's time, and `database_now` the one that it is held against.
    """

    reader: ChangeReader
    jobs: Jobs
    visits: Visits
    inbox: Inbox
    index: ContactIndex
    ledger: Ledger
    pointers: Pointers
    every: timedelta
    has_room: Callable[[], bool]
    owner: str
    now: Callable[[], datetime]
    database_now: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
    _next: dict[str, float] = field(default_factory=dict)

    def begin(self) -> None:
        """At the worker's start: nobody knows what was missed."""
        self.jobs.hasten(SWEEP)

    def step(self) -> bool:
        """Mark what fell due, and do one hit's worth of a round; False when there was nothing to do."""
        marked = self._is_time("due", DUE_S) and self._mark_due()
        if not self._is_time("round", TURN_S) or not self.has_room():
            return marked
        kept = self.jobs.take(SWEEP, self.owner)
        if kept is None:
            return marked
        try:
            state, over = self._advance(SweepState.parse(kept))
        except PortalError as error:
            log.warning("sweep.paused pause_s=%s why=%s", PAUSE_S, error)
            self._next["round"] = self.monotonic() + PAUSE_S
            return marked
        if over:
            self.pointers.prune(self.now())
            self.jobs.finish(SWEEP, self.owner, state.as_json(), self.every)
        else:
            self.jobs.keep(SWEEP, self.owner, state.as_json())
            self._next["round"] = 0.0
        return True

    def _is_time(self, what: str, pause_s: float) -> bool:
        if self.monotonic() < self._next.get(what, 0.0):
            return False
        self._next[what] = self.monotonic() + pause_s
        return True

    def _mark_due(self) -> bool:
        """Marked first, struck off second: a crash in between marks twice."""
        try:
            now = self.now()
        except ClockUnsure:
            return False  # nothing is due by a clock that is not known
        due = self.visits.load(self.visits.due(now, DUE_AT_ONCE))
        whole = {ref for ref, visit in due.items() if _wants_reading(visit, now)}
        for refs, is_whole in ((whole, True), (due.keys() - whole, False)):
            if refs:
                self.inbox.mark_dirty(refs, priority=Priority.SWEEP, delay_s=0, whole=is_whole)
        self.visits.strike_due(due, now)
        return bool(due)

    def _advance(self, state: SweepState) -> tuple[SweepState, bool]:
        """One hit on; True with the state when the round is over."""
        if state.upto is None:
            return self._open(self._at_its_clock(state)), False
        if state.after:
            return self._read_on(state), False
        self._listen(state)
        return self._search(replace(state, upto=None, set_back=False)), True

    def _listen(self, state: SweepState) -> None:
        """Once a round, raise the alarm where the portal has gone silent."""
        hearing = state.hearing
        if hearing is not None and hearing.is_deaf(self.now()):
            log.error("portal.silent missed=%s since=%s", hearing.missed, hearing.heard_at.isoformat())

    def _at_its_clock(self, state: SweepState) -> SweepState:
        """Begin earlier by as much as the portal's clock was set back since the last round."""
        ahead = self.now() - self.database_now()
        gone_back = state.ahead - ahead if state.ahead is not None else timedelta()
        if gone_back <= MOST_DRIFT:
            return replace(state, ahead=ahead)
        earlier = {
            source: since - min(gone_back, FARTHEST_BACK) for source, since in state.watermarks.items()
        }
        return replace(state, ahead=ahead, watermarks=earlier, set_back=True)

    def _open(self, state: SweepState) -> SweepState:
        """The round's first hit, in a quiet time its only one: the first page of every source."""
        asked = {source: Place(since) for source, since in state.watermarks.items()}
        told, pages = self.reader.read(asked, priority=Priority.SWEEP)
        clock = min(told, self.now())  # one answer from the future must not skip what changes until then
        upto = clock - GRACE
        new = dict.fromkeys((source for source in Source if source not in asked), upto)
        lately = clock - LATE * self.every - GRACE
        late = max(state.watermarks.values(), default=clock) < lately
        opened = replace(state, upto=upto, watermarks={**state.watermarks, **new}, catching_up=late)
        return self._take_in(opened, pages, clock)

    def _read_on(self, state: SweepState) -> SweepState:
        asked = {source: Place(state.watermarks[source], after) for source, after in state.after.items()}
        clock, pages = self.reader.read(asked, priority=Priority.SWEEP)
        return self._take_in(state, pages, clock)

    def _take_in(
        self, state: SweepState, pages: Mapping[Source, Page | PortalError], clock: datetime
    ) -> SweepState:
        """Mark what these pages show, book it, and move the watermarks of what was read to its end."""
        read = {source: page for source, page in pages.items() if isinstance(page, Page)}
        for source, page in pages.items():
            if isinstance(page, PortalError):
                log.warning("sweep.refused source=%s why=%s", source, page)
        now = self.now()
        counts = self._mark(state, read, now)
        hearing = Hearing(now)
        if state.hearing is not None and not state.catching_up:
            hearing = state.hearing.after(counts, now)
        upto = state.upto or clock - GRACE
        ended = {source: upto for source, page in read.items() if page.last is None}
        after = {source: page.last for source, page in read.items() if page.last is not None}
        return replace(state, watermarks={**state.watermarks, **ended}, after=after, hearing=hearing)

    def _mark(self, state: SweepState, pages: Mapping[Source, Page], now: datetime) -> EventCounts:
        changes = {change.ref: change for page in pages.values() for change in page.changes}
        visits = self.visits.load(changes)
        unread: dict[bool, set[EntityRef]] = {True: set(), False: set()}
        for source, page in pages.items():
            for change in page.changes:
                if state.set_back or not _was_read(visits.get(change.ref), change.at):
                    unread[source.is_of_talk].add(change.ref)
        counts, found = self._booked(state, pages, visits)
        self.visits.found(found)
        whole = unread[True] | {ref for page in pages.values() for ref in page.aside}
        self.inbox.mark_dirty(whole, priority=Priority.SWEEP)
        self.inbox.mark_dirty(unread[False] - whole, priority=Priority.SWEEP, whole=False)
        counts = replace(counts, recovered=self.visits.settle_found())
        self.ledger.add(now.date(), counts)
        return counts

    def _booked(
        self,
        state: SweepState,
        pages: Mapping[Source, Page],
        visits: Mapping[EntityRef, Visit],
    ) -> tuple[EventCounts, dict[EntityRef, datetime]]:
        """What events told of, and what they did not: from when on a look has seen it.

        Nobody tells of a change of the pipeline.
        """
        moved = {change.ref for change in pages[Source.MOVES].changes} if Source.MOVES in pages else set()
        settled = [
            change
            for source, page in pages.items()
            if source.is_announced
            for change in page.changes
            if change.ref not in moved and state.upto and state.watermarks[source] < change.at <= state.upto
        ]
        waiting = self.inbox.waiting({each.ref for each in settled})
        heard = {
            each.ref
            for each in settled
            if _waits_by_event(waiting, each.ref) or _was_heard(visits.get(each.ref), each.at)
        }
        untold = (each for each in settled if each.ref not in heard)
        found = {each.ref: each.at + MARGIN for each in sorted(untold, key=lambda each: each.at)}
        return EventCounts(heard=len(heard), found=len(found)), found

    def _search(self, state: SweepState) -> SweepState:
        """Look for cards that are gone, a hit's worth a round; what is not listed is marked, not believed.

        As a search begins, dead letters get one attempt more.
        """
        now = self.now()
        if state.search_at and now < state.search_at and not state.searched:
            return state
        dead = {letter.ref: letter for letter in self.inbox.dead_letters()}
        if not state.searched:
            # What a card failed of may be mended; one that lets no check live to tell waits for an admin.
            told = {ref for ref, letter in dead.items() if letter.error}
            self.inbox.mark_dirty(told, priority=Priority.SWEEP)
        refs, searched = self._next_known(state.searched)
        if refs:
            absent = self.reader.absent(refs, priority=Priority.SWEEP)
            self.inbox.mark_dirty(set(absent) - dead.keys(), priority=Priority.SWEEP)
        begun = state.search_at if state.searched else now + SEARCH_EVERY
        return replace(state, searched=searched, search_at=begun)

    def _next_known(self, searched: Mapping[Kind, int]) -> tuple[Sequence[EntityRef], dict[Kind, int]]:
        """The next cards that we know of, and how far that is; {} when the last one is among them."""
        refs: list[EntityRef] = []
        places = dict(searched)
        for kind in CARDS:
            room = IDS_A_HIT - len(refs)
            after = places.get(kind, 0)
            ids = set(self.visits.known_ids(kind, after, room))
            if kind is Kind.CONTACT:
                ids |= set(self.index.known_ids(after, room))
            chosen = sorted(ids)[:room]
            refs += [EntityRef(kind, each) for each in chosen]
            places[kind] = max(chosen, default=after)
            if len(refs) >= IDS_A_HIT:
                return refs, places
        return refs, {}


def _waits_by_event(waiting: Mapping[EntityRef, Priority], ref: EntityRef) -> bool:
    return ref in waiting and waiting[ref].is_of_event


def _wants_reading(visit: Visit, now: datetime) -> bool:
    """Whether a glance would not do: time alone changes something, or the last reading was long ago.

    A merge binds comments and activities anew and saves no item.
    """
    is_late = visit.deadline_at is not None and visit.deadline_at <= now
    return is_late or visit.read_at is None or visit.read_at <= now - READ_EVERY


def _was_read(visit: Visit | None, changed_at: datetime) -> bool:
    return visit is not None and visit.looked_at is not None and visit.looked_at >= changed_at + MARGIN


def _was_heard(visit: Visit | None, changed_at: datetime) -> bool:
    """Whether an event led to a look after that change; whoever looks too often forgets no event."""
    return visit is not None and visit.heard_at is not None and visit.heard_at >= changed_at - MARGIN
