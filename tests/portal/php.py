"""PHP's reading of a batch command: what parse_url and parse_str make of it, told anew."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_to_bytes

MAX_INPUT_VARS = 1000


def read_command(line: str) -> tuple[str, Any]:
    """Split as parse_url does (the fragment first), then parse_str."""
    path, _, query = line.partition("#")[0].partition("?")
    return path, parse_str(query)


def parse_str(query: str) -> Any:
    root: dict[str, Any] = {}
    for pair in [each for each in query.split("&") if each][:MAX_INPUT_VARS]:
        name, _, value = pair.partition("=")
        _register(root, _decoded(name), _decoded(value))
    return _with_lists(root)


def _decoded(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode()


def _register(root: dict[str, Any], name: str, value: str) -> None:
    name = name.partition("\0")[0].lstrip(" ")
    head, bracket, rest = name.partition("[")
    keys: list[str | None] = [head.replace(" ", "_").replace(".", "_")]
    if not keys[0]:
        return
    while bracket:
        index, closing, after = rest.partition("]")
        if not closing:
            break
        keys.append(None if index.strip(" \t\n\r\v\f") == "" and len(index) < 2 else index)
        bracket, rest = after[:1] if after[:1] == "[" else "", after[1:]
    place = root
    for key in keys[:-1]:
        inner = place.setdefault(_named(place, key), {})
        if not isinstance(inner, dict):
            return
        place = inner
    place[_named(place, keys[-1])] = value


def _named(place: dict[str, Any], key: str | None) -> str:
    return str(len(place)) if key is None else key


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and list(value) == [str(place) for place in range(len(value))]:
        return [_with_lists(each) for each in value.values()]
    return {key: _with_lists(each) for key, each in value.items()}
