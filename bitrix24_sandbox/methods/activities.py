"""crm.activity.*: classic dialect, every scalar a string."""

from __future__ import annotations

import json
from typing import Any

from bitrix24_sandbox import activities, cards, php
from bitrix24_sandbox.call import (
    PAGE,
    Answer,
    Call,
    Method,
    paged,
)
from bitrix24_sandbox.errors import ClassicError, ControllerError, missing_argument
from bitrix24_sandbox.filters import (
    Column,
    Condition,
    compile_filter,
    compile_order,
)
from bitrix24_sandbox.schema import KIND_OF_TYPE, Field
from bitrix24_sandbox.store import Row
from bitrix24_sandbox.times import parse_time, render_time

_INTS = (
    "OWNER_ID",
    "OWNER_TYPE_ID",
    "TYPE_ID",
    "ASSOCIATED_ENTITY_ID",
    "STATUS",
    "RESPONSIBLE_ID",
    "PRIORITY",
    "DESCRIPTION_TYPE",
    "DIRECTION",
    "AUTHOR_ID",
    "EDITOR_ID",
)
_TEXTS = (
    "PROVIDER_ID",
    "PROVIDER_TYPE_ID",
    "PROVIDER_GROUP_ID",
    "SUBJECT",
    "DESCRIPTION",
    "COMPLETED",
    "ORIGIN_ID",
)
_TIMES = ("CREATED", "LAST_UPDATED", "START_TIME", "END_TIME", "DEADLINE")
_JSON = ("SETTINGS", "PROVIDER_PARAMS")
_FIELDS = {
    "ID": Field("ID", "id", "integer", ""),
    **{code: Field(code, code.lower(), "integer", "") for code in _INTS},
    **{code: Field(code, code.lower(), "text", "") for code in _TEXTS},
    **{code: Field(code, code.lower(), "datetime", "") for code in _TIMES},
}
_WRITABLE_TIMES = ("START_TIME", "END_TIME", "DEADLINE")
_ON_DEMAND = ("COMMUNICATIONS", "FILES")
_PROVIDER_OF_TYPE = {
    activities.CALL: ("VOXIMPLANT_CALL", "CALL"),
    activities.EMAIL: ("CRM_EMAIL", "EMAIL"),
    activities.MEETING: ("CRM_MEETING", "MEETING"),
    activities.TASK: ("CRM_TASKS_TASK", "TASKS_TASK"),
}
_APPLICATION_PROVIDERS = {"REST_APP", "CONFIGURABLE_REST_APP"}


def add(call: Call) -> int:
    fields = _fields(call)
    if fields.get("PROVIDER_ID") in _APPLICATION_PROVIDERS:
        raise ClassicError("Application context required")
    owner = (php.to_int(fields.get("OWNER_TYPE_ID")), php.to_int(fields.get("OWNER_ID")))
    _check_owner(call, owner)
    values = _parse(call, fields)
    if not values.get("subject"):
        raise ClassicError("Не заполнено поле «Тема»")
    provider_id, provider_type_id = _PROVIDER_OF_TYPE.get(values.get("type_id") or 0, (None, None))
    values.setdefault("provider_id", provider_id)
    values.setdefault("provider_type_id", provider_type_id)
    return activities.add(call.act, owner, values, _bindings(fields.get("BINDINGS")))


def update(call: Call) -> bool:
    row = _activity(call)
    activities.update(call.act, row, _parse(call, _fields(call)))
    return True


def delete(call: Call) -> bool:
    activities.delete(call.act, _activity(call))
    return True


def get(call: Call) -> dict[str, Any]:
    return _render(call, _activity(call)) | {"COMMUNICATIONS": []}


def list_activities(call: Call) -> Answer:
    """Found through its bindings, an activity comes once for each binding that matches."""
    given = {key.upper(): value for key, value in php.as_dict(call.classic("filter")).items()}
    bindings = _bindings(given.pop("BINDINGS", None))
    where = compile_filter(given, _column, call.act.offset)
    source = "activity a"
    if bindings:
        pairs = " OR ".join(["(b.owner_type_id = ? AND b.owner_id = ?)"] * len(bindings))
        source = "activity a JOIN activity_binding b ON b.activity_id = a.id"
        where = Condition(
            f"({pairs}) AND {where.sql}", (*(each for pair in bindings for each in pair), *where.values)
        )
    for kind, card_id in call.act.hidden:
        where = Condition(
            f"{where.sql} AND NOT (a.owner_type_id = ? AND a.owner_id = ?)",
            (*where.values, kind.type_id, card_id),
        )
    order = compile_order(call.classic("order") or {"START_TIME": "ASC"}, _column, "a.id")
    rows = call.act.store.rows(
        f"SELECT a.* FROM {source} WHERE {where.sql} ORDER BY {order} "  # noqa: S608
        f"LIMIT {PAGE} OFFSET {call.offset}",
        where.values,
    )
    total = call.act.store.scalar(f"SELECT count(*) FROM {source} WHERE {where.sql}", where.values)  # noqa: S608
    select = [str(each).upper() for each in php.values_of(call.classic("select"))] or ["*"]
    return paged(call, [_select(call, row, select) for row in rows], total, total_uncounted=0)


