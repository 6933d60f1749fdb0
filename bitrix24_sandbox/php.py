"""PHP as it shows through the portal's REST: bracket arrays, `[]` for `{}`, casts and hexed JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote_plus, unquote_plus

Node = dict[str, Any]
_LEADING_INT = re.compile(r"\s*[+-]?\d+")
_LEADING_FLOAT = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_ESCAPED = re.compile(r'\\(["\\])')
_HEXED = {"<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "'": "\\u0027", "/": "\\/"}


def split_pairs(text: str) -> list[tuple[str, str]]:
    """Cut a query string into decoded pairs, in order, as parse_str does."""
    pairs = [part.partition("=") for part in text.split("&") if part]
    return [(unquote_plus(key), unquote_plus(value)) for key, _, value in pairs]


def parse_query(text: str) -> Node:
    """Read "a[b][]=1&a[b][]=2" as PHP's parse_str.

    >>> parse_query("a[b][]=1&a[b][]=2&c=%2B7")
    {'a': {'b': ['1', '2']}, 'c': '+7'}
    """
    return nest(split_pairs(text))


def nest(pairs: Iterable[tuple[str, Any]]) -> Node:
    """Build the tree that bracketed names describe; a map with keys 0..n-1 becomes a list."""
    root: Node = {}
    for name, value in pairs:
        path = _path(name)
        if path:
            _put(root, path, value)
    return {key: _lists(value) for key, value in root.items()}


def _path(name: str) -> list[str]:
    name = name.lstrip(" ").split("\0")[0]
    head, bracket, tail = name.partition("[")
    if not head:
        return []
    if not bracket or "]" not in tail:
        return [re.sub(r"[ .\[]", "_", name)]
    keys = [re.sub(r"[ .]", "_", head)]
    while tail is not None and "]" in tail:
        key, _, rest = tail.partition("]")
        keys.append(key)
        if not rest.startswith("["):
            break
        tail = rest[1:]
    return keys


def _put(root: Node, path: list[str], value: Any) -> None:
    node = root
    for key in path[:-1]:
        step = key or _next_index(node)
        if not isinstance(node.get(step), dict):
            node[step] = {}
        node = node[step]
    node[path[-1] or _next_index(node)] = value


def _next_index(node: Node) -> str:
    return str(max((int(key) for key in node if key.isdecimal()), default=-1) + 1)


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    tree = {key: _lists(each) for key, each in value.items()}
    return list(tree.values()) if list(tree) == [str(n) for n in range(len(tree))] else tree


def build_query(tree: Mapping[str, Any]) -> str:
    """Write a tree as PHP's http_build_query does.

    >>> build_query({"data": {"FIELDS": {"ID": 41}}})
    'data%5BFIELDS%5D%5BID%5D=41'
    """
    return "&".join(f"{quote_plus(name)}={quote_plus(str(value))}" for name, value in _flat("", tree))


def _flat(prefix: str, value: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(value, Mapping | list):
        for key, each in pairs_of(value):
            yield from _flat(f"{prefix}[{key}]" if prefix else str(key), each)
    elif value is not None:
        yield prefix, value


def array(mapping: Mapping[str, Any]) -> Any:
    """Encode a map as PHP does: `[]` when empty, a list when its keys are 0..n-1."""
    in_order = all(key == str(index) for index, key in enumerate(mapping))
    return list(mapping.values()) if in_order else dict(mapping)


def pairs_of(value: Any) -> list[tuple[str, Any]]:
    """Keys and values of whatever PHP would iterate; nothing for a scalar."""
    if isinstance(value, Mapping):
        return [(str(key), each) for key, each in value.items()]
    return [(str(index), each) for index, each in enumerate(value)] if isinstance(value, list) else []


def values_of(value: Any) -> list[Any]:
    """List an array's values, a scalar as an array of one, nothing for null.

    >>> values_of({"n0": 1}), values_of([2]), values_of("3"), values_of(None)
    ([1], [2], ['3'], [])
    """
    if isinstance(value, Mapping | list):
        return [each for _, each in pairs_of(value)]
    return [] if value is None else [value]


def as_dict(value: Any) -> Node:
    return dict(pairs_of(value))


def to_int(value: Any) -> int:
    """Cast as `(int)` does: leading digits count, everything else is 0.

    >>> to_int("41abc"), to_int("x"), to_int(None), to_int(True), to_int("9.9")
    (41, 0, 0, 1, 9)
    """
    if isinstance(value, bool | int | float):
        return int(value)
    if isinstance(value, Mapping | list):
        return int(bool(value))
    match = _LEADING_INT.match(str(value or ""))
    return int(match[0]) if match else 0


def to_float(value: Any) -> float:
    if isinstance(value, bool | int | float):
        return float(value)
    match = _LEADING_FLOAT.match(str(value or "")) if isinstance(value, str) else None
    return float(match[0]) if match else 0.0


def number(value: float) -> float:
    """Whole numbers travel as ints."""
    return int(value) if float(value).is_integer() else value


def is_falsy(value: Any) -> bool:
    """`0`, `"0"`, `""`, `[]`, false and null."""
    return not value or value == "0"


def to_json(value: Any) -> str:
    r"""Encode with JSON_HEX_*, so that nobody is tempted to read the raw body.

    >>> print(to_json({"a": '<"/'}))
    {"a":"\u003C\u0022\/"}
    """
    text = json.dumps(value, separators=(",", ":"))
    for plain, hexed in _HEXED.items():
        text = text.replace(plain, hexed)
    if '\\"' in text:
        text = _ESCAPED.sub(lambda match: "\\u0022" if match[1] == '"' else match[0], text)
    return text
