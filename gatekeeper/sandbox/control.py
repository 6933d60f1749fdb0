"""/sandbox/…: what REST cannot do on the real portal either. JSON in and out, from this machine only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from gatekeeper.sandbox import cards, timeline
from gatekeeper.sandbox.dialects import SKIP, parse_item, store_value
from gatekeeper.sandbox.log import render_hit, summarise
from gatekeeper.sandbox.options import WEBHOOK_USER
from gatekeeper.sandbox.portal import Act
from gatekeeper.sandbox.rest import Rest
from gatekeeper.sandbox.schema import Kind
from gatekeeper.sandbox.store import Row
from gatekeeper.sandbox.times import parse_time

_LOOPBACK = {"127.0.0.1", "::1"}


class ControlError(Exception):
    """The caller's mistake, told as {"error": …}."""

    def __init__(self, what: str, status: int = 400) -> None:
        self.status = status
        super().__init__(what)


def control_blueprint(rest: Rest) -> Blueprint:
    api = Blueprint("control", __name__, url_prefix="/sandbox")

    @api.before_request
    def only_from_here() -> Response | None:
        if request.remote_addr not in _LOOPBACK:
            return _error(ControlError("the control API answers this machine only", 403))
        return None

    api.register_error_handler(ControlError, _error)
    portal = rest.portal

    @api.get("/log")
    def log() -> Any:
        mark, hits = rest.log.since(int(request.args.get("since", 0)))
        answer = {"mark": mark} | summarise(hits) | {"events": _events(rest)}
        if request.args.get("calls"):
            answer["calls"] = [render_hit(hit) for hit in hits]
        return answer

    @api.post("/reset")
    def reset() -> Any:
        portal.store.reset()
        rest.limiter.clear()
        rest.budget.clear()
        return {"ok": True}

    @api.post("/events")
    def events() -> Any:
        body = _body()
        if "url" in body:
            portal.dispatcher.url = body.pop("url")
        if "token" in body:
            portal.dispatcher.token = str(body.pop("token"))
        try:
            portal.dispatcher.configure(**body)
        except TypeError as wrong:
            raise ControlError(str(wrong)) from wrong
        return {"ok": True}

    @api.post("/comment")
    def comment() -> Any:
        body = _body()
        with portal.act(int(body.get("author_id", WEBHOOK_USER))) as act:
            kind, row = find_card(act, body.get("owner"))
            comment_id = timeline.add_comment(
                act, kind, row["ID"], str(body.get("text", "")), created=read_time(act, body, "at")
            )
        return {"id": comment_id}

    @api.post("/put")
    def put() -> Any:
        body = _body()
        with portal.act(WEBHOOK_USER) as act:
            kind, row = find_card(act, body.get("ref"))
            cards.put(act, kind, row, _raw_values(act, kind, body.get("fields")))
            _announce(act, kind, row, body)
        return {"id": row["ID"]}

    @api.post("/backdate")
    def backdate() -> Any:
        body = _body()
        with portal.act(WEBHOOK_USER) as act:
            kind, row = find_card(act, body.get("ref"))
            cards.backdate(
                act, kind, row, read_time(act, body, "created_at"), read_time(act, body, "moved_at")
            )
            _announce(act, kind, row, body)
        return {"id": row["ID"]}

    return api


def find_card(act: Act, ref: Any) -> tuple[Kind, Row]:
    """The card that "deal:41" means."""
    kind, _, number = str(ref).partition(":")
    row = cards.find(act, Kind(kind), int(number)) if kind in set(Kind) and number.isdecimal() else None
    if row is None:
        raise ControlError(f"there is no {ref}", 404)
    return Kind(kind), row


def read_time(act: Act, body: Mapping[str, Any], name: str) -> int | None:
    if body.get(name) is None:
        return None
    seconds = parse_time(str(body[name]), act.offset)
    if seconds is None:
        raise ControlError(f"{name} is no time")
    return seconds


def _raw_values(act: Act, kind: Kind, given: Any) -> Row:
    """Fields under either name; read-only ones and unknown choices too."""
    if not isinstance(given, Mapping):
        raise ControlError("fields must be an object")
    catalogue = act.store.catalogue(kind)
    values = {
        key: value
        for key, value in parse_item(catalogue, given, act.offset, original_uf=False).items()
        if key in {"CONTACT_IDS", "FM"}
    }
    for name, value in given.items():
        field = catalogue.by_name(name, original_uf=False) or catalogue.by_code(name)
        if field is None:
            if name not in {"contactIds", "fm"}:
                raise ControlError(f"a {kind} has no field {name}")
            continue
        stored = (
            value
            if field.type == "enumeration" and not field.multiple
            else store_value(field, value, act.offset)
        )
        if stored is SKIP or field.code == "ID":
            raise ControlError(f"{name} cannot hold that")
        values[field.code] = stored
    return values


def _announce(act: Act, kind: Kind, row: Row, body: Mapping[str, Any]) -> None:
    if body.get("event", True):
        act.announce(f"ONCRM{kind.upper()}UPDATE", row["ID"])


def _body() -> dict[str, Any]:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise ControlError("the body must be a JSON object")
    return body


def _error(error: ControlError) -> Response:
    response = jsonify({"error": str(error)})
    response.status_code = error.status
    return response


def _events(rest: Rest) -> dict[str, Any]:
    dispatcher = rest.portal.dispatcher
    outcomes = [sent.outcome for sent in list(dispatcher.history)]
    return {
        "raised": dispatcher.raised,
        "pending": dispatcher.pending,
        **{outcome: outcomes.count(outcome) for outcome in ("delivered", "refused", "failed", "lost")},
    }
