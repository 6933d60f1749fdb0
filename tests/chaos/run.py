"""The run: noise, silence, and then a look at every card."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, delete, select

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.database import database_now
from gatekeeper.store.inbox import inbox
from gatekeeper.store.ledger import Ledger
from gatekeeper.store.limiter import blocks
from gatekeeper.store.sweep_state import SWEEP
from tests.chaos.crowd import STAGES, Crowd
from tests.chaos.trouble import Part, a_part, clear_faults, kill_again_and_again, trouble
from tests.gate import Gate, a_gate
from tests.processes import a_process, a_worker, free_port, until, write_config

PEOPLE = 8
PARTS = ("web", "worker 1", "worker 2")
SWEEP_EVERY_S = 30
PATIENCE_S = 300
SETTINGS = f'\n[sweep]\nevery = "{SWEEP_EVERY_S} s"\n[enforcement.breaker]\nreverts = 1000\n'
"""Often, since this week lasts minutes. The breaker would let deals stand that are to be seen moved back."""


@dataclass
class Report:
    """What was done, what it came to, and what is wrong in the end: nothing, if all is well."""

    done: list[str]
    wrong: list[str]


def run_chaos(
    engine: Engine,
    folder: Path,
    *,
    cards: int,
    seconds: float,
    seed: int = 20261125,
    in_a_hurry: bool = False,
) -> Report:
    """`seconds`: the noise ends then at the latest, or when there are as many cards.

    `in_a_hurry`: a method's minute of rest after a 429 ends with the noise, and the sweeps that follow do not
    wait for their time.
    """
    url = engine.url.render_as_string(hide_password=False)
    with a_gate(engine, sandbox={"operating_window_s": 30}) as gate:
        port = free_port()
        config = write_config(folder, gate.sandbox.webhook_url, port)
        with config.open("a", encoding="utf-8") as out:
            out.write(SETTINGS)
        events = {"loss": 0.2, "doubling": 0.05, "reorder_s": 0.5}
        gate.control("events", url=f"http://127.0.0.1:{port}/events", **events)
        crowd = Crowd(gate, cards, random.Random(seed))
        kills, faults = _make_noise(gate, crowd, partial(a_part, config=config, url=url), seconds, seed)
        if in_a_hurry:
            _end_all_rests(gate)
        with a_process("web", config, url), a_worker(config, url):
            took_s, left = _settle(gate, in_a_hurry)
            amiss = _unsettled(gate, crowd.cards)
        done = [
            f"{engine.dialect.name}: {len(crowd.cards)} cards, {crowd.deleted} more deleted",
            f"changes by people: {crowd.changes}",
            f"kills: {dict(kills)}; faults put: {faults.total()} {dict(sorted(faults.items()))}",
            f"events: {gate.events()}; all was settled {took_s:.0f} s after the noise",
        ]
        done += [
            f"ledger of {day}: heard by event {each.heard}, found by sweep {each.found}, "
            f"recovered {each.recovered}"
            for day, each in Ledger(engine).days().items()
        ]
        return Report(done, left + list(_wrong(gate, crowd, amiss)))


def _make_noise(
    gate: Gate, crowd: Crowd, a_part: Part, seconds: float, seed: int
) -> tuple[Counter[str], Counter[str]]:
    """How often each part was killed, and each fault put."""
    stop = threading.Event()
    # A change in three makes a card, every second one is refused, and some wait long for their answer.
    pause_s = seconds * PEOPLE / crowd.wanted / 4
    threads = [threading.Thread(target=crowd.work, args=(stop, pause_s)) for _ in range(PEOPLE)]
    with ThreadPoolExecutor(1) as pool, ExitStack() as stack:
        running = {name: stack.enter_context(ExitStack()) for name in PARTS}
        for name, own in running.items():
            own.enter_context(a_part(name))
        end = time.monotonic() + seconds
        for thread in threads:
            thread.start()
        in_trouble = pool.submit(trouble, gate, crowd, stop, random.Random(seed + 1))
        kills = kill_again_and_again(
            running, a_part, lambda: crowd.is_complete or time.monotonic() > end, random.Random(seed + 2)
        )
        stop.set()
        for thread in threads:
            thread.join()
    clear_faults(gate)
    return kills, in_trouble.result()


def _end_all_rests(gate: Gate) -> None:
    with gate.store.engine.begin() as conn:
        conn.execute(delete(blocks))


def _settle(gate: Gate, in_a_hurry: bool) -> tuple[float, list[str]]:
    """Until a sweep that began after the noise has ended, and all is looked at that was marked by then.

    The seconds that took, and what is not looked at although there was time enough. Cards with open
    violations are looked at now and then all their life, so the inbox need never be empty.
    """
    begun = time.monotonic()
    # A card that was hidden is tried again with the hour's search for deleted ones, which this week lacks.
    hidden = [letter.ref for letter in gate.store.inbox.dead_letters() if "ACCESS_DENIED" in letter.error]
    gate.store.inbox.retry_dead(hidden)
    for what in ("the end of the round that the noise cut short", "a sweep after the noise"):
        if in_a_hurry:
            gate.store.jobs.hasten(SWEEP)
        _await_a_round(gate, what)
    with gate.store.engine.connect() as conn:
        swept_at = database_now(conn)
    with suppress(AssertionError):  # what is left is told of, card by card
        until(lambda: not _left(gate, swept_at), "an inbox without them", PATIENCE_S)
    return time.monotonic() - begun, _left(gate, swept_at)


def _await_a_round(gate: Gate, what: str) -> None:
    begun = time.monotonic()

    def has_ended() -> bool:
        age = gate.store.jobs.status(SWEEP).age
        return age is not None and age.total_seconds() < time.monotonic() - begun

    until(has_ended, what, PATIENCE_S)


def _left(gate: Gate, marked_by: datetime) -> list[str]:
    """What was marked by then and is not looked at yet; dead letters are told of elsewhere."""
    dead = {letter.ref for letter in gate.store.inbox.dead_letters()}
    with gate.store.engine.connect() as conn:
        now = database_now(conn)
        rows = conn.execute(select(inbox).where(inbox.c.first_marked <= marked_by)).all()
    return [
        f"{row.kind}:{row.entity_id} waits since {row.first_marked}, attempt {row.attempts}, not before "
        f"{row.not_before}, lease until {row.lease_until}, now {now}: {row.last_error}"
        for row in rows
        if EntityRef(Kind(row.kind), row.entity_id) not in dead
    ]


def _wrong(gate: Gate, crowd: Crowd, amiss: Mapping[EntityRef, str]) -> Iterator[str]:
    for ref, what in amiss.items():
        yield f"{ref} is not as it should be: {what}"
    for ref in crowd.cards:
        if len(gate.said(ref)) > 1:
            yield f"{ref} has {len(gate.said(ref))} comments"
    for deal in crowd.exemplary:
        yield from _moved_back(gate, deal)
    for letter in gate.store.inbox.dead_letters():
        yield f"{letter.ref} is a dead letter: {letter.error}"


def _unsettled(gate: Gate, cards: Sequence[EntityRef]) -> dict[EntityRef, str]:
    """Cards that are not as they should be although nobody is about to look at them.

    What a look finds in one card may mark another, so those that are marked by now get their look first.
    """
    amiss = gate.unsettled(cards)
    with suppress(AssertionError):
        until(lambda: not gate.store.inbox.waiting(amiss), "a look at what is not right yet", PATIENCE_S)
    return gate.unsettled(list(amiss))


def _moved_back(gate: Gate, deal: EntityRef) -> Iterator[str]:
    """By the portal's own history, in which nobody can move it on again unseen."""
    history = gate.rest("crm.stagehistory.list", entityTypeId=2, filter={"OWNER_ID": deal.id})
    places = [
        STAGES.index(each["STAGE_ID"]) for each in sorted(history["items"], key=lambda each: each["ID"])
    ]
    if places != sorted(places):
        yield f"{deal} was in order and was moved back: {places}"
