"""GET /status of a whole gatekeeper: what an admin reads there, who may, and that nothing in it is markup."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from gatekeeper.app.web_process import make_admin_app
from gatekeeper.enforcement import CloseNotes, MoveStage, Notify, PostComment, SetField, UpdateComment
from gatekeeper.messages.words import tables
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.model.trouble import TroubleKind
from gatekeeper.store.heartbeat import heartbeat
from tests.gate import Gate, a_gate
from tests.typography import plain


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_gate(sqlite) as gate:
        gate.store.heartbeat.beat("test:1")
        yield gate


def page(gate: Gate, **warnings: Any) -> str:
    return plain(client(gate, **warnings).get("/status").text)


def client(gate: Gate, **warnings: Any) -> FlaskClient:
    return make_admin_app(gate.gatekeeper.config, gate.store, gate.gatekeeper.meter, warnings).test_client()


def test_a_gate_that_is_well_says_so_and_tells_what_it_did(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Сделка клиента Иванова")
    gate.look_at(deal)
    shown = page(gate)
    assert "Всё в порядке." in shown
    assert f'href="{gate.sandbox.url}/crm/deal/details/{deal.id}/"' in shown
    assert "Развёрнутый комментарий" in shown
    assert "комментарий ✓" in shown
    assert "Иванов" not in shown


def test_whatever_needs_somebody_is_told_at_the_top(gate: Gate) -> None:
    gate.control("faults", kind="revoked")
    gate.store.inbox.mark_dirty(EntityRef(Kind.DEAL, 1), delay_s=0)
    gate.worker.run_wave()
    shown = page(gate)
    assert "Портал не принимает вебхук с" in shown
    assert "Всё в порядке." not in shown


def test_a_card_put_aside_is_named_with_its_reason_and_nothing_in_it_is_markup(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Скрытая")
    inbox = gate.store.inbox
    inbox.mark_dirty(deal, delay_s=0)
    (claim,) = inbox.claim(1, "test")
    inbox.give_up(claim, "<script>alert(1)</script>")
    shown = page(gate)
    assert "Отложено карточек после неудачных попыток: 1." in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<script>" not in shown


def test_a_breaker_a_silent_worker_and_a_refused_config_are_told_of(gate: Gate, sqlite: Engine) -> None:
    reverts = gate.store.breaker.settings.reverts
    deals = [(EntityRef(Kind.DEAL, number), datetime.now(UTC)) for number in range(reverts + 1)]
    gate.store.breaker.admit(deals, datetime.now(UTC))
    with sqlite.begin() as conn:
        conn.execute(heartbeat.delete())
    shown = page(gate, config=lambda: "rules.lead.status: нет такого правила")
    assert "Предохранитель сработал" in shown
    assert "Worker ещё не запускался" in shown
    assert "Изменённые настройки не приняты, действуют прежние: rules.lead.status" in shown


def test_strangers_find_nothing_and_no_script_may_run(gate: Gate) -> None:
    asker = client(gate)
    assert asker.get("/status", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 404
    headers = asker.get("/status").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Cache-Control"] == "no-store"


def test_without_a_database_the_page_says_so(gate: Gate) -> None:
    asker = client(gate)
    with gate.store.engine.begin() as conn:
        conn.execute(text("DROP TABLE heartbeat"))
    answer = asker.get("/status")
    assert answer.status_code == 503
    assert "База данных не отвечает." in answer.text


def test_there_is_a_word_for_everything() -> None:
    russian = tables("ru", "status")
    assert set(russian["troubles"]) == {each.value for each in TroubleKind}
    assert set(russian["kinds"]) == {each.value for each in Kind}
    actions = (PostComment, UpdateComment, CloseNotes, MoveStage, SetField, Notify)
    assert set(russian["actions"]) == {each.__name__ for each in actions}
