"""Writes the forms that a company fills in: the award, the vouchers, the payroll, the hours.

As xlsx, which LibreOffice opens as well; lists also as csv.

Each has a frozen header, an example row that the readers skip, lists to choose from, and a sheet of notes.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.styles import Font
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from importers.templates.award_draft import read_award_form
from importers.templates.award_form import HEAD
from importers.templates.award_form import HEAD_SHEET
from importers.templates.award_form import LISTS
from importers.templates.award_form import WORDS
from importers.templates.award_form import FormField
from importers.vouchers import sheet as voucher_sheet
from ledger.model.voucher_details import DETAILS
from ledger.model.voucher_details import DetailKind
from ledger.schemes.categories import CATEGORIES
from ledger.schemes.loader import scheme_ids
from ledger.util.i18n import _

__all__ = ["FormKind", "form_suffixes", "read_award_form", "write_form"]

FormKind = Literal["award", "vouchers", "payroll", "timesheet"]

EXAMPLE = "範例"
PAYMENT_METHODS = ("匯款", "支票", "現金", "零用金", "信用卡")

_FONT = "Microsoft JhengHei"
_PLAIN = Font(name=_FONT, size=11)
_BOLD = Font(name=_FONT, size=11, bold=True, color="FFFFFF")
_SAMPLE = Font(name=_FONT, size=11, italic=True, color="808080")
_HEADER_FILL = PatternFill("solid", start_color="1F4E79")
_OPTIONAL_FILL = PatternFill("solid", start_color="5B9BD5")  # of columns that may be left empty
_SAMPLE_FILL = PatternFill("solid", start_color="F2F2F2")
_ROWS = 1000  # rows below the header that are made ready
_CHOICES_SHEET = "清單"
_TEXT, _DATE, _MONEY = "@", "yyyy-mm-dd", "#,##0"
_FORMATS = {"number": _TEXT, "ubn": _TEXT, "date": _DATE, "money": _MONEY}

_VOUCHER_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("日期", "2023-07-12", _DATE),
    ("憑證種類", "統一發票", ""),
    ("憑證號碼", "AB12345678", _TEXT),
    ("賣方統編", "12345675", _TEXT),
    ("對象", "精密機械股份有限公司", ""),
    ("品名", "五軸加工機主軸冷卻模組", ""),
    ("數量", "1", ""),
    ("單位", "組", ""),
    ("未稅金額", "100000", _MONEY),
    ("稅額", "5000", _MONEY),
    ("會計科目", "既有設備之改善費", ""),
    ("付款日期", "2023-07-20", _DATE),
    ("付款方式", "匯款", ""),
    ("附件", "AB12345678.pdf", ""),
)
_DETAIL_FORMATS: dict[DetailKind, str] = {"text": _TEXT, "date": _DATE, "amount": _MONEY, "number": ""}
_DETAIL_COLUMNS = tuple((detail.label, detail.example, _DETAIL_FORMATS[detail.kind]) for detail in DETAILS)
_PAYROLL_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("月份", "2023-06", _TEXT),
    ("姓名", "王大明", ""),
    ("職稱", "計畫主持人", ""),
    ("月薪", "60000", _MONEY),
    ("專案工時", "80", ""),
    ("總工時", "160", ""),
    ("應計薪資", "30000", _MONEY),
    ("付款日期", "2023-07-05", _DATE),
)


_TIMESHEET_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("日期", "2023-06-05", _DATE),
    ("姓名", "王大明", ""),
    ("專案工時", "4", ""),
    ("當日總工時", "8", ""),
    ("工作內容", "冷卻模組試車", ""),
)


def write_form(kind: FormKind, path: Path) -> None:
    """Write the empty form of `kind` to `path`, in the format of its suffix: .xlsx or .csv.

    A csv has the header and the example, which is all that it can hold. An existing file is replaced only once
    the new one is whole.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    _WRITERS[kind](book)
    part = path.with_name(f".{path.name}.part")
    try:
        _SAVERS[path.suffix.lower()](book, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _save_xlsx(book: Workbook, path: Path) -> None:
    book.save(path)


def _save_csv(book: Workbook, path: Path) -> None:
    """The first sheet as the text that a Chinese Excel opens."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = book.worksheets[0].iter_rows(max_row=2, values_only=True)
        csv.writer(file).writerows(rows)


_SAVERS: dict[str, Callable[[Workbook, Path], None]] = {
    ".xlsx": _save_xlsx,
    ".csv": _save_csv,
}


def form_suffixes(kind: FormKind) -> tuple[str, ...]:
    """The formats in which a form can be written; the award is several sheets, which a csv cannot hold."""
    return (".xlsx",) if kind == "award" else (".xlsx", ".csv")


def _write_vouchers(book: Workbook) -> None:
    page = _table(book, "憑證", (*_VOUCHER_COLUMNS, *_DETAIL_COLUMNS))
    for column in range(len(_VOUCHER_COLUMNS) + 1, len(_VOUCHER_COLUMNS) + len(_DETAIL_COLUMNS) + 1):
        page.cell(1, column).fill = _OPTIONAL_FILL
    choices = _Choices(book)
    choices.offer(page, "B", "憑證種類", tuple(voucher_sheet.KINDS))
    choices.offer(page, "K", "會計科目", _category_names())
    choices.offer(page, "M", "付款方式", PAYMENT_METHODS)
    _notes(
        book,
        (
            _("每一列是憑證上的一個品項;同號碼、同日期、同賣方的列合為一張憑證。"),
            _("日期可填西元(2023-07-12)或民國(112/07/12)。"),
            _("未稅金額與稅額以元為單位;收據沒有稅額時填 0 或留空。"),
            _("填了付款日期,表示已付款;以匯款支付而未填日期者,等銀行對帳單到了再配對。"),
            _("折讓請填原發票號碼,金額填正數。"),
            _("品名填核定的計畫經費項目;發票上印的品名不同時,另填在「發票品名」。"),
            _(
                "「附件」右邊的欄位(淺藍色表頭)都可以不填;填了就會印在財產清冊、委託研究、差旅、外幣與分攤等報表上。"
            ),
            _("設備填廠牌、型號、序號、財產編號、產地與存放地點,一台一列。"),
            _("國外採購填幣別、外幣金額、匯率與進口報單號碼;未稅金額填銀行實際扣款的新臺幣數。"),
            _("幾個計畫分攤的憑證填分攤前未稅金額與本案分攤比率;未稅金額只填本案的部分。"),
            _("灰色的「範例」列不會匯入,可以刪除。"),
        ),
    )


def _write_payroll(book: Workbook) -> None:
    _table(book, "薪資", _PAYROLL_COLUMNS)
    _notes(
        book,
        (
            _("每一列是一個人一個月;月份可填 2023-06 或 112/06。"),
            _("應計薪資 = 月薪 × 專案工時 ÷ 總工時,以元為單位。"),
            _(
                "補助計畫要求分列薪資時,可在右邊加上欄位:本薪、津貼、獎金;月中到職或離職的人可加上到職日、離職日。"
            ),
            _("灰色的「範例」列不會匯入,可以刪除。"),
        ),
    )


def _write_timesheet(book: Workbook) -> None:
    _table(book, "工時", _TIMESHEET_COLUMNS)
    _notes(
        book,
        (
            _("每一列是一個人一天;沒有投入的日子可以不填。"),
            _("工時以小時為單位,可寫小數;專案工時不含請假與加班,不得多於當日總工時。"),
            _("同一人同一月可以分幾個檔案匯入;同一天再匯入而工時不同時,以後匯入者為準,並會提醒。"),
            _("匯入後與薪資清冊的專案工時逐月核對。"),
            _("灰色的「範例」列不會匯入,可以刪除。"),
        ),
    )


def _write_award(book: Workbook) -> None:
    choices = _Choices(book)
    page = book.create_sheet(HEAD_SHEET, 0)
    _header(page, ("項目", "內容", EXAMPLE, "說明"), (20, 36, 36, 36))
    for row, field in enumerate(HEAD, 2):
        for column, text in enumerate((field.label, None, field.example, field.note), 1):
            cell = page.cell(row, column, text)
            cell.font = _SAMPLE if column > 2 else _PLAIN
        page.cell(row, 2).number_format = _FORMATS.get(field.what, "General")
        _offer_field(choices, page, f"B{row}", field)
    for position, form in enumerate(LISTS, 1):
        columns = tuple((field.label, field.example, _FORMATS.get(field.what, "")) for field in form.fields)
        page = _table(book, form.sheet, columns, position)
        for index, field in enumerate(form.fields, 1):
            letter = get_column_letter(index)
            _offer_field(choices, page, f"{letter}2:{letter}{_ROWS}", field)
    _notes(
        book,
        (
            _("依核定函填寫「核定」工作表的「內容」欄;其餘工作表一列一筆。"),
            _("預算與品項的金額以元為單位;只有自籌款的科目,政府補助款填 0 或留空。"),
            _("品項的品名須與核定計畫書一字不差。"),
            *(
                f"{form.sheet}・{field.label}: {field.note}"
                for form in LISTS
                for field in form.fields
                if field.note
            ),
            _("灰色的「範例」列不會讀取,可以刪除。"),
        ),
    )


_WRITERS: dict[FormKind, Callable[[Workbook], None]] = {
    "award": _write_award,
    "vouchers": _write_vouchers,
    "payroll": _write_payroll,
    "timesheet": _write_timesheet,
}


def _category_names() -> tuple[str, ...]:
    return tuple(category.name for category in CATEGORIES.values())


def _offer_field(choices: _Choices, page: Worksheet, cells: str, field: FormField) -> None:
    """The list to choose from, where the field has one."""
    words: Sequence[str] = {
        "category": _category_names(),
        "flag": ("是", "否"),
        "scheme": scheme_ids(),
    }.get(field.what, tuple(WORDS.get(field.what, ())))
    if words:
        choices.offer(page, cells, field.label, words)


def _table(
    book: Workbook, name: str, columns: Sequence[tuple[str, str, str]], position: int | None = None
) -> Worksheet:
    """A sheet with a header, the example below it, and its columns ready to be filled."""
    page: Worksheet = book.create_sheet(name, position)
    _header(page, [label for label, _example, _format in columns], [_width(*column) for column in columns])
    for index, (_label, example, number_format) in enumerate(columns, 1):
        cell = page.cell(2, index, f"{EXAMPLE} {example}" if index == 1 else example)
        cell.font, cell.fill = _SAMPLE, _SAMPLE_FILL
        if number_format:
            for row in range(3, _ROWS + 1):
                page.cell(row, index).number_format = number_format
    return page


def _width(label: str, example: str, _format: str) -> float:
    """A column's width in characters: a Chinese character takes two."""
    longest = max(sum(1 if mark.isascii() else 2 for mark in text) for text in (label, example))
    return min(max(12, longest + 4), 40)


def _header(page: Worksheet, labels: Sequence[str], widths: Sequence[float]) -> None:
    for index, (label, width) in enumerate(zip(labels, widths, strict=True), 1):
        cell = page.cell(1, index, label)
        cell.font, cell.fill = _BOLD, _HEADER_FILL
        cell.alignment = Alignment(horizontal="center", vertical="center")
        page.column_dimensions[get_column_letter(index)].width = width
    page.freeze_panes = "A2"


def _notes(book: Workbook, lines: Sequence[str]) -> None:
    page = book.create_sheet("說明")
    page.column_dimensions["A"].width = 90
    for row, line in enumerate(lines, 1):
        page.cell(row, 1, f"※ {line}").font = _PLAIN


class _Choices:
    """A hidden sheet with the words of every drop-down list: a list inside a rule may hold 255 characters only."""

    def __init__(self, book: Workbook) -> None:
        self._page: Worksheet = book.create_sheet(_CHOICES_SHEET)
        self._page.sheet_state = "hidden"
        self._columns: dict[str, str] = {}

    def offer(self, page: Worksheet, cells: str, title: str, words: Sequence[str]) -> None:
        """Offer `words` in `cells` (a range, or a column's letter for all rows); other words stay allowed."""
        if title not in self._columns:
            column = len(self._columns) + 1
            for row, word in enumerate(words, 1):
                self._page.cell(row, column, word)
            letter = get_column_letter(column)
            self._columns[title] = f"={_CHOICES_SHEET}!${letter}$1:${letter}${len(words)}"
        rule = DataValidation(
            type="list", formula1=self._columns[title], allow_blank=True, showErrorMessage=False
        )
        rule.promptTitle, rule.prompt, rule.showInputMessage = title, _("由清單選取"), True
        page.add_data_validation(rule)
        rule.add(cells if cells[-1].isdigit() else f"{cells}2:{cells}{_ROWS}")
