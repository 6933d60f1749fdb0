"""The portal's names for exchanges with a client: activities, telephony statistics, open-line chats.

An activity says that something was tried; the statistics and the chat's own messages say what came of it.
Whatever is no exchange (tasks, to-dos, meetings, web forms, applications' entries) is left out here. Sources:
the portal contract's sections 7.3 to 7.5.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gatekeeper.model.cards import Message, Unread, Why
from gatekeeper.model.refs import EntityRef
from gatekeeper.portal.transport.client import Command
from gatekeeper.portal.wire.cards import ENTITY_TYPE
from gatekeeper.portal.wire.forms import (
    ABSENT,
    NO_TEXT,
    NO_TIME,
    Keyed,
    Misread,
    Row,
    a_code,
    a_count,
    a_flag,
    a_moment,
    a_number,
    a_text,
    agree,
    an_id,
    read_map,
    read_row,
    read_rows,
    told,
    whole_row,
)
from gatekeeper.portal.wire.parts import owners_of_activity

NEITHER, INCOMING, OUTGOING = 0, 1, 2
SAID = {"1": True, "0": False, "true": True, "false": False}
SYSTEM = 0
TELEPHONY_ORIGIN = "VI_"  # without it somebody typed the call in by hand
MAIL = "CRM_EMAIL"
ONE_WAY = frozenset({"CRM_SMS", "CRM_WHATSAPP", "CRM_NOTIFICATION"})  # replies come as chats, or not at all
ANSWERED = "200"
CONVERSATIONS = frozenset({1, 2, 3, 4})  # CALL_TYPE
ANNOUNCEMENT = 5
SELECTED = (
    "ID",
    "OWNER_TYPE_ID",
    "OWNER_ID",
    "PROVIDER_ID",
    "DIRECTION",
    "ORIGIN_ID",
    "SETTINGS",
    "CREATED",
    "START_TIME",
    "END_TIME",
    "ASSOCIATED_ENTITY_ID",
)


@dataclass(frozen=True, slots=True)
class Call:
    """A call through telephony, as its activity shows it: that does not tell whether it was answered."""

    id: int
    incoming: bool
    missed: bool
    at: datetime
    lasted: timedelta


@dataclass(frozen=True, slots=True)
class Session:
    """An open-line conversation. Who said what stands in its messages only."""

    id: int


@dataclass(frozen=True, slots=True)
class Activity:
    """`exchange` is None for what is none, Unread where it may be one and nobody can tell which.

    `owner` is the card that its event leads to; None where that is not told.
    """

    id: int
    exchange: Call | Session | Message | Unread | None
    owner: EntityRef | None = None


@dataclass(frozen=True, slots=True)
class CallFacts:
    """A row of the statistics; a call that was passed on may have several."""

    activity_id: int
    at: datetime
    type: int
    code: str
    seconds: int

    def is_conversation(self, min_seconds: int) -> bool:
        """The portal writes 200 for an answering machine too, which the length gives away."""
        return self.type in CONVERSATIONS and self.code == ANSWERED and self.seconds >= min_seconds


@dataclass(frozen=True, slots=True)
class ChatLog:
    """`messages`: id -> what the client or an employee wrote; the system and bots are left out."""

    chat_ids: frozenset[int]
    messages: Mapping[int, Message]


def activities_command(refs: Sequence[EntityRef], start: int = 0) -> Command:
    """All that is bound to any of the refs, once for each binding; without a ref it would be the portal's."""
    if not refs:
        raise ValueError("activities of nothing in particular")
    bindings = [{"OWNER_TYPE_ID": ENTITY_TYPE[ref.kind], "OWNER_ID": ref.id} for ref in refs]
    params: dict[str, Any] = {"filter": {"BINDINGS": bindings}, "select": SELECTED, "order": {"ID": "ASC"}}
    return Command("crm.activity.list", {**params, "start": start})


def statistics_command(activity_ids: Sequence[int]) -> Command:
    """A list in this filter is shown by the vendor's example for ID only; a single id goes as it is."""
    wanted = list(activity_ids) if len(activity_ids) > 1 else activity_ids[0]
    params: dict[str, Any] = {"FILTER": {"CRM_ACTIVITY_ID": wanted}, "SORT": "ID", "ORDER": "ASC"}
    return Command("voximplant.statistic.get", params)


