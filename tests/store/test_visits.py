"""What is kept of each look, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from gatekeeper.judge.examples import NOON
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.visits import Look, Looks

DEAL, OTHER, CONTACT = EntityRef(Kind.DEAL, 41), EntityRef(Kind.DEAL, 42), EntityRef(Kind.CONTACT, 41)
SECOND = timedelta(seconds=1)


@pytest.fixture
def looks(engine: Engine) -> Looks:
    return Looks(engine)


def due(at: timedelta = timedelta(0)) -> Look:
    return Look(NOON, None, NOON, NOON + at)


def test_the_last_look_counts_and_a_card_that_is_gone_is_forgotten(looks: Looks) -> None:
    looks.record({DEAL: due(), CONTACT: due()})
    newer = Look(NOON + SECOND, NOON, NOON, None)
    looks.record({DEAL: newer})
    assert looks.load([DEAL, OTHER, CONTACT]) == {DEAL: newer, CONTACT: due()}
    looks.forget([DEAL])
    assert looks.load([DEAL, CONTACT]) == {CONTACT: due()}


def test_cards_fall_due_at_their_time_the_most_overdue_first(looks: Looks) -> None:
    looks.record({DEAL: due(SECOND), OTHER: due(), CONTACT: due(2 * SECOND)})
    assert looks.due(NOON - SECOND, 10) == ()
    assert looks.due(NOON + SECOND, 10) == (OTHER, DEAL)
    assert looks.due(NOON + SECOND, 1) == (OTHER,)


def test_what_was_struck_off_is_due_no_more_but_a_look_in_between_stands(looks: Looks) -> None:
    looks.record({DEAL: due(), OTHER: due()})
    looks.record({OTHER: due(SECOND)})
    looks.strike_due([DEAL, OTHER], NOON)
    assert looks.due(NOON + SECOND, 10) == (OTHER,)


def test_a_find_is_settled_once_it_was_read(looks: Looks) -> None:
    looks.record({DEAL: due()})
    looks.found(dict.fromkeys([DEAL, OTHER], NOON + SECOND))
    assert looks.settle_found() == 0
    assert looks.load([OTHER]) == {OTHER: Look(None, None, None, None)}
    looks.record({DEAL: Look(NOON + SECOND, None, NOON, None)})
    assert (looks.settle_found(), looks.settle_found()) == (1, 0)


def test_known_ids_come_in_their_order_by_kind(looks: Looks) -> None:
    looks.record({OTHER: due(), DEAL: due(), CONTACT: due()})
    assert looks.known_ids(Kind.DEAL, 0, 10) == (41, 42)
    assert looks.known_ids(Kind.DEAL, 41, 10) == (42,)
    assert looks.known_ids(Kind.DEAL, 0, 1) == (41,)
    assert looks.known_ids(Kind.LEAD, 0, 10) == ()
