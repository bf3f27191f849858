"""The files of a made case: award.toml, e-invoice XML, the platform's workbook, sheets, and banks' exports."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any
from typing import Literal

import openpyxl

from tests.casepapers import Day
from tests.casepapers import Layout
from tests.casepapers import Line
from tests.casepapers import Paper
from tests.casepapers import Pay
from tests.casepapers import last_day
from tests.casepapers import plus
from tests.casepapers import roc

ACCOUNT_NAMES = {
    "consumables": "消耗性器材及原材料費",
    "equipment": "全新設備之購置費",
    "improvement": "既有設備之改善費",
    "research": "委託研究或驗證費",
    "personnel": "人事費",
    "intangibles": "無形資產引進費",
    "construction": "基礎工程施工費",
}


class Files:
    """A case that writes itself as the files an accountant would have."""

    scheme: str
    guarantee: str
    layout: Layout
    filed: Day
    start: Day
    end: Day
    months: list[Day]
    company: dict[str, str]
    partners: list[dict[str, str]]
    dedicated: str
    own: str
    budget: list[dict[str, Any]]
    approved_items: list[dict[str, Any]]
    persons: list[dict[str, Any]]
    papers: list[Paper]
    others: list[Paper]  # the company's purchases that are not the case's
    payroll: list[Pay]
    grant_lines: list[Line]
    own_lines: list[Line]
    events: dict[str, str]

    def award_toml(self) -> str:
        head = {
            "id": "112-測-0001",
            "scheme": self.scheme,
            "title": "製程低碳化升級計畫",
            "filed": self.filed,
            "start": self.start,
            "end": self.end,
            "guarantee": self.guarantee,
        }
        company = {
            "name": self.company["name"],
            "ubn": self.company["ubn"],
            "representative": self.company["rep"],
        }
        account = {"bank": "第一商業銀行新莊分行", "number": self.dedicated, "opened": plus(self.start, 1)}
        tables: list[tuple[str, dict[str, Any]]] = [
            ("[award]", head),
            ("[company]", company),
            ("[account]", account),
        ]
        tables.append(("[[payment_account]]", {"bank": "華南商業銀行大里分行", "number": self.own}))
        for title, rows in (("budget", self.budget), ("item", self.approved_items), ("person", self.persons)):
            for row in rows:
                kept = {
                    k: v
                    for k, v in row.items()
                    if k != "party" or (self.partners and v != self.company["ubn"])
                }
                tables.append((f"[[{title}]]", kept))
        tables += [("[[partner]]", {**partner, "representative": "林"}) for partner in self.partners]
        return "\n".join(f"{title}\n{_toml(values)}" for title, values in tables)

    def files(self) -> dict[str, bytes]:
        """Every file of the inbox."""
        files = {name: text.encode() for name, text in self.events.items()}
        envelope = [paper for paper in self.papers if "envelope" in paper.routes]
        for paper in self.papers:
            if "xml" in paper.routes:
                name = f"{'G0401' if paper.credits else 'C0401'}_{paper.number}.xml"
                files[name] = (_DECLARATION + self.xml(paper)).encode()
        if envelope:
            files["InvoiceEnvelope.xml"] = _envelope([self.xml(paper) for paper in envelope]).encode()
        platform = [paper for paper in (*self.papers, *self.others) if "platform" in paper.routes]
        files[f"{self.company['ubn']}_IN_20240528153022.xlsx"] = self._platform(platform)
        sheet = [paper for paper in self.papers if "sheet" in paper.routes]
        if sheet:
            files["憑證登記表.csv"] = self._sheet(sheet)
        if self.payroll:
            files["薪資清冊.csv"] = self._payroll()
        files |= self._statements("專戶", self.dedicated, self.grant_lines, 0)
        files |= self._statements("活期", self.own, self.own_lines, 9_000_000)
        return files

    def buyer_name(self, buyer: str) -> str:
        names = {party["ubn"]: party["name"] for party in (self.company, *self.partners)}
        return names.get(buyer, "別家有限公司")

    def xml(self, paper: Paper) -> str:
        buyer = f"<Buyer><Identifier>{paper.buyer}</Identifier><Name>{self.buyer_name(paper.buyer)}</Name></Buyer>"
        seller = f"<Seller><Identifier>{paper.seller}</Identifier><Name>{paper.seller_name}</Name></Seller>"
        if paper.credits:
            return self._credit_xml(paper, seller, buyer)
        rows = "".join(
            f"<ProductItem><Description>{item.name}</Description><Quantity>{item.quantity}</Quantity>"
            f"<Unit>{item.unit}</Unit><UnitPrice>{amount}</UnitPrice><Amount>{amount}</Amount>"
            f"<SequenceNumber>{place:03}</SequenceNumber></ProductItem>"
            for place, (item, amount) in enumerate(zip(paper.items, printed(paper), strict=True), 1)
        )
        return (
            '<Invoice xmlns="urn:GEINV:eInvoiceMessage:C0401:3.2"><Main>'
            f"<InvoiceNumber>{paper.number}</InvoiceNumber><InvoiceDate>{paper.date:%Y%m%d}</InvoiceDate>"
            f"<InvoiceTime>13:17:10</InvoiceTime>{seller}{buyer}<InvoiceType>07</InvoiceType></Main>"
            f"<Details>{rows}</Details><Amount><SalesAmount>{paper.net}</SalesAmount><TaxType>1</TaxType>"
            f"<TaxRate>0.05</TaxRate><TaxAmount>{paper.tax}</TaxAmount><TotalAmount>{paper.gross}</TotalAmount>"
            "</Amount></Invoice>"
        )

    def _credit_xml(self, paper: Paper, seller: str, buyer: str) -> str:
        original = next(other for other in self.papers if other.number == paper.credits)
        item = paper.items[0]
        return (
            '<Allowance xmlns="urn:GEINV:eInvoiceMessage:G0401:4.1"><Main>'
            f"<AllowanceNumber>{paper.number}</AllowanceNumber><AllowanceDate>{paper.date:%Y%m%d}</AllowanceDate>"
            f"{seller}{buyer}<AllowanceType>2</AllowanceType></Main><Details><ProductItem>"
            f"<OriginalInvoiceDate>{original.date:%Y%m%d}</OriginalInvoiceDate>"
            f"<OriginalInvoiceNumber>{original.number}</OriginalInvoiceNumber>"
            f"<OriginalDescription>{item.name}</OriginalDescription><Quantity>1</Quantity>"
            f"<UnitPrice>{item.net}</UnitPrice><Amount>{item.net}</Amount><Tax>{paper.tax}</Tax>"
            "<AllowanceSequenceNumber>1</AllowanceSequenceNumber><TaxType>1</TaxType></ProductItem></Details>"
            f"<Amount><TaxAmount>{paper.tax}</TaxAmount><TotalAmount>{paper.net}</TotalAmount></Amount></Allowance>"
        )

    def _platform(self, papers: Sequence[Paper]) -> bytes:
        head = ("發票號碼", "買受人註記", "格式代號", "發票狀態", "發票日期", "買方統一編號", "買方名稱", "賣方統一編號",
                "賣方名稱", "寄送日期", "銷售額合計", "應稅銷售額", "零稅銷售額", "免稅銷售額", "營業稅", "總計", "課稅別")  # fmt: skip
        rows: list[Sequence[object]] = [head]
        items: list[Sequence[object]] = [
            (
                "發票號碼",
                "發票日期",
                "序號",
                "品名",
                "數量",
                "單位",
                "單價",
                "金額",
                "單一欄位備註",
                "相關號碼",
            )
        ]
        for paper in papers:
            when = f"{paper.date:%Y-%m-%d} 12:40:33"
            status = "作廢已確認" if paper.voided else "開立已確認"
            rows.append(
                (paper.number, None, "25", status, when, paper.buyer, self.buyer_name(paper.buyer), paper.seller,
                 paper.seller_name, f"{paper.date}", str(paper.net), str(paper.net), "0", "0", str(paper.tax),
                 str(paper.gross), "應稅")
            )  # fmt: skip
            for place, (item, amount) in enumerate(zip(paper.items, printed(paper), strict=True), 1):
                items.append(
                    (
                        paper.number,
                        when,
                        str(place),
                        item.name,
                        f"{item.quantity}.0000000",
                        item.unit,
                        "",
                        str(amount),
                        None,
                        None,
                    )
                )
        return _workbook({"btb411w_xls1": rows, "btb411w_xls2": items})

    def _sheet(self, papers: Sequence[Paper]) -> bytes:
        rows: list[Sequence[object]] = [
            _cells(
                "日期 憑證種類 憑證號碼 賣方統編 對象 品名 數量 單位 未稅金額 稅額 會計科目 付款日期 付款方式 附件"
            )
        ]
        for paper in papers:
            kind = {"invoice": "統一發票", "receipt": "收據"}[paper.kind]
            items = paper.sheet_items or paper.items
            for place, item in enumerate(items):
                tax = paper.tax if place == 0 else 0
                rows.append(
                    (roc(paper.date), kind, paper.number, paper.seller, paper.seller_name, item.name, item.quantity, item.unit,
                     item.net, tax, ACCOUNT_NAMES.get(paper.category, paper.category), roc(paper.cash) if paper.cash else "",
                     "零用金" if paper.cash else "匯款", "")
                )  # fmt: skip
        return _csv(rows, "utf-8-sig")

    def _payroll(self) -> bytes:
        rows: list[Sequence[object]] = [_cells("月份 姓名 職稱 月薪 專案工時 總工時 應計薪資 付款日期")]
        rows += [
            (
                roc(pay.month)[:6],
                pay.name,
                pay.role,
                pay.salary,
                pay.hours,
                pay.total,
                pay.amount,
                roc(pay.paid),
            )
            for pay in self.payroll
        ]
        return _csv(rows, "utf-8-sig")

    def _statements(self, kind: str, number: str, lines: list[Line], opening: int) -> dict[str, bytes]:
        """The account's lines in two files that follow each other."""
        ordered = sorted(lines, key=lambda line: (line.date, line.time))
        balances = []
        for line in ordered:
            opening += line.amount
            balances.append(opening)
        pairs = list(zip(ordered, balances, strict=True))
        cut = next(
            (place for place, (line, _b) in enumerate(pairs) if line.date > last_day(self.months[0])),
            len(pairs),
        )
        suffix = {"csv-cp950": "csv", "csv-utf8": "csv", "html": "xls", "xlsx": "xlsx"}[self.layout]
        return {
            f"某銀行_{kind}_{place}.{suffix}": _LAYOUTS[self.layout](number, part)
            for place, part in enumerate((pairs[:cut], pairs[cut:]), 1)
            if part
        }


