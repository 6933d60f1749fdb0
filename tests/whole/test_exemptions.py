"""Exemptions on a sandbox portal: granted by command or in the config, listed, ended."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from bitrix24_sandbox.options import APPLICATION_TOKEN
from gatekeeper.cli import main
from gatekeeper.model.exemption import Exemption
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.review.replay import Replayed, replay
from gatekeeper.store.exemptions import Exemptions
from gatekeeper.store.journal.past import read_decision, read_past
from gatekeeper.store.journal.tables import decision_table, violation_table
from tests.gate import Gate, a_gate
from tests.processes import free_port, write_config

REASON = ("--reason", "перенос из старой CRM")


@pytest.fixture
def gate(engine: Engine) -> Iterator[Gate]:
    with a_gate(engine) as gate:
        yield gate


@pytest.fixture
def exempt(gate: Gate, tmp_path: Path) -> Any:
    """The command as it is typed, on the gate's database; what it marked is then looked at."""
    config = write_config(tmp_path, gate.sandbox.webhook_url, free_port(), settle_s=0.0)
    environ = {
        "GATEKEEPER_PORTAL_URL": gate.sandbox.webhook_url,
        "GATEKEEPER_APPLICATION_TOKENS": APPLICATION_TOKEN,
        "GATEKEEPER_DATABASE_URL": gate.store.engine.url.render_as_string(hide_password=False),
    }

    def run(*words: Any, status: int = 0) -> Result:
        arguments = ["exempt", *map(str, words), "--config", str(config)]
        result = CliRunner().invoke(main, arguments, env=environ)
        assert result.exit_code == status, result.output
        while gate.worker.run_wave():
            pass
        return result

    return run


def an_empty_deal(gate: Gate, **fields: Any) -> EntityRef:
    deal = gate.add(Kind.DEAL, title="Пустая", **fields)
    gate.look_at(deal)
    return deal


def rows(gate: Gate, table: Any) -> list[Any]:
    with gate.store.engine.connect() as conn:
        return list(conn.execute(select(table)).all())


def test_a_card_exempted_by_command_is_left_in_peace_at_once_and_bothered_again_when_it_ends(
    gate: Gate, exempt: Any
) -> None:
    deal = an_empty_deal(gate)
    granted = json.loads(exempt("add", "--entity", deal, *REASON, "--json").stdout)
    assert "Замечаний нет" in gate.said(deal)[0]
    assert granted["author"] == getpass.getuser()
    exempt("remove", granted["id"])
    (said,) = gate.said(deal)
    assert "Контакт" in said


def test_an_exempted_deal_is_not_moved_back(gate: Gate, exempt: Any) -> None:
    deal = an_empty_deal(gate)
    exempt("add", "--entity", deal, *REASON)
    gate.change(deal, stageId="EXECUTING")
    gate.look_at(deal)
    assert gate.item(deal)["stageId"] == "EXECUTING"


def test_a_wide_exemption_reaches_every_card_where_the_rule_stands_open(gate: Gate, exempt: Any) -> None:
    web, call = an_empty_deal(gate, sourceId="WEB"), an_empty_deal(gate, sourceId="CALL")
    granted = exempt("add", "--source", "WEB", "--rule", "deal.contact", *REASON, "--json").stdout
    assert json.loads(granted)["cards"] == 2
    assert ["Контакт" in gate.said(each)[0] for each in (web, call)] == [False, True]
    exempt("remove", json.loads(granted)["id"])
    assert ["Контакт" in gate.said(each)[0] for each in (web, call)] == [True, True]


def test_what_a_user_does_may_be_let_be(gate: Gate, exempt: Any) -> None:
    exempt("add", "--user", 5, *REASON)
    assert gate.said(an_empty_deal(gate, assignedById=5)) == []
    assert len(gate.said(an_empty_deal(gate, assignedById=2))) == 1


def test_a_part_of_a_rule_may_be_let_be_for_one_contact(gate: Gate, exempt: Any) -> None:
    contact = gate.add(Kind.CONTACT, name="Тест", lastName="Смит")
    exempt("add", "--entity", contact, "--rule", "contact.name", "--part", "second_name", *REASON)
    (said,) = gate.said(contact)
    assert "имя «Тест»" in said
    assert "отчество не заполнено" not in said


