"""What people call a card, for notices: a number alone tells a manager nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from gatekeeper.messages import CardName
from gatekeeper.model.cards import ContactSnapshot, DealSnapshot, Snapshot
from gatekeeper.model.refs import EntityRef, Kind

ReadSnapshots = Callable[[Collection[EntityRef]], Mapping[EntityRef, Snapshot]]


@dataclass(frozen=True, slots=True)
class CardNames:
    """From the snapshots kept last: a card that none is kept of has no name here."""

    read: ReadSnapshots

    def of(self, refs: Collection[EntityRef]) -> Mapping[EntityRef, CardName]:
        cards = self.read(refs)
        clients = {ref: client for ref, card in cards.items() for client in _client_of(card)}
        contacts = self.read(set(clients.values()))
        return {ref: _name_of(card, contacts.get(clients.get(ref, ref))) for ref, card in cards.items()}


def _client_of(card: Snapshot) -> Iterator[EntityRef]:
    """The one contact of a deal; of several none is the client."""
    if isinstance(card, DealSnapshot) and len(card.contact_ids) == 1:
        yield EntityRef(Kind.CONTACT, card.contact_ids[0])


def _name_of(card: Snapshot, client: Snapshot | None) -> CardName:
    if isinstance(card, ContactSnapshot):
        return CardName(_full_name(card))
    return CardName(card.title, _full_name(client) if isinstance(client, ContactSnapshot) else "")


def _full_name(contact: ContactSnapshot) -> str:
    return " ".join(part for part in (contact.last_name, contact.name) if part)
