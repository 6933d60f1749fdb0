"""What a span's decisions say beside violations: how much was judged, by which policy, and what was not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine, and_, func, select

from gatekeeper.model.cards import Unread
from gatekeeper.report.period import Span
from gatekeeper.report.selection import Selection
from gatekeeper.store.database import reading
from gatekeeper.store.journal.day import not_judged_within
from gatekeeper.store.journal.tables import decision_table, snapshot_table
from gatekeeper.store.journal.waived import waived_table


@dataclass(frozen=True, slots=True)
class Decided:
    """`cards` are those that something was decided on: a look that changed nothing leaves no trace.

    `known` are all cards seen so far and not gone, whenever that was. `revisions` in the order of their first
    use. `not_judged`: (rule, why, on how many cards), the most frequent first.
    """

    cards: int
    known: int
    revisions: tuple[str, ...]
    not_judged: tuple[tuple[str, tuple[Unread, ...], int], ...]


def read_decided(engine: Engine, wanted: Selection) -> Decided:
    table = decision_table
    within = _within(wanted.span)
    cards = select(table.c.kind, table.c.entity_id).where(within).distinct().subquery()
    first_use = func.min(table.c.decided_at)
    revisions = select(table.c.policy_revision).where(within).group_by(table.c.policy_revision)
    with reading(engine) as conn:
        return Decided(
            conn.execute(select(func.count()).select_from(cards)).scalar_one(),
            conn.execute(select(func.count()).select_from(snapshot_table)).scalar_one(),
            tuple(conn.execute(revisions.order_by(first_use)).scalars()),
            not_judged_within(
                conn, wanted.span.begin, wanted.span.end, rules=wanted.rules, people=wanted.people
            ),
        )


def read_used_exemptions(engine: Engine, span: Span) -> Counter[str]:
    """Exemption -> on how many cards it took something off within the span."""
    table, standing = decision_table, waived_table
    decided = select(table.c.kind, table.c.entity_id, table.c.exempted).where(
        _within(span), table.c.exempted.is_not(None)
    )
    since_before = select(*standing.c["kind", "entity_id", "exemption_id"]).where(standing.c.since < span.end)
    with reading(engine) as conn:
        used = {
            (waived["exemption"]["id"], row.kind, row.entity_id)
            for row in conn.execute(decided)
            for waived in row.exempted or ()
        }
        used |= {(row.exemption_id, row.kind, row.entity_id) for row in conn.execute(since_before)}
    return Counter(exemption for exemption, *_ in used)


def _within(span: Span) -> ColumnElement[bool]:
    at = decision_table.c.decided_at
    return and_(at >= span.begin, at < span.end)
