"""Whether a first line that prints no sign is money in or out: what the printed totals leave open."""

from __future__ import annotations

import pytest

from importers.bank import table
from importers.records import BankLine
from importers.records import ReadError
from importers.sources.source import Source

HEADER = "序號 交易日期 摘要 交易行庫 幣別 提款金額 存款金額 餘額 備註\n"
ROWS = (
    "1 2025/08/21 01:58:01 中心轉存 某分行 TWD 2865.00 206895.00 補貼息\n"
    "2 2025/09/08 01:12:41 攤還本息 某分行 TWD 4470.00 202425.00 09-08 315614\n"
)


def amounts(text: str) -> list[int]:
    reading = table.read(Source("a.txt", text.encode()))
    assert reading is not None
    return [record.amount for record in reading.records if isinstance(record, BankLine)]


def refused(text: str) -> str:
    with pytest.raises(ReadError) as caught:
        table.read(Source("a.txt", text.encode()))
    return str(caught.value)


def test_the_totals_tell() -> None:
    labels = "幣別 提款總筆數 提款總金額 存款總筆數 存款總金額\n"
    assert amounts(HEADER + ROWS + labels + "TWD 1 4,470.00 1 2,865.00\n") == [2865, -4470]
    assert amounts(HEADER + ROWS + labels + "TWD 2 7,335.00 0 0.00\n") == [-2865, -4470]


def test_the_totals_tell_against_the_words() -> None:
    rows = ROWS.replace("中心轉存", "匯出退匯")  # the words say out
    assert amounts(HEADER + rows + "提款總筆數 1 提款總金額 4,470\n") == [2865, -4470]


def test_totals_that_fit_neither_way_or_both_leave_it_to_the_words() -> None:
    assert "無法判斷" in refused(HEADER + ROWS)
    assert "無法判斷" in refused(HEADER + ROWS + "總筆數 2\n")
    assert "無法判斷" in refused(HEADER + ROWS + "提款總筆數 5 提款總金額 9\n")
    told = ROWS.replace("中心轉存", "利息存入")
    assert amounts(HEADER + told + "總筆數 2\n") == [2865, -4470]
    assert "支出合計 9 與明細的 4,470" in refused(HEADER + told + "提款總筆數 5 提款總金額 9\n")


PAIR = "交易日期,摘要,支出,存入,餘額\n"


def test_an_out_column_whose_amounts_all_have_a_minus() -> None:
    """凱基 and others print money out as -3,000: the balances prove it."""
    rows = "2023/07/31,轉帳,-3000,,497000\n2023/08/01,利息,,12,497012\n2023/08/02,轉帳,-500,,496512\n"
    assert amounts(PAIR + rows) == [-3000, 12, -500]
    newest_first = "\n".join(reversed(rows.splitlines())) + "\n"
    assert amounts(PAIR + newest_first) == [-3000, 12, -500]


def test_without_balances_a_column_of_minuses_went_out() -> None:
    rows = "2023/07/31,轉帳,-3000,\n2023/08/01,利息,,12\n2023/08/02,轉帳,-500,\n"
    assert amounts("交易日期,摘要,支出,存入\n" + rows) == [-3000, 12, -500]


def test_a_minus_beside_amounts_without_one_takes_back() -> None:
    rows = "2023/07/31,轉帳,3000,,497000\n2023/08/01,轉帳,-3000,,500000\n2023/08/02,轉帳,500,,499500\n"
    assert amounts(PAIR + rows) == [-3000, 3000, -500]
    alone = "2023/07/31,利息,,12,1012\n2023/08/01,轉帳沖正,-3000,,4012\n"
    assert amounts(PAIR + alone) == [12, 3000]


def test_one_minus_that_nothing_proves_is_asked_about() -> None:
    assert "無法判斷" in refused(PAIR + "2023/07/31,轉帳,-3000,,497000\n")
    assert amounts(PAIR + "2023/07/31,轉帳支出,-3000,,497000\n") == [-3000]


def test_other_names_of_columns() -> None:
    post = "交易日期,摘要,提款金額,存款金額,結存金額\n112/07/31,轉帳,3000,,497000\n"
    rows = "2023/07/31 23:50:11,2023/08/01,利息,12,497012\n2023/08/01 09:00:00,2023/08/01,轉出,-12,497000\n"
    line = "交易時間,帳務日期,交易類型,交易金額,餘額\n" + rows
    read = [table.read(Source("a.csv", text.encode())) for text in (post, line)]
    first, second = [reading.records[0] for reading in read if reading is not None]
    assert isinstance(first, BankLine)
    assert isinstance(second, BankLine)
    assert (first.balance, second.text, second.amount) == (497_000, "利息", 12)


# --- the side after the amount ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (('"1,000 CR","1,000 CR"', '"8,054 DR","7,054 DR"', '"7,054 CR",0'), [1_000, -8_054, 7_054]),
        (("1000CR,1000", "15Dr.,985", '"（15）DR",1000'), [1_000, -15, 15]),
        (("1000ＣＲ,1000", "1000ＤＲ,0", "7 cr,7"), [1_000, -1_000, 7]),
        (("1000 CR,", "8054 CR,", "5 DR,"), [1_000, 8_054, -5]),
    ],
)
def test_a_side_after_the_amount_is_its_sign(cells: tuple[str, ...], found: list[int]) -> None:
    rows = [f"2024/01/0{place},x,{cell}" for place, cell in enumerate(cells, 5)]
    assert amounts("\n".join(["Date,Description,Amount,Balance", *rows])) == found


def test_a_side_in_a_column_of_its_own_side_is_no_sign() -> None:
    rows = [
        "2024/01/05,匯入,,1000 CR,1000 CR",
        "2024/01/06,提領,300 DR,,700 CR",
        "2024/01/07,更正,300 CR,,1000",  # the out column takes back
        "2024/01/08,更正,,1000 DR,0",
    ]
    assert amounts("\n".join(["交易日期,摘要,支出,存入,餘額", *rows])) == [1000, -300, 300, -1000]


def test_a_row_without_a_day_that_bears_a_side_is_not_lost() -> None:
    assert "日期" in refused("交易日期,摘要,支出,存入,餘額\n2024/01/05,匯入,,1000,1000\n?,x,,30 CR,1030\n")
