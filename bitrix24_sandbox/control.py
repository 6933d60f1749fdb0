"""/sandbox/…: what REST cannot do on the real portal either. JSON in and out, from this machine only.

An action takes the portal and a JSON object (of a GET or DELETE: its query) and gives one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request

from bitrix24_sandbox import cards, dictionaries, timeline
from bitrix24_sandbox.control_activity import add_activity
from bitrix24_sandbox.control_faults import parse_fault, render_fault
from bitrix24_sandbox.control_input import (
    ControlError,
    find_card,
    raw_values,
    read_float,
    read_int,
    read_time,
)
from bitrix24_sandbox.log import render_hit, summarise
from bitrix24_sandbox.options import WEBHOOK_USER
from bitrix24_sandbox.portal import Act
from bitrix24_sandbox.rest import Rest
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row
from bitrix24_sandbox.times import render_time

_LOOPBACK = {"127.0.0.1", "::1"}
_USER_FIELDS = {
    "active",
    "admin",
    "name",
    "last_name",
    "second_name",
    "email",
    "personal_mailbox",
    "personal_mobile",
    "work_phone",
}
_DEPARTMENT = 1
_YEAR_2200 = 7_258_118_400
Body = dict[str, Any]
Action = Callable[[Rest, Body], Body]


def control_blueprint(rest: Rest) -> Blueprint:
    api = Blueprint("control", __name__, url_prefix="/sandbox")
    api.register_error_handler(ControlError, _error)

    @api.route("/<name>", methods=["GET", "POST", "DELETE"])
    def act(name: str) -> Response:
        if request.remote_addr not in _LOOPBACK:
            raise ControlError("the control API answers this machine only", 403)
        action = _ACTIONS.get((request.method, name))
        if action is None:
            raise ControlError(f"there is no {request.method} /sandbox/{name}", 404)
        return jsonify(action(rest, _body()))

    return api


def log(rest: Rest, query: Body) -> Body:
    """Hits, commands and operating seconds since a mark; every call too where `calls` is given."""
    mark, hits = rest.log.since(read_int(query, "since", 0))
    answer = {"mark": mark} | summarise(hits) | {"events": rest.portal.dispatcher.summary()}
    return answer | ({"calls": [render_hit(hit) for hit in hits]} if query.get("calls") else {})


def reset(rest: Rest, _body: Body) -> Body:
    """Empty the portal; id counters, users, pipelines, fields and webhooks stay."""
    rest.portal.store.reset()
    rest.limiter.clear()
    rest.budget.clear()
    return {"ok": True}


def events(rest: Rest, body: Body) -> Body:
    """Change where and how events are sent."""
    dispatcher = rest.portal.dispatcher
    url, token = body.pop("url", dispatcher.url), body.pop("token", dispatcher.token)
    try:
        dispatcher.configure(**body)
    except TypeError as wrong:
        raise ControlError(str(wrong)) from wrong
    dispatcher.url, dispatcher.token = url, str(token)
    return {"ok": True}


def clock(rest: Rest, body: Body) -> Body:
    """Move the portal's clock by `by_s` seconds, back where negative, and tell what time it is there."""
    by_s = read_float(body, "by_s", 0.0)
    if not 0 <= rest.clock() + by_s < _YEAR_2200:
        raise ControlError("by_s leads out of the years 1970 to 2199")
    rest.clock.move(by_s)
    return {"now": render_time(rest.clock(), rest.portal.offset)}


def comment(rest: Rest, body: Body) -> Body:
    with rest.portal.act(read_int(body, "author_id", WEBHOOK_USER)) as act:
        kind, row = find_card(act, body.get("owner"))
        created = read_time(act, body, "at")
        return {"id": timeline.add_comment(act, kind, row["ID"], str(body.get("text", "")), created=created)}


def activity(rest: Rest, body: Body) -> Body:
    """Add an exchange with the client, with its statistics or its session."""
    with rest.portal.act(WEBHOOK_USER) as act:
        return {"id": add_activity(act, body)}


def user(rest: Rest, body: Body) -> Body:
    """Change the employee `id`: dismiss him (`active` false), give him an address; without an id hire one."""
    changes = {name: value for name, value in body.items() if name in _USER_FIELDS}
    if set(body) - _USER_FIELDS - {"id"}:
        raise ControlError(f"a user has only {', '.join(sorted(_USER_FIELDS))}")
    with rest.portal.act(WEBHOOK_USER) as act:
        if "id" not in body:
            return {"id": dictionaries.add_user(act.store, _DEPARTMENT, **changes)}
        number = read_int(body, "id", 0)
        if not dictionaries.user(act.store, number):
            raise ControlError(f"there is no user {number}", 404)
        act.store.update("user", number, changes)
    return {"id": number}


def notifications(rest: Rest, query: Body) -> Body:
    """What users were notified of, oldest first; of one user where `user` is given."""
    user_id = read_int(query, "user", 0)
    rows = rest.portal.store.rows(
        "SELECT id, user_id, message, tag FROM notification WHERE ? IN (0, user_id) ORDER BY id", [user_id]
    )
    return {"notifications": rows}


def put(rest: Rest, body: Body) -> Body:
    with rest.portal.act(WEBHOOK_USER) as act:
        kind, row = find_card(act, body.get("ref"))
        cards.put(act, kind, row, raw_values(act, kind, body.get("fields")))
        _announce(act, kind, row, body)
        return {"id": row["ID"]}


def backdate(rest: Rest, body: Body) -> Body:
    with rest.portal.act(WEBHOOK_USER) as act:
        kind, row = find_card(act, body.get("ref"))
        created, moved = read_time(act, body, "created_at"), read_time(act, body, "moved_at")
        cards.backdate(act, kind, row, created, moved)
        _announce(act, kind, row, body)
        return {"id": row["ID"]}


def put_fault(rest: Rest, body: Body) -> Body:
    return {"id": rest.faults.put(parse_fault(body))}


def list_faults(rest: Rest, _query: Body) -> Body:
    active = rest.faults.active().items()
    return {"faults": [render_fault(fault) | {"id": number, "met": met} for number, (fault, met) in active]}


def clear_faults(rest: Rest, query: Body) -> Body:
    """Clear one by its id, or all."""
    rest.faults.clear(read_int(query, "id", 0) if "id" in query else None)
    return {"ok": True}


_ACTIONS: Mapping[tuple[str, str], Action] = {
    ("GET", "log"): log,
    ("POST", "reset"): reset,
    ("POST", "events"): events,
    ("POST", "activity"): activity,
    ("GET", "clock"): clock,
    ("POST", "clock"): clock,
    ("POST", "comment"): comment,
    ("POST", "faults"): put_fault,
    ("GET", "faults"): list_faults,
    ("DELETE", "faults"): clear_faults,
    ("POST", "user"): user,
    ("GET", "notifications"): notifications,
    ("POST", "put"): put,
    ("POST", "backdate"): backdate,
}


def _announce(act: Act, kind: Kind, row: Row, body: Body) -> None:
    if body.get("event", True):
        act.announce(f"ONCRM{kind.upper()}UPDATE", row["ID"])


def _body() -> Body:
    if request.method != "POST" or not request.get_data():
        return dict(request.args)
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise ControlError("the body must be a JSON object")
    return body


def _error(error: ControlError) -> Response:
    response = jsonify({"error": str(error)})
    response.status_code = error.status
    return response
