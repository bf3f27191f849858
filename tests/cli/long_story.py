"""Six months and thirty complications, from files to the final report; the figures are worked out by hand.

Among them are those that accountants met in the field: an instalment in two parts, a deposit of a stranger's that goes
back, interest reversed, `.-` for whole dollars, a gross amount in the net column, an overlapping statement without
balances, a withdrawal without words, one debit for two invoices, a transfer that came back, a negative row, a row
changed since, a late invoice, a bulk download, a month that is not over.

The steps are an `Accountant`'s, by commands or in the browser; what they come to is read from the case.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import openpyxl
import pytest

from ledger.loading.loader import load_case
from ledger.schemes.categories import category_name
from tests.cli.accountant import Accountant
from tests.cli.accountant import RefusedError
from tests.cli.desk import COMPANY
from tests.cli.desk import DEDICATED
from tests.cli.desk import HEAD
from tests.cli.desk import Desk
from tests.cli.desk import award_text
from tests.cli.desk import row
from tests.cli.desk import statement
from tests.importers.vouchers.carrier_files import CLOUD_HEAD
from tests.importers.vouchers.carrier_files import cloud_row

BEARING, SPINDLE, SEAL = "試作軸承", "試作主軸改善", "試作油封"
PERSONNEL = """
[[budget]]
category = "personnel"
government = 0
self = 150000

