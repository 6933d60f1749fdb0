"""Marks that are made, or not, at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from gatekeeper.web.events import Mark


def marking(take: Callable[..., Any]) -> Mark:
    """Mark by calling this with the card and its priority; what it raises is what the database raised."""

    def begin(*mark: Any) -> Future[None]:
        made: Future[None] = Future()
        try:
            take(*mark)
        except Exception as error:  # noqa: BLE001 - any, as from a database
            made.set_exception(error)
        else:
            made.set_result(None)
        return made

    return begin
