"""Every way to spoil one place of an answer."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, fields, is_dataclass
from importlib import import_module
from random import Random
from typing import Any

from gatekeeper.portal import wire
from gatekeeper.portal.wire.forms import Told

Envelope = dict[str, Any]
Path = tuple[str | int, ...]
PARTS = {"result": "result", "total": "result_total", "next": "result_next", "error": "result_error"}
"""What an answer consists of, and under which names a batch tells it."""
CONTAINERS = {"items", "item", "productRows", "categories", "fields", "message", "users"}
CODES = {"UF_CRM_PRODUCT_GROUP", "UF_CRM_GATEKEEPER_STATUS", "upperName"}
JUNK: tuple[Any, ...] = (
    *(True, False, 0, "0", "", [], {}, 45.5, "x", "\ud800", 2**63, -1, float("inf")),
    "9999-12-31T23:59:59-12:00",
)


MORE_JUNK: tuple[Any, ...] = (
    *(2, 7, -0.0, 1e308, 44.999, 2**53, 2**63 - 1, 2**64, -(2**63)),
    *("1", "-1", "1.0", "1e3", " 41", "41 ", "\u0664\u0661", "+7", "Y", "N", "y", "true", "null", "[]", "{}"),
    *(
        "2026-08-05T09:11:02+03:00",
        "2026-08-05T09:11:02",
        "2026-08-05",
        "2026-13-45",
        "0000-00-00",
        "-0001-11-30",
    ),
    *("1600-01-01T00:00:00+03:00", "\x00", "a\u202eb", "\ufeff", "я" * 70_000, "Infinity", "NaN"),
    *([None], [[]], [{}], [0], [41, 41], ["x"], {"0": None}, {"0": 41}, {"x": 1}, {"ID": "1"}, {"id": 1}),
)
"""What a long run tries besides."""


@dataclass(frozen=True)
class Spoiling:
    """What becomes of one place in the answer to one command; a swap puts another one's result there."""

    command: str
    place: Path
    kind: str
    value: Any = None

    @property
    def method(self) -> str:
        return self.command.partition("?")[0]

    @property
    def key(self) -> str:
        """The nearest name that the portal gives to the place."""
        return next((str(step) for step in reversed(self.place) if not str(step).isdigit()), "")

    def spoilt(self, envelope: Envelope) -> Envelope:
        changed = deepcopy(envelope)
        *way, last = self.place
        parent: Any = changed
        for step in way:
            parent = parent[step]
        if self.kind == "drop":
            del parent[last]
        elif self.kind == "double":
            parent.insert(last, deepcopy(parent[last]))
        else:
            parent[last] = self.value
        return changed

    def __str__(self) -> str:
        return f"{self.command} {'.'.join(map(str, self.place))} {self.kind} {self.value!r:.60}"


def told() -> frozenset[str]:
    """Every name that a description of an answer reads."""
    modules = [import_module(f"{wire.__name__}.{each.name}") for each in pkgutil.iter_modules(wire.__path__)]
    shapes = {value for module in modules for value in vars(module).values() if is_dataclass(value)}
    read = [field.metadata.get("told") for shape in shapes for field in fields(shape)]
    return frozenset({*CONTAINERS, *CODES, *(each.name for each in read if isinstance(each, Told))})


def every_spoiling(answers: Mapping[str, Envelope], junk: Sequence[Any] = JUNK) -> Iterator[Spoiling]:
    """Every mutant of every place in the record that stands under a name the gate reads."""
    names = told() | PARTS.keys()
    for command, envelope in sorted(answers.items()):
        if "error" in envelope:
            continue
        for place in _places(envelope, ()):
            if Spoiling(command, place, "drop").key in names:
                yield from _mutants(command, place, _at(envelope, place), junk)
        yield from _swaps(command, answers)


def _swaps(command: str, answers: Mapping[str, Envelope]) -> Iterator[Spoiling]:
    method, envelope = command.partition("?")[0], answers[command]
    for name, answer in sorted(answers.items()):
        if name.startswith(f"{method}?") and "result" in answer and answer["result"] != envelope["result"]:
            yield Spoiling(command, ("result",), "swap", answer["result"])


def _mutants(command: str, place: Path, value: Any, junk: Sequence[Any]) -> Iterator[Spoiling]:
    yield Spoiling(command, place, "drop")
    if isinstance(place[-1], int):
        yield Spoiling(command, place, "double")
    for kind, other in _others(value, junk):
        if type(other) is not type(value) or other != value:
            yield Spoiling(command, place, kind, other)


def _others(value: Any, junk: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    yield "null", None
    for each in junk:
        yield "retype", each
    yield "nest", [value]
    yield "nest", {"value": value}
    yield "nest", {"result": {}}
    if type(value) is int:
        yield "retype", float(value)
        yield "retype", str(value)
    if isinstance(value, str) and value.isdigit():
        yield "retype", int(value)
    if isinstance(value, list) and value:
        yield "retype", {str(place * 2): each for place, each in enumerate(value)}
        yield "contradict", value[:-1]
    if isinstance(value, int) and not isinstance(value, bool):
        yield "contradict", value + 1


def _places(value: Any, way: Path) -> Iterator[Path]:
    if way:
        yield way
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*way, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _places(inner, (*way, place))


def _at(value: Any, place: Path) -> Any:
    for step in place:
        value = value[step]
    return value


def sample(spoilings: list[Spoiling], count: int, seed: int) -> list[Spoiling]:
    """So many of them, each method and name as often as any other, so that no long list drowns the rest."""
    chance = Random(seed)
    by_name: dict[tuple[str, str], list[Spoiling]] = {}
    for spoiling in spoilings:
        by_name.setdefault((spoiling.method, spoiling.key), []).append(spoiling)
    for group in by_name.values():
        chance.shuffle(group)
    groups = list(by_name.values())
    chance.shuffle(groups)
    found: list[Spoiling] = []
    while groups and len(found) < count:
        found += [group.pop() for group in groups][: count - len(found)]
        groups = [group for group in groups if group]
    return found
