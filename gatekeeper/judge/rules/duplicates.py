"""Rule 5 of the regulations, and what rule 2 says of deals: no client and no deal is kept twice.

Of two cards the newer one is the violator, since whoever made it should have looked for the older.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from gatekeeper.judge.matching.match import Match, MatchOptions, match
from gatekeeper.judge.matching.person import Person, person_of
from gatekeeper.judge.matching.shared import without_shared
from gatekeeper.judge.policy import Policy
from gatekeeper.judge.rules.addresses import addresses, is_company_address
from gatekeeper.model.cards import (
    ContactSnapshot,
    DealSnapshot,
    OtherContact,
    SiblingDeal,
    Unread,
)
from gatekeeper.model.findings import Finding, NotJudged, Violation

MOST_NAMED = 3


def check_duplicate(contact: ContactSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Контакт дублировать нельзя… в случае совпадения двух и более обязательных полей».

    >>> from gatekeeper.judge.examples import NOON, a_contact, a_policy, another_contact
    >>> from gatekeeper.model.cards import Neighbours
    >>> check_duplicate(a_contact(), a_policy(), NOON)
    >>> namesake = another_contact(phones=(), emails=(), birthdate=None)
    >>> check_duplicate(a_contact(neighbours=Neighbours((namesake,))), a_policy(), NOON)
    >>> twice = a_contact(neighbours=Neighbours((another_contact(),)))
    >>> check_duplicate(twice, a_policy(), NOON).facts["older"]
    12
    """
    older = [each for each in contact.neighbours.found if is_older(each, contact)]
    matched = [(each, found) for each, found in matches(contact, policy) if each in older]
    if matched:
        return Violation("contact.duplicate", _facts(contact, matched), partial=_is_partial(contact))
    if contact.neighbours.unread:
        return NotJudged("contact.duplicate", contact.neighbours.unread)
    if isinstance(contact.staff_mailboxes, Unread) and any(_matches_by_staff(contact, older, policy)):
        return NotJudged("contact.duplicate", (contact.staff_mailboxes,))
    return None


def _is_partial(contact: ContactSnapshot) -> bool:
    """Whether more cards, or more of these, might turn out to be the same person's."""
    return bool(contact.neighbours.unread) or isinstance(contact.staff_mailboxes, Unread)


def _is_partly_seen(deal: DealSnapshot) -> bool:
    """Whether an older deal, or the label of a group, might be hidden."""
    return bool(deal.siblings.unread) or isinstance(deal.product_group_choices, Unread)


def matches(contact: ContactSnapshot, policy: Policy) -> list[tuple[OtherContact, Match]]:
    """The neighbours that are the same person as far as is proven or likely, the eldest first.

    Staff addresses and what many share do not count; while the staff is unknown, no address does.
    """
    mute = frozenset(contact.neighbours.shared) | _staff_addresses(contact, policy)
    mine = without_shared(_person(contact, policy), mute)
    found = [(each, _match(mine, each, policy)) for each in sorted(contact.neighbours.found, key=age)]
    return [(each, agreed) for each, agreed in found if agreed is not None]


def check_deal_duplicate(deal: DealSnapshot, policy: Policy, now: datetime) -> Finding:
    """«Несколько сделок по одинаковой группе продуктов по одному и тому же клиенту дублироваться не должны».

    >>> from gatekeeper.judge.examples import NOON, a_deal, a_policy, a_sibling
    >>> from gatekeeper.model.cards import Siblings
    >>> check_deal_duplicate(a_deal(siblings=Siblings((a_sibling(product_group=("47",)),))), a_policy(), NOON)
    >>> check_deal_duplicate(a_deal(siblings=Siblings((a_sibling(),))), a_policy(), NOON).facts
    {'older': 12, 'groups': ['ВО/СПО'], 'through': None}
    """
    if isinstance(deal.product_group, Unread):
        return NotJudged("deal.duplicate", (deal.product_group,))
    older = [
        rival
        for rival in rivals(deal, policy)
        if (rival.created_at, rival.id) < (deal.created_at, deal.ref.id)
    ]
    if older:
        eldest = min(older, key=lambda each: (each.created_at, each.id))
        through = None if eldest.contact_id in deal.contact_ids else eldest.contact_id
        groups = _groups_in_common(deal, eldest)
        facts = {"older": eldest.id, "groups": groups, "through": through}
        return Violation("deal.duplicate", facts, partial=_is_partly_seen(deal))
    return NotJudged("deal.duplicate", deal.siblings.unread) if deal.siblings.unread else None


def rivals(deal: DealSnapshot, policy: Policy) -> list[SiblingDeal]:
    """The client's other open deals, older or newer, beside which there should not be this one."""
    if policy.rules.deal_duplicate.scope == "client":
        return list(deal.siblings.found)
    if isinstance(deal.product_group, Unread):
        return []
    return [each for each in deal.siblings.found if set(each.product_group) & set(deal.product_group)]


def is_older(other: OtherContact, contact: ContactSnapshot) -> bool:
    return age(other) < (contact.created_at, contact.ref.id)


def age(contact: OtherContact) -> tuple[datetime, int]:
    return contact.created_at, contact.ref.id


def _match(mine: Person, other: OtherContact, policy: Policy) -> Match | None:
    options = policy.rules.contact_duplicate
    theirs = person_of(other, policy.rules.contact_phone.regions)
    return match(mine, theirs, MatchOptions(options.fields_to_match, options.name_similarity))


def _person(contact: ContactSnapshot, policy: Policy) -> Person:
    return person_of(contact, policy.rules.contact_phone.regions)


def _staff_addresses(contact: ContactSnapshot, policy: Policy) -> frozenset[str]:
    all_of_them = frozenset(address.address for address in addresses(contact))
    if isinstance(contact.staff_mailboxes, Unread):
        return all_of_them
    domains = policy.rules.contact_staff_email.company_domains
    company = {each for each in all_of_them if is_company_address(each, domains)}
    return frozenset(company.union(contact.staff_mailboxes))


def _matches_by_staff(contact: ContactSnapshot, older: list[OtherContact], policy: Policy) -> Iterator[bool]:
    mine = without_shared(_person(contact, policy), frozenset(contact.neighbours.shared))
    return (_match(mine, each, policy) is not None for each in older)


def _facts(contact: ContactSnapshot, matched: list[tuple[OtherContact, Match]]) -> dict[str, object]:
    """Those that are sure first; the first of all is the card to go on with.

    `merge` are the cards that belong together, in the order in which the portal's merge page takes them.
    """
    in_order = sorted(matched, key=lambda each: each[1].needs_review)
    doubtful = in_order[0][1].needs_review
    alike = [other.ref.id for other, found in in_order if found.needs_review is doubtful]
    named = [
        {
            "id": other.ref.id,
            "name": " ".join(filter(None, (other.last_name, other.name, other.second_name))),
            "fields": [field.value for field in found.fields],
            "near": [field.value for field in found.near],
        }
        for other, found in in_order[:MOST_NAMED]
    ]
    return {
        "older": alike[0],
        "needs_review": doubtful,
        "duplicates": named,
        "more": len(in_order) - len(named),
        "merge": [*alike[:MOST_NAMED], contact.ref.id],
    }


def _groups_in_common(deal: DealSnapshot, other: SiblingDeal) -> list[str]:
    choices = deal.product_group_choices
    labels = choices if isinstance(choices, dict) else {}
    mine = () if isinstance(deal.product_group, Unread) else deal.product_group
    return [labels.get(value, value) for value in mine if value in other.product_group]
