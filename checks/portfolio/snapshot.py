"""What judging several cases together needs of each: little enough to keep for thousands of them.

A `CaseSnapshot` is taken of a case once it is loaded; after that the case and all its entries may go.
"""

from __future__ import annotations

import datetime
import sys
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from beancount.core import data

from checks.analysis import wording
from checks.analysis.basis import award_basis
from checks.analysis.basis import spending_basis
from checks.analysis.document_identity import key_everywhere
from checks.analysis.document_identity import plain
from checks.analysis.net_vouchers import net_originals
from checks.analysis.payroll_vouchers import effort
from checks.analysis.payroll_vouchers import payroll_vouchers
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.files import SUMS
from ledger.model.award import Award
from ledger.model.records import Place
from ledger.model.records import person_of
from ledger.model.records import place_of
from ledger.schemes.model import Scheme
from ledger.util.text import fold

_LEAST_DIGITS = 6  # of what may be an account number


class Claim(NamedTuple):
    """One voucher of which a case claims cost; amounts in NT$. It says of its paper what `checks.analysis.document_identity` asks."""

    key: str  # the same wherever this paper is booked; other papers may have it too
    label: str  # what to call it
    number: str  # as it is compared
    date: datetime.date
    seller: str
    seller_name: str
    net: int  # of the whole paper, as this case has it
    tax: int | None
    company: str  # whose cost it is: a party's company number
    cost: int  # claimed: without what is not claimed, taken back or disallowed
    papers: tuple[str, ...]  # the SHA-256 of the papers filed to it, where the case keeps them
    at: Place


class Plan(NamedTuple):
    """A person in the plan of a case."""

    person: str  # folded
    name: str
    company: str
    months: Decimal
    other_months: Decimal
    at: Place


class Work(NamedTuple):
    """The part of a month that one payroll voucher claims of a person."""

    person: str  # folded
    name: str
    company: str
    month: str
    effort: Fraction
    number: str
    cost: int
    at: Place


class Party(NamedTuple):
    """A company that a case was granted to: the lead or, in a supply chain, a partner."""

    ubn: str
    name: str
    representative: str
    grant: int  # approved for it, NT$
    is_lead: bool


class Payee(NamedTuple):
    """Money that went to an account, or came from one, as the bank named it; NT$, what came in is negative."""

    account: str  # digits; empty where the bank named none
    name: str  # folded: the supplier's by the voucher, else the payee's
    number: str  # the voucher that was paid; empty for money that came in
    amount: int
    date: datetime.date


class CaseSnapshot(NamedTuple):
    """One case, as much of it as concerns the others."""

    folder: Path | None
    id: str
    company: str
    ubn: str
    scheme: Scheme
    asked: datetime.date  # when it was applied for
    start: datetime.date
    end: datetime.date
    at: Place  # its award
    parties: tuple[Party, ...]
    claims: tuple[Claim, ...]
    plans: tuple[Plan, ...]
    work: tuple[Work, ...]
    payees: tuple[Payee, ...] = ()

    @property
    def order(self) -> tuple[str, str, str]:
        """By what the earlier of two cases is told: the id, then lead and folder where two ids are the same."""
        return (self.id, self.ubn, str(self.folder or ""))

    def overlaps(self, other: CaseSnapshot) -> bool:
        """Whether the two cases run at the same time."""
        return self.start <= other.end and other.start <= self.end

    def shown(self, place: Place) -> str:
        """A place of this case as other cases name it: from the folder that the case's own folder is in."""
        path = Path(place.file)
        if self.folder is not None and path.is_relative_to(self.folder.parent):
            path = path.relative_to(self.folder.parent)
        return f"{path.as_posix()}:{place.line}"


def snapshot(case: Case) -> CaseSnapshot | None:
    """What others need of a case; None where it has no award, or none by known rules."""
    terms = award_basis(case)
    if terms is None:
        return None
    award, scheme, _budget = terms
    spends = spending_basis(case) is not None
    return CaseSnapshot(
        folder=case.folder,
        id=award.id,
        company=award.company,
        ubn=award.ubn,
        scheme=scheme,
        asked=award.filed or award.start,
        start=award.start,
        end=award.end,
        at=place_of(award.entry),
        parties=tuple(_parties(case, award)),
        claims=tuple(_claims(case, _digests(case.folder))) if spends else (),
        plans=tuple(
            Plan(fold(each.name), each.name, each.party, each.months, each.other_months, place_of(each.entry))
            for each in (award.staff.values() if spends else ())
        ),
        work=tuple(_work(case)) if spends else (),
        payees=tuple(_payees(case)) if spends else (),
    )


