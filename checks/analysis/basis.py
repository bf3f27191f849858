"""What a check judges by: the award and its scheme, and whether there is anything to judge."""

from __future__ import annotations

from typing import NamedTuple

from checks.engine.case_cache import per_case
from ledger.arithmetic.cost_share import Approved
from ledger.arithmetic.settlement import Settlement
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.settlement import CaseSettlement
from ledger.case.settlement import settle_case
from ledger.model.award import Award
from ledger.model.award import Budget
from ledger.model.award import Key
from ledger.schemes.model import Scheme


class Basis(NamedTuple):
    """The award of a case, the scheme's rules, and what is approved in force on the case's day."""

    award: Award
    scheme: Scheme
    budget: dict[Key, Approved]


def award_basis(case: Case) -> Basis | None:
    """By what the award is judged; None where the books name no award or no known scheme."""
    if case.award is None or case.scheme is None:
        return None
    return Basis(case.award, case.scheme, case.award.budget_on(case.as_of))


def spending_basis(case: Case) -> Basis | None:
    """By what vouchers and the account are judged; None also for coaching, which asks nothing of them."""
    terms = award_basis(case)
    return None if terms is None or terms.scheme.coaching is not None else terms


def ended_basis(case: Case) -> Basis | None:
    """As `spending_basis`, once the case has ended."""
    terms = spending_basis(case)
    return None if terms is None or case.as_of <= terms.award.end else terms


@per_case
def settlement(case: Case) -> CaseSettlement:
    """The settlement of a case that has an award and a scheme, by party too."""
    return settle_case(case)


def settled(case: Case) -> Settlement:
    """The settlement of such a case, whole."""
    return settlement(case).whole


def budget_entry(case: Case, award: Award, key: Key) -> Budget:
    """The `grant-budget` in force for a category that has one."""
    found = award.original[key]
    for budget in award.budgets:
        if (budget.party, budget.category) == key and budget.approval and budget.date <= case.as_of:
            found = budget
    return found


@per_case
def original_vouchers(case: Case) -> list[Voucher]:
    """The vouchers that take back no other."""
    return [voucher for voucher in case.vouchers if not voucher.is_reversal]
