"""The web process: events in, health and figures out. It never calls the portal."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from gatekeeper.config import WebConfig
from gatekeeper.metrics.meter import Meter
from gatekeeper.web.events import Door, Mark, events_blueprint
from gatekeeper.web.health import Health, health_blueprint
from gatekeeper.web.metrics import metrics_blueprint
from gatekeeper.web.source import Admission, Networks
from gatekeeper.web.throttle import Pace, Throttle


def create_app(
    *,
    tokens: tuple[str, ...],
    mark_dirty: Mark,
    health: Health,
    web: WebConfig | None = None,
    meter: Meter | None = None,
    render_metrics: Callable[[], bytes] = bytes,
    status: Callable[[Admission], Blueprint] | None = None,
) -> Flask:
    """The Flask app around what `app.web_process` gives it."""
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
    admission = Admission(Networks(web.metrics_from), web.trusted_proxies)
    app.register_blueprint(metrics_blueprint(render_metrics, admission))
    if status:
        app.register_blueprint(status(admission))

    return app
