"""What is kept of each look, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from gatekeeper.judge.examples import NOON
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.visits import Visit, Visits

DEAL, OTHER, CONTACT = EntityRef(Kind.DEAL, 41), EntityRef(Kind.DEAL, 42), EntityRef(Kind.CONTACT, 41)
SECOND = timedelta(seconds=1)


@pytest.fixture
def visits(engine: Engine) -> Visits:
    return Visits(engine)


def due(at: timedelta = timedelta(0)) -> Visit:
    return Visit(NOON, None, NOON, NOON + at)


def test_the_last_look_counts_and_a_card_that_is_gone_is_forgotten(visits: Visits) -> None:
    visits.record({DEAL: due(), CONTACT: due()})
    newer = Visit(NOON + SECOND, NOON, NOON, None)
    visits.record({DEAL: newer})
    assert visits.load([DEAL, OTHER, CONTACT]) == {DEAL: newer, CONTACT: due()}
    visits.forget([DEAL])
    assert visits.load([DEAL, CONTACT]) == {CONTACT: due()}


def test_cards_fall_due_at_their_time_the_most_overdue_first(visits: Visits) -> None:
    visits.record({DEAL: due(SECOND), OTHER: due(), CONTACT: due(2 * SECOND)})
    assert visits.due(NOON - SECOND, 10) == ()
    assert visits.due(NOON + SECOND, 10) == (OTHER, DEAL)
    assert visits.due(NOON + SECOND, 1) == (OTHER,)


def test_what_was_struck_off_is_due_no_more_but_a_look_in_between_stands(visits: Visits) -> None:
    visits.record({DEAL: due(), OTHER: due()})
    visits.record({OTHER: due(SECOND)})
    visits.strike_due([DEAL, OTHER], NOON)
    assert visits.due(NOON + SECOND, 10) == (OTHER,)


def test_a_find_is_settled_once_it_was_read(visits: Visits) -> None:
    visits.record({DEAL: due()})
    visits.found(dict.fromkeys([DEAL, OTHER], NOON + SECOND))
    assert visits.settle_found() == 0
    assert visits.load([OTHER]) == {OTHER: Visit(None, None, None, None)}
    visits.record({DEAL: Visit(NOON + SECOND, None, NOON, None)})
    assert (visits.settle_found(), visits.settle_found()) == (1, 0)


def test_known_ids_come_in_their_order_by_kind(visits: Visits) -> None:
    visits.record({OTHER: due(), DEAL: due(), CONTACT: due()})
    assert visits.known_ids(Kind.DEAL, 0, 10) == (41, 42)
    assert visits.known_ids(Kind.DEAL, 41, 10) == (42,)
    assert visits.known_ids(Kind.DEAL, 0, 1) == (41,)
    assert visits.known_ids(Kind.LEAD, 0, 10) == ()
