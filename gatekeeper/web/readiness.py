"""Whether the whole gate works, asked of the database that all its processes share.

Each check answers None when all is well, else the reason in a few words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from gatekeeper.model.errors import DatabaseLost
from gatekeeper.model.trouble import TroubleKind
from gatekeeper.store.breaker import Breaker
from gatekeeper.store.contacts import ContactIndex
from gatekeeper.store.heartbeat import SILENCE, Heartbeat
from gatekeeper.store.jobs import Jobs
from gatekeeper.store.ledger import Hearing
from gatekeeper.store.sweep_state import SWEEP, SweepState
from gatekeeper.store.troubles import Troubles

WHAT = {
    TroubleKind.WEBHOOK: "turned away by the portal ({0.detail})",
    TroubleKind.HOST: "the portal points to {0.subject}, which is not shown the webhook,",
    TroubleKind.RENAMED: "the portal is at {0.subject} now, the config names its old address,",
    TroubleKind.SCOPE: "the webhook lacks the scope {0.subject}",
    TroubleKind.CLOCK: "the clock of {0.subject} is {0.detail} s ahead of the portal's, set it:",
}

Check = Callable[[], str | None]


@dataclass(frozen=True, slots=True)
class Readiness:
    prove_kept: Callable[[], None]
    check_file: Callable[[], None]
    heartbeat: Heartbeat
    index: ContactIndex
    jobs: Jobs
    breaker: Breaker
    troubles: Troubles
    sweep_every: timedelta
    now: Callable[[], datetime]

    @property
    def checks(self) -> Mapping[str, Check]:
        """What must be well, or events are not to be sent here."""
        return {
            "database": self._why_not_writable,
            "worker": self._why_silent,
            "contacts": self._why_not_indexed,
        }

    @property
    def warnings(self) -> Mapping[str, Check]:
        """What somebody should look at, while the gate works on."""
        return {
            "events": self._why_deaf,
            "sweep": self._why_not_swept,
            "breaker": self._why_not_reverting,
            **{kind.value: partial(self._why_troubled, kind) for kind in TroubleKind},
        }

    def hearing(self) -> Hearing | None:
        """When an event was last known to have come; None before the first sweep."""
        return SweepState.parse(self.jobs.status(SWEEP).state).hearing

    def unheard(self) -> int:
        """How many changes no event told of since the last event came."""
        hearing = self.hearing()
        return hearing.missed if hearing else 0

    def _why_not_writable(self) -> str | None:
        try:
            self.check_file()
            self.prove_kept()
        except DatabaseLost as lost:
            return str(lost)
        except SQLAlchemyError as error:
            return type(error).__name__
        return None

    def _why_silent(self) -> str | None:
        silence = self.heartbeat.silence()
        if silence is None:
            return "no worker has started yet"
        return f"no worker for {silence.total_seconds():.0f} s" if silence > SILENCE else None

    def _why_not_indexed(self) -> str | None:
        state = self.index.fill_state()
        return None if state.complete else f"contact index filled up to id {state.cursor}"

    def _why_deaf(self) -> str | None:
        hearing = self.hearing()
        if hearing is None or not hearing.is_deaf(self.now()):
            return None
        return f"{hearing.missed} changes since {hearing.heard_at:%Y-%m-%d %H:%M} UTC, and no event of any"

    def _why_not_swept(self) -> str | None:
        sweep = self.jobs.status(SWEEP)
        if sweep.age is None or not sweep.is_late(self.sweep_every):
            return None
        return f"no sweep has ended for {sweep.age.total_seconds():.0f} s"

    def _why_troubled(self, kind: TroubleKind) -> str | None:
        found = [trouble for trouble in self.troubles.current() if trouble.kind is kind]
        told = (f"{WHAT[kind].format(each)} since {each.since:%Y-%m-%d %H:%M} UTC" for each in found)
        return "; ".join(told) or None

    def _why_not_reverting(self) -> str | None:
        tripped_at = self.breaker.state(self.now()).tripped_at
        return None if tripped_at is None else f"no deal is moved back since {tripped_at:%Y-%m-%d %H:%M} UTC"
