"""How the portal answers with cards: crm.item.get and crm.item.list (contract 3.2 to 3.4, 4 to 6)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from gatekeeper.model.cards import Multifield, Semantics, Unread, Why
from gatekeeper.model.refs import Kind
from gatekeeper.portal.wire.cards import ENTITY_TYPE, is_stage_of
from gatekeeper.portal.wire.forms import (
    ABSENT,
    NO_TEXT,
    NO_TIME,
    UNSET,
    Keyed,
    Misread,
    Row,
    a_code,
    a_count,
    a_day,
    a_flag,
    a_list,
    a_moment,
    a_raw_text,
    a_semantics,
    a_text,
    agree,
    an_amount,
    an_id,
    each_once,
    exactly,
    list_of,
    one_of,
    part,
    read_row,
    told,
    whole_row,
)

MULTIFIELDS = frozenset({"PHONE", "EMAIL", "WEB", "IM", "LINK"})
JUDGED = frozenset({"PHONE", "EMAIL"})
VALUE_TYPES = frozenset({"WORK", "MOBILE", "HOME", "FAX", "PAGER", "MAILING", "OTHER"})
"""What a phone or an address may be; sites and messengers have names of their own."""
CONVERTED = "CONVERTED"
"""The one stage of success that leads have (contract 6)."""


@dataclass(frozen=True, slots=True)
class MultifieldRow:
    """One phone, address or site of a contact."""

    type_id: str = told("typeId", one_of(MULTIFIELDS), "3.3, 4.1")
    type: str = told("valueType", a_code, "3.3, 4.3")
    value: str = told("value", a_raw_text, "3.3", empty=NO_TEXT, means="")

    def __post_init__(self) -> None:
        agree("valueType", yes=self.type in VALUE_TYPES or self.type_id not in JUDGED)


def multifields(value: Any) -> tuple[MultifieldRow, ...]:
    return tuple(read_row(MultifieldRow, row) for row in a_list(value))


@dataclass(frozen=True, slots=True)
class DealItem:
    """`row` is the whole item, for the fields whose names the config knows (`read_choice`)."""

    id: int = told("id", an_id, "3.2")
    type: int = told("entityTypeId", exactly(ENTITY_TYPE[Kind.DEAL]), "3.2")
    title: str = told("title", a_text, "3.2", empty=NO_TEXT, means="")
    pipeline_id: int = told("categoryId", a_count, "3.2, 3.8")
    stage_id: str = told("stageId", a_code, "3.2, 5")
    semantics: Semantics = told("stageSemanticId", a_semantics, "3.2, 5")
    created_at: datetime = told("createdTime", a_moment, "3.2")
    moved_at: datetime = told("movedTime", a_moment, "3.2, 5")
    moved_by: int = told("movedBy", a_count, "3.2, 5", empty=UNSET, means=0)
    responsible_id: int = told("assignedById", a_count, "3.2")
    source_id: str = told("sourceId", a_text, "3.2", empty=NO_TEXT, means="")
    contact_id: int | None = told("contactId", an_id, "3.2, 5", empty=(*UNSET, ABSENT))
    contact_ids: tuple[int, ...] = told("contactIds", list_of(an_id), "3.2, 5")
    lead_id: int | None | Unread = told("leadId", an_id, "3.2, 5", empty=UNSET, alone=True)
    sum: Decimal | Unread = told("opportunity", an_amount, "3.2, 5", alone=True)
    comments_field: str = told("comments", a_text, "3.2, 5", empty=NO_TEXT, means="")
    row: Row = whole_row()

    def __post_init__(self) -> None:
        agree("contactId", yes=self.contact_id is None or self.contact_id in self.contact_ids)
        agree("stageId", yes=is_stage_of(self.pipeline_id, self.stage_id))


@dataclass(frozen=True, slots=True)
class ContactItem:
    """A contact with its phones and addresses, which a list shows only where nothing was selected."""

    id: int = told("id", an_id, "3.2")
    type: int = told("entityTypeId", exactly(ENTITY_TYPE[Kind.CONTACT]), "3.2")
    last_name: str = told("lastName", a_text, "4.1", empty=NO_TEXT, means="")
    name: str = told("name", a_text, "4.1", empty=NO_TEXT, means="")
    second_name: str = told("secondName", a_text, "4.1", empty=NO_TEXT, means="")
    birthdate: date | None = told("birthdate", a_day, "4.2", empty=NO_TIME)
    multifields: tuple[MultifieldRow, ...] = told("fm", multifields, "3.3")
    has_phone: bool | None = told("hasPhone", a_flag, "4.1", empty=(None, "", ABSENT))
    has_email: bool | None = told("hasEmail", a_flag, "4.1", empty=(None, "", ABSENT))
    created_at: datetime = told("createdTime", a_moment, "4.1")
    updated_at: datetime = told("updatedTime", a_moment, "4.1")
    responsible_id: int = told("assignedById", a_count, "4.1")
    source_id: str = told("sourceId", a_text, "4.1", empty=NO_TEXT, means="")
    row: Row = whole_row()

    def __post_init__(self) -> None:
        agree("hasPhone", yes=not self.has_phone or bool(self.of_type("PHONE")))
        agree("hasEmail", yes=not self.has_email or bool(self.of_type("EMAIL")))

    def of_type(self, type_id: str) -> tuple[Multifield, ...]:
        rows = (row for row in self.multifields if row.type_id == type_id)
        return tuple(Multifield(row.type, row.value) for row in rows)


@dataclass(frozen=True, slots=True)
class LeadItem:
    id: int = told("id", an_id, "3.2")
    type: int = told("entityTypeId", exactly(ENTITY_TYPE[Kind.LEAD]), "3.2")
    title: str = told("title", a_text, "3.2, 6", empty=NO_TEXT, means="")
    stage_id: str = told("stageId", a_code, "6")
    semantics: Semantics = told("stageSemanticId", a_semantics, "6")
    created_at: datetime = told("createdTime", a_moment, "3.2")
    moved_at: datetime = told("movedTime", a_moment, "6")
    responsible_id: int = told("assignedById", a_count, "3.2")
    source_id: str = told("sourceId", a_text, "6", empty=NO_TEXT, means="")
    contact_ids: tuple[int, ...] = told("contactIds", list_of(an_id), "6")
    comments_field: str = told("comments", a_text, "3.2", empty=NO_TEXT, means="")
    row: Row = whole_row()

    def __post_init__(self) -> None:
        agree("stageId", yes=(self.stage_id == CONVERTED) is (self.semantics is Semantics.SUCCESS))


Item = DealItem | ContactItem | LeadItem
ITEM_OF: Mapping[Kind, type[Item]] = {
    Kind.DEAL: DealItem,
    Kind.CONTACT: ContactItem,
    Kind.LEAD: LeadItem,
}


@dataclass(frozen=True, slots=True)
class ClientLead:
    """A lead of a client, selected by three fields."""

    id: int = told("id", an_id, "3.4")
    owner_id: int = told("contactId", an_id, "3.4, 6")
    responsible_id: int = told("assignedById", a_count, "3.4")


@dataclass(frozen=True, slots=True)
class ClientDeal:
    """A deal of a client, as much of it as tells whether it is a duplicate."""

    id: int = told("id", an_id, "3.4")
    type: int = told("entityTypeId", exactly(ENTITY_TYPE[Kind.DEAL]), "3.4")
    owner_id: int = told("contactId", an_id, "3.4, 5")
    semantics: Semantics = told("stageSemanticId", a_semantics, "3.2, 5")
    created_at: datetime = told("createdTime", a_moment, "3.2")
    row: Row = whole_row()


@dataclass(frozen=True, slots=True)
class DealOfLead:
    id: int = told("id", an_id, "3.4")
    owner_id: int = told("leadId", an_id, "3.4, 5")


@dataclass(frozen=True, slots=True)
class Listed:
    """A card of which nothing but its id was asked for."""

    id: int = told("id", an_id, "3.4")


@dataclass(frozen=True, slots=True)
class FoundItems:
    """The cards of a list by id, and the ids of those that could not be understood."""

    items: Mapping[int, Item] = field(default_factory=dict)
    misread: Mapping[int, Misread] = field(default_factory=dict)


def items_parser(kind: Kind, ids: Collection[int]) -> Callable[[Any], FoundItems]:
    """Read a list of whole cards. One that was not asked for, or comes twice, makes the list unread."""
    return lambda result: read_items(kind, part(result, "items"), lambda number: number in ids)


def window_parser(after: int, last: int) -> Callable[[Any], FoundItems]:
    """Read a window of ids of contacts."""
    return lambda result: read_items(
        Kind.CONTACT, part(result, "items"), lambda number: after < number <= last
    )


def read_items(kind: Kind, value: Any, asked: Callable[[int], bool]) -> FoundItems:
    rows = [(read_row(Listed, row).id, row) for row in a_list(value)]
    each_once(number for number, _ in rows)
    agree("id", yes=all(asked(number) for number, _ in rows))
    items: dict[int, Item] = {}
    misread: dict[int, Misread] = {}
    for number, row in rows:
        try:
            items[number] = read_row(ITEM_OF[kind], row)
        except Misread as error:
            misread[number] = error
    return FoundItems(items, misread)


def item_parser(kind: Kind, number: int) -> Callable[[Any], Item]:
    def parse(result: Any) -> Item:
        item: Item = read_row(ITEM_OF[kind], part(result, "item"))
        agree("id", yes=item.id == number)
        return item

    return parse


def client_leads_parser(contacts: Collection[int]) -> Callable[[Any], Keyed]:
    return lambda result: _owned(ClientLead, result, contacts, "contactId")


def client_deals_parser(contacts: Collection[int]) -> Callable[[Any], Keyed]:
    return lambda result: _owned(ClientDeal, result, contacts, "contactId")


def deals_of_leads_parser(leads: Collection[int]) -> Callable[[Any], Keyed]:
    return lambda result: _owned(DealOfLead, result, leads, "leadId")


Owned = TypeVar("Owned", ClientLead, ClientDeal, DealOfLead)


def _owned(shape: type[Owned], result: Any, owners: Collection[int], named: str) -> Keyed:
    rows: list[Owned] = [read_row(shape, row) for row in a_list(part(result, "items"))]
    agree(named, yes=all(row.owner_id in owners for row in rows))
    return tuple((row.id, row) for row in rows)


def ids_parser(asked: Callable[[int], bool]) -> Callable[[Any], tuple[int, ...]]:
    """Read a list of ids, in their order."""

    def parse(result: Any) -> tuple[int, ...]:
        found = [read_row(Listed, row).id for row in a_list(part(result, "items"))]
        each_once(found)
        agree("id", yes=all(asked(number) for number in found))
        return tuple(sorted(found))

    return parse


def any_id(number: int) -> bool:
    return number > 0


def read_choice(row: Row, names: Sequence[str]) -> tuple[str, ...] | Unread:
    """A user field's values as strings, under whichever name this portal shows it (contract 3.1, 3.6).

    Empty are null, "", 0, "0", [] and, where it takes several values, false.
    """
    name = next((name for name in names if name in row), None)
    if name is None:
        return Misread(Why.ABSENT, names[0]).unread
    value = row[name]
    try:
        if value is False or any(type(value) is type(each) and value == each for each in UNSET):
            return ()
        values = a_list(value) if isinstance(value, list | Mapping) else [value]
        return tuple(_choice(each) for each in values)
    except ValueError:
        return Misread(Why.FORM, name).unread


def _choice(value: Any) -> str:
    """As it stands, since the numbers of a list's values are told as text too; 0 in a list is no value."""
    if isinstance(value, str) and a_text(value) not in {"", "0"}:
        return value
    return str(an_id(value))


def read_text(row: Row, names: Sequence[str]) -> str | None:
    """A text field of the admin's; None where it is not shown or is no text."""
    name = next((name for name in names if name in row), None)
    if name is None:
        return None
    try:
        return "" if row[name] is None else a_text(row[name])
    except ValueError:
        return None
