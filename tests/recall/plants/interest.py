"""Faults in interest and its tax, and in what goes back to the treasury."""

from __future__ import annotations

from ledger.entries.builder import bank_entry
from ledger.entries.builder import treasury_entry
from ledger.model.accounts import COMPANY
from ledger.model.accounts import DUE_INTEREST
from ledger.model.accounts import DUE_SURPLUS
from ledger.model.accounts import GRANT_MONEY
from ledger.model.accounts import WITHHELD_TAX
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.util.dates import month_last_day
from tests.recall.account import DAY
from tests.recall.account import tax_on
from tests.recall.edits import all_of
from tests.recall.edits import amounts
from tests.recall.edits import draws
from tests.recall.edits import instead
from tests.recall.edits import of_narration
from tests.recall.edits import of_withdrawal
from tests.recall.edits import unbooked
from tests.recall.ground import Day
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

CHAIN = "supply-chain-smart-112"
SURPLUS = "結餘款繳庫"


def at(day: Day, amount: int) -> tuple[tuple[str, int | None], ...]:
    return ((str(day), amount),)


def much(ground: Ground) -> int:
    """Interest on which a bank withholds tax."""
    return ground.chance.randrange(20_010, 90_000)


def remitted(ground: Ground, gross: int, tax: int, party: str = "") -> None:
    """All interest goes to the treasury: the tax that the bank withheld out of the company's own bank."""
    meta = {"party": party} if party else {}
    day = ground.settled_on
    ground.more.append(bank_entry("remit-interest", day, tax - gross, "國庫", "專戶孳息繳庫", meta))
    if tax:
        ground.more.append(treasury_entry(False, day, tax, "國庫", "孳息扣繳稅額繳庫", meta))


def withheld(ground: Ground, *lines: tuple[int, int], day: Day | None = None, party: str = "") -> Day:
    """Interest comes in on one day, with this tax withheld on each; all of it goes to the treasury."""
    day, meta = day or ground.end, {"party": party} if party else {}
    ground.interest = []
    for gross, tax in lines:
        ground.more.append(bank_entry("interest", day, gross, "", "存款息", meta))
        if tax:
            ground.more.append(bank_entry("withholding", day, -tax, "", "代扣所得稅", meta))
    remitted(ground, sum(gross for gross, _tax in lines), sum(tax for _gross, tax in lines), party)
    return day


def in_one(ground: Ground, gross: int, tax: int, due: int, party: str = "") -> Day:
    """Interest booked in one entry: what the bank paid, what it withheld, what is said to be due."""
    meta = {"party": party} if party else {}
    ground.interest = []
    booked = amounts([(DUE_INTEREST, gross - tax - due), (WITHHELD_TAX, tax), (COMPANY, due - gross)])
    ground.more.append(booked(bank_entry("interest", ground.end, gross - tax, "", "存款息", meta)))
    remitted(ground, gross, tax, party)
    return ground.end


# --- interest-booked-net -------------------------------------------------------------------------------


@plant("interest-booked-net")
def interest_booked_as_what_the_bank_paid(ground: Ground) -> Planted:
    gross = much(ground)
    day = in_one(ground, gross, tax_on(gross), gross - tax_on(gross))
    return Planted(ground.books(), at(day, tax_on(gross)))


@plant("interest-booked-net")
def gross_interest_booked_a_dollar_short(ground: Ground) -> Planted:
    gross = much(ground)
    day = in_one(ground, gross, tax_on(gross), gross - 1)
    return Planted(ground.books(), at(day, 1))


@plant("interest-booked-net")
def tax_set_off_against_what_is_due_to_the_treasury(ground: Ground) -> Planted:
    gross = much(ground)
    day = withheld(ground, (gross, tax_on(gross)))
    set_off = of_narration("代扣所得稅", instead(WITHHELD_TAX, DUE_INTEREST))
    return Planted(ground.books(set_off), at(day, tax_on(gross)))


