"""Whose words are whose: our notes, and what people make of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gatekeeper.app.bootstrap import open_gatekeeper
from gatekeeper.app.worker_process import make_worker
from gatekeeper.config import DatabaseConfig, Secret
from gatekeeper.judge.examples import A_DETAILED_COMMENT
from gatekeeper.model.refs import Kind
from tests.gate import Gate, a_gate


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_gate(sqlite) as gate:
        yield gate


def test_a_persons_answer_above_a_copy_of_our_note_stays_and_counts(gate: Gate) -> None:
    """He copied what we wrote and answered above it: it is his comment, whatever stands under it."""
    deal = gate.a_correct_deal()
    for each in gate.rest("crm.timeline.comment.list", filter={"ENTITY_TYPE": "deal", "ENTITY_ID": deal.id}):
        gate.rest("crm.timeline.comment.delete", id=each["ID"])
    gate.look_at(deal)
    (accused,) = gate.said(deal)
    assert "в таймлайне нет ни одного комментария" in accused
    answer = f"{A_DETAILED_COMMENT}\n{accused}"
    gate.comment(deal, answer)
    gate.look_at(deal)
    assert answer in gate.comments(deal)
    assert "устранены" in gate.said(deal)[0]


def test_a_copy_of_our_note_is_no_detailed_comment(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    gate.comment(deal, f"ок\n{gate.said(deal)[0]}")
    gate.look_at(deal)
    assert "комментарий «ок» не развёрнутый" in gate.said(deal)[0]


def test_a_mark_typed_before_we_said_anything_is_not_written_over(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    typed = f"{A_DETAILED_COMMENT} gk-d{deal.id}-00000000"
    gate.comment(deal, typed)
    gate.look_at(deal)
    gate.look_at(deal)
    assert gate.comments(deal)[0] == typed
    assert len(gate.comments(deal)) == 2
    assert "Развёрнутый комментарий" not in gate.said(deal)[0]


def test_after_the_webhook_changed_hands_and_the_database_was_lost_our_notes_are_still_known(
    gate: Gate, tmp_path: Path
) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    (number,) = (row["id"] for row in gate.sandbox.portal.store.rows("SELECT id FROM timeline"))
    with gate.sandbox.portal.store.changes():
        gate.sandbox.portal.store.update("timeline", number, {"author_id": 5})
    url = Secret(f"sqlite:///{tmp_path / 'new.db'}")
    gate.gatekeeper = open_gatekeeper(replace(gate.gatekeeper.config, database=DatabaseConfig(url)))
    gate.worker = make_worker(gate.gatekeeper)
    gate.fill_index()
    writes = gate.writes()
    gate.look_at(deal)
    assert gate.writes() == writes
    gate.change(deal, UF_CRM_PRODUCT_GROUP=45)
    gate.look_at(deal)
    gate.gatekeeper.close()
    assert len(gate.comments(deal)) == 1
