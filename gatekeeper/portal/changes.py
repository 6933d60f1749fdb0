"""What changed on the portal since a moment, and what is no longer there: ids and times, nothing to judge by.

The cheapest questions that there are: a page of 50 ids a command, all sources in one hit. An answer here only
ever makes a card be looked at, so a source that is refused is a value, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gatekeeper.model.cards import Why
from gatekeeper.model.errors import PortalError, Unreadable
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.model.sources import Source
from gatekeeper.portal.reader import PAGE_ITEMS
from gatekeeper.portal.transport.answers import FATAL, ask, parsed
from gatekeeper.portal.transport.batch import MAX_COMMANDS
from gatekeeper.portal.transport.client import Answer, Command, PortalClient
from gatekeeper.portal.wire import cards as wire
from gatekeeper.portal.wire.changed import ChangedRow, read_changed, read_moves
from gatekeeper.portal.wire.forms import Misread, a_moment
from gatekeeper.portal.wire.items import ids_parser

CARDS = (Kind.DEAL, Kind.CONTACT, Kind.LEAD)
IDS_A_HIT = MAX_COMMANDS * PAGE_ITEMS


@dataclass(frozen=True, slots=True)
class Change:
    """`at` is the portal's own time, in whole seconds and in its own offset."""

    ref: EntityRef
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """`last` is the id to go on from, None where this was all.

    `aside` are cards whose time could not be understood: nothing is known of them but that they changed.
    """

    changes: tuple[Change, ...]
    last: int | None
    aside: tuple[EntityRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """How far a source was read: changes not before `since`, of rows with a greater id than `after`."""

    since: datetime
    after: int = 0


class ChangeReader:
    """Every method raises PortalError where the portal as a whole does not answer."""

    def __init__(self, client: PortalClient) -> None:
        self._client = client

    def read(
        self, places: Mapping[Source, Place], *, priority: Priority
    ) -> tuple[datetime, dict[Source, Page | PortalError]]:
        """One hit: the portal's clock, and the next page of each source."""
        commands = [wire.server_time_command(), *(_command(each, place) for each, place in places.items())]
        clock, *outcomes = ask(self._client, commands, priority)
        now = parsed(clock, a_moment)
        if isinstance(now, PortalError):
            raise now
        pages = {
            source: parsed(outcome, _parser(source, place))
            for (source, place), outcome in zip(places.items(), outcomes, strict=True)
        }
        for page in pages.values():
            if isinstance(page, FATAL):
                raise page
        return now, pages

    def absent(self, refs: Iterable[EntityRef], *, priority: Priority) -> tuple[EntityRef, ...]:
        """Those that no list shows, in one hit for `IDS_A_HIT` of them: gone, or hidden from the owner."""
        chunks = list(_chunks(refs))
        commands = [wire.present_command(kind, ids) for kind, ids in chunks]
        absent: list[EntityRef] = []
        for (kind, ids), outcome in zip(chunks, ask(self._client, commands, priority), strict=True):
            there = parsed(outcome, ids_parser(frozenset(ids).__contains__))
            if isinstance(there, FATAL):
                raise there
            if not isinstance(there, PortalError):
                absent += [EntityRef(kind, number) for number in ids if number not in there]
        return tuple(absent)

    def counts(self, *, priority: Priority) -> dict[Kind, int]:
        """How many cards there are, as far as the portal tells."""
        outcomes = ask(self._client, [wire.count_command(kind) for kind in CARDS], priority)
        return {kind: _total(outcome) for kind, outcome in zip(CARDS, outcomes, strict=True)}

    def ids_after(self, kind: Kind, after_id: int, *, priority: Priority) -> tuple[int, ...]:
        """The next 50 ids that there are of this kind; () at the end."""
        (outcome,) = ask(self._client, [wire.ids_command(kind, after_id)], priority)
        found = parsed(outcome, ids_parser(lambda number: number > after_id))
        if isinstance(found, PortalError):
            raise found
        return found


_FIELDS: Mapping[Source, tuple[Kind, str]] = {
    Source.DEALS: (Kind.DEAL, "updatedTime"),
    Source.CONTACTS: (Kind.CONTACT, "updatedTime"),
    Source.LEADS: (Kind.LEAD, "updatedTime"),
    Source.DEAL_TALK: (Kind.DEAL, "lastActivityTime"),
    Source.CONTACT_TALK: (Kind.CONTACT, "lastActivityTime"),
    Source.LEAD_TALK: (Kind.LEAD, "lastActivityTime"),
}


def _command(source: Source, place: Place) -> Command:
    if source is Source.MOVES:
        return wire.pipeline_moves_command(place.since, place.after)
    return wire.changed_command(*_FIELDS[source], place.since, place.after)


def _total(outcome: Answer | PortalError) -> int:
    if isinstance(outcome, PortalError):
        raise outcome
    if outcome.total is None:
        raise Unreadable("crm.item.list", Misread(Why.ABSENT, "total").unread)
    return outcome.total


def _parser(source: Source, place: Place) -> Callable[[Any], Page]:
    if source is Source.MOVES:
        return lambda result: _page(read_moves(result, place.after))
    kind, field = _FIELDS[source]
    return lambda result: _page(read_changed(kind, field, result, place.after))


def _page(rows: Sequence[ChangedRow]) -> Page:
    last = max((row.id for row in rows), default=None)
    return Page(
        tuple(Change(row.ref, row.at) for row in rows if isinstance(row.at, datetime)),
        last if len(rows) >= PAGE_ITEMS else None,
        tuple(row.ref for row in rows if not isinstance(row.at, datetime)),
    )


def _chunks(refs: Iterable[EntityRef]) -> Iterable[tuple[Kind, list[int]]]:
    by_kind: dict[Kind, list[int]] = {}
    for ref in refs:
        by_kind.setdefault(ref.kind, []).append(ref.id)
    for kind, ids in by_kind.items():
        for start in range(0, len(ids), PAGE_ITEMS):
            yield kind, ids[start : start + PAGE_ITEMS]
