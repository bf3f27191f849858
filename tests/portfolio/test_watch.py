"""Later downloads of the e-invoice platform against what cases claim: `grant portfolio watch`."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pytest
from click.testing import CliRunner

from cli.main import grant
from portfolio.index import reading
from portfolio.index import update_index
from portfolio.index import writing
from portfolio.synthetic import make_portfolio
from portfolio.watch import Changed
from portfolio.watch import Watched
from portfolio.watch import watch
from tests.casefiles import cancel_xml

DAY = datetime.date(2024, 7, 1)
LATER = datetime.date(2024, 6, 20)
SELLER, BUYER = "97025978", "68388964"


class Invoice(NamedTuple):
    """An invoice that a case claims."""

    case: str
    number: str
    date: datetime.date
    net: int
    cost: int


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("watched")
    make_portfolio(folder, cases=2, vouchers=4, seed=3)
    update_index(folder, day=DAY, jobs=1)
    return folder


def claimed(folder: Path) -> list[Invoice]:
    with reading(folder) as connection:
        rows = connection.execute(
            "SELECT path, number, dated, net, cost FROM claims ORDER BY path, number"
        ).fetchall()
    return [Invoice(*row) for row in rows]


def watched(folder: Path, *files: Path) -> Watched:
    with reading(folder) as connection:
        return watch(connection, files)


def found(folder: Path, *files: Path) -> list[Changed]:
    read = watched(folder, *files)
    assert read.unread == []
    return read.found


def void(place: Path, invoice: Invoice) -> Path:
    place.write_text(cancel_xml(invoice.number, invoice.date, LATER, SELLER, BUYER), encoding="utf-8")
    return place


def allowance(place: Path, invoice: Invoice, amount: int, number: str = "AL00000001") -> Path:
    place.write_text(
        '<Allowance xmlns="urn:GEINV:eInvoiceMessage:G0401:4.1"><Main>'
        f"<AllowanceNumber>{number}</AllowanceNumber><AllowanceDate>{LATER:%Y%m%d}</AllowanceDate>"
        f"<Seller><Identifier>{SELLER}</Identifier><Name>虛構賣方</Name></Seller>"
        f"<Buyer><Identifier>{BUYER}</Identifier><Name>虛構買方</Name></Buyer>"
        "<AllowanceType>2</AllowanceType></Main><Details><ProductItem>"
        f"<OriginalInvoiceDate>{invoice.date:%Y%m%d}</OriginalInvoiceDate>"
        f"<OriginalInvoiceNumber>{invoice.number}</OriginalInvoiceNumber>"
        f"<OriginalDescription>料</OriginalDescription><Quantity>1</Quantity><UnitPrice>{amount}</UnitPrice>"
        f"<Amount>{amount}</Amount><Tax>0</Tax><AllowanceSequenceNumber>1</AllowanceSequenceNumber>"
        "<TaxType>1</TaxType></ProductItem></Details>"
        f"<Amount><TaxAmount>0</TaxAmount><TotalAmount>{amount}</TotalAmount></Amount></Allowance>",
        encoding="utf-8",
    )
    return place


def download(place: Path, invoices: Sequence[Invoice], status: str) -> Path:
    """A workbook as the platform gives it, with what became of each invoice."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["發票號碼", "發票狀態", "發票日期", "買方統一編號", "買方名稱", "賣方統一編號", "賣方名稱",
                  "銷售額合計", "營業稅", "總計", "課稅別"])  # fmt: skip
    for each in invoices:
        tax = round(each.net * 5 / 100)
        sheet.append([each.number, status, f"{each.date:%Y-%m-%d}", BUYER, "虛構買方", SELLER, "虛構賣方",
                      each.net, tax, each.net + tax, "應稅"])  # fmt: skip
    book.save(place)
    return place


def test_an_invoice_voided_later_is_told_with_all_that_is_claimed(cases: Path, tmp_path: Path) -> None:
    invoice, *_rest = claimed(cases)
    (one,) = found(cases, void(tmp_path / "a.xml", invoice))
    assert (one.path, one.voucher, one.amount) == (invoice.case, invoice.number, invoice.cost)
    assert one.date == LATER
    assert "作廢" in one.message


def test_a_download_says_by_its_status_that_an_invoice_is_void(cases: Path, tmp_path: Path) -> None:
    first, second, *_rest = claimed(cases)
    assert [
        each.voucher for each in found(cases, download(tmp_path / "a.xlsx", [first, second], "作廢已確認"))
    ] == [
        first.number,
        second.number,
    ]
    assert found(cases, download(tmp_path / "b.xlsx", [first, second], "開立已確認")) == []


def test_an_invoice_reduced_later_is_told_by_what_is_too_much(cases: Path, tmp_path: Path) -> None:
    invoice, *_rest = claimed(cases)
    assert invoice.cost == invoice.net
    (one,) = found(cases, allowance(tmp_path / "a.xml", invoice, 100))
    assert (one.path, one.voucher, one.amount) == (invoice.case, invoice.number, 100)
    assert "折讓" in one.message


