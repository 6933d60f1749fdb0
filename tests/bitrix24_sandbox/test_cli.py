"""The sandbox as a command, in a process of its own."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from bitrix24_sandbox.cli import sandbox

SCRIPTS = Path(sys.executable).parent
MODULE = (sys.executable, "-m", "bitrix24_sandbox")
COMMANDS = [MODULE, (SCRIPTS / "bitrix24-sandbox",), (SCRIPTS / "gatekeeper", "sandbox")]


@contextmanager
def running(*arguments: str, command: Any = MODULE) -> Iterator[tuple[subprocess.Popen[str], str]]:
    started = [*command, "--port", "0", "--events-url", "", *arguments]
    with subprocess.Popen(started, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        yield process, first.split()[1].rstrip("/")
        if process.poll() is None:
            process.kill()


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_until_a_signal_and_then_stops_cleanly(number: signal.Signals) -> None:
    with running("--offset", "+05:00", "--seed", "5") as (process, url):
        now = requests.post(f"{url}/rest/1/sandbox/server.time", timeout=10).json()
        assert now["result"].endswith("+05:00")
        assert requests.get(f"{url}/rest/1/sandbox/crm.lead.list", timeout=10).json()["total"] == 5
        process.send_signal(number)
        assert process.wait(10) == 0


@pytest.mark.process
@pytest.mark.parametrize("command", COMMANDS, ids=["module", "script", "gatekeeper"])
def test_it_is_started_by_three_names(command: Any) -> None:
    with running(command=command) as (_, url):
        assert requests.get(f"{url}/rest/1/sandbox/server.time", timeout=10).ok


@pytest.mark.process
def test_options_of_the_portal_and_of_its_events_reach_it() -> None:
    arguments = [
        "--required",
        "deal:OPPORTUNITY",
        "--no-leads",
        "--limit",
        "off",
        "--error-statuses",
        "documented",
    ]
    with running(*arguments) as (_, url):
        add = {"entityTypeId": 2, "fields": {"title": "x"}}
        refused = requests.post(f"{url}/rest/1/sandbox/crm.item.add", json=add, timeout=10)
        assert refused.json()["error"] == "CRM_FIELD_ERROR_REQUIRED"
        assert requests.get(f"{url}/rest/1/sandbox/crm.settings.mode.get", timeout=10).json()["result"] == 2
        assert requests.get(f"{url}/rest/1/wrong/profile", timeout=10).status_code == 403


@pytest.mark.parametrize("wrong", [["--offset", "Moscow"], ["--required", "parrot:X"], ["--limit", "huge"]])
def test_wrong_options_are_told(wrong: list[str]) -> None:
    assert CliRunner().invoke(sandbox, wrong).exit_code == 2