def _parties(case: Case, award: Award) -> Iterable[Party]:
    granted: dict[str, int] = defaultdict(int)
    for (party, _category), approved in award.budget_on(case.as_of).items():
        granted[party] += approved.government
    yield Party(award.ubn, award.company, award.representative, granted[award.ubn], is_lead=True)
    for partner in award.partners:
        yield Party(partner.ubn, partner.name, partner.representative, granted[partner.ubn], is_lead=False)


def _digests(folder: Path | None) -> dict[str, str]:
    """{name of a filed paper: its SHA-256} as the case keeps them (documents/SHA256SUMS)."""
    sums = folder / SUMS if folder is not None else None
    if sums is None or sums.is_symlink() or not sums.is_file():
        return {}
    lines = (line.partition("  ") for line in sums.read_text(encoding="utf-8", errors="replace").splitlines())
    return {Path(name).name: digest for digest, mark, name in lines if mark}


def _payees(case: Case) -> Iterable[Payee]:
    """What was paid to whom, and what came into the dedicated account from whom."""
    names = {voucher.link: voucher.seller_name for voucher in case.vouchers}
    for payment in case.payments:
        account = _account(payment.entry)
        if account:
            name = fold(names.get(payment.link) or payment.entry.payee or "")
            yield Payee(account, name, payment.number, payment.amount, payment.date)
    for movement in case.movements:
        came = movement.grant + movement.own
        if came > 0 and movement.entry.payee:
            yield Payee(_account(movement.entry), fold(movement.entry.payee), "", -came, movement.date)


def _account(entry: data.Transaction) -> str:
    """The account number that the bank named on the other side; empty where it is too short to be one."""
    said = str(entry.meta.get("counterparty") or "")
    number = said if said.isdecimal() else "".join([mark for mark in said if mark.isdecimal()])
    return number if len(number) >= _LEAST_DIGITS else ""


def _claims(case: Case, digests: Mapping[str, str]) -> Iterable[Claim]:
    for voucher, left in net_originals(case):
        key, cost = key_everywhere(voucher), _claimed(case, voucher, left)
        if key and cost > 0:
            yield Claim(
                key=key,
                label=wording.label(voucher),
                number=plain(voucher.number),
                date=voucher.date,
                seller=voucher.seller,
                seller_name=sys.intern(fold(voucher.seller_name)),
                net=voucher.booked_cost if voucher.net is None else voucher.net,
                tax=voucher.tax,
                company=sys.intern(voucher.party),
                cost=cost,
                papers=tuple(digests[name] for name in voucher.documents if name in digests)
                if digests
                else (),
                at=place_of(voucher.entry),
            )


def _claimed(case: Case, voucher: Voucher, left: int) -> int:
    """Of the cost left of a voucher what the auditor did not disallow; parked cost is still claimed."""
    struck = case.struck.get(id(voucher.entry))
    return left - (struck.disallowed if struck else 0)


def _work(case: Case) -> Iterable[Work]:
    """What payroll still claims of persons' months."""
    for person, voucher, left, month in payroll_vouchers(case):
        part = effort(voucher)
        cost = _claimed(case, voucher, left)
        if part and cost > 0:
            yield Work(
                sys.intern(person),
                sys.intern(person_of(voucher)),
                sys.intern(voucher.party),
                sys.intern(month),
                part,
                voucher.number,
                cost,
                place_of(voucher.entry),
            )


class Portfolio(NamedTuple):
    """Cases that are judged together, in the order of their ids whatever order they were given in.

    `copies` are cases that stand in the portfolio a second time, in another folder, each with the one that counts.
    """

    cases: tuple[CaseSnapshot, ...]
    copies: tuple[tuple[CaseSnapshot, CaseSnapshot], ...] = ()


def portfolio(snapshots: Iterable[CaseSnapshot]) -> Portfolio:
    """The cases as one portfolio. The same folder given twice counts once."""
    cases: dict[tuple[str, str], CaseSnapshot] = {}
    copies = []
    for case in sorted(snapshots, key=lambda each: each.order):
        known = cases.setdefault((case.id, case.ubn), case)
        if known is not case and (case.folder is None or case.folder != known.folder):
            copies.append((case, known))
    return Portfolio(tuple(cases.values()), tuple(copies))
