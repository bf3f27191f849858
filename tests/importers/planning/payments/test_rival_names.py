"""Suppliers whose names begin alike and who are owed the same sum: a line pays the one it says most of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.small_case import SmallCase
from tests.importers.small_case import invoice
from tests.importers.small_case import own

ASSOCIATION, COMPANY = "社團法人台灣節能協會", "台灣節能股份有限公司"
SHORT, LONG = "東亞機械有限公司", "東亞機械工業股份有限公司"
UNIVERSITY, TECH = "國立臺灣大學", "國立臺灣大學醫學院附設醫院"


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(
    ("payee", "rival", "memo"),
    [
        (ASSOCIATION, COMPANY, "台灣節能協會"),
        (COMPANY, ASSOCIATION, "台灣節能(股)公司"),
        (COMPANY, ASSOCIATION, "台灣節能"),
        (SHORT, LONG, "東亞機械"),
        (LONG, SHORT, "東亞機械工業(股"),
        (LONG, SHORT, "東亞機械工業"),
        (TECH, UNIVERSITY, "臺灣大學醫學院附設醫院"),
        (UNIVERSITY, TECH, "台灣大學"),
    ],
)
def test_the_name_of_which_most_is_said(
    tmp_path: Path, payee: str, rival: str, memo: str, is_first: bool
) -> None:
    small = SmallCase(tmp_path / "case")
    days = ("2023-07-20", "2023-07-21") if is_first else ("2023-07-21", "2023-07-20")
    files = [
        invoice("AB10000001", days[0], 10_000, seller=payee),
        invoice("AB10000002", days[1], 10_000, seller=rival),
    ]
    small.take(*files, own(("2023-08-20", -10_500, f"匯款 {memo}")))
    assert [payment.number for payment in small.case.payments] == ["AB10000001"]


@pytest.mark.parametrize("memo", ["永信五金、東亞機械", "東亞機械工業 永信五金"])
def test_two_suppliers_in_one_line_are_both_said(tmp_path: Path, memo: str) -> None:
    small = SmallCase(tmp_path / "case")
    small.take(
        invoice("AB10000001", "2023-07-20", 10_000, seller="永信五金行"),
        invoice("AB10000002", "2023-07-21", 20_000, seller=LONG),
        own(("2023-08-20", -31_500, f"匯款 {memo}")),
    )
    assert sorted(payment.number for payment in small.case.payments) == ["AB10000001", "AB10000002"]
