"""The award form (核定表): its sheets and columns as data, and reading a filled one back.

It mirrors award.toml: the sheet 核定 holds [award], [company] and [account] as a list of names and values, and
each other sheet one list of tables. Sums are whole NT$.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from typing import Literal
from typing import NamedTuple

from importers.records import ReadError
from importers.sources.delimited import Row
from importers.sources.source import Source
from importers.vouchers.columns import TableRow
from importers.vouchers.columns import find_table
from importers.vouchers.values import company_number
from importers.vouchers.values import is_example
from importers.vouchers.values import is_total
from importers.vouchers.values import money
from importers.vouchers.values import plain
from ledger.files.award_file import GUARANTEES
from ledger.schemes.categories import CATEGORIES
from ledger.schemes.categories import category_named
from ledger.schemes.loader import know_shipped_categories
from ledger.util.dates import parse_date
from ledger.util.i18n import _
from ledger.util.text import fold

What = Literal[
    "text", "number", "ubn", "date", "money", "count", "quantity", "flag", "category", "guarantee", "scheme"
]


class FormField(NamedTuple):
    """One value to fill in: where it belongs in award.toml, what it is called, what it may be."""

    path: str  # `section.key`, or in a list the key, maybe `account.bank`
    label: str
    what: What
    example: str
    note: str = ""


class ListSheet(NamedTuple):
    """A sheet with a row a table: its name, its key in award.toml, its columns; the first two must be filled."""

    sheet: str
    key: str
    fields: tuple[FormField, ...]


HEAD_SHEET = "核定"
HEAD: tuple[FormField, ...] = (
    FormField("award.id", "核定編號", "text", "112-納管-0456", "核定函上的計畫編號"),
    FormField("award.scheme", "補助計畫別", "scheme", "managed-factory-112", "由清單選取"),
    FormField("award.title", "計畫名稱", "text", "智慧製造暨設備節能升級轉型計畫"),
    FormField("award.filed", "申請日期", "date", "2023-05-14", "西元或民國皆可"),
    FormField("award.start", "計畫開始日", "date", "2023-06-01"),
    FormField("award.end", "計畫結束日", "date", "2024-05-31"),
    FormField("award.guarantee", "履約保證", "guarantee", "無", "無、部分、全額"),
    FormField("award.guarantee_until", "保證書到期日", "date", "", "有銀行保證書才填"),
    FormField("award.contract", "契約編號", "text", "112-低碳-0456", "簽約後填,印在領據上;可不填"),
    FormField("company.name", "公司名稱", "text", "範例精密股份有限公司"),
    FormField("company.ubn", "公司統一編號", "ubn", "12345675", "八碼"),
    FormField("company.representative", "負責人", "text", "王大明"),
    FormField("company.address", "公司地址", "text", "範例市範例路 1 號", "印在領據上;可不填"),
    FormField("company.telephone", "公司電話", "text", "00-0000-0000", "印在領據上;可不填"),
    FormField("account.bank", "專戶銀行", "text", "第一商業銀行大里分行", "補助款專戶(乙存)"),
    FormField("account.number", "專戶帳號", "number", "012345678901"),
    FormField("account.opened", "專戶開戶日", "date", "2023-06-06"),
)

_PARTY = FormField("party", "所屬廠商統編", "ubn", "", "以大帶小計畫的合作廠商才填")
_MONEY = (
    FormField("government", "政府補助款", "money", "600000", "元"),
    FormField("self", "業者自籌款", "money", "600000", "元"),
)
LISTS: tuple[ListSheet, ...] = (
    ListSheet(
        "預算", "budget", (FormField("category", "會計科目", "category", "既有設備之改善費"), *_MONEY, _PARTY)
    ),
    ListSheet(
        "品項",
        "item",
        (
            FormField("category", "會計科目", "category", "既有設備之改善費"),
            FormField("name", "品名", "text", "五軸加工機主軸冷卻模組", "與核定計畫書一字不差"),
            *_MONEY,
            FormField("quantity", "數量", "quantity", "1"),
            FormField("unit", "單位", "text", "組"),
            FormField("supplier", "供應商", "text", "精密機械股份有限公司", "可不填"),
            FormField("domestic", "國產", "flag", "是", "可不填"),
            FormField("brand", "廠牌", "text", "範例牌", "設備才填;可不填"),
            FormField("model", "型號", "text", "SC-200", "設備才填;可不填"),
            _PARTY,
        ),
    ),
    ListSheet(
        "人員",
        "person",
        (
            FormField("name", "姓名", "text", "王大明"),
            FormField("role", "職稱", "text", "計畫主持人"),
            FormField("insured", "投保", "flag", "是", "是否在本公司投保勞保"),
            FormField("months", "計畫人月", "quantity", "12", "可寫小數,例如 3.6"),
            FormField("other_months", "其他計畫人月", "quantity", "0", "可不填"),
            FormField("salary", "規劃月薪", "money", "", "可不填"),
            FormField("until", "參與到哪一天", "date", "", "中途離開才填"),
            _PARTY,
        ),
    ),
    ListSheet(
        "付款帳戶",
        "payment_account",
        (
            FormField("bank", "銀行", "text", "玉山商業銀行大里分行", "公司付款給廠商的帳戶"),
            FormField("number", "帳號", "number", "2941011469157"),
        ),
    ),
    ListSheet(
        "合作廠商",
        "partner",
        (
            FormField("name", "公司名稱", "text", "協力精密有限公司", "以大帶小計畫才填"),
            FormField("ubn", "統一編號", "ubn", "04595257"),
            FormField("representative", "負責人", "text", "林小華"),
            FormField("account.bank", "專戶銀行", "text", "第一商業銀行豐原分行"),
            FormField("account.number", "專戶帳號", "number", "012345678902"),
            FormField("account.opened", "專戶開戶日", "date", "2023-06-06"),
        ),
    ),
)
OTHER_SHEETS = frozenset({"說明", "清單"})  # of our form, which hold nothing to read
_THOUSANDS = re.compile(r"新?[臺台]?幣?[千仟萬]元")
_TITLE_ROWS = 10  # in which a sheet says its unit
_FLAGS = {"是": True, "有": True, "y": True, "yes": True, "true": True, "1": True, "v": True} | dict.fromkeys(
    ("否", "無", "n", "no", "false", "0"), False
)


def read_award_form(path: Path) -> dict[str, Any]:
    """The tables of a filled form as `tomllib` gives them for award.toml; what was left empty is left out.

    Dates are dates, sums and months integers, a quantity is an integer or a Decimal, yes and no are booleans.
    Raises ReadError with a line for everything that cannot be read: the sheet, the row, the column, what is allowed.
    """
    sheets = {fold(name): rows for name, rows in Source.from_path(path).tables}
    faults = _strange_sheets(sheets) + _other_units(sheets)
    if HEAD_SHEET not in sheets:
        faults.insert(0, _("不是核定表: 沒有「{sheet}」工作表").format(sheet=HEAD_SHEET))
        raise ReadError("\n".join(faults))
    know_shipped_categories()
    award = _head(sheets[HEAD_SHEET], faults)
    for form in LISTS:
        tables = _tables(form, sheets.get(form.sheet, []), faults)
        if tables:
            award[form.key] = tables
    if faults:
        raise ReadError("\n".join(faults))
    return award


def _strange_sheets(sheets: Mapping[str, Sequence[Row]]) -> list[str]:
    """Sheets that hold something and would not be read: renamed ones, mostly."""
    known = [HEAD_SHEET, *(form.sheet for form in LISTS)]
    strange = [
        name
        for name, rows in sheets.items()
        if name not in known and name not in OTHER_SHEETS and any(any(row) for row in rows)
    ]
    return [
        _("不認得工作表「{sheet}」,裡面的資料不會讀入;請改回原來的名稱({known})或刪除").format(
            sheet=name, known=_("、").join(known)
        )
        for name in strange
    ]


def _other_units(sheets: Mapping[str, Sequence[Row]]) -> list[str]:
    """Sheets that say their amounts are in thousands: ours are whole NT$."""
    found = []
    for name, rows in sheets.items():
        cells = (cell for row in rows[:_TITLE_ROWS] for cell in row if name not in OTHER_SHEETS)
        unit = next((match[0] for cell in cells if (match := _THOUSANDS.search(fold(cell)))), "")
        if unit:
            found.append(
                _("「{sheet}」工作表的金額單位寫的是「{unit}」;請改以元填寫").format(sheet=name, unit=unit)
            )
    return found


def _head(rows: Sequence[Row], faults: list[str]) -> dict[str, Any]:
    """[award], [company] and [account]: the value stands right of its name."""
    fields = {fold(field.label): field for field in HEAD}
    award: dict[str, Any] = {}
    for number, row in enumerate(rows, 1):
        for label, text in itertools.pairwise(row):
            if (field := fields.get(fold(label))) and text:
                _put(award, field, text, HEAD_SHEET, number, faults)
                break
    return award


def _tables(form: ListSheet, rows: Sequence[Row], faults: list[str]) -> list[dict[str, Any]]:
    labels = {field.path: (field.label,) for field in form.fields}
    first, second = (field.path for field in form.fields[:2])
    table = find_table(rows, labels, (first, second))
    if table is None:
        if any(any(row) for row in rows):
            faults.append(
                _("「{sheet}」工作表缺欄位「{column}」").format(sheet=form.sheet, column=form.fields[0].label)
            )
        return []
    return [
        _table(form, line, faults)
        for line in table.lines()
        if not is_example(line.first) and not (is_total(line.first) and not line.text(first))
    ]


def _table(form: ListSheet, line: TableRow, faults: list[str]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for position, field in enumerate(form.fields):
        text = line.text(field.path)
        if text:
            _put(table, field, text, form.sheet, line.row, faults)
        elif position == 0:
            faults.append(_missing(form.sheet, line.row, field))
    if "government" in table or "self" in table:
        table = {"government": 0, "self": 0} | table  # a category with one fund only leaves the other empty
    return table


def _put(
    tables: dict[str, Any], field: FormField, text: str, sheet: str, row: int, faults: list[str]
) -> None:
    """Put the cell into the tables as award.toml would have it; what cannot be that joins the faults."""
    value = _parsed(field.what, text)
    if value is None:
        faults.append(_unreadable(sheet, row, field, text))
        return
    section, dot, key = field.path.rpartition(".")
    target = tables.setdefault(section, {}) if dot else tables
    target[key] = value


def _parsed(what: What, text: str) -> Any:
    """The value, or None where the text is none."""
    word = fold(text)
    if what == "date":
        return parse_date(text)
    if what == "category":
        return category_named(word) or category_named(word[2:] if word[:2].isdecimal() else "")
    if what == "guarantee":
        return GUARANTEES.get(word, word if word in GUARANTEES.values() else None)
    if what == "flag":
        return _FLAGS.get(word.lower())
    if what == "ubn":
        return company_number(text)
    if what == "number":
        return word
    if what in {"money", "count", "quantity"}:
        return _figure(text, whole=what != "quantity")
    return plain(text)


def _figure(text: str, *, whole: bool) -> int | Decimal | None:
    try:
        amount = money(text)
    except ValueError:
        return None
    if amount is None:
        return None
    if amount == amount.to_integral_value():
        return int(amount)
    return None if whole else amount


def _missing(sheet: str, row: int, field: FormField) -> str:
    return _("「{sheet}」第 {row} 列缺「{field}」").format(sheet=sheet, row=row, field=field.label)


def _unreadable(sheet: str, row: int, field: FormField, text: str) -> str:
    said = _("「{sheet}」第 {row} 列「{field}」無法辨認: {text}").format(
        sheet=sheet, row=row, field=field.label, text=plain(text)[:40]
    )
    return (
        _("{said};{allowed}").format(said=said, allowed=_allowed(field.what))
        if _allowed(field.what)
        else said
    )


def _allowed(what: What) -> str:
    """What a field may be, in words; empty where that is clear."""
    if what == "category":
        return _("可以寫的科目:{names}").format(
            names=_("、").join(category.name for category in CATEGORIES.values())
        )
    return {
        "date": _("請寫日期,例如 2023-06-01 或 112/06/01"),
        "money": _("請寫整數元,例如 600000"),
        "count": _("請寫整數"),
        "quantity": _("請寫數字"),
        "flag": _("請寫「是」或「否」"),
        "guarantee": _("請寫無、部分或全額"),
    }.get(what, "")
