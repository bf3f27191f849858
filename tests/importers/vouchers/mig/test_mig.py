"""E-invoice XML of every message and version, and the ways in which issuers' files differ."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.records import ReadError
from importers.records import Reading
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.vouchers.mig import reader
from tests.importers.vouchers.mig.messages import ALLOWANCE_MAIN
from tests.importers.vouchers.mig.messages import FLAT_MAIN
from tests.importers.vouchers.mig.messages import INVOICE
from tests.importers.vouchers.mig.messages import MAIN
from tests.importers.vouchers.mig.messages import details
from tests.importers.vouchers.mig.messages import envelope
from tests.importers.vouchers.mig.messages import message
from tests.importers.vouchers.mig.messages import original
from tests.importers.vouchers.mig.messages import totals


def read(xml: str | bytes) -> Reading:
    data = xml.encode() if isinstance(xml, str) else xml
    reading = reader.read(Source("x.xml", data))
    assert reading is not None
    return reading


def record(xml: str | bytes) -> VoucherRecord:
    (only,) = read(xml).records
    assert isinstance(only, VoucherRecord)
    return only


PREFIXED = re.sub("<(/?)", r"<\1e:", f"<Invoice>{INVOICE}</Invoice>").replace(
    "<e:Invoice>", '<e:Invoice xmlns:e="urn:GEINV:eInvoiceMessage:F0401:4.1">'
)


@pytest.mark.parametrize("code", ["A0101", "A0401", "C0401", "F0401"])
@pytest.mark.parametrize("version", ["3.1", "3.2", "4.0", "4.1"])
def test_an_invoice_of_any_message_and_version(code: str, version: str) -> None:
    invoice = record(message("Invoice", code, INVOICE, version))
    assert (invoice.kind, invoice.number, invoice.date) == (
        "invoice",
        "AB12345678",
        datetime.date(2023, 7, 12),
    )
    assert (invoice.seller, invoice.seller_name) == ("12345675", "精密機械股份有限公司")
    assert (invoice.buyer, invoice.buyer_name) == ("04595257", "範例研發股份有限公司")
    assert (invoice.net, invoice.tax, invoice.gross) == (100000, 5000, 105000)
    assert (invoice.status, invoice.deduction) == ("valid", "1")
    (item,) = invoice.items
    assert (item.name, item.quantity, item.unit, item.amount) == (
        "主軸冷卻模組",
        Decimal(2),
        "組",
        Decimal(100000),
    )


def test_an_a0401_has_no_exempt_or_zero_rated_sales() -> None:
    amount = "<Amount><SalesAmount>47619</SalesAmount><TaxAmount>2381</TaxAmount><TotalAmount>50000</TotalAmount></Amount>"
    reading = read(message("Invoice", "A0401", MAIN + details() + amount, "3.2"))
    assert isinstance(reading.records[0], VoucherRecord)
    assert reading.records[0].net == 47619
    assert reading.warnings == ()


def test_the_header_is_booked_never_the_sum_of_items() -> None:
    invoice = record(message("Invoice", "F0401", MAIN + details("105000") + totals()))
    assert invoice.net == 100000
    assert invoice.items[0].amount == 105000


def test_a_consumers_invoice_is_tax_inclusive_and_its_buyer_stays() -> None:
    main = MAIN.replace("04595257", "0000000000")
    consumer = record(message("Invoice", "F0401", main + details("210") + totals("210", "0", "210")))
    assert (consumer.buyer, consumer.net, consumer.tax, consumer.gross) == ("0000000000", 210, 0, 210)


def test_mixed_tax_counts_exempt_sales() -> None:
    reading = read(message("Invoice", "F0401", MAIN + details() + totals("343", "17", "998", free="638")))
    assert isinstance(reading.records[0], VoucherRecord)
    assert (reading.records[0].net, reading.records[0].tax) == (981, 17)
    assert reading.warnings == ()


def test_parts_that_do_not_add_up_are_told_and_the_total_is_booked() -> None:
    reading = read(message("Invoice", "C0401", MAIN + details() + totals("1000", "30", "1000"), "3.2"))
    assert isinstance(reading.records[0], VoucherRecord)
    assert (reading.records[0].net, reading.records[0].tax, reading.records[0].gross) == (970, 30, 1000)
    assert "1030" in reading.warnings[0]
    assert "AB12345678" in reading.warnings[0]


def test_a_fraction_is_rounded_half_up_and_told() -> None:
    reading = read(
        message("Invoice", "C0401", MAIN + details() + totals("100.5", "5.0000000", "105.5"), "3.2")
    )
    assert isinstance(reading.records[0], VoucherRecord)
    assert (reading.records[0].net, reading.records[0].tax, reading.records[0].gross) == (101, 5, 106)
    assert len(reading.warnings) == 1


@pytest.mark.parametrize(
    ("root", "code", "kind", "verb"),
    [
        ("CancelInvoice", "A0201", "cancel", "Cancel"),
        ("CancelInvoice", "A0501", "cancel", "Cancel"),
        ("CancelInvoice", "C0501", "cancel", "Cancel"),
        ("CancelInvoice", "F0501", "cancel", "Cancel"),
        ("VoidInvoice", "C0701", "void", "Void"),
        ("VoidInvoice", "F0701", "void", "Void"),
        ("RejectInvoice", "A0301", "reject", "Reject"),
        ("RejectInvoice", "A0601", "reject", "Reject"),
        ("CancelReceipt", "R0501", "cancel", "Cancel"),
        ("VoidReceipt", "R0701", "void", "Void"),
    ],
)
def test_the_end_of_an_invoice_names_it_and_the_day(root: str, code: str, kind: str, verb: str) -> None:
    body = (
        f"<{verb}InvoiceNumber>AB12345678</{verb}InvoiceNumber><InvoiceDate>20230712</InvoiceDate>"
        f"<BuyerId>04595257</BuyerId><SellerId>12345675</SellerId><{verb}Date>20230715</{verb}Date>"
        f"<{verb}Time>11:00:00</{verb}Time><{verb}Reason>重複</{verb}Reason>"
    )
    end = record(message(root, code, body))
    assert (end.kind, end.number, end.date) == (kind, "AB12345678", datetime.date(2023, 7, 15))
    assert (end.seller, end.buyer, end.net, end.gross) == ("12345675", "04595257", None, None)
    assert [(one.number, one.date) for one in end.references] == [("AB12345678", datetime.date(2023, 7, 12))]


@pytest.mark.parametrize("code", ["B0201", "B0501", "D0501", "G0501", "G0701", "S0501"])
def test_the_end_of_an_allowance_is_a_cancel_of_the_allowances_number(code: str) -> None:
    verb = "Void" if code == "G0701" else "Cancel"
    body = (
        f"<{verb}AllowanceNumber>AL001</{verb}AllowanceNumber><AllowanceDate>20230820</AllowanceDate>"
        f"<BuyerId>04595257</BuyerId><SellerId>12345675</SellerId><{verb}Date>20230901</{verb}Date>"
    )
    end = record(message(f"{verb}Allowance", code, body))
    assert (end.kind, end.number, end.date) == ("cancel", "AL001", datetime.date(2023, 9, 1))
    assert end.references[0].date == datetime.date(2023, 8, 20)


@pytest.mark.parametrize("code", ["B0101", "B0401", "D0401", "G0401", "S0401"])
def test_an_allowances_total_is_without_tax(code: str) -> None:
    body = (
        ALLOWANCE_MAIN
        + f"<Details>{original('AB12345678', 4500, 225)}</Details>"
        + "<Amount><TaxAmount>225</TaxAmount><TotalAmount>4500</TotalAmount></Amount>"
    )
    allowance = record(message("Allowance", code, body))
    assert (allowance.kind, allowance.number) == ("allowance", "AL001")
    assert (allowance.net, allowance.tax, allowance.gross) == (4500, 225, 4725)
    (reference,) = allowance.references
    assert (reference.number, reference.net, reference.tax) == ("AB12345678", 4500, 225)
    assert reference.name == "主軸冷卻模組"


def test_one_allowance_may_touch_several_invoices() -> None:
    items = original("AB12345678", 100, 5) + original("AB12345678", 50, 3) + original("CD00000001", 200, 10)
    body = (
        f"{ALLOWANCE_MAIN}<Details>{items}</Details>"
        "<Amount><TaxAmount>18</TaxAmount><TotalAmount>350</TotalAmount></Amount>"
    )
    allowance = record(message("Allowance", "G0401", body))
    assert [(one.number, one.net, one.tax) for one in allowance.references] == [
        ("AB12345678", 150, 8),
        ("CD00000001", 200, 10),
    ]


def test_references_are_made_to_meet_the_header_and_more_than_rounding_is_told() -> None:
    def allowance(tax: int) -> Reading:
        items = original("AB12345678", 100, 5) + original("CD00000001", 50, 2)
        amount = f"<Amount><TaxAmount>{tax}</TaxAmount><TotalAmount>150</TotalAmount></Amount>"
        return read(message("Allowance", "G0401", f"{ALLOWANCE_MAIN}<Details>{items}</Details>{amount}"))

    rounded, wrong = allowance(8), allowance(20)
    assert isinstance(rounded.records[0], VoucherRecord)
    assert [one.tax for one in rounded.records[0].references] == [6, 2]
    assert rounded.warnings == ()
    assert isinstance(wrong.records[0], VoucherRecord)
    assert [one.tax for one in wrong.records[0].references] == [13, 7]
    assert len(wrong.warnings) == 1


@pytest.mark.parametrize(
    ("block", "status"),
    [
        ("", "valid"),
        ("<Cancel><CancelDate>20230713</CancelDate></Cancel>", "voided"),
        ("<Void/>", "voided"),
        ("<Reject><RejectDate>20230713</RejectDate></Reject>", "rejected"),
    ],
)
def test_a_downloaded_invoice_keeps_its_amounts_and_says_what_became_of_it(block: str, status: str) -> None:
    invoice = record(message("InputInvoice", "E0502", FLAT_MAIN + details() + totals() + block))
    assert (invoice.kind, invoice.status, invoice.net) == ("invoice", status, 100000)
    assert (invoice.seller, invoice.seller_name, invoice.buyer) == (
        "12345675",
        "精密機械股份有限公司",
        "04595257",
    )


def test_a_downloaded_invoice_may_come_without_amounts() -> None:
    invoice = record(message("InputInvoice", "E0502", FLAT_MAIN))
    assert (invoice.net, invoice.tax, invoice.gross, invoice.items) == (None, None, None, ())


def test_a_downloaded_allowance_may_be_voided() -> None:
    main = FLAT_MAIN.replace("Invoice", "Allowance")
    body = (
        f"{main}<Details>{original('AB12345678', 100, 5)}</Details>"
        "<Amount><TaxAmount>5</TaxAmount><TotalAmount>100</TotalAmount></Amount><Void/>"
    )
    allowance = record(message("InputAllowance", "E0503", body))
    assert (allowance.kind, allowance.status, allowance.gross) == ("allowance", "voided", 105)


def test_an_e_receipt() -> None:
    receipt = record(message("Receipt", "R0401", INVOICE.replace("AB12345678", "A12345678"), "1.0"))
    assert (receipt.kind, receipt.number, receipt.net) == ("receipt", "A12345678", 100000)


@pytest.mark.parametrize(
    ("root", "code"),
    [("InvoiceConfirm", "A0102"), ("CancelInvoiceConfirm", "A0202"), ("RejectInvoiceConfirm", "A0302"),
     ("AllowanceConfirm", "B0102"), ("CancelAllowanceConfirm", "B0202"), ("BranchTrack", "E0401")],
)  # fmt: skip
def test_a_confirmation_is_no_voucher(root: str, code: str) -> None:
    reading = read(message(root, code, "<InvoiceNumber>AB12345678</InvoiceNumber>"))
    assert reading.records == ()
    assert root in reading.warnings[0]


def test_an_envelope_gives_every_message_in_its_order() -> None:
    second = INVOICE.replace("AB12345678", "CD00000001")
    reading = read(envelope(2, message("Invoice", "F0401", INVOICE), message("Invoice", "F0401", second)))
    assert [one.number for one in reading.records if isinstance(one, VoucherRecord)] == [
        "AB12345678",
        "CD00000001",
    ]
    assert reading.warnings == ()


def test_an_envelope_that_lost_a_message_is_told() -> None:
    assert len(read(envelope(3, message("Invoice", "F0401", INVOICE))).warnings) == 1


def test_a_message_nobody_knows_is_told() -> None:
    reading = read(envelope(2, message("Invoice", "F0401", INVOICE), "<Novelty/>"))
    assert len(reading.records) == 1
    assert "Novelty" in reading.warnings[0]


def test_an_empty_envelope_is_broken() -> None:
    with pytest.raises(ReadError):
        read(envelope(0))


def test_a_broken_message_of_an_envelope_is_named() -> None:
    broken = message("Invoice", "F0401", MAIN.replace("20230712", "20231312") + totals())
    with pytest.raises(ReadError, match=r"第 2 筆 Invoice.*InvoiceDate.*20231312"):
        read(envelope(2, message("Invoice", "F0401", INVOICE), broken))


@pytest.mark.parametrize(
    "xml",
    [
        PREFIXED,
        f"<Invoice>{INVOICE}</Invoice>",
        f'<Invoice xmlns="http://example.com/own">{INVOICE}</Invoice>',
        message("Invoice", "F0401", totals() + details() + MAIN),
        message("Invoice", "F0401", INVOICE).replace("><", ">\r\n  <"),
        message("Invoice", "F0401", INVOICE.replace("<Main>", "<Main><!-- 檢查 1 -->")),
        message("Invoice", "F0401", INVOICE.replace("ProductItem", "InvoiceItem")),
        message("Invoice", "F0401", INVOICE.replace("AB12345678", "<!-- n -->AB12345678 ")),
        message("Invoice", "F0401", INVOICE).replace(
            "<Invoice ",
            '<Invoice xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b" ',
        ),
        message(
            "Invoice",
            "F0401",
            INVOICE.replace(
                "<Buyer><Identifier>04595257</Identifier><Name>範例研發股份有限公司</Name></Buyer>",
                "<BuyerIdentifier>04595257</BuyerIdentifier><BuyerName>範例研發股份有限公司</BuyerName>",
            ),
        ),
    ],
    ids=[
        "prefix",
        "no-ns",
        "own-ns",
        "order",
        "crlf",
        "comment",
        "item-name",
        "comment-text",
        "schema",
        "flat-buyer",
    ],
)
def test_variants_read_like_the_rule(xml: str) -> None:
    assert record(xml) == record(message("Invoice", "F0401", INVOICE))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "big5"])
def test_any_encoding(encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    xml = f'<?xml version="1.0" encoding="{declared}"?>' + message("Invoice", "F0401", INVOICE)
    assert record(xml.encode(encoding)).seller_name == "精密機械股份有限公司"


def test_a_file_not_written_in_the_encoding_it_claims() -> None:
    xml = '<?xml version="1.0" encoding="UTF-8"?>' + message(
        "Invoice", "F0401", INVOICE.replace("精密", "宏碁")
    )
    reading = read(xml.encode("cp950"))
    assert isinstance(reading.records[0], VoucherRecord)
    assert reading.records[0].seller_name.startswith("宏碁")
    assert reading.encoding == "cp950"
    assert len(reading.warnings) == 1


def test_control_characters_and_line_ends_leave_names() -> None:
    xml = message("Invoice", "F0401", INVOICE.replace("主軸", "主\n軸\u200b\u202e&#x85;"))
    assert record(xml).items[0].name == "主 軸冷卻模組"


def test_an_items_figure_that_is_none_is_told_and_left_out() -> None:
    reading = read(message("Invoice", "F0401", INVOICE.replace("<Quantity>2<", "<Quantity>兩組<")))
    assert isinstance(reading.records[0], VoucherRecord)
    assert reading.records[0].items[0].quantity is None
    assert len(reading.warnings) == 1


DOCTYPE = '<?xml version="1.0"?><!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


def test_a_doctype_is_refused() -> None:
    with pytest.raises(ReadError, match="DOCTYPE"):
        read(DOCTYPE + message("Invoice", "F0401", INVOICE.replace("精密", "&x;")))


def test_entities_that_multiply_are_refused() -> None:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE Invoice [<!ENTITY a0 "aaaaaaaaaa">{entities}]>'
    with pytest.raises(ReadError):
        read(doctype + message("Invoice", "F0401", INVOICE.replace("精密", "&a9;")))


@pytest.mark.parametrize(
    "change",
    [
        ("<InvoiceNumber>AB12345678</InvoiceNumber>", ""),
        ("<InvoiceDate>20230712</InvoiceDate>", ""),
        ("20230712", "昨天"),
        ("<TotalAmount>105000</TotalAmount>", ""),
        ("<TaxAmount>5000</TaxAmount>", ""),
        ("<TotalAmount>105000<", "<TotalAmount>十萬<"),
        ("<TotalAmount>105000<", "<TotalAmount>1E+999999999<"),
        ("<TotalAmount>105000<", "<TotalAmount>NaN<"),
        ("</Main>", ""),
    ],
)
def test_what_cannot_be_booked_is_refused_in_one_line(change: tuple[str, str]) -> None:
    with pytest.raises(ReadError) as caught:
        read(message("Invoice", "F0401", INVOICE.replace(*change)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html><table></table></html>",
        b'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>',
        b'<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
        b"<Document><unfinished>",
        b"<?xml?>",
        "日期,金額".encode(),
        b"PK\x03\x04",
    ],
)
def test_other_files_are_not_ours(data: bytes) -> None:
    assert reader.read(Source("x.xml", data)) is None


NAMES = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=30
).filter(lambda name: name == name.strip() != "")
AMOUNTS = st.integers(min_value=0, max_value=10**11)


@given(
    number=st.from_regex(r"[A-Z]{2}[0-9]{8}", fullmatch=True),
    day=st.dates(min_value=datetime.date(1950, 1, 1)),
    net=AMOUNTS,
    tax=AMOUNTS,
    seller=NAMES,
    items=st.lists(st.tuples(NAMES, st.decimals(-(10**9), 10**9, places=7)), max_size=4),
)
def test_what_is_written_is_read_back(
    number: str, day: datetime.date, net: int, tax: int, seller: str, items: list[tuple[str, Decimal]]
) -> None:
    lines = "".join(
        f"<ProductItem><Description>{escape(name)}</Description><Amount>{amount:f}</Amount></ProductItem>"
        for name, amount in items
    )
    main = (
        f"<Main><InvoiceDate>{day:%Y%m%d}</InvoiceDate><InvoiceNumber>{number}</InvoiceNumber>"
        f"<Seller><Name>{escape(seller)}</Name></Seller></Main>"
    )
    body = f"{main}<Details>{lines}</Details>{totals(str(net), str(tax), str(net + tax))}"
    reading = read(message("Invoice", "F0401", body))
    assert reading.warnings == ()
    assert isinstance(reading.records[0], VoucherRecord)
    invoice = reading.records[0]
    assert (invoice.number, invoice.date, invoice.seller_name) == (number, day, seller)
    assert (invoice.net, invoice.tax, invoice.gross) == (net, tax, net + tax)
    assert [(item.name, item.amount) for item in invoice.items] == items


# --- what stands there more than once ------------------------------------------------------------------


def test_a_details_block_a_line_is_read_whole() -> None:
    invoice = record(message("Invoice", "F0401", MAIN + details("60000") + details("40000") + totals()))
    assert [item.amount for item in invoice.items] == [60000, 40000]


def test_an_allowance_s_details_block_a_line_is_read_whole() -> None:
    blocks = "".join(
        f"<Details>{original(number, 100, 5)}</Details>" for number in ("AB12345678", "CD00000001")
    )
    amount = "<Amount><TaxAmount>10</TaxAmount><TotalAmount>200</TotalAmount></Amount>"
    allowance = record(message("Allowance", "G0401", ALLOWANCE_MAIN + blocks + amount))
    assert [one.number for one in allowance.references] == ["AB12345678", "CD00000001"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (MAIN + details() + totals() + totals(total="99000"), "Amount"),
        (MAIN + details() + totals().replace("</Amount>", "<TaxAmount>1</TaxAmount></Amount>"), "TaxAmount"),
        (MAIN.replace("</Main>", "<InvoiceDate>20230713</InvoiceDate></Main>") + totals(), "InvoiceDate"),
    ],
)
def test_two_that_differ_are_refused_and_neither_wins(body: str, name: str) -> None:
    with pytest.raises(ReadError, match=f"{name} 出現一次以上"):
        read(message("Invoice", "F0401", body))


def test_two_that_say_the_same_are_one() -> None:
    assert record(message("Invoice", "F0401", MAIN + details() + totals() + totals())).gross == 105000


# --- the header counts -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("net", "tax"),
    [(2000, 100), (3150, 0)],  # a line that is missing; a line that is printed with its tax
)
def test_the_header_of_an_allowance_counts(net: int, tax: int) -> None:
    body = (
        f"{ALLOWANCE_MAIN}<Details>{original('AB12345678', net, tax)}</Details>"
        "<Amount><TaxAmount>150</TaxAmount><TotalAmount>3000</TotalAmount></Amount>"
    )
    reading = read(message("Allowance", "G0401", body))
    (allowance,) = reading.records
    assert isinstance(allowance, VoucherRecord)
    assert [(one.net, one.tax) for one in allowance.references] == [(3000, 150)]
    assert "以表頭為準" in reading.warnings[0]


def test_a_reject_message_is_rejected() -> None:
    body = (
        "<RejectInvoiceNumber>AB12345678</RejectInvoiceNumber><InvoiceDate>20230712</InvoiceDate>"
        "<BuyerId>04595257</BuyerId><SellerId>12345675</SellerId><RejectDate>20230720</RejectDate>"
    )
    assert record(message("RejectInvoice", "A0301", body)).status == "rejected"
