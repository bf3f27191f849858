"""The cost of a case as rows: voucher lines by category, vouchers, and the categories as settled. NT$."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from typing import NamedTuple

from beancount.core import data

from ledger.arithmetic.cost_share import Approved
from ledger.arithmetic.settlement import CategoryShare
from ledger.case.case import Case
from ledger.case.case import Payment
from ledger.case.case import Voucher
from ledger.case.settlement import CaseSettlement
from ledger.case.vouchers.voucher_lines import line_meta
from ledger.case.vouchers.voucher_lines import number_said
from ledger.model.award import Award
from ledger.model.award import Item
from ledger.model.identifiers import voucher_link
from ledger.model.records import VoucherLine
from ledger.model.voucher_details import BY_KEY
from ledger.model.voucher_details import UNIT
from ledger.schemes.categories import COACHING
from ledger.schemes.categories import form_order
from ledger.schemes.model import Scheme


class Pay(NamedTuple):
    """What a payroll voucher says of the person's month; `cost` is the pay that the project bears, in NT$."""

    role: str
    salary: Decimal | None
    hours: Decimal | None
    total_hours: Decimal | None


class DetailRow(NamedTuple):
    """One voucher line in one category, as claimed and as the auditor left it; amounts in NT$."""

    party: str
    category: str
    booked: datetime.date
    date: datetime.date
    number: str
    kind: str
    supplier: str
    item: str
    quantity: Decimal | None
    unit: str
    domestic: bool | None
    brand: str
    model: str
    origin: str  # as the voucher says it; empty where it does not
    claimed: int  # net cost as booked, what the books already refuse included
    government: int
    self_funded: int
    disallowed: int  # by the books or by a finding
    parked: int
    paid: tuple[datetime.date, ...]
    documents: tuple[str, ...]
    pay: Pay | None
    entry: data.Transaction
    findings: tuple[data.Custom, ...] = ()  # that took of it
    said: Mapping[str, Any] = MappingProxyType(
        {}
    )  # the fields of `voucher_details`, the line's own before the voucher's
    method: str = ""  # by which it was paid

    @property
    def accepted(self) -> int:
        """What counts: claimed less disallowed less parked."""
        return self.claimed - self.disallowed - self.parked


class VoucherRow(NamedTuple):
    """One voucher, whole: its seller, net, tax, payment; amounts in NT$."""

    booked: datetime.date
    date: datetime.date
    kind: str
    number: str
    seller: str
    supplier: str
    party: str
    categories: tuple[str, ...]
    net: int
    tax: int
    claimed: int
    accepted: int
    paid: tuple[datetime.date, ...]
    paid_amount: int
    unpaid: int
    documents: tuple[str, ...]
    entry: data.Transaction


class SummaryRow(NamedTuple):
    """One category of one party as settled, with what its cap is; amounts in NT$."""

    party: str
    category: str
    approved: Approved
    claimed: int
    disallowed: int
    parked: int
    accepted: int
    grantable: bool
    cap_ratio: Decimal | None
    cap: int | None
    counted: int  # the cost that counts for the ratio
    free: int  # the government's share before the cap
    government: int
    self_funded: int


def detail_rows(case: Case) -> list[DetailRow]:
    """Every voucher line, in booking order."""
    paid, took = _paid_on(case), _taken_by(case)
    rows = []
    for voucher in case.vouchers:
        payments = _payments_of(voucher, paid)
        dates = tuple(payment.date for payment in payments)
        papers = _papers(case, voucher)
        for line, (category, accepted, disallowed) in zip(
            voucher.lines, case.accepted_lines(voucher), strict=True
        ):
            item = case.award.item_named(line.item) if case.award else None
            said = _details(voucher, line)
            rows.append(
                DetailRow(
                    party=voucher.party,
                    category=category,
                    booked=voucher.booked,
                    date=voucher.date,
                    number=voucher.number,
                    kind=voucher.kind,
                    supplier=voucher.seller_name,
                    item=line.item,
                    quantity=line.quantity,
                    unit=str(said.get(UNIT.key) or (item.unit if item else "")),
                    domestic=item.domestic if item else None,
                    brand=_said("brand", said, item),
                    model=_said("model", said, item),
                    origin=_said("origin", said),
                    claimed=line.cost + line.disallowed,
                    government=line.government,
                    self_funded=line.self_funded,
                    disallowed=disallowed,
                    parked=line.cost + line.disallowed - accepted - disallowed,
                    paid=dates,
                    documents=papers,
                    pay=_pay(voucher) if voucher.kind == "payroll" else None,
                    entry=voucher.entry,
                    findings=tuple(took.get(id(voucher.entry), ())),
                    said=said,
                    method=next(
                        (str(each.entry.meta["method"]) for each in payments if "method" in each.entry.meta),
                        "",
                    ),
                )
            )
    return rows


