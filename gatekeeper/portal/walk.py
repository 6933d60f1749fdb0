"""All contacts of the portal, for the index: fifty windows of fifty ids in one hit."""

from __future__ import annotations

from gatekeeper.model.cards import ContactSnapshot, Unread
from gatekeeper.model.errors import PortalError, Refused
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.reader import PAGE_ITEMS
from gatekeeper.portal.snapshots import parse_contact
from gatekeeper.portal.transport.batch import MAX_COMMANDS, run
from gatekeeper.portal.transport.client import Answer, PortalClient
from gatekeeper.portal.wire import cards as wire

NOT_ASKED = Unread("comments are not read for the index")


class ContactWalk:
    """Every method raises PortalError where the portal does not answer: a window half read is not read."""

    def __init__(self, client: PortalClient) -> None:
        self._client = client

    def last_id(self, *, priority: Priority) -> int:
        """The greatest contact id there is now, 0 on an empty portal."""
        answer = self._client.call(wire.newest_contact_command(), priority=priority)
        return max((int(row["id"]) for row in wire.parse_items(answer.result)), default=0)

    def read_after(self, cursor: int, *, priority: Priority) -> tuple[list[ContactSnapshot], int]:
        """The contacts with the next ids, and the id up to which that was all."""
        starts = range(cursor, cursor + MAX_COMMANDS * PAGE_ITEMS, PAGE_ITEMS)
        commands = [wire.contact_window_command(start, start + PAGE_ITEMS) for start in starts]
        contacts = []
        for outcome in run(self._client, commands, priority=priority):
            if isinstance(outcome, PortalError):
                raise outcome
            contacts += _contacts(outcome)
        return contacts, starts.stop


def _contacts(answer: Answer) -> list[ContactSnapshot]:
    try:
        return [
            parse_contact(EntityRef(Kind.CONTACT, int(row["id"])), row, NOT_ASKED)
            for row in wire.parse_items(answer.result)
        ]
    except (KeyError, TypeError, ValueError) as error:
        place = f"{type(error).__name__} in a contact's fields"
    raise Refused("crm.item.list", detail=place)
