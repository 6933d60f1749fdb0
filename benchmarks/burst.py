"""What a burst of new deals costs: hits, commands, database statements, CPU time and seconds.

    python -m benchmarks.burst [--cards 100] [--rate 2.0] [--operating | --slept] [--postgresql] [--json FILE]

A sandbox portal raises the events of `burst_cards` through its outgoing webhook, a web process keeps them,
and then a worker works until the inbox is quiet: no event is on its way, and no card that an event told of
waits. All rules are on, and the status field is written. Looks at cards that no event told of may still wait.

The worker starts before the burst, so its first sweep and its walk through the contacts are not counted.
The limits are the portal's: 2 hits a second, 50 at a stretch. A higher `--rate` lifts both limits and gives
the counts in seconds; the time it tells is then not the time on a real portal.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Engine, func, or_, select

from benchmarks.burst_cards import MadeCard, make_card, way_of
from benchmarks.door import a_database
from benchmarks.measured_worker import MeasuredWorker, Spent, a_measured_worker
from bitrix24_sandbox.testing import Bitrix24Portal, LoggedHit, running_portal
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.store.database import migrate, open_engine
from gatekeeper.store.inbox import inbox
from tests.planted import TOKEN, WEBHOOK_CODE
from tests.processes import a_process, answers, free_port, free_ports, until

OWNER = 1
PORTALS_RATE = 2.0
NOTES = {"crm.timeline.comment.add", "crm.timeline.comment.update"}
QUIET_S = 1.5
"""For so long nothing waits before the inbox counts as quiet."""
TOP = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of a run; `costs` as the sandbox takes them."""

    cards: int
    seed: int
    rate: float
    costs: str
    postgresql: bool
    workers: int
    patience_s: float


@dataclass(frozen=True, slots=True)
class Bench:
    """Everything that runs. `engine` is a connection of our own to the gatekeeper's database."""

    portal: Bitrix24Portal
    engine: Engine
    workers: Sequence[MeasuredWorker]

    def spent(self) -> Spent:
        spents = [worker.spent() for worker in self.workers]
        return Spent(sum(each.statements for each in spents), sum(each.cpu_s for each in spents))

    def hold(self) -> None:
        """Let each worker finish its wave and wait."""
        for worker in self.workers:
            worker.may_work.clear()
        time.sleep(QUIET_S)

    def let_go(self) -> None:
        for worker in self.workers:
            worker.may_work.set()

    def is_quiet(self) -> bool:
        return self.portal.sandbox.portal.dispatcher.pending == 0 and self.waiting() == 0

    def waiting(self) -> int:
        """Count the cards that events told of and that still wait or are being worked on."""
        of_event = inbox.c.priority.in_([each for each in Priority if each.is_of_event])
        query = select(func.count()).where(or_(of_event, inbox.c.lease_id.is_not(None)))
        with self.engine.connect() as conn:
            return conn.execute(query).scalar_one()


@contextmanager
def a_bench(wanted: Wanted) -> Iterator[Bench]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(a_database(folder, postgresql=wanted.postgresql))
        engine = open_engine(url)
        stack.callback(engine.dispose)
        migrate(engine)
        limit = "standard" if wanted.rate == PORTALS_RATE else "off"
        options = {"code": WEBHOOK_CODE, "token": TOKEN, "limit": limit, "costs": wanted.costs}
        portal = stack.enter_context(running_portal(**options, updates_after_add=0))
        port = free_port()
        config = write_config(folder, portal.url, port, wanted.rate)
        stack.enter_context(a_process("web", config, url))
        workers = [stack.enter_context(a_measured_worker(config, url)) for _ in range(wanted.workers)]
        until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), "the web process")
        portal.send_events_to(f"http://127.0.0.1:{port}/events")
        bench = Bench(portal, engine, workers)
        settle_in(bench)
        yield bench


