"""Plain text and whole NT$: what every voucher reader makes of the words and figures it finds."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP
from decimal import Decimal

from importers.records import ReadError
from ledger.model.identifiers import invoice_number_valid
from ledger.util.dates import parse_date
from ledger.util.i18n import _
from ledger.util.text import fold
from ledger.util.text import parse_amount

_FIGURES = 13  # MIG's widest amount before the point
_SMALLEST = -20  # exponents beyond these would burst the arithmetic
_NOISE = Decimal("0.00001")  # a spreadsheet's binary fractions are off by less than this
_ONE = Decimal(1)
_CLOSED_OR_MINUS = re.compile(r"\d *[-\u2010-\u2015\u2212]['\" ]*$")


def plain(text: str) -> str:
    """`text` in one line, without control and formatting characters, stripped at both ends.

    Line ends become blanks; zero-width and direction marks disappear, for they may hide what a name says.
    """
    text = text.strip()
    if text.isprintable():
        return text
    return "".join(map(_printable, text)).strip()


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Zl", "Zp"} or character in "\t\n\r\v\f":
        return " "
    return "" if category in {"Cc", "Cf", "Cs"} else character


def voucher_number(text: str) -> str:
    """A voucher's number: NFKC, no blanks, and for an invoice capital letters without the hyphen."""
    if invoice_number_valid(text):
        return text
    number = fold(plain(text))
    invoice = number.replace("-", "").upper()
    return invoice if invoice_number_valid(invoice) else number


def company_number(text: str) -> str:
    """A 統一編號 as text; a spreadsheet's number that lost its leading zero gets it back."""
    if len(text) == 8 and text.isascii() and text.isdecimal():
        return text
    number = fold(plain(text))
    return number.zfill(8) if len(number) == 7 and number.isdecimal() else number


def money(text: str) -> Decimal | None:
    """The amount in `text`, None where it is empty. Raises ValueError where it is no sane amount.

    `8,054-` is refused: people close an amount with that stroke, and accounting programs mean a minus.
    """
    if len(text) <= _FIGURES and text.isascii() and text.isdecimal():
        return Decimal(text)  # nearly every amount is plain figures, and the whole grammar is dear
    amount = parse_amount(text)
    if amount is not None and _CLOSED_OR_MINUS.search(unicodedata.normalize("NFKC", text)):
        raise ValueError(text)
    if amount is not None and not _SMALLEST < amount.adjusted() < _FIGURES:
        raise ValueError(text)
    return amount


def whole(amount: Decimal, where: str, warnings: list[str]) -> int:
    """`amount` in whole NT$, half up; a fraction is told in `warnings` with its place."""
    if amount == (rounded := int(amount)):
        return rounded
    rounded = int(amount.quantize(_ONE, ROUND_HALF_UP))
    if abs(amount - rounded) > _NOISE:
        warnings.append(
            _("{where}: 金額 {amount} 不是整數元,四捨五入為 {rounded}").format(
                where=where, amount=amount, rounded=rounded
            )
        )
    return rounded


def whole_parts(net: Decimal, tax: Decimal, where: str, warnings: list[str]) -> tuple[int, int, int]:
    """Net, tax and gross in whole NT$, so that they add up and the gross is the paper's.

    Tax and gross are rounded, half up; net is what is left. Rounded each by itself, 8,054.5 and 402.5 would make
    8,458 of a paper of 8,457.
    """
    if net == int(net) and tax == int(tax):
        return int(net), int(tax), int(net + tax)
    whole_tax, gross = whole(tax, where, warnings), whole(net + tax, where, warnings)
    return gross - whole_tax, whole_tax, gross


def is_example(text: str) -> bool:
    """Whether a first cell marks the example row, or a note, of a form of ours."""
    return fold(text).startswith(("範例", "※", "說明:", "註:"))


def is_total(text: str) -> bool:
    """Whether a row's first word says that the row only sums up the others."""
    return fold(text).rstrip(":").endswith(("合計", "總計", "小計", "總額")) and len(fold(text)) <= 6


def date_text(text: str) -> str:
    """ISO form of the date in `text`, empty where there is none: a key to join sheets by."""
    day = parse_date(text)
    return day.isoformat() if day else ""


def row_error(row: int, field: str, text: str) -> ReadError:
    """The error of a cell that does not say what its column should."""
    if not text:
        return ReadError(_("第 {row} 列缺「{field}」").format(row=row, field=field))
    return ReadError(
        _("第 {row} 列「{field}」無法辨認: {text}").format(row=row, field=field, text=plain(text)[:40])
    )


def too_wide_error(row: int, cells: int, columns: int) -> ReadError:
    """The error of a row with more cells than its header."""
    return ReadError(
        _(
            "第 {row} 列有 {cells} 格,表頭只有 {columns} 欄;可能是金額的千分位逗號把儲存格拆開了,請改正後再匯入"
        ).format(row=row, cells=cells, columns=columns)
    )
