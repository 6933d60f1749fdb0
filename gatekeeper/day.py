"""Reads a day's figures from the journal's tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import Connection, Engine, and_, or_, select

from gatekeeper.figures import DayFigures, Tally
from gatekeeper.journal import action_table, card_table, counted, decision_table, violation_table
from gatekeeper.model import Kind
from gatekeeper.policy import RULE_IDS, Mode

SPOKEN = (Mode.WARN.value, Mode.REVERT.value)


class DayReader:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def read(self, now: datetime, people: Collection[int] | None, names: Mapping[int, str]) -> DayFigures:
        """The figures of the local day that `now` lies in, up to then; of these people's cards only.

        What is merely observed is not counted: nobody was told of it.
        """
        begin = datetime.combine(now.date(), time(), tzinfo=now.tzinfo)
        with self._engine.connect() as conn:
            rows = _violations(conn, begin, now, people)
            deals = None if people is None else _deals_of(conn, people)
            moved = _reverted(conn, begin, now)
            left = _left(conn, begin, now)
            unjudged = () if people is not None else _not_judged(conn, begin, now)
        by_rule = _tallies(rows, "rule", begin)
        by_person = _tallies(rows, "responsible_id", begin)
        return DayFigures(
            day=now.date(),
            by_rule=tuple(Tally(each, *by_rule[each]) for each in RULE_IDS if each in by_rule),
            by_person=tuple(
                Tally(names.get(number, f"№ {number}"), *counts)
                for number, counts in sorted(by_person.items(), key=lambda each: (-each[1][2], each[0]))
            ),
            reverted=sum(deals is None or deal in deals for deal in moved),
            left=sum(deals is None or deal in deals for deal in left),
            not_judged=unjudged,
        )


def _violations(conn: Connection, begin: datetime, end: datetime, people: Collection[int] | None) -> Any:
    table = violation_table
    touched = or_(table.c.closed_at.is_(None), and_(table.c.closed_at >= begin, table.c.closed_at < end))
    query = select(table).where(touched, table.c.opened_at < end, table.c.mode.in_(SPOKEN), counted(end))
    if people is not None:
        query = query.where(table.c.responsible_id.in_(list(people)))
    return conn.execute(query).all()


def _tallies(rows: Any, column: str, begin: datetime) -> dict[Any, tuple[int, int, int]]:
    """Opened that day, closed that day, still open."""
    opened, closed, standing = Counter[Any](), Counter[Any](), Counter[Any]()
    for row in rows:
        key = getattr(row, column)
        opened[key] += row.opened_at >= begin
        closed[key] += row.closed_at is not None
        standing[key] += row.closed_at is None
    return {key: (opened[key], closed[key], standing[key]) for key in opened}


def _deals_of(conn: Connection, people: Collection[int]) -> frozenset[int]:
    """Deals that stood in these people's names when something was found in them."""
    table = violation_table
    theirs = and_(table.c.kind == Kind.DEAL, table.c.responsible_id.in_(list(people)))
    return frozenset(conn.execute(select(table.c.entity_id).where(theirs)).scalars())


def _reverted(conn: Connection, begin: datetime, end: datetime) -> list[int]:
    """A deal for each time that it was moved back."""
    action, decision = action_table, decision_table
    done = and_(action.c.name == "MoveStage", action.c.result == "applied")
    that_day = and_(action.c.applied_at >= begin, action.c.applied_at < end)
    query = select(decision.c.entity_id).join(action, action.c.decision_id == decision.c.id)
    return list(conn.execute(query.where(done, that_day)).scalars())


def _left(conn: Connection, begin: datetime, end: datetime) -> list[int]:
    card, decision = card_table, decision_table
    that_day = and_(decision.c.decided_at >= begin, decision.c.decided_at < end)
    touched = select(decision.c.entity_id).where(that_day, decision.c.kind == Kind.DEAL)
    cards = select(card.c.entity_id, card.c.reverts).where(
        card.c.kind == Kind.DEAL, card.c.entity_id.in_(touched)
    )
    return [
        row.entity_id
        for row in conn.execute(cards)
        for each in row.reverts
        if each.get("left") and begin <= datetime.fromisoformat(each["decided_at"]) < end
    ]


def _not_judged(conn: Connection, begin: datetime, end: datetime) -> tuple[tuple[str, str, int], ...]:
    table = decision_table
    that_day = and_(table.c.decided_at >= begin, table.c.decided_at < end)
    found = {
        (each["rule"], each["why"], row.kind, row.entity_id)
        for row in conn.execute(select(table).where(that_day))
        for each in row.not_judged
    }
    counts = Counter((rule, why) for rule, why, *_ in found)
    return tuple((rule, why, count) for (rule, why), count in counts.most_common())
