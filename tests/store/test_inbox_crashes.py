"""What the inbox keeps when processes are killed in the midst of it (kill -9, no goodbye)."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.inbox import Inbox, InboxDepth, InboxSettings
from tests.soak import one_of
from tests.store.mortal_worker import POISON, SETTINGS

pytestmark = [pytest.mark.slow, pytest.mark.process]
REFS = [EntityRef(Kind.DEAL, number) for number in range(1, 201)]
MARKS_A_KILL = 10


class Crew:
    """Workers that are replaced when they die. Notes when each died, by the clock of their journal."""

    def __init__(self, url: str, journal: Path, settings: InboxSettings) -> None:
        self.url, self.journal, self.settings = url, journal, settings
        self.alive: dict[str, subprocess.Popen[bytes]] = {}
        self.died_at: dict[str, float] = {}
        self.hired = 0

    def hire(self) -> None:
        self.hired += 1
        owner = f"worker-{self.hired}"
        limits = [str(self.settings.max_attempts), str(self.settings.lease_s)]
        arguments = [self.url, str(self.journal), owner, *limits]
        self.alive[owner] = subprocess.Popen(
            [sys.executable, "-m", "tests.store.mortal_worker", *arguments], cwd=Path(__file__).parents[2]
        )

    def kill(self, owner: str) -> None:
        process = self.alive.pop(owner)
        process.kill()
        process.wait()
        self.died_at[owner] = time.monotonic()

    def replace_the_dead(self) -> int:
        dead = [owner for owner, process in self.alive.items() if process.poll() is not None]
        for owner in dead:
            self.kill(owner)
            self.hire()
        return len(dead)

    def lines(self) -> list[tuple[float, str, str, str]]:
        if not self.journal.exists():
            return []
        split = [line.split() for line in self.journal.read_text().splitlines()]
        return [(float(at), what, ref, owner) for at, what, ref, owner in split]


@contextmanager
def a_crew(url: str, journal: Path, size: int, settings: InboxSettings = SETTINGS) -> Iterator[Crew]:
    crew = Crew(url, journal, settings)
    try:
        for _ in range(size):
            crew.hire()
        yield crew
    finally:
        for owner in list(crew.alive):
            crew.kill(owner)


def wait_until_idle(inbox: Inbox, crew: Crew, expected: InboxDepth) -> None:
    deadline = time.monotonic() + 120
    while inbox.depth() != expected:
        assert time.monotonic() < deadline, inbox.depth()
        crew.replace_the_dead()
        time.sleep(0.1)


def spans(crew: Crew) -> dict[str, list[tuple[float, float]]]:
    """For every entity the times in which somebody held it; one who was killed held it until then."""
    begun: dict[tuple[str, str], float] = {}
    held: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for at, what, ref, owner in crew.lines():
        if what == "begins":
            begun[ref, owner] = at
        else:
            held[ref].append((begun.pop((ref, owner)), at))
    for (ref, owner), begin in begun.items():
        held[ref].append((begin, crew.died_at[owner]))
    return held


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


@one_of("engine", "sqlite", "postgresql")
def test_no_mark_is_lost_and_none_judged_by_two_at_once_whoever_is_killed(
    engine: Engine, tmp_path: Path, soak: bool
) -> None:
    refs = REFS if soak else REFS[:80]
    inbox = Inbox(engine, SETTINGS)
    pick = random.Random(20)
    with a_crew(url_of(engine), tmp_path / "journal", 3) as crew:
        for number, ref in enumerate(refs, start=1):
            inbox.mark_dirty(ref)
            if number % MARKS_A_KILL == 0:
                judged = len(crew.lines())
                deadline = time.monotonic() + 60
                while len(crew.lines()) <= judged and time.monotonic() < deadline:  # kill them at work
                    time.sleep(0.005)
                crew.kill(pick.choice(sorted(crew.alive)))
                crew.hire()
        assert len(crew.died_at) == len(refs) // MARKS_A_KILL
        wait_until_idle(inbox, crew, InboxDepth(0, 0, 0, 0.0))
    ended = {ref: at for at, what, ref, _ in crew.lines() if what == "ends"}
    assert set(ended) == {str(ref) for ref in refs}
    for card, times in spans(crew).items():
        ordered = sorted(times)
        assert all(end <= begin for (_, end), (begin, _) in pairwise(ordered)), card


@one_of("engine", "postgresql", "sqlite")
def test_marks_that_arrive_during_checks_are_followed_by_a_check(engine: Engine, tmp_path: Path) -> None:
    inbox = Inbox(engine, SETTINGS)
    pick = random.Random(5)
    few = REFS[:5]
    with a_crew(url_of(engine), tmp_path / "journal", 2) as crew:
        marked_at = {}
        for number in range(200):
            ref = pick.choice(few)
            marked_at[str(ref)] = time.monotonic()
            inbox.mark_dirty(ref)
            if number % 50 == 49:
                crew.kill(pick.choice(sorted(crew.alive)))
                crew.hire()
        wait_until_idle(inbox, crew, InboxDepth(0, 0, 0, 0.0))
    last_begun = {ref: at for at, what, ref, _ in crew.lines() if what == "begins"}
    assert all(last_begun[ref] > at for ref, at in marked_at.items())


@one_of("engine", "postgresql", "sqlite")
def test_one_that_kills_every_worker_ends_in_the_dead_letters_and_the_rest_are_judged(
    engine: Engine, tmp_path: Path, soak: bool
) -> None:
    """Real time: every attempt costs a lease."""
    settings = replace(SETTINGS, max_attempts=4, lease_s=SETTINGS.lease_s if soak else 1.0)
    inbox = Inbox(engine, settings)
    inbox.mark_dirty([POISON, *REFS[:20]])
    with a_crew(url_of(engine), tmp_path / "journal", 2, settings) as crew:
        wait_until_idle(inbox, crew, InboxDepth(0, 0, 1, 0.0))
    assert [letter.ref for letter in inbox.dead_letters()] == [POISON]
    assert {ref for _, what, ref, _ in crew.lines() if what == "ends"} == {str(ref) for ref in REFS[:20]}


@one_of("engine", "sqlite", "postgresql")
def test_a_mark_answered_for_is_there_after_the_marker_is_killed(engine: Engine) -> None:
    marker = (
        "import os, signal, sys; from gatekeeper.store.database import open_engine\n"
        "from gatekeeper.store.inbox import Inbox; from gatekeeper.model.refs import EntityRef, Kind\n"
        "Inbox(open_engine(sys.argv[1])).mark_dirty(EntityRef(Kind.DEAL, 1), delay_s=0)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    for _ in range(3):
        process = subprocess.run([sys.executable, "-c", marker, url_of(engine)], check=False)
        assert process.returncode < 0
    assert [claim.ref for claim in Inbox(engine).claim(50, "worker")] == [EntityRef(Kind.DEAL, 1)]
