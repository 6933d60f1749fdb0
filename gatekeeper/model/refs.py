"""What an event, the inbox and the limiter speak of: which card, and whose turn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What an EntityRef points at.

    Deals, contacts and leads are cards and are judged. A comment or an activity is only a pointer: its
    event names its own id, and the worker follows it to the card that it hangs on.
    """

    DEAL = "deal"
    CONTACT = "contact"
    LEAD = "lead"
    COMMENT = "comment"
    ACTIVITY = "activity"

    @property
    def is_card(self) -> bool:
        return self in {Kind.DEAL, Kind.CONTACT, Kind.LEAD}


@dataclass(frozen=True, slots=True, order=True)
class EntityRef:
    """Kind and id: the key of the inbox.

    >>> str(EntityRef(Kind.DEAL, 41)), EntityRef.parse("contact:84").id
    ('deal:41', 84)
    """

    kind: Kind
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> EntityRef:
        """Read "deal:41"; ValueError for anything else."""
        kind, _, number = text.partition(":")
        if not (number.isascii() and number.isdigit() and int(number) > 0):
            raise ValueError(f"{text!r} is no reference such as deal:41")
        return cls(Kind(kind), int(number))


class Priority(IntEnum):
    """Whose turn comes first, in the inbox and at the limiter.

    CROWD is for events beyond the usual pace of their token, as a mass import raises them. DOUBT is for cards
    that an event named and no list shows: deleted, hidden from us, or never there.
    """

    LIVE = 0
    CROWD = 1
    SWEEP = 2
    DOUBT = 3
    AUDIT = 4

    @property
    def is_of_event(self) -> bool:
        """Whether an event led here."""
        return self in {Priority.LIVE, Priority.CROWD, Priority.DOUBT}
