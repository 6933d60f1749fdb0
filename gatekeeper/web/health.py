"""GET /healthz: this process lives. GET /readyz: the whole gate works, or why it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify

Check = Callable[[], str | None]
"""None when all is well, else the reason in a few words."""


def health_blueprint(checks: Mapping[str, Check]) -> Blueprint:
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def alive() -> Response:
        return jsonify(status="alive")

    @blueprint.get("/readyz")
    def ready() -> tuple[Response, int]:
        reasons = {name: why for name, check in checks.items() if (why := check()) is not None}
        status = "not ready" if reasons else "ready"
        return jsonify(status=status, reasons=reasons), 503 if reasons else 200

    return blueprint
