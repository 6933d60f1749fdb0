"""Tables into an XLSX file, row by row: what is written is not held, so that a file may be large.

A cell's type is said by us, never guessed from its text: text is written as text, whatever it begins with,
and only a Link of ours becomes a link.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, assert_never

import xlsxwriter

from gatekeeper.report.cells import Cell, Link, clean, is_dangerous
from gatekeeper.report.words import ReportWords

ROWS_A_SHEET = 65_000
"""Excel takes 65,530 links a sheet; a longer table goes on in another one."""

A4 = 9
WIDEST, NARROWEST = 60, 9
MEASURED = 200
"""Rows whose text decides how wide a column is."""


class Book:
    """Sheets in the order of `names`; each may be written to at any time, downwards."""

    def __init__(self, workbook: Any, names: Sequence[str], words: ReportWords, rows_a_sheet: int) -> None:
        self._workbook = workbook
        self._empty = {name: workbook.add_worksheet(name) for name in names}
        self.rows_a_sheet = rows_a_sheet
        plain = {"valign": "top"}
        moment, day = words.formatter.excel_moment, words.formatter.excel_day
        self.head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.text = workbook.add_format(plain)
        # Excel keeps it text even when the reader opens the cell for editing and presses Enter.
        self.quoted = workbook.add_format({**plain, "quote_prefix": True})
        self.moment = workbook.add_format({**plain, "num_format": moment, "align": "left"})
        self.day = workbook.add_format({**plain, "num_format": day, "align": "left"})
        self.fraction = workbook.add_format({**plain, "num_format": "0.0"})
        self.link = workbook.add_format({**plain, "font_color": "#0563C1", "underline": 1})

    def sheet(self, name: str) -> Any:
        """The sheet of this name, which nobody has written to; a new last one where there is none."""
        return self._empty.pop(name, None) or self._workbook.add_worksheet(name)


def write_table(book: Book, name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write all of them under the headings; tells how many there were."""
    sheet = Sheet(book, name, headings)
    for row in rows:
        sheet.write(row)
    sheet.finish()
    return sheet.written


class Sheet:
    """One table under its headings; `written` rows so far."""

    def __init__(self, book: Book, name: str, headings: Sequence[str]) -> None:
        self._book = book
        self._name = name
        self._headings = [clean(heading) for heading in headings]
        self._widths = [min(len(heading), 2 * NARROWEST) for heading in self._headings]
        self._parts = 0
        self.written = 0
        self._begin()

    def write(self, row: Sequence[Cell]) -> None:
        if self._row > self._book.rows_a_sheet:
            self.finish()
            self._begin()
        for column, cell in enumerate(row):
            self._write_cell(column, cell)
        if self.written < MEASURED:
            self._widths = [max(width, _width(cell)) for width, cell in zip(self._widths, row, strict=True)]
        self.written += 1
        self._row += 1

    def finish(self) -> None:
        """Widths, the heading that stays in sight, the arrows to filter by; on paper, as wide as a page."""
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, max(NARROWEST, min(WIDEST, width + 2)))
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_landscape()
        self._sheet.set_paper(A4)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)
        if self._row > 1 and all(self._headings):
            self._sheet.autofilter(0, 0, self._row - 1, len(self._headings) - 1)

    def _begin(self) -> None:
        self._parts += 1
        name = self._name if self._parts == 1 else f"{self._name} ({self._parts})"
        self._sheet = self._book.sheet(name)
        self._row = 1
        for column, heading in enumerate(self._headings):
            self._sheet.write_string(0, column, heading, self._book.head)

    def _write_cell(self, column: int, cell: Cell) -> None:
        sheet, book, at = self._sheet, self._book, (self._row, column)
        match cell:
            case None:
                pass
            case str():
                if text := clean(cell):
                    sheet.write_string(*at, text, book.quoted if is_dangerous(text) else book.text)
            case Link():
                sheet.write_url(*at, cell.url, book.link, cell.text)
            case datetime():  # a date, too, so that it comes first
                sheet.write_datetime(*at, cell.replace(tzinfo=None, microsecond=0), book.moment)
            case date():
                sheet.write_datetime(*at, cell, book.day)
            case float():
                sheet.write_number(*at, cell, book.fraction)
            case int():
                sheet.write_number(*at, cell, book.text)
            case _:
                assert_never(cell)


def _width(cell: Cell) -> int:
    match cell:
        case str():
            return len(cell)
        case Link():
            return len(cell.text)
        case datetime():
            return 16
        case _:
            return NARROWEST


@contextmanager
def writing_book(
    file: Path, names: Sequence[str], words: ReportWords, rows_a_sheet: int = ROWS_A_SHEET
) -> Iterator[Book]:
    """A book that is in the file once the block ends; what it needs meanwhile is gone then, come what may."""
    with tempfile.TemporaryDirectory(prefix="gatekeeper-report-") as folder:
        workbook = xlsxwriter.Workbook(str(file), {"constant_memory": True, "tmpdir": folder})
        try:
            yield Book(workbook, names, words, rows_a_sheet)
            workbook.close()
        finally:
            for sheet in workbook.worksheets():
                sheet.row_data_fh.close()
