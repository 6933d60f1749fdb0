"""The table of what people are to be told, on both databases."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from gatekeeper.judge.examples import NOON
from gatekeeper.model.quiet_hours import QuietHours
from gatekeeper.store.outbox import (
    LEASE,
    Notice,
    Outbox,
    want,
)

ANNA, BORIS = 2, 3
ALWAYS = QuietHours("UTC")
PAUSE = timedelta(minutes=10)


@pytest.fixture
def outbox(engine: Engine) -> Outbox:
    return Outbox(engine, ALWAYS, PAUSE)


def wish(engine: Engine, *recipients: int, tag: str = "deal:41", at: datetime = NOON, **changes: Any) -> None:
    with engine.begin() as conn:
        stages = {"before": "В работе", "after": "Новая"}
        want(conn, tag, recipients, changes.get("occasion", "revert"), stages, at)


def whom(claimed: tuple[Notice, ...]) -> list[int]:
    return sorted(each.recipient_id for each in claimed)


def test_a_wish_waits_for_its_cards_pass_to_end_well(engine: Engine, outbox: Outbox) -> None:
    wish(engine, ANNA, BORIS)
    before = outbox.claim(NOON)
    outbox.release(["deal:41", "deal:42"], NOON)
    assert (before, whom(outbox.claim(NOON))) == ((), [ANNA, BORIS])


def test_what_did_not_come_about_is_told_to_nobody(engine: Engine, outbox: Outbox) -> None:
    wish(engine, ANNA)
    outbox.drop(["deal:41"])
    outbox.release(["deal:41"], NOON)
    assert outbox.claim(NOON) == ()


def test_what_one_sender_claimed_no_other_gets_until_it_must_be_dead(engine: Engine, outbox: Outbox) -> None:
    wish(engine, ANNA)
    outbox.release(["deal:41"], NOON)
    counts = [len(outbox.claim(NOON + after)) for after in (timedelta(), LEASE / 2, LEASE)]
    assert counts == [1, 0, 1]


def test_what_was_sent_or_struck_is_not_sent_again(engine: Engine, outbox: Outbox) -> None:
    wish(engine, ANNA, BORIS)
    outbox.release(["deal:41"], NOON)
    first, second = outbox.claim(NOON)
    outbox.sent(first, NOON)
    outbox.strike(second)
    assert outbox.claim(NOON + timedelta(days=1)) == ()


def test_a_wish_made_while_the_last_one_is_being_sent_is_not_lost(engine: Engine, outbox: Outbox) -> None:
    wish(engine, ANNA)
    outbox.release(["deal:41"], NOON)
    (claimed,) = outbox.claim(NOON)
    later = NOON + timedelta(seconds=1)
    wish(engine, ANNA, at=later)
    outbox.sent(claimed, later)
    outbox.release(["deal:41"], later)
    assert [len(outbox.claim(later + after)) for after in (timedelta(), PAUSE)] == [0, 1]


@pytest.mark.parametrize(("passed", "count"), [(599, 0), (600, 1)])
def test_one_card_speaks_to_one_person_no_oftener_than_the_pause_allows(
    engine: Engine, outbox: Outbox, passed: int, count: int
) -> None:
    wish(engine, ANNA)
    outbox.release(["deal:41"], NOON)
    (first,) = outbox.claim(NOON)
    outbox.sent(first, NOON)
    wish(engine, ANNA, at=NOON + timedelta(seconds=1))
    outbox.release(["deal:41"], NOON + timedelta(seconds=1))
    assert len(outbox.claim(NOON + timedelta(seconds=passed))) == count


def test_wishes_for_one_card_and_person_are_one_notice_the_move_back_before_the_rest(
    engine: Engine, outbox: Outbox
) -> None:
    wish(engine, ANNA, occasion="violation")
    wish(engine, ANNA, occasion="revert")
    wish(engine, ANNA, occasion="violation")
    outbox.release(["deal:41"], NOON)
    (claimed,) = outbox.claim(NOON)
    assert claimed.occasion == "revert"


def test_in_quiet_hours_it_waits_for_their_end(engine: Engine) -> None:
    outbox = Outbox(engine, QuietHours("UTC", time(12), time(13)), PAUSE)
    wish(engine, ANNA)
    outbox.release(["deal:41"], NOON)
    counts = [len(outbox.claim(NOON + timedelta(minutes=after))) for after in (0, 59, 60)]
    assert counts == [0, 0, 1]


def test_what_cannot_wait_waits_for_no_morning(engine: Engine) -> None:
    outbox = Outbox(engine, QuietHours("UTC", time(12), time(13)), PAUSE)
    outbox.want_now("breaker", [ANNA], "breaker", NOON)
    assert whom(outbox.claim(NOON)) == [ANNA]


def test_a_notice_put_off_comes_back_then(engine: Engine, outbox: Outbox) -> None:
    wish(engine, ANNA)
    outbox.release(["deal:41"], NOON)
    (claimed,) = outbox.claim(NOON)
    outbox.put_off(claimed, NOON + timedelta(hours=1))
    counts = [len(outbox.claim(NOON + timedelta(minutes=after))) for after in (59, 60)]
    assert counts == [0, 1]


def test_a_wish_whose_card_is_gone_is_forgotten_in_the_end(engine: Engine, outbox: Outbox) -> None:
    wish(engine, ANNA)
    outbox.claim(NOON + timedelta(days=3))
    outbox.release(["deal:41"], NOON + timedelta(days=3))
    assert outbox.claim(NOON + timedelta(days=3)) == ()
