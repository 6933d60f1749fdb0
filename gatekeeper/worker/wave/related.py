"""Cards whose verdict hangs on those of a wave, so that one card's change is seen in the other, too.

The portal tells of a change in one card; the violation may stand in another: the newer deal of a client whose
older one was closed, the copy of a contact that was mended, the first two cards of an address that now stands
in a third. Nobody is marked who stands as he should, or two cards would mark each other for ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from gatekeeper.judge.modes import holds_anywhere, mode_of
from gatekeeper.judge.policy import Mode, Policy
from gatekeeper.judge.rules.addresses import addresses
from gatekeeper.judge.rules.duplicates import age, matches, rivals
from gatekeeper.model.cards import ContactSnapshot, DealSnapshot, SiblingDeal, Snapshot
from gatekeeper.model.errors import NotFound, PortalError
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.reader import OpenDeals, Reader
from gatekeeper.portal.transport.rounds import Reading, together
from gatekeeper.store.contacts import ContactIndex, ContactKey, KeyField
from gatekeeper.store.journal.open_violations import OpenViolations
from gatekeeper.worker.wave.indexing import IndexNews

NEW = timedelta(minutes=10)
"""A lead is looked at again with every change of a deal that was made from it so lately, and not for ever."""

Read = Mapping[EntityRef, Snapshot | PortalError]


@dataclass(frozen=True, slots=True)
class Related:
    """Both are asked before what they follow from is kept: a pass that dies in between asks again."""

    reader: Reader
    index: ContactIndex
    open_violations: OpenViolations
    policy: Policy

    def find(
        self,
        snapshots: Read,
        cured: Collection[EntityRef],
        now: datetime,
        priority: Priority,
    ) -> set[EntityRef]:
        """Whom to look at again; `cured` are the contacts that ceased to be duplicates in this pass."""
        of_leads, of_clients = self.reader.carry_out(
            together(self._of_leads(snapshots), self._deals_of(snapshots, cured, priority)), priority
        )
        found = of_leads | of_clients | self._leads_of(snapshots, now)
        if holds_anywhere(self.policy, "deal.duplicate"):
            found |= self._of_deals(snapshots)
        if holds_anywhere(self.policy, "contact.duplicate"):
            found |= self._of_contacts(snapshots)
        if holds_anywhere(self.policy, "contact.staff_email"):
            found |= self._of_addresses(snapshots)
        return found - snapshots.keys()

    def find_by_keys(self, news: IndexNews) -> set[EntityRef]:
        """Contacts accused together with some that have changed: what they are told is true no more."""
        left = self._owners(key for key in news.before - news.now if key.field is KeyField.EMAIL)
        found = self.open_violations.having("contact.staff_email", left)
        like = self._owners(iter(news.before | news.now))
        return found | self.open_violations.having("contact.duplicate", like)

    def _of_leads(self, snapshots: Read) -> Reading[set[EntityRef]]:
        """The deals of a lead that is gone."""
        lost = [
            ref.id
            for ref, snapshot in snapshots.items()
            if ref.kind is Kind.LEAD and isinstance(snapshot, NotFound)
        ]
        return set((yield from self.reader.read_deals_of(lost)))

    def _leads_of(self, snapshots: Read, now: datetime) -> set[EntityRef]:
        deals = [snapshot for snapshot in snapshots.values() if isinstance(snapshot, DealSnapshot)]
        return {
            EntityRef(Kind.LEAD, deal.lead_id)
            for deal in deals
            # A lead that is gone marks its deals: to mark it in turn would go round for ever.
            if deal.lead_id and deal.lead_exists is True and now - deal.created_at < NEW
        }

    def _of_deals(self, snapshots: Read) -> set[EntityRef]:
        """Newer deals on the same product, and those that were held against a deal that is no rival now."""
        newer: dict[EntityRef, set[EntityRef]] = {}
        for ref, snapshot in snapshots.items():
            if ref.kind is Kind.DEAL and isinstance(snapshot, DealSnapshot | NotFound):
                open_deal = isinstance(snapshot, DealSnapshot) and not (
                    snapshot.stage and snapshot.stage.is_final
                )
                later = (
                    _later_rivals(snapshot, self.policy)
                    if open_deal and isinstance(snapshot, DealSnapshot)
                    else ()
                )
                newer[ref] = set(later)
        return self._changed("deal.duplicate", newer)

    def _of_contacts(self, snapshots: Read) -> set[EntityRef]:
        """Later copies, and those that were held against a contact that they no longer match."""
        newer: dict[EntityRef, set[EntityRef]] = {}
        for ref, snapshot in snapshots.items():
            if ref.kind is Kind.CONTACT and isinstance(snapshot, NotFound):
                newer[ref] = set()
            elif isinstance(snapshot, ContactSnapshot) and not snapshot.neighbours.unread:
                same = (other for other, _ in matches(snapshot, self.policy))
                newer[ref] = {other.ref for other in same if age(other) > (snapshot.created_at, ref.id)}
        return self._changed("contact.duplicate", newer)

    def _changed(self, rule: str, newer: Mapping[EntityRef, set[EntityRef]]) -> set[EntityRef]:
        """Those of the newer cards that stand unaccused, and the accused that are not among them any more."""
        accused = self.open_violations.held_against(rule, newer)
        unaccused = {ref for refs in newer.values() for ref in refs}
        unaccused -= self.open_violations.having(rule, unaccused)
        freed = {each for ref, each in accused if each not in newer[ref]}
        return unaccused | freed

    def _of_addresses(self, snapshots: Read) -> set[EntityRef]:
        """The other cards of an address that is many people's by now."""
        # Two contacts that the rule is off for would mark each other for ever: neither is ever accused.
        contacts = [
            snapshot
            for snapshot in snapshots.values()
            if isinstance(snapshot, ContactSnapshot)
            and mode_of(self.policy, "contact.staff_email", snapshot) is not Mode.OFF
        ]
        shared = {
            address.address
            for contact in contacts
            for address in addresses(contact)
            if address.address in contact.neighbours.shared
        }
        owners = self._owners(ContactKey(KeyField.EMAIL, each) for each in shared)
        return owners - self.open_violations.having("contact.staff_email", owners)

    def _owners(self, keys: Iterator[ContactKey]) -> set[EntityRef]:
        return {EntityRef(Kind.CONTACT, number) for number in self.index.candidates(keys)}

    def _deals_of(
        self, snapshots: Read, cured: Collection[EntityRef], priority: Priority
    ) -> Reading[set[EntityRef]]:
        """Deals of clients whose cards were found to be one person's, or were so until now."""
        if not holds_anywhere(self.policy, "deal.duplicate"):
            return set()
        clients: set[tuple[int, ...]] = {(ref.id,) for ref in cured}
        for snapshot in snapshots.values():
            if isinstance(snapshot, ContactSnapshot):
                same = {
                    other.ref.id
                    for other, agreed in matches(snapshot, self.policy)
                    if not agreed.needs_review
                }
                clients |= {tuple(sorted({snapshot.ref.id, *same}))} if same else set()
        found = yield from self.reader.read_open_deals(
            {each for client in clients for each in client}, priority
        )
        accused: set[EntityRef] = set()
        for client in clients:
            deals = _deals_in(found[number] for number in client)
            refs = {EntityRef(Kind.DEAL, deal.id) for deal in deals}
            open_violations = self.open_violations.having("deal.duplicate", refs)
            accused |= (
                open_violations
                if len(client) == 1
                else _newer_of_a_pair(deals, self.policy) - open_violations
            )
        return accused


def _deals_in(found: Iterable[OpenDeals]) -> list[SiblingDeal]:
    """None, where some of them could not be read."""
    lists = list(found)
    if any(isinstance(each, PortalError) for each in lists):
        return []
    rows = {deal.id: deal for deals in lists if not isinstance(deals, PortalError) for deal in deals}
    return list(rows.values())


def _later_rivals(deal: DealSnapshot, policy: Policy) -> Iterator[EntityRef]:
    for rival in rivals(deal, policy):
        if (rival.created_at, rival.id) > (deal.created_at, deal.ref.id):
            yield EntityRef(Kind.DEAL, rival.id)


def _newer_of_a_pair(deals: Collection[SiblingDeal], policy: Policy) -> set[EntityRef]:
    """The deals before which another one of the same client stands on the same product."""
    in_order = sorted(deals, key=lambda each: (each.created_at, each.id))
    any_group = policy.rules.deal_duplicate.scope == "client"
    return {
        EntityRef(Kind.DEAL, deal.id)
        for place, deal in enumerate(in_order)
        if any(any_group or set(deal.product_group) & set(other.product_group) for other in in_order[:place])
    }
