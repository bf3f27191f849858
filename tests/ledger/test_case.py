"""A case read from ledger text, as a user could have written it: what it says comes out as figures."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from ledger.case import Case
from ledger.case import VoucherLine
from tests.ledger.ledgers import LEAD
from tests.ledger.ledgers import case_of_text
from tests.ledger.ledgers import day
from tests.ledger.ledgers import load

AWARD = """
2023-06-01 custom "grant-award" "112-試-001"
  scheme: "small-manufacturer-112"
  company: "主辦公司"
  ubn: "11688527"
  start: 2023-06-01
  end: 2024-05-31
2023-06-01 custom "grant-budget" "improvement" 98000 TWD 164400 TWD
2023-06-01 custom "grant-budget" "consumables" 50000 TWD 50000 TWD
2023-06-01 custom "grant-budget" "personnel" 0 TWD 80000 TWD
"""

INVOICE = """
2023-07-12 * "精密機械股份有限公司" "主軸冷卻模組" ^AB12345678
  voucher: "invoice"
  number: "AB12345678"
  voucher-date: 2023-07-10
  seller: "40953019"
  buyer: "11688527"
  net: 150000 TWD
  tax: 7500 TWD
  item: "主軸冷卻模組"
  quantity: 1.5
  document: "2023-07-10.AB12345678.pdf"
  document-2: "2023-07-10.photo.jpg"
  import-id: "invoice:11208:AB12345678"
  Expenses:1政府補助款:03既有設備之改善費   56021 TWD
  Expenses:2業者自籌款:03既有設備之改善費   93979 TWD
  Assets:2進項稅額                           7500 TWD
  Liabilities:1應付帳款                   -157500 TWD
"""

SECOND = """
2023-09-12 * "精密機械股份有限公司" "主軸冷卻模組" ^CD12345678
  voucher: "invoice"
  number: "CD12345678"
  item: "主軸冷卻模組"
  Expenses:1政府補助款:03既有設備之改善費   18674 TWD
  Expenses:2業者自籌款:03既有設備之改善費   31326 TWD
  Liabilities:1應付帳款                    -50000 TWD
"""

CREDIT_NOTE = """
2023-08-20 * "精密機械股份有限公司" "折讓" ^ZZ00000001
  voucher: "allowance"
  number: "ZZ00000001"
  reverses: "AB12345678"
  item: "主軸冷卻模組"
  Expenses:1政府補助款:03既有設備之改善費   -3735 TWD
  Expenses:2業者自籌款:03既有設備之改善費   -6265 TWD
  Assets:2進項稅額                           -500 TWD
  Liabilities:1應付帳款                     10500 TWD
"""

MIXED = """
2023-07-20 * "五金行" "雜項" ^EF12345678
  voucher: "invoice"
  number: "EF12345678"
  net: 12000 TWD
  Expenses:1政府補助款:01消耗性器材及原材料費   3000 TWD
    item: "切削液"
    quantity: 3
  Expenses:2業者自籌款:01消耗性器材及原材料費   3000 TWD
    item: "切削液"
    quantity: 3
  Expenses:1政府補助款:01消耗性器材及原材料費   1000 TWD
    item: "濾心"
  Expenses:2業者自籌款:01消耗性器材及原材料費   1000 TWD
    item: "濾心"
  Expenses:9不予認列:01消耗性器材及原材料費     4000 TWD
    item: "文具"
  Liabilities:1應付帳款                       -12000 TWD
