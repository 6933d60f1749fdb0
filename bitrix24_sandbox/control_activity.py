"""An exchange with a client as the callers of the control API write it."""

from __future__ import annotations

from typing import Any

from bitrix24_sandbox import conversations
from bitrix24_sandbox.control_input import (
    ControlError,
    find_card,
    read_int,
    read_time,
)
from bitrix24_sandbox.conversations import (
    ANSWERED,
    CANCELLED,
    MISSED,
    Exchange,
    Message,
)
from bitrix24_sandbox.portal import Act

_KNOWN = {"owner", "kind", "answered", "seconds", "messages", "at", "responsible_id", "failed_code", "text"}
_DEFAULT_SECONDS = 60


def add_activity(act: Act, body: dict[str, Any]) -> int:
    unknown = sorted(set(body) - _KNOWN)
    if unknown:
        raise ControlError(f"an activity has no {unknown[0]}; it has {', '.join(sorted(_KNOWN))}")
    kind, card = find_card(act, body.get("owner"))
    at = read_time(act, body, "at")
    responsible_id = read_int(body, "responsible_id", card["ASSIGNED_BY_ID"] or act.user_id)
    exchange = Exchange(kind, card, act.now if at is None else at, responsible_id)
    name, _, direction = str(body.get("kind")).rpartition("_")
    outgoing = direction == "out"
    match name, direction:
        case "call", "in" | "out":
            seconds, code = read_int(body, "seconds", _DEFAULT_SECONDS), _failed_code(body, outgoing=outgoing)
            return conversations.call(act, exchange, outgoing=outgoing, seconds=seconds, failed_code=code)
        case "mail", "in" | "out":
            return conversations.mail(act, exchange, outgoing=outgoing, text=_text(body))
        case "sms", "out":
            return conversations.sms(act, exchange, text=_text(body))
        case "", "chat":
            return conversations.chat(act, exchange, _messages(body))
    raise ControlError("kind must be call_out, call_in, mail_out, mail_in, sms_out or chat")


def _failed_code(body: dict[str, Any], *, outgoing: bool) -> str:
    if "failed_code" in body:
        return str(body["failed_code"])
    if body.get("answered", True):
        return ANSWERED
    return CANCELLED if outgoing else MISSED


def _messages(body: dict[str, Any]) -> list[Message]:
    messages = []
    for each in body.get("messages") or []:
        if not isinstance(each, dict) or each.get("from") not in {"client", "manager"}:
            raise ControlError('a message is {"from": "client"|"manager", "text": "…"}')
        messages.append(Message(each["from"] == "client", str(each.get("text", ""))))
    return messages


def _text(body: dict[str, Any]) -> str:
    return str(body.get("text") or "\n".join(message.text for message in _messages(body)))
