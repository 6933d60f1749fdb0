"""The straight line on a sandbox portal: what a manager does, and what then stands in the card."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select

from gatekeeper.config import EnforcementConfig, MessagesConfig
from gatekeeper.enforcement import MoveStage
from gatekeeper.judge.policy import (
    Fields,
    Mode,
    NameOptions,
    Rules,
)
from gatekeeper.messages import own_templates
from gatekeeper.messages.proof import lay_over
from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.portal.writer import Overtaken
from gatekeeper.store.journal.tables import action_table, decision_table, violation_table
from tests.gate import Gate, a_gate


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_gate(sqlite) as gate:
        yield gate


def test_an_empty_deal_is_told_once_what_it_lacks(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    (said,) = gate.said(deal)
    assert all(title in said for title in ("Группа продуктов", "Контакт", "комментарий", "Товар", "Лид"))


def test_the_warning_is_pinned_until_all_is_well(gate: Gate) -> None:
    contact = gate.add(Kind.CONTACT, name="Иван", lastName="Петров", secondName="Ильич")
    gate.look_at(contact)
    pinned = gate.pinned(contact)
    gate.change(contact, **CONTACT_REST)
    gate.look_at(contact)
    assert (len(pinned), gate.pinned(contact)) == (1, [])


def test_a_refused_pin_is_no_fault(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.control("faults", kind="error", method="crm.timeline.item.pin", code="0")
    gate.look_at(deal)
    assert len(gate.said(deal)) == 1
    assert gate.store.inbox.depth().waiting == 0


def test_a_second_pass_writes_nothing(gate: Gate, sqlite: Engine) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    before = gate.writes()
    gate.look_at(deal)
    gate.look_at(deal)
    with sqlite.connect() as conn:
        decisions = conn.execute(select(decision_table)).all()
    assert gate.writes() == before
    assert len(decisions) == 1


def test_a_correct_deal_is_left_in_peace(gate: Gate) -> None:
    deal = gate.a_correct_deal()
    before = gate.writes()
    gate.look_at(deal)
    assert gate.said(deal) == []
    assert gate.writes() == before


def test_an_incorrect_deal_that_moves_on_is_moved_back_and_told_why(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    gate.change(deal, stageId="EXECUTING")
    gate.look_at(deal)
    (said,) = gate.said(deal)
    assert gate.item(deal)["stageId"] == "NEW"
    assert "Сделка возвращена на стадию «Новая»" in said


def test_the_reason_of_a_move_back_outlives_the_next_pass(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.change(deal, stageId="EXECUTING")
    gate.look_at(deal)
    after_the_move = gate.said(deal)
    gate.look_at(deal)
    assert gate.said(deal) == after_the_move
    assert "возвращена" in after_the_move[0]


def test_a_deal_goes_back_to_the_stage_where_it_was_last_admitted(gate: Gate) -> None:
    deal = gate.a_correct_deal()
    gate.look_at(deal)
    gate.change(deal, stageId="PREPARATION")
    gate.look_at(deal)
    gate.change(deal, UF_CRM_PRODUCT_GROUP=None)
    gate.change(deal, stageId="EXECUTING")
    gate.look_at(deal)
    assert gate.item(deal)["stageId"] == "PREPARATION"


def test_a_deal_created_further_on_goes_back_to_the_first_stage(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Сразу в работе", stageId="EXECUTING")
    gate.look_at(deal)
    assert gate.item(deal)["stageId"] == "NEW"


def test_a_deal_that_falls_short_where_it_stands_is_warned_but_not_moved(gate: Gate) -> None:
    deal = gate.a_correct_deal()
    gate.change(deal, stageId="PREPARATION")
    gate.look_at(deal)
    gate.rest("crm.deal.productrows.set", id=deal.id, rows=[])
    gate.look_at(deal)
    assert gate.item(deal)["stageId"] == "PREPARATION"
    assert "Товар и сумма" in gate.said(deal)[0]


def test_a_lost_deal_that_is_won_after_all_is_judged_at_that_closing_and_once(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    gate.change(deal, stageId="LOSE")
    gate.look_at(deal)
    assert "☐" not in gate.said(deal)[0]
    gate.change(deal, stageId="WON")
    gate.look_at(deal)
    assert "☐ [b]Товар и сумма[/b]" in gate.said(deal)[0]
    gate.add_product(deal)
    gate.change(deal, opportunity=90000)
    gate.look_at(deal)
    gate.rest("crm.deal.productrows.set", id=deal.id, rows=[])
    gate.change(deal, opportunity=0)
    gate.look_at(deal)
    assert "☐ [b]Товар и сумма[/b]" not in gate.said(deal)[0]


@pytest.mark.parametrize("stage", ["LOSE", "WON"])
def test_closed_stages_are_not_taken_back(gate: Gate, stage: str) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    gate.change(deal, stageId=stage)
    gate.look_at(deal)
    assert gate.item(deal)["stageId"] == stage


def test_losing_a_deal_is_no_way_round_the_gate(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    gate.change(deal, stageId="LOSE")
    gate.look_at(deal)
    gate.change(deal, stageId="EXECUTING")
    gate.look_at(deal)
    assert gate.item(deal)["stageId"] == "NEW"


def test_a_won_deal_is_left_alone_after_its_one_judgement(gate: Gate) -> None:
    deal = gate.a_correct_deal()
    gate.look_at(deal)
    gate.change(deal, stageId="WON")
    gate.look_at(deal)
    gate.rest("crm.deal.productrows.set", id=deal.id, rows=[])
    gate.look_at(deal)
    assert gate.said(deal) == []


def test_curing_ends_in_the_same_comment(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    lead, contact = gate.add(Kind.LEAD, title="Лид"), gate.add(Kind.CONTACT, name="Иван")
    gate.change(deal, leadId=lead.id, contactId=contact.id, opportunity=5, UF_CRM_PRODUCT_GROUP=47)
    gate.look_at(deal)
    half = gate.said(deal)
    gate.add_product(deal)
    gate.comment(deal)
    gate.look_at(deal)
    assert len(half) == 1
    assert "☑ Группа продуктов" in half[0]
    assert "☐ [b]Развёрнутый комментарий" in half[0]
    (said,) = gate.said(deal)
    assert "Всё исправлено" in said


def test_a_relapse_is_said_in_the_same_comment(gate: Gate) -> None:
    contact = gate.add(Kind.CONTACT, name="Иван", lastName="Петров", secondName="Ильич")
    gate.look_at(contact)
    gate.change(contact, **CONTACT_REST)
    gate.look_at(contact)
    cured = gate.said(contact)
    gate.change(contact, lastName="Тест")
    gate.look_at(contact)
    (said,) = gate.said(contact)
    assert "Всё исправлено" in cured[0]
    assert "это не имя" in said


def test_a_correct_contact_hears_nothing(gate: Gate) -> None:
    contact = gate.add(Kind.CONTACT, name="Иван", lastName="Петров", secondName="Ильич", **CONTACT_REST)
    gate.look_at(contact)
    assert gate.said(contact) == []


def test_an_event_of_a_comment_leads_to_its_card(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    number = gate.comment(deal, "НД")
    gate.look_at(EntityRef(Kind.COMMENT, number))
    assert "«НД»" in gate.said(deal)[0]


def test_the_gatekeepers_own_comment_is_nobodys_comment(gate: Gate) -> None:
    """Its text is long and talks of agreements, and the webhook's owner is a person too."""
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    gate.look_at(deal)
    assert "пока нет. Напишите" in gate.said(deal)[0]


