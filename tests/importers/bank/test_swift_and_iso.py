"""MT940 and camt.053: what proves them and what they refuse."""

from __future__ import annotations

import datetime

import pytest

from importers.bank import camt053
from importers.bank import mt940
from importers.records import BankLine
from importers.records import ReadError
from importers.sources.source import Source
from tests.importers.bank.makers import camt053_xml
from tests.importers.bank.makers import mt940_sta

LINES = [
    BankLine(datetime.date(2025, 7, 3), 500_000, 700_000, "09:01:00", "匯入款", "補助款", "0040000000000009"),
    BankLine(datetime.date(2025, 7, 4), -9_975, 690_025, "10:02:00", "轉帳支出", "貨款", ""),
]
SWIFT = mt940_sta(LINES).decode()
ISO = camt053_xml(LINES).decode()


def swift(text: str) -> list[tuple[int, int | None]]:
    reading = mt940.read(Source("a.sta", text.encode()))
    assert reading is not None
    return [(line.amount, line.balance) for line in reading.records if isinstance(line, BankLine)]


def iso(text: str) -> list[tuple[int, int | None]]:
    reading = camt053.read(Source("a.xml", text.encode()))
    assert reading is not None
    return [(line.amount, line.balance) for line in reading.records if isinstance(line, BankLine)]


AMOUNTS = [(500_000, 700_000), (-9_975, 690_025)]


def test_mt940_reads_with_running_balances() -> None:
    assert swift(SWIFT) == AMOUNTS


def test_mt940_in_its_swift_envelope() -> None:
    assert (
        swift("{1:F01BANKTWTPAXXX0000000000}{2:I940BANKTWTPXXXXN}{4:\r\n" + SWIFT.rstrip("-") + "-}")
        == AMOUNTS
    )


def test_mt940_messages_follow_one_another() -> None:
    later = [BankLine(datetime.date(2025, 7, 5), 100, 690_125, memo="x")]
    assert swift(SWIFT + "\r\n" + mt940_sta(later).decode()) == [*AMOUNTS, (100, 690_125)]
    gap = [BankLine(datetime.date(2025, 7, 5), 100, 690_126, memo="x")]
    with pytest.raises(ReadError, match="與前一份的期末餘額"):
        swift(SWIFT + "\r\n" + mt940_sta(gap).decode())


@pytest.mark.parametrize(("mark", "amount"), [("C", 5), ("D", -5), ("RC", -5), ("RD", 5)])
def test_mt940_reversals_turn_the_sign(mark: str, amount: int) -> None:
    text = f":20:X\n:25:123456789\n:28C:1\n:60F:C250701TWD100,\n:61:250702{mark}5,00NTRFNONREF\n:62F:C250702TWD{100 + amount},\n"
    assert swift(text) == [(amount, 100 + amount)]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("TWD690025,", "TWD690026,", "期末餘額為 690,026"),
        ("D9975,", "D9975,50", "角分"),
        ("TWD", "USD", "外幣"),
        (":61:2507040704D9975,NTRFNONREF\r\n", "", "期末餘額"),
        (":61:2507040704D", ":61:25xx", "無法解讀"),
    ],
)
def test_mt940_that_is_broken(old: str, new: str, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        swift(SWIFT.replace(old, new))


def test_camt_reads_with_running_balances() -> None:
    assert iso(ISO) == AMOUNTS


@pytest.mark.parametrize("version", ["02", "04", "08", "13"])
def test_camt_of_any_version_and_prefix(version: str) -> None:
    text = ISO.replace("camt.053.001.08", f"camt.053.001.{version}")
    assert iso(text) == AMOUNTS
    assert iso(text.replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts>")) == AMOUNTS


def test_camt_newest_first_is_turned_round() -> None:
    assert iso(camt053_xml(LINES).decode().replace(*_entries())) == AMOUNTS


def _entries() -> tuple[str, str]:
    first, second = (ISO.index("<Ntry>"), ISO.rindex("<Ntry>"))
    end = ISO.rindex("</Ntry>") + len("</Ntry>\n")
    return ISO[first:end], ISO[second:end] + ISO[first:second]


def test_camt_pending_entries_are_left_out_and_counted() -> None:
    pending = "<Ntry><Amt Ccy='TWD'>5</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts></Ntry>"
    reading = camt053.read(Source("a.xml", ISO.replace("</Stmt>", pending + "</Stmt>").encode()))
    assert reading is not None
    assert (len(reading.records), reading.warnings) == (2, ("1 筆尚未入帳的交易未列入",))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (">690025.00<", ">690026.00<", "期末餘額為 690,026"),
        (">9975<", ">9975.50<", "角分"),
        (">9975<", ">x<", "不是數字"),
        (">9975<", ">1e999999<", "不是數字"),
        ("<CdtDbtInd>DBIT</CdtDbtInd>", "", "收支別"),
        ("2025-07-04T10:02:00", "soon", "日期"),
        ("'TWD'", "'USD'", "外幣"),
        ("<Ccy>TWD</Ccy>", "<Ccy>EUR</Ccy>", "外幣"),
        ("</Document>", "", "不完整"),
        ('<?xml version="1.0" encoding="UTF-8"?>', '<!DOCTYPE d [<!ENTITY e "boom">]>', "DOCTYPE"),
    ],
)
def test_camt_that_is_broken(old: str, new: str, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        iso(ISO.replace(old, new))


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n' + ISO.split("\n", 1)[1].replace(
        "補助款", "&a;"
    )
    with pytest.raises(ReadError, match="DOCTYPE"):
        iso(bomb)


@pytest.mark.parametrize(("root", "part"), [("BkToCstmrAcctRpt", "Rpt"), ("BkToCstmrDbtCdtNtfctn", "Ntfctn")])
def test_reports_of_a_day_and_advices_are_read_too(root: str, part: str) -> None:
    text = ISO.replace("BkToCstmrStmt", root).replace("<Stmt>", f"<{part}>").replace("</Stmt>", f"</{part}>")
    assert iso(text) == AMOUNTS  # with the balances where the bank gives them
    before, _bal, after = text.partition("<Bal>")
    without = before + after[after.rindex("</Bal>") + len("</Bal>") :]
    assert [amount for amount, _balance in iso(without)] == [amount for amount, _balance in AMOUNTS]


def test_the_invoice_that_a_payment_names_is_in_its_words() -> None:
    named = "<RmtInf><Strd><RfrdDocInf><Nb>AB10000001</Nb></RfrdDocInf></Strd></RmtInf>"
    text = ISO.replace("</Ntry>", f"<NtryDtls><TxDtls>{named}</TxDtls></NtryDtls></Ntry>", 1)
    reading = camt053.read(Source("a.xml", text.encode()))
    assert reading is not None
    assert any("AB10000001" in record.memo for record in reading.records if isinstance(record, BankLine))