def voucher_rows(case: Case) -> list[VoucherRow]:
    """Every voucher, in booking order."""
    paid = _paid_on(case)
    rows = []
    for voucher in case.vouchers:
        payments = _payments_of(voucher, paid)
        rows.append(
            VoucherRow(
                booked=voucher.booked,
                date=voucher.date,
                kind=voucher.kind,
                number=voucher.number,
                seller=voucher.seller,
                supplier=voucher.seller_name,
                party=voucher.party,
                categories=tuple(dict.fromkeys(line.category for line in voucher.lines)),
                net=voucher.booked_cost if voucher.net is None else voucher.net,
                tax=voucher.input_tax if voucher.tax is None else voucher.tax,
                claimed=voucher.booked_cost,
                accepted=sum(accepted for _category, accepted, _cut in case.accepted_lines(voucher)),
                paid=tuple(payment.date for payment in payments),
                paid_amount=sum(payment.amount for payment in payments),
                unpaid=0 if voucher.reverses else case.unpaid[voucher_link(voucher.number)],
                documents=_papers(case, voucher),
                entry=voucher.entry,
            )
        )
    return rows


def summary_rows(
    award: Award, scheme: Scheme, settled: CaseSettlement, details: list[DetailRow]
) -> list[SummaryRow]:
    """Every (party, category) as settled, in the order of the form."""
    shares: list[CategoryShare] = []
    for party, settlement in (settled.parties or {award.ubn: settled.whole}).items():
        shares += [share._replace(party=party) for share in settlement.categories]
    claimed: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in details:
        sums = claimed[row.party, row.category]
        for index, amount in enumerate((row.claimed, row.disallowed, row.parked)):
            sums[index] += amount
    rows = [_summary_row(share, scheme, claimed[share.party, share.category]) for share in shares]
    parties = {party: index for index, party in enumerate(award.parties)}
    return sorted(rows, key=lambda row: (parties.get(row.party, len(parties)), form_order(row.category)))


def _summary_row(share: CategoryShare, scheme: Scheme, sums: list[int]) -> SummaryRow:
    rule = scheme.cap(share.category)
    cap = share.cap
    limits_cost = cap is not None and scheme.cap_base.value == "category"
    return SummaryRow(
        party=share.party,
        category=share.category,
        approved=share.approved,
        claimed=share.accepted + share.disallowed if share.category == COACHING else sums[0],
        disallowed=share.disallowed if share.category == COACHING else sums[1],
        parked=sums[2],
        accepted=share.accepted,
        grantable=scheme.may_carry_grant(share.category) or share.category == COACHING,
        cap_ratio=rule.value if rule else None,
        cap=cap,
        counted=min(share.accepted, cap) if limits_cost and cap is not None else share.accepted,
        free=share.government + share.capped_by,
        government=share.government,
        self_funded=share.self_funded,
    )


def _paid_on(case: Case) -> dict[str, list[Payment]]:
    paid: dict[str, list[Payment]] = defaultdict(list)
    for payment in case.payments:
        paid[voucher_link(payment.number)].append(payment)
    return paid


def _taken_by(case: Case) -> dict[int, list[data.Custom]]:
    """The findings that took cost out, by the id() of the entry that they took it of."""
    took: dict[int, list[data.Custom]] = defaultdict(list)
    for finding in case.findings_in_force:
        if finding.state in {"disallowed", "parked"}:
            for voucher in case.judged(finding):
                took[id(voucher.entry)].append(finding.entry)
    return took


def _payments_of(voucher: Voucher, paid: dict[str, list[Payment]]) -> list[Payment]:
    """The payments of a voucher; a credit note has none of its own."""
    if voucher.reverses or not voucher.number:
        return []
    return paid.get(voucher_link(voucher.number), [])


def _details(voucher: Voucher, line: VoucherLine) -> dict[str, Any]:
    """What a voucher says of one of its lines beside the amount."""
    meta = voucher.entry.meta
    own = line_meta(voucher, line)
    return {key: meta[key] for key in meta if key in BY_KEY} | own


def _said(key: str, said: Mapping[str, Any], item: Item | None = None) -> str:
    """What the voucher, or else the approved item, says under `key`."""
    return str(said.get(key) or (item.entry.meta.get(key) if item else "") or "")


def _papers(case: Case, voucher: Voucher) -> tuple[str, ...]:
    """The papers of a voucher; of pay, and of what takes back, the file that it was read from."""
    if voucher.documents or not (voucher.kind == "payroll" or voucher.is_reversal):
        return voucher.documents
    names = case.voucher_papers.sources(voucher)
    return tuple(names) or tuple(filter(None, str(voucher.meta("source") or "").split("; ")))


def _pay(voucher: Voucher) -> Pay:
    figures = (number_said(voucher, key) for key in ("salary", "hours", "total-hours"))
    return Pay(str(voucher.meta("role") or ""), *figures)
