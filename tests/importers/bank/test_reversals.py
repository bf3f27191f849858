"""Lines that take an earlier line back: by the bank's word, its mark, a sign, or a code of the format."""

from __future__ import annotations

import pytest

from importers.bank.parsing.reversals import takes_back
from tests.importers.bank.reading import lines_of
from tests.importers.bank.reading import read
from tests.importers.bank.reading import read_text
from tests.importers.bank.reading import statement


def marks(text: str) -> list[bool]:
    return [line.is_reversal for line in lines_of(read_text(text))]


@pytest.mark.parametrize(
    "word", ["沖正", "錯誤更正", "退匯", "匯款退回", "匯出退匯", "利息沖回", "轉帳退回", "退回"]
)
def test_the_bank_says_so(word: str) -> None:
    rows = statement("2025/01/02,,500,,9500,匯出匯款,,", f"2025/01/03,,,500,10000,{word},,")
    assert marks(rows) == [False, True]


@pytest.mark.parametrize("word", ["匯入匯款", "退匯手續費", "利息存入", "退休金", "正本"])
def test_other_words_do_not(word: str) -> None:
    assert not takes_back(word)


def test_the_payer_s_word_is_no_word_of_the_bank() -> None:
    assert marks(statement("2025/01/02,,,500,10500,匯入匯款,更正發票款,")) == [False]


def test_a_negative_amount_in_its_own_column() -> None:
    rows = statement("2025/01/02,,500,,9500,轉帳,,", "2025/01/03,,-500,,10000,轉帳,,")
    assert marks(rows) == [False, True]
    assert [line.amount for line in lines_of(read_text(rows))] == [-500, 500]


@pytest.mark.parametrize(("mark", "is_reversal"), [("*", True), ("EC", True), ("N", False), ("", False)])
def test_a_mark_in_the_column_of_corrections(mark: str, is_reversal: bool) -> None:
    header = "交易日期,支出金額,存入金額,餘額,摘要,更正記號"
    rows = statement("2025/01/02,500,,9500,轉帳,", f"2025/01/03,,500,10000,轉帳,{mark}", header=header)
    assert marks(rows) == [False, is_reversal]


@pytest.mark.parametrize(("indicator", "is_reversal"), [("true", True), ("1", True), ("false", False)])
def test_camt_says_it_and_gives_the_entry_s_own_direction(indicator: str, is_reversal: bool) -> None:
    text = f"""<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">
<BkToCstmrStmt><Stmt><Acct><Id><Othr><Id>001234567890</Id></Othr></Id></Acct>
<Ntry><Amt Ccy="TWD">500</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>{indicator}</RvslInd><Sts>BOOK</Sts>
<BookgDt><Dt>2025-01-03</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>"""
    (line,) = lines_of(read(text.encode(), "a.xml"))
    assert (line.amount, line.is_reversal) == (500, is_reversal)
    assert line.as_json().get("reversal", False) is is_reversal


@pytest.mark.parametrize(
    ("code", "amount", "is_reversal"),
    [("C", 500, False), ("D", -500, False), ("RC", -500, True), ("RD", 500, True)],
)
def test_mt940_codes(code: str, amount: int, is_reversal: bool) -> None:
    closing = 1000 + amount
    text = (
        f":20:STMT\n:25:001234567890\n:28C:1/1\n:60F:C250101TWD1000,\n:61:2501030103{code}500,NTRFNONREF\n"
        f":62F:C250103TWD{closing},\n"
    )
    (line,) = lines_of(read_text(text, "a.sta"))
    assert (line.amount, line.is_reversal) == (amount, is_reversal)
