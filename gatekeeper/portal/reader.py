"""EntityRefs in, Snapshots out: a whole wave in a few rounds of batches.

First the items and what hangs on them by id alone; then what the items name (leads, clients, interactions,
and items that a list left out, which may be gone or merely hidden: only `crm.item.get` tells). What could not
be read is never taken for empty. A fault that time may mend fails the whole card, so that it comes back; a
part that the owner may not see is an Unread, and the rules that need it do not judge.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

from gatekeeper.judge.modes import holds_anywhere, named_departments, named_pipelines
from gatekeeper.judge.policy import Policy
from gatekeeper.judge.rules.activity import last_interaction, leaves_nothing_open
from gatekeeper.model.cards import (
    ContactSnapshot,
    DealSnapshot,
    Interactions,
    LeadSnapshot,
    Semantics,
    SiblingDeal,
    Snapshot,
    Unread,
    Why,
)
from gatekeeper.model.errors import PortalError, Unreadable
from gatekeeper.model.imprint import Imprint
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.model.signature import Signer
from gatekeeper.portal.dictionary import Dictionary, DictionaryKeeper
from gatekeeper.portal.glances import imprint_of, rows_digest
from gatekeeper.portal.interactions import InteractionReader, IsEnough
from gatekeeper.portal.snapshots import NO_DICTIONARY, NO_STAFF, Around, Parts, build_snapshot
from gatekeeper.portal.staff import StaffKeeper
from gatekeeper.portal.transport.answers import FATAL, Parser, parsed, whole_lists
from gatekeeper.portal.transport.client import Command, PortalClient
from gatekeeper.portal.transport.rounds import Reading, carry_out, together
from gatekeeper.portal.wire import cards as wire
from gatekeeper.portal.wire.items import (
    ClientDeal,
    ClientLead,
    DealItem,
    Item,
    LeadItem,
    client_deals_parser,
    client_leads_parser,
    deals_of_leads_parser,
    item_parser,
    items_parser,
)
from gatekeeper.portal.wire.parts import (
    comments_parser,
    history_parser,
    pointer_parser,
    product_rows_parser,
)

log = logging.getLogger(__name__)

PAGE_ITEMS = 50
HISTORIES, OWNERS = 15, 25
"""So many deals' stage histories, or clients' or leads' deals, are asked for in one list: about a page."""
NO_PARTS = Parts(Unread(Why.NOT_ASKED))
NOTHING_KNOWN: Mapping[EntityRef, Imprint] = MappingProxyType({})
T = TypeVar("T")
Cards = Mapping[EntityRef, Item]
Listed = tuple[Any, ...] | PortalError
Contact = ContactSnapshot | PortalError
OpenDeals = tuple[SiblingDeal, ...] | PortalError


@dataclass(frozen=True, slots=True)
class Wave:
    """Cards as they were read.

    `clients` and `open_deals` are those of its deals' clients, by contact. `imprints` are of the cards that
    were read, `unchanged` of those in which a glance has found nothing new.
    """

    cards: Mapping[EntityRef, Snapshot | PortalError]
    clients: Mapping[int, Contact] = field(default_factory=dict)
    open_deals: Mapping[int, OpenDeals] = field(default_factory=dict)
    imprints: Mapping[EntityRef, Imprint] = field(default_factory=dict)
    unchanged: Mapping[EntityRef, Imprint] = field(default_factory=dict)

    def __or__(self, other: Wave) -> Wave:
        return Wave(
            {**self.cards, **other.cards},
            {**self.clients, **other.clients},
            {**self.open_deals, **other.open_deals},
            {**self.imprints, **other.imprints},
            {**self.unchanged, **other.unchanged},
        )


