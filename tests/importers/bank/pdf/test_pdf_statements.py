"""PDF statements in the inbox, beside PDFs that are scans of vouchers."""

from __future__ import annotations

from pathlib import Path

import pytest

from importers.bank import table
from importers.records import BankLine
from importers.sources.source import Source
from ledger.loading.loader import load_case
from tests.casemaker import Story
from tests.casepapers import Line
from tests.casepapers import plus
from tests.importers.inbox import add
from tests.importers.inbox import some
from tests.importers.inbox import statement
from tests.importers.inbox import xml
from tests.replay import run

pytest.importorskip("pdfplumber")
pytest.importorskip("pypdf")
pytest.importorskip("weasyprint")

from tests.importers.bank.pdf import pdfs


@pytest.fixture(scope="module")
def as_csv(story: Story) -> bytes:
    lines = [Line(plus(story.start, day), 500 + day, "利息存入") for day in (1, 2, 5)]
    return statement(story, story.dedicated, lines)


@pytest.fixture(scope="module")
def lines(as_csv: bytes) -> list[BankLine]:
    reading = table.read(Source("a.csv", as_csv))
    assert reading is not None
    return [record for record in reading.records if isinstance(record, BankLine)]


@pytest.fixture(scope="module")
def as_pdf(story: Story, lines: list[BankLine]) -> bytes:
    return pdfs.first(lines, account=story.dedicated)


def test_the_pdf_and_the_csv_of_the_same_lines_are_one_statement(
    case: Path, as_csv: bytes, as_pdf: bytes
) -> None:
    first = add(case, {"對帳單.pdf": as_pdf})
    assert (first["imported"], first["rejected"], first["unmatched"]) == (3, [], [])
    (place,) = first["filed"]
    assert "1專戶" in place
    assert (case / place).read_bytes() == as_pdf
    again = add(case, {"明細.csv": as_csv})
    assert (again["imported"], again["duplicates"]) == (0, 3)
    once_more = add(case, {"對帳單 (1).pdf": as_pdf})
    assert (once_more["imported"], once_more["duplicates"]) == (0, 3)
    assert list((case / "inbox").iterdir()) == []


def test_grant_read_shows_a_pdf_statement(tmp_path: Path, as_pdf: bytes, lines: list[BankLine]) -> None:
    (tmp_path / "a.pdf").write_bytes(as_pdf)
    (reading,) = run("read", tmp_path / "a.pdf")
    assert reading["format"] == "bank-pdf"
    assert [record["amount"] for record in reading["records"]] == [line.amount for line in lines]


@pytest.mark.parametrize("name", ["ZZ10000001.pdf", "ZZ10000001 匯款單.pdf", "匯款單.pdf", "R-0001.pdf"])
def test_a_pdf_named_for_a_voucher_is_its_evidence_whatever_it_shows(
    story: Story, case: Path, as_pdf: bytes, name: str
) -> None:
    number = "R-0001" if name == "R-0001.pdf" else "ZZ10000001"
    paper = some(story, number=number, kind="receipt", tax=0, routes=("sheet",), cash=plus(story.start, 11))
    sheet = story._sheet([paper]).replace("零用金,".encode(), "零用金,匯款單.pdf".encode())
    report = add(case, {"表.csv": sheet, name: as_pdf})
    assert (report["imported"], report["rejected"], report["unmatched"]) == (1, [], [])
    voucher = next(v for v in load_case(case).case.vouchers if v.number == number)
    assert len(voucher.documents) == 1


def test_a_number_that_only_happens_to_stand_in_a_longer_one_names_no_voucher(
    story: Story, case: Path, as_pdf: bytes
) -> None:
    number = story.dedicated[3:8]
    paper = some(story, number=number, kind="receipt", tax=0, routes=("sheet",), cash=plus(story.start, 11))
    report = add(case, {"表.csv": story._sheet([paper]), f"{story.dedicated}.pdf": as_pdf})
    assert report["imported"] == 4


def test_what_proves_to_be_no_statement_waits_for_its_voucher(case: Path, as_pdf: bytes) -> None:
    files = {
        "掃描.pdf": pdfs.scanned(),
        "合約.pdf": pdfs.pdf("<p>合約書</p>"),
        "鎖.pdf": pdfs.protected(as_pdf, "12345675"),
        "壞.pdf": as_pdf[:300],
    }
    report = add(case, files)
    assert report["rejected"] == []
    reasons = {unmatched["file"]: unmatched["reason"] for unmatched in report["unmatched"]}
    assert set(reasons) == set(files)
    assert all(reason.startswith("檔名裡沒有已入帳的憑證號碼") for reason in reasons.values())
    assert "掃描影像" in reasons["掃描.pdf"]
    assert "密碼保護" in reasons["鎖.pdf"]
    assert {file.name for file in (case / "inbox").iterdir()} == set(files)


def test_a_statement_that_does_not_add_up_is_refused(story: Story, case: Path, lines: list[BankLine]) -> None:
    broken = pdfs.first([lines[0], lines[2]], account=story.dedicated)
    report = add(case, {"對帳單.pdf": broken}, codes=(1,))
    assert "不連續" in report["rejected"][0]["reason"]
    assert (report["imported"], report["unmatched"]) == (0, [])


def test_a_pdf_of_the_companys_account_filed_earlier_pays_a_later_voucher(story: Story, case: Path) -> None:
    paper = some(story)
    pays = Line(plus(story.start, 12), -paper.gross, "轉帳支出", paper.seller_name)
    reading = table.read(Source("a.csv", statement(story, story.own, [pays])))
    assert reading is not None
    lines = [record for record in reading.records if isinstance(record, BankLine)]
    first = add(case, {"公司.pdf": pdfs.first(lines, account=story.own)})
    assert (first["imported"], len(first["filed"])) == (0, 1)
    assert add(case, {"a.xml": xml(story, paper)})["matched"] == 1
