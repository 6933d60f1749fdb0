"""Figures for the quality-control department: who broke which rule, when, for how long, and what came of it.

period, selection    what is asked for
violations, moves,   what the journal says of it, read a page at a time
decided
counting             from violations to figures
people               whose they are
words                the report's own, in two languages
tables, summary,     from values to rows and lines
terminal
cells                what people typed, made fit for a cell
book, separated      rows into XLSX and CSV
edition              all of it together
files                a file that is there whole or not at all
"""

from gatekeeper.report.edition import Report
from gatekeeper.report.files import whole_file
from gatekeeper.report.people import People
from gatekeeper.report.period import Period, Span
from gatekeeper.report.selection import Selection
from gatekeeper.report.summary import Reservations
from gatekeeper.report.tables import Told
from gatekeeper.report.words import ReportWords

__all__ = [
    "People",
    "Period",
    "Report",
    "ReportWords",
    "Reservations",
    "Selection",
    "Span",
    "Told",
    "whole_file",
]
