"""The sandbox in the browser: a small CRM for trying the gatekeeper, and for managers to practise in.

The pages do what a person does in the portal: they act in the same store, as a chosen user, and raise the
same events. Being part of the portal itself, they pass no REST limiter. Without script everything works by
plain forms; with it, the parts of a page that are marked as live renew themselves.
"""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from werkzeug.exceptions import NotFound

from bitrix24_sandbox.errors import RestError
from bitrix24_sandbox.pages import (
    bell,
    board,
    card_pages,
    lists,
    practice,
    wording,
)
from bitrix24_sandbox.pages.bbcode import render_bbcode
from bitrix24_sandbox.pages.who import Who, add_who
from bitrix24_sandbox.portal import Portal

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def pages_blueprint(portal: Portal) -> Blueprint:
    pages = Blueprint(
        "pages", __name__, template_folder="templates", static_folder="static", static_url_path="/assets"
    )
    who = Who(portal)
    add_who(pages, who)
    for part in (bell, board, card_pages, lists, practice):
        part.add_routes(pages, portal, who)
    pages.add_app_template_filter(render_bbcode, "bbcode")
    for name in ("money", "plain", "moment", "day", "initials", "full_name", "short_name"):
        pages.add_app_template_filter(getattr(wording, name), name)
    pages.register_error_handler(RestError, _refused)
    pages.register_error_handler(NotFound, _missing)
    pages.after_request(_guard)
    return pages


def _refused(error: RestError) -> tuple[str, int]:
    """Show the portal's own refusal, such as a required field that is empty."""
    return render_template("problem.html", title="Портал не разрешил", text=error.description), 422


def _missing(_error: NotFound) -> tuple[str, int]:
    text = "Такой карточки нет: её удалили или в адресе ошибка."
    return render_template("problem.html", title="Не найдено", text=text), 404


def _guard(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    if response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-store"
    return response
