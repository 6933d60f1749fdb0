"""Signs of life, from a process to whoever started it: systemd's protocol (sd_notify(3)), both ends.

systemd hears them where the unit has `WatchdogSec=`, and `gatekeeper up` does the same: a worker that has
been silent for too long hangs, and is replaced.
"""

from __future__ import annotations

import os
import socket
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

SOCKET = "NOTIFY_SOCKET"
READY, ALIVE = "READY=1", "WATCHDOG=1"
SILENCE_S = 600.0
"""No wave takes this long: each of its hits ends by `portal.timeout_s`. deploy/*.service say the same."""


def notify(state: str, environ: Mapping[str, str] = os.environ) -> None:
    """Send the state, if anybody listens. Never fails and never waits: a sign of life must not cost one."""
    name = environ.get(SOCKET, "")
    if not name:
        return
    address = "\0" + name[1:] if name.startswith("@") else name
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        sender.sendto(state.encode(), address)


class Listener:
    """Hears one process. `environ` is what that process must be given. Close it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="gatekeeper-")
        path = Path(self._folder.name) / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(str(path))
        self._heard_at = time.monotonic()
        self.environ: Mapping[str, str] = {SOCKET: str(path)}

    def silence_s(self) -> float:
        """How long nothing was heard, counted from the beginning."""
        with suppress(BlockingIOError):
            while self._socket.recv(256):
                self._heard_at = time.monotonic()
        return time.monotonic() - self._heard_at

    def begin_again(self) -> None:
        """Count from now on: another process has been started."""
        self.silence_s()
        self._heard_at = time.monotonic()

    def close(self) -> None:
        self._socket.close()
        self._folder.cleanup()
