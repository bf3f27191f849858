"""Faults in the categories of an award: what may bear the grant, up to which share, and what is no category."""

from __future__ import annotations

import datetime

from beancount.core import data

from ledger.arithmetic.cost_share import Approved
from ledger.model.accounts import expense_account
from ledger.model.directives import custom
from ledger.model.directives import twd
from tests.recall.awards import as_signed
from tests.recall.awards import awarded
from tests.recall.awards import partner
from tests.recall.edits import Change
from tests.recall.edits import Edit
from tests.recall.edits import all_of
from tests.recall.edits import amounts
from tests.recall.edits import of_voucher
from tests.recall.ground import SERVICE
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

# --- category-cap-exceeded -----------------------------------------------------------------------------


def tenth(ground: Ground) -> int:
    """A tenth of an award's whole cost, in NT$."""
    return ground.chance.randrange(100_000, 300_000)


@plant("category-cap-exceeded")
def equipment_granted_a_dollar_beyond_its_share(ground: Ground) -> Planted:
    ten = tenth(ground)
    awarded(ground, equipment=(3 * ten + 1, 2 * ten), personnel=(0, 5 * ten - 1))
    return as_signed(ground, 1)


@plant("category-cap-exceeded")
def research_granted_beyond_its_share(ground: Ground) -> Planted:
    ten = tenth(ground)
    more = ground.chance.randrange(2, ten // 2)
    awarded(ground, research=(4 * ten + more, ten), personnel=(0, 5 * ten - more))
    return as_signed(ground, more)


@plant("category-cap-exceeded", scheme="managed-factory-112")
def equipment_of_a_managed_factory_counted_whole(ground: Ground) -> Planted:
    ten = tenth(ground)
    awarded(ground, equipment=(ten, 2 * ten + 1), improvement=(ten, 2 * ten), personnel=(0, 4 * ten - 1))
    return as_signed(ground, 1)


@plant("category-cap-exceeded", scheme="supply-chain-smart-112", partners=2)
def partners_together_beyond_the_share_of_the_project(ground: Ground) -> Planted:
    ten = tenth(ground)
    more = ground.chance.randrange(2, ten // 2)
    awarded(ground, equipment=(2 * ten, 3 * ten), improvement=(0, 5 * ten))
    awarded(ground, partner(ground), equipment=(4 * ten + more, 4 * ten), improvement=(0, 2 * ten - more))
    awarded(ground, partner(ground, 1), equipment=(3 * ten, 3 * ten), improvement=(0, 4 * ten))
    return as_signed(ground, more)


@plant("category-cap-exceeded")
def equipment_raised_beyond_its_share_by_a_revision(ground: Ground) -> Planted:
    ten = tenth(ground)
    awarded(ground, equipment=(3 * ten, 3 * ten), personnel=(0, 4 * ten))
    day = ground.today = ground.start + datetime.timedelta(days=20)
    ground.revise(day, {"equipment": Approved(4 * ten, 2 * ten)})
    return Planted(ground.books(), ((str(day), ten),))


@near_miss("category-cap-exceeded")
def equipment_granted_its_share_to_the_dollar(ground: Ground) -> Planted:
    ten = tenth(ground)
    awarded(ground, equipment=(3 * ten, 3 * ten), personnel=(0, 4 * ten))
    return as_signed(ground, clean=True)


@near_miss("category-cap-exceeded")
def equipment_whose_grant_alone_counts(ground: Ground) -> Planted:
    ten = tenth(ground)
    awarded(ground, equipment=(3 * ten, 7 * ten))
    return as_signed(ground, clean=True)


@near_miss("category-cap-exceeded")
def share_of_a_sum_that_does_not_divide(ground: Ground) -> Planted:
    ten = tenth(ground)
    awarded(ground, research=(4 * ten + 3, ten), personnel=(0, 5 * ten + 6))  # four tenths of nine: 3.6
    return as_signed(ground, clean=True)


@near_miss("category-cap-exceeded")
def category_without_a_cap(ground: Ground) -> Planted:
    ten = tenth(ground)
    awarded(ground, improvement=(4 * ten, 6 * ten))
    return as_signed(ground, clean=True)


@near_miss("category-cap-exceeded", scheme="supply-chain-smart-112", partners=2)
def partner_beyond_its_own_share_within_that_of_the_project(ground: Ground) -> Planted:
    ten = tenth(ground)
    awarded(ground, improvement=(0, 5 * ten))
    awarded(ground, partner(ground), equipment=(3 * ten, 3 * ten))  # half of its own cost
    awarded(ground, partner(ground, 1), improvement=(0, ten))
    return as_signed(ground, clean=True)


# --- category-not-grantable ----------------------------------------------------------------------------


def charged(category: str, amount: int) -> Change:
    """So much of a voucher moved from the company's part to the grant's."""
    return amounts(
        [(expense_account("government", category), amount), (expense_account("self", category), -amount)]
    )


@plant("category-not-grantable")
def grant_approved_for_pay(ground: Ground) -> Planted:
    amount = ground.chance.randrange(1, 90_000)
    ground.grant("personnel", government=amount, own=-amount)
    return as_signed(ground, amount)


@plant("category-not-grantable", scheme="managed-factory-112")
def grant_approved_for_construction(ground: Ground) -> Planted:
    ten = tenth(ground)
    awarded(ground, improvement=(ten, 3 * ten), construction=(ten, 5 * ten))
    return as_signed(ground, ten)


@plant("category-not-grantable", scheme="supply-chain-carbon-112", partners=2)
def grant_approved_for_the_travel_of_a_partner(ground: Ground) -> Planted:
    ten = tenth(ground)
    awarded(ground, partner(ground, 1), improvement=(ten, 3 * ten), travel=(7, 100_000))
    return as_signed(ground, 7)


@plant("category-not-grantable")
def pay_charged_to_the_grant(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    edit = of_voucher(paper.number, charged("personnel", paper.net))
    return Planted(ground.books(edit), ((paper.number, paper.net),))


@plant("category-not-grantable")
def part_of_a_licence_charged_to_the_grant(ground: Ground) -> Planted:
    ground.own_category("intangibles", 200_000)
    paper = ground.buy(ground.invoice("intangibles"))
    part = ground.chance.randrange(1, paper.net)
    edit = of_voucher(paper.number, charged("intangibles", part))
    return Planted(ground.books(edit), ((paper.number, part),))


@near_miss("category-not-grantable")
def pay_borne_by_the_company(ground: Ground) -> Planted:
    ground.grant("personnel", own=200_000)
    return Planted(ground.books(), ())


@near_miss("category-not-grantable")
def charge_to_the_grant_taken_back_in_the_same_voucher(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    there, back = charged("personnel", paper.net // 2), charged("personnel", -(paper.net // 2))
    edit = of_voucher(paper.number, lambda entry: back(there(entry)))
    return Planted(ground.books(edit), ())


@near_miss("category-not-grantable", scheme="supply-chain-smart-112", partners=2)
def travel_that_a_partner_bears_itself(ground: Ground) -> Planted:
    party = partner(ground)
    ground.tables["budget"].append({"category": "travel", "government": 0, "self": 60_000, "party": party})
    ground.buy(ground.invoice("travel", party=party))
    return Planted(ground.books(), ())


@near_miss("category-not-grantable")
def research_that_may_carry_the_grant(ground: Ground) -> Planted:
    ten = tenth(ground)
    awarded(ground, research=(ten, 2 * ten), personnel=(0, 2 * ten))
    ground.buy(ground.invoice("research", day=ground.end))
    return Planted(ground.books(), ())


# --- category-unknown ----------------------------------------------------------------------------------


def line(ground: Ground, category: str, own: int, party: str = "") -> None:
    """One more line of the budget, borne by the company."""
    ground.tables["budget"].append({"category": category, "government": 0, "self": own, "party": party})


def moved_to(account: str) -> Change:
    """The cost of a voucher on another account."""

    def change(entry: data.Transaction) -> data.Transaction:
        costs = [posting for posting in entry.postings if posting.account.startswith("Expenses:")]
        others = [posting for posting in entry.postings if posting not in costs]
        return entry._replace(postings=[costs[-1]._replace(account=account), *others])

    return change


def opened(account: str) -> Edit:
    """One more account."""
    return lambda entries: [data.Open({}, datetime.date(2023, 1, 1), account, ["TWD"], None), *entries]


@plant("category-unknown")
def budget_for_the_travel_of_another_programme(ground: Ground) -> Planted:
    line(ground, "travel", 50_000)
    return as_signed(ground)


@plant("category-unknown")
def budget_for_entertaining(ground: Ground) -> Planted:
    line(ground, "交際費", 50_000)
    return as_signed(ground)


@plant("category-unknown")
def item_in_a_category_nobody_knows(ground: Ground) -> Planted:
    item = {"category": "行銷費", "name": "型錄印製", "government": 0, "self": 50_000}
    ground.tables["item"].append(item)
    return as_signed(ground)


@plant("category-unknown")
def voucher_in_a_category_without_budget(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("research", net=ground.chance.randrange(10_000, 90_000)))
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("category-unknown")
def ticket_booked_as_travel_of_another_programme(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("research", net=ground.chance.randrange(300, 3_000)))
    account = expense_account("self", "travel")
    edit = all_of(opened(account), of_voucher(paper.number, moved_to(account)))
    return Planted(ground.books(edit), ((paper.number, paper.net),))


@plant("category-unknown", scheme="supply-chain-smart-112", partners=2)
def partner_buys_in_a_category_of_the_lead_alone(ground: Ground) -> Planted:
    line(ground, "intangibles", 200_000)
    paper = ground.buy(ground.invoice("intangibles", net=30_000, party=partner(ground)))
    return Planted(ground.books(), ((paper.number, paper.net),))


@near_miss("category-unknown", scheme="managed-factory-112")
def construction_by_the_other_name_of_the_form(ground: Ground) -> Planted:
    line(ground, "基本工程施工費", 50_000)
    return as_signed(ground, clean=True)


@near_miss("category-unknown", scheme="supply-chain-smart-112", partners=1)
def travel_where_the_programme_knows_it(ground: Ground) -> Planted:
    line(ground, "07國內差旅費", 50_000)
    return as_signed(ground, clean=True)


@near_miss("category-unknown")
def category_budgeted_by_the_first_revision_that_was_approved(ground: Ground) -> Planted:
    day = ground.start + datetime.timedelta(days=10)
    ground.revise(day, {"research": Approved(0, 100_000)})
    ground.more.append(custom(day, "item", "research", SERVICE, twd(0), twd(100_000)))
    ground.buy(ground.invoice("research", net=40_000, day=ground.end))
    return Planted(ground.books(), ())


@near_miss("category-unknown")
def cost_without_budget_that_nobody_claims(ground: Ground) -> Planted:
    ground.buy(ground.invoice("research", net=40_000, claimed=False))
    return Planted(ground.books(), ())


# --- item-sum-mismatch ---------------------------------------------------------------------------------


@plant("item-sum-mismatch")
def items_short_of_their_category(ground: Ground) -> Planted:
    short = ground.chance.randrange(1, 9_000)
    ground.table("item", "equipment")["self"] -= short
    return as_signed(ground, short)


@plant("item-sum-mismatch")
def item_whose_funds_are_exchanged(ground: Ground) -> Planted:
    moved = ground.chance.randrange(1, 9_000)
    item = ground.table("item", "improvement")
    item["government"], item["self"] = item["government"] + moved, item["self"] - moved
    return as_signed(ground, 2 * moved)


@plant("item-sum-mismatch")
def item_left_out(ground: Ground) -> Planted:
    item = ground.table("item", "consumables")
    ground.tables["item"].remove(item)
    return as_signed(ground, item["government"] + item["self"])


@plant("item-sum-mismatch", scheme="supply-chain-smart-112", partners=2)
def partner_whose_items_are_a_dollar_more(ground: Ground) -> Planted:
    ground.table("item", "improvement", partner(ground, 1))["government"] += 1
    return as_signed(ground, 1)


@plant("item-sum-mismatch")
def item_of_a_category_without_budget(ground: Ground) -> Planted:
    item = {"category": "research", "name": "耐久驗證", "government": 0, "self": 50_000}
    ground.tables["item"].append(item)
    return as_signed(ground, 50_000)


@plant("item-sum-mismatch")
def items_listed_again_that_fit_neither_budget(ground: Ground) -> Planted:
    day = relisted(ground, 500)
    ground.today = day
    return Planted(ground.books(), ((str(day), 500),))


def relisted(ground: Ground, short: int) -> datetime.date:
    """The equipment's budget revised, its first item listed again with it but for so much; the day of it."""
    day = ground.start + datetime.timedelta(days=10)
    government, own = ground.budget("equipment")
    ground.revise(day, {"equipment": Approved(government, own + 80_000)})
    item = ground.table("item", "equipment")
    approved = twd(item["government"]), twd(item["self"] + 80_000 - short)
    ground.more.append(custom(day, "item", "equipment", item["name"], *approved))
    return day


@near_miss("item-sum-mismatch")
def items_as_first_approved_after_a_revision(ground: Ground) -> Planted:
    government, own = ground.budget("equipment")
    ground.revise(ground.start, {"equipment": Approved(government, own + 80_000)})
    return Planted(ground.books(), ())


@near_miss("item-sum-mismatch")
def items_listed_again_with_the_revision(ground: Ground) -> Planted:
    relisted(ground, 0)
    return Planted(ground.books(), ())


@near_miss("item-sum-mismatch")
def category_that_lists_no_items(ground: Ground) -> Planted:
    ground.tables["item"] = [item for item in ground.tables["item"] if item["category"] != "equipment"]
    return as_signed(ground, clean=True)


@near_miss("item-sum-mismatch")
def item_listed_in_two_parts(ground: Ground) -> Planted:
    item = ground.table("item", "equipment")
    part = item | {"government": item["government"] // 3, "self": item["self"] // 3}
    item["government"], item["self"] = item["government"] - part["government"], item["self"] - part["self"]
    ground.tables["item"].append(part)
    return as_signed(ground, clean=True)