"""


def finding(voucher: str, state: str, deducted: str = "", on: str = "2024-06-20", name: str = "F-1") -> str:
    amount = f"  deducted: {deducted} TWD\n" if deducted else ""
    return f'{on} custom "grant-finding" "{name}"\n  voucher: "{voucher}"\n  state: "{state}"\n{amount}'


def improvement(case: Case) -> tuple[int, int]:
    """(accepted, disallowed) of the category that most tests are about."""
    return case.cost()[LEAD, "improvement"]


def test_a_voucher_is_read_as_it_stands() -> None:
    (voucher,) = case_of_text(AWARD + INVOICE).vouchers
    assert (voucher.kind, voucher.number, voucher.seller, voucher.seller_name) == (
        "invoice",
        "AB12345678",
        "40953019",
        "精密機械股份有限公司",
    )
    assert (voucher.date, voucher.booked, voucher.month) == (day("2023-07-10"), day("2023-07-12"), "2023-07")
    assert (voucher.net, voucher.tax, voucher.input_tax, voucher.payable) == (150_000, 7_500, 7_500, 157_500)
    assert (voucher.cost, voucher.government, voucher.booked_cost) == (150_000, 56_021, 150_000)
    assert voucher.lines == (VoucherLine("improvement", "主軸冷卻模組", Decimal("1.5"), 56_021, 93_979, 0),)
    assert voucher.documents == ("2023-07-10.AB12345678.pdf", "2023-07-10.photo.jpg")
    assert voucher.meta("import-id") == "invoice:11208:AB12345678"
    assert (voucher.buyer, voucher.party) == (LEAD, LEAD)


def test_the_period_one_and_two_of_the_golden_workbook() -> None:
    case = case_of_text(AWARD + INVOICE + SECOND)
    assert case.entitlement(day("2023-07-31")) == 56_021
    assert case.entitlement(day("2023-09-30")) == 74_695
    assert [case.expected_splits[id(voucher.entry)] for voucher in case.vouchers] == [(56_021,), (18_674,)]


def test_a_voucher_of_several_lines() -> None:
    (voucher,) = case_of_text(AWARD + MIXED).vouchers
    assert voucher.lines == (
        VoucherLine("consumables", "切削液", Decimal(3), 3_000, 3_000, 0),
        VoucherLine("consumables", "濾心", None, 1_000, 1_000, 0),
        VoucherLine("consumables", "文具", None, 0, 0, 4_000),
    )
    assert (voucher.cost, voucher.booked_cost, voucher.net) == (8_000, 12_000, 12_000)
    assert case_of_text(AWARD + MIXED).cost()[LEAD, "consumables"] == (8_000, 4_000)


def test_a_hand_written_entry_without_metadata_is_cost_all_the_same() -> None:
    case = case_of_text(
        AWARD
        + """
2023-07-01 * "五金行" "螺絲"
  Expenses:2業者自籌款:01消耗性器材及原材料費   100 TWD
  Equity:1業者投入                             -100 TWD
