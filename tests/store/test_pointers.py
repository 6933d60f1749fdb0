"""Where a comment or an activity hung, when it can no longer be asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from gatekeeper.judge.examples import NOON
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.pointers import FORGOTTEN, STALE, Pointers
from tests.gate import Gate, a_gate

DEAL, LEAD = EntityRef(Kind.DEAL, 41), EntityRef(Kind.LEAD, 17)
COMMENT, CALL = EntityRef(Kind.COMMENT, 500), EntityRef(Kind.ACTIVITY, 500)


@pytest.fixture
def pointers(engine: Engine) -> Pointers:
    return Pointers(engine)


def test_a_pointer_leads_to_every_card_that_it_was_seen_on(pointers: Pointers) -> None:
    pointers.keep({DEAL: [COMMENT, CALL], LEAD: [CALL]}, NOON)
    assert pointers.cards_of([COMMENT, CALL]) == {COMMENT: (DEAL,), CALL: (DEAL, LEAD)}
    assert pointers.cards_of([EntityRef(Kind.COMMENT, 501)]) == {EntityRef(Kind.COMMENT, 501): ()}
    assert pointers.cards_of([]) == {}


def test_what_is_known_already_is_not_written_again(pointers: Pointers, engine: Engine) -> None:
    pointers.keep({DEAL: [COMMENT]}, NOON)
    writes: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        writes.extend([statement] if statement.startswith("INSERT") else [])

    pointers.keep({DEAL: [COMMENT]}, NOON + STALE)
    assert writes == []
    pointers.keep({DEAL: [COMMENT]}, NOON + STALE + timedelta(seconds=1))
    assert len(writes) == 1


def test_what_was_not_seen_for_long_is_dropped_and_what_was_is_kept(pointers: Pointers) -> None:
    pointers.keep({DEAL: [COMMENT, CALL]}, NOON)
    pointers.keep({DEAL: [CALL]}, NOON + 2 * STALE)
    assert pointers.prune(NOON + FORGOTTEN) == 0
    assert pointers.prune(NOON + FORGOTTEN + timedelta(seconds=1)) == 1
    assert pointers.cards_of([COMMENT, CALL]) == {COMMENT: (), CALL: (DEAL,)}


def test_more_than_a_statement_holds_is_kept_whole(pointers: Pointers) -> None:
    many = [EntityRef(Kind.COMMENT, number) for number in range(1, 1202)]
    pointers.keep({DEAL: many}, NOON)
    assert set(pointers.cards_of(many).values()) == {(DEAL,)}


@pytest.fixture
def gate(engine: Engine) -> Iterator[Gate]:
    with a_gate(engine) as gate:
        yield gate


def test_deleting_the_only_detailed_comment_of_a_deal_all_well_is_noticed(gate: Gate) -> None:
    deal = gate.a_correct_deal()
    gate.look_at(deal)
    assert gate.said(deal) == []
    owner = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal.id}
    (row,) = gate.rest("crm.timeline.comment.list", filter=owner)
    gate.rest("crm.timeline.comment.delete", id=int(row["ID"]))
    gate.look_at(EntityRef(Kind.COMMENT, int(row["ID"])))
    assert "Развёрнутый комментарий" in gate.said(deal)[0]


def test_deleting_our_own_warning_brings_it_back(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    gate.look_at(deal)
    owner = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal.id}
    (row,) = gate.rest("crm.timeline.comment.list", filter=owner)
    gate.rest("crm.timeline.comment.delete", user=1, id=int(row["ID"]))
    gate.look_at(EntityRef(Kind.COMMENT, int(row["ID"])))
    assert len(gate.said(deal)) == 1


def test_a_deleted_call_leads_to_its_deal(gate: Gate) -> None:
    deal = gate.a_correct_deal()
    call = gate.control("activity", owner=str(deal), kind="call_out", answered=True, seconds=60)["id"]
    gate.look_at(deal)
    gate.rest("crm.activity.delete", id=call)
    inbox = gate.store.inbox
    inbox.mark_dirty(EntityRef(Kind.ACTIVITY, call), delay_s=0)
    assert gate.worker.run_wave()
    assert [claim.ref for claim in inbox.claim(50, "onlooker")] == [deal]
