"""A web process whose database is gone, replaced or full acknowledges nothing and says why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from gatekeeper.app.bootstrap import Gatekeeper, open_gatekeeper
from gatekeeper.app.web_process import make_web_app
from gatekeeper.store.database import open_engine
from tests.gate import a_config
from tests.planted import TOKEN
from tests.web.test_hostile import NOWHERE


@dataclass
class Web:
    file: Path
    gatekeeper: Gatekeeper
    client: FlaskClient

    def post(self, number: int) -> int:
        event = {"event": "ONCRMDEALADD", "data[FIELDS][ID]": number, "auth[application_token]": TOKEN}
        return self.client.post("/events", data=event).status_code

    def why_not_ready(self) -> str:
        answer = self.client.get("/readyz")
        assert answer.status_code == 503
        return str((answer.json or {})["reasons"]["database"])


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    file = tmp_path / "gate.db"
    with open_gatekeeper(a_config(NOWHERE, f"sqlite:///{file}")) as gatekeeper:
        app = make_web_app(gatekeeper.config, gatekeeper.store, gatekeeper.meter)
        yield Web(file, gatekeeper, app.test_client())


def test_into_a_deleted_file_nothing_is_acknowledged(web: Web) -> None:
    assert web.post(1) == 200
    web.file.unlink()
    assert web.post(2) == 503
    assert "was deleted while it was open" in web.why_not_ready()


def test_into_a_file_that_was_put_in_its_place_nothing_is_acknowledged(web: Web, tmp_path: Path) -> None:
    assert web.post(1) == 200
    other = tmp_path / "other.db"
    open_engine(f"sqlite:///{other}").dispose()
    other.rename(web.file)
    assert web.post(2) == 503
    assert "was replaced while it was open" in web.why_not_ready()


def test_a_full_database_is_not_ready_and_acknowledges_nothing(web: Web) -> None:
    """The file may not grow by a page: what a full disk does, at a place that a test can fill."""
    assert web.post(1) == 200
    with web.gatekeeper.store.engine.begin() as conn:
        pages = conn.execute(text("PRAGMA page_count")).scalar_one()
        conn.execute(text(f"PRAGMA max_page_count = {pages}"))
    answers = [web.post(number) for number in range(2, 200)]
    assert 503 in answers
    assert set(answers[answers.index(503) :]) == {503}


def test_that_the_process_lives_is_told_while_the_database_is_locked(web: Web) -> None:
    with web.gatekeeper.store.engine.begin():
        assert web.client.get("/healthz").status_code == 200
