"""Cards in, Interactions out: what a card's activities, their calls and their chats tell of the client.

First the activities of every card are listed; then the telephony is asked for their calls and the open lines
for their sessions; and where all that is not enough, for the chats. What an answer leaves out is asked for
alone. A fault that time may mend fails the card. Anything else that could not be read is named beside what
was: an interaction found elsewhere stands all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from gatekeeper.judge.policy import Interaction
from gatekeeper.model.cards import Interactions, Message, Unread, Why
from gatekeeper.model.errors import (
    AccessDenied,
    PortalError,
    Refused,
    ScopeMissing,
)
from gatekeeper.model.refs import EntityRef
from gatekeeper.portal.transport.answers import (
    FATAL,
    Page,
    counted,
    parsed,
    unread_of,
    whole_lists,
)
from gatekeeper.portal.transport.client import Answer
from gatekeeper.portal.transport.rounds import Reading, together
from gatekeeper.portal.wire import interactions as wire

T = TypeVar("T")
CALLS_AT_ONCE = 25  # half a page of statistics, since a call that was passed on has a row for each part
NO_STATISTICS = (ScopeMissing, AccessDenied)  # the call's own activity is then all there is to judge by

Activities = tuple[wire.Activity, ...]
Facts = tuple[wire.CallFacts, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """What was read for a wave, each a value or why there is none; () of `facts`: nothing is known there."""

    activities: Mapping[EntityRef, Activities | PortalError]  # by card
    chats: Mapping[EntityRef, tuple[int, ...] | PortalError]  # by what they are bound to, where asked for
    facts: Mapping[int, Facts | PortalError]  # by activity
    sessions: Mapping[int, wire.ChatLog | PortalError]  # by session
    last_sessions: Mapping[int, wire.ChatLog | PortalError] = field(default_factory=dict)  # by chat


IsEnough = Callable[[EntityRef, Interactions], bool]
"""Whether what was found on this card by now leaves nothing to ask its chats for."""


class InteractionReader:
    """Reads what passed between the company and its clients."""

    def __init__(self, interaction: Interaction) -> None:
        self._min_seconds = interaction.call_min_seconds

    def read(
        self, bindings: Mapping[EntityRef, Sequence[EntityRef]], is_enough: IsEnough = lambda *_: False
    ) -> Reading[dict[EntityRef, Interactions | PortalError]]:
        """Each card's interactions: `bindings` says what a card's activities hang on, itself included."""
        bound = {card: tuple(dict.fromkeys(refs)) for card, refs in bindings.items()}
        asked = {card: refs for card, refs in bound.items() if refs}
        activities = yield from _list_activities(asked)
        quiet = [ref for card, refs in asked.items() if not _may_tell(activities[card]) for ref in refs]
        facts, sessions, chats = yield from together(
            _read_calls(activities.values()), _read_sessions(activities.values()), _read_chats(quiet)
        )
        sources = Sources(activities, chats, facts, sessions)
        lacking = {card: refs for card, refs in asked.items() if self._lacks(card, refs, sources, is_enough)}
        more = {ref for refs in lacking.values() for ref in refs} - chats.keys()
        sources = replace(sources, chats=chats | (yield from _read_chats(more)))
        left = {chat for card, refs in asked.items() for chat in _uncovered(card, refs, sources)}
        sources = replace(sources, last_sessions=(yield from _read_last_sessions(sorted(left))))
        return {card: _built(card, refs, sources, self._min_seconds) for card, refs in bound.items()}

    def _lacks(
        self, card: EntityRef, refs: Sequence[EntityRef], sources: Sources, is_enough: IsEnough
    ) -> bool:
        found = _built(card, refs, replace(sources, chats={}), self._min_seconds)
        return not isinstance(found, PortalError) and not is_enough(card, found)


def _list_activities(
    bound: Mapping[EntityRef, Sequence[EntityRef]],
) -> Reading[dict[EntityRef, Activities | PortalError]]:
    pages = [_activities_page(refs) for refs in bound.values()]
    lists = yield from whole_lists(pages, [wire.read_activities] * len(pages), repeats=True)
    return dict(zip(bound, lists, strict=True))


def _read_chats(refs: Collection[EntityRef]) -> Reading[dict[EntityRef, tuple[int, ...] | PortalError]]:
    bound_to = sorted(set(refs))
    outcomes = yield [wire.chats_command(ref) for ref in bound_to]
    return {ref: parsed(chat, wire.parse_chats) for ref, chat in zip(bound_to, outcomes, strict=True)}


def _read_sessions(
    lists: Iterable[Activities | PortalError],
) -> Reading[dict[int, wire.ChatLog | PortalError]]:
    sessions = sorted({each.id for each in _exchanges_in(lists) if isinstance(each, wire.Session)})
    outcomes = yield [wire.session_command(session) for session in sessions]
    return _keyed(sessions, outcomes, wire.session_parser)


def _read_last_sessions(chats: Sequence[int]) -> Reading[dict[int, wire.ChatLog | PortalError]]:
    outcomes = yield [wire.last_session_command(chat) for chat in chats]
    return _keyed(chats, outcomes, wire.last_session_parser)


def _read_calls(lists: Iterable[Activities | PortalError]) -> Reading[dict[int, Facts | PortalError]]:
    calls = sorted(
        {each.id for each in _exchanges_in(lists) if isinstance(each, wire.Call) and not each.missed}
    )
    groups = [calls[place : place + CALLS_AT_ONCE] for place in range(0, len(calls), CALLS_AT_ONCE)]
    outcomes = yield [wire.statistics_command(group) for group in groups]
    facts = dict(_facts(groups, outcomes))
    left = _left_alone(groups, facts)
    outcomes = yield [wire.statistics_command(each) for each in left]
    return facts | dict(_facts(left, outcomes))


def _left_alone(groups: Sequence[Sequence[int]], facts: Mapping[int, Facts | PortalError]) -> list[list[int]]:
    """The calls that were not found in a group, unless this portal does filter by lists."""
    several = [group for group in groups if len(group) > 1]
    by_lists = any(sum(1 for call in group if _readable(facts[call])) > 1 for group in several)
    settled = (*FATAL, *NO_STATISTICS, tuple) if by_lists else (*FATAL, *NO_STATISTICS)
    return [
        [call]
        for group in several
        for call in group
        if not (_readable(facts[call]) or isinstance(facts[call], settled))
    ]


def _exchanges_in(lists: Iterable[Activities | PortalError]) -> Iterator[object]:
    return (each.exchange for activities in lists for each in _readable(activities))


def _may_tell(activities: Activities | PortalError) -> bool:
    """Whether a call, mail or session among them may be all that is needed."""
    return any(each.exchange and not isinstance(each.exchange, Unread) for each in _readable(activities))


class _Tally:
    """What one card comes to. A fault that time may mend is raised, another is noted."""

    def __init__(self, card: EntityRef, min_seconds: int) -> None:
        self._card = card
        self._min_seconds = min_seconds
        self._calls: dict[int, datetime] = {}
        self._messages: dict[tuple[str, int], Message] = {}
        self._unread: list[Unread] = []
        self._ids: list[int] = []
        self._own_ids: list[int] = []

    def read(self, outcome: T | PortalError) -> T | None:
        if isinstance(outcome, FATAL):
            raise outcome
        if isinstance(outcome, PortalError):
            self._unread.append(unread_of(outcome))
            return None
        return outcome

    def add(self, activity: wire.Activity, sources: Sources) -> None:
        if activity.exchange:
            self._ids.append(activity.id)
        if activity.owner == self._card:
            self._own_ids.append(activity.id)
        match activity.exchange:
            case Message() as mail:
                self._messages["activity", activity.id] = mail
            case wire.Call() as call if not call.missed:
                self._add_call(call, sources.facts[call.id])
            case wire.Session(session_id):
                self.add_chat(sources.sessions[session_id])
            case Unread() as unread:
                self._unread.append(unread)

    def add_chat(self, log: wire.ChatLog | PortalError) -> None:
        """A message may be met in several sessions' answers; it is one message."""
        readable = self.read(log)
        for number, message in readable.messages.items() if readable else ():
            self._messages["chat", number] = message

    def _add_call(self, call: wire.Call, facts: Facts | PortalError) -> None:
        if isinstance(facts, NO_STATISTICS):
            if call.incoming or call.lasted >= timedelta(seconds=self._min_seconds):
                self._calls[call.id] = call.at
            return
        rows = self.read(facts)
        if rows == ():  # their viewer may be allowed some employees' calls only
            self._unread.append(Unread.of(Why.NO_CALL, activity=call.id))
        talks = [row.at for row in rows or () if row.is_conversation(self._min_seconds)]
        if talks:
            self._calls[call.id] = min(talks)

    def total(self) -> Interactions:
        messages = sorted(self._messages.values(), key=lambda each: each.at)
        return Interactions(
            tuple(sorted(self._calls.values())),
            tuple(messages),
            tuple(dict.fromkeys(self._unread)),
            tuple(dict.fromkeys(self._ids)),
            tuple(dict.fromkeys(self._own_ids)),
        )


