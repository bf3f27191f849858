"""Which payment pays which voucher: candidates with reasons and scores, then the best assignment of all.

Only what is certain enough is booked. The rest is proposed to the accountant, with its reasons.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Sequence
from typing import NamedTuple

from importers.planning.payments.debts import Debt
from importers.planning.payments.evidence import Evidence
from importers.planning.payments.evidence import Match
from importers.planning.payments.names import plain
from importers.planning.payments.proposals import proposals
from importers.records import BankLine
from ledger.util.i18n import _
from ledger.util.text import fold

THRESHOLD = 40
NAMED = 75  # a sum, and the voucher or its supplier said
_AMOUNT_SCORE = 30
_OTHER_DAY = 10  # what a debt was before or after the line's day pays it too, where nothing fits better
_ODD_SCORE = 15  # no other voucher or line has this amount, and it is no round one
_ODD_FIGURES = 4
_MOST_TOGETHER = 6  # vouchers paid by one line
_REFUND = re.compile(r"折讓|退貨|退款|退回貨款|銷退")
_FEES = frozenset({10, 15, 30, 100})


class Matches(NamedTuple):
    """What is certain enough to book, and what is only proposed."""

    certain: list[Match]
    proposed: list[Match]


def match_payments(
    lines: Sequence[BankLine],
    debts: Sequence[Debt],
    fees: Sequence[frozenset[int]] = (),
    suppliers: Iterable[str] = (),
) -> Matches:
    """Match payments out to unpaid vouchers: one to one and best of all, several at once, with a fee, in parts.

    A line must show the same gross amount and either name the voucher or its supplier or be near its date. A
    line that names another supplier, or another invoice, never pays this one: `suppliers` are those that the case
    knows beside the debts'. `fees` are, for each line, the fees that the bank took in lines of their own that day.
    """
    names = frozenset(plain(debt.seller_name) for debt in debts) | frozenset(map(plain, suppliers))
    numbers = frozenset(fold(debt.number) for debt in debts)
    evidence = [Evidence(line, names, numbers) for line in lines]
    certain = _one_to_one(evidence, debts)
    taken_lines = {match.line for match in certain}
    taken = {key for match in certain for key, _amount in match.paid}
    with_fee = functools.partial(_with_fee, fees=fees or [frozenset()] * len(lines))
    for several in (_several_at_once, with_fee, _in_parts):
        open_debts = [debt for debt in debts if debt.key not in taken and debt.left > 0]
        found = several(evidence, open_debts, taken_lines)
        certain += found
        taken_lines |= {match.line for match in found}
        taken |= {key for match in found for key, _amount in match.paid}
    still_open = [debt for debt in debts if debt.key not in taken and debt.left > 0]
    proposed = proposals(evidence, still_open, taken_lines)
    return Matches(sorted(certain, key=lambda match: match.line), proposed)


def match_refunds(lines: Sequence[BankLine], debts: Sequence[Debt], suppliers: Iterable[str] = ()) -> Matches:
    """Match money in to what suppliers have to give back: it shows that sum and names the voucher or the supplier.

    What only says that it is a refund is proposed, where one voucher fits; so is the refund of a supplier that the
    case knows and of which no credit note tells.
    """
    names = frozenset(plain(debt.seller_name) for debt in debts) | frozenset(map(plain, suppliers))
    numbers = frozenset(fold(debt.number) for debt in debts)
    left = list(debts)
    certain, proposed = [], []
    for index, line in enumerate(Evidence(line, names, numbers) for line in lines):
        same = [debt for debt in left if debt.left == line.amount]
        named = [debt for debt in same if line.says(debt)]
        reason = (_("廠商退回折讓的款項"),)
        if named:
            left.remove(named[0])
            paid = ((named[0].key, line.amount),)
            certain.append(Match(index, paid, NAMED, reason, is_refund=True))
        elif not _REFUND.search(line.said):
            continue
        elif len(same) == 1 and not line.names:
            proposed.append(Match(index, ((same[0].key, line.amount),), 0, reason, is_refund=True))
        elif line.names:
            lacking = (_("看似 {seller} 的退款,但帳上沒有同額的折讓或溢付").format(seller=min(line.names)),)
            proposed.append(Match(index, (), 0, lacking, is_refund=True))
    return Matches(certain, proposed)


def _one_to_one(evidence: Sequence[Evidence], debts: Sequence[Debt]) -> list[Match]:
    """The assignment with the highest total score among lines and debts of the same amount.

    What was owed on the line's day goes before what was owed at another time.
    """
    found = []
    for line_indexes, debt_indexes in _same_amounts(evidence, debts):
        scores = {}
        branded = _branded(evidence, debts, line_indexes, debt_indexes)
        for line_index, debt_index in itertools.product(line_indexes, debt_indexes):
            line, debt = evidence[line_index], debts[debt_index]
            if line.amount not in debt.amounts:
                continue
            if line_index in branded and not (debt_index in branded[line_index] or line.says(debt)):
                continue  # it says the beginning of another's name who is owed the same
            score, reasons = line.judge(debt, exact=True)
            if score:
                reasons = (_("金額與憑證含稅總額相同"), *reasons)
                on_its_day = line.amount == debt.owed_on(line.line.date)
                scores[line_index, debt_index] = (
                    score + _AMOUNT_SCORE - (0 if on_its_day else _OTHER_DAY),
                    reasons,
                )
        if len(scores) == 1 and _is_odd(evidence[line_indexes[0]].amount):
            scores = {pair: (score + _ODD_SCORE, reasons) for pair, (score, reasons) in scores.items()}
        for line_index, debt_index in _best_pairs({pair: score for pair, (score, _r) in scores.items()}):
            score, reasons = scores[line_index, debt_index]
            paid = (debts[debt_index].key, evidence[line_index].amount)
            found.append(Match(line_index, (paid,), score, reasons))
    return found


def _branded(
    evidence: Sequence[Evidence], debts: Sequence[Debt], lines: Sequence[int], owed: Sequence[int]
) -> dict[int, set[int]]:
    """{line: the debts whose supplier's first characters it says}, where several suppliers are owed the same."""
    if len({debts[index].seller_name for index in owed}) < 2:
        return {}
    found = {line: {index for index in owed if evidence[line].says_brand(debts[index])} for line in lines}
    return {line: said for line, said in found.items() if said}


def _same_amounts(evidence: Sequence[Evidence], debts: Sequence[Debt]) -> list[tuple[list[int], list[int]]]:
    """(lines, debts) that may belong together; a debt that may be paid by two sums joins what has either."""
    group_of: dict[int, int] = {}  # amount: the amount that stands for its group
    for debt in debts:
        amounts = sorted(debt.amounts)
        groups = {group_of.setdefault(amount, amount) for amount in amounts}
        if len(groups) > 1:
            least = min(groups)
            group_of = {amount: least if group in groups else group for amount, group in group_of.items()}
    groups_: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for index, debt in enumerate(debts):
        if debt.amounts:
            groups_[group_of[min(debt.amounts)]][1].append(index)
    for index, line in enumerate(evidence):
        if line.amount in group_of:
            groups_[group_of[line.amount]][0].append(index)
    return [group for group in groups_.values() if group[0]]


def _is_odd(amount: int) -> bool:
    """Whether an amount tells a payment by itself: no round hundreds, or four figures that are not noughts."""
    return amount % 100 != 0 or len(str(amount).rstrip("0")) >= _ODD_FIGURES


def _best_pairs(scores: dict[tuple[int, int], int]) -> list[tuple[int, int]]:
    """The pairs, each side used once: as many as can be, among those the highest total score, then the first lines.

    So the same lines and debts give the same pairs, in whatever runs they came.
    """
    if len(scores) == 1:
        return list(scores)
    import networkx  # few imports have payments that compete, and it takes a while to load

    graph: networkx.Graph[tuple[str, int]] = networkx.Graph()
    ranks = {line: rank for rank, line in enumerate(sorted({line for line, _debt in scores}))}
    scale = len(ranks) * len(scores) + 1
    for (line, debt), score in sorted(scores.items()):
        graph.add_edge(("line", line), ("debt", debt), weight=score * scale - ranks[line])
    pairs = networkx.max_weight_matching(graph, maxcardinality=True)
    return sorted((one[1], other[1]) if one[0] == "line" else (other[1], one[1]) for one, other in pairs)


def _several_at_once(evidence: Sequence[Evidence], debts: Sequence[Debt], taken: set[int]) -> list[Match]:
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


def _in_parts(evidence: Sequence[Evidence], debts: Sequence[Debt], taken: set[int]) -> list[Match]:
    """Lines that each pay a part of one voucher: they name its number, or together make up its amount."""
    found = []
    free = {index for index in range(len(evidence)) if index not in taken}
    saying = _by_what_they_say(evidence, free)
    for debt in debts:
        said = [index for index in saying[fold(debt.number)] if index in free]
        named = [
            i for i in said if evidence[i].numbers == {fold(debt.number)} and evidence[i].amount < debt.left
        ]
        parts = _taking(named, evidence, debt.left)
        if not parts:
            said += [index for index in saying[plain(debt.seller_name)] if index in free]
            by_name = sorted({i for i in said if evidence[i].says(debt) and evidence[i].judge(debt)[0]})
            parts = _making_up(by_name, evidence, debt.left)
        for index in parts:
            score, reasons = evidence[index].judge(debt)
            reasons = (_("分次付款的一部分"), *reasons)
            found.append(Match(index, ((debt.key, evidence[index].amount),), score, reasons))
            free.remove(index)
    return found


def _by_what_they_say(evidence: Sequence[Evidence], indexes: Iterable[int]) -> dict[str, list[int]]:
    """The lines by each number and each supplier's name that they say."""
    saying: dict[str, list[int]] = defaultdict(list)
    for index in sorted(indexes):
        for word in (*evidence[index].numbers, *evidence[index].names):
            saying[word].append(index)
    return saying


def _taking(indexes: Iterable[int], evidence: Sequence[Evidence], amount: int) -> list[int]:
    """Lines in order, as long as they do not pay more than is owed."""
    parts = []
    for index in indexes:
        if evidence[index].amount <= amount:
            amount -= evidence[index].amount
            parts.append(index)
    return parts


def _making_up(indexes: Sequence[int], evidence: Sequence[Evidence], amount: int) -> list[int]:
    """The one set of two or three lines that makes up the amount."""
    found = [
        several
        for size in (2, 3)
        for several in itertools.combinations(indexes[:16], size)
        if sum(evidence[index].amount for index in several) == amount
    ]
    return list(found[0]) if len(found) == 1 else []


def _with_fee(
    evidence: Sequence[Evidence], debts: Sequence[Debt], taken: set[int], fees: Sequence[frozenset[int]]
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
            fee = line.amount - debt.left
            if debt.key in paid or not (fee in _FEES or -fee in fees[index]):
                continue
            score, reasons = line.judge(debt)
            if score < THRESHOLD:
                continue
            told = _("金額多出匯費 {fee} 元") if fee > 0 else _("匯費 {fee} 元由廠商負擔,自貨款扣除")
            amount = min(debt.left, line.amount)
            reasons = (told.format(fee=abs(fee)), *reasons)
            found.append(Match(index, ((debt.key, amount),), score, reasons, fee))
            paid.add(debt.key)
            break
    return found
