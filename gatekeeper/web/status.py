"""GET /status: how things stand, as a page for the admin, at his port."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from flask import Blueprint, Response, render_template
from sqlalchemy.exc import SQLAlchemyError

from gatekeeper.messages.phrases import load_phrases
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
        return at.astimezone(self.zone).strftime("%d.%m.%Y %H:%M:%S")


def status_blueprint(
    look: Callable[[], Overview],
    refused: Callable[[], str | None],
    frame: Frame,
) -> Blueprint:
    """`refused`: why a changed config was not taken over."""
    blueprint = Blueprint("status", __name__, template_folder="templates")
    words = load_phrases("gatekeeper.web", frame.language)

    @blueprint.get("/status")
    def status() -> tuple[Response, int]:
        try:
            seen, code = look(), 200
        except SQLAlchemyError:
            seen, code = None, 503
        page = render_template(
            "status.html",
            seen=seen,
            words=words,
            frame=frame,
            refused=refused(),
            problems=_problems(seen, words, frame) if seen else [words["database"]],
            span=lambda each: _span(each, words),
        )
        headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        return Response(page, headers={**headers, "Cache-Control": "no-store"}), code

    return blueprint


def _problems(seen: Overview, words: Mapping[str, Any], frame: Frame) -> list[str]:
    """What somebody should look at, the most urgent first."""
    told: list[str] = []
    if seen.silence is None:
        told.append(words["no_worker"])
    elif seen.silence > SILENCE:
        told.append(words["silent_worker"].format(span=_span(seen.silence, words)))
    for trouble in seen.troubles:
        text = words["troubles"][trouble.kind.value]
        facts = {"subject": trouble.subject, "since": frame.moment(trouble.since)}
        if trouble.kind is TroubleKind.CLOCK:
            facts["span"] = _span(abs(int(trouble.detail)), words)
        told.append(text.format(**facts))
    if seen.breaker.tripped_at:
        told.append(words["breaker_open"].format(since=frame.moment(seen.breaker.tripped_at)))
    if seen.hearing and seen.hearing.is_deaf(seen.at):
        since = frame.moment(seen.hearing.heard_at)
        told.append(words["deaf"].format(since=since, missed=seen.hearing.missed))
    if seen.sweep.age is not None and seen.sweep.is_late(frame.every):
        told.append(words["late_sweep"].format(span=_span(seen.sweep.age, words)))
    if seen.dead:
        told.append(words["dead_letters"].format(count=seen.depth.dead))
    return told


def _span(span: timedelta | float, words: Mapping[str, Any]) -> str:
    """In the one unit that fits."""
    seconds = span.total_seconds() if isinstance(span, timedelta) else span
    for name, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return str(words["units"][name].format(n=int(seconds // length)))
    return str(words["units"]["seconds"].format(n=int(seconds)))
