"""From what was read of one card, and around it, to its Snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar, assert_never

from gatekeeper.judge.matching.emails import parse_emails
from gatekeeper.model.cards import (
    Comment,
    ContactSnapshot,
    DealSnapshot,
    Interactions,
    LeadSnapshot,
    Multifield,
    Neighbours,
    Pipeline,
    Siblings,
    Snapshot,
    StageEntry,
    Unread,
    Why,
)
from gatekeeper.model.errors import NotFound, PortalError, Refused, Unreadable
from gatekeeper.model.refs import EntityRef
from gatekeeper.model.staff import Staff
from gatekeeper.portal.dictionary import Dictionary
from gatekeeper.portal.transport.answers import FATAL, unread_of
from gatekeeper.portal.wire.forms import Misread
from gatekeeper.portal.wire.items import (
    ClientLead,
    ContactItem,
    DealItem,
    Item,
    LeadItem,
    read_text,
)
from gatekeeper.portal.wire.parts import HistoryRow

T = TypeVar("T")
NOTHING = Interactions((), ())
NOT_LOOKED_FOR = Unread(Why.NOT_ASKED)
"""Why a snapshot has no neighbours or siblings as the reader builds it: the contact index must be asked."""
NO_DICTIONARY = Dictionary({}, (), None, (), leads_in_use=True)
"""For waves of contacts, which name no word of it."""
NO_STAFF = Staff(NOT_LOOKED_FOR, NOT_LOOKED_FOR)


@dataclass(frozen=True, slots=True)
class Parts:
    """What hangs on one card, by id alone; each a value, or why there is none."""

    comments: tuple[Comment, ...] | Unread
    row_sums: tuple[Decimal, ...] | Unread = ()
    history: tuple[StageEntry, ...] | Unread = ()

    @classmethod
    def of(
        cls,
        comments: tuple[Comment, ...] | PortalError,
        row_sums: tuple[Decimal, ...] | PortalError = (),
        history: tuple[HistoryRow, ...] | PortalError = (),
    ) -> Parts | PortalError:
        """A part that may be readable later fails the card."""
        fatal = next((part for part in (comments, row_sums, history) if isinstance(part, FATAL)), None)
        if fatal:
            return fatal
        entries = history if isinstance(history, PortalError) else tuple(row.entry() for row in history)
        return cls(_readable(comments), _readable(row_sums), _readable(entries))


@dataclass(frozen=True, slots=True)
class Around:
    """What the cards of a wave name; keyed by what names it."""

    dictionary: Dictionary = NO_DICTIONARY
    leads: Mapping[int, Item | PortalError] = field(default_factory=dict)
    client_leads: Mapping[int, tuple[ClientLead, ...] | PortalError] = field(default_factory=dict)
    lead_deals: Mapping[int, tuple[int, ...] | PortalError] = field(default_factory=dict)
    interactions: Mapping[EntityRef, Interactions | PortalError] = field(default_factory=dict)
    staff: Staff = NO_STAFF
    departments_asked: bool = False


def build_snapshot(
    ref: EntityRef, item: Item | PortalError, parts: Parts | PortalError, around: Around
) -> Snapshot | PortalError:
    """The card, or what stood in the way."""
    if isinstance(item, PortalError):
        return item
    if isinstance(parts, PortalError):
        return parts
    try:
        return _with_departments(_snapshot(ref, item, parts, around), around)
    except PortalError as error:
        return error


def _snapshot(ref: EntityRef, item: Item, parts: Parts, around: Around) -> Snapshot:
    match item:
        case ContactItem():
            return contact_snapshot(ref, item, parts.comments, around.staff)
        case LeadItem():
            return _lead(ref, item, parts, around)
        case DealItem():
            return _deal(ref, item, parts, around)
        case _:
            assert_never(item)


def _with_departments(card: Snapshot, around: Around) -> Snapshot:
    if not around.departments_asked:
        return card
    return replace(card, department_ids=around.staff.departments_of(card.responsible_id))


def contact_snapshot(
    ref: EntityRef, item: ContactItem, comments: tuple[Comment, ...] | Unread, staff: Staff = NO_STAFF
) -> ContactSnapshot:
    emails = item.of_type("EMAIL")
    return ContactSnapshot(
        ref=ref,
        last_name=item.last_name,
        name=item.name,
        second_name=item.second_name,
        birthdate=item.birthdate,
        phones=item.of_type("PHONE"),
        emails=emails,
        created_at=item.created_at,
        updated_at=item.updated_at,
        responsible_id=item.responsible_id,
        department_ids=(),
        source_id=item.source_id,
        comments=comments,
        staff_mailboxes=_staff_mailboxes(emails, staff),
        neighbours=Neighbours(unread=(NOT_LOOKED_FOR,)),
    )


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


def _deal(ref: EntityRef, item: DealItem, parts: Parts, around: Around) -> DealSnapshot:
    dictionary = around.dictionary
    return DealSnapshot(
        ref=ref,
        title=item.title,
        pipeline=_pipeline(item, dictionary),
        stage_id=item.stage_id,
        created_at=item.created_at,
        moved_at=item.moved_at,
        moved_by=item.moved_by,
        responsible_id=item.responsible_id,
        department_ids=(),
        source_id=item.source_id,
        contact_ids=item.contact_ids,
        lead_id=None if isinstance(item.lead_id, Unread) else item.lead_id,
        lead_exists=_lead_exists(item.lead_id, around),
        lead_responsible_ids=_lead_responsible_ids(item, around),
        product_group=dictionary.group_of(item.row),
        product_group_choices=dictionary.group_choices,
        sum=item.sum,
        row_sums=parts.row_sums,
        comments_field=item.comments_field,
        comments=parts.comments,
        interactions=_raised(around.interactions.get(ref, NOTHING)),
        leads_in_use=dictionary.leads_in_use,
        status=read_text(item.row, dictionary.status_names),
        stage_history=parts.history,
        siblings=Siblings(unread=(NOT_LOOKED_FOR,)),
    )


def _pipeline(item: DealItem, dictionary: Dictionary) -> Pipeline:
    pipeline = dictionary.pipelines.get(item.pipeline_id)
    if pipeline is None:
        raise Refused("crm.item.list", detail="pipeline_hidden")
    if isinstance(pipeline, PortalError):
        raise pipeline
    stage = pipeline.stage(item.stage_id)
    if stage is not None and stage.semantics is not item.semantics:
        raise Unreadable("crm.item.list", Misread(Why.CONTRADICTION, "stageSemanticId").unread)
    return pipeline


def _lead(ref: EntityRef, item: LeadItem, parts: Parts, around: Around) -> LeadSnapshot:
    deals = around.lead_deals[ref.id]
    if isinstance(deals, FATAL):
        raise deals
    return LeadSnapshot(
        ref=ref,
        title=item.title,
        semantics=item.semantics,
        created_at=item.created_at,
        moved_at=item.moved_at,
        responsible_id=item.responsible_id,
        department_ids=(),
        source_id=item.source_id,
        contact_ids=item.contact_ids,
        deal_ids=_readable(deals),
        leads_in_use=around.dictionary.leads_in_use,
        comments_field=item.comments_field,
        comments=parts.comments,
        interactions=_raised(around.interactions.get(ref, NOTHING)),
    )


def _readable(value: T | PortalError) -> T | Unread:
    return unread_of(value) if isinstance(value, PortalError) else value


def _raised(value: T | PortalError) -> T:
    if isinstance(value, PortalError):
        raise value
    return value


def _lead_exists(lead_id: int | None | Unread, around: Around) -> bool | None | Unread:
    if lead_id is None or isinstance(lead_id, Unread):
        return lead_id
    lead = around.leads[lead_id]
    if isinstance(lead, FATAL):
        raise lead
    if isinstance(lead, NotFound):
        return False
    return unread_of(lead) if isinstance(lead, PortalError) else True


def _lead_responsible_ids(item: DealItem, around: Around) -> tuple[int, ...] | Unread:
    """Of the deal's own lead, as far as it can be read, and of the client's others."""
    found: set[int] = set()
    for contact in item.contact_ids:
        others = around.client_leads.get(contact, ())
        if isinstance(others, PortalError):
            return unread_of(others)
        found |= {lead.responsible_id for lead in others}
    own = around.leads.get(item.lead_id) if isinstance(item.lead_id, int) else None
    if isinstance(own, LeadItem):
        found.add(own.responsible_id)
    return tuple(sorted(found))
