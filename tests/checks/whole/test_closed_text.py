"""A closed month whose text still stands is taken as it was closed; where it does not, every entry is compared."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import data

from checks.runs.close_month import close_month
from ledger.case.closes.closed_months import MonthChange
from ledger.case.closes.closed_months import chain_breaks
from ledger.case.closes.closed_months import changes
from ledger.case.closes.closed_months import late_marks
from ledger.case.month_close import close_directive
from ledger.entries.builder import as_text
from ledger.files.prefix_digest import mark_of
from ledger.files.prefix_digest import seen_of
from ledger.loading.loader import load_case
from tests.checks.builder import AFTER
from tests.checks.builder import AWARD
from tests.checks.builder import JULY
from tests.checks.builder import JUNE
from tests.checks.builder import Books
from tests.checks.builder import opens

MAIN = 'plugin "checks"\ninclude "books/*.beancount"\n'
LATE = '\n2023-06-21 * "" "存款息"\n  import-id: "bank:9"\n  Assets:1專戶:1政府補助款    12 TWD\n  Liabilities:2應繳國庫:1孳息  -12 TWD\n'
COST = '\n2023-06-22 * "甲" "乙"\n  number: "X1"\n  Expenses:9不予認列:03既有設備之改善費  12 TWD\n  Equity:1業者投入  -12 TWD\n'
PAYMENT = JUNE[JUNE.index('2023-06-20 * "精密') : JUNE.index("2023-06-30")]

Edit = Callable[[str], str]


@pytest.fixture
def june(tmp_path: Path) -> Path:
    """The file of June, which was closed in it; July stands in its own."""
    books = tmp_path / "books"
    books.mkdir()
    (tmp_path / "main.beancount").write_text(MAIN + opens() + AWARD, encoding="utf-8")
    (books / "2023-06.beancount").write_text(JUNE, encoding="utf-8")
    (books / "2023-07.beancount").write_text(JULY, encoding="utf-8")
    close_month(tmp_path, "2023-06", None, strict=False)
    return books / "2023-06.beancount"


def found(june: Path) -> list[MonthChange]:
    """What changed since June was closed, the text taken into account or not: it must not matter."""
    case = load_case(june.parent.parent, AFTER).case
    (close,) = case.closes
    assert chain_breaks(case) == []
    by_text, by_content = changes(case, close), changes(case, close._replace(above=""))
    assert by_text == by_content
    return by_text


def announced(june: Path) -> str:
    """The mark of an import that let LATE into June."""
    case = load_case(june.parent.parent, AFTER).case
    late = [entry for entry in loader.load_string(opens() + LATE)[0] if isinstance(entry, data.Transaction)]
    return as_text(late_marks(case, late))


def rewritten(june: Path, edit: Edit) -> None:
    text = june.read_text(encoding="utf-8")
    assert edit(text) != text
    june.write_text(edit(text), encoding="utf-8", newline="")


def test_where_the_text_stands_no_entry_is_compared(june: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def compared(_entry: object) -> str:
        raise AssertionError

    rewritten(june, lambda text: text + "\n; below the close, so that the text above it still stands\n")
    case = load_case(june.parent.parent, AFTER).case
    monkeypatch.setattr("ledger.case.closes.closed_months.entry_token", compared)
    assert changes(case, case.closes[0]) == []
    with pytest.raises(AssertionError):
        changes(case, case.closes[0]._replace(above=case.closes[0].above.replace(":", "0:")))


def test_the_close_stands_right_under_the_text_it_marks(june: Path) -> None:
    above, close, _rest = june.read_text(encoding="utf-8").partition('2023-06-30 custom "grant-close"')
    assert close
    assert above == JUNE + "\n"
    assert f'above: "{mark_of(above.encode())}"' in june.read_text(encoding="utf-8")


def test_books_that_stand_in_no_file_are_compared_by_content() -> None:
    books = Books(opens() + AWARD + JUNE)
    case = books.case()
    above = close_directive(case, "2023-06", datetime.date(2023, 6, 30), 0, above=JUNE)
    assert above is not None
    assert above.meta["above"] == mark_of(JUNE.encode())
    closed = books.add(as_text([above])).case()  # read from a text, so there is no file to look at
    assert changes(closed, closed.closes[0]) == []


def test_a_close_of_which_no_text_is_known_marks_none() -> None:
    close = close_directive(Books(opens() + AWARD + JUNE).case(), "2023-06", datetime.date(2023, 6, 30), 0)
    assert close is not None
    assert "above" not in close.meta


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace(PAYMENT, "") + "\n" + PAYMENT,
        lambda text: text.replace('  document: "2023', '  document-2: "x.pdf"\n  document: "2023'),
        lambda text: "; a remark\n" + text,
    ],
    ids=["line-ends", "moved", "document", "remark"],
)
def test_what_is_no_change(june: Path, edit: Edit) -> None:
    rewritten(june, edit)
    assert found(june) == []


@pytest.mark.parametrize("edit", [lambda text: text + LATE, lambda text: LATE + text])
def test_what_an_import_announced_is_no_change(june: Path, edit: Edit) -> None:
    mark = announced(june)
    rewritten(june, edit)
    assert [change.entry is not None for change in found(june)] == [True]  # whatever it calls itself
    rewritten(june, lambda text: text + mark)
    assert found(june) == []
    rewritten(june, lambda text: text.replace(LATE, LATE.replace("12", "13")))
    assert [change.gone for change in found(june)] == [0, 1]


@pytest.mark.parametrize(
    ("edit", "now", "gone"),
    [
        (lambda text: text.replace("net: 100000 TWD", "net: 100001 TWD"), ["AB12345678"], ["AB12345678"]),
        (lambda text: text.replace(PAYMENT, ""), [], [""]),
        (lambda text: text + COST, ["X1"], []),
        (lambda text: COST + text, ["X1"], []),
        (lambda text: text + "\n" + PAYMENT, [""], []),
        (lambda text: text.replace(PAYMENT, COST), ["X1"], [""]),
        # a line more of the last entry above the close
        (
            lambda text: text.replace("\n\n2023-06-30 custom", '\n  extra: "y"\n2023-06-30 custom'),
            ["p1"],
            ["p1"],
        ),
    ],
    ids=["altered", "gone", "added-below", "added-above", "twice", "another", "longer"],
)
def test_what_is_a_change(june: Path, edit: Edit, now: list[str], gone: list[str]) -> None:
    rewritten(june, edit)
    changed = found(june)
    assert [str(c.entry.meta.get("number") or "") for c in changed if c.entry is not None] == now
    assert sum(change.gone for change in changed) == len(gone)
    assert [number for change in changed for number in change.numbers] == [name for name in gone if name]


def test_an_entry_that_stands_in_another_file_is_compared(june: Path) -> None:
    rewritten(june, lambda text: text.replace(PAYMENT, ""))
    other = june.with_name("2023-05.beancount")
    other.write_text(PAYMENT, encoding="utf-8")
    assert found(june) == []
    other.write_text(PAYMENT.replace("105000", "105001"), encoding="utf-8")
    assert [change.gone for change in found(june)] == [0, 1]


def test_a_month_whose_entries_stood_in_two_files_is_compared(tmp_path: Path) -> None:
    books = tmp_path / "books"
    books.mkdir()
    (tmp_path / "main.beancount").write_text(MAIN + opens() + AWARD, encoding="utf-8")
    june, other = books / "2023-06.beancount", books / "other.beancount"
    june.write_text(JUNE.replace(PAYMENT, ""), encoding="utf-8")
    other.write_text(PAYMENT, encoding="utf-8")
    close_month(tmp_path, "2023-06", datetime.date(2023, 7, 3), strict=False)
    assert found(june) == []
    other.write_text(PAYMENT.replace("105000", "105001"), encoding="utf-8")
    assert [change.gone for change in found(june)] == [0, 1]


def test_a_mark_tells_what_a_text_begins_with() -> None:
    mark = mark_of(b"abc")
    assert seen_of(b"abc", mark) == seen_of(b"abcd", mark) == 3
    assert seen_of(b"", mark_of(b"")) == 0
    for content in (b"ab", b"abd", b"xabc"):
        assert seen_of(content, mark) is None
    digest = mark.partition(":")[0]
    for broken in (
        "",
        ":",
        "3",
        digest,
        f"{digest}:",
        f"{digest}:3x",
        f"{digest}:²",
        f"{digest}:{'3' * 5000}",
    ):
        assert seen_of(b"abc", broken) is None
