"""Reads a day's figures from the journal's tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, func, select

from gatekeeper.judge.policy import RULE_IDS, Mode
from gatekeeper.model.cards import Unread
from gatekeeper.model.figures import DayFigures, ViolationCounts
from gatekeeper.model.findings import NotJudged
from gatekeeper.model.refs import Kind
from gatekeeper.store.database import reading
from gatekeeper.store.journal.codec import decode
from gatekeeper.store.journal.tables import (
    action_table,
    card_table,
    counts_from,
    decision_table,
    touching,
    violation_table,
)

SPOKEN = (Mode.WARN.value, Mode.REVERT.value)
APPLIED = "applied"


class DayReader:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, now: datetime, people: Collection[int] | None, names: Mapping[int, str]) -> DayFigures:
        """The figures of the local day that `now` lies in, up to then; of these people's cards only.

        What is merely observed is not counted: nobody was told of it.
        """
        begin = datetime.combine(now.date(), time(), tzinfo=now.tzinfo)
        with reading(self._engine) as conn:
            rows = _violations(conn, begin, now, people)
            deals = None if people is None else _deals_of(conn, people)
            moved = [row.entity_id for row in conn.execute(moves_within(begin, now)) if row.result == APPLIED]
            left = [card.entity_id for card, _ in left_within(conn, begin, now)]
            unjudged = () if people is not None else not_judged_within(conn, begin, now)
        by_rule = _tallies(rows, "rule", begin, now)
        by_person = _tallies(rows, "responsible_id", begin, now)
        return DayFigures(
            day=now.date(),
            by_rule=tuple(ViolationCounts(each, *by_rule[each]) for each in RULE_IDS if each in by_rule),
            by_person=tuple(
                ViolationCounts(names.get(number, f"№ {number}"), *counts)
                for number, counts in sorted(by_person.items(), key=lambda each: (-each[1][2], each[0]))
            ),
            reverted=sum(deals is None or deal in deals for deal in moved),
            left=sum(deals is None or deal in deals for deal in left),
            not_judged=unjudged,
        )


def _violations(conn: Connection, begin: datetime, end: datetime, people: Collection[int] | None) -> Any:
    table = violation_table
    columns = (*table.c["rule", "responsible_id", "closed_at"], counts_from().label("counts_from"))
    query = select(*columns).where(touching(begin, end), table.c.mode.in_(SPOKEN))
    if people is not None:
        query = query.where(table.c.responsible_id.in_(list(people)))
    return conn.execute(query).all()


def _tallies(rows: Any, column: str, begin: datetime, end: datetime) -> dict[Any, tuple[int, int, int]]:
    """Opened that day, closed that day, open at its end."""
    opened, closed, standing = Counter[Any](), Counter[Any](), Counter[Any]()
    for row in rows:
        key = getattr(row, column)
        opened[key] += row.counts_from >= begin
        is_closed = row.closed_at is not None and row.closed_at < end
        closed[key] += is_closed
        standing[key] += not is_closed
    return {key: (opened[key], closed[key], standing[key]) for key in opened}


def _deals_of(conn: Connection, people: Collection[int]) -> frozenset[int]:
    """Deals that stood in these people's names when something was found in them."""
    table = violation_table
    theirs = and_(table.c.kind == Kind.DEAL, table.c.responsible_id.in_(list(people)))
    return frozenset(conn.execute(select(table.c.entity_id).where(theirs)).scalars())


def moves_within(begin: datetime, end: datetime) -> Select[Any]:
    """Moves back that were tried, by the time of their result, else of their decision; oldest first."""
    action, decision = action_table, decision_table
    at = func.coalesce(action.c.applied_at, decision.c.decided_at)
    return (
        select(decision.c.id, decision.c.entity_id, action.c.body, action.c.result, at.label("at"))
        .join(action, action.c.decision_id == decision.c.id)
        .where(action.c.name == "MoveStage", at >= begin, at < end)
        .order_by(at, decision.c.id)
    )


def left_within(conn: Connection, begin: datetime, end: datetime) -> list[tuple[Any, dict[str, Any]]]:
    """Deals that were let stand, each with the move back, as stored, that was called for.

    Of a day all of them; of a longer time those that are remembered, the last one of each deal.
    """
    card, decision = card_table, decision_table
    that_time = and_(decision.c.decided_at >= begin, decision.c.decided_at < end)
    touched = select(decision.c.entity_id).where(that_time, decision.c.kind == Kind.DEAL)
    cards = select(card.c.entity_id, card.c.reverts).where(
        card.c.kind == Kind.DEAL, card.c.entity_id.in_(touched)
    )
    return [
        (row, each)
        for row in conn.execute(cards)
        for each in row.reverts
        if each.get("left") and begin <= datetime.fromisoformat(each["decided_at"]) < end
    ]


def not_judged_within(
    conn: Connection,
    begin: datetime,
    end: datetime,
    *,
    rules: Collection[str] | None = None,
    people: Collection[int] | None = None,
) -> tuple[tuple[str, tuple[Unread, ...], int], ...]:
    """(rule, why, how many cards), the most frequent first; None is every rule, and everybody's cards."""
    table = decision_table
    that_time = and_(table.c.decided_at >= begin, table.c.decided_at < end)
    some = func.json_array_length(table.c.not_judged) > 0
    columns = table.c["kind", "entity_id", "responsible_id", "not_judged"]
    found = {
        (each.rule, each.why, row.kind, row.entity_id)
        for row in conn.execute(select(*columns).where(that_time, some))
        for each in decode(row.not_judged, tuple[NotJudged, ...])
        if (rules is None or each.rule in rules) and (people is None or row.responsible_id in people)
    }
    counts = Counter((rule, why) for rule, why, *_ in found)
    return tuple((rule, why, count) for (rule, why), count in counts.most_common())
