"""crm.timeline.*: comments, pins, notes, log lines."""

from __future__ import annotations

import json
from typing import Any

from bitrix24_sandbox import cards, php, timeline
from bitrix24_sandbox.call import (
    PAGE,
    Answer,
    Call,
    Method,
    paged,
)
from bitrix24_sandbox.errors import (
    ClassicError,
    ControllerError,
    access_denied,
    invalid,
    missing_argument,
    not_found,
)
from bitrix24_sandbox.filters import Column, compile_filter
from bitrix24_sandbox.schema import KIND_OF_TYPE, Field, Kind
from bitrix24_sandbox.store import Row
from bitrix24_sandbox.times import render_time

_OWNERS = {kind.value: kind for kind in Kind}
_ORDERED = {"ID": "id", "CREATED": "created", "AUTHOR_ID": "author_id"}
_FILTERED = {
    "ID": Field("ID", "id", "integer", ""),
    "CREATED": Field("CREATED", "created", "datetime", ""),
    "AUTHOR_ID": Field("AUTHOR_ID", "author_id", "integer", ""),
}
_DESCRIBED = (
    ("ID", "integer"),
    ("ENTITY_ID", "integer"),
    ("ENTITY_TYPE", "string"),
    ("CREATED", "datetime"),
    ("COMMENT", "string"),
    ("AUTHOR_ID", "user"),
    ("FILES", "attached_diskfile"),
)


def comment_add(call: Call) -> int:
    fields = call.fields()
    text = _text(fields)
    kind, card_id = _owner(call, fields.get("ENTITY_TYPE"), fields.get("ENTITY_ID"))
    return timeline.add_comment(call.act, kind, card_id, text, files=php.values_of(fields.get("FILES")))


def comment_update(call: Call) -> int:
    comment = _comment(call)
    fields = call.fields()
    text = _text(fields) if "COMMENT" in fields else None
    files = php.values_of(fields["FILES"]) if "FILES" in fields else None
    timeline.update_comment(call.act, comment, text, files)
    return int(comment["id"])


def comment_delete(call: Call) -> None:
    timeline.delete_comment(call.act, _comment(call))


def comment_get(call: Call) -> dict[str, Any]:
    comment = timeline.entry(call.act, call.classic_id(), timeline.COMMENT)
    if comment is None:
        raise ClassicError("Not found")
    if (Kind(comment["kind"]), comment["owner_id"]) in call.act.hidden:
        raise ClassicError("Access denied.")
    return _render(call, comment)


def comment_list(call: Call) -> Answer:
    """Both keys of the owner are compulsory, and their absence is called a lack of rights."""
    wanted = {key.upper(): value for key, value in php.as_dict(call.classic("filter")).items()}
    kind = _OWNERS.get(str(wanted.pop("ENTITY_TYPE", wanted.pop("=ENTITY_TYPE", ""))).lower())
    card_id = php.to_int(wanted.pop("ENTITY_ID", wanted.pop("=ENTITY_ID", 0)))
    if kind is None or not cards.find(call.act, kind, card_id) or (kind, card_id) in call.act.hidden:
        raise ClassicError("Access denied.")
    where = compile_filter(wanted, _column, call.act.offset)
    order = (
        ", ".join(
            f"{_ORDERED[name]} {'DESC' if direction == 'DESC' else 'ASC'}"
            for name, direction in php.pairs_of(call.classic("order"))
            if name in _ORDERED
        )
        or "id"
    )
    base = f"FROM timeline WHERE type = 'comment' AND kind = ? AND owner_id = ? AND {where.sql}"
    values = [kind, card_id, *where.values]
    rows = call.act.store.rows(f"SELECT * {base} ORDER BY {order} LIMIT {PAGE} OFFSET {call.offset}", values)
    select = [str(each).upper() for each in php.values_of(call.classic("select"))]
    rendered = [_select(_render(call, row), select) for row in rows]
    return paged(call, rendered, call.act.store.scalar(f"SELECT count(*) {base}", values), total_uncounted=0)


def comment_fields(_call: Call) -> dict[str, Any]:
    return {
        code: {
            "type": kind,
            "isRequired": code in {"ENTITY_ID", "ENTITY_TYPE", "COMMENT"},
            "isReadOnly": code in {"ID", "CREATED"},
            "isMultiple": code == "FILES",
        }
        for code, kind in _DESCRIBED
    }


def pin(call: Call) -> None:
    if not timeline.pin(call.act, _pinnable(call), pinned=True):
        raise ControllerError(0, f"Нельзя закрепить больше {timeline.MAX_PINNED} записей")


def unpin(call: Call) -> None:
    timeline.pin(call.act, _pinnable(call), pinned=False)


