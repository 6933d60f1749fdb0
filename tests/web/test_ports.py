"""What is for the admin is at a port of its own, whatever a request says of itself."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.planted import TOKEN
from tests.processes import a_process, answers, free_port, until, write_config

CONF = Path(__file__).parents[2] / "deploy" / "gunicorn.conf.py"
NOWHERE = "http://127.0.0.1:9/rest/1/code/"
EVENT = {"event": "ONCRMDEALADD", "data[FIELDS][ID]": 41, "auth[application_token]": TOKEN}

pytestmark = [pytest.mark.process, pytest.mark.slow]


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Where events go, and where an admin asks."""
    folder, port = tmp_path_factory.mktemp("ports"), free_port()
    config = write_config(folder, NOWHERE, port)
    events, admin = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{admin_port(config)}"
    with a_process("web", config, f"sqlite:///{folder / 'gate.db'}"):
        until(lambda: answers(f"{events}/healthz"), "web process")
        yield events, admin


@pytest.mark.parametrize("path", ["/status", "/metrics"])
def test_the_port_for_events_has_nothing_for_an_admin_and_nothing_talks_it_round(
    urls: tuple[str, str], path: str
) -> None:
    """This is what a stranger meets behind a proxy that sends no X-Forwarded-For: it looks local."""
    events, admin = urls
    place = admin.removeprefix("http://")
    port = place.partition(":")[2]
    claims: list[dict[str, str]] = [
        {},
        {"Host": place},
        {"X-Forwarded-Port": port, "X-Forwarded-Host": place},
        {"Forwarded": f"host={place}", "Server-Port": port, "Server_Port": port},
    ]
    assert [requests.get(events + path, headers=each, timeout=5).status_code for each in claims] == [404] * 4
    assert requests.get(admin + path, timeout=5).status_code == 200


def test_the_admins_port_takes_no_events(urls: tuple[str, str]) -> None:
    _, admin = urls
    assert requests.post(f"{admin}/events", data=EVENT, timeout=5).status_code == 404
    assert requests.get(f"{admin}/healthz", timeout=5).status_code == 200


def test_gunicorn_in_the_container_listens_at_both_ports(tmp_path: Path) -> None:
    port, config = free_port(), write_config(tmp_path, NOWHERE, 1)
    environ = {
        **os.environ,
        "PORT": str(port),
        "GATEKEEPER_CONFIG": str(config),
        "GATEKEEPER_DATABASE_URL": f"sqlite:///{tmp_path / 'gate.db'}",
    }
    gunicorn = str(Path(sys.executable).with_name("gunicorn"))
    command = [gunicorn, "--config", str(CONF), "gatekeeper.app.web_process:application()"]
    process = subprocess.Popen(command, env=environ, stdin=subprocess.DEVNULL)
    try:
        until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "gunicorn")
        asked = [
            requests.get(f"http://127.0.0.1:{each}/status", timeout=5) for each in (port, admin_port(config))
        ]
        assert [each.status_code for each in asked] == [404, 200]
    finally:
        process.terminate()
        process.wait(20)


def admin_port(config: Path) -> int:
    port: int = tomllib.loads(config.read_text(encoding="utf-8"))["web"]["admin_port"]
    return port
