"""Faults that show at the settlement: too little of the company's own money, evidence that is not there."""

from __future__ import annotations

import datetime

from ledger.case.settlement import settle_case
from ledger.entries.builder import treasury_entry
from ledger.model.directives import custom
from tests.recall.awards import at
from tests.recall.awards import partner
from tests.recall.ground import Ground
from tests.recall.planting import Planted
from tests.recall.planting import near_miss
from tests.recall.planting import plant

DAY = datetime.timedelta(days=1)
REGISTRATION = "factory-registration"
PAPER = "documents/特定工廠登記證明文件.pdf"


# --- self-funding-short --------------------------------------------------------------------------------


def mostly_granted(ground: Ground, party: str = "") -> None:
    """A category granted for more than half; the pay that the company bears makes up for it."""
    government, own = ground.budget("improvement", party)
    moved = own - (government + own) * 3 // 10
    ground.grant("improvement", government=moved, own=-moved, party=party)
    ground.grant("personnel", own=2 * moved)


def unspent(ground: Ground, kind: str) -> None:
    """None of these papers were there."""
    ground.papers = [paper for paper in ground.papers if paper.kind != kind]


def spent(ground: Ground) -> int:
    """The whole cost claimed."""
    return sum(line.cost for paper in ground.papers for line in paper.lines if paper.claimed)


def short(ground: Ground) -> int:
    """How far the grant of all categories goes beyond half of the whole cost, in NT$."""
    return ground.earned() - spent(ground) // 2


def borne_alone(ground: Ground, *, but: int = 0) -> None:
    """Cost that the company bears alone, until the grant is no more than half of the whole but for so much."""
    cost = max(0, 2 * (ground.earned() - but) - spent(ground))
    ground.own_category("intangibles", 2 * cost)
    if cost:
        ground.buy(ground.invoice("intangibles", net=cost, day=ground.end))


# what was drawn and is not recognised is to go back
FOLLOWS = frozenset({"surplus-unremitted"})


@plant("self-funding-short")
def pay_planned_and_not_spent(ground: Ground) -> Planted:
    mostly_granted(ground)
    unspent(ground, "payroll")
    return Planted(ground.books(), (at(ground, short(ground)),), FOLLOWS)


@plant("self-funding-short")
def own_money_a_dollar_short(ground: Ground) -> Planted:
    mostly_granted(ground)
    unspent(ground, "payroll")
    borne_alone(ground, but=1)
    return Planted(ground.books(), (at(ground, 1),), FOLLOWS)


@plant("self-funding-short")
def own_cost_that_was_claimed_from_nobody(ground: Ground) -> Planted:
    mostly_granted(ground)
    for paper in [paper for paper in ground.papers if paper.kind == "payroll"]:
        ground.replace(paper, claimed=False)
    return Planted(ground.books(), (at(ground, short(ground)),), FOLLOWS)


@plant("self-funding-short")
def pay_that_the_auditor_struck_out(ground: Ground) -> Planted:
    mostly_granted(ground)
    rolls = [paper for paper in ground.papers if paper.kind == "payroll"]
    for place, paper in enumerate(rolls):
        day = ground.end + 3 * DAY
        ground.more.append(custom(day, "finding", f"F-{place}", voucher=paper.number, state="disallowed"))
    books = ground.books()
    unspent(ground, "payroll")
    return Planted(books, (at(ground, short(ground)),), FOLLOWS)


@plant("self-funding-short", scheme="supply-chain-smart-112", partners=2)
def project_of_several_short_and_repaid(ground: Ground) -> Planted:
    for party in ("", partner(ground), partner(ground, 1)):
        mostly_granted(ground, party)
    unspent(ground, "payroll")
    cut = short(ground)
    ground.more.append(treasury_entry(True, ground.settled_on, cut, "國庫", "減列補助款繳回", {}))
    return Planted(ground.books(), (at(ground, cut),))


@near_miss("self-funding-short")
def own_money_of_half_to_the_dollar(ground: Ground) -> Planted:
    mostly_granted(ground)
    unspent(ground, "payroll")
    borne_alone(ground)
    return Planted(ground.books(), ())


@near_miss("self-funding-short")
def category_granted_mostly_and_the_whole_by_less_than_half(ground: Ground) -> Planted:
    mostly_granted(ground)
    borne_alone(ground, but=-ground.chance.randrange(1, 40_000))
    return Planted(ground.books(), ())


