"""The VAT return against the books: nothing is booked, every difference is shown."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import grant
from ledger.files.award_file import parse_award
from ledger.operations.new_case import new_case
from tests.casefiles import cancel_xml
from tests.importers.makers import UBN
from tests.importers.makers import tables
from tests.replay import books_of
from tests.replay import run

HEAD = "日期,憑證種類,憑證號碼,賣方統編,對象,品名,數量,單位,未稅金額,稅額,會計科目,付款日期,付款方式,附件\n"
NOT_DECLARED, NOT_BOOKED = "已入帳,但不在營業稅申報檔內", "已申報為本案廠商的進項,但沒有入帳"


def declared(
    number: str,
    net: int = 1000,
    *,
    month: str = "11207",
    seller: str = "27715140",
    deduction: str = "1",
    code: str = "25",
    kind: str = "1",
    buyer: str = UBN,
) -> str:
    tax = net // 20
    return (
        f"{code}1234567890000001{month}{buyer}{seller}{number}{net:012}{kind}{tax:010}{deduction}{'':8}\r\n"
    )


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with two invoices of July and August (one period) and one of September."""
    folder = tmp_path / "case"
    new_case(folder, parse_award(tables(), "award.toml"))
    rows = "".join(
        f"{day},發票,{number},27715140,晟鑫科技企業有限公司,高效率軸承,1,台,1000,50,,,匯款,\n"
        for day, number in (
            ("2023-07-12", "AB10000001"),
            ("2023-08-02", "AB10000002"),
            ("2023-09-04", "AB10000003"),
        )
    )
    (folder / "inbox" / "a.csv").write_text(HEAD + rows, encoding="utf-8")
    run("import", folder)
    return folder


def differences(case: Path, *rows: str) -> dict[str, str]:
    (case / "inbox" / f"{UBN}.TXT").write_bytes("".join(rows).encode("ascii"))
    before = books_of(case)
    told = run("import", case)
    assert books_of(case) == before
    assert told["imported"] == 0
    return {difference["voucher"]: difference["reason"] for difference in told["reconciliation"]}


def test_what_agrees_is_silent(case: Path) -> None:
    assert differences(case, declared("AB10000001"), declared("AB10000002", month="11208")) == {}


def test_booked_and_not_declared_and_the_other_way(case: Path) -> None:
    found = differences(
        case, declared("AB10000001"), declared("AB10000009"), declared("ZZ10000009", seller="04595257")
    )
    assert found == {"AB10000002": NOT_DECLARED, "AB10000009": NOT_BOOKED}


def test_another_amount_and_what_may_not_be_deducted(case: Path) -> None:
    found = differences(case, declared("AB10000001", 900), declared("AB10000002", deduction="3"))
    assert "申報未稅 900" in found["AB10000001"]
    assert "扣抵代號 3" in found["AB10000002"]


def test_a_row_that_was_voided_declares_nothing(case: Path) -> None:
    found = differences(case, declared("AB10000001", kind="F"), declared("AB10000002"))
    assert found == {"AB10000001": NOT_DECLARED}


def test_a_credit_note_is_no_declaration_of_its_invoice(case: Path) -> None:
    found = differences(
        case, declared("AB10000001", 10, code="23"), declared("AB10000001"), declared("AB10000002")
    )
    assert found == {}


def test_an_invoice_that_was_voided_need_not_be_declared_and_must_not_be(case: Path) -> None:
    day = datetime.date(2023, 7, 12)
    cancelled = cancel_xml("AB10000001", day, day, "27715140", UBN)
    (case / "inbox" / "b.xml").write_text(cancelled, encoding="utf-8")
    run("import", case)
    assert differences(case, declared("AB10000002")) == {}
    assert "作廢" in differences(case, declared("AB10000001"), declared("AB10000002"))["AB10000001"]


def test_another_company_declares_its_own(case: Path) -> None:
    assert differences(case, declared("AB10000001", buyer="12345675")) == {}


def test_the_screen_shows_the_differences(case: Path) -> None:
    (case / "inbox" / "a.txt").write_bytes(declared("AB10000001").encode())
    said = CliRunner().invoke(grant, ["import", str(case), "--dry-run"]).output
    assert "營業稅申報核對 AB10000002" in said
    assert "與營業稅申報不同" in said


def test_the_company_s_own_sales_are_nobody_s_purchase(case: Path) -> None:
    sale = declared("AB10000009", buyer="04595257", seller=UBN, code="31")
    assert differences(case, declared("AB10000001"), declared("AB10000002"), sale) == {}
