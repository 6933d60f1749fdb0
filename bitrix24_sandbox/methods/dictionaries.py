"""Stages, pipelines, user fields, stage history, the duplicate search."""

from __future__ import annotations

from functools import partial
from typing import Any

from bitrix24_sandbox import dictionaries, php
from bitrix24_sandbox.call import (
    PAGE,
    Answer,
    Call,
    Method,
    paged,
)
from bitrix24_sandbox.communications import SEARCH_ORDER, find_by_communication
from bitrix24_sandbox.errors import (
    ClassicError,
    ControllerError,
    RestError,
    invalid,
    not_found,
)
from bitrix24_sandbox.filters import (
    Column,
    Condition,
    compile_filter,
    compile_order,
)
from bitrix24_sandbox.schema import KIND_OF_TYPE, Field, Kind
from bitrix24_sandbox.store import Row
from bitrix24_sandbox.times import render_time

_STATUS = {
    "ID": Field("ID", "id", "integer", ""),
    "SORT": Field("SORT", "sort", "integer", ""),
    **{
        code: Field(code, code.lower(), "text", "")
        for code in ("ENTITY_ID", "STATUS_ID", "NAME", "SEMANTICS")
    },
    "CATEGORY_ID": Field("CATEGORY_ID", "category_id", "integer", ""),
}
_HISTORY = {
    "ID": Field("ID", "id", "integer", ""),
    "TYPE_ID": Field("TYPE_ID", "type_id", "integer", ""),
    "OWNER_ID": Field("OWNER_ID", "owner_id", "integer", ""),
    "CREATED_TIME": Field("CREATED_TIME", "created", "datetime", ""),
    "CATEGORY_ID": Field("CATEGORY_ID", "category_id", "integer", ""),
    "STAGE_ID": Field("STAGE_ID", "stage_id", "text", ""),
    "STATUS_ID": Field("STATUS_ID", "stage_id", "text", ""),
    "STAGE_SEMANTIC_ID": Field("STAGE_SEMANTIC_ID", "semantic", "text", ""),
    "STATUS_SEMANTIC_ID": Field("STATUS_SEMANTIC_ID", "semantic", "text", ""),
}
_MEANING = {None: "process", "S": "success", "F": "failure"}
_MAX_VALUES = 20
_SORT = 500


def status_list(call: Call) -> Answer:
    """Not paged; EXTRA only where stages have a meaning."""
    where = compile_filter(call.classic("filter"), partial(_column, _STATUS), call.act.offset)
    order = compile_order(call.classic("order"), partial(_column, _STATUS), "sort, id")
    rows = call.act.store.rows(f"SELECT * FROM status WHERE {where.sql} ORDER BY {order}", where.values)  # noqa: S608
    return Answer([_render_status(row) for row in rows], len(rows))


def category_list(call: Call) -> Any:
    if call.required_int("entityTypeId") != Kind.DEAL.type_id:
        raise ControllerError("ENTITY_TYPE_NOT_SUPPORTED", "Тип сущности не поддерживается")
    rows = dictionaries.categories(call.act.store)
    return Answer({"categories": [_render_category(row) for row in rows]}, len(rows))


def category_add(call: Call) -> Any:
    if call.required_int("entityTypeId") != Kind.DEAL.type_id:
        raise ControllerError("ENTITY_TYPE_NOT_SUPPORTED", "Тип сущности не поддерживается")
    fields = call.fields()
    name, sort = str(fields.get("name") or ""), php.to_int(fields.get("sort")) or _SORT
    if not name:
        raise ControllerError("CRM_FIELD_ERROR_REQUIRED", "Не заполнено название")
    number = dictionaries.add_pipeline(call.act.store, name, sort)
    return {"category": _render_category({"id": number, "name": name, "sort": sort})}


