"""Faults that only several cases together show: a paper claimed twice, second cases, a person's months."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal
from typing import Any

from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from ledger.model.accounts import expense_account
from tests.casepapers import company_number
from tests.checks.builder import Books
from tests.recall.awards import as_signed
from tests.recall.awards import partner
from tests.recall.edits import Edit
from tests.recall.edits import amounts
from tests.recall.edits import of_voucher
from tests.recall.ground import Ground
from tests.recall.making import PERSONS
from tests.recall.making import make_ground
from tests.recall.planting import Found
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

OTHERS = ("周曉雯", "何承恩", "吳怡君")
LATER = "managed-factory-114"  # a programme that says nothing of cases of another


def another(ground: Ground, *, ours: bool = False, **made: Any) -> Ground:
    """An earlier clean case, of another company or of the same; nothing else in it is the ground's."""
    wanted: dict[str, Any] = {"start": ground.start, "persons": OTHERS} | made
    other = make_ground(ground.chance.randrange(100, 10**6), **wanted)
    other.tables["award"] |= {"id": "111-試-001", "filed": datetime.date(2022, 1, 5)}
    company = {"name": "晟鑫科技企業有限公司", "representative": "何立文"}
    other.tables["company"] |= ground.tables["company"] if ours else company
    for paper in [paper for paper in other.papers if paper.kind == "invoice" and not other.party(paper)]:
        other.replace(paper, buyer=other.company)
    return other


def with_others(books: Books, finds: tuple[Found, ...], *others: Ground | Books) -> Planted:
    """A case judged together with others, and what is found in it because of them."""
    beside = tuple(other.books() if isinstance(other, Ground) else other for other in others)
    return Planted(books, finds, beside=beside)


def begun(ground: Ground, *others: Ground, amount: int | None = None, clean: bool = False) -> Planted:
    """The case on the day it begins, found at its award because of others."""
    signed = as_signed(ground, amount, clean=clean)
    return with_others(signed.books, signed.finds, *others)


# --- voucher-claimed-twice -----------------------------------------------------------------------------


def claimed_here(ground: Ground, paper: VoucherToBook, cost: int | None = None, **changes: Any) -> Edit:
    """A paper of another case booked in this one as well, which the company bears alone.

    The edit adds what of it is not claimed, where only a part is claimed.
    """
    cost = paper.net if cost is None else cost
    ground.own_category("intangibles", paper.net)
    buyer = ground.company if paper.buyer else ""
    line = CostLine("intangibles", "技術服務", None, cost)
    here = ground.buy(dataclasses.replace(paper, **({"buyer": buyer, "lines": (line,)} | changes)))
    rest = amounts([(expense_account("disallowed", "intangibles"), paper.net - cost)])
    return of_voucher(here.number, rest)


def in_part(ground: Ground, paper: VoucherToBook, cost: int) -> Books:
    """The case with only so much of an improvement claimed, the rest from nobody."""
    rest = paper.net - cost
    moved = [
        (expense_account("self", "improvement"), -rest),
        (expense_account("disallowed", "improvement"), rest),
    ]
    return ground.books(of_voucher(paper.number, amounts(moved)))


def receipt(ground: Ground) -> VoucherToBook:
    """A receipt that the case has, booked."""
    number = f"收{ground.chance.randrange(10**6):06}"
    paper = ground.invoice("consumables", kind="receipt", number=number, buyer="", tax=0)
    return ground.buy(dataclasses.replace(paper, document=f"{number}.pdf"))


@plant("voucher-claimed-twice")
def invoice_in_the_case_of_another_company(ground: Ground) -> Planted:
    other = another(ground)
    paper = other.any_paper()
    edit = claimed_here(ground, paper)
    return with_others(ground.books(edit), ((paper.number, paper.net),), other)


@plant("voucher-claimed-twice")
def receipt_whose_number_is_typed_in_full_width(ground: Ground) -> Planted:
    other = another(ground)
    paper = receipt(other)
    number = "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() else sign for sign in paper.number)
    edit = claimed_here(ground, paper, number=number)
    return with_others(ground.books(edit), ((number, paper.net),), other)


@plant("voucher-claimed-twice")
def invoice_whole_in_two_cases_of_the_company(ground: Ground) -> Planted:
    other = another(ground, ours=True, scheme=LATER)
    paper = other.any_paper()
    edit = claimed_here(ground, paper)
    return with_others(ground.books(edit), ((paper.number, paper.net),), other)


