"""GET /metrics, for those who may ask."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST

from gatekeeper.web.source import Admission


def metrics_blueprint(render: Callable[[], bytes], admission: Admission) -> Blueprint:
    """A stranger is told that there is nothing here."""
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    def metrics() -> Response:
        if not admission.admits(request):
            abort(404)
        return Response(render(), content_type=CONTENT_TYPE_LATEST)

    return blueprint
