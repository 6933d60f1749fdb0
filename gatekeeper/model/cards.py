"""The values that everything else speaks of: frozen, compared by value, free of I/O.

Times are aware; the portal's own offset is kept as read. A part of a snapshot that could not be read is
an `Unread`, never an empty value: a type checker then makes every rule say what it does about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self

from gatekeeper.model.refs import EntityRef


class Semantics(StrEnum):
    """What a stage means to the portal: still in process, won, or lost."""

    PROCESS = "P"
    SUCCESS = "S"
    FAILURE = "F"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a pipeline. `id` is the portal's full code ("PREPARATION", "C1:WON")."""

    id: str
    name: str
    sort: int
    semantics: Semantics

    @property
    def is_final(self) -> bool:
        return self.semantics is not Semantics.PROCESS


@dataclass(frozen=True, slots=True)
class Pipeline:
    """`stages` in the order a deal walks them. The default pipeline's id is 0."""

    id: int
    name: str
    stages: tuple[Stage, ...]

    def stage(self, stage_id: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.id == stage_id), None)


class Why(StrEnum):
    """Why a part could not be read, or not be judged. Each is worded by the messages' `unread`."""

    ABSENT = "absent"  # field
    FORM = "form"  # field
    CONTRADICTION = "contradiction"  # field
    NO_SCOPE = "no_scope"  # scope, method
    DENIED = "denied"  # method
    REFUSED = "refused"  # method, reason
    NO_ANSWER = "no_answer"  # method, reason
    NO_FIELD = "no_field"  # field
    NO_CALL = "no_call"  # activity
    NO_CONTACT = "no_contact"  # contact, reason
    NO_INDEX = "no_index"
    LANGUAGE = "language"
    MASKED = "masked"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Unread:
    """Stands where a part of a snapshot could not be read, for an admin.

    `facts` are what its code's words need: names of fields and methods, codes and ids, never what stands in a
    card.
    """

    code: Why
    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: Why, **facts: object) -> Self:
        """Make one of facts of any type.

        >>> str(Unread.of(Why.FORM, field="leadId"))
        'form field=leadId'
        """
        return cls(code, tuple((name, str(fact)) for name, fact in facts.items()))

    def __str__(self) -> str:
        return " ".join([self.code, *(f"{name}={fact}" for name, fact in self.facts)])


@dataclass(frozen=True, slots=True)
class Comment:
    """One timeline comment; `signed_for` is the card that the gatekeeper wrote it for, None for a person."""

    id: int
    author_id: int
    created_at: datetime
    text: str
    signed_for: EntityRef | None


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, SMS or chat message, at its own time; by the client, else by a person of the company."""

    at: datetime
    by_client: bool


@dataclass(frozen=True, slots=True)
class Interactions:
    """What passed between the company and the client, oldest first.

    `calls` are the beginnings of calls that count: through telephony, answered, long enough. `messages` are
    all correspondence, one-sided too. `unread` says, for an admin, what could not be read beside them: an
    interaction that is here is proven, and only where none is here does an `unread` leave it open.
    `activity_ids` are the portal's entries that all this was read from, `own_activity_ids` the entries whose
    events lead to this card, whatever they are; nobody judges by them.
    """

    calls: tuple[datetime, ...]
    messages: tuple[Message, ...]
    unread: tuple[Unread, ...] = ()
    activity_ids: tuple[int, ...] = field(default=(), compare=False)
    own_activity_ids: tuple[int, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class StageEntry:
    """One line of a deal's stage history, oldest first in every tuple of them."""

    stage_id: str
    pipeline_id: int
    entered_at: datetime
    is_creation: bool


@dataclass(frozen=True, slots=True)
class Multifield:
    """A phone or e-mail as typed; `type` is the portal's code (MOBILE, WORK, HOME, …)."""

    type: str
    value: str


@dataclass(frozen=True, slots=True)
class SiblingDeal:
    """Another open deal of the same client; `contact_id` is by which of the client's cards it was found."""

    id: int
    created_at: datetime
    product_group: tuple[str, ...]
    contact_id: int


