"""Comments made up out of labelled ones, so that the weights learn what makes a comment, not how it is typed.

What was talked about and an agreement, each without the other, are detailed together; empty talk beside one
half adds nothing to it; two calls that came to nothing are nothing; and whoever types without capitals and
stops says the same. Only rows given are mixed: a fold's made-up comments never hold a text of another fold.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from benchmarks.comments import Row

MIXTURES = 300  # of each sort
SETTLED = ("agreement_no_content", "done_empty")
MIXED_WEIGHT = 0.3  # beside a row that somebody wrote
_STOPS = re.compile(r"[.,;:!?()—–-]+\s")


def make_up(rows: Sequence[Row]) -> list[Row]:
    """Make up the same comments of the same rows, every time."""
    return [*_join(rows, random.Random(0)), *map(_strip, rows)]


def _join(rows: Sequence[Row], chance: random.Random) -> Iterator[Row]:
    refused = [row for row in rows if row.label == "0"]
    content = [row for row in refused if row.why == "no_agreement"]
    agreed = [row for row in refused if row.shape in SETTLED]
    empty = [row for row in refused if row.shape == "long_empty"]
    stopped = [row for row in refused if row.why == "stop_phrase"]
    for first, second, label, why in (
        (content, agreed, "1", "ok"),
        (content, empty, "0", "no_agreement"),
        (empty, agreed, "0", "no_subject"),
        (empty + stopped, stopped, "0", "stop_phrase"),
    ):
        for _ in range(MIXTURES if first and second else 0):
            pair = [chance.choice(first), chance.choice(second)]
            chance.shuffle(pair)
            yield pair[0]._replace(label=label, why=why, text=". ".join(row.text for row in pair))


def _strip(row: Row) -> Row:
    return row._replace(text=_STOPS.sub(" ", row.text).lower())
