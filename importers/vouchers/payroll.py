"""The payroll sheet that a company fills in: format `payroll-sheet`.

Columns: 月份 姓名 職稱 月薪 專案工時 總工時 應計薪資 付款日期, and where a programme asks 本薪 津貼 獎金 到職日 離職日,
found by meaning. A row is one person's month: number `薪` + ROC month + name, date the month's last day, amount 應計薪資
(NT$, no tax).
"""

from __future__ import annotations

import re
from collections import Counter

from importers.records import PayrollDetail
from importers.records import Reading
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.vouchers.columns import Synonyms
from importers.vouchers.columns import TableRow
from importers.vouchers.columns import find_table
from importers.vouchers.columns import ignored_columns_warning
from importers.vouchers.values import is_example
from importers.vouchers.values import is_total
from importers.vouchers.values import plain
from importers.vouchers.values import row_error
from importers.vouchers.values import whole
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.dates import parse_date
from ledger.util.dates import parse_month
from ledger.util.dates import roc_month
from ledger.util.i18n import _
from ledger.util.text import fold

COLUMNS: Synonyms = {
    "month": ("月份", "薪資月份", "所屬月份", "年月", "計薪月份"),
    "name": ("姓名", "員工姓名", "人員姓名", "人員"),
    "role": ("職稱", "職務", "職位"),
    "salary": ("月薪", "月薪資", "薪資", "全月薪資"),
    "hours": ("專案工時", "計畫工時", "投入工時"),
    "total_hours": ("總工時", "全月工時"),
    "amount": ("應計薪資", "計畫薪資", "專案薪資", "應計金額", "認列薪資"),
    "paid": ("付款日期", "付款日", "發薪日", "發薪日期"),
    "base": ("本薪", "底薪", "基本薪資"),
    "allowance": ("津貼", "加給", "固定津貼", "職務加給", "津貼與加給"),
    "bonus": ("獎金", "年終獎金", "獎金提列"),
    "joined": ("到職日", "到職日期"),
    "left": ("離職日", "離職日期"),
}
"""Our name of a column -> its headers; the first of each is the one on our own form."""

# 112.10 in a number cell is 112.1 by the time we see it: October and January cannot be told apart.
_LOST_ZERO = re.compile(r"\d{2,4}\.1")


def read(source: Source) -> Reading | None:
    """A record a person and month, or None where no header has 月份, 姓名 and 應計薪資.

    Raises ReadError naming the row of a cell that is missing or cannot be read.
    """
    warnings: list[str] = []
    records: list[VoucherRecord] = []
    found = False
    for _name, rows in source.tables:
        if table := find_table(rows, COLUMNS, ("month", "name", "amount")):
            found = True
            warnings += ignored_columns_warning(table)
            records.extend(
                _record(line, source.kind == "spreadsheet", warnings)
                for line in table.lines()
                if _is_row(line, warnings)
            )
    if not found:
        return None
    for number, count in Counter(record.number for record in records).items():
        if count > 1:
            warnings.append(_("{number} 出現 {count} 次").format(number=number, count=count))
    return Reading(source.name, "payroll-sheet", source.encoding, "", tuple(records), tuple(warnings))


def _is_row(line: TableRow, warnings: list[str]) -> bool:
    """Whether the row is a person's: not the form's example, a note, or a sum at the foot."""
    if is_example(line.first) or is_total(line.first):
        return False
    if line.text("name") or line.text("amount"):
        return True
    warnings.append(_("第 {row} 列沒有姓名與金額,略過").format(row=line.row))
    return False


def _record(line: TableRow, is_workbook: bool, warnings: list[str]) -> VoucherRecord:
    month = _month(line, is_workbook)
    name = plain(line.text("name"))
    if not name:
        raise row_error(line.row, COLUMNS["name"][0], "")
    amount = whole(line.need_money("amount"), _("第 {row} 列").format(row=line.row), warnings)
    return VoucherRecord(
        kind="payroll",
        number=f"薪{roc_month(month).replace('/', '')}-{fold(name)}",
        date=month_last_day(month),
        seller_name=name,
        net=amount,
        tax=0,
        gross=amount,
        paid=line.day("paid"),
        payroll=PayrollDetail(
            month=month,
            name=name,
            role=plain(line.text("role")),
            salary=line.money("salary"),
            hours=line.money("hours"),
            total_hours=line.money("total_hours"),
            base=line.money("base"),
            allowance=line.money("allowance"),
            bonus=line.money("bonus"),
            joined=line.day("joined"),
            left=line.day("left"),
        ),
        row=line.row,
    )


def _month(line: TableRow, is_workbook: bool) -> str:
    """The row's month as YYYY-MM, from a month or a date in it."""
    text = line.text("month")
    month = parse_month(text)
    if month is None and (day := parse_date(text)):
        month = month_of(day)
    if month is None or (is_workbook and _LOST_ZERO.fullmatch(text)):
        raise row_error(line.row, COLUMNS["month"][0], text)
    return month
