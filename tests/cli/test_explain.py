"""`explain` and `replay`: the story of a card as its admin reads it, and the same verdict a second time."""

from __future__ import annotations

import json
import re
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, delete, select, update

from bitrix24_sandbox.options import APPLICATION_TOKEN
from gatekeeper.cli import main
from gatekeeper.config import EnforcementConfig, JournalConfig
from gatekeeper.judge.policy import (
    Fields,
    Fines,
    GracePeriod,
    MandatoryOptions,
    Mode,
    Policy,
    Rules,
)
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.journal.tables import decision_table, policy_table, snapshot_table, violation_table
from tests.gate import Gate, a_gate
from tests.processes import free_port, write_config
from tests.whole.test_reverts import push

Run = Callable[..., Result]
OTHER_VERSION = "данные сохранены другой версией привратника"
SECRET = "Тайнов Секрет Секретович"
PRIVATE = (SECRET, "Тайнов", "Секретович", "+7 903 555-44-33", "tainov@", "1990-05-17")


@pytest.fixture
def engine(sqlite: Engine) -> Engine:
    return sqlite


@pytest.fixture
def gate(engine: Engine) -> Iterator[Gate]:
    with a_gate(engine) as gate:
        yield gate


@pytest.fixture
def masked(engine: Engine) -> Iterator[Gate]:
    with a_gate(engine, journal=JournalConfig(mask_personal_data=True)) as gate:
        yield gate


@pytest.fixture
def run(engine: Engine, tmp_path: Path) -> Run:
    config = write_config(tmp_path, "http://127.0.0.1:1/rest/1/sandbox/", free_port())
    environ = {"GATEKEEPER_APPLICATION_TOKENS": APPLICATION_TOKEN, "GATEKEEPER_DATABASE_URL": str(engine.url)}

    def run(*words: Any) -> Result:
        return CliRunner().invoke(main, [*map(str, words), "--config", str(config)], env=environ)

    return run


def explain(run: Run, ref: EntityRef) -> str:
    result = run("explain", ref.kind.value, ref.id)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def decisions(run: Run, ref: EntityRef) -> list[str]:
    story = json.loads(run("explain", ref.kind.value, ref.id, "--json").stdout)
    return [each["id"] for each in story["decisions"]]


def test_a_card_never_seen_has_no_story(run: Run) -> None:
    assert explain(run, EntityRef(Kind.DEAL, 662)) == (
        "deal:662\n"
        "Этой карточки привратник ещё не видел.\n\n"
        "Ничего не ждёт. Следующая проверка — когда карточку изменят.\n"
    )


def test_a_card_that_was_always_in_order_says_so(gate: Gate, run: Run) -> None:
    deal = gate.a_correct_deal()
    gate.look_at(deal)
    told = explain(run, deal)
    assert "Карточка впервые прочитана" in told
    assert "☐" not in told
    assert "Сейчас замечаний нет." in told


def test_the_story_of_a_deal_that_fell_short_was_moved_back_and_cured(gate: Gate, run: Run) -> None:
    deal = gate.a_correct_deal()
    gate.change(deal, UF_CRM_PRODUCT_GROUP=None)
    gate.look_at(deal)
    gate.change(deal, user=4, stageId="EXECUTING")
    gate.look_at(deal)
    open_story = explain(run, deal)
    gate.change(deal, UF_CRM_PRODUCT_GROUP=45)
    gate.look_at(deal)
    closed_story = explain(run, deal)
    assert "Сейчас открыто:\n  ☐ Группа продуктов — не выбрана." in open_story
    assert "Ждёт исправления" in open_story
    assert "  → возврат со стадии EXECUTING на NEW, стадию сменил пользователь 4: сделано\n" in open_story
    in_order = ["Карточка впервые прочитана", "☐ Группа продуктов", "→ запись в карточке: сделано"]
    in_order += ["→ возврат со", "→ правка записи", "☑ Группа продуктов: исправлено", "Сейчас замечаний нет."]
    places = [closed_story.index(each) for each in in_order]
    assert places == sorted(places)
    assert not re.search(r"\[/?b\]|\[i\]|None|\{", closed_story)


