"""A process with few descriptors says so at its start, or lives through their being used up."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import requests

from gatekeeper.app.descriptors import A_THREAD, CONNECTIONS, OWN
from tests.planted import TOKEN
from tests.processes import answers, free_port, until, write_config
from tests.web.test_hostile import NOWHERE, children

NEEDED = OWN + A_THREAD * 8 + CONNECTIONS
EVENT = {"event": "ONCRMDEALADD", "data[FIELDS][ID]": 41, "auth[application_token]": TOKEN}
GUNICORN = [
    str(Path(sys.executable).with_name("gunicorn")),
    "--config",
    str(Path(__file__).parents[2] / "deploy" / "gunicorn.conf.py"),
    "gatekeeper.app.web_process:application()",
]

pytestmark = [pytest.mark.process, pytest.mark.slow]


@contextmanager
def started(
    folder: Path, port: int, soft: int, hard: int, command: list[str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """`gatekeeper web`, or another command, that may open so many files."""
    config = write_config(folder, NOWHERE, port)
    environ = {
        **os.environ,
        "PORT": str(port),
        "GATEKEEPER_LANGUAGE": "en",
        "GATEKEEPER_CONFIG": str(config),
        "GATEKEEPER_DATABASE_URL": f"sqlite:///{folder / 'gate.db'}",
    }
    limited = ["sh", "-c", f'ulimit -Sn {soft}; ulimit -Hn {hard}; exec "$@"', "sh"]
    program = command or [sys.executable, "-m", "gatekeeper", "web"]
    process = subprocess.Popen(
        [*limited, *program], env=environ, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.mark.parametrize("command", [None, GUNICORN])
def test_too_few_are_told_of_in_one_sentence_before_the_port_is_open(
    tmp_path: Path, command: list[str] | None
) -> None:
    few = NEEDED - 1
    with started(tmp_path, free_port(), few, few, command) as process:
        assert process.stderr
        said = process.stderr.read()
        assert process.wait(20) == 1
    assert said.startswith("gatekeeper: the system ")
    assert f" {few} " in said
    assert said.count("\n") == 1


def test_what_the_system_allows_is_taken(tmp_path: Path) -> None:
    port = free_port()
    with started(tmp_path, port, 64, 4096) as process:
        until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "web process")
        for pid in (process.pid, *children(process.pid)):
            assert "Max open files            4096" in Path(f"/proc/{pid}/limits").read_text(encoding="utf-8")


def test_a_process_without_descriptors_lives_and_hears_when_some_are_free(tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with started(tmp_path, port, 64, 64) as process:
        until(lambda: answers(f"{url}/healthz"), "web process")
        before = children(process.pid)
        with ExitStack() as stack:
            for _ in range(100):
                sender = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
                sender.sendall(b"POST /events HTTP/1.1\r\n")
            until(lambda: len(os.listdir(f"/proc/{before[0]}/fd")) == 64, "the last descriptor")  # noqa: PTH208
        heard = requests.post(f"{url}/events", data=EVENT, timeout=20)
        assert heard.status_code == 200
        assert children(process.pid) == before
        process.terminate()
        _, said = process.communicate(timeout=20)
    assert said.count("descriptors.used_up") == 1
    assert said.count("\n") < 5