"""
    )
    (voucher,) = case.vouchers
    assert (voucher.kind, voucher.number, voucher.net, voucher.payable) == ("", "", None, 0)
    assert voucher.lines[0].item == "螺絲"
    assert case.cost()[LEAD, "consumables"] == (100, 0)


def test_a_credit_note_takes_from_cost_and_from_what_is_payable() -> None:
    case = case_of_text(AWARD + INVOICE + CREDIT_NOTE)
    assert improvement(case) == (140_000, 0)
    assert case.unpaid == {"AB12345678": 157_500 - 10_500}
    assert case.entitlement(day("2023-08-31")) == 140_000 * 98_000 // 262_400


def test_credit_notes_that_outweigh_the_cost_earn_nothing() -> None:
    case = case_of_text(AWARD + CREDIT_NOTE)
    assert improvement(case) == (-10_000, 0)
    assert case.entitlement(day("2023-08-31")) == 0
    assert case.expected_splits[id(case.vouchers[0].entry)] == (0,)


@pytest.mark.parametrize(
    ("state", "deducted", "accepted", "disallowed"),
    [
        ("open", "", 150_000, 0),
        ("replied", "", 150_000, 0),
        ("accepted", "", 150_000, 0),
        ("disallowed", "", 0, 150_000),
        ("disallowed", "40000", 110_000, 40_000),
        ("disallowed", "999999", 0, 150_000),
        ("disallowed", "0", 150_000, 0),
        ("disallowed", "-5", 150_000, 0),
        ("parked", "", 0, 0),
        ("parked", "40000", 0, 0),
    ],
)
def test_what_a_finding_takes(state: str, deducted: str, accepted: int, disallowed: int) -> None:
    case = case_of_text(AWARD + INVOICE + finding("AB12345678", state, deducted))
    assert improvement(case) == (accepted, disallowed)


def test_parked_is_as_if_absent() -> None:
    parked = case_of_text(AWARD + INVOICE + SECOND + finding("AB12345678", "parked"))
    absent = case_of_text(AWARD + SECOND)
    assert parked.cost() == absent.cost()
    assert parked.government_shares() == absent.government_shares()


def test_a_finding_in_its_latest_state_and_only_from_its_day() -> None:
    text = AWARD + INVOICE + finding("AB12345678", "parked", on="2024-06-20")
    text += finding("AB12345678", "disallowed", "10000", on="2024-07-20")
    assert improvement(case_of_text(text, day("2024-06-19"))) == (150_000, 0)
    assert improvement(case_of_text(text, day("2024-07-19"))) == (0, 0)
    assert improvement(case_of_text(text, day("2024-07-20"))) == (140_000, 10_000)
    assert [f.state for f in case_of_text(text).filed] == ["parked", "disallowed"]


def test_two_findings_on_one_voucher_take_no_more_than_it_is() -> None:
    text = AWARD + INVOICE + finding("AB12345678", "disallowed", "100000")
    text += finding("AB12345678", "disallowed", "90000", name="F-2")
    assert improvement(case_of_text(text)) == (0, 150_000)
    partly = (
        AWARD
        + INVOICE
        + finding("AB12345678", "disallowed", "30000")
        + finding("AB12345678", "parked", name="F-2")
    )
    assert improvement(case_of_text(partly)) == (0, 30_000)


def test_a_voucher_struck_out_takes_its_credit_note_with_it() -> None:
    text = AWARD + INVOICE + CREDIT_NOTE + SECOND
    assert improvement(case_of_text(text + finding("AB12345678", "disallowed"))) == (50_000, 140_000)
    assert improvement(case_of_text(text + finding("AB12345678", "parked"))) == (50_000, 0)
    assert improvement(case_of_text(text + finding("AB12345678", "disallowed", "145000"))) == (
        50_000,
        140_000,
    )
    assert improvement(case_of_text(text + finding("AB12345678", "disallowed", "1000"))) == (189_000, 1_000)


def test_striking_out_a_credit_note_raises_nothing() -> None:
    text = AWARD + INVOICE + CREDIT_NOTE
    assert improvement(case_of_text(text + finding("ZZ00000001", "disallowed"))) == (140_000, 0)
    assert improvement(case_of_text(text + finding("ZZ00000001", "parked"))) == (140_000, 0)


def test_what_a_finding_takes_comes_off_the_lines_in_their_order() -> None:
    case = case_of_text(AWARD + MIXED + finding("EF12345678", "disallowed", "7000"))
    assert case.accepted_lines(case.vouchers[0]) == [
        ("consumables", 0, 6_000),
        ("consumables", 1_000, 1_000),
        ("consumables", 0, 4_000),
    ]


def test_a_finding_on_no_voucher_takes_nothing() -> None:
    assert improvement(case_of_text(AWARD + INVOICE + finding("", "disallowed"))) == (150_000, 0)
    assert improvement(case_of_text(AWARD + INVOICE + finding("XX00000000", "disallowed"))) == (150_000, 0)


def test_a_number_booked_twice_is_told_apart_by_the_finding_s_voucher_id() -> None:
    again = INVOICE.replace("invoice:11208", "other:11208").replace("2023-07-12", "2023-07-13")
    named = finding("AB12345678", "disallowed") + '  voucher-id: "other:11208:AB12345678"\n'
    assert improvement(case_of_text(AWARD + INVOICE + again + named)) == (150_000, 150_000)
    assert improvement(case_of_text(AWARD + INVOICE + again + finding("AB12345678", "disallowed"))) == (
        0,
        300_000,
    )


# --- payments and movements ------------------------------------------------------------------------------


def paid(text: str, before: str = INVOICE) -> Case:
    return case_of_text(AWARD + before + text)


def test_a_payment_from_the_company_s_bank() -> None:
    case = paid(
        """
2023-07-20 * "精密機械" "匯款" ^AB12345678
  Liabilities:1應付帳款   157500 TWD
  Equity:1業者投入       -157500 TWD
"""
    )
    (payment,) = case.payments
    assert (payment.number, payment.amount, payment.from_grant, payment.from_own) == (
        "AB12345678",
        157_500,
        0,
        0,
    )
    assert case.unpaid == {"AB12345678": 0}
    assert case.movements == []
    assert case.withdrawn() == 0


def test_a_payment_out_of_the_dedicated_account() -> None:
    case = paid(
        """
