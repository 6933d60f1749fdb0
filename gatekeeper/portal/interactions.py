"""Cards in, Interactions out: what a card's activities, their calls and their chats tell of the client.

Round one lists the activities and chats of every card of a wave; round two asks the telephony for the calls
and the open lines for the sessions; what these leave out is asked for alone. A fault that time may mend fails
the card. Anything else that could not be read is named beside what was: an interaction found elsewhere
stands all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from gatekeeper.model.refs import EntityRef, Priority
from gatekeeper.portal.transport.answers import (
    FATAL,
    Page,
    ask,
    counted,
    parsed,
    unread_of,
    whole_lists,
)
from gatekeeper.portal.transport.client import Answer, PortalClient
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
    chats: Mapping[EntityRef, tuple[int, ...] | PortalError]  # by what they are bound to
    facts: Mapping[int, Facts | PortalError]  # by activity
    sessions: Mapping[int, wire.ChatLog | PortalError]  # by session
    last_sessions: Mapping[int, wire.ChatLog | PortalError]  # by chat


class InteractionReader:
    """Reads what passed between the company and its clients."""

    def __init__(self, client: PortalClient, interaction: Interaction) -> None:
        self._client = client
        self._min_seconds = interaction.call_min_seconds

    def read(
        self, bindings: Mapping[EntityRef, Sequence[EntityRef]], *, priority: Priority = Priority.LIVE
    ) -> dict[EntityRef, Interactions | PortalError]:
        """Each card's interactions: `bindings` says what a card's activities hang on, itself included."""
        bound = {card: tuple(dict.fromkeys(refs)) for card, refs in bindings.items()}
        sources = self._sources({card: refs for card, refs in bound.items() if refs}, priority)
        return {card: _built(card, refs, sources, self._min_seconds) for card, refs in bound.items()}

    def _sources(self, bound: Mapping[EntityRef, tuple[EntityRef, ...]], priority: Priority) -> Sources:
        activities, chats = self._round_one(bound, priority)
        facts, sessions = self._round_two(activities.values(), priority)
        sources = Sources(activities, chats, facts, sessions, {})
        left = sorted({chat for card, refs in bound.items() for chat in _uncovered(card, refs, sources)})
        outcomes = ask(self._client, [wire.last_session_command(chat) for chat in left], priority)
        last = _keyed(left, outcomes, wire.last_session_parser)
        return Sources(activities, chats, facts, sessions, last)

    def _round_one(
        self, bound: Mapping[EntityRef, tuple[EntityRef, ...]], priority: Priority
    ) -> tuple[dict[EntityRef, Activities | PortalError], dict[EntityRef, tuple[int, ...] | PortalError]]:
        refs = sorted({ref for refs in bound.values() for ref in refs})
        pages = [_activities_page(each) for each in bound.values()]
        commands = [page(0) for page in pages] + [wire.chats_command(ref) for ref in refs]
        outcomes = ask(self._client, commands, priority)
        firsts, chats = outcomes[: len(pages)], outcomes[len(pages) :]
        parsers = [wire.read_activities] * len(pages)
        lists = whole_lists(self._client, pages, firsts, parsers, priority, repeats=True)
        return dict(zip(bound, map(_exchanges, lists), strict=True)), {
            ref: parsed(chat, wire.parse_chats) for ref, chat in zip(refs, chats, strict=True)
        }

    def _round_two(
        self, lists: Iterable[Activities | PortalError], priority: Priority
    ) -> tuple[dict[int, Facts | PortalError], dict[int, wire.ChatLog | PortalError]]:
        exchanges = {each.exchange for activities in lists for each in _readable(activities)}
        calls = sorted(
            {exchange.id for exchange in exchanges if isinstance(exchange, wire.Call) and not exchange.missed}
        )
        sessions = sorted({exchange.id for exchange in exchanges if isinstance(exchange, wire.Session)})
        groups = [calls[place : place + CALLS_AT_ONCE] for place in range(0, len(calls), CALLS_AT_ONCE)]
        commands = [wire.statistics_command(group) for group in groups]
        outcomes = ask(
            self._client, commands + [wire.session_command(session) for session in sessions], priority
        )
        facts = dict(_facts(groups, outcomes[: len(groups)]))
        logs = _keyed(sessions, outcomes[len(groups) :], wire.session_parser)
        return facts | self._facts_alone(groups, facts, priority), logs

    def _facts_alone(
        self, groups: Sequence[Sequence[int]], facts: Mapping[int, Facts | PortalError], priority: Priority
    ) -> dict[int, Facts | PortalError]:
        """One by one the calls that were not found in a group, unless this portal does filter by lists."""
        several = [group for group in groups if len(group) > 1]
        by_lists = any(sum(1 for call in group if _readable(facts[call])) > 1 for group in several)
        settled = (*FATAL, *NO_STATISTICS, tuple) if by_lists else (*FATAL, *NO_STATISTICS)
        left = [
            [call]
            for group in several
            for call in group
            if not (_readable(facts[call]) or isinstance(facts[call], settled))
        ]
        outcomes = ask(self._client, [wire.statistics_command(each) for each in left], priority)
        return dict(_facts(left, outcomes))


class _Tally:
    """What one card comes to. A fault that time may mend is raised, another is noted."""

    def __init__(self, min_seconds: int) -> None:
        self._min_seconds = min_seconds
        self._calls: dict[int, datetime] = {}
        self._messages: dict[tuple[str, int], Message] = {}
        self._unread: list[Unread] = []
        self._ids: list[int] = []

    def read(self, outcome: T | PortalError) -> T | None:
        if isinstance(outcome, FATAL):
            raise outcome
        if isinstance(outcome, PortalError):
            self._unread.append(unread_of(outcome))
            return None
        return outcome

    def add(self, activity: wire.Activity, sources: Sources) -> None:
        self._ids.append(activity.id)
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
        )


def _built(
    card: EntityRef, refs: Sequence[EntityRef], sources: Sources, min_seconds: int
) -> Interactions | PortalError:
    tally = _Tally(min_seconds)
    try:
        for activity in tally.read(sources.activities.get(card, ())) or ():
            tally.add(activity, sources)
        for ref in refs:
            tally.read(sources.chats[ref])
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
    return sorted({chat for ref in refs for chat in _readable(sources.chats[ref])} - covered)


def _activities_page(refs: Sequence[EntityRef]) -> Page:
    return lambda start: wire.activities_command(refs, start)


def _exchanges(listed: tuple[Any, ...] | PortalError) -> Activities | PortalError:
    """What is left of the activities without those that are no exchange."""
    return listed if isinstance(listed, PortalError) else tuple(each for each in listed if each is not None)


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
            rows = Refused("voximplant.statistic.get", detail="more than a page")
        for call in group:
            own = rows if isinstance(rows, PortalError) else tuple(r for r in rows if r.activity_id == call)
            yield call, own
