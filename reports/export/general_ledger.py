"""The books as audit data: journal lines, chart of accounts, balances by period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ledger.case.case import Case
from ledger.util.dates import month_of
from reports.data.place import place
from reports.export.dataset import ExportField
from reports.export.dataset import ExportTable
from reports.export.dataset import Rows
from reports.export.dataset import Value

_GL = "ADS GL_Detail"
_TYPES = {
    "Assets": "Assets",
    "Liabilities": "Liabilities",
    "Equity": "Equity",
    "Income": "Revenue",
    "Expenses": "Expenses",
}


def journal_ids(case: Case) -> dict[int, str]:
    """The number of each transaction in the order of the books, by the entry's id()."""
    return {id(entry): str(number) for number, entry in enumerate(case.transactions, 1)}


def _detail(case: Case) -> Rows:
    for number, entry in enumerate(case.transactions, 1):
        meta = entry.meta
        date = entry.date
        head: tuple[Value, ...] = (
            str(number),
            entry.narration or "",
            entry.payee or "",
            str(meta.get("voucher") or meta.get("kind") or ""),
            date,
            str(date.year),
            month_of(date)[5:],
            str(meta.get("number") or ""),
        )
        tail: tuple[Value, ...] = (
            str(meta.get("import-id") or ""),
            place(entry, case.folder),
            entry.flag or "",
        )
        for line, posting in enumerate(entry.postings, 1):
            units: Any = posting.units
            amount = plain_amount(units.number)
            yield (
                *head,
                line,
                _item(posting, meta),
                posting.account,
                amount,
                "D" if amount >= 0 else "C",
                units.currency,
                *tail,
            )


def plain_amount(number: Any) -> int | Decimal:
    """A whole number where it is one."""
    whole = int(number)
    return whole if whole == number else Decimal(number)


def _item(posting: Any, meta: dict[str, Any]) -> str:
    return str((posting.meta or {}).get("item") or meta.get("item") or "")


def _chart(case: Case) -> Rows:
    for account in sorted({p.account for entry in case.transactions for p in entry.postings}):
        parts = account.split(":")
        yield account, parts[-1], _TYPES.get(parts[0], parts[0]), ":".join(parts[:-1])


def _balances(case: Case) -> Iterator[tuple[Value, ...]]:
    """Of each account each month with movement: what it began with, what moved, what it ended with."""
    moved: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for entry in case.transactions:
        month = month_of(entry.date)
        for posting in entry.postings:
            units: Any = posting.units
            number = units.number
            moved[posting.account][month][0 if number >= 0 else 1] += number
    for account in sorted(moved):
        balance: Any = 0
        for month in sorted(moved[account]):
            debit, credit = moved[account][month]
            begin, balance = balance, balance + debit + credit
            figures = map(plain_amount, (begin, debit, -credit, balance))
            yield account, month[:4], month[5:], *figures, "TWD"


TABLES = (
    ExportTable(
        "GL_Detail",
        "日記帳分錄,一列一個借貸科目",
        (
            ExportField("Journal_ID", "text", "分錄序號(依日期與帳本順序)", _GL),
            ExportField("JE_Header_Description", "text", "分錄摘要", _GL),
            ExportField("Counterparty_Name", "text", "對象"),
            ExportField("Source", "text", "憑證種類;銀行往來空白", _GL),
            ExportField("Effective_Date", "date", "入帳日", _GL),
            ExportField("Fiscal_Year", "text", "年度(西元)", _GL),
            ExportField("Period", "text", "月份", _GL),
            ExportField("Document_Number", "text", "憑證號碼", "ISO 21378 GL"),
            ExportField("Journal_ID_Line_Number", "whole", "分錄內的行次", _GL),
            ExportField("JE_Line_Description", "text", "品名", _GL),
            ExportField("GL_Account_Number", "text", "會計科目", _GL),
            ExportField("Amount", "amount", "金額;借方為正,貸方為負", _GL),
            ExportField("Amount_Credit_Debit_Indicator", "text", "D 借方、C 貸方", _GL),
            ExportField("Amount_Currency", "text", "幣別", _GL),
            ExportField("Import_ID", "text", "匯入識別碼"),
            ExportField("Source_Location", "text", "帳本的檔案與行號"),
            ExportField("Flag", "text", "* 已確認、! 待認定"),
        ),
        _detail,
    ),
    ExportTable(
        "Chart_Of_Accounts",
        "會計科目表(有分錄的科目)",
        (
            ExportField("GL_Account_Number", "text", "會計科目", "ADS Chart_Of_Accounts"),
            ExportField("GL_Account_Name", "text", "科目名稱", "ADS Chart_Of_Accounts"),
            ExportField("Account_Type", "text", "資產、負債、權益、收入或費用", "ADS Chart_Of_Accounts"),
            ExportField("Parent_GL_Account_Number", "text", "上一層科目", "ADS Chart_Of_Accounts"),
        ),
        _chart,
    ),
    ExportTable(
        "Trial_Balance",
        "各科目各月的期初、借貸發生額與期末餘額;只列有發生額的月份",
        (
            ExportField("GL_Account_Number", "text", "會計科目", "ADS Trial_Balance"),
            ExportField("Fiscal_Year", "text", "年度(西元)", "ADS Trial_Balance"),
            ExportField("Period", "text", "月份", "ADS Trial_Balance"),
            ExportField("Amount_Beginning", "amount", "期初餘額", "ADS Trial_Balance"),
            ExportField("Amount_Debit", "amount", "借方發生額", "ISO 21378 GL"),
            ExportField("Amount_Credit", "amount", "貸方發生額", "ISO 21378 GL"),
            ExportField("Amount_Ending", "amount", "期末餘額", "ADS Trial_Balance"),
            ExportField("Amount_Currency", "text", "幣別", "ADS Trial_Balance"),
        ),
        _balances,
    ),
)