2023-07-20 * "精密機械" "匯款" ^AB12345678
  Liabilities:1應付帳款     157500 TWD
  Assets:1專戶:1政府補助款  -56021 TWD
  Assets:1專戶:2業者自籌款 -101479 TWD
"""
    )
    (payment,) = case.payments
    assert (payment.from_grant, payment.from_own) == (56_021, 101_479)
    (movement,) = case.movements
    assert (movement.kind, movement.grant, movement.own) == ("payment", -56_021, -101_479)
    assert case.withdrawn() == 56_021


TWO = INVOICE + SECOND
BOTH = """
2023-09-20 * "精密機械" "匯款" ^AB12345678 ^CD12345678
  Liabilities:1應付帳款     157500 TWD
    number: "AB12345678"
  Liabilities:1應付帳款      50000 TWD
    number: "CD12345678"
  Assets:1專戶:1政府補助款  -74695 TWD
  Assets:1專戶:2業者自籌款 -132805 TWD
"""


def test_several_vouchers_paid_at_once_each_bear_their_own_part() -> None:
    case = paid(BOTH, TWO)
    assert [(p.number, p.amount, p.from_grant, p.from_own) for p in case.payments] == [
        ("AB12345678", 157_500, 56_021, 101_479),
        ("CD12345678", 50_000, 18_674, 31_326),
    ]


def test_what_the_postings_say_of_the_grant_s_part_goes_before_what_is_worked_out() -> None:
    told = BOTH.replace('"AB12345678"\n', '"AB12345678"\n    government: 50000 TWD\n')
    told = told.replace('number: "CD12345678"\n', 'number: "CD12345678"\n    government: 24695 TWD\n')
    assert [(p.from_grant, p.from_own) for p in paid(told, TWO).payments] == [
        (50_000, 107_500),
        (24_695, 25_305),
    ]


def test_grant_money_beyond_the_parts_is_shown_on_the_first() -> None:
    over = BOTH.replace("-74695", "-80000").replace("-132805", "-127500")
    assert [(p.from_grant, p.from_own) for p in paid(over, TWO).payments] == [
        (61_326, 96_174),
        (18_674, 31_326),
    ]


def test_a_refund_into_the_dedicated_account_gives_back_what_was_withdrawn() -> None:
    refund = """
2023-07-20 * "精密機械" "匯款" ^AB12345678
  Liabilities:1應付帳款     157500 TWD
  Assets:1專戶:1政府補助款  -56021 TWD
  Assets:1專戶:2業者自籌款 -101479 TWD
2023-08-25 * "精密機械" "退款" ^AB12345678
  Liabilities:1應付帳款     -10500 TWD
  Assets:1專戶:1政府補助款    3735 TWD
  Assets:1專戶:2業者自籌款    6765 TWD
"""
    case = paid(refund, INVOICE + CREDIT_NOTE)
    assert [movement.kind for movement in case.movements] == ["payment", "payment"]
    assert case.withdrawn() == 56_021 - 3_735
    assert case.unpaid == {"AB12345678": 0}


def test_cost_paid_in_one_entry_out_of_the_dedicated_account_is_no_withdrawal() -> None:
    case = case_of_text(
        AWARD
        + """
2023-07-01 * "五金行" "螺絲"
  Expenses:1政府補助款:01消耗性器材及原材料費    50 TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費    50 TWD
  Assets:1專戶:1政府補助款                     -50 TWD
  Assets:1專戶:2業者自籌款                     -50 TWD
