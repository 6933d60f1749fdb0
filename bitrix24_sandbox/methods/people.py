"""Users, departments, and messages to them."""

from __future__ import annotations

import json
from typing import Any

from bitrix24_sandbox import php
from bitrix24_sandbox.call import (
    PAGE,
    Answer,
    Call,
    Method,
    paged,
)
from bitrix24_sandbox.errors import ControllerError
from bitrix24_sandbox.filters import Column, compile_filter, compile_order
from bitrix24_sandbox.schema import Field
from bitrix24_sandbox.store import Row

_COLUMNS = {
    "ID": ("id", "integer"),
    "ACTIVE": ("active", "boolean"),
    "NAME": ("name", "string"),
    "LAST_NAME": ("last_name", "string"),
    "SECOND_NAME": ("second_name", "string"),
    "EMAIL": ("email", "string"),
    "PERSONAL_MAILBOX": ("personal_mailbox", "string"),
    "PERSONAL_MOBILE": ("personal_mobile", "string"),
    "WORK_PHONE": ("work_phone", "string"),
    "WORK_POSITION": ("work_position", "string"),
}
_BRIEF = {"ID", "ACTIVE", "NAME", "LAST_NAME", "SECOND_NAME", "WORK_POSITION", "UF_DEPARTMENT", "USER_TYPE"}


def user_get(call: Call) -> Answer:
    given = php.as_dict(call.classic("filter"))
    given = {key.upper(): "Y" if value == "true" else value for key, value in given.items()}
    if call.classic("id") is not None:
        given["ID"] = call.classic("id")
    where = compile_filter(given, _column, call.act.offset)
    sort = {str(call.classic("sort") or "ID"): call.classic("order") or "ASC"}
    order = compile_order(sort, _column, "id")
    rows = call.act.store.rows(
        f"SELECT * FROM user WHERE {where.sql} ORDER BY {order} "  # noqa: S608
        f"LIMIT {PAGE} OFFSET {call.offset}",
        where.values,
    )
    total = call.act.store.scalar(f"SELECT count(*) FROM user WHERE {where.sql}", where.values)  # noqa: S608
    return paged(call, [_visible(call, _render(row)) for row in rows], total, total_uncounted=0)


def user_current(call: Call) -> dict[str, Any]:
    row = call.act.store.row("SELECT * FROM user WHERE id = ?", [call.owner_id])
    return _visible(call, _render(row)) if row else {}


def department_get(call: Call) -> Answer:
    rows = call.act.store.rows("SELECT * FROM department ORDER BY sort, id")
    wanted = {"id": call.classic("id"), "parent": call.classic("parent"), "head": call.classic("uf_head")}
    rows = [
        row
        for row in rows
        if all(
            value is None or str(row[name]) in map(str, php.values_of(value))
            for name, value in wanted.items()
        )
    ]
    return Answer([_render_department(row) for row in rows], len(rows))


def notify(call: Call) -> int:
    user_id, message = php.to_int(call.classic("user_id") or call.classic("to")), call.classic("message")
    if not user_id:
        raise ControllerError("USER_ID_EMPTY", "User ID can't be empty")
    if not message:
        raise ControllerError("MESSAGE_EMPTY", "Message can't be empty")
    tag = str(call.classic("tag") or "") if call.classic("client_id") else ""
    if tag:
        call.act.store.execute("DELETE FROM notification WHERE user_id = ? AND tag = ?", [user_id, tag])
    return call.act.store.insert(
        "notification",
        {
            "user_id": user_id,
            "from_id": call.owner_id,
            "message": str(message),
            "tag": tag,
            "created": call.act.now,
        },
    )


def _column(name: str) -> Column | None:
    known = _COLUMNS.get(name.upper())
    return Column(known[0], Field(name.upper(), known[0], known[1], "")) if known else None


def _visible(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    """`user_brief` alone hides addresses."""
    if {"user", "user_basic"} & set(call.scopes):
        return row
    return {name: value for name, value in row.items() if name in _BRIEF}


def _render(row: Row) -> dict[str, Any]:
    """`ACTIVE` is the portal's one real boolean."""
    return {
        "ID": str(row["id"]),
        "XML_ID": str(row["id"]),
        "ACTIVE": bool(row["active"]),
        "NAME": row["name"],
        "LAST_NAME": row["last_name"],
        "SECOND_NAME": row["second_name"],
        "EMAIL": row["email"],
        "LAST_LOGIN": "",
        "DATE_REGISTER": "2026-01-12T03:00:00+03:00",
        "IS_ONLINE": "N",
        "TIMESTAMP_X": {},
        "LAST_ACTIVITY_DATE": {},
        "PERSONAL_GENDER": "",
        "PERSONAL_MAILBOX": row["personal_mailbox"],
        "PERSONAL_MOBILE": row["personal_mobile"],
        "WORK_PHONE": row["work_phone"],
        "WORK_POSITION": row["work_position"],
        "UF_DEPARTMENT": json.loads(row["department"]),
        "USER_TYPE": "employee",
    }


def _render_department(row: Row) -> dict[str, Any]:
    department = {"ID": str(row["id"]), "NAME": row["name"], "SORT": row["sort"]}
    if row["parent"]:
        department["PARENT"] = str(row["parent"])
    return department | ({"UF_HEAD": str(row["head"])} if row["head"] else {})


METHODS = (
    Method("user.get", "user", user_get),
    Method("user.current", "user", user_current),
    Method("department.get", "department", department_get),
    Method("im.notify", "im", notify),
    Method("im.notify.personal.add", "im", notify),
    Method("im.notify.system.add", "im", notify),
)
