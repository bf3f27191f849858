"""Buying and paying as audit data: suppliers, invoices received with their lines, payments made."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from beancount.core.amount import Amount

from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.model.identifiers import voucher_link
from ledger.model.voucher_details import DETAILS
from ledger.schemes.categories import category_name
from reports.data.cost_rows import detail_rows
from reports.data.cost_rows import voucher_rows
from reports.data.place import place
from reports.export.dataset import ExportField
from reports.export.dataset import ExportTable
from reports.export.dataset import Rows
from reports.export.dataset import Value
from reports.export.general_ledger import journal_ids

_INVOICE = "ADS Invoices_Received"
_PAYMENT = "ADS Payments_Made"


def _supplier_id(voucher: Voucher) -> str:
    """The company number; the name where the paper has none."""
    return voucher.seller or voucher.seller_name


def _suppliers(case: Case) -> Rows:
    seen: dict[str, list[int]] = {}
    names: dict[str, tuple[str, str]] = {}
    for voucher in case.vouchers:
        if voucher.kind == "payroll":
            continue
        key = _supplier_id(voucher)
        names.setdefault(key, (voucher.seller_name, voucher.seller))
        sums = seen.setdefault(key, [0, 0])
        sums[0] += 1
        sums[1] += voucher.booked_cost
    for key in sorted(seen):
        yield key, *names[key], *seen[key]


def _invoices(case: Case) -> Rows:
    ids = journal_ids(case)
    for row, voucher in zip(voucher_rows(case), case.vouchers, strict=True):
        yield (
            ids[id(row.entry)],
            row.number,
            row.date,
            row.booked,
            _supplier_id(voucher),
            row.supplier,
            voucher.buyer,
            row.kind,
            row.net,
            row.tax,
            row.net + row.tax,
            row.claimed,
            row.accepted,
            row.paid_amount,
            row.unpaid,
            voucher.reverses,
            "; ".join(row.documents),
            place(row.entry, case.folder),
            *(
                _said(voucher.entry.meta.get(detail.key), detail.kind)
                for detail in DETAILS
                if not detail.each_line
            ),
        )


def _lines(case: Case) -> Rows:
    ids = journal_ids(case)
    last, line = "", 0
    for row in detail_rows(case):
        journal = ids[id(row.entry)]
        line = line + 1 if journal == last else 1
        last = journal
        pay = row.pay
        yield (
            journal,
            line,
            row.number,
            row.item,
            None if row.quantity is None else Decimal(row.quantity),
            row.unit,
            row.category,
            category_name(row.category),
            row.party,
            row.claimed,
            row.government,
            row.self_funded,
            row.disallowed,
            row.parked,
            row.accepted,
            pay.hours if pay else None,
            pay.total_hours if pay else None,
            *(_said(row.said.get(detail.key), detail.kind) for detail in DETAILS if detail.each_line),
        )


def _said(value: Any, kind: str) -> Value:
    """A piece of metadata as a value of the export: a whole amount, a number that stays a decimal, a text."""
    number = value.number if isinstance(value, Amount) else value
    if isinstance(number, Decimal):
        return int(number) if kind == "amount" and number == number.to_integral_value() else number
    if value is None or isinstance(value, datetime.date):
        return value
    return str(value)


def _fields(*, each_line: bool) -> tuple[ExportField, ...]:
    """A field for each of the optional columns of the voucher sheet."""
    return tuple(
        ExportField("_".join(map(str.capitalize, detail.key.split("-"))), detail.kind, detail.label)
        for detail in DETAILS
        if detail.each_line == each_line
    )


def _payments(case: Case) -> Rows:
    ids = journal_ids(case)
    by_link = {voucher_link(v.number): v for v in case.vouchers if v.number and not v.reverses}
    for number, payment in enumerate(case.payments, 1):
        voucher = by_link.get(voucher_link(payment.number))
        yield (
            str(number),
            ids[id(payment.entry)],
            payment.date,
            voucher.number if voucher else payment.number,
            _supplier_id(voucher) if voucher else "",
            payment.amount,
            payment.from_grant,
            payment.from_own,
            payment.amount - payment.from_grant - payment.from_own,
            place(payment.entry, case.folder),
        )


_KIND = "憑證種類(invoice 統一發票、receipt 收據、payroll 薪資清冊、allowance 折讓單 …)"

TABLES = (
    ExportTable(
        "Supplier_Listing",
        "供應商",
        (
            ExportField("Supplier_Account_ID", "text", "統一編號;沒有者為名稱", "ADS Supplier_Listing"),
            ExportField("Supplier_Account_Name", "text", "名稱", "ADS Supplier_Listing"),
            ExportField("Supplier_TIN", "text", "統一編號", "ADS Supplier_Listing"),
            ExportField("Invoice_Count", "whole", "憑證張數"),
            ExportField("Net_Amount", "amount", "申報的未稅成本"),
        ),
        _suppliers,
    ),
    ExportTable(
        "Invoices_Received",
        "憑證,一列一張;薪資清冊與折讓單也在內",
        (
            ExportField("Journal_ID", "text", "分錄序號,見 GL_Detail", _INVOICE),
            ExportField("Invoice_Number", "text", "憑證號碼", _INVOICE),
            ExportField("Invoice_Date", "date", "憑證日期", _INVOICE),
            ExportField("Effective_Date", "date", "入帳日", _INVOICE),
            ExportField("Supplier_Account_ID", "text", "賣方統一編號;沒有者為名稱", _INVOICE),
            ExportField("Supplier_Account_Name", "text", "賣方或受款人", _INVOICE),
            ExportField("Buyer_TIN", "text", "買方統一編號"),
            ExportField("Document_Type", "text", _KIND, "ISO 21378 AP"),
            ExportField("Net_Amount", "amount", "未稅金額", _INVOICE),
            ExportField("Tax_Amount", "amount", "營業稅", _INVOICE),
            ExportField("Invoice_Amount", "amount", "含稅金額", _INVOICE),
            ExportField("Claimed_Amount", "amount", "申報的成本"),
            ExportField("Accepted_Amount", "amount", "認列的成本"),
            ExportField("Paid_Amount", "amount", "已付"),
            ExportField("Open_Amount", "amount", "未付", "ISO 21378 AP"),
            ExportField("Reverses_Invoice_Number", "text", "折讓或作廢的原憑證"),
            ExportField("Attachments", "text", "附件檔名"),
            ExportField("Source_Location", "text", "帳本的檔案與行號"),
            *_fields(each_line=False),
        ),
        _invoices,
    ),
    ExportTable(
        "Invoices_Received_Line",
        "憑證的各項,分屬會計科目與經費來源",
        (
            ExportField("Journal_ID", "text", "分錄序號", _INVOICE),
            ExportField("Line_Number", "whole", "項次", "ISO 21378 AP"),
            ExportField("Invoice_Number", "text", "憑證號碼", _INVOICE),
            ExportField("Line_Description", "text", "品名", "ISO 21378 AP"),
            ExportField("Quantity", "number", "數量", "ISO 21378 AP"),
            ExportField("Unit_Of_Measure", "text", "單位", "ISO 21378 AP"),
            ExportField("Budget_Category", "text", "預算科目代號"),
            ExportField("Budget_Category_Name", "text", "預算科目"),
            ExportField("Party_TIN", "text", "受補助單位統一編號"),
            ExportField("Claimed_Amount", "amount", "申報的未稅成本"),
            ExportField("Government_Amount", "amount", "政府補助款"),
            ExportField("Self_Amount", "amount", "業者自籌款"),
            ExportField("Disallowed_Amount", "amount", "剔除"),
            ExportField("Parked_Amount", "amount", "待補正"),
            ExportField("Accepted_Amount", "amount", "認列"),
            ExportField("Project_Hours", "number", "專案工時(薪資清冊)"),
            ExportField("Total_Hours", "number", "總工時(薪資清冊)"),
            *_fields(each_line=True),
        ),
        _lines,
    ),
    ExportTable(
        "Payments_Made",
        "付款,一列一筆付款中的一張憑證",
        (
            ExportField("Payment_ID", "text", "付款序號", _PAYMENT),
            ExportField("Journal_ID", "text", "分錄序號", _PAYMENT),
            ExportField("Payment_Date", "date", "付款日期", _PAYMENT),
            ExportField("Invoice_Number", "text", "憑證號碼", _PAYMENT),
            ExportField("Supplier_Account_ID", "text", "賣方統一編號;沒有者為名稱", _PAYMENT),
            ExportField("Payment_Amount", "amount", "付款金額", _PAYMENT),
            ExportField("From_Grant_Amount", "amount", "其中由專戶補助款支付"),
            ExportField("From_Own_Amount", "amount", "其中由專戶自籌款支付"),
            ExportField("From_Company_Amount", "amount", "其中由公司帳戶支付"),
            ExportField("Source_Location", "text", "帳本的檔案與行號"),
        ),
        _payments,
    ),
)
