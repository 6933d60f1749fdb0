"""How the portal answers with what changed since a moment: ids and times (contract 3.4, 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gatekeeper.model.cards import Unread
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.portal.wire.forms import a_list, a_moment, agree, an_id, each_once, part, read_row, told
from gatekeeper.portal.wire.items import Listed


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """`id` tells the row apart, `ref` is the card that changed."""

    id: int
    ref: EntityRef
    at: datetime | Unread


@dataclass(frozen=True, slots=True)
class Updated:
    updated_at: datetime | Unread = told("updatedTime", a_moment, "3.2", alone=True)


@dataclass(frozen=True, slots=True)
class Talked:
    talked_at: datetime | Unread = told("lastActivityTime", a_moment, "3.2", alone=True)


@dataclass(frozen=True, slots=True)
class MoveRow:
    """An entry of the stage history that says into which pipeline a deal went."""

    id: int = told("ID", an_id, "5")
    deal_id: int = told("OWNER_ID", an_id, "5")
    at: datetime | Unread = told("CREATED_TIME", a_moment, "5", alone=True)


def read_changed(kind: Kind, field: str, result: Any, after: int) -> list[ChangedRow]:
    """`field` is the one asked for, updatedTime or lastActivityTime."""
    rows = [(read_row(Listed, row).id, row) for row in a_list(part(result, "items"))]
    return _ahead(
        [ChangedRow(number, EntityRef(kind, number), _at(field, row)) for number, row in rows], after
    )


def read_moves(result: Any, after: int) -> list[ChangedRow]:
    rows = [read_row(MoveRow, row) for row in a_list(part(result, "items"))]
    return _ahead([ChangedRow(row.id, EntityRef(Kind.DEAL, row.deal_id), row.at) for row in rows], after)


def _at(field: str, row: Any) -> datetime | Unread:
    return read_row(Updated, row).updated_at if field == "updatedTime" else read_row(Talked, row).talked_at


def _ahead(rows: list[ChangedRow], after: int) -> list[ChangedRow]:
    """Refuse rows behind the place that was asked for: a walk would go round for ever."""
    each_once(row.id for row in rows)
    agree("id", yes=all(row.id > after for row in rows))
    return rows
