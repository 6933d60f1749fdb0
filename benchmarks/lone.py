"""How soon a broken deal is told of when deals come one by one, and what one deal costs in hits.

    python -m benchmarks.lone [--every 10] [--deals 24] [--slept] [--json FILE]

First three deals are made, each once the inbox is quiet: these give the hits of a lone deal. Once the
portal's bucket is empty again, a deal is made every so many seconds. Each one's time runs from its last
event to the end of the hit that wrote its note; the settling time of 1 s, which the gatekeeper waits on
purpose, is taken off. Looks at open cards begin two minutes after a card was told of, and compete with the
deals made then, as on a real portal.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from random import Random

from benchmarks.burst import add_setting_options, setting_of, write_json
from benchmarks.burst_cards import WAYS, MadeCard, make_card
from benchmarks.running_gate import PORTALS_BURST, PORTALS_RATE, Bench, Setting, a_bench, until_quiet
from bitrix24_sandbox.testing import LoggedHit
from gatekeeper.model.refs import EntityRef, Kind

ALONE = 3
SETTLE_S = 1.0
PATIENCE_S = 300.0


@dataclass(frozen=True, slots=True)
class Lone:
    """`delays_s` are over the settling time, in the order of the deals; an untold deal has none."""

    every_s: float
    deals: int
    hits_alone: Sequence[int]
    hits: int
    delays_s: Sequence[float]
    seconds_to_quiet: float | None

    @property
    def p50_s(self) -> float:
        return statistics.median(self.delays_s)

    @property
    def p95_s(self) -> float:
        return statistics.quantiles(self.delays_s, n=20, method="inclusive")[-1]


def run_lone(setting: Setting, deals: int, every_s: float) -> Lone:
    with a_bench(setting) as bench:
        bench.let_go()
        dice = Random(0)
        alone = [_hits_of_one(bench, number, dice) for number in range(1, ALONE + 1)]
        time.sleep(PORTALS_BURST / PORTALS_RATE)
        mark = len(bench.portal.hits())
        made: dict[EntityRef, float] = {}
        next_at = time.monotonic()
        for number in range(ALONE + 1, ALONE + 1 + deals):
            time.sleep(max(0.0, next_at - time.monotonic()))
            next_at += every_s
            card = _make_broken(bench, number, dice)
            made[_told(card)] = bench.portal.sandbox.rest.clock()
        seconds = until_quiet(bench, PATIENCE_S)
        hits = bench.portal.hits()[mark:]
        noted = dict(_first_notes(hits))
        delays = [noted[ref] - at - SETTLE_S for ref, at in made.items() if ref in noted]
        return Lone(every_s, deals, alone, len(hits), delays, seconds)


def _hits_of_one(bench: Bench, number: int, dice: Random) -> int:
    mark = len(bench.portal.hits())
    _make_broken(bench, number, dice)
    until_quiet(bench, PATIENCE_S)
    return len(bench.portal.hits()) - mark


def _make_broken(bench: Bench, number: int, dice: Random) -> MadeCard:
    return make_card(bench.portal, number, dice, WAYS[number % len(WAYS)])


def _told(card: MadeCard) -> EntityRef:
    if card.told is None:
        raise ValueError(f"{card.deal} is correct")
    return card.told


def _first_notes(hits: Sequence[LoggedHit]) -> Iterator[tuple[EntityRef, float]]:
    """Give each card that got a note and when; the first note last, so that a dict keeps it."""
    for hit in reversed(hits):
        for command in hit.commands:
            if command.method == "crm.timeline.comment.add" and command.error is None:
                fields = command.params["fields"]
                yield EntityRef(Kind(fields["ENTITY_TYPE"]), int(fields["ENTITY_ID"])), hit.at


def report(lone: Lone) -> None:
    print(f"{lone.deals} deals, one every {lone.every_s:g} s; {len(lone.delays_s)} told of")
    print(f"hits of a deal alone      {', '.join(map(str, lone.hits_alone))}")
    print(f"hits a deal, one by one   {lone.hits / lone.deals:.1f}")
    p50, p95, last = (f"{seconds:.2f} s" for seconds in (lone.p50_s, lone.p95_s, lone.delays_s[-1]))
    print(f"note after the settling   p50 {p50}, p95 {p95}, of the last deal {last}")
    quiet = "never" if lone.seconds_to_quiet is None else f"{lone.seconds_to_quiet:.1f} s after the last deal"
    print(f"quiet                     {quiet}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lone")
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two deals")
    parser.add_argument("--deals", type=int, default=24)
    add_setting_options(parser)
    given = parser.parse_args()
    lone = run_lone(setting_of(given), given.deals, given.every)
    report(lone)
    if given.json:
        write_json(given.json, vars(given), asdict(lone) | {"p50_s": lone.p50_s, "p95_s": lone.p95_s})


if __name__ == "__main__":
    main()
