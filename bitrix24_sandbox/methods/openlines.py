"""imopenlines.*: chats of a card, the messages of a session, the data of a dialog."""

from __future__ import annotations

from typing import Any

from bitrix24_sandbox import dictionaries, php
from bitrix24_sandbox.call import Call, Method
from bitrix24_sandbox.conversations import SYSTEM
from bitrix24_sandbox.errors import ControllerError
from bitrix24_sandbox.schema import KIND_OF_TYPE, Kind
from bitrix24_sandbox.store import Row
from bitrix24_sandbox.times import render_time

_KINDS = {kind.value: kind for kind in Kind}
_CHATS = (
    "SELECT DISTINCT c.*, s.closed FROM chat c JOIN chat_session s ON s.chat_id = c.id "
    "JOIN activity_binding b ON b.activity_id = s.activity_id WHERE b.owner_type_id = ? AND b.owner_id = ?"
)


def crm_chats(call: Call) -> list[dict[str, str]]:
    """Finished chats are hidden unless they are asked for."""
    kind = _KINDS.get(str(call.classic("crm_entity_type") or "").lower())
    if kind is None:
        return []
    rows = call.act.store.rows(_CHATS, [kind.type_id, php.to_int(call.classic("crm_entity"))])
    active_only = str(call.classic("active_only") or "Y") != "N"
    return [
        {
            "CHAT_ID": str(row["id"]),
            "CONNECTOR_ID": row["connector_id"],
            "CONNECTOR_TITLE": row["connector_title"],
        }
        for row in rows
        if not (active_only and row["closed"])
    ]


def session_history(call: Call) -> dict[str, Any]:
    """Messages and people are maps by id; of a chat given alone only the last session is shown."""
    session = _session(call)
    if session is None:
        raise ControllerError("MISSING_REQUIRED_PARAM", "CHAT_ID or SESSION_ID is required")
    chat = call.act.store.row("SELECT * FROM chat WHERE id = ?", [session["chat_id"]]) or {}
    rows = call.act.store.rows("SELECT * FROM chat_message WHERE session_id = ? ORDER BY id", [session["id"]])
    dialog = f"chat{chat['id']}"
    people = {row["sender_id"] for row in rows} - {SYSTEM}
    return {
        "chatId": chat["id"],
        "sessionId": session["id"],
        "userId": dialog,
        "canJoin": "Y",
        "canVoteHead": "Y",
        "message": php.array({str(row["id"]): _render_message(call, row, dialog) for row in rows}),
        "usersMessage": {dialog: [str(row["id"]) for row in reversed(rows)]},
        "users": php.array({str(each): _render_user(call, chat, each) for each in sorted(people)}),
        "files": [],
    }


def dialog_get(call: Call) -> dict[str, Any]:
    session = _session(call)
    if session is None:
        raise ControllerError("DIALOG_ID_EMPTY", "Dialog ID can't be empty")
    chat = call.act.store.row("SELECT * FROM chat WHERE id = ?", [session["chat_id"]]) or {}
    bound = call.act.store.rows(
        "SELECT owner_type_id, owner_id FROM activity_binding WHERE activity_id = ?", [session["activity_id"]]
    )
    ids = {
        KIND_OF_TYPE[row["owner_type_id"]]: row["owner_id"]
        for row in bound
        if row["owner_type_id"] in KIND_OF_TYPE
    }
    first = next(iter(ids), None)
    crm = f"Y|{first.upper()}|{ids[first]}" if first else "N|NONE|0"
    return {
        "id": chat["id"],
        "name": f"{chat['client_name']} - Открытая линия",
        "owner": session["operator_id"],
        "type": "lines",
        "message_type": "L",
        "entity_type": "LINES",
        "entity_id": chat["user_code"],
        "entity_data_1": f"{crm}|N|N|{session['id']}|0|0|0|0",
        "entity_data_2": f"LEAD|{ids.get(Kind.LEAD, 0)}|COMPANY|0|CONTACT|{ids.get(Kind.CONTACT, 0)}"
        f"|DEAL|{ids.get(Kind.DEAL, 0)}",
        "entity_data_3": "",
        "manager_list": [],
        "extranet": False,
        "dialog_id": f"chat{chat['id']}",
    }


def _session(call: Call) -> Row | None:
    """Find the session by its own id, or the last one of a chat however that is named."""
    store = call.act.store
    if call.classic("session_id"):
        return store.row("SELECT * FROM chat_session WHERE id = ?", [php.to_int(call.classic("session_id"))])
    chat_id = php.to_int(call.classic("chat_id") or str(call.classic("dialog_id") or "").removeprefix("chat"))
    if call.classic("user_code"):
        user_code = str(call.classic("user_code")).removeprefix("imol|")
        chat_id = store.scalar("SELECT id FROM chat WHERE user_code = ?", [user_code]) or 0
    return store.row("SELECT * FROM chat_session WHERE chat_id = ? ORDER BY id DESC", [chat_id])


def _render_message(call: Call, row: Row, dialog: str) -> dict[str, Any]:
    of_system = {"class": "bx-messenger-content-item-ol-start"} if row["sender_id"] == SYSTEM else []
    return {
        "id": str(row["id"]),
        "chatid": str(row["chat_id"]),
        "senderid": str(row["sender_id"]),
        "recipientid": dialog,
        "date": render_time(row["created"], call.act.offset),
        "text": row["text"],
        "textlegacy": row["text"],
        "params": of_system,
    }


def _render_user(call: Call, chat: Row, user_id: int) -> dict[str, Any]:
    """Only the client comes through a connector."""
    is_client = user_id == chat["client_user_id"]
    user = dictionaries.user(call.act.store, user_id) or {}
    name = chat["client_name"] if is_client else f"{user.get('name', '')} {user.get('last_name', '')}".strip()
    return {
        "id": str(user_id),
        "name": name,
        "active": True,
        "extranet": is_client,
        "bot": False,
        "connector": is_client,
        "externalAuthId": "imconnector" if is_client else "default",
    }


METHODS = (
    Method("imopenlines.crm.chat.get", "imopenlines", crm_chats),
    Method("imopenlines.session.history.get", "imopenlines", session_history),
    Method("imopenlines.dialog.get", "imopenlines", dialog_get),
)
