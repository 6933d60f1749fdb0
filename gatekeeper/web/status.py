"""GET /status: how things stand, as a page for the admin, at his port."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import partial

from flask import Blueprint, Response, render_template
from sqlalchemy.exc import SQLAlchemyError

from gatekeeper.messages.formatter import formatter_of
from gatekeeper.messages.refusals import tell_refusal
from gatekeeper.messages.words import Words, words_of
from gatekeeper.model.refs import EntityRef
from gatekeeper.model.trouble import TroubleKind
from gatekeeper.store.heartbeat import SILENCE
from gatekeeper.web.overview import Overview


@dataclass(frozen=True, slots=True)
class Frame:
    """What does not change while the process lives: `portal` is where people find it, `every` the sweep's."""

    language: str
    zone: tzinfo
    portal: str
    version: str
    revision: str
    dry_run: bool
    every: timedelta
    title_of: Callable[[str], str]

    def link(self, ref: EntityRef) -> str:
        return f"{self.portal}/crm/{ref.kind.value}/details/{ref.id}/"

    def moment(self, at: datetime) -> str:
        return at.astimezone(self.zone).strftime(formatter_of(self.language).second)

    def day(self, day: date) -> str:
        return day.strftime(formatter_of(self.language).day)


def status_blueprint(
    look: Callable[[], Overview],
    refused: Callable[[], str | None],
    frame: Frame,
) -> Blueprint:
    """`refused`: why a changed config was not taken over."""
    blueprint = Blueprint("status", __name__, template_folder="templates")
    words = words_of(frame.language, "status")

    @blueprint.get("/status")
    def status() -> tuple[Response, int]:
        try:
            seen, code = look(), 200
        except SQLAlchemyError:
            seen, code = None, 503
        page = render_template(
            "status.html",
            seen=seen,
            say=lambda code, **facts: words.formatter.typeset(words.say(code, **facts)),
            known=words.known,
            tell=partial(tell_refusal, frame.language),
            frame=frame,
            refused=refused(),
            problems=_problems(seen, words, frame) if seen else [words.say("database")],
            span=lambda each: _span(each, words),
        )
        headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return Response(page, headers={**headers, "Cache-Control": "no-store"}), code

    return blueprint


def _problems(seen: Overview, words: Words, frame: Frame) -> list[str]:
    """What somebody should look at, the most urgent first."""
    told: list[str] = []
    if seen.silence is None:
        told.append(words.say("no_worker"))
    elif seen.silence > SILENCE:
        told.append(words.say("silent_worker", span=_span(seen.silence, words)))
    for trouble in seen.troubles:
        facts = {"subject": trouble.subject, "since": frame.moment(trouble.since)}
        if trouble.kind is TroubleKind.CLOCK:
            facts["span"] = _span(abs(int(trouble.detail)), words)
        told.append(words.say(f"troubles.{trouble.kind.value}", **facts))
    if seen.breaker.tripped_at:
        told.append(words.say("breaker_open", since=frame.moment(seen.breaker.tripped_at)))
    if seen.hearing and seen.hearing.is_deaf(seen.at):
        since = frame.moment(seen.hearing.heard_at)
        told.append(words.say("deaf", since=since, missed=seen.hearing.missed))
    if seen.sweep.age is not None and seen.sweep.is_late(frame.every):
        told.append(words.say("late_sweep", span=_span(seen.sweep.age, words)))
    if seen.dead:
        told.append(words.say("dead_letters", count=seen.depth.dead))
    return told


def _span(span: timedelta | float, words: Words) -> str:
    """In the one unit that fits."""
    seconds = span.total_seconds() if isinstance(span, timedelta) else span
    for name, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return words.say(f"units.{name}", n=int(seconds // length))
    return words.say("units.seconds", n=int(seconds))
