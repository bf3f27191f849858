"""The settlement of a case: its books put into the arithmetic of `settlement`, told apart by party."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any
from typing import Literal
from typing import NamedTuple

from ledger.arithmetic.cost_share import Approved
from ledger.arithmetic.settlement import CategoryCost
from ledger.arithmetic.settlement import CategoryShare
from ledger.arithmetic.settlement import Flows
from ledger.arithmetic.settlement import Settlement
from ledger.arithmetic.settlement import settle
from ledger.arithmetic.settlement import settle_parties
from ledger.arithmetic.settlement import share_of
from ledger.arithmetic.settlement import within_caps
from ledger.case.case import Case
from ledger.case.coaching import coaching_cost
from ledger.case.papers.evidence import registration_missing
from ledger.case.recovery import Ending
from ledger.case.recovery import ending_of
from ledger.case.recovery import recall_interest
from ledger.errors import GrantError
from ledger.model.award import Award
from ledger.model.award import Key
from ledger.schemes.model import Scheme
from ledger.util.i18n import _

Stage = Literal["interim", "final"]


class NoAwardError(GrantError):
    """The case has no award or no scheme, so there is nothing to settle by."""

    def __str__(self) -> str:
        return super().__str__() or _(
            "案件沒有可用的核定資料(核定資料或補助計畫別讀不到);請執行 grant check 查看原因"
        )


_Cost = Mapping[Key, tuple[int, int]]  # (accepted, disallowed) by (party, category), NT$


class SettledParts(NamedTuple):
    """A settlement: whole, and by party where there are partners."""

    whole: Settlement
    parties: dict[str, Settlement]


class CaseSettlement(NamedTuple):
    """The settlement of a case on a day: whole, and by party where there are partners."""

    case_id: str
    stage: Stage
    as_of: datetime.date
    whole: Settlement
    parties: dict[str, Settlement]
    parked: dict[str, int]  # by party, NT$ of cost that waits for the auditor's decision
    if_accepted: SettledParts  # the settlement were all that is parked accepted
    ending: Ending | None = None  # how the authority ended the case, where it did

    def of(self, holder: str) -> Settlement:
        """The settlement that a party's dedicated account answers for: the whole where there is no other."""
        return self.parties.get(holder, self.whole)

    def as_json(self) -> dict[str, Any]:
        """As `grant settle --json` shows it."""
        shown = {"case": self.case_id, "stage": self.stage, "as_of": self.as_of.isoformat()}
        accepted, parties = self.if_accepted
        if self.ending is not None:
            shown["ended"] = self.ending.as_json()  # type: ignore[assignment]
        shown |= _settlement_json(self.whole) | _parked_json(sum(self.parked.values()), accepted)
        if self.parties:
            shown["parties"] = [  # type: ignore[assignment]
                {"party": party}
                | _settlement_json(settlement)
                | _parked_json(self.parked.get(party, 0), parties[party])
                for party, settlement in self.parties.items()
            ]
        return shown


def settle_case(case: Case, stage: Stage = "final") -> CaseSettlement:
    """Settle a case on its `as_of`, by the budget then in force.

    A category's cap and the ratio are limits of the whole project, over all parties together. The parties'
    recognised grants add up to the whole's, and what each account has over is due, whatever another lacks. Money
    is told at the dedicated account that holds it: the lead's answers for partners without one. Raises
    NoAwardError where the books name no award or no known scheme.
    """
    award, scheme = case.award, case.scheme
    if award is None or scheme is None:
        raise NoAwardError
    settled = _settled(case, award, scheme, case.cost())
    parked: dict[str, int] = {}
    for (party, _category), waiting in case.parked.items():
        parked[party] = parked.get(party, 0) + waiting
    accepted = settled
    if any(parked.values()):
        cost = {
            key: (kept + case.parked.get(key, 0), disallowed)
            for key, (kept, disallowed) in case.cost().items()
        }
        accepted = _settled(case, award, scheme, cost)
    return CaseSettlement(award.id, stage, case.as_of, *settled, parked, accepted, ending_of(case))


def _settled(case: Case, award: Award, scheme: Scheme, cost: _Cost) -> SettledParts:
    """The settlement of a case on this cost: whole, and by party where there are partners."""
    lines = _category_costs(case, award, scheme, cost)
    ratio, rounding = scheme.subsidy_ratio.value, scheme.share_rounding.value
    whole = settle(lines, _flows(case, None), ratio=ratio, rounding=rounding)
    parties: dict[str, Settlement] = {}
    if award.partners:
        flows = {party: _flows(case, party) for party in award.parties}
        parties = settle_parties(lines, flows, whole, ratio=ratio, rounding=rounding)
        held = dict.fromkeys(parties, 0)
        for party, settled in parties.items():
            held[case.dedicated_accounts.of(party).holder] += settled.recognised_government
        parties = {
            party: _with_fate(case, settled._replace(answers_for=held[party]))
            for party, settled in parties.items()
        }
    merged = _with_fate(case, whole)._replace(
        categories=_merged(whole.categories),
        accounts=tuple(parties[holder] for holder in case.dedicated_accounts.holders if holder in parties),
    )
    return SettledParts(merged, parties)


def _with_fate(case: Case, settlement: Settlement) -> Settlement:
    """A settlement with what takes all back: a registration that is missing, or the authority's own decision."""
    ending = ending_of(case)
    return settlement._replace(
        forfeited=registration_missing(case),
        ended=ending.kind if ending else "",
        recalled=ending is not None and ending.returns_all,
    )


