"""Faults of who was paid, that only several cases together show."""

from __future__ import annotations

import datetime

from ledger.entries.builder import VoucherToBook
from tests.casepapers import company_number
from tests.recall.edits import all_of
from tests.recall.edits import of_payment
from tests.recall.edits import says
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant
from tests.recall.plants.portfolio import another
from tests.recall.plants.portfolio import with_others

SHARE, RUN, PAYEE, TRIP = (
    "supplier-share-high",
    "invoice-numbers-consecutive",
    "payee-account-shared",
    "round-trip",
)
LATER = datetime.date(2025, 6, 1)  # so that the cases of other companies were over before
ACCOUNT = "0012345678900"


def earlier(ground: Ground, count: int) -> list[Ground]:
    """Clean cases of other companies that were over before this one began."""
    start = ground.start.replace(year=ground.start.year - 2)
    others = [another(ground, start=start) for _place in range(count)]
    for place, other in enumerate(others):
        other.tables["award"]["id"] = f"108-試-{place:03}"
        company = {"ubn": company_number(ground.chance), "name": f"試作第{place}企業", "representative": ""}
        before = other.company
        other.tables["company"] |= company
        for paper in [paper for paper in other.papers if paper.buyer == before]:
            other.replace(paper, buyer=other.company)
    return others


def invoices(ground: Ground) -> list[VoucherToBook]:
    """The invoices of a case."""
    return [paper for paper in ground.papers if paper.kind == "invoice"]


def last_day(ground: Ground) -> str:
    """The day of a case's last invoice, which a finding without a voucher is told by."""
    return str(max(paper.date for paper in invoices(ground)))


def sold_by(ground: Ground, seller: str, papers: list[VoucherToBook]) -> int:
    """Some papers of a case sold by one seller; gives their net, NT$."""
    for paper in papers:
        ground.replace(paper, seller=seller)
    return sum(paper.net for paper in papers)


# --- supplier-share-high -------------------------------------------------------------------------------


@plant(SHARE, start=LATER)
def one_seller_of_everything_in_three_cases(ground: Ground) -> Planted:
    others, seller = earlier(ground, 4), company_number(ground.chance)
    net = sum(sold_by(case, seller, invoices(case)) for case in (ground, *others[:2]))
    return with_others(ground.books(), ((last_day(ground), net),), *others)


@plant(SHARE, start=LATER)
def one_seller_of_everything_in_five_cases(ground: Ground) -> Planted:
    others, seller = earlier(ground, 4), company_number(ground.chance)
    net = sum(sold_by(case, seller, invoices(case)) for case in (ground, *others))
    return with_others(ground.books(), ((last_day(ground), net),), *others)


@plant(SHARE, start=LATER)
def one_seller_of_most_among_six_cases(ground: Ground) -> Planted:
    others, seller = earlier(ground, 5), company_number(ground.chance)
    net = sum(sold_by(case, seller, invoices(case)) for case in (ground, *others[:4]))
    return with_others(ground.books(), ((last_day(ground), net),), *others)


@near_miss(SHARE, start=LATER)
def one_seller_of_everything_in_two_cases(ground: Ground) -> Planted:
    others, seller = earlier(ground, 4), company_number(ground.chance)
    for case in (ground, others[0]):
        sold_by(case, seller, invoices(case))
    return with_others(ground.books(), (), *others)


@near_miss(SHARE, start=LATER)
def one_seller_among_four_cases(ground: Ground) -> Planted:
    others, seller = earlier(ground, 3), company_number(ground.chance)
    for case in (ground, *others):
        sold_by(case, seller, invoices(case))
    return with_others(ground.books(), (), *others)


@near_miss(SHARE, start=LATER)
def one_seller_of_little_in_three_cases(ground: Ground) -> Planted:
    others, seller = earlier(ground, 4), company_number(ground.chance)
    for case in (ground, *others[:2]):
        sold_by(case, seller, [min(invoices(case), key=lambda paper: paper.net)])
    return with_others(ground.books(), (), *others)


# --- invoice-numbers-consecutive -----------------------------------------------------------------------


