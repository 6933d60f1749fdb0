"""GET /metrics, for those who may ask."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, request
from prometheus_client import CONTENT_TYPE_LATEST

from gatekeeper.web.source import Networks, parse_address

_FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


def metrics_blueprint(render: Callable[[], bytes], admitted: Networks, trusted_proxies: int) -> Blueprint:
    """A stranger is told that there is nothing here.

    A proxy that nobody has named makes every stranger look like this machine, so what came through one is
    refused.
    """
    blueprint = Blueprint("metrics", __name__)

    @blueprint.get("/metrics")
    def metrics() -> Response:
        unnamed_proxy = not trusted_proxies and any(name in request.headers for name in _FORWARDED)
        if unnamed_proxy or parse_address(request.remote_addr) not in admitted:
            abort(404)
        return Response(render(), content_type=CONTENT_TYPE_LATEST)

    return blueprint
