"""Asks which of many waiting cards exist, so that ids which somebody made up hold nobody up.

A wave of cards that are not there costs five hits, and asking 2,500 of them whether they are there costs one.
So a list is asked first where many wait, and what it does not show waits for all the others. Nothing is
concluded from the list: it may be wrong, and it leaves out what the webhook's owner may not see. The card is
asked for alone when its turn comes, as any card that a list leaves out.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from gatekeeper.model.errors import PortalError
from gatekeeper.model.refs import Priority
from gatekeeper.portal.changes import IDS_A_HIT, ChangeReader
from gatekeeper.store.inbox import Inbox

MANY = 200
"""Where fewer wait that nobody asked about, the hit would save no more than it costs."""


@dataclass
class Weeding:
    """Remembers which marks it has asked about; a new mark of a card is asked about again."""

    inbox: Inbox
    reader: ChangeReader
    many: int = MANY
    _asked: frozenset[UUID] = field(default=frozenset(), init=False)

    def weed(self) -> None:
        """Put those back that no list shows. Do nothing where few wait, or where the portal is away."""
        with suppress(PortalError):
            while self._weed_a_hit():
                pass

    def _weed_a_hit(self) -> bool:
        """Return False when those whose turn is next have been asked about."""
        waiting = self.inbox.due_by_event(IDS_A_HIT)
        unasked = [each for each in waiting if each.mark not in self._asked]
        if len(unasked) < self.many:
            return False
        absent = set(self.reader.absent([each.ref for each in unasked], priority=Priority.LIVE))
        self.inbox.doubt(each for each in unasked if each.ref in absent)
        self._asked = frozenset(each.mark for each in waiting)
        return True
