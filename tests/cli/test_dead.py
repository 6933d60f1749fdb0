"""`gatekeeper dead`: what is listed, what is retried, and that nothing else is touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from gatekeeper.app.bootstrap import Gatekeeper, open_gatekeeper
from gatekeeper.app.web_process import make_web_app
from gatekeeper.cli import main
from gatekeeper.model.refs import EntityRef, Kind
from tests.gate import a_config
from tests.processes import write_config

NOWHERE = "http://127.0.0.1:9/rest/1/x/"
DEAL, LEAD, CONTACT = EntityRef(Kind.DEAL, 41), EntityRef(Kind.LEAD, 7), EntityRef(Kind.CONTACT, 84)


@pytest.fixture
def gatekeeper(engine: Engine) -> Iterator[Gatekeeper]:
    """Two dead letters, the deal's being the older, and a contact that only waits."""
    gatekeeper = open_gatekeeper(a_config(NOWHERE, engine.url.render_as_string(hide_password=False)))
    inbox = gatekeeper.store.inbox
    for ref in (DEAL, LEAD):
        inbox.mark_dirty(ref, delay_s=0)
        (claim,) = inbox.claim(1, "test")
        inbox.give_up(claim, f"crm.item.get · ACCESS_DENIED {ref.id}")
    inbox.mark_dirty(CONTACT, delay_s=0)
    yield gatekeeper
    gatekeeper.close()


@pytest.fixture
def run(gatekeeper: Gatekeeper, tmp_path: Path) -> Any:
    environ = {"GATEKEEPER_DATABASE_URL": gatekeeper.config.database.url.reveal()}
    config = write_config(tmp_path, NOWHERE, 8024)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["dead", *words, "--config", str(config)], env=environ)

    return run


def test_dead_letters_are_listed_oldest_first_with_what_went_wrong(run: Any) -> None:
    result = run("list")
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    assert first.startswith("deal:41 — попыток: 8, с ")
    assert first.endswith("crm.item.get · ACCESS_DENIED 41")
    assert second.startswith("lead:7 — ")


def test_the_list_as_json_is_json_alone(run: Any) -> None:
    letters = json.loads(run("list", "--json").stdout)
    assert [each["ref"] for each in letters] == ["deal:41", "lead:7"]
    assert letters[0]["error"] == "crm.item.get · ACCESS_DENIED 41"
    assert letters[0]["first_marked"].endswith("+00:00")


def test_where_there_are_none_it_says_so(run: Any) -> None:
    run("retry", "--all")
    assert run("list").stdout == "отложенных карточек нет\n"
    assert run("list", "--json").stdout == "[]\n"


def test_a_card_that_killed_its_worker_each_time_is_told_apart(run: Any, gatekeeper: Gatekeeper) -> None:
    with gatekeeper.store.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE inbox SET last_error = NULL WHERE entity_id = 7")
    assert run("list").stdout.splitlines()[1].endswith("на этой карточке обработчик падает")


def test_one_is_retried_and_the_others_stay(run: Any, gatekeeper: Gatekeeper) -> None:
    result = run("retry", "lead:7")
    assert (result.exit_code, result.stdout) == (0, "Будет перепроверено карточек: 1\n")
    assert [each.ref for each in gatekeeper.store.inbox.dead_letters()] == [DEAL]
    claims = gatekeeper.store.inbox.claim(50, "test")
    assert {claim.ref: claim.attempts for claim in claims} == {LEAD: 1, CONTACT: 1}


def test_all_are_retried(run: Any, gatekeeper: Gatekeeper) -> None:
    assert run("retry", "--all").stdout == "Будет перепроверено карточек: 2\n"
    assert gatekeeper.store.inbox.dead_letters() == ()


def test_what_is_no_dead_letter_is_said_and_left_alone(run: Any, gatekeeper: Gatekeeper) -> None:
    result = run("retry", "deal:41", "contact:84", "deal:999")
    assert result.exit_code == 1
    assert "карточек: 1" in result.stdout
    assert result.stderr == "Не были отложены: 2\n"
    assert gatekeeper.store.inbox.depth().waiting == 2


@pytest.mark.parametrize(
    "words", [(), ("deal:41", "--all"), ("deal",), ("deal:0",), ("company:1",), ("deal:x",)]
)
def test_what_to_retry_must_be_said_and_only_once(
    run: Any, gatekeeper: Gatekeeper, words: tuple[str, ...]
) -> None:
    result = run("retry", *words)
    assert result.exit_code == 2
    assert "deal:41" in result.stderr
    assert len(gatekeeper.store.inbox.dead_letters()) == 2


def test_readyz_counts_them_and_is_not_made_unready_by_them(gatekeeper: Gatekeeper) -> None:
    answer = make_web_app(gatekeeper.config, gatekeeper.store, gatekeeper.meter).test_client().get("/readyz")
    assert answer.json is not None
    assert answer.json["dead_letters"] == 2
    assert set(answer.json["reasons"]) == {"worker", "contacts"}
