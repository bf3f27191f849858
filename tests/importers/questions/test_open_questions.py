"""All that waits for an answer, with its choices."""

from __future__ import annotations

from importers.questions.open_questions import open_questions
from importers.questions.open_questions import question_of
from ledger.files.pending import Pending
from ledger.files.pending import PendingStore
from ledger.files.pending import pending_id
from tests.importers.makers import case_of

UNPLACED = """
2023-01-01 open Expenses:9不予認列:01消耗性器材及原材料費
2023-01-01 open Liabilities:1應付帳款
2023-01-01 open Assets:1專戶:1政府補助款
2023-01-01 open Equity:1業者投入
2023-07-12 ! "川益節能股份有限公司" "高效率集塵設倍" ^AB12345678
  voucher: "invoice"
  number: "AB12345678"
  voucher-date: 2023-07-12
  seller: "27715140"
  net: 1000 TWD
  tax: 0 TWD
  item: "高效率集塵設倍"
  source: "a.xml"
  import-id: "invoice:11208:AB12345678"
  unclear: "認不出會計科目"
  Expenses:9不予認列:01消耗性器材及原材料費  1000 TWD
  Liabilities:1應付帳款  -1000 TWD
2023-08-10 ! "" "轉帳支出"
  kind: "unexplained"
  source: "專戶.csv"
  import-id: "bank:1:2023-08-10:-1000:0"
  unclear: "用途不明"
  Assets:1專戶:1政府補助款  -1000 TWD
  Equity:1業者投入  1000 TWD
"""
VOID = """
2023-07-20 * "川益節能股份有限公司" "作廢 AB12345678" ^AB12345678
  voucher: "void"
  number: "AB12345678"
  voucher-date: 2023-07-20
  net: -1000 TWD
  reverses: "AB12345678"
  import-id: "void:invoice:11208:AB12345678"
  Expenses:9不予認列:01消耗性器材及原材料費  -1000 TWD
  Liabilities:1應付帳款  1000 TWD
"""


def test_a_voucher_without_an_item_asks_for_one_with_the_nearest_first() -> None:
    voucher, line = open_questions(case_of(UNPLACED), PendingStore())
    assert (voucher.id, voucher.kind, voucher.file) == (
        pending_id("voucher", "invoice:11208:AB12345678"),
        "voucher",
        "a.xml",
    )
    assert (voucher.amount, voucher.text, voucher.record["item"]) == (
        1000,
        "認不出會計科目",
        "高效率集塵設倍",
    )
    assert {choice.answer for choice in voucher.choices} == {"item"}
    first, second, *others = voucher.choices
    assert (first.item, first.why) == ("高效率集塵設備", "品名相近")
    assert {choice.item for choice in (second, *others)} == {
        "高效率軸承",
        "溫度變送器(4-20mA)",
        "空壓機變頻節能改善",
    }
    assert line.kind == "bank-line"


def test_money_out_that_equals_what_is_owed_is_first_a_payment() -> None:
    (_voucher, line) = open_questions(case_of(UNPLACED), PendingStore())
    assert (line.amount, line.text, line.record["memo"]) == (-1000, "用途不明", "轉帳支出")
    assert line.choices[0].answer == "payment"
    assert line.choices[0].voucher == "AB12345678"
    assert {"withdrawal", "own-money", "fee", "return"} <= {choice.answer for choice in line.choices}
    assert not {"instalment", "refund"} & {choice.answer for choice in line.choices}


def test_what_was_voided_since_is_no_question() -> None:
    assert [question.kind for question in open_questions(case_of(UNPLACED + VOID), PendingStore())] == [
        "bank-line"
    ]


def test_what_waits_is_asked_unless_it_is_answered_or_asks_nothing() -> None:
    said = {"file": "IN.xlsx", "reason": "?", "choices": ("take", "leave")}
    store = PendingStore(
        [
            Pending(id="a", kind="set-aside", asks=True, **said),  # type: ignore[arg-type]
            Pending(id="b", kind="set-aside", **said),  # type: ignore[arg-type]
            Pending(id="c", kind="set-aside", asks=True, answer="leave", **said),  # type: ignore[arg-type]
            Pending(id="d", kind="take-back", asks=True, **said),  # type: ignore[arg-type]
            Pending(
                id="e", kind="statement", file="x", reason="?", asks=True, choices=("bank-side",),
                data={"labels": [{"answer": "bank-side", "label": "銀行的", "why": "w"}]},
            ),
        ]
    )  # fmt: skip
    found = open_questions(case_of(), store)
    assert [(question.id, question.kind) for question in found] == [
        ("a", "set-aside"),
        ("d", "set-aside"),
        ("e", "statement"),
    ]
    assert [choice.as_json() for choice in found[2].choices] == [
        {"answer": "bank-side", "label": "銀行的", "why": "w"}
    ]
    aside = question_of(case_of(), store, "b")  # not asked about, and may be taken in all the same
    assert aside is not None
    assert [choice.answer for choice in aside.choices] == ["take", "leave"]
    assert question_of(case_of(), store, "c") is None  # answered
    assert question_of(case_of(), store, "z") is None
    assert set(found[0].as_json()) == {"id", "kind", "file", "record", "date", "amount", "text", "choices"}
