"""The settlement workbook: its sheets in the order of the form, written so that each can name the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from openpyxl import Workbook

from ledger.util.i18n import _
from reports.data.report import SettlementReport
from reports.data.rules import rules_of
from reports.data.stamp import stamp_of
from reports.data.tables import Tables
from reports.labels import category_sheet
from reports.labels import party_sheet
from reports.sheets.account import write_account
from reports.sheets.budget import write_budget
from reports.sheets.calculation import write_calculation
from reports.sheets.charts import write_charts
from reports.sheets.cover import write_cover
from reports.sheets.detail import write_detail
from reports.sheets.findings import write_findings
from reports.sheets.interest import write_interest
from reports.sheets.months import write_months
from reports.sheets.parties import write_parties
from reports.sheets.registers.assets import machines
from reports.sheets.registers.assets import write_assets
from reports.sheets.registers.checklist import write_checklist
from reports.sheets.registers.foreign import foreign_vouchers
from reports.sheets.registers.foreign import write_foreign
from reports.sheets.registers.funding import write_apportionment
from reports.sheets.registers.funding import write_funding
from reports.sheets.registers.hours import write_hours
from reports.sheets.registers.items import write_items
from reports.sheets.registers.shared import shared_vouchers
from reports.sheets.registers.shared import write_shared
from reports.sheets.sources import write_hidden
from reports.sheets.summary import write_summary
from reports.sheets.vouchers import write_vouchers
from reports.trace.build_info import build_info_of
from reports.xlsx.grid import Book
from reports.xlsx.grid import Sheet
from reports.xlsx.package import workbook_bytes
from reports.xlsx.styles import add_styles
from reports.xlsx.table import Placed


class _Sheets(NamedTuple):
    """The sheets of the report, all made before any is written: they name each other."""

    cover: Sheet
    summary: Sheet
    calculation: Sheet
    parties: Sheet | None
    details: dict[str, Sheet]
    hours: Sheet | None
    items: Sheet | None
    assets: Sheet | None
    foreign: Sheet | None
    shared: Sheet | None
    funding: Sheet | None
    apportionment: Sheet | None
    accounts: dict[str, Sheet]
    interest: Sheet
    months: Sheet
    vouchers: Sheet
    checklist: Sheet
    findings: Sheet
    budget: Sheet
    charts: Sheet


def settlement_workbook(tables: Tables) -> tuple[Workbook, Book]:
    """The workbook of a settlement, and the ledger's figure for every formula in it."""
    report = SettlementReport(tables, stamp_of(tables.case, tables.scheme))
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook)
    book = Book({}, [])
    _write(_make(workbook, book, tables), report)
    rules = rules_of(tables.scheme, tables.award)
    write_hidden(workbook, book, tables.case.folder, rules, build_info_of(report))
    return workbook, book


def _make(workbook: Workbook, book: Book, tables: Tables) -> _Sheets:
    vouchers = tables.case.vouchers

    def new(name: str) -> Sheet:
        return Sheet(workbook.create_sheet(name), book)

    return _Sheets(
        cover=new(_("封面")),
        summary=new(_("經費支用彙總表")),
        calculation=new(_("認列計算表")),
        parties=new(_("各單位結算")) if tables.several else None,
        details={category: new(category_sheet(category)) for category in tables.details},
        hours=new(_("工時紀錄表")) if tables.case.timesheets else None,
        items=new(_("品項對照表")) if tables.award.items else None,
        assets=new(_("財產清冊")) if any(machines(tables.details)) else None,
        foreign=new(_("外幣支付明細")) if foreign_vouchers(vouchers) else None,
        shared=new(_("費用分攤表")) if shared_vouchers(vouchers) else None,
        funding=new(_("收支明細表")) if tables.case.funding else None,
        apportionment=new(_("經費分攤表")) if tables.case.funding else None,
        accounts={party: new(_account_name(tables, party)) for party in tables.accounts},
        interest=new(_("孳息及結餘計算")),
        months=new(_("撥款與提領對照")),
        vouchers=new(_("憑證清冊")),
        checklist=new(_("證明文件檢核表")),
        findings=new(_("查核意見")),
        budget=new(_("預算變更")),
        charts=new(_("圖表")),
    )


def _write(sheets: _Sheets, report: SettlementReport) -> None:
    write_vouchers(sheets.vouchers, report)
    details = {category: write_detail(sheet, report, category) for category, sheet in sheets.details.items()}
    _write_registers(sheets, report, details)
    accounts = {party: write_account(sheet, report, party) for party, sheet in sheets.accounts.items()}
    budget = write_budget(sheets.budget, report)
    table, steps = write_calculation(sheets.calculation, report, details, budget, list(accounts.values()))
    if sheets.funding is not None and sheets.apportionment is not None:
        payers = write_funding(sheets.funding, report, table, steps)
        write_apportionment(sheets.apportionment, report, payers)
    form = write_summary(sheets.summary, report, details, budget, (table, steps))
    if sheets.parties is not None:
        write_parties(sheets.parties, report, table, accounts)
    due = write_interest(sheets.interest, report, accounts, steps)
    by_month = write_months(sheets.months, report, details, budget, list(accounts.values()))
    write_checklist(sheets.checklist, report)
    write_findings(sheets.findings, report, details)
    write_charts(sheets.charts, report, (sheets.summary, form), (sheets.months, by_month))
    write_cover(sheets.cover, report, steps, due)


def _write_registers(sheets: _Sheets, report: SettlementReport, details: Mapping[str, Placed]) -> None:
    """The sheets that stand only where the case has something for them."""
    if sheets.hours is not None:
        write_hours(sheets.hours, report)
    if sheets.items is not None:
        write_items(sheets.items, report, details)
    if sheets.assets is not None:
        write_assets(sheets.assets, report, details)
    if sheets.foreign is not None:
        write_foreign(sheets.foreign, report)
    if sheets.shared is not None:
        write_shared(sheets.shared, report)


def settlement_bytes(tables: Tables) -> bytes:
    """The workbook as a file: the same tables give the same bytes."""
    workbook, book = settlement_workbook(tables)
    return workbook_bytes(workbook, tables.award.id, tables.case.as_of, book.figures)


def _account_name(tables: Tables, party: str) -> str:
    return party_sheet(_("專戶收支明細"), tables.award, party)
