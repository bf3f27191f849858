"""Whose business a row of a bulk download is: the case's, a question, or nobody's here and set aside.

A download holds the whole company's purchases. A row is the case's when its seller is a supplier of the award or of
the books, or its 品名 an approved item's. What is nearly so, or made out to another company, is asked.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from importers.planning.categories import Known
from importers.records import VoucherRecord
from ledger.model.award import Award
from ledger.util.i18n import _
from ledger.util.text import fold

_LEGAL_FORM = re.compile(
    r"^(?:財團法人|社團法人|有限責任|國立|私立)|(?:股份有限公司|有限公司|兩合公司|無限公司|公司|企業社|工作室|商行|行號)$"
)
_MARKS = re.compile(r"[\W_]+")
_LEAST_CORE = 3  # characters of a name; what is shorter is like too many others
_LEAST_ITEM = 4
_ALIKE_ITEM = 0.7


class Judgement(NamedTuple):
    """Whether a row is the case's; if not why, and whether somebody has to say."""

    is_ours: bool
    asks: bool = False
    reason: str = ""


OURS = Judgement(is_ours=True)


class RowJudge:
    """Judges the rows of bulk downloads by what the award, the books and the other papers of the run know."""

    def __init__(self, known: Known, award: Award) -> None:
        self._known = known
        self._award = award
        self._near: dict[str, str] = {}  # a seller's name: the known one that it is nearly

    def learn(self, record: VoucherRecord) -> None:
        """A paper that is the case's: its seller is one of the case's from now on."""
        self._known.suppliers.add(fold(record.seller_name))
        self._known.sellers.add(record.seller)
        self._known.suppliers.discard("")
        self._known.sellers.discard("")
        self._near.clear()

    def learn_rows(self, rows: Sequence[VoucherRecord]) -> None:
        """Let the rows that are the case's make their sellers known, until no row is added by that."""
        waiting = list(rows)
        while ours := [row for row in waiting if self._is_ours(row)]:
            for row in ours:
                self.learn(row)
            waiting = [row for row in waiting if not self._is_ours(row)]

    def _is_ours(self, record: VoucherRecord) -> bool:
        return not self._is_of_another(record) and self._known.has(record)

    def _is_of_another(self, record: VoucherRecord) -> bool:
        """Whether a row is made out to a company that has no part in the case."""
        is_company = len(record.buyer) == 8 and record.buyer.isdecimal()  # ten noughts are a consumer
        return is_company and record.buyer not in self._award.parties

    def judge(self, record: VoucherRecord) -> Judgement:
        """Whose business a row is."""
        if self._is_of_another(record):
            reason = _("買方統編 {buyer} 不是本案公司,沒有入帳").format(buyer=record.buyer)
            return Judgement(is_ours=False, asks=True, reason=reason)
        if self._known.has(record):
            return OURS
        near = self._near_item(record) or self._near_seller(record)
        if near:
            return Judgement(is_ours=False, asks=True, reason=near)
        return Judgement(is_ours=False, reason=_("賣方不是本案的廠商,品名也不是核定品項,沒有入帳"))

    def _near_item(self, record: VoucherRecord) -> str:
        for item in record.items:
            near = next(
                (other.name for other in self._award.items if _is_near_item(item.name, other.name)), ""
            )
            if near:
                return _(
                    "品名「{item}」與核定品項「{near}」相近,賣方「{seller}」不是本案的廠商;是否為本案的憑證?"
                ).format(item=item.name, near=near, seller=record.seller_name or record.seller)
        return ""

    def _near_seller(self, record: VoucherRecord) -> str:
        near = self._near.get(record.seller_name)
        if near is None:
            names = sorted(self._known.suppliers)
            near = next((name for name in names if is_near_seller(record.seller_name, name)), "")
            self._near[record.seller_name] = near
        if not near:
            return ""
        return _("賣方「{seller}」與本案的廠商「{near}」名稱相近;是否為本案的憑證?").format(
            seller=record.seller_name, near=near
        )


@functools.lru_cache(maxsize=1 << 12)
def _letters(name: str) -> str:
    return _MARKS.sub("", fold(name)).casefold()


def _is_near_item(one: str, other: str) -> bool:
    """Whether a 品名 is nearly an approved one: it holds it or is held by it, or few characters differ."""
    a, b = _letters(one), _letters(other)
    if min(len(a), len(b)) < _LEAST_ITEM:
        return False
    return a in b or b in a or Levenshtein.normalized_similarity(a, b) >= _ALIKE_ITEM


@functools.lru_cache(maxsize=1 << 12)
def company_core(name: str) -> str:
    """A company's name without its legal form and marks."""
    core, before = _letters(name), ""
    while core != before:
        before, core = core, _LEGAL_FORM.sub("", core)
    return core


def is_near_seller(one: str, other: str) -> bool:
    """Whether two names are very likely one company's: the same but for the legal form, or one character."""
    a, b = company_core(one), company_core(other)
    if min(len(a), len(b)) < _LEAST_CORE:
        return bool(a) and a == b
    return a == b or a in b or b in a or Levenshtein.distance(a, b) == 1
