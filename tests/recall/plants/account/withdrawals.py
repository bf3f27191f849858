"""Faults in what is withdrawn: too early, too much, too late."""

from __future__ import annotations

from beancount.core import data

from ledger.entries.builder import VoucherToBook
from ledger.entries.builder import as_text
from ledger.entries.builder import bank_entry
from ledger.model.accounts import GRANT_MONEY
from ledger.model.accounts import OWN_MONEY
from ledger.model.directives import custom
from ledger.util.dates import month_last_day
from tests.checks.builder import Books
from tests.recall.account import DAY
from tests.recall.account import day_of
from tests.recall.account import drawn
from tests.recall.account import put_back
from tests.recall.account import withdraw
from tests.recall.edits import all_of
from tests.recall.edits import amounts
from tests.recall.edits import both
from tests.recall.edits import draws
from tests.recall.edits import moved
from tests.recall.edits import of_payment
from tests.recall.edits import of_withdrawal
from tests.recall.edits import says
from tests.recall.edits import without
from tests.recall.ground import Day
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant
from tests.recall.plants.settlement import mostly_granted
from tests.recall.plants.settlement import short
from tests.recall.plants.settlement import unspent

CHAIN = "supply-chain-smart-112"


def some_month(ground: Ground) -> tuple[str, int]:
    """A month that earned something, and what is withdrawn for it."""
    return ground.chance.choice(list(drawn(ground).items()))


def two_months(ground: Ground, *, but_last: int = 0) -> list[tuple[str, int]]:
    """Two months, one after the other, that both earned something, and what is withdrawn for them."""
    place = ground.chance.randrange(len(ground.months) - 1 - but_last)
    for month in (place, place + 1):
        ground.buy(ground.invoice(day=ground.day(month, 6)))
    found = drawn(ground)
    return [(month, found[month]) for month in ground.months[place : place + 2]]


def closed(ground: Ground, books: Books, months: list[str], date: Day | None = None) -> Books:
    """Books with these months closed, on their last day or all on one day."""
    return books.close(*[month for month in ground.months if month in months], date=date)


def after(ground: Ground, month: str) -> list[str]:
    return [other for other in ground.months if other > month]


def at(day: Day, amount: int) -> tuple[tuple[str, int | None], ...]:
    return ((str(day), amount),)


# --- withdrawal-before-close ---------------------------------------------------------------------------


@plant("withdrawal-before-close")
def withdrawn_the_day_before_the_close(ground: Ground) -> Planted:
    month, amount = some_month(ground)
    day = month_last_day(month) - DAY
    return Planted(ground.books(of_withdrawal(month, moved(day))), at(day, amount))


@plant("withdrawal-before-close")
def month_closed_only_after_it_was_withdrawn(ground: Ground) -> Planted:
    month, amount = some_month(ground)
    before = [other for other in ground.months if other < month]
    books = closed(ground, ground.books(close=False), before)
    books = closed(ground, books, [month], day_of(month) + ground.chance.randrange(1, 9) * DAY)
    return Planted(closed(ground, books, after(ground, month)), at(day_of(month), amount))


@plant("withdrawal-before-close")
def two_months_withdrawn_at_once_before_the_second_was_closed(ground: Ground) -> Planted:
    (first, early), (second, amount) = two_months(ground)
    day = month_last_day(second) - ground.chance.randrange(1, 6) * DAY
    change = both(both(moved(day), draws(early)), says(months=f"{first} {second}"))
    edit = all_of(without(first), of_withdrawal(second, change))
    return Planted(ground.books(edit), at(day, amount))


@plant("withdrawal-before-close")
def part_of_an_open_month_withdrawn_under_no_month(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(2, 8)))
    day, amount = ground.day(2, 12), ground.government(paper) // 2
    withdraw(ground, day, amount)
    edit = of_withdrawal(ground.months[2], draws(-amount))
    return Planted(ground.books(edit), at(day, amount))


@plant("withdrawal-before-close")
def withdrawn_while_the_month_was_open_again(ground: Ground) -> Planted:
    month, amount = some_month(ground)
    books = closed(ground, ground.books(close=False), [other for other in ground.months if other <= month])
    books = books.add(as_text([custom(day_of(month), "reopen", month, reason="補列憑證")]))
    books = closed(ground, books, [month], day_of(month) + 4 * DAY)
    return Planted(closed(ground, books, after(ground, month)), at(day_of(month), amount))


