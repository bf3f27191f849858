"""Every bank's export, made from lines, reads back as the same lines."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from importers.bank import READERS
from importers.records import BankLine
from importers.records import ReadError
from importers.records import Reading
from importers.sources.source import Source
from tests.importers.bank.makers import Maker
from tests.importers.bank.other_makers import EVERY
from tests.importers.bank.statements import statements


def read(source: Source) -> Reading | None:
    return next((found for reader in READERS if (found := reader(source)) is not None), None)


def refusal(reader: Callable[[Source], Reading | None], source: Source) -> str:
    """What a reader says when it refuses; empty where it does not."""
    try:
        reader(source)
    except ReadError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("maker", EVERY, ids=lambda maker: maker.name)
@settings(max_examples=30, deadline=None)
@given(lines=statements())
def test_reads_back_what_was_written(maker: Maker, lines: list[BankLine]) -> None:
    reading = read(Source(maker.file, maker.make(lines)))

    assert reading is not None
    assert reading.format == maker.format
    assert reading.account == maker.account
    assert reading.warnings == ()
    found = [record for record in reading.records if isinstance(record, BankLine)]
    assert [line._replace(row=0) for line in found] == maker.expected(lines)
    rows = [line.row for line in found]
    assert all(row > 0 for row in rows)
    assert rows == sorted(rows) or rows == sorted(rows, reverse=True)


@pytest.mark.parametrize("maker", EVERY, ids=lambda maker: maker.name)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_missing_line_is_refused(maker: Maker, data: st.DataObject) -> None:
    lines = data.draw(statements().filter(lambda lines: len(lines) > 2))
    gone = data.draw(st.integers(min_value=1, max_value=len(lines) - 2))

    with pytest.raises(ReadError):
        read(Source(maker.file, maker.make([*lines[:gone], *lines[gone + 1 :]])))


TWO_COLUMNS = [
    maker
    for maker in EVERY
    if maker.format.startswith("bank")
    and maker.name
    not in {"006 合作金庫", "812 台新 Richart", "004 臺灣銀行 fields", "signed amount", "flagged amount"}
]


@pytest.mark.parametrize("maker", TWO_COLUMNS, ids=lambda maker: maker.name)
@settings(max_examples=10, deadline=None)
@given(lines=statements().filter(lambda lines: len({line.date for line in lines}) > 1))
def test_swapped_columns_are_refused(maker: Maker, lines: list[BankLine]) -> None:
    swapped = [line._replace(amount=-line.amount) for line in lines]

    with pytest.raises(ReadError, match="餘額"):
        read(Source(maker.file, maker.make(swapped)))


@pytest.mark.parametrize("maker", EVERY, ids=lambda maker: maker.name)
def test_no_lines_is_a_statement_all_the_same(maker: Maker) -> None:
    if maker.name in {"006 合作金庫", "809 凱基", "700 郵局 without heading"}:
        pytest.skip("a text without lines shows no columns")
    reading = read(Source(maker.file, maker.make([])))

    assert reading is not None
    assert reading.records == ()
    assert reading.warnings == ("檔案中沒有交易明細",)


@settings(max_examples=30, deadline=None)
@given(
    lines=statements(),
    maker=st.sampled_from(EVERY),
    place=st.integers(min_value=0),
    mark=st.binary(max_size=3),
)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    lines: list[BankLine], maker: Maker, place: int, mark: bytes
) -> None:
    data = maker.make(lines)
    place %= len(data)
    assert "\n" not in refusal(read, Source(maker.file, data[:place] + mark + data[place + 1 :]))


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(str.encode),
        st.lists(
            st.lists(
                st.one_of(
                    st.text(max_size=8),
                    st.sampled_from(
                        [
                            "交易日期",
                            "支出",
                            "存入",
                            "餘額",
                            "金額",
                            "借貸別",
                            "112/01/02",
                            "1,000",
                            "-5",
                            "合計",
                        ]
                    ),
                ),
                max_size=6,
            ).map(",".join),
            max_size=12,
        ).map(lambda rows: "\n".join(rows).encode()),
        st.text(max_size=200).map(lambda text: f"<table><tr><td>{text}</table>".encode()),
        st.text(max_size=200).map(lambda text: f":20:x\n:60F:C250101TWD1,\n:61:{text}\n".encode()),
        st.text(max_size=200).map(
            lambda text: f"<BkToCstmrStmt><Stmt>{text}</Stmt></BkToCstmrStmt>".encode()
        ),
    )
)
def test_no_bytes_raise_anything_but_a_read_error(data: bytes) -> None:
    for reader in READERS:
        assert "\n" not in refusal(reader, Source("a", data))
