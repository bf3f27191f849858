"""What a statement's own lines leave open is asked: the balance before it, and whose 借方 it is."""

from __future__ import annotations

import pytest

from importers.bank import table
from importers.records import BankLine
from importers.records import NeedsAnswerError
from importers.records import ReadError
from importers.sources.source import Source
from importers.sources.source import Told

HEADER = "序號 交易日期 摘要 交易行庫 幣別 提款金額 存款金額 餘額 備註\n"


def amounts(text: str, told: Told, name: str = "a.csv") -> list[tuple[int, int | None]]:
    reading = table.read(Source(name, text.encode(), told))
    assert reading is not None
    return [(line.amount, line.balance) for line in reading.records if isinstance(line, BankLine)]


def question(text: str, name: str = "a.csv") -> NeedsAnswerError:
    with pytest.raises(NeedsAnswerError) as caught:
        table.read(Source(name, text.encode()))
    return caught.value


# --- the balance before the first line -------------------------------------------------------------------

UNTOLD = HEADER + "1 2024/01/08 01:56:40 中心轉存 某分行 TWD 4470.00 170538.00 x\n"


def test_a_first_line_without_a_direction_asks_for_the_opening_balance() -> None:
    asked = question(UNTOLD, "a.txt")
    assert asked.kind == "statement"
    assert [choice.answer for choice in asked.choices] == ["opening-balance"]
    assert "166,068" in asked.text  # were it money in
    assert "175,008" in asked.text  # were it money out


@pytest.mark.parametrize(("opening", "amount"), [(166_068, 4470), (175_008, -4470)])
def test_the_opening_balance_tells(opening: int, amount: int) -> None:
    assert amounts(UNTOLD, Told(opening=opening), "a.txt") == [(amount, 170_538)]


def test_an_opening_balance_that_fits_neither_way_is_refused() -> None:
    with pytest.raises(ReadError, match="期初餘額 1"):
        table.read(Source("a.txt", UNTOLD.encode(), Told(opening=1)))


@pytest.mark.parametrize("word", ["攤還本息", "放款利息", "放款本息", "貸款扣繳", "代扣勞保費"])
def test_words_of_a_loan_and_of_charges_are_money_out(word: str) -> None:
    assert amounts(UNTOLD.replace("中心轉存", word), Told(), "a.txt") == [(-4470, 170_538)]


@pytest.mark.parametrize("word", ["利息存入", "放款貸放", "跨行轉入", "匯入款"])
def test_words_of_money_in(word: str) -> None:
    assert amounts(UNTOLD.replace("中心轉存", word), Told(), "a.txt") == [(4470, 170_538)]


# --- whose 借方 it is ------------------------------------------------------------------------------------

SIDES = "帳號,交易日期,借方金額,貸方金額,餘額,備註\n"
ONE = SIDES + "001234567890,20240105,200000,0,500000,x\n"


def test_one_line_that_may_be_either_asks() -> None:
    asked = question(ONE)
    assert [choice.answer for choice in asked.choices] == ["bank-side", "company-side"]


@pytest.mark.parametrize(("side", "amount"), [("bank", -200_000), ("company", 200_000)])
def test_the_answer_tells(side: str, amount: int) -> None:
    assert amounts(ONE, Told(side=side)) == [(amount, 500_000)]  # type: ignore[arg-type]


def test_two_balances_tell_the_company_s_ledger_from_the_bank_s() -> None:
    ledger = ONE + "001234567890,20240106,0,500,499500,y\n"
    statement = ONE + "001234567890,20240106,0,500,500500,y\n"
    assert amounts(ledger, Told()) == [(200_000, 500_000), (-500, 499_500)]
    assert amounts(statement, Told()) == [(-200_000, 500_000), (500, 500_500)]


def test_the_ledger_s_own_totals_are_of_its_own_sides() -> None:
    ledger = ONE + "001234567890,20240106,0,500,499500,y\n合計,,200000,500,,\n"
    assert amounts(ledger, Told()) == [(200_000, 500_000), (-500, 499_500)]


def test_a_balance_that_would_have_been_below_zero_tells() -> None:
    assert amounts(ONE.replace("500000", "100000"), Told()) == [(-200_000, 100_000)]


def test_the_bank_s_words_tell() -> None:
    worded = "交易日期,摘要,借方,貸方\n20240105,匯入匯款,{},{}\n20240106,轉帳支出,{},{}\n"
    assert amounts(worded.format(5, "", "", 3), Told()) == [(5, None), (-3, None)]
    assert amounts(worded.format("", 5, 3, ""), Told()) == [(5, None), (-3, None)]


def test_a_named_bank_means_its_own_sides() -> None:
    assert amounts(ONE, Told(), "第一商業銀行.csv") == [(-200_000, 500_000)]


def test_a_column_of_flags_asks_too() -> None:
    flagged = "交易日期,借貸別,金額,餘額\n20240105,{},200000,500000\n"
    assert question(flagged.format("借")).kind == "statement"
    assert amounts(flagged.format("支出"), Told()) == [(-200_000, 500_000)]


# --- cells that have moved -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "交易日期,摘要,支出金額,存入金額,備註\n2025/01/02,轉帳,8,000,,x\n",  # more cells than the header
        "交易日期,摘要,支出金額,存入金額,備註\n2025/01/02,轉帳,,8,000\n",  # as many, the remark being empty
        "交易日期,摘要,支出金額,存入金額,餘額,備註\n2025/01/02,轉帳,8,000,,1,000,x\n",
    ],
)
def test_an_amount_split_at_its_comma_is_refused_with_its_row(text: str) -> None:
    with pytest.raises(ReadError, match="第2列"):
        table.read(Source("a.csv", text.encode()))


def test_a_row_with_empty_cells_more_than_the_header_is_read() -> None:
    text = "交易日期,支出金額,存入金額,餘額\n2025/01/02,,5,5,,\n"
    assert amounts(text, Told()) == [(5, 5)]


# --- the account in a title ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "account"),
    [
        ("範例商業銀行 155667788 交易明細", "155667788"),
        ("存款交易明細 0012-3456-7890-12 (2025/01/01-2025/01/31)", "00123456789012"),
        ("001234567890", "001234567890"),
        ("範例股份有限公司 00123456789012 往來明細", "00123456789012"),
        ("活期存款明細查詢 00123456789012 114/01/01~114/01/31", "00123456789012"),
        ("往來明細查詢 查詢日期 20250131093000", ""),
        ("交易明細 20250101-20250131", ""),
        ("交易明細 列印時間 20250131093000", ""),
        ("客服專線 0800123456 範例銀行", ""),
        ("統一編號 123456789 交易明細", ""),
    ],
)
def test_a_number_in_the_title_without_a_label(title: str, account: str) -> None:
    reading = table.read(
        Source("a.csv", f"{title}\n交易日期,支出金額,存入金額,餘額\n2025/01/02,,5,5\n".encode())
    )
    assert reading is not None
    assert reading.account == account
