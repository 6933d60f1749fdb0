"""All that a wave's verdicts hang on, in as few rounds as there can be."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gatekeeper.model.cards import ContactSnapshot, Snapshot
from gatekeeper.model.errors import NotFound, PortalError
from gatekeeper.model.imprint import Imprint
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.reader import Reader, Wave
from gatekeeper.portal.transport.rounds import Reading, together
from gatekeeper.store.visits import OwedStatus, Visits
from gatekeeper.worker.wave.following import Following, Owners
from gatekeeper.worker.wave.indexing import Indexer
from gatekeeper.worker.wave.neighbours import Neighbourhood
from gatekeeper.worker.wave.related import Related

RENEW_S = 15.0
"""A quarter of a lease: one round of a slow portal may last as long as a request is waited for."""
Snapshots = dict[EntityRef, Snapshot | PortalError]


@dataclass(frozen=True, slots=True)
class WaveRead:
    """`cards` as they are, with their neighbours, and whom each of the pointers leads to.

    `unchanged` are the cards in which a glance has found nothing new; they are not among the others. `owed`
    are the statuses that some of these are to be given yet.
    """

    cards: Snapshots
    owners: Owners
    imprints: Mapping[EntityRef, Imprint]
    unchanged: Mapping[EntityRef, Imprint]
    owed: Mapping[EntityRef, OwedStatus]

    def card(self, ref: EntityRef) -> Snapshot:
        """Return one that could be read. Raises KeyError for another."""
        return self.readable[ref]

    @property
    def readable(self) -> dict[EntityRef, Snapshot]:
        """The cards without those that could not be read."""
        return {ref: card for ref, card in self.cards.items() if not isinstance(card, PortalError)}


@dataclass(frozen=True, slots=True)
class WaveReader:
    """Reads cards with their neighbours, and keeps the index of contacts on the way."""

    reader: Reader
    neighbourhood: Neighbourhood
    following: Following
    visits: Visits
    indexer: Indexer
    related: Related
    mark_dirty: Callable[[Iterable[EntityRef], Priority], None]

    def read(
        self,
        refs: Sequence[EntityRef],
        glances: Collection[EntityRef],
        priority: Priority,
        renew: Callable[[], object],
    ) -> WaveRead:
        """The cards among these, and those that the others hang on; for `glances` a glance may do.

        `renew` is called now and then while the portal takes its time.
        """
        return self.reader.carry_out(self._read(refs, glances, priority), priority, _now_and_then(renew))

    def look(self, refs: Sequence[EntityRef], priority: Priority) -> Snapshots:
        """These cards; nothing is kept."""
        return self.reader.carry_out(self._look(refs, priority), priority)

    def _read(
        self, refs: Sequence[EntityRef], glances: Collection[EntityRef], priority: Priority
    ) -> Reading[WaveRead]:
        cards = [ref for ref in refs if ref.kind.is_card]
        pointers = [ref for ref in refs if not ref.kind.is_card]
        visits = self.visits.load(ref for ref in cards if ref in glances)
        known = {ref: visit.imprint for ref, visit in visits.items() if visit.imprint}
        if known.keys() >= set(cards):  # perhaps no card is read, in whose lists they would be seen
            (wave, completed), owners = yield from together(
                self._read_cards(cards, known, priority), self.following.read_owners(pointers, {})
            )
        else:
            wave, completed = yield from self._read_cards(cards, known, priority)
            owners = yield from self.following.read_owners(pointers, completed)
        owed = {ref: visits[ref].owed for ref in wave.unchanged}
        return WaveRead(
            completed,
            owners,
            wave.imprints,
            wave.unchanged,
            {ref: status for ref, status in owed.items() if status},
        )

    def _read_cards(
        self, cards: Sequence[EntityRef], known: Mapping[EntityRef, Imprint], priority: Priority
    ) -> Reading[tuple[Wave, Snapshots]]:
        wave = yield from self.reader.read_wave(cards, priority, known)
        self._keep_index(wave.cards, priority)
        return wave, (yield from self.neighbourhood.complete(wave, priority))

    def _look(self, refs: Sequence[EntityRef], priority: Priority) -> Reading[Snapshots]:
        wave = yield from self.reader.read_wave(refs, priority)
        return (yield from self.neighbourhood.complete(wave, priority))

    def _keep_index(self, read: Mapping[EntityRef, Snapshot | PortalError], priority: Priority) -> None:
        """Mark before it is kept: a pass that dies in between finds the difference when it is done again."""
        contacts = [card for card in read.values() if isinstance(card, ContactSnapshot)]
        gone = [
            ref.id for ref, card in read.items() if ref.kind is Kind.CONTACT and isinstance(card, NotFound)
        ]
        news = self.indexer.news(contacts, gone)
        changed = self.related.find_by_keys(news) - read.keys()
        if changed:
            self.mark_dirty(changed, priority)
        self.indexer.keep(news)


def _now_and_then(renew: Callable[[], object]) -> Callable[[], None]:
    last = time.monotonic()

    def between() -> None:
        nonlocal last
        if time.monotonic() - last >= RENEW_S:
            renew()
            last = time.monotonic()

    return between
