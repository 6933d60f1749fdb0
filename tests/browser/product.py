"""The whole product as its admin starts it: processes of their own, on ports that nobody else uses."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import requests

from gatekeeper.app.supervisor import Supervisor

T = TypeVar("T")

CONFIG = """
[portal]
url = "http://127.0.0.1:{portal}/rest/1/sandbox/"
application_tokens = ["sandbox-application-token"]

[fields]
product_group = "UF_CRM_PRODUCT_GROUP"

[web]
port = {web}
"""
PATIENCE_S = 60.0


@contextmanager
def running_product(folder: Path) -> Iterator[str]:
    """Give the sandbox's address once the gatekeeper is ready to hear its events."""
    portal, web = _free_port(), _free_port()
    config = folder / "gatekeeper.toml"
    config.write_text(CONFIG.format(portal=portal, web=web), encoding="utf-8")
    parts = {
        "sandbox": ["sandbox", "--port", str(portal), "--events-url", f"http://127.0.0.1:{web}/events"],
        "web": ["web", "--config", str(config)],
        "worker": ["worker", "--config", str(config)],
    }
    environ = {
        **os.environ,
        "GATEKEEPER_PORTAL_URL": f"http://127.0.0.1:{portal}/rest/1/sandbox/",
        "GATEKEEPER_DATABASE_URL": f"sqlite:///{folder}/gatekeeper.db",
    }
    supervisor = Supervisor(parts, environ)
    supervisor.start()
    try:
        until(lambda: _answers(f"http://127.0.0.1:{web}/readyz"), "the gatekeeper to be ready")
        yield f"http://127.0.0.1:{portal}"
    finally:
        supervisor.stop()


def until(see: Callable[[], T], what: str, patience_s: float = PATIENCE_S) -> T:
    """Look again until it is true."""
    deadline = time.monotonic() + patience_s
    while not (seen := see()):
        assert time.monotonic() < deadline, f"waited {patience_s:.0f} s in vain for {what}"
        time.sleep(0.1)
    return seen


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
