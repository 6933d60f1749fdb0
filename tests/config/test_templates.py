"""An admin's own messages: any text may be given; a broken one refuses to start, with place and hint."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.cli import main
from gatekeeper.config import Config, load_config
from gatekeeper.config.templates import read_templates
from gatekeeper.config.toml import render_config
from gatekeeper.messages import Messages, own_templates, source_of
from gatekeeper.messages.proof import lay_over, prove
from gatekeeper.messages.samples import violations
from gatekeeper.model.errors import ConfigError, Problem
from gatekeeper.model.findings import Violation
from tests.soak import examples

SECRETS = {
    "GATEKEEPER_PORTAL_URL": "https://company.bitrix24.ru/rest/1/c0debehindthedoor/",
    "GATEKEEPER_APPLICATION_TOKENS": "first",
    "GATEKEEPER_LANGUAGE": "en",
}
CONFIG = '[fields]\nproduct_group = "UF_CRM_1"\n[messages]\ntemplates_file = "own.toml"\n'
GROUP = 'rules."deal.product_group"'
EMPTY = Violation("deal.product_group", {"problem": "empty"})

Load = Callable[..., Config]
Problems = Callable[[str], tuple[Problem, ...]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load(own: str, config: str = CONFIG) -> Config:
        (tmp_path / "gatekeeper.toml").write_text(config, encoding="utf-8")
        (tmp_path / "own.toml").write_text(own, encoding="utf-8")
        return load_config(tmp_path / "gatekeeper.toml", SECRETS)

    return load


@pytest.fixture
def problems(load: Load) -> Problems:
    def problems(own: str) -> tuple[Problem, ...]:
        with pytest.raises(ConfigError) as caught:
            load(own)
        return caught.value.problems

    return problems


def said(config: Config, violation: Violation) -> str:
    return Messages.in_language(config.messages.language, config.messages.templates).render_violation(
        violation
    )


def test_a_text_of_ones_own_stands_in_the_place_of_ours_and_the_others_stay(load: Load) -> None:
    config = load(
        f"[{GROUP}]\nfound = \"выберите группу{{% if problem == 'unknown' %}} заново{{% endif %}}!\""
    )
    assert "выберите группу!" in said(config, EMPTY)
    contact = Violation("deal.contact", {"found": 0, "wanted": 1})
    assert said(config, contact) == Messages.in_language("ru").render_violation(contact)


def test_without_a_file_the_messages_are_ours(load: Load) -> None:
    assert load("", '[fields]\nproduct_group = "UF_CRM_1"\n').messages.templates is None


def test_an_empty_file_changes_nothing(load: Load) -> None:
    assert load("# nothing yet\n").messages.templates == own_templates("ru")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_our_own_file_may_be_taken_whole(load: Load, language: str) -> None:
    config = load(source_of(language), CONFIG + f'language = "{language}"')
    assert config.messages.templates == own_templates(language)


def test_the_texts_change_no_verdict(load: Load) -> None:
    assert load('[comment]\nsignature = "Контроль"').policy.revision == load("").policy.revision


def test_the_config_that_is_shown_loads_into_the_same(load: Load, tmp_path: Path) -> None:
    config = load('[comment]\nsignature = "Контроль"')
    copy = tmp_path / "copy.toml"
    copy.write_text(render_config(config))
    assert load_config(copy, SECRETS) == config


@pytest.mark.parametrize(
    ("own", "line", "what", "hint"),
    [
        ("[coment]\n", 1, "unknown key", "comment"),
        ('[rules."deal.stag"]\ntitle = "x"', 1, "unknown key", "deal.stage"),
        (f'[{GROUP}]\nfond = "x"', 2, "unknown key", "did you mean found"),
        ("[comment]\nwell = 3", 2, "text in quotes", "messages source"),
        ('comment = "x"', 1, "must be a table", "messages source"),
        (f'[{GROUP}]\nfound = "{{{{ problem "', 2, "invalid template", "close every bracket"),
        (f'[{GROUP}]\nfound = """\nhere:\n{{% if problem %}}\nx"""', 6, "invalid template", "endif"),
        (f'[{GROUP}]\nfound = "{{{{ problm }}}}"', 2, 'no name "problm"', "did you mean problem"),
        (f'[{GROUP}]\nfound = """\nhere:\n{{{{ problm }}}}"""', 4, 'no name "problm"', "problem = 'empty'"),
        (f'[{GROUP}]\nfound = "{{{{ problem + 1 }}}}"', 2, "TypeError", "problem = 'empty'"),
        (f"[{GROUP}]\nfound = \"{{{{ {{'empty': 1}}[problem] }}}}\"", 2, "the template fails", "'unknown'"),
        (f'[{GROUP}]\nfound = "{{{{ problem.__class__.mro() }}}}"', 2, "the template fails", "problem"),
        (
            f"[{GROUP}]\nfound = \"{{% if problem == 'empty' %}}x{{% endif %}}\"",
            2,
            "produces no text",
            "'unknown'",
        ),
        (f'[{GROUP}]\ntitle = " "', 2, "produces no text", ""),
        (f'[{GROUP}]\ntitle = "{{{{ problem }}}}"', 2, "plain text", "messages source"),
        (f'[{GROUP}]\nfound = "[b]wrong"', 2, "[b] is not closed", "[b]…[/b]"),
        (f'[{GROUP}]\nwhy = "[b][i]wrong[/b][/i]"', 2, "[/b] is not closed", "[b]…[/b]"),
        ('[comment]\nday = " "', 2, "produces no text", ""),
        ('[comment]\nwrong = "{{ responsible }}"', 2, 'no name "responsible"', "count"),
    ],
)
def test_a_broken_text_is_told_with_its_place_and_what_to_do(
    problems: Problems, own: str, line: int, what: str, hint: str
) -> None:
    (problem,) = problems(own)
    assert problem.key.startswith("own.toml: ")
    assert problem.line in {line, line - 1} if "endif" in hint else problem.line == line
    assert what in problem.what
    assert hint in problem.hint


def test_every_broken_text_is_told_at_once_beside_the_configs_own_faults(load: Load) -> None:
    own = '[comment]\nwell = "{{ x }}"\nodd = "x"\n[rules."deal.lead"]\nfound = "{% if %}"\n'
    with pytest.raises(ConfigError) as caught:
        load(own, CONFIG + 'langage = "ru"')
    assert [each.key for each in caught.value.problems] == [
        "messages.langage",
        "own.toml: comment.well",
        "own.toml: comment.odd",
        'own.toml: rules."deal.lead".found',
    ]


@pytest.mark.parametrize(
    ("text", "what"), [(b"[comment", "not valid TOML"), (b"\xff\xfe", "not UTF-8"), (None, "does not exist")]
)
def test_a_file_that_is_no_file_of_messages_is_told(tmp_path: Path, text: bytes | None, what: str) -> None:
    (tmp_path / "gatekeeper.toml").write_text(CONFIG)
    if text is not None:
        (tmp_path / "own.toml").write_bytes(text)
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "gatekeeper.toml", SECRETS)
    (problem,) = caught.value.problems
    assert what in problem.what
    assert ("own.toml" in problem.key) is (text is not None)


def test_a_name_that_no_file_can_have_is_told(load: Load) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        load("", CONFIG.replace("own.toml", "x" * 5000))


def test_commands_do_not_start_with_a_broken_text(tmp_path: Path) -> None:
    file = tmp_path / "gatekeeper.toml"
    file.write_text(CONFIG)
    (tmp_path / "own.toml").write_text('[comment]\ncalm = "{{ nobody }}"')
    for command in (["worker"], ["web"], ["config", "check"], ["messages", "show"]):
        result = CliRunner().invoke(main, [*command, "--config", str(file)], env={**os.environ, **SECRETS})
        assert result.exit_code == 2
        assert "own.toml: comment.calm" in result.output


def test_a_file_that_vanished_since_is_told_and_not_raised(load: Load, tmp_path: Path) -> None:
    load("")
    from gatekeeper.config.page import read_page

    page = read_page(tmp_path / "gatekeeper.toml", "en")
    (tmp_path / "own.toml").unlink()
    templates, (problem,) = read_templates(page)
    assert templates is None
    assert problem.line == 4


def test_what_is_in_force_can_be_printed(load: Load, tmp_path: Path) -> None:
    load(f'[{GROUP}]\nabout = "Так решил Иван Иваныч."')
    file = str(tmp_path / "gatekeeper.toml")
    shown = CliRunner().invoke(main, ["messages", "show", "--config", file], env={**os.environ, **SECRETS})
    assert "Так решил Иван Иваныч." in shown.stdout
    assert "| | ru |" in shown.stdout


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_source_is_our_own_file(language: str) -> None:
    assert CliRunner().invoke(main, ["messages", "source", "--language", language]).stdout == source_of(
        language
    )


PIECES = (
    "так ",
    "[b]",
    "[/b]",
    "{{ problem }}",
    "{{ values[0] }}",
    "{{ nobody }}",
    "{% if problem == 'empty' %}",
    "{% else %}",
    "{% endif %}",
    "{{ {'empty': 'пусто', 'unknown': 'нет'}[problem] }}",
    "{{ {'empty': 'пусто'}[problem] }}",
)


@pytest.mark.slow
@settings(max_examples=examples(40))
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join))
def test_a_text_that_is_admitted_never_fails_on_a_card(text: str) -> None:
    """The law behind all this: whatever passes the proof can be said of every card."""
    base = own_templates("ru")
    templates, misplaced = lay_over(base, {"rules": {"deal.product_group": {"found": text}}})
    assert not misplaced
    if not prove(templates, base, "ru"):
        messages = Messages(templates, "ru")
        for each in violations():
            assert messages.render_violation(each)
