"""Profiles refine the reader, and every bank reads without them too."""

from __future__ import annotations

import datetime

import pytest

from importers.bank import READERS
from importers.bank import profile
from importers.bank import table
from importers.bank.profile import GENERIC
from importers.bank.profile import Profile
from importers.bank.profile import profiles
from importers.bank.profile import recognise
from importers.records import BankLine
from importers.sources.source import Source
from tests.importers.bank.makers import Maker
from tests.importers.bank.other_makers import EVERY

LINES = [
    BankLine(datetime.date(2025, 7, 3), 500_000, 700_000, "09:01:00", "匯入款", "補助款", "0040000000000009"),
    BankLine(datetime.date(2025, 7, 4), -9_975, 690_025, "10:02:00", "轉帳支出", "貨款", "8220000000001234"),
    BankLine(datetime.date(2025, 7, 21), 12, 690_037, "23:03:00", "利息存入"),
]


def test_the_fourteen_banks_have_a_profile_with_its_source() -> None:
    assert {found.code for found in profiles()} >= {
        "004", "006", "007", "008", "012", "013", "017", "700", "806", "807", "808", "809", "812", "822",
    }  # fmt: skip
    assert all(found.source and found.words for found in profiles())


BANKS = [maker for maker in EVERY if maker.name[0].isdigit()]


def test_every_profile_has_a_layout_that_is_made_and_read_back() -> None:
    assert {maker.name[:3] for maker in BANKS} == {found.code for found in profiles()}


@pytest.mark.parametrize("maker", BANKS, ids=lambda maker: maker.name)
def test_a_banks_export_is_recognised(maker: Maker) -> None:
    source = Source(maker.file, maker.make(LINES))
    if source.kind == "html":
        pytest.skip("pages have no tables of the source")
    rows = source.tables[0][1]
    if maker.name == "812 台新 corporate":
        assert recognise(rows, "台新銀行.xlsx").code == "812"  # the export does not name its bank
    else:
        assert recognise(rows, maker.file).code == maker.name[:3]


@pytest.mark.parametrize(
    "maker",
    [maker for maker in EVERY if "without heading" not in maker.name and not maker.own_columns],
    ids=lambda maker: maker.name,
)
def test_every_export_reads_without_profiles(maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "profiles", lambda: ())
    source = Source(maker.file, maker.make(LINES))
    reading = next(found for reader in READERS if (found := reader(source)) is not None)
    assert reading is not None
    read = [(line.date, line.amount, line.balance) for line in reading.records if isinstance(line, BankLine)]
    assert read == [(line.date, line.amount, line.balance) for line in LINES]


CATHAY = ["交易日期", "帳務日期", "說明", "提出", "存入", "餘額", "交易資訊", "備註"]


def test_a_bank_s_name_decides_before_its_columns() -> None:
    assert recognise([CATHAY], "a.csv").code == "013"
    assert recognise([CATHAY], "玉山商業銀行大里分行.csv").code == "808"
    assert recognise([["元大商業銀行交易明細"], CATHAY], "玉山商業銀行大里分行.csv").code == "806"
    assert recognise([["元大商業銀行交易明細"], CATHAY], "a.csv", "第一商業銀行").code == "007"
    assert recognise([["日期", "支出", "存入"]], "玉山商業銀行大里分行.csv").code == "808"
    assert recognise([["日期", "支出", "存入"]], "a.csv") is GENERIC


@pytest.mark.parametrize("first", ["帳務日期,交易日期", "交易日期,帳務日期"])
@pytest.mark.parametrize(
    "name", ["a.csv", "台北富邦商業銀行.csv", "中國信託商業銀行.csv", "中華郵政.csv", "LINE Bank.csv"]
)
def test_the_day_is_the_transaction_s_whatever_the_bank(first: str, name: str) -> None:
    header = f"{first},交易時間,摘要,支出金額,存入金額,即時餘額,附註\n"
    days = {"帳務日期": "2024/07/01", "交易日期": "2024/06/30"}
    row = ",".join(days[column] for column in first.split(","))
    reading = table.read(Source(name, f"{header}{row},23:40:07,轉帳,3000,0,6000,範例\n".encode()))
    assert reading is not None
    assert [record.date for record in reading.records if record.date] == [datetime.date(2024, 6, 30)]


def test_no_profile_may_take_the_posting_day_for_the_day() -> None:
    with pytest.raises(ValueError, match="posting day"):
        Profile(bank="範例銀行", code="999", words=(), source="", columns={"date": ("帳務日期",)})


def test_a_bank_named_in_the_lines_is_not_the_statements_bank() -> None:
    rows = [["日期", "摘要", "支出", "存入", "餘額"], ["114/07/03", "玉山銀行轉入", "", "5", "5"]]
    assert recognise(rows, "a.csv") is GENERIC
