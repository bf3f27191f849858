"""What rows of a register with 付款日期 paid and gave back, whatever credit notes and voids come before or after them."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from checks.engine.runner import run_checks
from ledger.operations.rebooking.rebook import length_of_entry
from tests.importers.small_case import Files
from tests.importers.small_case import SmallCase
from tests.importers.small_case import own
from tests.importers.small_case import register
from tests.replay import run

NUMBER, SUPPLIER = "AB10000001", "晟鑫科技企業有限公司"
_PARTIES = (
    "<Seller><Identifier>27715140</Identifier><Name>晟鑫科技企業有限公司</Name></Seller>"
    "<Buyer><Identifier>68388964</Identifier><Name>信沛模具有限公司</Name></Buyer>"
)


def invoice_row(paid: str = "") -> Files:
    return register("i.csv", ("2023/07/05", "統一發票", NUMBER, SUPPLIER, 10_000, 500, paid))


def credit_row(day: str, net: int = 2_000, paid: str = "", name: str = "c.csv") -> Files:
    return register(name, (day, "折讓單", NUMBER, SUPPLIER, net, net // 20, paid))


def credit_xml(day: str, net: int = 2_000) -> Files:
    return {
        "c.xml": '<Allowance xmlns="urn:GEINV:eInvoiceMessage:G0401:4.1"><Main><AllowanceNumber>D1</AllowanceNumber>'
        f"<AllowanceDate>{day}</AllowanceDate>{_PARTIES}<AllowanceType>1</AllowanceType></Main><Details><ProductItem>"
        f"<OriginalInvoiceDate>20230705</OriginalInvoiceDate><OriginalInvoiceNumber>{NUMBER}</OriginalInvoiceNumber>"
        f"<OriginalDescription>高效率軸承</OriginalDescription><Quantity>1</Quantity><Amount>{net}</Amount>"
        f"<Tax>{net // 20}</Tax></ProductItem></Details><Amount><TaxAmount>{net // 20}</TaxAmount>"
        f"<TotalAmount>{net}</TotalAmount></Amount></Allowance>"
    }


def invoice_xml() -> Files:
    return {
        "i.xml": f'<Invoice xmlns="urn:GEINV:eInvoiceMessage:F0401:4.1"><Main><InvoiceNumber>{NUMBER}</InvoiceNumber>'
        f"<InvoiceDate>20230705</InvoiceDate><InvoiceTime>10:00:00</InvoiceTime>{_PARTIES}<InvoiceType>07</InvoiceType>"
        "</Main><Details><ProductItem><Description>高效率軸承</Description><Quantity>1</Quantity><Amount>10000</Amount>"
        "</ProductItem></Details><Amount><SalesAmount>10000</SalesAmount><TaxType>1</TaxType><TaxAmount>500</TaxAmount>"
        "<TotalAmount>10500</TotalAmount></Amount></Invoice>"
    }


def void_xml(day: str) -> Files:
    return {
        "v.xml": '<CancelInvoice xmlns="urn:GEINV:eInvoiceMessage:F0501:4.1">'
        f"<CancelInvoiceNumber>{NUMBER}</CancelInvoiceNumber><InvoiceDate>20230705</InvoiceDate>"
        f"<BuyerId>68388964</BuyerId><SellerId>27715140</SellerId><CancelDate>{day}</CancelDate></CancelInvoice>"
    }


BANK = own(("2023-08-10", -10_500, f"匯出匯款 {SUPPLIER}"), name="o1.csv")
BACK = own(("2023-08-20", 2_100, f"匯入匯款 {SUPPLIER} 折讓退款"), opening=4_989_500, name="o2.csv")
PAID = invoice_row("2023/08/10")
SCENES: dict[str, tuple[list[Files], list[int], list[tuple[str, int]]]] = {
    # files, what was paid and given back, what is found of it
    "credited before it was paid": ([PAID, credit_row("2023/08/05")], [8_400], []),
    "credited on its day": ([PAID, credit_row("2023/08/10")], [8_400], []),
    "credited after": ([PAID, credit_row("2023/08/11")], [10_500], [("voucher-overpaid", 2_100)]),
    "given back": ([PAID, credit_row("2023/08/15", paid="2023/08/20")], [-2_100, 10_500], []),
    "credited in full": ([PAID, credit_row("2023/08/05", 10_000)], [], []),
    "both rows on one day": ([PAID, credit_row("2023/08/05", paid="2023/08/10")], [-2_100, 10_500], []),
    "by messages": ([PAID, invoice_xml(), credit_xml("20230805")], [8_400], []),
    "two credit notes": (
        [PAID, credit_row("2023/08/05"), credit_row("2023/08/15", 1_000, "2023/08/25", "d.csv")],
        [-1_050, 8_400],
        [],
    ),
    "the bank shows it too": (
        [invoice_row(), BANK, credit_row("2023/08/15", paid="2023/08/20"), BACK],
        [-2_100, 10_500],
        [],
    ),
    "the row of a message": (
        [invoice_row(), BANK, credit_xml("20230815"), credit_row("2023/08/15", paid="2023/08/20")],
        [-2_100, 10_500],
        [],
    ),
    "paid though voided before": ([PAID, void_xml("20230801")], [10_500], [("voucher-voided", 10_500)]),
    "voided after": ([PAID, void_xml("20230820")], [10_500], [("voucher-voided", 10_500)]),
}


def told(runs: Sequence[Sequence[Files]]) -> tuple[list[int], list[tuple[str, int]], list[str]]:
    """The payments, what is found of the voucher, and the books but for the number that a credit note bears."""
    small = SmallCase(Path(tempfile.mkdtemp()) / "case")
    for files in runs:
        small.take(*files)
    found = [
        (finding.check, finding.amount or 0)
        for finding in run_checks(small.case)
        if finding.check in {"voucher-overpaid", "voucher-voided", "voucher-unpaid", "document-missing"}
    ]
    found = [each for each in found if each[0] != "document-missing" or "i.xml" in str(runs)]
    books = [entry.replace('"D1"', f'"{NUMBER}"') for entry in small.books()]
    return sorted(payment.amount for payment in small.case.payments), found, books


@pytest.mark.parametrize("scene", SCENES)
def test_in_any_order(scene: str) -> None:
    files, paid, found = SCENES[scene]
    whole = told([files])
    assert whole[:2] == (paid, found)
    orders = [list(order) for order in itertools.permutations(files)]
    for order in orders[:: max(1, len(orders) // 6)]:
        assert told([[file] for file in order]) == whole
        assert told([order]) == whole


def test_a_row_that_comes_again_pays_and_gives_back_nothing_more(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    small.take(PAID, credit_row("2023/08/15", paid="2023/08/20"))
    again = [
        {f"again_{name}": f"{text}\n" for name, text in each.items()} for each in SCENES["given back"][0]
    ]
    small.take(*again)
    assert sorted(payment.amount for payment in small.case.payments) == [-2_100, 10_500]


def test_a_payment_that_somebody_changed_stays(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    small.take(PAID)
    month = small.folder / "books" / "2023-08.beancount"
    month.write_text(month.read_text(encoding="utf-8").replace("10500 TWD", "9000 TWD"), encoding="utf-8")
    small.take(credit_row("2023/08/05"))
    assert [payment.amount for payment in small.case.payments] == [9_000]


def test_a_payment_of_a_closed_month_stays(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    small.take(PAID)
    for month in ("2023-07", "2023-08"):
        run("close", small.folder, month)
    small.take(credit_row("2023/08/05"))
    assert [payment.amount for payment in small.case.payments] == [10_500]
    assert not [each for each in run_checks(small.case) if each.check == "closed-month-changed"]


def test_a_message_tells_of_a_booked_row_what_the_row_did_not(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    small.take(invoice_row())
    small.take(invoice_xml())
    (voucher,) = small.case.vouchers
    assert [voucher.seller, voucher.buyer, voucher.meta("tax-type")] == ["27715140", "68388964", "1"]
    assert str(voucher.meta("document")).endswith("i.xml")
    text = (small.folder / "books" / "2023-07.beancount").read_text(encoding="utf-8")
    assert length_of_entry(text, int(voucher.entry.meta["lineno"])) > 0
    small.take({name: f"{text} " for name, text in invoice_xml().items()})
    assert small.case.vouchers[0].entry.meta.get("document-2") is None


def test_a_month_that_is_opened_again_takes_what_came_meanwhile(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    small.take(PAID)
    for month in ("2023-07", "2023-08"):
        run("close", small.folder, month)
    reopened = run("reopen", small.folder, "2023-07", "--reason", "漏列折讓", "--date", "2023-09-10")
    assert (reopened["month"], reopened["date"], reopened["reason"]) == ("2023-07", "2023-09-10", "漏列折讓")
    assert reopened["operation"] in {each["id"] for each in run("log", small.folder)["operations"]}
    small.take(credit_row("2023/08/05"))
    assert [payment.amount for payment in small.case.payments] == [8_400]


@pytest.mark.parametrize(
    ("files", "paid"), [([PAID], "2023/08/10"), (SCENES["given back"][0], "2023/08/20")], ids=["paid", "back"]
)
def test_a_payment_that_was_removed_stays_removed(tmp_path: Path, files: list[Files], paid: str) -> None:
    small = SmallCase(tmp_path / "case")
    small.take(*files)
    day = paid.replace("/", "-")
    payments = small.case.payments
    (entry,) = [payment.entry for payment in payments if payment.date.isoformat() == day]
    left = sorted(payment.amount for payment in payments if payment.entry is not entry)
    removed = run("remove", small.folder, entry.meta["import-id"], "--reason", "沒有付")
    again = [{f"again_{name}": f"{text}\n" for name, text in each.items()} for each in files]
    small.take(*again)
    assert sorted(payment.amount for payment in small.case.payments) == left
    run("restore", small.folder, removed["operation"])
    small.take(*[{f"third_{name}": f"{text}\n\n" for name, text in each.items()} for each in files])
    assert len(small.case.payments) == len(left) + 1


def test_a_message_adds_nothing_to_a_closed_month(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    small.take(invoice_row())
    run("close", small.folder, "2023-07")
    small.take(invoice_xml())
    assert not [each for each in run_checks(small.case) if each.check == "closed-month-changed"]


def test_what_is_owed_under_a_number_that_was_taken_again_is_the_later_paper(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    void = void_xml("20230706")["v.xml"].replace("CancelInvoice", "VoidInvoice").replace("Cancel", "Void")
    again = invoice_xml()["i.xml"].replace("20230705", "20230709").replace("10000<", "12000<")
    again = again.replace("10500", "12600").replace(">500<", ">600<")
    small.take(invoice_xml(), {"v.xml": void.replace("F0501", "F0701")}, {"again.xml": again})
    (finding,) = [each for each in run_checks(small.case) if each.check == "voucher-unpaid"]
    assert (finding.amount, "2023-07-09" in finding.message) == (12_600, True)
