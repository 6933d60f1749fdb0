"""A worker that hangs is replaced; one that works is left alone."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest

from gatekeeper.app.supervisor import Supervisor
from gatekeeper.app.watchdog import ALIVE, Listener, notify
from tests.processes import free_port, until, write_config
from tests.web.test_hostile import NOWHERE


def test_a_sign_of_life_ends_the_silence() -> None:
    listener = Listener()
    try:
        until(lambda: listener.silence_s() > 0.05, "some silence")
        notify(ALIVE, listener.environ)
        assert listener.silence_s() < 0.05
    finally:
        listener.close()


def test_where_nobody_listens_a_sign_of_life_is_no_error() -> None:
    notify(ALIVE, {})
    notify(ALIVE, {"NOTIFY_SOCKET": "/nowhere/notify"})
    notify(ALIVE, {"NOTIFY_SOCKET": "@nobody"})


def test_whoever_listens_to_nothing_that_is_said_holds_nobody_up() -> None:
    listener = Listener()
    try:
        for _ in range(5000):
            notify(ALIVE, listener.environ)
    finally:
        listener.close()


@pytest.mark.process
def test_a_worker_that_hangs_is_killed_and_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    config = write_config(tmp_path, NOWHERE, free_port())
    environ = {**os.environ, "GATEKEEPER_DATABASE_URL": f"sqlite:///{tmp_path / 'gate.db'}"}
    supervisor = Supervisor({"worker": ["worker", "--config", str(config)]}, environ, silence_s=4.0)
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # a thread may not set handlers
    supervisor.start()
    thread = threading.Thread(target=supervisor.run)
    thread.start()
    try:
        first = supervisor._running["worker"]
        until(lambda: supervisor._listeners["worker"].silence_s() < 0.3, "a worker at work")
        os.kill(first.pid, signal.SIGSTOP)
        until(lambda: supervisor._running["worker"] is not first, "another worker")
        assert first.returncode == -signal.SIGKILL
        assert "part.silent name=worker" in caplog.text
    finally:
        supervisor._stop.set()
        thread.join(30)
