"""Faults of cost against the approved budget; those of its items are in `items`."""

from __future__ import annotations

import datetime

from ledger.arithmetic.cost_share import Approved
from ledger.model.directives import custom
from ledger.model.directives import twd
from tests.recall.awards import partner
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

DAY = datetime.timedelta(days=1)


# --- budget-overrun ------------------------------------------------------------------------------------


@plant("budget-overrun")
def last_invoice_a_dollar_beyond_the_category(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("improvement", net=ground.room("improvement") + 1, day=ground.end))
    return Planted(ground.books(), ((paper.number, 1),))


@plant("budget-overrun")
def overrun_made_greater_by_the_next_invoice(ground: Ground) -> Planted:
    over, more = ground.chance.randrange(1, 9_000), ground.chance.randrange(1, 9_000)
    room = ground.room("consumables")
    paper = ground.buy(ground.invoice("consumables", net=room + over, day=ground.end - 2 * DAY))
    ground.buy(ground.invoice("consumables", net=more, day=ground.end))
    return Planted(ground.books(), ((paper.number, over + more),))


@plant("budget-overrun")
def invoice_after_the_last_dollar_was_spent(ground: Ground) -> Planted:
    ground.buy(ground.invoice("improvement", net=ground.room("improvement"), day=ground.end - 2 * DAY))
    paper = ground.buy(ground.invoice("improvement", net=ground.chance.randrange(1, 9_000), day=ground.end))
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("budget-overrun")
def pay_beyond_what_was_planned(ground: Ground) -> Planted:
    over = ground.chance.randrange(1, 900)
    ground.table("budget", "personnel")["self"] = ground.cost("personnel") - over
    last = [paper for paper in ground.papers if paper.kind == "payroll"][-1]
    return Planted(ground.books(), ((last.number, over),))


@plant("budget-overrun", scheme="supply-chain-carbon-112", partners=2)
def partner_beyond_its_own_budget_while_the_lead_has_room(ground: Ground) -> Planted:
    party, over = partner(ground), ground.chance.randrange(1, 9_000)
    net = ground.room("equipment", party) + over
    paper = ground.buy(ground.invoice("equipment", party=party, net=net, day=ground.end))
    return Planted(ground.books(), ((paper.number, over),))


@plant("budget-overrun")
def category_cut_by_a_revision_below_what_was_spent(ground: Ground) -> Planted:
    cost, over = ground.cost("personnel"), ground.chance.randrange(1, 900)
    last = [paper for paper in ground.papers if paper.kind == "payroll"][-1]
    ground.revise(ground.end, {"personnel": Approved(0, cost - over)})
    return Planted(ground.books(), ((last.number, over),))


@plant("budget-overrun")
def credit_note_that_does_not_take_enough_back(ground: Ground) -> Planted:
    over, kept = ground.chance.randrange(5_000, 9_000), ground.chance.randrange(1, 4_000)
    net = ground.room("improvement") + over
    paper = ground.buy(ground.invoice("improvement", net=net, day=ground.end - 5 * DAY))
    ground.credit(paper, over - kept)
    return Planted(ground.books(), ((paper.number, kept),))


@near_miss("budget-overrun")
def category_spent_to_the_dollar(ground: Ground) -> Planted:
    for category in ("improvement", "consumables"):
        ground.buy(ground.invoice(category, net=ground.room(category), day=ground.end))
    return Planted(ground.books(), ())


@near_miss("budget-overrun")
def overrun_taken_back_by_a_credit_note(ground: Ground) -> Planted:
    over = ground.chance.randrange(100, 9_000)
    net = ground.room("improvement") + over
    paper = ground.buy(ground.invoice("improvement", net=net, day=ground.end - 5 * DAY))
    ground.credit(paper, over)
    return Planted(ground.books(), ())


@near_miss("budget-overrun")
def what_goes_beyond_is_claimed_from_nobody(ground: Ground) -> Planted:
    ground.buy(ground.invoice("improvement", net=ground.room("improvement"), day=ground.end))
    ground.buy(ground.invoice("improvement", net=50_000, day=ground.end, claimed=False))
    return Planted(ground.books(), ())


@near_miss("budget-overrun")
def overrun_that_the_auditor_struck_out(ground: Ground) -> Planted:
    over = ground.chance.randrange(100, 9_000)
    paper = ground.buy(ground.invoice("improvement", net=ground.room("improvement") + over, day=ground.end))
    struck = {"voucher": paper.number, "state": "disallowed", "deducted": twd(over)}
    ground.more.append(custom(ground.end + DAY, "finding", "F-001", **struck))
    return Planted(ground.books(), ())


