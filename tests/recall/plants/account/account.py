"""Faults on the dedicated account: money out for nobody knows what, money in that is no grant, fees.

What is withdrawn is in `withdrawals`, instalments and balances in `balance`.
"""

from __future__ import annotations

from ledger.entries.builder import bank_entry
from ledger.model.accounts import COMPANY
from ledger.model.accounts import GRANT_MONEY
from ledger.model.accounts import OWN_MONEY
from ledger.util.dates import month_last_day
from tests.recall.account import DAY
from tests.recall.account import day_of
from tests.recall.account import drawn
from tests.recall.account import put_back
from tests.recall.account import withdraw
from tests.recall.edits import amounts
from tests.recall.edits import both
from tests.recall.edits import draws
from tests.recall.edits import flagged
from tests.recall.edits import of_withdrawal
from tests.recall.edits import says
from tests.recall.ground import Day
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

CHAIN = "supply-chain-smart-112"
FLAGGED = frozenset({"entry-unclassified"})


def some_month(ground: Ground) -> tuple[str, int]:
    """A month that earned something, and what is withdrawn for it."""
    return ground.chance.choice(list(drawn(ground).items()))


def at(day: Day, amount: int) -> tuple[tuple[str, int | None], ...]:
    return ((str(day), amount),)


# --- withdrawal-unexplained ----------------------------------------------------------------------------


def unexplained(ground: Ground, day: Day, amount: int, party: str = "") -> None:
    """Money leaves the account, and nothing tells what for."""
    meta = {"party": party} if party else {}
    ground.more.append(bank_entry("unexplained", day, -amount, "", "轉帳支出", meta))


@plant("withdrawal-unexplained")
def withdrawal_with_a_memo_that_tells_nothing(ground: Ground) -> Planted:
    month, amount = some_month(ground)
    change = both(says(months=None, kind="unexplained"), flagged)
    return Planted(ground.books(of_withdrawal(month, change)), at(day_of(month), amount), FLAGGED)


@plant("withdrawal-unexplained")
def transfer_to_nobody_knows_whom(ground: Ground) -> Planted:
    month, _amount = next(iter(drawn(ground).items()))
    day, amount = day_of(month) + 2 * DAY, ground.chance.randrange(1_000, 30_000)
    unexplained(ground, day, amount)
    put_back(ground, day + 3 * DAY, amount)
    return Planted(ground.books(), at(day, amount), FLAGGED | {"withdrawal-exceeds-entitlement"})


@plant("withdrawal-unexplained")
def two_transfers_of_one_amount_on_one_day(ground: Ground) -> Planted:
    month, amount = some_month(ground)
    part = amount // 3
    for _time in range(2):
        unexplained(ground, day_of(month), part)
    books = ground.books(of_withdrawal(month, draws(-2 * part)))
    return Planted(books, at(day_of(month), part) * 2, FLAGGED)


@plant("withdrawal-unexplained")
def transfer_that_somebody_took_the_flag_off(ground: Ground) -> Planted:
    month, amount = some_month(ground)
    change = says(months=None, kind="unexplained")
    return Planted(ground.books(of_withdrawal(month, change)), at(day_of(month), amount))


@plant("withdrawal-unexplained", scheme=CHAIN, partners=2, own_accounts=True)
def transfer_from_the_account_of_a_partner(ground: Ground) -> Planted:
    party = ground.tables["partner"][0]["ubn"]
    month, amount = ground.chance.choice(list(drawn(ground, party).items()))
    part = amount // 2
    unexplained(ground, day_of(month), part, party)
    return Planted(ground.books(of_withdrawal(month, draws(-part), party)), at(day_of(month), part), FLAGGED)


@near_miss("withdrawal-unexplained")
def transfer_found_out_to_be_a_withdrawal(ground: Ground) -> Planted:
    month, _amount = some_month(ground)
    change = both(says(months=None), lambda entry: entry._replace(narration="轉帳支出"))
    return Planted(ground.books(of_withdrawal(month, change)), ())


