"""What is owed: of each voucher what is left to pay, on its day and at the end, and what a supplier has to give back."""

from __future__ import annotations

import datetime
import itertools
from collections import Counter
from collections import defaultdict
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from typing import NamedTuple

from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.model.identifiers import voucher_link
from ledger.util.text import fold

_MOST_UNDER_ONE_NUMBER = 8


class Debt(NamedTuple):
    """A voucher that is not paid in full: what is left of it, in NT$. `key` tells it from all others.

    `left` is what is owed after all that takes from it. Where a credit note or a void came on `lowered`, it was
    `before` until then, and whoever paid on that day paid that.
    """

    key: int
    number: str
    seller_name: str
    date: datetime.date
    left: int
    before: int = 0
    lowered: datetime.date | None = None
    kind: str = "invoice"

    def owed_on(self, day: datetime.date) -> int:
        """What was owed on a day."""
        return self.before if self.lowered is not None and day < self.lowered else self.left

    @property
    def amounts(self) -> frozenset[int]:
        """The sums that pay it in full: before and after it was lowered."""
        return frozenset({self.left} if self.lowered is None else {self.left, self.before}) - {0}


def debts(books: Case, undone: Collection[str] = ()) -> list[Debt]:
    """What is left to pay of each voucher; of several under one number the first is paid first.

    Payments by bank lines whose import-id is in `undone` came back: they pay nothing.
    """
    owed = Counter(books.unpaid)
    for payment in books.payments if undone else ():
        if payment.entry.meta.get("import-id") in undone:
            owed[payment.link] += payment.amount
    refunded = refunds(books)
    by_link: dict[str, list[int]] = defaultdict(list)
    taking: dict[str, list[Voucher]] = defaultdict(list)
    for key, voucher in enumerate(books.vouchers):
        if voucher.reverses:
            taking[voucher_link(voucher.reverses)].append(voucher)
        elif voucher.payable > 0 and voucher.number and voucher.kind != "payroll":
            by_link[voucher.link].append(key)
    found = []
    for link, keys in by_link.items():
        if len(keys) == 1:
            found += _debt_of(books.vouchers[keys[0]], keys[0], owed[link], taking[link], refunded[link])
        else:
            found += _debts_under_one_number(books, keys, owed[link])
    return sorted(found, key=lambda debt: (debt.date, fold(debt.number), debt.key))  # whatever came first


def refunds(books: Case) -> Counter[str]:
    """What suppliers gave back, NT$, by the link of a voucher."""
    found: Counter[str] = Counter()
    for payment in books.payments:
        found[payment.link] -= min(0, payment.amount)
    return found


def _debt_of(voucher: Voucher, key: int, owed: int, taking: Sequence[Voucher], refunded: int) -> list[Debt]:
    """What is owed of a voucher; what the supplier gave back for a credit note was not owed before it."""
    lowered = [other for other in taking if other.payable < 0]
    left, before = max(0, owed), owed - sum(other.payable for other in lowered) - refunded
    if not lowered or before <= left:
        whole = Debt(key, voucher.number, voucher.seller_name, voucher.date, left, kind=voucher.kind)
        return [whole] if left else []
    day = min(other.date for other in lowered)
    return [
        Debt(key, voucher.number, voucher.seller_name, voucher.date, left, before, day, voucher.kind),
    ]


def _debts_under_one_number(books: Case, keys: Sequence[int], owed: int) -> list[Debt]:
    found = []
    whole = _owed_whole([books.vouchers[key].payable for key in keys], owed)
    for place in reversed(range(len(keys))):  # what is left belongs to the later ones
        voucher = books.vouchers[keys[place]]
        part = min(owed, voucher.payable) if whole is None or place in whole else 0
        owed -= part
        if part > 0:
            found.append(
                Debt(keys[place], voucher.number, voucher.seller_name, voucher.date, part, kind=voucher.kind)
            )
    return found


def _owed_whole(amounts: Sequence[int], owed: int) -> tuple[int, ...] | None:
    """Which of several vouchers under one number are wholly unpaid, where that makes up what is owed."""
    if len(amounts) > _MOST_UNDER_ONE_NUMBER:
        return None
    sets = (
        some
        for size in range(1, len(amounts) + 1)
        for some in itertools.combinations(range(len(amounts)), size)
    )
    return next((some for some in sets if sum(amounts[place] for place in some) == owed), None)


def to_give_back(books: Case, paid: Mapping[int, int], undone: Collection[str] = ()) -> list[Debt]:
    """What suppliers have to give back: of each voucher the part that was paid and is owed no more.

    `paid` are the payments that this import finds besides, by the voucher's place in the books.
    """
    left = Counter(books.unpaid)
    for payment in books.payments if undone else ():
        if payment.entry.meta.get("import-id") in undone:
            left[payment.link] += payment.amount
    for key, amount in paid.items():
        left[books.vouchers[key].link] -= amount
    found = []
    for key, voucher in enumerate(books.vouchers):
        if voucher.payable > 0 and voucher.number and not voucher.reverses and left[voucher.link] < 0:
            over = -left.pop(voucher.link)
            found.append(
                Debt(key, voucher.number, voucher.seller_name, voucher.date, over, kind=voucher.kind)
            )
    return found
