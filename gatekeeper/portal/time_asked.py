"""Asks what time it is on the portal, where its answers leave that open and nothing else is asked."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field

from gatekeeper.model.errors import PortalError
from gatekeeper.model.refs import Priority
from gatekeeper.portal.transport.client import PortalClient
from gatekeeper.portal.wire import system

PAUSE_S = 1.0
"""A portal may never tell the time."""


@dataclass
class TimeAsked:
    """Without it a quiet worker whose clock is in doubt would wait for an event before it sweeps."""

    client: PortalClient
    _next: float = field(default=0.0, init=False)

    def step(self) -> bool:
        """Ask once; False where the time is known, or was asked for just now."""
        clock = self.client.clock
        if clock.is_sure or clock.monotonic() < self._next:
            return False
        self._next = clock.monotonic() + PAUSE_S
        with suppress(PortalError):
            self.client.call(system.clock_command(), priority=Priority.SWEEP)
        return True
