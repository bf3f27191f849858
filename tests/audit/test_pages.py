"""What the pages say of the small case."""

from __future__ import annotations

import datetime
import textwrap

import pytest

from audit.case_view import View
from audit.pages.account import account_page
from audit.pages.account import statement_balance
from audit.pages.audit_rows import audit_rows_page
from audit.pages.checks import checks_page
from audit.pages.filters import SORTS
from audit.pages.overview.page import overview
from audit.pages.paging import paged
from audit.pages.sample import sample_page
from audit.pages.split import split_of
from audit.pages.voucher import voucher_page
from audit.pages.vouchers import vouchers_page
from audit.pages.what_if import what_if_page
from audit.web.query import Query
from ledger.case.case import Case
from ledger.case.settlement import settle_case
from tests.audit.conftest import Look
from tests.audit.house import BOOKS
from tests.checks.builder import AWARD
from tests.checks.builder import decision
from tests.checks.builder import load
from tests.checks.builder import opens


def asked(**values: str) -> Query:
    return Query({name: [value] for name, value in values.items()})


# --- overview ------------------------------------------------------------------------------------------


def test_overview_says_who_when_and_how_much(look: Look) -> None:
    page = overview(look(as_of=datetime.date(2023, 7, 31)))
    assert ("計畫編號", "112-納管-0456") in page.facts
    assert page.period is not None
    assert (page.period.percent, page.period.days_left, page.period.months) == (50, 61, 4)
    assert (page.received, page.earned, page.withdrawn) == (210_000, 185_000, 50_000)


def test_overview_holds_budget_against_actual(look: Look) -> None:
    bars = {(bar.category, bar.fund): bar for bar in overview(look()).bars}
    equipment = bars["equipment", "government"]
    assert (equipment.approved, equipment.used, equipment.percent) == (120_000, 120_000, 100)
    assert not equipment.is_over
    assert bars["personnel", "self"].used == 22_000
    assert ("personnel", "government") not in bars


def test_overview_measures_the_distance_to_each_limit(look: Look) -> None:
    found = {limit.name: limit for limit in overview(look()).limits}
    ratio = found["補助比率(支出)"]
    assert (ratio.limit, ratio.used, ratio.distance) == (321_000, 310_000, 11_000)
    equipment = found["全新設備之購置費上限(支出)"]
    assert (equipment.limit, equipment.used) == (300_000, 240_000)


def test_overview_shows_the_schedule_beside_what_came(look: Look) -> None:
    early = overview(look(as_of=datetime.date(2023, 7, 31))).instalments
    assert [(row.due, row.received) for row in early] == [(210_000, 210_000), (210_000, None)]
    late = overview(look()).instalments
    assert [(row.due, row.received) for row in late] == [(210_000, 210_000), (100_000, 100_000)]


def test_overview_says_what_comes_next(look: Look) -> None:
    steps = overview(look(as_of=datetime.date(2023, 7, 31))).steps
    assert "月結 2023-06" in [step.text for step in steps]


def test_overview_tells_the_milestones_in_their_order(look: Look) -> None:
    assert overview(look()).milestones == []
    text = """
        2023-06-05 custom "grant-milestone" "signing"
          number: "112-契-1"
        2023-06-01 custom "grant-milestone" "approval"
    """
    entries, _errors = load(opens() + AWARD + textwrap.dedent(text))
    rows = overview(View(Case(entries, as_of=datetime.date(2024, 1, 1)), entries)).milestones
    assert [(row.name, row.number) for row in rows] == [("計畫核定", ""), ("簽約", "112-契-1")]


def test_pages_of_a_case_without_an_award_are_empty_and_stand() -> None:
    entries, _errors = load(opens())
    view = View(Case(entries, as_of=datetime.date(2024, 1, 1)), entries)
    assert overview(view).facts == []
    assert account_page(view, Query()).months == []
    assert vouchers_page(view, Query()).rows.total == 0
    assert what_if_page(view, Query()) is None
    assert sample_page(view, Query()).population == 0
    assert checks_page(view, Query()) is not None


def test_a_coaching_case_has_a_fee_and_reports_and_no_months() -> None:
    text = AWARD.replace("managed-factory-112", "coaching-sme-112")
    entries, _errors = load(text[: text.index('2023-06-01 custom "grant-account')])
    page = overview(View(Case(entries, as_of=datetime.date(2023, 7, 1)), entries))
    assert ("輔導費", "補助 160,000 元,自籌 40,000 元") in page.facts
    assert page.period is not None
    assert page.period.months == 0
    assert page.steps == []


