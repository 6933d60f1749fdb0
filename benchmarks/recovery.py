"""How soon a card is judged once a fault is over: a real web process and worker before a sandbox.

    python -m benchmarks.recovery

For each fault: a deal is made, the fault is put before the deal is read, and after LASTS_S it is taken away.
Told are the seconds from then to the note in the card, of which `settle_s` (0.2 s here) is a part. A method
whose operating time is spent (429) rests for as long as the portal says, and is left out.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.database import migrate, open_engine
from tests.gate import Gate, a_gate
from tests.processes import a_process, a_worker, answers, free_port, until, write_config

LASTS_S = 5.0
PORTAL_FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "503"},
    {"kind": "500"},
    {"kind": "overload"},
    {"kind": "timeout_before", "seconds": 30},
    {"kind": "truncated"},
    {"kind": "spoilt", "method": "batch"},
    {"kind": "giant", "method": "batch"},
    {"kind": "endless", "method": "batch", "seconds": 0.5},
    {"kind": "redirect"},
    {"kind": "revoked"},
    {"kind": "owner_fired"},
    {"kind": "portal_deleted"},
    {"kind": "scope", "scope": "crm"},
)
"""Each without an end until it is taken away."""


def seconds_to_note(gate: Gate, deal: EntityRef) -> float:
    began = time.monotonic()
    until(lambda: bool(gate.said(deal)), f"a note in {deal}", 300)
    return time.monotonic() - began


@contextmanager
def portal_fault(gate: Gate, fault: dict[str, Any], make: Callable[[], None]) -> Iterator[None]:
    """`make` is called before the fault, since it would strike whoever makes a deal as well."""
    make()
    number = gate.control("faults", **fault)["id"]
    time.sleep(LASTS_S)
    gate.http.delete(f"{gate.sandbox.url}/sandbox/faults?id={number}", timeout=10)
    yield


@contextmanager
def locked_database(gate: Gate, make: Callable[[], None]) -> Iterator[None]:
    with gate.store.engine.begin():
        make()
        time.sleep(LASTS_S)
    yield


def main() -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url, port = f"sqlite:///{folder / 'gate.db'}", free_port()
        engine = open_engine(url)
        migrate(engine)
        gate = stack.enter_context(a_gate(engine))
        config = write_config(folder, gate.sandbox.webhook_url, port)
        gate.control("events", url=f"http://127.0.0.1:{port}/events")
        stack.enter_context(a_process("web", config, url))
        worker = stack.enter_context(ExitStack())
        worker.enter_context(a_worker(config, url))
        until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the web process")
        made: list[EntityRef] = []

        def make() -> None:
            made.append(gate.add(Kind.DEAL, title="Пустая"))

        make()
        print(f"{'nothing':22} {seconds_to_note(gate, made[-1]):6.1f} s")
        for fault in PORTAL_FAULTS:
            with portal_fault(gate, fault, make):
                print(f"{fault['kind']:22} {seconds_to_note(gate, made[-1]):6.1f} s")
        with locked_database(gate, make):
            print(f"{'database locked':22} {seconds_to_note(gate, made[-1]):6.1f} s")
        worker.close()
        make()
        time.sleep(LASTS_S)
        worker.enter_context(a_worker(config, url))
        print(f"{'worker killed':22} {seconds_to_note(gate, made[-1]):6.1f} s")


if __name__ == "__main__":
    main()
