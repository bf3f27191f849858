"""The bank's fee at a payment: on top of it, or taken from it; every dollar of the account is booked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from importers.ingest import import_files
from ledger.case.case import Case
from ledger.files.award_file import parse_award
from ledger.loading.loader import load_case
from ledger.model import accounts
from ledger.model.directives import whole
from ledger.operations.new_case import new_case
from tests.importers.classification.sheets import row
from tests.importers.classification.sheets import sheet
from tests.importers.makers import DEDICATED
from tests.importers.makers import OWN
from tests.importers.makers import tables

SUPPLIER = "晟鑫科技企業有限公司"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with one invoice of 8,169 with tax."""
    folder = tmp_path / "case"
    new_case(folder, parse_award(tables(), "award.toml"))
    sheet(folder, "a.csv", row("AB10000001", "高效率軸承", 7780, seller=SUPPLIER))
    return folder


def statement(case: Path, account: str, *lines: tuple[str, int, str], name: str = "明細.csv") -> Any:
    """Import a statement whose lines are (day, amount, remark), the first one from a balance of nothing."""
    balance, rows = 0, [f"帳號,{account}", "日期,摘要,支出,存入,餘額,備註"]
    for day, amount, remark in lines:
        balance += amount
        out, into = (-amount, "") if amount < 0 else ("", amount)
        rows.append(f"{day},轉帳,{out},{into},{balance},{remark}")
    (case / "inbox" / name).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return import_files(case)


def case_of(folder: Path) -> Case:
    loaded = load_case(folder)
    assert loaded.errors == []
    return loaded.case


def balance_of(case: Case, *names: str) -> int:
    """The sum of the accounts' postings."""
    return sum(
        whole(posting.units)
        for entry in case.transactions
        for posting in entry.postings
        if posting.account in names
    )


def owed(case: Case) -> int:
    return sum(case.unpaid.values())


GRANT, OWN_PART = ("2023/07/20", 450_000, "經濟部產業發展署 補助款"), ("2023/07/20", 9_000, "自籌款")


@pytest.mark.parametrize(
    "paid",
    [
        [("2023/07/25", -8_169, SUPPLIER)],
        [("2023/07/25", -8_199, SUPPLIER)],
        [("2023/07/25", -8_199, "AB10000001")],
        [("2023/07/25", -8_154, SUPPLIER), ("2023/07/25", -15, "匯費")],
        [("2023/07/25", -15, "匯費"), ("2023/07/25", -8_154, SUPPLIER)],
    ],
    ids=["none", "on top", "on top, by number", "taken from it", "taken from it, first"],
)
def test_out_of_the_dedicated_account_the_books_keep_the_banks_balance(
    case: Path, paid: list[tuple[str, int, str]]
) -> None:
    lines = [GRANT, OWN_PART, *paid]
    report = statement(case, DEDICATED, *lines)
    assert (report.imported, report.unmatched) == (len(lines), [])
    books = case_of(case)
    assert balance_of(books, accounts.GRANT_MONEY, accounts.OWN_MONEY) == sum(line[1] for line in lines)
    assert owed(books) == 0
    again = statement(case, DEDICATED, *lines, name="再一次.csv")
    assert (again.imported, again.duplicates) == (0, len(lines))


def test_a_fee_that_the_supplier_bears_is_no_fee_of_the_grant(case: Path) -> None:
    statement(case, DEDICATED, GRANT, ("2023/07/25", -8_154, SUPPLIER), ("2023/07/25", -15, "匯費"))
    assert "fee" not in {movement.kind for movement in case_of(case).movements}


def test_of_the_companys_account_the_transfer_and_its_fee_pay_the_voucher(case: Path) -> None:
    report = statement(
        case,
        OWN,
        ("2023/07/20", 9_000, "貨款收入"),
        ("2023/07/25", -8_154, SUPPLIER),
        ("2023/07/25", -15, "匯費"),
    )
    assert (report.matched, report.not_of_case) == (2, 1)
    books = case_of(case)
    assert (owed(books), balance_of(books, accounts.COMPANY)) == (0, -8_169)


@pytest.mark.parametrize(
    "fee", [("2023/07/26", -15, "匯費"), ("2023/07/25", -30, "匯費"), ("2023/07/25", -15, "文具")]
)
def test_what_lacks_is_no_fee_without_its_line(case: Path, fee: tuple[str, int, str]) -> None:
    report = statement(case, OWN, ("2023/07/20", 9_000, "貨款收入"), ("2023/07/25", -8_154, SUPPLIER), fee)
    assert report.matched == 0
    assert owed(case_of(case)) == 8_169


def test_a_line_that_names_a_voucher_paid_before_is_shown(case: Path) -> None:
    statement(case, OWN, ("2023/07/20", 9_000, ""), ("2023/07/25", -8_169, "AB10000001"))
    report = statement(
        case, OWN, ("2023/08/20", 9_000, ""), ("2023/08/25", -8_169, "AB10000001 再付"), ("2023/08/25", -9, "文具"),
        name="八月.csv",
    )  # fmt: skip
    assert (report.imported, report.not_of_case) == (0, 2)
    assert ["AB10000001" in shown.reason for shown in report.unmatched] == [True]


def test_a_proposal_for_the_dedicated_account_stands_at_its_entry(case: Path) -> None:
    report = statement(case, DEDICATED, GRANT, ("2023/07/25", -9_999, "AB10000001"))
    (shown,) = report.unmatched
    assert "可能是付憑證 AB10000001:金額不同" in shown.reason
    assert shown.reason in {str(entry.meta.get("unclear")) for entry in case_of(case).transactions}
