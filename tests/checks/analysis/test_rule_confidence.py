"""A finding that stands on a number nobody published for the programme says so; one that does not, does not."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from checks.analysis.wording import assumption
from checks.engine.finding import Finding
from checks.engine.runner import run_checks
from ledger.schemes.model import Confidence
from ledger.schemes.model import Scheme
from tests.checks.builder import Books
from tests.checks.pieces.confidence import graded
from tests.checks.pieces.confidence import short_of_own
from tests.checks.pieces.interest import TAIL
from tests.checks.pieces.interest import WITHHELD
from tests.checks.pieces.interest import interest
from tests.checks.pieces.payroll import pay
from tests.checks.pieces.settlement import EVIDENCE


def found(books: Books, check: str, sure: Confidence, unsure: tuple[str, ...] = ()) -> list[Finding]:
    """What a check finds, by the case's scheme with its rules so graded."""
    case = books.case()
    assert case.scheme is not None
    case.scheme = graded(case.scheme, sure, unsure)
    return run_checks(case, select=[check])


def planted(*changes: tuple[str, str]) -> Callable[[Books], Books]:
    def plant(books: Books) -> Books:
        for old, new in changes:
            books = books.plant(old, new)
        return books

    return plant


def strict(books: Books) -> Books:
    """A programme that wants more than half from the company, at exactly half."""
    return books.plant("managed-factory-112", "small-manufacturer-112").plant(
        'personnel" 0 TWD 160000', 'personnel" 0 TWD 0'
    )


def capped(books: Books) -> Books:
    """30 % of 700,000 for equipment, of which 240,000 is spent: the cap binds, and a surplus is left."""
    return books.plant('"improvement" 200000 TWD 200000 TWD\n', '"improvement" 90000 TWD 90000 TWD\n')


def overdrawn(amount: int) -> Callable[[Books], Books]:
    """June has earned 50,000."""

    def plant(books: Books) -> Books:
        return (
            books.on(2023, 7, 5)
            .plant(
                "-50000 TWD\n  Equity:1業者投入            50000 TWD",
                f"-{amount} TWD\n  Equity:1業者投入            {amount} TWD",
            )
            .close("2023-06")
        )

    return plant


def undrawn(amount: int) -> Callable[[Books], Books]:
    """June has earned 50,000, and not all of it is drawn."""

    def plant(books: Books) -> Books:
        return overdrawn(amount)(books).on(2023, 8, 2)

    return plant


def waiting(books: Books) -> Books:
    """As above, with what July earned not drawn."""
    short = short_of_own(books).plant("2023-08-03 *", "2023-12-03 *")
    return short.plant('2023-08-15 * "精密', '2023-10-15 * "精密').close("2023-06", "2023-07")


BY_GRANT = (
    "  Expenses:2業者自籌款:05人事費   22000 TWD",
    "  Expenses:1政府補助款:05人事費   22000 TWD",
)
SPLIT = "  Expenses:1政府補助款:02全新設備之購置費   120000 TWD\n  Expenses:2業者自籌款:02全新設備之購置費   120000"
FIRST = "210000 TWD\n  Liabilities:3預收補助款    -210000"
NETTED = WITHHELD.replace("Assets:3扣繳稅款", "Liabilities:2應繳國庫:1孳息")
WITHHOLDING = ("withholding_rate", "withholding_threshold")


def tail(amount: int) -> tuple[str, str]:
    return TAIL, TAIL.replace("100000", str(amount))


