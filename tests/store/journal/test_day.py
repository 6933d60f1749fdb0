"""A day's figures out of the journal, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from gatekeeper.model.cards import Unread, Why
from gatekeeper.model.figures import DayFigures, ViolationCounts
from gatekeeper.model.findings import NotJudged
from gatekeeper.store.journal.codec import encode
from gatekeeper.store.journal.day import DayReader
from gatekeeper.store.journal.tables import action_table, card_table
from tests.rows import add_decision, add_violation

MOSCOW = timezone(timedelta(hours=3))
EVENING = datetime(2026, 11, 25, 18, 0, tzinfo=MOSCOW)
MIDNIGHT = datetime(2026, 11, 25, 0, 0, tzinfo=MOSCOW)
SECOND = timedelta(seconds=1)
ANNA, BORIS = 2, 3
NAMES = {ANNA: "Соколова Анна"}


def violation(engine: Engine, number: int, **changes: Any) -> None:
    add_violation(engine, number, **{"responsible_id": ANNA, "opened_at": MIDNIGHT + SECOND, **changes})


def figures(engine: Engine, people: set[int] | None = None) -> DayFigures:
    return DayReader(engine).read(EVENING, people, NAMES)


@pytest.mark.parametrize(
    ("opened", "closed", "tally"),
    [
        (MIDNIGHT, None, (1, 0, 1)),
        (MIDNIGHT - SECOND, None, (0, 0, 1)),
        (MIDNIGHT - SECOND, MIDNIGHT, (0, 1, 0)),
        (MIDNIGHT, EVENING - SECOND, (1, 1, 0)),
    ],
)
def test_what_opened_and_closed_within_the_local_day_is_counted(
    engine: Engine, opened: datetime, closed: datetime | None, tally: tuple[int, int, int]
) -> None:
    violation(engine, 1, opened_at=opened, closed_at=closed)
    assert figures(engine).by_rule == (ViolationCounts("deal.lead", *tally),)


@pytest.mark.parametrize(
    ("due", "tally"),
    [(MIDNIGHT, (1, 0, 1)), (MIDNIGHT - SECOND, (0, 0, 1)), (MIDNIGHT - 3 * SECOND, (0, 0, 1))],
)
def test_what_had_grace_is_new_on_the_day_on_which_it_ended(
    engine: Engine, due: datetime, tally: tuple[int, int, int]
) -> None:
    violation(engine, 1, opened_at=MIDNIGHT - 2 * SECOND, due_at=due)
    assert figures(engine).by_rule == (ViolationCounts("deal.lead", *tally),)


@pytest.mark.parametrize(
    "changes",
    [
        {"opened_at": EVENING},
        {"opened_at": MIDNIGHT, "due_at": EVENING},
        {"opened_at": MIDNIGHT - 2 * SECOND, "closed_at": MIDNIGHT - SECOND},
        {"mode": "observe"},
    ],
)
def test_other_days_and_what_nobody_was_told_of_are_not(engine: Engine, changes: dict[str, Any]) -> None:
    violation(engine, 1, **changes)
    assert figures(engine).by_rule == ()


def test_the_most_burdened_come_first_by_name_or_number(engine: Engine) -> None:
    for number, responsible in enumerate((ANNA, BORIS, BORIS)):
        violation(engine, number, responsible_id=responsible)
    assert [(each.name, each.standing) for each in figures(engine).by_person] == [
        ("№ 3", 2),
        ("Соколова Анна", 1),
    ]


def test_rules_stand_in_the_regulations_order(engine: Engine) -> None:
    for number, rule in enumerate(("deal.lead", "deal.contact", "contact.name")):
        violation(engine, number, rule=rule)
    assert [each.name for each in figures(engine).by_rule] == ["deal.contact", "deal.lead", "contact.name"]


def test_a_heads_figures_are_his_peoples(engine: Engine) -> None:
    violation(engine, 1, responsible_id=ANNA)
    violation(engine, 2, responsible_id=BORIS)
    reverted(engine, 1)
    reverted(engine, 2)
    found = figures(engine, {BORIS})
    assert ([each.name for each in found.by_person], found.reverted) == (["№ 3"], 1)


@pytest.mark.parametrize(
    ("result", "at", "count"),
    [
        ("applied", MIDNIGHT, 1),
        ("overtaken", MIDNIGHT, 0),
        ("applied", MIDNIGHT - SECOND, 0),
    ],
)
def test_only_moves_made_that_day_count(engine: Engine, result: str, at: datetime, count: int) -> None:
    reverted(engine, 1, result=result, applied_at=at)
    assert figures(engine).reverted == count


def test_deals_that_were_let_stand_are_counted_once_each(engine: Engine) -> None:
    for number, left in enumerate(("limit", "breaker", None)):
        add_decision(engine, number, EVENING - SECOND)
        revert = {"decided_at": (EVENING - SECOND).astimezone(UTC).isoformat(), "left": left}
        values: dict[str, Any] = {"kind": "deal", "entity_id": number, "created_at": MIDNIGHT, "cured": []}
        with engine.begin() as conn:
            conn.execute(insert(card_table).values(**values, reverts=[revert], closing_judged=False))
    assert figures(engine).left == 2


def test_what_could_not_be_judged_is_counted_by_reason_and_card(engine: Engine) -> None:
    denied = Unread.of(Why.DENIED, method="crm.item.get")
    lost = encode(NotJudged("deal.lead", (denied,)), NotJudged)
    add_decision(engine, 1, MIDNIGHT, not_judged=[lost])
    add_decision(engine, 2, MIDNIGHT, not_judged=[lost])
    add_decision(engine, 3, MIDNIGHT, not_judged=[lost], entity_id=2)
    assert figures(engine).not_judged == (("deal.lead", (denied,), 2),)


def reverted(engine: Engine, number: int, **changes: Any) -> None:
    add_decision(engine, number, MIDNIGHT)
    values: dict[str, Any] = {
        "id": f"a{number}",
        "decision_id": f"d{number}",
        "name": "MoveStage",
        "body": {},
    }
    values |= {"result": "applied", "applied_at": MIDNIGHT}
    with engine.begin() as conn:
        conn.execute(insert(action_table).values(values | changes))
