"""Store frozen values as JSON and read them back by their type annotations alone, losing nothing.

A new field of a dataclass needs no line here. A field with a default may be missing in what an older version
wrote. Anything else that does not fit is refused, so that no rule judges a half-understood card. Types whose
JSON could not be told apart when read (`str | date`) are refused before anything is written.

A dataclass in a union carries its name under "$", mappings become lists of pairs, and times keep their own
offset. Why no library: docs/adr/0027.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from gatekeeper.model.errors import Undecodable

Json: TypeAlias = Any
TAG = "$"


@dataclass(frozen=True, slots=True)
class Codec:
    """How values of exactly the class `kind` are stored; `write` and `read` refuse all others.

    `shape` is the JSON type of what is stored, or the tagged name of a dataclass.
    """

    kind: Any
    shape: str
    write: Callable[[Any], Json]
    read: Callable[[Json], Any]


def encode(value: Any, kind: Any) -> Json:
    """Return what `json` can dump; TypeError unless the value is of that type throughout."""
    codec = codec_of(kind)
    try:
        return codec.write(value)
    except (KeyError, ValueError) as error:  # a stranger in a union, a tuple of another length
        raise TypeError(f"{type(value).__name__} is no {kind}: {error}") from None


def decode(stored: Json, kind: Any) -> Any:
    """Read what `encode` wrote; Undecodable if this version does not understand it.

    >>> from gatekeeper.model.cards import Unread, Why
    >>> stored = encode(Unread(Why.MASKED), tuple[int, ...] | Unread)
    >>> stored, decode(stored, tuple[int, ...] | Unread) == Unread(Why.MASKED)
    ({'$': 'Unread', 'code': 'masked', 'facts': []}, True)
    """
    codec = codec_of(kind)
    try:
        return codec.read(stored)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # Not the error's text, which quotes what is stored.
        raise Undecodable(f"not as this version writes it ({type(error).__name__})") from None


@cache
def codec_of(kind: Any) -> Codec:
    """Build the codec of a type; TypeError for a type that cannot be stored without loss."""
    origin = get_origin(kind)
    if kind in _PLAIN:
        return _PLAIN[kind]
    if origin in (Union, UnionType):
        return _union([codec_of(member) for member in get_args(kind)])
    if origin is tuple:
        return _tuple(*get_args(kind))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(*get_args(kind))
    if origin is Literal:
        return _literal(get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return _dataclass(kind)
    raise TypeError(f"{kind} cannot be stored without loss")


def _exactly(kind: type) -> Callable[[Any], Any]:
    """Refuse subclasses, too: a subclass holds more than would be written."""

    def check(value: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"{type(value).__name__} is no {kind.__name__}")
        return value

    return check


_a_text, _a_list, _a_tuple, _a_dict = (_exactly(kind) for kind in (str, list, tuple, dict))


def _as_text(kind: type, write: Callable[[Any], str], read: Callable[[str], Any]) -> Codec:
    check = _exactly(kind)
    return Codec(kind, "string", lambda value: write(check(value)), lambda stored: read(_a_text(stored)))


_PLAIN: Mapping[Any, Codec] = {
    NoneType: Codec(NoneType, "null", _exactly(NoneType), _exactly(NoneType)),
    bool: Codec(bool, "boolean", _exactly(bool), _exactly(bool)),
    int: Codec(int, "number", _exactly(int), _exactly(int)),
    float: Codec(float, "number", _exactly(float), _exactly(float)),
    str: Codec(str, "string", _a_text, _a_text),
    Decimal: _as_text(Decimal, str, Decimal),
    datetime: _as_text(datetime, datetime.isoformat, datetime.fromisoformat),
    date: _as_text(date, date.isoformat, date.fromisoformat),
}


def _literal(words: tuple[str, ...]) -> Codec:
    def check(word: Any) -> Any:
        if word not in words:
            raise TypeError(f"none of {words}")
        return word

    return Codec(str, "string", check, check)


def _enum(kind: type[Enum]) -> Codec:
    plain = _PLAIN[type(next(iter(kind)).value)]
    check = _exactly(kind)
    return Codec(kind, plain.shape, lambda value: check(value).value, kind)


def _tuple(first: Any, *others: Any) -> Codec:
    if others == (...,):
        codec = codec_of(first)
        write, read = codec.write, codec.read
        return Codec(
            tuple,
            "array",
            lambda value: [write(part) for part in _a_tuple(value)],
            lambda stored: tuple([read(part) for part in _a_list(stored)]),
        )
    codecs = [codec_of(kind) for kind in (first, *others)]
    return Codec(
        tuple,
        "array",
        lambda value: [codec.write(part) for codec, part in zip(codecs, _a_tuple(value), strict=True)],
        lambda stored: tuple(codec.read(part) for codec, part in zip(codecs, _a_list(stored), strict=True)),
    )


def _mapping(key: Any, value: Any) -> Codec:
    pairs = _tuple(tuple[key, value], ...)
    return Codec(
        dict,
        "array",
        lambda mapping: pairs.write(tuple(_a_dict(mapping).items())),
        lambda stored: dict(pairs.read(stored)),
    )


def _dataclass(kind: type) -> Codec:
    hints = get_type_hints(kind)
    codecs = {field.name: codec_of(hints[field.name]) for field in fields(kind)}
    check = _exactly(kind)

    def write(value: Any) -> Json:
        check(value)
        return {name: codec.write(getattr(value, name)) for name, codec in codecs.items()}

    def read(stored: Json) -> Any:
        if stored.keys() != codecs.keys():
            _check_names(kind, stored.keys())
        return kind(**{name: codecs[name].read(part) for name, part in stored.items()})

    return Codec(kind, f"{TAG}{kind.__name__}", write, read)


def _check_names(kind: Any, stored: set[str]) -> None:
    known = {field.name: field for field in fields(kind)}
    for name in sorted(stored - known.keys()):
        raise Undecodable(f"{kind.__name__}.{name} is unknown to this version")
    for name in sorted(known.keys() - stored):
        if known[name].default is MISSING and known[name].default_factory is MISSING:
            raise Undecodable(f"{kind.__name__}.{name} was not stored by the version that wrote this")


def _union(members: list[Codec]) -> Codec:
    by_kind = {member.kind: member for member in members}
    by_shape = {member.shape: member for member in members}
    if len(by_shape) < len(members):
        raise TypeError(f"members of a union that look alike in JSON: {[member.shape for member in members]}")

    def write(value: Any) -> Json:
        codec = by_kind[type(value)]
        stored = codec.write(value)
        return {TAG: codec.shape[1:], **stored} if type(stored) is dict else stored

    def read(stored: Json) -> Any:
        shape = _shape_of(stored)
        if shape not in by_shape:
            raise Undecodable(f"{shape} is unknown here to this version")
        if type(stored) is dict:
            stored = {name: part for name, part in stored.items() if name != TAG}
        return by_shape[shape].read(stored)

    return Codec(Union, "union", write, read)


def _shape_of(stored: Json) -> str:
    if type(stored) is dict:
        return f"{TAG}{stored[TAG]}"
    return "array" if type(stored) is list else _PLAIN[type(stored)].shape