@near_miss("withdrawal-unexplained")
def own_money_taken_out_of_the_account(ground: Ground) -> Planted:
    day, amount = ground.day(1, 8), ground.chance.randrange(1_000, 30_000)
    ground.more.append(bank_entry("own-money", day, amount, "", "自籌款存入", {}))
    ground.more.append(bank_entry("own-money", day + 9 * DAY, -amount, "", "自籌款轉出", {}))
    return Planted(ground.books(), ())


@near_miss("withdrawal-unexplained")
def suppliers_paid_out_of_the_account(ground: Ground) -> Planted:
    ground.direct = True
    return Planted(ground.books(), ())


# --- deposit-not-grant ---------------------------------------------------------------------------------


@plant("deposit-not-grant")
def cash_paid_into_the_account(ground: Ground) -> Planted:
    day, amount = ground.any_paper().date, ground.chance.randrange(1_000, 90_000)
    ground.more.append(bank_entry("deposit", day, amount, "", "現金存入", {}))
    return Planted(ground.books(), at(day, amount), FLAGGED)


@plant("deposit-not-grant")
def cash_booked_as_grant_money(ground: Ground) -> Planted:
    day, amount = ground.any_paper().date, ground.chance.randrange(1_000, 90_000)
    entry = bank_entry("return", day, amount, "", "現金存入", {})
    ground.more.append(says(kind=None)(entry))
    return Planted(ground.books(), at(day, amount))


@plant("deposit-not-grant")
def payment_of_a_customer_in_the_wrong_account(ground: Ground) -> Planted:
    day, amount = ground.any_paper().date, ground.chance.randrange(1_000, 90_000)
    ground.more.append(bank_entry("deposit", day, amount, "順堂五金行", "貨款", {}))
    ground.more.append(bank_entry("own-money", day + 4 * DAY, -amount, "", "誤存轉出", {}))
    return Planted(ground.books(), at(day, amount), FLAGGED)


@plant("deposit-not-grant")
def one_deposit_over_both_funds(ground: Ground) -> Planted:
    day, amount = ground.any_paper().date, ground.chance.randrange(1_000, 90_000)
    entry = bank_entry("deposit", day, amount, "", "轉帳存入", {})
    entry = amounts([(GRANT_MONEY, 500), (COMPANY, -500)])(entry)
    ground.more.append(entry)
    return Planted(ground.books(), at(day, amount + 500), FLAGGED)


@plant("deposit-not-grant", scheme=CHAIN, partners=2, own_accounts=True)
def cash_paid_into_the_account_of_a_partner(ground: Ground) -> Planted:
    day, amount = ground.day(2, 7), ground.chance.randrange(1_000, 90_000)
    meta = {"party": ground.tables["partner"][1]["ubn"]}
    ground.more.append(bank_entry("deposit", day, amount, "", "現金存入", meta))
    return Planted(ground.books(), at(day, amount), FLAGGED)


@near_miss("deposit-not-grant")
def own_money_paid_into_the_account(ground: Ground) -> Planted:
    ground.more.append(bank_entry("own-money", ground.day(1, 8), 50_000, "", "自籌款存入", {}))
    return Planted(ground.books(), ())


@near_miss("deposit-not-grant")
def withdrawn_money_put_back(ground: Ground) -> Planted:
    month, amount = some_month(ground)
    put_back(ground, day_of(month) + DAY, amount)
    withdraw(ground, day_of(month) + 2 * DAY, amount, months=month)
    return Planted(ground.books(), ())


