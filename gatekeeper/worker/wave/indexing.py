"""Fills the contact index once by walking the portal, and keeps it with every contact that is read.

The walk goes by windows of ids, not from page to page: windows do not wait for one another, so one hit brings
50 of them, 2,500 contacts where none was deleted.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from gatekeeper.judge.matching.names import parse_name
from gatekeeper.judge.matching.pairs import exact_keys
from gatekeeper.judge.matching.person import Person, person_of
from gatekeeper.model.cards import ContactSnapshot
from gatekeeper.model.errors import PortalError
from gatekeeper.model.refs import EntityRef, Priority
from gatekeeper.portal.walk import ContactWalk
from gatekeeper.portal.wire.forms import MAX_ID
from gatekeeper.store.contacts import (
    ContactIndex,
    ContactKey,
    IndexedContact,
    KeyField,
)

log = logging.getLogger(__name__)

DEFAULT_REGIONS = ("RU",)

PAUSE_S = 30.0
"""After a failure: the walk must not eat up the hits that a portal in trouble still answers."""


@dataclass(frozen=True, slots=True)
class IndexNews:
    """Contacts as they are now, and those that are gone.

    `before` and `now` are the keys of those in which anything changed.
    """

    rows: tuple[IndexedContact, ...]
    gone: frozenset[int]
    before: frozenset[ContactKey]
    now: frozenset[ContactKey]


class Indexer:
    """`step` does one hit's worth of the walk; `news` and `keep` put in what a pass has read anyway.

    `set_aside` is told of the contacts that the walk could not understand, to have them read one by one.
    """

    def __init__(
        self,
        walk: ContactWalk,
        index: ContactIndex,
        regions: Sequence[str] = DEFAULT_REGIONS,
        *,
        set_aside: Callable[[Sequence[EntityRef]], None] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._walk = walk
        self._set_aside = set_aside
        self._index = index
        self._regions = regions
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
            read = self._walk.read_after(state.cursor, priority=Priority.SWEEP)
        except PortalError as error:
            log.warning("index.paused pause_s=%s why=%s", PAUSE_S, error)
            self._paused_until = self._monotonic() + PAUSE_S
            return False
        if read.aside:
            log.warning("index.set_aside contacts=%s", ",".join(str(ref.id) for ref in read.aside))
        if read.aside and self._set_aside:
            self._set_aside(read.aside)
        reached = self._last_id if read.cursor == MAX_ID else read.cursor
        complete = reached >= self._last_id
        self._index.advance(map(self._indexed, read.contacts), reached, complete=complete)
        return True

    def news(self, contacts: Iterable[ContactSnapshot], gone_ids: Iterable[int]) -> IndexNews:
        """What the index does not know of these yet. Nothing is put in: whom it concerns is marked before."""
        rows = [self._indexed(contact) for contact in contacts]
        gone = frozenset(gone_ids)
        known = {row.id: row for row in self._index.read([*(row.id for row in rows), *gone])}
        changed = [row for row in rows if _content(known.get(row.id)) != _content(row)]
        earlier = [known[each] for each in [*gone, *(row.id for row in changed)] if each in known]
        return IndexNews(tuple(rows), gone, _keys(earlier), _keys(changed))

    def keep(self, news: IndexNews) -> None:
        """Put in what is new, and take out what is gone."""
        self._index.put(news.rows)
        self._index.remove(news.gone)

    def _indexed(self, contact: ContactSnapshot) -> IndexedContact:
        return indexed(contact, self._regions)


def indexed(contact: ContactSnapshot, regions: Sequence[str] = DEFAULT_REGIONS) -> IndexedContact:
    """A contact as the index keeps it: names as typed, keys normalised so that equal means equal."""
    person = person_of(contact, regions)
    return IndexedContact(
        id=contact.ref.id,
        last_name=_storable(contact.last_name),
        name=_storable(contact.name),
        second_name=_storable(contact.second_name),
        birthdate=contact.birthdate,
        updated_at=contact.updated_at,
        keys=frozenset(index_keys(person)),
    )


def _content(row: IndexedContact | None) -> IndexedContact | None:
    """All but when the portal last touched it."""
    return row and replace(row, updated_at=datetime.min.replace(tzinfo=UTC))


def _keys(rows: Iterable[IndexedContact]) -> frozenset[ContactKey]:
    return frozenset(key for row in rows for key in row.keys)


def index_keys(person: Person) -> Iterator[ContactKey]:
    """Who agrees with this person in a field exactly has one of these keys."""
    for field, values in exact_keys(person).items():
        for value in values:
            yield ContactKey(KeyField(field.value), _storable(value))


def person_in(row: IndexedContact) -> Person:
    """The person as the index knows him."""
    values = {field: frozenset(key.value for key in row.keys if key.field is field) for field in KeyField}
    return Person(
        id=row.id,
        name=parse_name(row.last_name, row.name, row.second_name),
        birthdate=next(iter(values[KeyField.BIRTHDATE]), ""),
        phones=values[KeyField.PHONE],
        emails=values[KeyField.EMAIL],
    )


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL in a text, and a form on a web site takes any name."""
    return text.replace("\0", "")
