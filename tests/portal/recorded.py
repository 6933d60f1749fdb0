"""A portal that answers from a record of a real one, and can spoil some of its answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import requests

from tests.portal.php import read_command
from tests.portal.scripted_portal import Asked, Reply
from tests.portal.spoilings import PARTS, Envelope, Spoiling

WRITES = (".add", ".update", ".delete", ".set", ".pin", ".unpin")


@dataclass
class RecordedPortal:
    """The script of a portal: `url` is the sandbox's webhook, asked for whatever the record lacks.

    `unlisted`: no list shows the cards, so that each is asked for alone. `seldom` are answers that are asked
    for only because another was spoilt.
    """

    url: str
    http: requests.Session
    answers: dict[str, Envelope] = field(default_factory=dict)
    spoilings: Mapping[str, Spoiling] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    seldom: dict[str, Envelope] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    recording: bool = True
    unlisted: bool = False

    def spoil(self, spoilings: Iterable[Spoiling]) -> None:
        """Spoil these and nothing else from now on, one place an answer; and forget what was written."""
        self.spoilings = {each.command: each for each in spoilings}
        self.asked.clear()
        self.writes.clear()

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
        self.asked.add(command)
        method = command.partition("?")[0]
        if method.endswith(WRITES) and not self.recording:
            self.writes.append(command)
            return {"error": "ACCESS_DENIED"}
        alone = self.unlisted or any(each.method == "crm.item.get" for each in self.spoilings.values())
        if alone and method == "crm.item.list" and '"@id"' in command:
            return {"error": "ACCESS_DENIED"}
        answer = self.answers.get(command) or self.seldom.get(command) or self._ask(command)
        spoiling = self.spoilings.get(command)
        return spoiling.spoilt(answer) if spoiling else answer

    def _ask(self, command: str) -> Envelope:
        """Ask the sandbox, once; what is asked only because an answer was spoilt is no part of the record."""
        method, _, params = command.partition("?")
        told = self.http.post(self.url + method, json=json.loads(params), timeout=10).json()
        answer = {part: told[part] for part in PARTS if part in told}
        if not method.endswith(WRITES):
            (self.answers if self.recording else self.seldom)[command] = answer
        return answer


def _time() -> Envelope:
    """When the answer was made: of now, as every portal tells it."""
    return {"time": {"date_finish": datetime.now(UTC).isoformat(timespec="seconds")}}


def _name(method: str, params: object) -> str:
    return f"{method}?{json.dumps(params, sort_keys=True, ensure_ascii=False)}"