def chats_command(ref: EntityRef) -> Command:
    """Finished chats too, which are hidden by default."""
    params: dict[str, Any] = {"CRM_ENTITY_TYPE": ref.kind.value, "CRM_ENTITY": ref.id, "ACTIVE_ONLY": "N"}
    return Command("imopenlines.crm.chat.get", params)


def session_command(session_id: int) -> Command:
    return Command("imopenlines.session.history.get", {"SESSION_ID": session_id})


def last_session_command(chat_id: int) -> Command:
    return Command("imopenlines.session.history.get", {"CHAT_ID": chat_id})


def a_direction(value: Any) -> int:
    direction = a_number(value)
    if direction not in {NEITHER, INCOMING, OUTGOING}:
        raise ValueError("no direction")
    return direction


def a_call_type(value: Any) -> int:
    call_type = a_number(value)
    if call_type not in {*CONVERSATIONS, ANNOUNCEMENT}:
        raise ValueError("no type of call")
    return call_type


def missed(value: Any) -> bool:
    """Settings are a map, [] when empty; only a missed call says in them that it was."""
    said = read_map(value).get("MISSED_CALL", "N")
    return SAID[str(said)] if type(said) in (int, str) and str(said) in SAID else a_flag(said)


@dataclass(frozen=True, slots=True)
class ActivityRow:
    id: int = told("ID", an_id, "7.3")
    provider: str = told("PROVIDER_ID", a_code, "7.3")
    row: Row = whole_row()


@dataclass(frozen=True, slots=True)
class Times:
    """When an exchange began: when it was made, where it has no beginning of its own."""

    created_at: datetime = told("CREATED", a_moment, "7.3")
    started_at: datetime | None = told("START_TIME", a_moment, "7.3, 4.2", empty=NO_TIME)

    @property
    def at(self) -> datetime:
        return self.created_at if self.started_at is None else self.started_at


@dataclass(frozen=True, slots=True)
class CallRow:
    origin: str = told("ORIGIN_ID", a_text, "7.3", empty=NO_TEXT, means="")
    direction: int = told("DIRECTION", a_direction, "7.3")
    missed: bool = told("SETTINGS", missed, "7.3")
    ended_at: datetime | None = told("END_TIME", a_moment, "7.3, 4.2", empty=NO_TIME)


@dataclass(frozen=True, slots=True)
class SessionRow:
    session_id: int = told("ASSOCIATED_ENTITY_ID", an_id, "7.3")


@dataclass(frozen=True, slots=True)
class MailRow:
    direction: int = told("DIRECTION", a_direction, "7.3")


@dataclass(frozen=True, slots=True)
class StatisticsRow:
    """A part of a call."""

    activity_id: int = told("CRM_ACTIVITY_ID", an_id, "7.5")
    at: datetime = told("CALL_START_DATE", a_moment, "7.5")
    type: int = told("CALL_TYPE", a_call_type, "7.5")
    code: str = told("CALL_FAILED_CODE", a_text, "7.5")
    seconds: int = told("CALL_DURATION", a_count, "7.5")


@dataclass(frozen=True, slots=True)
class ChatRow:
    chat_id: int = told("CHAT_ID", an_id, "7.4")


@dataclass(frozen=True, slots=True)
class LogRow:
    """A conversation. Where its ids are told, they are compared with what was asked for."""

    chat_id: int | None = told("chatId", an_id, "7.4", empty=(ABSENT,))
    session_id: int | None = told("sessionId", an_id, "7.4", empty=(ABSENT,))
    messages: Row = told("message", read_map, "7.4")
    users: Row = told("users", read_map, "7.4")


@dataclass(frozen=True, slots=True)
class MessageRow:
    id: int = told("id", an_id, "7.4")
    chat_id: int | None = told("chatid", an_id, "7.4", empty=(ABSENT,))
    sender_id: int = told("senderid", a_count, "7.4")
    at: datetime = told("date", a_moment, "7.4")


