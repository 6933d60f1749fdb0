"""The day in figures, once a day to each of its readers.

A digest is recorded as sent before it is sent: a crash between the two loses one digest, and nobody gets two.
The record is removed only where the portal certainly did not take the message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from gatekeeper.messages import Messages
from gatekeeper.messages.digest import render_digest
from gatekeeper.model.cards import Unread
from gatekeeper.model.errors import PortalError
from gatekeeper.model.figures import DayFigures
from gatekeeper.model.pace import Pace
from gatekeeper.model.quiet_hours import QuietHours
from gatekeeper.model.refs import Priority
from gatekeeper.model.staff import Staff
from gatekeeper.portal.staff import StaffKeeper
from gatekeeper.portal.writer import Message, Messenger
from gatekeeper.store.breaker import Breaker
from gatekeeper.store.digests import Digests
from gatekeeper.store.journal.day import DayReader

LOOK_EVERY = timedelta(seconds=30)
AFTER_A_FAULT = timedelta(minutes=5)
LATEST = timedelta(hours=3)
"""A gate that was down at the hour sends it late, yet not in the night."""


@dataclass
class Digest:
    """`readers` get the figures of everybody; with `heads`, each head those of his people."""

    digests: Digests
    day_reader: DayReader
    breaker: Breaker
    messenger: Messenger
    staff: StaffKeeper
    messages: Messages
    quiet: QuietHours
    readers: tuple[int, ...]
    heads: bool
    at: time
    dead_letters: Callable[[], int]
    now: Callable[[], datetime]
    _pace: Pace = field(default_factory=lambda: Pace(LOOK_EVERY), init=False)

    def step(self) -> bool:
        """Send today's to whoever has not got it yet; True where there was anything to send."""
        now = self.now()
        if not (self.readers or self.heads) or not self._pace.take_turn(now):
            return False
        due_at = datetime.combine(self.quiet.local(now).date(), self.at, tzinfo=self.quiet.local(now).tzinfo)
        if not due_at <= now < due_at + LATEST or self.quiet.is_day_off(now):
            return False
        try:
            staff = self.staff.current(Priority.LIVE)
        except PortalError:
            return False
        sent = [self._send(reader, people, staff, now) for reader, people in self._readers(staff)]
        return any(sent)

    def _readers(self, staff: Staff) -> Iterator[tuple[int, frozenset[int] | None]]:
        """Who reads, and whose cards; None for everybody's."""
        yield from ((reader, None) for reader in self.readers)
        if not self.heads or isinstance(staff.employees, Unread):
            return
        people: dict[int, set[int]] = {}
        for number in staff.employees:
            heads = staff.heads_of(number)
            for head in () if isinstance(heads, Unread) else heads:
                people.setdefault(head, set()).add(number)
        for head, own in sorted(people.items()):
            employee = staff.employees.get(head)
            if head not in self.readers and employee is not None and employee.is_active:
                yield head, frozenset(own)

    def _send(self, reader: int, people: frozenset[int] | None, staff: Staff, now: datetime) -> bool:
        today = self.quiet.local(now)
        if not self.digests.take(reader, today.date(), now):
            return False
        figures = self._figures(today, people, staff)
        if figures.is_quiet:
            return False
        text = render_digest(self.messages, figures)
        message = Message(reader, text, f"digest:{figures.day}")
        (result,) = self.messenger.send([message], priority=Priority.LIVE)
        if isinstance(result, PortalError):  # an Unsure is none: it may have been read
            self.digests.give_back(reader, figures.day)
            self._pace.rest_until(now + AFTER_A_FAULT)
        return True

    def _figures(self, now: datetime, people: frozenset[int] | None, staff: Staff) -> DayFigures:
        figures = self.day_reader.read(now, people, _names(staff))
        if people is not None:
            return figures
        since = self.breaker.state(now).tripped_at
        return replace(figures, breaker_since=since, dead_letters=self.dead_letters())


def _names(staff: Staff) -> dict[int, str]:
    if isinstance(staff.employees, Unread):
        return {}
    return {number: employee.name for number, employee in staff.employees.items()}
