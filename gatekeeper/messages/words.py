"""Every sentence that a person reads stands in `ru/` and `en/` beside this file, under a code.

A file is what one face says: `cards` (notes, notices, the digest), `commands`, `help`, `doctor`, `report`,
`status` (the page), `config`. Elsewhere in the product stand codes with facts.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal, TypeAlias

from gatekeeper.messages.formatter import Formatter, formatter_of
from gatekeeper.messages.invisible import without_invisible
from gatekeeper.messages.renderer import Renderer

Language: TypeAlias = Literal["ru", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "en")


class Words:
    """The sentences of one table, filled in for a page or a terminal: facts have no power there."""

    def __init__(self, table: Mapping[str, Any], formatter: Formatter) -> None:
        self._table = table
        self.formatter = formatter
        self._renderer = Renderer(_visible, formatter.filters)

    def say(self, code: str, /, **facts: Any) -> str:
        """Fill in the sentence "left.limit" of the table "left"; KeyError for a code without one."""
        return self._renderer.render(self._find(code), **facts)

    def known(self, code: str, otherwise: str) -> str:
        """Say what needs no facts; `otherwise` where another version of the product chose the code."""
        try:
            return self.say(code)
        except KeyError:
            return otherwise

    def _find(self, code: str) -> str:
        found: Any = self._table
        for name in code.split("."):
            found = found[name]
        return str(found)


def words_of(language: str, face: str) -> Words:
    """What that face says in that language."""
    return _words(language, face)


@cache
def _words(language: str, face: str) -> Words:
    """Share them, so that each template is compiled once."""
    return Words(tables(language, face), formatter_of(language))


def tables(language: str, face: str) -> dict[str, Any]:
    return tomllib.loads(file_of(language, face))


def file_of(language: str, face: str) -> str:
    """The file itself; ValueError for a language that there is none of."""
    if language not in LANGUAGES:
        raise ValueError(f"no messages in {language!r}, only in {', '.join(LANGUAGES)}")
    return files("gatekeeper.messages").joinpath(language, f"{face}.toml").read_text(encoding="utf-8")


def _visible(value: Any) -> Any:
    return without_invisible(value) if isinstance(value, str) else value
