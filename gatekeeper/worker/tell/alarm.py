"""Tells quality control, once, what the gate cannot see; and asks the portal whether it may see it again.

A scope that is missing is asked for only by the cards that need it, which may be days apart; so while one is
missing the portal is asked now and then what the webhook may do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection

from gatekeeper.model.errors import PortalError
from gatekeeper.model.pace import Pace
from gatekeeper.model.quiet_hours import QuietHours
from gatekeeper.model.refs import Priority
from gatekeeper.model.trouble import Trouble, TroubleKind
from gatekeeper.portal.transport.answers import parsed
from gatekeeper.portal.transport.client import PortalClient
from gatekeeper.portal.wire import system
from gatekeeper.store.outbox import TROUBLE, want
from gatekeeper.store.troubles import Troubles

LOOK_EVERY = timedelta(seconds=2)
ASK_EVERY = timedelta(minutes=5)


@dataclass
class Alarm:
    """`step` is to be called often: it looks every two seconds.

    `now` is the machine's, as the times of troubles are: a silent portal tells no time. The outbox keeps the
    portal's.
    """

    troubles: Troubles
    client: PortalClient
    quality_control: tuple[int, ...]
    quiet: QuietHours
    now: Callable[[], datetime]
    portal_now: Callable[[], datetime]
    _looks: Pace = field(default_factory=lambda: Pace(LOOK_EVERY), init=False)
    _asks: Pace = field(default_factory=lambda: Pace(ASK_EVERY), init=False)

    def step(self) -> bool:
        """Wish that the news be told; True where there were any."""
        now = self.now()
        if not self._looks.take_turn(now):
            return False
        if self._asks.take_turn(now):
            self._ask_for_scopes()
        return self.troubles.take_news(self._wish) > 0

    def _ask_for_scopes(self) -> None:
        if not any(trouble.kind is TroubleKind.SCOPE for trouble in self.troubles.current()):
            return
        try:
            answer = self.client.call(system.scopes_command(), priority=Priority.SWEEP)
        except PortalError:
            return  # heard of by all whom it concerns
        scopes = parsed(answer, system.parse_scopes)
        if not isinstance(scopes, PortalError):
            self.troubles.granted(scopes | ({"user"} if scopes & system.USER_SCOPES else set()))

    def _wish(self, conn: Connection, trouble: Trouble) -> None:
        facts = {"kind": trouble.kind.value, "subject": trouble.subject, "since": self._local(trouble.since)}
        if trouble.ended_at is not None:
            facts["until"] = self._local(trouble.ended_at)
        now = self.portal_now()
        tag = f"trouble.{trouble.kind}.{trouble.subject}"[:64]
        want(conn, tag, self.quality_control, TROUBLE, facts, now, not_before=now)

    def _local(self, moment: datetime) -> str:
        return self.quiet.local(moment).isoformat(timespec="seconds")
