"""Workers die at random moments in the middle of their work, and no card is the worse for it."""

from __future__ import annotations

import random
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gatekeeper.model.refs import EntityRef, Kind
from tests.gate import a_gate
from tests.processes import a_process, a_worker, answers, free_port, until, write_config
from tests.soak import one_of

DEALS_A_KILL = 15


@one_of("engine", "sqlite", "postgresql")
@pytest.mark.process
@pytest.mark.slow
def test_killed_workers_leave_exactly_one_right_comment_on_every_deal(
    engine: Engine, tmp_path: Path, soak: bool
) -> None:
    kills = 20 if soak else 5
    dice = random.Random(20260901)
    database_url = engine.url.render_as_string(hide_password=False)
    port = free_port()
    with ExitStack() as stack:
        events_url = f"http://127.0.0.1:{port}/events"
        gate = stack.enter_context(a_gate(engine, sandbox={"events_url": events_url}))
        config = write_config(tmp_path, gate.sandbox.webhook_url, port)
        stack.enter_context(a_process("web", config, database_url))
        until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "web process")

        deals: list[EntityRef] = []
        for number in range(kills):
            with a_worker(config, database_url) as worker:
                deals += [gate.add(Kind.DEAL, title=f"Сделка {number}") for _ in range(DEALS_A_KILL)]
                time.sleep(0.3 + dice.random())
                worker.kill()
        until(lambda: gate.events()["pending"] == 0, "delivery of all events")
        with a_worker(config, database_url):
            until(lambda: gate.is_idle, "empty inbox", timeout_s=120)

        assert len(deals) == kills * DEALS_A_KILL
        assert gate.events()["delivered"] >= len(deals)
        assert gate.store.inbox.dead_letters() == ()
        assert {deal: len(gate.said(deal)) for deal in deals} == dict.fromkeys(deals, 1)
        assert gate.unsettled(deals) == {}
