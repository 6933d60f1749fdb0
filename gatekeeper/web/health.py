"""GET /healthz: this process lives. GET /readyz: the whole gate works, or why it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify

Check = Callable[[], str | None]
"""None when all is well, else the reason in a few words; an exception is a reason too."""


def health_blueprint(checks: Mapping[str, Check], warnings: Mapping[str, Check]) -> Blueprint:
    """`warnings` are told by `readyz` and change nothing about its answer."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def alive() -> Response:
        return jsonify(status="alive")

    @blueprint.get("/readyz")
    def ready() -> tuple[Response, int]:
        reasons, warned = _whys(checks), _whys(warnings)
        told = {"warnings": warned} if warned else {}
        status = "not ready" if reasons else "ready"
        return jsonify(status=status, reasons=reasons, **told), 503 if reasons else 200

    return blueprint


def _whys(checks: Mapping[str, Check]) -> dict[str, str]:
    return {name: why for name, check in checks.items() if (why := _why_not(check)) is not None}


def _why_not(check: Check) -> str | None:
    """Only the exception's name: its text may hold a URL with a password."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - whatever it is, this process is not ready
        return type(error).__name__
