"""What still counts of a voucher: what nobody claims, and what was taken back, is no matter of a check."""

from __future__ import annotations

from collections import defaultdict

from checks.engine.case_cache import per_case
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.model.identifiers import voucher_link

_VOID_ID = "void:"  # before the import-id of what an imported reversal takes back
NetVoucher = tuple[Voucher, int]  # a voucher, and the claimed cost that is left of it, in NT$


@per_case
def net_vouchers(case: Case) -> list[NetVoucher]:
    """The vouchers of which something still counts, those that take back another included.

    What credit notes, voids and corrections took back comes off the entries of their number, the first one
    first. An entry flagged `!` counts: nobody has decided about it yet, unless it was cancelled since.
    """
    reversals = [voucher for voucher in case.vouchers if voucher.reverses]
    if not reversals:
        return [(each, each.cost) for each in case.vouchers if each.cost or each.entry.flag == "!"]
    gone = taken_back_wholly(case)
    taken: dict[str, int] = defaultdict(int)
    for voucher in reversals:
        taken[voucher_link(voucher.reverses)] -= voucher.cost
    found = []
    for voucher in case.vouchers:
        cost = voucher.cost
        if voucher.link in taken:
            less = max(0, min(cost, taken[voucher.link]))
            taken[voucher.link] -= less
            cost -= less
        if cost or (voucher.entry.flag == "!" and id(voucher.entry) not in gone):
            found.append((voucher, cost))
    return found


@per_case
def net_originals(case: Case) -> list[NetVoucher]:
    """Those that take back no other."""
    return [one for one in net_vouchers(case) if not one[0].is_reversal]


@per_case
def taken_back_wholly(case: Case) -> frozenset[int]:
    """The entries, by id(), of vouchers that were cancelled, so that nothing of them is left to judge.

    An imported cancellation names the entry that it takes back: its number may have been taken again.
    """
    voids = [voucher for voucher in case.vouchers if voucher.reverses and voucher.kind != "allowance"]
    if not voids:
        return frozenset()
    voided = {voucher_link(voucher.reverses) for voucher in voids}
    taken = {  # by the import-id of what is taken back
        str(voucher.meta("import-id") or "").removeprefix(_VOID_ID): voucher.booked_cost for voucher in voids
    }
    left: dict[str, int] = defaultdict(int)
    for voucher in case.vouchers:
        left[voucher_link(voucher.reverses or voucher.number)] += voucher.booked_cost
    return frozenset(
        id(voucher.entry)
        for voucher in case.vouchers
        if voucher.number
        and not voucher.reverses
        and voucher.link in voided
        and (
            not left[voucher.link] or taken.get(str(voucher.meta("import-id") or "-")) == -voucher.booked_cost
        )
    )
