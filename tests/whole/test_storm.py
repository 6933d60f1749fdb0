"""Hundreds of deals moved forward by a bulk edit under a rule that is too strict."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, select

from gatekeeper.app.bootstrap import Gatekeeper, open_gatekeeper
from gatekeeper.app.worker_process import make_worker
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.journal.tables import action_table
from tests.gate import Gate, a_gate

ALLOWED = 20
"""Moves that the breaker lets pass."""


def a_bulk_of_deals(gate: Gate, count: int) -> list[EntityRef]:
    made = in_bulk(gate, [f"crm.deal.add?fields[TITLE]={number}" for number in range(count)])
    return [EntityRef(Kind.DEAL, int(number)) for number in made]


def in_bulk(gate: Gate, commands: list[str]) -> list[Any]:
    """As an import does: fifty commands a hit."""
    done: list[Any] = []
    for start in range(0, len(commands), 50):
        cmd = {f"c{place}": each for place, each in enumerate(commands[start : start + 50])}
        done += gate.rest("batch", cmd=cmd)["result"].values()
    return done


def stages(gate: Gate) -> dict[str, int]:
    rows = gate.sandbox.portal.store.rows("SELECT STAGE_ID, count(*) AS n FROM deal GROUP BY STAGE_ID")
    return {row["STAGE_ID"]: row["n"] for row in rows}


def comments_a_deal(gate: Gate) -> set[int]:
    """How many comments stand on a deal, over all deals."""
    query = (
        "SELECT count(t.id) AS n FROM deal d LEFT JOIN timeline t ON t.kind = 'deal' AND t.owner_id = d.ID "
        "GROUP BY d.ID"
    )
    return {row["n"] for row in gate.sandbox.portal.store.rows(query)}


@pytest.mark.slow
def test_a_bulk_edit_under_too_strict_a_rule_moves_no_more_deals_than_the_breaker_allows(
    sqlite: Engine, soak: bool
) -> None:
    count = 500 if soak else 100
    with a_gate(sqlite) as gate:
        deals = a_bulk_of_deals(gate, count)
        in_bulk(gate, [f"crm.deal.update?id={deal.id}&fields[STAGE_ID]=EXECUTING" for deal in deals])
        twin = open_gatekeeper(gate.gatekeeper.config)  # another process on the same database
        drain(gate, deals, twin)
        after_the_storm = stages(gate)
        writes = gate.writes()

        assert after_the_storm == {"NEW": ALLOWED, "EXECUTING": count - ALLOWED}
        assert comments_a_deal(gate) == {1}
        with sqlite.connect() as conn:
            moved = conn.execute(select(action_table).where(action_table.c.name == "MoveStage")).all()
        assert len(moved) == ALLOWED
        assert "breaker" in gate.web_app().test_client().get("/readyz").get_json()["warnings"]

        gate.store.breaker.reset()
        drain(gate, deals, twin)
        twin.close()
        assert stages(gate) == after_the_storm
        assert gate.writes() == writes


def drain(gate: Gate, deals: list[EntityRef], other: Gatekeeper) -> None:
    """Two workers in turns until nothing is left to do."""
    first, second = gate.worker, make_worker(other)
    gate.store.inbox.mark_dirty(deals, delay_s=0)
    while first.run_wave() | second.run_wave():
        pass