def binding_list(call: Call) -> list[dict[str, int]]:
    activity = activities.find(call.act, call.required_int("activityId"))
    if activity is None:
        raise ControllerError("NOT_FOUND", "Дело не найдено")
    return [
        {"entityTypeId": type_id, "entityId": entity_id}
        for type_id, entity_id in activities.bindings_of(call.act, activity["id"])
    ]


def todo_add(call: Call) -> dict[str, int]:
    owner = (call.required_int("ownerTypeId"), call.required_int("ownerId"))
    deadline = parse_time(str(call.required("deadline")), call.act.offset)
    if deadline is None:
        raise ControllerError("WRONG_DATETIME_FORMAT", "Неверный формат даты")
    if not _exists(call, owner):
        raise ControllerError("OWNER_NOT_FOUND", "Владелец не найден")
    values = {
        "type_id": activities.PROVIDER,
        "provider_id": "CRM_TODO",
        "provider_type_id": "TODO",
        "subject": str(call.get("title") or "Дело"),
        "description": str(call.get("description") or ""),
        "responsible_id": php.to_int(call.get("responsibleId")) or None,
        "deadline": deadline,
        "direction": activities.INCOMING,
    }
    return {"id": activities.add(call.act, owner, values)}


def fields(_call: Call) -> dict[str, Any]:
    return {
        code: {
            "type": field.type,
            "isRequired": code in {"OWNER_ID", "OWNER_TYPE_ID", "SUBJECT"},
            "isReadOnly": code in {"ID", "CREATED", "LAST_UPDATED"},
            "isMultiple": False,
        }
        for code, field in _FIELDS.items()
    }


def _fields(call: Call) -> dict[str, Any]:
    given = call.classic("fields")
    if not php.as_dict(given):
        raise missing_argument("fields")
    return {key.upper(): value for key, value in php.as_dict(given).items()}


def _activity(call: Call) -> Row:
    row = activities.find(call.act, php.to_int(call.classic("id")))
    if row is None:
        raise ClassicError("Activity is not found")
    if any((KIND_OF_TYPE.get(row["owner_type_id"]), row["owner_id"]) == hidden for hidden in call.act.hidden):
        raise ClassicError("Access denied")
    return row


def _exists(call: Call, owner: activities.Binding) -> bool:
    kind = KIND_OF_TYPE.get(owner[0])
    return kind is not None and cards.find(call.act, kind, owner[1]) is not None


def _check_owner(call: Call, owner: activities.Binding) -> None:
    if not _exists(call, owner):
        raise ClassicError("OWNER_ID is not defined or invalid.")


def _bindings(given: Any) -> list[activities.Binding]:
    pairs = [php.as_dict(each) for each in php.values_of(given)]
    return [
        (php.to_int(each.get("OWNER_TYPE_ID")), php.to_int(each.get("OWNER_ID"))) for each in pairs if each
    ]


def _parse(call: Call, fields: dict[str, Any]) -> Row:
    values: Row = {
        code.lower(): php.to_int(fields[code])
        for code in _INTS
        if code in fields and code not in {"OWNER_ID", "OWNER_TYPE_ID", "AUTHOR_ID", "EDITOR_ID"}
    }
    values |= {code.lower(): str(fields[code]) for code in _TEXTS if fields.get(code) is not None}
    for code in _WRITABLE_TIMES:
        seconds = parse_time(str(fields.get(code) or ""), call.act.offset)
        if seconds is not None:
            values[code.lower()] = seconds
    return values | {
        code.lower(): json.dumps(fields[code]) for code in (*_JSON, "COMMUNICATIONS") if code in fields
    }


def _column(name: str) -> Column | None:
    field = _FIELDS.get(name.upper())
    return Column(f"a.{field.name}", field) if field else None


def _select(call: Call, row: Row, select: list[str]) -> dict[str, Any]:
    rendered = _render(call, row)
    if "*" not in select:
        rendered = {name: value for name, value in rendered.items() if name in {*select, "ID"}}
    if "COMMUNICATIONS" in select:
        rendered["COMMUNICATIONS"] = json.loads(row["communications"])
    return rendered | ({"FILES": []} if "FILES" in select else {})


def _render(call: Call, row: Row) -> dict[str, Any]:
    offset = call.act.offset
    rendered: dict[str, Any] = {"ID": str(row["id"])}
    rendered |= {code: str(row[code.lower()] or 0) for code in _INTS}
    rendered |= {code: row[code.lower()] for code in _TEXTS}
    for code in _TIMES:
        seconds = row[code.lower()]
        rendered[code] = "" if seconds is None else render_time(seconds, offset)
    rendered |= {code: json.loads(row[code.lower()]) or [] for code in _JSON}
    return rendered | {
        "PROVIDER_DATA": None,
        "RESULT_MARK": "0",
        "NOTIFY_TYPE": "0",
        "NOTIFY_VALUE": "0",
        "LOCATION": "",
        "ORIGINATOR_ID": None,
    }


METHODS = (
    Method("crm.activity.add", "crm", add),
    Method("crm.activity.update", "crm", update),
    Method("crm.activity.delete", "crm", delete),
    Method("crm.activity.get", "crm", get),
    Method("crm.activity.list", "crm", list_activities),
    Method("crm.activity.fields", "crm", fields),
    Method("crm.activity.binding.list", "crm", binding_list),
    Method("crm.activity.todo.add", "crm", todo_add),
)
