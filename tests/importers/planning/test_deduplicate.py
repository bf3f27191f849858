"""From readings to what is new."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from importers.planning.deduplicate import gather
from importers.planning.import_ids import another
from importers.planning.import_ids import base_id
from importers.planning.import_ids import voucher_id
from importers.planning.papers.told import Gathered
from importers.records import Reference
from ledger.files.pending import PendingStore
from tests.importers.makers import AWARD
from tests.importers.makers import case_of
from tests.importers.makers import invoice
from tests.importers.makers import item
from tests.importers.makers import reading
from tests.importers.planning.booked import BOOKED

BEARING = item("高效率軸承", 1000)


def gathered(*readings: object, text: str = "") -> Gathered:
    return gather(readings, case_of(text), AWARD)  # type: ignore[arg-type]


def test_two_routes_are_one_voucher_with_both_sources() -> None:
    xml = reading(invoice(BEARING, net=1000))
    sheet = reading(
        invoice(BEARING, net=1000, paid=datetime.date(2023, 7, 20), category="設備費", attachment="a.pdf"),
        route="voucher-sheet",
        file="登記表.csv",
    )
    found = gathered(sheet, xml)
    (new,) = found.new
    assert (new.files, new.format, found.duplicates) == (["a.xml", "登記表.csv"], "mig-xml", 1)
    assert (new.record.paid, new.record.attachment) == (datetime.date(2023, 7, 20), "a.pdf")


def test_the_same_number_with_another_item_or_amount_is_booked_beside_the_first() -> None:
    other = reading(invoice(item("空壓機變頻節能改善", 1000), net=1000), route="voucher-sheet", file="b.csv")
    dearer = reading(invoice(BEARING, net=2000), route="voucher-sheet", file="c.csv")
    found = gathered(reading(invoice(BEARING, net=1000)), other, dearer)
    ids = [new.import_id for new in found.new]
    assert ids == ["invoice:11208:AB12345678", "invoice:11208:AB12345678 (2)", "invoice:11208:AB12345678 (3)"]
    assert found.duplicates == 0


def test_a_booked_voucher_is_known() -> None:
    found = gathered(reading(invoice(BEARING, net=1000), file="renamed.xml"), text=BOOKED)
    assert (found.new, found.duplicates, found.unmatched) == ([], 1, [])


def test_a_changed_amount_is_shown_and_not_booked() -> None:
    found = gathered(reading(invoice(BEARING, net=1200)), text=BOOKED)
    assert found.new == []
    (conflict,) = found.unmatched
    assert conflict.waits
    assert "1,000" in conflict.reason
    assert "1,200" in conflict.reason


@pytest.mark.parametrize("net", [900, 1000])
def test_another_item_under_a_booked_number_is_asked_about(net: int) -> None:
    found = gathered(reading(invoice(item("空壓機變頻節能改善", net), net=net)), text=BOOKED)
    assert found.new == []
    (conflict,) = found.unmatched
    assert "AB12345678" in str(conflict.record)
    assert [pending.choices for pending in found.waiting] == [("replace", "keep-both", "ignore")]
    assert conflict.question == found.waiting[0].id


def test_rows_of_strangers_in_a_bulk_download_are_counted_and_not_kept() -> None:
    paper = invoice(
        item("辦公用紙", 90), net=90, number="CD11111111", seller="12345675", seller_name="文具行"
    )
    bulk = reading(paper, route="platform-xlsx", file="IN.xlsx")
    assert gathered(bulk).not_of_case == 1
    assert gathered(bulk).new == []
    # put into the inbox by itself it is the case's, and then so is its row
    both = gathered(bulk, reading(paper))
    assert (len(both.new), both.duplicates, both.not_of_case) == (1, 1, 0)


def test_a_row_of_a_supplier_or_of_an_approved_item_is_the_cases() -> None:
    supplier = invoice(item("辦公用紙", 90), net=90, number="CD11111111")
    approved = invoice(BEARING, net=1000, number="CD22222222", seller="12345675", seller_name="誰")
    assert len(gathered(reading(supplier, approved, route="platform-xlsx")).new) == 2


def test_a_voided_row_is_an_event_and_no_voucher() -> None:
    found = gathered(reading(invoice(BEARING, net=1000, status="voided"), route="platform-xlsx"))
    assert (found.new, found.reversals) == ([], [])
    assert [(pending.kind, pending.is_open) for pending in found.waiting] == [("take-back", False)]


@pytest.mark.parametrize("lacking", [{"number": ""}, {"date": None}, {"net": None, "gross": None}])
def test_what_cannot_be_booked_waits_with_its_reason(lacking: dict[str, object]) -> None:
    found = gathered(reading(invoice(BEARING, **({"net": 1000} | lacking))))  # type: ignore[arg-type]
    assert found.new == []
    assert found.unmatched[0].waits


def test_declarations_are_only_for_reconciling() -> None:
    assert gathered(reading(invoice(net=5, is_declared=True), route="vat-media")).not_of_case == 1


def test_a_sheet_that_says_paid_later_is_told() -> None:
    sheet = reading(invoice(BEARING, net=1000, paid=datetime.date(2023, 8, 1)), route="voucher-sheet")
    assert len(gathered(sheet, text=BOOKED).paid) == 1


def test_ids_of_papers() -> None:
    assert voucher_id(invoice(net=1)) == "invoice:11208:AB12345678"
    receipt = invoice(net=1, kind="receipt", number="收 1")
    assert voucher_id(receipt) == "receipt:27715140:2023-07-12:收1"
    cancel = invoice(net=1, kind="cancel", references=(Reference("AB12345678", datetime.date(2023, 7, 12)),))
    assert voucher_id(cancel) == "void:11208:AB12345678"
    assert base_id(another("receipt:A:2023-07-12:x(2)", 3)) == "receipt:A:2023-07-12:x(2)"
    assert another("x", 1) == "x"


@pytest.mark.parametrize("text", ["", BOOKED])
def test_a_seller_without_a_name_bears_the_one_that_is_known(text: str) -> None:
    code = reading(invoice(net=500, number="CD11111111", seller_name=""), route="invoice-qr", file="qr.txt")
    other = reading(invoice(BEARING, net=1000))
    found = gathered(code, *([] if text else [other]), text=text)
    new = next(new for new in found.new if new.record.number == "CD11111111")
    assert new.record.seller_name == "晟鑫科技企業有限公司"
    assert gathered(code).new[0].record.seller_name == ""


def test_marks_that_one_route_prints_make_no_other_item() -> None:
    plain = reading(invoice(item("高效率軸承", 1000), net=1000), route="cloud-invoice-csv", file="雲端.csv")
    marked = reading(invoice(item('"高效率 軸承"', 1000), net=1000), route="carrier-csv", file="載具.csv")
    found = gathered(plain, marked)
    assert [new.files for new in found.new] == [["雲端.csv", "載具.csv"]]
    assert len(gathered(plain, reading(invoice(item("***", 1000), net=1000), route="carrier-csv")).new) == 2


def test_two_messages_of_a_number_with_different_days_are_asked_about() -> None:
    """After a 註銷 that has not come yet the number may have been used again for the same sum."""
    later = invoice(BEARING, net=1000, date=datetime.date(2023, 7, 20))
    found = gathered(reading(invoice(BEARING, net=1000)), reading(later, file="b.xml"))
    assert [new.record.date for new in found.new] == [datetime.date(2023, 7, 12)]
    (question,) = found.unmatched
    assert "日期不同" in question.reason
    sheet = gathered(reading(invoice(BEARING, net=1000)), reading(later, route="voucher-sheet", file="b.csv"))
    assert (len(sheet.new), sheet.unmatched) == (1, [])  # a register may bear another day


VOIDED = (
    BOOKED
    + """
