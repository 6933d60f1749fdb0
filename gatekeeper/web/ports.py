"""One process listens at two ports: events come in by one, and an admin asks by the other.

Which of them a request came in by is SERVER_PORT, which the server takes from its own socket: no header and
no proxy says so. A proxy in front of the port for events can therefore show nobody what is for the admin,
whether it names its senders or not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication


@dataclass(frozen=True, slots=True)
class ByPort:
    """A WSGI app that hands each request to the app of its port."""

    events: WSGIApplication
    admin: WSGIApplication
    admin_port: int

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        is_admin = environ["SERVER_PORT"] == str(self.admin_port)
        return (self.admin if is_admin else self.events)(environ, start_response)
