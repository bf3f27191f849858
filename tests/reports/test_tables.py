"""The tables against the settlement and the ledger's own sums."""

from __future__ import annotations

import datetime

from ledger.arithmetic.cost_share import government_share
from ledger.case.case import Case
from ledger.case.settlement import settle_case
from reports.data.tables import settlement_tables
from tests.reports import office


def test_the_categories_add_up_to_the_settlement(any_case: Case) -> None:
    tables = settlement_tables(any_case, "final")
    whole = settle_case(any_case).whole
    assert sum(row.accepted for row in tables.summary) == whole.accepted
    assert sum(row.government for row in tables.summary) == whole.steps[0].after
    assert sum(row.free for row in tables.summary) == whole.steps[0].before
    assert sum(row.approved.government for row in tables.summary) == whole.approved_government


def test_the_details_add_up_to_the_categories(any_case: Case) -> None:
    tables = settlement_tables(any_case, "final")
    for row in tables.summary:
        lines = [line for line in tables.details[row.category] if line.party == row.party]
        assert sum(line.accepted for line in lines) == row.accepted
        assert row.claimed - row.disallowed - row.parked == row.accepted
        assert sum(line.government + line.self_funded for line in lines) == row.claimed


def test_what_the_auditor_took_is_told_apart(case: Case) -> None:
    details = settlement_tables(case, "final").details
    struck = {
        line.number: (line.disallowed, line.parked)
        for lines in details.values()
        for line in lines
        if line.disallowed or line.parked
    }
    assert struck == {"AB12345602": (8_000, 0), "GH45678902": (0, 236_419)}


def test_a_credit_note_stands_as_a_negative_line_and_has_no_payment(case: Case) -> None:
    lines = settlement_tables(case, "final").details["improvement"]
    credit = next(line for line in lines if line.kind == "allowance")
    assert (credit.claimed, credit.accepted, credit.paid) == (-20_001, -20_001, ())


def test_payments_are_found_by_the_number_also_where_the_link_writes_it_otherwise(case: Case) -> None:
    vouchers = settlement_tables(case, "final").vouchers
    pay = next(row for row in vouchers if row.number == "薪202307-王大明")
    assert pay.paid == (datetime.date(2023, 8, 20),)
    assert pay.unpaid == 0


def test_the_account_ends_with_the_balance_of_the_books(case: Case) -> None:
    rows = settlement_tables(case, "final").accounts[office.LEAD]
    assert sum(row.change for row in rows) == sum(move.grant + move.own for move in case.movements)
    assert sum(row.interest for row in rows) == 25_510
    assert sum(row.tax for row in rows) == 2_431


def test_a_remittance_from_the_companys_own_bank_is_no_line_of_the_account(case: Case) -> None:
    tables = settlement_tables(case, "final")
    assert [row.remitted_interest for row in tables.elsewhere] == [5_000]
    assert sum(row.remitted_interest for row in tables.accounts[office.LEAD]) == 1_200


def test_months_end_with_what_the_settlement_starts_from(any_case: Case) -> None:
    tables = settlement_tables(any_case, "final")
    last = tables.months[-1]
    assert last.entitlement == sum(row.free for row in tables.summary)
    assert last.withdrawn_through == any_case.dedicated_accounts.withdrawn()
    assert sum(row.cost for row in tables.months) == sum(row.accepted for row in tables.summary)


def test_a_revision_holds_in_the_months_from_its_date(case: Case) -> None:
    tables = settlement_tables(case, "final")
    assert [row.version for row in tables.months][5:9] == [0, 0, 1, 1]
    assert [version[office.LEAD, "consumables"].government for version in tables.budget.versions] == [
        300_000,
        320_000,
    ]


def test_the_cap_that_limits_a_whole_category_lowers_the_cost_that_counts() -> None:
    tables = settlement_tables(office.capped_case(), "final")
    equipment = next(row for row in tables.summary if row.category == "equipment")
    assert (equipment.cap, equipment.accepted, equipment.counted) == (330_000, 339_999, 330_000)
    assert equipment.government == government_share(330_000, equipment.approved, grantable=True)


def test_an_interim_report_sees_nothing_after_its_day() -> None:
    tables = settlement_tables(office.office_case(datetime.date(2023, 12, 31)), "interim")
    assert tables.settled.stage == "interim"
    assert max(row.booked for row in tables.vouchers) <= datetime.date(2023, 12, 31)
    assert len(tables.months) == 6
    assert len(tables.budget.versions) == 1