def _built(
    card: EntityRef, refs: Sequence[EntityRef], sources: Sources, min_seconds: int
) -> Interactions | PortalError:
    tally = _Tally(card, min_seconds)
    try:
        for activity in tally.read(sources.activities.get(card, ())) or ():
            tally.add(activity, sources)
        for ref in refs:
            tally.read(sources.chats.get(ref, ()))
        for chat in _uncovered(card, refs, sources):
            tally.add_chat(sources.last_sessions[chat])
    except PortalError as error:
        return error
    return tally.total()


def _uncovered(card: EntityRef, refs: Iterable[EntityRef], sources: Sources) -> list[int]:
    """The card's chats none of whose sessions is among its activities: only their last one can be read."""
    exchanges = [each.exchange for each in _readable(sources.activities.get(card, ()))]
    sessions = [sources.sessions[exchange.id] for exchange in exchanges if isinstance(exchange, wire.Session)]
    covered = {chat for log in sessions if isinstance(log, wire.ChatLog) for chat in log.chat_ids}
    return sorted({chat for ref in refs for chat in _readable(sources.chats.get(ref, ()))} - covered)


def _activities_page(refs: Sequence[EntityRef]) -> Page:
    return lambda start: wire.activities_command(refs, start)


def _keyed(
    keys: Sequence[int],
    outcomes: Sequence[Answer | PortalError],
    parser: Callable[[int], Callable[[Any], T]],
) -> dict[int, T | PortalError]:
    return {key: parsed(outcome, parser(key)) for key, outcome in zip(keys, outcomes, strict=True)}


def _readable(outcome: tuple[T, ...] | PortalError) -> tuple[T, ...]:
    return () if isinstance(outcome, PortalError) else outcome


def _facts(
    groups: Sequence[Sequence[int]], outcomes: Sequence[Answer | PortalError]
) -> Iterator[tuple[int, Facts | PortalError]]:
    """Each call's own rows. A page that is not the last one may lack some, so it tells nothing of a group."""
    for group, outcome in zip(groups, outcomes, strict=True):
        rows = parsed(counted(outcome), wire.statistics_parser(group))
        if len(group) > 1 and isinstance(outcome, Answer) and outcome.next:
            rows = Refused("voximplant.statistic.get", detail="more_than_a_page")
        for call in group:
            own = rows if isinstance(rows, PortalError) else tuple(r for r in rows if r.activity_id == call)
            yield call, own
