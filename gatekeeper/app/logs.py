"""What is logged, how it is written, and that no secret is in it.

A line is an event's constant name and its facts, `log.warning("ref.retried ref=%s why=%s", ref, why)`: people
read it as it is, and as JSON each fact is a key. What is logged holds no secret by construction
(config.Secret, errors.PortalError); the mask here is for what was overlooked, and for what libraries write.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Any

from sqlalchemy import make_url

from gatekeeper.config import Config, LogConfig, Secret
from gatekeeper.messages.invisible import escape_invisible

EVENTS: Mapping[str, str] = {
    "breaker.tripped": "too many deals moved back in a short time; none more until an admin resets it",
    "clock.set": "the portal's answers agree on another time than was known; it is followed",
    "config.accepted": "a config that was refused is whole again and in force",
    "config.needs_restart": "an edited config changes what a running process cannot; none of it is in force",
    "config.refused": "an edited config is broken; the last good one stays",
    "config.reloaded": "an edited config is in force",
    "config.watch_failed": "the config could not be looked at; it is tried again",
    "event.failed": "an event could not be kept and was answered 503: the database is busy, full or gone",
    "index.set_aside": "contacts that the walk could not read; each is marked and looked at by itself",
    "index.paused": "the walk over the contacts met a refusal and goes on later",
    "metrics.kept": "counts could not be added to the database and wait in memory",
    "notice.refused": "the portal would not take one notice; it is not sent again",
    "notices.off": "the webhook may not notify anybody: the scope im is missing",
    "part.died": "`gatekeeper up` restarts it",
    "part.killed": "it did not end in time when told to",
    "part.silent": "it gave no sign of life for ten minutes, so it hangs; `gatekeeper up` replaces it",
    "policy.unknown_department": "the config names a department that the portal does not have",
    "policy.unknown_pipeline": "the config names a pipeline that the portal does not have",
    "policy.rejudged": "after a change of policy all cards were looked through",
    "portal.moved": "the portal was renamed and is followed; put the new address into the config",
    "portal.silent": "changes are found, and no event of any was heard",
    "portal.unavailable": "nothing of a wave could be read; `why` names the method and the portal's code",
    "ref.given_up": "a dead letter",
    "ref.held": "a write may still be under way; nobody looks for a while",
    "ref.retried": "one card failed and comes back by itself",
    "step.failed": "a step of the worker failed and rests for a while; `step=database`: none can work",
    "sweep.paused": "the portal did not answer; the round goes on later where it was",
    "sweep.refused": "one list may not be read; the others are",
    "trouble.began": "the gate does not see the portal, or not all of it, until an admin mends what is named",
    "trouble.ended": "it does again",
    "worker.started": "`info` only",
    "worker.stopped": "`info` only",
    "write.left_out": "somebody keeps undoing a write into this card; it is left out until tomorrow",
}
"""Every event that the product logs, and what it means to an admin (docs/operations.md repeats it)."""

SHORTEST_SECRET = 6
"""Anything shorter would be found in words that are none."""

_EVENT = re.compile(r"(?P<name>[a-z_]+\.[a-z_]+)(?P<facts>(?: [a-z_]+=%s)*)")
_SLASH, _COLON, _AT = (rf"(?:{sign}|%(?:25)*{ord(sign):x})" for sign in "/:@")
_WEBHOOK = re.compile(rf"(?i)({_SLASH}rest{_SLASH}\d+{_SLASH})(?:(?!{_SLASH})[^\s\"'?])+")
_USERINFO = re.compile(
    rf"(?i)({_COLON}{_SLASH}{_SLASH}(?:(?!{_COLON}|{_SLASH}|{_AT})\S)+{_COLON})(?:(?!{_SLASH}|{_AT})\S)+(?={_AT})"
)


def secrets_of(config: Config) -> tuple[str, ...]:
    """Every text of the config that opens something."""
    url = config.portal.url.reveal()
    database = make_url(config.database.url.reveal())
    passwords = (str(database.password or ""), str(database.query.get("password", "")))
    tokens = map(Secret.reveal, config.portal.application_tokens)
    note_key = config.portal.note_key
    own = (note_key.reveal(),) if note_key else ()
    return (url, url.rstrip("/").rpartition("/")[2], *tokens, *passwords, *own)


class Mask:
    """Replaces secrets and whatever looks like a webhook's code.

    It knows a secret in letters of either case, and where any of it is percent-encoded, even several times.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        long = {secret for secret in secrets if len(secret) >= SHORTEST_SECRET}
        forms = [_however_written(secret) for secret in sorted(long, key=len, reverse=True)]
        self._secrets = re.compile("|".join(forms), re.IGNORECASE) if forms else None

    def __call__(self, text: str) -> str:
        known = self._secrets.sub("***", text) if self._secrets else text
        return _USERINFO.sub(r"\1***", _WEBHOOK.sub(r"\1***", known))


