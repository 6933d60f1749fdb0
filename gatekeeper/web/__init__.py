"""The web process: events in, health and figures out. It never calls the portal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from flask import Blueprint, Flask, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix

from gatekeeper.config import WebConfig
from gatekeeper.metrics.meter import Meter
from gatekeeper.web.events import Door, Mark, events_blueprint
from gatekeeper.web.health import Health, health_blueprint
from gatekeeper.web.metrics import metrics_blueprint
from gatekeeper.web.source import Networks, parse_address
from gatekeeper.web.throttle import Pace, Throttle

PROMPT_PATHS = frozenset({"/events", "/healthz"})
"""What is asked for here waits for nothing but the mark of an event."""


def create_app(
    *,
    tokens: tuple[str, ...],
    mark_dirty: Mark,
    health: Health,
    web: WebConfig | None = None,
    meter: Meter | None = None,
) -> Flask:
    """The app at the port for events, around what `app.web_process` gives it."""
    web, meter = web or WebConfig(), meter or Meter()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = web.max_body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = web.max_body_bytes
    if web.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=web.trusted_proxies)  # type: ignore[method-assign]
    throttle = Throttle(web.bad_tokens_per_minute, time.monotonic)
    door = Door(Networks(web.allow_from), throttle, Pace(web.events_per_minute, time.monotonic))
    app.register_blueprint(events_blueprint(tokens, mark_dirty, door, meter.heard))
    app.register_blueprint(health_blueprint(health))
    return app


def create_admin_app(
    *, health: Health, metrics_from: Iterable[str], render_metrics: Callable[[], bytes], status: Blueprint
) -> Flask:
    """The app at the admin's port. A stranger is told that there is nothing here."""
    app, networks = Flask(__name__), Networks(metrics_from)

    @app.before_request
    def admit() -> None:
        if parse_address(request.remote_addr) not in networks:
            abort(404)

    app.register_blueprint(health_blueprint(health))
    app.register_blueprint(metrics_blueprint(render_metrics))
    app.register_blueprint(status)
    return app
