"""Spoil as many answers as there is time for, one or two at once: `python -m tests.portal.spoil 100000`."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import click

from gatekeeper.store.database import migrate, open_engine
from tests.portal.bench import DEMANDING, PLAIN, Bench, a_bench
from tests.portal.documented import is_documented
from tests.portal.spoilings import JUNK, MORE_JUNK, Spoiling, every_spoiling, sample

POLICIES = {"plain": PLAIN, "demanding": DEMANDING}
EVERY = 5000


@click.command
@click.argument("count", type=int)
@click.option("--seed", type=int, default=1)
@click.option("--policy", type=click.Choice(sorted(POLICIES)), default="demanding")
@click.option("--pairs", is_flag=True, help="Spoil two answers of a pass at once.")
def spoil(count: int, seed: int, policy: str, *, pairs: bool) -> None:
    """Print each harm as it is found, and how many were tried."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'gate.db'}")
        migrate(engine)
        with a_bench(engine, POLICIES[policy]) as bench:
            _try(bench, _pairs(bench, count, seed) if pairs else _singles(bench, count, seed))
        engine.dispose()


def _try(bench: Bench, mutants: Iterator[tuple[Spoiling, ...]]) -> None:
    begun, harmful, tried = time.monotonic(), 0, 0
    for spoilings in mutants:
        tried += 1
        if harm := bench.harm(*spoilings):
            harmful += 1
            click.echo(f"{' AND '.join(map(str, spoilings))}\n    {harm[:600]}")
        if tried % EVERY == 0:
            click.echo(f"{tried} tried, {harmful} did harm, {time.monotonic() - begun:.0f} s")
    click.echo(f"{tried} tried in all, {harmful} did harm, {time.monotonic() - begun:.0f} s")


def _singles(bench: Bench, count: int, seed: int) -> Iterator[tuple[Spoiling, ...]]:
    every = list(every_spoiling(bench.portal.answers, JUNK + MORE_JUNK))
    click.echo(f"{len(every)} spoilings in {len(bench.portal.answers)} answers")
    return ((spoiling,) for spoiling in sample(every, count, seed))


def _pairs(bench: Bench, count: int, seed: int) -> Iterator[tuple[Spoiling, ...]]:
    """Of two answers that one pass asks for, neither in a documented form."""
    chance = Random(seed)
    of: dict[str, list[Spoiling]] = {}
    for spoiling in every_spoiling(bench.portal.answers):
        if not is_documented(spoiling):
            of.setdefault(spoiling.command, []).append(spoiling)
    waves = [sorted(asked & of.keys()) for asked in bench.asked.values()]
    for wave in chance.choices(waves, k=count):
        yield tuple(chance.choice(of[command]) for command in chance.sample(wave, 2))


if __name__ == "__main__":
    spoil()