def shares_through(case: Case, day: datetime.date) -> tuple[CategoryShare, ...]:
    """Every (party, category) on the cost booked through a day, by the budget then in force, its cap applied.

    The auditor's findings count as they stand now. Raises NoAwardError as `settle_case` does.
    """
    award, scheme = case.award, case.scheme
    if award is None or scheme is None:
        raise NoAwardError
    lines = _category_costs(case, award, scheme, case.cost(day), day)
    ratio, rounding = scheme.subsidy_ratio.value, scheme.share_rounding.value
    return settle(lines, Flows(), ratio=ratio, rounding=rounding).categories


def _category_costs(
    case: Case, award: Award, scheme: Scheme, cost: _Cost, through: datetime.date | None = None
) -> list[CategoryCost]:
    """One line a (party, category), each with what the project's cap leaves it in NT$."""
    if scheme.coaching is not None:
        return [coaching_cost(case, scheme.coaching, award.ubn)]
    budget = award.budget_on(through or case.as_of)
    totals: dict[str, int] = {}
    if scheme.cap_total.value == "actual":
        for (party, _category), (accepted, _disallowed) in cost.items():
            totals[party] = totals.get(party, 0) + accepted
    else:
        for (party, _category), approved in budget.items():
            totals[party] = totals.get(party, 0) + approved.total
    lines = []
    for (party, category), (accepted, disallowed) in cost.items():
        rule = scheme.cap(category)
        lines.append(
            CategoryCost(
                category=category,
                approved=budget.get((party, category), Approved(0, 0)),
                accepted=accepted,
                disallowed=disallowed,
                grantable=scheme.may_carry_grant(category),
                cap=None if rule is None else share_of(totals.get(party, 0), rule.value),
                cap_base=scheme.cap_base.value,
                party=party,
            )
        )
    total = sum(totals.values())
    caps = {name: rule.cap.value for name, rule in scheme.categories.items() if rule.cap is not None}
    limits = {category: share_of(total, cap) for category, cap in caps.items()}
    return within_caps(lines, limits, rounding=scheme.share_rounding.value)


def _flows(case: Case, party: str | None) -> Flows:
    """What moved on a party's dedicated account, or on all; what the authority deducts, it deducts of the lead."""
    accounts = [account for account in case.dedicated_accounts if party in {None, account.holder}]
    moves = [move for account in accounts for move in account.movements]
    ending, lead = ending_of(case), case.award.ubn if case.award else None
    deductions = case.deductions if party in {None, lead} else []
    return Flows(
        received=sum(account.received() for account in accounts),
        withdrawn=sum(account.withdrawn() for account in accounts),
        deductions=sum(deduction.amount for deduction in deductions),
        interest_gross=sum(move.interest for move in moves),
        tax_withheld=sum(move.tax for move in moves),
        remitted=sum(move.remitted_interest + move.remitted_surplus for move in moves),
        other_income=sum(
            each.amount
            for each in case.income
            if party is None or case.dedicated_accounts.holder_of(each.party) == party
        ),
        recall_interest=0
        if ending is None
        else sum(recall_interest(ending, account.movements, case.as_of) for account in accounts),
    )


def _merged(categories: tuple[Any, ...]) -> tuple[Any, ...]:
    """The parties' lines of one category added up, in the order of the budget."""
    merged: dict[str, Any] = {}
    for line in categories:
        other = merged.get(line.category)
        if other is None:
            merged[line.category] = line._replace(party="")
            continue
        merged[line.category] = other._replace(
            approved=Approved(
                other.approved.government + line.approved.government,
                other.approved.self_funded + line.approved.self_funded,
            ),
            accepted=other.accepted + line.accepted,
            disallowed=other.disallowed + line.disallowed,
            government=other.government + line.government,
            self_funded=other.self_funded + line.self_funded,
            capped_by=other.capped_by + line.capped_by,
            cap=None,
        )
    return tuple(merged.values())


def _parked_json(parked: int, if_accepted: Settlement) -> dict[str, Any]:
    return {"parked": parked, "due_to_treasury_if_accepted": if_accepted.due_to_treasury}


def _settlement_json(settlement: Settlement) -> dict[str, Any]:
    return {
        "categories": [
            {
                "category": line.category,
                "approved_government": line.approved.government,
                "approved_self": line.approved.self_funded,
                "accepted": line.accepted,
                "disallowed": line.disallowed,
                "government": line.government,
                "self": line.self_funded,
            }
            for line in settlement.categories
        ],
        "approved_government": settlement.approved_government,
        "approved_self": settlement.approved_self,
        "accepted": settlement.accepted,
        "recognised_government": settlement.recognised_government,
        "recognised_self": settlement.recognised_self,
        "binding": settlement.binding,
        "received": settlement.flows.received,
        "withdrawn": settlement.flows.withdrawn,
        "deductions": settlement.flows.deductions,
        "tail_payment": settlement.tail_payment,
        "interest_gross": settlement.flows.interest_gross,
        "tax_withheld": settlement.flows.tax_withheld,
        "surplus": settlement.surplus,
        "remitted": settlement.flows.remitted,
        "due_to_treasury": settlement.due_to_treasury,
        "registration_missing": settlement.forfeited,
        **_of_an_end(settlement),
    }


def _of_an_end(settlement: Settlement) -> dict[str, int]:
    """What only some cases have: interest on a grant that goes back, income that is the treasury's."""
    shown = {"recall_interest": settlement.flows.recall_interest} if settlement.ended else {}
    return shown | ({"other_income": settlement.flows.other_income} if settlement.flows.other_income else {})
