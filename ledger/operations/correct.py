"""`correct`: fields of a booked voucher set to what its paper says; `split`: its cost laid over approved items.

In an open month the entry is changed where it stands. What a closed month holds is taken back and booked anew in the
first open month, or the month is re-opened (`reopen`).
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from beancount.core import data

from ledger.case.case import Case
from ledger.case.case import Payment
from ledger.case.case import Voucher
from ledger.case.month_close import first_open_day
from ledger.case.month_close import reopen_directive
from ledger.entries.builder import payment_entry
from ledger.files import PENDING
from ledger.files.pending import Pending
from ledger.files.pending import PendingStore
from ledger.files.pending import pending_id
from ledger.model import accounts
from ledger.model.award import Item
from ledger.model.directives import twd
from ledger.model.directives import whole
from ledger.model.identifiers import PAID
from ledger.model.identifiers import voucher_link
from ledger.model.voucher_details import BY_KEY
from ledger.model.voucher_details import DETAILS
from ledger.model.voucher_details import Detail
from ledger.model.voucher_details import parse_detail
from ledger.operations.edit import CORRECTED
from ledger.operations.edit import Context
from ledger.operations.edit import Instead
from ledger.operations.edit import OperationError
from ledger.operations.edit import Planned
from ledger.operations.edit import effect_of
from ledger.operations.edit import is_open
from ledger.operations.edit import plan_edit
from ledger.operations.edit import readable_case
from ledger.operations.edit import refuse_no_reason
from ledger.operations.edit import voucher_named
from ledger.operations.rebooking.redraft import Line
from ledger.operations.rebooking.redraft import bare
from ledger.operations.rebooking.redraft import lines_of
from ledger.operations.rebooking.redraft import redrafted
from ledger.operations.rebooking.redraft import reversal
from ledger.operations.typed import typed_amount
from ledger.operations.typed import typed_day
from ledger.operations.typed import typed_quantity
from ledger.schemes.categories import category_name
from ledger.schemes.categories import category_named
from ledger.util.dates import month_of
from ledger.util.i18n import N_
from ledger.util.i18n import _
from ledger.util.text import fold

FIELDS = {
    "item": N_("品項"),
    "category": N_("會計科目"),
    "claimed": N_("認列金額"),
    "date": N_("憑證日期"),
    "number": N_("憑證號碼"),
    "supplier": N_("對象"),
    "seller": N_("賣方統編"),
    "buyer": N_("買方統編"),
    "net": N_("未稅金額"),
    "tax": N_("稅額"),
    "quantity": N_("數量"),
    "unit": N_("單位"),
    "document": N_("附件"),
    "paid": N_("付款日"),
    "method": N_("付款方式"),
}
_LABELS = FIELDS | {detail.key: detail.label for detail in DETAILS}
PAYROLL = {
    detail.key: detail
    for detail in (
        Detail("role", N_("職稱")),
        Detail("salary", N_("月薪"), "number"),
        Detail("hours", N_("專案工時"), "number"),
        Detail("total-hours", N_("總工時"), "number"),
        Detail("base", N_("本薪"), "number"),
        Detail("allowance", N_("津貼"), "number"),
        Detail("bonus", N_("獎金"), "number"),
        Detail("joined", N_("到職日"), "date"),
        Detail("left", N_("離職日"), "date"),
    )
}  # what a payroll row says besides; only of one is it corrected
_PLAIN = frozenset({"seller", "buyer", "document"})  # metadata of the same name, text as it is
_IN_COST = frozenset({"item", "category", "claimed", "net", "quantity"})


@dataclasses.dataclass(slots=True)
class _Draft:
    """A voucher being corrected: its lines, tax and words as they are to stand."""

    lines: list[Line]
    meta: dict[str, Any]
    tax: int | None = None
    payee: str | None = None
    date: datetime.date | None = None
    paid: datetime.date | None = None


def fields_of(voucher: Voucher) -> dict[str, str]:
    """The fields that can be corrected of a voucher, as in FIELDS, with those of `voucher_details` and of pay."""
    of_pay = PAYROLL if voucher.kind == "payroll" else {}
    return _LABELS | {key: detail.label for key, detail in of_pay.items()}


def plan_correct(context: Context, name: str, fields: Mapping[str, str], reason: str) -> Planned:
    """Work out a correction of the voucher `name` (number or import-id); `fields` as in `fields_of`, values as typed.

    Raises OperationError.
    """
    case = readable_case(context)
    voucher = voucher_named(case, name)
    refuse_no_reason(reason)
    draft = _Draft(lines_of(voucher), {})
    labels = fields_of(voucher)
    for field, value in fields.items():
        if field not in labels:
            raise OperationError(
                _("沒有「{field}」這個欄位;可以更正的有:{allowed}").format(
                    field=field, allowed=_("、").join(labels)
                )
            )
        _set(draft, field, value.strip(), voucher, case)
    text = f"更正憑證 {voucher.number}:{'、'.join(f'{labels[key]}改為 {value}' for key, value in fields.items())}({reason})"
    return _planned("correct", text, context, voucher, draft, reason)


def plan_split(context: Context, name: str, parts: Sequence[tuple[str, int]], reason: str) -> Planned:
    """Work out a voucher's net laid over approved items: (item, NT$ of the net) each; what is left is not claimed.

    Raises OperationError.
    """
    case = readable_case(context)
    voucher = voucher_named(case, name)
    refuse_no_reason(reason)
    sign = -1 if voucher.booked_cost < 0 else 1
    left = abs(voucher.booked_cost) - sum(amount for _item, amount in parts)
    if not parts or any(amount <= 0 for _item, amount in parts) or left < 0:
        raise OperationError(
            _("各品項的金額要大於 0,合計不得超過憑證的未稅金額 {net}").format(
                net=f"{abs(voucher.booked_cost):,}"
            )
        )
    approved = [(_approved(item, voucher, case), amount) for item, amount in parts]
    lines = [Line(item.category, item.name, None, sign * amount) for item, amount in approved]
    if left:
        lines.append(
            Line(lines[0].category, voucher.lines[0].item if voucher.lines else "", None, 0, sign * left)
        )
    told = "、".join(f"{item} {amount:,}" for item, amount in parts)
    text = f"拆分憑證 {voucher.number}:{told}({reason})"
    return _planned("split", text, context, voucher, _Draft(lines, {}), reason)


def _changes_nothing(case: Case, voucher: Voucher, draft: _Draft) -> bool:
    """Whether a voucher stands as it is to stand; one with a doubt does not, even where nothing else changes."""
    entry = voucher.entry
    if entry.flag != "*" or draft.lines != lines_of(voucher) or "method" in draft.meta:
        return False
    if draft.paid is not None and draft.paid not in {p.date for p in case.payments if p.link == voucher.link}:
        return False
    words = {key: entry.meta.get(key) for key in draft.meta}
    return (
        words == draft.meta
        and draft.tax in {None, voucher.input_tax}
        and draft.payee in {None, voucher.seller_name}
        and draft.date in {None, voucher.date}
    )


def _planned(kind: str, text: str, context: Context, voucher: Voucher, draft: _Draft, reason: str) -> Planned:
    """The correction in its open month, in a month re-opened for it, or as reversal and new entry; nothing where it is so."""
    case, reopen = context.case, context.reopen
    if _changes_nothing(case, voucher, draft):
        return Planned(kind, text, {}, case, case, effect_of(case, case, None))
    meta = draft.meta | {"voucher-date": draft.date} if draft.date else dict(draft.meta)
    instead: list[Instead] = []
    new: list[data.Directive] = []
    open_now = is_open(case, voucher.booked)
    cost = sum(line.claimed + line.unclaimed for line in draft.lines)
    grown = cost - voucher.booked_cost
    grown += 0 if draft.tax is None else draft.tax - voucher.input_tax
    if not open_now and reopen is not None:
        new.append(reopen_directive(case, month_of(voucher.booked), reason, reopen))
        open_now = True
    if open_now:
        booked = _booked(draft.date, case, voucher) if draft.date else voucher.booked
        entry = redrafted(
            voucher, case, draft.lines, tax=draft.tax, meta=meta, payee=draft.payee, booked=booked
        )
        instead.append(Instead(voucher.entry, (entry,)))
    else:
        day = first_open_day(case)
        assert day is not None  # noqa: S101 -- a month is closed
        new.append(reversal(voucher, case, day, reason))
        own_id = str(voucher.entry.meta.get("import-id") or voucher.number)
        meta |= {"import-id": f"{CORRECTED}{own_id}"}
        new.append(
            redrafted(voucher, case, draft.lines, tax=draft.tax, meta=meta, payee=draft.payee, booked=day)
        )
    if number := draft.meta.get("number"):
        instead += _renumbered(case, voucher, str(number))
    paid_instead, paid_new = _payments(case, voucher, draft, grown)
    instead += paid_instead
    new += paid_new
    planned = plan_edit(kind, text, context, instead=instead, new=new)
    return _known_as_it_was(context, planned, voucher)


def _known_as_it_was(context: Context, planned: Planned, voucher: Voucher) -> Planned:
    """The plan with a note of the record that was corrected, so that its file coming again is no news."""
    import_id = str(voucher.meta("import-id") or "").removeprefix(CORRECTED)
    if not import_id:
        return planned
    store = PendingStore.parse(context.text_of(PENDING))
    gross = (voucher.net if voucher.net is not None else voucher.booked_cost) + (voucher.tax or 0)
    store.add(
        Pending(
            id=pending_id("removed", import_id, gross),
            kind="removed",
            file=str(voucher.meta("source") or ""),
            reason=planned.text,
            record={"import-id": import_id},
            amount=gross,
        )
    )
    return planned._replace(files={**planned.files, PENDING: store.text()})


def _booked(day: datetime.date, case: Case, voucher: Voucher) -> datetime.date:
    """The day a voucher with another date is booked on: its own where that month is open."""
    if voucher.kind == "payroll":
        return voucher.booked
    opened = first_open_day(case)
    return day if opened is None else max(day, opened)


# --- the fields ------------------------------------------------------------------------------------------


def _set(draft: _Draft, field: str, value: str, voucher: Voucher, case: Case) -> None:
    if field in _IN_COST:
        _set_cost(draft, field, value, voucher, case)
    elif field == "tax":
        draft.tax = typed_amount(value, field, takes_back=_takes_back(voucher))
        draft.meta["tax"] = twd(draft.tax)
    elif field == "date":
        draft.date = typed_day(value)
    elif field == "paid":
        draft.paid = typed_day(value)
    elif field == "supplier":
        draft.payee = value
    elif field == "number":
        _refuse_number(value, voucher, case)
        draft.meta["number"] = value
    elif field in BY_KEY or field in PAYROLL:
        _set_detail(draft, BY_KEY.get(field) or PAYROLL[field], value)
    elif field in _PLAIN or field == "method":
        draft.meta[field] = value or None


def _set_detail(draft: _Draft, detail: Detail, value: str) -> None:
    """A field of `voucher_details`; of a voucher with several lines, what each line says is said of all of them."""
    try:
        said = parse_detail(detail, value)
    except ValueError:
        raise OperationError(
            _("{field} 無法辨認:「{value}」").format(field=_(detail.label), value=value)
        ) from None
    several = len({(line.category, line.item) for line in draft.lines}) > 1
    kept = [tuple(pair for pair in line.meta if pair[0] != detail.key) for line in draft.lines]
    if detail.each_line and several and said is not None:
        draft.lines = [
            line._replace(meta=(*meta, (detail.key, said)))
            for line, meta in zip(draft.lines, kept, strict=True)
        ]
        said = None
    else:
        draft.lines = [line._replace(meta=meta) for line, meta in zip(draft.lines, kept, strict=True)]
    draft.meta[detail.key] = said


def _set_cost(draft: _Draft, field: str, value: str, voucher: Voucher, case: Case) -> None:
    if len(draft.lines) != 1:
        raise OperationError(
            _("憑證 {number} 有 {count} 個品項,請用 grant split 重新分配各品項的金額").format(
                number=voucher.number, count=len(draft.lines)
            )
        )
    (line,) = draft.lines
    whole = line.claimed + line.unclaimed
    if field == "item":
        approved = _approved(value, voucher, case)
        line = line._replace(item=approved.name, category=approved.category, claimed=whole, unclaimed=0)
    elif field == "category":
        category = category_named(value)
        if category is None or not _in_budget(category, voucher, case):
            raise OperationError(
                _("科目「{category}」不在核定預算內;可用的有:{allowed}").format(
                    category=value, allowed=_("、").join(_budgeted(voucher, case))
                )
            )
        line = line._replace(category=category, claimed=whole, unclaimed=0)
    elif field == "claimed":
        claimed = typed_amount(value, field, is_part=True)
        if not min(0, whole) <= claimed <= max(0, whole):
            raise OperationError(_("認列金額要在 0 與未稅金額 {net} 之間").format(net=f"{whole:,}"))
        line = line._replace(claimed=claimed, unclaimed=whole - claimed)
    elif field == "net":
        net = typed_amount(value, field, takes_back=_takes_back(voucher))
        line = line._replace(claimed=net, unclaimed=0) if not line.unclaimed or line.claimed == 0 else line
        if line.claimed + line.unclaimed != net:
            line = line._replace(unclaimed=net - line.claimed)
        draft.meta["net"] = twd(net)
    else:
        line = line._replace(quantity=typed_quantity(value, takes_back=_takes_back(voucher)))
    draft.lines = [line]


def _approved(name: str, voucher: Voucher, case: Case) -> Item:
    """The approved item of this name. Raises OperationError telling which there are."""
    assert case.award is not None  # noqa: S101 -- readable_case() has looked
    own = [item for item in case.award.items if item.party == voucher.party]
    found = next((item for item in own if fold(item.name) == fold(name)), None)
    if found is None:
        raise OperationError(
            _("「{item}」不是核定的品項;核定的有:{allowed}").format(
                item=name, allowed=_("、").join(item.name for item in own)
            )
        )
    return found


def _in_budget(category: str, voucher: Voucher, case: Case) -> bool:
    assert case.award is not None  # noqa: S101 -- as above
    return (voucher.party, category) in case.award.budget_on()


def _budgeted(voucher: Voucher, case: Case) -> list[str]:
    assert case.award is not None  # noqa: S101 -- as above
    return [category_name(name) for party, name in case.award.budget_on() if party == voucher.party]


def _takes_back(voucher: Voucher) -> bool:
    """Whether an entry takes from another paper: a credit note, a void; its amounts are negative in the books."""
    return voucher.is_reversal and voucher.booked_cost < 0


def _refuse_number(value: str, voucher: Voucher, case: Case) -> None:
    """Raise OperationError where a voucher cannot bear this number: an empty one, or another paper's."""
    if not value:
        raise OperationError(_("憑證號碼不能是空白"))
    link = voucher_link(value)
    for other in case.vouchers:
        if other.link != link or other.link == voucher.link or other.reverses or other.kind != voucher.kind:
            continue
        if other.kind == "invoice" or fold(other.seller_name) == fold(voucher.seller_name):
            raise OperationError(
                _(
                    "憑證 {number} 已經入帳({date} {seller});是同一張請以 grant remove 移除多的那一筆,不是同一張請查明號碼"
                ).format(number=value, date=other.date, seller=other.seller_name)
            )


