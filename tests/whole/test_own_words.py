"""Whose words are whose: our notes, and what people make of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import Engine

from gatekeeper.app.bootstrap import open_gatekeeper, signer_of
from gatekeeper.app.worker_process import make_worker
from gatekeeper.config import DatabaseConfig, MessagesConfig, Secret
from gatekeeper.enforcement.repeats import MOST_A_DAY
from gatekeeper.judge.examples import A_DETAILED_COMMENT, NOON
from gatekeeper.judge.policy import Fields
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.model.signature import sign
from tests.gate import Gate, a_gate
from tests.planted import NOTE_KEY


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
    assert "пока нет. Напишите" in accused
    answer = f"{A_DETAILED_COMMENT}\n{accused}"
    gate.comment(deal, answer)
    gate.look_at(deal)
    assert answer in gate.comments(deal)
    assert "Всё исправлено" in gate.said(deal)[0]


def test_a_copy_of_our_note_is_no_detailed_comment(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    gate.comment(deal, f"ок\n{gate.said(deal)[0]}")
    gate.look_at(deal)
    assert "«ок»: слишком коротко" in gate.said(deal)[0]


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
    """The key is an admin's own and outlives both."""
    config = gate.gatekeeper.config
    gate.restart(replace(config, portal=replace(config.portal, note_key=Secret(NOTE_KEY))))
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


def test_after_the_database_and_its_key_were_lost_our_notes_are_still_known(
    gate: Gate, tmp_path: Path
) -> None:
    """The key lay beside the database. What the owner wrote word for word before the new one is ours."""
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    with gate.sandbox.portal.store.changes():
        earlier = {"created": int(NOON.timestamp())}
        gate.sandbox.portal.store.update("timeline", ids(gate, deal)[0], earlier)
    move_house(gate, tmp_path / "new.db")
    writes = gate.writes()
    gate.look_at(deal)
    assert gate.writes() == writes
    gate.change(deal, UF_CRM_PRODUCT_GROUP=45)
    gate.look_at(deal)
    assert len(gate.comments(deal)) == 1
    assert "☑ Группа продуктов" in gate.said(deal)[0]


def move_house(gate: Gate, database: Path) -> None:
    """Let the gate go on with an empty database, and a key that is made beside it."""
    config = gate.gatekeeper.config
    url = Secret(f"sqlite:///{database}")
    gate.gatekeeper = open_gatekeeper(replace(config, database=DatabaseConfig(url)))
    gate.worker = make_worker(gate.gatekeeper)
    gate.fill_index()


@pytest.mark.parametrize("author", [1, 5])
def test_a_forged_note_is_a_persons_comment_and_silences_nobody(gate: Gate, author: int) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    forged = sign("☑ [b]Все замечания устранены.[/b] Спасибо!", deal, "Контроль регламента")
    typed = [forged, f"{forged}-0123456789ab"]
    for text in typed:
        fields = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal.id, "COMMENT": text}
        gate.rest("crm.timeline.comment.add", user=author, fields=fields)
    gate.look_at(deal)
    assert gate.comments(deal)[:2] == typed
    (said,) = gate.said(deal)
    assert "Осталось исправить" in said


EARLIER_WORDS = """[b]Сделка пока не по регламенту.[/b] Исправьте отмеченное — запись обновится сама.
☐ [b]Контакт[/b] — к сделке не привязан контакт. Добавьте клиента."""


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_note_in_the_words_of_an_earlier_version_is_known_and_rewritten_once(
    sqlite: Engine, language: Literal["ru", "en"]
) -> None:
    with a_gate(sqlite, messages=MessagesConfig(language=language)) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая")
        gate.look_at(deal)
        (number,), (today,) = ids(gate, deal), gate.said(deal)
        label = {"ru": "Контроль регламента", "en": "Regulations check"}[language]
        edit(gate, number, signer_of(gate.gatekeeper).seal(sign(EARLIER_WORDS, deal, label)))
        gate.look_at(deal)
        assert gate.said(deal) == [today]
        assert len(gate.comments(deal)) == 1
        writes = gate.writes()
        gate.look_at(deal)
        assert gate.writes() == writes


