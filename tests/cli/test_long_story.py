"""Six months and thirty complications, from files to the final report, by commands only; the figures are worked out by hand.

Among them are those that accountants met in the field: an instalment in two parts, a deposit of a stranger's that goes
back, interest reversed, `.-` for whole dollars, a gross amount in the net column, an overlapping statement without
balances, a withdrawal without words, one debit for two invoices, a transfer that came back, a negative row, a row
changed since, a late invoice, a bulk download, a month that is not over.
"""

from __future__ import annotations

from pathlib import Path

from ledger.loading.loader import load_case
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


def test_six_months_of_complications(tmp_path: Path) -> None:
    desk = Desk(tmp_path, AWARD)
    june(desk)
    july(desk)
    payroll(desk)
    august(desk)
    september(desk)
    the_end(desk)
    report(desk)


def june(desk: Desk) -> None:
    case = desk.case
    # the instalment in two parts; a stranger's deposit that goes back; interest reversed and credited anew
    lines = [
        ("2023/06/05", "補助款|經濟部", 60_000),
        ("2023/06/06", "補助款|經濟部", 40_000),
        ("2023/06/12", "存入|路人甲", 5_000),
        ("2023/06/15", "轉帳|路人甲", -5_000),
        *LATE_JUNE,
    ]
    desk.put("專戶_11206.csv", statement(DEDICATED, *lines))
    assert {question["amount"] for question in desk.questions("bank-line")} >= {5_000}
    desk.answer("bank-line", "return", amount=5_000)
    for question in desk.questions("bank-line"):
        desk.said("answer", case, question["id"], "return")
    # no approved item; a nought too few; `.-`; the gross in the net column
    desk.put("憑證_11206.csv", JUNE)
    desk.answer("voucher", "item", "--item", BEARING, "--remember")
    desk.correct("QA10000003", "少打一個零", net=30_000, tax=1_500)
    assert ("invoice-without-tax", "QA10000005") in desk.found(as_of="2023-06-30")
    desk.correct("QA10000005", "含稅金額打在未稅欄", net=5_000, tax=250)
    # what is wrong is refused, and changes nothing
    assert "負數" in desk.do("correct", case, "QA10000001", "--set", "net=-1", "--reason", "試", code=2)
    assert "QA19999999" in desk.do("remove", case, "QA19999999", "--reason", "試", code=2)
    assert "還沒結束" in desk.do("close", case, "2023-06", "--date", "2023-06-20", code=2)
    desk.said("milestone", case, "signing", "--date", "2023-06-01", "--number", "約-1")
    guarantee = ("--date", "2023-06-02", "--amount", "40000", "--until", "2024-03-31", "--number", "保-1")
    desk.said("milestone", case, "guarantee", *guarantee)
    closed = desk.said("close", case, "2023-06")
    # 10,000 + 20,000 + 1,200 + 5,000 = 36,200 and 30,000, at 100/220
    assert closed["by_category"] == {"consumables": 16_454, "improvement": 13_636, "personnel": 0}
    assert {missing["kind"] for missing in closed["missing"]} == {"statement", "payroll"}


