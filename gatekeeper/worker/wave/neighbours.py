"""Who else is like these contacts, and what else these deals' clients want: proposed by the index, read anew.

The index says whom to look at; what is said of a card rests on what the portal answers now. So a contact that
the index knows wrongly costs a read and nothing else. While the index is not complete, or a contact that it
proposes may not be seen, the rules have something unread before them, and never an all-clear.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gatekeeper.judge.matching.match import MatchOptions, match
from gatekeeper.judge.matching.person import Person, person_of
from gatekeeper.judge.matching.shared import are_different, without_shared
from gatekeeper.judge.modes import holds_anywhere
from gatekeeper.judge.policy import Policy
from gatekeeper.judge.rules.duplicates import matches
from gatekeeper.model.cards import (
    ContactSnapshot,
    DealSnapshot,
    Neighbours,
    OtherContact,
    Siblings,
    Snapshot,
    Unread,
    Why,
)
from gatekeeper.model.errors import NotFound, PortalError
from gatekeeper.model.refs import EntityRef, Priority
from gatekeeper.portal.reader import Contact, OpenDeals, Reader, Wave
from gatekeeper.portal.transport.answers import FATAL, unread_of
from gatekeeper.portal.transport.rounds import Reading
from gatekeeper.store.contacts import ContactIndex, KeyField
from gatekeeper.worker.wave.indexing import index_keys, person_in

INCOMPLETE = Unread(Why.NO_INDEX)
MOST_OWNERS = 200
"""So many cards with one value in them are enough to tell whether they are several people's."""

ACROSS_CARDS = ("deal.duplicate", "contact.duplicate", "contact.staff_email")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom the index takes for the same person, and which values it knows to be many people's."""

    ids: tuple[int, ...]
    shared: tuple[str, ...]


class Neighbourhood:
    """Completes a wave's snapshots under one policy.

    `older_of` tells which older contact each of some contacts was said to duplicate: that one is read again
    whatever the index proposes, since only its own card may end the violation.
    """

    def __init__(
        self,
        reader: Reader,
        index: ContactIndex,
        policy: Policy,
        older_of: Callable[[Collection[EntityRef]], Mapping[EntityRef, EntityRef]],
    ) -> None:
        self._reader = reader
        self._index = index
        self._policy = policy
        self._older_of = older_of

    def complete(self, wave: Wave, priority: Priority) -> Reading[dict[EntityRef, Snapshot | PortalError]]:
        """The same cards, contacts with their neighbours and deals with their siblings."""
        snapshots = dict(wave.cards)
        if not any(holds_anywhere(self._policy, rule) for rule in ACROSS_CARDS):
            return snapshots
        contacts: dict[int, Contact] = {
            each.ref.id: each for each in snapshots.values() if isinstance(each, ContactSnapshot)
        }
        known = yield from self._with_neighbours(dict(wave.clients) | contacts, priority)
        deals = [each for each in snapshots.values() if isinstance(each, DealSnapshot) and self._wants(each)]
        for ref, snapshot in snapshots.items():
            if isinstance(snapshot, ContactSnapshot):
                snapshots[ref] = known[ref.id]
            elif isinstance(snapshot, DealSnapshot) and not self._can_have_rivals(snapshot):
                snapshots[ref] = replace(snapshot, siblings=Siblings())
        return snapshots | (yield from self._with_siblings(deals, known, wave.open_deals, priority))

    def _wants(self, deal: DealSnapshot) -> bool:
        return holds_anywhere(self._policy, "deal.duplicate") and self._can_have_rivals(deal)

    def _can_have_rivals(self, deal: DealSnapshot) -> bool:
        """Whether another deal of the client could matter to this one."""
        closed = deal.stage is not None and deal.stage.is_final
        comparable = self._policy.rules.deal_duplicate.scope == "client" or deal.product_group != ()
        return not closed and bool(deal.contact_ids) and comparable

    def _with_neighbours(
        self, contacts: Mapping[int, Contact], priority: Priority
    ) -> Reading[dict[int, Contact]]:
        readable = [contact for contact in contacts.values() if isinstance(contact, ContactSnapshot)]
        told = self._older_of([contact.ref for contact in readable])
        proposals = {each.ref.id: self._propose(each, told.get(each.ref)) for each in readable}
        ids = {number for proposal in proposals.values() for number in proposal.ids}
        others = (yield from self._reader.read_contacts(ids - contacts.keys(), priority)) | dict(contacts)
        missing = () if self._index.fill_state().complete else (INCOMPLETE,)
        completed = dict(contacts)
        for each in readable:
            completed[each.ref.id] = _with_found(each, proposals[each.ref.id], others, missing)
        return completed

    def _propose(self, contact: ContactSnapshot, told: EntityRef | None) -> Proposal:
        person = person_of(contact, self._policy.rules.contact_phone.regions)
        shared = frozenset(self._shared(person))
        own = (
            frozenset(contact.staff_mailboxes)
            if not isinstance(contact.staff_mailboxes, Unread)
            else frozenset()
        )
        mine = without_shared(person, shared | own)
        candidates = self._index.candidates(index_keys(mine))
        rows = self._index.read(number for number in candidates if number != contact.ref.id)
        options = self._policy.rules.contact_duplicate
        limits = MatchOptions(options.fields_to_match, options.name_similarity)
        ids = {row.id for row in rows if match(mine, person_in(row), limits) is not None}
        return Proposal(tuple(sorted(ids | ({told.id} if told else set()))), tuple(sorted(shared)))

    def _shared(self, person: Person) -> Iterator[str]:
        at_least = self._policy.rules.contact_staff_email.shared_by
        for key in index_keys(person):
            if key.field in {KeyField.PHONE, KeyField.EMAIL}:
                owners = self._index.candidates([key])[:MOST_OWNERS]
                if len(owners) >= at_least and self._are_different(owners, at_least):
                    yield key.value

    def _are_different(self, owners: Iterable[int], at_least: int) -> bool:
        return are_different((person_in(row).name for row in self._index.read(owners)), at_least)

    def _with_siblings(
        self,
        deals: Collection[DealSnapshot],
        contacts: Mapping[int, Contact],
        known: Mapping[int, OpenDeals],
        priority: Priority,
    ) -> Reading[dict[EntityRef, Snapshot | PortalError]]:
        """`known` are the open deals by contact, as far as they were read with the deals themselves."""
        clients = {deal.ref: self._client(deal, contacts) for deal in deals}
        cards = {number for client in clients.values() if isinstance(client, tuple) for number in client}
        found = dict(known) | (yield from self._reader.read_open_deals(cards - known.keys(), priority))
        completed: dict[EntityRef, Snapshot | PortalError] = {}
        for deal in deals:
            client = clients[deal.ref]
            if isinstance(client, PortalError):
                completed[deal.ref] = client
            else:
                own = [found[number] for number in client]
                completed[deal.ref] = _with_open_deals(deal, own, _unread(deal, contacts))
        return completed

    def _client(self, deal: DealSnapshot, contacts: Mapping[int, Contact]) -> tuple[int, ...] | PortalError:
        """The deal's contacts and those proven to be the same people; what needs review proves nothing."""
        cards = set(deal.contact_ids)
        for number in deal.contact_ids:
            contact = contacts[number]
            if isinstance(contact, FATAL):
                return contact
            if isinstance(contact, ContactSnapshot):
                same = matches(contact, self._policy)
                cards |= {other.ref.id for other, agreed in same if not agreed.needs_review}
        return tuple(sorted(cards))


