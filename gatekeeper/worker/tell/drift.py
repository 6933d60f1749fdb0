"""Tells admins that this machine's clock and the portal's differ. Cards are judged by the portal's."""

from __future__ import annotations

from dataclasses import dataclass

from gatekeeper.portal.clock import MOST_DRIFT, PortalClock
from gatekeeper.store.troubles import Troubles


@dataclass(frozen=True, slots=True)
class DriftWatch:
    clock: PortalClock
    troubles: Troubles
    machine: str

    def step(self) -> None:
        """Begin or end the trouble; nothing while the portal's time is not known."""
        ahead = self.clock.drift()
        if ahead is None:
            return
        if abs(ahead) > MOST_DRIFT:
            self.troubles.drifting(self.machine, ahead)
        else:
            self.troubles.in_step(self.machine)
