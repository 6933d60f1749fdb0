"""At which line a key stands: tomllib does not tell, so it is asked statement by statement.

The smallest run of whole lines that parses is one statement: what opens a string or an array over several
lines cannot parse before it is closed. So no TOML grammar is written a second time, and a line is right or
not given.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

KeyPath: TypeAlias = tuple[str, ...]

_LONGEST_STATEMENT = 200
"""Lines; each is parsed again with every line that follows it, so something longer gets no line numbers."""


def find_lines(text: str) -> dict[KeyPath, int]:
    r"""Key path -> the line, from 1, where it is first mentioned; of a text that is valid TOML as a whole.

    >>> find_lines('[rules."deal.stage"]\nmode = "warn"')[("rules", "deal.stage", "mode")]
    2
    """
    found: dict[KeyPath, int] = {}
    table: KeyPath | None = ()
    for number, statement in _statements(text):
        if statement.lstrip().startswith("["):
            header = _header(tomllib.loads(statement))
            _mention(found, header, number)
            table = None if statement.lstrip().startswith("[[") else header
        elif table is not None:
            for path in _keys(statement):
                _mention(found, table + path, number)
    return found


def _mention(found: dict[KeyPath, int], path: KeyPath, number: int) -> None:
    """Note the path and all that it lies in, unless an earlier line did."""
    for length in range(1, len(path) + 1):
        found.setdefault(path[:length], number)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    lines = text.replace("\r\n", "\n").split("\n")
    start = 0
    while start < len(lines):
        end = start + 1
        while not _parses("\n".join(lines[start:end])):
            end += 1
            if end > len(lines) or end - start > _LONGEST_STATEMENT:
                return
        yield start + 1, "\n".join(lines[start:end])
        start = end


def _parses(text: str) -> bool:
    try:
        tomllib.loads(text)
    except ValueError:
        return False
    return True


def _header(parsed: Any) -> KeyPath:
    path: KeyPath = ()
    while parsed:
        if isinstance(parsed, list):
            parsed = parsed[0]
            continue
        key, parsed = next(iter(parsed.items()))
        path += (key,)
    return path


def _keys(statement: str) -> list[KeyPath]:
    """Every key of one statement; of a long one only that before "=", others may stand on any line of it."""
    if "\n" not in statement:
        return list(_paths(tomllib.loads(statement)))
    line = statement.split("\n", 1)[0]
    for at, sign in enumerate(line):
        if sign == "=" and _parses(line[:at] + "= 0"):
            return list(_paths(tomllib.loads(line[:at] + "= 0")))
    return []


def _paths(parsed: Mapping[str, Any]) -> Iterator[KeyPath]:
    for key, value in parsed.items():
        yield (key,)
        if isinstance(value, Mapping):
            yield from ((key, *rest) for rest in _paths(value))