def test_the_story_in_english_says_the_same(gate: Gate, run: Run, tmp_path: Path) -> None:
    config = tmp_path / "gatekeeper.toml"
    config.write_text(config.read_text() + '\n[messages]\nlanguage = "en"\n')
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    told = explain(run, deal)
    assert "Open now:\n  ☐ Product group — not selected." in told
    assert not re.search(r"[а-яА-Я]", told)


def test_what_is_being_waited_for_is_told(gate: Gate, run: Run) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.store.inbox.mark_dirty(deal, delay_s=600)
    assert "Стоит в очереди на проверку, не раньше" in explain(run, deal)
    gate.store.inbox.mark_dirty(deal, delay_s=0)
    (claim,) = gate.store.inbox.claim(1, "worker")
    assert "Карточка проверяется сейчас" in explain(run, deal)
    gate.store.inbox.give_up(claim, "crm.item.get · ACCESS_DENIED")
    assert "нужен администратор. Ошибка: crm.item.get · ACCESS_DENIED" in explain(run, deal)


def test_a_card_that_is_deleted_closes_its_story(gate: Gate, run: Run) -> None:
    contact = gate.add(Kind.CONTACT, name="Иван")
    gate.look_at(contact)
    gate.rest("crm.item.delete", entityTypeId=3, id=contact.id)
    gate.look_at(contact)
    told = explain(run, contact)
    assert "☑ Мобильный телефон: карточка удалена" in told
    assert "Сейчас замечаний нет." in told


@pytest.mark.parametrize(
    ("mode", "why"), [(Mode.OFF, "правило выключено"), (Mode.REVERT, "больше не требуется: карточка закрыта")]
)
def test_what_nobody_cured_is_not_called_cured(gate: Gate, run: Run, mode: Mode, why: str) -> None:
    deal = gate.a_correct_deal()
    gate.change(deal, UF_CRM_PRODUCT_GROUP=None)
    gate.look_at(deal)
    if mode is Mode.OFF:
        gate.use(Policy(Fields("UF_CRM_PRODUCT_GROUP"), Rules(deal_product_group=MandatoryOptions(mode))))
    else:
        gate.change(deal, stageId="LOSE")
    gate.look_at(deal)
    assert f"☑ Группа продуктов: {why}" in explain(run, deal)


def test_who_and_how_much_is_written_down_when_it_opens_and_stays(
    gate: Gate, engine: Engine, run: Run
) -> None:
    def policy(fine: int, currency: str) -> Policy:
        rules = Rules(deal_product_group=MandatoryOptions(fine=fine))
        return Policy(Fields("UF_CRM_PRODUCT_GROUP"), rules, fines=Fines(currency))

    gate.use(policy(500, "RUB"))
    deal = gate.a_correct_deal()
    gate.change(deal, UF_CRM_PRODUCT_GROUP=None, assignedById=5)
    gate.change(deal, user=4, stageId="EXECUTING")
    gate.look_at(deal)
    gate.use(policy(900, "KZT"))
    gate.change(deal, UF_CRM_PRODUCT_GROUP=45, assignedById=6)
    gate.look_at(deal)
    with engine.connect() as conn:
        (row,) = conn.execute(select(violation_table)).all()
    assert (row.rule, row.fine, row.currency) == ("deal.product_group", 500, "RUB")
    assert (row.responsible_id, row.mover_id, row.closed_responsible_id) == (5, 4, 6)
    assert "(ответственный 5, стадию сменил пользователь 4, штраф 500 RUB)" in explain(run, deal)
    assert "Штрафы за всё время: 500 RUB." in explain(run, deal)


def fined(gate: Gate, **options: Any) -> None:
    rules = Rules(deal_contact=MandatoryOptions(fine=700, **options))
    gate.use(Policy(Fields("UF_CRM_PRODUCT_GROUP"), rules))