def numbered(ground: Ground, seller: str, *numbers: int) -> list[VoucherToBook]:
    """The last invoices of a case with these numbers of one seller."""
    papers = sorted(invoices(ground), key=lambda paper: paper.date)[-len(numbers) :]
    return [
        ground.replace(paper, seller=seller, number=f"ZZ{number:08}")
        for paper, number in zip(papers, numbers, strict=True)
    ]


@plant(RUN, start=LATER)
def three_numbers_in_three_cases(ground: Ground) -> Planted:
    others, seller = earlier(ground, 2), company_number(ground.chance)
    papers = [
        *numbered(others[0], seller, 41),
        *numbered(others[1], seller, 42),
        *numbered(ground, seller, 43),
    ]
    return with_others(ground.books(), (("ZZ00000041", sum(paper.net for paper in papers)),), *others)


@plant(RUN, start=LATER)
def three_numbers_in_two_cases(ground: Ground) -> Planted:
    (other,), seller = earlier(ground, 1), company_number(ground.chance)
    papers = [*numbered(other, seller, 10, 11), *numbered(ground, seller, 12)]
    return with_others(ground.books(), (("ZZ00000010", sum(paper.net for paper in papers)),), other)


@plant(RUN, start=LATER)
def four_numbers_with_the_first_in_this_case(ground: Ground) -> Planted:
    others, seller = earlier(ground, 3), company_number(ground.chance)
    papers = numbered(ground, seller, 99)
    for place, other in enumerate(others):
        papers += numbered(other, seller, 100 + place)
    return with_others(ground.books(), (("ZZ00000099", sum(paper.net for paper in papers)),), *others)


@near_miss(RUN, start=LATER)
def two_numbers(ground: Ground) -> Planted:
    (other,), seller = earlier(ground, 1), company_number(ground.chance)
    numbered(other, seller, 10)
    numbered(ground, seller, 11)
    return with_others(ground.books(), (), other)


@near_miss(RUN, start=LATER)
def three_numbers_with_a_gap(ground: Ground) -> Planted:
    others, seller = earlier(ground, 2), company_number(ground.chance)
    for case, number in zip((*others, ground), (10, 11, 13), strict=True):
        numbered(case, seller, number)
    return with_others(ground.books(), (), *others)


@near_miss(RUN, start=LATER)
def three_numbers_of_three_sellers(ground: Ground) -> Planted:
    others = earlier(ground, 2)
    for case, number in zip((*others, ground), (10, 11, 12), strict=True):
        numbered(case, company_number(ground.chance), number)
    return with_others(ground.books(), (), *others)


# --- payee-account-shared ------------------------------------------------------------------------------


def bought_of(ground: Ground, name: str) -> VoucherToBook:
    """The last invoice of a case, of a seller of this name."""
    return ground.replace(max(invoices(ground), key=lambda paper: paper.date), seller_name=name)


@plant(PAYEE, start=LATER)
def two_suppliers_at_one_account_in_two_cases(ground: Ground) -> Planted:
    (other,) = earlier(ground, 1)
    there = bought_of(other, "試作甲企業")
    here = bought_of(ground, "試作乙企業")
    beside = other.books(of_payment(there.number, says(counterparty=ACCOUNT)))
    books = ground.books(of_payment(here.number, says(counterparty=ACCOUNT)))
    return with_others(books, ((here.number, here.net + here.tax),), beside)


@plant(PAYEE, start=LATER)
def an_account_written_with_dashes(ground: Ground) -> Planted:
    (other,) = earlier(ground, 1)
    there = bought_of(other, "試作甲企業")
    here = bought_of(ground, "試作乙企業")
    beside = other.books(of_payment(there.number, says(counterparty=ACCOUNT)))
    books = ground.books(of_payment(here.number, says(counterparty="0012-345678-900")))
    return with_others(books, ((here.number, here.net + here.tax),), beside)


@plant(PAYEE, start=LATER)
def two_suppliers_at_one_account_in_one_case(ground: Ground) -> Planted:
    (other,) = earlier(ground, 1)
    first, last = sorted(invoices(ground), key=lambda paper: paper.date)[-2:]
    one = ground.replace(first, seller_name="試作甲企業")
    two = ground.replace(last, seller_name="試作乙企業")
    named = says(counterparty=ACCOUNT)
    books = ground.books(all_of(of_payment(one.number, named), of_payment(two.number, named)))
    return with_others(books, ((two.number, two.net + two.tax),), other)


