"""@bitrix24/b24jssdk, the vendor's SDK for JavaScript, on the sandbox."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from tests.sdk.onlooker import AWKWARD, Onlooker

JS = Path(__file__).parent / "js"
LOCK = JS / "package-lock.json"
INSTALLED = JS / "node_modules" / ".package-lock.json"

pytestmark = pytest.mark.process

Scenario = Callable[[str, Onlooker], Any]


@pytest.fixture(scope="session")
def run() -> Scenario:
    """Install the SDK once, and give the way to run a scenario with it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        pytest.skip("there is no node here: apt-get install nodejs npm")
    with LOCK.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # pytest's workers come here side by side
        if not INSTALLED.exists() or INSTALLED.stat().st_mtime < LOCK.stat().st_mtime:
            _succeed([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"])

    def run_scenario(name: str, portal: Onlooker) -> Any:
        trusting = os.environ | {"NODE_EXTRA_CA_CERTS": str(portal.authority)}
        return json.loads(_succeed([node, "scenarios.mjs", name, portal.webhook_url], env=trusting))

    return run_scenario


def _succeed(command: list[str], env: dict[str, str] | None = None) -> str:
    ended = subprocess.run(command, cwd=JS, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_cards_and_a_comment_are_made_changed_and_read(portal: Onlooker, run: Scenario) -> None:
    got = run("life", portal)
    assert got["contact"]["PHONE"][0]["VALUE"] == "+7 903 123-45-67"
    assert got["contact"]["BIRTHDATE"] == "1990-05-17T03:00:00+03:00"
    assert (got["deal"]["title"], got["deal"]["stageId"]) == (AWKWARD, "PREPARATION")
    assert got["comment"]["COMMENT"] == AWKWARD
    seen = portal.ask("crm.deal.get", id=got["deal"]["id"])
    assert (seen["TITLE"], seen["STAGE_ID"]) == (AWKWARD, "PREPARATION")
    assert seen["CONTACT_ID"] == got["contact"]["ID"]
    assert portal.comments(got["deal"]["id"]) == [AWKWARD]


def test_lists_of_many_pages_come_whole(portal: Onlooker, run: Scenario) -> None:
    got = run("manyPages", portal)
    assert got["deals"] == [f"Сделка {n}" for n in range(120)]
    assert got["contacts"] == [f"Имя {n}" for n in range(101)]
    assert got["comments"] == [f"Разговор {n}" for n in range(51)]
    assert got["made"] == [int(row["ID"]) for row in portal.every("crm.deal.list")]


def test_a_batch_reads_by_reference_and_keeps_a_failed_command_apart(portal: Onlooker, run: Scenario) -> None:
    got = run("batches", portal)
    assert got == {"title": AWKWARD, "contact": True, "gone": ["Элемент не найден"], "halted": False}
    assert [row["TITLE"] for row in portal.every("crm.deal.list")] == [AWKWARD]


@pytest.mark.parametrize(
    ("fault", "refusal"),
    [
        ({"kind": "portal_deleted"}, ["PORTAL_DELETED", 410]),
        ({"kind": "revoked"}, ["INVALID_CREDENTIALS", 401]),
        ({"kind": "scope", "scope": "crm"}, ["insufficient_scope", 401]),
    ],
)
def test_a_refusal_is_told_by_its_code(
    portal: Onlooker, run: Scenario, fault: dict[str, str], refusal: list[Any]
) -> None:
    portal.break_by(**fault)
    assert run("refusal", portal) == refusal


def test_a_full_bucket_delays_its_comments_and_neither_loses_nor_doubles_them(
    strict_portal: Onlooker, run: Scenario
) -> None:
    deal = run("patience", strict_portal)
    statuses = strict_portal.statuses()
    first_refusal = statuses.index(HTTPStatus.SERVICE_UNAVAILABLE)  # of the fetches that fill the bucket
    assert HTTPStatus.SERVICE_UNAVAILABLE in statuses[first_refusal + 1 :]
    strict_portal.empty_the_bucket()
    assert strict_portal.comments(deal) == [f"Разговор {n}" for n in range(4)]


def test_a_refused_deal_is_made_once_in_the_end(portal: Onlooker, run: Scenario) -> None:
    portal.break_by(kind="503", count=2)
    run("oneDeal", portal)
    assert portal.statuses() == [503, 503, 200]
    assert [row["TITLE"] for row in portal.every("crm.deal.list")] == ["Сделка"]
