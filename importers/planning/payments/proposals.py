"""What a line may pay though it is not sure: for the accountant to decide, with the reason and the candidates."""

from __future__ import annotations

import datetime
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Sequence
from decimal import Decimal

from importers.planning.payments.debts import Debt
from importers.planning.payments.evidence import NUMBER_SCORE
from importers.planning.payments.evidence import Evidence
from importers.planning.payments.evidence import Match
from importers.planning.payments.names import plain
from ledger.arithmetic.withholding import Withheld
from ledger.arithmetic.withholding import withholdings
from ledger.util.i18n import _

_SCORE = 20  # below what is certain
_ALIKE = Decimal("0.15")  # how far the sum of a named supplier's payment may be from what is owed
_WINDOW = (datetime.timedelta(days=-7), datetime.timedelta(days=120))
_SOON = datetime.timedelta(days=62)  # after a voucher, where no word says that the line pays several
_LEAST_FEE, _FEE = 10, 30  # NT$ that a bank takes for a transfer
_MOST = 12  # debts that are tried together
_MOST_TOGETHER = 4
_BATCH = re.compile(r"FEDI|EDI付款|整批|批次|多筆|合併|彙總|媒體|代付|集體")
_ABROAD = re.compile(r"關稅|海關|報關|通關|進口稅|國外匯|匯出國外|外匯|外幣|結匯|SWIFT|電匯國外")
_Less = tuple[Debt, Withheld]  # what is owed, and what may be taken off
_FEE_KINDS = frozenset({"labour-receipt", "receipt"})
_ABROAD_KINDS = frozenset({"import", "foreign-invoice", "declaration"})


def proposals(evidence: Sequence[Evidence], debts: Sequence[Debt], taken: set[int]) -> list[Match]:
    """The lines that may pay one or several of `debts`, each with its most telling reason."""
    withheld: dict[int, list[_Less]] = defaultdict(list)  # by what was paid
    for debt in debts:
        for each in withholdings(debt.left, is_fee=debt.kind in _FEE_KINDS):
            withheld[debt.left - each.total].append((debt, each))
    found = []
    for index, line in enumerate(evidence):
        if index not in taken and not line.no_purchase and debts:
            proposal = next(_of_line(index, line, debts, withheld.get(line.amount, ())), None)
            if proposal is not None:
                found.append(proposal)
    return found


def _of_line(index: int, line: Evidence, debts: Sequence[Debt], withheld: Sequence[_Less]) -> Iterator[Match]:
    if line.names or line.numbers:
        yield from _by_number(index, line, debts)
    yield from _less_tax(index, line, [each for each in withheld if _is_near(line, each[0])])
    if line.names or line.numbers:
        yield from _by_name(index, line, debts)
        yield from _all_with_fee(index, line, [debt for debt in debts if line.says(debt)])
    if _ABROAD.search(line.said):
        yield from _abroad(index, [debt for debt in debts if _is_near(line, debt)])
    near = [debt for debt in debts if _is_near(line, debt)]
    if _BATCH.search(line.said):
        yield from _several(index, line, near, _FEE)
    else:
        yield from _several(index, line, [debt for debt in near if line.line.date - debt.date <= _SOON], 0)


def _is_near(line: Evidence, debt: Debt) -> bool:
    return _WINDOW[0] <= line.line.date - debt.date <= _WINDOW[1]


def _by_number(index: int, line: Evidence, debts: Sequence[Debt]) -> Iterator[Match]:
    """It names the voucher, and its sum is another."""
    for debt in debts if line.numbers else ():
        score, reasons = line.judge(debt)
        if score >= NUMBER_SCORE:
            yield Match(
                index, ((debt.key, min(debt.left, line.amount)),), score, (_other_sum(line, debt), *reasons)
            )