def note_save(call: Call) -> bool:
    kind, card_id = _owner_by_type(call, call.required_int("ownerTypeId"), call.required_int("ownerId"))
    item_type, item_id, text = (
        call.required_int("itemType"),
        call.required_int("itemId"),
        call.required("text"),
    )
    call.act.store.execute(
        "INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?, ?)", [kind, card_id, item_type, item_id, str(text)]
    )
    return True


def log_message_add(call: Call) -> Any:
    fields = call.fields()
    for name in ("title", "text", "iconCode"):
        if not fields.get(name):
            raise missing_argument(name)
    kind, card_id = _owner_by_type(
        call, php.to_int(fields.get("entityTypeId")), php.to_int(fields.get("entityId"))
    )
    number = timeline.add_log_message(
        call.act, kind, card_id, str(fields["title"]), str(fields["text"]), str(fields["iconCode"])
    )
    return {"logMessage": _render_log_message(call, timeline.entry(call.act, number) or {})}


def log_message_list(call: Call) -> Answer:
    kind, card_id = _owner_by_type(call, call.required_int("entityTypeId"), call.required_int("entityId"))
    rows = timeline.entries(call.act, kind, card_id, timeline.LOG_MESSAGE)
    page = [_render_log_message(call, row) for row in rows[call.offset : call.offset + PAGE]]
    return paged(call, {"logMessages": page}, len(rows), total_uncounted=None)


def _text(fields: dict[str, Any]) -> str:
    text = str(fields.get("COMMENT") or "")
    if not text.strip():
        raise invalid("Comment text is empty")
    return text


def _owner(call: Call, entity_type: Any, entity_id: Any) -> tuple[Kind, int]:
    kind, number = _OWNERS.get(str(entity_type).lower()), php.to_int(entity_id)
    if kind is None or not cards.find(call.act, kind, number):
        raise ControllerError("OWNER_NOT_FOUND", "Владелец не найден")
    if (kind, number) in call.act.hidden:
        raise access_denied()
    return kind, number


def _owner_by_type(call: Call, type_id: int, entity_id: int) -> tuple[Kind, int]:
    kind = KIND_OF_TYPE.get(type_id)
    return _owner(call, kind.value if kind else "", entity_id)


def _comment(call: Call) -> Row:
    comment = timeline.entry(call.act, call.required_int("id"), timeline.COMMENT)
    if comment is None:
        raise not_found()
    if (Kind(comment["kind"]), comment["owner_id"]) in call.act.hidden:
        raise access_denied()
    return comment


def _pinnable(call: Call) -> Row:
    row = timeline.entry(call.act, call.required_int("id"))
    kind, card_id = _owner_by_type(call, call.required_int("ownerTypeId"), call.required_int("ownerId"))
    if row is None:
        raise not_found()
    if (row["kind"], row["owner_id"]) != (kind, card_id):
        raise ControllerError("CAN_NOT_CHANGE_PINNED", "Нельзя изменить закрепление")
    return row


def _column(name: str) -> Column | None:
    field = _FILTERED.get(name.upper())
    return Column(field.name, field) if field else None


def _select(comment: dict[str, Any], select: list[str]) -> dict[str, Any]:
    if not select or "*" in select:
        return comment
    return {name: value for name, value in comment.items() if name in select}


def _render(call: Call, row: Row) -> dict[str, Any]:
    comment = {
        "ID": str(row["id"]),
        "ENTITY_ID": str(row["owner_id"]),
        "ENTITY_TYPE": row["kind"],
        "CREATED": render_time(row["created"], call.act.offset),
        "COMMENT": row["text"],
        "AUTHOR_ID": str(row["author_id"]),
    }
    files = json.loads(row["files"] or "[]")
    if files:
        comment["FILES"] = {
            str(1000 + place): {"id": 1000 + place, "name": str((php.values_of(each) or [""])[0])}
            for place, each in enumerate(files)
        }
    return comment


def _render_log_message(call: Call, row: Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "created": render_time(row["created"], call.act.offset),
        "authorId": row["author_id"],
        "title": row["title"],
        "text": row["text"],
        "iconCode": row["icon"],
    }


METHODS = (
    Method("crm.timeline.comment.add", "crm", comment_add),
    Method("crm.timeline.comment.update", "crm", comment_update),
    Method("crm.timeline.comment.delete", "crm", comment_delete),
    Method("crm.timeline.comment.get", "crm", comment_get),
    Method("crm.timeline.comment.list", "crm", comment_list),
    Method("crm.timeline.comment.fields", "crm", comment_fields),
    Method("crm.timeline.item.pin", "crm", pin),
    Method("crm.timeline.item.unpin", "crm", unpin),
    Method("crm.timeline.note.save", "crm", note_save),
    Method("crm.timeline.logmessage.add", "crm", log_message_add),
    Method("crm.timeline.logmessage.list", "crm", log_message_list),
)
