"""The receipt's numerals, and the forms against LibreOffice."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ledger.case.case import Case
from reports.forms.numerals import in_words
from reports.forms.receipt import write_receipt
from reports.forms.remittance import write_remittance
from tests.reports.conftest import Recalculate


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "零"),
        (5, "伍"),
        (10, "壹拾"),
        (105, "壹佰零伍"),
        (1_010, "壹仟零壹拾"),
        (10_005, "壹萬零伍"),
        (864_898, "捌拾陸萬肆仟捌佰玖拾捌"),
        (1_200_000, "壹佰貳拾萬"),
        (20_000_000, "貳仟萬"),
        (100_010_001, "壹億零壹萬零壹"),
        (300_000_000, "參億"),
    ],
)
def test_amounts_in_capital_numerals(amount: int, words: str) -> None:
    assert in_words(amount) == f"新臺幣{words}元整"


def test_there_are_no_words_for_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="-1"):
        in_words(-1)


def test_the_remittance_calculates_to_the_ledgers_figures(
    case: Case, recalculate: Recalculate, tmp_path: Path
) -> None:
    path = tmp_path / "remittance.xlsx"
    write_remittance(case, path)
    ours = openpyxl.load_workbook(path, data_only=True).worksheets[0]
    calculated = recalculate(path).worksheets[0]
    formulas = [
        cell.coordinate
        for row in openpyxl.load_workbook(path).worksheets[0]
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(formulas) > 6
    assert [ours[cell].value for cell in formulas] == [calculated[cell].value for cell in formulas]


def test_the_same_case_gives_the_same_forms(case: Case, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_receipt(case, tmp_path / f"{name}1", 1_000)
        write_remittance(case, tmp_path / f"{name}2")
    assert (tmp_path / "a1").read_bytes() == (tmp_path / "b1").read_bytes()
    assert (tmp_path / "a2").read_bytes() == (tmp_path / "b2").read_bytes()
