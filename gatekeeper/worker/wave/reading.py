"""All that a wave's verdicts hang on, in as few rounds as there can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gatekeeper.model.cards import ContactSnapshot, Snapshot
from gatekeeper.model.errors import NotFound, PortalError
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.reader import Reader
from gatekeeper.portal.transport.rounds import Reading, together
from gatekeeper.worker.wave.following import Following, Owners
from gatekeeper.worker.wave.indexing import Indexer
from gatekeeper.worker.wave.neighbours import Neighbourhood
from gatekeeper.worker.wave.related import Related

Snapshots = dict[EntityRef, Snapshot | PortalError]


@dataclass(frozen=True, slots=True)
class WaveReader:
    """Reads cards with their neighbours, and keeps the index of contacts on the way."""

    reader: Reader
    neighbourhood: Neighbourhood
    following: Following
    indexer: Indexer
    related: Related
    mark_dirty: Callable[[Iterable[EntityRef], Priority], None]

    def read(self, refs: Sequence[EntityRef], priority: Priority) -> tuple[Snapshots, Owners]:
        """The cards among these as they are, and the cards that the others hang on."""
        return self.reader.carry_out(self._read(refs, priority), priority)

    def look(self, refs: Sequence[EntityRef], priority: Priority) -> Snapshots:
        """These cards; nothing is kept."""
        return self.reader.carry_out(self._look(refs, priority), priority)

    def _read(self, refs: Sequence[EntityRef], priority: Priority) -> Reading[tuple[Snapshots, Owners]]:
        cards = [ref for ref in refs if ref.kind.is_card]
        pointers = [ref for ref in refs if not ref.kind.is_card]
        wave = yield from self.reader.read_wave(cards, priority)
        self._keep_index(wave.cards, priority)
        return (
            yield from together(
                self.neighbourhood.complete(wave, priority),
                self.following.read_owners(pointers, wave.cards),
            )
        )

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