class Reader:
    """Reads cards under one policy, which says what is needed of them.

    What ends in a Reading is sent by whoever carries it out.

    `signer` tells our own notes from people's comments.
    """

    def __init__(
        self,
        client: PortalClient,
        policy: Policy,
        signer: Signer,
        staff: StaffKeeper | None = None,
    ) -> None:
        self._client = client
        self._policy = policy
        self._signer = signer
        self._dictionary = DictionaryKeeper(client, policy.fields)
        self._interactions = InteractionReader(policy.interaction)
        self._staff = staff or StaffKeeper(client)

    @property
    def staff(self) -> StaffKeeper:
        """Kept here once for all who ask about people."""
        return self._staff

    def prepare(self) -> None:
        """Read the dictionary, so that the first card need not wait for it. Raises PortalError.

        A pipeline or department that the policy names and the portal has not is told, and harms nothing.
        """
        pipelines = self._dictionary.current((), Priority.LIVE).pipelines
        for number in sorted(named_pipelines(self._policy) - pipelines.keys()):
            log.warning("policy.unknown_pipeline id=%s", number)
        named = named_departments(self._policy)
        departments = self._staff.current(Priority.LIVE).departments if named else {}
        if not isinstance(departments, Unread):
            for number in sorted(named - departments.keys()):
                log.warning("policy.unknown_department id=%s", number)

    def carry_out(
        self, reading: Reading[T], priority: Priority, between: Callable[[], object] = lambda: None
    ) -> T:
        """Ask the portal for what a reading needs; `between` is called after every round."""
        return carry_out(self._client, reading, priority, between)

    def read(
        self, refs: Sequence[EntityRef], *, priority: Priority = Priority.LIVE
    ) -> dict[EntityRef, Snapshot | PortalError]:
        """A snapshot of each card, or what stood in the way; NotFound where the card is gone."""
        return dict(self.carry_out(self.read_wave(refs, priority), priority).cards)

    def read_wave(
        self,
        refs: Sequence[EntityRef],
        priority: Priority,
        known: Mapping[EntityRef, Imprint] = NOTHING_KNOWN,
    ) -> Reading[Wave]:
        """These cards, and of their neighbours what their items name.

        A card whose imprint is `known` is glanced at first, and read only where it shows anything new. Cards
        in doubt are first asked for alone, and only those that are there are read.
        """
        if priority is Priority.DOUBT:
            missing = yield from _read_missing(refs)
            return Wave(missing) | (
                yield from self._read([ref for ref in refs if ref not in missing], priority)
            )
        whole, glanced = yield from together(
            self._read([ref for ref in refs if ref not in known], priority), self._glance(known, priority)
        )
        return whole | glanced

    def _glance(self, known: Mapping[EntityRef, Imprint], priority: Priority) -> Reading[Wave]:
        unchanged = yield from self._read_unchanged(known, priority)
        wave = yield from self._read([ref for ref in known if ref not in unchanged], priority)
        return replace(wave, unchanged=unchanged)

    def _read_unchanged(
        self, known: Mapping[EntityRef, Imprint], priority: Priority
    ) -> Reading[dict[EntityRef, Imprint]]:
        """Those that show nothing new, with their present imprint.

        Where an item was saved and looks the same, its product rows may have changed. That it was is known
        beforehand where a write of ours changed its stamp.
        """
        read_at = self._client.clock.reading()
        written = [ref for ref, imprint in known.items() if ref.kind is Kind.DEAL and not imprint.stamp]
        items, rows = yield from together(_read_listed(list(known)), _read_rows(written))
        try:
            names = self._status_names(known, priority)
        except PortalError:
            return {}
        shown = {
            ref: imprint_of(item, (), names, read_at)
            for ref, item in items.items()
            if not isinstance(item, PortalError)
        }
        alike = {ref: imprint for ref, imprint in shown.items() if imprint.looks_like(known[ref])}
        saved = [
            ref
            for ref, imprint in alike.items()
            if ref.kind is Kind.DEAL and not imprint.is_untouched_since(known[ref])
        ]
        rows |= yield from _read_rows([ref for ref in saved if ref not in rows])
        changed = {ref for ref in saved if not _has_rows(rows[ref], known[ref])}
        return {
            ref: replace(imprint, rows=known[ref].rows)
            for ref, imprint in alike.items()
            if ref not in changed
        }

    def _read(self, refs: Sequence[EntityRef], priority: Priority) -> Reading[Wave]:
        deals = [ref for ref in refs if ref.kind is Kind.DEAL]
        read_at = self._client.clock.reading()
        items, comments, sums, histories = yield from together(
            _read_items(refs),
            _read_lists(refs, wire.comments_command, lambda ref: comments_parser(ref, self._signer)),
            _read_rows(deals),
            _read_in_groups(_ids(deals), HISTORIES, wire.stage_history_command, history_parser),
        )
        there = {ref: item for ref, item in items.items() if not isinstance(item, PortalError)}
        left = [ref.id for ref in deals if ref in there and not _is_told(histories[ref.id])]
        try:
            (around, clients, rivals), alone = yield from together(
                self._read_around(there, comments, priority),
                _read_in_groups(left, 1, wire.stage_history_command, history_parser),
            )
        except PortalError as error:
            failed = {ref: item if isinstance(item, PortalError) else error for ref, item in items.items()}
            return Wave(failed)
        histories |= alone
        cards: dict[EntityRef, Snapshot | PortalError] = {}
        for ref in refs:
            parts = Parts.of(
                comments[ref], sums.get(ref, ()), histories.get(ref.id, ()) if ref in deals else ()
            )
            cards[ref] = build_snapshot(ref, items[ref], parts, around)
        names = around.dictionary.status_names
        imprints = {
            ref: imprint_of(item, rows, names, read_at)
            for ref, item in there.items()
            if not isinstance(rows := sums.get(ref, ()), PortalError)
        }
        return Wave(cards, clients, rivals, imprints)

    def _status_names(self, cards: Collection[EntityRef], priority: Priority) -> tuple[str, ...]:
        """Under which names a deal may carry our status."""
        deals = any(ref.kind is Kind.DEAL for ref in cards)
        return self._dictionary.current((), priority).status_names if deals else ()

    def read_owners(
        self, pointers: Sequence[EntityRef]
    ) -> Reading[dict[EntityRef, tuple[EntityRef, ...] | PortalError]]:
        """The cards that comments and activities hang on; () where a comment is the gatekeeper's own."""
        outcomes = yield [wire.pointer_command(ref) for ref in pointers]
        return {
            ref: parsed(outcome, pointer_parser(ref, self._signer))
            for ref, outcome in zip(pointers, outcomes, strict=True)
        }

    def read_contacts(self, ids: Collection[int], priority: Priority) -> Reading[dict[int, Contact]]:
        """These contacts by id, without their comments; NotFound where one is gone."""
        refs = [EntityRef(Kind.CONTACT, number) for number in sorted(set(ids))]
        staff = self._staff.current(priority) if refs else NO_STAFF
        items = yield from _read_items(refs)
        found = {ref.id: build_snapshot(ref, items[ref], NO_PARTS, Around(staff=staff)) for ref in refs}
        return {
            number: each
            for number, each in found.items()
            if not isinstance(each, DealSnapshot | LeadSnapshot)
        }

    def read_deals_of(self, leads: Collection[int]) -> Reading[tuple[EntityRef, ...]]:
        """Deals made from these leads, as far as they can be read."""
        found = yield from _read_deals_of(leads)
        return tuple(
            EntityRef(Kind.DEAL, number)
            for deals in found.values()
            if not isinstance(deals, PortalError)
            for number in deals
        )

    def read_open_deals(self, contacts: Collection[int], priority: Priority) -> Reading[dict[int, OpenDeals]]:
        """The open deals whose client is this contact card, by contact."""
        deals = yield from _read_owned(contacts, wire.client_deals_command, client_deals_parser)
        dictionary = self._dictionary.current((), priority) if deals else NO_DICTIONARY
        return {contact: _siblings(rows, dictionary) for contact, rows in deals.items()}

    def _read_around(
        self, cards: Cards, comments: Mapping[EntityRef, Listed], priority: Priority
    ) -> Reading[tuple[Around, dict[int, Contact], dict[int, OpenDeals]]]:
        """What the items name. Raises PortalError where nothing can be judged without it."""
        deals = [item for item in cards.values() if isinstance(item, DealItem)]
        leads = [ref for ref in cards if ref.kind is Kind.LEAD]
        clients = self._clients_to_compare(deals)
        named = bool(named_departments(self._policy)) and bool(cards)
        asked = named or any(ref.kind is Kind.CONTACT for ref in cards)
        staff = self._staff.current(priority) if asked else NO_STAFF
        if all(ref.kind is Kind.CONTACT for ref in cards):
            return Around(staff=staff, departments_asked=named), {}, {}
        dictionary = self._dictionary.current(deals, priority)
        own, of_clients, deals_of, interactions, (contacts, rivals) = yield from together(
            self._read_leads(deals, cards),
            self._read_client_leads(deals),
            _read_deals_of([ref.id for ref in leads]),
            self._interactions.read(self._bindings(cards), self._is_enough(cards, comments)),
            together(
                self.read_contacts(
                    {each for each in clients if EntityRef(Kind.CONTACT, each) not in cards}, priority
                ),
                self.read_open_deals(clients, priority),
            ),
        )
        around = Around(dictionary, own, of_clients, deals_of, interactions, staff, named)
        return around, contacts, rivals

    def _read_leads(self, deals: Sequence[DealItem], cards: Cards) -> Reading[dict[int, Item | PortalError]]:
        ids = sorted({deal.lead_id for deal in deals if isinstance(deal.lead_id, int)})
        refs = [EntityRef(Kind.LEAD, number) for number in ids]
        found = yield from _read_items([ref for ref in refs if ref not in cards])
        return {ref.id: cards[ref] if ref in cards else found[ref] for ref in refs}

    def _read_client_leads(
        self, deals: Sequence[DealItem]
    ) -> Reading[dict[int, tuple[ClientLead, ...] | PortalError]]:
        """Contact -> the leads of that client; {} unless the policy asks."""
        asked = self._policy.rules.deal_lead.same_responsible
        contacts = {contact for deal in deals for contact in deal.contact_ids} if asked else set()
        return (yield from _read_owned(contacts, wire.client_leads_command, client_leads_parser))

    def _clients_to_compare(self, deals: Iterable[DealItem]) -> list[int]:
        """The clients of open deals, where a rule compares deals of one client."""
        if not holds_anywhere(self._policy, "deal.duplicate"):
            return []
        return sorted(
            {each for deal in deals if deal.semantics is Semantics.PROCESS for each in deal.contact_ids}
        )

    def _bindings(self, cards: Cards) -> dict[EntityRef, list[EntityRef]]:
        """What a card's interactions hang on; closed deals and open leads owe none, so none is read."""
        bindings: dict[EntityRef, list[EntityRef]] = {}
        for ref, item in cards.items():
            if isinstance(item, LeadItem) and item.semantics is Semantics.SUCCESS:
                bindings[ref] = [ref]
            elif isinstance(item, DealItem) and item.semantics is Semantics.PROCESS:
                bindings[ref] = [ref, *self._clients_of(item)]
        return bindings

    def _clients_of(self, deal: DealItem) -> Iterator[EntityRef]:
        """The lead that a deal was made from, and its contacts where the policy counts theirs."""
        if isinstance(deal.lead_id, int):
            yield EntityRef(Kind.LEAD, deal.lead_id)
        if self._policy.interaction.include_contact:
            for contact in deal.contact_ids:
                yield EntityRef(Kind.CONTACT, contact)

    def _is_enough(self, cards: Cards, comments: Mapping[EntityRef, Listed]) -> IsEnough:
        """Whether a card's calls and mails settle every rule, whatever its chats hold."""
        now = self._client.clock.reading()

        def is_enough(ref: EntityRef, found: Interactions) -> bool:
            item, written = cards[ref], comments[ref]
            if isinstance(item, DealItem) and not isinstance(written, PortalError) and now is not None:
                return leaves_nothing_open(item.created_at, written, found, self._policy, now)
            return isinstance(item, LeadItem) and last_interaction(found) is not None

        return is_enough


