"""Several commands of ours as one: started together, restarted when they die, stopped together.

A part is told to end by the end of its standard input as well as by SIGTERM, so that none is left behind,
holding a port, when the supervisor itself is killed.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

from gatekeeper.app.watchdog import SILENCE_S, Listener

log = logging.getLogger(__name__)

WATCHED = "worker"
"""The part that gives signs of life; the web process answers /healthz instead."""
SUPERVISED = "GATEKEEPER_SUPERVISED"
RESTART_PAUSE_S = 1.0
STOP_TIMEOUT_S = 20.0


class Supervisor:
    """`parts`: a name -> the arguments after `gatekeeper`. `run` returns when told to stop."""

    def __init__(
        self,
        parts: Mapping[str, Sequence[str]],
        environ: Mapping[str, str],
        silence_s: float = SILENCE_S,
    ) -> None:
        self._parts = parts
        self._environ = {**environ, SUPERVISED: "1"}
        self._silence_s = silence_s
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._listeners = {name: Listener() for name in parts if name == WATCHED}
        self._stop = threading.Event()

    def start(self) -> None:
        for name in self._parts:
            self._start(name)

    def run(self, announce: Callable[[], bool] = lambda: True) -> None:
        """Keep every part alive until SIGTERM or SIGINT; `announce` is called until it says that it has."""
        announced = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        while not self._stop.wait(0.2):
            self._kill_silent()
            self._restart_dead()
            announced = announced or announce()
        self.stop()

    def stop(self) -> None:
        """End every part, the last started first, and wait for each."""
        for name in reversed(list(self._running)):
            process = self._running.pop(name)
            process.terminate()
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                log.warning("part.killed name=%s", name)
                process.kill()
                process.wait()
        for listener in self._listeners.values():
            listener.close()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _start(self, name: str) -> None:
        listener = self._listeners.get(name)
        if listener:
            listener.begin_again()
        # A session of its own: Ctrl-C reaches the supervisor only, which then stops the parts in order.
        self._running[name] = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "gatekeeper", *self._parts[name]],
            env={**self._environ, **(listener.environ if listener else {})},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def _kill_silent(self) -> None:
        """What hangs is killed, and then restarted as any other that died."""
        for name, listener in self._listeners.items():
            silence_s = listener.silence_s()
            if silence_s > self._silence_s:
                log.error("part.silent name=%s silence_s=%s", name, round(silence_s))
                self._running[name].kill()
                self._running[name].wait()
                listener.begin_again()

    def _restart_dead(self) -> None:
        for name, process in list(self._running.items()):
            if process.poll() is not None:
                log.error("part.died name=%s status=%s", name, process.returncode)
                if process.stdin:
                    process.stdin.close()
                time.sleep(RESTART_PAUSE_S)
                self._start(name)


def end_with_supervisor() -> None:
    """In a part: SIGTERM to itself once the supervisor is gone. Does nothing in a process started by hand."""
    if os.environ.get(SUPERVISED) == "1":
        threading.Thread(target=_wait_for_end, name="supervisor-watch", daemon=True).start()


def _wait_for_end() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