@plant("withdrawal-before-close", scheme=CHAIN, partners=2, own_accounts=True)
def withdrawn_too_early_from_the_account_of_a_partner(ground: Ground) -> Planted:
    party = ground.tables["partner"][0]["ubn"]
    month, amount = ground.chance.choice(list(drawn(ground, party).items()))
    day = month_last_day(month) - DAY
    return Planted(ground.books(of_withdrawal(month, moved(day), party)), at(day, amount))


@near_miss("withdrawal-before-close")
def withdrawn_on_the_day_of_the_close(ground: Ground) -> Planted:
    month, _amount = some_month(ground)
    return Planted(ground.books(of_withdrawal(month, moved(month_last_day(month)))), ())


@near_miss("withdrawal-before-close")
def closed_month_withdrawn_late_in_the_next_under_no_month(ground: Ground) -> Planted:
    (first, _amount), (second, _other) = two_months(ground)
    change = both(moved(month_last_day(second) - DAY), says(months=None))
    return Planted(ground.books(of_withdrawal(first, change)), ())


@near_miss("withdrawal-before-close")
def month_opened_again_after_it_was_withdrawn(ground: Ground) -> Planted:
    month, _amount = some_month(ground)
    books = closed(ground, ground.books(close=False), [other for other in ground.months if other <= month])
    books = books.add(as_text([custom(day_of(month) + DAY, "reopen", month, reason="補列憑證")]))
    books = closed(ground, books, [month], day_of(month) + 4 * DAY)
    return Planted(closed(ground, books, after(ground, month)), ())


@near_miss("withdrawal-before-close")
def month_after_the_end_named_for_what_was_left(ground: Ground) -> Planted:
    month = list(drawn(ground))[-1]
    following = f"{ground.settled_on:%Y-%m}"
    return Planted(ground.books(of_withdrawal(month, says(months=following))), ())


@near_miss("withdrawal-before-close")
def suppliers_paid_out_of_the_account_while_the_month_is_open(ground: Ground) -> Planted:
    ground.direct = True
    return Planted(ground.books(), ())


# --- withdrawal-exceeds-entitlement --------------------------------------------------------------------


def too_much(ground: Ground, month: str, amount: int) -> Planted:
    """So much too much withdrawn for a month, and put back before the next."""
    put_back(ground, day_of(month) + 3 * DAY, amount)
    return Planted(ground.books(of_withdrawal(month, draws(amount))), at(day_of(month), amount))


def strike(ground: Ground, paper: VoucherToBook, day: Day) -> None:
    """The auditor strikes a paper out."""
    ground.more.append(custom(day, "finding", "F-001", voucher=paper.number, state="disallowed"))


@plant("withdrawal-exceeds-entitlement")
def one_dollar_more_than_the_month_earned(ground: Ground) -> Planted:
    (first, _amount), (second, _other) = two_months(ground)
    edit = all_of(of_withdrawal(first, draws(1)), of_withdrawal(second, draws(-1)))
    return Planted(ground.books(edit), at(day_of(first), 1))


@plant("withdrawal-exceeds-entitlement")
def month_withdrawn_twice(ground: Ground) -> Planted:
    month, amount = next(iter(drawn(ground).items()))
    day = day_of(month) + DAY
    withdraw(ground, day, amount, months=month)
    put_back(ground, day + 2 * DAY, amount)
    return Planted(ground.books(), at(day, amount))


@plant("withdrawal-exceeds-entitlement")
def whole_cost_withdrawn_instead_of_the_grants_part(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(0, 9)))
    return too_much(ground, ground.months[0], paper.net - ground.government(paper))


@plant("withdrawal-exceeds-entitlement")
def tax_of_an_invoice_withdrawn_with_its_cost(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(1, 9)))
    return too_much(ground, ground.months[1], paper.tax)


