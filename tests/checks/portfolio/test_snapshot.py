"""What others need of a case: its parties, claims, plans and work; its name among them, and its places."""

from __future__ import annotations

import datetime

import pytest

from checks.portfolio.snapshot import CaseSnapshot
from checks.portfolio.snapshot import Party
from checks.portfolio.snapshot import portfolio
from checks.portfolio.snapshot import snapshot
from ledger.model.records import Place
from tests.checks.builder import Books
from tests.checks.builder import award_only
from tests.checks.pieces.payroll import pay
from tests.checks.several import in_folder
from tests.checks.several import numbered
from tests.checks.several import partner
from tests.checks.several import renamed
from tests.checks.several import split

DAY = datetime.date(2023, 6, 12)


def held(books: Books) -> CaseSnapshot:
    holding = snapshot(books.case())
    assert holding is not None
    return holding


@pytest.fixture(scope="module")
def one(first: Books) -> CaseSnapshot:
    return held(in_folder(first, "甲"))


def test_two_cases_overlap_from_the_day_on_which_one_begins(one: CaseSnapshot) -> None:
    """The case runs from 2023-06-01 through 2023-09-30."""

    def beside(start: str, end: str) -> tuple[bool, bool]:
        other = one._replace(start=datetime.date.fromisoformat(start), end=datetime.date.fromisoformat(end))
        return one.overlaps(other), other.overlaps(one)

    assert beside("2023-09-30", "2024-03-31") == (True, True)
    assert beside("2023-10-01", "2024-03-31") == (False, False)
    assert beside("2023-01-01", "2023-06-01") == (True, True)
    assert beside("2023-01-01", "2023-05-31") == (False, False)


def test_a_place_is_shown_to_other_cases_from_beside_the_case_folder(one: CaseSnapshot) -> None:
    inside = Place(DAY, "/cases/甲/books/2023-06.beancount", 7)
    assert one.shown(inside) == "甲/books/2023-06.beancount:7"
    assert one.shown(Place(DAY, "/別處/a.beancount", 8)) == "/別處/a.beancount:8"
    assert one._replace(folder=None).shown(inside) == "/cases/甲/books/2023-06.beancount:7"


def test_cases_stand_in_the_order_of_their_ids_whatever_their_folders(first: Books) -> None:
    later, earlier = in_folder(first, "a"), in_folder(numbered(first, "112-納管-0001"), "b")
    cases = portfolio([held(later), held(earlier)])
    assert [case.id for case in cases.cases] == ["112-納管-0001", "112-納管-0456"]
    assert cases.copies == ()


def test_one_number_in_two_companies_is_no_copy(first: Books, other: Books) -> None:
    same = renamed(other, {"112-納管-0789": "112-納管-0456"})
    cases = portfolio([held(in_folder(first, "a")), held(in_folder(same, "b"))])
    assert ([case.ubn for case in cases.cases], cases.copies) == (["11688527", "24549210"], ())


def test_of_two_copies_the_one_without_a_folder_counts(one: CaseSnapshot) -> None:
    bare = one._replace(folder=None)
    assert portfolio([one, bare]) == portfolio([bare, one]) == ((bare,), ((one, bare),))


def test_the_parties_and_what_is_approved_for_each_on_the_day(first: Books) -> None:
    chain = partner(first, "12345675").add("""
        2023-06-01 custom "grant-budget" "improvement" 80000 TWD 80000 TWD
          party: "12345675"
        2023-08-01 custom "grant-budget" "improvement" 90000 TWD 70000 TWD
          party: "12345675"
          approval: "產授字第1號"
    """)
    lead = Party("11688527", "川益電機企業股份有限公司", "莊麗卿", 420_000, is_lead=True)
    for day, grant in ((datetime.date(2023, 7, 31), 80_000), (datetime.date(2023, 8, 1), 90_000)):
        parties = held(chain.on(day.year, day.month, day.day)).parties
        assert parties == (lead, Party("12345675", "立穎精密有限公司", "林志明", grant, is_lead=False))
        assert [party.is_lead for party in parties] == [True, False]


def test_advice_claims_no_vouchers_and_no_one_s_months(first: Books) -> None:
    spends, advised = held(first), held(first.plant("managed-factory-112", "coaching-sme-112"))
    assert [len(part) for part in (spends.claims, spends.plans, spends.work)] == [5, 1, 1]
    assert (advised.claims, advised.plans, advised.work) == ((), (), ())


@pytest.mark.parametrize(("share", "claimed"), [(0, []), (1, [1]), (100_000, [100_000])])
def test_what_is_claimed_of_a_voucher_down_to_one_dollar(
    first: Books, share: int, claimed: list[int]
) -> None:
    claims = held(split(first, share)).claims
    assert [claim.cost for claim in claims if claim.number == "AB12345678"] == claimed


def test_a_voucher_that_does_not_say_its_amount_is_taken_for_what_was_booked(first: Books) -> None:
    silent = split(first, 60_000).plant("  net: 100000 TWD\n", "")
    assert [claim.net for claim in held(silent).claims if claim.number == "AB12345678"] == [100_000]


STRUCK = """
2023-10-30 custom "grant-finding" "F-001"
  voucher: "p2023-07"
  state: "disallowed"
  deducted: {amount} TWD
"""


@pytest.mark.parametrize(("amount", "left"), [(22_000, []), (21_999, [1]), (1, [21_999])])
def test_pay_that_the_auditor_disallowed_is_nobody_s_month(amount: int, left: list[int]) -> None:
    paid = award_only().on(2023, 11, 20).add(pay("2023-07"))
    assert [work.cost for work in held(paid.add(STRUCK.format(amount=amount))).work] == left


def test_work_and_plans_have_the_name_as_it_is_written(first: Books) -> None:
    spaced = held(first.plant('person: "王大明"', 'person: "王 大明"'))
    assert [(work.name, work.person) for work in spaced.work] == [("王 大明", "王大明")]
    assert [(plan.name, plan.person) for plan in spaced.plans] == [("王大明", "王大明")]
