"""Faults in what a voucher says beside its amounts, and in what an award leaves unsaid."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal
from typing import Any

from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from ledger.model.directives import custom
from ledger.util.dates import month_last_day
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant
from tests.recall.plants.payroll.payroll import pay
from tests.recall.plants.payroll.payroll import somebody


def tell(ground: Ground, paper: VoucherToBook, **told: Any) -> VoucherToBook:
    """A paper says more."""
    meta = dict(paper.meta) | {key.replace("_", "-"): value for key, value in told.items()}
    return ground.replace(paper, meta=tuple(meta.items()))


def unlisted(ground: Ground, *categories: str) -> None:
    """No items of these categories were approved."""
    ground.tables["item"] = [item for item in ground.tables["item"] if item["category"] not in categories]


def whole_cost(ground: Ground, category: str) -> tuple[tuple[str, int | None], ...]:
    return ((str(ground.start), ground.cost(category)),)


# --- items-not-listed ----------------------------------------------------------------------------------


@plant("items-not-listed")
def consumables_without_items(ground: Ground) -> Planted:
    unlisted(ground, "consumables")
    return Planted(ground.books(), whole_cost(ground, "consumables"))


@plant("items-not-listed")
def equipment_without_items(ground: Ground) -> Planted:
    unlisted(ground, "equipment")
    return Planted(ground.books(), whole_cost(ground, "equipment"))


@plant("items-not-listed")
def two_categories_without_items(ground: Ground) -> Planted:
    unlisted(ground, "consumables", "improvement")
    found = whole_cost(ground, "consumables") + whole_cost(ground, "improvement")
    return Planted(ground.books(), found)


@near_miss("items-not-listed")
def persons_are_no_items(ground: Ground) -> Planted:
    assert not ground.items("personnel")
    return Planted(ground.books(), ())


@near_miss("items-not-listed")
def category_without_items_and_without_cost(ground: Ground) -> Planted:
    ground.tables["budget"].append({"category": "intangibles", "government": 0, "self": 50_000})
    return Planted(ground.books(), ())


@near_miss("items-not-listed")
def one_item_is_a_list(ground: Ground) -> Planted:
    (first, *rest) = ground.item_tables("consumables")
    for item in rest:
        first["government"] += item["government"]
        first["self"] += item["self"]
        ground.tables["item"].remove(item)
    first.pop("quantity", None)
    for paper in [paper for paper in ground.papers if paper.lines[0].category == "consumables"]:
        line = paper.lines[0]
        kept = CostLine(line.category, first["name"], line.quantity, line.cost)
        ground.replace(paper, lines=(kept,))
    return Planted(ground.books(), ())


# --- persons-not-listed --------------------------------------------------------------------------------


def nobody_planned(ground: Ground) -> int:
    """Nobody is planned; nobody is paid either. Gives what is approved for pay."""
    ground.tables["person"] = []
    for paper in [paper for paper in ground.papers if paper.kind == "payroll"]:
        ground.papers.remove(paper)
    return ground.budget("personnel").total


@plant("persons-not-listed")
def pay_is_budgeted_for_nobody(ground: Ground) -> Planted:
    amount = nobody_planned(ground)
    return Planted(ground.books(), ((str(ground.start), amount),), frozenset({"self-funding-short"}))


@plant("persons-not-listed")
def a_revision_budgets_pay_for_nobody(ground: Ground) -> Planted:
    amount = nobody_planned(ground) + 1_000
    ground.grant("personnel", own=1_000)
    return Planted(ground.books(), ((str(ground.start), amount),), frozenset({"self-funding-short"}))


@plant("persons-not-listed", scheme="managed-factory-112")
def factory_budgets_pay_for_nobody(ground: Ground) -> Planted:
    amount = nobody_planned(ground)
    return Planted(ground.books(), ((str(ground.start), amount),), frozenset({"self-funding-short"}))


@near_miss("persons-not-listed")
def one_person_is_a_plan(ground: Ground) -> Planted:
    name = ground.tables["person"][0]["name"]
    ground.tables["person"] = ground.tables["person"][:1]
    for paper in [each for each in ground.papers if each.kind == "payroll" and each.seller_name != name]:
        ground.papers.remove(paper)
    return Planted(ground.books(), ())


@near_miss("persons-not-listed")
def no_pay_and_nobody(ground: Ground) -> Planted:
    nobody_planned(ground)
    ground.tables["budget"] = [line for line in ground.tables["budget"] if line["category"] != "personnel"]
    return Planted(ground.books(), ())


@near_miss("persons-not-listed")
def pay_of_nothing_for_nobody(ground: Ground) -> Planted:
    nobody_planned(ground)
    ground.table("budget", "personnel")["self"] = 0
    return Planted(ground.books(), ())


# --- dedicated-account-missing -------------------------------------------------------------------------


def granted(ground: Ground) -> tuple[tuple[str, int | None], ...]:
    return ((str(ground.start), ground.granted().government),)


@plant("dedicated-account-missing")
def no_dedicated_account(ground: Ground) -> Planted:
    del ground.tables["account"]
    return Planted(ground.books(), granted(ground))


@plant("dedicated-account-missing", scheme="managed-factory-112")
def factory_without_dedicated_account(ground: Ground) -> Planted:
    del ground.tables["account"]
    return Planted(ground.books(), granted(ground))


@plant("dedicated-account-missing")
def only_the_companys_own_accounts(ground: Ground) -> Planted:
    ground.tables["payment_account"].append(ground.tables.pop("account"))
    return Planted(ground.books(), granted(ground))


@near_miss("dedicated-account-missing")
def account_without_the_day_it_was_opened(ground: Ground) -> Planted:
    assert "opened" not in ground.tables["account"]
    return Planted(ground.books(), ())


@near_miss("dedicated-account-missing")
def no_other_account_than_the_dedicated(ground: Ground) -> Planted:
    del ground.tables["payment_account"]
    return Planted(ground.books(), ())


@near_miss("dedicated-account-missing", scheme="supply-chain-smart-112", partners=1)
def partner_without_an_account_of_its_own(ground: Ground) -> Planted:
    return Planted(ground.books(), ())


# --- foreign-exceeds-debit -----------------------------------------------------------------------------


def abroad(ground: Ground, net: int, **told: Any) -> VoucherToBook:
    """An invoice from abroad of so much, without tax."""
    paper = ground.buy(ground.invoice(net=net, tax=0, kind="foreign-invoice", seller=""))
    return tell(ground, paper, currency="USD", **told)


def part_paid(ground: Ground, net: int, debit: int, **told: Any) -> VoucherToBook:
    """As `abroad`, and the bank debited so much."""
    paper = abroad(ground, net, **told)
    del ground.paid[paper.number]
    ground.pay(paper.date, paper, debit)
    return paper


@plant("foreign-exceeds-debit")
def booked_at_a_better_rate_than_the_slip(ground: Ground) -> Planted:
    paper = abroad(ground, 32_000, foreign=Decimal(1000), rate=Decimal("31.25"))
    return Planted(ground.books(), ((paper.number, 750),))


@plant("foreign-exceeds-debit")
def bank_debited_less_than_was_booked(ground: Ground) -> Planted:
    paper = part_paid(ground, 32_000, 31_400)
    return Planted(ground.books(), ((paper.number, 600),), frozenset({"voucher-unpaid"}))


@plant("foreign-exceeds-debit")
def the_larger_of_rate_and_debit_counts(ground: Ground) -> Planted:
    paper = part_paid(ground, 32_000, 31_900, foreign=Decimal(1000), rate=Decimal("31.25"))
    return Planted(ground.books(), ((paper.number, 750),), frozenset({"voucher-unpaid"}))


@near_miss("foreign-exceeds-debit")
def booked_as_the_rate_says(ground: Ground) -> Planted:
    abroad(ground, 31_251, foreign=Decimal("1000.02"), rate=Decimal("31.25"))
    return Planted(ground.books(), ())


@near_miss("foreign-exceeds-debit")
def booked_less_than_the_rate_says(ground: Ground) -> Planted:
    abroad(ground, 31_000, foreign=Decimal(1000), rate=Decimal("31.25"))
    return Planted(ground.books(), ())


@near_miss("foreign-exceeds-debit")
def foreign_amount_without_a_rate(ground: Ground) -> Planted:
    abroad(ground, 32_000, foreign=Decimal(1))
    return Planted(ground.books(), ())


# --- shared-cost-exceeded ------------------------------------------------------------------------------


def shared(ground: Ground, net: int, whole: int, share: str) -> VoucherToBook:
    paper = ground.buy(ground.invoice(net=net, tax=0, kind="receipt", buyer=""))
    return tell(ground, paper, shared_total=Decimal(whole), share=Decimal(share))


@plant("shared-cost-exceeded")
def more_than_the_share_is_claimed(ground: Ground) -> Planted:
    paper = shared(ground, 12_000, 30_000, "30")
    return Planted(ground.books(), ((paper.number, 3_000),))


@plant("shared-cost-exceeded")
def the_whole_is_claimed(ground: Ground) -> Planted:
    paper = shared(ground, 30_000, 30_000, "12.5")
    return Planted(ground.books(), ((paper.number, 26_250),))


@plant("shared-cost-exceeded")
def one_dollar_over_the_share(ground: Ground) -> Planted:
    paper = shared(ground, 3_335, 10_001, "33.34")
    return Planted(ground.books(), ((paper.number, 1),))


@near_miss("shared-cost-exceeded")
def the_share_to_the_dollar(ground: Ground) -> Planted:
    shared(ground, 3_334, 10_001, "33.34")
    return Planted(ground.books(), ())


@near_miss("shared-cost-exceeded")
def less_than_the_share(ground: Ground) -> Planted:
    shared(ground, 8_000, 30_000, "30")
    return Planted(ground.books(), ())


@near_miss("shared-cost-exceeded")
def a_share_without_the_whole(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(net=9_000, tax=0, kind="receipt", buyer=""))
    tell(ground, paper, share=Decimal(10))
    return Planted(ground.books(), ())


# --- timesheet-mismatch --------------------------------------------------------------------------------


def sheet(ground: Ground, paper: VoucherToBook, *, hours: Decimal, total: Decimal | None = None) -> None:
    """The time sheet of a row's person and month: the hours over its first twenty days."""
    month = str(dict(paper.meta)["month"])
    parts = [hours / 20] * 20
    whole = "" if total is None else f"/{total / 20:f}"
    days = " ".join(f"{day}={part.normalize():f}{whole}" for day, part in enumerate(parts, 1))
    ground.more.append(custom(month_last_day(month), "timesheet", paper.seller_name, month, days=days))