@plant("withdrawal-exceeds-entitlement", scheme=CHAIN)
def interest_withdrawn_beside_the_whole_principal(ground: Ground) -> Planted:
    ground.tables["award"]["guarantee"] = "none"
    earned = ground.earned()
    ground.instalments = [(ground.start, earned // 3), (ground.end + 10 * DAY, earned - earned // 3)]
    day, amount = ground.end + 5 * DAY, ground.interest[-1][1]
    withdraw(ground, day, amount)
    put_back(ground, day + 3 * DAY, amount)
    return Planted(ground.books(), at(day, amount))


@plant("withdrawal-exceeds-entitlement")
def cost_withdrawn_that_was_struck_out_before(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(1, 9)))
    ground.buy(ground.invoice("improvement", day=ground.day(1, 14)))
    month = ground.months[1]
    strike(ground, paper, month_last_day(month) + DAY)
    return too_much(ground, month, ground.worth(paper, month_last_day(month)))


@plant("withdrawal-exceeds-entitlement")
def more_paid_out_of_the_account_than_was_ever_earned(ground: Ground) -> Planted:
    ground.direct = True
    paper = ground.buy(ground.invoice(day=ground.end))
    day = ground.paid[paper.number] = ground.end + 9 * DAY
    put_back(ground, day + 3 * DAY, paper.tax)
    edit = of_payment(paper.number, amounts([(GRANT_MONEY, -paper.tax), (OWN_MONEY, paper.tax)]))
    return Planted(ground.books(edit), at(day, paper.tax), frozenset({"tax-paid-by-grant"}))


@plant("withdrawal-exceeds-entitlement", scheme=CHAIN, partners=2, own_accounts=True)
def partner_that_withdraws_what_the_lead_had_earned(ground: Ground) -> Planted:
    party = ground.tables["partner"][0]["ubn"]
    paper = ground.buy(ground.invoice(day=ground.day(0, 9)))
    ground.buy(ground.invoice(day=ground.day(0, 9), party=party))
    month, amount = ground.months[0], ground.government(paper)
    put_back(ground, day_of(month) + 3 * DAY, amount, party=party)
    edit = of_withdrawal(month, draws(amount), party)
    return Planted(ground.books(edit), at(day_of(month), amount))


@near_miss("withdrawal-exceeds-entitlement")
def what_was_left_of_a_month_withdrawn_with_the_next(ground: Ground) -> Planted:
    (first, amount), (second, _other) = two_months(ground)
    left = amount // 3
    edit = all_of(of_withdrawal(first, draws(-left)), of_withdrawal(second, draws(left)))
    return Planted(ground.books(edit), ())


@near_miss("withdrawal-exceeds-entitlement")
def two_closed_months_withdrawn_at_once(ground: Ground) -> Planted:
    (first, amount), (second, _other) = two_months(ground)
    change = both(draws(amount), says(months=f"{first} {second}"))
    return Planted(ground.books(all_of(without(first), of_withdrawal(second, change))), ())


@near_miss("withdrawal-exceeds-entitlement")
def money_put_back_and_withdrawn_again(ground: Ground) -> Planted:
    month, amount = some_month(ground)
    put_back(ground, day_of(month) + DAY, amount)
    withdraw(ground, day_of(month) + 2 * DAY, amount, months=month)
    return Planted(ground.books(), ())


@near_miss("withdrawal-exceeds-entitlement")
def cost_struck_out_only_after_it_was_withdrawn(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(1, 9)))
    month = ground.months[1]
    strike(ground, paper, ground.end + 10 * DAY)
    # a dollar is left in the account: what the paper is worth may change by one with later cost
    amount = ground.worth(paper, month_last_day(month)) - 1
    put_back(ground, ground.end + 12 * DAY, amount)
    ground.buy(ground.invoice("improvement", day=ground.day(1, 14)))
    return Planted(ground.books(of_withdrawal(month, draws(amount))), ())


