"""What goes wrong meanwhile: a portal in trouble, processes killed."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.chaos.crowd import Crowd
from tests.gate import Gate
from tests.processes import a_process, a_worker

COMMENT, LISTING = "crm.timeline.comment.add", "crm.item.list"
NEVER_NULL = ("crm.timeline.comment.list", "crm.item.productrow.list", "crm.stagehistory.list")
"""In whose answers null means nothing, so that no deal in order may suffer from one."""
OWNED = ("crm.item.get", "crm.timeline.comment.list")
"""Whose answers say which card they are for."""
ENDLESS: Mapping[str, Any] = {"count": 1, "seconds": 0.5}
SILENT_S = 4.0
"""Longer than the gatekeeper waits for an answer."""
LOCKED_S = 2.0
PIECE = 2**20
OUR_OWN = 0.15
"""Share of the troubles that need more than a fault of the portal's."""
FAULTS: Sequence[dict[str, Any]] = (
    {"kind": "503", "count": 3},
    {"kind": "429", "method": LISTING, "count": 1},
    {"kind": "429", "method": "crm.item.update", "count": 1},
    {"kind": "500", "count": 2},
    {"kind": "500", "method": COMMENT, "count": 2},
    {"kind": "overload", "count": 1},
    {"kind": "error", "method": LISTING, "code": "INTERNAL_SERVER_ERROR", "status": 500, "count": 2},
    {"kind": "truncated", "count": 1},
    *(
        {"kind": "spoilt", "how": how, "method": "batch", "count": 2}
        for how in ("object", "missing", "retyped")
    ),
    *({"kind": "spoilt", "how": "null", "method": method, "count": 2} for method in NEVER_NULL),
    *({"kind": "spoilt", "how": "swapped", "method": method, "count": 2} for method in OWNED),
    {"kind": "spoilt", "method": LISTING, "count": 1},
    {"kind": "astray", "method": "batch", "count": 3},
    {"kind": "giant", "how": "zipped", "method": "batch", "count": 1},
    *({"kind": "endless", "how": how, **ENDLESS, "method": "batch"} for how in ("body", "head", "continue")),
    {"kind": "endless", **ENDLESS, "method": COMMENT},
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


def trouble(gate: Gate, crowd: Crowd, stop: threading.Event, dice: random.Random) -> Counter[str]:
    """Put one fault after the other, until told to stop. Return how often each was put.

    The clock goes one way in a run: a jump ahead would hide from a sweep the jump back of the same round.
    """
    put = Counter[str]()
    jump = dice.choice((_jump_ahead, _jump_back))
    while not stop.wait(0.3 + dice.random()):
        clear_faults(gate)
        if dice.random() < OUR_OWN:
            what = dice.choice((_hide, jump, _lock, *([_fill_disk] if _disk_of(gate) else [])))
            what(gate, crowd, dice)
            put[what.__name__.strip("_")] += 1
        else:
            fault = dice.choice(FAULTS)
            gate.control("faults", **fault)
            put[" ".join(filter(None, (fault["kind"], fault.get("how"))))] += 1
    return put


def _hide(gate: Gate, crowd: Crowd, dice: random.Random) -> None:
    """The webhook's owner may not see some of the cards, until the next fault."""
    for card in dice.sample(crowd.cards, min(5, len(crowd.cards))):
        gate.control("faults", kind="hidden", ref=str(card))


def _jump_ahead(gate: Gate, _crowd: Crowd, dice: random.Random) -> None:
    """The portal's clock jumps, so that the machine's is behind."""
    gate.control("clock", by_s=dice.choice((7, 90)))


def _jump_back(gate: Gate, _crowd: Crowd, dice: random.Random) -> None:
    gate.control("clock", by_s=-dice.choice((7, 90)))


def _lock(gate: Gate, _crowd: Crowd, _dice: random.Random) -> None:
    """Somebody else writes into the database for long."""
    with gate.store.engine.begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(text("LOCK TABLE inbox IN EXCLUSIVE MODE"))
        time.sleep(LOCKED_S)


def _fill_disk(gate: Gate, _crowd: Crowd, _dice: random.Random) -> None:
    """Leave the database no room to grow."""
    disk = _disk_of(gate)
    assert disk is not None
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as out:
        while out.write(bytes(PIECE)) == PIECE:
            pass
    time.sleep(LOCKED_S)
    filler.unlink()


def _disk_of(gate: Gate) -> Path | None:
    """Return the small disk that the database has to itself; None without one."""
    database = gate.store.engine.url.database
    disk = Path(database or "").parent
    return disk if disk.is_mount() and gate.store.engine.dialect.name == "sqlite" else None


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
