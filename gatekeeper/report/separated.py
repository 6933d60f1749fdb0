"""A table as CSV that spreadsheets open rightly and harmlessly."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TextIO

from gatekeeper.report.cells import Cell, Link, clean, defuse
from gatekeeper.report.words import ReportWords


def write_csv(
    out: TextIO, headings: Sequence[str], rows: Iterable[Sequence[Cell]], words: ReportWords, delimiter: str
) -> int:
    """Write every cell in quotes, so that no text can begin another cell; tells how many rows there were."""
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow([clean(heading) for heading in headings])
    written = 0
    for row in rows:
        writer.writerow([_told(cell, words, decimal_comma=delimiter == ";") for cell in row])
        written += 1
    return written


def _told(cell: Cell, words: ReportWords, *, decimal_comma: bool) -> str:
    match cell:
        case None:
            return ""
        case str():
            return defuse(cell)
        case Link():
            return cell.text
        case datetime():
            return words.moment(cell)
        case date():
            return words.day(cell)
        case _:
            return words.number(cell) if decimal_comma else str(cell)
