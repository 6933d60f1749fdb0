"""An answer that is known once something else is done, given without a thread that waits for it.

WSGI lets an app say its status as late as with the first part of its body. So a view returns a
`PendingResponse` at once. A server with a thread a request waits where it asks for that part; `web.asgi`
waits for `ready` in its event loop and asks then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

PATIENCE_S = 10.0
"""How long an answer is waited for; nginx waits longer."""

Ready = Future[None]
Answer = Callable[[Ready], Response]
"""Called once, `ready` or not: after `PATIENCE_S` the answer is made of what there is."""


class PendingResponse(Response):
    """`answer` is made when `ready` is done; this response itself is never seen."""

    def __init__(self, ready: Ready, answer: Answer) -> None:
        super().__init__()
        self._ready = ready
        self._answer = answer

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return PendingParts(self._ready, lambda ready: self._answer(ready)(environ, start_response))


@dataclass(frozen=True, slots=True)
class PendingParts:
    """The body of a response that has not begun."""

    ready: Ready
    begin: Callable[[Ready], Iterable[bytes]]

    def __iter__(self) -> Iterator[bytes]:
        wait([self.ready], PATIENCE_S)
        return iter(self.begin(self.ready))
