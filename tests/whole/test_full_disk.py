"""A disk that is full: no event is acknowledged that is not kept, no process ends, and all is made up for."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import Engine

from gatekeeper.model.refs import Kind
from gatekeeper.store.sweep_state import SWEEP
from tests.gate import a_gate
from tests.processes import a_process, a_worker, answers, free_port, unable_to_write, until, write_config


def reasons(url: str) -> dict[str, Any]:
    answer: dict[str, Any] = requests.get(f"{url}/readyz", timeout=10).json()
    return dict(answer["reasons"])


@pytest.mark.process
@pytest.mark.slow
def test_what_happens_while_the_disk_is_full_is_made_up_for_by_one_sweep(
    sqlite: Engine, tmp_path: Path
) -> None:
    port = free_port()
    here, database = f"http://127.0.0.1:{port}", sqlite.url.render_as_string(hide_password=False)
    with ExitStack() as stack:
        gate = stack.enter_context(a_gate(sqlite))
        config = write_config(tmp_path, gate.sandbox.webhook_url, port)
        web = stack.enter_context(a_process("web", config, database))
        worker = stack.enter_context(a_worker(config, database))
        until(lambda: answers(f"{here}/healthz"), "the web process")
        gate.control("events", url=f"{here}/events")
        before = gate.add(Kind.DEAL, title="Пустая")
        until(lambda: bool(gate.said(before)), "a note while there was room")
        assert worker.pid is not None
        with unable_to_write([web.pid, worker.pid]):
            missed = gate.add(Kind.DEAL, title="Пустая")
            until(lambda: gate.events()["refused"] >= 1, "the refusal of its event")
            until(lambda: "database" in reasons(here), "the reason")
            assert gate.said(missed) == []
        until(lambda: "database" not in reasons(here), "the end of the reason")
        gate.store.jobs.hasten(SWEEP)
        heard = gate.add(Kind.DEAL, title="Пустая")
        until(lambda: bool(gate.said(missed) and gate.said(heard)), "the notes", 60)
        until(lambda: gate.is_idle, "an empty inbox", 60)
        assert [len(gate.said(deal)) for deal in (before, missed, heard)] == [1, 1, 1]
        assert web.poll() is None
        assert worker.is_alive()
