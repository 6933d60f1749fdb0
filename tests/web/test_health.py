"""Alive, and ready or why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from gatekeeper.app.bootstrap import Gatekeeper, open_gatekeeper
from gatekeeper.app.web_process import make_web_app
from gatekeeper.web import create_app
from gatekeeper.web.health import Health
from tests.gate import a_config
from tests.web.marking import marking


def a_client(**checks: Any) -> FlaskClient:
    return create_app(tokens=(), mark_dirty=marking(print), health=Health(checks)).test_client()


def broken() -> str | None:
    raise OSError("postgresql://gatekeeper:secret@db/gatekeeper")


def test_a_process_that_answers_is_alive_whatever_is_wrong_around_it() -> None:
    answer = a_client(database=broken).get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "alive"})


def test_where_nothing_is_wrong_the_gate_is_ready() -> None:
    answer = a_client(database=lambda: None, worker=lambda: None).get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready", "reasons": {}})


def test_every_reason_is_told() -> None:
    answer = a_client(a=lambda: "x", b=lambda: None, c=lambda: "z").get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "reasons": {"a": "x", "c": "z"}}


def test_a_check_that_breaks_is_a_reason_and_gives_no_secret_away() -> None:
    answer = a_client(database=broken, worker=lambda: "silent").get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "not ready", "reasons": {"database": "OSError", "worker": "silent"}}
    assert "secret" not in answer.text


@pytest.fixture
def gatekeeper(tmp_path: Path) -> Gatekeeper:
    url = f"sqlite:///{tmp_path / 'gate.db'}"
    return open_gatekeeper(a_config("http://127.0.0.1:9/rest/1/x/", url))


def test_a_gate_without_a_worker_or_an_index_says_both(gatekeeper: Gatekeeper) -> None:
    answer = make_web_app(gatekeeper.config, gatekeeper.store, gatekeeper.meter).test_client().get("/readyz")
    gatekeeper.close()
    assert answer.status_code == 503
    assert answer.json is not None
    assert set(answer.json["reasons"]) >= {"worker", "contacts"}
    assert "database" not in answer.json["reasons"]


def test_a_worker_that_beats_is_no_reason(gatekeeper: Gatekeeper) -> None:
    client = make_web_app(gatekeeper.config, gatekeeper.store, gatekeeper.meter).test_client()
    gatekeeper.store.heartbeat.beat("test")
    answer = client.get("/readyz")
    gatekeeper.close()
    assert answer.json is not None
    assert "worker" not in answer.json["reasons"]


def test_a_database_without_its_tables_is_a_reason_and_no_error(gatekeeper: Gatekeeper) -> None:
    client = make_web_app(gatekeeper.config, gatekeeper.store, gatekeeper.meter).test_client()
    with gatekeeper.store.engine.begin() as conn:
        for table in ("probe", "heartbeat"):
            conn.exec_driver_sql(f"DROP TABLE {table}")
    answer = client.get("/readyz")
    gatekeeper.close()
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["reasons"]["database"] == "OperationalError"


def test_a_warning_is_named_and_takes_nobody_out_of_service() -> None:
    warnings = {"events": lambda: "none heard", "sweep": lambda: None}
    app = create_app(tokens=(), mark_dirty=marking(print), health=Health(warnings=warnings))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ready", "reasons": {}, "warnings": {"events": "none heard"}}
