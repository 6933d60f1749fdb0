"""The labelled comments, by where they come from."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent.parent / "tests" / "data"
FILES = ("comments.tsv", "comments_more.tsv", "comments_blind.tsv")


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


def read_comments(*names: str) -> list[Row]:
    """Read the files named, else all; a line break stands in them as a backslash and an n."""
    return [row for name in names or FILES for row in _read(name)]


def _read(name: str) -> list[Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(lines)
        return [
            Row(name, id_, label, kind, why, text.replace("\\n", "\n"))
            for id_, label, kind, why, text in lines
        ]
