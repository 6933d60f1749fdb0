"""Frozen values as JSON and back, by their type annotations alone, losing nothing.

A new field of a dataclass needs no line here. One that has a default may be missing in what an older version
wrote; anything else that does not fit is refused, so that nobody judges a half-understood card. Types whose
JSON could not be told apart when read (`str | date`) are refused before anything is written.

A dataclass that stands in a union carries its name under "$", mappings are lists of pairs, and times keep
their own offset. Why no library: docs/adr/0011.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeAlias, Union, cast, get_args, get_origin, get_type_hints

from gatekeeper.model.errors import Undecodable

Json: TypeAlias = Any
TAG = "$"


@dataclass(frozen=True, slots=True)
class Codec:
    """How values of one type are written; `shape` is the JSON type they become, or a dataclass's name."""

    shape: str
    admits: Callable[[Any], bool]
    encode: Callable[[Any], Json]
    decode: Callable[[Json], Any]


def encode(value: Any, kind: Any) -> Json:
    """Write a value of that type as what `json` can dump; TypeError if it is none."""
    codec = codec_of(kind)
    if not codec.admits(value):
        raise TypeError(f"{type(value).__name__} is no {kind}")
    return codec.encode(value)


def decode(stored: Json, kind: Any) -> Any:
    """Read what `encode` wrote; Undecodable if this version does not understand it.

    >>> from gatekeeper.model.cards import Unread
    >>> stored = encode(Unread("crm.x"), tuple[int, ...] | Unread)
    >>> stored, decode(stored, tuple[int, ...] | Unread)
    ({'$': 'Unread', 'why': 'crm.x'}, Unread(why='crm.x'))
    """
    try:
        return codec_of(kind).decode(stored)
    except (ValueError, KeyError, ArithmeticError, AttributeError, TypeError) as error:
        # Not the error's text, which quotes what is stored.
        raise Undecodable(f"not as this version writes it ({type(error).__name__})") from None


@cache
def codec_of(kind: Any) -> Codec:
    """TypeError for a type that cannot be stored without loss."""
    origin = get_origin(kind)
    if kind in _PLAIN:
        return _PLAIN[kind]
    if origin in (Union, types.UnionType):
        return _union([codec_of(each) for each in get_args(kind)])
    if origin is tuple:
        return _tuple(get_args(kind))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(*get_args(kind))
    if origin is Literal:
        return Codec("string", lambda value: value in get_args(kind), _same, _among(get_args(kind)))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Codec(_PLAIN[type(next(iter(kind)).value)].shape, _is(kind), lambda each: each.value, kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass(kind)
    raise TypeError(f"{kind} cannot be stored without loss")


def _same(value: Any) -> Any:
    return value


def _is(kind: type) -> Callable[[Any], bool]:
    """Exactly that type: a subclass has more to it than would be written."""
    return lambda value: type(value) is kind


def _strict(kind: type) -> Callable[[Json], Any]:
    def read(stored: Json) -> Any:
        if type(stored) is not kind:
            raise TypeError(kind.__name__)
        return stored

    return read


def _text(kind: type, write: Callable[[Any], str], read: Callable[[str], Any]) -> Codec:
    return Codec("string", _is(kind), write, read)


def _number(value: Json) -> float:
    return float(_strict(float)(value))


_PLAIN: Mapping[Any, Codec] = {
    Any: Codec("any", lambda _: True, _same, _same),
    type(None): Codec("null", lambda value: value is None, _same, _strict(type(None))),
    bool: Codec("boolean", _is(bool), _same, _strict(bool)),
    int: Codec("number", _is(int), _same, _strict(int)),
    float: Codec("number", _is(float), _same, _number),
    str: Codec("string", _is(str), _same, _strict(str)),
    Decimal: _text(Decimal, str, Decimal),
    datetime: _text(datetime, datetime.isoformat, datetime.fromisoformat),
    date: _text(date, date.isoformat, date.fromisoformat),
}


def _among(words: tuple[Any, ...]) -> Callable[[Json], Any]:
    return lambda stored: words[words.index(stored)]


def _tuple(kinds: tuple[Any, ...]) -> Codec:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        inner = codec_of(kinds[0])
        return Codec(
            "array",
            lambda value: type(value) is tuple and all(map(inner.admits, value)),
            lambda value: [inner.encode(each) for each in value],
            lambda stored: tuple(inner.decode(each) for each in _strict(list)(stored)),
        )
    each = [codec_of(kind) for kind in kinds]
    return Codec(
        "array",
        lambda value: (
            type(value) is tuple
            and len(value) == len(each)
            and all(codec.admits(part) for codec, part in zip(each, value, strict=True))
        ),
        lambda value: [codec.encode(part) for codec, part in zip(each, value, strict=True)],
        lambda stored: tuple(codec.decode(part) for codec, part in zip(each, stored, strict=True)),
    )


def _mapping(key: Any, value: Any) -> Codec:
    pairs = _tuple((tuple[key, value], ...))
    return Codec(
        "array",
        lambda whole: type(whole) is dict and pairs.admits(tuple(whole.items())),
        lambda whole: pairs.encode(tuple(whole.items())),
        lambda stored: dict(pairs.decode(stored)),
    )


def _dataclass(kind: type) -> Codec:
    hints = get_type_hints(kind)
    parts = {each.name: (each, codec_of(hints[each.name])) for each in fields(kind)}

    def write(value: Any) -> Json:
        return {name: codec.encode(getattr(value, name)) for name, (_, codec) in parts.items()}

    def read(stored: Json) -> Any:
        given = {name: each for name, each in _strict(dict)(stored).items() if name != TAG}
        if unknown := set(given) - set(parts):
            raise Undecodable(f"{kind.__name__}.{min(unknown)} is unknown to this version")
        for name, (field, _) in parts.items():
            if name not in given and field.default is MISSING and field.default_factory is MISSING:
                raise Undecodable(f"{kind.__name__}.{name} was not stored by the version that wrote this")
        return kind(**{name: parts[name][1].decode(each) for name, each in given.items()})

    def admits(value: Any) -> bool:
        return type(value) is kind and all(
            codec.admits(getattr(value, name)) for name, (_, codec) in parts.items()
        )

    return Codec(f"{TAG}{kind.__name__}", admits, write, read)


def _union(members: list[Codec]) -> Codec:
    by_shape = {each.shape: each for each in members}
    if len(by_shape) < len(members) or "any" in by_shape:
        raise TypeError(f"members of a union that look alike in JSON: {[each.shape for each in members]}")

    def write(value: Any) -> Json:
        codec = next(each for each in members if each.admits(value))
        stored = codec.encode(value)
        return {TAG: codec.shape[1:], **stored} if codec.shape.startswith(TAG) else stored

    def read(stored: Json) -> Any:
        shape = _shape_of(stored)
        if shape not in by_shape:
            raise Undecodable(f"{shape} is unknown here to this version")
        return by_shape[shape].decode(stored)

    return Codec("union", lambda value: any(each.admits(value) for each in members), write, read)


def _shape_of(stored: Json) -> str:
    match stored:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return f"{TAG}{cast('dict[str, Any]', stored)[TAG]}"
