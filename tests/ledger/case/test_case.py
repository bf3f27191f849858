"""A case read from ledger text, as a user could have written it: what it says comes out as figures."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from ledger.case.case import Case
from ledger.case.case import VoucherLine
from tests.ledger.ledgers import LEAD
from tests.ledger.ledgers import case_of_text
from tests.ledger.ledgers import day
from tests.ledger.ledgers import load
from tests.ledger.texts import AWARD
from tests.ledger.texts import CREDIT_NOTE
from tests.ledger.texts import INVOICE
from tests.ledger.texts import MIXED
from tests.ledger.texts import SECOND
from tests.ledger.texts import finding
from tests.ledger.texts import improvement


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
    text += finding("AB12345678", "disallowed", "10000", on="2024-07-20") + '  replaces: "F-1"\n'
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
    assert case.dedicated_accounts.received() == 0


def test_entries_flagged_to_look_at_and_documents() -> None:
    case = case_of_text(AWARD + INVOICE.replace(" * ", " ! "))
    assert [entry.flag for entry in case.unclassified] == ["!"]
    assert len(case.vouchers) == 1


def test_today_is_the_default() -> None:
    assert Case([]).as_of == datetime.date.today()
