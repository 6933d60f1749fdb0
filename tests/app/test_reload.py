"""A config edited while its processes run: taken over within seconds, or refused, and never by halves."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from gatekeeper.app.reload import ConfigWatch
from gatekeeper.app.worker_process import make_rejudging
from gatekeeper.config import load_config
from gatekeeper.judge.policy import MandatoryOptions, Mode, Policy
from gatekeeper.model.refs import Kind
from tests.gate import Gate, a_gate
from tests.planted import TOKEN
from tests.processes import a_process, free_port, until, write_config

MINIMAL = '[fields]\nproduct_group = "UF_CRM_1"\n'
SECRETS = {
    "GATEKEEPER_PORTAL_URL": "https://company.bitrix24.ru/rest/1/c0debehindthedoor/",
    "GATEKEEPER_APPLICATION_TOKENS": "firsttoken",
}


class Watched:
    """A config file, and a watch on it whose seconds pass only with `poll`."""

    def __init__(self, folder: Path, text: str = MINIMAL, **environ: str) -> None:
        self.file = folder / "gatekeeper.toml"
        self.file.write_text(text)
        self.environ = {**SECRETS, **environ}
        config = load_config(self.file, self.environ)
        self.watch = ConfigWatch(self.file, self.environ, config, every_s=1, clock=self.tick)
        self.seconds = 0.0

    def tick(self) -> float:
        self.seconds += 1
        return self.seconds

    def polls(self, times: int = 3) -> list[Any]:
        return [config for _ in range(times) if (config := self.watch.poll()) is not None]


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_an_unchanged_config_is_no_news(watched: Watched) -> None:
    assert watched.polls() == []
    watched.file.touch()
    assert watched.polls() == []
    assert watched.watch.refused is None


def test_reworded_messages_are_news_and_broken_ones_are_refused(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[comment]\nsignature = "Контроль"')
    watched = Watched(tmp_path, MINIMAL + '[messages]\ntemplates_file = "own.toml"\n')
    assert watched.polls() == []
    own.write_text('[comment]\nsignature = "Отдел качества"')
    (config,) = watched.polls(5)
    assert config.messages.templates["comment"]["signature"] == "Отдел качества"
    own.write_text('[comment]\nwell = "{{ nobody }}"')
    assert watched.polls(5) == []
    assert watched.watch.refused


def test_a_changed_config_is_news_once(watched: Watched) -> None:
    watched.polls()
    watched.file.write_text(MINIMAL + "[enforcement]\ndry_run = true\n")
    (config,) = watched.polls(5)
    assert config.enforcement.dry_run


def test_a_change_between_loading_and_watching_is_news(watched: Watched) -> None:
    watched.file.write_text(MINIMAL + "[enforcement]\ndry_run = true\n")
    assert len(watched.polls()) == 1


def test_a_change_of_a_comment_is_no_news(watched: Watched) -> None:
    watched.polls()
    watched.file.write_text("# as before\n" + MINIMAL)
    assert watched.polls() == []


@given(cut=st.integers(0, 200))
def test_a_file_that_is_still_being_written_is_not_read(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    """Its first half may be a valid config with the rules missing."""
    watched = Watched(tmp_path_factory.mktemp("config"))
    watched.polls()
    whole = MINIMAL + '[rules."deal.stage"]\nmode = "off"\n[rules."deal.contact"]\nmode = "observe"\n'
    watched.file.write_text(whole[:cut])
    assert watched.polls(1) == []
    watched.file.write_text(whole)
    (config,) = watched.polls()
    assert config.policy.rules.deal_contact.mode is Mode.OBSERVE


@pytest.mark.parametrize(
    "broken",
    ["", "[", "\xff", MINIMAL + "[web]\nport = 0\n", MINIMAL + "[rules.deal]\n", MINIMAL + "nonsense = 1\n"],
)
def test_a_broken_config_is_refused_once_with_an_alarm_until_it_is_mended(
    watched: Watched, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    watched.polls()
    watched.file.write_bytes(broken.encode("latin-1"))
    assert watched.polls(5) == []
    alarms = [each.message for each in caplog.records if each.levelno == logging.ERROR]
    assert len(alarms) == 1
    assert alarms[0].startswith(f"config.refused file={watched.file} problems=")
    assert "the last good one stays" in str(watched.watch.refused)
    watched.file.write_text(MINIMAL)
    assert watched.polls() == []
    assert watched.watch.refused is None


def test_a_config_that_is_gone_is_refused(watched: Watched) -> None:
    watched.polls()
    watched.file.unlink()
    assert watched.polls() == []
    assert watched.watch.refused


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ("[web]\nport = 9000\n", "web.port"),
        ('[web]\nadmin_host = "0.0.0.0"\nadmin_port = 9000\n', "web.admin_host,web.admin_port"),
        ('[web]\nhost = "0.0.0.0"\nthreads = 2\n', "web.host,web.threads"),
        ('[database]\nurl = "sqlite:///other.db"\n', "database.url"),
    ],
)
def test_what_needs_a_restart_is_refused_and_named(
    watched: Watched, changes: str, keys: str, caplog: pytest.LogCaptureFixture
) -> None:
    watched.polls()
    watched.file.write_text(MINIMAL + "[enforcement]\ndry_run = true\n" + changes)
    assert watched.polls() == []
    assert "needs a restart" in str(watched.watch.refused)
    assert f"keys={keys}" in caplog.text


def test_a_secret_is_watched_in_its_file_and_appears_nowhere(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tokens, url = tmp_path / "tokens", tmp_path / "url"
    tokens.write_text("onetoken")
    url.write_text(SECRETS["GATEKEEPER_PORTAL_URL"])
    text = MINIMAL + '[portal]\napplication_tokens_file = "tokens"\n'
    environ = {"GATEKEEPER_APPLICATION_TOKENS": "", "GATEKEEPER_PORTAL_URL": ""}
    watched = Watched(tmp_path, text, GATEKEEPER_PORTAL_URL_FILE=str(url), **environ)
    watched.polls()
    tokens.write_text("onetoken\nothertoken")
    (config,) = watched.polls()
    assert [each.reveal() for each in config.portal.application_tokens] == ["onetoken", "othertoken"]
    url.write_text("https://company.bitrix24.ru/rest/1/an0thersecret/")
    assert watched.polls() == []
    assert "portal.url" in str(watched.watch.refused)
    tokens.write_text("bad token €")
    assert watched.polls() == []
    assert not any(each in caplog.text for each in ("an0thersecret", "othertoken", "€"))


@pytest.fixture
def engine(sqlite: Engine) -> Engine:
    return sqlite


@pytest.fixture
def gate(engine: Engine) -> Iterator[Gate]:
    with a_gate(engine) as gate:
        yield gate


def readiness(port: int) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = requests.get(f"http://127.0.0.1:{port}/readyz", timeout=2).json()
    except requests.ConnectionError:
        return {}
    return answer


@pytest.mark.process
def test_the_running_processes_judge_by_the_edited_config_and_refuse_a_broken_one(
    gate: Gate, engine: Engine, tmp_path: Path
) -> None:
    """From outside: real processes, a real portal, an editor's save."""
    url, port = str(engine.url), free_port()
    deal = gate.add(Kind.DEAL, title="Пустая")
    config = write_config(tmp_path, gate.sandbox.webhook_url, port)
    plain = config.read_text()
    with a_process("worker", config, url), a_process("web", config, url):
        gate.store.inbox.mark_dirty(deal, delay_s=0)
        until(lambda: bool(gate.said(deal)), "a comment under the first config", 60)
        assert "Группа продуктов" in gate.said(deal)[0]

        config.write_text(plain + '\n[rules."deal.product_group"]\nmode = "off"\n')
        until(lambda: "Группа продуктов" not in gate.said(deal)[0], "the comment without the rule", 30)

        config.write_text(plain + '\n[rules."deal.product_group"]\nmode = "of')
        until(lambda: "config" in readiness(port).get("warnings", {}), "the refusal in readyz", 30)
        assert "refused" in readiness(port)["warnings"]["config"]
        gate.change(deal, title="Всё ещё пустая")
        gate.comment(deal)
        gate.store.inbox.mark_dirty(deal, delay_s=0)
        until(
            lambda: "☑ [b]Развёрнутый" in gate.said(deal)[0] or "☑ Развёрнутый" in gate.said(deal)[0],
            "judged",
            30,
        )
        assert "Группа продуктов" not in gate.said(deal)[0]

        config.write_text(plain)
        until(lambda: "☐ [b]Группа продуктов" in gate.said(deal)[0], "the rule back in the comment", 30)
        until(lambda: "warnings" not in readiness(port), "no warning any more", 30)
    assert len(gate.said(deal)) == 1


