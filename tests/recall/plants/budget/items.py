"""Faults in what is bought against the approved items, by name and by number."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal

from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from ledger.model.accounts import INPUT_TAX
from ledger.model.accounts import expense_account
from ledger.model.directives import custom
from ledger.model.directives import twd
from tests.recall.awards import partner
from tests.recall.edits import amounts
from tests.recall.edits import of_voucher
from tests.recall.edits import says
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

DAY = datetime.timedelta(days=1)


def named(ground: Ground, paper: VoucherToBook, name: str) -> VoucherToBook:
    """A voucher whose 品名 is another."""
    return ground.replace(paper, lines=(dataclasses.replace(paper.lines[0], item=name),))


# --- item-not-in-budget --------------------------------------------------------------------------------


@plant("item-not-in-budget")
def item_that_is_the_sellers_code(ground: Ground) -> Planted:
    paper = named(ground, ground.any_paper(), f"SMD-{ground.chance.randrange(100, 999)}A")
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("item-not-in-budget")
def something_for_the_office(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("consumables"))
    named(ground, paper, "高階辦公椅")
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("item-not-in-budget")
def one_character_left_out_of_a_receipt(ground: Ground) -> Planted:
    name, *_others = ground.items("improvement")
    paper = ground.buy(ground.invoice("improvement", kind="receipt", number="收0099", buyer="", tax=0))
    named(ground, paper, name[:-1])
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("item-not-in-budget")
def approved_item_booked_in_another_category(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("improvement"))
    named(ground, paper, ground.items("equipment")[0])
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("item-not-in-budget")
def second_of_two_lines(ground: Ground) -> Planted:
    paper = ground.invoice("improvement")
    part = ground.chance.randrange(1, paper.net)
    lines = (
        dataclasses.replace(paper.lines[0], cost=paper.net - part),
        CostLine("improvement", "運費", None, part),
    )
    ground.buy(dataclasses.replace(paper, lines=lines))
    return Planted(ground.books(), ((paper.number, part),))


@plant("item-not-in-budget", scheme="supply-chain-smart-112", partners=2)
def partner_buys_an_item_of_the_leads(ground: Ground) -> Planted:
    name = ground.tables["item"][0]["name"] = "伺服器機櫃"
    for paper in [paper for paper in ground.papers if paper.lines[0].category == "consumables"]:
        if not ground.party(paper):
            named(ground, paper, name)
    paper = ground.buy(ground.invoice("consumables", party=partner(ground)))
    named(ground, paper, name)
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("item-not-in-budget")
def item_that_waits_for_somebody_to_tell_its_category(ground: Ground) -> Planted:
    unclear = "品名不在核定項目"
    paper = ground.buy(ground.invoice("consumables", claimed=False, unclear=unclear))
    named(ground, paper, "不知名的零件")
    return Planted(ground.books(), ((paper.number, paper.net),), frozenset({"entry-unclassified"}))


@near_miss("item-not-in-budget")
def name_with_blanks_and_full_width_letters(ground: Ground) -> Planted:
    table = ground.table("item", "improvement")
    table["name"] = "空壓機變頻(VSD)節能改善"
    ground.tables["item"][0]["name"] = "PLC模組 A1"
    for paper in list(ground.papers):
        if paper.lines[0].category == "improvement":
            named(ground, paper, "空壓機 變頻(ＶＳＤ)節能改善 ")
        elif paper.lines[0].category == "consumables":
            named(ground, paper, "ＰＬＣ模組Ａ１")
    return Planted(ground.books(), ())


@near_miss("item-not-in-budget")
def credit_note_that_says_only_discount(ground: Ground) -> Planted:
    note = ground.credit(ground.any_paper(), 900)
    named(ground, note, "銷貨折讓")
    return Planted(ground.books(), ())


@near_miss("item-not-in-budget")
def unapproved_item_claimed_from_nobody(ground: Ground) -> Planted:
    paper = ground.buy(ground.invoice("consumables", claimed=False))
    named(ground, paper, "高階辦公椅")
    return Planted(ground.books(), ())


@near_miss("item-not-in-budget")
def approved_item_that_waits_for_its_category(ground: Ground) -> Planted:
    ground.buy(ground.invoice("consumables", claimed=False, unclear="兩個科目都有這一項"))
    return Planted(ground.books(), (), frozenset({"entry-unclassified"}))


@near_miss("item-not-in-budget")
def category_approved_without_items(ground: Ground) -> Planted:
    line = {"category": "intangibles", "government": 0, "self": 200_000}
    ground.tables["budget"].append(line)
    named(ground, ground.buy(ground.invoice("intangibles")), "排程軟體授權")
    return Planted(ground.books(), (), frozenset({"items-not-listed"}))  # that names cannot be judged is told


@near_miss("item-not-in-budget")
def item_listed_with_a_later_revision(ground: Ground) -> Planted:
    name = "現場總線閘道器"
    ground.more.append(custom(ground.start + DAY, "item", "consumables", name, twd(0), twd(0)))
    paper = ground.buy(ground.invoice("consumables", day=ground.end))
    named(ground, paper, name)
    return Planted(ground.books(), ())


# --- item-quantity-exceeded ----------------------------------------------------------------------------


def pieces(
    ground: Ground, category: str, quantity: Decimal | int | str, *, days: int = 0, party: str = ""
) -> VoucherToBook:
    """So many pieces of a category's first item, bought some days before the end."""
    day = ground.end - days * DAY
    paper = ground.invoice(category, day=day, party=party)
    line = dataclasses.replace(paper.lines[0], quantity=Decimal(quantity))
    return ground.buy(dataclasses.replace(paper, lines=(line,)))


