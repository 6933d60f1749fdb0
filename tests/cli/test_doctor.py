"""`gatekeeper doctor` as typed: every trouble of a portal, told with what to do, and nothing written."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from alembic.runtime.migration import MigrationContext
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from bitrix24_sandbox.options import APPLICATION_TOKEN, SCOPES
from gatekeeper.cli import main
from gatekeeper.doctor.needs import BY_LEADS
from gatekeeper.model.refs import Kind
from gatekeeper.portal.wire.system import METHODS
from tests.gate import Gate, a_gate
from tests.processes import free_port

CONFIG = """
[fields]
product_group = "UF_CRM_PRODUCT_GROUP"
status = "UF_CRM_GATEKEEPER_STATUS"
"""
SECRET = "s3cr3tc0de"


@contextmanager
def a_furnished_gate(engine: Engine, **sandbox: Any) -> Iterator[Gate]:
    """A card of each kind, a worker that lives, an index that is whole: nothing to find fault with."""
    with a_gate(engine, sandbox=sandbox) as gate:
        gate.a_correct_deal()
        gate.store.heartbeat.beat("worker")
        yield gate


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_furnished_gate(sqlite) as gate:
        yield gate


def doctor(
    gate: Gate, folder: Path, *words: str, url: str | None = None, database: str | None = None, more: str = ""
) -> Result:
    config = folder / "doctor.toml"
    text = CONFIG if "[fields]" not in more else ""
    config.write_text(f"{text}{more}\n[portal]\ntimeout_s = 3.0\n", encoding="utf-8")
    environ = {
        "GATEKEEPER_PORTAL_URL": url or gate.sandbox.webhook_url,
        "GATEKEEPER_APPLICATION_TOKENS": APPLICATION_TOKEN,
        "GATEKEEPER_DATABASE_URL": database or gate.store.engine.url.render_as_string(hide_password=False),
    }
    result = CliRunner().invoke(main, ["doctor", *words, "--config", str(config)], env=environ)
    assert result.exit_code in {0, 1}, result.output
    assert APPLICATION_TOKEN not in result.output
    assert "/rest/1/" not in result.output
    return result


def found(gate: Gate, folder: Path, **given: Any) -> dict[str, dict[str, Any]]:
    """What is not fine, by the check's code; the exit status agrees."""
    result = doctor(gate, folder, "--json", **given)
    told = json.loads(result.stdout)
    assert told["ok"] is (result.exit_code == 0)
    assert told["ok"] is all(each["result"] != "broken" for each in told["checks"])
    trouble = {each["check"]: each for each in told["checks"] if each["result"] != "fine"}
    assert all(each["advice"] for each in trouble.values())
    assert trouble.pop("events.by_hand")["result"] == "doubtful"
    return trouble


def test_a_portal_in_order_has_nothing_against_it(gate: Gate, tmp_path: Path) -> None:
    result = doctor(gate, tmp_path)
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert found(gate, tmp_path) == {}
    assert [line[0] for line in lines] == ["✓"] * (len(lines) - 2) + ["!", " "]
    assert "Администратор (id 1)" in lines[0]


def test_nothing_is_written_and_no_card_is_looked_at(gate: Gate, tmp_path: Path) -> None:
    before = gate.writes(), gate.store.inbox.depth()
    mark = gate.http.get(f"{gate.sandbox.url}/sandbox/log").json()["mark"]
    doctor(gate, tmp_path)
    assert (gate.writes(), gate.store.inbox.depth()) == before
    log = gate.http.get(f"{gate.sandbox.url}/sandbox/log", params={"since": mark}).json()
    assert log["hits"] == 4


