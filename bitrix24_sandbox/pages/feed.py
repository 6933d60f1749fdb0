"""A card's timeline as it is read: what was said, moved and done, the newest first, pins on top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bitrix24_sandbox import activities, dictionaries, timeline
from bitrix24_sandbox.pages.notes import Note, parse_note
from bitrix24_sandbox.portal import Act
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row

_ANSWERED = "200"


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` names the entry on the page. `icon`: "comment", "note", "stage", "back", "call", "mail", …."""

    key: str
    at: int
    icon: str
    title: str
    text: str = ""
    author_id: int | None = None
    note: Note | None = None
    pinned: bool = False
    messages: tuple[tuple[bool, str], ...] = ()


def feed(act: Act, kind: Kind, card_id: int) -> list[Entry]:
    found = [*_comments(act, kind, card_id), *_activities(act, kind, card_id)]
    if kind.stage_field:
        found.extend(_stages(act, kind, card_id))
    return sorted(found, key=lambda each: (each.at, each.key), reverse=True)


def _comments(act: Act, kind: Kind, card_id: int) -> Iterator[Entry]:
    for row in timeline.entries(act, kind, card_id):
        note = parse_note(row["text"] or "", kind, card_id)
        written = row["type"] == timeline.COMMENT
        yield Entry(
            f"t{row['id']:09}",
            row["created"],
            "note" if note else "comment" if written else "log",
            "Контроль регламента" if note else "Комментарий" if written else row["title"] or "Запись",
            row["text"] or "",
            row["author_id"],
            note,
            bool(row["pinned"]),
        )


def _stages(act: Act, kind: Kind, card_id: int) -> Iterator[Entry]:
    rows = act.store.rows(
        "SELECT * FROM stage_history WHERE kind = ? AND owner_id = ? ORDER BY id", [kind, card_id]
    )
    before: dictionaries.Stage | None = None
    for row in rows:
        stage = dictionaries.stages(act.store, kind, row["category_id"]).get(row["stage_id"])
        name = stage.name if stage else row["stage_id"]
        back = before is not None and stage is not None and stage.sort < before.sort
        title = "Возвращена на прежнюю стадию" if back else "Стадия изменена" if before else "Создание"
        path = f"{before.name} → {name}" if before else name
        yield Entry(f"s{row['id']:09}", row["created"], "back" if back else "stage", title, path)
        before = stage or before


def _activities(act: Act, kind: Kind, card_id: int) -> Iterator[Entry]:
    for row in activities.of_card(act, kind, card_id):
        icon, title = _kind_of_activity(row)
        text = row["description"] or ""
        call = act.store.row("SELECT * FROM call WHERE activity_id = ? ORDER BY id", [row["id"]])
        if call:
            icon, text = "call", _call_in_words(call)
        subject = row["subject"] or ""
        yield Entry(
            f"a{row['id']:09}",
            row["start_time"] or row["created"],
            icon,
            f"{title}: {subject}" if subject and subject != title else title,
            text,
            row["responsible_id"],
            pinned=bool(row["pinned"]),
            messages=_messages(act, row["id"]),
        )


def _kind_of_activity(row: Row) -> tuple[str, str]:
    incoming = row["direction"] == activities.INCOMING
    match row["type_id"], row["provider_id"]:
        case activities.CALL, _:
            return "call", "Входящий звонок" if incoming else "Исходящий звонок"
        case activities.EMAIL, _:
            return "mail", "Входящее письмо" if incoming else "Исходящее письмо"
        case _, "IMOPENLINES_SESSION":
            return "chat", "Чат"
        case _, provider if provider and "SMS" in provider:
            return "chat", "SMS"
        case activities.MEETING, _:
            return "task", "Встреча"
        case _:
            return "task", "Дело"


def _call_in_words(call: Row) -> str:
    if str(call["failed_code"]) != _ANSWERED:
        return "Без ответа"
    minutes, seconds = divmod(int(call["duration"] or 0), 60)
    return f"Разговор {minutes}:{seconds:02}"


def _messages(act: Act, activity_id: int) -> tuple[tuple[bool, str], ...]:
    """Chat messages of an activity, each with whether the client wrote it."""
    rows = act.store.rows(
        "SELECT m.text, m.sender_id = c.client_user_id AS by_client FROM chat_message m "
        "JOIN chat_session s ON s.id = m.session_id JOIN chat c ON c.id = s.chat_id "
        "WHERE s.activity_id = ? AND m.sender_id > 0 ORDER BY m.id",
        [activity_id],
    )
    return tuple((bool(row["by_client"]), row["text"] or "") for row in rows)