@near_miss("budget-overrun")
def category_raised_in_time_by_an_approved_revision(ground: Ground) -> Planted:
    government, own = ground.budget("improvement")
    net = ground.room("improvement") + 40_000
    ground.revise(ground.end, {"improvement": Approved(government, own + 40_000)})
    ground.buy(ground.invoice("improvement", net=net, day=ground.end))
    return Planted(ground.books(), ())


@near_miss("budget-overrun")
def item_beyond_its_amount_within_the_category(ground: Ground) -> Planted:
    first, *_more = ground.item_tables("improvement")
    net = min(ground.room("improvement"), first["government"] + first["self"])
    ground.buy(ground.invoice("improvement", net=net))
    return Planted(ground.books(), ())


# --- reallocation-unapproved ---------------------------------------------------------------------------


def revised(ground: Ground, category: str, government: int, own: int, approval: str = "") -> str:
    """So much more or less in a category from some day on; the day."""
    before = ground.budget(category)
    day = ground.start + ground.chance.randrange(10, 90) * DAY
    approved = Approved(before.government + government, before.self_funded + own)
    ground.revise(day, {category: approved}, approval=approval)
    return str(day)


@plant("reallocation-unapproved")
def a_dollar_more_without_a_letter(ground: Ground) -> Planted:
    day = revised(ground, "improvement", 0, 1)
    return Planted(ground.books(), ((day, 1),))


@plant("reallocation-unapproved")
def half_of_a_category_taken_away_without_a_letter(ground: Ground) -> Planted:
    amount = ground.budget("personnel").total // 2
    day = revised(ground, "personnel", 0, -amount)
    return Planted(ground.books(), ((day, amount),))


@plant("reallocation-unapproved")
def grant_exchanged_for_own_money_without_a_letter(ground: Ground) -> Planted:
    day = revised(ground, "improvement", 5_000, -5_000)
    return Planted(ground.books(), ((day, 0),))  # the category's sum stays


@plant("reallocation-unapproved")
def moved_between_two_categories_without_a_letter(ground: Ground) -> Planted:
    amount = ground.chance.randrange(1_000, 60_000)
    to, back = revised(ground, "consumables", 0, amount), revised(ground, "personnel", 0, -amount)
    return Planted(ground.books(), ((to, amount), (back, amount)))


@plant("reallocation-unapproved", scheme="supply-chain-smart-112", partners=2)
def partner_that_changes_its_budget_without_a_letter(ground: Ground) -> Planted:
    party = partner(ground, 1)
    government, own = ground.budget("equipment", party)
    day = ground.end - DAY
    changed = custom(day, "budget", "equipment", twd(government), twd(own + 70_000), party=party)
    ground.more.append(changed)
    return Planted(ground.books(), ((str(day), 70_000),))


@plant("reallocation-unapproved")
def category_added_later_without_a_letter(ground: Ground) -> Planted:
    amount = ground.chance.randrange(1, 90_000)
    day = revised(ground, "research", 0, amount)
    return Planted(ground.books(), ((day, amount),))


@plant("reallocation-unapproved")
def letter_left_blank(ground: Ground) -> Planted:
    day, government, own = ground.end, *ground.budget("improvement")
    more = ground.chance.randrange(1, 90_000)
    text = f'{day} custom "grant-budget" "improvement" {government} TWD {own + more} TWD\n  approval: " "\n'
    return Planted(ground.books().add(text), ((str(day), more),))


@near_miss("reallocation-unapproved")
def revision_with_its_letter(ground: Ground) -> Planted:
    revised(ground, "improvement", 0, 90_000, "產授字第1120000002號")
    return Planted(ground.books(), ())


@near_miss("reallocation-unapproved")
def same_budget_written_down_again(ground: Ground) -> Planted:
    revised(ground, "improvement", 0, 0)
    return Planted(ground.books(), ())


@near_miss("reallocation-unapproved")
def item_beyond_its_amount_is_no_reallocation(ground: Ground) -> Planted:
    return item_beyond_its_amount_within_the_category(ground)


@near_miss("reallocation-unapproved", scheme="supply-chain-smart-112", partners=2)
def partner_whose_category_the_lead_has_as_well(ground: Ground) -> Planted:
    return Planted(ground.books(), ())


@near_miss("reallocation-unapproved")
def category_added_later_with_its_letter(ground: Ground) -> Planted:
    revised(ground, "research", 0, 90_000, "產授字第1120000003號")
    return Planted(ground.books(), ())
