"""Faults in cost, tax and split; what the dedicated account pays is in `paid`."""

from __future__ import annotations

import dataclasses

from ledger.arithmetic.cost_share import Approved
from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from ledger.model.accounts import INPUT_TAX
from ledger.model.accounts import PAYABLE
from ledger.model.accounts import expense_account
from ledger.model.directives import twd
from tests.recall.edits import Edit
from tests.recall.edits import amounts
from tests.recall.edits import of_voucher
from tests.recall.edits import says
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

SELF_IMPROVEMENT = expense_account("self", "improvement")
GRANT_IMPROVEMENT = expense_account("government", "improvement")
NOBODYS_IMPROVEMENT = expense_account("disallowed", "improvement")


def booked_as(ground: Ground, paper: VoucherToBook, cost: int, tax: int = 0) -> Edit:
    """Book a paper at another cost and tax than are on it; the entry still says what is on it."""
    lines = (dataclasses.replace(paper.lines[0], cost=cost),)
    ground.replace(paper, net=cost, tax=tax, lines=lines)
    return of_voucher(paper.number, says(net=twd(paper.net), tax=twd(paper.tax)))


def two_lines(ground: Ground) -> VoucherToBook:
    """An invoice of two of a category's items, booked."""
    paper = ground.invoice("improvement")
    first, second, *_more = ground.items("improvement")
    part = paper.net * ground.chance.randrange(30, 70) // 100
    one = CostLine("improvement", first, None, part)
    other = CostLine("improvement", second, None, paper.net - part)
    return ground.buy(dataclasses.replace(paper, lines=(one, other)))


def self_funded_category(ground: Ground) -> VoucherToBook:
    """An invoice of a category that the company pays alone, booked."""
    budget = ground.chance.randrange(100, 200) * 1000
    ground.own_category("intangibles", budget)
    return ground.buy(ground.invoice("intangibles"))


# --- tax-in-cost ---------------------------------------------------------------------------------------


@plant("tax-in-cost")
def gross_amount_booked_as_cost(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "improvement")
    edit = booked_as(ground, paper, paper.net + paper.tax)
    return Planted(ground.books(edit), ((paper.number, paper.tax),))


@plant("tax-in-cost")
def one_dollar_of_tax_booked_as_cost(ground: Ground) -> Planted:
    paper = ground.any_paper()
    edit = booked_as(ground, paper, paper.net + 1, paper.tax - 1)
    return Planted(ground.books(edit), ((paper.number, 1),))


@plant("tax-in-cost")
def tax_in_the_cost_of_a_self_funded_category(ground: Ground) -> Planted:
    paper = self_funded_category(ground)
    edit = booked_as(ground, paper, paper.net + paper.tax)
    return Planted(ground.books(edit), ((paper.number, paper.tax),))


@plant("tax-in-cost", scheme="supply-chain-smart-112", partners=2)
def tax_in_the_cost_of_a_partner(ground: Ground) -> Planted:
    partner = ground.tables["partner"][1]["ubn"]
    paper = ground.buy(ground.invoice("equipment", party=partner))
    edit = booked_as(ground, paper, paper.net + paper.tax)
    return Planted(ground.books(edit), ((paper.number, paper.tax),))


@plant("tax-in-cost")
def tax_in_one_of_two_lines(ground: Ground) -> Planted:
    paper = two_lines(ground)
    first, second = paper.lines
    part = second.cost // 20
    lines = (first, dataclasses.replace(second, cost=second.cost + part))
    ground.replace(paper, net=paper.net + part, tax=paper.tax - part, lines=lines)
    edit = of_voucher(paper.number, says(net=twd(paper.net), tax=twd(paper.tax)))
    return Planted(ground.books(edit), ((paper.number, part),))


