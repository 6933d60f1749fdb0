"""From what was read of one card, and around it, to its Snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, TypeVar

from gatekeeper.judge.matching.emails import parse_emails
from gatekeeper.model.cards import (
    Comment,
    ContactSnapshot,
    DealSnapshot,
    Interactions,
    LeadSnapshot,
    Multifield,
    Neighbours,
    Semantics,
    SiblingDeal,
    Siblings,
    Snapshot,
    StageEntry,
    Unread,
)
from gatekeeper.model.errors import NotFound, PortalError, Refused
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.model.staff import Staff
from gatekeeper.portal.dictionary import Dictionary
from gatekeeper.portal.transport.answers import FATAL
from gatekeeper.portal.wire import cards as wire

T = TypeVar("T")
NOTHING = Interactions((), ())
NOT_LOOKED_FOR = "не искали"
"""Why a snapshot has no neighbours or siblings as the reader builds it: the contact index must be asked."""
NO_DICTIONARY = Dictionary({}, (), None, (), leads_in_use=True)
"""For waves of contacts, which name no word of it."""
NO_STAFF = Staff(Unread(NOT_LOOKED_FOR), Unread(NOT_LOOKED_FOR))


@dataclass(frozen=True, slots=True)
class Parts:
    """What hangs on one card, by id alone; each a value, or why there is none."""

    comments: tuple[Comment, ...] | Unread
    rows: tuple[wire.Row, ...] | Unread = ()
    history: tuple[StageEntry, ...] | Unread = ()

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Parts | PortalError:
        """A part that may be readable later fails the card."""
        fatal = next((value for value in values.values() if isinstance(value, FATAL)), None)
        return fatal or cls(**{name: _readable(value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Around:
    """What the cards of a wave name; keyed by what names it."""

    dictionary: Dictionary = NO_DICTIONARY
    leads: Mapping[int, wire.Row | PortalError] = field(default_factory=dict)
    client_leads: Mapping[tuple[int, ...], tuple[wire.Row, ...] | PortalError] = field(default_factory=dict)
    lead_deals: Mapping[EntityRef, tuple[wire.Row, ...] | PortalError] = field(default_factory=dict)
    interactions: Mapping[EntityRef, Interactions | PortalError] = field(default_factory=dict)
    staff: Staff = NO_STAFF
    departments_asked: bool = False


def build_snapshot(
    ref: EntityRef, item: wire.Row | PortalError, parts: Parts | PortalError, around: Around
) -> Snapshot | PortalError:
    """The card, or what stood in the way."""
    if isinstance(item, PortalError):
        return item
    if isinstance(parts, PortalError):
        return parts
    try:
        return _with_departments(_parse_card(ref, item, parts, around), around)
    except PortalError as error:
        return error
    except (KeyError, TypeError, ValueError) as error:
        return Refused("crm.item.list", detail=f"{ref}: {type(error).__name__} in the item's fields")


def _parse_card(ref: EntityRef, item: wire.Row, parts: Parts, around: Around) -> Snapshot:
    if ref.kind is Kind.CONTACT:
        return parse_contact(ref, item, parts.comments, around.staff)
    if ref.kind is Kind.LEAD:
        return _lead(ref, item, parts, around)
    return _deal(ref, item, parts, around)


def _with_departments(card: Snapshot, around: Around) -> Snapshot:
    if not around.departments_asked:
        return card
    return replace(card, department_ids=around.staff.departments_of(card.responsible_id))


def parse_contact(
    ref: EntityRef, item: wire.Row, comments: tuple[Comment, ...] | Unread, staff: Staff = NO_STAFF
) -> ContactSnapshot:
    """KeyError or ValueError where the item is not what the portal documents."""
    emails = wire.parse_multifields(item, "EMAIL")
    return ContactSnapshot(
        ref=ref,
        last_name=wire.parse_text(item.get("lastName")),
        name=wire.parse_text(item.get("name")),
        second_name=wire.parse_text(item.get("secondName")),
        birthdate=wire.parse_date(item.get("birthdate")),
        phones=wire.parse_multifields(item, "PHONE"),
        emails=emails,
        created_at=wire.parse_time(item["createdTime"]),
        updated_at=wire.parse_time(item.get("updatedTime") or item["createdTime"]),
        responsible_id=wire.parse_number(item.get("assignedById")),
        department_ids=(),
        source_id=wire.parse_text(item.get("sourceId")),
        comments=comments,
        staff_mailboxes=_staff_mailboxes(emails, staff),
        neighbours=Neighbours(unread=(NOT_LOOKED_FOR,)),
    )


def parse_sibling(row: wire.Row, group_names: Sequence[str]) -> SiblingDeal | None:
    """None for a deal that is closed; TypeError where its product group is not shown."""
    if row.get("stageSemanticId") in {Semantics.SUCCESS, Semantics.FAILURE}:
        return None
    group = wire.parse_choice(row, group_names)
    if isinstance(group, Unread):
        raise TypeError(group.why)
    contact_id = wire.parse_number(row.get("contactId"))
    return SiblingDeal(int(row["id"]), wire.parse_time(row["createdTime"]), group, contact_id)


def _staff_mailboxes(emails: Sequence[Multifield], staff: Staff) -> tuple[str, ...] | Unread:
    """While the address of anybody is hidden, an address that is nobody else's may be his."""
    if isinstance(staff.employees, Unread):
        return staff.employees
    boxes = [employee.mailboxes for employee in staff.employees.values()]
    known = {address for box in boxes if not isinstance(box, Unread) for address in box}
    own = dict.fromkeys(address.address for email in emails for address in parse_emails(email.value))
    found = tuple(address for address in own if address in known)
    hidden = next((box for box in boxes if isinstance(box, Unread)), None)
    return hidden if hidden and own and not found else found