[[person]]
name = "試作甲"
role = "計畫主持人"
insured = true
months = 6
salary = 60000
"""
AWARD = award_text(
    "112-試作-0300", {"consumables": BEARING, "improvement": SPINDLE}, guarantee="partial", more=PERSONNEL
)
MACHINES = {"seller": "試作機電行", "ubn": "53120471"}
PAYROLL = "月份,姓名,職稱,月薪,專案工時,總工時,應計薪資,付款日期,到職日\n"
LATE_JUNE = [
    ("2023/06/20", "手續費", -30),
    ("2023/06/21", "利息存入", 20),
    ("2023/06/22", "沖正 利息存入", -20),
    ("2023/06/23", "利息存入", 15),
]
JUNE = (
    HEAD
    + row("112/06/10", "QA10000001", BEARING, 10_000, 500, "112/06/10")
    + row("112/06/12", "QA10000002", "試做軸乘", 20_000, 1_000, "112/06/12")
    + row("112/06/15", "QA10000003", SPINDLE, 3_000, 150, "112/06/15")
    + row("112/06/16", "試收0601", BEARING, "1200.-", 0, "112/06/16", kind="收據")
    + row("112/06/18", "QA10000005", BEARING, 5_250, 0, "112/06/18")
)


def tell(accountant: Accountant, desk: Desk) -> None:
    """The whole story; `desk` is the same case, read by commands."""
    june(accountant, desk)
    july(accountant, desk)
    payroll(accountant, desk)
    august(accountant, desk)
    september(accountant, desk)
    the_end(accountant, desk)
    report(accountant, desk)


def refused(act: Callable[[], object]) -> str:
    """The words with which an act is refused."""
    with pytest.raises(RefusedError) as told:
        act()
    return str(told.value)


def shares(consumables: int, improvement: int) -> dict[str, int]:
    """What a close tells of each category that the government pays for."""
    return {category_name("consumables"): consumables, category_name("improvement"): improvement}


def june(accountant: Accountant, desk: Desk) -> None:
    # the instalment in two parts; a stranger's deposit that goes back; interest reversed and credited anew
    lines = [
        ("2023/06/05", "補助款|經濟部", 60_000),
        ("2023/06/06", "補助款|經濟部", 40_000),
        ("2023/06/12", "存入|路人甲", 5_000),
        ("2023/06/15", "轉帳|路人甲", -5_000),
        *LATE_JUNE,
    ]
    accountant.put("專戶_11206.csv", statement(DEDICATED, *lines))
    assert {question["amount"] for question in desk.questions("bank-line")} >= {5_000}
    accountant.answer("bank-line", "return", amount=5_000)
    for _question in desk.questions("bank-line"):
        accountant.answer("bank-line", "return")
    # no approved item; a nought too few; `.-`; the gross in the net column
    accountant.put("憑證_11206.csv", JUNE)
    accountant.answer("voucher", "item", item=BEARING, remember=True)
    accountant.correct("QA10000003", "少打一個零", net=30_000, tax=1_500)
    assert ("invoice-without-tax", "QA10000005") in desk.found(as_of="2023-06-30")
    accountant.correct("QA10000005", "含稅金額打在未稅欄", net=5_000, tax=250)
    # what is wrong is refused, and changes nothing
    before = desk.settle()
    assert "負數" in refused(lambda: accountant.correct("QA10000001", "試", net=-1))
    assert "QA19999999" in refused(lambda: accountant.remove("QA19999999", "試"))
    assert "還沒結束" in refused(lambda: accountant.close("2023-06", "2023-06-20"))
    assert desk.settle() == before
    accountant.milestone("signing", "2023-06-01", "約-1")
    accountant.milestone("guarantee", "2023-06-02", "保-1", 40_000, "2024-03-31")
    closed = accountant.close("2023-06")
    # 10,000 + 20,000 + 1,200 + 5,000 = 36,200 and 30,000, at 100/220
    assert closed.shares == shares(16_454, 13_636)
    assert ["對帳單" in what or "明細" in what for what in closed.missing].count(True) == 1
    assert ["薪資" in what for what in closed.missing].count(True) == 1
    assert len(closed.missing) == 2


def july(accountant: Accountant, desk: Desk) -> None:
    # an export without balances that shows June's last days again; a withdrawal that only names the own account
    lines = [*LATE_JUNE, ("2023/07/05", f"轉帳|{COMPANY}", -30_090), ("2023/07/10", "存入 自籌款", 30)]
    seen = accountant.put("專戶_11207.csv", statement(DEDICATED, *lines, balance=False))
    assert seen == (2, 4, 0)
    assert accountant.put("六月再存.csv", JUNE + "\n").booked == 0  # with what was corrected since
    first = row("112/07/03", "QA10000010", BEARING, 7_000, 350, "112/07/03")
    accountant.put(
        "憑證_11207.csv",
        HEAD
        + first
        + row("112/07/09", "QA10000011", BEARING, 4_000, 200, "112/07/09")
        + row("112/06/28", "QA10000012", SPINDLE, 10_000, 500, "112/06/28")  # June is closed: July bears it
        + row("112/07/12", "QA10000013", "試做軸乘", 8_000, 400, "112/07/12")  # as it was remembered
        + row("112/07/14", "QA10000014", SPINDLE, 6_000, 300, **MACHINES)
        + row("112/07/15", "QA10000015", SPINDLE, 2_000, 100, **MACHINES)
        + row("112/07/16", "QA10000016", SPINDLE, 4_000, 200, **MACHINES),
    )
    assert desk.questions() == []
    # a negative row that is no credit note; a removed voucher whose file comes again
    accountant.put("負數.csv", HEAD + row("112/07/18", "QA10000017", BEARING, -500, -25))
    accountant.answer("set-aside", "leave")
    accountant.restore(accountant.remove("QA10000010", "不是本案"))
    assert any(each.number == "QA10000010" for each in load_case(desk.case).case.vouchers)
    accountant.remove("QA10000010", "真的不是本案")
    assert accountant.put("再來.csv", HEAD + first).booked == 0
    # a row changed since: the first answer was wrong
    accountant.put("更正.csv", HEAD + row("112/07/09", "QA10000011", BEARING, 5_000, 250, "112/07/09"))
    accountant.answer("conflict", "ignore")
    accountant.undo()
    accountant.answer("conflict", "replace")
    # one debit for two invoices; a transfer that came back and went out again
    paid = [
        ("2023/07/25", "轉帳支出|試作機電行", -8_400),
        ("2023/07/26", "轉帳支出|試作機電行", -4_200),
        ("2023/07/27", "匯款退回|試作機電行", 4_200),
        ("2023/07/28", "轉帳支出|試作機電行", -4_200),
    ]
    accountant.put("活期_11207.csv", statement(COMPANY, *paid, opening=500_000))
    assert {link: left for link, left in load_case(desk.case).case.unpaid.items() if left} == {}


def payroll(accountant: Accountant, desk: Desk) -> None:
    """Somebody joins on the sixteenth of July, and the sheet pays for all of it."""
    accountant.revise_person(
        "試作乙", ("試字第1號", "2023-07-16"), role="工程師", months=2, since="2023-07-16", salary=44_000
    )
    second = "112/07,試作乙,工程師,44000,40,80,22000,112/08/05,112/07/16\n"
    accountant.put("薪資.csv", PAYROLL + "112/07,試作甲,計畫主持人,60000,80,176,27272,112/08/05,\n" + second)
    ((_check, number),) = desk.found("payroll-part-month", "2023-07-31")
    wrong = accountant.correct(number, "工時打錯", hours=41)
    assert wrong.new > 0
    assert ("payroll-arithmetic", number) in desk.found(as_of="2023-07-31")
    accountant.correct(number, "原來是對的", hours=40)
    # 16 days of 30 of 44,000 are 23,466; half of their hours 11,733
    told = accountant.correct(number, "按在職天數計", net=11_733)
    assert (told.gone, told.new) == (1, 0)
    assert desk.found("payroll-part-month") == []
    assert accountant.put("薪資再存.csv", PAYROLL + second + "\n").booked == 0
    assert desk.questions() == []
    closed = accountant.close("2023-07")
    # 36,200 + 5,000 + 8,000 = 49,200; 30,000 + 10,000 + 6,000 + 2,000 + 4,000 = 52,000
    assert closed.shares == shares(22_363, 23_636)
    assert closed.withdrawable == 22_363 + 23_636 - 30_090


def august(accountant: Accountant, desk: Desk) -> None:
    accountant.put(
        "專戶_11208.csv", statement(DEDICATED, ("2023/08/07", "提領 七月", -15_909), opening=69_945)
    )
    # one invoice over two items, not over its net; a number mistyped, and one that another bears; a credit note
    accountant.put(
        "憑證_11208.csv",
        HEAD
        + row("112/08/08", "QA10000020", BEARING, 12_000, 600, "112/08/08")
        + row("112/08/10", "QA10000021", SPINDLE, 9_000, 450),
    )
    refused(lambda: accountant.split("QA10000020", "兩個品項", {BEARING: 2_000, SPINDLE: 11_000}))
    accountant.split("QA10000020", "兩個品項", {BEARING: 2_000, SPINDLE: 10_000})
    assert "QA10000020" in refused(lambda: accountant.correct("QA10000021", "試", number="QA10000020"))
    accountant.correct("QA10000021", "號碼打錯", number="QA10000022")
    accountant.put("折讓.csv", HEAD + row("112/08/20", "QA10000022", SPINDLE, 1_000, 50, kind="折讓單"))
    assert load_case(desk.case).case.unpaid["QA10000022"] == 8_400
    accountant.put(
        "活期_11208.csv", statement(COMPANY, ("2023/08/28", "轉帳支出|試作五金行", -8_400), opening=400_000)
    )
    # a picture without a name; a bulk download, of which one row is the case's
    accountant.put("照片.jpg", b"\xff\xd8 invented")
    accountant.answer("document", "attach", voucher="QA10000020")
    cloud = cloud_row("QA10000023", 1_050, 1_050, "軸承") + cloud_row("QA10000024", 500, 500, "咖啡")
    accountant.put("雲端發票.csv", CLOUD_HEAD + cloud.replace("12345675", "85131377"))
    accountant.answer("set-aside", "leave", amount=500)
    accountant.answer("set-aside", "take", amount=1_050)
    accountant.answer("voucher", "item", item=BEARING)
    accountant.correct("QA10000023", "雲端發票只有含稅金額", net=1_000, tax=50, paid="2023-08-30")
    # another company's file, taken in by mistake: it goes back to the inbox
    accountant.put("別家公司.csv", HEAD + row("112/08/25", "QA10000099", BEARING, 50_000, 2_500, "112/08/25"))
    accountant.undo()
    accountant.take_out("別家公司.csv")
    # undone, and done again
    accountant.correct("QA10000022", "單位", unit="組")
    accountant.undo(accountant.undo())
    closed = accountant.close("2023-08")
    # 49,200 + 2,000 + 1,000 = 52,200; 52,000 + 10,000 + 9,000 - 1,000 = 70,000
    assert closed.shares == shares(23_727, 31_818)
    assert closed.withdrawable == 23_727 + 31_818 - 30_090 - 15_909
    paper, interim = desk.case.parent / "提領表.xlsx", desk.case.parent / "期中報表.xlsx"
    accountant.month_end("2023-08", paper)
    sheets = openpyxl.load_workbook(paper, data_only=True)
    assert closed.withdrawable in {cell for sheet in sheets for row in sheet.values for cell in row}
    accountant.report("interim", "2023-08-31", interim)
    desk.do("verify", interim, desk.case)


def september(accountant: Accountant, desk: Desk) -> None:
    accountant.put(
        "專戶_11209.csv", statement(DEDICATED, ("2023/09/05", "提領 八月", -9_546), opening=54_036)
    )
    # an item that is approved only now
    accountant.put("憑證_11209.csv", HEAD + row("112/09/05", "QA10000030", SEAL, 11_000, 550, "112/09/05"))
    letter = ("試字第2號", "2023-09-01")
    assert ("item-not-in-budget", "QA10000030") in desk.found()
    told = accountant.revise_item(SEAL, "consumables", (20_000, 24_000), letter)
    assert told.gone > 0
    assert desk.found("item-not-in-budget") == []
    assert len(desk.found("item-sum-mismatch")) == 1
    told = accountant.revise_item(BEARING, "consumables", (80_000, 96_000), letter)
    assert told.gone == 1
    assert desk.found("item-sum-mismatch") == []
    accountant.answer("voucher", "item", item=SEAL)
    # June's voucher was wrong: its month is closed, so September takes it back
    told = accountant.correct("QA10000001", "發票更正", net=9_000, tax=450)
    assert told.earned == (("2023-09", 28_727 + 31_818, 28_272 + 31_818),)
    accountant.revise_person("試作乙", ("試字第3號", "2023-09-01"), until="2023-08-31")
    accountant.close("2023-09")
    accountant.reopen("2023-09", "漏了附件", "2023-10-02")
    closed = accountant.close("2023-09", "2023-10-03")
    assert closed.withdrawable == 28_272 + 31_818 - 30_090 - 15_909 - 9_546
    accountant.put(
        "專戶_11210.csv", statement(DEDICATED, ("2023/10/05", "提領 九月", -4_545), opening=44_490)
    )


def the_end(accountant: Accountant, desk: Desk) -> None:
    for month in ("2023-10", "2023-11"):
        assert accountant.close(month).withdrawable == 0
    paper = desk.case.parent / "期末報告.pdf"
    paper.write_bytes(b"%PDF-1.4 invented")
    accountant.evidence("final-report", paper, "2023-12-10")
    refused(lambda: accountant.evidence("final-report", paper, "2023-12-10"))  # told already
    accountant.milestone("final-passed", "2023-12-15", "試字第9號")
    accountant.deduct(5_000, "試字第10號", "2023-12-20")
    accountant.undo()
    accountant.deduct(500, "試字第10號", "2023-12-20")
    accountant.claim("document-missing", "QA10000003", "原本在稅局", "試字第11號")
    settled = desk.settle()
    accepted = {line["category"]: line["accepted"] for line in settled["categories"]}
    # 52,200 + 11,000 - 1,000; 70,000; 27,272 + 11,733
    assert accepted == {"consumables": 62_200, "improvement": 70_000, "personnel": 39_005}
    assert settled["recognised_government"] == 28_272 + 31_818
    assert settled["recognised_self"] == 62_200 + 70_000 + 39_005 - 60_090
    assert (settled["received"], settled["withdrawn"]) == (100_000, 60_090)
    assert settled["tail_payment"] == 60_090 - 500 - 100_000
    assert (settled["interest_gross"], settled["binding"]) == (15, "none")
    assert settled["due_to_treasury"] == 100_000 - 60_090 + 500 + 15


def report(accountant: Accountant, desk: Desk) -> None:
    assert desk.questions() == []
    assert {check for check, _voucher in desk.found()} == {
        "bank-fee-charged-to-grant",  # its 30 were put in again, and were taken all the same
        "document-missing",
        "interest-unremitted",
        "surplus-unremitted",
    }
    operations = desk.said("log", desk.case)["operations"]
    kinds = {operation["kind"] for operation in operations}
    assert kinds >= {"import", "answer", "correct", "remove", "split", "undo", "revise", "evidence", "waive"}
    assert "hand" not in kinds
    # the history is told in the accountant's words
    texts = [re.sub(r"\.(csv|jpg|pdf)\b", "", each["text"]) for each in operations]
    assert [text for text in texts if re.search(r"[a-z]{3}|匯入 檔案", text)] == []
    assert len(operations) > 50
    workbook = desk.case.parent / "結案報表.xlsx"
    accountant.report("final", "2024-01-31", workbook)
    desk.do("verify", workbook, desk.case)
    assert desk.said("doctor", desk.case)["problems"] == []
