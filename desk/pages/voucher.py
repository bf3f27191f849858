"""One voucher beside its papers: what it says, what is wrong with it, the forms that put it right, its history."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from audit.web.query import Query
from checks.engine.finding import Finding
from desk.acts.vouchers import SPLIT_ROWS
from desk.case_desk import CaseDesk
from desk.pages.vouchers import name_of
from desk.papers import Shown
from desk.papers import papers_of_voucher
from ledger.case.case import Payment
from ledger.case.case import Voucher
from ledger.case.month_close import first_open_day
from ledger.case.vouchers.voucher_lines import said_of_line
from ledger.files.history import Operation
from ledger.model.voucher_details import DETAILS
from ledger.model.voucher_details import Detail
from ledger.operations.correct import FIELDS
from ledger.operations.correct import PAYROLL
from ledger.operations.undo import undone
from ledger.schemes.categories import category_name
from ledger.util.dates import month_of
from ledger.util.i18n import _

_OF_ONE_LINE = ("item", "category", "claimed", "quantity", "net")
_DATES = frozenset({"date", "paid"})
_NUMBERS = frozenset({"claimed", "net", "tax", "quantity"})


class FormField(NamedTuple):
    """A field of the form that corrects: its name, title, value as it stands, kind of input, and what may be chosen."""

    name: str
    title: str
    value: str
    kind: str
    choices: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class VoucherPage:
    """All that the page shows. `closed` is the closed month it stands in; `parts` fill the form that splits."""

    name: str
    voucher: Voucher
    findings: list[Finding]
    payments: list[Payment]
    unpaid: int
    papers: list[Shown]
    open_paper: Shown | None
    fields: list[FormField]
    details: list[FormField]
    items: list[str]
    parts: list[tuple[str, str]]
    closed: str
    history: list[Operation]
    undone: frozenset[str]


def voucher_page(desk: CaseDesk, query: Query) -> VoucherPage | None:
    """The page of the voucher of the parameter `about` (import-id or number); None where there is none."""
    voucher = desk.voucher(query.text("about"))
    if voucher is None:
        return None
    case, opened = desk.case, first_open_day(desk.case)
    papers = papers_of_voucher(desk, voucher, {"voucher": name_of(voucher)})
    place = min(max(0, query.number("paper")), len(papers) - 1)
    items = [item.name for item in case.award.items if item.party == voucher.party] if case.award else []
    parts = [(line.item if line.item in items else "", str(line.cost)) for line in voucher.lines if line.cost]
    rows = (parts if len(parts) > 1 else []) + [("", "")] * SPLIT_ROWS
    return VoucherPage(
        name_of(voucher),
        voucher,
        desk.view.findings_of(voucher),
        desk.view.payments_of(voucher),
        0 if voucher.reverses else case.unpaid.get(voucher.link, 0),
        papers,
        papers[place] if papers else None,
        _fields(desk, voucher, items),
        _details(voucher),
        items,
        rows[:SPLIT_ROWS],
        month_of(voucher.booked) if opened and voucher.booked < opened else "",
        _history(desk, voucher),
        undone(desk.operations),
    )


def _fields(desk: CaseDesk, voucher: Voucher, items: list[str]) -> list[FormField]:
    """The fields that can be corrected, as they stand; of a voucher of several items not those of one."""
    values = _values(desk, voucher)
    award = desk.case.award
    budgeted = award.budget_on() if award else {}
    categories = tuple(category_name(category) for party, category in budgeted if party == voucher.party)
    own = [
        FormField(
            name,
            _(title),
            values.get(name, ""),
            "date" if name in _DATES else "number" if name in _NUMBERS else "text",
            tuple(items) if name == "item" else categories if name == "category" else (),
        )
        for name, title in FIELDS.items()
        if name != "document" and (name not in _OF_ONE_LINE or len(voucher.lines) == 1)
    ]
    return own + [_detail(voucher, each) for each in (PAYROLL.values() if voucher.kind == "payroll" else ())]


def _details(voucher: Voucher) -> list[FormField]:
    return [_detail(voucher, each) for each in DETAILS if voucher.kind != "payroll"]


def _detail(voucher: Voucher, detail: Detail) -> FormField:
    """A field of `voucher_details` as it stands; where its lines say different things, those beside each other."""
    said = [said_of_line(voucher, line, detail.key) for line in voucher.lines] or [voucher.meta(detail.key)]
    value = _("、").join(dict.fromkeys(str(each) for each in said if each))
    kind = {"date": "date", "text": "text"}.get(detail.kind, "number")
    return FormField(detail.key, _(detail.label), value.removesuffix(" TWD"), kind)


def _values(desk: CaseDesk, voucher: Voucher) -> dict[str, str]:
    payments = desk.view.payments_of(voucher)
    values = {
        "date": voucher.date.isoformat(),
        "number": voucher.number,
        "supplier": voucher.seller_name,
        "seller": voucher.seller,
        "buyer": voucher.buyer,
        "tax": "" if voucher.tax is None else str(voucher.tax),
        "unit": str(voucher.meta("unit") or ""),
        "paid": payments[-1].date.isoformat() if payments else "",
        "method": str(payments[-1].entry.meta.get("method") or "") if payments else "",
    }
    if len(voucher.lines) == 1:
        (line,) = voucher.lines
        whole = line.cost + line.disallowed
        values |= {
            "item": line.item,
            "category": category_name(line.category),
            "claimed": str(line.cost),
            "net": str(voucher.net if voucher.net is not None else whole),
            "quantity": "" if line.quantity is None else f"{line.quantity.normalize():f}",
        }
    return values


def _history(desk: CaseDesk, voucher: Voucher) -> list[Operation]:
    """The operations that speak of the voucher, and the import that brought it; the last one first."""
    sources = {name.partition(".")[2] for name in str(voucher.meta("source") or "").split("; ") if name}
    sources.discard("")
    return [
        each
        for each in reversed(desk.operations)
        if (voucher.number and voucher.number in each.text)
        or (each.kind == "import" and any(name in each.text for name in sources))
    ]