@near_miss("deposit-not-grant")
def refund_of_a_supplier_who_was_paid_out_of_the_account(ground: Ground) -> Planted:
    ground.direct = True
    paper = ground.buy(ground.invoice(day=ground.day(1, 8)), paid_after=None)
    whole, of_grant = paper.net + paper.tax, ground.government(paper)
    quiet = next(days for days in range(2, 20) if paper.date + days * DAY not in ground.paid.values())
    note = ground.credit(paper, paper.net // 4, after=quiet)
    refund = (paper.number, note.net + note.tax, ground.government(note))
    ground.pay_directly(ground.day(1, 9), paper.seller_name, [(paper.number, whole, of_grant)])
    ground.pay_directly(note.date, paper.seller_name, [refund])
    return Planted(ground.books(), ())


@near_miss("deposit-not-grant")
def interest_of_some_months(ground: Ground) -> Planted:
    ground.interest.insert(0, (month_last_day(ground.months[1]), ground.chance.randrange(40, 900)))
    return Planted(ground.books(), ())


# --- bank-fee-charged-to-grant -------------------------------------------------------------------------


def charged(ground: Ground, day: Day, fee: int, party: str = "") -> None:
    """A fee out of the account, which the company puts back."""
    meta = {"party": party} if party else {}
    ground.more.append(bank_entry("fee", day, -fee, "", "匯費", meta))
    put_back(ground, day + 2 * DAY, fee, party=party)


@plant("bank-fee-charged-to-grant")
def fee_for_the_transfer_of_a_withdrawal(ground: Ground) -> Planted:
    month, _amount = some_month(ground)
    charged(ground, day_of(month), 30)
    return Planted(ground.books(), at(day_of(month), 30))


@plant("bank-fee-charged-to-grant")
def fee_for_remitting_to_the_treasury(ground: Ground) -> Planted:
    fee = ground.chance.choice((10, 15, 30))
    charged(ground, ground.settled_on - 4 * DAY, fee)
    return Planted(ground.books(), at(ground.settled_on - 4 * DAY, fee))


@plant("bank-fee-charged-to-grant")
def fees_for_three_transfers(ground: Ground) -> Planted:
    days = [ground.day(month, 20) for month in (0, 2, 3)]
    for day in days:
        charged(ground, day, 15)
    return Planted(ground.books(), tuple((str(day), 15) for day in days))


@plant("bank-fee-charged-to-grant")
def fee_for_a_transfer_to_a_supplier_paid_out_of_the_account(ground: Ground) -> Planted:
    ground.direct = True
    day = ground.paid[ground.any_paper().number]
    charged(ground, day, 30)
    return Planted(ground.books(), at(day, 30))


@plant("bank-fee-charged-to-grant", scheme=CHAIN, partners=2, own_accounts=True)
def fee_in_the_account_of_a_partner(ground: Ground) -> Planted:
    charged(ground, ground.day(2, 7), 30, ground.tables["partner"][0]["ubn"])
    return Planted(ground.books(), at(ground.day(2, 7), 30))


def own_fee(ground: Ground, day: Day, fee: int, of_grant: int = 0) -> None:
    """A fee out of the company's own money in the account, but for a part; negative where the bank gives it back."""
    ground.more.append(bank_entry("own-money", day, 100, "", "自籌款存入", {}))
    shared = amounts([(GRANT_MONEY, fee - of_grant), (OWN_MONEY, of_grant - fee)])
    ground.more.append(shared(bank_entry("fee", day, -fee, "", "匯費", {})))


@plant("bank-fee-charged-to-grant")
def fee_shared_by_both_funds(ground: Ground) -> Planted:
    day = ground.day(1, 20)
    own_fee(ground, day, 30, of_grant=12)
    put_back(ground, day + 2 * DAY, 12)
    return Planted(ground.books(), at(day, 12))


@near_miss("bank-fee-charged-to-grant")
def fee_out_of_own_money_in_the_account(ground: Ground) -> Planted:
    own_fee(ground, ground.day(1, 20), 30)
    return Planted(ground.books(), ())


@near_miss("bank-fee-charged-to-grant")
def fee_that_the_bank_gave_back(ground: Ground) -> Planted:
    own_fee(ground, ground.day(1, 20), 30)
    own_fee(ground, ground.day(1, 27), -30)
    return Planted(ground.books(), ())


@near_miss("bank-fee-charged-to-grant")
def withdrawal_of_the_size_of_a_fee(ground: Ground) -> Planted:
    month, _amount = some_month(ground)
    withdraw(ground, day_of(month), 30, months=month)
    return Planted(ground.books(of_withdrawal(month, draws(-30))), ())