def a_deal_without_contact(gate: Gate) -> EntityRef:
    deal = gate.a_correct_deal()
    gate.change(deal, contactId=0)
    gate.look_at(deal)
    return deal


def test_what_was_cured_within_its_grace_owes_no_fine(gate: Gate, run: Run) -> None:
    fined(gate, grace=GracePeriod(30))
    deal = a_deal_without_contact(gate)
    client = gate.add(Kind.CONTACT, name="Иван", lastName="Петров")
    gate.change(deal, contactId=client.id)
    gate.look_at(deal)
    told = explain(run, deal)
    assert "☑ Контакт: исправлено (было открыто меньше дня; закрыто в отсрочку, не считается)" in told
    assert "трафы" not in told
    assert "штраф" not in told


def test_grace_is_told_with_its_end_and_with_the_next_look_by_the_cards_own_clock(
    gate: Gate, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine's zone is nobody's business: the note in the card and explain name the same minute."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    fined(gate, grace=GracePeriod(30))
    deal = a_deal_without_contact(gate)
    told = explain(run, deal)
    monkeypatch.undo()
    time.tzset()
    (until,) = re.findall(r"\(до ([\d. ]*)(\d\d:\d\d)\)", gate.said(deal)[0])
    assert re.search(rf"отсрочка до [\d.]+ {until[1]}:\d\d", told)
    assert f"Время указано по часам портала: UTC{gate.item(deal)['createdTime'][-6:]}." in told
    assert re.search(r"когда карточку изменят, но не позже [\d.]+ \d\d:\d\d:\d\d\.", told)
    assert "штраф" not in told


def test_once_its_grace_is_over_the_fine_is_owed(gate: Gate, engine: Engine, run: Run) -> None:
    fined(gate, grace=GracePeriod(30))
    deal = a_deal_without_contact(gate)
    ended = datetime.now(UTC) - timedelta(seconds=1)
    with engine.begin() as conn:
        conn.execute(update(violation_table).values(due_at=ended))
    assert "Штрафы за всё время: 700 RUB." in explain(run, deal)


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("limit", "сколько разрешено (enforcement.max_reverts)"),
        ("robot", "робот портала или владелец вебхука"),
        ("breaker", "возвраты были приостановлены предохранителем"),
    ],
)
def test_why_a_deal_was_let_stand_is_told(sqlite: Engine, run: Run, why: str, said: str) -> None:
    with a_gate(sqlite, enforcement=EnforcementConfig(max_reverts=0 if why == "limit" else 3)) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая")
        if why == "robot":
            push(gate, deal)
        if why == "breaker":
            at = gate.worker.now()
            gate.store.breaker.admit([(EntityRef(Kind.DEAL, 900 + each), at) for each in range(21)], at)
        push(gate, deal, user=1 if why == "robot" else 3)
    told = explain(run, deal)
    assert "  → не возвращена со стадии EXECUTING на NEW: " in told
    assert said in told


def test_what_came_of_all_that_was_planned_beside_a_refused_move_is_known(gate: Gate, run: Run) -> None:
    deal = a_deal_without_contact(gate)
    gate.change(deal, stageId="EXECUTING")
    gate.control("faults", kind="error", method="crm.item.update", code="ACCESS_DENIED", count=1)
    gate.look_at(deal)
    told = explain(run, deal)
    assert "→ возврат со стадии EXECUTING на NEW, стадию сменил пользователь 2: портал отклонил (" in told
    assert ": не понадобилось: возврат не состоялся" in told
    assert "не записано" not in told


def a_storied_deal(gate: Gate) -> EntityRef:
    deal = gate.a_correct_deal()
    gate.change(deal, UF_CRM_PRODUCT_GROUP=None)
    gate.change(deal, stageId="EXECUTING")
    gate.look_at(deal)
    gate.change(deal, UF_CRM_PRODUCT_GROUP=45)
    gate.rest("crm.deal.productrows.set", id=deal.id, rows=[])
    gate.look_at(deal)
    return deal


