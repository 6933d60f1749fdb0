"""GET /metrics of a whole gatekeeper: what is told, to whom, and that nobody's data is among it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from gatekeeper.app.bootstrap import open_gatekeeper
from gatekeeper.app.web_process import make_admin_app
from gatekeeper.config import WebConfig
from gatekeeper.metrics import names
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.ledger import Hearing
from gatekeeper.store.sweep_state import SWEEP, SweepState
from tests.gate import Gate, a_config, a_gate
from tests.planted import TOKEN

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "http://127.0.0.1:9/rest/1/x/"
ALL = (*names.COUNTERS, *names.HISTOGRAMS, *names.GAUGES, names.UNREADABLE, names.INFO)


@pytest.fixture
def gate(engine: Engine) -> Iterator[Gate]:
    with a_gate(engine) as gate:
        yield gate


def told(client: FlaskClient) -> dict[str, dict[tuple[str, ...], float]]:
    """Sample's name -> values of its labels, in the order of their names -> value."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_a_morning_is_told_in_figures(gate: Gate) -> None:
    client, admin = gate.web_app().test_client(), gate.admin_app().test_client()
    deal = gate.add(Kind.DEAL, title="Пустая")
    form = {
        "event": "ONCRMDEALADD",
        "data[FIELDS][ID]": deal.id,
        "auth[application_token]": TOKEN,
    }
    assert client.post("/events", data=form).status_code == 200
    client.post("/events", data={**form, "auth[application_token]": "wrong"})
    while gate.worker.run_wave():
        pass
    gate.change(deal, stageId="EXECUTING")
    gate.look_at(deal)
    figures = told(admin)
    heard = {labels: n for labels, n in figures["gatekeeper_events_total"].items() if n}
    assert heard == {("marked",): 1, ("bad_token",): 1}
    assert figures["gatekeeper_verdicts_total"]["deal", "incorrect"] >= 2
    assert figures["gatekeeper_rule_verdicts_total"]["violated", "deal.contact"] >= 2
    assert figures["gatekeeper_actions_total"]["PostComment", "applied"] == 1
    assert figures["gatekeeper_actions_total"]["MoveStage", "applied"] == 1
    assert figures["gatekeeper_event_to_comment_seconds_count"][()] == 2
    assert 0 < figures["gatekeeper_event_to_comment_seconds_sum"][()] < 60
    assert figures["gatekeeper_portal_hits_total"]["live",] > 0
    assert figures["gatekeeper_portal_commands_total"]["crm.timeline.comment.add",] == 1
    assert figures["gatekeeper_outcomes_total"]["Done",] >= 2
    assert figures["gatekeeper_inbox_waiting"] == {(): 0}


def test_a_portals_refusals_are_counted_by_code(gate: Gate) -> None:

    gate.look_at(EntityRef(Kind.DEAL, 999))
    figures = told(gate.admin_app().test_client())
    assert ("NOT_FOUND", "NotFound") in figures["gatekeeper_portal_errors_total"]


def test_every_metric_is_told_and_described(gate: Gate) -> None:
    gate.store.heartbeat.beat("test", gate.gatekeeper.now())
    jobs = gate.store.jobs
    jobs.finish(SWEEP, "test", jobs.take(SWEEP, "test") or {}, timedelta(minutes=5))
    client = gate.admin_app().test_client()
    families = {each.name for each in text_string_to_metric_families(client.get("/metrics").text)}
    assert families == {each.name for each in ALL}
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert {each.name for each in ALL if f"`{each.name}" not in page} == set()


def test_a_portal_that_has_gone_silent_and_a_sweep_that_is_late_can_be_seen(gate: Gate) -> None:
    jobs, client = (
        gate.store.jobs,
        gate.admin_app().test_client(),
    )
    assert "gatekeeper_sweep_age_seconds" not in told(client)
    hearing = Hearing(datetime(2026, 9, 1, tzinfo=UTC), 7)
    jobs.take(SWEEP, "test")
    jobs.finish(SWEEP, "test", SweepState(hearing=hearing).as_json(), timedelta(minutes=5))
    figures = told(client)
    assert figures["gatekeeper_unheard_changes"][()] == 7
    assert 0 <= figures["gatekeeper_sweep_age_seconds"][()] < 600


def test_that_the_breaker_is_open_and_how_near_it_was_can_be_seen(gate: Gate) -> None:
    client, breaker = (
        gate.admin_app().test_client(),
        gate.store.breaker,
    )
    now = datetime.now(UTC)
    limit = breaker.settings.reverts
    seen = []
    for first, last in ((1, limit), (limit + 1, limit + 1)):
        breaker.admit([(EntityRef(Kind.DEAL, each), now) for each in range(first, last + 1)], now)
        figures = told(client)
        seen.append([figures[f"gatekeeper_breaker_{each}"][()] for each in ("open", "reverts", "limit")])
    assert seen == [[0, limit, limit], [1, limit, limit]]
    breaker.reset()
    assert told(client)["gatekeeper_breaker_open"][()] == 0


def test_no_client_and_no_secret_is_among_the_figures(gate: Gate) -> None:
    contact = gate.add(Kind.CONTACT, name="Зинаида", lastName="Непомнящих")
    deal = gate.add(Kind.DEAL, title="Пустая", contactId=contact.id)
    gate.comment(deal, "НД")
    gate.look_at(deal, contact, EntityRef(Kind.LEAD, 777777))
    text = gate.admin_app().test_client().get("/metrics").text
    for private in (
        "Зинаида",
        "Непомнящих",
        "777777",
        "НД",
        "/rest/",
        "http",
        "127.0.0.1",
        TOKEN,
    ):
        assert private not in text, private
    assert not re.search(r"deal:\d|contact:\d|lead:\d", text)


def a_client(tmp_path: Path, **web: object) -> FlaskClient:
    gatekeeper = open_gatekeeper(a_config(NOWHERE, f"sqlite:///{tmp_path / 'gate.db'}", web=WebConfig(**web)))  # type: ignore[arg-type]
    app = make_admin_app(gatekeeper.config, gatekeeper.store, gatekeeper.meter)
    return app.test_client()


def asks(client: FlaskClient, address: str, **headers: str) -> int:
    answer = client.get(
        "/metrics",
        environ_base={"REMOTE_ADDR": address},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    return answer.status_code


def test_by_default_only_this_machine_may_ask(tmp_path: Path) -> None:
    client = a_client(tmp_path)
    assert [asks(client, each) for each in ("127.0.0.1", "::1", "::ffff:127.0.0.1")] == [200] * 3
    assert [asks(client, each) for each in ("10.0.0.7", "203.0.113.7", "", "unix:", "2001:db8::1")] == [
        404
    ] * 5


def test_no_header_makes_a_stranger_one_of_those_who_may_ask(tmp_path: Path) -> None:
    client = a_client(tmp_path, trusted_proxies=1)
    assert asks(client, "203.0.113.7", X_Forwarded_For="127.0.0.1") == 404
    assert asks(client, "203.0.113.7", Forwarded="for=127.0.0.1", X_Real_Ip="127.0.0.1") == 404


def test_nobody_may_ask_where_no_network_is_named(tmp_path: Path) -> None:
    assert asks(a_client(tmp_path, metrics_from=()), "127.0.0.1") == 404
