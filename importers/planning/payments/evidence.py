"""What a bank line says about whom and what it pays, and how well that fits what is owed."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from importers.planning.line_kind import invoice_numbers
from importers.planning.line_kind import words
from importers.planning.payments.debts import Debt
from importers.planning.payments.names import brand
from importers.planning.payments.names import is_nothing_but_brand
from importers.planning.payments.names import names_another
from importers.planning.payments.names import plain
from importers.planning.payments.names import said_names
from importers.records import BankLine
from ledger.util.i18n import _
from ledger.util.text import fold

NUMBER_SCORE = 100
_NAME_SCORE = 60
_SHORT_NAME_SCORE = 45
_UNLIKELY_SCORE = (
    5  # the right sum and name, but long before there was a voucher, or long after and cut short
)
_NEAR_SCORE = 25
_DAYS_BEFORE = 7  # a deposit may be wired shortly before the invoice is made out
_DAYS_AFTER = 180
_DAYS_NEAR = 120

_NOT_A_PURCHASE = re.compile(
    r"薪資|薪轉|勞健保|勞保|健保|電費|水費|租金|放款|本息|繳費稅|營業稅|所得稅|手續費|匯費|信用卡"
)


class Match(NamedTuple):
    """A line that pays one or more debts: (key, amount) each, how sure, and why."""

    line: int  # the line's place in the list that was matched
    paid: tuple[tuple[int, int], ...]
    score: int
    reasons: tuple[str, ...]
    fee: int = 0  # what the bank took on top of it; negative: a line of its own, taken from what is paid
    is_refund: bool = False  # the supplier gives it back

    @property
    def why(self) -> str:
        """The reasons and the score in one line."""
        return _("{reasons}({score} 分)").format(reasons=";".join(self.reasons), score=self.score)


class Evidence:
    """What a line says, worked out once."""

    def __init__(self, line: BankLine, names: frozenset[str], numbers: frozenset[str]) -> None:
        """`names` are those of all suppliers that are known, plain; `numbers` those of all vouchers, folded."""
        self.line = line
        self.amount = abs(line.amount)
        self.said = plain(words(line))
        self.numbers = {number for number in numbers if number and number in self.said}
        self.other_invoice = bool(invoice_numbers(line) - numbers)
        self.names, self.is_full_name = said_names(self.said, names)
        self.no_purchase = bool(_NOT_A_PURCHASE.search(self.said)) and not self.numbers
        self._known = names

    def says(self, debt: Debt) -> bool:
        """Whether it names the debt's voucher, or its supplier and no voucher."""
        if self.numbers or self.other_invoice:
            return fold(debt.number) in self.numbers
        return plain(debt.seller_name) in self.names

    def judge(self, debt: Debt, *, exact: bool = False) -> tuple[int, tuple[str, ...]]:
        """How well this line fits a debt apart from its amount, and why; (0, ()) where it cannot be.

        `exact`: it shows the debt's very sum. With the voucher's number, or the supplier's name in full, it pays
        at any distance in time; with a short name far away, or long before the voucher, it is only proposed.
        """
        days = (self.line.date - debt.date).days
        is_far = not -_DAYS_BEFORE <= days <= _DAYS_AFTER
        if self.no_purchase or (is_far and not (exact and self.says(debt))):
            return 0, ()
        if not self.says(debt):
            return self._nearness(debt, days)
        if self.numbers:
            return NUMBER_SCORE, (_("摘要寫有憑證號碼"),)
        nearness = max(0, _NEAR_SCORE - abs(days) * _NEAR_SCORE // _DAYS_NEAR)
        score = _NAME_SCORE if self.is_full_name else _SHORT_NAME_SCORE
        if days < -_DAYS_BEFORE or (is_far and not self.is_full_name):
            score = _UNLIKELY_SCORE
        return score + nearness, (_("摘要寫有廠商名稱"), _("距憑證 {days} 天").format(days=days))

    def _nearness(self, debt: Debt, days: int) -> tuple[int, tuple[str, ...]]:
        """How well a line that names nobody fits by its day alone."""
        if self.numbers or self.other_invoice or self.names or days > _DAYS_NEAR:
            return 0, ()
        if plain(debt.seller_name) in self._about_others:
            return 0, ()
        nearness = max(0, _NEAR_SCORE - abs(days) * _NEAR_SCORE // _DAYS_NEAR)
        return nearness, (_("距憑證 {days} 天").format(days=days),)

    @functools.cached_property
    def _about_others(self) -> frozenset[str]:
        """The known names that the line is not about, as it says a piece of another's name."""
        memo = plain(fold(self.line.memo))
        branded = {brand(name) for name in self._known if is_nothing_but_brand(memo, name)}
        return frozenset(
            name
            for name in self._known
            if names_another(self.said, name, self._known) or (branded and brand(name) not in branded)
        )

    def says_brand(self, debt: Debt) -> bool:
        """Whether it says the first two characters of the debt's supplier."""
        return brand(plain(debt.seller_name)) in self.said
