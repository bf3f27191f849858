"""One message of the Ministry of Finance's e-invoice schema (MIG), from its XML element to a voucher record.

Elements are looked up by local name, for the schema leaves their order and prefix open (`xsd:all`).
Figures are those of the header: the sum of the items is with tax in some invoices and without in others.
Source: the schemas of MIG 3.1 to 4.1 and of the e-receipt 1.0.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from decimal import ROUND_HALF_UP
from decimal import Decimal

from lxml.etree import _Element as Element

from importers.records import Reference
from importers.records import Status
from importers.records import VoucherRecord
from importers.vouchers.mig.fields import Fields
from importers.vouchers.mig.fields import decimal_of
from importers.vouchers.mig.fields import fields_of
from importers.vouchers.mig.fields import item_elements
from importers.vouchers.mig.fields import item_of
from importers.vouchers.mig.fields import local_name
from importers.vouchers.mig.fields import need_day
from importers.vouchers.mig.fields import need_decimal
from importers.vouchers.mig.fields import need_text
from importers.vouchers.mig.fields import party_of
from importers.vouchers.mig.fields import text_of
from importers.vouchers.references import with_header
from importers.vouchers.values import company_number
from importers.vouchers.values import plain
from importers.vouchers.values import voucher_number
from importers.vouchers.values import whole
from importers.vouchers.values import whole_parts
from ledger.util.i18n import _

_ZERO = Decimal(0)
_SALES = ("SalesAmount", "FreeTaxSalesAmount", "ZeroTaxSalesAmount", "TaxAmount")


def _totals(amount: Fields, warnings: list[str]) -> tuple[int, int, int]:
    """Net, tax and gross of an invoice: net is the total less the tax, also where the parts do not add up."""
    total, tax = need_decimal(amount, "TotalAmount"), need_decimal(amount, "TaxAmount")
    parts = sum((decimal_of(amount, name) or _ZERO for name in _SALES), _ZERO)
    if abs(parts - total) >= 1:
        warnings.append(
            _("銷售額與稅額合計 {parts} 與總計 {total} 不符,以總計為準").format(parts=parts, total=total)
        )
    gross, whole_tax = whole(total, "TotalAmount", warnings), whole(tax, "TaxAmount", warnings)
    return gross - whole_tax, whole_tax, gross


def _ended(blocks: Fields) -> Status:
    """What became of a downloaded invoice: with a Cancel or Void block it is not to be booked."""
    if "Cancel" in blocks or "Void" in blocks:
        return "voided"
    return "rejected" if "Reject" in blocks else "valid"


def _invoice(root: Element, warnings: list[str], kind: str = "invoice") -> VoucherRecord:
    """A0101, A0401, C0401, F0401, R0401; and E0502, whose amounts may be absent."""
    blocks = fields_of(root)
    main = fields_of(blocks["Main"]) if "Main" in blocks else blocks
    amount = blocks.get("Amount")
    net = tax = gross = None
    if amount is not None or local_name(root) != "InputInvoice":
        net, tax, gross = _totals(fields_of(amount) if amount is not None else {}, warnings)
    seller, seller_name = party_of(main, "Seller")
    buyer, buyer_name = party_of(main, "Buyer")
    return VoucherRecord(
        kind=kind,
        number=voucher_number(need_text(main, "InvoiceNumber")),
        date=need_day(main, "InvoiceDate"),
        seller=seller,
        seller_name=seller_name,
        buyer=buyer,
        buyer_name=buyer_name,
        net=net,
        tax=tax,
        gross=gross,
        status=_ended(blocks),
        frees_number="Void" in blocks,
        items=tuple(item_of(element, "Description", warnings) for element in item_elements(root, blocks)),
        deduction=plain(text_of(main, "BuyerRemark")),
        tax_type=plain(text_of(fields_of(amount), "TaxType")) if amount is not None else "",
    )


def _allowance(root: Element, warnings: list[str]) -> VoucherRecord:
    """B0101, B0401, D0401, G0401, S0401, E0503: TotalAmount is without tax, and every amount is positive."""
    blocks = fields_of(root)
    main = fields_of(blocks["Main"]) if "Main" in blocks else blocks
    amount = fields_of(blocks["Amount"]) if "Amount" in blocks else {}
    net = tax = gross = None
    if amount or local_name(root) != "InputAllowance":
        net, tax, gross = whole_parts(
            need_decimal(amount, "TotalAmount"), need_decimal(amount, "TaxAmount"), "TotalAmount", warnings
        )
    elements = item_elements(root, blocks)
    references: tuple[Reference, ...] = _originals(elements)
    if net is not None and tax is not None:
        references = with_header(references, net, tax, warnings)
    seller, seller_name = party_of(main, "Seller")
    buyer, buyer_name = party_of(main, "Buyer")
    return VoucherRecord(
        kind="allowance",
        number=voucher_number(need_text(main, "AllowanceNumber")),
        date=need_day(main, "AllowanceDate"),
        seller=seller,
        seller_name=seller_name,
        buyer=buyer,
        buyer_name=buyer_name,
        net=net,
        tax=tax,
        gross=gross,
        status=_ended(blocks),
        items=tuple(item_of(element, "OriginalDescription", warnings) for element in elements),
        references=references,
    )


def _originals(elements: list[Element]) -> tuple[Reference, ...]:
    """The invoices, and items of theirs, that the allowance's lines name, each once."""
    sums: dict[tuple[str, datetime.date, str], list[Decimal]] = {}
    for element in elements:
        fields = fields_of(element)
        number = voucher_number(need_text(fields, "OriginalInvoiceNumber"))
        key = (number, need_day(fields, "OriginalInvoiceDate"), plain(text_of(fields, "OriginalDescription")))
        net_tax = sums.setdefault(key, [_ZERO, _ZERO])
        net_tax[0] += decimal_of(fields, "Amount") or _ZERO
        net_tax[1] += decimal_of(fields, "Tax") or _ZERO
    return tuple(
        Reference(number, day, _half_up(net), _half_up(tax), name)
        for (number, day, name), (net, tax) in sums.items()
    )


