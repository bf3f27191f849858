"""Six months of a company with papers as they come, from files to the final settlement, without one edit of a text file.

Every figure at the end is worked out here by hand; what was put right on the way leaves no trace in it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.desk import HEAD
from tests.cli.desk import Desk
from tests.cli.desk import award_text
from tests.cli.desk import row

ITEMS = {"consumables": "試作軸承", "improvement": "試作主軸改善"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, award_text("112-試作-0100", ITEMS))


def test_six_months(desk: Desk) -> None:
    # June: the first instalment in two parts; a voucher without an approved item; one typed wrong
    desk.put(
        "六月.csv",
        HEAD
        + row("112/06/10", "QA10000001", "試作軸承", 10000, 500, "112/06/10")
        + row("112/06/12", "QA10000002", "試做軸乘", 20000, 1000, "112/06/12")
        + row("112/06/15", "QA10000003", "試作主軸改善", 3000, 150, "112/06/15"),
    )
    desk.answer("voucher", "item", "--item", "試作軸承", "--remember")
    desk.said(
        "correct",
        desk.case,
        "QA10000003",
        "--set",
        "net=30000",
        "--set",
        "tax=1500",
        "--reason",
        "少打一個零",
    )
    closed = desk.said("close", desk.case, "2023-06")
    assert closed["entitlement"] == 13636 + 13636  # floor(30,000 x 100/220), twice

    # July: June's file comes again; a removed voucher stays away when its file comes again
    again = desk.put(
        "六月再存.csv",
        HEAD
        + row("112/06/12", "QA10000002", "試做軸乘", 20000, 1000, "112/06/12")
        + row("112/07/03", "QA10000004", "試作軸承", 7000, 350, "112/07/03")
        + row("112/07/05", "QA10000005", "試做軸乘", 8000, 400, "112/07/05"),
    )
    assert (again["imported"] >= 2, desk.questions("voucher")) == (True, [])
    desk.said("remove", desk.case, "QA10000004", "--reason", "不是本案")
    desk.put(
        "七月.csv",
        HEAD
        + row("112/07/03", "QA10000004", "試作軸承", 7000, 350, "112/07/03")
        + row("112/07/09", "QA10000006", "試作軸承", 4000, 200, "112/07/09"),
    )

    # a row changed since is asked about; the first answer was wrong and is undone
    desk.put("七月更正.csv", HEAD + row("112/07/09", "QA10000006", "試作軸承", 5000, 250, "112/07/09"))
    desk.answer("conflict", "ignore")
    desk.said("undo", desk.case)
    desk.answer("conflict", "replace")

    # a late voucher of June goes to July, which is open
    late = desk.put(
        "遲到.csv", HEAD + row("112/06/28", "QA10000007", "試作主軸改善", 10000, 500, "112/06/28")
    )
    assert late["imported"] >= 1
    closed = desk.said("close", desk.case, "2023-07")
    assert closed["entitlement"] == 19545 + 18181  # 43,000 and 40,000

    # August: one invoice over two items; a picture; the budget is revised
    desk.put("八月.csv", HEAD + row("112/08/08", "QA10000008", "試作軸承", 12000, 600, "112/08/08"))
    desk.said("split", desk.case, "QA10000008", "試作軸承=2000", "試作主軸改善=10000", "--reason", "兩個品項")
    (desk.case / "inbox" / "照片.jpg").write_bytes(b"\xff\xd8 invented")
    desk.do("import", desk.case)
    desk.answer("document", "attach", "--voucher", "QA10000008")
    desk.said("close", desk.case, "2023-08")

    # June's voucher was wrong after all: its month is closed, so July's successor takes it back
    desk.said(
        "correct", desk.case, "QA10000001", "--set", "net=9000", "--set", "tax=450", "--reason", "發票更正"
    )
    desk.said("close", desk.case, "2023-09")
    desk.do("reopen", desk.case, "2023-09", "--reason", "再看一次")
    for month in ("2023-09", "2023-10", "2023-11"):
        desk.said("close", desk.case, month)

    settled = desk.settle()
    accepted = {line["category"]: line["accepted"] for line in settled["categories"]}
    # 10,000 - 1,000 + 20,000 + 8,000 + 5,000 + 2,000; 30,000 + 10,000 + 10,000
    assert accepted == {"consumables": 44_000, "improvement": 50_000}
    assert settled["recognised_government"] == 20_000 + 22_727
    assert desk.said("questions", desk.case) == {"questions": []}
    kinds = [operation["kind"] for operation in desk.said("log", desk.case)["operations"]]
    assert kinds[0] == "new"
    assert {"import", "answer", "correct", "remove", "undo", "split", "close", "reopen"} <= set(kinds)
    assert "hand" not in kinds
    assert desk.settle("--at", "2")["accepted"] < settled["accepted"]
    report = desk.case.parent / "結案報表.xlsx"
    desk.do("settle", desk.case, "--as-of", "2024-01-31", "-o", report)
    desk.do("verify", report, desk.case)
