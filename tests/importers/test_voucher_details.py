"""What a sheet says beside the amounts, from the file into the books, corrected there, and on the report's rows."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from ledger.files.writer import CaseWriter
from ledger.loading.loader import load_case
from ledger.operations.apply import apply
from ledger.operations.correct import plan_correct
from ledger.operations.edit import Context
from reports.data.cost_rows import DetailRow
from reports.data.cost_rows import detail_rows
from tests.importers.small_case import Files
from tests.importers.small_case import SmallCase
from tests.importers.small_case import invoice

_DUST, _CHANGER = "高效率集塵設備", "空壓機變頻節能改善"


def rows(name: str, *made: dict[str, Any]) -> Files:
    base = {
        "日期": "2023-08-02",
        "憑證種類": "統一發票",
        "對象": "川益節能股份有限公司",
        "數量": 1,
        "單位": "台",
    }
    full = [base | row for row in made]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(key for row in full for key in row)), restval="")
    writer.writeheader()
    writer.writerows(full)
    return {name: text.getvalue()}


def machine(number: str, item: str = _DUST, net: int = 10_000, **more: Any) -> dict[str, Any]:
    return {"憑證號碼": number, "品名": item, "未稅金額": net, "稅額": net // 20, **more}


def corrected(story: SmallCase, number: str, **fields: str) -> None:
    with CaseWriter(story.folder) as writer:
        context = Context(load_case(story.folder), writer.text, None, None)
        apply(writer, plan_correct(context, number, fields, "試作理由"))


def row_of(story: SmallCase, number: str, item: str = "") -> DetailRow:
    return next(row for row in detail_rows(story.case) if row.number == number and item in {"", row.item})


def test_details_reach_the_books_and_the_report(tmp_path: Path) -> None:
    story = SmallCase(tmp_path / "case")
    story.take(
        rows(
            "sheet.csv", machine("AB10000001", 廠牌="範例牌", 機號="SN-1", 傳票號碼="112-8", 外幣金額="300.5")
        )
    )
    meta = story.case.vouchers[0].entry.meta
    assert (meta["brand"], meta["serial"], meta["journal"], str(meta["foreign"])) == (
        "範例牌",
        "SN-1",
        "112-8",
        "300.5",
    )
    assert row_of(story, "AB10000001").unit == "台"


def test_each_line_keeps_its_own(tmp_path: Path) -> None:
    story = SmallCase(tmp_path / "case")
    number = "AB10000001"
    story.take(rows("s.csv", machine(number, 廠牌="甲牌"), machine(number, _CHANGER, 廠牌="乙牌", 單位="式")))
    assert row_of(story, number, _DUST).brand == "甲牌"
    assert (row_of(story, number, _CHANGER).brand, row_of(story, number, _CHANGER).unit) == ("乙牌", "式")
    corrected(story, number, tax="999")
    assert (row_of(story, number, _DUST).brand, row_of(story, number, _CHANGER).unit) == ("甲牌", "式")


def test_a_detail_is_set_and_taken_out_again(tmp_path: Path) -> None:
    story = SmallCase(tmp_path / "case")
    story.take(rows("s.csv", machine("AB10000001")))
    corrected(story, "AB10000001", place="一廠", share="30%")
    assert row_of(story, "AB10000001").said["place"] == "一廠"
    corrected(story, "AB10000001", place="")
    assert "place" not in row_of(story, "AB10000001").said


def test_a_sheet_that_comes_again_with_more_columns_is_known(tmp_path: Path) -> None:
    story = SmallCase(tmp_path / "case")
    story.take(rows("s.csv", machine("AB10000001")))
    report = story.take(rows("again.csv", machine("AB10000001", 廠牌="甲牌")))
    assert (report.imported, report.duplicates) == (0, 1)


def test_a_credit_note_says_nothing_of_the_invoice(tmp_path: Path) -> None:
    story = SmallCase(tmp_path / "case")
    note = machine("AB10000001", net=1_000) | {"憑證種類": "折讓"}
    story.take(rows("s.csv", machine("AB10000001", 廠牌="甲牌", 傳票號碼="112-8"), note))
    (credit,) = [voucher for voucher in story.case.vouchers if voucher.reverses]
    assert not {"brand", "journal", "unit"} & set(credit.entry.meta)


def test_a_requisition_is_never_payable(tmp_path: Path) -> None:
    story = SmallCase(tmp_path / "case")
    (text,) = invoice("領-001", "2023-08-02", 8_000).values()
    story.take({"r.csv": text.replace("統一發票", "領料單").replace(",400,", ",0,")})
    (voucher,) = story.case.vouchers
    assert (voucher.kind, voucher.payable, voucher.cost) == ("requisition", 0, 8_000)
    assert story.balance("Liabilities:1應付帳款") == 0
    assert story.balance("Equity:1業者投入") == -8_000
    corrected(story, "領-001", net="7000")
    assert (story.balance("Liabilities:1應付帳款"), story.balance("Equity:1業者投入")) == (0, -7_000)


def test_a_requisition_of_older_books_is_not_payable_either(tmp_path: Path) -> None:
    story = SmallCase(tmp_path / "case")
    (text,) = invoice("領-001", "2023-08-02", 8_000).values()
    story.take({"r.csv": text.replace("統一發票", "領料單").replace(",400,", ",0,")})
    book = story.folder / "books/2023-08.beancount"
    book.write_text(
        book.read_text("utf-8").replace("Equity:1業者投入 ", "Liabilities:1應付帳款 "), encoding="utf-8"
    )
    (voucher,) = story.case.vouchers
    assert voucher.payable == 8_000
    assert story.case.unpaid[voucher.link] == 0