def test_every_decision_judged_again_is_the_same(gate: Gate, run: Run) -> None:
    deal = a_storied_deal(gate)
    contact = gate.add(Kind.CONTACT, name="Иван 2")
    gate.look_at(contact)
    ids = decisions(run, deal) + decisions(run, contact)
    assert len(ids) >= 3
    for each in ids:
        result = run("replay", each)
        assert (result.exit_code, result.stderr) == (0, "")
        assert "тот же вердикт" in result.stdout
    assert run("replay", ids[0][:12]).exit_code == 0


def test_a_decision_holds_though_the_policy_changed_since(gate: Gate, run: Run) -> None:
    deal = a_storied_deal(gate)
    strict = Rules(deal_product_group=MandatoryOptions(Mode.OFF))
    gate.use(Policy(Fields("UF_CRM_PRODUCT_GROUP"), strict))
    gate.look_at(deal)
    assert [run("replay", each).exit_code for each in decisions(run, deal)] == [0] * len(decisions(run, deal))


def test_another_verdict_is_shown_with_its_difference(gate: Gate, run: Run, engine: Engine) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    (number,) = decisions(run, deal)
    with engine.begin() as conn:
        stored = conn.execute(select(decision_table.c.violations)).scalar_one()
        kept = [each for each in stored if each["rule"] != "deal.lead"]
        conn.execute(update(decision_table).values(violations=kept, status="active"))
    result = run("replay", number)
    assert result.exit_code == 1
    assert '  deal.lead\n    было: null\n    стало: {"problem": "missing"}' in result.stdout
    assert '  status\n    было: "active"\n    стало: "incorrect"' in result.stdout
    told = json.loads(run("replay", number, "--json").stdout)
    assert [each["what"] for each in told["differences"]] == ["deal.lead", "status"]


def test_what_cannot_be_judged_again_is_said_to_be_so(gate: Gate, run: Run, engine: Engine) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    (number,) = decisions(run, deal)
    broken: list[tuple[Any, str]] = [
        (update(decision_table).values(snapshot=b"\x00"), OTHER_VERSION),
        (update(decision_table).values(snapshot=zlib.compress(b'{"$":"DealSnapshot"}')), OTHER_VERSION),
        (update(decision_table).values(snapshot=zlib.compress(b'{"$":"Invoice"}')), OTHER_VERSION),
        (delete(policy_table), "настройки этой ревизии"),
        (update(decision_table).values(snapshot=None), "до того, как снимки"),
    ]
    for statement, why in broken:
        with engine.begin() as conn:
            conn.execute(statement)
        result = run("replay", number)
        assert result.exit_code == 3, why
        assert why in result.stdout


@pytest.mark.parametrize("beginning", ["", "ab", "ffffffffffff", "%"])
def test_an_id_that_names_no_one_decision_is_refused(gate: Gate, run: Run, beginning: str) -> None:
    gate.look_at(gate.add(Kind.DEAL, title="Пустая"))
    result = run("replay", beginning)
    assert result.exit_code == 1
    assert "решения" in result.stderr


def test_a_rule_that_a_stored_policy_did_not_know_is_off_in_it(gate: Gate, run: Run, engine: Engine) -> None:
    """As after an upgrade that brings a new rule."""
    deal = gate.a_correct_deal()
    gate.change(deal, UF_CRM_PRODUCT_GROUP=None)
    gate.look_at(deal)
    with engine.begin() as conn:
        body = json.loads(zlib.decompress(conn.execute(select(policy_table.c.body)).scalar_one()))
        del body["rules"]["deal_product_group"]
        conn.execute(update(policy_table).values(body=zlib.compress(json.dumps(body).encode())))
        conn.execute(update(decision_table).values(violations=[]))
    told = json.loads(run("replay", decisions(run, deal)[0], "--json").stdout)
    assert [each["what"] for each in told["differences"]] == ["status"]