# --- what hangs on a voucher -------------------------------------------------------------------------------


def _renumbered(case: Case, voucher: Voucher, number: str) -> list[Instead]:
    """The credit notes of a voucher, which name it by its number."""
    return [
        Instead(other.entry, (bare(other.entry._replace(meta=other.entry.meta | {"reverses": number})),))
        for other in case.vouchers
        if other.reverses and fold(other.reverses) == fold(voucher.number)
    ]


def _payments(
    case: Case, voucher: Voucher, draft: _Draft, grown: int
) -> tuple[list[Instead], list[data.Directive]]:
    """The payments of a corrected voucher: under its number, of its amount where its own record told of them, on their day.

    `grown` is by how much more is payable, NT$.
    """
    paying = {id(p.entry): p.entry for p in case.payments if p.link == voucher.link}
    now = dict(paying)
    new: list[data.Directive] = []
    if number := draft.meta.get("number"):
        now = {key: _under_number(entry, voucher, str(number)) for key, entry in now.items()}
    own = _told_by_the_record(case, voucher)
    if own is not None and grown:
        if is_open(case, own.entry.date):
            now[id(own.entry)] = _grown(now[id(own.entry)], grown)
        else:
            new.append(_difference(case, voucher, draft, grown))
    if draft.paid is not None or "method" in draft.meta:
        new += _paid(case, voucher, draft, now, voucher.payable + grown)
    return [
        Instead(paying[key], (bare(entry),)) for key, entry in now.items() if entry is not paying[key]
    ], new