@dataclass(frozen=True, slots=True)
class Siblings:
    """A sibling that is here is proven; only where none is here does an `unread` leave it open."""

    found: tuple[SiblingDeal, ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherContact:
    """A contact that may be the same person as the one judged, read at the same moment."""

    ref: EntityRef
    last_name: str
    name: str
    second_name: str
    birthdate: date | None
    phones: tuple[Multifield, ...]
    emails: tuple[Multifield, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The contacts that have something in common with this one.

    `shared` are those of its own phones and addresses, folded, that stand in the cards of several people and
    so say nothing of any one of them. `unread` as in `Siblings`.
    """

    found: tuple[OtherContact, ...] = ()
    shared: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class DealSnapshot:
    """Everything the rules may look at for one deal, read at one moment.

    `product_group` holds the field's values as strings (ids where the field is a list), () when empty.
    `product_group_choices` maps the ids that the list has now to their labels; None when it is no list.
    `lead_exists` is None without a leadId, and Unread where it is not known whether there is one.
    `lead_responsible_ids` are those of every lead of the client, read only where the policy asks for
    them, else (). `comments_field` is the card's own field, not the timeline. `leads_in_use` is False
    where the portal works without leads. `status` is what stands in the field that the gatekeeper keeps
    the deal's status in, None where it keeps none. `siblings` are looked for only where they can matter.
    `department_ids` are the responsible's, nearest first, with all that they belong to; read only where
    the policy names a department, else (). `source_id` is where the card came from ("WEB"), "" where that
    is not said. These two are in every snapshot.
    """

    ref: EntityRef
    title: str
    pipeline: Pipeline
    stage_id: str
    created_at: datetime
    moved_at: datetime
    moved_by: int
    responsible_id: int
    department_ids: tuple[int, ...] | Unread = field(default=(), kw_only=True)
    source_id: str = field(default="", kw_only=True)
    contact_ids: tuple[int, ...]
    lead_id: int | None
    lead_exists: bool | None | Unread
    lead_responsible_ids: tuple[int, ...] | Unread
    product_group: tuple[str, ...] | Unread
    product_group_choices: dict[str, str] | None | Unread
    sum: Decimal | Unread
    row_sums: tuple[Decimal, ...] | Unread
    comments_field: str
    comments: tuple[Comment, ...] | Unread
    interactions: Interactions
    leads_in_use: bool
    status: str | None
    stage_history: tuple[StageEntry, ...] | Unread
    siblings: Siblings

    @property
    def stage(self) -> Stage | None:
        """None when the stage is not one of the deal's pipeline."""
        return self.pipeline.stage(self.stage_id)

    @property
    def is_won(self) -> bool:
        return self.stage is not None and self.stage.semantics is Semantics.SUCCESS

    @property
    def is_lost(self) -> bool:
        """Closed without a sale: it answers to no rule any more but for how it was born."""
        return self.stage is not None and self.stage.semantics is Semantics.FAILURE


@dataclass(frozen=True, slots=True)
class ContactSnapshot:
    """`birthdate` is None when empty; the names are stripped, "" when empty.

    `staff_mailboxes` are those of its own addresses, folded, that are an employee's.
    """

    ref: EntityRef
    last_name: str
    name: str
    second_name: str
    birthdate: date | None
    phones: tuple[Multifield, ...]
    emails: tuple[Multifield, ...]
    created_at: datetime
    updated_at: datetime
    responsible_id: int
    department_ids: tuple[int, ...] | Unread = field(default=(), kw_only=True)
    source_id: str = field(default="", kw_only=True)
    comments: tuple[Comment, ...] | Unread
    staff_mailboxes: tuple[str, ...] | Unread
    neighbours: Neighbours


@dataclass(frozen=True, slots=True)
class LeadSnapshot:
    """`deal_ids` are the deals made from it; `interactions` what is bound to the lead itself."""

    ref: EntityRef
    title: str
    semantics: Semantics
    created_at: datetime
    moved_at: datetime
    responsible_id: int
    department_ids: tuple[int, ...] | Unread = field(default=(), kw_only=True)
    source_id: str = field(default="", kw_only=True)
    contact_ids: tuple[int, ...]
    deal_ids: tuple[int, ...] | Unread
    leads_in_use: bool
    comments_field: str
    comments: tuple[Comment, ...] | Unread
    interactions: Interactions


Snapshot = DealSnapshot | ContactSnapshot | LeadSnapshot
