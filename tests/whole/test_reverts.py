"""Who is told what of a deal that goes back again and again, seen from the portal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Engine

from gatekeeper.app.worker_process import make_worker
from gatekeeper.config import EnforcementConfig
from gatekeeper.model.refs import EntityRef, Kind
from tests.gate import Gate, a_gate

BORIS = 3
OWNER = 1
SECONDS = count()


def push(gate: Gate, deal: EntityRef, stage: str = "EXECUTING", **by: Any) -> str:
    """Move the deal on and let the gate look; the stage that it stands in then.

    The portal's times are whole seconds, and two moves in one second would be one.
    """
    gate.change(deal, stageId=stage, **by)
    moved_at = datetime.now(UTC) + timedelta(seconds=next(SECONDS))
    gate.control("backdate", ref=str(deal), moved_at=moved_at.isoformat(timespec="seconds"))
    gate.look_at(deal)
    return str(gate.item(deal)["stageId"])


def test_the_card_names_who_moved_the_deal_on_not_only_whose_it_is(sqlite: Engine) -> None:
    with a_gate(sqlite) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая")
        push(gate, deal, user=BORIS)
        assert "Кто перевёл вперёд: Ковалёв Борис." in gate.said(deal)[0]


def test_the_name_stays_as_it_was_said_when_the_staff_can_be_read_no_more(sqlite: Engine) -> None:
    with a_gate(sqlite) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая")
        push(gate, deal, user=BORIS)
        writes = gate.writes()
        gate.control("faults", kind="error", method="user.get", code="insufficient_scope")
        gate.worker = make_worker(gate.gatekeeper)
        gate.look_at(deal)
        assert gate.writes() == writes


def test_without_the_right_to_see_the_staff_the_deal_goes_back_all_the_same(sqlite: Engine) -> None:
    with a_gate(sqlite) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая")
        gate.control("faults", kind="error", method="user.get", code="insufficient_scope")
        assert push(gate, deal, user=BORIS) == "NEW"
        assert "Кто перевёл вперёд" not in gate.said(deal)[0]


def test_after_the_days_last_revert_the_deal_stands_and_the_card_says_so(sqlite: Engine) -> None:
    with a_gate(sqlite, enforcement=EnforcementConfig(max_reverts=2)) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая")
        assert [push(gate, deal, user=BORIS) for _ in range(3)] == ["NEW", "NEW", "EXECUTING"]
        (said,) = gate.said(deal)
        assert "столько раз, сколько разрешено" in said
        writes = gate.writes()
        gate.look_at(deal)
        assert gate.writes() == writes


def test_a_robot_that_moves_the_deal_on_at_once_is_not_played_ping_pong_with(sqlite: Engine) -> None:
    """It acts in our own name, as whoever moved the deal into its stage."""
    with a_gate(sqlite, sandbox={"robots": {"NEW": "PREPARATION"}}) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая")
        assert push(gate, deal, user=BORIS) == "PREPARATION"
        (said,) = gate.said(deal)
        assert "снова перевёл робот или служебный сотрудник" in said
        assert reverts(gate) == 1
        writes = gate.writes()
        gate.look_at(deal)
        assert gate.writes() == writes


def test_the_webhooks_owner_is_a_person_too_and_his_first_move_goes_back(sqlite: Engine) -> None:
    with a_gate(sqlite) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая")
        assert push(gate, deal, user=OWNER) == "NEW"


def test_with_the_breaker_open_a_deal_stands_and_the_card_says_so(sqlite: Engine) -> None:
    with a_gate(sqlite) as gate:
        breaker = gate.store.breaker
        others = [(EntityRef(Kind.DEAL, 900 + each), a_moment(gate)) for each in range(21)]
        breaker.admit(others, a_moment(gate))
        deal = gate.add(Kind.DEAL, title="Пустая")
        assert push(gate, deal) == "EXECUTING"
        assert "Возвраты в тот момент были приостановлены" in gate.said(deal)[0]
        breaker.reset()
        gate.look_at(deal)
        assert gate.item(deal)["stageId"] == "EXECUTING"
        assert push(gate, deal, "FINAL_INVOICE") == "EXECUTING"


def reverts(gate: Gate) -> int:
    """How often the portal was asked to move a deal by the gate."""
    log = gate.http.get(f"{gate.sandbox.url}/sandbox/log", timeout=10).json()
    return int(log["methods"]["crm.item.update"]) - 1  # the manager's own


def a_moment(gate: Gate) -> Any:
    return gate.worker.now()
