"""Narrowing the vouchers down: what the reader may ask for, and whether a voucher is it."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from collections.abc import Sequence
from typing import Any

from audit.audit_trail import VoucherAudit
from audit.audit_trail import rows_of
from audit.case_view import View
from audit.web.query import Query
from ledger.case.case import VoucherLine
from ledger.model.identifiers import voucher_link
from ledger.util.i18n import _
from ledger.util.text import fold

_STATES = ("open", "replied", "parked", "disallowed", "accepted", "")
SortKey = Callable[[View, VoucherAudit], Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer."""

    categories: list[str]
    suppliers: list[str]
    months: list[str]
    states: list[str]
    checks: list[str]
    parties: dict[str, str]  # names by company number; empty where the case has one party only


@dataclasses.dataclass(frozen=True, slots=True)
class Filter:
    """What the reader asked for; an empty field asks for nothing."""

    category: str = ""
    fund: str = ""
    supplier: str = ""
    month: str = ""
    state: str = ""
    check: str = ""
    paid: str = ""
    party: str = ""
    text: str = ""
    sort: str = "booked"
    only: frozenset[int] | None = None  # the entries that Fava's own filters let through

    @property
    def is_empty(self) -> bool:
        """Whether everything is listed."""
        return self == Filter(sort=self.sort, only=self.only)

    @classmethod
    def of(cls, query: Query) -> Filter:
        """The filter in an address."""
        sort = query.text("sort")
        return cls(
            category=query.text("category"),
            fund=query.text("fund"),
            supplier=query.text("supplier"),
            month=query.text("month"),
            state=query.text("state"),
            check=query.text("check"),
            paid=query.text("paid"),
            party=query.text("party"),
            text=query.text("q"),
            sort=sort if sort.removeprefix("-") in SORTS else "booked",
            only=query.only,
        )


def items_of(row: VoucherAudit, lines: Sequence[VoucherLine]) -> str:
    """What a voucher's lines bought, in words."""
    return _("、").join(dict.fromkeys(line.item for line in lines)) or (
        row.keyed.voucher.entry.narration or ""
    )


def count_of(view: View, row: VoucherAudit, severity: str) -> int:
    """How many doubts of a severity the checks have about a voucher."""
    return sum(finding.severity == severity for finding in view.findings_of(row.keyed.voucher))


def _supplier(_view: View, row: VoucherAudit) -> Any:
    return row.keyed.voucher.seller_name, row.keyed.voucher.booked


def _claimed(_view: View, row: VoucherAudit) -> Any:
    return -abs(row.declared + sum(line.disallowed for line in row.keyed.voucher.lines))


def _doubts(view: View, row: VoucherAudit) -> Any:
    return -count_of(view, row, "error"), -count_of(view, row, "warning")


# What lists are sorted by; amounts the largest first, doubts the gravest, states the most pressing.
SORTS: dict[str, SortKey] = {
    "booked": lambda _view, _row: 0,
    "number": lambda _view, row: fold(row.keyed.voucher.number),
    "date": lambda _view, row: row.keyed.voucher.date,
    "supplier": _supplier,
    "item": lambda _view, row: items_of(row, row.keyed.voucher.lines),
    "category": lambda view, row: [_category_order(view)(line.category) for line in row.keyed.voucher.lines],
    "amount": _claimed,
    "government": lambda _view, row: -sum(line.government for line in row.keyed.voucher.lines),
    "self": lambda _view, row: -sum(line.self_funded for line in row.keyed.voucher.lines),
    "tax": lambda _view, row: -row.keyed.voucher.input_tax,
    "disallowed": lambda _view, row: -row.disallowed,
    "parked": lambda _view, row: -row.parked,
    "accepted": lambda _view, row: -row.accepted,
    "findings": _doubts,
    "state": lambda _view, row: _STATES.index(row.state),
    "sample": lambda _view, row: not row.is_sampled,
    "signed": lambda _view, row: not row.is_signed,
}


