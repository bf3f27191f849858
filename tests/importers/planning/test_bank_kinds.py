"""Lines of real statements end to end: interest told net, withdrawals without a word, deposits, refunds, proposals."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from checks.engine.runner import run_checks
from importers.planning import line_kind
from importers.questions.open_questions import open_questions
from importers.records import BankLine
from ledger.files.pending import read_pending
from ledger.model import accounts
from tests.importers.makers import OWN
from tests.importers.small_case import Files
from tests.importers.small_case import SmallCase
from tests.importers.small_case import credit_note
from tests.importers.small_case import dedicated
from tests.importers.small_case import invoice
from tests.importers.small_case import own
from tests.replay import run

GRANT = ("2023-07-03", 450_000, "匯入匯款 經濟部產業發展署 補助款第1期")
SUPPLIER, OTHER = "晟鑫科技企業有限公司", "川益節能股份有限公司"


@pytest.fixture
def small(tmp_path: Path) -> SmallCase:
    return SmallCase(tmp_path / "case")


def reasons(small: SmallCase, *files: Files) -> list[str]:
    return [each.reason for each in small.take(*files).unmatched]


def found(small: SmallCase, check: str) -> list[tuple[str, int | None]]:
    return [(each.voucher, each.amount) for each in run_checks(small.case) if each.check == check]


# --- interest -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "memo", "withheld"),
    [
        (19_800, "利息22,000 代扣所得稅2,200", (2_200, 0)),
        (19_336, "利息22000 代扣所得稅2200 補充保費464", (2_200, 464)),
        (45_000, "扣繳稅額5000", (5_000, 0)),
        (45_000, "已扣稅款:5,000", (5_000, 0)),
        (20_700, "扣稅NT$2,300元", (2_300, 0)),
        (20_700, "代扣10%稅款2300元", (2_300, 0)),
        (20_700, "利息所得扣繳2300", (2_300, 0)),
        (20_700, "毛額23,000", (2_300, 0)),  # what lies between is a tenth
        (20_700, "稅前23,000稅後20,700", (2_300, 0)),
        (22_514, "扣補充保險費486", (0, 486)),
        (20_700, "毛額25,000", (0, 0)),  # it is not
        (20_700, "免稅2300", (0, 0)),
        (22_000, "代扣所得稅2,200", (0, 0)),  # the sum is gross: the tax has a line of its own
        (22_000, "利息22,000 代扣所得稅2,200", (0, 0)),
        (19_800, "", (0, 0)),
    ],
)
def test_interest_credited_less_its_tax(
    small: SmallCase, amount: int, memo: str, withheld: tuple[int, int]
) -> None:
    small.take(dedicated(GRANT, ("2023-12-21", amount, f"存款息 {memo}")))
    gross = amount + sum(withheld)
    assert (small.settled["interest_gross"], small.settled["tax_withheld"]) == (gross, withheld[0])
    assert small.balance(accounts.DUE_INTEREST) == -gross


def test_health_premium_is_no_income_tax(small: SmallCase) -> None:
    lines = [
        ("2023-12-21", 22_000, "存款息"),
        ("2023-12-21", -2_200, "代扣利息所得稅"),
        ("2023-12-21", -464, "代扣補充保費"),
    ]
    small.take(dedicated(GRANT, *lines))
    assert (small.settled["interest_gross"], small.settled["tax_withheld"]) == (22_000, 2_200)
    assert found(small, "withholding-arithmetic") == found(small, "bank-fee-charged-to-grant") == []


# --- withdrawals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["網路轉帳", f"轉帳支出 {OWN}", "轉帳支出 7月份", "跨行轉 XX"])
def test_a_sum_that_a_month_earned_is_a_withdrawal_whatever_is_said(small: SmallCase, said: str) -> None:
    line = dedicated(GRANT, ("2023-08-10", -9_230, said))
    assert reasons(small, invoice("AB10000001", "2023-07-10", 20_000), line) == []
    assert small.settled["withdrawn"] == 9_230
    assert found(small, "withdrawal-unexplained") == []


def test_a_dollar_more_is_a_question(small: SmallCase) -> None:
    line = dedicated(GRANT, ("2023-08-10", -9_231, "網路轉帳"))
    assert len(reasons(small, invoice("AB10000001", "2023-07-10", 20_000), line)) == 1
    assert found(small, "withdrawal-unexplained") == [("", 9_231)]


@pytest.mark.parametrize(("day", "amount", "is_proof"), [
    ("2023-08-10", 12_345, True), ("2023-08-12", 12_345, True), ("2023-08-09", 12_345, False),
    ("2023-08-20", 12_345, False), ("2023-08-10", 12_344, False),
])  # fmt: skip
def test_the_same_sum_coming_to_the_company_is_proof(
    small: SmallCase, day: str, amount: int, is_proof: bool
) -> None:
    small.take(dedicated(GRANT, ("2023-08-10", -12_345, "轉帳支出")), own((day, amount, "轉帳存入")))
    assert found(small, "withdrawal-unexplained") == ([] if is_proof else [("", 12_345)])
    assert small.settled["withdrawn"] == 12_345  # judged all the same: nothing is earned
    assert found(small, "withdrawal-exceeds-entitlement") == [("", 12_345)]


# --- money that does not belong there -----------------------------------------------------------------------


def test_an_opening_deposit_is_asked_about(small: SmallCase) -> None:
    assert len(reasons(small, dedicated(("2023-07-01", 1_000, "開戶存入"), GRANT))) == 1
    assert found(small, "deposit-not-grant") == [("", 1_000)]


def test_money_put_in_by_mistake_and_taken_back(small: SmallCase) -> None:
    lines = [("2023-08-01", 7_000, "現金存入 週轉"), ("2023-08-02", -7_000, "轉帳 誤存轉回")]
    assert len(reasons(small, dedicated(GRANT, *lines))) == 1
    assert found(small, "deposit-not-grant") == [("", 7_000)]
    assert found(small, "withdrawal-unexplained") == []
    assert small.balance(accounts.OWN_MONEY) == 0


@pytest.mark.parametrize(
    "words", ["轉帳 誤存轉回", "退還誤匯 不明", "跨行轉出 款項返還", "現金提款 開戶款取回"]
)
def test_a_deposit_that_was_answered_and_went_back_is_found_no_more(small: SmallCase, words: str) -> None:
    small.take(dedicated(GRANT, ("2023-08-01", 7_000, "現金存入 週轉"), name="d1.csv"))
    small.take(dedicated(("2023-08-02", -7_000, words), opening=457_000, name="d2.csv"))
    (asked,) = open_questions(small.case, read_pending(small.folder))
    assert found(small, "deposit-not-grant") == [("", 7_000)]
    run("answer", small.folder, asked.id, "return", "--reason", "誤存")
    assert found(small, "deposit-not-grant") == []
    assert small.balance(accounts.OWN_MONEY) == 0
    small.take(dedicated(("2023-08-03", 7_000, "現金存入 週轉"), opening=450_000, name="d3.csv"))
    (asked,) = open_questions(small.case, read_pending(small.folder))
    run("answer", small.folder, asked.id, "return", "--reason", "又誤存")
    assert found(small, "deposit-not-grant") == [("", 7_000)]  # which nobody has given back yet


def test_what_the_bank_itself_puts_right_is_no_question(small: SmallCase) -> None:
    lines = [("2023-08-01", 7_000, "跨行轉入"), ("2023-08-02", -7_000, "更正 退還誤入")]
    assert reasons(small, dedicated(GRANT, *lines)) == []
    assert found(small, "deposit-not-grant") == []


@pytest.mark.parametrize("first", ["轉帳存入", "NTRF"])
def test_the_words_of_any_export_tell_what_a_line_is(tmp_path: Path, first: str) -> None:
    dull = dedicated(GRANT, ("2023-08-01", 120, first), name="a.csv")
    telling = dedicated(GRANT, ("2023-08-01", 120, "存款息"), name="b.csv")
    for place, runs in enumerate(
        ([[dull], [telling]], [[telling], [dull]], [[dull, telling]], [[telling, dull]])
    ):
        small = SmallCase(tmp_path / f"case{place}")
        for files in runs:
            small.take(*files)
        assert small.settled["interest_gross"] == 120
        assert not [entry for entry in small.case.transactions if entry.flag == "!"]


def test_what_the_grant_paid_before_a_credit_note_was_its_share_then(small: SmallCase) -> None:
    """4,615 of 10,500; all of it comes back, and the company's own part never lacks."""
    small.take(
        invoice("AB10000001", "2023-07-05", 10_000),
        credit_note("AB10000001", "2023-08-18", 10_000),
        dedicated(
            GRANT,
            ("2023-07-04", 5_885, "存入 自籌款"),
            ("2023-07-20", -10_500, f"匯出匯款 {SUPPLIER}"),
            ("2023-08-20", 10_500, f"匯入匯款 {SUPPLIER} 退貨退款"),
        ),
    )
    assert [payment.from_grant for payment in small.case.payments] == [4_615, -4_615]
    assert found(small, "account-overdrawn") == found(small, "tax-paid-by-grant") == []
    assert (small.balance(accounts.GRANT_MONEY), small.balance(accounts.OWN_MONEY)) == (450_000, 5_885)