@near_miss("withdrawal-exceeds-entitlement", scheme=CHAIN)
def last_instalment_withdrawn_when_it_came(ground: Ground) -> Planted:
    ground.tables["award"]["guarantee"] = "none"
    earned = ground.earned()
    ground.instalments = [(ground.start, earned // 3), (ground.end + 10 * DAY, earned - earned // 3)]
    return Planted(ground.books(), ())


# --- withdrawal-outstanding ----------------------------------------------------------------------------


def remitted_by(entry: data.Directive, party: str) -> bool:
    """Whether an entry takes the surplus of a partner's account to the treasury."""
    return entry.meta.get("party") == party and getattr(entry, "narration", "") == "結餘款繳庫"


@plant("withdrawal-outstanding")
def last_month_never_withdrawn(ground: Ground) -> Planted:
    month, amount = list(drawn(ground).items())[-1]
    return Planted(ground.books(without(month)), at(ground.end, amount))


@plant("withdrawal-outstanding")
def month_in_between_forgotten(ground: Ground) -> Planted:
    (month, amount), _second = two_months(ground)
    return Planted(ground.books(without(month)), at(ground.end, amount))


@plant("withdrawal-outstanding")
def one_dollar_left_in_the_account(ground: Ground) -> Planted:
    month, _amount = some_month(ground)
    return Planted(ground.books(of_withdrawal(month, draws(-1))), at(ground.end, 1))


@plant("withdrawal-outstanding")
def month_not_withdrawn_for_thirty_two_days(ground: Ground) -> Planted:
    (month, amount), (second, _other) = two_months(ground, but_last=1)
    ground.today = month_last_day(month) + 32 * DAY
    books = ground.books(without(month), close=False)
    return Planted(
        closed(ground, books, [other for other in ground.months if other < second]),
        at(month_last_day(month), amount),
    )


@plant("withdrawal-outstanding")
def month_forgotten_until_the_next_was_closed(ground: Ground) -> Planted:
    (month, amount), (second, _other) = two_months(ground, but_last=1)
    ground.today = month_last_day(second) + 2 * DAY
    books = closed(ground, ground.books(without(month), close=False), ground.months)
    return Planted(books, at(month_last_day(month), amount))


@plant("withdrawal-outstanding", scheme=CHAIN, partners=2, own_accounts=True)
def month_of_a_partner_left_in_its_own_account(ground: Ground) -> Planted:
    party = ground.tables["partner"][1]["ubn"]
    month, amount = ground.chance.choice(list(drawn(ground, party).items()))
    return Planted(ground.books(without(month, party)), at(ground.end, amount))


@plant("withdrawal-outstanding", scheme=CHAIN)
def last_instalment_left_in_the_account(ground: Ground) -> Planted:
    ground.tables["award"]["guarantee"] = "none"
    earned = ground.earned()
    ground.instalments = [(ground.start, earned // 3), (ground.end + 10 * DAY, earned - earned // 3)]
    return Planted(ground.books(without("")), at(ground.end, earned - earned // 3))


@plant("withdrawal-outstanding", scheme=CHAIN, partners=2)
def cost_of_a_partner_never_withdrawn(ground: Ground) -> Planted:
    party = ground.tables["partner"][1]["ubn"]
    paper = ground.buy(ground.invoice("improvement", day=ground.end, party=party))
    amount = ground.government(paper)
    return Planted(ground.books(of_withdrawal(ground.months[-1], draws(-amount))), at(ground.end, amount))


@near_miss("withdrawal-outstanding")
def last_month_not_withdrawn_for_thirty_one_days(ground: Ground) -> Planted:
    month = list(drawn(ground))[-1]
    ground.today = ground.end + 31 * DAY
    return Planted(ground.books(without(month)), ())


@near_miss("withdrawal-outstanding", scheme=CHAIN)
def principal_spent_and_the_last_instalment_still_to_come(ground: Ground) -> Planted:
    ground.tables["award"]["guarantee"] = "none"
    ground.instalments = [(ground.start, ground.earned() // 3)]
    return Planted(ground.books(), ())


@near_miss("withdrawal-outstanding", scheme=CHAIN, partners=2, own_accounts=True)
def lead_without_principal_while_a_partner_holds_more_than_it_earned(ground: Ground) -> Planted:
    ground.tables["award"]["guarantee"] = "none"
    ground.instalments = [(ground.start, ground.earned() // 9)]
    party = ground.tables["partner"][0]["ubn"]
    for paper in [paper for paper in ground.papers if paper.buyer == party]:
        ground.replace(paper, claimed=False)
    books = ground.books(lambda entries: [entry for entry in entries if not remitted_by(entry, party)])
    return Planted(books, (), frozenset({"surplus-unremitted"}))


@near_miss("withdrawal-outstanding")
def money_not_withdrawn_that_went_back_to_the_treasury(ground: Ground) -> Planted:
    month, amount = some_month(ground)
    ground.more.append(bank_entry("remit-surplus", ground.settled_on, -amount, "國庫", "結餘款繳庫", {}))
    return Planted(ground.books(without(month)), ())


@near_miss("withdrawal-outstanding")
def cost_struck_out_and_not_withdrawn(ground: Ground) -> Planted:
    paper = ground.any_paper()
    strike(ground, paper, paper.date + DAY)
    return Planted(ground.books(), ())


@near_miss("withdrawal-outstanding")
def what_the_ratio_cuts_off_left_in_the_account(ground: Ground) -> Planted:
    mostly_granted(ground)
    unspent(ground, "payroll")
    cut = short(ground)
    month = max(drawn(ground).items(), key=lambda each: each[1])[0]
    books = ground.books(of_withdrawal(month, draws(-cut)))
    return Planted(books, (), frozenset({"self-funding-short", "surplus-unremitted"}))