def in_order(view: View, rows: list[VoucherAudit], sort: str) -> list[VoucherAudit]:
    """The rows as a sort says, a `-` before it for the other way round; of equal ones the order of the books."""
    key = SORTS[sort.removeprefix("-")]
    return sorted(rows, key=lambda row: key(view, row), reverse=sort.startswith("-"))


def choices(view: View) -> Choices:
    """What the filters offer for this case."""
    return view.cached("choices", _choices)


def wanted(view: View, row: VoucherAudit, asked: Filter) -> bool:
    """Whether a filter lets a row through."""
    return (not (asked.category or asked.fund) or bool(wanted_lines(row, asked))) and _is_wanted(
        view, row, asked
    )


def wanted_lines(row: VoucherAudit, asked: Filter) -> list[VoucherLine]:
    """The lines of a voucher that are asked for."""
    return [
        line
        for line in row.keyed.voucher.lines
        if (not asked.category or line.category == asked.category)
        and (not asked.fund or _amount(line, asked.fund) != 0)
    ]


def _amount(line: VoucherLine, fund: str) -> int:
    return {"government": line.government, "self": line.self_funded}.get(fund, line.disallowed)


def _is_wanted(view: View, row: VoucherAudit, asked: Filter) -> bool:
    voucher = row.keyed.voucher
    if asked.only is not None and id(voucher.entry) not in asked.only:
        return False
    if asked.supplier and voucher.seller_name != asked.supplier:
        return False
    if asked.month and voucher.month != asked.month:
        return False
    if asked.party and voucher.party != asked.party:
        return False
    if asked.state and not _has_state(row, asked.state, view.case.as_of):
        return False
    if asked.paid and (unpaid(view, row) > 0) == (asked.paid == "yes"):
        return False
    if asked.check and not any(f.check == asked.check for f in view.findings_of(voucher)):
        return False
    return not asked.text or fold(asked.text) in _searched(row)


def _has_state(row: VoucherAudit, state: str, as_of: datetime.date) -> bool:
    match state:
        case "none":
            return not row.threads
        case "changed":
            return row.is_changed
        case "signed":
            return row.is_signed
        case "sampled":
            return row.is_sampled
        case "overdue":
            return row.due is not None and row.due < as_of
    return row.state == state


def _searched(row: VoucherAudit) -> str:
    voucher = row.keyed.voucher
    parts = (
        voucher.number,
        voucher.seller_name,
        voucher.seller,
        voucher.entry.narration or "",
        *(line.item for line in voucher.lines),
        f"{voucher.net or ''}",
    )
    return fold(" ".join(parts))


def unpaid(view: View, row: VoucherAudit) -> int:
    """What the company still owes for a voucher, in NT$."""
    voucher = row.keyed.voucher
    return view.case.unpaid.get(voucher_link(voucher.reverses or voucher.number), 0)


def _choices(view: View) -> Choices:
    rows = rows_of(view)
    vouchers = [row.keyed.voucher for row in rows]
    lines = {line.category for voucher in vouchers for line in voucher.lines}
    return Choices(
        categories=sorted(lines, key=_category_order(view)),
        suppliers=sorted({voucher.seller_name for voucher in vouchers if voucher.seller_name}),
        months=sorted({voucher.month for voucher in vouchers}),
        states=[
            "none",
            "open",
            "replied",
            "parked",
            "disallowed",
            "accepted",
            "changed",
            "signed",
            "sampled",
            "overdue",
        ],
        checks=sorted({f.check for voucher in vouchers for f in view.findings_of(voucher)}),
        parties=_parties(view),
    )


def _parties(view: View) -> dict[str, str]:
    award = view.case.award
    if award is None or not award.partners:
        return {}
    return {party: award.party_name(party) for party in award.parties}


def _category_order(view: View) -> Callable[[str], tuple[int, str]]:
    award = view.case.award
    order = view.cached(
        "category order",
        lambda _view: {key[1]: place for place, key in enumerate(award.original)} if award else {},
    )
    return lambda category: (order.get(category, len(order)), category)
