"""`whatif`: what a changed config would do to the cards that were seen, told before it does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, update

from bitrix24_sandbox.options import APPLICATION_TOKEN
from gatekeeper.cli import main
from gatekeeper.config import JournalConfig
from gatekeeper.judge.policy import Mode, NameOptions
from gatekeeper.model.cards import DealSnapshot
from gatekeeper.model.refs import EntityRef, Kind
from gatekeeper.store.journal.tables import snapshot_table
from tests.gate import Gate, a_gate
from tests.processes import free_port, write_config

WhatIf = Callable[..., Any]
STAGE = {"fm": [{"typeId": "PHONE", "valueType": "MOBILE", "value": "+7 903 482-17-65"}]}


@pytest.fixture
def engine(sqlite: Engine) -> Engine:
    return sqlite


@pytest.fixture
def gate(engine: Engine) -> Iterator[Gate]:
    with a_gate(engine) as gate:
        yield gate


def run(engine: Engine, folder: Path, changes: str, *words: str, in_force: str = "") -> Result:
    """The config in force is a plain gatekeeper.toml, the changed one new.toml beside it."""
    environ = {
        "GATEKEEPER_APPLICATION_TOKENS": APPLICATION_TOKEN,
        "GATEKEEPER_DATABASE_URL": str(engine.url),
        "GATEKEEPER_CONFIG": str(folder / "gatekeeper.toml"),
    }
    plain = write_config(folder, "http://127.0.0.1:1/rest/1/sandbox/", free_port())
    new = folder / "new.toml"
    new.write_text(f"{plain.read_text()}\n{changes}\n")
    plain.write_text(f"{plain.read_text()}\n{in_force}\n")
    return CliRunner().invoke(main, ["whatif", "--config", str(new), *words], env=environ)


@pytest.fixture
def whatif(engine: Engine, tmp_path: Path) -> WhatIf:
    def whatif(changes: str, *, in_force: str = "") -> Any:
        result = run(engine, tmp_path, changes, "--json", in_force=in_force)
        assert (result.exit_code, result.stderr) == (0, "")
        return json.loads(result.stdout)

    return whatif


def cards(told: Any) -> dict[str, tuple[list[str], list[str], list[str], str | None, bool]]:
    return {
        each["ref"]: (each["flagged"], each["released"], each["recorded"], each["moved_to"], each["held"])
        for each in told["cards"]
    }


def test_the_same_config_would_change_nothing(gate: Gate, whatif: WhatIf) -> None:
    gate.look_at(gate.add(Kind.DEAL, title="Пустая"), gate.a_correct_deal())
    told = whatif("")
    assert (told["judged"] >= 2, told["cards"], told["unjudged"]) == (True, [], {})
    assert told["policy"]["before"] == told["policy"]["after"]


def test_a_stricter_rule_flags_and_a_laxer_one_releases(gate: Gate, whatif: WhatIf) -> None:
    deal = gate.a_correct_deal()
    contact = gate.add(Kind.CONTACT, name="Иван", lastName="Петров", **STAGE)
    gate.look_at(deal, contact)
    told = whatif(
        '[rules."contact.name"]\npatronymic = false\n[rules."deal.products"]\nmax_sum_deviation = 0.0'
    )
    assert cards(told) == {str(contact): ([], ["contact.name"], [], None, False)}
    assert (told["flagged"], told["released"], told["moved_back"]) == (0, 1, 0)
    gate.change(deal, opportunity=1, isManualOpportunity="Y")
    gate.look_at(deal)
    told = whatif('[rules."deal.products"]\nmax_sum_deviation = 0.0')
    assert cards(told) == {str(deal): (["deal.products"], [], [], None, True)}


def test_a_rule_that_only_looks_on_is_told_apart(engine: Engine, whatif: WhatIf) -> None:
    with a_gate(engine, rules={"contact_name": NameOptions(Mode.OFF)}) as gate:
        contact = gate.add(Kind.CONTACT, name="Иван", **STAGE)
        gate.look_at(contact)
    off, observe = (f'[rules."contact.name"]\nmode = "{mode}"' for mode in ("off", "observe"))
    told = whatif(observe, in_force=off)
    assert cards(told) == {str(contact): ([], [], ["contact.name"], None, False)}
    assert cards(whatif(observe)) == {str(contact): ([], ["contact.name"], [], None, False)}


def test_a_deal_that_stands_where_it_was_admitted_is_held_and_not_moved(gate: Gate, whatif: WhatIf) -> None:
    deal = gate.a_correct_deal()
    gate.change(deal, opportunity=1, isManualOpportunity="Y")
    gate.change(deal, stageId="EXECUTING")
    gate.look_at(deal)
    told = whatif('[rules."deal.products"]\nmax_sum_deviation = 1.0')
    assert cards(told) == {str(deal): (["deal.products"], [], [], None, True)}
    assert (told["moved_back"], told["held"]) == (0, 1)


def test_a_deal_that_went_on_since_it_was_last_admitted_is_moved(gate: Gate, whatif: WhatIf) -> None:
    """As when a worker died between reading it and deciding."""
    deal = gate.a_correct_deal()
    gate.look_at(deal)
    latest = gate.store.latest
    (kept,) = [each for each in latest.page(None, 10) if each.ref == deal]
    assert isinstance(kept.snapshot, DealSnapshot)
    latest.keep([replace(kept.snapshot, stage_id="EXECUTING", sum=Decimal(1))], kept.read_at)
    told = whatif('[rules."deal.products"]\nmax_sum_deviation = 1.0')
    assert cards(told) == {str(deal): (["deal.products"], [], [], "NEW", False)}
    assert told["moved_back"] == 1


def test_nothing_is_written_anywhere(gate: Gate, engine: Engine, whatif: WhatIf) -> None:
    gate.look_at(gate.add(Kind.DEAL, title="Пустая"))
    with engine.connect() as conn:
        before = list(conn.connection.iterdump())
    writes = gate.writes()
    whatif('[rules."deal.product_group"]\nmode = "off"')
    with engine.connect() as conn:
        assert list(conn.connection.iterdump()) == before
    assert gate.writes() == writes


def test_what_could_not_be_judged_is_counted(engine: Engine, whatif: WhatIf) -> None:
    with a_gate(engine, journal=JournalConfig(mask_personal_data=True)) as gate:
        gate.look_at(gate.add(Kind.DEAL, title="Пустая"), gate.add(Kind.CONTACT, name="Иван"))
        damaged = gate.add(Kind.LEAD, title="Лид")
        gate.look_at(damaged)
    with engine.begin() as conn:
        conn.execute(update(snapshot_table).where(snapshot_table.c.kind == "lead").values(body=b"x"))
    told = whatif('[rules."deal.product_group"]\nmode = "off"')
    assert told["unjudged"] == {"masked": 1, "other_version": 1}
    assert told["rules_unjudged"]["deal.comment"] == 1
    assert [each["released"] for each in told["cards"]] == [["deal.product_group"]]


def test_it_is_told_in_words_up_to_a_limit(gate: Gate, engine: Engine, tmp_path: Path) -> None:
    refs = [gate.add(Kind.CONTACT, name="Иван", lastName="Петров") for _ in range(4)]
    gate.look_at(*refs)
    told = run(engine, tmp_path, '[rules."contact.name"]\npatronymic = false', "--limit", "3").stdout
    assert "Карточек: 4, снимки от " in told
    assert "Появятся замечания: 0. Снимутся замечания: 4. Будут возвращены: 0." in told
    assert "  ФИО: появится 0, снимется 4\n" in told
    assert told.count(": ☑ ФИО\n") == 3
    assert told.endswith("… и ещё 1 (все покажет --limit)\n")


def test_before_anything_was_seen_it_says_so(engine: Engine, tmp_path: Path) -> None:
    assert "Снимков карточек ещё нет" in run(engine, tmp_path, "").stdout


def test_without_a_config_in_force_the_last_decisions_policy_is_compared_with(
    engine: Engine, tmp_path: Path
) -> None:
    with a_gate(engine, rules={"contact_name": NameOptions(patronymic=False)}) as gate:
        contact: EntityRef = gate.add(Kind.CONTACT, name="Иван", lastName="Петров")
        gate.look_at(contact)
    plain = write_config(tmp_path, "http://127.0.0.1:1/rest/1/sandbox/", free_port())
    environ = {"GATEKEEPER_DATABASE_URL": str(engine.url), "GATEKEEPER_CONFIG": str(tmp_path / "none.toml")}
    result = CliRunner().invoke(main, ["whatif", "--config", str(plain), "--json"], env=environ)
    assert cards(json.loads(result.stdout)) == {str(contact): (["contact.name"], [], [], None, False)}