# --- account -------------------------------------------------------------------------------------------


def test_account_follows_the_months(look: Look) -> None:
    months = {row.month: row for row in account_page(look(), Query()).months}
    august = months["2023-08"]
    assert (august.entitlement, august.withdrawn, august.withdrawn_through) == (285_000, 135_000, 185_000)


def test_account_lines_run_to_a_balance_and_tell_what_they_are(look: Look) -> None:
    page = account_page(look(), Query())
    assert [line.balance for line in page.lines.rows][:3] == [210_000, 160_000, 25_000]
    assert page.balance == 0
    assert page.interest == (30, 0, 30)
    interest = account_page(look(), asked(kind="interest")).lines
    assert [line.row.interest for line in interest.rows] == [30]


def test_account_holds_the_books_against_the_statement(look: Look) -> None:
    extra = """
2023-11-01 * "" "轉帳"
  import-id: "bank:223706683363:2023-11-01:500:499"
  Assets:1專戶:2業者自籌款   500 TWD
  Equity:1業者投入          -500 TWD
"""
    last = account_page(look(extra), Query()).lines.rows[-1]
    assert (last.balance, last.statement, last.difference) == (500, 499, -1)


def test_only_a_bank_line_with_a_balance_says_one() -> None:
    assert statement_balance("bank:1:2023-01-01:-5:1200") == 1200
    assert statement_balance("bank:1:2023-01-01:-5:") is None
    assert statement_balance("invoice:AB12345678") is None


# --- vouchers ------------------------------------------------------------------------------------------


def test_totals_follow_the_filter(look: Look) -> None:
    view = look()
    everything = vouchers_page(view, Query()).totals
    assert (everything.vouchers, everything.government, everything.cost) == (6, 310_000, 642_001)
    improvement = vouchers_page(view, asked(category="improvement")).totals
    assert (improvement.vouchers, improvement.government) == (2, 150_000)
    granted = vouchers_page(view, asked(fund="government")).totals
    assert granted.vouchers == 5
    assert vouchers_page(view, asked(q="射出")).totals.vouchers == 1
    assert vouchers_page(view, asked(month="2023-06", supplier="王大明")).totals.cost == 22_000


def test_the_parties_of_a_supply_chain_are_told_apart(look: Look) -> None:
    partner = """
2023-06-01 custom "grant-partner" "34247621"
  name: "益瀚電機有限公司"
2023-06-01 custom "grant-budget" "consumables" 50000 TWD 50000 TWD
  party: "34247621"
"""
    bought = '  seller: "34247621"\n  buyer: "11688527"'
    view = look(partner, books=BOOKS.replace(bought, bought.replace("11688527", "34247621")))
    page = vouchers_page(view, asked(party="34247621"))
    assert page.choices.parties["34247621"] == "益瀚電機有限公司"
    assert [row.number for row in page.rows.rows] == ["EF10000001"]


def test_vouchers_are_found_by_their_doubts(look: Look) -> None:
    books = look().case  # a duplicate makes a doubt
    assert not any(v.number == "ZZ" for v in books.vouchers)
    extra = """
2023-09-12 * "益瀚電機有限公司" "感測器模組" ^EF10000001
  voucher: "invoice"
  number: "EF10000001"
  voucher-date: 2023-09-11
  seller: "34247621"
  buyer: "11688527"
  net: 50000 TWD
  tax: 2500 TWD
  item: "感測器模組"
  quantity: 5
  Expenses:1政府補助款:01消耗性器材及原材料費   20000 TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費   30000 TWD
  Assets:2進項稅額                               2500 TWD
  Liabilities:1應付帳款                        -52500 TWD
"""
    page = vouchers_page(look(extra), asked(check="voucher-duplicate"))
    assert {row.number for row in page.rows.rows} == {"EF10000001"}


def test_long_lists_come_in_pages() -> None:
    page = paged(list(range(120)), 3, 50)
    assert (page.number, page.pages, page.first, page.last) == (3, 3, 101, 120)
    assert paged([], 9, 50).pages == 1
    assert paged(list(range(3)), -4).number == 1


def test_a_voucher_explains_its_split(look: Look) -> None:
    view = look()
    opened = voucher_page(view, asked(voucher="R1120710001"))
    assert opened is not None
    (line,) = opened.split
    assert (line.cost_before, line.cost_after, line.share_before, line.share_after) == (0, 30_001, 0, 15_000)
    assert line.is_right
    assert [payment.amount for payment in opened.payments] == [30_001]
    third = voucher_page(view, asked(voucher="EF10000001"))
    assert third is not None
    assert third.split[0].expected == 25_000
    assert split_of(view, third.voucher) == third.split


