"""The labelled comments, by where they come from."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent.parent / "tests" / "data"
FILES = (
    "comments.tsv",
    "comments_more.tsv",
    "comments_blind.tsv",
    "comments_trades.tsv",
    "comments_english.tsv",
)
UNSEEN = frozenset({"t2", "e2"})  # batches of these files that nothing is fitted to


class Row(NamedTuple):
    """`label` 1 is detailed, 0 is not, b is disputable; `why` is the reason expected, or "ok"."""

    file: str
    id: str
    label: str
    kind: str
    why: str
    text: str

    @property
    def shape(self) -> str:
        return self.kind.partition(".")[2]

    @property
    def batch(self) -> str:
        """Who wrote it and when: a file, or the batch that the id begins with."""
        return self.id.partition("_")[0] if "_" in self.id else self.file


def read_comments() -> list[Row]:
    """All that weights may be fitted to."""
    return [row for name in FILES for row in read_file(name) if row.batch not in UNSEEN]


def read_unseen() -> list[Row]:
    return [row for name in FILES for row in read_file(name) if row.batch in UNSEEN]


def read_file(name: str) -> list[Row]:
    """A line break stands in the file as a backslash and an n."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(lines)
        return [
            Row(name, id_, label, kind, why, text.replace("\\n", "\n"))
            for id_, label, kind, why, text in lines
        ]