def _half_up(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def _ending(root: Element, _warnings: list[str], kind: str, verb: str, what: str) -> VoucherRecord:
    """The end of an invoice or allowance: `number` is its number, `date` the day of the end.

    For an allowance (B0201, B0501, D0501, G0501, G0701, S0501) the kind is always "cancel", and number and
    reference are the allowance's own: whoever takes it in finds the allowance, not an invoice, by them.
    """
    fields = fields_of(root)
    number = voucher_number(need_text(fields, f"{verb}{what}Number"))
    return VoucherRecord(
        kind=kind,
        number=number,
        date=need_day(fields, f"{verb}Date"),
        seller=company_number(text_of(fields, "SellerId")),
        buyer=company_number(text_of(fields, "BuyerId")),
        references=(Reference(number, need_day(fields, f"{what}Date")),),
        status="rejected" if kind == "reject" else "valid",
    )


MESSAGES: dict[str, Callable[[Element, list[str]], VoucherRecord]] = {
    "Invoice": _invoice,
    "InputInvoice": _invoice,
    "Receipt": functools.partial(_invoice, kind="receipt"),
    "Allowance": _allowance,
    "InputAllowance": _allowance,
    "CancelInvoice": functools.partial(_ending, kind="cancel", verb="Cancel", what="Invoice"),
    "CancelReceipt": functools.partial(_ending, kind="cancel", verb="Cancel", what="Invoice"),
    "VoidInvoice": functools.partial(_ending, kind="void", verb="Void", what="Invoice"),
    "VoidReceipt": functools.partial(_ending, kind="void", verb="Void", what="Invoice"),
    "RejectInvoice": functools.partial(_ending, kind="reject", verb="Reject", what="Invoice"),
    "CancelAllowance": functools.partial(_ending, kind="cancel", verb="Cancel", what="Allowance"),
    "VoidAllowance": functools.partial(_ending, kind="cancel", verb="Void", what="Allowance"),
}
"""Root element -> what makes a record of it."""

NO_VOUCHER = frozenset(
    {
        "InvoiceConfirm",
        "CancelInvoiceConfirm",
        "RejectInvoiceConfirm",
        "AllowanceConfirm",
        "CancelAllowanceConfirm",
        "BranchTrack",
        "BranchTrackBlank",
    }
)
"""Roots of messages that say nothing about an amount: confirmations and number ranges."""

SIGNS: dict[str, tuple[str, ...]] = {
    "Invoice": ("Main", "InvoiceNumber"),
    "Receipt": ("Main", "InvoiceNumber"),
    "InputInvoice": ("Main", "InvoiceNumber"),
    "Allowance": ("Main", "AllowanceNumber"),
    "InputAllowance": ("Main", "AllowanceNumber"),
}
"""What tells such a root without our namespace from another standard's document of the same name."""
