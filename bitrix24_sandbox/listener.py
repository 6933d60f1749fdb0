"""A webhook handler for tests: it collects what the portal posts and answers 200."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition
from typing import Any
from urllib.parse import parse_qsl

from bitrix24_sandbox.http import serving


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """One outgoing webhook, as it was posted.

    `event` is the name in upper case ("ONCRMDEALADD"); `entity_id` the id of the card, comment or activity,
    None if the portal left it out. `form` maps the flat names to their values, as in
    `form["auth[application_token]"]`; it fits `data=` of requests and of Flask's test client.
    """

    event: str
    entity_id: int | None
    form: Mapping[str, str]


class Bitrix24Events:
    """The events received so far, in order. `url` is where the portal has to post them."""

    def __init__(self) -> None:
        self.url = ""
        self._received: list[ReceivedEvent] = []
        self._arrived = Condition()

    @property
    def received(self) -> list[ReceivedEvent]:
        with self._arrived:
            return list(self._received)

    def wait_for(
        self, event: str | None = None, *, count: int = 1, timeout_s: float = 5.0
    ) -> list[ReceivedEvent]:
        """Return the first `count` events of that name, or of any name, including those already received.

        Raises TimeoutError with the names of what did arrive.
        """
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self._named(event)) >= count, timeout_s):
                arrived = ", ".join(each.event for each in self._received) or "nothing"
                wanted = event or "event"
                raise TimeoutError(f"waited {timeout_s:g} s for {count} × {wanted}, received: {arrived}")
            return self._named(event)[:count]

    def _named(self, event: str | None) -> list[ReceivedEvent]:
        return [each for each in self._received if event in {None, each.event}]

    def receive(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        """Remember one posted event (WSGI)."""
        event = parse_event(environ["wsgi.input"].read().decode())
        with self._arrived:
            self._received.append(event)
            self._arrived.notify_all()
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"ok"]


def parse_event(body: str) -> ReceivedEvent:
    form = dict(parse_qsl(body, keep_blank_values=True))
    number = form.get("data[FIELDS][ID]") or form.get("data[ID]")
    return ReceivedEvent(form.get("event", ""), int(number) if number else None, form)


@contextmanager
def running_listener() -> Iterator[Bitrix24Events]:
    """Listen on a free port of 127.0.0.1."""
    events = Bitrix24Events()
    with serving(events.receive) as server:
        events.url = f"http://127.0.0.1:{server.server_port}/events"
        yield events
