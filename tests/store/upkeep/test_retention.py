"""What is too old goes, whatever is still needed stays, and nobody has to ask for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, insert, select

from gatekeeper.cli import main
from gatekeeper.judge.policy import Duration
from gatekeeper.model.refs import Kind
from gatekeeper.store.contacts import contact_index, contact_key
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.journal.tables import action_table, decision_table, violation_table
from gatekeeper.store.upkeep.retention import (
    BITE,
    EVERY,
    Retention,
    Upkeep,
)
from tests.gate import Gate, a_gate
from tests.processes import write_config

NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
LONG_AGO = Duration(days=100)
EDGE = NOON - timedelta(days=100)
A_MOMENT = timedelta(microseconds=1)


def a_decision(number: int, at: datetime) -> dict[str, Any]:
    return {
        "id": f"d{number}",
        "kind": "deal",
        "entity_id": number,
        "decided_at": at,
        "policy_revision": "r",
        "violations": [],
        "not_judged": [],
    }


def an_action(number: int) -> dict[str, Any]:
    return {"id": f"a{number}", "decision_id": f"d{number}", "name": "PostComment", "body": {"text": "x"}}


def a_violation(number: int, closed_at: datetime | None) -> dict[str, Any]:
    return {
        "id": f"v{number}",
        "kind": "deal",
        "entity_id": number,
        "rule": "deal.contact",
        "mode": "warn",
        "facts": {},
        "responsible_id": 1,
        "position": 0,
        "opened_at": EDGE - timedelta(days=500),
        "closed_at": closed_at,
    }


def a_contact(number: int, at: datetime) -> dict[str, Any]:
    return {"id": number, "last_name": "П", "name": "И", "second_name": "", "updated_at": at}


def ids(engine: Engine, column: Any) -> list[Any]:
    with engine.begin() as conn:
        return sorted(conn.execute(select(column)).scalars())


@pytest.fixture
def times(engine: Engine) -> Engine:
    """Of everything one a moment too old (1), one just kept (2), and a violation that stands."""
    with engine.begin() as conn:
        conn.execute(insert(decision_table), [a_decision(1, EDGE - A_MOMENT), a_decision(2, EDGE)])
        conn.execute(insert(action_table), [an_action(1), an_action(2)])
        closed = [a_violation(1, EDGE - A_MOMENT), a_violation(2, EDGE), a_violation(3, None)]
        conn.execute(insert(violation_table), closed)
        conn.execute(insert(contact_index), [a_contact(1, EDGE - A_MOMENT), a_contact(2, EDGE)])
        conn.execute(
            insert(contact_key), [{"contact_id": each, "field": "phone", "value": "+7"} for each in (1, 2)]
        )
    return engine


def test_decisions_and_closed_violations_go_to_the_moment_and_what_stands_stays(times: Engine) -> None:
    told = Retention(times, LONG_AGO, None).prune(NOON)
    assert told == {"decision": 1, "violation": 1}
    assert ids(times, decision_table.c.id) == ["d2"]
    assert ids(times, action_table.c.id) == ["a2"]
    assert ids(times, violation_table.c.id) == ["v2", "v3"]
    assert ids(times, contact_index.c.id) == [1, 2]


def test_contacts_go_from_the_index_with_their_keys(times: Engine) -> None:
    assert Retention(times, None, LONG_AGO).prune(NOON) == {"contact_index": 1}
    assert ids(times, contact_index.c.id) == [2]
    assert ids(times, contact_key.c.contact_id) == [2]
    assert len(ids(times, decision_table.c.id)) == 2


def test_off_keeps_everything(times: Engine) -> None:
    assert Retention(times, None, None).prune(NOON + timedelta(days=10_000)) == {}
    assert len(ids(times, decision_table.c.id)) == 2


def test_more_than_one_bite_is_eaten_up(engine: Engine) -> None:
    many = [a_decision(number, EDGE - timedelta(days=1)) for number in range(2 * BITE + 1)]
    with engine.begin() as conn:
        conn.execute(insert(decision_table), many)
    assert Retention(engine, LONG_AGO, None).prune(NOON) == {"decision": 2 * BITE + 1, "violation": 0}
    assert ids(engine, decision_table.c.id) == []


@pytest.fixture
def gate(engine: Engine) -> Iterator[Gate]:
    with a_gate(engine) as gate:
        yield gate


def test_a_card_whose_decisions_are_forgotten_is_still_remembered(gate: Gate) -> None:
    """Nothing is said twice for it, and the deal is still held where it was admitted."""
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    before = Journal(gate.store.engine).load([deal])
    Retention(gate.store.engine, Duration(days=1), None).prune(datetime.now(UTC) + timedelta(days=2))
    assert Journal(gate.store.engine).load([deal]) == before
    writes = gate.writes()
    gate.look_at(deal)
    assert gate.writes() == writes


def test_a_worker_prunes_once_a_day(times: Engine) -> None:
    clock = [NOON]
    upkeep = Upkeep(Retention(times, LONG_AGO, None), lambda: clock[0])
    upkeep.step()
    assert ids(times, decision_table.c.id) == ["d2"]
    clock[0] += EVERY - A_MOMENT
    upkeep.step()
    assert ids(times, decision_table.c.id) == ["d2"]
    clock[0] += A_MOMENT
    upkeep.step()
    assert ids(times, decision_table.c.id) == []


def test_the_command_says_what_went(times: Engine, tmp_path: Path) -> None:
    config = write_config(tmp_path, "http://127.0.0.1:9/rest/1/x/", 8024)
    with config.open("a", encoding="utf-8") as more:
        more.write('\n[retention]\njournal = "30 days"\n')
    with times.begin() as conn:
        conn.execute(decision_table.update().values(decided_at=datetime.now(UTC) - timedelta(days=31)))
    environ = {"GATEKEEPER_DATABASE_URL": times.url.render_as_string(hide_password=False)}
    done = CliRunner().invoke(main, ["prune", "--config", str(config)], env=environ)
    assert done.exit_code == 0
    assert "Удалено строк: decision 2" in done.stdout
    assert ids(times, func.count(decision_table.c.id)) == [0]
