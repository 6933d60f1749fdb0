"""What the web process is made of, beside the parts that both processes share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, partial
from importlib.metadata import version
from zoneinfo import ZoneInfo

from flask import Flask

from gatekeeper.app.parts import Parts, utc_now
from gatekeeper.config.urls import portal_origin
from gatekeeper.metrics.exposition import Exposition
from gatekeeper.metrics.readings import (
    read_breaker,
    read_inbox,
    read_index,
    read_limiter,
    read_sweep,
    read_troubles,
    read_workers,
)
from gatekeeper.store.sweep_state import SWEEP
from gatekeeper.store.tally import Tally
from gatekeeper.web import create_app
from gatekeeper.web.health import Check, Health
from gatekeeper.web.overview import Onlooker
from gatekeeper.web.readiness import Readiness
from gatekeeper.web.status import Frame, status_blueprint

NO_WARNINGS: Mapping[str, Check] = {}


def _nothing() -> None:
    """No config was refused, in a process that watches none."""


class WebParts(Parts):
    """Of one process; nothing here calls the portal."""

    def web_app(self, warnings: Mapping[str, Check] = NO_WARNINGS) -> Flask:
        return create_app(
            tokens=tuple(each.reveal() for each in self.config.portal.application_tokens),
            mark_dirty=self.inbox.mark_dirty,
            health=Health(
                checks=self.readiness.checks,
                warnings={**self.readiness.warnings, **warnings},
                figures={"dead_letters": lambda: self.inbox.depth().dead},
            ),
            web=self.config.web,
            meter=self.meter,
            render_metrics=self._metrics,
            status=partial(
                status_blueprint, self.onlooker.look, warnings.get("config", _nothing), self._frame()
            ),
        )

    @cached_property
    def exposition(self) -> Exposition:
        readings = (
            partial(read_inbox, self.inbox),
            partial(read_index, self.index),
            partial(read_workers, self.heartbeat),
            partial(read_limiter, self.limiter.level, self.config.portal.burst),
            partial(read_breaker, self.breaker, utc_now),
            partial(read_troubles, self.troubles),
            partial(read_sweep, lambda: self.jobs.status(SWEEP).age, self.readiness.unheard),
        )
        info = {"version": version("gatekeeper"), "policy": self.config.policy.revision}
        return Exposition(Tally(self.engine), readings, info)

    def _metrics(self) -> bytes:
        self.meter.flush()
        return self.exposition.render()

    @property
    def readiness(self) -> Readiness:
        return Readiness(
            journal=self.journal,
            heartbeat=self.heartbeat,
            index=self.index,
            jobs=self.jobs,
            breaker=self.breaker,
            troubles=self.troubles,
            sweep_every=self.config.sweep.every.as_timedelta,
            now=utc_now,
        )

    @property
    def onlooker(self) -> Onlooker:
        return Onlooker(
            engine=self.engine,
            inbox=self.inbox,
            heartbeat=self.heartbeat,
            sweep=lambda: self.jobs.status(SWEEP),
            hearing=self.readiness.hearing,
            index=self.index,
            breaker=self.breaker,
            troubles=self.troubles,
            level=self.limiter.level,
            capacity=self.config.portal.burst,
            now=utc_now,
        )

    def _frame(self) -> Frame:
        config = self.config
        return Frame(
            language=config.messages.language,
            zone=ZoneInfo(config.notifications.time_zone),
            portal=portal_origin(config.portal.url.reveal()),
            version=version("gatekeeper"),
            revision=config.policy.revision,
            dry_run=config.enforcement.dry_run,
            every=config.sweep.every.as_timedelta,
            title_of=self.messages.title,
        )