def july(desk: Desk) -> None:
    case = desk.case
    # an export without balances that shows June's last days again; a withdrawal that only names the own account
    lines = [*LATE_JUNE, ("2023/07/05", f"轉帳|{COMPANY}", -30_090), ("2023/07/10", "存入 自籌款", 30)]
    seen = desk.put("專戶_11207.csv", statement(DEDICATED, *lines, balance=False))
    assert (seen["imported"], seen["duplicates"], seen["unmatched"]) == (2, 4, [])
    assert desk.put("六月再存.csv", JUNE + "\n")["imported"] == 0  # with what was corrected since
    first = row("112/07/03", "QA10000010", BEARING, 7_000, 350, "112/07/03")
    desk.put(
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
    desk.put("負數.csv", HEAD + row("112/07/18", "QA10000017", BEARING, -500, -25))
    desk.answer("set-aside", "leave")
    desk.said("remove", case, "QA10000010", "--reason", "不是本案")
    assert desk.put("再來.csv", HEAD + first)["imported"] == 0
    # a row changed since: the first answer was wrong
    desk.put("更正.csv", HEAD + row("112/07/09", "QA10000011", BEARING, 5_000, 250, "112/07/09"))
    desk.answer("conflict", "ignore")
    desk.said("undo", case)
    desk.answer("conflict", "replace")
    # one debit for two invoices; a transfer that came back and went out again
    paid = [
        ("2023/07/25", "轉帳支出|試作機電行", -8_400),
        ("2023/07/26", "轉帳支出|試作機電行", -4_200),
        ("2023/07/27", "匯款退回|試作機電行", 4_200),
        ("2023/07/28", "轉帳支出|試作機電行", -4_200),
    ]
    desk.put("活期_11207.csv", statement(COMPANY, *paid, opening=500_000))
    assert {link: left for link, left in load_case(case).case.unpaid.items() if left} == {}


def payroll(desk: Desk) -> None:
    """Somebody joins on the sixteenth of July, and the sheet pays for all of it."""
    case = desk.case
    joined = ("--role", "工程師", "--months", "2", "--since", "2023-07-16", "--salary", "44000")
    desk.said(
        "revise", case, "--person", "試作乙", *joined, "--approval", "試字第1號", "--date", "2023-07-16"
    )
    second = "112/07,試作乙,工程師,44000,40,80,22000,112/08/05,112/07/16\n"
    desk.put("薪資.csv", PAYROLL + "112/07,試作甲,計畫主持人,60000,80,176,27272,112/08/05,\n" + second)
    ((_check, number),) = desk.found("payroll-part-month", "2023-07-31")
    assert "hours" in desk.do("correct", case, number, "--set", "hour=40", "--reason", "試", code=2)
    wrong = desk.correct(number, "工時打錯", hours=41)
    assert "payroll-arithmetic" in {finding["check"] for finding in wrong["findings"]["new"]}
    desk.correct(number, "原來是對的", hours=40)
    # 16 days of 30 of 44,000 are 23,466; half of their hours 11,733
    told = desk.correct(number, "按在職天數計", net=11_733)
    assert [finding["check"] for finding in told["findings"]["gone"]] == ["payroll-part-month"]
    assert desk.put("薪資再存.csv", PAYROLL + second + "\n")["imported"] == 0
    assert desk.questions() == []
    closed = desk.said("close", case, "2023-07")
    # 36,200 + 5,000 + 8,000 = 49,200; 30,000 + 10,000 + 6,000 + 2,000 + 4,000 = 52,000
    assert closed["by_category"] == {"consumables": 22_363, "improvement": 23_636, "personnel": 0}
    assert closed["withdrawable"] == 22_363 + 23_636 - 30_090


def august(desk: Desk) -> None:
    case = desk.case
    desk.put("專戶_11208.csv", statement(DEDICATED, ("2023/08/07", "提領 七月", -15_909), opening=69_945))
    # one invoice over two items, not over its net; a number mistyped, and one that another bears; a credit note
    desk.put(
        "憑證_11208.csv",
        HEAD
        + row("112/08/08", "QA10000020", BEARING, 12_000, 600, "112/08/08")
        + row("112/08/10", "QA10000021", SPINDLE, 9_000, 450),
    )
    split = ("split", case, "QA10000020", f"{BEARING}=2000")
    desk.do(*split, f"{SPINDLE}=11000", "--reason", "兩個品項", code=2)
    desk.said(*split, f"{SPINDLE}=10000", "--reason", "兩個品項")
    taken = desk.do("correct", case, "QA10000021", "--set", "number=QA10000020", "--reason", "試", code=2)
    assert "QA10000020" in taken
    desk.correct("QA10000021", "號碼打錯", number="QA10000022")
    desk.put("折讓.csv", HEAD + row("112/08/20", "QA10000022", SPINDLE, 1_000, 50, kind="折讓單"))
    assert load_case(case).case.unpaid["QA10000022"] == 8_400
    desk.put(
        "活期_11208.csv", statement(COMPANY, ("2023/08/28", "轉帳支出|試作五金行", -8_400), opening=400_000)
    )
    # a picture without a name; a bulk download, of which one row is the case's
    (case / "inbox" / "照片.jpg").write_bytes(b"\xff\xd8 invented")
    desk.do("import", case)
    desk.answer("document", "attach", "--voucher", "QA10000020")
    cloud = cloud_row("QA10000023", 1_050, 1_050, "軸承") + cloud_row("QA10000024", 500, 500, "咖啡")
    desk.put("雲端發票.csv", CLOUD_HEAD + cloud.replace("12345675", "85131377"))
    desk.answer("set-aside", "leave", amount=500)
    desk.answer("set-aside", "take", amount=1_050)
    desk.answer("voucher", "item", "--item", BEARING)
    desk.correct("QA10000023", "雲端發票只有含稅金額", net=1_000, tax=50, paid="112/08/30")
    # another company's file, taken in by mistake: it goes back to the inbox
    desk.put("別家公司.csv", HEAD + row("112/08/25", "QA10000099", BEARING, 50_000, 2_500, "112/08/25"))
    desk.said("undo", case)
    (case / "inbox" / "別家公司.csv").unlink()
    # undone, and done again
    desk.correct("QA10000022", "單位", unit="組")
    undone = desk.said("undo", case)
    desk.said("undo", case, undone["operation"])
    closed = desk.said("close", case, "2023-08")
    # 49,200 + 2,000 + 1,000 = 52,200; 52,000 + 10,000 + 9,000 - 1,000 = 70,000
    assert closed["by_category"] == {"consumables": 23_727, "improvement": 31_818, "personnel": 0}
    assert closed["withdrawable"] == 23_727 + 31_818 - 30_090 - 15_909


def september(desk: Desk) -> None:
    case = desk.case
    desk.put("專戶_11209.csv", statement(DEDICATED, ("2023/09/05", "提領 八月", -9_546), opening=54_036))
    # an item that is approved only now
    desk.put("憑證_11209.csv", HEAD + row("112/09/05", "QA10000030", SEAL, 11_000, 550, "112/09/05"))
    changed = ("--category", "consumables", "--approval", "試字第2號", "--date", "2023-09-01")
    told = desk.said("revise", case, *changed, "--item", SEAL, "--government", "20000", "--self", "24000")
    assert "item-not-in-budget" in {finding["check"] for finding in told["findings"]["gone"]}
    told = desk.said("revise", case, *changed, "--item", BEARING, "--government", "80000", "--self", "96000")
    assert {finding["check"] for finding in told["findings"]["gone"]} == {"item-sum-mismatch"}
    desk.answer("voucher", "item", "--item", SEAL)
    # June's voucher was wrong: its month is closed, so September takes it back
    told = desk.correct("QA10000001", "發票更正", net=9_000, tax=450)
    assert told["entitlement"] == [{"month": "2023-09", "before": 28_727 + 31_818, "after": 28_272 + 31_818}]
    left = ("--person", "試作乙", "--until", "2023-08-31", "--approval", "試字第3號", "--date", "2023-09-01")
    desk.said("revise", case, *left)
    desk.said("close", case, "2023-09")
    desk.do("reopen", case, "2023-09", "--reason", "漏了附件", "--date", "2023-10-02")
    closed = desk.said("close", case, "2023-09", "--date", "2023-10-03")
    assert closed["withdrawable"] == 28_272 + 31_818 - 30_090 - 15_909 - 9_546
    desk.put("專戶_11210.csv", statement(DEDICATED, ("2023/10/05", "提領 九月", -4_545), opening=44_490))


def the_end(desk: Desk) -> None:
    case = desk.case
    for month in ("2023-10", "2023-11"):
        assert desk.said("close", case, month)["withdrawable"] == 0
    paper = case.parent / "期末報告.pdf"
    paper.write_bytes(b"%PDF-1.4 invented")
    desk.said("evidence", case, "final-report", paper, "--date", "2023-12-10")
    desk.do("evidence", case, "final-report", paper, "--date", "2023-12-10", code=2)  # told already
    desk.said("milestone", case, "final-passed", "--date", "2023-12-15", "--number", "試字第9號")
    desk.said("deduct", case, "5000", "--reason", "試字第10號", "--date", "2023-12-20")
    desk.said("undo", case)
    desk.said("deduct", case, "500", "--reason", "試字第10號", "--date", "2023-12-20")
    desk.said(
        "waive", case, "document-missing", "QA10000003", "--reason", "原本在稅局", "--approval", "試字第11號"
    )
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


def report(desk: Desk) -> None:
    case = desk.case
    assert desk.questions() == []
    assert {check for check, _voucher in desk.found()} == {
        "bank-fee-charged-to-grant",  # its 30 were put in again, and were taken all the same
        "deposit-not-grant",
        "document-missing",
        "interest-unremitted",
        "surplus-unremitted",
    }
    operations = desk.said("log", case)["operations"]
    kinds = {operation["kind"] for operation in operations}
    assert kinds >= {"import", "answer", "correct", "remove", "split", "undo", "revise", "evidence", "waive"}
    assert "hand" not in kinds
    assert len(operations) > 50
    workbook = case.parent / "結案報表.xlsx"
    desk.do("settle", case, "--as-of", "2024-01-31", "-o", workbook)
    desk.do("verify", workbook, case)
    assert desk.said("doctor", case)["problems"] == []
