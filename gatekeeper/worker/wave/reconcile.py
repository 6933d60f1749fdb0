"""The straight line over one wave: read, judge, plan, record, apply.

Every step may be the last one before a crash: what is recorded but not applied is planned again by the next
pass, which reads first.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gatekeeper.enforcement import Plan
from gatekeeper.judge.verdict import Verdict
from gatekeeper.model.cards import Snapshot
from gatekeeper.model.errors import ClockUnsure, PortalError
from gatekeeper.model.refs import EntityRef, Priority
from gatekeeper.portal.writer import Result
from gatekeeper.store.journal.rows import Decision
from gatekeeper.store.journal.snapshots import LatestSnapshots
from gatekeeper.worker.wave.aftermath import Aftermath, PassTimes
from gatekeeper.worker.wave.apply import WHOLE, Applier
from gatekeeper.worker.wave.deciding import Decider
from gatekeeper.worker.wave.following import Following
from gatekeeper.worker.wave.reading import WaveReader
from gatekeeper.worker.wave.related import Related


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A card as it was read, what is against it, and what would be done and remembered."""

    snapshot: Snapshot
    verdict: Verdict
    planned: Plan


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Everything a pass needs.

    `now` is the portal's time. It is taken once a pass, after the reads, which tell it.
    """

    reader: WaveReader
    decider: Decider
    applier: Applier
    following: Following
    related: Related
    aftermath: Aftermath
    latest: LatestSnapshots
    mark_dirty: Callable[[Iterable[EntityRef], Priority], None]
    now: Callable[[], datetime]

    def begin_watching(self) -> None:
        """Remember, at the first start ever, since when this portal is watched. Raises ClockUnsure."""
        self.decider.enforcement(self.now())

    def reconcile(
        self,
        refs: Sequence[EntityRef],
        priority: Priority,
        renew: Callable[[], Collection[EntityRef]],
        glances: Collection[EntityRef] = (),
    ) -> dict[EntityRef, Result]:
        """What became of each: Applied, Overtaken, or the error that stood in the way.

        Cards are judged, but for those of `glances` that show nothing new; a comment or an activity leads to
        the cards that it hangs on, and those that were seen in the cards are told of, too. `renew` begins the
        wave's lease anew and tells which cards are still ours; the others are left alone.
        """
        begun = time.monotonic()
        read = self.reader.read(refs, glances, priority, renew)
        results = self.following.follow(read.owners, read.cards, priority)
        if not read.cards and not read.unchanged:
            return results
        try:
            now = self.now()
        except ClockUnsure as error:
            return results | dict.fromkeys([*read.cards, *read.unchanged], error)
        times = PassTimes(now - timedelta(seconds=time.monotonic() - begun), now, priority.is_of_event)
        results |= {ref: card for ref, card in read.cards.items() if isinstance(card, PortalError)}
        readable = read.readable
        self.latest.keep(list(readable.values()), now)
        decisions, plans = self.decider.decide(readable, now, priority)
        self._mark_related(read.cards, decisions, now, priority)
        self.decider.journal.record(list(decisions.values()), self.decider.policy)
        applied = self.applier.apply(decisions, readable, now, priority, renew)
        paid = self.applier.pay(read.owed, now, priority, renew)
        done: dict[EntityRef, Result] = {
            **dict.fromkeys(read.unchanged, WHOLE),
            **paid.results,
            **applied.results,
        }
        if self.decider.enforcement(now).notices:
            self.applier.release_notices(_only(done, applied.held), decisions, now)
        whole = {ref: plan for ref, plan in plans.items() if done[ref] == WHOLE}
        self.aftermath.keep_visits(whole, read, decisions, times, applied.owed)
        self.aftermath.keep_glances(read, paid, times)
        self.aftermath.forget_gone(read.cards, now)
        return results | done

    def foresee(
        self, refs: Sequence[EntityRef], priority: Priority
    ) -> dict[EntityRef, Foreseen | PortalError]:
        """Read, judge and plan, writing nothing; planned as if this were no dry run."""
        snapshots = self.reader.look(refs, priority)
        try:
            now = self.now()
        except ClockUnsure as error:
            return dict.fromkeys(refs, error)
        readable = {ref: card for ref, card in snapshots.items() if not isinstance(card, PortalError)}
        judged = self.decider.foresee(readable, now)
        failed = {ref: card for ref, card in snapshots.items() if isinstance(card, PortalError)}
        return failed | {ref: Foreseen(readable[ref], *each) for ref, each in judged.items()}

    def _mark_related(
        self,
        snapshots: Mapping[EntityRef, Snapshot | PortalError],
        decisions: Mapping[EntityRef, Decision],
        now: datetime,
        priority: Priority,
    ) -> None:
        """Before the decisions are recorded: a pass that dies in between finds the difference once more."""
        cured = [
            ref
            for ref, decision in decisions.items()
            if "contact.duplicate" in decision.planned.history.cured
        ]
        found = self.related.find(snapshots, cured, now, priority)
        if found:
            self.mark_dirty(found, priority)


def _only(results: Mapping[EntityRef, Result], held: Collection[EntityRef]) -> dict[EntityRef, Result]:
    return {ref: result for ref, result in results.items() if ref in held}