def _read_missing(refs: Sequence[EntityRef]) -> Reading[dict[EntityRef, Snapshot | PortalError]]:
    """What stood in the way of those that the portal does not show."""
    items = yield from _read_alone(refs)
    return {ref: item for ref, item in items.items() if isinstance(item, PortalError)}


def _read_alone(refs: Sequence[EntityRef]) -> Reading[dict[EntityRef, Item | PortalError]]:
    outcomes = yield [wire.item_command(ref) for ref in refs]
    return {
        ref: parsed(outcome, item_parser(ref.kind, ref.id))
        for ref, outcome in zip(refs, outcomes, strict=True)
    }


def _read_items(refs: Sequence[EntityRef]) -> Reading[dict[EntityRef, Item | PortalError]]:
    """Items by ref. What a list leaves out, or shows in no documented form, is asked for alone."""
    found = yield from _read_listed(refs)
    return found | (yield from _read_alone([ref for ref in refs if ref not in found]))


def _read_listed(refs: Sequence[EntityRef]) -> Reading[dict[EntityRef, Item | PortalError]]:
    """What lists show of these; a fault that time may mend is each one's."""
    lists = list(_item_lists(refs))
    outcomes = yield [wire.items_command(kind, ids) for kind, ids in lists]
    found: dict[EntityRef, Item | PortalError] = {}
    for (kind, ids), outcome in zip(lists, outcomes, strict=True):
        listed = parsed(outcome, items_parser(kind, ids))
        if isinstance(listed, PortalError):
            found |= {EntityRef(kind, number): listed for number in ids if isinstance(listed, FATAL)}
        else:
            found |= {EntityRef(kind, number): item for number, item in listed.items.items()}
    return found


