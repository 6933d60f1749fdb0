"""Where the secrets come from: the environment, files, and for a sandbox on this machine the config itself.

For each: the variable, the variable with _FILE (as docker and systemd hand out credentials), the config's key
with _file, the key itself; the first that is set wins. Nothing here puts a secret, or the name of a file that
may be one by mistake, into a text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from gatekeeper.config.forms import Misfit
from gatekeeper.config.lines import KeyPath
from gatekeeper.config.page import Page, nearest, written
from gatekeeper.config.urls import (
    default_database_url,
    is_loopback,
    parse_database_url,
    parse_key,
    parse_portal_url,
    parse_tokens,
)
from gatekeeper.config.values import Secret
from gatekeeper.model.errors import Problem

T = TypeVar("T")

PORTAL_URL: KeyPath = ("portal", "url")
APPLICATION_TOKENS: KeyPath = ("portal", "application_tokens")
NOTE_KEY: KeyPath = ("portal", "note_key")
DATABASE_URL: KeyPath = ("database", "url")

VARIABLES: Mapping[KeyPath, str] = {
    PORTAL_URL: "GATEKEEPER_PORTAL_URL",
    APPLICATION_TOKENS: "GATEKEEPER_APPLICATION_TOKENS",
    NOTE_KEY: "GATEKEEPER_NOTE_KEY",
    DATABASE_URL: "GATEKEEPER_DATABASE_URL",
}

OURS = "GATEKEEPER_"
_KNOWN = {
    *VARIABLES.values(),
    *(f"{each}_FILE" for each in VARIABLES.values()),
    f"{OURS}CONFIG",
    f"{OURS}LANGUAGE",
}


@dataclass(frozen=True, slots=True)
class Secrets:
    """All of them; the tokens in the order in which they were given, `note_key` None where none was given."""

    portal_url: Secret
    application_tokens: tuple[Secret, ...]
    database_url: Secret
    note_key: Secret | None = None


@dataclass(frozen=True, slots=True, repr=False)
class FoundSecret:
    """What was found at a key, or in the variable of that name."""

    place: KeyPath | str
    texts: tuple[str, ...]


def read_secrets(page: Page, environ: Mapping[str, str]) -> tuple[Secrets | None, tuple[Problem, ...]]:
    """Give the secrets, or None where one is missing or wrong; wrong types are the schema's to report."""
    problems: list[Problem] = []

    def read(key: KeyPath, parse: Callable[[FoundSecret], T], default: T | None = None) -> T | None:
        found = _find(page, environ, key)
        if found is None and default is None and key != NOTE_KEY and not _is_set(page, key):
            found = page.problem(key, "missing", _how_to_give(page, key), _slip(page, environ, key))
        if isinstance(found, Problem):
            problems.append(found)
        if not isinstance(found, FoundSecret):
            return default
        try:
            return parse(found)
        except Misfit as misfit:
            problems.append(page.problem(found.place, misfit.code, _form(page, key)))
            return None

    url = read(PORTAL_URL, lambda found: parse_portal_url(found.texts[0]))
    tokens = read(APPLICATION_TOKENS, lambda found: parse_tokens(found.texts))
    database = read(DATABASE_URL, lambda found: _database(page, found), default_database_url(page.folder))
    note_key = read(NOTE_KEY, lambda found: parse_key(found.texts[0]))
    literals = {problem.key: problem for problem in _literals(page, url)}
    told = tuple(problem for problem in problems if problem.key not in literals) + tuple(literals.values())
    if told or url is None or tokens is None or database is None:
        return None, told
    sealed_with = None if note_key is None else Secret(note_key)
    return Secrets(Secret(url), tuple(map(Secret, tokens)), Secret(database), sealed_with), ()


def secret_files(page: Page, environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Every file that the environment or the config names for a secret."""
    named = [
        Path(environ[name].strip())
        for variable in VARIABLES.values()
        if environ.get(name := f"{variable}_FILE")
    ]
    for section, name in VARIABLES:
        beside = page.table(section).get(f"{name}_file")
        if isinstance(beside, str):
            named.append(page.folder / beside)
    return tuple(named)


def _database(page: Page, found: FoundSecret) -> str:
    """Seek a file named in the config beside it, one named in the environment where the process runs."""
    return parse_database_url(found.texts[0], page.folder if isinstance(found.place, tuple) else Path.cwd())


def _form(page: Page, key: KeyPath) -> str:
    if key == DATABASE_URL:
        return page.say("allowed", allowed=page.say("database_url"))
    return page.say("url_form") if key == PORTAL_URL else ""


def _literals(page: Page, url: str | None) -> Iterator[Problem]:
    """Refuse secrets that stand in the config itself, used or not, unless they open nothing but a sandbox."""
    table: Mapping[str, Any] = page.table("portal")
    literal = table.get("url")
    if isinstance(literal, str) and literal.strip() and not is_loopback(literal.strip()):
        yield page.problem(PORTAL_URL, "literal", _how_to_give(page, PORTAL_URL))
    if "application_tokens" in table and not (url and is_loopback(url)):
        yield page.problem(APPLICATION_TOKENS, "literal", _how_to_give(page, APPLICATION_TOKENS))


def _is_set(page: Page, key: KeyPath) -> bool:
    table = page.table(key[0])
    return key[1] in table or f"{key[1]}_file" in table


def _slip(page: Page, environ: Mapping[str, str], key: KeyPath) -> str:
    """Point at a variable of ours that nobody reads and that resembles the one that is missing."""
    names = {name.removeprefix(OURS) for name in environ if name.startswith(OURS)}
    near = nearest(VARIABLES[key].removeprefix(OURS), names - {row.removeprefix(OURS) for row in _KNOWN})
    return page.say("slip", variable=f"{OURS}{near}") if near else ""


def _how_to_give(page: Page, key: KeyPath) -> str:
    return page.say("give_secret", variable=VARIABLES[key], key=written(key))


def _find(page: Page, environ: Mapping[str, str], key: KeyPath) -> FoundSecret | Problem | None:
    variable, (section, name) = VARIABLES[key], key
    if environ.get(variable, "").strip():
        return FoundSecret(variable, (environ[variable].strip(),))
    if environ.get(f"{variable}_FILE", "").strip():
        return _from_file(page, f"{variable}_FILE", Path(environ[f"{variable}_FILE"].strip()))
    table = page.table(section)
    file, literal = table.get(f"{name}_file"), table.get(name)
    if isinstance(file, str) and file.strip():
        return _from_file(page, (section, f"{name}_file"), page.folder / file)
    if isinstance(literal, str):
        return FoundSecret(key, (literal.strip(),))
    if isinstance(literal, list) and literal and all(isinstance(each, str) for each in literal):
        return FoundSecret(key, tuple(literal))
    return None


def _from_file(page: Page, place: KeyPath | str, file: Path) -> FoundSecret | Problem:
    beside = page.say("beside", folder=page.folder) if isinstance(place, tuple) else ""
    try:
        text = file.read_text(encoding="utf-8-sig").strip()
    except FileNotFoundError:
        return page.problem(place, "no_file", beside)
    except PermissionError:
        return page.problem(place, "no_right")
    except UnicodeDecodeError:
        return page.problem(place, "no_utf8", page.say("save_utf8"))
    except (OSError, ValueError):
        return page.problem(place, "no_read", beside)
    return FoundSecret(place, (text,)) if text else page.problem(place, "empty_file")
