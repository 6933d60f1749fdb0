"""Exchanges with a client: the activity, and the call's statistics or the chat's session behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bitrix24_sandbox import activities, cards
from bitrix24_sandbox.activities import INCOMING, OUTGOING, Binding
from bitrix24_sandbox.communications import multifields
from bitrix24_sandbox.portal import Act
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row

ANSWERED, MISSED, CANCELLED = "200", "304", "603-S"
_REASONS = {ANSWERED: "Success call", MISSED: "Skipped call", CANCELLED: "Canceled call"}
_ANY_PHONE = "79030000000"
_FIRST_CLIENT_USER = 1000
_OPEN_LINE = "1"
_CONNECTOR, _CONNECTOR_TITLE = "telegram", "Telegram"
_BETWEEN_MESSAGES_S = 60
SYSTEM = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat or a mail exchange."""

    from_client: bool
    text: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """What took place, when (UTC seconds), and who of the company is responsible for it."""

    owner: Kind
    card: Row
    at: int
    responsible_id: int

    @property
    def binding(self) -> Binding:
        return self.owner.type_id, self.card["ID"]


def call(act: Act, exchange: Exchange, *, outgoing: bool, seconds: int, failed_code: str) -> int:
    """Log a call through telephony. Whether it was answered is told by its statistics only."""
    answered = failed_code == ANSWERED
    duration = seconds if answered else 0
    number = act.store.next_id("call")
    call_id = f"externalCall.{number:08x}.{exchange.at}"
    contact = _contact_of(act, exchange)
    activity_id = _add(
        act,
        exchange,
        {
            "type_id": activities.CALL,
            "provider_id": "VOXIMPLANT_CALL",
            "provider_type_id": "CALL",
            "subject": "Исходящий звонок" if outgoing else "Входящий звонок",
            "direction": OUTGOING if outgoing else INCOMING,
            "end_time": exchange.at + duration,
            "origin_id": f"VI_{call_id}",
            "settings": json.dumps({"MISSED_CALL": True} if not (answered or outgoing) else []),
        },
    )
    crm_kind, crm_id = _statistics_owner(exchange, contact)
    act.store.insert(
        "call",
        {
            "activity_id": activity_id,
            "user_id": exchange.responsible_id,
            "phone": _phone(act, exchange, contact),
            "call_id": call_id,
            "call_type": 1 if outgoing else 2,
            "duration": duration,
            "start": exchange.at,
            "failed_code": failed_code,
            "failed_reason": _REASONS.get(failed_code, "Other"),
            "crm_type": crm_kind,
            "crm_id": crm_id,
        },
    )
    return activity_id


def mail(act: Act, exchange: Exchange, *, outgoing: bool, text: str) -> int:
    return _add(
        act,
        exchange,
        {
            "type_id": activities.EMAIL,
            "provider_id": "CRM_EMAIL",
            "provider_type_id": "EMAIL",
            "subject": "Письмо",
            "description": text,
            "description_type": 3,
            "direction": OUTGOING if outgoing else INCOMING,
            "settings": json.dumps({"EMAIL_META": {"__email": "user@synergy.example"}}),
        },
    )


def sms(act: Act, exchange: Exchange, *, text: str) -> int:
    return _add(
        act,
        exchange,
        {
            "type_id": activities.PROVIDER,
            "provider_id": "CRM_SMS",
            "provider_type_id": "SMS",
            "subject": "SMS",
            "description": text,
            "direction": OUTGOING,
            "associated_entity_id": act.store.next_id("activity"),
        },
    )


def chat(act: Act, exchange: Exchange, messages: Sequence[Message]) -> int:
    """Hold an open-line session. Its direction says who began, not whether the client ever said anything."""
    client_id = _FIRST_CLIENT_USER + act.store.next_id("chat")
    chat_id = act.store.insert(
        "chat",
        {
            "connector_id": _CONNECTOR,
            "connector_title": _CONNECTOR_TITLE,
            "client_user_id": client_id,
            "client_name": exchange.card.get("NAME") or "Гость",
            "user_code": "",
        },
    )
    user_code = f"{_CONNECTOR}|{_OPEN_LINE}|{chat_id}|{client_id}"
    act.store.update("chat", chat_id, {"user_code": user_code})
    session_id = act.store.insert(
        "chat_session", {"chat_id": chat_id, "operator_id": exchange.responsible_id, "closed": 1}
    )
    began_by_client = bool(messages) and messages[0].from_client
    activity_id = _add(
        act,
        exchange,
        {
            "type_id": activities.PROVIDER,
            "provider_id": "IMOPENLINES_SESSION",
            "provider_type_id": _OPEN_LINE,
            "provider_group_id": _CONNECTOR,
            "subject": f"Диалог в {_CONNECTOR_TITLE}",
            "direction": INCOMING if began_by_client else OUTGOING,
            "associated_entity_id": session_id,
            "end_time": exchange.at + _BETWEEN_MESSAGES_S * len(messages),
            "provider_params": json.dumps({"USER_CODE": user_code}),
        },
    )
    act.store.update("chat_session", session_id, {"activity_id": activity_id})
    sender = {True: client_id, False: exchange.responsible_id}
    lines = [(SYSTEM, f"Начат новый диалог №{session_id}")]
    lines += [(sender[each.from_client], each.text) for each in messages]
    lines += [(SYSTEM, "Диалог завершён")]
    _write(act, (chat_id, session_id), exchange.at, lines)
    return activity_id


def _write(act: Act, of: tuple[int, int], at: int, lines: Sequence[tuple[int, str]]) -> None:
    rows = [
        (*of, sender, at + _BETWEEN_MESSAGES_S * place, text) for place, (sender, text) in enumerate(lines)
    ]
    act.store.insert_many("chat_message", ("chat_id", "session_id", "sender_id", "created", "text"), rows)


def _add(act: Act, exchange: Exchange, values: Mapping[str, Any]) -> int:
    contact = _contact_of(act, exchange)
    common = {
        "created": exchange.at,
        "last_updated": exchange.at,
        "start_time": exchange.at,
        "end_time": exchange.at,
        "deadline": exchange.at,
        "completed": "Y",
        "responsible_id": exchange.responsible_id,
    }
    bindings = [(Kind.CONTACT.type_id, contact)] if contact else []
    return activities.add(act, exchange.binding, common | dict(values), bindings)


def _contact_of(act: Act, exchange: Exchange) -> int | None:
    if not exchange.owner.has_contacts:
        return None
    return next(iter(cards.contact_ids(act, exchange.owner, exchange.card["ID"])), None)


def _statistics_owner(exchange: Exchange, contact: int | None) -> tuple[str | None, int | None]:
    """Name the contact or the lead: the statistics never know of a deal."""
    if contact:
        return "CONTACT", contact
    if exchange.owner is Kind.DEAL:
        lead = exchange.card["LEAD_ID"]
        return ("LEAD", lead) if lead else (None, None)
    return exchange.owner.upper(), exchange.card["ID"]


def _phone(act: Act, exchange: Exchange, contact: int | None) -> str:
    kind, card_id = (Kind.CONTACT, contact) if contact else (exchange.owner, exchange.card["ID"])
    own = multifields(act.store, kind, [card_id]).get(card_id, [])
    return next((row["folded"] for row in own if row["type_id"] == "PHONE"), _ANY_PHONE)