@dataclass(frozen=True, slots=True)
class SenderRow:
    """Who speaks: the client comes through a connector."""

    is_client: bool = told("connector", a_flag, "7.4")
    is_bot: bool = told("bot", a_flag, "7.4", empty=(ABSENT,), means=False)
    auth: str = told("externalAuthId", a_text, "7.4", empty=(*NO_TEXT, ABSENT), means="")


def read_activities(result: Any) -> Keyed:
    """Every activity by its id."""
    return tuple((row.id, _activity(row)) for row in read_rows(ActivityRow, result))


def _activity(row: ActivityRow) -> Activity:
    try:
        exchange = _exchange(row)
    except Misread as error:
        exchange = error.unread
    return Activity(row.id, exchange, _owner(row))


def _owner(row: ActivityRow) -> EntityRef | None:
    try:
        return next(iter(owners_of_activity(row.row)), None)
    except Misread:
        return None


def _exchange(activity: ActivityRow) -> Call | Session | Message | Unread | None:
    row = activity.row
    if activity.provider == "VOXIMPLANT_CALL":
        return _call(activity.id, row)
    if activity.provider == "IMOPENLINES_SESSION":
        return Session(read_row(SessionRow, row).session_id)
    if activity.provider == MAIL or activity.provider in ONE_WAY:
        direction = read_row(MailRow, row).direction
        sent = direction == OUTGOING or (direction == INCOMING and activity.provider == MAIL)
        return Message(read_row(Times, row).at, by_client=direction == INCOMING) if sent else None
    return None


def _call(number: int, row: Row) -> Call | None:
    call, at = read_row(CallRow, row), read_row(Times, row).at
    if not call.origin.startswith(TELEPHONY_ORIGIN):
        return None
    lasted = timedelta(0) if call.ended_at is None else call.ended_at - at
    return Call(number, call.direction == INCOMING, call.missed, at, lasted)


def statistics_parser(calls: Collection[int]) -> Callable[[Any], tuple[CallFacts, ...]]:
    """Rows of other calls than those asked for make the answer unread: the filter was not understood."""

    def parse(result: Any) -> tuple[CallFacts, ...]:
        rows = read_rows(StatisticsRow, result)
        agree("CRM_ACTIVITY_ID", yes=all(row.activity_id in calls for row in rows))
        return tuple(CallFacts(row.activity_id, row.at, row.type, row.code, row.seconds) for row in rows)

    return parse


def parse_chats(result: Any) -> tuple[int, ...]:
    return tuple(dict.fromkeys(row.chat_id for row in read_rows(ChatRow, result)))


def session_parser(session_id: int) -> Callable[[Any], ChatLog]:
    def parse(result: Any) -> ChatLog:
        log = read_row(LogRow, result)
        agree("sessionId", yes=log.session_id in (None, session_id))
        return _chat_log(log)

    return parse


def last_session_parser(chat_id: int) -> Callable[[Any], ChatLog]:
    def parse(result: Any) -> ChatLog:
        log = read_row(LogRow, result)
        agree("chatId", yes=log.chat_id in (None, chat_id))
        return _chat_log(log)

    return parse


def _chat_log(log: LogRow) -> ChatLog:
    """Misread for a sender who is not among the users: nobody knows then which side spoke."""
    users = {user: read_row(SenderRow, row) for user, row in log.users.items()}
    rows = [read_row(MessageRow, row) for row in log.messages.values()]
    agree("id", yes=len({row.id for row in rows}) == len(rows))
    chats = [log.chat_id, *(row.chat_id for row in rows)]
    spoken = {row.id: message for row in rows if (message := _message(row, users))}
    return ChatLog(frozenset(chat for chat in chats if chat is not None), spoken)


def _message(row: MessageRow, users: Mapping[str, SenderRow]) -> Message | None:
    if row.sender_id == SYSTEM:
        return None
    sender = users.get(str(row.sender_id))
    if sender is None:
        raise Misread(Why.ABSENT, "users")
    if sender.is_bot or sender.auth == "bot":
        return None
    return Message(row.at, by_client=sender.is_client)
