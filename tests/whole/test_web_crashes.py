"""An event that was answered 200 is kept, though the web process and its children are killed at any moment.

Eight senders post without a pause, so that marks are written in groups; each kill comes while one waits for
the database.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from sqlalchemy import Engine, text

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.inbox import Inbox
from tests.planted import TOKEN
from tests.processes import a_process, answers, family, free_port, until, write_config
from tests.soak import one_of

pytestmark = [pytest.mark.process, pytest.mark.slow]
SENDERS = 8
NOWHERE = "http://127.0.0.1:9/rest/1/x/"


class Senders:
    """Each posts events of cards of its own; `kept` are those that were answered 200."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stop = threading.Event()
        self.kept: set[EntityRef] = set()
        self._threads = [threading.Thread(target=self._send, args=(n,)) for n in range(1, SENDERS + 1)]
        for thread in self._threads:
            thread.start()

    def _send(self, number: int) -> None:
        while not self._stop.is_set():
            form = {"event": "ONCRMDEALADD", "data[FIELDS][ID]": number, "auth[application_token]": TOKEN}
            try:
                if requests.post(self._url, data=form, timeout=5).status_code == requests.codes.ok:
                    self.kept.add(EntityRef(Kind.DEAL, number))
            except requests.RequestException:
                pass
            number += SENDERS

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


@contextmanager
def writes_held_up(engine: Engine) -> Iterator[None]:
    """So that whatever is answered now, before it is written, is answered too early."""
    with engine.begin() as conn:
        if engine.dialect.name == "postgresql":
            conn.execute(text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
        time.sleep(0.3)
        yield


@one_of("engine", "sqlite", "postgresql")
def test_every_acknowledged_event_is_kept_whenever_the_web_process_is_killed(
    engine: Engine, tmp_path: Path, soak: bool
) -> None:
    port, dice = free_port(), random.Random(11)
    config = write_config(tmp_path, NOWHERE, port)
    url = engine.url.render_as_string(hide_password=False)
    senders = Senders(f"http://127.0.0.1:{port}/events")
    try:
        for _ in range(10 if soak else 2):
            before = len(senders.kept)
            with a_process("web", config, url) as process:
                until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "a web process")
                enough = before + 100 + dice.randrange(200)
                until(lambda: len(senders.kept) > enough, "events")  # noqa: B023 - asked at once
                with writes_held_up(engine):
                    for pid in family(process.pid):
                        os.kill(pid, signal.SIGKILL)
    finally:
        senders.stop()
    kept = senders.kept
    assert kept == Inbox(engine).waiting(kept).keys()
