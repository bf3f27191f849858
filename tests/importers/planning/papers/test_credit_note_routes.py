"""One credit note by several routes: one entry under its official number, whichever came first."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from ledger.case.case import Voucher
from ledger.files.pending import read_pending
from tests.importers.makers import UBN
from tests.importers.message_case import NOTE
from tests.importers.message_case import SELLER
from tests.importers.message_case import SELLER_NAME
from tests.importers.message_case import add
from tests.importers.message_case import answer
from tests.importers.message_case import books
from tests.importers.message_case import cost
from tests.importers.message_case import credit
from tests.importers.message_case import ending
from tests.importers.message_case import made
from tests.importers.message_case import sheet
from tests.importers.message_case import xml
from tests.replay import run

PLATFORM = (
    "折讓單號碼,折讓單日期,折讓狀態,買方統一編號,賣方統一編號,賣方名稱,發票號碼,發票日期,品項名稱,品項折讓金額(不含稅),"
    "品項折讓稅額,折讓金額(不含稅),折讓稅額\n"
    f"AL1,2023-08-04,折讓單已確認,{UBN},{SELLER},{SELLER_NAME},AB12345678,2023-07-12,高效率軸承,200,10,200,10\n"
)
OFFICIAL = {"xml": ("b__xml", credit("AL1", "AB12345678", 200)), "platform": ("b__csv", PLATFORM)}


def notes(folder: Path) -> list[Voucher]:
    return [voucher for voucher in books(folder).vouchers if voucher.kind == "allowance"]


def told(folder: Path) -> list[tuple[object, ...]]:
    """What the books say of the credit notes, whatever file told of them."""
    return sorted(
        (note.number, note.date, note.booked, note.reverses, note.net, note.tax, note.link, note.payable)
        for note in notes(folder)
    )


@pytest.mark.parametrize("route", OFFICIAL)
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_official_number_wins_in_any_order(order: tuple[int, ...], route: str, tmp_path: Path) -> None:
    files = {
        0: ("a__xml", xml("AB12345678", 1000)),
        1: OFFICIAL[route],
        2: ("c__csv", sheet(NOTE)),
    }
    for name, runs in (("apart", [[place] for place in order]), ("one", [list(order)])):
        folder = made(tmp_path / name)
        for places in runs:
            add(folder, **{files[place][0]: files[place][1] for place in places})
        add(folder)
        assert cost(folder) == 800
        assert [note.number for note in notes(folder)] == ["AL1"]
        assert list(read_pending(folder)) == []
        before = told(folder)
        report = add(folder, d__xml=credit("AL1", "AB12345678", 200) + "\n", e__csv=sheet(NOTE) + "\n")
        assert (report.imported, report.duplicates) == (0, 2)
        assert told(folder) == before


def test_what_only_takes_its_number_is_known_and_not_imported(tmp_path: Path) -> None:
    folder = made(tmp_path / "case")
    add(folder, a__xml=xml("AB12345678", 1000), c__csv=sheet(NOTE))
    assert [note.number for note in notes(folder)] == ["AB12345678"]
    report = add(folder, b__xml=credit("AL1", "AB12345678", 200))
    assert (report.imported, report.duplicates) == (0, 1)
    assert [note.number for note in notes(folder)] == ["AL1"]


def test_in_a_closed_month_it_keeps_the_number_that_was_certified(tmp_path: Path) -> None:
    folder = made(tmp_path / "case")
    add(folder, a__xml=xml("AB12345678", 1000), c__csv=sheet(NOTE))
    for month in ("2023-07", "2023-08"):
        run("close", folder, month)
    report = add(folder, b__xml=credit("AL1", "AB12345678", 200))
    assert (report.imported, report.duplicates) == (0, 1)
    assert [note.number for note in notes(folder)] == ["AB12345678"]


def both(number: str = "AL1") -> str:
    """One credit note of two invoices."""
    one, other = credit(number, "AB12345678", 200), credit(number, "AB12345679", 400)
    row = other[other.index("<ProductItem>") : other.index("</Details>")]
    return one.replace("</Details>", f"{row}</Details>").replace(
        "<Amount><TaxAmount>10</TaxAmount><TotalAmount>200<",
        "<Amount><TaxAmount>30</TaxAmount><TotalAmount>600<",
    )


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
@pytest.mark.parametrize("rows", [(0, 1), (0,), (1,)])
@pytest.mark.parametrize("apart", [True, False])
def test_a_note_of_two_invoices_and_the_rows_of_either(
    order: tuple[int, ...], rows: tuple[int, ...], apart: bool, tmp_path: Path
) -> None:
    second = NOTE.replace("AB12345678", "AB12345679").replace(",200,10,", ",400,20,")
    files = {
        "b__xml": both(),
        "c__csv": sheet(*((NOTE, second)[place] for place in rows)),
    }
    names = [list(files)[place] for place in order]
    folder = made(tmp_path / "case")
    add(folder, a__xml=xml("AB12345678", 1000), z__xml=xml("AB12345679", 2000))
    for some in [[name] for name in names] if apart else [names]:
        add(folder, **{name: files[name] for name in some})
    assert cost(folder) == 2400
    assert sorted((note.number, note.net) for note in notes(folder)) == [("AL1", -400), ("AL1", -200)]
    assert list(read_pending(folder)) == []


def test_after_the_answer_that_both_are_one_it_bears_its_own_number(tmp_path: Path) -> None:
    folder = made(tmp_path / "case")
    add(folder, a__xml=xml("AB12345678", 1000), c__csv=sheet(NOTE.replace("2023-08-04", "2023-08-20")))
    report = add(folder, b__xml=credit("AL1", "AB12345678", 200))
    (asked,) = report.unmatched
    answer(folder, asked.question, "same")
    assert cost(folder) == 800
    assert [(note.number, str(note.date)) for note in notes(folder)] == [("AL1", "2023-08-04")]


def test_another_note_of_the_same_sum_stays_another(tmp_path: Path) -> None:
    """Two notes of the platform and one row: the row is the one of its day."""
    folder = made(tmp_path / "case")
    add(folder, a__xml=xml("AB12345678", 1000), c__csv=sheet(NOTE))
    add(folder, b__xml=credit("AL1", "AB12345678", 200), d__xml=credit("AL2", "AB12345678", 200, "20230815"))
    assert cost(folder) == 600
    assert [note.number for note in notes(folder)] == ["AL1", "AL2"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("cut", [(1, 2), (1,), (2,), ()])
def test_a_note_that_was_cancelled_takes_nothing_whatever_came_first(
    order: tuple[int, ...], cut: tuple[int, ...], tmp_path: Path
) -> None:
    """The register's row, the note and its cancellation, in any order and in any runs."""
    files = {
        0: ("b__xml", credit("AL1", "AB12345678", 200)),
        1: ("c__csv", sheet(NOTE)),
        2: ("x__xml", ending("Cancel", "G0501", "AL1", "20230810", "20230804", "Allowance")),
    }
    folder = made(tmp_path / "case")
    add(folder, a__xml=xml("AB12345678", 1000))
    edges = [0, *cut, 3]
    for start, end in itertools.pairwise(edges):
        add(folder, **dict(files[place] for place in order[start:end]))
    add(folder)
    assert cost(folder) == 1000
    assert list(read_pending(folder)) == []
