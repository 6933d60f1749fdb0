"""The violations of a span, read from the journal a page at a time.

First their ids, in order, then page by page what belongs to them: each page is a transaction of its own,
because on SQLite nobody can write while somebody reads. What changes meanwhile is later than the span's end,
and so told as it stood then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from gatekeeper.report.counting import Reported
from gatekeeper.report.period import Span
from gatekeeper.report.selection import Selection
from gatekeeper.store.database import reading
from gatekeeper.store.journal.tables import counts_from, touching, violation_table
from gatekeeper.store.keys import ref_of

PAGE = 500
MOST_NAMED = 1000
"""More people than this are sorted out here: a statement takes only so many parameters."""

_COLUMNS = (
    *("id", "kind", "entity_id", "rule", "mode", "responsible_id", "mover_id", "opened_at", "due_at"),
    *("closed_at", "closed_why", "fine", "currency"),
)


def read_violations(engine: Engine, wanted: Selection, modes: Collection[str]) -> Iterator[Reported]:
    """Those opened in one of these modes, in the order in which they were found."""
    with reading(engine) as conn:
        ids = list(conn.execute(_ids(wanted, modes)).scalars())
    for start in range(0, len(ids), PAGE):
        with reading(engine) as conn:
            page = _page(conn, ids[start : start + PAGE])
        yield from (
            each for row in page if wanted.wants((each := _reported(row, wanted.span)).responsible_id)
        )


def _ids(wanted: Selection, modes: Collection[str]) -> Any:
    table, span = violation_table, wanted.span
    query = select(table.c.id).where(touching(span.begin, span.end), table.c.mode.in_(modes))
    if wanted.rules is not None:
        query = query.where(table.c.rule.in_(wanted.rules))
    if wanted.people is not None and len(wanted.people) <= MOST_NAMED:
        query = query.where(table.c.responsible_id.in_(sorted(wanted.people)))
    return query.order_by(table.c.opened_at, table.c.kind, table.c.entity_id, table.c.position)


def _page(conn: Connection, ids: Sequence[str]) -> list[Any]:
    """In the order of the ids; one that was deleted meanwhile is left out."""
    query = select(*violation_table.c[*_COLUMNS], counts_from().label("counts_from"))
    rows = {row.id: row for row in conn.execute(query.where(violation_table.c.id.in_(ids)))}
    return [rows[number] for number in ids if number in rows]


def _reported(row: Row[Any], span: Span) -> Reported:
    closed = row.closed_at is not None and row.closed_at < span.end
    return Reported(
        ref=ref_of(row),
        rule=row.rule,
        mode=row.mode,
        responsible_id=row.responsible_id,
        mover_id=row.mover_id,
        opened_at=row.opened_at,
        counts_from=row.counts_from,
        due_at=row.due_at,
        closed_at=row.closed_at if closed else None,
        closed_why=row.closed_why if closed else None,
        fine=row.fine or 0,
        currency=row.currency or "",
    )
