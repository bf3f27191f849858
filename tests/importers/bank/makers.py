"""Statements as each bank exports them, made from bank lines: the layouts are those of the format notes."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence

import openpyxl

from importers.records import BankLine

ACCOUNT = "490264681158"
Rows = Iterable[Sequence[object]]


@dataclasses.dataclass(frozen=True)
class Maker:
    """A bank's export: the file's name, how its bytes are made, and which words of a line it carries."""

    name: str
    file: str
    make: Callable[[Sequence[BankLine]], bytes]
    keeps: frozenset[str]
    format: str = "bank-table"
    account: str = ACCOUNT
    own_columns: bool = (
        False  # its columns have names that are this bank's alone: only its profile reads them
    )

    def expected(self, lines: Sequence[BankLine]) -> list[BankLine]:
        """The lines with what this export does not carry taken out."""

        def kept(name: str, value: str) -> str:
            return value if name in self.keeps else "NTRF" if (name, self.format) == ("text", "mt940") else ""

        return [
            line._replace(
                row=0,
                time=kept("time", line.time),
                text=kept("text", line.text),
                memo=kept("memo", line.memo),
                counterparty=kept("counterparty", line.counterparty),
            )
            for line in lines
        ]


def comma(number: int) -> str:
    return f"{number:,}"


def out(line: BankLine) -> int:
    return max(-line.amount, 0)


def into(line: BankLine) -> int:
    return max(line.amount, 0)


def roc(day: datetime.date, mark: str = "/", width: int = 3) -> str:
    return f"{day.year - 1911:0{width}}{mark}{day.month:02}{mark}{day.day:02}"


def western(day: datetime.date, mark: str = "/") -> str:
    return f"{day.year}{mark}{day.month:02}{mark}{day.day:02}"


def some(number: int, shown: Callable[[int], str] = comma, nothing: str = "") -> str:
    return shown(number) if number else nothing


def csv_bytes(rows: Rows, encoding: str, *, quote_all: bool = False, delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(
        text,
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
        delimiter=delimiter,
        lineterminator="\r\n",
    ).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(rows: Rows, title: str = "交易明細") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def bot_fields(lines: Sequence[BankLine]) -> bytes:
    header = (
        "區別碼, 銀行碼, 保留, 帳號, 交易日期, 交易金額, 交易摘要, 借貸別(交易金額), 更正記號, 支票號碼, 結餘金額, 備註, "
        "保留, 對方行帳戶/銷帳資料"
    )
    rows = [
        ["2", " 004", " ", f" {ACCOUNT}", f" {roc(x.date, '', 4)}", f" {abs(x.amount)}", f" {x.text}",
         f" {int(x.amount > 0)}", " ", " ", f" {x.balance}", f" {x.memo}", " ", f" {x.counterparty}"]
        for x in lines
    ]  # fmt: skip
    return csv_bytes([header.split(","), *rows], "utf-8")


def bot_corporate(lines: Sequence[BankLine]) -> bytes:
    rows = [
        [roc(x.date), x.time, some(out(x), lambda n: f"${n}"), some(into(x), lambda n: f"${n}"), f"${x.balance}",
         x.text, x.memo, f"'{x.counterparty}", "K01", ""]
        for x in lines
    ]  # fmt: skip
    header = [
        "交易日期",
        "交易時間",
        "支出金額",
        "存入金額",
        "結存餘額",
        "交易摘要",
        "備註",
        "對方帳號",
        "原櫃員機編號",
        "",
    ]
    return csv_bytes(
        [["臺灣銀行 存款交易明細"], ["戶名", "某公司"], ["帳號", f"'{ACCOUNT}"], header, *rows], "cp950"
    )


def first_txt(lines: Sequence[BankLine]) -> bytes:
    def money(number: int) -> str:
        return f"{number}.00" if number else "-"

    rows = [
        [
            western(x.date),
            x.time,
            "新臺幣",
            money(out(x)),
            money(into(x)),
            f"{x.balance}.00",
            "-",
            x.text,
            x.memo or "-",
        ]
        for x in lines
    ]
    return csv_bytes(
        [["交易日期", "交易時間", "幣別", "支出金額", "存入金額", "餘額", "票據號碼", "摘要", "附註"], *rows],
        "utf-8",
    )


def tcb_text(lines: Sequence[BankLine]) -> bytes:
    def words(number: int, x: BankLine) -> str:
        parts = [
            str(number),
            roc(x.date),
            x.text,
            "新莊分行",
            "新臺幣",
            comma(abs(x.amount)),
            comma(x.balance or 0),
        ]
        return " ".join([*parts, *x.memo.split()])

    outs, ins = [out(x) for x in lines if out(x)], [into(x) for x in lines if into(x)]
    text = [
        "合作金庫商業銀行 存款交易明細",
        f"帳號：{ACCOUNT} 戶名：某公司",
        "查詢期間 112/07/01 至 114/12/31",
        "序號 交易日期 摘要 交易行庫 幣別 提款金額 存款金額 餘額 備註 支票號碼",
        *[words(number, x) for number, x in enumerate(lines, 1)],
        f"提款總筆數 {len(outs)} 提款總金額 {comma(sum(outs))} 存款總筆數 {len(ins)} 存款總金額 {comma(sum(ins))}",
    ]
    return "\n".join(text).encode()


def html_bytes(before: str, rows: Rows, *, closed: bool = True) -> bytes:
    close = "</td>" if closed else ""
    body = "".join(
        "<tr>" + "".join(f"<td>{cell or '&nbsp;'}{close}" for cell in row) + "</tr>\n" for row in rows
    )
    return f"<html><head><title>t</title></head><body>{before}<table>{body}</table></body></html>".encode()


def hncb_html(lines: Sequence[BankLine]) -> bytes:
    rows = [
        [f"{roc(x.date, width=4)}", x.time, roc(x.date, width=4), "TWD", some(out(x)), some(into(x)), comma(x.balance or 0),
         x.text, x.counterparty, x.memo, ""]
        for x in lines
    ]  # fmt: skip
    header = [
        "交易日期",
        "交易時間",
        "帳務日期",
        "幣別",
        "支出金額",
        "存入金額",
        "即時餘額",
        "摘要",
        "存款人代號",
        "備註",
        "補摺日期/票據號碼",
    ]
    top = [["帳號", "490-26-4681158"], ["資料起訖日", "2023/07/01-2025/12/31"], ["幣別", "TWD"]]
    return html_bytes("", [*top, header, *rows], closed=False)


def mega_xlsx(lines: Sequence[BankLine]) -> bytes:
    rows = [
        [
            f"* {western(x.date)} {x.time}",
            western(x.date),
            x.text,
            out(x) or None,
            into(x) or None,
            x.balance,
            x.memo,
        ]
        for x in lines
    ]
    top = [
        ["兆豐國際商業銀行"],
        ["帳號：490-264-681158"],
        ["戶名：某公司"],
        ["幣別：新臺幣"],
        ["查詢期間"],
        [],
    ]
    return xlsx_bytes(
        [*top, ["交易時間", "銀行帳務日", "交易項目", "支出", "收入", "帳戶餘額", "存摺備註"], *rows]
    )


def cathay_csv(lines: Sequence[BankLine]) -> bytes:
    rows = [
        [f"{western(x.date)}\r\n{x.time}", western(x.date), x.text, some(out(x), str, "−"), some(into(x), str, "−"),
         x.balance, x.counterparty or "−", x.memo or "−"]
        for x in reversed(lines)
    ]  # fmt: skip
    top = [
        [f"{ACCOUNT} 活存"],
        ["筆數", f"{len(lines)} (自 2023/07/01 至 2025/12/31)"],
        ["幣別：TWD"],
        ["\r\n"],
    ]
    header = ["交易日期", "帳務日期", "說明", "提出", "存入", "餘額", "交易資訊", "備註"]
    return csv_bytes([*top, header, *rows], "utf-8-sig", quote_all=True)


def cathay_old(lines: Sequence[BankLine]) -> bytes:
    rows = [
        [western(x.date, ""), western(x.date, ""), x.text, some(out(x)), some(into(x)), comma(x.balance or 0), x.counterparty,
         x.memo]
        for x in lines
    ]  # fmt: skip
    header = ["交易日期", "帳務日期", "說明", "提出", "存入", "餘額", "交易資訊", "備註"]
    return csv_bytes([[f"國泰世華銀行存款明細 帳號：{ACCOUNT}"], header, *rows], "cp950")


def ctbc(lines: Sequence[BankLine]) -> bytes:
    rows = [
        [
            western(x.date),
            x.text,
            some(out(x)),
            some(into(x)),
            comma(x.balance or 0),
            x.memo,
            x.counterparty,
            "",
        ]
        for x in lines
    ]
    header = ["日期", "摘要", "支出", "存入", "結餘", "備註", "轉出入帳號", "註記"]
    return csv_bytes([["活存明細查詢"], [f"帳號：{ACCOUNT}"], header, *rows], "cp950")


def esun_html(lines: Sequence[BankLine]) -> bytes:
    rows = [
        [f"*{western(x.date)}<br />{x.time}", x.text, some(out(x)), some(into(x)), comma(x.balance or 0),
         f"{x.memo}<br />{x.counterparty[:3]}/{x.counterparty[3:]}" if x.counterparty else x.memo, ""]
        for x in reversed(lines)
    ]  # fmt: skip
    header = ["交易日期<div class='l'></div> 時間", "摘要", "提", "存", "帳戶餘額",
              "存摺備註<div></div> 對方銀行代碼/帳號", "轉帳留言"]  # fmt: skip
    total = ["合計", "", comma(sum(map(out, lines))), comma(sum(map(into, lines))), "", "", ""]
    before = (
        "<h1>交易明細查詢下載</h1><div>查詢時間 : 2025/09/24 02:41:22</div>"
        f"<table><tr><td>帳號</td><td>{ACCOUNT} 臺幣綜存</td></tr><tr><td>查詢幣別</td><td>全部</td></tr>"
        "<tr><td>作業項目</td><td>全部下載</td></tr></table>"
    )
    return html_bytes(before, [header, *rows, total])


def sinopac_csv(lines: Sequence[BankLine]) -> bytes:
    rows = [
        [f"\t{western(x.date)} {x.time[:5]}", f"\t{western(x.date)}", x.text, some(out(x), nothing=" "),
         some(into(x), nothing=" "), comma(x.balance or 0), "", x.memo]
        for x in lines
    ]  # fmt: skip
    top = [["帳號", "490-264-681158"], ["查詢期間", "2023/07/01-2025/12/31"]]
    return csv_bytes(
        [*top, ["交易日", "計息日", "摘要", "支出", "存入", "餘額", "匯率", "備註/資金用途"], *rows], "cp950"
    )


def sinopac_xlsx(lines: Sequence[BankLine]) -> bytes:
    rows = [
        [ACCOUNT, western(x.date), western(x.date), western(x.date), x.text, "TWD", out(x) or "", into(x) or "", x.balance, "",
         x.counterparty, "T1", x.memo, "", ""]
        for x in lines
    ]  # fmt: skip
    header = [
        "帳號",
        "交易日",
        "計息日",
        "入帳日",
        "摘要",
        "幣別",
        "支出",
        "存入",
        "餘額",
        "票據號碼",
        "銷帳編號",
        "交易參考編號",
        "備註",
        "更正註記",
        "存摺備註",
    ]
    total = ["總計", "", "", "", "", "", sum(map(out, lines)), sum(map(into, lines))]
    return xlsx_bytes([["交易明細報表"], header, *rows, total], "交易明細報表")


def taishin_xlsx(lines: Sequence[BankLine]) -> bytes:
    rows = [
        [
            number,
            western(x.date),
            x.time,
            western(x.date),
            x.text,
            comma(out(x)),
            comma(into(x)),
            comma(x.balance or 0),
            x.memo,
        ]
        for number, x in enumerate(lines, 1)
    ]
    header = ["序號", "交易日期", "交易時間", "帳務日期", "摘要", "支出金額", "存入金額", "帳戶餘額", "備註"]
    total = ["合計", "", "", "", "", comma(sum(map(out, lines))), comma(sum(map(into, lines))), "", ""]
    top = [["交易明細查詢"], [f"帳號：{ACCOUNT}"], ["查詢期間：2023/07/01~2025/12/31"], []]
    return xlsx_bytes([*top, header, *rows, total], "交易明細查詢")


def richart_xlsx(lines: Sequence[BankLine]) -> bytes:
    rows = [
        [western(x.date), western(x.date), f"NT${x.balance:,}", f"{'-' if x.amount < 0 else ''}NT${abs(x.amount):,}", x.text,
         "其他", x.memo, "", ""]
        for x in lines
    ]  # fmt: skip
    header = ["交易日期", "帳務日期", "帳戶餘額", "金額", "摘要", "類別", "備註", "備忘錄", "轉帳說明"]
    return xlsx_bytes([["Richart 帳戶明細"], [f"帳號：{ACCOUNT}"], header, *rows])


def fubon_csv(lines: Sequence[BankLine]) -> bytes:
    rows = [
        [western(x.date), x.time, x.text, some(out(x)), some(into(x)), comma(x.balance or 0), x.memo]
        for x in lines
    ]
    header = ["帳務日期", "交易時間", "摘要", "支出金額", "存入金額", "即時餘額", "附註"]
    return csv_bytes([["台北富邦銀行"], ["帳號", f"00{ACCOUNT}"], header, *rows], "utf-8-sig")


def post_csv(lines: Sequence[BankLine]) -> bytes:
    rows: list[list[str]] = []
    for x in lines:
        when = f'="{roc(x.date)} {x.time}"'
        rows.append(
            [when, f'="{x.text}"', '=""', f'="{out(x)}"', f'="{into(x)}"', f'="{x.balance}"', '=""', '=""']
        )
        if x.memo:
            rows.append([when, f'="{x.memo}"', '=""', '="0"', '="0"', f'="{x.balance}"', '=""', '=""'])
    top = [["中華郵政 郵政存簿交易明細"], ["日期", "摘要", "類別", "支出", "存入", "餘額", "備註", "附註"]]
    return csv_bytes([*top, *rows, ["查詢時間：114/07/05"], ["本資料僅供參考"]], "cp950")


def yuanta_csv(lines: Sequence[BankLine]) -> bytes:
    header = [
        "帳號",
        "帳務日期",
        "交易日期",
        "交易時間",
        "交易說明",
        "支出金額",
        "存入金額",
        "帳面餘額",
        "票據號碼",
        "備註",
    ]
    rows: list[list[str]] = []
    for place, x in enumerate(lines):
        if place % 20 == 0:
            rows.append(header)
        cells = [ACCOUNT, western(x.date, ""), western(x.date, ""), x.time, x.text, str(out(x)), str(into(x)), str(x.balance), "",
                 f"{place:07} {x.memo}"]  # fmt: skip
        rows.append([f"'{cell}'" for cell in cells])
    return csv_bytes(rows or [header], "cp950")


def width_of(text: str) -> int:
    return sum(1 if mark < "\x80" else 2 for mark in text)


def left(text: str, width: int) -> str:
    return text + " " * (width - width_of(text))


def right(text: str, width: int) -> str:
    return " " * (width - width_of(text)) + text


def kgi_text(lines: Sequence[BankLine]) -> bytes:
    def line(cells: Sequence[str]) -> str:
        date, post, text, out_, into_, balance, memo = cells
        return (
            left(date, 12) + left(post, 12) + left(text, 18) + right(out_, 14) + right(into_, 16) + right(balance, 18)
            + "  " + left(memo, 30)
        ).rstrip()  # fmt: skip

    rows = [
        [roc(x.date), roc(x.date), x.text, some(out(x)), some(into(x)), comma(x.balance or 0), x.memo]
        for x in lines
    ]
    header = ["交易日期", "帳務日期", "摘要", "支出", "存入", "結餘", "備註"]
    top = ["凱基商業銀行 存款往來明細", f"帳號：{ACCOUNT}", "=" * 80]
    return "\r\n".join([*top, line(header), *map(line, rows), "", "本資料僅供參考"]).encode("cp950")


def mt940_sta(lines: Sequence[BankLine]) -> bytes:
    first = lines[0] if lines else BankLine(datetime.date(2025, 1, 1), 0, 0)
    opening = (first.balance or 0) - first.amount
    closing = lines[-1].balance if lines else 0
    text = [":20:STMT", f":25:{ACCOUNT}", ":28C:1/1", f":60F:C{first.date:%y%m%d}TWD{opening},"]
    for x in lines:
        text.append(
            f":61:{x.date:%y%m%d}{x.date:%m%d}{'C' if x.amount > 0 else 'D'}{abs(x.amount)},NTRFNONREF"
        )
        text.append(f":86:{x.memo}")
    last = lines[-1].date if lines else first.date
    return "\r\n".join([*text, f":62F:C{last:%y%m%d}TWD{closing},", "-"]).encode()


def camt053_xml(lines: Sequence[BankLine]) -> bytes:
    def balance(code: str, amount: int, day: datetime.date) -> str:
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='TWD'>{amount}.00</Amt>"
            f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
        )

    def entry(x: BankLine) -> str:
        way, side = ("CRDT", "Dbtr") if x.amount > 0 else ("DBIT", "Cdtr")
        memo = f"<RmtInf><Ustrd>{x.memo}</Ustrd></RmtInf>" if x.memo else ""
        other = (
            f"<{side}Acct><Id><Othr><Id>{x.counterparty}</Id></Othr></Id></{side}Acct>"
            if x.counterparty
            else ""
        )
        return (
            f"<Ntry><Amt Ccy='TWD'>{abs(x.amount)}</Amt><CdtDbtInd>{way}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
            f"<BookgDt><DtTm>{x.date}T{x.time}</DtTm></BookgDt><AddtlNtryInf>{x.text}</AddtlNtryInf>"
            f"<NtryDtls><TxDtls><RltdPties>{other}</RltdPties>{memo}</TxDtls></NtryDtls></Ntry>\n"
        )

    day = lines[0].date if lines else datetime.date(2025, 1, 1)
    opening = (lines[0].balance or 0) - lines[0].amount if lines else 0
    closing = (lines[-1].balance or 0) if lines else 0
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>'
        f"<Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id><Ccy>TWD</Ccy></Acct>{balance('OPBD', opening, day)}"
        f"{balance('CLBD', closing, day)}{''.join(map(entry, lines))}</Stmt></BkToCstmrStmt></Document>"
    ).encode()


_ALL = frozenset({"time", "text", "memo", "counterparty"})
MAKERS = (
    Maker("004 臺灣銀行 fields", "bot.csv", bot_fields, _ALL - {"time"}),
    Maker("004 臺灣銀行 corporate", "bot2.csv", bot_corporate, _ALL),
    Maker("007 第一", "first.txt", first_txt, _ALL - {"counterparty"}, account=""),
    Maker("006 合作金庫", "tcb.txt", tcb_text, frozenset({"text", "memo"})),
    Maker("008 華南", "hncb.xls", hncb_html, _ALL, "bank-html"),
    Maker("017 兆豐", "mega.xlsx", mega_xlsx, _ALL - {"counterparty"}),
    Maker("013 國泰世華", "cathay.csv", cathay_csv, _ALL),
    Maker("013 國泰世華 old", "cathay_old.csv", cathay_old, _ALL - {"time"}),
    Maker("822 中信", "ctbc.csv", ctbc, _ALL - {"time"}),
    Maker("808 玉山", "esun.xls", esun_html, _ALL, "bank-html"),
    Maker("807 永豐 personal", "sinopac.csv", sinopac_csv, _ALL - {"counterparty"}),
    Maker("807 永豐 corporate", "sinopac.xlsx", sinopac_xlsx, _ALL - {"time"}),
    Maker("812 台新 corporate", "taishin.xlsx", taishin_xlsx, _ALL - {"counterparty"}),
    Maker("812 台新 Richart", "richart.xlsx", richart_xlsx, frozenset({"text", "memo"})),
    Maker("012 富邦", "fubon.csv", fubon_csv, _ALL - {"counterparty"}, account=f"00{ACCOUNT}"),
    Maker("700 郵局", "post.csv", post_csv, _ALL - {"counterparty"}, account=""),
    Maker("806 元大", "yuanta.csv", yuanta_csv, _ALL - {"counterparty"}),
    Maker("809 凱基", "kgi.txt", kgi_text, frozenset({"text", "memo"})),
    Maker("MT940", "swift.sta", mt940_sta, frozenset({"memo"}), "mt940"),
    Maker("camt.053", "camt.xml", camt053_xml, _ALL, "camt053"),
)
