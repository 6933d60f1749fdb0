"""Where changes on the portal show themselves."""

from __future__ import annotations

from enum import StrEnum


class Source(StrEnum):
    """Where changes show themselves.

    The portal tells a card's own change by `updatedTime`. A comment or an activity leaves that alone and
    moves `lastActivityTime`, as our own comments do: it says where to look, never that anything is new. A
    change of the pipeline raises no event that a webhook may have.
    """

    DEALS = "deal.updated"
    CONTACTS = "contact.updated"
    LEADS = "lead.updated"
    DEAL_TALK = "deal.activity"
    CONTACT_TALK = "contact.activity"
    LEAD_TALK = "lead.activity"
    MOVES = "deal.pipeline"

    @property
    def is_announced(self) -> bool:
        """Whether the portal raises an event for each of these, so that its absence tells something."""
        return self in {Source.DEALS, Source.CONTACTS, Source.LEADS}

    @property
    def is_of_talk(self) -> bool:
        """Whether the change is none of the item itself, so that a glance at it would show nothing."""
        return self in {Source.DEAL_TALK, Source.CONTACT_TALK, Source.LEAD_TALK}
