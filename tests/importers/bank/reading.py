"""Reading a statement that a test writes down, and what came of it."""

from __future__ import annotations

import pytest

from importers.bank import READERS
from importers.records import BankLine
from importers.records import ReadError
from importers.records import Reading
from importers.sources.source import Source

HEADER = "交易日期,交易時間,支出金額,存入金額,餘額,摘要,備註,對方帳號"


def read_text(text: str, name: str = "a.csv", encoding: str = "utf-8") -> Reading:
    return read(text.encode(encoding), name)


def read(data: bytes, name: str = "a.csv") -> Reading:
    reading = next((found for reader in READERS if (found := reader(Source(name, data))) is not None), None)
    assert reading is not None
    return reading


def lines_of(reading: Reading) -> list[BankLine]:
    return [record for record in reading.records if isinstance(record, BankLine)]


def only(reading: Reading) -> BankLine:
    (line,) = lines_of(reading)
    return line


def moves(reading: Reading) -> list[tuple[int, int | None]]:
    return [(line.amount, line.balance) for line in lines_of(reading)]


def statement(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows])


def refused(text: str, name: str = "a.csv") -> str:
    with pytest.raises(ReadError) as caught:
        read_text(text, name)
    return str(caught.value)


def csv_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
