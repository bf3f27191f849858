"""A budget revision: one more directive with its approval, and what it does to what is booked."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ledger.files.award_file import AwardFile
from ledger.files.award_file import parse_award
from ledger.operations.edit import OperationError
from ledger.operations.edit import Planned
from ledger.operations.revise import BudgetChange
from ledger.operations.revise import ItemChange
from ledger.operations.revise import PersonChange
from ledger.operations.revise import Revision
from ledger.operations.revise import plan_revise
from ledger.operations.revise import revision_of
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


def test_what_is_not_told_of_a_person_stays(case: Path) -> None:
    first = PersonChange("試作人員", "工程師", insured=False, months=Decimal(6), salary=40_000)
    revise(case, Revision(persons=[first]))
    left = PersonChange("試作人員", until=datetime.date(2023, 8, 15))
    revise(case, Revision(persons=[left]))
    revise(case, Revision(persons=[PersonChange("試作人員", since=datetime.date(2023, 6, 12))]))
    award = read(case).award
    assert award is not None
    (person,) = award.staff.values()
    assert (person.role, person.insured, person.months, person.salary) == (
        "工程師",
        False,
        Decimal(6),
        40_000,
    )
    assert (person.since, person.until) == (datetime.date(2023, 6, 12), datetime.date(2023, 8, 15))
    with pytest.raises(OperationError, match="2023-06-12"):
        revise(case, Revision(persons=[PersonChange("試作人員", until=datetime.date(2023, 6, 1))]))


def test_a_form_tells_a_person_s_last_day(case: Path) -> None:
    revise(case, Revision(persons=[PersonChange("試作人員", months=Decimal(6))]))
    award = read(case).award
    assert award is not None
    line = {"name": "試作人員", "insured": True, "months": 6}
    assert revision_of(_form(line), award).persons == []
    told = revision_of(_form(line | {"until": datetime.date(2023, 8, 15), "salary": 40_000}), award)
    (change,) = told.persons
    assert (change.until, change.salary, change.months) == (datetime.date(2023, 8, 15), 40_000, Decimal(6))


def _form(person: dict[str, Any]) -> AwardFile:
    """The award of the case as a form says it, with one person."""
    heads = {
        "award": {
            "id": "112-試作-0001",
            "scheme": "small-manufacturer-112",
            "title": "試作計畫",
            "filed": datetime.date(2023, 5, 1),
            "start": datetime.date(2023, 6, 1),
            "end": datetime.date(2024, 5, 31),
        },
        "company": {"name": "試作精密股份有限公司", "ubn": "12345675"},
        "account": {"bank": "試作銀行", "number": "100200300400"},
    }
    return parse_award(heads | {"person": [person]}, "核定資料表.xlsx")


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