def test_a_card_that_is_gone_is_forgotten(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.rest("crm.item.delete", entityTypeId=2, id=deal.id)
    gate.look_at(deal)
    depth = gate.store.inbox.depth()
    assert (depth.waiting, depth.dead) == (0, 0)


def test_deals_older_than_the_gate_are_taken_where_they_stand(sqlite: Engine) -> None:
    with a_gate(sqlite) as gate:
        deal = gate.add(Kind.DEAL, title="Давно в работе", stageId="EXECUTING")
        long_ago = "2020-01-01T12:00:00+03:00"
        gate.control("backdate", ref=str(deal), created_at=long_ago, moved_at=long_ago)
        gate.look_at(deal)
        assert gate.item(deal)["stageId"] == "EXECUTING"
        assert len(gate.said(deal)) == 1


def test_observe_writes_nothing_to_the_portal(sqlite: Engine) -> None:
    modes = {"deal_product_group": Mode.OBSERVE, "deal_contact": Mode.OBSERVE, "deal_lead": Mode.OFF}
    modes |= {"deal_comment": Mode.OFF, "deal_products": Mode.OFF}
    rules = {name: replace(getattr(Rules(), name), mode=mode) for name, mode in modes.items()}
    with a_gate(sqlite, rules=rules) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая", stageId="EXECUTING")
        before = gate.writes()
        gate.look_at(deal)
        assert gate.writes() == before
        with sqlite.connect() as conn:
            opened = {row.rule for row in conn.execute(select(violation_table))}
        assert opened == {"deal.product_group", "deal.contact"}


def test_a_dry_run_writes_nothing_to_the_portal(sqlite: Engine) -> None:
    with a_gate(sqlite, enforcement=EnforcementConfig(dry_run=True)) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая", stageId="EXECUTING")
        before = gate.writes()
        gate.look_at(deal)
        assert gate.writes() == before


def test_a_move_that_the_portal_refuses_becomes_a_warning_that_says_so(gate: Gate) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    gate.change(deal, stageId="EXECUTING")
    gate.control("faults", kind="error", method="crm.item.update", code="ACCESS_DENIED", count=1)
    gate.look_at(deal)
    gate.look_at(deal)
    (said,) = gate.said(deal)
    assert gate.item(deal)["stageId"] == "EXECUTING"
    assert "не разрешил вернуть" in said


def test_a_deal_moved_meanwhile_is_looked_at_again_and_not_moved_blindly(gate: Gate) -> None:
    """The plan was made for another stage; a write planned for it would undo what happened since."""
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    gate.change(deal, stageId="EXECUTING")
    actions = gate.foresee(deal).planned.actions
    gate.change(deal, stageId="LOSE")
    (move,) = [each for each in actions if isinstance(each, MoveStage)]
    assert gate.worker.reconciler.applier.writer.apply_moves([move], priority=Priority.LIVE) == [Overtaken()]
    assert gate.item(deal)["stageId"] == "LOSE"


def test_the_journal_keeps_what_was_done_and_what_came_of_it(gate: Gate, sqlite: Engine) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая", stageId="EXECUTING")
    gate.look_at(deal)
    with sqlite.connect() as conn:
        actions = conn.execute(select(action_table.c.name, action_table.c.result)).all()
    assert sorted(map(tuple, actions)) == [
        ("MoveStage", "applied"),
        ("Notify", "applied"),
        ("PostComment", "applied"),
    ]


def test_many_cards_are_read_in_a_few_hits(gate: Gate) -> None:
    deals = [gate.add(Kind.DEAL, title=f"Сделка {number}") for number in range(50)]
    gate.look_at(deals[0])
    log = f"{gate.sandbox.url}/sandbox/log"
    before = gate.http.get(log, timeout=10).json()["hits"]
    gate.look_at(*deals[1:])
    hits = gate.http.get(log, timeout=10).json()["hits"] - before
    assert hits <= 8


CONTACT_REST: dict[str, Any] = {
    "birthdate": "1990-05-17",
    "fm": [
        {"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903 482-17-65"},
        {"typeId": "EMAIL", "valueType": "HOME", "value": "ivan.petrov@mail.ru"},
    ],
}


def test_the_status_field_follows_the_verdict(sqlite: Engine) -> None:
    with a_gate(sqlite, fields=Fields("UF_CRM_PRODUCT_GROUP", "UF_CRM_GATEKEEPER_STATUS")) as gate:
        seen = []
        deal = gate.add(Kind.DEAL, title="Пустая")
        seen.append(gate.status_after_look(deal))
        deal = gate.a_correct_deal()
        seen.append(gate.status_after_look(deal))
        gate.control("activity", owner=str(deal), kind="call_out", answered=True, seconds=95)
        seen.append(gate.status_after_look(deal))
        assert seen == ["incorrect", "inactive", "active"]


def test_an_old_deal_without_a_talk_is_inactive_until_somebody_talks(gate: Gate) -> None:
    deal = gate.a_correct_deal()
    gate.control("backdate", ref=str(deal), created_at="2026-01-10T12:00:00+03:00")
    gate.look_at(deal)
    before = gate.said(deal)
    messages = [{"from": "manager", "text": "Добрый день"}, {"from": "client", "text": "Здравствуйте"}]
    gate.control("activity", owner=str(deal), kind="chat", messages=messages)
    gate.look_at(deal)
    assert "не было разговора или переписки" in before[0]
    assert "Всё исправлено" in gate.said(deal)[0]


def test_outgoing_messages_without_an_answer_keep_no_deal_alive(gate: Gate) -> None:
    deal = gate.a_correct_deal()
    gate.control("backdate", ref=str(deal), created_at="2026-01-10T12:00:00+03:00")
    for kind in ("mail_out", "sms_out"):
        gate.control("activity", owner=str(deal), kind=kind, text="Ждём вас")
    gate.look_at(deal)
    assert "не было разговора" in gate.said(deal)[0]


def test_without_the_right_to_read_chats_silence_is_not_judged(gate: Gate) -> None:
    deal = gate.a_correct_deal()
    gate.control("backdate", ref=str(deal), created_at="2026-01-10T12:00:00+03:00")
    gate.control("faults", kind="scope", scope="imopenlines")
    gate.look_at(deal)
    verdict = gate.foresee(deal).verdict
    assert gate.said(deal) == []
    assert [each.rule for each in verdict.not_judged] == ["deal.inactive"]


def test_a_converted_lead_is_told_what_it_owes_and_released(gate: Gate) -> None:
    lead = gate.add(Kind.LEAD, title="Заявка с сайта")
    gate.look_at(lead)
    open_lead = gate.said(lead)
    gate.change(lead, stageId="CONVERTED")
    gate.look_at(lead)
    owed = gate.said(lead)[0]
    contact = gate.add(Kind.CONTACT, name="Иван", lastName="Петров")
    gate.change(lead, contactId=contact.id)
    gate.add(Kind.DEAL, title="Из лида", leadId=lead.id, contactId=contact.id)
    gate.comment(lead, "поговорили")
    gate.control("activity", owner=str(lead), kind="call_in", answered=True, seconds=10)
    gate.look_at(lead)
    assert open_lead == []
    assert all(title in owed for title in ("Взаимодействие", "Комментарий к лиду", "Контакт и сделка"))
    assert "Всё исправлено" in gate.said(lead)[0]


def test_a_refused_lead_owes_nothing(gate: Gate) -> None:
    lead = gate.add(Kind.LEAD, title="Ошиблись номером", stageId="JUNK")
    gate.look_at(lead)
    assert gate.said(lead) == []


def test_a_deal_made_from_a_lead_has_the_lead_looked_at_again(gate: Gate) -> None:
    lead = gate.add(Kind.LEAD, title="Заявка", stageId="CONVERTED")
    gate.look_at(lead)
    contact = gate.add(Kind.CONTACT, name="Иван", lastName="Петров")
    gate.change(lead, contactId=contact.id)
    deal = gate.add(Kind.DEAL, title="Из лида", leadId=lead.id, contactId=contact.id)
    gate.look_at(deal)
    assert "☑ Контакт и сделка" in gate.said(lead)[0]


def test_deals_of_a_lead_that_is_deleted_hear_of_it(gate: Gate) -> None:
    deal = gate.a_correct_deal()
    gate.look_at(deal)
    lead = EntityRef(Kind.LEAD, gate.item(deal)["leadId"])
    gate.rest("crm.item.delete", entityTypeId=1, id=lead.id)
    gate.look_at(lead)
    assert "больше нет" in gate.said(deal)[0]


def test_a_portal_without_leads_asks_no_deal_for_one(sqlite: Engine) -> None:
    with a_gate(sqlite, sandbox={"mode": 2}) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая")
        gate.look_at(deal)
        assert "Лид" not in gate.said(deal)[0]


def test_a_silenced_rule_is_no_cure_to_be_thanked_for(sqlite: Engine) -> None:
    with a_gate(sqlite) as gate:
        contact = gate.add(Kind.CONTACT, name="Иван", lastName="Петров", **CONTACT_REST)
        gate.look_at(contact)
        silent = replace(gate.gatekeeper.config.policy, rules=Rules(contact_name=NameOptions(Mode.OFF)))
        gate.use(silent)
        gate.look_at(contact)
        assert "Замечаний нет" in gate.said(contact)[0]


def test_refused_stages_are_an_outage_and_no_deals_fault(gate: Gate) -> None:
    deals = [gate.add(Kind.DEAL, title="Пустая") for _ in range(3)]
    gate.control("faults", kind="error", method="crm.status.list", code="ACCESS_DENIED")
    gate.store.inbox.mark_dirty(deals, delay_s=0)
    gate.worker.run_wave()
    depth = gate.store.inbox.depth()
    gate.http.delete(f"{gate.sandbox.url}/sandbox/faults", timeout=10)
    gate.look_at(*deals)
    assert (depth.waiting, depth.dead) == (3, 0)
    assert [len(gate.said(deal)) for deal in deals] == [1, 1, 1]


def test_a_reworded_message_is_said_on_the_card_and_once(engine: Engine) -> None:
    """An admin rewords a template and restarts: the note is edited in place, and then left alone."""
    base = own_templates("ru")
    with a_gate(engine) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая")
        gate.look_at(deal)
        own, _ = lay_over(base, {"rules": {"deal.contact": {"found": "а клиент-то где?"}}})
        gate.restart(replace(gate.gatekeeper.config, messages=MessagesConfig(templates=own)))
        gate.look_at(deal)
        (said,) = gate.said(deal)
        assert "а клиент-то где?" in said
        assert base["rules"]["deal.product_group"]["title"] in said
        before = gate.writes()
        gate.look_at(deal)
        assert gate.writes() == before
