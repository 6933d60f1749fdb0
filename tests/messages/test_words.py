"""One home for words: no sentence stands elsewhere, and both languages say the same."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, meta

from gatekeeper.messages.formatter import ENGLISH, NBSP, RUSSIAN
from gatekeeper.messages.proof import leaves
from gatekeeper.messages.words import LANGUAGES, tables

ROOT = Path(__file__).resolve().parents[2]
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
AT_HOME = ("messages", "judge/comments", "judge/matching", "judge/examples.py")
"""Where Russian stands in the code: the words themselves, what the judge reads, and examples of what people
type."""
FACES = sorted(each.stem for each in (ROOT / "gatekeeper" / "messages" / "ru").glob("*.toml"))
FILTERS = ("day", "money", "number", "plural")


def literals_of(source: str) -> Iterator[str]:
    """Every string of a module that is not a docstring."""
    tree = ast.parse(source)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def test_no_russian_stands_in_the_code_outside_its_rooms() -> None:
    package = ROOT / "gatekeeper"
    strays = {
        f"{file.relative_to(package)}: {literal}"
        for file in package.rglob("*.py")
        if not str(file.relative_to(package)).startswith(AT_HOME)
        for literal in literals_of(file.read_text(encoding="utf-8"))
        if CYRILLIC.search(literal)
    }
    assert strays == set()


def test_a_russian_literal_would_be_found() -> None:
    assert list(literals_of('"""О слове."""\nsay(f"Слово {word}")')) == ["Слово "]


def names_in(text: str) -> set[str]:
    environment = Environment(autoescape=True)
    environment.filters.update(dict.fromkeys(FILTERS, str))
    return meta.find_undeclared_variables(environment.parse(text))


@pytest.mark.parametrize("face", FACES)
def test_every_sentence_is_in_both_languages_with_the_same_facts(face: str) -> None:
    russian, english = (dict(leaves(tables(language, face))) for language in LANGUAGES)
    assert list(russian) == list(english)
    differing = {path for path, text in russian.items() if names_in(text) != names_in(english[path])}
    assert differing == set()


def codes_of(pattern: str) -> set[str]:
    """What the pattern finds in every module of the product."""
    sources = (file.read_text(encoding="utf-8") for file in (ROOT / "gatekeeper").rglob("*.py"))
    return {code for source in sources for code in re.findall(pattern, source)}


def test_every_end_of_a_refusal_and_every_error_of_a_command_has_its_sentence() -> None:
    errors = tables("en", "errors")
    refusals = codes_of(r'detail=f?"(\w+)[" ]') | codes_of(r'302, f"(\w+) ')
    assert refusals == set(errors["refusals"])
    told = codes_of(r'(?:DatabaseUnavailable|ReportError|super\(\).__init__)\(\s*"(\w+)",')
    lost = {f"database_{how}" for how in codes_of(r'DatabaseLost\("(\w+)"')}
    assert told | lost == set(errors["errors"])


@pytest.mark.parametrize("face", FACES)
def test_english_is_written_without_cyrillic(face: str) -> None:
    russian = {path: text for path, text in leaves(tables("en", face)) if CYRILLIC.search(text)}
    assert russian == {}


def test_the_compiled_russian_of_click_is_what_its_source_says() -> None:
    folder = files("gatekeeper.messages").joinpath("ru", "LC_MESSAGES")
    source = read_po(BytesIO(folder.joinpath("click.po").read_bytes()))
    compiled = read_mo(BytesIO(folder.joinpath("click.mo").read_bytes()))
    assert said_by(source) == said_by(compiled)


def said_by(catalog: Catalog) -> set[tuple[str, str]]:
    """Every sentence with its translation; plural forms in one."""

    def whole(forms: str | tuple[str, ...] | list[str] | None) -> str:
        return forms if isinstance(forms, str) else " | ".join(forms or ())

    return {(whole(each.id), whole(each.string)) for each in catalog if each.id}


@pytest.mark.parametrize(
    ("typed", "kept_together"),
    [
        ("Сделка № 662", "Сделка №_662"),
        ("сумма 48 000 ₽", "сумма 48_000_₽"),
        ("за 10 мин", "за 10_мин"),
        ("ошибка 0,5 %", "ошибка 0,5_%"),
        ("слово — слово", "слово_— слово"),
        ("с клиентом и о встрече", "с_клиентом и_о_встрече"),
        ("на стадию «В работе»", "на стадию «В_работе»"),
        ("до 14:30 и после", "до 14:30 и_после"),
    ],
)
def test_russian_keeps_together_what_no_line_may_part(typed: str, kept_together: str) -> None:
    assert RUSSIAN.typeset(typed) == kept_together.replace("_", NBSP)
    assert ENGLISH.typeset(typed) == typed


def test_typesetting_twice_changes_nothing() -> None:
    once = RUSSIAN.typeset("Сделка № 662 — с клиентом и о встрече")
    assert RUSSIAN.typeset(once) == once


def test_a_day_is_read_as_the_language_writes_it_and_as_iso_does() -> None:
    assert RUSSIAN.read_day("31.12.2026") == RUSSIAN.read_day("2026-12-31") == ENGLISH.read_day("2026-12-31")
    for wrong in ("31.02.2026", "12/31/2026", ""):
        with pytest.raises(ValueError, match=r"day|time data"):
            RUSSIAN.read_day(wrong)
