"""A plain block of rows is read column by column; it gives what reading cell by cell gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from importers.bank import READERS
from importers.bank.parsing import cells
from importers.bank.parsing import rows
from importers.records import BankLine
from importers.records import ReadError
from importers.records import Reading
from importers.sources import delimited
from importers.sources import source
from importers.sources.source import Source
from tests.importers.bank.makers import MAKERS
from tests.importers.bank.makers import Maker
from tests.importers.bank.statements import statements


def told(source: Source) -> Reading | str | None:
    """What a file says, or why it is refused."""
    try:
        return next((found for reader in READERS if (found := reader(source)) is not None), None)
    except ReadError as error:
        return str(error)


def cell_by_cell(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rows, "whole_all", lambda _cells: None)
    patch.setattr(rows, "clean_all", lambda column: [cells.clean(cell) for cell in column])
    patch.setattr(cells.Stamps, "are_plain", lambda _self, _cells, _clocks: False)
    patch.setattr(source, "_has_blanks", lambda _data, _text, _encoding: True)


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """A file in which some lines stand twice, are gone, or hold other marks."""
    lines = data.split(b"\n")
    for _turn in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(lines) - 1))
        mark = draw(
            st.sampled_from([b"", b" ", b"-", b"'", b"_", b"1", b".5", "　".encode(), b"12345678901234"])
        )
        at = draw(st.integers(0, len(lines[place])))
        lines[place] = lines[place][:at] + mark + lines[place][at + draw(st.integers(0, 1)) :]
        if draw(st.booleans()):
            lines.insert(place, lines[place])
    return b"\n".join(lines)


TEXTS = [maker for maker in MAKERS if maker.file.endswith((".csv", ".txt"))]


@pytest.mark.parametrize("maker", TEXTS, ids=lambda maker: maker.name)
@settings(max_examples=40, deadline=None)
@given(lines=statements(), data=st.data())
def test_columns_at_once_say_what_single_cells_say(
    maker: Maker, lines: list[BankLine], data: st.DataObject
) -> None:
    file = data.draw(damaged(maker.make(lines)))
    fast = told(Source(maker.file, file))
    with pytest.MonkeyPatch.context() as patch:
        cell_by_cell(patch)
        assert told(Source(maker.file, file)) == fast


@pytest.mark.parametrize("maker", TEXTS, ids=lambda maker: maker.name)
@settings(max_examples=20, deadline=None)
@given(lines=statements(), data=st.data())
def test_where_one_block_ends_and_the_next_begins_does_not_matter(
    maker: Maker, lines: list[BankLine], data: st.DataObject
) -> None:
    file = data.draw(damaged(maker.make(lines)))
    whole = told(Source(maker.file, file))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "_AT_ONCE", data.draw(st.integers(1, 5)))
        patch.setattr(delimited, "_AT_ONCE", data.draw(st.integers(1, 5)))
        pieces = told(Source(maker.file, file))
    if isinstance(whole, Reading):
        assert pieces == whole
    else:
        assert type(pieces) is type(whole)  # of two faults another may be the first to be met


@pytest.mark.parametrize(
    "cell", ["", "1", "1,234", "-5", "+7", "(5)", "5-", "1_0", "１２", "12.00", "1e5", " 8 ", "--"]
)
def test_a_column_of_amounts_is_taken_at_once_only_where_each_alone_gives_the_same(cell: str) -> None:
    try:
        alone = cells.whole(cell)
    except ValueError:
        alone = None
    assert cells.whole_all(["10", cell]) in (None, [10, alone])
    assert cells.whole_all(["10", "", "1,000", "-3"]) == [10, None, 1000, -3]


def test_one_minus_anywhere_means_that_the_one_column_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "_AT_ONCE", 1)
    text = "日期,金額,餘額\n114/07/01,-5,95\n114/07/02,5,100\n114/07/03,5,105\n"
    reading = told(Source("a.csv", text.encode()))
    assert isinstance(reading, Reading)
    assert [record.amount for record in reading.records if isinstance(record, BankLine)] == [-5, 5, 5]
    outs_first = text.replace("-5,95\n", "5,95\n")  # magnitudes: the first one's sign cannot be told
    assert "無法判斷" in str(told(Source("a.csv", outs_first.encode())))
