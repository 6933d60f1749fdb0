"""EntityRefs in, Snapshots out: a whole wave in a few rounds of batches.

Round one asks for the items and for what hangs on them by id alone; round two for what the items name (leads,
interactions, and items that a list left out, which may be gone or merely hidden: only `crm.item.get` tells).
What could not be read is never taken for empty. A fault that time may mend fails the whole card, so that it
comes back; a part that the owner may not see is an Unread, and the rules that need it do not judge.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from gatekeeper.judge.modes import named_departments, named_pipelines
from gatekeeper.judge.policy import Policy
from gatekeeper.model.cards import (
    ContactSnapshot,
    DealSnapshot,
    LeadSnapshot,
    Semantics,
    SiblingDeal,
    Snapshot,
    Unread,
    Why,
)
from gatekeeper.model.errors import PortalError, Unreadable
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.model.signature import Signer
from gatekeeper.portal.dictionary import Dictionary, DictionaryKeeper
from gatekeeper.portal.interactions import InteractionReader
from gatekeeper.portal.snapshots import NO_DICTIONARY, NO_STAFF, Around, Parts, build_snapshot
from gatekeeper.portal.staff import StaffKeeper
from gatekeeper.portal.transport.answers import (
    FATAL,
    Page,
    Parser,
    ask,
    counted,
    parsed,
    whole_lists,
)
from gatekeeper.portal.transport.client import Answer, PortalClient
from gatekeeper.portal.wire import cards as wire
from gatekeeper.portal.wire.items import (
    ClientDeal,
    ClientLead,
    DealItem,
    Item,
    LeadItem,
    client_deals_parser,
    client_leads_parser,
    deals_of_lead_parser,
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
NO_PARTS = Parts(Unread(Why.NOT_ASKED))
Items = Mapping[EntityRef, Item | PortalError]


class Reader:
    """Reads cards under one policy, which says what is needed of them.

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
        self._interactions = InteractionReader(client, policy.interaction)
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

    def read(
        self, refs: Sequence[EntityRef], *, priority: Priority = Priority.LIVE
    ) -> dict[EntityRef, Snapshot | PortalError]:
        """A snapshot of each card, or what stood in the way; NotFound where the card is gone.

        Cards in doubt are first asked for alone, and only those that are there are read.
        """
        if priority is Priority.DOUBT:
            missing = self._missing(refs, priority)
            there = [ref for ref in refs if ref not in missing]
            return missing | self._read(there, priority)
        return self._read(refs, priority)

    def _missing(
        self, refs: Sequence[EntityRef], priority: Priority
    ) -> dict[EntityRef, Snapshot | PortalError]:
        """What stood in the way of those that the portal does not show."""
        outcomes = ask(self._client, [wire.item_command(ref) for ref in refs], priority)
        items = {
            ref: parsed(outcome, item_parser(ref.kind, ref.id))
            for ref, outcome in zip(refs, outcomes, strict=True)
        }
        return {ref: item for ref, item in items.items() if isinstance(item, PortalError)}

    def _read(self, refs: Sequence[EntityRef], priority: Priority) -> dict[EntityRef, Snapshot | PortalError]:
        items, parts = self._read_cards(refs, priority)
        there = {ref: item for ref, item in items.items() if not isinstance(item, PortalError)}
        try:
            around = self._read_around(there, priority)
        except PortalError as error:
            return {ref: item if isinstance(item, PortalError) else error for ref, item in items.items()}
        return {ref: build_snapshot(ref, items[ref], parts[ref], around) for ref in refs}

    def read_owners(
        self, pointers: Sequence[EntityRef], *, priority: Priority = Priority.LIVE
    ) -> dict[EntityRef, tuple[EntityRef, ...] | PortalError]:
        """The cards that comments and activities hang on; () where a comment is the gatekeeper's own."""
        outcomes = ask(self._client, [wire.pointer_command(ref) for ref in pointers], priority)
        return {
            ref: parsed(outcome, pointer_parser(ref, self._signer))
            for ref, outcome in zip(pointers, outcomes, strict=True)
        }

    def read_deals_of(
        self, leads: Sequence[EntityRef], *, priority: Priority = Priority.LIVE
    ) -> tuple[EntityRef, ...]:
        """Deals made from these leads, as far as they can be read."""
        found = self._deals_of(leads, priority).values()
        return tuple(
            EntityRef(Kind.DEAL, number)
            for deals in found
            if not isinstance(deals, PortalError)
            for number in deals
        )

    def read_contacts(
        self, ids: Collection[int], *, priority: Priority = Priority.LIVE
    ) -> dict[int, ContactSnapshot | PortalError]:
        """These contacts by id, without their comments; NotFound where one is gone."""
        refs = [EntityRef(Kind.CONTACT, number) for number in sorted(set(ids))]
        lists = list(_item_lists(refs))
        outcomes = ask(self._client, [wire.items_command(kind, some) for kind, some in lists], priority)
        items = self._items(refs, lists, outcomes, priority)
        staff = self._staff.current(priority) if refs else NO_STAFF
        found = {ref.id: build_snapshot(ref, items[ref], NO_PARTS, Around(staff=staff)) for ref in refs}
        return {
            number: each
            for number, each in found.items()
            if not isinstance(each, DealSnapshot | LeadSnapshot)
        }

    def read_open_deals(
        self, clients: Sequence[tuple[int, ...]], *, priority: Priority = Priority.LIVE
    ) -> dict[tuple[int, ...], tuple[SiblingDeal, ...] | PortalError]:
        """The open deals of each client, who is given as the ids of all contact cards that are his."""
        pages = [_deals_page(client) for client in clients]
        firsts = ask(self._client, [page(0) for page in pages], priority)
        parsers = [client_deals_parser(client) for client in clients]
        lists = whole_lists(self._client, pages, firsts, parsers, priority)
        dictionary = self._dictionary.current((), priority) if clients else NO_DICTIONARY
        return {client: _siblings(rows, dictionary) for client, rows in zip(clients, lists, strict=True)}

    def _read_cards(
        self, refs: Sequence[EntityRef], priority: Priority
    ) -> tuple[Items, dict[EntityRef, Parts | PortalError]]:
        """Round one, in one run, so that a small wave costs one hit; then the rest of long lists."""
        lists = list(_item_lists(refs))
        wanted = [(name, ref) for name, (kinds, _) in PARTS.items() for ref in refs if ref.kind in kinds]
        commands = [wire.items_command(kind, ids) for kind, ids in lists]
        commands += [_page_of(name, ref)(0) for name, ref in wanted]
        outcomes = ask(self._client, commands, priority)
        items = self._items(refs, lists, outcomes[: len(lists)], priority)
        found: dict[EntityRef, dict[str, Any]] = {ref: {} for ref in refs}
        pages = [_page_of(name, ref) for name, ref in wanted]
        parsers = [self._part_parser(name, ref) for name, ref in wanted]
        whole = whole_lists(self._client, pages, outcomes[len(lists) :], parsers, priority)
        for (name, ref), value in zip(wanted, whole, strict=True):
            found[ref][name] = value
        return items, {ref: Parts.of(values) for ref, values in found.items()}

    def _part_parser(self, name: str, ref: EntityRef) -> Parser:
        return comments_parser(ref, self._signer) if name == "comments" else PARSERS[name](ref)

    def _items(
        self,
        refs: Sequence[EntityRef],
        lists: Sequence[tuple[Kind, list[int]]],
        outcomes: Sequence[Answer | PortalError],
        priority: Priority,
    ) -> dict[EntityRef, Item | PortalError]:
        """Items by ref. What a list leaves out, or shows in no documented form, is asked for alone."""
        found: dict[EntityRef, Item | PortalError] = {}
        for (kind, ids), outcome in zip(lists, outcomes, strict=True):
            listed = parsed(outcome, items_parser(kind, ids))
            if isinstance(listed, PortalError):
                found |= {EntityRef(kind, number): listed for number in ids if isinstance(listed, FATAL)}
            else:
                found |= {EntityRef(kind, number): item for number, item in listed.items.items()}
        rest = [ref for ref in refs if ref not in found]
        singles = ask(self._client, [wire.item_command(ref) for ref in rest], priority)
        return found | {
            ref: parsed(outcome, item_parser(ref.kind, ref.id))
            for ref, outcome in zip(rest, singles, strict=True)
        }

    def _read_around(self, cards: Mapping[EntityRef, Item], priority: Priority) -> Around:
        """What the items name. Raises PortalError where nothing can be judged without it."""
        deals = [item for item in cards.values() if isinstance(item, DealItem)]
        named = bool(named_departments(self._policy)) and bool(cards)
        asked = named or any(ref.kind is Kind.CONTACT for ref in cards)
        staff = self._staff.current(priority) if asked else NO_STAFF
        if all(ref.kind is Kind.CONTACT for ref in cards):
            return Around(staff=staff, departments_asked=named)
        dictionary = self._dictionary.current(deals, priority)
        return Around(
            dictionary,
            self._leads(deals, priority),
            self._client_leads(deals, priority),
            self._deals_of([ref for ref in cards if ref.kind is Kind.LEAD], priority),
            self._interactions.read(self._bindings(cards), priority=priority),
            staff,
            named,
        )

    def _leads(self, deals: Sequence[DealItem], priority: Priority) -> dict[int, Item | PortalError]:
        ids = sorted({deal.lead_id for deal in deals if isinstance(deal.lead_id, int)})
        refs = [EntityRef(Kind.LEAD, number) for number in ids]
        lists = list(_item_lists(refs))
        outcomes = ask(self._client, [wire.items_command(kind, some) for kind, some in lists], priority)
        return {ref.id: item for ref, item in self._items(refs, lists, outcomes, priority).items()}

    def _client_leads(
        self, deals: Sequence[DealItem], priority: Priority
    ) -> dict[tuple[int, ...], tuple[ClientLead, ...] | PortalError]:
        """Contact ids of a deal -> the leads of that client; {} unless the policy asks."""
        if not self._policy.rules.deal_lead.same_responsible:
            return {}
        clients = sorted({deal.contact_ids for deal in deals} - {()})
        pages: list[Page] = [_client_page(client) for client in clients]
        firsts = ask(self._client, [page(0) for page in pages], priority)
        parsers = [client_leads_parser(client) for client in clients]
        whole = whole_lists(self._client, pages, firsts, parsers, priority)
        return dict(zip(clients, whole, strict=True))

    def _deals_of(
        self, leads: Sequence[EntityRef], priority: Priority
    ) -> dict[EntityRef, tuple[int, ...] | PortalError]:
        outcomes = ask(self._client, [wire.deals_of_lead_command(lead.id) for lead in leads], priority)
        return {
            lead: parsed(counted(outcome, "items"), deals_of_lead_parser(lead.id))
            for lead, outcome in zip(leads, outcomes, strict=True)
        }

    def _bindings(self, cards: Mapping[EntityRef, Item]) -> dict[EntityRef, list[EntityRef]]:
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