def _under_number(entry: data.Transaction, voucher: Voucher, number: str) -> data.Transaction:
    postings = [posting._replace(meta=_named(posting, voucher, number)) for posting in entry.postings]
    links = (entry.links - {voucher.link}) | {voucher_link(number)}
    return entry._replace(links=links, postings=postings)


def _named(posting: data.Posting, voucher: Voucher, number: str) -> dict[str, Any] | None:
    meta = dict(posting.meta or {})
    if "number" in meta and voucher_link(str(meta["number"])) == voucher.link:
        meta["number"] = voucher_link(number)
    return meta or None


def _told_by_the_record(case: Case, voucher: Voucher) -> Payment | None:
    """The payment that the voucher's own row told of (付款日期), where it paid all of it: what is wrong there is wrong here."""
    payments = [payment for payment in case.payments if payment.link == voucher.link]
    if len(payments) != 1 or payments[0].amount != voucher.payable:
        return None
    entry = payments[0].entry
    told = str(entry.meta.get("import-id") or "").startswith(PAID) and len(entry.postings) == 2
    return payments[0] if told else None


def _grown(entry: data.Transaction, grown: int) -> data.Transaction:
    """A payment by the company of so much more."""
    postings = [
        posting._replace(
            units=twd(whole(posting.units) + (grown if posting.account == accounts.PAYABLE else -grown))
        )
        for posting in entry.postings
    ]
    return entry._replace(postings=postings)


