"""Layouts beside the one or two of each bank: older exports, exports without a heading, and no bank's in particular."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl

from importers.records import BankLine
from tests.importers.bank.makers import ACCOUNT
from tests.importers.bank.makers import MAKERS
from tests.importers.bank.makers import Maker
from tests.importers.bank.makers import comma
from tests.importers.bank.makers import csv_bytes
from tests.importers.bank.makers import into
from tests.importers.bank.makers import out
from tests.importers.bank.makers import roc
from tests.importers.bank.makers import some
from tests.importers.bank.makers import western
from tests.importers.bank.makers import xlsx_bytes
from tests.importers.ods import write_ods

Table = list[list[str]]


def sinopac_legacy(lines: Sequence[BankLine]) -> bytes:
    """The corporate sheet of fourteen columns, which had no 票據號碼 yet."""
    header = "帳號 交易日 計息日 入帳日 摘要 幣別 支出 存入 餘額 銷帳編號 交易參考編號 備註 更正註記 存摺備註".split()  # noqa: SIM905
    rows = [
        [ACCOUNT, western(x.date), western(x.date), western(x.date), x.text, "TWD", out(x) or "", into(x) or "",
         x.balance, x.counterparty, "T1", x.memo, "", ""]
        for x in lines
    ]  # fmt: skip
    return xlsx_bytes([["交易明細報表"], header, *rows], "交易明細報表")


def post_bare(lines: Sequence[BankLine]) -> bytes:
    """The post office's export with its title and no heading: columns by their places."""
    rows = [
        [f'="{roc(x.date)} {x.time}"', f'="{x.text}"', '=""', f'="{out(x)}"', f'="{into(x)}"', f'="{x.balance}"',
         f'="{x.memo}"', '=""']
        for x in lines
    ]  # fmt: skip
    return csv_bytes([["中華郵政 郵政存簿交易明細"], *rows, ["本資料僅供參考"]], "cp950")


def two_columns(lines: Sequence[BankLine]) -> Table:
    """Out and in, as most banks have it."""
    rows = [
        [
            roc(x.date),
            x.time,
            x.text,
            some(out(x)),
            some(into(x)),
            comma(x.balance or 0),
            x.memo,
            x.counterparty,
        ]
        for x in lines
    ]
    heading = ["交易日期", "交易時間", "摘要", "支出", "存入", "餘額", "備註", "對方帳號"]
    return [["帳號", ACCOUNT], heading, *rows]


def tsv(lines: Sequence[BankLine]) -> bytes:
    return csv_bytes(two_columns(lines), "utf-8", delimiter="\t")


def unicode_text(lines: Sequence[BankLine]) -> bytes:
    """What Excel calls "Unicode text"."""
    return csv_bytes(two_columns(lines), "utf-16", delimiter="\t")


def semicolons(lines: Sequence[BankLine]) -> bytes:
    return csv_bytes(two_columns(list(reversed(lines))), "cp950", delimiter=";")


def ods(lines: Sequence[BankLine]) -> bytes:
    book = openpyxl.Workbook()
    for row in two_columns(lines):
        book.worksheets[0].append(row)
    with tempfile.TemporaryDirectory() as folder:
        write_ods(book, Path(folder) / "a.ods")
        return (Path(folder) / "a.ods").read_bytes()


def signed(lines: Sequence[BankLine]) -> bytes:
    """One column of amounts, money out negative."""
    rows = [
        [western(x.date, "-"), x.time, f"{x.amount:,}.00", f"{x.balance:,}.00", x.text, x.memo] for x in lines
    ]
    heading = ["日期", "時間", "金額", "結餘", "說明", "備註"]
    return csv_bytes([[f"帳號：{ACCOUNT}"], heading, *rows], "utf-8-sig", quote_all=True)


def flagged(lines: Sequence[BankLine]) -> bytes:
    """One column of amounts, and another that says 支出 or 存入."""
    rows = [
        [
            roc(x.date, ""),
            str(abs(x.amount)),
            "存入" if x.amount > 0 else "支出",
            str(x.balance),
            x.text,
            x.memo,
        ]
        for x in lines
    ]
    heading = ["交易日期", "交易金額", "借貸別", "帳戶餘額", "摘要", "附註"]
    return csv_bytes([["帳號", ACCOUNT], heading, *rows], "cp950")


_ALL = frozenset({"time", "text", "memo", "counterparty"})
OTHER = (
    Maker("807 永豐 legacy", "sinopac_old.xlsx", sinopac_legacy, _ALL - {"time"}),
    Maker("700 郵局 without heading", "post_bare.csv", post_bare, _ALL - {"counterparty"}, account=""),
    Maker("tsv", "a.tsv", tsv, _ALL),
    Maker("unicode text", "a.txt", unicode_text, _ALL),
    Maker("semicolons", "a.csv", semicolons, _ALL),
    Maker("ods", "a.ods", ods, _ALL),
    Maker("signed amount", "b.csv", signed, _ALL - {"counterparty"}),
    Maker("flagged amount", "c.csv", flagged, frozenset({"text", "memo"})),
)
EVERY = (*MAKERS, *OTHER)
