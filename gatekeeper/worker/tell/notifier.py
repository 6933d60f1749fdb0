"""Sends what people are to be told: what is due, as it is true now, and what is true no more is struck.

A notice that may have gone out, or whose sender died, is sent again and takes the place of the first by its
tag; only portals too old for tags would show it twice. Where the portal does not let us send any, nobody's
card suffers: the notices wait, and are true no more when they are looked at next.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never

from gatekeeper.enforcement import Occasion, standing_revert
from gatekeeper.messages import NAMELESS, CardName, Messages
from gatekeeper.model.cards import Unread
from gatekeeper.model.errors import (
    AccessLost,
    Moved,
    NotFound,
    PortalError,
    ScopeMissing,
    Unavailable,
)
from gatekeeper.model.history import History, Left
from gatekeeper.model.pace import Pace
from gatekeeper.model.refs import EntityRef, Priority
from gatekeeper.model.staff import Staff
from gatekeeper.portal.staff import StaffKeeper
from gatekeeper.portal.writer import Applied, Message, Messenger, Overtaken, Result, Unsure
from gatekeeper.store.breaker import Breaker
from gatekeeper.store.journal.record import Journal
from gatekeeper.store.outbox import (
    BREAKER,
    TROUBLE,
    URGENT,
    Notice,
    Outbox,
)
from gatekeeper.store.troubles import Troubles
from gatekeeper.worker.tell.names import CardNames

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(seconds=2)
AFTER_A_FAULT = timedelta(minutes=1)
WITHOUT_THE_RIGHT = timedelta(hours=1)


@dataclass
class Notifier:
    """`step` is to be called often: it looks every two seconds. `heads_wait` leaves heads to their digest."""

    outbox: Outbox
    journal: Journal
    breaker: Breaker
    troubles: Troubles
    messenger: Messenger
    staff: StaffKeeper
    messages: Messages
    names: CardNames
    quality_control: tuple[int, ...]
    now: Callable[[], datetime]
    heads_wait: bool = False
    _pace: Pace = field(default_factory=lambda: Pace(LOOK_EVERY), init=False)

    def step(self) -> bool:
        """Send what is due; True where there was anything."""
        now = self.now()
        if not self._pace.take_turn(now):
            return False
        if self.breaker.take_alarm(now) is not None:
            self.outbox.want_now(BREAKER, self.quality_control, BREAKER, now)
        claimed = self.outbox.claim(now)
        if claimed:
            self._send(claimed, now)
        return bool(claimed)

    def _send(self, claimed: Sequence[Notice], now: datetime) -> None:
        try:
            staff = self.staff.current(Priority.LIVE)
        except PortalError:
            for notice in claimed:
                self.outbox.put_off(notice, now + AFTER_A_FAULT)
            return
        messages: dict[Notice, Message] = {}
        texts = self._texts(claimed, now)
        for notice in claimed:
            text, reader = texts[notice], self._reader(notice.recipient_id, staff)
            if text is None or reader is None:
                self.outbox.strike(notice)
            else:
                messages[notice] = Message(reader, text, notice.tag)
        unique = list(dict.fromkeys(messages.values()))  # a head may stand in for two of his people
        results = dict(zip(unique, self.messenger.send(unique, priority=Priority.LIVE), strict=True))
        refusals = [result for result in results.values() if isinstance(result, ScopeMissing)]
        if refusals:
            self._pace.rest_until(now + WITHOUT_THE_RIGHT)
            log.warning("notices.off why=%s", refusals[0])
        for notice, message in messages.items():
            self._settle(notice, results[message], now)

    def _texts(self, claimed: Sequence[Notice], now: datetime) -> Mapping[Notice, str | None]:
        cards = [notice for notice in claimed if notice.occasion not in URGENT]
        refs = {notice: EntityRef.parse(notice.tag) for notice in cards}
        histories = self.journal.load(set(refs.values()))
        names = self.names.of(set(refs.values()))
        return {
            notice: self._card_text(
                notice, refs[notice], histories[refs[notice]], names.get(refs[notice], NAMELESS)
            )
            if notice in refs
            else self._urgent_text(notice, now)
            for notice in claimed
        }

    def _urgent_text(self, notice: Notice, now: datetime) -> str | None:
        return self._trouble_text(notice) if notice.occasion == TROUBLE else self._breaker_text(now)

    def _trouble_text(self, notice: Notice) -> str | None:
        """What is over stays true; what was told of as standing must stand."""
        facts = dict(notice.facts)
        here = (facts["kind"], facts["subject"])
        standing = {(trouble.kind.value, trouble.subject) for trouble in self.troubles.current()}
        return self.messages.render_trouble(facts) if "until" in facts or here in standing else None

    def _card_text(self, notice: Notice, ref: EntityRef, history: History, name: CardName) -> str | None:
        """None where it is true no more."""
        facts = dict(notice.facts)
        if notice.occasion == Occasion.UNDONE:
            return self.messages.render_undone(ref, facts["before"], name)
        spoken = facts.pop("rules").split()
        shown = tuple(violation for violation in history.open if violation.rule in spoken)
        revert = standing_revert(history, shown)
        if notice.occasion == Occasion.VIOLATION:
            return self.messages.render_notice(ref, shown, None, {}, name) if shown else None
        if revert is None or revert.left is Left.BREAKER:
            return None
        return self.messages.render_notice(ref, shown, revert, facts, name)

    def _breaker_text(self, now: datetime) -> str | None:
        if self.breaker.state(now).tripped_at is None:
            return None
        settings = self.breaker.settings
        return self.messages.render_breaker(settings.reverts, settings.minutes)

    def _reader(self, user_id: int, staff: Staff) -> int | None:
        """Who reads it: the user, or where he works here no more the next of his heads who does."""
        if isinstance(staff.employees, Unread):
            return user_id
        employee = staff.employees.get(user_id)
        if employee is None or employee.is_active:
            return user_id
        heads = staff.heads_of(user_id)
        if isinstance(heads, Unread) or self.heads_wait:
            return None
        working = (head for head in heads if head in staff.employees and staff.employees[head].is_active)
        return next(working, None)

    def _settle(self, notice: Notice, result: Result, now: datetime) -> None:
        match result:
            case Applied():
                self.outbox.sent(notice, now)
            case ScopeMissing():
                self.outbox.put_off(notice, now + WITHOUT_THE_RIGHT)
            case Unsure() | Unavailable() | AccessLost() | Moved():
                self.outbox.put_off(notice, now + AFTER_A_FAULT)
            case NotFound() | PortalError() | Overtaken():
                log.warning("notice.refused tag=%s user=%s why=%s", notice.tag, notice.recipient_id, result)
                self.outbox.strike(notice)
            case _:
                assert_never(result)