def test_it_speaks_the_configs_language(gate: Gate, tmp_path: Path) -> None:
    english = doctor(gate, tmp_path, more='[messages]\nlanguage = "en"').stdout
    assert "administrator" in english
    portals_own = ("Администратор", "Группа продуктов", "Статус по регламенту")
    for name in portals_own:
        assert name in english
        english = english.replace(name, "")
    assert not re.search("[а-яё]", english, re.IGNORECASE)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"kind": "revoked"}, "webhook.unknown"),
        ({"kind": "owner_fired"}, "webhook.owner_fired"),
        ({"kind": "portal_deleted"}, "webhook.deleted"),
        ({"kind": "overload"}, "webhook.blocked"),
        ({"kind": "redirect"}, "webhook.moved"),
        ({"kind": "503"}, "webhook.busy"),
        ({"kind": "500"}, "webhook.no_answer"),
        ({"kind": "truncated"}, "webhook.no_answer"),
        ({"kind": "error", "method": "profile", "code": "PAYMENT_REQUIRED", "status": 401}, "webhook.plan"),
        ({"kind": "error", "method": "profile", "code": "INVALID_REQUEST"}, "webhook.not_https"),
        ({"kind": "error", "method": "profile", "code": "USER_ACCESS_ERROR"}, "webhook.owner_outside"),
        ({"kind": "error", "method": "profile", "code": "WHATEVER"}, "webhook.odd_answer"),
    ],
    ids=lambda each: each if isinstance(each, str) else each["kind"],
)
def test_a_portal_that_does_not_let_us_in_is_explained_and_nothing_else_is_guessed(
    gate: Gate, tmp_path: Path, fault: dict[str, Any], code: str
) -> None:
    gate.control("faults", **fault)
    trouble = found(gate, tmp_path)
    assert list(trouble) == [code]
    assert trouble[code]["result"] == "broken"


def test_the_new_name_of_a_portal_that_moved_is_told(gate: Gate, tmp_path: Path) -> None:
    gate.control("faults", kind="redirect", host="new.bitrix24.example")
    result = doctor(gate, tmp_path)
    assert result.exit_code == 1
    assert "new.bitrix24.example" in result.stdout


def test_a_wrong_code_is_a_webhook_that_the_portal_does_not_know(gate: Gate, tmp_path: Path) -> None:
    url = f"{gate.sandbox.url}/rest/1/{SECRET}/"
    assert list(found(gate, tmp_path, url=url)) == ["webhook.unknown"]
    assert SECRET not in doctor(gate, tmp_path, url=url).output


def test_a_portal_that_is_not_there_does_not_answer(gate: Gate, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}/rest/1/{SECRET}/"
    result = doctor(gate, tmp_path, url=url)
    assert result.exit_code == 1
    assert result.stdout.startswith("✗")
    assert SECRET not in result.output


@pytest.mark.parametrize("scope", SCOPES)
def test_a_missing_scope_is_told_once_with_the_rules_that_suffer(
    gate: Gate, tmp_path: Path, scope: str
) -> None:
    gate.control("faults", kind="scope", scope=scope)
    trouble = found(gate, tmp_path)
    assert list(trouble) == [f"scope.{scope}"]
    told = trouble[f"scope.{scope}"]
    assert told["result"] == ("broken" if scope == "crm" else "doubtful")
    if scope in {"telephony", "imopenlines"}:
        assert told["facts"]["rules"] == ["deal.inactive", "lead.interaction"]
        assert "deal.inactive, lead.interaction" in told["what"]


def test_a_scope_that_no_rule_in_force_needs_is_not_missed(gate: Gate, tmp_path: Path) -> None:
    gate.control("faults", kind="scope", scope="telephony")
    off = '[rules."deal.inactive"]\nmode = "off"\n[rules."lead.interaction"]\nmode = "off"'
    assert found(gate, tmp_path, more=off) == {}


@pytest.mark.parametrize(
    ("user_scope", "missed"), [("user", []), ("user_basic", []), ("user_brief", ["scope.user_brief"])]
)
def test_the_brief_scope_of_employees_hides_their_addresses(
    sqlite: Engine, tmp_path: Path, user_scope: str, missed: list[str]
) -> None:
    scopes = (*(each for each in SCOPES if each != "user"), user_scope)
    with a_furnished_gate(sqlite, scopes=scopes) as gate:
        assert list(found(gate, tmp_path)) == missed


def test_an_owner_who_is_no_administrator_is_a_doubt(gate: Gate, tmp_path: Path) -> None:
    gate.control("user", id=1, admin=False)
    assert list(found(gate, tmp_path)) == ["webhook.no_admin"]


@pytest.mark.parametrize(
    ("ahead_s", "code"), [(-3600, "clock.behind"), (-60, "clock.behind"), (60, "clock.ahead"), (0, None)]
)
def test_clocks_that_differ_are_told_with_who_is_ahead(
    sqlite: Engine, tmp_path: Path, ahead_s: int, code: str | None
) -> None:
    with a_furnished_gate(sqlite, clock=lambda: time.time() + ahead_s) as gate:
        trouble = found(gate, tmp_path)
        assert list(trouble) == ([code] if code else [])
        assert not code or abs(trouble[code]["facts"]["seconds"] - abs(ahead_s)) <= 5


