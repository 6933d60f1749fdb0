"""What a burst of new deals costs: hits, commands, database statements, CPU time and seconds.

    python -m benchmarks.burst [--cards 100] [--rate 2.0] [--operating | --slept] [--postgresql] [--json FILE]

The portal posts the events of `burst_cards` to a web process, and then a worker works until the inbox is
quiet: no event is on its way, and no card that an event told of waits. All rules are on, and the status field
is written. Cards that no event told of may still wait for a look.

A higher `--rate` than the portal's 2 hits a second gives the counts in seconds. The time that it tells is not
that of a real portal, and the waves are smaller, because the worker does not wait while events come in.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.burst_cards import make_cards
from benchmarks.burst_figures import Effects, Requests, effects_on, requests_of
from benchmarks.measured_worker import Spent
from benchmarks.running_gate import PORTALS_RATE, QUIET_S, Setting, a_bench, until_quiet

TOP = 10


@dataclass(frozen=True, slots=True)
class Burst:
    """`seconds` is None if the inbox was not quiet in time; `waiting` is what was left in it."""

    cards: int
    events: int
    requests: Requests
    effects: Effects
    spent: Spent
    seconds_to_last_note: float | None
    seconds: float | None
    waiting: int


def run_burst(setting: Setting, cards: int, seed: int, patience_s: float) -> Burst:
    with a_bench(setting) as bench:
        portal, clock = bench.portal, bench.portal.sandbox.rest.clock
        made = make_cards(portal, cards, seed)
        portal.wait_for_events(600)
        events = portal.sandbox.portal.dispatcher.raised
        time.sleep(QUIET_S)
        mark, before, began_at = len(portal.hits()), bench.spent(), clock()
        bench.let_go()
        seconds = until_quiet(bench, patience_s)
        requests, spent = requests_of(portal.hits()[mark:]), bench.spent().since(before)
        to_last = requests.last_note_at - began_at if requests.last_note_at else None
        effects = effects_on(portal, made)
        return Burst(cards, events, requests, effects, spent, to_last, seconds, bench.waiting())


def report(burst: Burst) -> None:
    cards, requests, effects = burst.cards, burst.requests, burst.effects
    to_last = requests.hits_to_last_note / cards
    print(f"{cards} deals, {burst.events / cards:.1f} events a deal")
    print(f"hits a deal        {to_last:8.3f} to the last note, {requests.hits / cards:.3f} until quiet")
    print(f"commands a deal    {requests.commands / cards:8.1f}")
    print(f"commands a hit     {requests.commands / max(1, requests.hits):8.1f}")
    print(f"statements a deal  {burst.spent.statements / cards:8.1f}")
    print(f"CPU a deal         {burst.spent.cpu_s / cards * 1000:8.1f} ms")
    print(f"seconds            {_s(burst.seconds_to_last_note)} to the last note, {_s(burst.seconds)} in all")
    print(f"refused hits       {requests.refused_hits:8}")
    print(f"cards told         {effects.told} of {effects.to_be_told}, {effects.told_wrongly} wrongly")
    print(f"moved back         {effects.moved_back} of {effects.to_be_moved_back}")
    print(f"statuses           {effects.statuses} of {cards}, {burst.waiting} cards waiting at the end")
    _print_top("commands a deal, by method", requests.commands_by_method, cards)
    _print_top("hits a deal, by what they carry", requests.hits_by_commands, cards)


def _s(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:.1f}"


def _print_top(title: str, counts: Mapping[str, int], cards: int) -> None:
    print(f"\n{title}")
    for name, count in list(counts.items())[:TOP]:
        print(f"    {count / cards:6.3f}  {name}")


def write_json(file: Path, options: Mapping[str, Any], result: Mapping[str, Any]) -> None:
    """Keep a run's figures with the machine and the options that they were measured under."""
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    told = {"machine": machine, "options": options, "result": result}
    file.write_text(json.dumps(told, indent=2, default=str), encoding="utf-8")


def add_setting_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--rate", type=float, default=PORTALS_RATE, help="hits a second; 50 gives counts soon"
    )
    costs = parser.add_mutually_exclusive_group()
    booked: dict[str, Any] = {"dest": "costs", "action": "store_const", "default": "none"}
    costs.add_argument(
        "--operating", const="booked", help="method times count, 480 s in 10 minutes", **booked
    )
    costs.add_argument("--slept", const="slept", help="method times count, and are slept", **booked)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", type=Path)


def setting_of(given: argparse.Namespace) -> Setting:
    return Setting(given.rate, given.costs, given.postgresql, given.workers)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.burst")
    parser.add_argument("--cards", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--patience", type=float, default=3600.0, help="seconds until a run is broken off")
    add_setting_options(parser)
    given = parser.parse_args(arguments)
    burst = run_burst(setting_of(given), given.cards, given.seed, given.patience)
    report(burst)
    if given.json:
        write_json(given.json, vars(given), asdict(burst))


if __name__ == "__main__":
    main()
