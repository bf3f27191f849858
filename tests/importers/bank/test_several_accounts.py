"""One file of several accounts is told apart: by its 帳號 column, or by the statements in it."""

from __future__ import annotations

import io

from openpyxl import Workbook

from importers.records import Reading
from tests.importers.bank.reading import moves
from tests.importers.bank.reading import read
from tests.importers.bank.reading import read_text
from tests.importers.bank.reading import refused

HEADER = "帳號,交易日期,摘要,支出金額,存入金額,餘額,備註"
GRANT, OWN = "001234567890", "009876543210"


def by_account(reading: Reading) -> dict[str, list[tuple[int, int | None]]]:
    return {each.account: moves(each) for each in reading.every}


def test_each_line_goes_to_its_account() -> None:
    text = "\n".join(
        [
            HEADER,
            f"{GRANT},2023/08/20,匯入匯款,,500000,500000,補助款",
            f"{OWN},2023/09/10,匯出匯款,10500,,109500,貨款",
            f"{GRANT},2023/09/11,利息存入,,7,500007,",
        ]
    )
    reading = read_text(text)
    assert by_account(reading) == {
        GRANT: [(500_000, 500_000), (7, 500_007)],
        OWN: [(-10_500, 109_500)],
    }
    assert [line.row for each in reading.every for line in each.records] == [2, 4, 3]


def test_a_break_in_one_account_is_told_with_its_row() -> None:
    rows = [f"{GRANT},2023/08/20,a,,5,5,", f"{OWN},2023/08/20,b,,9,9,", f"{GRANT},2023/08/21,c,,5,11,"]
    assert "第4列" in refused("\n".join([HEADER, *rows]))


def test_the_total_of_all_is_no_account_s() -> None:
    rows = [f"{GRANT},2023/08/20,a,,5,5,", f"{OWN},2023/08/20,b,,9,9,", ",合計,,,14,,"]
    assert by_account(read_text("\n".join([HEADER, *rows]))) == {GRANT: [(5, 5)], OWN: [(9, 9)]}


def test_a_number_in_full_and_as_on_the_passbook_is_one_account() -> None:
    rows = ["00001234567890,2023/08/20,a,,5,5,", "1234567890,2023/08/21,b,,5,10,"]
    reading = read_text("\n".join([HEADER, *rows]))
    assert by_account(reading) == {"00001234567890": [(5, 5), (5, 10)]}


def test_mt940_messages_of_two_accounts() -> None:
    text = "".join(
        f":20:STMT\n:25:{account}\n:28C:1/1\n:60F:C250101TWD{opening},\n:61:2501030103C500,NTRFNONREF\n"
        f":62F:C250103TWD{opening + 500},\n-\n"
        for account, opening in ((GRANT, 1000), (OWN, 7))
    )
    assert by_account(read_text(text, "a.sta")) == {GRANT: [(500, 1500)], OWN: [(500, 507)]}


def camt(account: str, *entries: tuple[str, int], opening: int = 0) -> str:
    booked = "".join(
        f'<Ntry><Amt Ccy="TWD">{abs(amount)}</Amt><CdtDbtInd>{"CRDT" if amount > 0 else "DBIT"}</CdtDbtInd>'
        f"<Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt></Ntry>"
        for day, amount in entries
    )
    return (
        f"<Stmt><Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct><Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry>"
        f'</Tp><Amt Ccy="TWD">{opening}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>{booked}</Stmt>'
    )


def read_camt(*statements: str) -> Reading:
    text = (
        '<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>'
        f"{''.join(statements)}</BkToCstmrStmt></Document>"
    )
    return read(text.encode(), "a.xml")


def test_camt_statements_of_two_accounts() -> None:
    reading = read_camt(camt(GRANT, ("2025-01-02", 5)), camt(OWN, ("2025-01-02", 9), opening=100))
    assert by_account(reading) == {GRANT: [(5, 5)], OWN: [(9, 109)]}


def test_camt_entries_in_mixed_order_are_put_in_order() -> None:
    entries = [("2025-01-02", 500), ("2025-01-04", -100), ("2025-01-03", -5)]
    assert moves(read_camt(camt(GRANT, *entries))) == [(500, 500), (-5, 495), (-100, 395)]
    assert moves(read_camt(camt(GRANT, *entries[::-1]))) == [(500, 500), (-5, 495), (-100, 395)]


def test_mt940_lines_in_mixed_order_are_put_in_order() -> None:
    lines = "".join(
        f":61:2501{day}01{day}C{amount},NTRFNONREF\n" for day, amount in (("02", 5), ("04", 7), ("03", 6))
    )
    text = f":20:STMT\n:25:{GRANT}\n:28C:1/1\n:60F:C250101TWD0,\n{lines}:62F:C250104TWD18,\n"
    assert moves(read_text(text, "a.sta")) == [(5, 5), (6, 11), (7, 18)]


def test_a_table_without_balances_in_mixed_order_is_put_in_order() -> None:
    rows = ["2025/01/02,,5,a", "2025/01/04,,7,c", "2025/01/03,,6,b"]
    reading = read_text("\n".join(["交易日期,支出金額,存入金額,摘要", *rows]))
    assert moves(reading) == [(5, None), (6, None), (7, None)]


def test_a_table_whose_balances_follow_the_days_in_mixed_order() -> None:
    rows = ["2025/01/02,,5,5,a", "2025/01/04,,7,18,c", "2025/01/03,,6,11,b"]
    reading = read_text("\n".join(["交易日期,支出金額,存入金額,餘額,摘要", *rows]))
    assert moves(reading) == [(5, 5), (6, 11), (7, 18)]


def test_sheets_of_a_workbook_are_called_by_their_account() -> None:
    header = ["交易日期", "摘要", "支出", "存入", "餘額"]
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, balance in (("0012-345-67890", 5), ("活存 009876543210", 9)):
        sheet = book.create_sheet(name)
        for row in (header, ["112/08/20", "a", None, balance, balance]):
            sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    assert by_account(read(data.getvalue(), "a.xlsx")) == {GRANT: [(5, 5)], OWN: [(9, 9)]}


def test_a_sheet_s_name_counts_only_where_nothing_on_it_names_an_account() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = OWN
    for row in (
        ["帳號", GRANT],
        ["交易日期", "摘要", "支出", "存入", "餘額"],
        ["112/08/20", "a", None, 5, 5],
    ):
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    assert by_account(read(data.getvalue(), "a.xlsx")) == {GRANT: [(5, 5)]}
