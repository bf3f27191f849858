"""Lines that pay on what was withheld of persons' fees: to the tax bureau, to the health insurance, or to both.

A fee and its tax may come in any order and from either account. So a fee that is not paid yet counts with what may be
withheld of it, and a fee that was paid with what was.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from importers.planning import line_kind
from importers.records import BankLine
from ledger.arithmetic.withholding import Withheld
from ledger.arithmetic.withholding import premium_by
from ledger.arithmetic.withholding import withholdings
from ledger.case.case import Case
from ledger.model.identifiers import voucher_link
from ledger.util.dates import month_of
from ledger.util.i18n import _

_TAX = re.compile(r"扣繳|代扣|所得稅|國稅局|各類所得|執行業務|綜所")
_PREMIUM = re.compile(r"補充保|健保署|健保費|健康保險")
_LATE = datetime.timedelta(days=92)  # after the last day: whoever forgot it pays with the next return
_NEAR_INTEREST = datetime.timedelta(days=3)
_ELSEWHERE = re.compile(r"營利事業|營所|暫繳|營業稅|利息|[水電]費|電話|瓦斯|信用卡|房屋稅|地價稅|牌照稅|勞保")


class Remittance(NamedTuple):
    """What a line pays on, by the numbers of the vouchers, and why that is believed."""

    remitted: dict[str, Withheld]
    why: str


class _Fee(NamedTuple):
    """A person's fee of which something is, or may be, withheld."""

    number: str
    date: datetime.date  # of the payment, or of the paper
    ways: tuple[Withheld, ...]  # one where it is known


def says_withheld(line: BankLine) -> bool:
    """Whether a line out says that it goes to the tax bureau for withheld tax, or to the health insurance."""
    said = line_kind.words(line)
    is_told = bool(_TAX.search(said) or _PREMIUM.search(said))
    return line.amount < 0 and is_told and not _ELSEWHERE.search(said)


def is_of_interest(day: datetime.date, amount: int, interest: Iterable[tuple[datetime.date, int]]) -> bool:
    """Whether just so much is withheld of the interest that came within a few days."""
    near = [gross for came, gross in interest if abs(day - came) <= _NEAR_INTEREST]
    return any(way.total == amount for gross in {*near, sum(near)} for way in withholdings(gross))


def interest_of(books: Case) -> list[tuple[datetime.date, int]]:
    """The interest in the books: its day, and the gross."""
    return [(move.date, move.interest) for move in books.movements if move.kind == "interest"]


def remittances(
    books: Case,
    lines: Sequence[tuple[str, BankLine]],
    interest: Sequence[tuple[datetime.date, int]],
    paid: Collection[str] = (),
) -> dict[str, Remittance]:
    """Which of the lines, each with its id, pays on what of whose fee; the earlier line has the earlier fee.

    `interest` is that of the lines beside the books', `paid` the links of vouchers that these lines pay in full.
    """
    fees = [fee for fee in _fees(books) if voucher_link(fee.number) not in paid]
    interest = [*interest, *interest_of(books)]
    found: dict[str, Remittance] = {}
    for import_id, line in sorted(lines, key=lambda each: each[1].date) if fees else ():
        if not says_withheld(line) or is_of_interest(line.date, -line.amount, interest):
            continue
        remitted = next(_fitting(line, fees), None)
        if remitted is not None:
            found[import_id] = Remittance(remitted, _why(remitted))
            fees = [_less(fee, remitted[fee.number]) if fee.number in remitted else fee for fee in fees]
    return found


def parts_of_others(
    books: Case, lines: Sequence[tuple[str, BankLine]], taken: Collection[str]
) -> dict[str, str]:
    """What to ask about lines that may pay on what is still due of a fee together with what is none of the case's.

    A company pays all that it withheld of all its people in one sum.
    """
    found: dict[str, str] = {}
    due = {link: left for link, left in books.unremitted.items() if link not in taken}
    fees = [fee for fee in _fees(books) if voucher_link(fee.number) in due]
    for import_id, line in sorted(lines, key=lambda each: each[1].date) if fees else ():
        in_time = [fee for fee in fees if fee.date <= line.date <= premium_by(fee.date)]
        parts = {fee.number: _parts(line, fee.ways[0])[0] for fee in in_time if says_withheld(line)}
        parts = {number: part for number, part in parts.items() if part.total}
        if parts and sum(part.total for part in parts.values()) < -line.amount:
            found[import_id] = _("可能包含:{what}").format(what=_why(parts))
            fees = [_less(fee, parts[fee.number]) if fee.number in parts else fee for fee in fees]
    return found


def _fees(books: Case) -> list[_Fee]:
    """The fees of the books, the earliest first."""
    paid = {move.link: move.date for move in books.withheld if move.tax + move.premium > 0}
    fees = []
    for voucher in books.vouchers:
        left = books.unremitted.get(voucher.link, Withheld())
        if not voucher.is_fee_of_person or not voucher.number:
            continue
        if voucher.link in paid:
            fees.append(_Fee(voucher.number, paid[voucher.link], (left,)))
        elif books.unpaid.get(voucher.link, 0) > 0:
            ways = (
                _plus(each, left) for each in withholdings(voucher.payable)
            )  # what is left of it is below nought
            fees.append(_Fee(voucher.number, voucher.date, tuple(ways)))
    return sorted(fees, key=lambda fee: (fee.date, fee.number))


def _fitting(line: BankLine, fees: Sequence[_Fee]) -> Iterator[dict[str, Withheld]]:
    """What a line may pay on: of one fee, then of all fees of a month."""
    in_time = [fee for fee in fees if fee.date <= line.date <= premium_by(fee.date) + _LATE]
    for fee in in_time:
        for way in fee.ways:
            yield from ({fee.number: part} for part in _parts(line, way) if part.total == -line.amount)
    by_month: dict[str, list[_Fee]] = defaultdict(list)
    for fee in in_time:
        by_month[month_of(fee.date)].append(fee)
    for of_month in by_month.values():
        for parts in zip(*(_parts(line, fee.ways[0]) for fee in of_month), strict=True):
            together = {fee.number: part for fee, part in zip(of_month, parts, strict=True) if part.total}
            if sum(part.total for part in together.values()) == -line.amount and len(together) > 1:
                yield together


def _parts(line: BankLine, withheld: Withheld) -> list[Withheld]:
    """What the words of a line say that it may pay on: the tax, the premium, or both."""
    said = line_kind.words(line)
    tax, premium = Withheld(max(0, withheld.tax)), Withheld(premium=max(0, withheld.premium))
    says_tax, says_premium = bool(_TAX.search(said)), bool(_PREMIUM.search(said))
    if says_tax and not says_premium:
        return [tax]
    if says_premium and not _TAX.search(said.replace("代扣", "").replace("扣繳", "")):
        return [premium]
    return [_plus(tax, premium), tax, premium]


def _why(remitted: Mapping[str, Withheld]) -> str:
    told = _("繳納憑證 {numbers} 的代扣款:扣繳稅款 {tax:,} 元、補充保費 {premium:,} 元")
    return told.format(
        numbers=_("、").join(remitted),
        tax=sum(part.tax for part in remitted.values()),
        premium=sum(part.premium for part in remitted.values()),
    )


def _less(fee: _Fee, paid: Withheld) -> _Fee:
    return fee._replace(ways=tuple(Withheld(w.tax - paid.tax, w.premium - paid.premium) for w in fee.ways))


def _plus(one: Withheld, other: Withheld) -> Withheld:
    return Withheld(one.tax + other.tax, one.premium + other.premium)
