"""Faults on demand: what a portal, its network or its administrator may do to a client."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event

from gatekeeper.sandbox.options import SCOPES, WEBHOOK_CODE, WEBHOOK_USER
from gatekeeper.sandbox.schema import Kind


@dataclass(frozen=True, slots=True)
class Webhook:
    """The incoming webhook, as its administrator left it."""

    user_id: int = WEBHOOK_USER
    code: str = WEBHOOK_CODE
    scopes: tuple[str, ...] = SCOPES
    revoked: bool = False


@dataclass(slots=True)
class Faults:
    """Nothing is wrong until a fault is put."""

    webhook: Webhook = field(default_factory=Webhook)
    hidden: frozenset[tuple[Kind, int]] = frozenset()
    stopping: Event = field(default_factory=Event)

    def sleep(self, seconds: float) -> None:
        self.stopping.wait(max(0.0, seconds))
