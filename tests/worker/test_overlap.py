"""A wave that takes long keeps nobody else waiting, and one that does not has no other beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import Engine

from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.writer import Result
from gatekeeper.worker.overlap import Overlap
from gatekeeper.worker.wave.reconcile import Reconciler
from tests.gate import Gate, a_gate
from tests.processes import until


@dataclass(frozen=True)
class Stuck(Reconciler):
    """A portal that takes its time for one card."""

    slow: EntityRef | None = None
    go_on: threading.Event = field(default_factory=threading.Event)

    def reconcile(
        self,
        refs: Sequence[EntityRef],
        priority: Priority,
        renew: Callable[[], Any],
        glances: Collection[EntityRef] = (),
    ) -> dict[EntityRef, Result]:
        if self.slow in refs:
            assert self.go_on.wait(20)
        return Reconciler.reconcile(self, refs, priority, renew, glances)


@pytest.fixture
def gate(engine: Engine) -> Iterator[Gate]:
    with a_gate(engine) as gate:
        yield gate


@pytest.fixture
def slow(gate: Gate) -> EntityRef:
    return gate.add(Kind.DEAL, title="Долгая")


def stuck(gate: Gate, slow: EntityRef) -> Stuck:
    own = gate.worker.reconciler
    values = {name: getattr(own, name) for name in Reconciler.__dataclass_fields__}
    return Stuck(**values, slow=slow)


def test_a_card_is_judged_while_another_ones_wave_lasts(gate: Gate, slow: EntityRef) -> None:
    reconciler = stuck(gate, slow)
    first = replace(gate.worker, reconciler=reconciler)
    second = replace(first, owner="second")
    gate.store.inbox.mark_dirty(slow, delay_s=0)
    wave = threading.Thread(target=first.run_wave)
    with Overlap(first, second, held_up_s=0.05).beside():
        wave.start()
        until(lambda: first.wave_s > 0, "the first wave begins")
        deal = gate.add(Kind.DEAL, title="Пустая")
        gate.store.inbox.mark_dirty(deal, delay_s=0)
        until(lambda: len(gate.said(deal)) == 1, "the other card is judged")
        assert gate.said(slow) == []
        reconciler.go_on.set()
        wave.join()
    assert len(gate.said(slow)) == 1
    assert first.wave_s == 0


def test_there_is_no_second_wave_beside_none(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    with Overlap(gate.worker, replace(gate.worker, owner="second"), held_up_s=0.0).beside():
        gate.store.inbox.mark_dirty(deal, delay_s=0)
        threading.Event().wait(0.6)
        assert gate.said(deal) == []