def test_when_its_last_day_is_over_the_card_is_looked_at_by_itself(gate: Gate, exempt: Any) -> None:
    deal = an_empty_deal(gate)
    today = datetime.now().astimezone().date()
    exempt("add", "--entity", deal, "--until", today + timedelta(days=1), *REASON)
    assert "Замечаний нет" in gate.said(deal)[0]
    gate.let_pass(timedelta(days=3))
    assert "Контакт" in gate.said(deal)[0]


def test_what_is_exempted_does_not_count_but_stands_in_the_journal_with_its_reason(
    gate: Gate, exempt: Any
) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    exempt("add", "--entity", deal, *REASON)
    assert rows(gate, violation_table) == []
    (decision,) = rows(gate, decision_table)
    assert {each["exemption"]["reason"] for each in decision.exempted} == {REASON[1]}
    assert {each["rule"] for each in decision.exempted} >= {"deal.contact", "deal.comment"}
    (listed,) = json.loads(exempt("list", "--json").stdout)
    assert (listed["entity"], listed["cards"]) == (str(deal), 1)


def test_a_second_look_at_an_exempted_card_writes_and_remembers_nothing(gate: Gate, exempt: Any) -> None:
    deal = an_empty_deal(gate)
    exempt("add", "--entity", deal, "--until", "2099-01-01", *REASON)
    before, decisions = gate.writes(), len(rows(gate, decision_table))
    gate.look_at(deal)
    assert (gate.writes(), len(rows(gate, decision_table))) == (before, decisions)


def test_exemptions_in_the_config_hold_without_a_command(gate: Gate) -> None:
    partners = Exemption("config:partners", "сверяет другой отдел", "Анна", source="PARTNER")
    gate.use(replace(gate.gatekeeper.config.policy, exemptions=(partners,)))
    assert gate.said(an_empty_deal(gate, sourceId="PARTNER")) == []
    assert gate.store.exemptions.covered() == {"config:partners": 1}


def test_exempted_cards_of_one_address_do_not_mark_each_other_for_ever(gate: Gate, exempt: Any) -> None:
    exempt("add", "--rule", "contact.staff_email", *REASON)
    mail = [{"typeId": "EMAIL", "valueType": "HOME", "value": "one.for.all@mail.ru"}]
    names = [("Иван", "Петров"), ("Анна", "Иванова"), ("Олег", "Сидоров")]
    contacts = [gate.add(Kind.CONTACT, name=name, lastName=last, fm=mail) for name, last in names]
    for contact in contacts:  # the third to be looked at finds the other two
        gate.store.inbox.mark_dirty(contact, delay_s=0)
        waves = [gate.worker.run_wave() for _ in range(5)]
        assert not waves[-1]
    assert gate.store.exemptions.covered() == {"1": 3}


