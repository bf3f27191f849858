"""The month-end sheet against the ledger's own close."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest

from ledger.case.case import Case
from ledger.case.month_close import worked_out
from reports.forms.month_end import write_month_end
from tests.reports import office
from tests.reports.conftest import Recalculate

_DAY = datetime.date(2024, 1, 31)


def test_every_formula_calculates_to_the_ledgers_figure(
    any_case: Case, recalculate: Recalculate, tmp_path: Path
) -> None:
    path = tmp_path / "month.xlsx"
    write_month_end(any_case, "2023-12", datetime.date(2023, 12, 31), path)
    shown, calculated = openpyxl.load_workbook(path, data_only=True), recalculate(path)
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    ours = shown[sheet.title][cell.coordinate].value
                    assert ours == calculated[sheet.title][cell.coordinate].value


def test_it_says_what_may_be_withdrawn(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "month.xlsx"
    write_month_end(case, "2024-01", _DAY, path)
    sheet = openpyxl.load_workbook(path, data_only=True)["月結提領表"]
    beside = {row[0].value: row[2].value for row in sheet.iter_rows()}
    figures = worked_out(case, "2024-01", _DAY)
    assert figures.withdrawable > 0
    assert beside["本次可提領"] == figures.withdrawable
    assert beside["累計應計補助款"] == figures.entitlement
    assert beside["先前已提領"] == figures.withdrawn_before


def test_it_lists_the_vouchers_of_the_month_alone(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "month.xlsx"
    write_month_end(case, "2024-01", _DAY, path)
    sheet = openpyxl.load_workbook(path)["本月憑證"]
    numbers = [cell.value for cell in sheet["B"] if isinstance(cell.value, str)]
    assert numbers == ["憑證號碼", "AB12345606", "CD23456706", "GH45678906", "薪202401-王大明"]


def test_the_same_month_gives_the_same_bytes(case: Case, tmp_path: Path) -> None:
    paths = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for path in paths:
        write_month_end(case, "2024-01", _DAY, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


@pytest.mark.parametrize("month", ["2023-07", "2024-08"])
def test_a_month_without_money_or_vouchers_is_written_too(case: Case, month: str, tmp_path: Path) -> None:
    path = tmp_path / "month.xlsx"
    write_month_end(case, month, datetime.date(2024, 8, 15), path)
    assert path.stat().st_size > 0


def test_what_was_certified_stands_beside_what_later_findings_left(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "month.xlsx"
    write_month_end(case, "2023-12", datetime.date(2023, 12, 31), path)
    sheet = openpyxl.load_workbook(path, data_only=True)["月結提領表"]
    beside = {row[0].value: row[2].value for row in sheet.iter_rows()}
    close = case.closed_months["2023-12"]
    now = worked_out(case, "2023-12", datetime.date(2023, 12, 31)).withdrawable
    assert beside["本次可提領"] == now
    assert ("月結登載之可提領" in beside) == (close.withdrawable != now)
    assert beside.get("月結登載之可提領", now) == close.withdrawable


def test_it_says_out_of_which_account_when_and_how(case: Case, tmp_path: Path) -> None:
    write_month_end(case, "2024-01", _DAY, tmp_path / "month.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "month.xlsx")["月結提領表"]
    beside = {row[0].value: row[2].value for row in sheet.iter_rows()}
    assert beside["專戶銀行"] == "第一商業銀行新莊分行"
    assert beside["專戶帳號"] == "20168001234"
    assert str(beside["提領日期"]).startswith("113/02/05 ")
    assert "轉帳" in str(beside["提領方式"])
    write_month_end(case, "2024-08", datetime.date(2024, 8, 31), tmp_path / "open.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "open.xlsx")["月結提領表"]
    assert {row[0].value: row[2].value for row in sheet.iter_rows()}["提領日期"] == "    年    月    日"


def test_every_party_with_an_account_has_its_own_sheet(tmp_path: Path) -> None:
    write_month_end(
        office.supply_chain_case(), "2023-12", datetime.date(2023, 12, 31), tmp_path / "month.xlsx"
    )
    book = openpyxl.load_workbook(tmp_path / "month.xlsx", data_only=True)
    assert book.sheetnames == ["月結提領表", f"月結提領表 {office.PARTNER}", "本月憑證"]
    lead, partner = (
        {row[0].value: row[2].value for row in book[name].iter_rows()} for name in book.sheetnames[:2]
    )
    assert (lead["累計應計補助款"], lead["補助款累計撥款"], lead["本次可提領"]) == (533_337, 300_000, 300_000)
    assert (partner["累計應計補助款"], partner["補助款累計撥款"], partner["本次可提領"]) == (
        282_518,
        100_000,
        100_000,
    )
    assert (lead["專戶帳號"], partner["專戶帳號"]) == ("20168001234", "00100200300")
    assert partner["戶名"] == '合聯"協力"{夥伴}股份有限公司'