"""
    )
    assert [(m.kind, m.grant, m.own) for m in case.movements] == [("payment", -50, -50)]


@pytest.mark.parametrize(
    ("postings", "meta", "kind"),
    [
        ("Assets:1專戶:1政府補助款 9 TWD\n  Liabilities:3預收補助款 -9 TWD", "", "instalment"),
        ("Assets:1專戶:1政府補助款 9 TWD\n  Liabilities:2應繳國庫:1孳息 -9 TWD", "", "interest"),
        ("Assets:1專戶:1政府補助款 -9 TWD\n  Assets:3扣繳稅款 9 TWD", "", "withholding"),
        ("Assets:1專戶:1政府補助款 -9 TWD\n  Equity:1業者投入 9 TWD", "", "withdrawal"),
        ("Assets:1專戶:1政府補助款 9 TWD\n  Equity:1業者投入 -9 TWD", 'kind: "return"', "withdrawal"),
        ("Assets:1專戶:1政府補助款 -9 TWD\n  Equity:1業者投入 9 TWD", 'kind: "fee"', "fee"),
        ("Assets:1專戶:1政府補助款 -9 TWD\n  Equity:1業者投入 9 TWD", 'kind: "unexplained"', "unexplained"),
        ("Assets:1專戶:2業者自籌款 9 TWD\n  Equity:1業者投入 -9 TWD", "", "own-money"),
        ("Assets:1專戶:2業者自籌款 9 TWD\n  Equity:1業者投入 -9 TWD", 'kind: "deposit"', "deposit"),
        ("Assets:1專戶:1政府補助款 9 TWD\n  Equity:1業者投入 -9 TWD", "", "deposit"),
        ("Assets:1專戶:2業者自籌款 -9 TWD\n  Equity:1業者投入 9 TWD", "", "own-money"),
        ("Liabilities:2應繳國庫:1孳息 9 TWD\n  Equity:1業者投入 -9 TWD", "", "remittance"),
        ("Liabilities:2應繳國庫:2結餘款 9 TWD\n  Assets:1專戶:1政府補助款 -9 TWD", "", "remittance"),
    ],
)
def test_kinds_of_movements(postings: str, meta: str, kind: str) -> None:
    meta = f"  {meta}\n" if meta else ""
    case = case_of_text(AWARD + f'\n2023-07-01 * "" "移轉"\n{meta}  {postings}\n')
    assert [movement.kind for movement in case.movements] == [kind]


def test_interest_is_gross_however_the_tax_was_booked() -> None:
    case = case_of_text(
        AWARD
        + """
2023-12-20 * "" "利息"
  Assets:1專戶:1政府補助款        18000 TWD
  Assets:3扣繳稅款                 2001 TWD
  Liabilities:2應繳國庫:1孳息    -20001 TWD
2024-06-20 * "" "利息"
  Assets:1專戶:1政府補助款        30000 TWD
  Liabilities:2應繳國庫:1孳息    -30000 TWD
2024-06-20 * "" "代扣所得稅"
  Assets:1專戶:1政府補助款        -3000 TWD
  Assets:3扣繳稅款                 3000 TWD
2024-07-01 * "" "孳息繳庫"
  Liabilities:2應繳國庫:1孳息     50001 TWD
  Assets:1專戶:1政府補助款       -45000 TWD
  Equity:1業者投入                -5001 TWD
2024-07-01 * "" "結餘繳庫"
  Liabilities:2應繳國庫:2結餘款     100 TWD
  Equity:1業者投入                 -100 TWD
"""
    )
    assert sum(m.interest for m in case.movements) == 50_001
    assert sum(m.tax for m in case.movements) == 5_001
    assert sum(m.remitted_interest for m in case.movements) == 50_001
    assert sum(m.remitted_surplus for m in case.movements) == 100


def test_the_settlement_s_own_entry_remits_nothing() -> None:
    case = case_of_text(
        AWARD
        + """
2024-07-01 * "" "結案認列"
  Liabilities:3預收補助款        1000 TWD
  Income:1補助收入               -900 TWD
  Liabilities:2應繳國庫:2結餘款  -100 TWD
"""
    )
    assert case.movements == []


def test_months_named_and_money_received() -> None:
    case = case_of_text(
        AWARD
        + """
2023-06-05 * "產業發展署" "撥款"
  Assets:1專戶:1政府補助款  100000 TWD
  Liabilities:3預收補助款  -100000 TWD
2023-08-05 * "" "提領"
  months: "2023-06 2023-07"
  Assets:1專戶:1政府補助款  -56021 TWD
  Equity:1業者投入           56021 TWD
"""
    )
    assert case.movements[1].months == ("2023-06", "2023-07")
    assert (case.received(), case.received(day("2023-06-04"))) == (100_000, 0)
    assert (case.withdrawn(day("2023-08-04")), case.withdrawn(day("2023-08-05"))) == (0, 56_021)


# --- as of a day -------------------------------------------------------------------------------------------

REVISION = """
2023-09-01 custom "grant-budget" "improvement" 131200 TWD 131200 TWD
  approval: "產授字第1號"
