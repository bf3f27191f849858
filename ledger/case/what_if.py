"""結案試算: the settlement with vouchers struck or parked that are not, and what moves at each step of it.

The trial is the case itself with the findings added that would be filed; nothing is written. The command line
and the page both come here.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from typing import Literal
from typing import NamedTuple

from beancount.core import data

from ledger.arithmetic.settlement import Settlement
from ledger.case.case import Case
from ledger.case.recovery import ended_by
from ledger.case.recovery import needs_rate
from ledger.errors import GrantError
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.model.records import Voucher
from ledger.schemes.model import EndKind
from ledger.util.i18n import _
from ledger.util.text import fold

TriedState = Literal["disallowed", "parked"]
StepName = Literal[
    "accepted", "share", "category", "ratio", "approved", "deductions", "tail_payment", "surplus", "due"
]


_MOST_DIGITS = 15


class WhatIfError(GrantError):
    """A trial that cannot be made; the message says why."""


class TriedVoucher(NamedTuple):
    """One voucher tried: struck or parked. `deducted` in NT$, None for the whole of it."""

    voucher: str
    state: TriedState
    deducted: int | None = None
    voucher_id: str = ""  # its import-id, which tells a number booked twice apart


class Change(NamedTuple):
    """One step of the settlement, as the books stand and in the trial; `limit` is what the step allows. NT$."""

    step: StepName
    before: int
    after: int
    limit_before: int | None = None
    limit_after: int | None = None

    @property
    def change(self) -> int:
        """What the trial changes."""
        return self.after - self.before

    def as_json(self) -> dict[str, Any]:
        """As `grant settle --json` shows it; without the limits where the step has none."""
        shown: dict[str, Any] = {
            "step": self.step,
            "before": self.before,
            "after": self.after,
            "change": self.change,
        }
        if self.limit_before is not None:
            shown |= {"limit_before": self.limit_before, "limit_after": self.limit_after}
        return shown


def read_tried(case: Case, text: str, state: TriedState) -> TriedVoucher:
    """The trial that `NUMBER` or `NUMBER=AMOUNT` asks for.

    Raises WhatIfError where the case has no such voucher, or the amount cannot be taken off it.
    """
    asked, mark, amount = text.partition("=")
    number = asked.strip()
    found = _voucher_named(case, number)
    if found is None:
        raise WhatIfError(_("帳上沒有憑證「{number}」").format(number=number))
    if mark and (state == "parked" or not amount.strip()):
        raise WhatIfError(_refusal(found))
    return tried_voucher(found, state, typed_cut(found, amount))


def tried_voucher(voucher: Voucher, state: TriedState, deducted: int | None = None) -> TriedVoucher:
    """The trial of one voucher."""
    return TriedVoucher(voucher.number, state, deducted, str(voucher.meta("import-id") or ""))


def typed_cut(voucher: Voucher, amount: str) -> int | None:
    """What is taken off a voucher, in NT$, as a person typed it; None, the whole of it, where nothing was typed.

    Raises WhatIfError unless it is a whole amount between 1 and what the voucher claims.
    """
    digits = amount.replace(",", "").strip()
    if not amount.strip():
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
        raise WhatIfError(_refusal(voucher))
    if not 0 < int(digits) <= voucher.cost:
        raise WhatIfError(_refusal(voucher))
    return int(digits)


def _refusal(voucher: Voucher) -> str:
    return _("憑證 {number} 只能剔除 1 到 {cost} 元;待補正一律是整張憑證").format(
        number=voucher.number, cost=f"{voucher.cost:,}"
    )


def _voucher_named(case: Case, number: str) -> Voucher | None:
    """The voucher of a number, the invoice rather than its credit note; or of an `import-id`."""
    wanted = fold(number)
    named = [v for v in case.vouchers if number and number == v.meta("import-id")]
    named += [v for v in case.vouchers if wanted and fold(v.number) == wanted]
    return next((v for v in named if not v.reverses), named[0] if named else None)


def tried_case(case: Case, entries: Iterable[data.Directive], tried: Iterable[TriedVoucher]) -> Case:
    """`case`, read from `entries`, as it would be with these findings filed on the day it is looked at."""
    return with_acts(case, entries, tried_acts(case, tried))


def tried_acts(case: Case, tried: Iterable[TriedVoucher]) -> list[data.Custom]:
    """The findings that are tried, as they would be filed on the day that the case is looked at."""
    return [
        custom(
            case.as_of,
            "finding",
            f"T-{place:03}",
            voucher=each.voucher,
            voucher_id=each.voucher_id,
            deducted=None if each.deducted is None else twd(each.deducted),
            state=each.state,
        )
        for place, each in enumerate(tried, 1)
    ]


def ended_case(
    case: Case,
    entries: Iterable[data.Directive],
    kind: EndKind,
    day: datetime.date,
    rate: Decimal | None = None,
) -> Case:
    """`case`, read from `entries`, had the authority ended it on a day; `rate` is yearly interest in percent.

    Raises WhatIfError where it is ended already, or the day is after the one that the case is looked at on.
    """
    if ended_by(case.milestones) is not None:
        raise WhatIfError(_("案件已登記終止或解除;請先以 grant undo 復原,再試算"))
    if day > case.as_of:
        raise WhatIfError(
            _("終止或解除的日期 {day} 在資料截止日 {as_of} 之後").format(day=day, as_of=case.as_of)
        )
    if case.scheme is not None and rate is None and needs_rate(case.scheme, kind):
        raise WhatIfError(_("應繳回的補助款要加計利息;請以 --rate 寫年利率(%),不計息的寫 --rate 0"))
    return with_acts(case, entries, [custom(day, "milestone", kind, rate=rate)])


def with_acts(
    case: Case,
    entries: Iterable[data.Directive],
    acts: Sequence[data.Custom],
    as_of: datetime.date | None = None,
) -> Case:
    """`case`, read from `entries`, with more acts or moments; `as_of` where it is another day than the case's."""
    return Case([*entries, *acts], folder=case.folder, as_of=as_of or case.as_of)


def changes(now: Settlement, then: Settlement) -> list[Change]:
    """What a trial moves, in the order of the arithmetic: cost, share, caps, ratio, grant, tail, repayment."""
    found = [
        Change("accepted", now.accepted, then.accepted),
        Change("share", now.steps[0].before, then.steps[0].before),
    ]
    found += [
        Change(before.name, before.after, after.after, before.limit, after.limit)
        for before, after in zip(now.steps, then.steps, strict=True)
    ]
    return [
        *found,
        Change("deductions", now.flows.deductions, then.flows.deductions),
        Change("tail_payment", now.tail_payment, then.tail_payment),
        Change("surplus", now.surplus, then.surplus),
        Change("due", now.due_to_treasury, then.due_to_treasury),
    ]
