"""From a comment or an activity to the cards that it hangs on.

Its event names its own id alone. Most are seen in the lists of cards of the same wave, and the rest are asked
for. A card that was read in this wave has been read after the mark, so it is marked no more. The event of a
deleted one names what the portal no longer knows: the cards on which it was last seen are marked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gatekeeper.model.cards import ContactSnapshot, Snapshot, Unread
from gatekeeper.model.errors import NotFound, PortalError
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.reader import Reader
from gatekeeper.portal.transport.rounds import Reading
from gatekeeper.portal.writer import Applied, Result
from gatekeeper.store.pointers import Pointers

Cards = Mapping[EntityRef, Snapshot | PortalError]
Owners = Mapping[EntityRef, tuple[EntityRef, ...] | PortalError]


@dataclass(frozen=True, slots=True)
class Following:
    """`mark_now` has cards looked at as soon as it may be: their pointers have settled."""

    reader: Reader
    pointers: Pointers
    mark_now: Callable[[Iterable[EntityRef], Priority], None]

    def read_owners(self, pointers: Sequence[EntityRef], cards: Cards) -> Reading[Owners]:
        """The cards that each hangs on; `cards` were read in this wave, and show some of them."""
        seen = {pointer: ref for ref, card in cards.items() for pointer in _leading_to(card)}
        asked = yield from self.reader.read_owners([each for each in pointers if each not in seen])
        return {**asked, **{each: (seen[each],) for each in pointers if each in seen}}

    def follow(self, owners: Owners, cards: Cards, priority: Priority) -> dict[EntityRef, Result]:
        """Mark the cards that are not of this wave; what became of each pointer, and of those seen in it."""
        gone = [pointer for pointer, found in owners.items() if isinstance(found, NotFound)]
        remembered = self.pointers.cards_of(gone)
        seen = (pointer for card in cards.values() for pointer in _leading_to(card))
        results: dict[EntityRef, Result] = dict.fromkeys(seen, Applied())
        marked: set[EntityRef] = set()
        for pointer, found in owners.items():
            known = remembered.get(pointer)
            if isinstance(found, PortalError) and not known:
                results[pointer] = found
            else:
                marked |= set(known or () if isinstance(found, PortalError) else found)
                results[pointer] = Applied()
        if marked - cards.keys():
            self.mark_now(marked - cards.keys(), priority)
        return results


def _leading_to(card: Snapshot | PortalError) -> Iterator[EntityRef]:
    """Comments and activities whose events lead to this card."""
    if isinstance(card, PortalError):
        return
    if not isinstance(card.comments, Unread):
        yield from (EntityRef(Kind.COMMENT, comment.id) for comment in card.comments)
    if not isinstance(card, ContactSnapshot):
        yield from (EntityRef(Kind.ACTIVITY, activity) for activity in card.interactions.own_activity_ids)