def _however_written(secret: str) -> str:
    return "".join(f"(?:{re.escape(each)}|{_encoded(each)})" for each in secret)


def _encoded(character: str) -> str:
    """A pattern of its percent-encoded form; a space may be a plus."""
    octets = character.encode("utf-8", "surrogatepass")
    form = "".join(f"%(?:25)*{octet:02x}" for octet in octets)
    return rf"{form}|\+" if character == " " else form


class TextFormatter(logging.Formatter):
    """One line an event, then a traceback where there is one."""

    def __init__(self, mask: Mask) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self._mask = mask

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Keep a line one line, so that nobody whose words are quoted can write another."""
        record.message = escape_invisible(record.message, keep="\t")
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        return self._mask(escape_invisible(super().format(record), keep="\t\n"))


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at, level, logger, event and its facts; of what is no event, a message."""

    def __init__(self, mask: Mask) -> None:
        super().__init__()
        self._mask = mask

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            **self._facts(record),
        }
        if record.exc_info:
            line["exception"] = self._plain(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)

    def _facts(self, record: logging.LogRecord) -> dict[str, Any]:
        found = _EVENT.fullmatch(record.msg) if isinstance(record.msg, str) else None
        values = record.args if isinstance(record.args, tuple) else ()
        keys = re.findall(r"([a-z_]+)=%s", found["facts"]) if found else []
        if found is None or len(keys) != len(values):
            return {"event": "log", "message": self._plain(record.getMessage())}
        facts = {key: self._plain(value) for key, value in zip(keys, values, strict=True)}
        return {"event": found["name"], **facts}

    def _plain(self, value: object) -> object:
        if isinstance(value, bool | int | float):
            return value
        return self._mask(escape_invisible(str(value), keep="\t\n\r"))  # which JSON itself escapes


class StandardError(logging.StreamHandler[Any]):
    """Writes to what is standard error when it writes."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def set_up_logging(log: LogConfig, secrets: Iterable[str] = (), *, verbose: bool = False) -> None:
    """Send everything to standard error in the form wanted; called again, the last call counts.

    Only our own loggers speak below warning: libraries quote at length what they send.
    """
    level = min(logging.INFO, _number(log.level)) if verbose else _number(log.level)
    handler = StandardError()
    handler.name = __name__
    handler.setLevel(level)
    mask = Mask(secrets)
    handler.setFormatter(JsonFormatter(mask) if log.format == "json" else TextFormatter(mask))
    root = logging.getLogger()
    for each in [each for each in root.handlers if each.name == __name__]:
        root.removeHandler(each)
    root.addHandler(handler)
    logging.getLogger("gatekeeper").setLevel(level if level < logging.WARNING else logging.NOTSET)
    sys.excepthook = partial(_tell_the_last_of_it, mask)


def _tell_the_last_of_it(
    mask: Mask, kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """What ends a process goes past every logger."""
    sys.stderr.write(mask("".join(traceback.format_exception(kind, error, trace))))


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]
