"""What the rows of the platform's invoices and allowances have in common."""

from __future__ import annotations

from typing import TypedDict

from importers.records import Status
from importers.vouchers.columns import Synonyms
from importers.vouchers.columns import TableRow
from importers.vouchers.values import company_number
from importers.vouchers.values import date_text
from importers.vouchers.values import plain
from importers.vouchers.values import voucher_number
from ledger.util.i18n import _
from ledger.util.text import fold

PARTIES: Synonyms = {
    "seller": ("賣方統一編號", "賣方統編"),
    "seller_name": ("賣方名稱",),
    "buyer": ("買方統一編號", "買方統編"),
    "buyer_name": ("買方名稱",),
}


def invoice_key(line: TableRow) -> tuple[str, str]:
    """Numbers come round again after years: number and date name an invoice."""
    return voucher_number(line.text("number")), date_text(line.text("date"))


class Parties(TypedDict):
    """Who sold and who bought, and where it stands: the part of a record that every download gives alike."""

    seller: str
    seller_name: str
    buyer: str
    buyer_name: str
    row: int


def parties_of(line: TableRow) -> Parties:
    """The two parties a row names; which of them is the company's own is not for the reader to say."""
    return Parties(
        seller=company_number(line.text("seller")),
        seller_name=plain(line.text("seller_name")),
        buyer=company_number(line.text("buyer")),
        buyer_name=plain(line.text("buyer_name")),
        row=line.row,
    )


def status_of(text: str, number: str, warnings: list[str]) -> Status:
    """開立已確認, 作廢已確認, 退回…; a word that is none of these is told and taken as valid."""
    word = fold(text)
    if "作廢" in word or "註銷" in word:
        return "voided"
    if "退回" in word:
        return "rejected"
    if "開立" not in word and "折讓" not in word:
        warnings.append(
            _("{number}: 不認得的狀態「{status}」,視為有效").format(number=number, status=plain(text))
        )
    return "valid"
