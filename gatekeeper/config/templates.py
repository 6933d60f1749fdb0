"""An admin's own messages: read from the file that the config names, proven, and every fault told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gatekeeper.config.lines import KeyPath
from gatekeeper.config.page import Page, nearest, quoted, read_page, written
from gatekeeper.messages.words import LANGUAGES, Language
from gatekeeper.model.errors import ConfigError, Problem

if TYPE_CHECKING:
    from gatekeeper.messages.proof import Fault

KEY: KeyPath = ("messages", "templates_file")
MOST_SHOWN = 200
OPENS_BELOW = ("'''", '"""')


def read_templates(page: Page) -> tuple[Mapping[str, Any] | None, tuple[Problem, ...]]:
    """Give all templates, ours where the file has none; None without a file, or with one that is unfit."""
    file = templates_file(page)
    if file is None:
        return None, ()
    if not _is_there(file):
        return None, (page.problem(KEY, "no_file", page.say("beside", folder=page.folder)),)
    try:
        own = read_page(file, page.language)
    except ConfigError as error:
        return None, tuple(_of_file(problem, file) for problem in error.problems)
    templates, faults = _proven(own, _language(page))
    if faults:
        texts = file.read_text(encoding="utf-8-sig").splitlines()
        problems = (_of_file(_problem(own, fault, texts), file) for fault in faults)
        return None, tuple(sorted(problems, key=lambda each: each.line or 0))
    return templates, ()


def templates_file(page: Page) -> Path | None:
    """Find the file that the config names; what is no name is the schema's to report."""
    named = page.table(KEY[0]).get(KEY[1])
    return page.folder / named if isinstance(named, str) and named.strip() else None


def _is_there(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # a name that no file can have
        return False


def _language(page: Page) -> Language:
    """The language of the messages; a wrong one is the schema's to report."""
    given = page.table(KEY[0]).get("language")
    return given if given in LANGUAGES else "ru"


def _proven(own: Page, language: Language) -> tuple[Mapping[str, Any], tuple[Fault, ...]]:
    from gatekeeper.messages import own_templates
    from gatekeeper.messages.proof import lay_over, prove

    base = own_templates(language)
    templates, misplaced = lay_over(base, own.data)
    return templates, (*misplaced, *prove(templates, base, language))


def _of_file(problem: Problem, file: Path) -> Problem:
    """Say in which of the two files the line is."""
    return replace(problem, key=f"{file.name}: {problem.key}")


def _problem(own: Page, fault: Fault, texts: list[str]) -> Problem:
    match fault.code:
        case "unknown":
            problem = own.problem(fault.path, "unknown", *_meant(own, fault.path[-1], fault.known))
        case "no_table":
            problem = own.problem(fault.path, "table", own.say("template_see"))
        case "no_text" | "plain":
            problem = own.problem(fault.path, f"template_{fault.code}", own.say("template_see"))
        case "syntax":
            problem = own.problem(
                fault.path, "template_syntax", own.say("template_close"), detail=fault.detail
            )
        case "name":
            hints = (*_meant(own, fault.detail, fault.known), _facts(own, fault))
            problem = own.problem(fault.path, "template_name", *hints, detail=quoted(fault.detail))
        case "fails" | "empty":
            problem = own.problem(
                fault.path, f"template_{fault.code}", _facts(own, fault), detail=fault.detail
            )
        case "markup":
            problem = own.problem(
                fault.path, "template_markup", own.say("template_close_code"), detail=fault.detail
            )
        case "format":
            problem = own.problem(fault.path, "template_format", own.say("template_date"))
    return replace(problem, line=_line(problem.line, fault, texts))


def _line(start: int | None, fault: Fault, texts: list[str]) -> int | None:
    """The file's line: a text that opens with three quotes and a new line begins on the next one."""
    if start is None or fault.line is None:
        return start
    return start + fault.line - (not texts[start - 1].rstrip().endswith(OPENS_BELOW))


def _meant(own: Page, name: str, known: Iterable[str]) -> Iterator[str]:
    near = nearest(name, known)
    if near:
        yield own.say("perhaps", nearest=written((near,)))
    yield own.say("allowed", allowed=", ".join(written((key,)) for key in known))


def _facts(own: Page, fault: Fault) -> str:
    if not fault.facts:
        return ""
    shown = ", ".join(f"{name} = {value!r}" for name, value in fault.facts.items())
    return own.say("template_facts", facts=shown if len(shown) <= MOST_SHOWN else shown[:MOST_SHOWN] + "…")