"""


def test_a_revision_is_caught_up_with_by_the_next_voucher() -> None:
    case = case_of_text(AWARD + INVOICE + REVISION + SECOND)
    assert [case.expected_splits[id(voucher.entry)] for voucher in case.vouchers] == [
        (56_021,),
        (100_000 - 56_021,),
    ]
    assert case.entitlement(day("2023-08-31")) == 56_021
    assert case.entitlement(day("2023-09-01")) == 75_000  # earned by the new budget before any new voucher
    assert case.entitlement(day("2023-09-30")) == 100_000


def test_a_revision_downwards_takes_back_what_was_given() -> None:
    lower = REVISION.replace("131200 TWD 131200", "26240 TWD 236160")
    case = case_of_text(AWARD + INVOICE + lower + SECOND)
    assert [case.expected_splits[id(voucher.entry)] for voucher in case.vouchers] == [
        (56_021,),
        (20_000 - 56_021,),
    ]


def test_a_revision_nobody_approved_changes_nothing() -> None:
    asked = REVISION.replace('  approval: "產授字第1號"\n', "")
    assert case_of_text(AWARD + INVOICE + asked + SECOND).entitlement(day("2023-09-30")) == 74_695


def test_every_figure_as_of_a_day() -> None:
    text = AWARD + INVOICE + REVISION + SECOND + finding("AB12345678", "disallowed")
    before = case_of_text(text, day("2023-08-31"))
    assert improvement(before) == (150_000, 0)
    assert before.government_shares()[LEAD, "improvement"] == 56_021
    assert [voucher.number for voucher in before.vouchers] == ["AB12345678"]
    running = case_of_text(text, day("2023-09-30"))
    assert running.government_shares()[LEAD, "improvement"] == 100_000
    judged = case_of_text(text, day("2024-06-20"))
    assert judged.government_shares()[LEAD, "improvement"] == 25_000


def test_the_order_of_vouchers_changes_no_total() -> None:
    swapped = AWARD + SECOND.replace("2023-09-12", "2023-07-01") + INVOICE
    one, other = case_of_text(AWARD + INVOICE + SECOND), case_of_text(swapped)
    assert one.government_shares() == other.government_shares()
    assert sum(sum(parts) for parts in one.expected_splits.values()) == sum(
        sum(parts) for parts in other.expected_splits.values()
    )


# --- what cannot be understood ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("56021 TWD", "56021.5 TWD"),
        ("voucher-date: 2023-07-10", 'voucher-date: "2023-07-10"'),
        ("net: 150000 TWD", 'net: "150000"'),
    ],
)
def test_what_cannot_be_understood_is_a_problem_with_its_entry(old: str, new: str) -> None:
    text = INVOICE.replace(old, new).replace("93979 TWD", "93978.5 TWD" if "021.5" in new else "93979 TWD")
    case = Case(load(AWARD + text), as_of=day("2024-01-01"))
    assert [problem.entry.date for problem in case.problems] == [day("2023-07-12")]
    assert case.vouchers == []


def test_a_scheme_nobody_knows_is_a_problem_and_figures_are_empty() -> None:
    case = Case(load(AWARD.replace("small-manufacturer-112", "no-such") + INVOICE), as_of=day("2024-01-01"))
    assert case.scheme is None
    assert len(case.problems) == 1
    assert (case.government_shares(), case.expected_splits, case.entitlement(day("2024-01-01"))) == (
        {},
        {},
        0,
    )


def test_a_ledger_without_an_award() -> None:
    case = Case(load(INVOICE), as_of=day("2024-01-01"))
    assert case.award is None
    assert case.problems == []
    assert case.cost() == {("", "improvement"): (150_000, 0)}
    assert case.holders == ()


def test_entries_flagged_to_look_at_and_documents() -> None:
    case = case_of_text(AWARD + INVOICE.replace(" * ", " ! "))
    assert [entry.flag for entry in case.unclassified] == ["!"]
    assert len(case.vouchers) == 1


def test_today_is_the_default() -> None:
    assert Case([]).as_of == datetime.date.today()
