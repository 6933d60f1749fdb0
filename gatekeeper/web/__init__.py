"""The web process: events in, health out. It never calls the portal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Flask

from gatekeeper.model import EntityRef
from gatekeeper.web.events import events_blueprint
from gatekeeper.web.health import Check, health_blueprint

MOST_FORM_FIELDS = 100


def create_app(
    *,
    tokens: tuple[str, ...],
    mark_dirty: Callable[[EntityRef], None],
    checks: Mapping[str, Check],
    warnings: Mapping[str, Check] | None = None,
    max_body_bytes: int = 65_536,
) -> Flask:
    """The Flask app around what `bootstrap` gives it."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = max_body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = max_body_bytes
    app.config["MAX_FORM_PARTS"] = MOST_FORM_FIELDS
    app.register_blueprint(events_blueprint(tokens, mark_dirty))
    app.register_blueprint(health_blueprint(checks, warnings or {}))
    return app