def test_the_portals_offset_is_no_difference_between_clocks(sqlite: Engine, tmp_path: Path) -> None:
    with a_furnished_gate(sqlite, offset_minutes=-420) as gate:
        assert found(gate, tmp_path) == {}
        assert "-07:00" in doctor(gate, tmp_path).stdout


def test_a_portal_without_leads_names_the_rules_that_are_off(sqlite: Engine, tmp_path: Path) -> None:
    with a_furnished_gate(sqlite, mode=2) as gate:
        trouble = found(gate, tmp_path)
        assert list(trouble) == ["leads.none"]
        assert trouble["leads.none"]["facts"]["rules"] == list(BY_LEADS)
        off = "\n".join(f'[rules."{rule}"]\nmode = "off"' for rule in BY_LEADS)
        assert found(gate, tmp_path, more=off) == {}


def test_an_older_portal_is_in_order_too(sqlite: Engine, tmp_path: Path) -> None:
    with a_furnished_gate(sqlite, older=True) as gate:
        assert found(gate, tmp_path) == {}


def test_rights_that_are_refused_are_broken_and_named_by_kind(gate: Gate, tmp_path: Path) -> None:
    gate.control("faults", kind="error", method="crm.item.list", code="ACCESS_DENIED", count=1)
    trouble = found(gate, tmp_path)
    assert list(trouble) == ["rights.denied"]
    assert trouble["rights.denied"]["result"] == "broken"
    assert "лиды" in trouble["rights.denied"]["what"]


def test_cards_that_nobody_sees_are_a_doubt(gate: Gate, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        gate.control("faults", kind="hidden", ref=f"deal:{number}")
    trouble = found(gate, tmp_path)
    assert list(trouble) == ["rights.nothing_seen"]
    assert trouble["rights.nothing_seen"]["facts"]["kinds"] == ["deal"]


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("voximplant.statistic.get", "probe.telephony"),
        ("imopenlines.crm.chat.get", "probe.imopenlines"),
        ("user.get", "probe.user"),
        ("department.get", "probe.department"),
    ],
)
def test_a_right_beyond_the_scope_is_tried(gate: Gate, tmp_path: Path, method: str, code: str) -> None:
    gate.control("faults", kind="error", method=method, code="ACCESS_DENIED", status=403)
    trouble = found(gate, tmp_path)
    assert list(trouble) == [code]
    assert trouble[code]["result"] == "doubtful"


def test_a_portal_that_falls_silent_half_way_is_one_line_and_no_accusation(
    gate: Gate, tmp_path: Path
) -> None:
    gate.control("faults", kind="503", method="method.get")
    trouble = found(gate, tmp_path)
    assert list(trouble) == ["unread"]
    assert trouble["unread"]["result"] in {"broken", "doubtful"}


def test_a_plan_that_is_not_told_fails_nothing(gate: Gate, tmp_path: Path) -> None:
    gate.control("faults", kind="error", method="app.info", code="ACCESS_DENIED", status=403)
    result = doctor(gate, tmp_path)
    assert result.exit_code == 0
    assert "тариф" in result.stdout


@pytest.mark.parametrize(
    ("fields", "code", "result"),
    [
        ('product_group = "UF_CRM_GONE"', "group.missing", "broken"),
        ('product_group = "UF_CRM_GATEKEEPER_STATUS"', "group.no_list", "doubtful"),
        ('product_group = "UF_CRM_PRODUCT_GROUP"\nstatus = "UF_CRM_GONE"', "status.missing", "broken"),
        (
            'product_group = "UF_CRM_PRODUCT_GROUP"\nstatus = "UF_CRM_PRODUCT_GROUP"',
            "status.no_text",
            "broken",
        ),
    ],
)
def test_fields_in_the_config_must_be_on_the_portal_and_of_the_right_type(
    gate: Gate, tmp_path: Path, fields: str, code: str, result: str
) -> None:
    trouble = found(gate, tmp_path, more=f"[fields]\n{fields}")
    assert list(trouble) == [code]
    assert trouble[code]["result"] == result