def _difference(case: Case, voucher: Voucher, draft: _Draft, grown: int) -> data.Transaction:
    """What was paid more or less than a closed month says, in the first open one."""
    day = first_open_day(case)
    assert day is not None  # noqa: S101 -- a month is closed
    number = str(draft.meta.get("number") or voucher.number)
    meta = {"import-id": f"{PAID}{CORRECTED}{voucher.entry.meta.get('import-id') or number}"}
    payee = draft.payee if draft.payee is not None else voucher.seller_name
    words = _("付款 {number} 更正").format(number=number)
    return payment_entry(day, payee, words, [(number, grown, 0)], "company", meta)


def _paid(
    case: Case, voucher: Voucher, draft: _Draft, now: dict[int, data.Transaction], payable: int
) -> list[data.Directive]:
    """The payment of a voucher on another day or by another way, changed in `now`; made where there is none."""
    method = draft.meta.pop("method", None)
    own = [key for key, e in now.items() if not str(e.meta.get("import-id") or "").startswith("bank:")]
    if now and not own:
        raise OperationError(
            _("憑證 {number} 是由銀行交易明細付款的,付款日以明細為準").format(number=voucher.number)
        )
    if own:
        entry = now[own[-1]]
        meta = entry.meta | ({"method": method} if method else {})
        day = draft.paid or entry.date
        if draft.paid and not is_open(case, draft.paid):
            meta |= {"paid": draft.paid.isoformat()}
            day = entry.date
        now[own[-1]] = entry._replace(meta=meta, date=day)
        return []
    if draft.paid is None:
        return []
    opened = first_open_day(case)
    day = draft.paid if opened is None else max(draft.paid, opened)
    number = str(draft.meta.get("number") or voucher.number)
    told: dict[str, Any] = {"import-id": f"{PAID}{voucher.entry.meta.get('import-id') or number}"}
    told |= {"method": method} if method else {}
    if day != draft.paid:
        told["paid"] = draft.paid.isoformat()
    payee = draft.payee if draft.payee is not None else voucher.seller_name
    owed = [(number, payable, 0)]
    return [payment_entry(day, payee, _("付款 {number}").format(number=number), owed, "company", told)]
