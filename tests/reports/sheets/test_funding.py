"""收支明細表 and 經費分攤表 of a case for which other agencies pay too."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.casemaker import Story
from tests.replay import begin
from tests.replay import run
from tests.reports.conftest import Recalculate
from tests.reports.conftest import equal

_FUNDING = """
2023-07-01 custom "grant-funding" "經濟部能源署" 123457 TWD
  kind: "government"
2023-07-01 custom "grant-funding" "產業公會" 50000 TWD
  kind: "other"
"""


def made(folder: Path, funding: str, **story: Any) -> tuple[dict[str, Any], Path]:
    """The settlement of a made case with other agencies' money, and its workbook."""
    told = Story(5, months=2, **story).money()
    begin(told, folder / "case")
    run("import", folder / "case")
    award = folder / "case" / "award.beancount"
    award.write_text(award.read_text(encoding="utf-8") + funding, encoding="utf-8")
    settled = run("settle", folder / "case", "--as-of", told.today)
    run("settle", folder / "case", "--as-of", told.today, "-o", folder / "r.xlsx", as_json=False)
    run("verify", folder / "r.xlsx", folder / "case", as_json=False)
    return settled, folder / "r.xlsx"


def rows_of(book: Workbook, name: str, first: str) -> dict[str, list[Any]]:
    """The rows of a sheet by what stands in their first column, below the heading `first`."""
    sheet: Worksheet = book[name]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(place for place, row in enumerate(rows) if row[0] == first)
    found: dict[str, list[Any]] = {}
    for row in rows[start + 1 :]:
        if row[0]:
            found.setdefault(str(row[0]), [value for value in row[1:] if value is not None])
        if row[0] == "合計":
            break
    return found


@pytest.mark.parametrize("partners", [0, 2])
def test_who_pays_adds_up_to_what_was_spent(tmp_path: Path, partners: int, recalculate: Recalculate) -> None:
    scheme = "supply-chain-smart-112" if partners else "small-manufacturer-112"
    settled, path = made(tmp_path, _FUNDING, scheme=scheme, partners=partners)
    assert equal(path, recalculate) > 50
    book = openpyxl.load_workbook(path, data_only=True)
    payers = rows_of(book, "收支明細表", "經費來源")
    own = settled["accepted"] - settled["recognised_government"] - 173_457
    assert payers["經濟部產業發展署"][:2] == [
        settled["approved_government"],
        settled["recognised_government"],
    ]
    assert payers["經濟部能源署"][:2] == [123_457, 123_457]
    assert payers["信沛模具有限公司"][1] == own
    assert payers["合計"][1] == settled["accepted"]
    spent = rows_of(book, "收支明細表", "項目")
    assert spent["合計"][1:] == [settled["accepted"], settled["recognised_government"], 173_457, own]
    for name, (_budget, accepted, *paid) in spent.items():
        assert accepted == sum(paid), name
    parts = rows_of(book, "經費分攤表", "分攤機關")
    assert parts["合計"] == [settled["accepted"], 100]
    exact = Decimal(123_457) * 100 / settled["accepted"]
    assert abs(Decimal(str(parts["經濟部能源署"][1])) - exact) <= Decimal("0.005")


def test_more_than_is_left_is_shown_as_less_than_nothing(tmp_path: Path, recalculate: Recalculate) -> None:
    settled, path = made(tmp_path, _FUNDING.replace("50000", "9000000"))
    assert equal(path, recalculate) > 50
    payers = rows_of(openpyxl.load_workbook(path, data_only=True), "收支明細表", "經費來源")
    assert payers["信沛模具有限公司"][1] == settled["accepted"] - settled["recognised_government"] - 9_123_457
    assert payers["信沛模具有限公司"][1] < 0
    found = run("check", tmp_path / "case", codes=(1,))["findings"]
    assert "funding-exceeds-cost" in {each["check"] for each in found}


def test_a_case_that_nobody_else_pays_for_has_neither_sheet(tmp_path: Path) -> None:
    _settled, path = made(tmp_path, "")
    assert not {"收支明細表", "經費分攤表"} & {*openpyxl.load_workbook(path).sheetnames}
