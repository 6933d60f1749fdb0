"""The commands of a batch: PHP's parse_url and parse_str, references to earlier results, five PHP maps."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bitrix24_sandbox import php
from bitrix24_sandbox.call import Done
from bitrix24_sandbox.errors import RestError

Execute = Callable[[str, dict[str, Any]], Done]
MAX_COMMANDS = 50
_BANNED = {"batch", "download", "upload"}
_REFERENCE = re.compile(r"\$(result|error|total|next|time)(\[\S*)", re.IGNORECASE)


@dataclass(slots=True)
class Results:
    """The five maps, by command key."""

    result: dict[str, Any] = field(default_factory=dict)
    error: dict[str, Any] = field(default_factory=dict)
    total: dict[str, Any] = field(default_factory=dict)
    next: dict[str, Any] = field(default_factory=dict)
    time: dict[str, Any] = field(default_factory=dict)

    def named(self, name: str) -> dict[str, Any]:
        return {
            "result": self.result,
            "error": self.error,
            "total": self.total,
            "next": self.next,
            "time": self.time,
        }[name.lower()]

    def body(self) -> dict[str, Any]:
        return {
            "result": php.array(self.result),
            "result_error": php.array(self.error),
            "result_total": php.array(self.total),
            "result_next": php.array(self.next),
            "result_time": php.array(self.time),
        }


def run_batch(given: Mapping[str, Any], execute: Execute) -> dict[str, Any]:
    params = {key.lower(): value for key, value in given.items()}
    # A form sends text, and the text "false" is true in PHP.
    halt = not php.is_falsy(params.get("halt"))
    results = Results()
    for place, (key, command) in enumerate(php.pairs_of(params.get("cmd"))):
        if isinstance(command, str):
            try:
                _keep(results, key, _run_command(results, execute, command, place))
            except RestError as refusal:
                results.error[key] = _error(refusal)
        if halt and results.error:
            break
    return results.body()


def methods_of(given: Mapping[str, Any]) -> dict[str, str]:
    """Return the methods that a batch would call, by the names of its commands."""
    commands = next((value for key, value in given.items() if key.lower() == "cmd"), None)
    pairs = php.pairs_of(commands)
    return {key: parse_command(command)[0] for key, command in pairs if isinstance(command, str)}


def _run_command(results: Results, execute: Execute, command: str, place: int) -> Done:
    name, params = parse_command(command)
    if place >= MAX_COMMANDS:
        raise RestError("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")
    if name in _BANNED:
        text = "Method is not allowed for batch usage"
        raise RestError("ERROR_BATCH_METHOD_NOT_ALLOWED", text, status=405)
    return execute(name, resolve(params, results))


def _keep(results: Results, key: str, done: Done) -> None:
    results.result[key] = done.answer.result
    results.time[key] = done.time
    if done.answer.total is not None:
        results.total[key] = done.answer.total
    if done.answer.next is not None:
        results.next[key] = done.answer.next


def _error(refusal: RestError) -> dict[str, Any]:
    silent = {"error_description": ""} if refusal.code == "insufficient_scope" else {}
    return refusal.body() | silent


def parse_command(command: str) -> tuple[str, dict[str, Any]]:
    """Split into method and parameters; `#` cuts, `+` is a space, everything is text.

    >>> parse_command("crm.item.get?entityTypeId=2&id=41#x")
    ('crm.item.get', {'entityTypeId': '2', 'id': '41'})
    """
    path, _, query = command.partition("#")[0].partition("?")
    return path.strip("/ ").lower().removesuffix(".json"), php.parse_query(query)


def resolve(value: Any, results: Results) -> Any:
    """Put earlier results in place of references, in values and in keys."""
    if isinstance(value, Mapping):
        return {str(_resolve_text(str(key), results)): resolve(each, results) for key, each in value.items()}
    if isinstance(value, list):
        return [resolve(each, results) for each in value]
    return _resolve_text(value, results) if isinstance(value, str) else value


def _resolve_text(text: str, results: Results) -> Any:
    """Keep the type where the reference is the whole text; into a longer text put only strings."""
    if "$" not in text:
        return text
    whole = _REFERENCE.fullmatch(text)
    if whole:
        return _walk(results.named(whole[1]), whole[2])

    def put_in(match: re.Match[str]) -> str:
        found = _walk(results.named(match[1]), match[2])
        return found if isinstance(found, str) else match[0]

    return _REFERENCE.sub(put_in, text)


def _walk(found: Any, path: str) -> Any:
    """As far as the path leads: where it breaks, the deepest parent is the answer."""
    for key in path.strip("[]").split("]["):
        if isinstance(found, Mapping) and key in found:
            found = found[key]
        elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            break
    return found