def _with_found(
    contact: ContactSnapshot, proposal: Proposal, others: Mapping[int, Contact], missing: tuple[Unread, ...]
) -> Contact:
    found, unread = [], list(missing)
    for number in proposal.ids:
        other = others[number]
        if isinstance(other, FATAL):
            return other
        if isinstance(other, ContactSnapshot):
            found.append(_other(other))
        elif not isinstance(other, NotFound):
            unread.append(_no_contact(number, other))
    return replace(contact, neighbours=Neighbours(tuple(found), proposal.shared, tuple(unread)))


def _other(contact: ContactSnapshot) -> OtherContact:
    return OtherContact(
        ref=contact.ref,
        last_name=contact.last_name,
        name=contact.name,
        second_name=contact.second_name,
        birthdate=contact.birthdate,
        phones=contact.phones,
        emails=contact.emails,
        created_at=contact.created_at,
    )


def _with_open_deals(
    deal: DealSnapshot, found: Sequence[OpenDeals], unread: tuple[Unread, ...]
) -> Snapshot | PortalError:
    hidden = [each for each in found if isinstance(each, PortalError)]
    fatal = next((each for each in hidden if isinstance(each, FATAL)), None)
    if fatal:
        return fatal
    if hidden:
        return replace(deal, siblings=Siblings(unread=(*unread, unread_of(hidden[0]))))
    rows = {each.id: each for deals in found if not isinstance(deals, PortalError) for each in deals}
    others = tuple(rows[number] for number in sorted(rows) if number != deal.ref.id)
    return replace(deal, siblings=Siblings(others, unread))


def _unread(deal: DealSnapshot, contacts: Mapping[int, Contact]) -> tuple[Unread, ...]:
    why: list[Unread] = []
    for number in deal.contact_ids:
        contact = contacts[number]
        if isinstance(contact, ContactSnapshot):
            why += contact.neighbours.unread
        elif not isinstance(contact, NotFound):
            why.append(_no_contact(number, contact))
    return tuple(dict.fromkeys(why))


def _no_contact(number: int, error: PortalError) -> Unread:
    return Unread.of(Why.NO_CONTACT, contact=number, reason=error.code or error.method)
