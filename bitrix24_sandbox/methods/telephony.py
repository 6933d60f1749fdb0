"""voximplant.statistic.get: what the telephony knows of a call. All strings but the record's file."""

from __future__ import annotations

from typing import Any

from bitrix24_sandbox.call import (
    PAGE,
    Answer,
    Call,
    Method,
    paged,
)
from bitrix24_sandbox.filters import Column, compile_filter, compile_order
from bitrix24_sandbox.schema import Field
from bitrix24_sandbox.store import Row
from bitrix24_sandbox.times import render_time

_COLUMNS = {
    "ID": ("id", "integer"),
    "PORTAL_USER_ID": ("user_id", "integer"),
    "PHONE_NUMBER": ("phone", "text"),
    "CALL_ID": ("call_id", "text"),
    "CALL_TYPE": ("call_type", "integer"),
    "CALL_DURATION": ("duration", "integer"),
    "CALL_START_DATE": ("start", "datetime"),
    "CALL_FAILED_CODE": ("failed_code", "text"),
    "CRM_ENTITY_TYPE": ("crm_type", "text"),
    "CRM_ENTITY_ID": ("crm_id", "integer"),
    "CRM_ACTIVITY_ID": ("activity_id", "integer"),
}


def statistics(call: Call) -> Answer:
    where = compile_filter(call.classic("filter"), _column, call.act.offset)
    sort = {str(call.classic("sort") or "ID"): call.classic("order") or "ASC"}
    order = compile_order(sort, _column, "id")
    rows = call.act.store.rows(
        f"SELECT * FROM call WHERE {where.sql} ORDER BY {order} "  # noqa: S608
        f"LIMIT {PAGE} OFFSET {call.offset}",
        where.values,
    )
    total = call.act.store.scalar(f"SELECT count(*) FROM call WHERE {where.sql}", where.values)  # noqa: S608
    return paged(call, [_render(call, row) for row in rows], total, total_uncounted=0)


def _column(name: str) -> Column | None:
    known = _COLUMNS.get(name.upper())
    return Column(known[0], Field(name.upper(), known[0], known[1], "")) if known else None


def _render(call: Call, row: Row) -> dict[str, Any]:
    rendered: dict[str, Any] = {
        code: None if row[column] is None else str(row[column]) for code, (column, _) in _COLUMNS.items()
    }
    return rendered | {
        "CALL_START_DATE": render_time(row["start"], call.act.offset),
        "CALL_CATEGORY": "external",
        "CALL_FAILED_REASON": row["failed_reason"],
        "CALL_VOTE": None,
        "COST": "0.0000",
        "COST_CURRENCY": "RUR",
        "RECORD_FILE_ID": None,
        "CALL_RECORD_URL": None,
        "COMMENT": None,
        "PORTAL_NUMBER": "",
        "SESSION_ID": None,
        "TRANSCRIPT_ID": None,
        "TRANSCRIPT_PENDING": "N",
        "REDIAL_ATTEMPT": None,
    }


METHODS = (Method("voximplant.statistic.get", "telephony", statistics),)
