"""GET /healthz: this process lives. GET /readyz: the whole gate works, or why it does not.

Beside the reasons stand figures that somebody should look at and that stop nothing, such as dead letters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from flask import Blueprint, Response, jsonify

Check = Callable[[], str | None]
"""None when all is well, else the reason in a few words; an exception is a reason too."""


Figure = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Health:
    """What `readyz` asks: `warnings` and `figures` are told, and change nothing about its answer."""

    checks: Mapping[str, Check] = field(default_factory=dict)
    warnings: Mapping[str, Check] = field(default_factory=dict)
    figures: Mapping[str, Figure] = field(default_factory=dict)


def health_blueprint(health: Health) -> Blueprint:
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/healthz")
    def alive() -> Response:
        return jsonify(status="alive")

    @blueprint.get("/readyz")
    def ready() -> tuple[Response, int]:
        reasons, warned = _whys(health.checks), _whys(health.warnings)
        figures = {name: n for name, figure in health.figures.items() if (n := _figure(figure)) is not None}
        told = {"warnings": warned, **figures} if warned else figures
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


def _figure(figure: Figure) -> int | None:
    """None where it cannot be told; why not is the checks' to say."""
    with suppress(Exception):
        return figure()
    return None
