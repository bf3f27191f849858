"""A voucher's arithmetic."""

from __future__ import annotations

import pytest

from tests.checks.builder import Books
from tests.checks.pieces.costing import PAYROLL
from tests.checks.pieces.costing import WITH_TAX

RECEIPT = "  Expenses:2業者自籌款:01消耗性器材及原材料費   15001 TWD\n  Liabilities:1應付帳款                        -30001 TWD\n"

KEPT = WITH_TAX.replace("5500 TWD\n", "5000 TWD\n  Expenses:9不予認列:01消耗性器材及原材料費   500 TWD\n")


def numbered(number: str, day: str) -> str:
    """The same of another number on another day."""
    return WITH_TAX.replace("GH00000001", number).replace("2023-08-20", day)


def test_tax_in_cost(books: Books) -> None:
    planted = books.add(WITH_TAX)
    assert planted.found("tax-in-cost") == [("GH00000001", 500)]
    assert planted.found("cost-mismatch") == []


def test_part_of_the_tax_in_cost(books: Books) -> None:
    planted = books.add(WITH_TAX.replace("5500 TWD\n", "5200 TWD\n  Assets:2進項稅額   300 TWD\n"))
    assert planted.found("tax-in-cost") == [("GH00000001", 200)]


def test_tax_in_a_credit_note(books: Books) -> None:
    negative = (
        (WITH_TAX.replace("invoice", "allowance").replace("net: ", "net: -").replace("tax: ", "tax: -"))
        .replace("  5000 TWD", "  -5000 TWD")
        .replace("  5500 TWD", "  -5500 TWD")
        .replace("-10500", "10500")
    )
    assert books.add(negative).found("tax-in-cost") == [("GH00000001", 500)]
    booked = negative.replace("-5500 TWD\n", "-5000 TWD\n  Assets:2進項稅額   -500 TWD\n")
    assert books.add(booked).found("tax-in-cost") == []
    assert books.add(booked).found("cost-mismatch") == []


def test_tax_beyond_what_is_claimed_does_no_harm(books: Books) -> None:
    planted = books.add(KEPT)
    assert planted.found("tax-in-cost") == []
    assert planted.found("cost-mismatch") == []


def test_tax_kept_in_view_may_be_any_part_of_it_and_no_more(books: Books) -> None:
    dollar = KEPT.replace("費   500 TWD\n", "費   1 TWD\n  Assets:2進項稅額   499 TWD\n")
    assert books.add(dollar).found("cost-mismatch") == []
    more = KEPT.replace("費   500 TWD", "費   501 TWD").replace("-10500", "-10501")
    assert books.add(more).found("cost-mismatch") == [("GH00000001", 501)]
    untaxed = more.replace("tax: 500", "tax: 0").replace("費   501", "費   1").replace("-10501", "-10001")
    assert books.add(untaxed).found("cost-mismatch") == [("GH00000001", 1)]
    claimed = KEPT.replace("5000 TWD\n  Expenses:9", "5600 TWD\n  Expenses:9").replace(
        "費   500 ", "費   -300 "
    )
    assert books.add(claimed.replace("-10500", "-10300")).found("cost-mismatch") == [("GH00000001", 300)]


def test_tax_kept_in_view_of_a_credit_note_or_of_nothing(books: Books) -> None:
    def times(sign: str) -> str:
        text = KEPT.replace("net: 10000", f"net: {sign}10000").replace("tax: 500", f"tax: {sign}500")
        return text.replace("費   5", f"費   {sign}5").replace("-10500", "10500")

    note = times("-").replace('"invoice"', '"allowance"')
    assert books.add(note).found("cost-mismatch") == []
    beyond = note.replace("費   -500 ", "費   -501 ").replace("10500", "10501")
    assert books.add(beyond).found("cost-mismatch") == [("GH00000001", 501)]
    only_tax = (
        KEPT.replace("net: 10000", "net: 0").replace("   5000 TWD", "   0 TWD").replace("-10500", "-500")
    )
    assert books.add(only_tax).found("cost-mismatch") == []


def test_a_cost_unlike_its_net_is_found_beside_others(books: Books) -> None:
    wrong = numbered("GH00000003", "2023-08-21").replace("5500", "5501").replace("-10500", "-10501")
    for before in (WITH_TAX, KEPT):
        assert books.add(before + wrong).found("cost-mismatch") == [("GH00000003", 501)]