def make_private_cards(gate: Gate) -> tuple[EntityRef, EntityRef]:
    """A wrong deal and contact, with personal data wherever people leave it, then cured in part."""
    multifields = [
        {"typeId": "PHONE", "valueType": "WORK", "value": PRIVATE[3]},
        {"typeId": "EMAIL", "valueType": "HOME", "value": "tainov@"},
    ]
    contact = gate.add(Kind.CONTACT, name=SECRET, lastName="Тайнов 2", birthdate="1990-05-17", fm=multifields)
    deal = gate.add(Kind.DEAL, title=SECRET, contactId=contact.id, comments=SECRET)
    gate.comment(deal, f"{SECRET} нд")
    gate.look_at(contact, deal)
    gate.change(contact, name="Иван", lastName="Петров", secondName="Ильич")
    gate.comment(deal)
    gate.look_at(contact, deal)
    return deal, contact


def dump(engine: Engine, *tables: Any) -> str:
    """All that the journal keeps for good, unpacked."""
    texts = []
    with engine.connect() as conn:
        for table in tables:
            for row in conn.execute(select(table)).mappings():
                packed = [each for each in row.values() if isinstance(each, bytes)]
                texts += [str(dict(row)), *(zlib.decompress(each).decode() for each in packed)]
    return "\n".join(texts)


def test_personal_data_is_kept_only_while_it_is_needed(masked: Gate, engine: Engine) -> None:
    from gatekeeper.store.journal.tables import action_table

    make_private_cards(masked)
    whole = dump(engine, decision_table, action_table, snapshot_table)
    with engine.connect() as conn:
        rows = conn.execute(select(violation_table).where(violation_table.c.closed_at.is_not(None))).all()
    assert {row.rule for row in rows} >= {"contact.name", "deal.comment"}
    for each in PRIVATE:
        assert each not in whole
        assert all(each not in str(row.facts) for row in rows)


def test_without_the_option_all_of_it_is_kept(gate: Gate, engine: Engine) -> None:
    make_private_cards(gate)
    whole = dump(engine, decision_table)
    assert all(each in whole for each in PRIVATE)


def test_masked_decisions_are_judged_again_as_far_as_they_can_be(masked: Gate, run: Run) -> None:
    deal, contact = make_private_cards(masked)
    first = run("replay", decisions(run, deal)[0])
    assert first.exit_code == 0
    assert "Не оценено, данные скрыты: deal.comment" in first.stdout
    second = run("replay", decisions(run, contact)[0])
    assert second.exit_code == 3
    assert "journal.mask_personal_data" in second.stdout


def test_a_masked_story_is_still_told(masked: Gate, run: Run) -> None:
    deal, contact = make_private_cards(masked)
    assert "***" in explain(run, contact)
    assert "☑ Развёрнутый комментарий: исправлено" in explain(run, deal)


def test_masking_opens_no_violation_anew(masked: Gate, run: Run) -> None:
    deal, contact = make_private_cards(masked)
    before = [decisions(run, deal), decisions(run, contact)]
    masked.look_at(deal, contact)
    assert [decisions(run, deal), decisions(run, contact)] == before


def test_the_latest_snapshot_is_written_only_when_the_card_changed(gate: Gate, engine: Engine) -> None:
    deal = gate.a_correct_deal()
    later = timedelta(hours=1)
    gate.look_at(deal)
    first = dump(engine, snapshot_table)
    reconciler = gate.worker.reconciler
    gate.worker.reconciler = replace(reconciler, now=lambda: reconciler.now() + later)
    gate.look_at(deal)
    second = dump(engine, snapshot_table)
    gate.change(deal, title="Другая")
    gate.look_at(deal)
    third = dump(engine, snapshot_table)
    assert first == second
    assert "Другая" in third
    assert third.count('"DealSnapshot"') == 1
