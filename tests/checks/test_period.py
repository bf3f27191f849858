"""Cost inside the period, payments not late."""

from __future__ import annotations

import pytest

from tests.checks.builder import Books


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2023-05-31", True),
        ("2023-06-01", False),
        ("2023-09-30", False),
        ("2023-10-01", True),
        ("2022-06-12", True),
    ],
)
def test_voucher_outside_period(books: Books, day: str, found: bool) -> None:
    planted = books.plant("voucher-date: 2023-06-12", f"voucher-date: {day}")
    assert planted.found("voucher-outside-period") == ([("AB12345678", 100_000)] if found else [])


def test_it_is_the_papers_date_that_counts(books: Books) -> None:
    late = books.plant('2023-09-11 * "益瀚', '2023-10-11 * "益瀚')
    assert late.found("voucher-outside-period") == []


@pytest.mark.parametrize(("month", "found"), [("2023-09", False), ("2023-10", True), ("2023-05", True)])
def test_payroll_is_judged_by_its_month(books: Books, month: str, found: bool) -> None:
    planted = books.plant('month: "2023-06"', f'month: "{month}"')
    assert planted.found("voucher-outside-period") == ([("p1", 22_000)] if found else [])


def test_payroll_that_names_no_month_is_of_its_paper_s(books: Books) -> None:
    unnamed = books.plant('  month: "2023-06"\n', "")
    assert unnamed.found("voucher-outside-period") == []
    late = unnamed.plant("voucher-date: 2023-06-30", "voucher-date: 2023-10-01")
    assert late.found("voucher-outside-period") == [("p1", 22_000)]


def test_payroll_of_a_month_that_the_period_only_touches(books: Books) -> None:
    planted = books.plant("end: 2023-09-30", "end: 2023-09-12").plant('month: "2023-06"', 'month: "2023-09"')
    assert planted.found("voucher-outside-period") == []


def test_reversals_come_when_they_come(books: Books) -> None:
    back = """
        2023-10-20 * "精密機械股份有限公司" "折讓" ^CD10000001
          voucher: "allowance"
          number: "CD10000001A"
          voucher-date: 2023-10-20
          reverses: "CD10000001"
          Expenses:2業者自籌款:03既有設備之改善費   -100 TWD
          Liabilities:1應付帳款                      100 TWD
    """
    assert books.add(back).found("voucher-outside-period") == []
    correction = back.replace('"allowance"', '"invoice"')  # whatever it is called
    assert books.add(correction).found("voucher-outside-period") == []
    unnamed = back.replace('          reverses: "CD10000001"\n', "")
    assert books.add(unnamed).found("voucher-outside-period") == []


@pytest.mark.parametrize(
    ("day", "found"), [("2023-10-31", False), ("2023-11-01", True), ("2023-10-15", False)]
)
def test_payment_late(books: Books, day: str, found: bool) -> None:
    planted = books.plant('2023-09-20 * "益瀚電機', f'{day} * "益瀚電機')
    assert planted.found("payment-late") == ([("EF10000001", 52_500)] if found else [])
    for finding in planted.findings("payment-late"):
        assert finding.severity == "warning"
        assert "此為推定規定" in finding.message


def test_payment_late_in_a_period_that_ends_within_a_month(books: Books) -> None:
    planted = books.plant("end: 2023-09-30", "end: 2023-09-15")
    assert planted.plant('2023-09-20 * "益瀚電機', '2023-10-15 * "益瀚電機').found("payment-late") == []
    assert planted.plant('2023-09-20 * "益瀚電機', '2023-10-16 * "益瀚電機').found("payment-late") == [
        ("EF10000001", 52_500)
    ]


def test_a_voucher_outside_the_period_is_found_once(books: Books) -> None:
    planted = books.plant("voucher-date: 2023-09-11", "voucher-date: 2023-10-11").plant(
        '2023-09-20 * "益瀚電機', '2023-11-15 * "益瀚電機'
    )
    assert planted.found("payment-late") == []
    payroll = planted.plant('2023-07-05 * "王大明"', '2023-11-16 * "王大明"')
    assert payroll.found("payment-late") == [("p1", 22_000)]


def test_a_dollar_paid_late_and_a_refund_that_came_late(books: Books) -> None:
    rest = """
        2023-11-01 * "益瀚電機有限公司" "付款" ^EF10000001
          Liabilities:1應付帳款   1 TWD
          Equity:1業者投入       -1 TWD
    """
    assert books.add(rest).found("payment-late") == [("EF10000001", 1)]
    refund = rest.replace("帳款   1 TWD", "帳款  -1 TWD").replace("投入       -1 TWD", "投入        1 TWD")
    assert books.add(refund).found("payment-late") == []


