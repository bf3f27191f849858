"""Formulas and ranges after rows were put in: what a spreadsheet would make of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.fill.references import FormulaError
from reports.fill.references import Insertion

GROWS = Insertion("明細", 8, 12, 3)


@pytest.mark.parametrize(
    ("formula", "after", "inside", "elsewhere"),
    [
        ("SUM(F8:F12)", "SUM(F8:F15)", "SUM(F8:F12)", "SUM(F8:F12)"),
        ("SUM(F8:F11)", "SUM(F8:F11)", "SUM(F8:F11)", "SUM(F8:F11)"),  # it ends before the last row
        ("SUM(F$8:F13)", "SUM(F$8:F16)", "SUM(F$8:F16)", "SUM(F$8:F13)"),
        ("SUM(B12:D12)", "SUM(B12:D12)", "SUM(B12:D12)", "SUM(B12:D12)"),  # across the last row
        ("F12+F13", "F12+F16", "F12+F16", "F12+F13"),
        ("'明細'!$F$13*2", "'明細'!$F$16*2", "'明細'!$F$16*2", "'明細'!$F$16*2"),
        ("明細!F8:F12", "明細!F8:F15", "明細!F8:F12", "明細!F8:F15"),
        ("其他!F13+[1]明細!F13", *["其他!F13+[1]明細!F13"] * 3),
        ('IF(A1="F13","明細!F13",A1)', *['IF(A1="F13","明細!F13",A1)'] * 3),
        ("$8:$12", "$8:$15", "$8:$12", "$8:$12"),
        ("SUM(A:A)+LOG10(2)", *["SUM(A:A)+LOG10(2)"] * 3),
    ],
)
def test_formulas_move_with_the_rows(formula: str, after: str, inside: str, elsewhere: str) -> None:
    assert GROWS.formula(formula, "明細") == after
    assert GROWS.formula(formula, "明細", inside=True) == inside
    assert GROWS.formula(formula, "彙總") == elsewhere


def test_a_table_of_one_row_grows_in_the_sum_below_it() -> None:
    one = Insertion("明細", 8, 8, 4)
    assert one.formula("SUM(F8:F8)", "明細") == "SUM(F8:F12)"
    assert one.formula("SUM(B8:D8)", "明細") == "SUM(B8:D8)"


@pytest.mark.parametrize("formula", ["SUM(一月:三月!A13)", "SUM('一 月:三 月'!A13)"])
def test_a_reference_over_several_sheets_is_refused(formula: str) -> None:
    with pytest.raises(FormulaError, match="跨好幾個工作表"):
        GROWS.formula(formula, "明細")


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 30), st.integers(0, 10), st.integers(1, 9))
def test_what_a_range_held_it_holds_still(top: int, height: int, first: int, rows: int, added: int) -> None:
    """Every cell of the range before is in the range after, and no cell from outside but new rows."""
    insertion = Insertion("表", first, first + rows, added)
    bottom = top + height
    text = insertion.area(f"C{top}:C{bottom}")
    new_top, new_bottom = (int(part[1:]) for part in text.split(":"))
    before = {insertion.row(row) for row in range(top, bottom + 1)}
    new = set(range(insertion.last + 1, insertion.last + added + 1))
    after = set(range(new_top, new_bottom + 1))
    assert before <= after
    assert after - before <= new