@near_miss("self-funding-short")
def pay_still_to_come_before_the_end(ground: Ground) -> Planted:
    mostly_granted(ground)
    unspent(ground, "payroll")
    ground.today = ground.end
    return Planted(ground.books(), ())


@near_miss("self-funding-short", scheme="supply-chain-smart-112", partners=2)
def partner_short_whom_the_lead_makes_good(ground: Ground) -> Planted:
    mostly_granted(ground, partner(ground))
    borne_alone(ground, but=-ground.chance.randrange(1, 40_000))
    return Planted(ground.books(), ())


# --- evidence-missing ----------------------------------------------------------------------------------


def registered(ground: Ground, kind: str, path: str, day: datetime.date) -> str:
    """The evidence that the programme wants registered otherwise; the day."""
    ground.more = [entry for entry in ground.more if getattr(entry, "type", "") != "grant-evidence"]
    ground.more.append(custom(day, "evidence", kind, path))
    return str(day)


def scans(ground: Ground) -> frozenset[str]:
    """The papers of all vouchers, as they lie in documents/."""
    return frozenset(paper.document or paper.source for paper in ground.papers)


def received(ground: Ground) -> int:
    """All that was paid out, which is due back without the registration."""
    return settle_case(ground.books().case()).whole.flows.received


@plant("evidence-missing", scheme="managed-factory-112")
def factory_never_registered(ground: Ground) -> Planted:
    ground.more = [entry for entry in ground.more if getattr(entry, "type", "") != "grant-evidence"]
    return Planted(ground.books(), ((at(ground)[0], received(ground)),))


@plant("evidence-missing", scheme="managed-factory-112")
def other_paper_registered_in_its_place(ground: Ground) -> Planted:
    registered(ground, "company-registration", "documents/公司登記.pdf", ground.end)
    return Planted(ground.books(), ((at(ground)[0], received(ground)),))


@plant("evidence-missing", scheme="managed-factory-112")
def registration_whose_file_is_not_there(ground: Ground) -> Planted:
    day = registered(ground, REGISTRATION, PAPER, ground.end + ground.chance.randrange(20) * DAY)
    return Planted(ground.books(), ((day, received(ground)),), papers=scans(ground))


@plant("evidence-missing", scheme="managed-factory-112")
def registration_that_lies_outside_the_case(ground: Ground) -> Planted:
    day = registered(ground, REGISTRATION, "../" + PAPER, ground.end)
    return Planted(ground.books(), ((day, received(ground)),), papers=scans(ground))


@plant("evidence-missing", scheme="managed-factory-114")
def registration_that_came_only_later(ground: Ground) -> Planted:
    registered(ground, REGISTRATION, PAPER, ground.as_of + DAY)
    return Planted(ground.books(), ((at(ground)[0], received(ground)),))


@near_miss("evidence-missing", scheme="managed-factory-112")
def registration_in_the_case_folder(ground: Ground) -> Planted:
    registered(ground, REGISTRATION, PAPER, ground.end)
    return Planted(ground.books(), (), papers=scans(ground) | {PAPER.removeprefix("documents/")})


@near_miss("evidence-missing", scheme="managed-factory-114")
def registration_named_by_its_file_alone(ground: Ground) -> Planted:
    name = PAPER.removeprefix("documents/")
    registered(ground, REGISTRATION, name, ground.end)
    return Planted(ground.books(), (), papers=scans(ground) | {name})


@near_miss("evidence-missing", scheme="managed-factory-112")
def second_copy_where_the_first_is_lost(ground: Ground) -> Planted:
    registered(ground, REGISTRATION, PAPER, ground.start)
    ground.more.append(custom(ground.end, "evidence", REGISTRATION, "documents/登記證明(影本).pdf"))
    return Planted(ground.books(), (), papers=scans(ground) | {"登記證明(影本).pdf"})


@near_miss("evidence-missing", scheme="managed-factory-112")
def registration_still_to_come_on_the_last_day(ground: Ground) -> Planted:
    ground.more = [entry for entry in ground.more if getattr(entry, "type", "") != "grant-evidence"]
    ground.today = ground.end
    return Planted(ground.books(), ())


@near_miss("evidence-missing")
def programme_that_wants_no_registration(ground: Ground) -> Planted:
    return Planted(ground.books(), ())
