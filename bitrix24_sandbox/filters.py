"""Filters and orders of list methods -> SQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timezone
from typing import Any

from bitrix24_sandbox import php
from bitrix24_sandbox.dialects import SKIP, store_single
from bitrix24_sandbox.schema import Field

_KEY = re.compile(r"(>=|<=|!=%|!%=|=%|%=|!%|!@|!=|><|>|<|@|=|%|!)?(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL with its values."""

    sql: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """Where a filter field lives and of what type it is; `exists` wraps conditions on another table."""

    sql: str
    field: Field
    exists: str = ""


ALL = Condition("1")
NOTHING = Condition("0")


def compile_filter(given: Any, column_of: Callable[[str], Column | None], offset: timezone) -> Condition:
    """`column_of` resolves a name without its prefix: None leaves the condition out, or it raises."""
    conditions, glue = [], " AND "
    for key, value in php.pairs_of(given):
        if key.lower() == "logic":
            glue = " OR " if str(value).upper() == "OR" else " AND "
        elif key.isdecimal():
            conditions.append(compile_filter(value, column_of, offset))
        else:
            match = _KEY.fullmatch(key)
            operator, name = (match[1] or "", match[2]) if match else ("", key)
            column = column_of(name)
            if column:
                conditions.append(_on(column, _compare(column, operator, value, offset)))
    if not conditions:
        return ALL
    values = tuple(value for condition in conditions for value in condition.values)
    return Condition("(" + glue.join(condition.sql for condition in conditions) + ")", values)


def compile_order(given: Any, column_of: Callable[[str], Column | None], default: str) -> str:
    """Write an ORDER BY list; ids break ties, so that pages never overlap."""
    parts = []
    for name, direction in php.pairs_of(given):
        column = column_of(name)
        if column and not column.exists:
            parts.append(f"{column.sql} {'DESC' if str(direction).upper() == 'DESC' else 'ASC'}")
    return ", ".join([*parts, default])


def _on(column: Column, condition: Condition) -> Condition:
    return Condition(column.exists.format(condition.sql), condition.values) if column.exists else condition


def _compare(column: Column, operator: str, value: Any, offset: timezone) -> Condition:
    negated = operator.startswith("!")
    positive = _positive(column, operator.removeprefix("!"), value, offset)
    if not negated:
        return positive
    return Condition(f"NOT coalesce({positive.sql}, 0)", positive.values)


def _positive(column: Column, operator: str, value: Any, offset: timezone) -> Condition:
    if operator == "%":
        return Condition(f"FOLD({column.sql}) LIKE ? ESCAPE '\\'", (f"%{_literal(value)}%",))
    if operator in {"=%", "%="}:
        return Condition(f"FOLD({column.sql}) LIKE ?", (str(value).casefold(),))
    if operator in {">", "<", ">=", "<="}:
        stored = _stored(column.field, value, offset)
        return Condition(f"{column.sql} {operator} ?", (stored,)) if stored is not None else NOTHING
    if operator == "><":
        low, high = [*php.values_of(value), None, None][:2]
        return Condition(
            f"{column.sql} BETWEEN ? AND ?",
            (_stored(column.field, low, offset), _stored(column.field, high, offset)),
        )
    return _equal(column, value, offset)


def _equal(column: Column, value: Any, offset: timezone) -> Condition:
    wanted = php.values_of(value)
    if (not wanted and isinstance(value, Mapping | list)) or any(
        isinstance(each, Mapping | list) for each in wanted
    ):
        return NOTHING
    if all(php.is_falsy(each) for each in wanted):
        return Condition(f"({column.sql} IS NULL OR {column.sql} IN ('', 0, '[]'))")
    stored = tuple(_stored(column.field, each, offset) for each in wanted)
    marks = ", ".join("?" * len(stored))
    if column.field.multiple:
        within = f"EXISTS (SELECT 1 FROM json_each({column.sql}) WHERE value IN ({marks}))"  # noqa: S608
        return Condition(within, stored)
    if column.field.type == "string":
        return Condition(f"FOLD({column.sql}) IN ({marks})", tuple(str(each).casefold() for each in stored))
    # An unset reference is 0 here and null there; a filter on 0 means both.
    sql = f"coalesce({column.sql}, 0) IN ({marks})" if 0 in stored else f"{column.sql} IN ({marks})"
    return Condition(sql, stored)


def _stored(field: Field, value: Any, offset: timezone) -> Any:
    stored = store_single(field, value, offset)
    if stored is SKIP:
        return None
    if stored is None and field.type not in {"string", "date", "datetime", "crm_status", "char"}:
        return php.to_int(value)
    return str(value or "") if stored is None else stored


def _literal(value: Any) -> str:
    return re.sub(r"([\\%_])", r"\\\1", str(value).casefold())