def test_what_is_paid_and_taken_back_in_one_entry_was_not_paid_late(books: Books) -> None:
    both = """
        2023-11-01 * "益瀚電機有限公司" "付款"
          Liabilities:1應付帳款   100 TWD
            number: "EF10000001"
          Liabilities:1應付帳款  -100 TWD
            number: "EF10000001"
          Liabilities:1應付帳款     1 TWD
            number: "p1"
          Equity:1業者投入         -1 TWD
    """
    assert books.add(both).found("payment-late") == [("p1", 1)]


PAYMENT = """2023-08-25 * "精密機械股份有限公司" "付款" ^CD10000001
  Liabilities:1應付帳款   210000 TWD
  Equity:1業者投入       -210000 TWD
"""


def test_voucher_unpaid(books: Books) -> None:
    unpaid = books.plant(PAYMENT, "")
    (finding,) = unpaid.findings("voucher-unpaid")
    assert (finding.voucher, finding.amount, finding.severity) == ("CD10000001", 210_000, "warning")
    part = books.plant(PAYMENT, PAYMENT.replace("210000", "200000"))
    assert part.found("voucher-unpaid") == [("CD10000001", 10_000)]
    dollar = books.plant(PAYMENT, PAYMENT.replace("210000", "209999"))
    assert dollar.found("voucher-unpaid") == [("CD10000001", 1)]


def test_a_voucher_without_a_number_cannot_be_told_from_paid_ones(books: Books) -> None:
    nameless = books.plant('  number: "AB12345678"\n', "")
    assert nameless.found("voucher-unpaid") == []
    assert nameless.plant(PAYMENT, "").found("voucher-unpaid") == [("CD10000001", 210_000)]


def test_voucher_unpaid_is_no_matter_while_the_case_runs(books: Books) -> None:
    unpaid = books.plant(PAYMENT, "")
    assert unpaid.on(2023, 9, 30).found("voucher-unpaid") == []
    assert unpaid.on(2023, 10, 1).found("voucher-unpaid") == [("CD10000001", 210_000)]
    longer = unpaid.plant("end: 2023-09-30", "end: 2024-05-31")
    assert longer.on(2023, 11, 13).found("voucher-unpaid") == []
    assert longer.on(2023, 11, 14).found("voucher-unpaid") == [("CD10000001", 210_000)]


def test_a_credit_note_pays_too(books: Books) -> None:
    note = """
        2023-09-20 * "精密機械股份有限公司" "折讓" ^CD10000001
          voucher: "allowance"
          number: "A1"
          reverses: "CD10000001"
          Expenses:1政府補助款:03既有設備之改善費  -5000 TWD
          Expenses:2業者自籌款:03既有設備之改善費  -5000 TWD
          Liabilities:1應付帳款                    10000 TWD
    """
    part = books.plant(PAYMENT, PAYMENT.replace("210000", "200000"))
    assert part.add(note).found("voucher-unpaid") == []


NET_PAYMENT = """
    2023-09-05 * "精密機械股份有限公司" "付款" ^CD10000001
      Liabilities:1應付帳款            210000 TWD
      Liabilities:4代扣款:1扣繳稅款    -21000 TWD
      Liabilities:4代扣款:2補充保費     -4431 TWD
      Equity:1業者投入               -184569 TWD
"""


def test_withholding_unremitted(books: Books) -> None:
    net = books.plant(PAYMENT, "").add(NET_PAYMENT)
    assert net.on(2023, 10, 10).found("withholding-unremitted") == []
    (finding,) = net.on(2023, 10, 11).findings("withholding-unremitted")
    assert (finding.voucher, finding.amount, finding.severity) == ("CD10000001", 21_000, "warning")
    assert net.on(2023, 10, 31).found("withholding-unremitted") == [("CD10000001", 21_000)]
    assert net.on(2023, 11, 1).found("withholding-unremitted") == [("CD10000001", 25_431)]
    assert net.found("voucher-unpaid") == net.found("voucher-overpaid") == []
    tax = """
        2023-10-09 * "" "扣繳稅款" ^CD10000001
          Liabilities:4代扣款:1扣繳稅款   21000 TWD
          Equity:1業者投入               -21000 TWD
    """
    assert net.add(tax).on(2023, 11, 1).found("withholding-unremitted") == [("CD10000001", 4_431)]
    premium = tax.replace("1扣繳稅款", "2補充保費").replace("21000", "4431").replace("10-09", "10-31")
    assert net.add(tax + premium).on(2023, 11, 1).found("withholding-unremitted") == []
