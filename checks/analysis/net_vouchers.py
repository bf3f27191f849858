"""What still counts of a voucher: what nobody claims, and what was taken back, is no matter of a check."""

from __future__ import annotations

from collections import defaultdict

from checks.engine.case_cache import per_case
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.model.identifiers import voucher_link

NetVoucher = tuple[Voucher, int]  # a voucher, and the claimed cost that is left of it, in NT$


@per_case
def net_vouchers(case: Case) -> list[NetVoucher]:
    """The vouchers of which something still counts, those that take back another included.

    What credit notes, voids and corrections took back comes off the entries of their number, the first one
    first. An entry flagged `!` counts: nobody has decided about it yet.
    """
    taken: dict[str, int] = defaultdict(int)
    for voucher in case.vouchers:
        if voucher.reverses:
            taken[voucher_link(voucher.reverses)] -= voucher.cost
    found = []
    for voucher in case.vouchers:
        cost = voucher.cost
        if voucher.link in taken:
            less = max(0, min(cost, taken[voucher.link]))
            taken[voucher.link] -= less
            cost -= less
        if cost or voucher.entry.flag == "!":
            found.append((voucher, cost))
    return found


@per_case
def net_originals(case: Case) -> list[NetVoucher]:
    """Those that take back no other."""
    return [one for one in net_vouchers(case) if not one[0].is_reversal]
