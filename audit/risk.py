"""Why a voucher may deserve a look: points of risk, each with its reason in words."""

from __future__ import annotations

from typing import NamedTuple

from audit.audit_trail import VoucherAudit
from audit.audit_trail import rows_of
from audit.audit_trail import sample_names
from audit.case_view import View
from audit.sampling import Unit
from ledger.util.dates import month_of
from ledger.util.i18n import _

_ERROR, _WARNING, _LARGE, _SIZEABLE, _LATE, _ROUND = 5, 2, 3, 2, 1, 1


class Risk(NamedTuple):
    """A voucher's points and where they come from."""

    row: VoucherAudit
    points: int
    reasons: tuple[str, ...]


def risks(view: View) -> dict[str, Risk]:
    """Every voucher's risk, by the name that a sample calls it."""
    return view.cached("risks", _risks)


def population(view: View) -> list[Unit]:
    """The vouchers as a population to draw from, in the order of the books."""
    return [Unit(name, risk.row.declared, risk.points) for name, risk in risks(view).items()]


def _risks(view: View) -> dict[str, Risk]:
    rows, names = rows_of(view), sample_names(view)
    total = sum(max(0, row.declared) for row in rows)
    last = month_of(view.case.award.end) if view.case.award else ""
    found: dict[str, Risk] = {}
    for row in rows:
        reasons = [*_doubts(view, row), *_of_itself(row, total, last)]
        found[names[row.keyed.key]] = Risk(
            row, sum(points for points, _why in reasons), tuple(dict.fromkeys(why for _p, why in reasons))
        )
    return found


def _doubts(view: View, row: VoucherAudit) -> list[tuple[int, str]]:
    findings = view.findings_of(row.keyed.voucher)
    return [(_ERROR if finding.severity == "error" else _WARNING, finding.check) for finding in findings]


def _of_itself(row: VoucherAudit, total: int, last: str) -> list[tuple[int, str]]:
    voucher, cost = row.keyed.voucher, row.declared
    reasons = []
    if cost > 0 and 10 * cost >= total:
        reasons.append((_LARGE, _("金額達全案一成")))
    elif cost > 0 and 20 * cost >= total:
        reasons.append((_SIZEABLE, _("金額達全案半成")))
    if last and voucher.month >= last:
        reasons.append((_LATE, _("期末最後一個月")))
    if cost >= 10_000 and cost % 10_000 == 0:
        reasons.append((_ROUND, _("整數金額")))
    return reasons
