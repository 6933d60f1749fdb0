"""Whatever part of it fails, the worker goes on, and the cards are judged once it can."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from gatekeeper.model.refs import Kind
from gatekeeper.worker.guard import Guard
from gatekeeper.worker.loop import Chores, Worker
from tests.gate import Gate, a_gate
from tests.processes import until

TIMES = 2


class Fails:
    """Fails so many times, then does what it stands for."""

    def __init__(self, error: Exception, whole: Callable[..., Any]) -> None:
        self.left = TIMES
        self._error = error
        self._whole = whole

    def __call__(self, *given: Any, **named: Any) -> Any:
        if self.left:
            self.left -= 1
            raise self._error
        return self._whole(*given, **named)


class Broken:
    """The same object, but for one of its methods."""

    def __init__(self, whole: object, method: str, error: Exception) -> None:
        self._whole = whole
        self.failing = Fails(error, getattr(whole, method))
        setattr(self, method, self.failing)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)


def away() -> Exception:
    return OperationalError("SELECT 1", {}, Exception("database is locked"))


def impatient() -> Guard:
    """A guard whose minutes are over at once."""
    moments = iter(range(0, 10**9, 60))
    return Guard(lambda: float(next(moments)))


def a_hasty(gate: Gate, part: str, other: object) -> Worker:
    """The gate's worker with another part, which neither rests nor waits."""
    worker = copy(gate.worker)
    worker.guard = impatient()
    worker.settings = replace(worker.settings, poll_s=0.01)
    setattr(worker, part, other)
    return worker


def with_chores(chores: Chores, name: str, others: Any) -> Chores:
    return replace(chores, **{name: others})


@contextmanager
def running(worker: Worker) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_gate(sqlite) as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize("error", [ValueError("unknown SEMANTICS"), away()], ids=["mistake", "database"])
@pytest.mark.parametrize(
    ("part", "method"),
    [
        ("heartbeat", "beat"),
        ("reader", "prepare"),
        ("inbox", "claim"),
        ("inbox", "done"),
        ("reconciler", "reconcile"),
    ],
)
def test_a_part_that_fails_ends_nothing_and_no_card_pays(
    gate: Gate, part: str, method: str, error: Exception
) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    broken = Broken(getattr(gate.worker, part), method, error)
    worker = a_hasty(gate, part, broken)
    gate.store.inbox.mark_dirty(deal, delay_s=0)
    with running(worker):
        until(lambda: broken.failing.left < TIMES and bool(gate.said(deal)), "the warning")
        until(lambda: gate.is_idle, "an empty inbox")
    assert len(gate.said(deal)) == 1
    assert gate.store.inbox.dead_letters() == ()


@pytest.mark.parametrize("chore", ["idle", "errands"])
def test_a_chore_that_fails_ends_nothing(gate: Gate, chore: str) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    failing = Fails(ValueError(), lambda: False)
    worker = a_hasty(gate, "chores", with_chores(gate.worker.chores, chore, {"broken": failing}))
    with running(worker):
        until(lambda: failing.left == 0, "the failures")
        gate.store.inbox.mark_dirty(deal, delay_s=0)
        until(lambda: bool(gate.said(deal)), "the warning")


def test_a_database_that_goes_away_in_the_midst_of_a_wave_costs_no_attempt(gate: Gate) -> None:
    deals = [gate.add(Kind.DEAL, title=f"Сделка {number}") for number in range(3)]
    broken = Broken(gate.worker.reconciler, "reconcile", away())
    worker = a_hasty(gate, "reconciler", broken)
    gate.store.inbox.mark_dirty(deals, delay_s=0)
    for _ in range(TIMES):
        with pytest.raises(OperationalError):
            worker.run_wave()
    while worker.run_wave():
        pass
    assert [len(gate.said(deal)) for deal in deals] == [1, 1, 1]