def test_more_than_the_tax_is_a_mismatch(books: Books) -> None:
    planted = books.add(WITH_TAX.replace("5500", "5501").replace("-10500", "-10501"))
    assert planted.found("tax-in-cost") == []
    assert planted.found("cost-mismatch") == [("GH00000001", 501)]


def test_receipt_without_tax_is_a_mismatch(books: Books) -> None:
    planted = books.plant(RECEIPT, RECEIPT.replace("15001", "15002").replace("-30001", "-30002"))
    assert planted.found("tax-in-cost") == []
    assert planted.found("cost-mismatch") == [("R1120710001", 1)]


def test_cost_below_net(books: Books) -> None:
    planted = books.plant(PAYROLL, PAYROLL.replace("22000", "20000"))
    assert planted.found("cost-mismatch") == [("p1", 2000)]


def test_a_part_claimed_from_nobody_is_no_mismatch(books: Books) -> None:
    planted = books.plant(
        PAYROLL,
        PAYROLL.replace(
            "05人事費   22000 TWD\n", "05人事費   20000 TWD\n  Expenses:9不予認列:05人事費   2000 TWD\n"
        ),
    )
    assert planted.found("cost-mismatch") == []


def test_without_net_nothing_can_be_said(books: Books) -> None:
    planted = books.add(WITH_TAX.replace("  net: 10000 TWD\n  tax: 500 TWD\n", ""))
    assert (
        planted.found("tax-in-cost")
        == planted.found("cost-mismatch")
        == planted.found("tax-arithmetic")
        == []
    )


@pytest.mark.parametrize(
    ("net", "tax", "amount"),
    [
        (10_000, 500, None),
        (10_000, 501, None),
        (10_000, 499, None),
        (10_000, 502, 2),
        (10_010, 501, None),
        (100, 10, 5),
        (10_500, 500, 25),
        (100, 1, 4),
        (10, 10, 9),
        (-10_000, 500, 1000),  # a sign that was forgotten
        (10_000, 0, None),  # no tax at all: zero-rated or exempt
    ],
)
def test_tax_arithmetic(books: Books, net: int, tax: int, amount: int | None) -> None:
    planted = books.add(WITH_TAX.replace("net: 10000", f"net: {net}").replace("tax: 500", f"tax: {tax}"))
    expected = [] if amount is None else [("GH00000001", amount)]
    assert planted.found("tax-arithmetic") == expected


def test_an_invoice_without_net_or_tax_is_not_judged(books: Books) -> None:
    wrong = WITH_TAX.replace("tax: 500", "tax: 900")
    assert books.add(wrong).found("tax-arithmetic") == [("GH00000001", 400)]
    for row in ("  net: 10000 TWD\n", "  tax: 900 TWD\n"):
        assert books.add(wrong.replace(row, "")).found("tax-arithmetic") == []


@pytest.mark.parametrize("kind", ['"9"', '"2"', '"4"', '"mixed"'])
def test_tax_arithmetic_of_other_rates(books: Books, kind: str) -> None:
    planted = books.add(WITH_TAX.replace("tax: 500 TWD", f"tax: 300 TWD\n  tax-type: {kind}"))
    assert planted.found("tax-arithmetic") == []
    wrong = numbered("GH00000003", "2023-08-21").replace("tax: 500", "tax: 300")
    assert planted.add(wrong).found("tax-arithmetic") == [("GH00000003", 200)]


def test_tax_arithmetic_of_receipts_is_not_judged(books: Books) -> None:
    assert (
        books.add(WITH_TAX.replace('"invoice"', '"receipt"').replace("tax: 500", "tax: 900")).found(
            "tax-arithmetic"
        )
        == []
    )


def test_lines_allow_for_their_rounding(books: Books) -> None:
    several = WITH_TAX.replace("tax: 500", "tax: 502").replace(
        "5000 TWD\n",
        '2500 TWD\n    item: "甲"\n  Expenses:1政府補助款:01消耗性器材及原材料費   2500 TWD\n    item: "乙"\n',
        1,
    )
    assert books.add(several).found("tax-arithmetic") == []


