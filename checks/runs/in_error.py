"""How much of a figure stands on vouchers that an error was found in."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence

from beancount.core import data

from checks.engine.finding import Finding
from ledger.case.case import Case
from ledger.case.what_if import TriedVoucher
from ledger.case.what_if import tried_case


def in_error(
    case: Case,
    entries: Sequence[data.Directive],
    findings: Iterable[Finding],
    figure: Callable[[Case], int],
) -> int:
    """What of `figure` (NT$) goes where the vouchers in error go, each by the largest amount at stake in it."""
    trials = _trials(case, findings)
    return max(0, figure(case) - figure(tried_case(case, entries, trials))) if trials else 0


def _trials(case: Case, findings: Iterable[Finding]) -> list[TriedVoucher]:
    by_entry = {id(voucher.entry): voucher for voucher in case.vouchers}
    by_number = {voucher.number: voucher for voucher in reversed(case.vouchers) if not voucher.is_reversal}
    stakes: dict[int, int] = {}
    for finding in findings:
        if finding.severity != "error" or not finding.voucher:
            continue
        voucher = by_entry.get(id(finding.entry)) or by_number.get(finding.voucher)
        if voucher is None or voucher.is_reversal:
            continue
        whole = voucher.cost
        stake = finding.amount if finding.amount and 0 < finding.amount < whole else whole
        stakes[id(voucher.entry)] = max(stake, stakes.get(id(voucher.entry), 0))
    return [
        TriedVoucher(
            by_entry[key].number,
            "disallowed",
            None if stake >= by_entry[key].cost else stake,
            str(by_entry[key].meta("import-id") or ""),
        )
        for key, stake in stakes.items()
        if stake > 0
    ]
