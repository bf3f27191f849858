"""What may still be withdrawn: of each dedicated account by itself, less what left it, no more than is recognised."""

from __future__ import annotations

from tests.checks.builder import MONTHS
from tests.checks.builder import Books
from tests.checks.pieces.account import PARTNER
from tests.checks.pieces.account import PARTNERS_COST
from tests.checks.pieces.account import out

OUTSTANDING = "withdrawal-outstanding"


def test_a_fee_takes_from_what_lies_in_its_own_account(books: Books) -> None:
    """The partner has earned 30,000 and 25,000 came; the bank took 30 of it. The lead's account knows nothing of it."""
    cost = PARTNERS_COST.replace("4000", "30000").replace("-8000", "-60000")
    fee = out("2023-07-03", 30, kind="fee")
    theirs = fee.replace('"提領"\n', '"提領"\n  party: "62494123"\n')
    for taken, left in (("", 25_000), (fee, 25_000), (theirs, 24_970)):
        chain = books.add(PARTNER + cost + taken).close("2023-06").on(2023, 8, 1)
        (finding,) = chain.findings(OUTSTANDING)
        assert (finding.amount, finding.message.partition(":")[0]) == (left, "昱峻氣動企業有限公司")


def test_an_account_may_be_drawn_on_for_what_is_recognised_of_its_own_party(books: Books) -> None:
    """The partner's 40,000 are all the grant's; the project's half of 192,001 cuts 9,000 of it once it has ended."""
    granted = PARTNER.replace("50000 TWD 50000", "80000 TWD 0").replace("25000", "50000")
    cost = PARTNERS_COST.replace("4000", "20000").replace("-8000", "-40000")
    chain = books.add(granted + cost).close(*MONTHS)
    assert [each.amount for each in chain.on(2023, 9, 1).findings(OUTSTANDING)] == [40_000]
    assert [each.amount for each in chain.findings(OUTSTANDING)] == [31_000]


def test_the_lead_s_account_pays_for_a_partner_without_one(books: Books) -> None:
    start, end = (
        PARTNER.index('2023-06-01 custom "grant-account"'),
        PARTNER.index('2023-06-01 custom "grant-bud'),
    )
    without = (PARTNER[:start] + PARTNER[end:]).replace("25000", "4000")
    money = without.index("2023-06-05 *")
    paid_to_lead = without[:money] + without[money:].replace('  party: "62494123"\n', "")
    chain = books.add(paid_to_lead + PARTNERS_COST).close(*MONTHS)
    assert chain.days(OUTSTANDING) == [("2023-09-30", 4000)]