def test_split_mismatch_names_both_figures(books: Books) -> None:
    planted = books.plant(
        "改善費   100000 TWD\n  Expenses:2業者自籌款:03既有設備之改善費   100000 TWD",
        "改善費   120000 TWD\n  Expenses:2業者自籌款:03既有設備之改善費   80000 TWD",
    )
    (finding,) = planted.findings("split-mismatch")
    assert (finding.voucher, finding.amount) == ("CD10000001", 20_000)
    assert "100,000 元" in finding.message
    assert "120,000 元" in finding.message
    assert finding.message.endswith("(此為推定規定,請洽承辦人)")


def test_split_follows_the_cumulative_share(books: Books) -> None:
    # 30,001 earns 15,000; with 50,000 more it is 40,000 in all, so the second voucher earns 25,000
    assert books.found("split-mismatch") == []
    off = books.plant(
        "原材料費   15000 TWD\n  Expenses:2業者自籌款:01消耗性器材及原材料費   15001",
        "原材料費   15001 TWD\n  Expenses:2業者自籌款:01消耗性器材及原材料費   15000",
    )
    assert off.found("split-mismatch") == [("R1120710001", 1)]


def test_split_beyond_the_approved_grant_is_self_funded(books: Books) -> None:
    more = """
        2023-09-15 * "精密機械股份有限公司" "五軸加工機主軸冷卻模組" ^EF10000009
          voucher: "invoice"
          number: "EF10000009"
          net: 200000 TWD
          tax: 10000 TWD
          Expenses:1政府補助款:03既有設備之改善費   50000 TWD
          Expenses:2業者自籌款:03既有設備之改善費  150000 TWD
          Assets:2進項稅額   10000 TWD
          Liabilities:1應付帳款  -210000 TWD
    """
    assert books.add(more).found("split-mismatch") == []
    assert books.add(more.replace(" 50000", "100000").replace("150000", "100000")).found(
        "split-mismatch"
    ) == [("EF10000009", 50_000)]


@pytest.mark.parametrize(
    ("first", "found"),
    [
        ("01消耗性器材及原材料費   5000", []),
        ("08基礎工程施工費   5000", []),  # without budget, which category-unknown says
        ("01消耗性器材及原材料費   4000", [("GH00000001", 1000)]),
    ],
)
def test_split_of_every_line_is_judged(books: Books, first: str, found: list[tuple[str, int]]) -> None:
    own = 10_000 - int(first[-4:])
    lines = f"""
        2023-08-20 * "益瀚電機有限公司" "感測器模組" ^GH00000001
          voucher: "invoice"
          number: "GH00000001"
          net: 20000 TWD
          tax: 1000 TWD
          Expenses:1政府補助款:{first} TWD
            item: "甲"
          Expenses:2業者自籌款:{first[:-7]}   {own} TWD
            item: "甲"
          Expenses:1政府補助款:03既有設備之改善費   4000 TWD
          Expenses:2業者自籌款:03既有設備之改善費   6000 TWD
          Assets:2進項稅額   1000 TWD
          Liabilities:1應付帳款  -21000 TWD
    """
    assert books.add(lines).found("split-mismatch") == [*found, ("GH00000001", 1000)]


DIRECT = """
2023-09-21 * "益瀚電機有限公司" "付款" ^EF10000001
  Liabilities:1應付帳款       52500 TWD
  Assets:1專戶:1政府補助款   -25000 TWD
  Assets:1專戶:2業者自籌款   -27500 TWD
"""


def test_tax_paid_by_grant(books: Books) -> None:
    assert books.add(DIRECT).found("tax-paid-by-grant") == []
    over = DIRECT.replace("-25000", "-26000").replace("-27500", "-26500")
    (finding,) = books.add(over).findings("tax-paid-by-grant")
    assert (finding.voucher, finding.amount) == ("EF10000001", 1000)
    assert "付了 26,000 元,超過其補助款部分 25,000 元" in finding.message
    dollar = DIRECT.replace("-25000", "-25001").replace("-27500", "-27499")
    assert books.add(dollar).found("tax-paid-by-grant") == [("EF10000001", 1)]


def test_tax_paid_by_grant_adds_up_all_payments_of_a_voucher(books: Books) -> None:
    part = """
        2023-09-21 * "益瀚電機有限公司" "付款" ^EF10000001
          Liabilities:1應付帳款       13000 TWD
          Assets:1專戶:1政府補助款   -13000 TWD
    """
    assert books.add(part).found("tax-paid-by-grant") == []
    assert books.add(part + part).found("tax-paid-by-grant") == [("EF10000001", 1000)]


