"""Cells: text stays text whatever it says, and rows are high enough for it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from reports.labels import sheet_name
from reports.xlsx.grid import Book
from reports.xlsx.grid import Sheet
from reports.xlsx.grid import lines_needed
from reports.xlsx.grid import text_width
from reports.xlsx.styles import add_styles


def _saved(text: str) -> openpyxl.cell.Cell:
    workbook = openpyxl.Workbook()
    add_styles(workbook)
    Sheet(workbook.worksheets[0], Book({}, [])).put(1, 1, text, "text")
    buffer = io.BytesIO()
    workbook.save(buffer)
    return openpyxl.load_workbook(buffer).worksheets[0]["A1"]  # type: ignore[no-any-return]


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=40), st.from_regex(r"[=+\-@\t#][A-Z(0-9/!?]{1,10}", fullmatch=True)))
def test_text_is_never_anything_but_text(text: str) -> None:
    assert _saved(text).data_type in {"s", "n"}  # n: an empty cell
    assert not isinstance(_saved(text).value, int | float)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "#N/A", "2024-01-01", "TRUE", "12"])
def test_what_looks_like_something_else_stays_as_it_was_written(text: str) -> None:
    cell = _saved(text)
    assert (cell.value, cell.data_type) == (text, "s")


def test_control_characters_and_lone_surrogates_are_taken_out() -> None:
    assert _saved("A\x00B\ud800C\x1b").value == "A B C "


def test_chinese_takes_two_columns() -> None:
    assert text_width("補助款A") == 7
    assert lines_needed("補助款" * 4, 12) == 2
    assert lines_needed("一\n二", 12) == 2


def test_a_sheets_name_has_nothing_that_a_sheets_name_may_not_have() -> None:
    name = sheet_name("[費]:用*?/\\'{}" + "長" * 40)
    assert len(name) <= 31
    assert not set("[]:*?/\\'{}") & set(name)
