"""The portal's outgoing webhooks arrive here: verify, parse, mark dirty, answer.

An answer of 200 says that the mark is durable. The portal sends no event twice and slows down whoever thinks
before answering, so nothing else happens here, and above all no call to the portal.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from flask import Blueprint, Response, request
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from gatekeeper.model.refs import EntityRef, Kind, Priority
from gatekeeper.web.pending import PendingResponse
from gatekeeper.web.source import Networks, parse_address
from gatekeeper.web.throttle import WINDOW_S, Pace, Throttle

log = logging.getLogger(__name__)

Mark = Callable[[EntityRef, Priority], Future[None]]
"""Done once the mark is durable."""

KINDS = {
    "ONCRMDEAL": Kind.DEAL,
    "ONCRMCONTACT": Kind.CONTACT,
    "ONCRMLEAD": Kind.LEAD,
    "ONCRMTIMELINECOMMENT": Kind.COMMENT,
    "ONCRMACTIVITY": Kind.ACTIVITY,
}
VERBS = ("ADD", "UPDATE", "DELETE", "MOVETOCATEGORY")
LARGEST_ID = 2**63 - 1
FORM = "application/x-www-form-urlencoded"


class EventSchema(Schema):
    """The three things an event must have; what else it carries varies, and none of it is trusted."""

    class Meta:
        unknown = EXCLUDE

    event = fields.String(required=True, validate=validate.Length(min=1, max=100))
    id = fields.Integer(required=True, validate=validate.Range(min=1, max=LARGEST_ID))


EVENT = EventSchema()
"""Made once: making it takes longer than using it."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something changed there. `ref` is None for kinds of events that the gatekeeper has no use for."""

    name: str
    ref: EntityRef | None


def parse_event(form: Mapping[str, str]) -> Event:
    """Read an outgoing webhook's form; marshmallow.ValidationError when it is none.

    Comment events carry their id as data[FIELDS][ID] or, by the vendor's documentation, as data[ID].

    >>> parse_event({"event": "OnCrmDealUpdate", "data[FIELDS][ID]": "41"}).ref
    EntityRef(kind=<Kind.DEAL: 'deal'>, id=41)
    """
    given = {"event": form.get("event"), "id": form.get("data[FIELDS][ID]") or form.get("data[ID]")}
    loaded = EVENT.load({key: value for key, value in given.items() if value is not None})
    name = loaded["event"].upper()
    kind = next((KINDS[name.removesuffix(verb)] for verb in VERBS if name.removesuffix(verb) in KINDS), None)
    return Event(name, EntityRef(kind, loaded["id"]) if kind else None)


@dataclass(frozen=True, slots=True)
class Door:
    """Who may knock: no network in `allow_from` means everybody."""

    allow_from: Networks
    throttle: Throttle
    pace: Pace


def known_token(token: str, known: Iterable[str]) -> str | None:
    """Return the known token that this is. Compare with all, so that the time tells nothing."""
    matches = [each for each in known if hmac.compare_digest(token.encode(), each.encode())]
    return matches[0] if matches else None


def events_blueprint(
    tokens: tuple[str, ...],
    mark_dirty: Mark,
    door: Door,
    heard: Callable[[str], None],
) -> Blueprint:
    """POST /events. `heard` counts the answers."""
    blueprint = Blueprint("events", __name__)

    @blueprint.before_request
    def admit() -> Response | None:
        """Before the body is read: the portal sends it whole, and chunks break only when they are read."""
        if door.allow_from and parse_address(request.remote_addr) not in door.allow_from:
            return _answer(403, "not from there", heard, "source_refused")
        if "Transfer-Encoding" in request.headers:
            return _answer(411, "length required", heard, "no_length")
        return None

    @blueprint.post("/events")
    def receive() -> Response:
        form = _read_form()
        if form is None:
            return _answer(408, "not whole in time", heard, "too_slow")
        token = known_token(form.get("auth[application_token]", ""), tokens)
        if token is None:
            return _refuse_token(door.throttle, heard)
        return _mark(form, mark_dirty, heard, lambda: door.pace.is_usual(token))

    @blueprint.app_errorhandler(413)
    def too_large(_error: Exception) -> Response:
        return _answer(413, "too large", heard, "too_large")

    return blueprint


def _read_form() -> Mapping[str, str] | None:
    """None when the body ends before its length: an id that was cut would be another card's.

    Files, which multipart may bring, would be written to the disk of whoever asks for no file.
    """
    if request.mimetype != FORM:
        return {}
    return None if len(request.get_data()) < (request.content_length or 0) else request.form


def _mark(
    form: Mapping[str, str],
    mark_dirty: Mark,
    heard: Callable[[str], None],
    is_usual: Callable[[], bool],
) -> Response:
    try:
        event = parse_event(form)
    except ValidationError as error:
        wrong = ", ".join(sorted(error.messages_dict))
        return _answer(400, f"no event: {wrong} missing or wrong", heard, "no_event")
    if event.ref is None:
        return _answer(200, "not of interest", heard, "not_of_interest")
    priority = Priority.LIVE if is_usual() else Priority.CROWD
    return PendingResponse(mark_dirty(event.ref, priority), lambda mark: _tell(mark, priority, heard))


def _tell(mark: Future[None], priority: Priority, heard: Callable[[str], None]) -> Response:
    """Whether the mark is durable. Of an error only the type is logged: its text may hold a password."""
    error = mark.exception() if mark.done() else TimeoutError()
    if error:
        log.error("event.failed why=%s", type(error).__name__)
        return _answer(503, "not kept: no database", heard, "failed")
    if priority is Priority.CROWD:
        return _answer(200, "marked", heard, "crowded")
    return _answer(200, "marked", heard, "marked")


def _refuse_token(throttle: Throttle, heard: Callable[[str], None]) -> Response:
    if throttle.is_too_often(parse_address(request.remote_addr)):
        answer = _answer(429, "unknown application token, too often", heard, "throttled")
        answer.headers["Retry-After"] = f"{WINDOW_S:.0f}"
        return answer
    return _answer(403, "unknown application token", heard, "bad_token")


def _answer(status: int, text: str, heard: Callable[[str], None], counted: str) -> Response:
    heard(counted)
    return Response(f"{text}\n", status=status, mimetype="text/plain")