@pytest.mark.parametrize(("amount", "is_asked"), [(450_000, True), (200_000, True), (450_001, False)])
def test_grant_money_that_came_to_the_company_s_account(
    small: SmallCase, amount: int, is_asked: bool
) -> None:
    told = reasons(small, own(("2023-07-03", amount, "匯入匯款 經濟部產業發展署 補助款第1期")))
    assert ["立即存入專戶" in reason for reason in told] == [True] * is_asked


def test_an_instalment_in_parts_is_no_question(small: SmallCase) -> None:
    first = dedicated(("2023-07-03", 300_000, "匯入匯款 經濟部 補助款"), name="d1.csv")
    second = dedicated(("2023-07-10", 150_000, "匯入匯款 經濟部 補助款"), opening=300_000, name="d2.csv")
    assert reasons(small, first) == reasons(small, second) == []
    assert small.settled["received"] == 450_000
    assert found(small, "instalment-unexpected") == []


# --- what suppliers get and give back -----------------------------------------------------------------------


@pytest.mark.parametrize("bank", ["own", "dedicated"])
def test_a_refund_belongs_to_its_credit_note(small: SmallCase, bank: str) -> None:
    lines = [("2023-08-20", -21_000, f"匯款 {SUPPLIER}"), ("2023-09-20", 2_100, f"匯入 {SUPPLIER} 折讓退款")]
    start = [GRANT, ("2023-07-04", 20_000, "存入 自籌款")]
    statement = own(*lines) if bank == "own" else dedicated(*start, *lines)
    told = reasons(small, invoice("AB10000001", "2023-08-10", 20_000), statement)
    assert len(told) == 1
    assert "沒有同額的折讓" in told[0]  # nothing tells of it yet
    small.take(credit_note("AB10000001", "2023-09-15", 2_000))
    assert small.balance(accounts.PAYABLE) == 0
    assert found(small, "voucher-overpaid") == found(small, "deposit-not-grant") == []
    government = sum(voucher.government for voucher in small.case.vouchers)
    assert small.settled["withdrawn"] == (0 if bank == "own" else government)


