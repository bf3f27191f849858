"""What a reference says once rows were put into a sheet: pure text, as a spreadsheet writes it.

`$A$5:B10`, `彙總表!C7`, whole formulas. A spreadsheet that inserts rows moves what stands below them; a range that ends
at the table's last row grows with the table, so that the sum below it takes in the new rows.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from openpyxl.formula.tokenizer import Token
from openpyxl.formula.tokenizer import Tokenizer
from openpyxl.formula.tokenizer import TokenizerError
from openpyxl.formula.translate import Translator

from ledger.errors import GrantError
from ledger.util.i18n import _

MOST_ROWS = 1_048_576  # of a sheet, by the format

_CELL = r"(\$?[A-Za-z]{1,3})(\$?)([0-9]{1,7})"
_ONE = re.compile(_CELL)
_RANGE = re.compile(f"{_CELL}:{_CELL}")
_ROWS = re.compile(r"(\$?)([0-9]{1,7}):(\$?)([0-9]{1,7})")
_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([^'!:\[\]]+))!(.+)", re.DOTALL)
_SEVERAL_SHEETS = re.compile(r"(?:'[^']*:[^']*'|[^'!]+:[^'!]+)![^!]+")


class FormulaError(GrantError):
    """A formula that cannot be moved; the message names it."""


class Insertion(NamedTuple):
    """`added` rows put in below row `last` of a sheet; the table that grows begins at row `first`."""

    sheet: str
    first: int
    last: int
    added: int

    def row(self, row: int) -> int:
        """Where a row stands afterwards."""
        return row + self.added if row > self.last else row

    def area(self, text: str, *, inside: bool = False) -> str:
        """A cell or a range of the sheet, without a sheet's name; anything else comes back as it is.

        `inside`: it stands in a row of the table, where a range is the row's own and does not grow.
        """
        if match := _RANGE.fullmatch(text):
            column, fixed, row, other, other_fixed, other_row = match.groups()
            one_column = column.lstrip("$").upper() == other.lstrip("$").upper()
            top, bottom = self._span(int(row), int(other_row), inside=inside, one_column=one_column)
            return f"{column}{fixed}{top}:{other}{other_fixed}{bottom}"
        if match := _ONE.fullmatch(text):
            column, fixed, row = match.groups()
            return f"{column}{fixed}{self.row(int(row))}"
        if match := _ROWS.fullmatch(text):
            fixed, row, other_fixed, other_row = match.groups()
            top, bottom = self._span(int(row), int(other_row), inside=inside, one_column=True)
            return f"{fixed}{top}:{other_fixed}{bottom}"
        return text

    def areas(self, text: str) -> str:
        """Several of them with white space between, as an attribute lists them."""
        return " ".join(self.area(part) for part in text.split())

    def _span(self, top: int, bottom: int, *, inside: bool, one_column: bool) -> tuple[int, int]:
        is_of_rows = top < bottom or (self.first == self.last and one_column)  # not across one row
        grows = bottom == self.last and is_of_rows and not inside
        return self.row(top), bottom + self.added if bottom > self.last or grows else bottom

    def formula(self, text: str, sheet: str, *, inside: bool = False) -> str:
        """A formula, without its `=`, of a cell on `sheet`. Raises FormulaError for one over several sheets."""
        try:
            tokens = Tokenizer("=" + text).items
        except TokenizerError as error:
            raise FormulaError(_("公式 {formula} 讀不懂,不能加列").format(formula="=" + text)) from error
        return "".join(self._token(token, sheet, inside=inside) for token in tokens)

    def _token(self, token: Token, sheet: str, *, inside: bool) -> str:
        value = str(token.value)
        if token.type != Token.OPERAND or token.subtype != Token.RANGE:
            return value
        if _SEVERAL_SHEETS.fullmatch(value):
            raise FormulaError(
                _('公式用到 {area},一次跨好幾個工作表,不能加列;請在對照檔改用 grow = "fixed"').format(
                    area=value
                )
            )
        match = _SHEET.fullmatch(value)
        if match is None:
            return self.area(value, inside=inside) if sheet == self.sheet else value
        named = match[1].replace("''", "'") if match[1] else match[2]
        if named != self.sheet:
            return value
        return value[: match.start(3)] + self.area(match[3], inside=inside and sheet == self.sheet)


def moved(formula: str, origin: str, place: str) -> str:
    """A formula, without its `=`, as copying it from one cell to another makes it."""
    return str(Translator("=" + formula, origin=origin).translate_formula(place))[1:]