def status_add(call: Call) -> int:
    fields = {key.upper(): value for key, value in php.as_dict(call.classic("fields")).items()}
    entity_id, status_id = str(fields.get("ENTITY_ID") or ""), str(fields.get("STATUS_ID") or "")
    if not entity_id or not status_id or not fields.get("NAME"):
        raise ClassicError("ENTITY_ID, STATUS_ID and NAME are required")
    category = php.to_int(entity_id.removeprefix("DEAL_STAGE_")) or None
    prefix = f"C{category}:" if category else ""
    full_id = status_id if status_id.startswith(prefix) else prefix + status_id
    if call.act.store.row("SELECT 1 FROM status WHERE entity_id = ? AND status_id = ?", [entity_id, full_id]):
        raise ClassicError("STATUS_ID is not unique")
    semantics = fields.get("SEMANTICS") if fields.get("SEMANTICS") in {"S", "F"} else None
    return call.act.store.insert(
        "status",
        {
            "entity_id": entity_id,
            "status_id": full_id,
            "name": str(fields["NAME"]),
            "sort": php.to_int(fields.get("SORT")) or _SORT,
            "semantics": semantics,
            "category_id": category,
            "color": fields.get("COLOR"),
        },
    )


def category_get(call: Call) -> Any:
    number = call.required_int("id")
    for row in dictionaries.categories(call.act.store):
        if row["id"] == number:
            return {"category": _render_category(row)}
    raise not_found()


def stage_history(call: Call) -> Answer:
    kind = KIND_OF_TYPE.get(call.required_int("entityTypeId"))
    if kind is None or kind.stage_field is None:
        raise RestError(0, "Entity is not supported")
    where = compile_filter(call.get("filter"), _history_column, call.act.offset)
    where = Condition(f"kind = ? AND {where.sql}", (kind, *where.values))
    for of_kind, card_id in call.act.hidden:
        if of_kind is kind:
            where = Condition(f"{where.sql} AND owner_id != ?", (*where.values, card_id))
    order = compile_order(call.get("order"), partial(_column, _HISTORY), "id")
    rows = call.act.store.rows(
        f"SELECT * FROM stage_history WHERE {where.sql} ORDER BY {order} "  # noqa: S608
        f"LIMIT {PAGE} OFFSET {call.offset}",
        where.values,
    )
    total = call.act.store.scalar(f"SELECT count(*) FROM stage_history WHERE {where.sql}", where.values)  # noqa: S608
    select = [str(each) for each in php.values_of(call.get("select"))]
    items = [_select(_render_history(call, kind, row), select) for row in rows]
    return paged(call, {"items": items}, total, total_uncounted=0)


def find_by_comm(call: Call) -> Any:
    type_id, values = call.classic("type"), call.classic("values")
    if type_id not in {"PHONE", "EMAIL"}:
        raise RestError("Communication type is not supported", "Communication type is not supported")
    if not isinstance(values, list | dict) or not values:
        raise RestError("Communication values are not defined", "Communication values are not defined")
    wanted = call.classic("entity_type")
    kinds = [kind for kind in SEARCH_ORDER if wanted in {None, "", kind.value.upper()}]
    texts = [str(each) for each in php.values_of(values)][:_MAX_VALUES]
    found = find_by_communication(call.act.store, type_id, texts, kinds)
    return php.array({kind.value.upper(): ids for kind, ids in found.items()})


def user_field_list(kind: Kind, call: Call) -> Answer:
    """Labels come only for the language that the filter names."""
    wanted = php.as_dict(call.classic("filter"))
    language = wanted.pop("LANG", None)
    rows = [
        _render_user_field(kind, field, language)
        for field in call.act.store.catalogue(kind).fields
        if field.is_user_field
    ]
    rows = [row for row in rows if all(str(row.get(key)) == str(value) for key, value in wanted.items())]
    return Answer(rows, len(rows))


def user_field_get(kind: Kind, call: Call) -> Any:
    number = call.classic_id()
    for field in call.act.store.catalogue(kind).fields:
        if field.user_field_id == number:
            return _render_user_field(kind, field, "ru")
    raise ClassicError("The entity with ID is not found.")


def user_field_add(kind: Kind, call: Call) -> int:
    from bitrix24_sandbox.user_fields import create

    return create(call.act.store, kind, php.as_dict(call.classic("fields")))


def mode(call: Call) -> int:
    return call.act.options.mode


def _column(known: dict[str, Field], name: str) -> Column | None:
    field = known.get(name.upper())
    return Column(field.name, field) if field else None