def test_paid_in_full_before_the_credit_note_and_no_refund_yet(small: SmallCase) -> None:
    statement = own(("2023-08-20", -21_000, f"匯款 {SUPPLIER}"))
    small.take(
        invoice("AB10000001", "2023-08-10", 20_000), credit_note("AB10000001", "2023-09-15", 2_000), statement
    )
    assert found(small, "voucher-overpaid") == [("AB10000001", 2_100)]


def test_the_net_sum_pays_it_too(small: SmallCase) -> None:
    statement = own(("2023-08-20", -18_900, f"匯款 {SUPPLIER}"))
    small.take(
        invoice("AB10000001", "2023-08-10", 20_000), credit_note("AB10000001", "2023-09-15", 2_000), statement
    )
    assert small.balance(accounts.PAYABLE) == 0


# --- names --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seller", "said"),
    [
        ("財團法人某某檢測中心", "某某檢測中心"),
        ("國立某某科技大學", "某某科技大學"),
        ("社團法人某某節能協會", "某某節能協會"),
        ("臺灣某某檢驗股份有限公司", "台灣某某檢驗"),
    ],
)
def test_the_supplier_named_is_paid_and_not_another_with_the_same_sum(
    small: SmallCase, seller: str, said: str
) -> None:
    files = [
        invoice("AB10000001", "2023-08-01", 10_000, seller=seller),
        invoice("AB10000002", "2023-08-19", 10_000),
    ]
    small.take(*files, own(("2023-08-20", -10_500, f"匯款 {said}")))
    assert small.case.unpaid["AB10000001"] == 0
    assert small.case.unpaid["AB10000002"] == 10_500


