"""Nothing is said to people that has not been seen with facts like theirs: every rule, problem and branch.

Whoever adds a rule, a problem or a template finds one of these failing, and adds its sample to
`gatekeeper.messages.samples`.
"""

from __future__ import annotations

import ast
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jinja2 import Environment, nodes

from gatekeeper.cli import main
from gatekeeper.judge.comments import Reason
from gatekeeper.judge.policy import RULE_IDS
from gatekeeper.messages import LANGUAGES, Messages, own_templates
from gatekeeper.messages.command_samples import COMMANDS
from gatekeeper.messages.page import render_page
from gatekeeper.messages.proof import leaves, prove
from gatekeeper.messages.renderer import JINJA
from gatekeeper.messages.samples import FORMATS, OTHERS, KeyPath, samples_of, violations

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "messages.md"
FINDERS = (
    *sorted(each.name for each in files("gatekeeper.judge.rules").iterdir() if each.name.endswith(".py")),
    "../matching/nonnames.py",
)
"""Where problems get their codes: the rules, and what tells them why a name is none."""
NO_PROBLEMS = {
    "timeline": "where a comment stands, an option",
    "comments_field": "where a comment stands, an option",
    "client": "whose deals may not be two, an option",
    "any": "which comment a lead needs, an option",
    "detailed": "which comment a lead needs, an option",
}
"""Words in the rules that look like a problem's code and are none."""


TEMPLATES = tuple(
    (language, path, text) for language in LANGUAGES for path, text in leaves(own_templates(language))
)


@pytest.mark.parametrize("rule", RULE_IDS)
def test_every_rule_has_a_sample(rule: str) -> None:
    assert samples_of(("rules", rule, "found"))


def test_every_template_that_is_filled_in_has_a_sample() -> None:
    bare = {".".join(path) for _, path, text in TEMPLATES if JINJA.search(text) and not samples_of(path)}
    assert bare == set()


def test_every_sample_and_format_has_its_template() -> None:
    for language in LANGUAGES:
        known = {path for path, _ in leaves(own_templates(language))}
        assert {*OTHERS, *COMMANDS, *FORMATS} <= known
    assert {path for _, path, _ in TEMPLATES if path[-1] == "found"} == {
        ("rules", rule, "found") for rule in RULE_IDS
    }


def codes_in(source: str) -> set[str]:
    """Lower-case words that a module gives as values, not as keys."""
    tree = ast.parse(source)
    keys = {id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    keys |= {id(node.slice) for node in ast.walk(tree) if isinstance(node, ast.Subscript)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in keys
        and re.fullmatch(r"[a-z]+(_[a-z]+)*", node.value)
    }


def words_in(facts: Any) -> set[str]:
    match facts:
        case dict():
            return {word for each in facts.values() for word in words_in(each)} | set(facts)
        case list() | tuple():
            return {word for each in facts for word in words_in(each)}
        case _:
            return {str(facts)}


@pytest.mark.parametrize("module", FINDERS)
def test_every_problem_that_a_rule_can_name_has_a_sample(module: str) -> None:
    said = {word for each in violations() for word in words_in(dict(each.facts))}
    codes = codes_in(files("gatekeeper.judge.rules").joinpath(module).read_text(encoding="utf-8"))
    assert codes - said - set(NO_PROBLEMS) == set()


def test_every_reason_of_the_comment_judge_has_a_sample() -> None:
    facts = samples_of(("rules", "deal.comment", "found"))
    assert {reason for each in facts for reason in each.get("reasons", ())} == {*Reason} - {
        Reason.UNKNOWN_LANGUAGE
    }


class Marker:
    """Puts a number into each branch of a template, to see which are ever taken."""

    def __init__(self) -> None:
        self.placed: set[str] = set()

    def _new(self) -> str:
        mark = f"⟦{len(self.placed)}⟧"
        self.placed.add(mark)
        return mark

    def mark(self, tree: nodes.Template) -> nodes.Template:
        for branch in list(tree.find_all(nodes.If)):
            for body in (branch.body, branch.else_):
                if body:
                    body.insert(0, nodes.Output([nodes.TemplateData(self._new())]))
        for choice in list(tree.find_all(nodes.CondExpr)):
            choice.expr1 = self._marked(choice.expr1)
            if choice.expr2 is not None:
                choice.expr2 = self._marked(choice.expr2)
        for pair in list(tree.find_all(nodes.Pair)):
            pair.value = self._marked(pair.value)
        return tree

    def _marked(self, expression: nodes.Expr) -> nodes.Expr:
        """A number and a list are used, not said: those are left as they are."""
        if isinstance(expression, nodes.List):
            return expression
        return nodes.Concat([nodes.Const(self._new()), expression])


@pytest.mark.parametrize(
    ("language", "path", "text"), TEMPLATES, ids=[f"{each[0]}-{'.'.join(each[1])}" for each in TEMPLATES]
)
def test_every_branch_of_a_template_is_taken_by_some_sample(language: str, path: KeyPath, text: str) -> None:
    marker = Marker()
    messages = Messages.in_language(language)
    environment = Environment(autoescape=False, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(messages.filters)
    marked = environment.from_string(marker.mark(environment.parse(text)))
    said = "".join(marked.render(**facts) for facts in samples_of(path))
    assert {each for each in marker.placed if each not in said} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_templates_are_fit_to_be_shown(language: str) -> None:
    own = own_templates(language)
    assert prove(own, own, language) == ()


def test_the_page_in_the_repository_is_what_is_said() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == render_page({each: own_templates(each) for each in LANGUAGES})
    for language in LANGUAGES:
        for each in violations():
            assert Messages.in_language(language).title(each.rule) in page


def test_the_command_writes_the_page() -> None:
    assert CliRunner().invoke(main, ["messages", "show"]).stdout == PAGE.read_text(encoding="utf-8")


def test_an_english_page_speaks_of_rules_and_cards_in_english() -> None:
    page = render_page({"en": own_templates("en")})
    assert "fix: contact, product and amount." in page
    assert "Deal 662 was moved back" in page
    titles = {Messages.in_language("ru").title(rule).lower() for rule in RULE_IDS}
    assert not any(title in page.lower() for title in titles)