def test_the_list_tells_what_is_let_be_by_whom_why_and_until_when(exempt: Any) -> None:
    assert exempt("list").stdout == "исключений нет\n"
    exempt(
        "add", "--rule", "deal.lead", "--pipeline", 1, "--until", "2099-12-31", "--author", "Анна", *REASON
    )
    assert exempt("list").stdout == (
        "1 · правило deal.lead, воронка 1 · по 31.12.2099 · Анна: перенос из старой CRM · карточек: 0\n"
    )
    exempt("remove", 1, "--author", "Борис")
    assert exempt("list").stdout == "исключений нет\n"
    assert exempt("list", "--all").stdout.endswith("снято; кто снял: Борис\n")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--rule", "deal.lead"], "--reason"),
        (REASON, "отменит все правила"),
        ([*REASON, "--part", "second_name", "--user", "1"], "укажите и правило"),
        ([*REASON, "--entity", "deal:x"], "нужна карточка в виде deal:662"),
        ([*REASON, "--entity", "comment:1"], "нужна карточка в виде deal:662"),
        ([*REASON, "--entity", "deal:1", "--rule", "contact.name"], "это правило не для такой карточки"),
        ([*REASON, "--rule", "contact.name", "--pipeline", "0"], "воронка есть только у сделок"),
        ([*REASON, "--user", "1", "--until", "31/12/2099"], "2026-12-31"),
        ([*REASON, "--user", "1", "--until", "2020-01-01"], "этот день уже прошёл"),
        ([*REASON, "--user", "1"], "владелец вебхука"),
        (["--reason", " ", "--user", "1"], "строка от 1 до 1000"),
        ([*REASON, "--rule", "deal.nothing"], "нужно одно из"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_granted(
    gate: Gate, exempt: Any, words: list[str], says: str
) -> None:
    assert says in exempt("add", *words, status=2).stderr
    assert gate.store.exemptions.listed() == ()


def test_what_cannot_be_removed_says_why(exempt: Any) -> None:
    exempt("add", "--user", 2, *REASON)
    exempt("remove", 1)
    assert "уже снято" in exempt("remove", 1, status=1).stderr
    assert "уже снято" in exempt("remove", "x", status=1).stderr
    assert "в настройках" in exempt("remove", "config:partners", status=2).stderr


def test_an_exemption_is_kept_as_it_was_given(engine: Engine) -> None:
    exemptions = Exemptions(engine)
    given = Exemption(
        id="",
        reason="почему",
        author="Анна",
        entity=EntityRef(Kind.CONTACT, 84),
        rule="contact.name",
        part="second_name",
        pipeline=None,
        source="WEB",
        user=5,
        until=date(2026, 12, 31),
    )
    now = datetime(2026, 9, 1, tzinfo=UTC)
    granted = exemptions.grant(given, now)
    assert replace(granted, id="") == given
    assert exemptions.in_force() == (granted,)
    assert exemptions.remove(granted.id, "Борис", now)
    assert exemptions.in_force() == ()
    (listed,) = exemptions.listed()
    assert (listed.removed_at, listed.removed_by) == (now, "Борис")


def test_a_decision_is_judged_again_with_the_exemptions_of_then(gate: Gate, exempt: Any) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    exempt("add", "--entity", deal, "--rule", "deal.contact", *REASON)
    exempt("remove", 1)
    engine = gate.store.engine
    first, second = read_past(engine, deal).decisions
    assert [each.exemption.id for each in first.exempted] == ["1"]
    assert second.exempted == ()
    for each in (first, second):
        whole = read_decision(engine, each.id)
        assert whole is not None
        assert replay(whole) == Replayed((), (), version_differs=False)


def test_what_an_exemption_closed_says_so_in_the_journal(gate: Gate, exempt: Any) -> None:
    deal = an_empty_deal(gate)
    exempt("add", "--entity", deal, "--rule", "deal.contact", *REASON)
    closed = {each.rule: each.closed_why for each in rows(gate, violation_table) if each.closed_at}
    assert closed == {"deal.contact": "exempt"}


def test_a_card_that_is_gone_is_no_longer_among_those_exempted(gate: Gate, exempt: Any) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    exempt("add", "--entity", deal, *REASON)
    assert gate.store.exemptions.covered() == {"1": 1}
    gate.rest("crm.item.delete", entityTypeId=2, id=deal.id)
    gate.look_at(deal)
    assert gate.store.exemptions.covered() == {}


def test_a_card_that_the_portal_has_not_is_no_card_to_exempt(gate: Gate, exempt: Any) -> None:
    assert (
        "карточки deal:99999 на портале нет"
        in exempt("add", "--entity", "deal:99999", *REASON, status=2).stderr
    )
    assert gate.store.exemptions.listed() == ()


def test_while_the_portal_does_not_answer_a_card_is_believed_to_be_there(gate: Gate, exempt: Any) -> None:
    deal = an_empty_deal(gate)
    for method in ("crm.item.list", "crm.item.get"):
        gate.control("faults", kind="error", method=method, code="ACCESS_DENIED", count=1)
    assert "Не удалось проверить" in exempt("add", "--entity", deal, *REASON).stderr
    assert len(gate.store.exemptions.listed()) == 1
