"""Statements as PDFs, set by a browser's rules: the layouts that banks print, and PDFs that cannot be read."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import pypdf
import weasyprint

from importers.records import BankLine
from tests.fonts import need_chinese
from tests.importers.bank.makers import ACCOUNT
from tests.importers.bank.makers import Maker
from tests.importers.bank.makers import comma
from tests.importers.bank.makers import into
from tests.importers.bank.makers import out
from tests.importers.bank.makers import roc
from tests.importers.bank.makers import some
from tests.importers.bank.makers import western

Rows = Sequence[Sequence[str]]

_PAGE = """<style>@page { size: A4 landscape; margin: 1cm; @bottom-center { content: "第 " counter(page) " 頁" } }
body { font: 8pt "Noto Sans CJK TC"; } table { width: 100%; border-collapse: collapse; } td, th { padding: 2px 4px; }
.money { text-align: right; } p { margin: 2px; }</style>"""
RULED = "<style>td, th { border: 0.5px solid #000 }</style>"
RULED_COLUMNS = "<style>td, th { border-left: 0.5px solid #000; border-right: 0.5px solid #000 } table { border: 0.5px solid #000 }</style>"
STRIPED = "<style>tr:nth-child(even) { background: #ddd }</style>"
NARROW = "<style>.memo { width: 4em }</style>"

FIRST = ["交易日期", "交易時間", "幣別", "支出金額", "存入金額", "餘額", "票據號碼", "摘要", "附註"]
TCB = ["序號", "交易日期", "摘要", "交易行庫", "幣別", "提款金額", "存款金額", "餘額", "備註", "支票號碼"]


def pdf(html: str) -> bytes:
    """A page of HTML as a PDF. Skips the test where no font here has Chinese: what is printed could not be read."""
    need_chinese()
    data: bytes = weasyprint.HTML(string=_PAGE + html).write_pdf()
    return data


def table(header: Sequence[str], rows: Rows, money: Sequence[int], memo: int) -> str:
    """A table whose header is printed on every page."""

    def cell(place: int, text: str, tag: str) -> str:
        kind = "money" if place in money else "memo" if place == memo else ""
        return f'<{tag} class="{kind}">{text}</{tag}>'

    def row(cells: Sequence[str], tag: str = "td") -> str:
        return f"<tr>{''.join(cell(place, text, tag) for place, text in enumerate(cells))}</tr>"

    return f"<table><thead>{row(header, 'th')}</thead>{''.join(map(row, rows))}</table>"


def cents(number: int) -> str:
    return f"{number:,}.00"


def first_rows(lines: Sequence[BankLine]) -> list[list[str]]:
    return [
        [western(x.date), x.time, "新臺幣", some(out(x), cents, "-"), some(into(x), cents, "-"), cents(x.balance or 0),
         "", x.text, x.memo]
        for x in lines
    ]  # fmt: skip


def first_totals(lines: Sequence[BankLine]) -> str:
    outs, ins = sum(map(out, lines)), sum(map(into, lines))
    return f"<p>幣別 支出金額總計 存入金額總計</p><p>新臺幣 {cents(outs)} {cents(ins)}</p>"


def first(lines: Sequence[BankLine], style: str = "", account: str = ACCOUNT) -> bytes:
    head = f"<h3>第一商業銀行 交易明細查詢</h3><p>帳號：{account} 戶名：某公司</p>"
    return pdf(style + head + table(FIRST, first_rows(lines), (3, 4, 5), 8) + first_totals(lines))


def first_ruled(lines: Sequence[BankLine]) -> bytes:
    return first(lines, RULED)


def first_striped(lines: Sequence[BankLine]) -> bytes:
    return first(lines, STRIPED)


def first_ruled_between_columns(lines: Sequence[BankLine]) -> bytes:
    return first(lines, RULED_COLUMNS)


def first_narrow(lines: Sequence[BankLine]) -> bytes:
    return first(lines, NARROW)


def first_narrow_ruled(lines: Sequence[BankLine]) -> bytes:
    return first(lines, RULED + NARROW)


def first_narrow_top(lines: Sequence[BankLine]) -> bytes:
    return first(lines, NARROW + "<style>td { vertical-align: top }</style>")


def tcb_cells(lines: Sequence[BankLine]) -> list[list[str]]:
    return [
        [str(number), f"{roc(x.date)} {x.time}", x.text, "某分行", "TWD", some(out(x)), some(into(x)),
         comma(x.balance or 0), x.memo, ""]
        for number, x in enumerate(lines, 1)
    ]  # fmt: skip


def tcb_totals(lines: Sequence[BankLine]) -> str:
    outs, ins = [out(x) for x in lines if out(x)], [into(x) for x in lines if into(x)]
    return (
        "<p>幣別 提款總筆數 提款總金額 存款總筆數 存款總金額</p>"
        f"<p>TWD {len(outs)} {comma(sum(outs))} {len(ins)} {comma(sum(ins))}</p>"
    )


TCB_HEAD = f"<h3>合作金庫商業銀行 歷史交易查詢</h3><p>查詢期間：112/07/01-114/12/31</p><p>類別：TWD_CURRENT 帳號：{ACCOUNT}</p>"


def tcb(lines: Sequence[BankLine]) -> bytes:
    return pdf(TCB_HEAD + table(TCB, tcb_cells(lines), (5, 6, 7), 8) + tcb_totals(lines))


def tcb_words(lines: Sequence[BankLine]) -> bytes:
    """A line of words a transaction; what is empty leaves nothing."""
    text = "".join(f"<p>{' '.join(filter(None, row))}</p>" for row in tcb_cells(lines))
    return pdf(f"{TCB_HEAD}<p>{' '.join(TCB)}</p>{text}{tcb_totals(lines)}")


def scanned() -> bytes:
    """A page that is a picture."""
    dot = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
    )
    return pdf_of_picture(f"data:image/png;base64,{base64.b64encode(dot).decode()}")


def pdf_of_picture(address: str) -> bytes:
    data: bytes = weasyprint.HTML(
        string=f'<style>@page {{ size: A4 }}</style><img src="{address}" width="500" height="700">'
    ).write_pdf()
    return data


def protected(data: bytes, password: str, owner: str = "") -> bytes:
    """The same pages, to be opened with a password, and changed with the owner's."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt(password, owner or None, algorithm="RC4-128")
    secret = io.BytesIO()
    writer.write(secret)
    return secret.getvalue()


_FIRST = frozenset({"time", "text", "memo"})
PDF_MAKERS = (
    Maker("007 第一 ruled", "first.pdf", first_ruled, _FIRST, "bank-pdf"),
    Maker("007 第一 striped", "first.pdf", first_striped, _FIRST, "bank-pdf"),
    Maker("007 第一 ruled between columns", "first.pdf", first_ruled_between_columns, _FIRST, "bank-pdf"),
    Maker("007 第一 bare", "first.pdf", first, _FIRST, "bank-pdf"),
    Maker("007 第一 narrow ruled", "first.pdf", first_narrow_ruled, _FIRST, "bank-pdf"),
    Maker("007 第一 narrow", "first.pdf", first_narrow, _FIRST, "bank-pdf"),
    Maker("007 第一 narrow top", "first.pdf", first_narrow_top, _FIRST, "bank-pdf"),
    Maker("006 合作金庫 columns", "tcb.pdf", tcb, _FIRST, "bank-pdf"),
    Maker("006 合作金庫 words", "tcb.pdf", tcb_words, _FIRST, "bank-pdf"),
)