def write_config(folder: Path, portal_url: str, port: int, rate: float) -> Path:
    """All rules as they are by default, and a breaker that no burst of ours trips."""
    admin_port = next(each for each in free_ports(2) if each != port)
    lines = [
        "[portal]",
        f'url = "{portal_url}"',
        f'application_tokens = ["{TOKEN}"]',
        f"rate_per_s = {rate}",
        f"burst = {50 if rate == PORTALS_RATE else 1000}",
        "[fields]",
        'product_group = "UF_CRM_PRODUCT_GROUP"',
        'status = "UF_CRM_GATEKEEPER_STATUS"',
        "[web]",
        f"port = {port}",
        f"admin_port = {admin_port}",
        "[enforcement.breaker]",
        "reverts = 1000",
    ]
    config = folder / "gatekeeper.toml"
    config.write_text("\n".join(lines), encoding="utf-8")
    return config


def settle_in(bench: Bench) -> None:
    """Let the workers make their first sweep and walk, until the portal hears nothing more."""
    bench.let_go()
    until(lambda: len(bench.portal.hits()) > 2, "a worker that asks the portal")
    heard = 0
    while heard < (heard := len(bench.portal.hits())):
        time.sleep(3)
    bench.hold()


@dataclass(frozen=True, slots=True)
class Result:
    """What one burst cost, all in all. `seconds` is None if it was not quiet in time."""

    events: int
    hits: int
    hits_to_last_note: int
    seconds: float | None
    seconds_to_last_note: float | None
    refused_hits: int
    commands: int
    commands_by_method: dict[str, int]
    hits_by_commands: dict[str, int]
    statements: int
    cpu_s: float
    to_be_told: int
    told: int
    told_wrongly: int
    notes: int
    statuses: int
    to_be_moved_back: int
    moved_back: int
    still_waiting: int


def run_burst(wanted: Wanted) -> Result:
    with a_bench(wanted) as bench:
        dice, portal = Random(wanted.seed), bench.portal
        cards = [make_card(portal, number, dice, way_of(number)) for number in range(1, wanted.cards + 1)]
        portal.wait_for_events(600)
        time.sleep(QUIET_S)
        mark, before, begun_at = len(portal.hits()), bench.spent(), portal.sandbox.rest.clock()
        events = portal.sandbox.portal.dispatcher.raised
        bench.let_go()
        took_s = until_quiet(bench, wanted.patience_s)
        hits, spent = portal.hits()[mark:], bench.spent().since(before)
        return Result(
            events=events,
            hits=len(hits),
            seconds=took_s,
            still_waiting=bench.waiting(),
            statements=spent.statements,
            cpu_s=round(spent.cpu_s, 2),
            **counts_of(hits, begun_at),
            **effects_of(portal, cards),
        )


def until_quiet(bench: Bench, patience_s: float) -> float | None:
    """Return the seconds until nothing waited any more."""
    began = time.monotonic()
    quiet_since: float | None = None
    while time.monotonic() - began < patience_s:
        if not bench.is_quiet():
            quiet_since = None
        elif quiet_since is None:
            quiet_since = time.monotonic()
        elif time.monotonic() - quiet_since > QUIET_S:
            return round(quiet_since - began, 1)
        time.sleep(0.1)
    return None


def counts_of(hits: Sequence[LoggedHit], begun_at: float) -> dict[str, Any]:
    """What the portal was asked for, from its own log."""
    last_note = max((place for place, hit in enumerate(hits) if writes_note(hit)), default=-1)
    commands = Counter(command.method for hit in hits for command in hit.commands)
    kinds = Counter(kind_of(hit) for hit in hits)
    return {
        "hits_to_last_note": last_note + 1,
        "seconds_to_last_note": round(hits[last_note].at - begun_at, 1) if last_note >= 0 else None,
        "refused_hits": sum(hit.status != 200 for hit in hits),
        "commands": commands.total(),
        "commands_by_method": dict(commands.most_common()),
        "hits_by_commands": dict(kinds.most_common()),
    }


def writes_note(hit: LoggedHit) -> bool:
    return any(command.method in NOTES for command in hit.commands)


def kind_of(hit: LoggedHit) -> str:
    """Name a hit by the commands that it carries, without their numbers."""
    return " + ".join(sorted({command.method for command in hit.commands})) or hit.method


