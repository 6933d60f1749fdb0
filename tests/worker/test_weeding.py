"""Ids that nobody has hold no real card up, and no card is lost or accused for what a list leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from gatekeeper.config import WebConfig
from gatekeeper.model.errors import Unavailable
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.changes import ChangeReader
from gatekeeper.store.inbox import Inbox
from gatekeeper.web.throttle import Pace
from gatekeeper.worker.weeding import MANY, Weeding
from tests.gate import Gate, a_gate
from tests.planted import TOKEN

FORGED = [EntityRef(Kind.DEAL, 1_000_000 + number) for number in range(3000)]
WAVE = 50


class Says(ChangeReader):
    """What no list shows is this, or an error; remembers what it was asked."""

    def __init__(self, absent: Iterable[EntityRef] = (), error: Unavailable | None = None) -> None:
        self.asked: list[EntityRef] = []
        self._absent = tuple(absent)
        self._error = error

    def absent(self, refs: Iterable[EntityRef], *, priority: Priority) -> tuple[EntityRef, ...]:
        del priority
        self.asked += refs
        if self._error:
            raise self._error
        return self._absent


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_gate(sqlite) as gate:
        yield gate


def weeded_by(gate: Gate, says: Says, many: int = 1) -> None:
    gate.worker = copy(gate.worker)
    gate.worker.settings = type(gate.worker.settings)(wave=2, settle_s=0)
    gate.worker.__post_init__()
    gate.worker.weeding = Weeding(gate.store.inbox, says, many)


def hits(gate: Gate) -> int:
    return len(gate.portal.hits())


def test_a_real_card_behind_3000_made_up_ids_is_judged_within_a_dozen_hits(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Настоящая")
    gate.store.inbox.mark_dirty(FORGED, delay_s=0)
    gate.store.inbox.mark_dirty(deal, delay_s=0)
    before = hits(gate)
    while not gate.store.visits.load([deal]):
        assert gate.worker.run_wave()
    assert hits(gate) - before <= 14
    assert len(gate.said(deal)) == 1


def test_a_stolen_token_makes_a_real_event_with_it_wait_for_a_dozen_hits(gate: Gate) -> None:
    """3,000 ids within 5 s, in the moments in which they come; the portal allows 50 hits at once."""
    deal = gate.add(Kind.DEAL, title="Настоящая")
    pace, clock = Pace(WebConfig().events_per_minute, lambda: clock[0]), [0.0]

    def heard(ref: EntityRef) -> None:
        priority = Priority.LIVE if pace.is_usual(TOKEN) else Priority.CROWD
        gate.store.inbox.mark_dirty(ref, priority=priority, delay_s=0)

    for number, ref in enumerate(FORGED):
        clock[0] = number / 600
        heard(ref)
    clock[0] = 5.1
    heard(deal)
    assert gate.store.inbox.waiting([deal]) == {deal: Priority.LIVE}
    before = hits(gate)
    while not gate.store.visits.load([deal]):
        assert gate.worker.run_wave()
    assert hits(gate) - before <= 14


def test_made_up_ids_cost_a_command_each_and_leave_nothing_behind(gate: Gate) -> None:
    gate.worker.run_wave()
    before = hits(gate)
    gate.look_at(*FORGED)
    assert hits(gate) - before <= len(FORGED) / WAVE + 10
    depth = gate.store.inbox.depth()
    assert (depth.waiting, depth.leased, depth.dead) == (0, 0, 0)


def test_a_list_that_shows_nothing_only_makes_cards_wait(gate: Gate) -> None:
    deals = [gate.add(Kind.DEAL, title=f"Сделка {number}") for number in range(7)]
    says = Says(absent=deals)
    weeded_by(gate, says)
    gate.look_at(*deals)
    assert says.asked
    assert [len(gate.said(deal)) for deal in deals] == [1] * len(deals)


def test_a_deleted_card_that_a_list_left_out_is_closed_and_a_hidden_one_is_put_aside(gate: Gate) -> None:
    gone, hidden = gate.add(Kind.DEAL, title="Удалённая"), gate.add(Kind.DEAL, title="Скрытая")
    gate.look_at(gone, hidden)
    gate.rest("crm.item.delete", entityTypeId=2, id=gone.id)
    gate.control("faults", kind="hidden", ref=str(hidden))
    gate.store.inbox.mark_dirty([gone, hidden], priority=Priority.DOUBT, delay_s=0)
    assert gate.worker.run_wave()
    assert gone not in gate.store.visits.load([gone])
    assert [letter.ref for letter in gate.store.inbox.dead_letters()] == [hidden]


def test_few_cards_are_not_asked_about_first(gate: Gate) -> None:
    says = Says()
    gate.worker.weeding = Weeding(gate.store.inbox, says)
    gate.look_at(*FORGED[: MANY - 1])
    assert says.asked == []


def test_a_mark_is_asked_about_once(gate: Gate) -> None:
    says = Says()
    weeding = Weeding(gate.store.inbox, says, many=1)
    gate.store.inbox.mark_dirty(FORGED[:3], delay_s=0)
    weeding.weed()
    weeding.weed()
    assert says.asked == FORGED[:3]
    gate.store.inbox.mark_dirty(FORGED[0], delay_s=0)
    weeding.weed()
    assert says.asked == [*FORGED[:3], FORGED[0]]


def test_a_portal_that_is_away_keeps_every_card_where_it_was(gate: Gate) -> None:
    weeding = Weeding(gate.store.inbox, Says(error=Unavailable("batch")), many=1)
    gate.store.inbox.mark_dirty(FORGED[:3], delay_s=0)
    weeding.weed()
    assert gate.store.inbox.waiting(FORGED[:3]) == dict.fromkeys(FORGED[:3], Priority.LIVE)


def test_an_event_that_comes_while_the_list_is_asked_is_not_put_back(engine: Engine) -> None:
    inbox = Inbox(engine)
    inbox.mark_dirty(FORGED[:2], delay_s=0)
    waiting = inbox.due_by_event(10)
    inbox.mark_dirty(FORGED[0], delay_s=0)
    inbox.doubt(waiting)
    assert inbox.waiting(FORGED[:2]) == {FORGED[0]: Priority.LIVE, FORGED[1]: Priority.DOUBT}
    inbox.mark_dirty(FORGED[1], delay_s=0)
    assert inbox.waiting(FORGED[1:2]) == {FORGED[1]: Priority.LIVE}


def test_a_card_that_is_being_looked_at_is_not_put_back(engine: Engine) -> None:
    inbox = Inbox(engine)
    inbox.mark_dirty(FORGED[0], delay_s=0)
    waiting = inbox.due_by_event(10)
    (claim,) = inbox.claim(1, "another")
    inbox.doubt(waiting)
    assert inbox.waiting(FORGED[:1]) == {FORGED[0]: Priority.LIVE}
    inbox.failed(claim, "busy", datetime.now(UTC))
