"""A budget revision: one more directive with its approval, and what it does to what is booked."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from ledger.operations.edit import OperationError
from ledger.operations.edit import Planned
from ledger.operations.revise import BudgetChange
from ledger.operations.revise import ItemChange
from ledger.operations.revise import PersonChange
from ledger.operations.revise import Revision
from ledger.operations.revise import plan_revise
from tests.ledger.operations.cases import BEARING
from tests.ledger.operations.cases import GAUGE
from tests.ledger.operations.cases import SEAL
from tests.ledger.operations.cases import do
from tests.ledger.operations.cases import make_case
from tests.ledger.operations.cases import read
from tests.ledger.operations.cases import shares

FROM_JULY = datetime.date(2023, 7, 1)
NUMBER = "試字第1120001號"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return make_case(tmp_path / "case")


def revise(folder: Path, revision: Revision, approval: str = NUMBER) -> Planned:
    return do(folder, lambda context: plan_revise(context, revision, approval, FROM_JULY))


def test_a_budget_from_a_day_on_moves_later_shares_only(case: Path) -> None:
    """From July 110,000 of 220,000: the 20,002 so far earn 10,001, so July's voucher bears 10,001 - 4,762."""
    planned = revise(case, Revision([BudgetChange("consumables", 110_000, 110_000)]))
    assert shares(read(case)) == {BEARING: 4762, SEAL: 5239, GAUGE: 23809}
    assert [(change.voucher, change.before, change.after) for change in planned.effect.splits] == [
        (SEAL, 4762, 5239)
    ]
    assert [(each.month, each.before, each.after) for each in planned.effect.entitlement] == [
        ("2023-07", 33333, 33810)
    ]
    text = (case / "award.beancount").read_text(encoding="utf-8")
    assert f'approval: "{NUMBER}"' in text


def test_a_new_item_and_one_changed(case: Path) -> None:
    revise(
        case,
        Revision(
            items=[
                ItemChange("consumables", "試作墊片", 10_000, 11_000),
                ItemChange("consumables", "試作軸承", 50_000, 55_000, Decimal(8)),
            ]
        ),
    )
    award = read(case).award
    assert award is not None
    assert award.item_named("試作墊片") is not None
    bearing = award.item_named("試作軸承")
    assert bearing is not None
    assert (bearing.quantity, bearing.unit, bearing.approved.total) == (Decimal(8), "個", 105_000)


def test_a_person_and_the_period(case: Path) -> None:
    revise(
        case,
        Revision(
            persons=[PersonChange("試作人員", "工程師", months=Decimal(6))], end=datetime.date(2024, 8, 31)
        ),
    )
    award = read(case).award
    assert award is not None
    assert award.end == datetime.date(2024, 8, 31)
    assert [person.name for person in award.persons] == ["試作人員"]
    text = (case / "award.beancount").read_text(encoding="utf-8")
    assert text.count("end: 2024-08-31") == 1
    assert "2024-05-31" not in text


@pytest.mark.parametrize(
    "revision",
    [
        Revision(),
        Revision([BudgetChange("travel", 1, 1)]),
        Revision([BudgetChange("consumables", -1, 1)]),
        Revision(persons=[PersonChange("試作人員")]),
        Revision(end=datetime.date(2023, 5, 1)),
        Revision([BudgetChange("consumables", 1, 1, "99999999")]),
        Revision(account=("abc", "試作銀行")),
    ],
)
def test_what_cannot_be_approved_is_refused(case: Path, revision: Revision) -> None:
    before = (case / "award.beancount").read_bytes()
    with pytest.raises(OperationError):
        revise(case, revision)
    assert (case / "award.beancount").read_bytes() == before


def test_no_approval_no_revision(case: Path) -> None:
    with pytest.raises(OperationError, match="文號"):
        revise(case, Revision([BudgetChange("consumables", 110_000, 110_000)]), " ")
