"""In which language commands answer: the config's, Russian unless it says otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from gatekeeper.cli import main
from tests.processes import write_config

NOWHERE = "http://127.0.0.1:9/rest/1/x/"
RUSSIAN = set("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
COMMANDS = (
    "breaker status",
    "breaker reset",
    "dead list",
    "dead retry --all",
    "dead retry deal:41",
    "audit",
    "backup {folder}/new.db",
    "backup {folder}/gatekeeper.toml",
    "restore {folder}/gatekeeper.toml",
    "forget contact 56565 --yes",
    "prune",
    "exempt list",
    "exempt remove 7",
    "exempt add --entity x --reason y",
    "exempt add --user 5 --until x --reason y",
    "check deal 1",
)


def run(folder: Path, words: str, language: str, **environ: str) -> Result:
    config = write_config(folder, NOWHERE, 8024)
    with config.open("a", encoding="utf-8") as file:
        file.write(f'\n[messages]\nlanguage = "{language}"\n')
    arguments = [each.format(folder=folder) for each in words.split()]
    environ = {"GATEKEEPER_DATABASE_URL": f"sqlite:///{folder / 'gate.db'}", **environ}
    return CliRunner().invoke(main, [*arguments, "--config", str(config)], env=environ)


def words_of(result: Result, folder: Path) -> str:
    """What it said, without click's own frame."""
    lines = result.output.replace(str(folder), "").splitlines()
    return "\n".join(each for each in lines if not each.startswith(("Usage:", "Try 'main")))


@pytest.mark.parametrize("words", COMMANDS)
def test_every_answer_is_russian_or_english_as_the_config_says(tmp_path: Path, words: str) -> None:
    said = {language: words_of(run(tmp_path, words, language), tmp_path) for language in ("ru", "en")}
    assert RUSSIAN & set(said["ru"].lower())
    assert said["en"]
    assert not RUSSIAN & set(said["en"].lower())


def test_a_language_that_nobody_speaks_here_is_told(tmp_path: Path) -> None:
    said = run(tmp_path, "dead list", "ru", GATEKEEPER_LANGUAGE="de")
    assert said.exit_code == 0
    assert "GATEKEEPER_LANGUAGE может быть ru или en" in said.stderr
    assert "GATEKEEPER_LANGUAGE" not in run(tmp_path, "dead list", "ru", GATEKEEPER_LANGUAGE="EN").output
