"""Faults in what is paid into the dedicated account and in what is left in it."""

from __future__ import annotations

from beancount.core import data

from ledger.entries.builder import bank_entry
from ledger.model.accounts import GRANT_MONEY
from ledger.model.accounts import OWN_MONEY
from ledger.model.directives import custom
from ledger.model.directives import twd
from tests.recall.account import DAY
from tests.recall.account import day_of
from tests.recall.account import drawn
from tests.recall.account import put_back
from tests.recall.account import tax_on
from tests.recall.account import withdraw
from tests.recall.edits import Edit
from tests.recall.edits import amounts
from tests.recall.edits import draws
from tests.recall.edits import number
from tests.recall.edits import of_payment
from tests.recall.edits import of_withdrawal
from tests.recall.ground import Day
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

CHAIN = "supply-chain-smart-112"


def at(day: Day, amount: int) -> tuple[tuple[str, int | None], ...]:
    return ((str(day), amount),)


# --- instalment-unexpected -----------------------------------------------------------------------------


def in_parts(ground: Ground, guarantee: str, *parts: tuple[Day, int]) -> None:
    """The grant comes in these parts, and not at once."""
    ground.tables["award"]["guarantee"] = guarantee
    ground.instalments = list(parts)


def tail(ground: Ground) -> Day:
    """The day of the last instalment."""
    return ground.end + 10 * DAY


def half(ground: Ground) -> int:
    return ground.granted().government // 2


@plant("instalment-unexpected")
def half_of_a_grant_that_is_guaranteed_in_full(ground: Ground) -> Planted:
    in_parts(ground, "full", (ground.start, half(ground)))
    return Planted(ground.books(), at(ground.start, half(ground)))


@plant("instalment-unexpected")
def first_instalment_a_dollar_short(ground: Ground) -> Planted:
    rest = ground.earned() - half(ground) + 1
    in_parts(ground, "partial", (ground.start, half(ground) - 1), (tail(ground), rest))
    return Planted(ground.books(), at(ground.start, 1))


@plant("instalment-unexpected")
def more_than_the_whole_grant(ground: Ground) -> Planted:
    granted, more = ground.granted().government, ground.chance.randrange(1, 9_000)
    in_parts(ground, "full", (ground.start, granted + more))
    return Planted(ground.books(), at(ground.start, more))


@plant("instalment-unexpected")
def interim_instalment_of_two_thirds(ground: Ground) -> Planted:
    part = ground.granted().government * 2 // 3
    interim = ground.day(2, 8)
    in_parts(ground, "none", (interim, part))
    return Planted(ground.books(), at(interim, part - half(ground)))


@plant("instalment-unexpected")
def last_instalment_beyond_what_is_recognised(ground: Ground) -> Planted:
    rest, more = ground.earned() - half(ground), ground.chance.randrange(1, 9_000)
    in_parts(ground, "partial", (ground.start, half(ground)), (tail(ground), rest + more))
    return Planted(ground.books(), at(tail(ground), more))


@plant("instalment-unexpected")
def third_instalment_of_two(ground: Ground) -> Planted:
    rest, more = ground.earned() - half(ground), ground.chance.randrange(1, 9_000)
    in_parts(
        ground, "partial", (ground.start, half(ground)), (tail(ground), rest), (tail(ground) + DAY, more)
    )
    return Planted(ground.books(), at(tail(ground) + DAY, more))