def test_a_field_that_is_missing_is_told_with_those_that_may_be_meant(gate: Gate, tmp_path: Path) -> None:
    said = doctor(gate, tmp_path, more='[fields]\nproduct_group = "UF_CRM_GONE"').stdout
    assert "UF_CRM_PRODUCT_GROUP «Группа продуктов»" in said


def test_stages_in_the_config_must_be_on_the_portal(gate: Gate, tmp_path: Path) -> None:
    more = '[rules."deal.stage"]\nmax_days = {"C1:NEW" = 3, "NEW" = 4, "C1:NEU" = 5}'
    trouble = found(gate, tmp_path, more=more)
    assert trouble["stages.unknown"]["facts"]["stages"] == ["C1:NEU"]
    assert "C1:NEW «Новая»" in trouble["stages.unknown"]["what"]
    assert found(gate, tmp_path, more='[rules."deal.stage"]\nmax_days = {"C1:NEW" = 3}') == {}


def test_the_limiter_is_compared_with_the_plan(sqlite: Engine, tmp_path: Path) -> None:
    with a_furnished_gate(sqlite, limit="enterprise") as gate:
        assert list(found(gate, tmp_path)) == ["limits.too_low"]


def test_every_method_that_a_pass_calls_is_asked_for(gate: Gate) -> None:
    gate.look_at(gate.add(Kind.DEAL, title="Пустая"))
    lead = gate.add(Kind.LEAD, title="Лид", stageId="CONVERTED")
    gate.control("activity", owner=str(lead), kind="call_out", answered=True, seconds=60)
    gate.control("activity", owner=str(lead), kind="chat", messages=[{"from": "client", "text": "Да"}])
    gate.look_at(lead, gate.add(Kind.CONTACT, name="Иван"))
    deal = gate.add(Kind.DEAL, title="Ушла", stageId="EXECUTING")
    gate.look_at(deal)
    log = requests.get(f"{gate.sandbox.url}/sandbox/log", params={"calls": 1}, timeout=10).json()
    ours = {
        command["method"]
        for hit in log["calls"]
        if hit["method"] == "batch" or hit["method"].startswith(("voximplant", "imopenlines"))
        for command in hit["commands"]
    }
    assert "imopenlines.session.history.get" in ours
    assert ours <= {name for names in METHODS.values() for name in names}


def test_a_database_that_is_not_there_is_not_made_by_looking(gate: Gate, tmp_path: Path) -> None:
    missing = tmp_path / "none.db"
    assert list(found(gate, tmp_path, database=f"sqlite:///{missing}")) == ["database.not_made"]
    assert not missing.exists()
    trouble = found(gate, tmp_path, database=f"sqlite:///{tmp_path}/no/folder.db")
    assert trouble["database.no_folder"]["result"] == "broken"


def test_what_is_no_database_is_told(gate: Gate, tmp_path: Path) -> None:
    (tmp_path / "page.db").write_text("<html>" * 1000)
    assert list(found(gate, tmp_path, database=f"sqlite:///{tmp_path}/page.db")) == ["database.unusable"]


@pytest.mark.parametrize(("revision", "code"), [("0011", "database.unreleased"), ("9999", "database.newer")])
def test_tables_of_another_version_are_told_and_left_alone(
    gate: Gate, tmp_path: Path, revision: str, code: str
) -> None:
    with gate.store.engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})
    assert list(found(gate, tmp_path)) == [code]
    with gate.store.engine.begin() as conn:
        assert MigrationContext.configure(conn).get_current_revision() == revision


def test_a_gate_that_never_worked_is_told_what_to_start(sqlite: Engine, tmp_path: Path) -> None:
    with a_gate(sqlite) as gate:
        gate.a_correct_deal()
        with gate.store.engine.begin() as conn:
            conn.execute(text("DELETE FROM contact_fill"))
        assert list(found(gate, tmp_path)) == ["worker.never", "index.filling"]


def test_a_worker_that_fell_silent_is_broken(gate: Gate, tmp_path: Path) -> None:
    with gate.store.engine.begin() as conn:
        conn.execute(text("UPDATE heartbeat SET at = '2026-01-01 00:00:00.000000'"))
    trouble = found(gate, tmp_path)
    assert list(trouble) == ["worker.silent"]
    assert trouble["worker.silent"]["result"] == "broken"
