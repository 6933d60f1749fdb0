"""GET /metrics, at the admin's port."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST


def metrics_blueprint(render: Callable[[], bytes]) -> Blueprint:
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    def metrics() -> Response:
        return Response(render(), content_type=CONTENT_TYPE_LATEST)

    return blueprint