def _history_column(name: str) -> Column:
    """Refuse what the history has no field for."""
    column = _column(_HISTORY, name)
    if column is None:
        raise invalid(f"Invalid filter: field '{name}' is not allowed in filter")
    return column


def _select(row: dict[str, Any], select: list[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if not select or "*" in select or name in select}


def _render_status(row: Row) -> dict[str, Any]:
    status = {
        "ID": str(row["id"]),
        "ENTITY_ID": row["entity_id"],
        "STATUS_ID": row["status_id"],
        "NAME": row["name"],
        "NAME_INIT": row["name"],
        "SORT": str(row["sort"]),
        "SYSTEM": "Y",
        "CATEGORY_ID": None if row["category_id"] is None else str(row["category_id"]),
        "COLOR": row["color"] or "",
        "SEMANTICS": row["semantics"],
    }
    if row["entity_id"] == "STATUS" or row["entity_id"].startswith("DEAL_STAGE"):
        apology = row["status_id"].endswith("APOLOGY")
        status["EXTRA"] = {
            "SEMANTICS": "apology" if apology else _MEANING[row["semantics"]],
            "COLOR": row["color"] or "#39A8EF",
        }
    return status


def _render_category(row: Row) -> dict[str, Any]:
    category = {
        "id": row["id"],
        "name": row["name"],
        "sort": row["sort"],
        "entityTypeId": Kind.DEAL.type_id,
        "isDefault": "Y" if row["id"] == 0 else "N",
    }
    return category if row["id"] == 0 else category | {"originId": "", "originatorId": ""}


def _render_history(call: Call, kind: Kind, row: Row) -> dict[str, Any]:
    entry = {
        "ID": row["id"],
        "TYPE_ID": row["type_id"],
        "OWNER_ID": row["owner_id"],
        "CREATED_TIME": render_time(row["created"], call.act.offset),
    }
    if kind is Kind.LEAD:
        return entry | {"STATUS_SEMANTIC_ID": row["semantic"], "STATUS_ID": row["stage_id"]}
    return entry | {
        "CATEGORY_ID": row["category_id"],
        "STAGE_SEMANTIC_ID": row["semantic"],
        "STAGE_ID": row["stage_id"],
    }


def _render_user_field(kind: Kind, field: Field, language: Any) -> dict[str, Any]:
    described: dict[str, Any] = {
        "ID": str(field.user_field_id),
        "ENTITY_ID": f"CRM_{kind.upper()}",
        "FIELD_NAME": field.code,
        "USER_TYPE_ID": field.type,
        "XML_ID": None,
        "SORT": "100",
        "MULTIPLE": "Y" if field.multiple else "N",
        "MANDATORY": "N",
        "SHOW_FILTER": "N",
        "SHOW_IN_LIST": "Y",
        "EDIT_IN_LIST": "Y",
        "IS_SEARCHABLE": "N",
        "SETTINGS": {"DISPLAY": "LIST"} if field.type == "enumeration" else [],
    }
    if field.items:
        described["LIST"] = [
            {"ID": key, "SORT": str(10 * place), "VALUE": label, "DEF": "N", "XML_ID": f"item{key}"}
            for place, (key, label) in enumerate(field.items, start=1)
        ]
    if language:
        described |= {
            "EDIT_FORM_LABEL": field.title,
            "LIST_COLUMN_LABEL": field.title,
            "LIST_FILTER_LABEL": field.title,
        }
    return described


METHODS = (
    Method("crm.status.list", "crm", status_list),
    Method("crm.category.list", "crm", category_list),
    Method("crm.category.add", "crm", category_add),
    Method("crm.status.add", "crm", status_add),
    Method("crm.category.get", "crm", category_get),
    Method("crm.stagehistory.list", "crm", stage_history),
    Method("crm.duplicate.findbycomm", "crm", find_by_comm),
    Method("crm.settings.mode.get", "crm", mode),
    *(
        Method(f"crm.{kind}.userfield.{verb}", "crm", partial(handler, kind))
        for kind in Kind
        for verb, handler in (("list", user_field_list), ("get", user_field_get), ("add", user_field_add))
    ),
)
