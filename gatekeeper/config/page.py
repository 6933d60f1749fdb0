"""The config file as read, and how a problem in it is put into words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from gatekeeper.config.lines import KeyPath, find_lines
from gatekeeper.config.text import say
from gatekeeper.messages.words import Language
from gatekeeper.model.errors import ConfigError, Problem


@dataclass(frozen=True, slots=True)
class Page:
    """`file` is absolute, so that what is relative to it stays so when the process changes its folder."""

    file: Path
    data: Mapping[str, Any]
    lines: Mapping[KeyPath, int]
    language: Language

    @property
    def folder(self) -> Path:
        return self.file.parent

    def say(self, code: str, **facts: object) -> str:
        return say(self.language, code, **facts)

    def problem(self, place: KeyPath | str, code: str, *hints: str, **facts: object) -> Problem:
        """Describe what is wrong at a key, or in an environment variable if `place` is a name."""
        line = None if isinstance(place, str) else self.lines.get(place)
        key = place if isinstance(place, str) else written(place)
        return Problem(key, self.say(code, **facts), line, "; ".join(hint for hint in hints if hint))

    def table(self, name: str) -> Mapping[str, Any]:
        """Read a table that may be missing; what is no table is the schema's to report."""
        found = self.data.get(name)
        return found if isinstance(found, Mapping) else {}


def read_page(file: Path, language: Language) -> Page:
    """Read past a byte order mark; ConfigError for a file that is missing, unreadable, no UTF-8, no TOML."""
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        raise _unreadable(file, language, "no_file", "make_config") from None
    except PermissionError:
        raise _unreadable(file, language, "no_right") from None
    except OSError:
        raise _unreadable(file, language, "no_read") from None
    try:
        text = raw.decode("utf-8-sig")
        return Page(file.absolute(), tomllib.loads(text), find_lines(text), language)
    except UnicodeDecodeError as error:
        line = None if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else raw.count(b"\n", 0, error.start) + 1
        raise _unreadable(file, language, "no_utf8", "save_utf8", line) from None
    except (ValueError, RecursionError) as error:  # a number too long, a table too deep
        raise _no_toml(file, language, str(error), text) from None


def _unreadable(
    file: Path, language: Language, code: str, hint: str = "", line: int | None = None
) -> ConfigError:
    advice = say(language, hint) if hint else ""
    return ConfigError(str(file), (Problem(say(language, "whole_file"), say(language, code), line, advice),))


def _no_toml(file: Path, language: Language, reason: str, text: str) -> ConfigError:
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)", reason)
    line = int(place[1] or text.count("\n") + 1) if place else None
    plain = reason[: place.start()] if place else reason
    problem = Problem(say(language, "whole_file"), say(language, "no_toml", reason=plain), line)
    return ConfigError(str(file), (problem,))


def written(path: KeyPath) -> str:
    """Write a key as TOML does.

    >>> written(("rules", "deal.stage", "mode"))
    'rules."deal.stage".mode'
    """
    return ".".join(key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else quoted(key) for key in path)


def quoted(text: str) -> str:
    r"""Write a TOML string.

    >>> print(quoted('C:\\crm "new"'))
    "C:\\crm \"new\""
    """
    signs = {"\\": r"\\", '"': r"\""}
    escaped = (signs.get(each) or (each if each.isprintable() else f"\\U{ord(each):08x}") for each in text)
    return f'"{"".join(escaped)}"'


def nearest(word: str, choices: Iterable[str], likeness: int = 60) -> str | None:
    """Find the choice that was probably meant; `likeness` is in per cent.

    >>> nearest("tiemout", ["timeout_s", "rate_per_s"]), nearest("colour", ["timeout_s", "rate_per_s"])
    ('timeout_s', None)
    """
    found = process.extractOne(
        word, list(choices), scorer=fuzz.ratio, processor=str.lower, score_cutoff=likeness
    )
    return found[0] if found else None