2023-07-15 * "晟鑫科技企業有限公司" "作廢 AB12345678" ^AB12345678
  voucher: "void"
  number: "AB12345678"
  reverses: "AB12345678"
  net: -1000 TWD
  tax: -50 TWD
  item: "高效率軸承"
  event: "cancel"
  event-date: 2023-07-15
  import-id: "void:invoice:11208:AB12345678"
  Expenses:2業者自籌款:01消耗性器材及原材料費  -1000 TWD
  Assets:2進項稅額   -50 TWD
  Liabilities:1應付帳款  1050 TWD
"""
)


def test_a_number_that_was_used_up_is_asked_about_and_nothing_can_take_the_place_of_what_is_void() -> None:
    found = gathered(reading(invoice(BEARING, net=2000, date=datetime.date(2023, 7, 20))), text=VOIDED)
    assert found.new == []
    (question,) = found.unmatched
    assert "作廢的號碼不能再用" in question.reason
    assert [pending.choices for pending in found.waiting] == [("keep-both", "ignore")]


def test_the_same_sum_on_a_later_day_under_a_used_up_number_is_asked_about() -> None:
    later = gathered(reading(invoice(BEARING, net=1000, date=datetime.date(2023, 7, 20))), text=VOIDED)
    assert (later.new, len(later.unmatched)) == ([], 1)
    again = gathered(reading(invoice(BEARING, net=1000)), text=VOIDED)
    assert (again.duplicates, again.unmatched) == (1, [])


def test_a_paper_whose_cancellation_is_here_is_no_conflict_with_a_later_one() -> None:
    """The new paper under the number was booked first; now come the old one and what takes it back."""
    taken_again = BOOKED.replace("2023-07-12 *", "2023-07-25 *")
    cancel = invoice(
        net=None,
        kind="void",
        date=datetime.date(2023, 7, 15),
        references=(Reference("AB12345678", datetime.date(2023, 7, 12), 0, 0),),
    )
    found = gathered(reading(invoice(BEARING, net=3000)), reading(cancel, file="v.xml"), text=taken_again)
    (new,) = found.new
    assert (new.import_id, found.unmatched) == ("invoice:11208:AB12345678 (2)", [])
    assert [reversal.target for reversal in found.reversals] == [new.import_id]


DECLARED = invoice(net=1000, tax=50, seller_name="", date=datetime.date(2023, 7, 31), is_declared=True)


def test_a_declared_row_may_be_taken() -> None:
    found = gathered(reading(DECLARED, route="vat-media", file="x.TXT"))
    (aside,) = found.set_aside
    (waiting,) = found.waiting
    assert (aside.id, waiting.asks, waiting.choices) == (waiting.id, False, ("take", "leave"))
    store = PendingStore(found.waiting)
    store.answer(waiting.id, "take")
    taken = gather([], case_of(), AWARD, store)
    assert [(new.record.number, new.record.net) for new in taken.new] == [("AB12345678", 1000)]


def test_a_declared_row_that_something_else_told_of_waits_no_more() -> None:
    found = gathered(reading(DECLARED, route="vat-media", file="x.TXT"))
    told = gather([reading(invoice(BEARING, net=1000))], case_of(), AWARD, PendingStore(found.waiting))
    assert (len(told.new), told.waiting, told.set_aside) == (1, [], [])


def test_a_row_of_the_companys_own_sales_is_listed_and_cannot_be_taken() -> None:
    sale = dataclasses.replace(DECLARED, seller=AWARD.ubn, buyer="12345675")
    (aside,) = gathered(reading(sale, route="vat-media", file="x.TXT")).set_aside
    assert aside.id == ""


@pytest.mark.parametrize(
    ("source", "route", "is_asked"),
    [
        ("登記表.csv", "mig-xml", False),  # the message of a row that was booked
        ("a.xml", "voucher-sheet", False),  # the row of a message
        ("a.xml", "mig-xml", True),  # two messages of one day: issued anew?
    ],
)
def test_another_route_of_what_was_voided_is_no_new_paper(source: str, route: str, *, is_asked: bool) -> None:
    freed = VOIDED.replace('event: "cancel"', 'event: "void"').replace(
        '  import-id: "invoice', f'  source: "{source}"\n  import-id: "invoice'
    )
    found = gathered(reading(invoice(BEARING, net=1000), route=route), text=freed)
    assert (found.new, len(found.unmatched), found.duplicates) == ([], int(is_asked), int(not is_asked))