def left(ground: Ground, category: str, party: str = "") -> Decimal:
    """How many pieces of a category's first item may still be bought."""
    item = ground.table("item", category, party)
    lines = [line for paper in ground.papers if ground.party(paper) == party for line in paper.lines]
    bought = [line.quantity for line in lines if line.item == item["name"] and line.quantity]
    return Decimal(item["quantity"]) - sum(bought)


@plant("item-quantity-exceeded")
def one_piece_more_than_approved(ground: Ground) -> Planted:
    quantity = left(ground, "improvement") + 1
    paper = pieces(ground, "improvement", quantity)
    return Planted(ground.books(), ((paper.number, int(paper.net / quantity)),))


@plant("item-quantity-exceeded")
def last_piece_bought_again_on_another_invoice(ground: Ground) -> Planted:
    pieces(ground, "equipment", left(ground, "equipment"), days=2)
    paper = pieces(ground, "equipment", 1)
    return Planted(ground.books(), ((paper.number, paper.net),))


@plant("item-quantity-exceeded")
def tenth_of_a_piece_too_much_by_instalments(ground: Ground) -> Planted:
    pieces(ground, "improvement", left(ground, "improvement") - Decimal("0.4"), days=4)
    paper = pieces(ground, "improvement", "0.5")
    return Planted(ground.books(), ((paper.number, int(paper.net * Decimal("0.1") / Decimal("0.5"))),))


@plant("item-quantity-exceeded", scheme="supply-chain-carbon-112", partners=1)
def partner_buys_more_than_its_own_pieces(ground: Ground) -> Planted:
    party = partner(ground)
    quantity = left(ground, "equipment", party) + 2
    paper = pieces(ground, "equipment", quantity, party=party)
    return Planted(ground.books(), ((paper.number, int(2 * paper.net / quantity)),))


@plant("item-quantity-exceeded")
def credit_note_that_brings_too_few_pieces_back(ground: Ground) -> Planted:
    quantity = left(ground, "improvement") + 4
    paper = pieces(ground, "improvement", quantity, days=5)
    note = ground.credit(paper, paper.net // 100)
    return Planted(ground.books(), ((paper.number, int(4 * paper.net / quantity) + note.net),))


@plant("item-quantity-exceeded")
def piece_too_many_and_then_more(ground: Ground) -> Planted:
    quantity = left(ground, "improvement") + 1
    paper = pieces(ground, "improvement", quantity, days=4)
    other = pieces(ground, "improvement", 3)
    return Planted(ground.books(), ((paper.number, int(paper.net / quantity) + other.net),))


@near_miss("item-quantity-exceeded")
def all_the_pieces_and_not_one_more(ground: Ground) -> Planted:
    for category in ("consumables", "equipment", "improvement"):
        pieces(ground, category, left(ground, category))
    return Planted(ground.books(), ())


@near_miss("item-quantity-exceeded")
def piece_too_many_claimed_from_nobody(ground: Ground) -> Planted:
    pieces(ground, "improvement", left(ground, "improvement"), days=2)
    paper = ground.invoice("improvement", day=ground.end, claimed=False)
    ground.buy(paper)
    return Planted(ground.books(), ())


@near_miss("item-quantity-exceeded")
def price_of_the_pieces_too_many_claimed_from_nobody(ground: Ground) -> Planted:
    quantity = left(ground, "improvement") + 3
    paper = pieces(ground, "improvement", quantity)
    kept = int(paper.net * (quantity - 3) / quantity)
    line = dataclasses.replace(paper.lines[0], cost=kept)
    ground.replace(
        paper, net=kept, tax=paper.tax + paper.net - kept, lines=(line,)
    )  # so much is payable all the same
    rest = [(INPUT_TAX, kept - paper.net), (expense_account("disallowed", "improvement"), paper.net - kept)]
    told = says(net=twd(paper.net), tax=twd(paper.tax))
    edit = of_voucher(paper.number, lambda entry: told(amounts(rest)(entry)))
    return Planted(ground.books(edit), ())


@near_miss("item-quantity-exceeded")
def one_piece_paid_in_three_instalments(ground: Ground) -> Planted:
    for part in ("0.3", "0.3", "0.4"):
        pieces(ground, "improvement", part)
    pieces(ground, "improvement", left(ground, "improvement"))
    return Planted(ground.books(), ())


@near_miss("item-quantity-exceeded")
def piece_too_many_sent_back(ground: Ground) -> Planted:
    paper = pieces(ground, "improvement", left(ground, "improvement") + 1, days=5)
    ground.credit(paper, paper.net // 2)
    return Planted(ground.books(), ())


@near_miss("item-quantity-exceeded", scheme="supply-chain-smart-112", partners=2)
def same_item_approved_for_lead_and_partner(ground: Ground) -> Planted:
    for party in ("", partner(ground), partner(ground, 1)):
        pieces(ground, "improvement", left(ground, "improvement", party), party=party)
    return Planted(ground.books(), ())


@near_miss("item-quantity-exceeded")
def item_approved_without_a_number(ground: Ground) -> Planted:
    ground.table("item", "improvement")["quantity"] = None
    pieces(ground, "improvement", 99)
    return Planted(ground.books(), ())
