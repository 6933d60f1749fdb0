"""What a card looked like when it was last read whole; a glance tells by it that nothing has changed since.

A write of ours raises an event as anybody's does. To read the card whole for its sake would cost as much as
the read before. So what the portal shows of the card is compared with what it was to show: all fields of the
item, with our own status in its field, and the product rows. Comments and activities raise events of their
own, which ask for the whole card.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Imprint:
    """`fields` and `rows` are digests: of the item without `status` and times of changes, and of its rows.

    `stamp` is the item's `updatedTime`; "" where it was so fresh that another change might have the same.
    """

    fields: str
    rows: str
    stamp: str
    status: str = ""

    def after(self, status: str) -> Imprint:
        """What the card shows once this status is written: by then the portal's stamp is another."""
        return replace(self, status=status, stamp="")

    def looks_like(self, other: Imprint) -> bool:
        """Whether the item shows nothing new."""
        return (self.fields, self.status) == (other.fields, other.status)

    def is_untouched_since(self, other: Imprint) -> bool:
        """Whether nobody has saved the item, or anything that counts as a part of it, since `other`."""
        return self.looks_like(other) and self.stamp == other.stamp != ""

    def __str__(self) -> str:
        return f"{self.fields}\n{self.rows}\n{self.stamp}\n{self.status}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `str` made.

        >>> Imprint.parse(str(Imprint("a", "b", "", "correct"))) == Imprint("a", "b", "", "correct")
        True
        """
        fields, rows, stamp, status = text.split("\n", 3)
        return cls(fields, rows, stamp, status)