@plant("voucher-claimed-twice")
def shares_that_come_to_more_than_the_invoice(ground: Ground) -> Planted:
    other = another(ground, ours=True, scheme=LATER)
    paper = other.any_paper("invoice", "improvement")
    over = ground.chance.randrange(1, paper.net // 3)
    edit = claimed_here(ground, paper, paper.net // 3 + over)
    there = in_part(other, paper, paper.net - paper.net // 3)
    return with_others(ground.books(edit), ((paper.number, over),), there)


@plant("voucher-claimed-twice")
def invoice_of_a_partner_in_its_own_case_too(ground: Ground) -> Planted:
    chain = another(ground, scheme="supply-chain-smart-112", partners=2)
    paper = chain.buy(chain.invoice("improvement", party=partner(chain)))
    edit = claimed_here(ground, paper)
    return with_others(ground.books(edit), ((paper.number, paper.net),), chain)


@near_miss("voucher-claimed-twice")
def invoice_split_between_two_cases_of_the_company(ground: Ground) -> Planted:
    other = another(ground, ours=True, scheme=LATER)
    paper = other.any_paper("invoice", "improvement")
    edit = claimed_here(ground, paper, paper.net // 3)
    return with_others(ground.books(edit), (), in_part(other, paper, paper.net - paper.net // 3))


@near_miss("voucher-claimed-twice")
def same_number_of_another_years_roll(ground: Ground) -> Planted:
    other = another(ground, start=datetime.date(2025, 3, 1))
    paper = ground.any_paper()
    there = other.any_paper()
    other.replace(there, number=paper.number)
    return with_others(ground.books(), (), other)


@near_miss("voucher-claimed-twice")
def receipts_of_one_number_by_two_shops(ground: Ground) -> Planted:
    other = another(ground)
    paper = receipt(other)
    edit = claimed_here(ground, paper, seller=company_number(ground.chance))
    return with_others(ground.books(edit), (), other)


@near_miss("voucher-claimed-twice")
def invoice_that_this_case_claims_from_nobody(ground: Ground) -> Planted:
    other = another(ground)
    paper = other.any_paper()
    claimed_here(ground, paper, claimed=False)
    return with_others(ground.books(), (), other)


@near_miss("voucher-claimed-twice")
def invoice_that_a_credit_note_took_back_in_the_other_case(ground: Ground) -> Planted:
    other = another(ground)
    paper = other.any_paper("invoice", "improvement")
    other.credit(paper, paper.net)
    edit = claimed_here(ground, paper)
    return with_others(ground.books(edit), (), other)


# --- company-second-case -------------------------------------------------------------------------------


@plant("company-second-case")
def second_case_of_the_programme(ground: Ground) -> Planted:
    other = another(ground, ours=True)
    return begun(ground, other, amount=ground.granted().government)


@plant("company-second-case", scheme="managed-factory-112")
def managed_factory_that_had_a_case_as_manufacturer(ground: Ground) -> Planted:
    other = another(ground, ours=True)
    return begun(ground, other, amount=ground.granted().government)


@plant("company-second-case", scheme="supply-chain-carbon-112", partners=2)
def partner_that_leads_a_chain_of_its_own(ground: Ground) -> Planted:
    other = another(ground, scheme="supply-chain-smart-112", partners=1)
    other.tables["company"]["ubn"] = partner(ground, 1)
    other.papers.clear()
    of_partner = [line for line in ground.tables["budget"] if line.get("party") == partner(ground, 1)]
    return begun(ground, other, amount=sum(line["government"] for line in of_partner))


@near_miss("company-second-case")
def case_of_a_programme_without_the_rule(ground: Ground) -> Planted:
    return begun(ground, another(ground, ours=True, scheme=LATER), clean=True)


@plant("company-second-case")
def manufacturer_that_had_a_case_as_managed_factory(ground: Ground) -> Planted:
    other = another(ground, ours=True, scheme="managed-factory-112")
    return begun(ground, other, amount=ground.granted().government)


@near_miss("company-second-case")
def manufacturer_that_had_a_case_of_a_later_programme(ground: Ground) -> Planted:
    other = another(ground, ours=True, scheme="managed-factory-114")
    return begun(ground, other, clean=True)


@near_miss("company-second-case")
def company_of_the_same_name_with_another_number(ground: Ground) -> Planted:
    other = another(ground)
    other.tables["company"]["name"] = ground.tables["company"]["name"]
    return begun(ground, other, clean=True)


# --- representative-second-case ------------------------------------------------------------------------


def represented(ground: Ground, name: str) -> Ground:
    """The ground with another representative."""
    ground.tables["company"]["representative"] = name
    return ground


@plant("representative-second-case")
def representative_of_two_companies(ground: Ground) -> Planted:
    other = represented(another(ground), "莊麗卿")
    return begun(ground, other, amount=ground.granted().government)


@plant("representative-second-case", scheme="managed-factory-112")
def representative_written_with_a_blank(ground: Ground) -> Planted:
    other = represented(another(ground, scheme="managed-factory-112"), "莊　麗卿 ")
    return begun(ground, other, amount=ground.granted().government)


@plant("representative-second-case", scheme="supply-chain-smart-112", partners=2)
def partner_represented_by_the_lead_of_another_chain(ground: Ground) -> Planted:
    ground.tables["partner"][0]["representative"] = "何立文"
    other = another(ground, scheme="supply-chain-smart-112", partners=1)
    of_partner = [line for line in ground.tables["budget"] if line.get("party") == partner(ground)]
    return begun(ground, other, amount=sum(line["government"] for line in of_partner))


@near_miss("representative-second-case")
def representatives_of_different_names(ground: Ground) -> Planted:
    return begun(ground, represented(another(ground), "莊麗青"), clean=True)


@near_miss("representative-second-case")
def representative_who_has_a_case_of_another_programme(ground: Ground) -> Planted:
    return begun(ground, represented(another(ground, scheme="managed-factory-112"), "莊麗卿"), clean=True)


@near_miss("representative-second-case")
def two_companies_that_name_no_representative(ground: Ground) -> Planted:
    other = represented(another(ground), "")
    return begun(represented(ground, ""), other, clean=True)


# --- person-months-exceeded, over several cases --------------------------------------------------------


def with_one_of_ours(ground: Ground, months: int, **made: Any) -> Ground:
    """Another case of the company that has the first person too, planned for so many months."""
    other = another(ground, ours=True, scheme=LATER, persons=(PERSONS[0],), **made)
    other.tables["person"][0]["months"] = months
    ground.tables["person"][0]["months"] = 7
    return other


def first_month(ground: Ground, hours: int) -> VoucherToBook:
    """The first person's pay of the first month, for so many of the month's 160 hours."""
    rolls = [paper for paper in ground.papers if paper.seller_name == PERSONS[0]]
    for paper in rolls:
        part = hours if paper is rolls[0] else 40
        meta = dict(paper.meta) | {"hours": Decimal(part)}
        net = int(meta["salary"] * part / meta["total-hours"])
        line = dataclasses.replace(paper.lines[0], cost=net)
        ground.replace(paper, net=net, lines=(line,), meta=tuple(meta.items()))
    return next(paper for paper in ground.papers if paper.seller_name == PERSONS[0])


@plant("person-months-exceeded")
def person_planned_for_more_than_a_year_in_two_cases(ground: Ground) -> Planted:
    other = with_one_of_ours(ground, 6)
    for case in (ground, other):
        first_month(case, 40)
    return with_others(ground.books(), ((str(ground.start), None),), other)


@plant("person-months-exceeded")
def month_claimed_in_two_cases_beyond_its_hours(ground: Ground) -> Planted:
    other = with_one_of_ours(ground, 5)
    first_month(other, 100)
    roll = first_month(ground, 61)
    return with_others(ground.books(), ((roll.number, roll.net),), other)


@near_miss("person-months-exceeded")
def month_shared_by_two_cases_to_the_hour(ground: Ground) -> Planted:
    other = with_one_of_ours(ground, 5)
    first_month(other, 100)
    first_month(ground, 60)
    return with_others(ground.books(), (), other)


@near_miss("person-months-exceeded")
def person_in_two_cases_one_after_the_other(ground: Ground) -> Planted:
    other = with_one_of_ours(ground, 6, start=datetime.date(2024, 9, 1))
    return with_others(ground.books(), (), other)