@plant("instalment-unexpected", scheme=CHAIN)
def half_at_the_signing_where_a_fifth_is_due(ground: Ground) -> Planted:
    granted = ground.granted().government
    in_parts(ground, "partial", (ground.start, half(ground)), (tail(ground), ground.earned() - half(ground)))
    return Planted(ground.books(), at(ground.start, half(ground) - granted // 5))


@plant("instalment-unexpected", scheme=CHAIN, partners=2, own_accounts=True)
def instalment_of_a_partner_that_came_twice(ground: Ground) -> Planted:
    party = ground.tables["partner"][0]["ubn"]
    budget = [line["government"] for line in ground.tables["budget"] if line.get("party") == party]
    day, amount = ground.start + 3 * DAY, sum(budget)
    ground.more.append(bank_entry("instalment", day, amount, "產業發展署", "補助款撥款", {"party": party}))
    remitted = bank_entry("remit-surplus", ground.settled_on, -amount, "國庫", "溢撥款繳回", {"party": party})
    ground.more.append(remitted)
    return Planted(ground.books(), at(day, amount))


@near_miss("instalment-unexpected")
def half_at_the_signing_and_the_rest_of_what_is_recognised(ground: Ground) -> Planted:
    rest = ground.earned() - half(ground)
    in_parts(ground, "partial", (ground.start, half(ground)), (tail(ground), rest))
    return Planted(ground.books(), ())


@near_miss("instalment-unexpected")
def first_instalment_in_two_parts(ground: Ground) -> Planted:
    part = ground.chance.randrange(1, half(ground))
    parts = ((ground.start, part), (ground.start + 6 * DAY, half(ground) - part))
    in_parts(ground, "partial", *parts, (tail(ground), ground.earned() - half(ground)))
    return Planted(ground.books(), ())


@near_miss("instalment-unexpected")
def last_instalment_in_two_parts(ground: Ground) -> Planted:
    rest = ground.earned() - half(ground)
    in_parts(
        ground,
        "partial",
        (ground.start, half(ground)),
        (tail(ground), rest - 1_000),
        (tail(ground) + DAY, 1_000),
    )
    return Planted(ground.books(), ())


@plant("instalment-unexpected")
def parts_of_the_first_that_never_make_it_up(ground: Ground) -> Planted:
    lacking = ground.chance.randrange(1, 9_000)
    parts = ((ground.start, half(ground) - lacking - 1_000), (ground.start + 6 * DAY, 1_000))
    in_parts(ground, "partial", *parts, (tail(ground), ground.earned() - half(ground) + lacking))
    return Planted(ground.books(), at(ground.start + 6 * DAY, lacking))


@near_miss("instalment-unexpected")
def whole_grant_in_two_halves_and_the_surplus_paid_back(ground: Ground) -> Planted:
    in_parts(ground, "none", (ground.day(2, 8), half(ground)), (tail(ground), half(ground)))
    return Planted(ground.books(), ())


@near_miss("instalment-unexpected")
def last_instalment_less_a_deduction(ground: Ground) -> Planted:
    rest, cut = ground.earned() - half(ground), ground.chance.randrange(1, 9) * 1000
    ground.more.append(custom(tail(ground) - DAY, "deduction", twd(cut), "逾期完成"))
    in_parts(ground, "partial", (ground.start, half(ground)), (tail(ground), rest - cut))
    return Planted(ground.books(), ())


@near_miss("instalment-unexpected", scheme=CHAIN)
def instalments_by_progress_of_any_size(ground: Ground) -> Planted:
    earned = ground.earned()
    one, other = earned // ground.chance.randrange(4, 9), earned // ground.chance.randrange(3, 6)
    parts = ((ground.day(1, 3), one), (ground.day(3, 9), other), (tail(ground), earned - one - other))
    in_parts(ground, "none", *parts)
    return Planted(ground.books(), ())


@near_miss("instalment-unexpected")
def odd_grant_halved_and_rounded_up(ground: Ground) -> Planted:
    ground.grant("consumables", government=1)
    up = half(ground) + 1
    in_parts(ground, "partial", (ground.start, up), (tail(ground), ground.earned() - up))
    return Planted(ground.books(), ())


@near_miss("instalment-unexpected")
def nothing_more_came_as_less_was_earned_than_had_come(ground: Ground) -> Planted:
    ground.papers = [paper for paper in ground.papers if paper.kind == "payroll"]
    ground.buy(ground.invoice(day=ground.day(1, 8)))
    in_parts(ground, "partial", (ground.start, half(ground)))
    return Planted(ground.books(), ())


# --- account-overdrawn ---------------------------------------------------------------------------------


def without_deposit(day: Day, amount: int) -> Edit:
    """Leave out one deposit of own money."""

    def is_it(entry: data.Directive) -> bool:
        if not isinstance(entry, data.Transaction) or (entry.date, entry.narration) != (day, "自籌款存入"):
            return False
        return number(entry.postings[0]) == amount

    def edit(entries: list[data.Directive]) -> list[data.Directive]:
        deposit = next(entry for entry in entries if is_it(entry))
        return [entry for entry in entries if entry is not deposit]

    return edit


@plant("account-overdrawn")
def withdrawn_before_the_grant_came(ground: Ground) -> Planted:
    ground.buy(ground.invoice(day=ground.start))
    month, amount = next(iter(drawn(ground).items()))
    ground.instalments = [(day_of(month) + DAY, ground.granted().government)]
    withdraw(ground, day_of(month), amount, months=month)
    edit = of_withdrawal(ground.months[1], draws(-amount))
    also = frozenset({"withdrawal-exceeds-entitlement"})
    return Planted(ground.books(edit), at(day_of(month), amount), also)


@plant("account-overdrawn")
def own_part_of_a_direct_payment_never_paid_in(ground: Ground) -> Planted:
    ground.direct = True
    paper = ground.any_paper("payroll")
    edit = without_deposit(ground.paid[paper.number], paper.net)
    return Planted(ground.books(edit), at(ground.paid[paper.number], paper.net))


@plant("account-overdrawn")
def own_part_of_a_direct_payment_paid_in_the_day_after(ground: Ground) -> Planted:
    ground.direct = True
    paper = ground.any_paper("payroll")
    day = ground.paid[paper.number]
    ground.more.append(bank_entry("own-money", day + DAY, paper.net, "", "自籌款存入", {}))
    return Planted(ground.books(without_deposit(day, paper.net)), at(day, paper.net))


@plant("account-overdrawn")
def grant_money_that_paid_the_companys_part(ground: Ground) -> Planted:
    ground.direct = True
    paper = ground.buy(ground.invoice(day=ground.end))
    day = ground.paid[paper.number] = ground.settled_on + DAY
    edit = of_payment(paper.number, amounts([(GRANT_MONEY, -paper.tax), (OWN_MONEY, paper.tax)]))
    also = frozenset({"tax-paid-by-grant", "withdrawal-exceeds-entitlement"})
    return Planted(ground.books(edit), at(day, paper.tax), also)


@plant("account-overdrawn")
def tax_on_interest_remitted_out_of_the_grant(ground: Ground) -> Planted:
    gross = ground.chance.randrange(21_000, 60_000)
    ground.interest, ground.remits = [(ground.end, gross)], False
    ground.more.append(bank_entry("remit-interest", ground.settled_on, -gross, "國庫", "專戶孳息繳庫", {}))
    return Planted(ground.books(), at(ground.settled_on, tax_on(gross)))


@plant("account-overdrawn")
def fee_taken_when_nothing_was_left(ground: Ground) -> Planted:
    day = ground.settled_on + 3 * DAY
    ground.more.append(bank_entry("fee", day, -30, "", "匯費", {}))
    return Planted(ground.books(), at(day, 30), frozenset({"bank-fee-charged-to-grant"}))


@plant("account-overdrawn")
def overdrawn_put_right_and_overdrawn_again(ground: Ground) -> Planted:
    first, second = ground.settled_on + DAY, ground.settled_on + 9 * DAY
    for day, amount in ((first, 700), (second, 900)):
        withdraw(ground, day, amount)
        put_back(ground, day + 2 * DAY, amount)
    also = frozenset({"withdrawal-exceeds-entitlement"})
    return Planted(ground.books(), (*at(first, 700), *at(second, 900)), also)


@plant("account-overdrawn", scheme=CHAIN, partners=2, own_accounts=True)
def account_of_a_partner_overdrawn_while_the_leads_is_full(ground: Ground) -> Planted:
    party = ground.tables["partner"][0]["ubn"]
    budget = [line["government"] for line in ground.tables["budget"] if line.get("party") == party]
    more = ground.chance.randrange(1, 9_000)
    withdraw(ground, ground.start, sum(budget) + more, party=party)
    put_back(ground, ground.start + 2 * DAY, sum(budget) + more, party=party)
    return Planted(ground.books(), at(ground.start, more), frozenset({"withdrawal-exceeds-entitlement"}))


@plant("account-overdrawn")
def surplus_remitted_with_a_figure_too_many(ground: Ground) -> Planted:
    more = ground.chance.randrange(1, 9_000)
    ground.more.append(bank_entry("remit-surplus", ground.settled_on, -more, "國庫", "結餘款繳庫", {}))
    return Planted(ground.books(), at(ground.settled_on, more))


@near_miss("account-overdrawn")
def paid_and_withdrawn_on_one_day_before_the_deposit_was_booked(ground: Ground) -> Planted:
    day = ground.settled_on + DAY
    withdraw(ground, day, 700)
    put_back(ground, day, 700)
    return Planted(ground.books(), (), frozenset({"withdrawal-exceeds-entitlement"}))


@near_miss("account-overdrawn")
def account_emptied_to_the_last_dollar(ground: Ground) -> Planted:
    in_parts(ground, "partial", (ground.start, half(ground)), (tail(ground), ground.earned() - half(ground)))
    return Planted(ground.books(), ())


@near_miss("account-overdrawn")
def tax_on_interest_remitted_out_of_the_companys_bank(ground: Ground) -> Planted:
    ground.interest = [(ground.end, ground.chance.randrange(21_000, 60_000))]
    return Planted(ground.books(), ())


@near_miss("account-overdrawn")
def own_money_paid_in_before_it_is_spent(ground: Ground) -> Planted:
    ground.direct = True
    paper = ground.any_paper("payroll")
    day = ground.paid[paper.number]
    ground.more.append(bank_entry("own-money", day - 9 * DAY, paper.net, "", "自籌款存入", {}))
    return Planted(ground.books(without_deposit(day, paper.net)), ())
