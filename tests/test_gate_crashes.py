"""Workers die at random moments in the middle of their work, and no card is the worse for it."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests
from sqlalchemy import Engine

from gatekeeper.bootstrap import Gatekeeper
from gatekeeper.inbox import InboxDepth
from gatekeeper.model import EntityRef, Kind
from gatekeeper.sandbox.options import SandboxOptions
from gatekeeper.sandbox.server import running_sandbox
from tests.gate import Gate, a_config
from tests.planted import TOKEN, WEBHOOK_CODE
from tests.processes import a_process, a_worker, free_port, until, write_config

EVENTS = 300
KILLS = 20


@pytest.mark.slow
def test_killed_workers_leave_exactly_one_right_comment_on_every_deal(engine: Engine, tmp_path: Path) -> None:
    dice = random.Random(20260901)
    database_url = engine.url.render_as_string(hide_password=False)
    port = free_port()
    options = SandboxOptions(
        port=0, limit="off", events_url=f"http://127.0.0.1:{port}/events", token=TOKEN, code=WEBHOOK_CODE
    )
    with ExitStack() as stack:
        sandbox = stack.enter_context(running_sandbox(options))
        http = stack.enter_context(requests.Session())
        gate = Gate(sandbox, Gatekeeper(a_config(sandbox.webhook_url, database_url)), http)
        stack.callback(gate.gatekeeper.close)
        config = write_config(tmp_path, sandbox.webhook_url, port)
        stack.enter_context(a_process("web", config, database_url))
        until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "web process")

        deals: list[EntityRef] = []
        for number in range(KILLS):
            with a_worker(config, database_url) as worker:
                deals += [gate.add(Kind.DEAL, title=f"Сделка {number}") for _ in range(EVENTS // KILLS)]
                time.sleep(0.3 + dice.random())
                worker.kill()
        heard = until_heard(gate)
        with a_worker(config, database_url):
            until(lambda: is_idle(gate.gatekeeper.inbox.depth()), "empty inbox", timeout_s=120)

        assert len(deals) == EVENTS
        assert heard >= EVENTS
        assert gate.gatekeeper.inbox.dead_letters() == ()
        assert {deal: len(gate.said(deal)) for deal in deals} == dict.fromkeys(deals, 1)
        assert gate.unsettled(deals) == {}


def is_idle(depth: InboxDepth) -> bool:
    return depth.waiting == depth.leased == 0


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def until_heard(gate: Gate) -> int:
    """Until the portal has sent every event that it has raised."""

    def events() -> dict[str, int]:
        log = gate.http.get(f"{gate.sandbox.url}/sandbox/log", timeout=10).json()
        return dict(log["events"])

    until(lambda: events()["pending"] == 0, "delivery of all events")
    return events()["delivered"]
