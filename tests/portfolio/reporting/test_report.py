"""The workbook of a portfolio: what stands in its cells, and that it can be read as printed."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from ledger.loading.loader import load_case
from portfolio.crossed import up_to_date
from portfolio.dismissals import dismiss
from portfolio.index import update_index
from portfolio.reporting.report import write_report
from portfolio.synthetic import make_portfolio

DAY = datetime.date(2024, 7, 1)
ODD = "=1+1\x1b案件"


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cases with a double claim, one of them in a folder with an odd name; a finding is dismissed."""
    folder = tmp_path_factory.mktemp("reported")
    make_portfolio(folder, cases=6, vouchers=4, seed=7, plants=["same-invoice"])
    (folder / "case-00006").rename(folder / ODD)
    update_index(folder, day=DAY, jobs=1)
    (finding, *_rest) = up_to_date(folder)
    dismiss(folder, finding.id, "@已查明", "虛構審查員", DAY)
    return folder


def report_of(cases: Path, output: Path) -> Workbook:
    write_report(cases, output)
    return openpyxl.load_workbook(output)


@pytest.fixture
def book(cases: Path, tmp_path: Path) -> Workbook:
    return report_of(cases, tmp_path / "report.xlsx")


def test_nothing_is_nothing_and_text_is_text(book: Workbook) -> None:
    values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "'" not in values
    assert "=1+1 案件" in values
    assert "@已查明" in values
    formulas = [
        cell
        for name in ("案件", "跨案疑點")
        for row in book[name].iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert formulas == []


def test_a_row_is_as_tall_as_its_text(book: Workbook) -> None:
    sheet = book["跨案疑點"]
    heights = [sheet.row_dimensions[row].height for row in range(2, sheet.max_row + 1)]
    assert heights
    assert all(height is not None and height > 20 for height in heights)  # each names two cases


def test_schemes_are_called_by_name(book: Workbook) -> None:
    assert {row[3].value for row in book["案件"].iter_rows(min_row=2)} == {
        "低碳化智慧化升級轉型個案補助(製造業10人以上)"
    }


def test_rates_are_drawn_where_there_are_any(cases: Path, tmp_path: Path) -> None:
    write_report(cases, tmp_path / "before.xlsx")
    case = cases / "case-00001"
    voucher = load_case(case, DAY).case.vouchers[0]
    (case / "audit.beancount").write_text(
        f'2024-01-02 custom "grant-finding" "F-001"\n  voucher: "{voucher.number}"\n'
        '  state: "disallowed"\n  comment: "虛構意見"\n',
        encoding="utf-8",
    )
    update_index(cases, day=DAY, jobs=1)
    write_report(cases, tmp_path / "after.xlsx")
    assert len(charts(tmp_path / "before.xlsx")) == 1  # of the looks
    (_looks, rates) = charts(tmp_path / "after.xlsx")
    assert '<min val="0"' in rates


def charts(workbook: Path) -> list[str]:
    with zipfile.ZipFile(workbook) as opened:
        names = sorted(name for name in opened.namelist() if name.startswith("xl/charts/chart"))
        return [opened.read(name).decode("utf-8") for name in names]
