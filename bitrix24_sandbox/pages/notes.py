"""What the gatekeeper writes into a card, as the manager sees it.

It is known by the mark in its last line, and read by its ticks: ☐ is still to be done, ☑ is done. Nothing
is asked of the gatekeeper itself, which on a real portal is a stranger too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bitrix24_sandbox.schema import Kind
from bitrix24_sandbox.store import Row, Store
from bitrix24_sandbox.timeline import COMMENT

_MARK = re.compile(r"\bgk-([dcl])(\d{1,18})-[0-9a-f]{8}(?:-[0-9a-f]{12})?(?:\s|\[/\w+\])*$")
_TODO, _DONE, _MOVED = "☐", "☑", ("↩", "⚠")


class State(StrEnum):
    """What the card's note says: something is to be mended, or all is well again. No note, no state."""

    WARNING = "warning"
    CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Line:
    """`tone`: "todo", "done", "moved", "text" or "mark"."""

    tone: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    state: State
    lines: tuple[Line, ...]

    @property
    def todo(self) -> int:
        return sum(line.tone == "todo" for line in self.lines)


def parse_note(text: str, kind: Kind, card_id: int) -> Note | None:
    r"""None for whatever a person wrote, a note of another card quoted here included.

    >>> note = parse_note("Не всё\n☐ [b]Контакт[/b]\n☑ Товар\nКонтроль · gk-d41-0a1b2c3d", Kind.DEAL, 41)
    >>> note.state, [line.tone for line in note.lines]
    (<State.WARNING: 'warning'>, ['text', 'todo', 'done', 'mark'])
    """
    mark = _MARK.search(text)
    if not mark or (mark[1], int(mark[2])) != (kind.short.lower(), card_id):
        return None
    *lines, last = (_read_line(line) for line in text.strip().splitlines())
    lines.append(Line("mark", last.text))
    state = State.WARNING if any(line.tone == "todo" for line in lines) else State.CLEAR
    return Note(state, tuple(lines))


def notes_of(store: Store, kind: Kind, card_ids: Sequence[int]) -> dict[int, Note]:
    """Find the eldest note of each card, which is the one that is kept up to date."""
    marks = ", ".join("?" * len(card_ids))
    rows: Iterable[Row] = store.rows(
        f"SELECT owner_id, text FROM timeline WHERE type = ? AND kind = ? "  # noqa: S608
        f"AND owner_id IN ({marks}) AND text LIKE '%gk-%' ORDER BY id DESC",
        [COMMENT, kind, *card_ids],
    )
    found = ((row["owner_id"], parse_note(row["text"], kind, row["owner_id"])) for row in rows)
    return {card_id: note for card_id, note in found if note}


def _read_line(line: str) -> Line:
    line = line.strip()
    if line.startswith(_TODO):
        return Line("todo", line.removeprefix(_TODO).strip())
    if line.startswith(_DONE):
        return Line("done", line.removeprefix(_DONE).strip())
    return Line("moved" if line.startswith(_MOVED) else "text", line)