@plant("interest-booked-net")
def tax_that_nobody_had_to_withhold_booked_off(ground: Ground) -> Planted:
    gross = ground.chance.randrange(9_000, 20_000)
    day = in_one(ground, gross, gross // 10, gross - gross // 10)
    return Planted(ground.books(), at(day, gross // 10), frozenset({"withholding-arithmetic"}))


@plant("interest-booked-net", scheme=CHAIN, partners=2, own_accounts=True)
def interest_of_a_partners_account_booked_net(ground: Ground) -> Planted:
    gross = much(ground)
    party = ground.tables["partner"][0]["ubn"]
    day = in_one(ground, gross, tax_on(gross), gross - tax_on(gross), party)
    return Planted(ground.books(), at(day, tax_on(gross)))


@plant("interest-booked-net")
def tax_of_the_second_payment_set_off(ground: Ground) -> Planted:
    first, second = much(ground), much(ground)
    early = ground.day(2, 21)
    day = withheld(ground, (second, tax_on(second)))
    ground.interest = [(early, first)]
    set_off = of_narration("代扣所得稅", instead(WITHHELD_TAX, DUE_INTEREST), day)
    return Planted(ground.books(set_off), at(day, tax_on(second)))


@near_miss("interest-booked-net")
def gross_interest_booked_in_one_entry(ground: Ground) -> Planted:
    gross = much(ground)
    in_one(ground, gross, tax_on(gross), gross)
    return Planted(ground.books(), ())


@near_miss("interest-booked-net")
def tax_booked_on_a_line_of_its_own(ground: Ground) -> Planted:
    gross = much(ground)
    withheld(ground, (gross, tax_on(gross)))
    return Planted(ground.books(), ())


@near_miss("interest-booked-net")
def interest_free_of_tax(ground: Ground) -> Planted:
    in_one(ground, 19_999, 0, 19_999)
    return Planted(ground.books(), ())


@near_miss("interest-booked-net")
def earlier_interest_remitted_on_the_day_that_more_came(ground: Ground) -> Planted:
    gross, early = much(ground), ground.chance.randrange(2_100, 9_000)
    ground.interest, ground.remits = [(ground.day(1, 21), early), (ground.end, gross)], False
    ground.more.append(bank_entry("remit-interest", ground.end, -early, "國庫", "專戶孳息繳庫", {}))
    remitted(ground, gross, tax_on(gross))
    return Planted(ground.books(), ())


# --- withholding-arithmetic ----------------------------------------------------------------------------


@plant("withholding-arithmetic")
def interest_told_as_what_was_left_after_tax(ground: Ground) -> Planted:
    gross = much(ground)
    day = withheld(ground, (gross, 0))
    return Planted(ground.books(), at(day, tax_on(gross)))


@plant("withholding-arithmetic")
def tax_a_dollar_short(ground: Ground) -> Planted:
    gross = much(ground)
    day = withheld(ground, (gross, tax_on(gross) - 1))
    return Planted(ground.books(), at(day, 1))


@plant("withholding-arithmetic")
def tax_of_two_thousand_withheld(ground: Ground) -> Planted:
    day = withheld(ground, (20_009, 2_000))
    return Planted(ground.books(), at(day, 2_000))


@plant("withholding-arithmetic")
def tax_at_twice_the_rate(ground: Ground) -> Planted:
    gross = much(ground) // 10 * 10
    day = withheld(ground, (gross, gross // 5))
    return Planted(ground.books(), at(day, gross // 10))


@plant("withholding-arithmetic")
def tax_withheld_on_small_interest(ground: Ground) -> Planted:
    gross = ground.chance.randrange(100, 9_000)
    day = withheld(ground, (gross, gross // 10))
    return Planted(ground.books(), at(day, gross // 10))


@plant("withholding-arithmetic")
def tax_on_one_of_two_payments_of_a_day(ground: Ground) -> Planted:
    one, other = much(ground), much(ground)
    day = withheld(ground, (one, tax_on(one)), (other, 0))
    return Planted(ground.books(), at(day, tax_on(other)))


@plant("withholding-arithmetic")
def tax_booked_in_one_entry_and_wrong(ground: Ground) -> Planted:
    gross, off = much(ground), ground.chance.randrange(2, 900)
    day = in_one(ground, gross, tax_on(gross) + off, gross)
    # half a dollar more may be rounded up, and is then no mistake
    return Planted(ground.books(), at(day, off))


@plant("withholding-arithmetic", scheme=CHAIN, partners=2, own_accounts=True)
def tax_on_the_lead_s_interest_and_not_on_the_partners(ground: Ground) -> Planted:
    gross = much(ground)
    party = ground.tables["partner"][0]["ubn"]
    day = withheld(ground, (gross, 0), party=party)
    ground.interest = [(day, gross)]
    return Planted(ground.books(), at(day, tax_on(gross)))


@near_miss("withholding-arithmetic")
def interest_whose_tax_is_two_thousand_and_not_withheld(ground: Ground) -> Planted:
    withheld(ground, (20_009, 0))
    return Planted(ground.books(), ())


@near_miss("withholding-arithmetic")
def interest_whose_tax_is_two_thousand_and_one(ground: Ground) -> Planted:
    withheld(ground, (20_010, 2_001))
    return Planted(ground.books(), ())


@near_miss("withholding-arithmetic")
def tax_rounded_up_from_half_a_dollar(ground: Ground) -> Planted:
    gross = much(ground) // 10 * 10 + 5
    withheld(ground, (gross, gross // 10 + 1))
    return Planted(ground.books(), ())


@near_miss("withholding-arithmetic")
def two_payments_of_a_day_each_free_of_tax(ground: Ground) -> Planted:
    withheld(ground, (18_000, 0), (ground.chance.randrange(9_000, 20_000), 0))
    return Planted(ground.books(), ())


@near_miss("withholding-arithmetic", scheme=CHAIN, partners=2, own_accounts=True)
def interest_of_two_accounts_each_free_of_tax(ground: Ground) -> Planted:
    day = withheld(ground, (18_000, 0), party=ground.tables["partner"][0]["ubn"])
    ground.interest = [(day, 15_000)]
    return Planted(ground.books(), ())


# --- interest-unremitted -------------------------------------------------------------------------------


@plant("interest-unremitted")
def interest_never_remitted(ground: Ground) -> Planted:
    ground.remits = False
    gross = sum(amount for _day, amount in ground.interest)
    return Planted(ground.books(), at(ground.interest[-1][0], gross))


@plant("interest-unremitted")
def interest_remitted_after_tax(ground: Ground) -> Planted:
    gross = much(ground)
    ground.interest = [(ground.end, gross)]
    return Planted(ground.books(unbooked("孳息扣繳稅額繳庫")), at(ground.end, tax_on(gross)))


@plant("interest-unremitted")
def interest_remitted_a_dollar_short(ground: Ground) -> Planted:
    edit = of_narration("專戶孳息繳庫", amounts([(GRANT_MONEY, 1), (DUE_INTEREST, -1)]))
    return Planted(ground.books(edit), at(ground.interest[-1][0], 1))


@plant("interest-unremitted")
def interest_of_an_earlier_month_forgotten(ground: Ground) -> Planted:
    early = ground.chance.randrange(40, 900)
    ground.more.append(bank_entry("interest", ground.day(1, 21), early, "", "存款息", {}))
    return Planted(ground.books(), at(ground.interest[-1][0], early))


@plant("interest-unremitted")
def interest_that_came_after_all_was_remitted(ground: Ground) -> Planted:
    day, late = ground.settled_on + 9 * DAY, ground.chance.randrange(1, 90)
    ground.more.append(bank_entry("interest", day, late, "", "銷戶結息", {}))
    return Planted(ground.books(), at(day, late))


@plant("interest-unremitted", scheme=CHAIN, partners=2, own_accounts=True)
def interest_of_a_partners_account_forgotten(ground: Ground) -> Planted:
    meta, amount = {"party": ground.tables["partner"][1]["ubn"]}, ground.chance.randrange(40, 900)
    day = ground.end + 4 * DAY
    ground.more.append(bank_entry("interest", day, amount, "", "存款息", meta))
    return Planted(ground.books(), at(day, amount))


@near_miss("interest-unremitted")
def tax_topped_up_by_the_company(ground: Ground) -> Planted:
    ground.interest = [(ground.end, much(ground))]
    return Planted(ground.books(), ())


@near_miss("interest-unremitted")
def interest_remitted_in_two_parts(ground: Ground) -> Planted:
    gross, ground.remits = sum(amount for _day, amount in ground.interest), False
    remitted(ground, gross // 2, 0)
    remitted(ground, gross - gross // 2, 0)
    return Planted(ground.books(), ())


@near_miss("interest-unremitted")
def interest_remitted_out_of_the_companys_own_bank(ground: Ground) -> Planted:
    gross, ground.remits = sum(amount for _day, amount in ground.interest), False
    ground.more.append(treasury_entry(False, ground.settled_on, gross, "國庫", "孳息繳庫", {}))
    return Planted(ground.books(), ())


@near_miss("interest-unremitted")
def interest_remitted_with_the_surplus_and_called_surplus(ground: Ground) -> Planted:
    gross, ground.remits = sum(amount for _day, amount in ground.interest), False
    together = of_narration(SURPLUS, amounts([(GRANT_MONEY, -gross), (DUE_SURPLUS, gross)]))
    return Planted(ground.books(together), ())


@near_miss("interest-unremitted")
def interest_not_remitted_on_the_last_day_of_the_case(ground: Ground) -> Planted:
    ground.remits = False
    ground.today = ground.end
    return Planted(ground.books(), ())


# --- surplus-unremitted --------------------------------------------------------------------------------


def surplus(ground: Ground) -> int:
    """What came and was not earned."""
    return ground.granted().government - ground.earned()


@plant("surplus-unremitted")
def surplus_never_remitted(ground: Ground) -> Planted:
    return Planted(ground.books(unbooked(SURPLUS)), at(ground.start, surplus(ground)))


@plant("surplus-unremitted")
def surplus_remitted_a_dollar_short(ground: Ground) -> Planted:
    edit = of_narration(SURPLUS, amounts([(GRANT_MONEY, 1), (DUE_SURPLUS, -1)]))
    return Planted(ground.books(edit), at(ground.start, 1))


@plant("surplus-unremitted")
def deduction_decided_after_all_was_remitted(ground: Ground) -> Planted:
    cut = ground.chance.randrange(1, 30) * 1000
    ground.more.append(custom(ground.settled_on + DAY, "deduction", twd(cut), "逾期完成"))
    return Planted(ground.books(), at(ground.start, cut))


@plant("surplus-unremitted")
def cost_struck_out_at_the_end_and_not_paid_back(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice(day=ground.day(1, 9)))
    ground.buy(ground.invoice("improvement", day=ground.day(1, 14)))
    month = ground.months[1]
    struck = custom(ground.end + 10 * DAY, "finding", "F-001", voucher=paper.number, state="disallowed")
    ground.more.append(struck)
    # a dollar less than it is worth: that may change by one with later cost
    amount = ground.worth(paper, month_last_day(month)) - 1
    kept = of_narration(SURPLUS, amounts([(GRANT_MONEY, amount), (DUE_SURPLUS, -amount)]))
    books = ground.books(all_of(of_withdrawal(month, draws(amount)), kept))
    return Planted(books, at(ground.start, amount))


@plant("surplus-unremitted")
def rest_of_the_grant_paid_in_after_the_end_and_kept(ground: Ground) -> Planted:
    half, tail = ground.granted().government // 2, ground.end + 10 * DAY
    ground.tables["award"]["guarantee"] = "none"
    ground.instalments = [(ground.day(1, 8), half), (tail, half)]
    return Planted(ground.books(unbooked(SURPLUS)), at(tail, surplus(ground)))


@plant("surplus-unremitted", scheme=CHAIN, partners=2, own_accounts=True)
def surplus_of_a_partners_account_kept(ground: Ground) -> Planted:
    party = ground.tables["partner"][0]["ubn"]
    papers = [paper for paper in ground.papers if paper.buyer == party]
    budget = [line["government"] for line in ground.tables["budget"] if line.get("party") == party]
    left = sum(budget) - sum(ground.government(paper) for paper in papers)
    return Planted(ground.books(unbooked(SURPLUS, party)), at(ground.start, left))


@near_miss("surplus-unremitted")
def surplus_remitted_in_two_parts(ground: Ground) -> Planted:
    part = surplus(ground) // 3
    kept = of_narration(SURPLUS, amounts([(GRANT_MONEY, part), (DUE_SURPLUS, -part)]))
    later = ground.settled_on + 9 * DAY
    ground.more.append(bank_entry("remit-surplus", later, -part, "國庫", "結餘款補繳", {}))
    return Planted(ground.books(kept), ())


@near_miss("surplus-unremitted")
def surplus_put_back_and_remitted_out_of_the_companys_bank(ground: Ground) -> Planted:
    amount = surplus(ground)
    ground.more.append(treasury_entry(True, ground.settled_on, amount, "國庫", "結餘款補繳", {}))
    return Planted(ground.books(unbooked(SURPLUS)), ())


@near_miss("surplus-unremitted")
def surplus_remitted_with_the_interest_and_called_interest(ground: Ground) -> Planted:
    amount = surplus(ground)
    together = of_narration("專戶孳息繳庫", amounts([(GRANT_MONEY, -amount), (DUE_INTEREST, amount)]))
    return Planted(ground.books(all_of(unbooked(SURPLUS), together)), ())


@near_miss("surplus-unremitted")
def no_more_came_than_was_recognised(ground: Ground) -> Planted:
    half = ground.granted().government // 2
    ground.tables["award"]["guarantee"] = "partial"
    ground.instalments = [(ground.start, half), (ground.end + 10 * DAY, ground.earned() - half)]
    return Planted(ground.books(), ())


@near_miss("surplus-unremitted")
def surplus_not_remitted_on_the_last_day_of_the_case(ground: Ground) -> Planted:
    ground.today = ground.end
    return Planted(ground.books(), ())


@near_miss("surplus-unremitted")
def deduction_remitted_by_the_company(ground: Ground) -> Planted:
    cut = ground.chance.randrange(1, 30) * 1000
    ground.more.append(custom(ground.settled_on, "deduction", twd(cut), "逾期完成"))
    ground.more.append(treasury_entry(True, ground.settled_on + DAY, cut, "國庫", "扣款繳庫", {}))
    return Planted(ground.books(), ())
