"""The web process: made of the database alone, it has no line to the portal."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from functools import partial
from importlib.metadata import version
from zoneinfo import ZoneInfo

from flask import Flask

from gatekeeper.app.bootstrap import messages_of
from gatekeeper.app.logs import secrets_of, set_up_logging
from gatekeeper.app.reload import ConfigWatch, LiveApp
from gatekeeper.app.tables import Store, open_store, store_on, utc_now
from gatekeeper.config import Config, load_config
from gatekeeper.config.urls import portal_origin
from gatekeeper.metrics.exposition import Exposition
from gatekeeper.metrics.meter import Meter
from gatekeeper.metrics.readings import (
    read_breaker,
    read_clock,
    read_inbox,
    read_index,
    read_limiter,
    read_sweep,
    read_troubles,
    read_workers,
)
from gatekeeper.model.refs import EntityRef, Priority
from gatekeeper.store.probe import prove_kept
from gatekeeper.store.sweep_state import SWEEP
from gatekeeper.web import PROMPT_PATHS, create_admin_app, create_app
from gatekeeper.web.asgi import Asgi
from gatekeeper.web.health import Check, Health
from gatekeeper.web.marks import GroupedMarks
from gatekeeper.web.overview import Onlooker
from gatekeeper.web.pending import PATIENCE_S
from gatekeeper.web.ports import ByPort
from gatekeeper.web.readiness import Readiness
from gatekeeper.web.status import Frame, status_blueprint

NO_WARNINGS: Mapping[str, Check] = {}


def application() -> Asgi:
    """For gunicorn in the Procfile, which calls this once in each of its workers."""
    config = load_config(None, os.environ)
    set_up_logging(config.log, secrets_of(config))
    return asgi_app(config, ConfigWatch(None, os.environ, config))


def asgi_app(config: Config, watch: ConfigWatch) -> Asgi:
    """What gunicorn serves. Raises DatabaseUnavailable."""
    web = config.web
    return Asgi(live_web_app(config, watch), web.threads, web.max_body_bytes, PROMPT_PATHS)


def live_web_app(config: Config, watch: ConfigWatch) -> LiveApp:
    """The apps of both ports, made again whenever their config changes. Raises DatabaseUnavailable."""
    warnings = {"config": lambda: watch.refused}
    store = open_store(config, busy_timeout_s=PATIENCE_S)
    meter = Meter(store.tally)

    def make(changed: Config) -> ByPort:
        return make_apps(changed, store_on(store.engine, changed, file=store.file), meter, warnings)

    live = LiveApp(watch, make_apps(config, store, meter, warnings), make)
    live.keep_fresh()
    meter.keep_flushing(threading.Event())
    return live


def make_apps(
    config: Config, store: Store, meter: Meter, warnings: Mapping[str, Check] = NO_WARNINGS
) -> ByPort:
    return ByPort(
        events=make_web_app(config, store, meter, warnings),
        admin=make_admin_app(config, store, meter, warnings),
        admin_port=config.web.admin_port,
    )


def make_web_app(
    config: Config, store: Store, meter: Meter, warnings: Mapping[str, Check] = NO_WARNINGS
) -> Flask:
    """`warnings` are told by /readyz beside its own."""
    return create_app(
        tokens=tuple(token.reveal() for token in config.portal.application_tokens),
        mark_dirty=GroupedMarks(partial(_mark, store)).begin,
        health=_health_of(store, make_readiness(config, store), warnings),
        web=config.web,
        meter=meter,
    )


def make_admin_app(
    config: Config, store: Store, meter: Meter, warnings: Mapping[str, Check] = NO_WARNINGS
) -> Flask:
    """`warnings` are told by /readyz beside its own, and `config` by the status page too."""
    readiness = make_readiness(config, store)
    exposition = _make_exposition(config, store, readiness)
    refused = warnings.get("config", lambda: None)

    def render_metrics() -> bytes:
        meter.flush()
        return exposition.render()

    return create_admin_app(
        health=_health_of(store, readiness, warnings),
        metrics_from=config.web.metrics_from,
        render_metrics=render_metrics,
        status=status_blueprint(_make_onlooker(config, store, readiness).look, refused, _frame_of(config)),
    )


def _health_of(store: Store, readiness: Readiness, warnings: Mapping[str, Check]) -> Health:
    return Health(
        checks=readiness.checks,
        warnings={**readiness.warnings, **warnings},
        figures={"dead_letters": lambda: store.inbox.depth().dead},
    )


def _mark(store: Store, marks: Mapping[EntityRef, Priority]) -> None:
    """Mark, and make sure that it went where the database still is. Raises DatabaseLost.

    An event of a card tells of its item alone: of what hangs on it, comments and activities tell themselves.
    """
    store.inbox.mark_each(marks, whole=False)
    store.file.check()


def make_readiness(config: Config, store: Store) -> Readiness:
    return Readiness(
        prove_kept=partial(prove_kept, store.engine),
        check_file=store.file.check,
        heartbeat=store.heartbeat,
        index=store.contacts,
        jobs=store.jobs,
        breaker=store.breaker,
        troubles=store.troubles,
        sweep_every=config.sweep.every.as_timedelta,
        now=store.heartbeat.portal_now,
    )


def _make_exposition(config: Config, store: Store, readiness: Readiness) -> Exposition:
    readings = (
        partial(read_inbox, store.inbox),
        partial(read_index, store.contacts),
        partial(read_workers, store.heartbeat),
        partial(read_limiter, store.limiter.level, config.portal.burst),
        partial(read_breaker, store.breaker, store.heartbeat.portal_now),
        partial(read_clock, store.heartbeat, utc_now),
        partial(read_troubles, store.troubles),
        partial(read_sweep, lambda: store.jobs.status(SWEEP).age, readiness.unheard),
    )
    info = {"version": version("gatekeeper"), "policy": config.policy.revision}
    return Exposition(store.tally, readings, info)


def _make_onlooker(config: Config, store: Store, readiness: Readiness) -> Onlooker:
    return Onlooker(
        engine=store.engine,
        inbox=store.inbox,
        heartbeat=store.heartbeat,
        sweep=lambda: store.jobs.status(SWEEP),
        hearing=readiness.hearing,
        index=store.contacts,
        breaker=store.breaker,
        troubles=store.troubles,
        ledger=store.ledger,
        level=store.limiter.level,
        capacity=config.portal.burst,
        now=store.heartbeat.portal_now,
    )


def _frame_of(config: Config) -> Frame:
    return Frame(
        language=config.messages.language,
        zone=ZoneInfo(config.notifications.time_zone),
        portal=portal_origin(config.portal.url.reveal()),
        version=version("gatekeeper"),
        revision=config.policy.revision,
        dry_run=config.enforcement.dry_run,
        every=config.sweep.every.as_timedelta,
        title_of=messages_of(config).title,
    )