@plant("tax-in-cost")
def tax_of_a_credit_note_taken_off_the_cost(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "consumables")
    note = ground.credit(paper, paper.net // 4)
    edit = booked_as(ground, note, note.net + note.tax)
    return Planted(ground.books(edit), ((note.number, -note.tax),))


@near_miss("tax-in-cost")
def tax_kept_in_view_and_claimed_from_nobody(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "improvement")
    moved = amounts([(INPUT_TAX, -paper.tax), (NOBODYS_IMPROVEMENT, paper.tax)])
    return Planted(ground.books(of_voucher(paper.number, moved)), ())


@near_miss("tax-in-cost")
def whole_gross_amount_claimed_from_nobody(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "improvement")
    gross = paper.net + paper.tax
    lines = (dataclasses.replace(paper.lines[0], cost=gross),)
    ground.replace(paper, net=gross, tax=0, lines=lines, claimed=False)
    edit = of_voucher(paper.number, says(net=twd(paper.net), tax=twd(paper.tax)))
    return Planted(ground.books(edit), ())


@near_miss("tax-in-cost")
def receipt_that_tells_no_tax(ground: Ground) -> Planted:
    paper = ground.any_paper()
    gross = paper.net + paper.tax
    lines = (dataclasses.replace(paper.lines[0], cost=gross),)
    ground.replace(paper, kind="receipt", net=gross, tax=0, lines=lines)
    return Planted(ground.books(), ())


@near_miss("tax-in-cost")
def credit_note_that_takes_its_tax_off_the_input_tax(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "consumables")
    ground.credit(paper, paper.net // 4)
    return Planted(ground.books(), ())


# --- tax-arithmetic ------------------------------------------------------------------------------------


@plant("tax-arithmetic")
def a_mistyped_tax(ground: Ground) -> Planted:
    paper = ground.any_paper()
    off = ground.chance.randrange(2, 500)
    ground.replace(paper, tax=paper.tax + off)
    return Planted(ground.books(), ((paper.number, off),))


@plant("tax-arithmetic")
def tax_of_ten_per_cent(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.replace(paper, tax=2 * paper.tax)
    return Planted(ground.books(), ((paper.number, paper.tax),))


@plant("tax-arithmetic")
def tax_two_dollars_short(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.replace(paper, tax=paper.tax - 2)
    return Planted(ground.books(), ((paper.number, 2),))


@plant("tax-arithmetic")
def two_lines_whose_rounding_does_not_explain_three_dollars(ground: Ground) -> Planted:
    paper = two_lines(ground)
    ground.replace(paper, tax=paper.tax + 3)
    return Planted(ground.books(), ((paper.number, 3),))


@plant("tax-arithmetic")
def wrong_tax_on_what_is_said_to_be_taxable(ground: Ground) -> Planted:
    paper = self_funded_category(ground)
    ground.replace(paper, tax=paper.tax * 10, meta=(("tax-type", "1"),))
    return Planted(ground.books(), ((paper.number, 9 * paper.tax),))


@near_miss("tax-arithmetic")
def tax_rounded_the_other_way(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "consumables")
    net = paper.net // 20 * 20 + 10  # tax of exactly half a dollar
    lines = (dataclasses.replace(paper.lines[0], cost=net),)
    ground.replace(paper, net=net, tax=net // 20, lines=lines)
    return Planted(ground.books(), ())


@near_miss("tax-arithmetic")
def tax_one_dollar_off(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.replace(paper, tax=paper.tax + ground.chance.choice((-1, 1)))
    return Planted(ground.books(), ())


@near_miss("tax-arithmetic")
def tax_rounded_on_each_of_two_lines(ground: Ground) -> Planted:
    paper = two_lines(ground)
    ground.replace(paper, tax=paper.tax + 2)
    return Planted(ground.books(), ())


@near_miss("tax-arithmetic")
def invoice_of_mixed_tax_rates(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.replace(paper, tax=paper.tax // 3, meta=(("tax-type", "9"),))
    return Planted(ground.books(), ())


@near_miss("tax-arithmetic")
def zero_rated_invoice(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.replace(paper, tax=0, meta=(("tax-type", "2"),))
    return Planted(ground.books(), ())


@near_miss("tax-arithmetic")
def tax_of_a_receipt_rounded_by_hand(ground: Ground) -> Planted:
    paper = ground.any_paper()
    ground.replace(paper, kind="receipt", tax=paper.tax // 10 * 10 - 10)
    return Planted(ground.books(), ())


# --- invoice-without-tax -------------------------------------------------------------------------------


def untaxed(ground: Ground, tax_type: str = "", kind: str = "invoice") -> VoucherToBook:
    """An invoice whose tax is left out."""
    paper = ground.any_paper("invoice", "improvement")
    ground.replace(paper, kind=kind, tax=0, meta=(("tax-type", tax_type),))
    return paper


def very_likely_tax(paper: VoucherToBook) -> int:
    """What of an amount with tax is the tax."""
    return paper.net - (2 * 100 * paper.net + 105) // 210


@plant("invoice-without-tax")
def gross_written_as_net(ground: Ground) -> Planted:
    paper = untaxed(ground)
    return Planted(ground.books(), ((paper.number, very_likely_tax(paper)),))


@plant("invoice-without-tax")
def taxable_invoice_whose_tax_is_nought(ground: Ground) -> Planted:
    paper = untaxed(ground, "1")
    return Planted(ground.books(), ((paper.number, very_likely_tax(paper)),))


@plant("invoice-without-tax")
def untaxed_invoice_of_a_self_funded_category(ground: Ground) -> Planted:
    paper = self_funded_category(ground)
    ground.replace(paper, tax=0)
    return Planted(ground.books(), ((paper.number, very_likely_tax(paper)),))


@near_miss("invoice-without-tax")
def exempt_invoice(ground: Ground) -> Planted:
    untaxed(ground, "3")
    return Planted(ground.books(), ())


@near_miss("invoice-without-tax")
def invoice_whose_file_tells_no_tax(ground: Ground) -> Planted:
    untaxed(ground, "untold")
    return Planted(ground.books(), ())


@near_miss("invoice-without-tax")
def receipt_without_tax(ground: Ground) -> Planted:
    untaxed(ground, kind="receipt")
    return Planted(ground.books(), ())


# --- cost-mismatch -------------------------------------------------------------------------------------


@plant("cost-mismatch")
def cost_above_net_and_tax(ground: Ground) -> Planted:
    paper = ground.any_paper()
    more = paper.tax + ground.chance.randrange(1, 900)
    return Planted(ground.books(booked_as(ground, paper, paper.net + more)), ((paper.number, more),))


@plant("cost-mismatch")
def cost_below_the_invoice(ground: Ground) -> Planted:
    paper = ground.any_paper()
    less = ground.chance.randrange(1, paper.net // 3)
    edit = booked_as(ground, paper, paper.net - less, paper.tax)
    return Planted(ground.books(edit), ((paper.number, less),))


@plant("cost-mismatch")
def receipt_booked_one_dollar_too_high(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("consumables", kind="receipt", number="收1120077", buyer="", tax=0))
    return Planted(ground.books(booked_as(ground, paper, paper.net + 1)), ((paper.number, 1),))


@plant("cost-mismatch")
def pay_booked_otherwise_than_on_the_sheet(ground: Ground) -> Planted:
    paper = ground.any_paper("payroll")
    less = ground.chance.randrange(1, 900)
    return Planted(ground.books(booked_as(ground, paper, paper.net - less)), ((paper.number, less),))


@plant("cost-mismatch")
def second_line_left_out(ground: Ground) -> Planted:
    paper = two_lines(ground)
    first, second = paper.lines
    ground.replace(paper, net=first.cost, lines=(first,))
    edit = of_voucher(paper.number, says(net=twd(paper.net)))
    return Planted(ground.books(edit), ((paper.number, second.cost),))


@plant("cost-mismatch")
def disallowed_part_counted_twice(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "improvement")
    part = paper.tax + ground.chance.randrange(1, 900)
    again = amounts([(NOBODYS_IMPROVEMENT, part), (PAYABLE, -part)])
    planted = Planted(ground.books(of_voucher(paper.number, again)), ((paper.number, part),))
    return dataclasses.replace(planted, also=frozenset({"voucher-unpaid"}))  # so much more is payable


@plant("cost-mismatch")
def credit_note_booked_at_half(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "consumables")
    note = ground.credit(paper, paper.net // 3)
    half = note.net // 2
    return Planted(ground.books(booked_as(ground, note, half, note.tax)), ((note.number, half - note.net),))


@near_miss("cost-mismatch")
def rest_of_the_invoice_claimed_from_nobody(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "improvement")
    part = ground.chance.randrange(1, paper.net // 3)
    lines = (dataclasses.replace(paper.lines[0], cost=paper.net - part),)
    ground.replace(paper, net=paper.net - part, lines=lines)
    rest = amounts([(NOBODYS_IMPROVEMENT, part), (PAYABLE, -part)])
    edit = of_voucher(paper.number, lambda entry: says(net=twd(paper.net))(rest(entry)))
    planted = Planted(ground.books(edit), ())
    return dataclasses.replace(planted, also=frozenset({"voucher-unpaid"}))  # the rest is still to be paid


@near_miss("cost-mismatch")
def lines_that_add_up_to_the_invoice(ground: Ground) -> Planted:
    two_lines(ground)
    return Planted(ground.books(), ())


@near_miss("cost-mismatch")
def tax_kept_among_cost_claimed_from_nobody(ground: Ground) -> Planted:
    return tax_kept_in_view_and_claimed_from_nobody(ground)


@near_miss("cost-mismatch")
def credit_note_of_the_whole_invoice(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "consumables")
    ground.credit(paper, paper.net)
    del ground.paid[paper.number]
    return Planted(ground.books(), ())


@near_miss("cost-mismatch")
def petty_cash_entry_that_tells_no_amount(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("consumables", kind="receipt", number="收1120077", buyer="", tax=0))
    return Planted(ground.books(of_voucher(paper.number, says(net=None, tax=None))), ())


# --- split-mismatch ------------------------------------------------------------------------------------


def shifted(amount: int) -> list[tuple[str, int]]:
    """So much of an improvement moved from the company's part to the government's."""
    return [(GRANT_IMPROVEMENT, amount), (SELF_IMPROVEMENT, -amount)]


@plant("split-mismatch")
def a_dollar_moved_to_the_grant(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "improvement")
    return Planted(ground.books(of_voucher(paper.number, amounts(shifted(1)))), ((paper.number, 1),))


@plant("split-mismatch")
def all_of_a_voucher_charged_to_the_grant(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "improvement")
    own = paper.net - ground.government(paper)
    return Planted(ground.books(of_voucher(paper.number, amounts(shifted(own)))), ((paper.number, own),))


@plant("split-mismatch")
def split_in_halves_where_less_was_approved(ground: Ground) -> Planted:
    ground.grant("improvement", own=10_000)  # so that it is never exactly half
    paper = ground.any_paper("invoice", "improvement")
    apart = paper.net // 2 - ground.government(paper)
    return Planted(ground.books(of_voucher(paper.number, amounts(shifted(apart)))), ((paper.number, apart),))


@plant("split-mismatch")
def voucher_borne_by_the_company_alone(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "improvement")
    given = ground.government(paper)
    return Planted(ground.books(of_voucher(paper.number, amounts(shifted(-given)))), ((paper.number, given),))


@plant("split-mismatch")
def credit_note_taken_off_the_company_alone(ground: Ground) -> Planted:
    paper = ground.any_paper("invoice", "improvement")
    note = ground.credit(paper, paper.net // 3)
    kept = -ground.government(note)
    return Planted(ground.books(of_voucher(note.number, amounts(shifted(kept)))), ((note.number, kept),))


@plant("split-mismatch", scheme="supply-chain-smart-112", partners=2)
def partner_split_as_if_the_grant_were_greater(ground: Ground) -> Planted:
    partner = ground.tables["partner"][0]["ubn"]
    paper = ground.buy(ground.invoice("improvement", party=partner))
    more = ground.chance.randrange(1, paper.net // 10)
    return Planted(ground.books(of_voucher(paper.number, amounts(shifted(more)))), ((paper.number, more),))


@plant("split-mismatch")
def voucher_split_by_the_budget_before_its_revision(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("improvement", day=ground.end))  # the last one
    by_the_old = ground.government(paper)
    government, own = ground.budget("improvement")
    ground.revise(ground.end, {"improvement": Approved(government, own - 20_000)})
    apart = ground.government(paper) - by_the_old
    edit = of_voucher(paper.number, amounts(shifted(-apart)))
    return Planted(ground.books(edit), ((paper.number, apart),))


@near_miss("split-mismatch")
def split_by_an_approved_revision(ground: Ground) -> Planted:
    government, own = ground.budget("improvement")
    ground.buy(ground.invoice("improvement", day=ground.end))
    ground.revise(ground.end, {"improvement": Approved(government, own - 20_000)})
    return Planted(ground.books(), ())


@near_miss("split-mismatch")
def revision_without_approval_changes_no_split(ground: Ground) -> Planted:
    government, own = ground.budget("improvement")
    ground.revise(ground.start, {"improvement": Approved(government, own + 20_000)}, approval="")
    return Planted(ground.books(), (), also=frozenset({"reallocation-unapproved"}))


@near_miss("split-mismatch")
def cost_claimed_from_nobody_earns_nothing(ground: Ground) -> Planted:
    ground.buy(ground.invoice("improvement", net=70_000, claimed=False))
    return Planted(ground.books(), ())


@near_miss("split-mismatch")
def dollars_whose_halves_only_the_sum_rounds(ground: Ground) -> Planted:
    for _time in range(3):
        ground.buy(ground.invoice("improvement", net=2 * ground.chance.randrange(50, 99) + 1))
    return Planted(ground.books(), ())


@near_miss("split-mismatch")
def last_dollar_of_the_approved_grant(ground: Ground) -> Planted:
    ground.buy(ground.invoice("improvement", net=ground.room("improvement"), day=ground.end))
    return Planted(ground.books(), ())
