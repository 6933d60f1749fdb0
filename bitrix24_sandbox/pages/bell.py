"""The bell: what whoever sits at the screen was notified of, the newest on top."""

from __future__ import annotations

from flask import Blueprint, render_template

from bitrix24_sandbox.pages.who import Who
from bitrix24_sandbox.portal import Portal

MOST = 100


def add_routes(pages: Blueprint, portal: Portal, who: Who) -> None:
    @pages.context_processor
    def everywhere() -> dict[str, object]:
        query = "SELECT count(*) FROM notification WHERE user_id = ?"
        return {"notified": portal.store.scalar(query, [who.id])}

    @pages.get("/notifications")
    def notifications() -> str:
        query = "SELECT * FROM notification WHERE user_id = ? ORDER BY id DESC LIMIT ?"
        return render_template("bell.html", rows=portal.store.rows(query, [who.id, MOST]))
