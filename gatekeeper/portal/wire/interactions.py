"""The portal's names for exchanges with a client: activities, telephony statistics, open-line chats.

An activity says that something was tried; the statistics and the chat's own messages say what came of it.
Whatever is no exchange (tasks, to-dos, meetings, web forms, applications' entries) is left out here. Sources:
the portal contract's sections 7.3 to 7.5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gatekeeper.model.cards import Message
from gatekeeper.model.refs import EntityRef
from gatekeeper.portal.transport.client import Command
from gatekeeper.portal.wire.cards import (
    ENTITY_TYPE,
    Row,
    parse_number,
    parse_time,
)

INCOMING, OUTGOING = 1, 2
TELEPHONY_ORIGIN = "VI_"  # without it somebody typed the call in by hand
MAIL = "CRM_EMAIL"
ONE_WAY = frozenset({"CRM_SMS", "CRM_WHATSAPP", "CRM_NOTIFICATION"})  # replies come as chats, or not at all
ANSWERED = "200"
CONVERSATIONS = frozenset({1, 2, 3, 4})  # CALL_TYPE; the fifth is a recorded announcement
SELECTED = (
    "ID",
    "PROVIDER_ID",
    "DIRECTION",
    "ORIGIN_ID",
    "SETTINGS",
    "CREATED",
    "START_TIME",
    "END_TIME",
    "ASSOCIATED_ENTITY_ID",
)
SCOPES = {"imopenlines": "imopenlines", "voximplant": "telephony"}  # a method's first word -> its scope


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
    id: int
    exchange: Call | Session | Message


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


# Commands


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


def scope_of(method: str) -> str:
    first = method.partition(".")[0]
    return SCOPES.get(first, first)


# Answers


def parse_activities(result: Any) -> tuple[Activity, ...]:
    activities = ((int(row["ID"]), _exchange(row)) for row in result or ())
    return tuple(Activity(number, exchange) for number, exchange in activities if exchange)


def _exchange(row: Row) -> Call | Session | Message | None:
    provider, direction = row.get("PROVIDER_ID"), parse_number(row.get("DIRECTION"))
    if provider == "VOXIMPLANT_CALL" and str(row.get("ORIGIN_ID") or "").startswith(TELEPHONY_ORIGIN):
        return _call(row, direction)
    if provider == "IMOPENLINES_SESSION":
        return Session(parse_number(row.get("ASSOCIATED_ENTITY_ID")))
    if (provider == MAIL and direction) or (provider in ONE_WAY and direction == OUTGOING):
        return Message(_time(row, "START_TIME"), by_client=direction == INCOMING)
    return None


def _call(row: Row, direction: int) -> Call:
    at = _time(row, "START_TIME")
    settings = row.get("SETTINGS") or {}  # [] when empty
    return Call(
        id=int(row["ID"]),
        incoming=direction == INCOMING,
        missed=settings.get("MISSED_CALL") not in (None, "", "N", "0", 0),
        at=at,
        lasted=(parse_time(row["END_TIME"]) if row.get("END_TIME") else at) - at,
    )


def _time(row: Row, name: str) -> datetime:
    return parse_time(row.get(name) or row["CREATED"])


def parse_statistics(result: Any) -> tuple[CallFacts, ...]:
    return tuple(
        CallFacts(
            activity_id=parse_number(row.get("CRM_ACTIVITY_ID")),
            at=parse_time(row["CALL_START_DATE"]),
            type=parse_number(row["CALL_TYPE"]),
            code=str(row["CALL_FAILED_CODE"]),
            seconds=parse_number(row["CALL_DURATION"]),
        )
        for row in result or ()
    )


def parse_chats(result: Any) -> tuple[int, ...]:
    return tuple(dict.fromkeys(int(row["CHAT_ID"]) for row in result or ()))


def parse_session(result: Any) -> ChatLog:
    """ValueError for a sender who is not among the users: nobody knows then which side spoke."""
    rows, users = _map(result["message"]), _map(result["users"])
    chats = {parse_number(result.get("chatId"))} | {parse_number(row.get("chatid")) for row in rows.values()}
    messages = {int(row["id"]): _message(row, users) for row in rows.values()}
    spoken = {number: message for number, message in messages.items() if message}
    return ChatLog(frozenset(chats - {0}), spoken)


def _map(value: Any) -> Mapping[str, Row]:
    """PHP sends an empty map as []."""
    if isinstance(value, Mapping):
        return value
    if value:
        raise ValueError("a list in place of a map")
    return {}


def _message(row: Row, users: Mapping[str, Row]) -> Message | None:
    sender = str(row["senderid"])
    if sender == "0":
        return None
    if sender not in users:
        raise ValueError("a message by nobody")
    user = users[sender]
    if user.get("bot") is True or user.get("externalAuthId") == "bot":
        return None
    return Message(parse_time(row["date"]), by_client=user["connector"] is True)
