"""Delimited text is parsed as far as it is asked for, and the same wherever one asks."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.records import ReadError
from importers.sources import delimited
from importers.sources.delimited import TextRows
from importers.sources.source import Source

CELLS = st.text(st.sampled_from('ab,"\n\r \t　\x85;1'), max_size=5)


def written(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


@given(rows=st.lists(st.lists(CELLS, min_size=2, max_size=3), min_size=1, max_size=12))
def test_every_cell_is_stripped_whatever_the_text_holds(rows: list[list[str]]) -> None:
    text = "甲,乙\r\n" * 40 + written(rows)
    tables = Source("a.csv", text.encode()).tables
    stripped = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""))]
    assert list(tables[0][1]) == stripped


@given(
    count=st.integers(0, 20),
    first=st.none() | st.integers(-25, 25),
    end=st.none() | st.integers(-25, 25),
    step=st.sampled_from([None, 1, 2, -1]),
)
def test_rows_are_had_like_a_lists(count: int, first: int | None, end: int | None, step: int | None) -> None:
    plain = [[str(number), "x"] for number in range(count)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "_TOP_ROWS", 7)
        patch.setattr(delimited, "_AT_ONCE", 3)
        rows = TextRows("".join(f"{number},x\n" for number in range(count)))
        assert rows[first:end:step] == plain[first:end:step]
        assert len(rows) == count
        assert list(rows) == plain
        for place in range(-count, count):
            assert rows[place] == plain[place]
        with pytest.raises(IndexError):
            rows[count]


def test_the_top_is_had_without_the_rest() -> None:
    rows = TextRows("a,b\n" * 2000 + '"' + "x" * 200_000)
    assert rows[:40] == [["a", "b"]] * 40
    with pytest.raises(ReadError, match="文字表格毀損"):
        list(rows)