@pytest.mark.process
def test_the_web_process_takes_a_new_token_without_a_restart(engine: Engine, tmp_path: Path) -> None:
    port = free_port()
    config = write_config(tmp_path, "http://127.0.0.1:1/rest/1/sandbox/", port)

    def post(token: str) -> int:
        form = {"event": "ONCRMDEALUPDATE", "data[FIELDS][ID]": "41", "auth[application_token]": token}
        return requests.post(f"http://127.0.0.1:{port}/events", data=form, timeout=5).status_code

    with a_process("web", config, str(engine.url)):
        until(lambda: bool(readiness(port)), "the web process", 60)
        assert (post(TOKEN), post("anothertoken")) == (200, 403)
        config.write_text(config.read_text().replace(TOKEN, "anothertoken"))
        until(lambda: post("anothertoken") == 200, "the new token", 30)
        assert post(TOKEN) == 403


class Once(threading.Event):
    """Stops a worker once its inbox and its chores are done."""

    def __init__(self, is_done: Callable[[], bool]) -> None:
        super().__init__()
        self._is_done = is_done

    def is_set(self) -> bool:
        return self._is_done()


def work_off(gate: Gate, policy: Policy) -> list[str]:
    """A worker that starts under this policy, until it has looked through all cards; what it marked."""
    gate.use(policy)
    rejudging = make_rejudging(gate.gatekeeper)
    marked: list[str] = []
    rejudging.mark_dirty = lambda refs, *, priority: marked.extend(f"{each} {priority.name}" for each in refs)
    while rejudging.step():
        pass
    return sorted(marked)


