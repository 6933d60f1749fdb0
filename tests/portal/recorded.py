"""A portal that answers from a record of a real one, and can spoil one of its answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

import requests

from tests.portal.php import read_command
from tests.portal.scripted_portal import Asked, Reply

Envelope = dict[str, Any]
Path = tuple[str | int, ...]
PARTS = {"result": "result", "total": "result_total", "next": "result_next", "error": "result_error"}
WRITES = (".add", ".update", ".delete", ".set", ".pin", ".unpin")
JUNK: tuple[Any, ...] = (
    *(True, False, 0, "0", "", [], {}, 45.5, "x", "\ud800", 2**63, -1, float("inf")),
    "9999-12-31T23:59:59-12:00",
)


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


@dataclass
class RecordedPortal:
    """The script of a portal: `url` is the sandbox's webhook, asked for whatever the record lacks.

    `unlisted`: no list shows the cards, so that each is asked for alone.
    """

    url: str
    http: requests.Session
    answers: dict[str, Envelope] = field(default_factory=dict)
    spoiling: Spoiling | None = None
    writes: list[str] = field(default_factory=list)
    recording: bool = True
    unlisted: bool = False

    def __call__(self, asked: Asked) -> Reply:
        if asked.method != "batch":
            return Reply.json(self._answer(_name(asked.method, asked.body)) | _time(), 200)
        answers = {key: self._answer(_name(*read_command(line))) for key, line in asked.body["cmd"].items()}
        parts = {
            name: {key: answer[part] for key, answer in answers.items() if part in answer}
            for part, name in PARTS.items()
        }
        parts["result_error"] = {key: {"error": code} for key, code in parts["result_error"].items()}
        return Reply.json({"result": parts} | _time())

    def _answer(self, command: str) -> Envelope:
        method, _, params = command.partition("?")
        if method.endswith(WRITES) and not self.recording:
            self.writes.append(command)
            return {"error": "ACCESS_DENIED"}
        alone = self.unlisted or (self.spoiling is not None and self.spoiling.method == "crm.item.get")
        if alone and method == "crm.item.list" and '"@id"' in command:
            return {"error": "ACCESS_DENIED"}
        answer = self.answers.get(command)
        if answer is None:
            told = self.http.post(self.url + method, json=json.loads(params), timeout=10).json()
            answer = {part: told[part] for part in PARTS if part in told}
            if self.recording and not method.endswith(WRITES):
                self.answers[command] = answer
        spoiling = self.spoiling
        return spoiling.spoilt(answer) if spoiling and spoiling.command == command else answer


def _time() -> Envelope:
    """When the answer was made: of now, as every portal tells it."""
    return {"time": {"date_finish": datetime.now(UTC).isoformat(timespec="seconds")}}


def _name(method: str, params: Any) -> str:
    return f"{method}?{json.dumps(params, sort_keys=True, ensure_ascii=False)}"


def every_spoiling(answers: Mapping[str, Envelope], told: frozenset[str]) -> Iterator[Spoiling]:
    """Every mutant of every place in the record that stands under a name the gate reads."""
    for command, envelope in sorted(answers.items()):
        if "error" in envelope:
            continue
        for place in _places(envelope, ()):
            spoiling = Spoiling(command, place, "drop")
            if spoiling.key in told or spoiling.key in PARTS:
                yield from _mutants(command, place, _at(envelope, place), in_list=isinstance(place[-1], int))
        yield from _swaps(command, answers)


def _swaps(command: str, answers: Mapping[str, Envelope]) -> Iterator[Spoiling]:
    method, envelope = command.partition("?")[0], answers[command]
    for name, answer in sorted(answers.items()):
        if name.startswith(f"{method}?") and "result" in answer and answer["result"] != envelope["result"]:
            yield Spoiling(command, ("result",), "swap", answer["result"])


def _mutants(command: str, place: Path, value: Any, *, in_list: bool) -> Iterator[Spoiling]:
    yield Spoiling(command, place, "drop")
    if in_list:
        yield Spoiling(command, place, "double")
    for kind, other in _others(value):
        if type(other) is not type(value) or other != value:
            yield Spoiling(command, place, kind, other)


def _others(value: Any) -> Iterator[tuple[str, Any]]:
    yield "null", None
    for junk in JUNK:
        yield "retype", junk
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