def test_a_payment_of_an_unknown_voucher_is_not_judged(books: Books) -> None:
    unknown = DIRECT.replace("EF10000001", "ZZ10000001")
    assert books.add(unknown).found("tax-paid-by-grant") == []
    over = DIRECT.replace("-25000", "-26000").replace("-27500", "-26500")
    assert books.add(unknown + over).found("tax-paid-by-grant") == [("EF10000001", 1000)]


def test_tax_paid_by_grant_names_the_voucher_as_it_is_numbered(books: Books) -> None:
    numbered = books.plant('number: "EF10000001"', 'number: "收1120911"')
    named = numbered.plant("^EF10000001", "^u6536.1120911", count=2)
    direct = (
        DIRECT.replace("EF10000001", "u6536.1120911").replace("-25000", "-26000").replace("-27500", "-26500")
    )
    (finding,) = named.add(direct).findings("tax-paid-by-grant")
    assert finding.voucher == "收1120911"
    assert "收1120911" in finding.message


CREDITED = """
2023-09-{day} * "益瀚電機有限公司" "感測器模組 折讓" ^AL00000001
  voucher: "allowance"
  number: "AL00000001"
  reverses: "EF10000001"
  net: -10000 TWD
  tax: -500 TWD
  Expenses:1政府補助款:01消耗性器材及原材料費   -5000 TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費   -5000 TWD
  Assets:2進項稅額                               -500 TWD
  Liabilities:1應付帳款                         10500 TWD
"""


def test_tax_paid_by_grant_of_what_a_credit_note_left(books: Books) -> None:
    before, after = CREDITED.format(day=18), CREDITED.format(day=25)
    for day in (before, CREDITED.format(day=21)):  # the day of the payment is none after it
        assert books.add(day + DIRECT).found("tax-paid-by-grant") == [("EF10000001", 5000)]
    assert books.add(after + DIRECT).found("tax-paid-by-grant") == []  # right when it was paid
    refund = """
        2023-09-26 * "益瀚電機有限公司" "退款" ^EF10000001
          Liabilities:1應付帳款      -10500 TWD
          Assets:1專戶:1政府補助款     5000 TWD
          Assets:1專戶:2業者自籌款     5500 TWD
    """
    assert books.add(after + DIRECT).add(refund).found("tax-paid-by-grant") == []
    short = refund.replace(" 5000 TWD", " 4000 TWD").replace(" 5500 TWD", " 6500 TWD")
    assert books.add(after + DIRECT).add(short).found("tax-paid-by-grant") == [("EF10000001", 1000)]


UNTAXED = """
2023-06-20 * "東岳金屬有限公司" "切削油" ^GH00000009
  voucher: "invoice"
  number: "GH00000009"
  voucher-date: 2023-06-20
  net: 10500 TWD
  item: "切削油"
  Expenses:1政府補助款:01消耗性器材及原材料費   5250 TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費   5250 TWD
  Liabilities:1應付帳款  -10500 TWD
"""


def test_an_invoice_whose_gross_is_written_as_its_net_is_told_with_its_parts(books: Books) -> None:
    assert books.add(UNTAXED).found("invoice-without-tax") == [("GH00000009", 500)]
    zero = UNTAXED.replace("net: 10500 TWD", "net: 10500 TWD\n  tax: 0 TWD")
    assert books.add(zero).found("invoice-without-tax") == [("GH00000009", 500)]


@pytest.mark.parametrize(
    "said", ['tax-type: "2"', 'tax-type: "3"', 'tax-type: "untold"', 'buyer: "0000000000"']
)
def test_an_invoice_that_says_why_it_has_no_tax_is_none(books: Books, said: str) -> None:
    text = UNTAXED.replace("  item:", f"  {said}\n  item:")
    assert books.add(text).found("invoice-without-tax") == []


def test_a_receipt_or_a_taxed_invoice_is_no_invoice_without_tax(books: Books) -> None:
    assert books.add(UNTAXED.replace('"invoice"', '"receipt"')).found("invoice-without-tax") == []
    taxed = (
        UNTAXED.replace("net: 10500 TWD", "net: 10500 TWD\n  tax: 525 TWD")
        .replace("  Liabilities", "  Assets:2進項稅額  525 TWD\n  Liabilities")
        .replace("-10500", "-11025")
    )
    assert books.add(taxed).found("invoice-without-tax") == []