def test_a_voucher_knows_its_neighbours_in_the_list_it_was_opened_from(look: Look) -> None:
    opened = voucher_page(look(), asked(voucher="CD10000001", category="improvement"))
    assert opened is not None
    assert (opened.place, opened.of, opened.following) == (2, 2, "")
    assert opened.previous


def test_a_voucher_that_is_not_there(look: Look) -> None:
    assert voucher_page(look(), asked(voucher="XX00000000")) is None


# --- checks --------------------------------------------------------------------------------------------


def test_findings_stand_beside_what_their_check_says(look: Look) -> None:
    waiver = """
2023-10-01 custom "grant-waiver" "month-not-closed" "112-納管-0456"
  reason: "另案處理"
"""
    page = checks_page(look(waiver + decision(waiver)), Query())
    assert all(group.documentation and group.found.total for group in page.groups)
    assert {(each.finding.check, each.waiver.reason) for each in page.waived} == {
        ("month-not-closed", "另案處理")
    }
    names = [group.check for group in page.groups]
    assert names
    assert not {name for name, _summary in page.silent} & {"month-not-closed", *names}
    assert page.notes == []


def test_what_the_settings_leave_out_is_neither_found_nor_silent(look: Look) -> None:
    page = checks_page(look(config="{'ignore': ['voucher', 'month-not-closed']}"), Query())
    silent = {name for name, _summary in page.silent}
    assert not silent & {"voucher-duplicate", "month-not-closed"}
    assert "tax-in-cost" in silent
    assert not {group.check for group in page.groups} & {"month-not-closed", "document-missing"}
    assert page.notes == ["本案設定不檢查:month-not-closed、voucher"]


def test_a_vouchers_page_shows_what_was_waived_of_it(look: Look) -> None:
    """A waiver takes a doubt out of the findings, and is seen where the voucher is."""
    early = BOOKS.replace("voucher-date: 2023-06-12", "voucher-date: 2023-05-12")
    assert early != BOOKS
    waiver = """
2023-10-01 custom "grant-waiver" "voucher-outside-period" "AB12345678"
  reason: "簽約前經核准先行採購"
  approval: "產授字第1號"
"""
    waiver += decision(waiver)
    found = voucher_page(look(books=early), asked(voucher="AB12345678"))
    waived = voucher_page(look(waiver, books=early), asked(voucher="AB12345678"))
    other = voucher_page(look(waiver, books=early), asked(voucher="AB12345679"))
    assert found is not None
    assert waived is not None
    assert other is not None
    assert "voucher-outside-period" in {finding.check for finding in found.findings}
    assert found.waived == other.waived == []
    assert "voucher-outside-period" not in {finding.check for finding in waived.findings}
    assert [(each.finding.check, each.waiver.approval) for each in waived.waived] == [
        ("voucher-outside-period", "產授字第1號")
    ]


# --- trial ---------------------------------------------------------------------------------------------


def test_a_trial_moves_the_settlement_and_names_what_binds(look: Look) -> None:
    view = look()
    key = view.keys_numbered("AB12345679")[0]
    page = what_if_page(view, Query({f"try.{key}": ["strike"]}))
    assert page is not None
    figures = {figure.name: figure for figure in page.figures}
    assert figures["認列補助款"].change == -120_000
    assert figures["結餘款"].then == 120_000
    assert page.binding_then == "none"
    assert what_if_page(view, Query()).figures[0].change == 0  # type: ignore[union-attr]


def test_striking_self_paid_cost_can_bind_the_ratio(look: Look) -> None:
    view = look()
    pay = view.keys_numbered("p1")[0]
    page = what_if_page(view, Query({f"try.{pay}": ["strike"]}))
    assert page is not None
    figures = {figure.name: figure for figure in page.figures}
    assert figures["認列支出"].change == -22_000
    assert figures["認列補助款"].now == 310_000


def test_a_trial_is_what_filing_it_would_be(look: Look) -> None:
    view = look()
    key = view.keys_numbered("CD10000001")[0]
    tried = what_if_page(view, Query({f"try.{key}": ["strike"], f"cut.{key}": ["50,000"]}))
    assert tried is not None
    filed = look(
        """
2023-11-01 custom "grant-finding" "F-001"
  voucher: "CD10000001"
  state: "disallowed"
  deducted: 50000 TWD
"""
    )
    figures = {figure.name: figure.then for figure in tried.figures}
    assert figures["認列補助款"] == settle_case(filed.case).whole.recognised_government


