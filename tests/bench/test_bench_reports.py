"""What reports may cost: a workbook against openpyxl alone, an export against the loading of the case."""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from typing import NamedTuple

import openpyxl
import pytest
from openpyxl.styles import NamedStyle

from ledger.case.case import Case
from ledger.loading.loader import load_case
from reports.data.tables import settlement_tables
from reports.export.case import export_case
from reports.workbook import settlement_bytes
from reports.xlsx.styles import add_styles
from tests.bench import books

pytestmark = pytest.mark.bench
TIMES = 5


def seconds(works: dict[str, Callable[[], object]], times: int = TIMES) -> dict[str, float]:
    """The median of each work's seconds of the processor, one after the other in turn, in one run."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _turn in range(times):
        for name, work in works.items():
            began = time.process_time()
            work()
            taken[name].append(time.process_time() - began)
    return {name: statistics.median(each) for name, each in taken.items()}


class Prepared(NamedTuple):
    """A sheet as openpyxl would be given it."""

    title: str
    cells: list[tuple[int, int, Any, str]]
    merged: list[str]


def prepared(content: bytes) -> list[Prepared]:
    """Every cell of a report with its value and the name of its style."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    return [
        Prepared(
            sheet.title,
            [
                (cell.row, cell.column, cell.value, cell.style)
                for row in sheet.iter_rows()
                for cell in row
                if not isinstance(cell, openpyxl.cell.MergedCell)
                and (cell.has_style or cell.value is not None)
            ],
            [str(area) for area in sheet.merged_cells.ranges],
        )
        for sheet in workbook.worksheets
    ]


def write(sheets: list[Prepared]) -> bytes:
    """The same cells and styles by openpyxl alone."""
    workbook = openpyxl.Workbook()
    add_styles(workbook)
    names = {style.name if isinstance(style, NamedStyle) else style for style in workbook.named_styles}
    for sheet in sheets:
        worksheet = workbook.create_sheet(sheet.title)
        for row, column, value, style in sheet.cells:
            cell = worksheet.cell(row, column, value)
            if style in names:
                cell.style = style
        for area in sheet.merged:
            worksheet.merge_cells(area)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("small") / "case"
    books.make_case(folder, 1_000)
    return load_case(folder, books.AFTER).case


def test_a_workbook_costs_no_more_than_half_again_what_openpyxl_needs(small: Case) -> None:
    sheets = prepared(settlement_bytes(settlement_tables(small, "final")))
    assert sum(len(sheet.cells) for sheet in sheets) > 30_000
    taken = seconds(
        {
            "ours": lambda: settlement_bytes(settlement_tables(small, "final")),
            "openpyxl": lambda: write(sheets),
        }
    )
    print(f"\nworkbook, 1,000 vouchers: {taken} ratio {taken['ours'] / taken['openpyxl']:.2f}")  # noqa: T201
    assert taken["ours"] <= 1.5 * taken["openpyxl"]


def test_the_parquet_export_costs_half_the_loading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MONTHS", [])  # closing each month would load the case a dozen times
    folder = tmp_path / "case"
    books.make_case(folder, 10_000)
    case = load_case(folder, books.AFTER).case
    taken = seconds(
        {
            "loading": lambda: load_case(folder, books.AFTER),
            "parquet": lambda: export_case(case, "parquet", tmp_path / "out"),
        },
        3,
    )
    print(f"\nparquet, 10,000 vouchers: {taken} ratio {taken['parquet'] / taken['loading']:.2f}")  # noqa: T201
    assert taken["parquet"] <= taken["loading"] / 2