def row(ground: Ground) -> tuple[VoucherToBook, Decimal]:
    """A row of somebody's pay, and its hours."""
    paper = ground.chance.choice(pay(ground, somebody(ground)))
    return paper, Decimal(dict(paper.meta)["hours"])


@plant("timesheet-mismatch")
def half_of_the_hours_are_shown(ground: Ground) -> Planted:
    paper, hours = row(ground)
    sheet(ground, paper, hours=hours / 2)
    return Planted(ground.books(), ((paper.number, -(-paper.net // 2)),))


@plant("timesheet-mismatch")
def no_hour_is_shown(ground: Ground) -> Planted:
    paper, _hours = row(ground)
    sheet(ground, paper, hours=Decimal(0))
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("timesheet-mismatch")
def the_month_had_more_hours(ground: Ground) -> Planted:
    paper, hours = row(ground)
    sheet(ground, paper, hours=hours, total=Decimal(200))
    return Planted(ground.books(), ((paper.number, -(-paper.net * 40 // 200)),))


@near_miss("timesheet-mismatch")
def the_sheet_shows_the_hours(ground: Ground) -> Planted:
    paper, hours = row(ground)
    sheet(ground, paper, hours=hours, total=Decimal(160))
    return Planted(ground.books(), ())


@near_miss("timesheet-mismatch")
def sheet_of_another_month(ground: Ground) -> Planted:
    paper, _hours = row(ground)
    after = month_last_day(ground.months[-1]) + datetime.timedelta(days=1)
    meta = dict(paper.meta) | {"month": f"{after:%Y-%m}"}
    sheet(ground, ground_row(paper, meta), hours=Decimal(20))
    return Planted(ground.books(), ())


def ground_row(paper: VoucherToBook, meta: dict[str, Any]) -> VoucherToBook:
    """A row as it would be with this metadata; not of the ground."""
    return dataclasses.replace(paper, meta=tuple(meta.items()))


@near_miss("timesheet-mismatch")
def a_later_sheet_stands_in_place_of_the_first(ground: Ground) -> Planted:
    paper, hours = row(ground)
    sheet(ground, paper, hours=hours / 2)
    sheet(ground, paper, hours=hours)
    return Planted(ground.books(), ())
