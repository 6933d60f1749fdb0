"""One report, made: read in one go through the violations, written as XLSX, as CSV or for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from sqlalchemy import Engine

from gatekeeper.judge.policy import Mode
from gatekeeper.model.exemption import Exemption
from gatekeeper.report.book import ROWS_A_SHEET, Book, write_table, writing_book
from gatekeeper.report.cells import Link
from gatekeeper.report.counting import Figures, Reported
from gatekeeper.report.decided import read_decided, read_used_exemptions
from gatekeeper.report.moves import ReportedMove, read_moves
from gatekeeper.report.selection import Selection
from gatekeeper.report.separated import write_csv
from gatekeeper.report.summary import Reservations, summary_rows
from gatekeeper.report.tables import (
    EXEMPTIONS,
    MOVES,
    VIOLATIONS,
    Row,
    Told,
    Used,
    department_table,
    exemption_rows,
    held_within,
    manager_table,
    move_rows,
    rule_table,
    violation_row,
)
from gatekeeper.report.terminal import render_lines
from gatekeeper.report.violations import read_violations
from gatekeeper.store.exemptions import Granted
from gatekeeper.store.journal.day import SPOKEN

OBSERVED = (Mode.OBSERVE.value,)
SHEETS = (
    *("summary", "rules", "managers", "departments"),
    *("violations", "observed", "moves", "exemptions"),
)
NO_RESERVATIONS = Reservations()
FIGURES = {"rules": rule_table, "managers": manager_table, "departments": department_table}


@dataclass(frozen=True, slots=True)
class Report:
    """What it is about, and whom to ask. `granted` and `in_config` are all exemptions there ever were."""

    engine: Engine
    wanted: Selection
    told: Told
    granted: tuple[Granted, ...] = ()
    in_config: tuple[Exemption, ...] = ()
    reservations: Reservations = NO_RESERVATIONS

    def write_xlsx(self, file: Path, rows_a_sheet: int = ROWS_A_SHEET) -> int:
        """Tells how many violations are in it."""
        with writing_book(file, self._sheet_names, self.told.words, rows_a_sheet) as book:
            figures = self._new_figures()
            counted = self._counting(figures, read_violations(self.engine, self.wanted, SPOKEN))
            written = self._write(book, "violations", VIOLATIONS, self._rows(counted))
            if self.wanted.observed:
                observed = read_violations(self.engine, self.wanted, OBSERVED)
                written += self._write(book, "observed", VIOLATIONS, self._rows(observed))
            moves = read_moves(self.engine, self.wanted)
            self._write(book, "moves", MOVES, move_rows(moves, self.told))
            self._write(book, "exemptions", EXEMPTIONS, exemption_rows(self._used(), self.told))
            for name, table in FIGURES.items():
                write_table(book, self._sheet_name(name), *table(figures, self.told))
            title = (self.told.words.say("summary", "title"), "")
            write_table(book, self._sheet_name("summary"), title, self._summary(figures, moves))
        return written

    def write_csv(self, out: TextIO, delimiter: str) -> int:
        """The violations alone, those observed among them where they are asked for."""
        modes = (*SPOKEN, *OBSERVED) if self.wanted.observed else SPOKEN
        rows = self._rows(read_violations(self.engine, self.wanted, modes))
        with_link = ((*row, row[0].url if isinstance(row[0], Link) else None) for row in rows)
        headings = self.told.headings((*VIOLATIONS, "link"))
        return write_csv(out, headings, with_link, self.told.words, delimiter)

    def render(self) -> str:
        """The figures in a few lines, for a terminal."""
        figures = self._new_figures()
        for violation in read_violations(self.engine, self.wanted, SPOKEN):
            figures.add(violation)
        moves = read_moves(self.engine, self.wanted)
        return "\n".join(render_lines(self.wanted, figures, moves, self.reservations, self.told))

    def _new_figures(self) -> Figures:
        return Figures(self.wanted.span, self.told.people.department_of)

    def _counting(self, figures: Figures, violations: Iterable[Reported]) -> Iterator[Reported]:
        """Let them through, each counted: they are read once for the list and the figures."""
        for violation in violations:
            figures.add(violation)
            yield violation

    def _rows(self, violations: Iterable[Reported]) -> Iterator[Row]:
        return (violation_row(violation, self.wanted.span, self.told) for violation in violations)

    def _write(self, book: Book, name: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
        return write_table(book, self._sheet_name(name), self.told.headings(columns), rows)

    def _summary(self, figures: Figures, moves: Sequence[ReportedMove]) -> Iterator[Row]:
        decided = read_decided(self.engine, self.wanted)
        return summary_rows(self.wanted, figures, moves, decided, self.reservations, self.told)

    @property
    def _sheet_names(self) -> list[str]:
        names = SHEETS if self.wanted.observed else [sheet for sheet in SHEETS if sheet != "observed"]
        return [self._sheet_name(name) for name in names]

    def _sheet_name(self, name: str) -> str:
        return self.told.words.say("sheets", name)

    def _used(self) -> list[Used]:
        """Exemptions that held at some time within the span; with rules asked for, those that touch them."""
        wanted, cards = self.wanted, read_used_exemptions(self.engine, self.wanted.span)
        listed = [Used(each, None, None, None, cards[each.id]) for each in self.in_config]
        listed += [
            Used(each.exemption, each.granted_at, each.removed_at, each.removed_by, cards[each.exemption.id])
            for each in self.granted
        ]
        return [each for each in listed if held_within(each, wanted)]