# Part -> the kinds that have it, and its command.
PARTS: Mapping[str, tuple[frozenset[Kind], Callable[..., Any]]] = {
    "comments": (frozenset({Kind.DEAL, Kind.CONTACT, Kind.LEAD}), wire.comments_command),
    "row_sums": (frozenset({Kind.DEAL}), wire.rows_command),
    "history": (frozenset({Kind.DEAL}), wire.stage_history_command),
}
# Of those that are read alike whoever owns the webhook.
PARSERS: Mapping[str, Callable[[EntityRef], Parser]] = {
    "row_sums": product_rows_parser,
    "history": history_parser,
}


def _page_of(part: str, ref: EntityRef) -> Page:
    command = PARTS[part][1]
    return lambda start: command(ref, start)


def _deals_page(client: tuple[int, ...]) -> Page:
    return lambda start: wire.client_deals_command(client, start)


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
        siblings.append(SiblingDeal(deal.id, deal.created_at, group, deal.contact_id))
    return tuple(siblings)


def _client_page(client: tuple[int, ...]) -> Page:
    return lambda start: wire.client_leads_command(client, start)


def _item_lists(refs: Iterable[EntityRef]) -> Iterator[tuple[Kind, list[int]]]:
    by_kind: dict[Kind, list[int]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    for kind, ids in by_kind.items():
        for place in range(0, len(ids), PAGE_ITEMS):
            yield kind, ids[place : place + PAGE_ITEMS]
