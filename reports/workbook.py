"""The settlement workbook: its sheets in the order of the form, written so that each can name the others."""

from __future__ import annotations

from openpyxl import Workbook

from ledger.i18n import _
from reports.grid import Book
from reports.grid import Sheet
from reports.labels import category_sheet
from reports.labels import sheet_name
from reports.package import workbook_bytes
from reports.report import Report
from reports.sheets.account import write_account
from reports.sheets.budget import write_budget
from reports.sheets.charts import write_charts
from reports.sheets.cover import write_cover
from reports.sheets.detail import write_detail
from reports.sheets.findings import write_findings
from reports.sheets.interest import write_interest
from reports.sheets.months import write_months
from reports.sheets.parties import write_parties
from reports.sheets.sources import write_sources
from reports.sheets.summary import write_summary
from reports.sheets.vouchers import write_vouchers
from reports.stamp import stamp_of
from reports.styles import add_styles
from reports.tables import Tables


def settlement_workbook(tables: Tables) -> tuple[Workbook, Book]:
    """The workbook of a settlement, and the ledger's figure for every formula in it."""
    report = Report(tables, stamp_of(tables.case, tables.scheme))
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook)
    book = Book({}, [])

    def new(name: str) -> Sheet:
        return Sheet(workbook.create_sheet(name), book)

    cover, summary = new(_("封面")), new(_("經費支用彙總表"))
    parties = new(_("各單位結算")) if tables.several else None
    detail_sheets = {category: new(category_sheet(category)) for category in tables.details}
    account_sheets = {party: new(_account_name(tables, party)) for party in tables.accounts}
    interest, months = new(_("孳息及結餘計算")), new(_("撥款與提領對照"))
    vouchers, findings = new(_("憑證清冊")), new(_("查核意見"))
    budgets, charts, sources = new(_("預算變更")), new(_("圖表")), new(_("來源"))

    details = {category: write_detail(sheet, report, category) for category, sheet in detail_sheets.items()}
    accounts = {party: write_account(sheet, report, party) for party, sheet in account_sheets.items()}
    budget = write_budget(budgets, report)
    table, steps = write_summary(summary, report, details, budget, list(accounts.values()))
    if parties is not None:
        write_parties(parties, report, table, accounts)
    due = write_interest(interest, report, accounts, steps)
    by_month = write_months(months, report, details, budget, list(accounts.values()))
    write_vouchers(vouchers, report)
    write_findings(findings, report, details)
    write_charts(charts, report, (summary, table), (months, by_month))
    write_cover(cover, report, steps, due)
    write_sources(sources, tables.case.folder)
    return workbook, book


def settlement_bytes(tables: Tables) -> bytes:
    """The workbook as a file: the same tables give the same bytes."""
    workbook, book = settlement_workbook(tables)
    return workbook_bytes(workbook, tables.award.id, tables.case.as_of, book.figures)


def _account_name(tables: Tables, party: str) -> str:
    name = _("專戶收支明細")
    return name if party == tables.award.ubn else sheet_name(f"{name} {party}")
