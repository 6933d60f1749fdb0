"""Whatever people type stays text: in XLSX by the cell's own type, in CSV by what it begins with."""

from __future__ import annotations

import csv
import io
import string
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gatekeeper.messages import Messages
from gatekeeper.report import ReportWords
from gatekeeper.report.book import write_table, writing_book
from gatekeeper.report.cells import LONGEST, clean, defuse
from gatekeeper.report.separated import write_csv

RU = ReportWords("ru", Messages.in_language("ru"))
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
SIGNS = st.sampled_from([*DANGEROUS, " ", "'", '"', ";", ",", "\x00", "\ud800", "\uffff", "_x0041_", "=cmd|"])
TEXTS = st.lists(st.one_of(SIGNS, st.text(max_size=5)), max_size=8).map("".join)
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\x00=1",
    "\n=1",
    " =1",
    '";=1;"',
    "http://evil.example",
    "mailto:a@b.example",
    "internal:Лист!A1",
    "{=1}",
    "1e5",
    "_x0041_",
    "<b>&amp;</b>",
    "TRUE",
    "\ud83d",
)


def read_back(tmp_path: Path, texts: list[str]) -> list[Any]:
    file = tmp_path / "cells.xlsx"
    with writing_book(file, ["Лист"], RU) as book:
        write_table(book, "Лист", ["текст"], [(each,) for each in texts])
    sheet = openpyxl.load_workbook(file)["Лист"]
    return [sheet.cell(row, 1) for row in range(2, len(texts) + 2)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cells")


@given(texts=st.lists(TEXTS, max_size=20))
@example(texts=list(HOSTILE))
def test_no_text_becomes_a_formula_a_link_or_a_number_in_a_spreadsheet(
    folder: Path, texts: list[str]
) -> None:
    for cell, text in zip(read_back(folder, texts), texts, strict=True):
        told = clean(text)
        assert cell.data_type in ({"s", "inlineStr"} if told else {"n"})
        assert cell.hyperlink is None
        assert openpyxl.utils.escape.unescape(cell.value or "") == told


@given(texts=st.lists(TEXTS, max_size=20), delimiter=st.sampled_from([";", ",", "\t"]))
@example(texts=list(HOSTILE), delimiter=";")
def test_no_cell_of_a_csv_begins_like_a_formula(texts: list[str], delimiter: str) -> None:
    out = io.StringIO(newline="")
    write_csv(out, ["текст", "и ещё"], [(each, "-") for each in texts], RU, delimiter)
    rows = list(csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter))[1:]
    assert len(rows) == len(texts)
    for row, text in zip(rows, texts, strict=True):
        assert len(row) == 2
        assert not [each for each in row if each.lstrip().startswith(DANGEROUS)]
        assert row[0].removeprefix("'") == clean(text).removeprefix("'")


@given(text=TEXTS)
def test_what_is_harmless_is_left_as_it_is(text: str) -> None:
    told = clean(text)
    assert told == clean(told)
    assert not set(told) & set(string.whitespace.replace(" ", ""))
    if told[:1].isalnum():
        assert defuse(text) == told


@pytest.mark.parametrize("letter", ["я", "😀"])
@pytest.mark.parametrize("units", [LONGEST - 2, LONGEST - 1, LONGEST, LONGEST + 1, 3 * LONGEST])
def test_a_text_too_long_for_a_cell_is_cut_between_two_letters(
    tmp_path: Path, letter: str, units: int
) -> None:
    size = len(letter.encode("utf-16-le")) // 2
    (cell,) = read_back(tmp_path, [letter * (units // size)])
    assert cell.value == letter * (min(units, LONGEST) // size)


def test_a_table_longer_than_a_sheet_goes_on_in_another_one(tmp_path: Path) -> None:
    file = tmp_path / "long.xlsx"
    with writing_book(file, ["Лист", "Итог"], RU, rows_a_sheet=3) as book:
        write_table(book, "Лист", ["номер"], [(number,) for number in range(7)])
        write_table(book, "Итог", ["всего"], [(7,)])
    sheets = {each.title: list(each.iter_rows(values_only=True)) for each in openpyxl.load_workbook(file)}
    assert sheets == {
        "Лист": [("номер",), (0,), (1,), (2,)],
        "Итог": [("всего",), (7,)],
        "Лист (2)": [("номер",), (3,), (4,), (5,)],
        "Лист (3)": [("номер",), (6,)],
    }
