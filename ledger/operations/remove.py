"""`remove`: a record taken out of the books, and kept out when its file comes again.

In an open month its entries go. What a closed month holds is taken back by a reversing entry in the first open month,
or goes once the month is re-opened. A payment that is a line of the dedicated account stays, as money gone of which
nobody knows yet what for.
"""

from __future__ import annotations

from typing import Any
from typing import NamedTuple

from beancount.core import data

from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.month_close import first_open_day
from ledger.case.month_close import reopen_directive
from ledger.entries.builder import bank_entry
from ledger.files import PENDING
from ledger.files.pending import Pending
from ledger.files.pending import PendingStore
from ledger.files.pending import pending_id
from ledger.files.writer import CaseWriter
from ledger.model import accounts
from ledger.model.directives import twd
from ledger.model.directives import whole
from ledger.model.identifiers import voucher_link
from ledger.operations.apply import Ready
from ledger.operations.apply import apply
from ledger.operations.edit import Context
from ledger.operations.edit import Instead
from ledger.operations.edit import OperationError
from ledger.operations.edit import Planned
from ledger.operations.edit import is_open
from ledger.operations.edit import plan_edit
from ledger.operations.edit import readable_case
from ledger.operations.edit import refuse_no_reason
from ledger.operations.edit import voucher_named
from ledger.operations.rebooking.redraft import bare
from ledger.operations.rebooking.redraft import reversal
from ledger.util.dates import month_of
from ledger.util.i18n import _


class Removal(NamedTuple):
    """A removal worked out, and the import-ids that have to stay out from now on."""

    planned: Planned
    ids: tuple[str, ...]


def plan_remove(context: Context, name: str, reason: str) -> Removal:
    """Work out the removal of a voucher (number or import-id) or of a bank line (import-id). Raises OperationError."""
    case = readable_case(context)
    refuse_no_reason(reason)
    entry = _entry_of_id(case, name)
    if entry is not None and "voucher" not in entry.meta:
        return _bank_line(context, entry, name, reason)
    return _voucher(context, voucher_named(case, name), reason)


def apply_removal(writer: CaseWriter, removal: Removal, *, by: str = "") -> str:
    """Write a removal and remember its ids in pending.jsonl; gives the operation's id. Raises as `apply`."""
    keep_out(writer, removal)
    return apply(writer, removal.planned, by=by)


def ready_removal(removal: Removal, *, by: str = "") -> Ready:
    """A removal, with its writing."""
    planned = removal.planned
    return Ready(
        planned.kind, planned.text, lambda writer: apply_removal(writer, removal, by=by), planned.effect
    )


def keep_out(writer: CaseWriter, removal: Removal) -> None:
    """Stage that records of these ids stay out of the books when their files come again."""
    store = PendingStore.parse(writer.text(PENDING))
    for import_id in removal.ids:
        store.add(
            Pending(
                id=pending_id("removed", import_id),
                kind="removed",
                file="",
                reason=removal.planned.text,
                record={"import-id": import_id},
            )
        )
    store.stage(writer)


def _entry_of_id(case: Case, name: str) -> data.Transaction | None:
    return next((entry for entry in case.transactions if name and entry.meta.get("import-id") == name), None)


def _bank_line(context: Context, entry: data.Transaction, name: str, reason: str) -> Removal:
    new: list[data.Directive] = []
    if not is_open(context.case, entry.date):
        if context.reopen is None:
            raise OperationError(
                _(
                    "{date} 的銀行明細在已月結的月份;銀行明細不能以沖回代替,要移除請加 --reopen 重開該月"
                ).format(date=entry.date)
            )
        new.append(reopen_directive(context.case, month_of(entry.date), reason, context.reopen))
    text = f"移除 {entry.date} 的銀行明細 {entry.narration}({reason})"
    planned = plan_edit("remove", text, context, instead=[Instead(entry, ())], new=new)
    return Removal(planned, (name,))


def _voucher(context: Context, voucher: Voucher, reason: str) -> Removal:
    case = context.case
    text = f"移除憑證 {voucher.number or voucher.entry.narration}({reason})"
    ids = tuple(str(voucher.entry.meta[key]) for key in ("import-id",) if voucher.entry.meta.get(key))
    new: list[data.Directive] = []
    if not is_open(case, voucher.booked):
        if context.reopen is None:
            day = first_open_day(case)
            assert day is not None  # noqa: S101 -- a month is closed
            planned = plan_edit("remove", text, context, new=[reversal(voucher, case, day, reason)])
            return Removal(planned, ids)
        new.append(reopen_directive(case, month_of(voucher.booked), reason, context.reopen))
    going = [voucher, *(other for other in case.vouchers if _takes_from(other, voucher))]
    instead = [Instead(one.entry, ()) for one in going]
    others = {other.link for other in case.vouchers if all(other is not one for one in going)}
    paying = [p.entry for p in case.payments if p.link == voucher.link and p.link not in others]
    instead += [Instead(entry, _without(case, entry, voucher.link)) for entry in paying]
    return Removal(plan_edit("remove", text, context, instead=instead, new=new), ids)


def _takes_from(other: Voucher, voucher: Voucher) -> bool:
    return bool(voucher.number) and other.reverses == voucher.number and not voucher.reverses


def _without(case: Case, entry: data.Transaction, link: str) -> tuple[data.Transaction, ...]:
    """A payment's entry once one of its vouchers is gone.

    A line of the company's own account is nobody's business any more; one of the dedicated account stays, unexplained.
    """
    links = {payment.link for payment in case.payments if payment.entry is entry}
    at_bank = sum(whole(posting.units) for posting in entry.postings if posting.account in accounts.AT_BANK)
    if links - {link} and not at_bank:
        return (_less(entry, link),)
    if links - {link}:
        raise OperationError(
            _(
                "{date} 的一筆付款同時付給好幾張憑證,請先移除那一筆付款(grant remove 加上它的 import-id)"
            ).format(date=entry.date)
        )
    if not at_bank:
        return ()
    keep = ("import-id", "source", "party", "bank-date", "document")
    meta: dict[str, Any] = {key: entry.meta[key] for key in keep if key in entry.meta}
    meta["unclear"] = _("原付款的憑證已移除,請認定這筆款項的用途")
    return (bank_entry("unexplained", entry.date, at_bank, entry.payee or "", entry.narration or "", meta),)


def _less(entry: data.Transaction, link: str) -> data.Transaction:
    """A payment of several vouchers by the company without what it paid of one of them."""
    gone = [p for p in entry.postings if voucher_link(str((p.meta or {}).get("number") or "")) == link]
    total = sum(whole(posting.units) for posting in gone)
    postings = [
        p._replace(units=twd(whole(p.units) + total)) if p.account == accounts.COMPANY else p
        for p in entry.postings
        if all(p is not other for other in gone)
    ]
    return bare(entry._replace(postings=postings, links=entry.links - {link}))
