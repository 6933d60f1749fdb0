"""What tests of Bitrix24 clients use: a portal in this process, and a listener for what it posts.

The pytest fixtures `bitrix24_portal` and `bitrix24_events` give the same objects, one pair a test.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bitrix24_sandbox import control, php
from bitrix24_sandbox.control_input import ControlError
from bitrix24_sandbox.errors import RestError
from bitrix24_sandbox.events import Sent
from bitrix24_sandbox.listener import Bitrix24Events, ReceivedEvent, running_listener
from bitrix24_sandbox.log import Command, LoggedHit
from bitrix24_sandbox.options import WEBHOOK_USER, Delivery, OptionError, make_options
from bitrix24_sandbox.server import Sandbox, running_sandbox

__all__ = [
    "Bitrix24Events",
    "Bitrix24Portal",
    "Command",
    "ControlError",
    "Delivery",
    "LoggedHit",
    "OptionError",
    "ReceivedEvent",
    "RestError",
    "Sent",
    "running_listener",
    "running_portal",
]


@dataclass(frozen=True, slots=True, repr=False)
class Bitrix24Portal:
    """A running portal, as its administrator, its users and its telephony may change and see it.

    Refs are "deal:41", "contact:84", "lead:17"; times are ISO 8601, in the portal's offset where none is
    given. A mistake in an argument raises ControlError, a ValueError that names it. Nothing here counts
    against the limit, meets a fault or appears in `hits()`. `sandbox` is the server inside, whose parts may
    change between releases.
    """

    sandbox: Sandbox

    def __repr__(self) -> str:
        return f"<Bitrix24Portal {self.base_url}>"

    @property
    def url(self) -> str:
        """The incoming webhook with a slash at the end: "http://127.0.0.1:PORT/rest/1/sandbox/"."""
        return self.sandbox.webhook_url

    @property
    def base_url(self) -> str:
        """The portal without a slash at the end; its pages are below it."""
        return self.sandbox.url

    @property
    def application_token(self) -> str:
        """What every event carries as `auth[application_token]`."""
        return self.sandbox.portal.dispatcher.token

    @property
    def tls_ca(self) -> Path | None:
        """The PEM file that clients of a portal with `tls` must trust, as in `verify=str(portal.tls_ca)`."""
        return self.sandbox.portal.options.tls_ca

    def call(self, method: str, /, *, user: int = WEBHOOK_USER, **params: Any) -> Any:
        """Call a REST method as that user and return its `result`: of a list, one page of 50.

        Raises RestError with the portal's `code`, `description` and `status`. There is no batch.
        """
        return json.loads(php.to_json(self.sandbox.rest.perform(method, params, user)))

    def add_user(self, **fields: Any) -> int:
        """Hire an employee and return the id.

        Fields: `name`, `last_name`, `second_name`, `email`, `personal_mailbox`, `personal_mobile`,
        `work_phone`, `active`, `admin`.
        """
        return _id(control.user(self.sandbox.rest, dict(fields)))

    def change_user(self, user_id: int, **fields: Any) -> None:
        """Change an employee's fields: `active=False` dismisses them."""
        control.user(self.sandbox.rest, {"id": user_id, **fields})

    def add_comment(
        self, owner: str, text: str, *, author_id: int = WEBHOOK_USER, at: str | None = None
    ) -> int:
        """Write a comment in a person's name, at a past time if one is given, and return its id."""
        body = {"owner": owner, "text": text, "author_id": author_id, "at": at}
        return _id(control.comment(self.sandbox.rest, body))

    def add_activity(self, owner: str, kind: str, *, at: str | None = None, **details: Any) -> int:
        """Add an exchange with the client and return the activity's id.

        Kinds: call_out, call_in, mail_out, mail_in, sms_out, chat. Details: `answered`, `seconds` and
        `failed_code` of a call, `text`, `messages` ({"from": "client" or "manager", "text"}),
        `responsible_id`.
        """
        body = {"owner": owner, "kind": kind, "at": at, **details}
        return _id(control.activity(self.sandbox.rest, body))

    def put(self, ref: str, fields: Mapping[str, Any], *, event: bool = True) -> None:
        """Write fields past all checks of REST, read-only ones too; `event` False raises no event."""
        control.put(self.sandbox.rest, {"ref": ref, "fields": fields, "event": event})

    def backdate(
        self, ref: str, *, created_at: str | None = None, moved_at: str | None = None, event: bool = True
    ) -> None:
        """Move a card's times and its stage history into the past; a time left out stays."""
        body = {"ref": ref, "created_at": created_at, "moved_at": moved_at, "event": event}
        control.backdate(self.sandbox.rest, body)

    def now(self) -> str:
        """Return what time it is on the portal, in its offset."""
        return str(control.clock(self.sandbox.rest, {})["now"])

    def move_clock(self, seconds: float) -> None:
        """Set the portal's clock forward by so many seconds, or back where negative.

        Whatever the portal stamps from then on follows: `time` of its answers, creation and change of cards,
        `ts` of events, the limit and the operating time. What is stored stays.
        """
        control.clock(self.sandbox.rest, {"by_s": seconds})

    def put_fault(self, kind: str, **fault: Any) -> int:
        """Make calls fail, and return the fault's id.

        `put_fault("503", count=1)` refuses the next hit. `method` limits it to a method, `count` to so many
        hits (None: until cleared), `probability` is 0..1. Kinds and their details: docs/sandbox.md.
        """
        return _id(control.put_fault(self.sandbox.rest, {"kind": kind, **fault}))

    def clear_faults(self, fault_id: int | None = None) -> None:
        """Clear one fault, or all."""
        control.clear_faults(self.sandbox.rest, {} if fault_id is None else {"id": fault_id})

    def faults(self) -> list[dict[str, Any]]:
        """Return the faults that were put, each with its `id` and how often it was `met`."""
        faults: list[dict[str, Any]] = control.list_faults(self.sandbox.rest, {})["faults"]
        return faults

    def send_events_to(self, url: str | None, **delivery: Any) -> None:
        """Post events to that URL from now on, None for nowhere.

        `delivery` holds fields of Delivery, such as `delay_s=0.0, loss=0.1`, and `token`.
        """
        control.events(self.sandbox.rest, {"url": url, **delivery})

    def wait_for_events(self, timeout_s: float = 5.0) -> None:
        """Block until every event raised so far was posted and answered, or lost. Raises TimeoutError."""
        dispatcher = self.sandbox.portal.dispatcher
        if not dispatcher.wait_until_sent(timeout_s):
            raise TimeoutError(f"after {timeout_s:g} s {dispatcher.pending} events still wait to be sent")

    def sent(self) -> list[Sent]:
        """Return what became of each event, in order: "delivered", "refused", "failed" or "lost"."""
        return list(self.sandbox.portal.dispatcher.history)

    def hits(self) -> list[LoggedHit]:
        """Return the HTTP requests that clients made, in order; a batch is one hit with several commands."""
        return self.sandbox.rest.log.since(0)[1]

    def notifications(self, user: int | None = None) -> list[dict[str, Any]]:
        """Return what people, or one user, were notified of: `id`, `user_id`, `message`, `tag`."""
        query = {} if user is None else {"user": user}
        found: list[dict[str, Any]] = control.notifications(self.sandbox.rest, query)["notifications"]
        return found

    def reset(self) -> None:
        """Delete all cards and empty the bucket; users, pipelines, fields, faults and id counters stay."""
        control.reset(self.sandbox.rest, {})


def _id(answer: Mapping[str, Any]) -> int:
    return int(answer["id"])


@contextmanager
def running_portal(*, faults: Iterable[Mapping[str, Any]] = (), **options: Any) -> Iterator[Bitrix24Portal]:
    """Run a portal in this process, on a free port of 127.0.0.1, in memory; stop it and leave nothing.

    It limits nothing and posts no events unless the options say so. Options are the fields of
    `SandboxOptions` and `Delivery` in `bitrix24_sandbox.options`; each fault is a dict as `put_fault` takes
    it. Raises OptionError or ControlError, both ValueErrors, for an option or a fault that does not exist.
    """
    chosen: dict[str, Any] = {"port": 0, "limit": "off", "events_url": None} | options
    with ExitStack() as stack:
        if chosen.get("tls") and not chosen.get("tls_ca"):
            chosen["tls_ca"] = Path(stack.enter_context(TemporaryDirectory())) / "authority.pem"
        portal = Bitrix24Portal(stack.enter_context(running_sandbox(make_options(**chosen))))
        for fault in faults:
            control.put_fault(portal.sandbox.rest, dict(fault))
        yield portal