def test_the_same_file_twice_says_it_once(cases: Path, tmp_path: Path) -> None:
    invoice, *_rest = claimed(cases)
    reduced = allowance(tmp_path / "a.xml", invoice, 100)
    again = Path(shutil.copy(reduced, tmp_path / "b.xml"))
    (one,) = found(cases, reduced, reduced, again)
    assert one.amount == 100
    more = allowance(tmp_path / "c.xml", invoice, 30, number="AL00000002")
    assert [each.amount for each in found(cases, tmp_path)] == [130]
    assert more.is_file()
    gone = void(tmp_path / "d.xml", invoice)
    assert [each.amount for each in found(cases, gone, gone)] == [invoice.cost]


def test_an_allowance_that_was_taken_back_reduces_nothing(cases: Path, tmp_path: Path) -> None:
    invoice, *_rest = claimed(cases)
    reduced = allowance(tmp_path / "a.xml", invoice, 100)
    back = tmp_path / "b.xml"
    back.write_text(
        '<CancelAllowance xmlns="urn:GEINV:eInvoiceMessage:G0501:4.1">'
        f"<CancelAllowanceNumber>AL00000001</CancelAllowanceNumber><AllowanceDate>{LATER:%Y%m%d}</AllowanceDate>"
        f"<BuyerId>{BUYER}</BuyerId><SellerId>{SELLER}</SellerId><CancelDate>{LATER:%Y%m%d}</CancelDate>"
        "<CancelTime>11:00:00</CancelTime><CancelReason>誤開</CancelReason></CancelAllowance>",
        encoding="utf-8",
    )
    assert found(cases, reduced, back) == []
    assert found(cases, back, reduced) == []


def test_the_same_number_of_another_period_is_another_invoice(cases: Path, tmp_path: Path) -> None:
    invoice, *_rest = claimed(cases)
    older = invoice._replace(date=invoice.date - datetime.timedelta(days=5 * 365))
    assert found(cases, void(tmp_path / "a.xml", older), allowance(tmp_path / "b.xml", older, 100)) == []


def test_an_invoice_that_nobody_claims_is_nobody_s(cases: Path, tmp_path: Path) -> None:
    invoice = Invoice("", "ZZ99999999", datetime.date(2024, 1, 5), 100, 100)
    assert found(cases, void(tmp_path / "a.xml", invoice)) == []


def test_a_shared_invoice_is_reduced_for_who_claimed_last(tmp_path: Path) -> None:
    """Of 1,000 one case claims 600 and another 400, which is lawful; 700 are left of it, so that 300 are too much."""
    folder = tmp_path / "cases"
    make_portfolio(folder, cases=2, vouchers=1, seed=3)
    update_index(folder, day=DAY, jobs=1)
    invoice = claimed(folder)[0]._replace(net=1000)
    with_shares(folder, invoice)
    (one,) = found(folder, allowance(tmp_path / "a.xml", invoice, 300))
    assert (one.path, one.amount) == ("case-00002", 300)
    both = found(folder, allowance(tmp_path / "b.xml", invoice, 500))
    assert [(each.path, each.amount) for each in both] == [("case-00002", 400), ("case-00001", 100)]


def with_shares(folder: Path, invoice: Invoice) -> None:
    """Both cases claim their share of the invoice, as the index says it."""
    with writing(folder) as connection:
        for path, cost, booked in (("case-00001", 600, "2024-01-01"), ("case-00002", 400, "2024-02-01")):
            connection.execute(
                "UPDATE claims SET number = ?, dated = ?, net = ?, cost = ?, booked = ? WHERE path = ?",
                [invoice.number, invoice.date, invoice.net, cost, booked, path],
            )


def test_a_file_that_is_no_download_is_told(cases: Path, tmp_path: Path) -> None:
    invoice, *_rest = claimed(cases)
    (tmp_path / "notes.txt").write_text("會議紀錄\n", encoding="utf-8")
    void(tmp_path / "a.xml", invoice)
    read = watched(cases, tmp_path)
    assert [each.voucher for each in read.found] == [invoice.number]
    assert [each.file for each in read.unread] == ["notes.txt"]
    assert all(each.reason for each in read.unread)


def test_the_command(cases: Path, tmp_path: Path) -> None:
    first, second, *_rest = claimed(cases)
    run = CliRunner().invoke
    still = download(tmp_path / "still.xlsx", [first, second], "開立已確認")
    unchanged = run(grant, ["portfolio", "watch", str(cases), str(still), "--json"])
    assert (unchanged.exit_code, json.loads(unchanged.output)) == (0, {"found": [], "unread": []})
    gone = void(tmp_path / "gone.xml", first)
    told = run(grant, ["portfolio", "watch", str(cases), str(gone)])
    assert told.exit_code == 1
    assert first.number in told.output
    (tmp_path / "notes.txt").write_text("會議紀錄\n", encoding="utf-8")
    odd = run(
        grant, ["portfolio", "watch", str(cases), str(tmp_path / "notes.txt"), str(tmp_path / "none.xml")]
    )
    assert odd.exit_code == 1
    assert "notes.txt" in odd.output
    assert "none.xml" in odd.output
