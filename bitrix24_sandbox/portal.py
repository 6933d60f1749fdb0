"""The portal as a whole, and an Act: somebody doing something in it at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timezone

from bitrix24_sandbox.events import Announcement, Dispatcher
from bitrix24_sandbox.options import SandboxOptions
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Store
from bitrix24_sandbox.times import zone

MAX_ROBOTS = 7


@dataclass(slots=True)
class Act:
    """What one user does. `hidden` are the cards that he may not see; events wait until the act is over.

    Robots that chase each other stop when none are left.
    """

    store: Store
    user_id: int
    now: int
    offset: timezone
    options: SandboxOptions
    hidden: frozenset[tuple[Kind, int]] = frozenset()
    announcements: list[Announcement] = field(default_factory=list)
    robots_left: int = MAX_ROBOTS

    def announce(self, event: str, entity_id: int) -> None:
        self.announcements.append(Announcement(event, entity_id))


@dataclass(frozen=True, slots=True)
class Portal:
    """Store, outgoing events and options; the pages and the control API act through `act`."""

    options: SandboxOptions
    store: Store
    dispatcher: Dispatcher

    @property
    def offset(self) -> timezone:
        return zone(self.options.offset_minutes)

    def new_act(self, user_id: int) -> Act:
        return Act(self.store, user_id, int(self.options.clock()), self.offset, self.options)

    @contextmanager
    def act(self, user_id: int) -> Iterator[Act]:
        """All or nothing; the events go out once it is stored."""
        act = self.new_act(user_id)
        with self.store.changes():
            yield act
        self.dispatcher.publish(act.announcements)
