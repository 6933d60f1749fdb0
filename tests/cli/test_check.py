"""`gatekeeper check`: what it prints, where, and with which exit status. It writes nothing to the portal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from gatekeeper.cli import main
from gatekeeper.model.refs import EntityRef, Kind
from tests.gate import Gate, a_gate
from tests.planted import TOKEN
from tests.processes import free_port, write_config


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_gate(sqlite) as gate:
        yield gate


def run(gate: Gate, tmp_path: Path, *words: Any, portal_url: str | None = None, more: str = "") -> Result:
    """The command as it is typed, on the gate's database and portal; `more` stands in the config, too."""
    url = portal_url or gate.sandbox.webhook_url
    environ = {
        "GATEKEEPER_PORTAL_URL": url,
        "GATEKEEPER_APPLICATION_TOKENS": TOKEN,
        "GATEKEEPER_DATABASE_URL": gate.store.engine.url.render_as_string(hide_password=False),
    }
    config = write_config(tmp_path, url, free_port())
    config.write_text(f"{config.read_text(encoding='utf-8')}\n{more}", encoding="utf-8")
    return CliRunner().invoke(main, [*map(str, words), "--config", str(config)], env=environ)


def check(gate: Gate, tmp_path: Path, ref: EntityRef) -> dict[str, Any]:
    result = run(gate, tmp_path, "check", ref.kind.value, ref.id, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    verdict: dict[str, Any] = json.loads(result.stdout)
    return verdict


def test_the_verdict_as_json_is_to_the_letter(gate: Gate, tmp_path: Path) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая", stageId="EXECUTING")
    before = gate.writes()
    verdict = check(gate, tmp_path, deal)
    assert list(verdict) == ["ref", "status", "violations", "not_judged", "actions"]
    assert (verdict["ref"], verdict["status"], verdict["not_judged"]) == (f"deal:{deal.id}", "incorrect", [])
    assert [set(each) for each in verdict["violations"]] == [{"rule", "mode", "facts"}] * len(
        verdict["violations"]
    )
    found = {each["rule"]: (each["mode"], each["facts"]) for each in verdict["violations"]}
    assert found["deal.products"] == ("revert", {"problems": ["no_rows", "no_sum"]})
    assert found["deal.lead"] == ("warn", {"problem": "missing"})
    assert [each["action"] for each in verdict["actions"]] == ["MoveStage", "PostComment", "Notify"]
    assert gate.writes() == before
    assert gate.item(deal)["stageId"] == "EXECUTING"


def test_json_is_all_that_is_printed_and_cyrillic_stays_readable(gate: Gate, tmp_path: Path) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    result = run(gate, tmp_path, "check", "deal", deal.id, "--json")
    assert len(result.stdout.splitlines()) == 1
    assert "Контроль" in result.stdout


def test_a_deal_in_order_has_nothing_against_it(gate: Gate, tmp_path: Path) -> None:
    verdict = check(gate, tmp_path, gate.a_correct_deal())
    assert (verdict["violations"], verdict["not_judged"], verdict["actions"]) == ([], [], [])
    assert verdict["status"] in {None, "active", "inactive"}


def test_a_contact_has_no_status(gate: Gate, tmp_path: Path) -> None:
    verdict = check(gate, tmp_path, gate.add(Kind.CONTACT, name="Иван"))
    assert verdict["status"] is None
    assert {each["mode"] for each in verdict["violations"]} == {"warn"}


def test_what_could_not_be_judged_is_told_with_its_reason(gate: Gate, tmp_path: Path) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.control("faults", kind="error", method="crm.item.productrow.list", code="ACCESS_DENIED")
    verdict = check(gate, tmp_path, deal)
    (unread,) = verdict["not_judged"]
    assert set(unread) == {"rule", "why"}
    assert unread["rule"] == "deal.products"
    method = {"method": "crm.item.productrow.list"}
    assert unread["why"] == [{"code": "denied", "facts": method}]
    assert "deal.products" not in [each["rule"] for each in verdict["violations"]]


def test_what_has_been_done_is_not_announced_again(gate: Gate, tmp_path: Path) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая", stageId="EXECUTING")
    gate.look_at(deal)
    assert check(gate, tmp_path, deal)["actions"] == []


@pytest.mark.parametrize("as_json", [True, False])
def test_a_card_that_cannot_be_read_is_an_error_and_no_verdict(
    gate: Gate, tmp_path: Path, as_json: bool
) -> None:
    result = run(gate, tmp_path, "check", "deal", 4711, *(["--json"] * as_json))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("deal:4711: такой карточки на портале нет")
    assert "/rest/1/" not in result.stderr


def test_a_portal_that_does_not_answer_is_an_error_that_keeps_the_webhook_secret(
    gate: Gate, tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{free_port()}/rest/1/s3cr3t/"
    result = run(gate, tmp_path, "check", "deal", 1, "--json", portal_url=url)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "s3cr3t" not in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("words", [["deal", "0"], ["deal", "-1"], ["deal", "x"], ["company", "1"], ["deal"]])
def test_what_is_no_card_is_a_wrong_use(gate: Gate, tmp_path: Path, words: list[str]) -> None:
    result = run(gate, tmp_path, "check", *words)
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_config_that_is_wrong_ends_every_command_with_one_message(tmp_path: Path) -> None:
    wrong = tmp_path / "gatekeeper.toml"
    wrong.write_text('[rules."deal.stag"]\nmode = "warn"\n', encoding="utf-8")
    for command in (["check", "deal", "1"], ["worker"], ["web"], ["up"]):
        result = CliRunner().invoke(main, [*command, "--config", str(wrong)])
        assert result.exit_code not in {0, None}
        assert "deal.stag" in result.stderr
        assert "Traceback" not in result.output


def test_in_words_the_verdict_names_card_problems_and_what_would_be_done(gate: Gate, tmp_path: Path) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая", stageId="EXECUTING")
    result = run(gate, tmp_path, "check", "deal", deal.id)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == f"deal:{deal.id}: некорректная"
    assert any("Товар и сумма" in line and "[deal.products, revert]" in line for line in lines)
    assert lines[-3:] == [
        "  → вернёт сделку на прежнюю стадию: EXECUTING → NEW",
        "  → добавит запись в карточку",
        "  → отправит уведомления пользователям: 2",
    ]
    assert "[b]" not in result.stdout


def test_a_portal_never_watched_before_is_not_moved_about(tmp_path: Path, engine: Engine) -> None:
    """Before the first worker began, every deal is older than the gate."""
    with a_gate(engine) as gate:
        deal = gate.add(Kind.DEAL, title="Пустая", stageId="EXECUTING")
        fresh = tmp_path / "fresh.db"
        environ = {
            "GATEKEEPER_PORTAL_URL": gate.sandbox.webhook_url,
            "GATEKEEPER_APPLICATION_TOKENS": TOKEN,
            "GATEKEEPER_DATABASE_URL": f"sqlite:///{fresh}",
        }
        gate.control(
            "backdate",
            ref=str(deal),
            created_at="2020-01-01T12:00:00+03:00",
            moved_at="2020-01-01T12:00:00+03:00",
        )
        config = write_config(tmp_path, gate.sandbox.webhook_url, free_port())
        words = ["check", "deal", str(deal.id), "--json", "--config", str(config)]
        result = CliRunner().invoke(main, words, env=environ)
        assert [each["action"] for each in json.loads(result.stdout)["actions"]] == ["PostComment"]


def test_what_is_in_grace_is_listed_with_its_time(gate: Gate, tmp_path: Path) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    grace = '[rules."deal.comment"]\ngrace = "3 days"\n'
    verdict = json.loads(run(gate, tmp_path, "check", "deal", deal.id, "--json", more=grace).stdout)
    times = {each["rule"]: each.get("due_at") for each in verdict["violations"]}
    left = datetime.fromisoformat(times.pop("deal.comment")) - datetime.now(UTC)
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)
    assert set(times.values()) == {None}
    words = run(gate, tmp_path, "check", "deal", deal.id, more=grace).stdout
    assert re.search(r"Развёрнутый комментарий \(до \d\d\.\d\d\.\d{4} \d\d:\d\d\) —", words)


def test_that_departments_could_not_be_read_is_told_where_it_matters(gate: Gate, tmp_path: Path) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.control("faults", kind="scope", scope="department")
    softer = '[ceiling.departments]\n1 = "warn"\n'
    words = run(gate, tmp_path, "check", "deal", deal.id, more=softer).stdout
    assert "[deal.contact, warn]" in words
    assert "применены самые мягкие режимы — вебхуку не хватает права department" in words
    assert "самые мягкие" not in run(gate, tmp_path, "check", "deal", deal.id).stdout


def test_what_is_exempted_is_told_with_its_reason_and_is_no_violation(gate: Gate, tmp_path: Path) -> None:
    deal = gate.add(Kind.DEAL, title="Пустая")
    why = '[exemptions.migration]\nreason = "перенос"\nauthor = "Анна"\nrule = "deal.contact"\n'
    verdict = json.loads(run(gate, tmp_path, "check", "deal", deal.id, "--json", more=why).stdout)
    (spared,) = verdict["exempted"]
    assert (spared["rule"], spared["facts"]) == ("deal.contact", {"found": 0, "wanted": 1})
    assert (spared["exemption"]["id"], spared["exemption"]["reason"]) == ("config:migration", "перенос")
    assert "deal.contact" not in [each["rule"] for each in verdict["violations"]]
    words = run(gate, tmp_path, "check", "deal", deal.id, more=why).stdout
    assert "⊘ исключение: Контакт — не привязан. Добавьте клиента в сделку." in words
    assert "[deal.contact, config:migration: перенос, Анна]" in words
