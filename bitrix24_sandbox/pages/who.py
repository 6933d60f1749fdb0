"""Who sits at the screen: one of the portal's users, remembered in a cookie."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request

from bitrix24_sandbox import dictionaries
from bitrix24_sandbox.portal import Portal
from bitrix24_sandbox.store import Row

COOKIE = "sandbox_user"
FIRST_MANAGER = 2


@dataclass(frozen=True, slots=True)
class Who:
    portal: Portal

    @property
    def user(self) -> Row:
        """The chosen user; a manager where none is chosen, or where the chosen one works no more."""
        chosen = request.cookies.get(COOKIE, "")
        user = dictionaries.user(self.portal.store, int(chosen)) if _is_number(chosen) else None
        if user and user["active"]:
            return user
        people = self.people()
        return next((each for each in people if each["id"] == FIRST_MANAGER), people[0])

    @property
    def id(self) -> int:
        user_id: int = self.user["id"]
        return user_id

    def people(self) -> list[Row]:
        return self.portal.store.rows("SELECT * FROM user WHERE active = 1 ORDER BY id")


def add_who(pages: Blueprint, who: Who) -> None:
    @pages.context_processor
    def everywhere() -> dict[str, object]:
        return {"me": who.user, "people": who.people()}

    @pages.post("/me")
    def choose() -> Response:
        answer = Response(status=303, headers={"Location": _local(request.form.get("back", ""))})
        chosen = request.form.get("user", "")
        if _is_number(chosen):
            answer.set_cookie(COOKIE, chosen, httponly=True, samesite="Lax")
        return answer


def see_other(path: str) -> Response:
    """Answer a form: the browser goes on to a page that can be reloaded."""
    answer = redirect(path, 303)
    return Response(answer.response, answer.status_code, answer.headers)


def _local(path: str) -> str:
    """Stay on this site whatever the form says."""
    return path if path.startswith("/") and path[1:2] not in {"/", "\\"} else "/"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
