"""Comments, pins, notes and log lines in a card's timeline."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bitrix24_sandbox import cards
from bitrix24_sandbox.portal import Act
from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row

MAX_PINNED = 3
COMMENT, LOG_MESSAGE = "comment", "logmessage"


def add_comment(
    act: Act, kind: Kind, card_id: int, text: str, *, created: int | None = None, files: Sequence[Any] = ()
) -> int:
    """Comment as the act's user; nothing keeps the same text from being posted twice."""
    comment_id = act.store.insert(
        "timeline",
        {
            "type": COMMENT,
            "kind": kind,
            "owner_id": card_id,
            "created": act.now if created is None else created,
            "author_id": act.user_id,
            "text": text,
            "files": json.dumps(list(files)),
        },
    )
    cards.touch(act, kind, card_id)
    act.announce("ONCRMTIMELINECOMMENTADD", comment_id)
    return comment_id


def add_log_message(act: Act, kind: Kind, card_id: int, title: str, text: str, icon: str) -> int:
    return act.store.insert(
        "timeline",
        {
            "type": LOG_MESSAGE,
            "kind": kind,
            "owner_id": card_id,
            "created": act.now,
            "author_id": act.user_id,
            "text": text,
            "title": title,
            "icon": icon,
        },
    )


def update_comment(act: Act, comment: Row, text: str | None, files: Sequence[Any] | None = None) -> None:
    changes = {} if text is None else {"text": text}
    if files is not None:
        changes["files"] = json.dumps(list(files))
    act.store.update("timeline", comment["id"], changes)
    act.announce("ONCRMTIMELINECOMMENTUPDATE", comment["id"])


def delete_comment(act: Act, comment: Row) -> None:
    act.store.execute("DELETE FROM timeline WHERE id = ?", [comment["id"]])
    act.announce("ONCRMTIMELINECOMMENTDELETE", comment["id"])


def entry(act: Act, entry_id: int, entry_type: str | None = None) -> Row | None:
    row = act.store.row("SELECT * FROM timeline WHERE id = ?", [entry_id])
    return row if row and entry_type in {None, row["type"]} else None


def entries(act: Act, kind: Kind, card_id: int, entry_type: str | None = None) -> list[Row]:
    """Oldest first."""
    rows = act.store.rows(
        "SELECT * FROM timeline WHERE kind = ? AND owner_id = ? ORDER BY id", [kind, card_id]
    )
    return [row for row in rows if entry_type in {None, row["type"]}]


def pin(act: Act, row: Row, *, pinned: bool) -> bool:
    """Give False when the card has as many pins as a card can have."""
    if pinned and not row["pinned"]:
        count = act.store.scalar(
            "SELECT count(*) FROM timeline WHERE kind = ? AND owner_id = ? AND pinned = 1",
            [row["kind"], row["owner_id"]],
        )
        if count >= MAX_PINNED:
            return False
    act.store.update("timeline", row["id"], {"pinned": int(pinned)})
    return True
