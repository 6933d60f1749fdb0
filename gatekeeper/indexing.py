"""Fills the contact index once by walking the portal, and keeps it with every contact that is read.

The walk goes by windows of ids, not from page to page: windows do not wait for one another, so one hit brings
50 of them, 2,500 contacts where none was deleted.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable

from gatekeeper.contacts import ContactIndex, ContactKey, IndexedContact, KeyField
from gatekeeper.errors import PortalError
from gatekeeper.matching.emails import parse_emails
from gatekeeper.matching.phones import parse_phone
from gatekeeper.model import ContactSnapshot, Priority
from gatekeeper.portal.walk import ContactWalk

log = logging.getLogger(__name__)

PAUSE_S = 30.0
"""After a failure: the walk must not eat up the hits that a portal in trouble still answers."""

SCHEME = "1"
"""Raise it when keys are normalised otherwise: the index then fills itself anew."""


class Indexer:
    """`step` does one hit's worth of the walk; `keep` puts in what a pass has read anyway."""

    def __init__(
        self, walk: ContactWalk, index: ContactIndex, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._walk = walk
        self._index = index
        self._monotonic = monotonic
        self._paused_until = 0.0
        self._last_id: int | None = None
        self._complete = False

    def step(self) -> bool:
        """Walk on a little; False when there is nothing left to walk, or nothing could be read."""
        if self._complete or self._monotonic() < self._paused_until:
            return False
        state = self._index.fill_state()
        if state.complete:
            self._complete = True
            return False
        try:
            if self._last_id is None:
                self._last_id = self._walk.last_id(priority=Priority.SWEEP)
            contacts, cursor = self._walk.read_after(state.cursor, priority=Priority.SWEEP)
        except PortalError as error:
            log.warning("index.paused pause_s=%s why=%s", PAUSE_S, error)
            self._paused_until = self._monotonic() + PAUSE_S
            return False
        self._index.advance(map(indexed, contacts), cursor, complete=cursor >= self._last_id)
        return True

    def keep(self, contacts: Iterable[ContactSnapshot], gone_ids: Iterable[int]) -> None:
        self._index.put(map(indexed, contacts))
        self._index.remove(gone_ids)


def indexed(contact: ContactSnapshot) -> IndexedContact:
    """A contact as the index keeps it: names as typed, keys normalised so that equal means equal."""
    return IndexedContact(
        id=contact.ref.id,
        last_name=_storable(contact.last_name),
        name=_storable(contact.name),
        second_name=_storable(contact.second_name),
        birthdate=contact.birthdate,
        updated_at=contact.updated_at,
        keys=frozenset(_keys(contact)),
    )


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL in a text, and a form on a web site takes any name."""
    return text.replace("\0", "")


def _keys(contact: ContactSnapshot) -> Iterable[ContactKey]:
    for phone in contact.phones:
        parsed = parse_phone(phone.value)
        if parsed is not None:
            yield ContactKey(KeyField.PHONE, parsed.e164)
    for email in contact.emails:
        for address in parse_emails(email.value):
            yield ContactKey(KeyField.EMAIL, _storable(address.address))
    if contact.birthdate is not None:
        yield ContactKey(KeyField.BIRTHDATE, contact.birthdate.isoformat())