def effects_of(portal: Bitrix24Portal, cards: Sequence[MadeCard]) -> dict[str, int]:
    """What became of the cards, so that no run is cheap because it did less."""
    told = notes_by_card(portal)
    wanted = {card.told for card in cards if card.told}
    deals = [deal_row(portal, card) for card in cards]
    return {
        "to_be_told": len(wanted),
        "told": len(wanted & told.keys()),
        "told_wrongly": len(told.keys() - wanted),
        "notes": told.total(),
        "statuses": sum(bool(deal["ufCrmGatekeeperStatus"]) for deal in deals),
        "to_be_moved_back": sum(card.way == "moved_on" for card in cards),
        "moved_back": sum(
            card.way == "moved_on" and deal["stageId"] == "NEW"
            for card, deal in zip(cards, deals, strict=True)
        ),
    }


def notes_by_card(portal: Bitrix24Portal) -> Counter[EntityRef]:
    """Count the notes of the webhook's owner, as whom no manager of the burst acts."""
    query = "SELECT kind, owner_id FROM timeline WHERE type = 'comment' AND author_id = ?"
    rows = portal.sandbox.portal.store.rows(query, (OWNER,))
    return Counter(EntityRef(Kind(row["kind"]), row["owner_id"]) for row in rows)


def deal_row(portal: Bitrix24Portal, card: MadeCard) -> dict[str, Any]:
    row: dict[str, Any] = portal.call("crm.item.get", entityTypeId=2, id=card.deal.id)["item"]
    return row


def report(wanted: Wanted, result: Result) -> None:
    cards = wanted.cards
    print(f"{cards} deals, {result.events / cards:.1f} events a deal, {wanted}")
    hits, to_last = result.hits / cards, result.hits_to_last_note / cards
    print(f"hits a deal        {to_last:8.3f} to the last comment, {hits:.3f} until quiet")
    print(f"commands a deal    {result.commands / cards:8.1f}")
    print(f"commands a hit     {result.commands / max(1, result.hits):8.1f}")
    print(f"statements a deal  {result.statements / cards:8.1f}")
    print(f"CPU a deal         {result.cpu_s / cards * 1000:8.1f} ms")
    print(
        f"seconds            {result.seconds_to_last_note} to the last comment, {result.seconds} until quiet"
    )
    print(f"refused hits       {result.refused_hits:8}")
    print(
        f"cards told         {result.told} of {result.to_be_told}, wrongly {result.told_wrongly}, "
        f"notes {result.notes}; statuses {result.statuses} of {cards}; "
        f"moved back {result.moved_back} of {result.to_be_moved_back}; waiting {result.still_waiting}"
    )
    print("\ncommands a deal, by method")
    for method, count in list(result.commands_by_method.items())[:TOP]:
        print(f"    {count / cards:6.2f}  {method}")
    print("\nhits, by what they carry")
    for kind, count in list(result.hits_by_commands.items())[:TOP]:
        print(f"    {count:6}  {kind}")


def parse(arguments: Sequence[str] | None = None) -> tuple[Wanted, Path | None]:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.burst")
    parser.add_argument("--cards", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--rate", type=float, default=PORTALS_RATE, help="hits a second; 50 gives counts soon"
    )
    costs = parser.add_mutually_exclusive_group()
    costs.add_argument("--operating", dest="costs", action="store_const", const="booked", default="none")
    costs.add_argument("--slept", dest="costs", action="store_const", const="slept")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument(
        "--patience", type=float, default=3600.0, help="seconds after which a run is broken off"
    )
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    wanted = Wanted(
        given.cards, given.seed, given.rate, given.costs, given.postgresql, given.workers, given.patience
    )
    return wanted, given.json


def main() -> None:
    wanted, file = parse()
    result = run_burst(wanted)
    report(wanted, result)
    if file:
        machine = {"python": platform.python_version(), "cores": os.cpu_count()}
        told = {"machine": machine, "wanted": asdict(wanted), "result": asdict(result)}
        file.write_text(json.dumps(told, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
