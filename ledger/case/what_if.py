"""結案試算: the settlement with vouchers struck or parked that are not, and what moves at each step of it.

The trial is the case itself with the findings added that would be filed; nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence
from typing import Any
from typing import Literal
from typing import NamedTuple

from beancount.core import data

from ledger.arithmetic.settlement import Settlement
from ledger.case.case import Case
from ledger.errors import GrantError
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.model.records import Voucher
from ledger.util.i18n import _
from ledger.util.text import fold

TrialState = Literal["disallowed", "parked"]
StepName = Literal[
    "accepted", "share", "category", "ratio", "approved", "deductions", "tail_payment", "surplus", "due"
]


class TrialError(GrantError):
    """A trial that cannot be made; the message says why."""


class Trial(NamedTuple):
    """One voucher tried: struck or parked. `deducted` in NT$, None for the whole of it."""

    voucher: str
    state: TrialState
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


def read_trial(case: Case, text: str, state: TrialState) -> Trial:
    """The trial that `NUMBER` or `NUMBER=AMOUNT` asks for.

    Raises TrialError where the case has no such voucher, or the amount is not within its cost.
    """
    asked, _mark, amount = text.partition("=")
    number = asked.strip()
    found = _voucher_named(case, number)
    if found is None:
        raise TrialError(_("帳上沒有憑證「{number}」").format(number=number))
    if not amount:
        return Trial(found.number, state, None, str(found.meta("import-id") or ""))
    digits = amount.replace(",", "").strip()
    if state == "parked" or not (digits.isascii() and digits.isdigit() and 0 < int(digits) <= found.cost):
        raise TrialError(
            _("憑證 {number} 只能剔除 1 到 {cost} 元;待補正一律是整張憑證").format(
                number=number, cost=f"{found.cost:,}"
            )
        )
    return Trial(found.number, state, int(digits), str(found.meta("import-id") or ""))


def _voucher_named(case: Case, number: str) -> Voucher | None:
    """The voucher of a number, the invoice rather than its credit note; or of an `import-id`."""
    wanted = fold(number)
    named = [v for v in case.vouchers if number and number == v.meta("import-id")]
    named += [v for v in case.vouchers if wanted and fold(v.number) == wanted]
    return next((v for v in named if not v.reverses), named[0] if named else None)


def tried_case(case: Case, entries: Iterable[data.Directive], trials: Sequence[Trial]) -> Case:
    """`case`, read from `entries`, as it would be with these findings filed on the day it is looked at."""
    filed = [
        custom(
            case.as_of,
            "finding",
            f"T-{place:03}",
            voucher=trial.voucher,
            voucher_id=trial.voucher_id,
            deducted=None if trial.deducted is None else twd(trial.deducted),
            state=trial.state,
        )
        for place, trial in enumerate(trials, 1)
    ]
    return Case([*entries, *filed], folder=case.folder, as_of=case.as_of)


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
