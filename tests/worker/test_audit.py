"""The whole portal judged: every card once, nothing written, and from where it was after an interruption."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from gatekeeper.app.questions import make_audit
from gatekeeper.cli import main
from gatekeeper.model.errors import PortalError
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.worker.audit import Audit, AuditState, AuditUnderWay
from tests.gate import Gate, a_gate


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    engine: Engine = open_engine(f"sqlite:///{tmp_path / 'gate.db'}")
    migrate(engine)
    with a_gate(engine) as gate:
        yield gate
    engine.dispose()


def finished(audit: Audit, *, anew: bool = False) -> AuditState:
    state = audit.begin(anew=anew)
    while state.kind is not None:
        state = audit.step(state)
    return state


def some_cards(gate: Gate) -> list[EntityRef]:
    """A correct deal with its contact (which lacks much) and lead, and 60 empty deals."""
    return [gate.a_correct_deal(), *(gate.add(Kind.DEAL, title=f"{number}") for number in range(60))]


def test_every_card_is_judged_once_and_nothing_is_written(gate: Gate) -> None:
    some_cards(gate)
    before = gate.writes()
    state = finished(make_audit(gate.gatekeeper, mark=False))
    assert state.cards == {"deal": 61, "contact": 1, "lead": 1}
    assert state.violations["deal.contact"] == 60
    assert state.violations["contact.phone"] == 1
    assert (state.amiss, state.unread) == (61, 0)
    assert gate.writes() == before
    assert gate.store.inbox.depth().waiting == 0


def test_what_is_amiss_is_marked_where_told_so_and_a_second_audit_finds_nothing_to_write(gate: Gate) -> None:
    deals = some_cards(gate)
    finished(make_audit(gate.gatekeeper, mark=True))
    waiting = gate.store.inbox.waiting(deals)
    assert waiting == dict.fromkeys(deals[1:], Priority.AUDIT)
    gate.look_at()
    state = finished(make_audit(gate.gatekeeper, mark=False))
    assert state.amiss == 0
    assert state.violations["deal.contact"] == 60


def test_an_interrupted_audit_goes_on_where_it_was(gate: Gate) -> None:
    some_cards(gate)
    audit = make_audit(gate.gatekeeper, mark=False)
    half = audit.step(audit.begin(anew=False))
    gate.control("faults", kind="500")
    with pytest.raises(PortalError):
        audit.step(half)
    gate.http.delete(f"{gate.sandbox.url}/sandbox/faults", timeout=10)
    assert audit.begin(anew=False) == half
    assert finished(audit).cards == {"deal": 61, "contact": 1, "lead": 1}
    assert audit.begin(anew=True).cards == {}


def test_two_audits_at_once_are_refused(gate: Gate) -> None:
    gate.store.jobs.take("audit", "somebody else")
    with pytest.raises(AuditUnderWay):
        make_audit(gate.gatekeeper, mark=False).begin(anew=False)


def test_a_rule_whose_material_cannot_be_read_is_counted_as_not_judged(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    audit = make_audit(gate.gatekeeper, mark=True)
    state = audit.begin(anew=False)
    gate.control("faults", kind="error", method="crm.stagehistory.list", code="ACCESS_DENIED")
    gate.change(deal, stageId="WON")
    state = audit.step(state)
    assert state.not_judged == {"deal.stage": 1}
    assert (state.cards, state.unread) == ({"deal": 1}, 0)


def run(gate: Gate, folder: Path, *arguments: str) -> Result:
    config = folder / "gatekeeper.toml"
    config.write_text('[fields]\nproduct_group = "UF_CRM_PRODUCT_GROUP"\n', encoding="utf-8")
    environ = {
        "GATEKEEPER_PORTAL_URL": gate.sandbox.webhook_url,
        "GATEKEEPER_APPLICATION_TOKENS": "token",
        "GATEKEEPER_DATABASE_URL": gate.gatekeeper.config.database.url.reveal(),
    }
    return CliRunner(env=environ).invoke(main, ["audit", "--config", str(config), *arguments])


def test_the_command_prints_a_summary_by_rule(gate: Gate, tmp_path: Path) -> None:
    gate.add(Kind.DEAL, title="Пустая")
    result = run(gate, tmp_path, "--json")
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert summary["cards"] == {"deal": 1}
    assert summary["violations"]["deal.products"] == 1
    words = run(gate, tmp_path)
    assert "deal.products" in words.stdout
    assert "запись ещё не обновлена: 1" in words.stdout


def test_the_command_says_how_to_go_on_when_the_portal_stops_answering(gate: Gate, tmp_path: Path) -> None:
    gate.control("faults", kind="revoked")
    result = run(gate, tmp_path)
    assert result.exit_code == 1
    assert "Запустите его снова: он продолжит с того же места" in result.stderr
