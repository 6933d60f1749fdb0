"""WSGI: /rest/ for clients, /sandbox/ for whoever runs the sandbox."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Flask, Request, Response, request

from bitrix24_sandbox import php
from bitrix24_sandbox.control import control_blueprint
from bitrix24_sandbox.pages import pages_blueprint
from bitrix24_sandbox.response import RestRequest, RestResponse
from bitrix24_sandbox.rest import Rest

_HEADERS = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}
_JSON, _FORM = "application/json; charset=utf-8", "application/x-www-form-urlencoded"


def create_app(rest: Rest) -> Flask:
    """Put REST and the control API into one application; the pages register here too."""
    app = Flask("bitrix24_sandbox", static_folder=None)

    @app.route("/rest/<path:path>", methods=["GET", "POST"])
    def hit(path: str) -> Response:
        user = request.headers.get("X-Sandbox-User", "")
        asked = RestRequest(
            path, read_params(request), request.remote_addr or "", int(user) if user.isdecimal() else None
        )
        return _response(rest.answer(asked))

    app.register_blueprint(control_blueprint(rest))
    app.register_blueprint(pages_blueprint(rest.portal))
    return app


def read_params(incoming: Request) -> dict[str, Any]:
    """Query and body in one; the body wins. A body that cannot be parsed is no parameters at all."""
    params = php.parse_query(incoming.query_string.decode("latin-1"))
    if incoming.mimetype == "multipart/form-data":
        return params | php.nest(list(incoming.form.items(multi=True)))
    body = incoming.get_data()
    if incoming.mimetype == _FORM:
        return params | php.parse_query(body.decode("utf-8", "replace"))
    return params | _read_json(body)


def _read_json(body: bytes) -> dict[str, Any]:
    try:
        given = json.loads(body or b"{}")
    except ValueError:
        return {}
    return {str(key): value for key, value in given.items()} if isinstance(given, Mapping) else {}


def _drip(body: bytes, wait: Callable[[], None]) -> Iterator[bytes]:
    for byte in body:
        yield bytes([byte])
        wait()


def _response(answer: RestResponse) -> Response:
    if isinstance(answer.body, str):
        text, content_type = answer.body, "text/html; charset=utf-8"
    else:
        text, content_type = php.to_json(answer.body), _JSON
    response = Response(text, answer.status, _HEADERS | {"Content-Type": content_type} | dict(answer.headers))
    if answer.padding:
        response.data += b" " * answer.padding
    if answer.zipped:
        response.data = gzip.compress(response.data, compresslevel=1)
        response.headers["Content-Encoding"] = "gzip"
    if answer.drip is not None:
        length = len(response.data)
        response.response = _drip(response.data, answer.drip)
        response.headers["Content-Length"] = str(length)
    if answer.cut:
        # The length that was promised stays, the server then sends what there is and hangs up.
        whole = len(response.data)
        response.data = response.data[: whole // 2]
        response.headers["Content-Length"] = str(whole)
    return response