def _deal(ref: EntityRef, item: wire.Row, parts: Parts, around: Around) -> DealSnapshot:
    dictionary = around.dictionary
    pipeline = dictionary.pipelines.get(wire.parse_number(item.get("categoryId")))
    if pipeline is None:
        raise ValueError("its pipeline is hidden from the webhook's owner")
    contact_ids = wire.parse_ids(item["contactIds"])
    lead_id = wire.parse_number(item.get("leadId")) or None
    own_lead = around.leads.get(lead_id or 0)
    return DealSnapshot(
        ref=ref,
        title=wire.parse_text(item.get("title")),
        pipeline=pipeline,
        stage_id=str(item["stageId"]),
        created_at=wire.parse_time(item["createdTime"]),
        moved_at=wire.parse_time(item.get("movedTime") or item["createdTime"]),
        moved_by=wire.parse_number(item.get("movedBy")),
        responsible_id=wire.parse_number(item.get("assignedById")),
        department_ids=(),
        source_id=wire.parse_text(item.get("sourceId")),
        contact_ids=contact_ids,
        lead_id=lead_id,
        lead_exists=None if lead_id is None else _exists(around.leads[lead_id]),
        lead_responsible_ids=_responsible_ids(own_lead, around.client_leads.get(contact_ids, ())),
        product_group=wire.parse_choice(item, dictionary.group_names),
        product_group_choices=dictionary.group_choices,
        sum=wire.parse_money(item.get("opportunity")),
        row_sums=_row_sums(parts.rows),
        comments_field=wire.parse_text(item.get("comments")),
        comments=parts.comments,
        interactions=_raised(around.interactions.get(ref, NOTHING)),
        leads_in_use=dictionary.leads_in_use,
        status=_status(item, dictionary.status_names),
        stage_history=parts.history,
        siblings=Siblings(unread=(NOT_LOOKED_FOR,)),
    )


def _lead(ref: EntityRef, item: wire.Row, parts: Parts, around: Around) -> LeadSnapshot:
    deals = around.lead_deals[ref]
    if isinstance(deals, FATAL):
        raise deals
    return LeadSnapshot(
        ref=ref,
        title=wire.parse_text(item.get("title")),
        semantics=Semantics(item.get("stageSemanticId") or Semantics.PROCESS),
        created_at=wire.parse_time(item["createdTime"]),
        moved_at=wire.parse_time(item.get("movedTime") or item["createdTime"]),
        responsible_id=wire.parse_number(item.get("assignedById")),
        department_ids=(),
        source_id=wire.parse_text(item.get("sourceId")),
        contact_ids=wire.parse_ids(item["contactIds"]),
        deal_ids=_readable(deals if isinstance(deals, PortalError) else tuple(int(r["id"]) for r in deals)),
        leads_in_use=around.dictionary.leads_in_use,
        comments_field=wire.parse_text(item.get("comments")),
        comments=parts.comments,
        interactions=_raised(around.interactions.get(ref, NOTHING)),
    )


def _readable(value: T | PortalError) -> T | Unread:
    return Unread(str(value)) if isinstance(value, PortalError) else value


def _raised(value: T | PortalError) -> T:
    if isinstance(value, PortalError):
        raise value
    return value


def _status(item: wire.Row, names: tuple[str, ...]) -> str | None:
    return next((wire.parse_text(item[name]) for name in names if name in item), None)


def _exists(lead: wire.Row | PortalError) -> bool | Unread:
    if isinstance(lead, FATAL):
        raise lead
    if isinstance(lead, NotFound):
        return False
    return Unread(str(lead)) if isinstance(lead, PortalError) else True


def _responsible_ids(
    own: wire.Row | PortalError | None, others: tuple[wire.Row, ...] | PortalError
) -> tuple[int, ...] | Unread:
    if isinstance(others, PortalError):
        return Unread(str(others))
    rows = [each for each in (own, *others) if each is not None and not isinstance(each, PortalError)]
    return tuple(sorted({wire.parse_number(row.get("assignedById")) for row in rows}))


def _row_sums(rows: tuple[wire.Row, ...] | Unread) -> tuple[Decimal, ...] | Unread:
    if isinstance(rows, Unread):
        return rows
    return tuple(wire.parse_money(row["price"]) * wire.parse_money(row["quantity"]) for row in rows)