def _by_name(index: int, line: Evidence, debts: Sequence[Debt]) -> Iterator[Match]:
    """It names the supplier, and its sum is nearly what is owed: a fee or a discount taken off."""
    for debt in debts:
        if line.says(debt) and abs(line.amount - debt.left) <= debt.left * _ALIKE:
            score, reasons = line.judge(debt, exact=True)
            if score:
                yield Match(
                    index,
                    ((debt.key, min(debt.left, line.amount)),),
                    score,
                    (_other_sum(line, debt), *reasons),
                )


def _other_sum(line: Evidence, debt: Debt) -> str:
    return _("金額不同:付 {paid:,} 元,應付 {left:,} 元").format(paid=line.amount, left=debt.left)


def _less_tax(index: int, line: Evidence, withheld: Sequence[_Less]) -> Iterator[Match]:
    """It is what is owed less the tax, or the tax and the health premium, that the payer withheld."""
    fitting = [each for each in withheld if not line.names or line.says(each[0])]
    if len({debt.key for debt, _each in fitting}) == 1:
        debt, (tax, premium) = fitting[0]
        reason = _("扣除扣繳稅款 {tax:,} 元、補充保費 {premium:,} 元後的實付數").format(
            tax=tax, premium=premium
        )
        yield Match(index, ((debt.key, line.amount),), _SCORE, (reason,))


def _abroad(index: int, debts: Sequence[Debt]) -> Iterator[Match]:
    """It is customs or a transfer abroad, and papers of that kind are unpaid."""
    candidates = [debt for debt in debts if debt.kind in _ABROAD_KINDS]
    if candidates:
        reason = _("看似進口關稅或國外付款,請確認是付哪一張")
        yield Match(
            index, tuple((debt.key, debt.left) for debt in candidates[:_MOST_TOGETHER]), _SCORE, (reason,)
        )


def _all_with_fee(index: int, line: Evidence, debts: Sequence[Debt]) -> Iterator[Match]:
    """It names the supplier, and is what is owed of several of its vouchers with the bank's fee on top."""
    pool = [debt for debt in debts if _is_near(line, debt)][-_MOST:]
    found = [
        several
        for size in range(2, min(_MOST_TOGETHER, len(pool)) + 1)
        for several in itertools.combinations(pool, size)
        if _LEAST_FEE <= line.amount - sum(debt.left for debt in several) <= _FEE
    ]
    if len(found) == 1:
        fee = line.amount - sum(debt.left for debt in found[0])
        reason = _("同一廠商的 {count} 張憑證,另有匯費 {fee:,} 元").format(count=len(found[0]), fee=fee)
        yield Match(index, tuple((debt.key, debt.left) for debt in found[0]), _SCORE, (reason,))


def _several(index: int, line: Evidence, debts: Sequence[Debt], fee: int) -> Iterator[Match]:
    """It is one payment of several suppliers: their vouchers, and at most a `fee` for each, add up to it in one way only."""
    if line.numbers or line.names or line.other_invoice:
        return
    pool = sorted(
        (debt for debt in debts if debt.left < line.amount), key=lambda debt: (debt.date, debt.key)
    )[-_MOST:]
    sets = [
        (line.amount - sum(debt.left for debt in several), several)
        for size in range(2, min(_MOST_TOGETHER, len(pool)) + 1)
        for several in itertools.combinations(pool, size)
    ]
    found = [several for over, several in sets if over == 0]
    found = found or [several for over, several in sets if _LEAST_FEE <= over <= fee * len(several)]
    if len(found) == 1:
        sellers = "、".join(dict.fromkeys(plain(debt.seller_name) for debt in found[0]))
        owed = sum(debt.left for debt in found[0])
        reason = _("一筆付清幾家廠商的憑證({sellers}),合計 {amount:,} 元").format(
            sellers=sellers, amount=owed
        )
        if line.amount > owed:
            reason += _(",另有匯費 {fee:,} 元").format(fee=line.amount - owed)
        yield Match(index, tuple((debt.key, debt.left) for debt in found[0]), _SCORE, (reason,))
