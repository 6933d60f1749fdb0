"""Parameters as the portal's batch wants them: a PHP query string, in which everything is a string.

A batch command is split by PHP's parse_url and parse_str even where the batch itself is JSON, so every name
and value is percent-encoded: a raw "+" would become a space, "&" split, "#" cut. What such a query cannot say
is refused here, before anything is sent, since the portal would not complain but quietly do something else.
No refusal quotes a value.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

Texts = str | list["Texts"] | dict[str, "Texts"]

MAX_LEAVES = 1000
"""PHP's max_input_vars: what exceeds it is dropped without a word."""

_UNSPEAKABLE = re.compile(r"[\[\]\s\0]")
_REFERENCE = re.compile(r"\$(result|total|next|error|time)", re.IGNORECASE)


def strings(params: Mapping[str, Any]) -> dict[str, Texts]:
    """Return the same structure with text for every number.

    TypeError for a bool or None ("true" would arrive; "Y", "1" or "" may be meant, the caller knows) and for
    any other type. ValueError for an empty list or map, which a query cannot say ("" empties a field), for
    NaN, for a name that PHP would rewrite, and for more than a thousand values.

    >>> strings({"id": 41, "filter": {">id": 0}, "select": ["id", "title"]})
    {'id': '41', 'filter': {'>id': '0'}, 'select': ['id', 'title']}
    """
    texts = {key: _texts(value, _top(key)) for key, value in params.items()}
    if sum(1 for _ in _leaves(texts)) > MAX_LEAVES:
        raise ValueError(f"more than {MAX_LEAVES} values in one command: PHP would drop the rest")
    return texts


def encode(texts: Mapping[str, Any]) -> str:
    """Return the query string of what `strings` made.

    >>> encode({"filter": {"=phone": "+7 903"}, "select": ["id"]})
    'filter%5B%3Dphone%5D=%2B7%20903&select%5B0%5D=id'
    """
    return "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in _leaves(texts))


def has_reference(texts: Mapping[str, Any]) -> bool:
    """Tell whether a batch would read part of this as a reference to another command's answer.

    There is no way to escape "$result[…]" there, and a client may call himself just that.
    """
    return _REFERENCE.search(json.dumps(texts, ensure_ascii=False)) is not None


def _texts(value: Any, path: str) -> Texts:
    match value:
        case bool() | None:
            raise TypeError(
                f"{path}: {value!r} cannot be said inside a command; write the portal's own text for it"
            )
        case str():
            return _encodable(value, path)
        case int():
            return str(int(value))
        case float() if math.isfinite(value):
            return repr(value)
        case float():
            raise ValueError(f"{path}: not a finite number")
        case list() | tuple() | Mapping() if not value:
            raise ValueError(f'{path}: nothing in it, which a query cannot say; "" empties a field')
        case list() | tuple():
            return [_texts(each, f"{path}[{place}]") for place, each in enumerate(value)]
        case Mapping():
            return {key: _texts(each, f"{path}[{_name(key, path)}]") for key, each in value.items()}
    raise TypeError(f"{path}: a {type(value).__name__} has no form in a query")


def _top(key: Any) -> str:
    if "." in _name(key, "parameters"):
        raise ValueError(f"{key!r}: PHP would turn the dot into an underscore")
    return str(key)


def _name(key: Any, path: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{path}: the name {key!r} is no text")
    if not key or _UNSPEAKABLE.search(key):
        raise ValueError(f"{path}: the name {key!r} is empty or has a bracket, a space or NUL in it")
    return _encodable(key, path)


def _encodable(text: str, path: str) -> str:
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError(f"{path}: half a character (a lone surrogate) in the text")
    return str(text)


def _leaves(texts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in texts.items():
        yield from _below(key, value)


def _below(name: str, value: Texts) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
        return
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in inside:
        yield from _below(f"{name}[{key}]", each)