def test_nonsense_in_a_trial_is_left_out(look: Look) -> None:
    view = look()
    key = view.keys_numbered("CD10000001")[0]
    page = what_if_page(view, Query({"try.nobody": ["strike"], f"try.{key}": ["burn"], f"cut.{key}": ["-1"]}))
    assert page is not None
    assert page.tried == {}


@pytest.mark.parametrize("typed", ["0", "-1", "abc", "1.5", "999999999", "9" * 30, "５000"])
def test_a_cut_that_cannot_be_made_is_refused_and_strikes_nothing(look: Look, typed: str) -> None:
    view = look()
    key = view.keys_numbered("CD10000001")[0]
    page = what_if_page(view, Query({f"try.{key}": ["strike"], f"cut.{key}": [typed]}))
    assert page is not None
    assert page.tried == {}
    assert page.refused[key].typed == typed
    assert "CD10000001 只能剔除 1 到" in page.refused[key].reason
    assert {figure.change for figure in page.figures} == {0}


def test_what_is_parked_is_parked_whole_whatever_cut_was_typed_before(look: Look) -> None:
    view = look()
    key = view.keys_numbered("CD10000001")[0]
    page = what_if_page(view, Query({f"try.{key}": ["park"], f"cut.{key}": ["abc"]}))
    assert page is not None
    assert (page.tried[key].state, page.tried[key].deducted, page.refused) == ("parked", None, {})


def test_struck_vouchers_never_raise_the_grant(look: Look) -> None:
    view = look()
    keys = list(view.vouchers)
    struck: dict[str, list[str]] = {}
    before = view.settlement.whole.recognised_government  # type: ignore[union-attr]
    for key in keys:
        struck[f"try.{key}"] = ["strike"]
        page = what_if_page(view, Query(struck))
        assert page is not None
        after = next(figure.then for figure in page.figures if figure.name == "認列補助款")
        assert after <= before
        before = after
    assert before == 0


def test_what_is_parked_is_told_apart_with_and_without_it(look: Look) -> None:
    view = look()
    key = view.keys_numbered("AB12345679")[0]
    page = what_if_page(view, Query({f"try.{key}": ["park"]}))
    assert page is not None
    figures = {figure.name: figure for figure in page.figures}
    assert (figures["待補正(未計入)"].now, figures["待補正(未計入)"].then) == (0, 240_000)
    assert figures["尚應繳國庫"].change == 120_000
    assert figures["待補正全數認列時,尚應繳國庫"].change == 0
    settled = {figure.name for figure in what_if_page(view, Query()).figures}  # type: ignore[union-attr]
    assert not {name for name in settled if "待補正" in name}


def test_the_overview_tells_how_far_the_audit_is(look: Look) -> None:
    filed = """
2023-10-01 custom "grant-sample" "S-001"
  method: "risk"
  size: 2
  population: "x"
  vouchers: "AB12345679 CD10000001"
2023-11-01 custom "grant-finding" "F-001"
  voucher: "CD10000001"
  state: "disallowed"
  deducted: 50000 TWD
2023-11-01 custom "grant-finding" "F-002"
  voucher: "EF10000001"
  state: "open"
"""
    done = overview(look(filed)).progress
    assert (done.vouchers, done.judged, done.sampled, done.sampled_judged, done.signed) == (6, 2, 2, 1, 0)
    assert (done.declared, done.disallowed, done.parked) == (642_001, 50_000, 0)
    assert done.accepted == 592_001
    assert [(each.state, each.vouchers, each.amount) for each in done.waiting] == [("open", 1, 50_000)]


def test_the_overview_lists_the_papers_that_are_asked_for(look: Look) -> None:
    rows = overview(look()).evidence
    assert rows
    assert all(0 <= row.there <= row.wanted for row in rows)
    assert "特定工廠登記證明" in " ".join(row.name for row in rows)


def test_lists_are_sorted_by_any_column_both_ways(look: Look) -> None:
    view = look()
    for name in SORTS:
        forth = [row.key for row in vouchers_page(view, asked(sort=name)).rows.rows]
        back = [row.key for row in vouchers_page(view, asked(sort=f"-{name}")).rows.rows]
        assert sorted(forth) == sorted(back)
    largest = vouchers_page(view, asked(sort="amount")).rows.rows
    assert largest[0].number == "AB12345679"
    smallest = vouchers_page(view, asked(sort="-amount")).rows.rows
    assert smallest[-1].number == "AB12345679"
    rows = audit_rows_page(view, asked(sort="category")).rows.rows
    assert rows[0].items
    assert rows[0].categories
