"""An English install and a Russian one through every command: not one sentence in the other language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from bitrix24_sandbox.options import APPLICATION_TOKEN
from gatekeeper.cli import main
from gatekeeper.messages.proof import leaves
from gatekeeper.messages.words import LANGUAGES, Language, tables
from gatekeeper.model.refs import EntityRef, Kind
from tests.gate import Gate, a_gate
from tests.messages.test_words import FACES
from tests.processes import free_port, write_config
from tests.typography import plain

Run = Callable[[str], str]

SAID = (
    "audit",
    "audit --mark --json",
    "backup {folder}/copy.db",
    "backup {folder}/gatekeeper.toml",
    "breaker reset",
    "breaker status",
    "check deal 1",
    "check deal 1 --json",
    "check deal 99",
    "check deal 0",
    "check dea 1",
    "comment НД",
    "comment --frob НД НД",
    "config check",
    "config reference",
    "config show",
    "dead list",
    "dead retry --all",
    "dead retry deal:1",
    "dead retry deal",
    "dead retry",
    "doctor",
    "doctor --json",
    "duplicates {folder}/contacts.jsonl",
    "duplicates {folder}/nowhere.jsonl",
    "duplicates --region XX {folder}/contacts.jsonl",
    "exempt add --rule deal.lead --reason Why --until 2099-12-31",
    "exempt add --rule deal.lead --reason Why --until 31.12.2020",
    "exempt add --rule deal.lead --entity contact:1 --reason Why",
    "exempt add --reason Why",
    "exempt add --entity x --reason Why",
    "exempt list",
    "exempt remove 7",
    "explain deal 1",
    "explain contact 99",
    "forget lead 99 --yes",
    "init {folder}/new.toml",
    "init {folder}/new.toml",
    "init {folder}/no/new.toml",
    "messages show",
    "messages source",
    "prune",
    "replay ffffffffffff",
    "report",
    "report {folder}/report.csv",
    "report {folder}/report.csv",
    "report {folder}/report.pdf",
    "report - --observed",
    "report --from 2026-02-30",
    "report --month 13.2026",
    "report --to 2026-01-01",
    "report --from 2026-01-02 --to 2026-01-01",
    "report --month 2026-01 --from 2026-01-02",
    "report --department 77",
    "restore {folder}/gatekeeper.toml",
    "whatif",
    "no-such-command",
    "breaker",
)
"""A run of each command that answers, well and badly; they share one install, in this order."""
UNENDING = {"demo", "sandbox", "try", "up", "web", "worker"}
"""Commands that work until they are stopped: of these the help is read."""
QUOTED = re.compile(r'"([^"]+)"')
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\[/?\w+[^\]]*\]", re.DOTALL)
CYRILLIC, LATIN = re.compile(r"[а-яё]{2,}", re.IGNORECASE), re.compile(r"[a-z]{2,}", re.IGNORECASE)


def sentences(language: Language) -> set[str]:
    """Every piece of a sentence with two words or more that the catalogue says as it stands."""
    word = CYRILLIC if language == "ru" else LATIN
    texts = [text for face in FACES for _, text in leaves(tables(language, face))]
    blocks = [inner for text in texts for block in JINJA.findall(text) for inner in QUOTED.findall(block)]
    pieces = {" ".join(piece.split()) for text in [*texts, *blocks] for piece in JINJA.split(text)}
    return {piece.strip(" .:;—") for piece in pieces if len(word.findall(piece)) > 1}


def only_in(language: Language) -> set[str]:
    """Without what the other language says, too: commands, keys, codes."""
    (other,) = set(LANGUAGES) - {language}
    others = " ".join(text for face in FACES for _, text in leaves(tables(other, face)))
    return {piece for piece in sentences(language) if piece not in others}


FOREIGN = {"ru": only_in("en"), "en": only_in("ru")}


THE_PORTALS = {"Группа продуктов"}
"""What the sandbox calls a field of its deals."""


def foreign_in(language: Language, text: str) -> set[str]:
    said = " ".join(plain(text).split())
    return {
        piece
        for piece in FOREIGN[language] - THE_PORTALS
        if re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", said)
    }


def leaf_commands(group: click.Group, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaf_commands(command, f"{before}{name} ")
        yield f"{before}{name}"


@pytest.fixture
def gate(sqlite: Engine) -> Iterator[Gate]:
    with a_gate(sqlite) as gate:
        yield gate


def installed(gate: Gate, folder: Path, language: Language) -> Run:
    config = write_config(folder, gate.sandbox.webhook_url, free_port())
    config.write_text(f'{config.read_text()}\n[messages]\nlanguage = "{language}"\n')
    (folder / "contacts.jsonl").write_text('{"id": 1, "phones": 5.5}\nno json\n{"id": 1, "name": "Anna"}\n')
    environ = {
        "GATEKEEPER_APPLICATION_TOKENS": APPLICATION_TOKEN,
        "GATEKEEPER_DATABASE_URL": str(gate.store.engine.url),
        "GATEKEEPER_CONFIG": str(config),
    }

    def run(words: str) -> str:
        arguments = [each.format(folder=folder) for each in words.split()]
        if arguments[0] == "whatif":
            arguments += ["--config", str(config)]
        return CliRunner().invoke(main, arguments, env=environ).output

    return run


def lived_in(gate: Gate) -> EntityRef:
    """A deal that was moved on, moved back, exempted and mended; and one that nobody can read."""
    deal = gate.add(Kind.DEAL, title="Untitled")
    gate.look_at(deal)
    gate.change(deal, stageId="EXECUTING")
    gate.look_at(deal)
    gate.comment(deal)
    gate.look_at(deal)
    gate.add(Kind.CONTACT, lastName="Test", name="")
    gate.store.inbox.mark_dirty(EntityRef(Kind.DEAL, 77), delay_s=0)
    gate.control("faults", kind="truncated", count=1)
    gate.worker.run_wave()
    return deal


def test_every_command_is_run() -> None:
    run = {command for command in leaf_commands(main) for words in SAID if f"{words} ".startswith(command)}
    assert set(leaf_commands(main)) - run == UNENDING


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_in_the_language_of_the_config(
    gate: Gate, tmp_path: Path, language: Language
) -> None:
    lived_in(gate)
    run = installed(gate, tmp_path, language)
    strange = {words: found for words in SAID if (found := foreign_in(language, run(words)))}
    strange.pop("messages show")  # without a config it shows all languages
    assert strange == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_help_is_in_the_language_of_the_config(gate: Gate, tmp_path: Path, language: Language) -> None:
    run = installed(gate, tmp_path, language)
    commands = ["", *(each for each in leaf_commands(main) if each != "sandbox")]
    helped = {command: run(f"{command} --help") for command in commands}
    assert {command: found for command, text in helped.items() if (found := foreign_in(language, text))} == {}
    headings = ("Использование:", "Параметры:") if language == "ru" else ("Usage:", "Options:")
    assert all(heading in text for text in helped.values() for heading in headings)
    without_help = re.compile(r"^  --?[\w-]+$", re.MULTILINE)
    assert without_help.findall("\n".join(helped.values())) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_status_page_is_in_the_language_of_the_config(sqlite: Engine, language: Language) -> None:
    from gatekeeper.config import MessagesConfig

    with a_gate(sqlite, messages=MessagesConfig(language=language)) as gate:
        lived_in(gate)
        page = gate.admin_app().test_client().get("/status").text
    assert foreign_in(language, re.sub(r"<[^>]+>", " ", page)) == set()


@pytest.mark.parametrize(
    ("environ", "usage"),
    [
        ({"LC_ALL": "en_US.UTF-8"}, "Usage:"),
        ({"LC_ALL": "ru_RU.UTF-8"}, "Использование:"),
        ({"LC_ALL": "", "LANG": "de_DE.UTF-8"}, "Usage:"),
        ({"LC_ALL": "C.UTF-8"}, "Использование:"),
        ({"LC_ALL": "ru_RU.UTF-8", "GATEKEEPER_LANGUAGE": "en"}, "Usage:"),
    ],
)
def test_without_a_config_the_language_is_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], usage: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["--help"], env=environ).output.startswith(usage)


def test_a_foreign_sentence_would_be_found() -> None:
    assert foreign_in("en", "deal:1: замечаний нет")
    assert foreign_in("ru", "the file is not UTF-8")
    assert not foreign_in("ru", "gatekeeper breaker reset")
