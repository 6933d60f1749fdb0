from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
from click import Group
from click.testing import CliRunner, Result
from marshmallow.fields import Nested

from gatekeeper.cli.config import config_command, init_command
from gatekeeper.config import load_config
from gatekeeper.config.reference import render_example, render_reference
from gatekeeper.config.rules import OPTION_KEYS, keys_of
from gatekeeper.config.section import Key
from gatekeeper.config.text import meaning_of
from gatekeeper.config.toml import render_config, tables
from gatekeeper.judge.policy import (
    RULE_IDS,
    DealOptions,
    Fields,
    Policy,
    RuleOptions,
    Rules,
)
from gatekeeper.messages.words import LANGUAGES, Language

ROOT = Path(__file__).parents[2]
CODE = "c0debehindthedoor"
SECRETS = {
    "GATEKEEPER_PORTAL_URL": f"https://company.bitrix24.ru/rest/1/{CODE}/",
    "GATEKEEPER_APPLICATION_TOKENS": "firsttoken,secondtoken",
}
MINIMAL = '[fields]\nproduct_group = "UF_CRM_1"\n'
FULL = (
    MINIMAL
    + """status = "UF_CRM_2"
[portal]
rate_per_s = 0.5
[rules."deal.stage".max_days]
"C1:NEW" = 3
NEW = 1
[rules."deal.products"]
mode = "off"
max_sum_deviation = 2.5
[rules."contact.birthdate"]
age = [0, 99]
[rules."deal.contact"]
pipelines = { 1 = "warn", 0 = "observe" }
departments = { 7 = "off" }
[ceiling]
mode = "observe"
departments = { 12 = "revert", 2 = "warn" }
[enforcement]
dry_run = true
"""
)

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in an empty folder, with the secrets in the environment unless told otherwise."""
    monkeypatch.chdir(tmp_path)
    program = Group(commands={"config": config_command, "init": init_command})
    ours = ["PORTAL_URL", "APPLICATION_TOKENS", "DATABASE_URL", "CONFIG", "LANGUAGE"]
    clean = {f"GATEKEEPER_{name}{end}": None for name in ours for end in ("", "_FILE")}

    def run(*arguments: str, **environ: str) -> Result:
        return CliRunner().invoke(program, arguments, env={**clean, **SECRETS, **environ})

    return run


def test_check_says_ok_and_the_revision(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gatekeeper.toml").write_text(MINIMAL)
    result = run("config", "check")
    assert result.exit_code == 0
    assert result.stdout == f"ok, ревизия {Policy(Fields('UF_CRM_1')).revision}\n"


def test_check_prints_every_problem_and_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("[web]\nport = 0\n[fields]\n")
    result = run("config", "check", "--config", "other.toml")
    assert result.exit_code == 2
    assert "ошибок: 2\n" in result.stdout
    assert (
        "  строка 2, web.port: недопустимое значение: 0 (допустимо: целое число от 1 до 65535)\n"
        in result.stdout
    )
    assert "  строка 3, fields.product_group: не задано" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "environ"), [(["--language", "en"], {}), ([], {"GATEKEEPER_LANGUAGE": "en"})]
)
def test_check_speaks_english_when_asked(run: Run, arguments: list[str], environ: dict[str, str]) -> None:
    result = run("config", "check", *arguments, **environ)
    assert result.exit_code == 2
    assert "file: the file does not exist" in result.stdout


def test_the_config_may_be_named_in_the_environment(run: Run, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.toml").write_text(MINIMAL)
    assert run("config", "check", GATEKEEPER_CONFIG="elsewhere.toml").exit_code == 0


def test_show_hides_the_secrets(run: Run, tmp_path: Path) -> None:
    (tmp_path / "gatekeeper.toml").write_text(MINIMAL)
    result = run("config", "show", GATEKEEPER_DATABASE_URL=f"postgresql://crm:{CODE}@db/crm")
    assert result.exit_code == 0
    assert '# url = "https://company.bitrix24.ru/rest/1/***/"' in result.stdout
    assert '# application_tokens = ["***", "***"]' in result.stdout
    assert '# url = "postgresql+psycopg://crm:***@db/crm"' in result.stdout
    assert CODE not in result.output
    assert "firsttoken" not in result.output


def test_show_fails_on_stderr_where_the_config_is_wrong(run: Run) -> None:
    result = run("config", "show")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "файла нет" in result.stderr


@pytest.mark.parametrize("text", [MINIMAL, FULL])
def test_what_show_prints_loads_into_the_same_config(tmp_path: Path, text: str) -> None:
    file, copy = tmp_path / "gatekeeper.toml", tmp_path / "copy.toml"
    file.write_text(text)
    config = load_config(file, SECRETS)
    copy.write_text(render_config(config))
    assert load_config(copy, SECRETS) == config


def test_init_writes_a_config_that_only_looks_on(run: Run, tmp_path: Path) -> None:
    assert run("init").exit_code == 0
    config = load_config(tmp_path / "gatekeeper.toml", SECRETS)
    assert config.enforcement.dry_run
    assert config.policy == Policy(Fields("UF_CRM_PRODUCT_GROUP"))
    assert run("config", "check").exit_code == 0


def test_init_overwrites_only_by_force(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("mine")
    result = run("init", "mine.toml")
    assert result.exit_code != 0
    assert "--force" in result.output
    assert file.read_text() == "mine"
    assert run("init", "mine.toml", "--force").exit_code == 0
    assert "[portal]" in file.read_text()


def test_init_says_where_it_cannot_write(run: Run) -> None:
    result = run("init", "no/such/folder.toml")
    assert result.exit_code == 1
    assert "не удалось записать" in result.output


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_line_that_the_example_comments_out_may_be_put_in_force(
    tmp_path: Path, language: Language
) -> None:
    for name in ("portal_url", "application_tokens", "database_url", "note_key"):
        (tmp_path / f"{name}.secret").write_text("a secret, long enough")
    (tmp_path / "messages.toml").touch()
    keys = {name for _, section in tables() for name in section.named()}
    lines = render_example(language).splitlines()
    opened = [line[2:] if line[2:].split(" = ")[0] in keys else line for line in lines]
    assert opened != lines
    file = tmp_path / "gatekeeper.toml"
    file.write_text("\n".join(opened), encoding="utf-8")
    config = load_config(file, {**SECRETS, "GATEKEEPER_DATABASE_URL": "sqlite://"})
    assert config.policy == Policy(Fields("UF_CRM_PRODUCT_GROUP", "UF_CRM_GATEKEEPER_STATUS"))


def test_the_example_in_the_repository_is_what_init_writes() -> None:
    example = (ROOT / "deploy" / "gatekeeper.example.toml").read_text(encoding="utf-8")
    assert example == render_example("ru")


def test_the_page_in_the_repository_is_the_reference() -> None:
    assert (ROOT / "docs" / "config.md").read_text(encoding="utf-8") == render_reference("ru")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_names_every_key(run: Run, language: Language) -> None:
    page = run("config", "reference", "--language", language).stdout
    for path, section in tables():
        assert meaning_of(language, path if path[0] == "rules" else (*path, "about")) in page
        for name, key in section.named().items():
            if isinstance(key, Nested):
                continue  # a table of its own
            assert isinstance(key, Key)
            assert meaning_of(language, (*path, name)) in page
            row = next(line for line in page.splitlines() if line.startswith("| `") and f".{name}`" in line)
            assert key.form.allowed(language) in page
            assert row.count("|") == 5
        assert page.count(f"\n## `[{path[0]}") >= 1


def test_every_rule_and_each_of_its_options_stands_in_the_schema() -> None:
    rules = Rules()
    for rule_id in RULE_IDS:
        assert set(keys_of(rule_id)) == {each.name for each in fields(rules[rule_id])}, rule_id
    assert all(issubclass(each, RuleOptions) for each in OPTION_KEYS)
    in_pipelines = {each for each in RULE_IDS if isinstance(rules[each], DealOptions)}
    assert in_pipelines == {each for each in RULE_IDS if each.startswith("deal.")}