def _read_lists(
    refs: Sequence[EntityRef],
    command: Callable[[EntityRef, int], Command],
    parser: Callable[[EntityRef], Parser],
) -> Reading[dict[EntityRef, Listed]]:
    """A whole list for each card."""
    lists = yield from whole_lists([partial(command, ref) for ref in refs], [parser(ref) for ref in refs])
    return dict(zip(refs, lists, strict=True))


def _read_rows(deals: Sequence[EntityRef]) -> Reading[dict[EntityRef, Listed]]:
    return (yield from _read_lists(deals, wire.rows_command, product_rows_parser))


def _read_owned(
    owners: Collection[int],
    command: Callable[[Sequence[int], int], Command],
    parser: Callable[[Collection[int]], Parser],
) -> Reading[dict[int, Listed]]:
    """What belongs to each of these, many of them in one list. One that a list leaves out is asked for alone.

    So nobody is said to have nothing because a portal has not understood a list in its filter.
    """
    wanted = sorted(set(owners))
    found = yield from _read_in_groups(wanted, OWNERS, command, parser)
    left = [owner for owner in wanted if len(wanted) > 1 and not _is_told(found[owner])]
    return found | (yield from _read_in_groups(left, 1, command, parser))


def _read_in_groups(
    owners: Sequence[int],
    at_once: int,
    command: Callable[[Sequence[int], int], Command],
    parser: Callable[[Collection[int]], Parser],
) -> Reading[dict[int, Listed]]:
    groups = [owners[place : place + at_once] for place in range(0, len(owners), at_once)]
    pages = [partial(command, group) for group in groups]
    lists = yield from whole_lists(pages, [parser(group) for group in groups])
    return {
        owner: rows if isinstance(rows, PortalError) else tuple(row for row in rows if row.owner_id == owner)
        for group, rows in zip(groups, lists, strict=True)
        for owner in group
    }


