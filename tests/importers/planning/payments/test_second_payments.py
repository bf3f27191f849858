"""A voucher paid again from the company's own account is asked about, whatever came first."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path

import pytest

from checks.engine.runner import run_checks
from importers.questions.answers import Answer
from importers.questions.answers import answer
from importers.questions.open_questions import open_questions
from importers.report import Report
from ledger.files.pending import read_pending
from ledger.files.writer import CaseWriter
from ledger.loading.loader import load_case
from ledger.operations.edit import Context
from tests.importers.small_case import Files
from tests.importers.small_case import SmallCase
from tests.importers.small_case import invoice
from tests.importers.small_case import own

SUPPLIER = "晟鑫科技企業有限公司"
VOUCHER = invoice("AB10000001", "2023-08-01", 10_000)
FIRST = ("2023-08-20", -10_500, f"匯出匯款 {SUPPLIER}")
AGAIN = ("2023-09-05", -10_500, "匯出匯款 晟鑫科技")


@pytest.fixture
def small(tmp_path: Path) -> SmallCase:
    return SmallCase(tmp_path / "case")


def paid_row(method: str, day: str = "2023-08-20") -> Files:
    """The voucher as a row that names the day of its payment."""
    ((name, text),) = VOUCHER.items()
    return {name: text.replace(",,,,\n", f",,{day},{method},\n")}


def asked(report: Report) -> list[int]:
    return [each.record["amount"] for each in report.unmatched if "重複付款" in each.reason]


def answered(small: SmallCase, word: str, **more: object) -> None:
    (question,) = open_questions(small.case, read_pending(small.folder))
    with CaseWriter(small.folder) as writer:
        context = Context(load_case(small.folder, datetime.date.max), writer.text)
        answer(writer, context, question.id, Answer(word, **more))  # type: ignore[arg-type]


def test_in_one_run(small: SmallCase) -> None:
    report = small.take(VOUCHER, own(FIRST, AGAIN))
    assert (asked(report), report.matched, report.not_of_case) == ([-10_500], 1, 0)
    assert "2023-08-20" in report.unmatched[0].reason


@pytest.mark.parametrize(
    "order",
    list(
        itertools.permutations(
            [VOUCHER, own(FIRST, name="o1.csv"), own(AGAIN, opening=4_989_500, name="o2.csv")]
        )
    ),
)
def test_in_any_order(small: SmallCase, order: tuple[Files, ...]) -> None:
    for files in order:
        small.take(files)
    (question,) = open_questions(small.case, read_pending(small.folder))
    assert (question.date, question.amount) == (datetime.date(2023, 9, 5), -10_500)
    assert [payment.date for payment in small.case.payments] == [datetime.date(2023, 8, 20)]


def test_said_to_be_a_payment_both_stay_and_the_voucher_is_overpaid(small: SmallCase) -> None:
    small.take(VOUCHER, own(FIRST, AGAIN))
    answered(small, "payment", vouchers=("AB10000001",))
    for _run in range(2):
        assert sum(payment.amount for payment in small.case.payments) == 21_000
        found = {found.check: found.amount for found in run_checks(small.case)}
        assert found["voucher-overpaid"] == 10_500
        assert small.take(invoice("AB10000009", "2023-08-02", 7)).rebooked == [] if _run == 0 else True


def test_said_to_be_none_of_the_cases_it_is_asked_once(small: SmallCase) -> None:
    small.take(VOUCHER, own(FIRST, AGAIN))
    answered(small, "own-money")
    report = small.take(invoice("AB10000009", "2023-08-02", 7))
    assert (asked(report), open_questions(small.case, read_pending(small.folder))) == ([], [])


def test_another_invoice_of_the_same_sum_answers_it(small: SmallCase) -> None:
    small.take(VOUCHER, own(FIRST, AGAIN))
    report = small.take(invoice("AB10000002", "2023-08-30", 10_000))
    assert (report.matched, open_questions(small.case, read_pending(small.folder))) == (1, [])
    assert set(small.case.unpaid.values()) == {0}


@pytest.mark.parametrize(
    ("method", "lines", "count"),
    [
        ("匯款", [FIRST], 0),  # the bank's line of that very payment
        ("匯款", [FIRST, AGAIN], 1),
        ("", [("2023-08-21", -10_500, f"匯出匯款 {SUPPLIER}")], 0),
        ("現金", [FIRST], 1),  # no bank shows what was paid in cash
        ("匯款", [("2024-01-20", -10_500, f"匯出匯款 {SUPPLIER}")], 1),
    ],
)
def test_beside_a_payment_that_the_register_names(
    small: SmallCase, method: str, lines: list[tuple[str, int, str]], count: int
) -> None:
    report = small.take(paid_row(method), own(*lines))
    assert len(asked(report)) == count
    assert small.balance("Liabilities:1應付帳款") == 0


@pytest.mark.parametrize(
    "line",
    [
        ("2023-09-05", -10_500, "匯出匯款 別家有限公司"),
        ("2023-09-05", -10_501, f"匯出匯款 {SUPPLIER}"),
        ("2023-07-20", -10_500, f"匯出匯款 {SUPPLIER}"),  # long before the voucher
        ("2023-09-05", -10_500, "電費"),
    ],
)
def test_what_is_not_its_suppliers_payment_is_nobodys_business(
    small: SmallCase, line: tuple[str, int, str]
) -> None:
    assert asked(small.take(VOUCHER, own(FIRST, line))) == []


def test_a_proposal_is_made_for_a_line_that_came_before_its_voucher(small: SmallCase) -> None:
    """Paid less the tax and the premium that were withheld."""
    small.take(own(("2023-08-31", -17_578, f"匯款 {SUPPLIER}")))
    ((name, text),) = invoice("R1", "2023-08-20", 20_000).items()
    text = text.replace("統一發票", "勞務報酬單").replace("20000,1000", "20000,0")
    report = small.take({name: text})
    assert any("扣繳稅款 2,000" in each.reason for each in report.unmatched)
    assert not any("扣繳稅款" in each.reason for each in small.take().unmatched)  # and not another time
