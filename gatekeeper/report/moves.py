"""The moves back of a span: tried, and called for but let be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, select

from gatekeeper.model.cards import DealSnapshot
from gatekeeper.model.errors import Undecodable
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.report.selection import Selection
from gatekeeper.store.database import reading
from gatekeeper.store.journal.day import left_within, moves_within
from gatekeeper.store.journal.packing import unpack_snapshot
from gatekeeper.store.journal.tables import decision_table, snapshot_table

LEFT = "left"


@dataclass(frozen=True, slots=True)
class ReportedMove:
    """`result` is a word of the journal's, or "left" where the deal was let stand, and `detail` says why.

    Stages and pipeline by name where the snapshot is kept, else stages by id and the pipeline "".
    """

    ref: EntityRef
    pipeline: str
    before: str
    after: str
    mover_id: int | None
    responsible_id: int | None
    at: datetime
    result: str
    detail: str


def read_moves(engine: Engine, wanted: Selection) -> tuple[ReportedMove, ...]:
    """Oldest first. With rules asked for, those moves of deals on which one of them was violated then."""
    span = wanted.span
    with reading(engine) as conn:
        tried = conn.execute(moves_within(span.begin, span.end)).all()
        left = left_within(conn, span.begin, span.end)
    moves = (
        *(_tried(engine, row, wanted) for row in tried),
        *(_left(engine, *each, wanted) for each in left),
    )
    found = [move for move in moves if move and wanted.wants(move.responsible_id)]
    return tuple(sorted(found, key=lambda each: (each.at, each.ref)))


def _tried(engine: Engine, row: Row[Any], wanted: Selection) -> ReportedMove | None:
    table = decision_table
    columns = table.c["violations", "responsible_id", "mover_id", "snapshot"]
    with reading(engine) as conn:
        decision = conn.execute(select(*columns).where(table.c.id == row.id)).one_or_none()
    if decision is None or not _concerns(wanted, (violation["rule"] for violation in decision.violations)):
        return None
    result, _, detail = (row.result or "unknown").partition(": ")
    return ReportedMove(
        EntityRef(Kind.DEAL, row.entity_id),
        *_stages(_deal(decision.snapshot), row.body),
        mover_id=decision.mover_id,
        responsible_id=decision.responsible_id,
        at=row.at,
        result=result,
        detail=detail,
    )


def _left(engine: Engine, card: Any, revert: Mapping[str, Any], wanted: Selection) -> ReportedMove | None:
    if not _concerns(wanted, revert["rules"]):
        return None
    table = snapshot_table
    here = (table.c.kind == Kind.DEAL, table.c.entity_id == card.entity_id)
    with reading(engine) as conn:
        deal = _deal(conn.execute(select(table.c.body).where(*here)).scalar_one_or_none())
    return ReportedMove(
        EntityRef(Kind.DEAL, card.entity_id),
        *_stages(deal, revert),
        mover_id=revert.get("mover_id"),
        responsible_id=deal.responsible_id if deal else None,
        at=datetime.fromisoformat(revert["decided_at"]),
        result=LEFT,
        detail=revert["left"],
    )


def _concerns(wanted: Selection, rules: Iterable[str]) -> bool:
    return wanted.rules is None or bool(set(wanted.rules) & set(rules))


def _deal(packed: bytes | None) -> DealSnapshot | None:
    """None where the snapshot was not kept, was erased, or was stored by another version."""
    try:
        snapshot = unpack_snapshot(packed) if packed else None
    except Undecodable:
        return None
    return snapshot if isinstance(snapshot, DealSnapshot) else None


def _stages(deal: DealSnapshot | None, body: Mapping[str, Any]) -> tuple[str, str, str]:
    """The pipeline, and the stages from which and to which the deal was to go."""
    ids = (body["from_stage_id"], body["to_stage_id"])
    if deal is None:
        return ("", *ids)
    stages = (deal.pipeline.stage(number) for number in ids)
    before, after = (stage.name if stage else stage_id for stage, stage_id in zip(stages, ids, strict=True))
    return deal.pipeline.name, before, after
