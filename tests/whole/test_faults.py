"""Each fault of the portal has one stated outcome (docs/operations.md), and none is taken for a verdict.

The fault strikes a gatekeeper before which two cards lie: a deal that breaks much and one that is correct.
While it lasts nothing is judged by what could not be read; after it each card has what it must have, once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from gatekeeper.app.bootstrap import open_gatekeeper
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.journal.tables import violation_table
from tests.gate import Gate, a_gate


@dataclass(frozen=True)
class Case:
    """`outcome`: "waits" (uncounted, the worker pauses), "held", "gives up", or "nothing"."""

    outcome: str
    fault: dict[str, Any]
    log: str = ""
    at_write: bool = False


PAUSE = "portal.unavailable"
WRITE = "crm.timeline.comment.add"
CASES = {
    "bucket full (503)": Case("waits", {"kind": "503"}, PAUSE),
    "blocked by hand (OVERLOAD_LIMIT)": Case("waits", {"kind": "overload"}, PAUSE),
    "500 in HTML": Case("waits", {"kind": "500"}, PAUSE),
    "answer cut short": Case("waits", {"kind": "truncated"}, PAUSE),
    "answer too long": Case("waits", {"kind": "giant", "how": "zipped"}, PAUSE),
    "no answer, nothing done": Case("waits", {"kind": "timeout_before", "seconds": 0}, PAUSE),
    "webhook revoked": Case("waits", {"kind": "revoked"}, PAUSE),
    "webhook's owner dismissed": Case("waits", {"kind": "owner_fired"}, PAUSE),
    "scope crm lost": Case("waits", {"kind": "scope", "scope": "crm"}, PAUSE),
    "portal deleted": Case("waits", {"kind": "portal_deleted"}, PAUSE),
    "moved to a strange host": Case("waits", {"kind": "redirect", "host": "evil.example"}, PAUSE),
    "operating time spent (429)": Case("waits", {"kind": "429", "method": "crm.item.list"}, PAUSE),
    "card hidden from the owner": Case("gives up", {"kind": "hidden"}, "ref.given_up"),
    "write refused": Case(
        "gives up", {"kind": "error", "method": WRITE, "code": "ACCESS_DENIED"}, "ref.given_up", at_write=True
    ),
    "no answer to a write, done": Case(
        "held", {"kind": "timeout_after", "method": WRITE, "seconds": 0}, "ref.held", at_write=True
    ),
    "no answer to a write, not done": Case(
        "held", {"kind": "timeout_before", "method": WRITE, "seconds": 0}, "ref.held", at_write=True
    ),
    "write answered by 500": Case("held", {"kind": "500", "method": WRITE}, "ref.held", at_write=True),
    "deleted before it was read": Case("nothing", {}),
}


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_gate(sqlite) as gate:
        yield gate


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_each_fault_has_its_one_outcome_and_none_is_taken_for_a_verdict(
    gate: Gate, sqlite: Engine, case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    good, bad = gate.a_correct_deal(), gate.add(Kind.DEAL, title="Пустая", stageId="PREPARATION")
    strike(gate, case, bad)
    gate.store.inbox.mark_dirty([good, bad], delay_s=0)
    for _ in range(2):
        gate.worker.run_wave()
    depth, dead = gate.store.inbox.depth(), gate.store.inbox.dead_letters()
    seen = {
        "waits": depth.waiting == 2 and not dead,
        "gives up": depth.waiting == 0 and [letter.ref for letter in dead] == [bad],
        "held": (depth.waiting, depth.leased, depth.dead) == (0, 1, 0),
        "nothing": (depth.waiting, depth.leased, depth.dead) == (0, 0, 0),
    }
    assert seen[case.outcome], (depth, dead)
    assert case.log in caplog.text
    if not case.at_write:
        with sqlite.connect() as conn:
            assert conn.execute(select(violation_table)).all() == []
    heal(gate)
    gate.look_at(good, *([] if case.outcome == "nothing" else [bad]))
    assert gate.said(good) == []
    if case.outcome != "nothing":
        assert len(gate.said(bad)) == 1
        assert gate.item(bad)["stageId"] == "NEW"


def strike(gate: Gate, case: Case, bad: EntityRef) -> None:
    if case.outcome == "nothing":
        gate.rest("crm.item.delete", entityTypeId=2, id=bad.id)
        return
    hidden = {"ref": str(bad)} if case.fault["kind"] == "hidden" else {}
    gate.control("faults", **case.fault, **hidden)


def heal(gate: Gate) -> None:
    """The portal is itself again, and what was waited for has come: blocks and leases are over."""
    gate.http.delete(f"{gate.sandbox.url}/sandbox/faults", timeout=10)
    with gate.store.engine.begin() as conn:
        conn.exec_driver_sql("DELETE FROM limiter_block")
        conn.exec_driver_sql(
            "UPDATE inbox SET lease_until = '2000-01-01 00:00:00' WHERE lease_until IS NOT NULL"
        )


def test_a_portal_that_moved_within_its_cloud_is_followed_and_the_admin_is_told(
    gate: Gate, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    other = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    migrate(other)
    with a_gate(other) as old:
        old.control("faults", kind="redirect", host=gate.sandbox.url)
        config = replace(gate.gatekeeper.config, portal=old.gatekeeper.config.portal)
        with open_gatekeeper(config) as gatekeeper:
            Gate(gate.portal, gatekeeper, gate.http, gate.time).look_at(deal)
    other.dispose()
    assert len(gate.said(deal)) == 1
    assert "portal.moved" in caplog.text
    assert "/rest/1/sandbox" not in caplog.text


@pytest.mark.parametrize("skew_s", [-7200, 7200])
def test_a_portal_whose_clock_is_wrong_by_hours_is_judged_all_the_same(sqlite: Engine, skew_s: float) -> None:
    with a_gate(sqlite, sandbox={"clock": lambda: time.time() + skew_s}) as gate:
        good, bad = gate.a_correct_deal(), gate.add(Kind.DEAL, title="Пустая")
        gate.look_at(good, bad)
        gate.look_at(good, bad)
        assert (gate.said(good), len(gate.said(bad))) == ([], 1)


@pytest.mark.parametrize(
    ("kind", "level"), [("503", logging.INFO), ("500", logging.WARNING), ("revoked", logging.ERROR)]
)
def test_an_error_is_logged_only_where_an_admin_has_to_act(
    gate: Gate, caplog: pytest.LogCaptureFixture, kind: str, level: int
) -> None:
    caplog.set_level(logging.INFO)
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.store.inbox.mark_dirty([deal], delay_s=0)
    gate.control("faults", kind=kind)
    gate.worker.run_wave()
    (paused,) = [each for each in caplog.records if each.getMessage().startswith(PAUSE)]
    assert paused.levelno == level