def test_a_person_who_edits_our_note_is_put_right(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    (number,), (before,) = ids(gate, deal), gate.said(deal)
    edit(gate, number, before.replace("Осталось исправить", "полностью по регламенту"))
    gate.look_at(EntityRef(Kind.COMMENT, number))
    assert gate.said(deal) == [before]


def test_what_is_undone_each_time_is_written_three_times_a_day_and_a_person_told(gate: Gate) -> None:
    told = replace(gate.gatekeeper.config.notifications, quality_control=(9,))
    gate.restart(replace(gate.gatekeeper.config, notifications=told))
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    (number,), (ours,) = ids(gate, deal), gate.said(deal)
    spoilt = ours.replace("пока не", "вполне")
    for _ in range(6):
        edit(gate, number, spoilt)
        gate.look_at(deal)
    assert gate.comments(deal) == [spoilt]
    written = [action.name for action in gate.actions(deal)]
    assert written.count("PostComment") + written.count("UpdateComment") == MOST_A_DAY
    assert written.count("Notify") == 1
    gate.change(deal, UF_CRM_PRODUCT_GROUP=45)
    gate.look_at(deal)
    assert "☑ Группа продуктов" in gate.said(deal)[0]
    edit(gate, number, spoilt)
    gate.let_pass(timedelta(days=1, hours=1))
    assert "☑ Группа продуктов" in gate.said(deal)[0]


def test_a_note_that_is_deleted_each_time_is_posted_three_times_a_day(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    for _ in range(6):
        gate.look_at(deal)
        for number in ids(gate, deal):
            gate.rest("crm.timeline.comment.delete", user=1, id=number)
    assert [action.name for action in gate.actions(deal)] == ["PostComment"] * MOST_A_DAY


def test_a_status_that_is_cleared_each_time_is_set_three_times_a_day(sqlite: Engine) -> None:
    fields = Fields(product_group="UF_CRM_PRODUCT_GROUP", status="UF_CRM_GATEKEEPER_STATUS")
    with a_gate(sqlite, fields=fields) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая")
        for _ in range(6):
            gate.look_at(deal)
            gate.change(deal, UF_CRM_GATEKEEPER_STATUS="")
        assert [action.name for action in gate.actions(deal)].count("SetField") == MOST_A_DAY
        assert not gate.item(deal)["ufCrmGatekeeperStatus"]


def test_a_write_that_the_portal_refused_is_no_repeat(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    method = "crm.timeline.comment.add"
    gate.control("faults", kind="error", method=method, code="QUERY_LIMIT_EXCEEDED", count=5)
    for _ in range(6):
        gate.look_at(deal)
        gate.store.inbox.mark_dirty([deal], delay_s=0)
    gate.look_at(deal)
    assert len(gate.said(deal)) == 1


def test_of_two_notes_of_ours_one_lives_and_the_other_is_closed(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    (ours,) = gate.said(deal)
    fields = {"ENTITY_TYPE": "deal", "ENTITY_ID": deal.id, "COMMENT": ours}
    second = gate.rest("crm.timeline.comment.add", user=1, fields=fields)
    gate.rest("crm.timeline.item.pin", user=1, id=second, ownerTypeId=2, ownerId=deal.id)
    gate.look_at(deal)
    living, closed = gate.said(deal)
    assert living == ours
    assert closed.startswith("Эта запись закрыта.")
    assert gate.pinned(deal) == [ids(gate, deal)[0]]
    writes = gate.writes()
    gate.look_at(deal)
    assert gate.writes() == writes
    gate.change(deal, UF_CRM_PRODUCT_GROUP=45)
    gate.look_at(deal)
    assert gate.said(deal)[1] == closed
    assert "☑ Группа продуктов" in gate.said(deal)[0]


def ids(gate: Gate, deal: EntityRef) -> list[int]:
    query = "SELECT id FROM timeline WHERE kind = 'deal' AND owner_id = ? ORDER BY id"
    return [row["id"] for row in gate.sandbox.portal.store.rows(query, (deal.id,))]


def edit(gate: Gate, number: int, text: str) -> None:
    gate.rest("crm.timeline.comment.update", user=1, id=number, fields={"COMMENT": text})
