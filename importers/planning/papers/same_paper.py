"""Whether two records, or a record and the books, tell of one paper, and in what they differ."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Sequence

from importers.planning.import_ids import base_id
from importers.planning.import_ids import invoice_id
from importers.planning.papers.take_backs import VOID
from importers.planning.papers.told import Completed
from importers.planning.papers.told import Told
from importers.records import VoucherRecord
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.month_close import first_open_day
from ledger.model.identifiers import invoice_number_valid
from ledger.schemes.categories import category_name
from ledger.schemes.categories import category_named
from ledger.util.i18n import _
from ledger.util.text import fold

_MARKS = re.compile(r"[\W_]+")


def same_paper(one: VoucherRecord, other: VoucherRecord) -> bool:
    """Whether two routes tell of one paper: the same total, and an item in common where both name any."""
    items, others = _items(one), _items(other)
    return one.gross == other.gross and (not items or not others or bool(items & others))


def _items(record: VoucherRecord) -> set[str]:
    return {letters(item.name) for item in record.items if item.name}


def letters(name: str) -> str:
    """A name without marks, which one route prints and another leaves out; marks alone stay."""
    folded = fold(name)
    return _MARKS.sub("", folded) or folded


def joined(one: VoucherRecord, other: VoucherRecord) -> VoucherRecord:
    """The better route's record, with what only the other one says."""
    return dataclasses.replace(
        one,
        category=one.category or other.category,
        paid=one.paid or other.paid,
        payment_method=one.payment_method or other.payment_method,
        attachment=one.attachment or other.attachment,
    )


def completed(told: Told, voucher: Voucher, case: Case) -> list[Completed]:
    """What a record of a booked voucher of an open month tells besides, as if both had come in one import."""
    opened = first_open_day(case)
    if opened is not None and voucher.booked < opened:
        return []
    record = told.record
    known = {
        "seller": record.seller,
        "buyer": record.buyer,
        "tax-type": record.tax_type,
        "attachment": record.attachment,
    }
    more = tuple((key, value) for key, value in known.items() if value and not voucher.meta(key))
    is_paper = told.format == "mig-xml" and not voucher.meta("document")
    return [Completed(voucher.entry, more, told.file)] if more or is_paper else []


def categories_differ(one: VoucherRecord, other: VoucherRecord) -> bool:
    """Whether two rows of one paper name different categories; a payroll sheet's is always the same."""
    if not one.category or not other.category or one.payroll is not None:
        return False
    return fold(one.category) != fold(other.category) and (
        category_named(one.category) != category_named(other.category)
    )


def import_id_of(voucher: Voucher) -> str:
    """The identity that a voucher was imported under; empty where it was written by hand."""
    return str(voucher.meta("import-id") or "")


def booked_by_id(case: Case) -> dict[str, list[Voucher]]:
    """The booked vouchers by the identity they were imported under; reversals are none.

    An invoice whose number was corrected is known by the right one too.
    """
    booked: dict[str, list[Voucher]] = defaultdict(list)
    for voucher in case.vouchers:
        import_id = import_id_of(voucher)
        if import_id and not import_id.startswith(VOID):
            for known in dict.fromkeys((base_id(import_id), _id_by_number(voucher) or base_id(import_id))):
                booked[known].append(voucher)
    return booked


def _id_by_number(voucher: Voucher) -> str:
    """What an invoice of the number and the day that the books now show would be imported under."""
    is_numbered = voucher.kind == "invoice" and not voucher.reverses and voucher.date is not None
    return (
        invoice_id(voucher.number, voucher.date)
        if is_numbered and invoice_number_valid(fold(voucher.number))
        else ""
    )


def is_booked_as(record: VoucherRecord, voucher: Voucher) -> bool:
    """Whether a voucher of the books is this record: its total, and an item in common where it names any."""
    return abs((voucher.net or 0) + (voucher.tax or 0)) == abs(record.gross or 0) and _same_item(
        record, voucher
    )


def is_booked_credit(record: VoucherRecord, booked: Sequence[Voucher], done: frozenset[int]) -> bool:
    """Whether the entries of a credit note are those of the references that are booked."""
    total = sum(abs((voucher.net or 0) + (voucher.tax or 0)) for voucher in booked)
    parts = [record.references[place] for place in sorted(done)]
    if len(parts) == len(record.references):
        return total == record.gross
    return total == sum(part.net + part.tax for part in parts)


def booked_references(record: VoucherRecord, booked: Sequence[Voucher]) -> frozenset[int]:
    """Which of a credit note's references are booked: those of the invoices that its entries take from."""
    named = {fold(voucher.reverses) for voucher in booked if voucher.reverses}
    return frozenset(place for place, part in enumerate(record.references) if fold(part.number) in named)


def _same_item(record: VoucherRecord, voucher: Voucher) -> bool:
    """Whether the booked voucher shows an item of the record; a record without items is not told apart."""
    items = _items(record)
    return (
        not items
        or record.payroll is not None
        or bool(items & {letters(line.item) for line in voucher.lines})
    )


def same_seller(record: VoucherRecord, voucher: Voucher) -> bool:
    """Whether both name one seller: by the company number where both have it, else by the name."""
    if record.seller and voucher.seller:
        return record.seller == voucher.seller
    return bool(record.seller_name) and fold(record.seller_name) == fold(voucher.seller_name)


def changed_category(record: VoucherRecord, voucher: Voucher) -> bool:
    """Whether a row names another category than the one it named, or was booked under, before."""
    written = category_named(record.category) if record.category else None
    if written is None or record.payroll is not None:
        return False
    before = str(voucher.meta("written-category") or "")
    return written not in ({before} if before else {line.category for line in voucher.lines})


def categories_of(voucher: Voucher) -> str:
    """The categories that a voucher is booked in, as they are called on the form."""
    return _("、").join(dict.fromkeys(category_name(line.category) for line in voucher.lines))


def difference(record: VoucherRecord, voucher: Voucher) -> str:
    """In what a record differs from what is booked under its number."""
    if abs((voucher.net or 0) + (voucher.tax or 0)) != abs(record.gross or 0):
        return amounts_differ(voucher.net or 0, record)
    return _("同一張憑證已入帳,但品名不同(原 {old},現 {new}),沒有入帳;請查明").format(
        old=_("、").join(dict.fromkeys(line.item for line in voucher.lines)),
        new=_("、").join(dict.fromkeys(item.name for item in record.items)),
    )


def amounts_differ(booked: int, record: VoucherRecord) -> str:
    """The reason of a conflict whose net, NT$, is not what is booked."""
    return _("同一張憑證已入帳,但金額不同(原 {old:,} 元,現 {new:,} 元),沒有入帳;請查明").format(
        old=abs(booked), new=record.net or 0
    )
