"""What goes wrong meanwhile: a portal in trouble, processes killed."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import requests

from tests.gate import Gate
from tests.processes import a_process, a_worker

COMMENT, LISTING = "crm.timeline.comment.add", "crm.item.list"
SILENT_S = 4.0
"""Longer than the gatekeeper waits for an answer."""
FAULTS: Sequence[dict[str, Any]] = (
    {"kind": "503", "count": 3},
    {"kind": "429", "method": LISTING, "count": 1},
    {"kind": "429", "method": "crm.item.update", "count": 1},
    {"kind": "500", "count": 2},
    {"kind": "500", "method": COMMENT, "count": 2},
    {"kind": "overload", "count": 1},
    {"kind": "error", "method": LISTING, "code": "INTERNAL_SERVER_ERROR", "status": 500, "count": 2},
    {"kind": "truncated", "count": 1},
    {"kind": "timeout_before", "count": 1, "seconds": SILENT_S},
    {"kind": "timeout_after", "count": 1, "seconds": SILENT_S},
    {"kind": "timeout_before", "method": "batch", "count": 2, "seconds": SILENT_S},
    {"kind": "timeout_after", "method": COMMENT, "count": 2, "seconds": SILENT_S},
    {"kind": "redirect", "count": 1},
    {"kind": "revoked"},
    {"kind": "owner_fired"},
    {"kind": "portal_deleted", "count": 1},
    {"kind": "scope", "scope": "imopenlines"},
    {"kind": "scope", "scope": "telephony"},
)
"""Those without a count last until the next one takes their place, a second or so."""


def trouble(gate: Gate, stop: threading.Event, dice: random.Random, faults: Counter[str]) -> None:
    """One fault after the other, until told to stop."""
    while not stop.wait(0.3 + dice.random()):
        fault = dice.choice(FAULTS)
        with suppress(requests.RequestException):
            clear_faults(gate)
            gate.control("faults", **fault)
            faults[fault["kind"]] += 1


def clear_faults(gate: Gate) -> None:
    gate.http.delete(f"{gate.sandbox.url}/sandbox/faults", timeout=10)


Part = Callable[[str], AbstractContextManager[None]]


@contextmanager
def a_part(name: str, config: Path, url: str) -> Iterator[None]:
    """Leaving it is SIGKILL."""
    with a_process("web", config, url) if name == "web" else a_worker(config, url):
        yield


def kill_again_and_again(
    running: dict[str, ExitStack], a_part: Part, over: Callable[[], bool], dice: random.Random
) -> Counter[str]:
    """Every few seconds one part is killed and another takes its place at once; how often, by name."""
    kills = Counter[str]()
    while not over():
        time.sleep(1.5 + 2 * dice.random())
        name = dice.choice(list(running))
        running[name].close()
        running[name].enter_context(a_part(name))
        kills[name] += 1
    return kills