PLANTS: list[tuple[str, Callable[[Books], Books], tuple[str, ...]]] = [
    (
        "subsidy-cap-exceeded",
        planted(('"equipment" 120000 TWD', '"equipment" 1420000 TWD')),
        ("subsidy_cap",),
    ),
    (
        "subsidy-ratio-exceeded",
        planted(('"equipment" 120000 TWD', '"equipment" 420000 TWD')),
        ("subsidy_ratio",),
    ),
    ("subsidy-ratio-at-limit", strict, ("subsidy_ratio", "ratio_strict")),
    ("category-not-grantable", planted(('"personnel" 0 TWD', '"personnel" 5000 TWD')), ("grantable",)),
    ("category-not-grantable", planted(BY_GRANT), ("grantable",)),
    (
        "category-cap-exceeded",
        planted(('"equipment" 120000 TWD', '"equipment" 520000 TWD')),
        ("cap", "cap_base"),
    ),
    (
        "guarantee-too-short",
        planted(('"partial"\n', '"partial"\n  guarantee-until: 2023-11-30\n')),
        ("guarantee_grace_months",),
    ),
    (
        "period-too-long",
        planted(("end: 2023-09-30", "end: 2024-09-30")),
        ("period_months", "period_is_limit"),
    ),
    (
        "split-mismatch",
        planted((SPLIT, SPLIT.replace("120000", "110000", 1).replace("120000", "130000"))),
        ("share_rounding",),
    ),
    (
        "payment-late",
        planted(('2023-09-20 * "益瀚電機', '2023-11-05 * "益瀚電機')),
        ("payment_grace_months",),
    ),
    (
        "person-months-exceeded",
        planted(("  months: 4", "  months: 4\n  other-months: 9")),
        ("person_months",),
    ),
    (
        "person-months-exceeded",
        lambda books: books.plant("  months: 4", "  other-months: 11").add(pay("2023-07", hours=88)),
        ("person_months",),
    ),
    ("withholding-arithmetic", lambda books: interest(books, 18_000, 2000, 20_000), WITHHOLDING),
    ("interest-booked-net", lambda books: interest(books, 30_000, 0, 30_000).add(NETTED), WITHHOLDING),
    ("instalment-unexpected", planted((FIRST, FIRST.replace("210000", "200000"))), ("paying_out",)),
    ("evidence-missing", planted((EVIDENCE, "")), ("evidence",)),
    ("self-funding-short", short_of_own, ("subsidy_ratio",)),
    ("surplus-unremitted", lambda books: short_of_own(books).plant(*tail(110_000)), ("subsidy_ratio",)),
    ("surplus-unremitted", capped, ("cap", "cap_base", "cap_total")),
    ("surplus-unremitted", planted(tail(100_003)), ("share_rounding",)),
    ("withdrawal-exceeds-entitlement", overdrawn(50_001), ("share_rounding",)),
    ("withdrawal-outstanding", undrawn(49_999), ("share_rounding",)),
    ("withdrawal-outstanding", lambda books: waiting(books).on(2023, 10, 1), ("subsidy_ratio",)),
]


@pytest.mark.parametrize(
    ("check", "plant", "rules"), PLANTS, ids=[f"{plant[0]}-{index}" for index, plant in enumerate(PLANTS)]
)
def test_the_note_goes_with_the_rules_that_decide(
    books: Books, check: str, plant: Callable[[Books], Books], rules: tuple[str, ...]
) -> None:
    case = plant(books)
    sure: tuple[Confidence, ...] = ("seed", "statute")
    for confidence in sure:
        messages = [finding.message for finding in found(case, check, confidence)]
        assert messages
        assert not any(message.endswith(assumption()) for message in messages), messages
    for rule in rules:
        assert all(
            finding.message.endswith(assumption()) for finding in found(case, check, "seed", (rule,))
        ), rule
    every = (*(field.name for field in dataclasses.fields(Scheme)), "cap", "grantable")
    others = tuple(name for name in every if name not in rules)
    assert not any(finding.message.endswith(assumption()) for finding in found(case, check, "seed", others))


@pytest.mark.parametrize(
    ("check", "plant"),
    [
        ("surplus-unremitted", planted((TAIL, TAIL.replace("100000", "110000")))),
        ("withdrawal-exceeds-entitlement", overdrawn(60_000)),
        ("withdrawal-outstanding", undrawn(40_000)),
    ],
)
def test_what_rounding_alone_cannot_make_needs_no_note(
    books: Books, check: str, plant: Callable[[Books], Books]
) -> None:
    (finding,) = found(plant(books), check, "seed", ("share_rounding",))
    assert not finding.message.endswith(assumption())


def test_what_the_settlement_will_recognise_decides_nothing_before_the_end(books: Books) -> None:
    (finding,) = found(waiting(books).on(2023, 9, 30), "withdrawal-outstanding", "seed", ("subsidy_ratio",))
    assert not finding.message.endswith(assumption())


def test_a_sister_programmes_rule_is_not_this_ones(books: Books) -> None:
    late = books.plant('2023-09-20 * "益瀚電機', '2023-11-05 * "益瀚電機')
    (finding,) = late.findings("payment-late")
    assert finding.message.endswith(assumption())
