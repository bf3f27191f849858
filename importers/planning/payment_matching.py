"""Which payment pays which voucher: candidates with reasons and scores, then the best assignment of all.

Only what is certain enough is booked. The rest is proposed to the accountant, with its reasons.
"""

from __future__ import annotations

import datetime
import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from typing import NamedTuple

from importers.planning.line_kind import invoice_numbers
from importers.planning.line_kind import words
from importers.records import BankLine
from ledger.util.i18n import _
from ledger.util.text import fold

THRESHOLD = 40
_NUMBER_SCORE = 100
_NAME_SCORE = 60
_SHORT_NAME_SCORE = 45
_AMOUNT_SCORE = 30
_NEAR_SCORE = 25
_DAYS_BEFORE = 7  # a deposit may be wired shortly before the invoice is made out
_DAYS_AFTER = 180
_DAYS_NEAR = 120
_ODD_SCORE = 15  # no other voucher or line has this amount, and it is no round one
_ODD_FIGURES = 4
_MOST_TOGETHER = 6  # vouchers paid by one line
_FEES = frozenset({10, 15, 30, 100})

_LEGAL_FORM = re.compile(r"(股份)?有限公司|企業社|工程行|商行|工作室|事務所$")
_REST_OF_A_NAME = re.compile(r"\w{0,6}有限公司")
_CUT_NAME = 4  # characters of a name that tell it where the rest is cut off
_MORE_OF_A_NAME = re.compile(r"(?!貨款|工程款|材料款|設備款|尾款|訂金|頭期|款)[\u4e00-\u9fff]")
_NOT_A_PURCHASE = re.compile(
    r"薪資|薪轉|勞健保|勞保|健保|電費|水費|租金|放款|本息|繳費稅|營業稅|所得稅|手續費|匯費|信用卡"
)


class Debt(NamedTuple):
    """A voucher that is not paid in full: what is left of it, in NT$. `key` tells it from all others."""

    key: int
    number: str
    seller_name: str
    date: datetime.date
    left: int


class Match(NamedTuple):
    """A line that pays one or more debts: (key, amount) each, how sure, and why."""

    line: int  # the line's place in the list that was matched
    paid: tuple[tuple[int, int], ...]
    score: int
    reasons: tuple[str, ...]
    fee: int = 0  # what the bank took on top of it; negative: a line of its own, taken from what is paid

    @property
    def why(self) -> str:
        """The reasons and the score in one line."""
        return _("{reasons}({score} 分)").format(reasons=";".join(self.reasons), score=self.score)


class Matches(NamedTuple):
    """What is certain enough to book, and what is only proposed."""

    certain: list[Match]
    proposed: list[Match]


def match_payments(
    lines: Sequence[BankLine], debts: Sequence[Debt], fees: Sequence[frozenset[int]] = ()
) -> Matches:
    """Match payments out to unpaid vouchers: one to one and best of all, several at once, with a fee, in parts.

    A line must show the same gross amount and either name the voucher or its supplier or be near its date. A
    line that names another supplier or another invoice never pays this one. `fees` are, for each line, the fees
    that the bank took in lines of their own that day.
    """
    names = {fold(debt.seller_name) for debt in debts}
    numbers = {fold(debt.number) for debt in debts}
    evidence = [_Evidence(line, names, numbers) for line in lines]
    certain = _one_to_one(evidence, debts)
    taken_lines = {match.line for match in certain}
    taken = {key for match in certain for key, _amount in match.paid}
    with_fee = functools.partial(_with_fee, fees=fees or [frozenset()] * len(lines))
    for several in (_several_at_once, with_fee, _in_parts):
        open_debts = [debt for debt in debts if debt.key not in taken]
        found = several(evidence, open_debts, taken_lines)
        certain += found
        taken_lines |= {match.line for match in found}
        taken |= {key for match in found for key, _amount in match.paid}
    proposed = _proposals(evidence, [debt for debt in debts if debt.key not in taken], taken_lines)
    return Matches(sorted(certain, key=lambda match: match.line), proposed)


