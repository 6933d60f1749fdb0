"""A database with something in every table, by the columns' types alone: it needs no keeping up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CHAR,
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    insert,
    select,
)
from sqlalchemy.types import TypeEngine

from gatekeeper.store.database import UtcDateTime

NOON = datetime(2026, 9, 1, 12, 30, 15, 123456, tzinfo=UTC)
Contents = dict[str, list[dict[str, Any]]]
Make = Callable[[int], Any]


def fill(
    engine: Engine, metadata: MetaData, rows: int = 3, special: Mapping[str, Make] | None = None
) -> None:
    """Add rows that refer to each other by equal numbers; `special` makes the values of columns by name."""
    with engine.begin() as conn:
        for table in metadata.sorted_tables:
            if table.name != "alembic_version":
                make = {c.name: _maker(c) for c in table.columns} | dict(special or {})
                numbers = range(1, rows + 1)
                conn.execute(
                    insert(table), [{c.name: make[c.name](n) for c in table.columns} for n in numbers]
                )


def contents(engine: Engine, metadata: MetaData) -> Contents:
    """Every row of every table, in the order of its key."""
    with engine.begin() as conn:
        return {
            table.name: [dict(row) for row in conn.execute(_in_order(table)).mappings()]
            for table in metadata.sorted_tables
            if table.name != "alembic_version"
        }


def _in_order(table: Table) -> Any:
    return select(table).order_by(*table.primary_key.columns)


VALUES: tuple[tuple[type[TypeEngine[Any] | UtcDateTime], Make], ...] = (
    (UtcDateTime, lambda number: NOON + timedelta(days=number)),
    (DateTime, lambda number: NOON + timedelta(days=number)),
    (Date, lambda number: date(1990, 2, 1) + timedelta(days=number)),
    (Uuid, lambda number: UUID(int=number)),
    (JSON, lambda number: [{"имя": f"Ёлкина {number}", "n": number}]),
    (Boolean, lambda number: number % 2 == 0),
    (Integer, lambda number: number),
    (Float, lambda number: number + 0.25),
    (LargeBinary, lambda number: number.to_bytes(20, "little")),
    (CHAR, lambda number: UUID(int=number).hex),  # how SQLite keeps them, where nobody says what they are
    (String, lambda number: f"{number}ё'\""),
)
"""For each type, in the order in which they are tried, values that tell rows apart."""


def _maker(column: Column[Any]) -> Make:
    make = next(make for kind, make in VALUES if isinstance(column.type, kind))
    length = column.type.length if isinstance(column.type, String) else None
    nullable = column.nullable

    def made(number: int) -> Any:
        value = None if nullable and number == 1 else make(number)
        return value[:length] if length and value else value

    return made