@near_miss(PAYEE, start=LATER)
def one_supplier_at_one_account(ground: Ground) -> Planted:
    (other,) = earlier(ground, 1)
    there = bought_of(other, "試作甲企業")
    here = bought_of(ground, "試作甲企業 ")
    beside = other.books(of_payment(there.number, says(counterparty=ACCOUNT)))
    return with_others(ground.books(of_payment(here.number, says(counterparty=ACCOUNT))), (), beside)


@near_miss(PAYEE, start=LATER)
def two_suppliers_at_two_accounts(ground: Ground) -> Planted:
    (other,) = earlier(ground, 1)
    there = bought_of(other, "試作甲企業")
    here = bought_of(ground, "試作乙企業")
    beside = other.books(of_payment(there.number, says(counterparty=ACCOUNT)))
    return with_others(ground.books(of_payment(here.number, says(counterparty="0012345678901"))), (), beside)


@near_miss(PAYEE, start=LATER)
def a_word_for_the_other_side(ground: Ground) -> Planted:
    (other,) = earlier(ground, 1)
    there = bought_of(other, "試作甲企業")
    here = bought_of(ground, "試作乙企業")
    beside = other.books(of_payment(there.number, says(counterparty="網銀 12")))
    return with_others(ground.books(of_payment(here.number, says(counterparty="網銀 12"))), (), beside)


# --- round-trip ----------------------------------------------------------------------------------------


def mutual(ground: Ground, other: Ground, here: int, there: int) -> int:
    """Invoices that the two companies write each other: how many of each; gives their net."""
    mine = sorted(invoices(ground), key=lambda paper: paper.date)[-here:]
    theirs = sorted(invoices(other), key=lambda paper: paper.date)[-there:]
    return sold_by(ground, other.company, mine) + sold_by(other, ground.company, theirs)


def _label(ground: Ground, other: Ground) -> str:
    """The voucher that the finding names: the first of the company whose number comes first."""
    case, seller = (ground, other.company) if ground.company < other.company else (other, ground.company)
    return min((p for p in case.papers if p.seller == seller), key=lambda p: (p.date, p.number)).number


@plant(TRIP, start=LATER)
def two_companies_bill_each_other(ground: Ground) -> Planted:
    (other,) = earlier(ground, 1)
    net = mutual(ground, other, 1, 1)
    return with_others(ground.books(), ((_label(ground, other), net),), other)


@plant(TRIP, start=LATER)
def a_third_case_stands_beside(ground: Ground) -> Planted:
    other, third = earlier(ground, 2)
    net = mutual(ground, other, 1, 1)
    return with_others(ground.books(), ((_label(ground, other), net),), other, third)


@plant(TRIP, start=LATER)
def one_bills_once_the_other_thrice(ground: Ground) -> Planted:
    (other,) = earlier(ground, 1)
    net = mutual(ground, other, 1, 3)
    return with_others(ground.books(), ((_label(ground, other), net),), other)


@near_miss(TRIP, start=LATER)
def one_company_sells_to_the_other(ground: Ground) -> Planted:
    (other,) = earlier(ground, 1)
    sold_by(ground, other.company, invoices(ground)[:1])
    return with_others(ground.books(), (), other)


@near_miss(TRIP, start=LATER)
def a_chain_of_three(ground: Ground) -> Planted:
    one, two = earlier(ground, 2)
    sold_by(ground, one.company, invoices(ground)[:1])
    sold_by(one, two.company, invoices(one)[:1])
    return with_others(ground.books(), (), one, two)


@near_miss(TRIP, start=LATER)
def both_buy_of_a_third(ground: Ground) -> Planted:
    one, two = earlier(ground, 2)
    sold_by(ground, two.company, invoices(ground)[:1])
    sold_by(one, two.company, invoices(one)[:1])
    return with_others(ground.books(), (), one, two)