def _has_rows(rows: Listed, imprint: Imprint) -> bool:
    return not isinstance(rows, PortalError) and rows_digest(rows) == imprint.rows


def _ids(refs: Iterable[EntityRef]) -> list[int]:
    return [ref.id for ref in refs]


def _is_told(rows: Listed) -> bool:
    """Whether it would be told no more if it were asked for alone."""
    return isinstance(rows, FATAL) if isinstance(rows, PortalError) else rows != ()


def _siblings(
    deals: tuple[ClientDeal, ...] | PortalError, dictionary: Dictionary
) -> tuple[SiblingDeal, ...] | PortalError:
    """Those that are open; none of them where the product group of one is not shown."""
    if isinstance(deals, PortalError):
        return deals
    siblings: list[SiblingDeal] = []
    for deal in deals:
        if deal.semantics is not Semantics.PROCESS:
            continue
        group = dictionary.group_of(deal.row)
        if isinstance(group, Unread):
            return Unreadable("crm.item.list", group)
        siblings.append(SiblingDeal(deal.id, deal.created_at, group, deal.owner_id))
    return tuple(siblings)


def _item_lists(refs: Iterable[EntityRef]) -> Iterator[tuple[Kind, list[int]]]:
    by_kind: dict[Kind, list[int]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    for kind, ids in by_kind.items():
        for place in range(0, len(ids), PAGE_ITEMS):
            yield kind, ids[place : place + PAGE_ITEMS]


def _read_deals_of(leads: Collection[int]) -> Reading[dict[int, tuple[int, ...] | PortalError]]:
    """Lead -> the deals made from it."""
    found = yield from _read_owned(leads, wire.deals_of_leads_command, deals_of_leads_parser)
    return {
        lead: rows if isinstance(rows, PortalError) else tuple(row.id for row in rows)
        for lead, rows in found.items()
    }