class _Evidence:
    """What a line says about whom and what it pays, worked out once."""

    def __init__(self, line: BankLine, names: set[str], numbers: set[str]) -> None:
        self.line = line
        self.amount = -line.amount
        self.said = words(line)
        self.numbers = {number for number in numbers if number and number in self.said}
        self.other_invoice = bool(invoice_numbers(line) - numbers)
        self.names = {name for name in names if name and name in self.said}
        if not self.names:
            self.names = {name for name in names if _said_names(self.said, name)}
        self.is_full_name = any(name in self.said for name in self.names)
        self.no_purchase = bool(_NOT_A_PURCHASE.search(self.said)) and not self.numbers

    def judge(self, debt: Debt) -> tuple[int, tuple[str, ...]]:
        """How well this line fits a debt apart from its amount, and why; (0, ()) where it cannot be."""
        days = (self.line.date - debt.date).days
        if self.no_purchase or not -_DAYS_BEFORE <= days <= _DAYS_AFTER:
            return 0, ()
        if fold(debt.number) in self.numbers:
            return _NUMBER_SCORE, (_("摘要寫有憑證號碼"),)
        if self.numbers or self.other_invoice:
            return 0, ()
        nearness = max(0, _NEAR_SCORE - abs(days) * _NEAR_SCORE // _DAYS_NEAR)
        if fold(debt.seller_name) in self.names:
            score = _NAME_SCORE if self.is_full_name else _SHORT_NAME_SCORE
            return score + nearness, (_("摘要寫有廠商名稱"), _("距憑證 {days} 天").format(days=days))
        if self.names or self._names_somebody():
            return 0, ()
        return (nearness, (_("距憑證 {days} 天").format(days=days),)) if days <= _DAYS_NEAR else (0, ())

    def _names_somebody(self) -> bool:
        """Whether the line names a company that none of the debts is owed to."""
        return bool(_LEGAL_FORM.search(self.said))


@functools.lru_cache(maxsize=4096)
def _short_names(name: str) -> frozenset[str]:
    """How a bank or a clerk shortens a company's name: without its legal form, without its trade."""
    bare = _LEGAL_FORM.sub("", name)
    short = {bare, re.sub(r"(實業|企業|工業)$", "", bare)}
    return frozenset(part for part in short if len(part) >= 3)


def _said_names(said: str, name: str) -> set[str]:
    """The short forms of `name` that a line holds; the full name of another company that begins alike is none.

    A bank may also cut a name off where its column ends.
    """
    found = {
        part
        for part in _short_names(name)
        if part in said and not _REST_OF_A_NAME.match(said[said.index(part) + len(part) :])
    }
    if not found and len(name) > _CUT_NAME and name[:_CUT_NAME] in said:
        rest = said[said.index(name[:_CUT_NAME]) :]
        same = next((i for i, (a, b) in enumerate(zip(rest, name, strict=False)) if a != b), len(rest))
        if not _MORE_OF_A_NAME.match(rest[same:]):
            found.add(rest[:same])
    return found


def _one_to_one(evidence: Sequence[_Evidence], debts: Sequence[Debt]) -> list[Match]:
    """The assignment with the highest total score among lines and debts of the same amount."""
    by_amount: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for index, debt in enumerate(debts):
        by_amount[debt.left][1].append(index)
    for index, line in enumerate(evidence):
        if line.amount in by_amount:
            by_amount[line.amount][0].append(index)
    found = []
    for line_indexes, debt_indexes in by_amount.values():
        scores = {}
        for line_index, debt_index in itertools.product(line_indexes, debt_indexes):
            score, reasons = evidence[line_index].judge(debts[debt_index])
            if score:
                reasons = (_("金額與憑證含稅總額相同"), *reasons)
                scores[line_index, debt_index] = (score + _AMOUNT_SCORE, reasons)
        if len(scores) == 1 and _is_odd(debts[debt_indexes[0]].left):
            scores = {pair: (score + _ODD_SCORE, reasons) for pair, (score, reasons) in scores.items()}
        for line_index, debt_index in _best_pairs({pair: score for pair, (score, _r) in scores.items()}):
            score, reasons = scores[line_index, debt_index]
            debt = debts[debt_index]
            found.append(Match(line_index, ((debt.key, debt.left),), score, reasons))
    return found


def _is_odd(amount: int) -> bool:
    """Whether an amount tells a payment by itself: no round hundreds, or four figures that are not noughts."""
    return amount % 100 != 0 or len(str(amount).rstrip("0")) >= _ODD_FIGURES


def _best_pairs(scores: dict[tuple[int, int], int]) -> list[tuple[int, int]]:
    """The pairs, each side used once: as many as can be, and among those the highest total score."""
    if len(scores) == 1:
        return list(scores)
    import networkx  # few imports have payments that compete, and it takes a while to load

    graph: networkx.Graph[tuple[str, int]] = networkx.Graph()
    for (line, debt), score in scores.items():
        graph.add_edge(("line", line), ("debt", debt), weight=score)
    pairs = networkx.max_weight_matching(graph, maxcardinality=True)
    return sorted((one[1], other[1]) if one[0] == "line" else (other[1], one[1]) for one, other in pairs)


def _several_at_once(evidence: Sequence[_Evidence], debts: Sequence[Debt], taken: set[int]) -> list[Match]:
    """Lines that pay several vouchers of the numbers or the one supplier they name."""
    found = []
    left = list(debts)
    for index, line in enumerate(evidence):
        if index in taken or not (line.numbers or line.names):
            continue
        judged = {debt.key: line.judge(debt) for debt in left}
        candidates = [debt for debt in left if judged[debt.key][0]]
        if line.numbers:
            candidates = [debt for debt in candidates if fold(debt.number) in line.numbers]
        together = _adding_up(candidates, line.amount)
        if together is not None:
            score = min(judged[debt.key][0] for debt in together) + _AMOUNT_SCORE
            reasons = (_("一筆付清同一廠商的 {count} 張憑證").format(count=len(together)),)
            paid = tuple((debt.key, debt.left) for debt in together)
            found.append(Match(index, paid, score, reasons))
            left = [debt for debt in left if debt not in together]
    return found


def _adding_up(debts: Sequence[Debt], amount: int) -> tuple[Debt, ...] | None:
    """The one set of debts that adds up to `amount`; None where there is none, or more than one."""
    pool = [debt for debt in debts if 0 < debt.left < amount][:16]
    found = [
        several
        for size in range(2, min(_MOST_TOGETHER, len(pool)) + 1)
        for several in itertools.combinations(pool, size)
        if sum(debt.left for debt in several) == amount
    ]
    return found[0] if len(found) == 1 else None


def _in_parts(evidence: Sequence[_Evidence], debts: Sequence[Debt], taken: set[int]) -> list[Match]:
    """Lines that each pay a part of one voucher: they name its number, or together make up its amount."""
    found = []
    free = [index for index in range(len(evidence)) if index not in taken]
    for debt in debts:
        named = [
            i for i in free if evidence[i].numbers == {fold(debt.number)} and evidence[i].amount < debt.left
        ]
        parts = _taking(named, evidence, debt.left)
        if not parts:
            by_name = [i for i in free if evidence[i].judge(debt)[0] >= _SHORT_NAME_SCORE]
            parts = _making_up(by_name, evidence, debt.left)
        for index in parts:
            score, reasons = evidence[index].judge(debt)
            reasons = (_("分次付款的一部分"), *reasons)
            found.append(Match(index, ((debt.key, evidence[index].amount),), score, reasons))
            free.remove(index)
    return found


def _taking(indexes: Iterable[int], evidence: Sequence[_Evidence], amount: int) -> list[int]:
    """Lines in order, as long as they do not pay more than is owed."""
    parts = []
    for index in indexes:
        if evidence[index].amount <= amount:
            amount -= evidence[index].amount
            parts.append(index)
    return parts


def _making_up(indexes: Sequence[int], evidence: Sequence[_Evidence], amount: int) -> list[int]:
    """The one set of two or three lines that makes up the amount."""
    found = [
        several
        for size in (2, 3)
        for several in itertools.combinations(indexes[:16], size)
        if sum(evidence[index].amount for index in several) == amount
    ]
    return list(found[0]) if len(found) == 1 else []


def _with_fee(
    evidence: Sequence[_Evidence], debts: Sequence[Debt], taken: set[int], fees: Sequence[frozenset[int]]
) -> list[Match]:
    """Lines that name the voucher or its supplier and differ from its amount by the bank's fee.

    On top, or taken from what the supplier gets: then the fee has to stand in a line of its own that day.
    """
    found = []
    paid: set[int] = set()
    for index, line in enumerate(evidence):
        if index in taken:
            continue
        for debt in debts:
            score, reasons = line.judge(debt)
            fee = line.amount - debt.left
            if debt.key in paid or score < THRESHOLD or not (fee in _FEES or -fee in fees[index]):
                continue
            told = _("金額多出匯費 {fee} 元") if fee > 0 else _("匯費 {fee} 元由廠商負擔,自貨款扣除")
            amount = min(debt.left, line.amount)
            reasons = (told.format(fee=abs(fee)), *reasons)
            found.append(Match(index, ((debt.key, amount),), score, reasons, fee))
            paid.add(debt.key)
            break
    return found


def _proposals(evidence: Sequence[_Evidence], debts: Sequence[Debt], taken: set[int]) -> list[Match]:
    """Lines that name a voucher or its supplier but whose amount does not fit: for the accountant to decide."""
    found = []
    for index, line in enumerate(evidence):
        if index in taken or not line.numbers:
            continue
        for debt in debts:
            score, reasons = line.judge(debt)
            if score >= _NUMBER_SCORE:
                reasons = (
                    _("金額不同:付 {paid:,} 元,應付 {left:,} 元").format(paid=line.amount, left=debt.left),
                    *reasons,
                )
                found.append(Match(index, ((debt.key, min(debt.left, line.amount)),), score, reasons))
                break
    return found