def test_a_piece_of_another_s_name_gives_nobody_a_payment(small: SmallCase) -> None:
    """The bank prints the middle of the other supplier's name; this one is owed the same sum and is nearer."""
    files = [
        invoice("AB10000001", "2023-07-01", 10_000, seller="大同某某精密機械股份有限公司"),
        invoice("AB10000002", "2023-08-19", 10_000),
    ]
    small.take(*files, own(("2023-08-20", -10_500, "匯款 某某精密貨款")))
    assert small.case.unpaid["AB10000002"] == 10_500


@pytest.mark.parametrize(
    ("day", "said", "is_paid"),
    [
        ("2024-06-20", SUPPLIER, True),  # 315 days later, in full
        ("2024-06-20", "AB10000001", True),
        ("2024-06-20", "晟鑫科技", False),  # cut short: asked
        ("2023-01-10", SUPPLIER, False),  # half a year before there was an invoice: asked
    ],
)
def test_the_exact_sum_at_any_distance(small: SmallCase, day: str, said: str, is_paid: bool) -> None:
    told = reasons(small, invoice("AB10000001", "2023-08-10", 10_000), own((day, -10_500, f"匯款 {said}")))
    assert (small.balance(accounts.PAYABLE) == 0) is is_paid
    assert ["AB10000001" in reason for reason in told] == [True] * (not is_paid)


# --- what is only proposed ----------------------------------------------------------------------------------


def test_one_debit_of_several_suppliers_is_proposed(small: SmallCase) -> None:
    files = [
        invoice("AB10000001", "2023-08-10", 10_000),
        invoice("AB10000002", "2023-08-11", 20_000, seller=OTHER),
    ]
    (told,) = reasons(small, *files, own(("2023-08-20", -31_500, "整批付款 貨款")))
    assert "AB10000001、AB10000002" in told
    assert small.balance(accounts.PAYABLE) == -31_500


@pytest.mark.parametrize(("paid", "names"), [(36_914, True), (37_800, True), (41_114, False)])
def test_a_fee_less_its_tax_and_premium_is_proposed(small: SmallCase, paid: int, names: bool) -> None:
    """42,000 owed: less 4,200 of tax and 886 of premium; less the tax alone; less the premium alone."""
    memo = "匯款 王小明" if names else "匯款"
    (told,) = reasons(
        small, invoice("AB10000001", "2023-08-10", 40_000, seller="王小明"), own(("2023-08-20", -paid, memo))
    )
    assert "AB10000001" in told
    assert "補充保費" in told


def test_the_bank_s_fee_taken_off_is_proposed(small: SmallCase) -> None:
    (told,) = reasons(
        small, invoice("AB10000001", "2023-08-10", 10_000), own(("2023-08-20", -10_470, f"匯款 {SUPPLIER}"))
    )
    assert "金額不同" in told
    assert small.balance(accounts.PAYABLE) == -10_500


def test_every_other_payment_is_nobody_s_business(small: SmallCase) -> None:
    report = small.take(
        invoice("AB10000001", "2023-08-10", 10_000),
        own(
            ("2023-08-20", -30_000, "匯款 別家有限公司"),
            ("2023-08-21", -3_000, f"匯款 {SUPPLIER}"),
            ("2023-08-22", -500, "關稅 海關"),
            ("2023-08-23", -15_000, "整批付款 薪資"),
        ),
    )
    assert (report.unmatched, report.not_of_case) == ([], 4)


def test_words_of_tax_and_premium() -> None:
    def line(amount: int, text: str) -> BankLine:
        return BankLine(datetime.date(2023, 12, 21), amount, None, text=text)

    assert line_kind.recognise_in(line(180, "免扣繳退稅 利息所得稅")).kind == "withholding"
    assert line_kind.recognise_in(line(44, "補充保費退還 退補充保費")).kind == "premium"
    assert line_kind.recognise_in(line(44, "利息存入")).kind == "interest"
