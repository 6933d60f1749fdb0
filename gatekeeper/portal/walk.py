"""All contacts of the portal, for the index: fifty windows of fifty ids in one hit."""

from __future__ import annotations

from dataclasses import dataclass

from gatekeeper.model.cards import ContactSnapshot, Unread, Why
from gatekeeper.model.errors import PortalError
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.reader import PAGE_ITEMS
from gatekeeper.portal.snapshots import contact_snapshot
from gatekeeper.portal.transport.answers import parsed
from gatekeeper.portal.transport.batch import MAX_COMMANDS, run
from gatekeeper.portal.transport.client import PortalClient
from gatekeeper.portal.wire import cards as wire
from gatekeeper.portal.wire.forms import MAX_ID
from gatekeeper.portal.wire.items import ContactItem, FoundItems, any_id, ids_parser, window_parser

NOT_ASKED = Unread(Why.NOT_ASKED)


@dataclass(frozen=True, slots=True)
class Windows:
    """`aside` are contacts that could not be understood; `cursor` is the id up to which this was all."""

    contacts: tuple[ContactSnapshot, ...]
    aside: tuple[EntityRef, ...]
    cursor: int


class ContactWalk:
    """Every method raises PortalError where the portal does not answer: a window half read is not read."""

    def __init__(self, client: PortalClient) -> None:
        self._client = client

    def last_id(self, *, priority: Priority) -> int:
        """The greatest contact id there is now, 0 on an empty portal."""
        answer = self._client.call(wire.newest_contact_command(), priority=priority)
        found = parsed(answer, ids_parser(any_id))
        if isinstance(found, PortalError):
            raise found
        return max(found, default=0)

    def read_after(self, cursor: int, *, priority: Priority) -> Windows:
        """The contacts with the next ids.

        Where none has such an id, the walk leaps to the next one that has: ids may lie far apart.
        """
        starts = range(cursor, cursor + MAX_COMMANDS * PAGE_ITEMS, PAGE_ITEMS)
        commands = [wire.contact_window_command(start, start + PAGE_ITEMS) for start in starts]
        contacts: list[ContactSnapshot] = []
        aside: list[EntityRef] = []
        for start, outcome in zip(starts, run(self._client, commands, priority=priority), strict=True):
            found = parsed(outcome, window_parser(start, start + PAGE_ITEMS))
            if isinstance(found, PortalError):
                raise found
            contacts += _contacts(found)
            aside += [EntityRef(Kind.CONTACT, number) for number in found.misread]
        reached = starts.stop if contacts or aside else self._last_before(starts.stop, priority)
        return Windows(tuple(contacts), tuple(aside), reached)

    def _last_before(self, cursor: int, priority: Priority) -> int:
        """The greatest id up to which there is no contact after `cursor`, MAX_ID where there is none."""
        answer = self._client.call(wire.ids_command(Kind.CONTACT, cursor), priority=priority)
        found = parsed(answer, ids_parser(lambda number: number > cursor))
        if isinstance(found, PortalError):
            raise found
        return min(found) - 1 if found else MAX_ID


def _contacts(found: FoundItems) -> list[ContactSnapshot]:
    return [
        contact_snapshot(EntityRef(Kind.CONTACT, number), item, NOT_ASKED)
        for number, item in found.items.items()
        if isinstance(item, ContactItem)
    ]