def _cells(text: str) -> list[str]:
    return text.split()


def printed(paper: Paper) -> list[int]:
    """The amounts of the lines as this seller prints them, with or without tax."""
    if not paper.gross_items:
        return [item.net for item in paper.items]
    amounts = [item.net + item.net * paper.tax // (paper.net or 1) for item in paper.items]
    amounts[-1] += paper.gross - sum(amounts)
    return amounts


_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def cancel_xml(number: str, day: Day, cancelled: Day, seller: str, buyer: str) -> str:
    return (
        f'{_DECLARATION}<CancelInvoice xmlns="urn:GEINV:eInvoiceMessage:F0501:4.1">'
        f"<CancelInvoiceNumber>{number}</CancelInvoiceNumber><InvoiceDate>{day:%Y%m%d}</InvoiceDate>"
        f"<BuyerId>{buyer}</BuyerId><SellerId>{seller}</SellerId><CancelDate>{cancelled:%Y%m%d}</CancelDate>"
        "<CancelTime>11:00:00</CancelTime><CancelReason>品名誤植</CancelReason></CancelInvoice>"
    )


def _envelope(messages: Sequence[str]) -> str:
    return (
        f'{_DECLARATION}<InvoiceEnvelope xmlns="urn:GEINV:InvoiceEnvelope:4.1"><From><PartyId>97025978</PartyId></From>'
        f'<InvoicePack messageType="C0401" count="{len(messages)}" version="4.1">{"".join(messages)}</InvoicePack></InvoiceEnvelope>'
    )


def _toml(values: dict[str, Any]) -> str:
    shown = {
        key: str(value) if isinstance(value, Day) else json.dumps(value, ensure_ascii=False)
        for key, value in values.items()
    }
    return "".join(f"{key} = {value}\n" for key, value in shown.items())


def _csv(rows: Sequence[Sequence[object]], encoding: str, *, quote_all: bool = False) -> bytes:
    text = io.StringIO()
    quoting: Literal[0, 1] = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(text, quoting=quoting, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def _workbook(sheets: dict[str, Sequence[Sequence[object]]]) -> bytes:
    book = openpyxl.Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.remove(book.worksheets[0])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


Balanced = Sequence[tuple[Line, int]]


def _sums(lines: Balanced) -> tuple[int, int]:
    return sum(-line.amount for line, _b in lines if line.amount < 0), sum(
        line.amount for line, _b in lines if line.amount > 0
    )


def _money(amount: int) -> tuple[str, str]:
    """(out, in) as most banks print them."""
    return (f"{-amount:,}", "") if amount < 0 else ("", f"{amount:,}")


def _csv_cp950(number: str, lines: Balanced) -> bytes:
    rows: list[Sequence[object]] = [
        ["第一商業銀行 存款交易明細查詢"],
        ["戶名", "信沛模具有限公司"],
        ["帳號", f"'{number}"],
        _cells("交易日期 交易時間 支出金額 存入金額 結存餘額 交易摘要 備註 對方帳號"),
    ]
    rows += [
        [
            roc(line.date),
            line.time,
            *_money(line.amount),
            f"{balance:,}",
            line.text,
            line.memo,
            line.other and f"'{line.other}",
        ]
        for line, balance in lines
    ]
    out, into = _sums(lines)
    rows += [["合計", "", f"{out:,}", f"{into:,}", "", "", f"共{len(lines)}筆", ""], ["本資料僅供參考"]]
    return _csv(rows, "cp950")


def _csv_utf8(number: str, lines: Balanced) -> bytes:
    none = "\u2212"
    rows: list[Sequence[object]] = [
        [f"{number} 活存"],
        ["筆數", f"{len(lines)} (自 2023/06/01 至 2024/06/30)"],
        ["幣別:TWD"],
        _cells("交易日期 帳務日期 說明 提出 存入 餘額 交易資訊 備註"),
    ]
    rows += [
        [f"{line.date:%Y/%m/%d}\n{line.time}", f"{line.date:%Y/%m/%d}", line.text, str(max(-line.amount, 0) or none),
         str(max(line.amount, 0) or none), balance, line.other or none, line.memo or none]
        for line, balance in reversed(lines)
    ]  # fmt: skip
    return _csv(rows, "utf-8-sig", quote_all=True)


def _html(number: str, lines: Balanced) -> bytes:
    rows: list[Sequence[object]] = [
        ["帳號", f"{number[:3]}-{number[3:6]}-{number[6:]}"],
        ["幣別", "TWD"],
        _cells(
            "交易日期 交易時間 帳務日期 幣別 支出金額 存入金額 即時餘額 摘要 存款人代號 備註 補摺日期/票據號碼"
        ),
    ]
    rows += [
        [f"0{roc(line.date)}", line.time, f"0{roc(line.date)}", "TWD", *_money(line.amount), f"{balance:,}", line.text, line.other,
         line.memo, ""]
        for line, balance in lines
    ]  # fmt: skip
    out, into = _sums(lines)
    rows.append(["合計", "", "", "", f"{out:,}", f"{into:,}", "", "", "", "", ""])
    body = "\n".join(
        "<tr>" + "".join(f"<td>{cell or '&nbsp;'}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<html><head><meta charset="utf-8"></head><body>\n<table border="1">\n{body}\n</table></body></html>'.encode()


def _xlsx(number: str, lines: Balanced) -> bytes:
    rows: list[Sequence[object]] = [
        ["交易明細查詢"],
        [f"帳號:{number}"],
        [],
        _cells("序號 交易日期 交易時間 帳務日期 摘要 支出金額 存入金額 帳戶餘額 備註 對方帳號"),
    ]
    rows += [
        [place, f"{line.date:%Y/%m/%d}", line.time, f"{line.date:%Y/%m/%d}", line.text, f"{max(-line.amount, 0):,}",
         f"{max(line.amount, 0):,}", f"{balance:,}", line.memo or None, line.other or None]
        for place, (line, balance) in enumerate(lines, 1)
    ]  # fmt: skip
    out, into = _sums(lines)
    rows.append(["合計", None, None, None, None, f"{out:,}", f"{into:,}", None, None, None])
    return _workbook({"交易明細查詢": rows})


_LAYOUTS = {"csv-cp950": _csv_cp950, "csv-utf8": _csv_utf8, "html": _html, "xlsx": _xlsx}
