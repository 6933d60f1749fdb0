"""Calls and chats of a deal as rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bitrix24_sandbox.activities import (
    CALL,
    DONE,
    INCOMING,
    OUTGOING,
    PROVIDER,
)
from bitrix24_sandbox.communications import fold
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.seed.clients import Client, Talk
from bitrix24_sandbox.seed.rows import Rows


def write_talk(rows: Rows, client: Client, deal_id: int, contacts: list[int], talk: Talk) -> None:
    common = {
        "owner_type_id": Kind.DEAL.type_id,
        "owner_id": deal_id,
        "created": talk.at,
        "last_updated": talk.at,
        "start_time": talk.at,
        "end_time": talk.at + talk.seconds,
        "deadline": talk.at,
        "completed": "Y",
        "status": DONE,
        "responsible_id": client.manager,
        "author_id": client.manager,
        "editor_id": client.manager,
        "direction": OUTGOING if talk.outgoing else INCOMING,
    }
    activity_id = (
        _chat(rows, client, common, talk) if talk.lines else _call(rows, client, common, contacts, talk)
    )
    for type_id, number in (
        (Kind.DEAL.type_id, deal_id),
        *((Kind.CONTACT.type_id, each) for each in contacts),
    ):
        rows.plain(
            "activity_binding", {"activity_id": activity_id, "owner_type_id": type_id, "owner_id": number}
        )


def _call(rows: Rows, client: Client, common: Mapping[str, Any], contacts: list[int], talk: Talk) -> int:
    call_id = f"externalCall.{rows.upcoming('call'):08x}.{talk.at}"
    missed = not talk.seconds and not talk.outgoing
    activity_id = _activity(
        rows,
        common,
        {
            "type_id": CALL,
            "provider_id": "VOXIMPLANT_CALL",
            "provider_type_id": "CALL",
            "subject": "Исходящий звонок" if talk.outgoing else "Входящий звонок",
            "origin_id": f"VI_{call_id}",
            "settings": json.dumps({"MISSED_CALL": True} if missed else []),
        },
    )
    code = "200" if talk.seconds else "603-S" if talk.outgoing else "304"
    rows.add(
        "call",
        {
            "activity_id": activity_id,
            "user_id": client.manager,
            "phone": fold("PHONE", client.person.phone),
            "call_id": call_id,
            "call_type": 1 if talk.outgoing else 2,
            "duration": talk.seconds,
            "start": talk.at,
            "failed_code": code,
            "failed_reason": "",
            "crm_type": "CONTACT" if contacts else None,
            "crm_id": contacts[0] if contacts else None,
        },
    )
    return activity_id


def _chat(rows: Rows, client: Client, common: Mapping[str, Any], talk: Talk) -> int:
    number = rows.upcoming("chat")
    user_code = f"telegram|1|{number}|{1000 + number}"
    chat_id = rows.add(
        "chat",
        {
            "connector_id": "telegram",
            "connector_title": "Telegram",
            "user_code": user_code,
            "client_user_id": 1000 + number,
            "client_name": client.person.name,
        },
    )
    session_id = rows.upcoming("chat_session")
    activity_id = _activity(
        rows,
        common,
        {
            "type_id": PROVIDER,
            "provider_id": "IMOPENLINES_SESSION",
            "provider_type_id": "1",
            "provider_group_id": "telegram",
            "subject": "Диалог в Telegram",
            "associated_entity_id": session_id,
            "provider_params": json.dumps({"USER_CODE": user_code}),
        },
    )
    rows.add(
        "chat_session",
        {"chat_id": chat_id, "activity_id": activity_id, "operator_id": client.manager, "closed": 1},
    )
    for place, (by_client, text) in enumerate(talk.lines):
        rows.add(
            "chat_message",
            {
                "chat_id": chat_id,
                "session_id": session_id,
                "created": talk.at + 60 * place,
                "text": text,
                "sender_id": 1000 + number if by_client else client.manager,
            },
        )
    return activity_id


def _activity(rows: Rows, common: Mapping[str, Any], own: Mapping[str, Any]) -> int:
    absent = {
        "provider_group_id": None,
        "associated_entity_id": 0,
        "origin_id": None,
        "settings": "[]",
        "provider_params": "[]",
    }
    return rows.add("activity", {**common, **absent, **own})