def loosened(policy: Policy, mode: Mode = Mode.OFF) -> Policy:
    return replace(policy, rules=replace(policy.rules, deal_product_group=MandatoryOptions(mode)))


def test_only_cards_whose_verdict_could_change_are_marked_and_at_low_priority(gate: Gate) -> None:
    plain = gate.gatekeeper.config.policy
    empty, correct = gate.add(Kind.DEAL, title="Пустая"), gate.a_correct_deal()
    contact = gate.add(Kind.CONTACT, name="Иван")
    gate.look_at(empty, correct, contact)
    work_off(gate, plain)
    assert work_off(gate, plain) == []
    assert work_off(gate, loosened(plain)) == [f"{empty} SWEEP"]


def test_a_rule_that_only_goes_further_marks_its_cards(gate: Gate) -> None:
    plain = gate.gatekeeper.config.policy
    empty = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(empty, gate.a_correct_deal())
    work_off(gate, plain)
    assert work_off(gate, loosened(plain, Mode.WARN)) == [f"{empty} SWEEP"]


def test_a_change_taken_back_before_it_was_worked_off_marks_what_it_touched(gate: Gate) -> None:
    plain = gate.gatekeeper.config.policy
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    work_off(gate, plain)
    gate.use(loosened(plain))
    make_rejudging(gate.gatekeeper).step()
    gate.look_at(deal)
    assert "Группа продуктов" not in gate.said(deal)[0]
    assert work_off(gate, plain) == [f"{deal} SWEEP"]


def test_a_card_without_a_snapshot_is_marked(gate: Gate) -> None:
    plain = gate.gatekeeper.config.policy
    deal = gate.a_correct_deal()
    gate.look_at(deal)
    work_off(gate, plain)
    gate.store.latest.forget([deal])
    assert work_off(gate, loosened(plain)) == [f"{deal} SWEEP"]


def test_a_restart_under_another_policy_works_it_off_by_itself(gate: Gate) -> None:
    plain = gate.gatekeeper.config.policy
    deal = gate.add(Kind.DEAL, title="Пустая")
    gate.look_at(deal)
    work_off(gate, plain)
    gate.use(loosened(plain))
    done = Once(lambda: "Группа продуктов" not in gate.said(deal)[0])
    gate.worker.run(done)
    assert "Группа продуктов" not in gate.said(deal)[0]
