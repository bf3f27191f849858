"""What waits: voids before their invoice, freed numbers, rows set aside, conflicts, and the answers that end it.

Each is tried in one run and in several, in every order: the figures are the same, or it is asked.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from checks.engine.runner import run_checks
from importers.questions.open_questions import open_questions
from ledger.files import PENDING
from ledger.files.pending import read_pending
from tests.importers.message_case import NOTE
from tests.importers.message_case import ROWS
from tests.importers.message_case import SELLER
from tests.importers.message_case import SELLER_NAME
from tests.importers.message_case import add
from tests.importers.message_case import answer
from tests.importers.message_case import books
from tests.importers.message_case import cancel
from tests.importers.message_case import cost
from tests.importers.message_case import credit
from tests.importers.message_case import ending
from tests.importers.message_case import made
from tests.importers.message_case import row
from tests.importers.message_case import sheet
from tests.importers.message_case import void
from tests.importers.message_case import xml
from tests.replay import run


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return made(tmp_path / "case")


# --- what takes back -----------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_cancellation_takes_back_its_invoice_whenever_it_comes(
    order: tuple[int, ...], tmp_path: Path
) -> None:
    """作廢 before its invoice, after it, between two: the other invoice of the same day stays."""
    files = [xml("AB12345678", 1000), cancel("AB12345678", "20230720"), xml("AB12345679", 300)]
    folder = made(tmp_path / "case")
    for place in order:
        add(folder, **{f"{place}__xml": files[place]})
    assert cost(folder) == 300
    together = made(tmp_path / "together")
    add(together, **{f"{place}__xml": text for place, text in enumerate(files)})
    assert cost(together) == 300
    assert books(folder).government_shares() == books(together).government_shares()


def test_a_cancellation_that_waits_is_set_aside_and_not_asked(case: Path) -> None:
    report = add(case, a__xml=cancel("AB12345678", "20230720"))
    assert (report.imported, report.unmatched) == (0, [])
    assert [each.record["number"] for each in report.set_aside] == ["AB12345678"]
    (waiting,) = read_pending(case)
    assert (waiting.kind, waiting.is_open) == ("take-back", False)
    assert add(case, b__xml=cancel("AB12345678", "20230720")).imported == 0
    add(case, c__xml=xml("AB12345678", 1000))
    assert list(read_pending(case)) == []
    assert add(case, d__xml=cancel("AB12345678", "20230720")).duplicates == 1


def test_a_freed_number_is_taken_again_in_three_runs(case: Path) -> None:
    add(case, a__xml=xml("AB12345678", 1000))
    add(case, b__xml=void("AB12345678", "20230713"))
    assert cost(case) == 0
    add(case, c__xml=xml("AB12345678", 1200))
    assert cost(case) == 1200
    again = add(case, d__xml=void("AB12345678", "20230713"), e__xml=xml("AB12345678", 1200))
    assert (again.imported, again.duplicates, again.unmatched) == (0, 2, [])
    add(case, f__xml=void("AB12345678", "20230725"))  # the second is voided too
    assert cost(case) == 0


def test_a_number_taken_again_on_a_later_day_is_told_apart_in_one_run(case: Path) -> None:
    report = add(
        case,
        a__xml=xml("AB12345678", 1000, "20230714"),
        b__xml=void("AB12345678", "20230713"),
        c__xml=xml("AB12345678", 1000),
    )
    assert cost(case) == 1000
    assert [voucher.date.day for voucher in books(case).vouchers if voucher.kind == "invoice"] == [12, 14]
    assert report.unmatched == []


@pytest.mark.parametrize("net", [1000, 1200])
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_number_taken_again_after_the_void_is_one_cost_in_any_order(
    order: tuple[int, ...], net: int, tmp_path: Path
) -> None:
    """What waits as a conflict lies in the inbox too: freed, it is booked once; and the void is not held against it."""
    files = [xml("AB12345678", 1000), void("AB12345678", "20230713"), xml("AB12345678", net, "20230714")]
    folder = made(tmp_path / "case")
    for place in order:
        add(folder, **{f"{place}__xml": files[place]})
    assert cost(folder) == net
    assert not [f for f in run_checks(books(folder)) if f.check == "voucher-voided" and f.amount]


@pytest.mark.parametrize("net", [1000, 1200])
def test_which_of_two_papers_of_one_day_was_voided_is_asked(case: Path, net: int) -> None:
    report = add(
        case,
        a__xml=xml("AB12345678", 1000),
        b__xml=void("AB12345678", "20230713"),
        c__xml=xml("AB12345678", net),
    )
    (asked,) = report.unmatched
    assert "AB12345678" in asked.reason
    assert cost(case) == 0
    answer(case, asked.question, "different")
    assert cost(case) == net
    assert add(case, d__xml=xml("AB12345678", net), e__xml=void("AB12345678", "20230713")).imported == 0


def test_the_same_amount_after_a_void_is_asked_and_remembered(case: Path) -> None:
    add(case, a__xml=xml("AB12345678", 1000))
    add(case, b__xml=void("AB12345678", "20230713"))
    report = add(case, c__xml=xml("AB12345678", 1000))
    (asked,) = report.unmatched
    assert cost(case) == 0
    assert answer(case, asked.question, "same").unmatched == []
    assert add(case, d__xml=xml("AB12345678", 1000)).unmatched == []
    assert cost(case) == 0


def test_a_cancelled_number_is_used_up(case: Path) -> None:
    add(case, a__xml=xml("AB12345678", 1000))
    add(case, b__xml=cancel("AB12345678", "20230713"))
    report = add(case, c__xml=xml("AB12345678", 1200))
    assert len(report.unmatched) == 1
    assert cost(case) == 0
    answer(case, report.unmatched[0].question, "keep-both")
    assert [f.amount for f in run_checks(books(case)) if f.check == "voucher-voided"] == [1200]


@pytest.mark.parametrize("status", ["作廢已確認", "註銷"])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_voided_row_of_a_download_takes_back_its_own_paper_only(
    case: Path, status: str, is_first: bool
) -> None:
    table = ROWS + row("AB12345678", 1000, status) + row("AB12345679", 500)
    if is_first:
        add(case, a__csv=table)
        add(case, b__xml=xml("AB12345678", 1000))
    else:
        add(case, b__xml=xml("AB12345678", 1000))
        add(case, a__csv=table)
    assert cost(case) == 500
    assert add(case, c__csv=table + row("AB12345670", 7)).duplicates >= 1
    assert cost(case) == 507


def test_a_download_with_the_freed_row_and_the_new_one_books_the_new_one(case: Path) -> None:
    add(case, a__xml=xml("AB12345678", 1000))
    add(case, b__csv=ROWS + row("AB12345678", 1000, "註銷") + row("AB12345678", 1200))
    assert cost(case) == 1200


def test_a_cancelled_credit_note_waits_with_its_credit_note(case: Path) -> None:
    ended = ending("Cancel", "G0501", "AL1", "20230810", "20230804", "Allowance")
    for name, text in {
        "a": ended,
        "b": credit("AL1", "AB12345678", 200),
        "c": xml("AB12345678", 1000),
    }.items():
        add(case, **{f"{name}__xml": text})
    assert cost(case) == 1000
    assert list(read_pending(case)) == []


# --- credit notes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("net", [200, 300])
def test_a_row_with_the_number_of_the_credit_note_and_no_invoice_is_that_note(
    order: tuple[int, ...], net: int, tmp_path: Path
) -> None:
    note = NOTE.replace(",折讓,AB12345678,", ",折讓,AL1,").replace(",200,10,", f",{net},{net // 20},")
    files = {
        "a.xml": xml("AB12345678", 1000),
        "b.xml": credit("AL1", "AB12345678", 200),
        "c.csv": sheet(note),
    }
    folder = made(tmp_path / "case")
    names = list(files)
    for place in order:
        add(folder, **{names[place].replace(".", "__"): files[names[place]]})
    assert cost(folder) == 800
    assert [waiting.is_open for waiting in read_pending(folder)] == [True] * (
        net != 200
    )  # another sum is asked


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_a_credit_note_by_two_routes_is_one(order: tuple[int, ...], tmp_path: Path) -> None:
    files = {
        0: ("a.xml", xml("AB12345678", 1000)),
        1: ("b.xml", credit("AL1", "AB12345678", 200)),
        2: ("c.csv", sheet(NOTE)),
    }
    for folder, runs in (
        (made(tmp_path / "apart"), [[place] for place in order]),
        (made(tmp_path / "one"), [list(order)]),
    ):
        for places in runs:
            add(folder, **{files[place][0].replace(".", "__"): files[place][1] for place in places})
        add(folder)
        assert cost(folder) == 800


def test_a_credit_note_of_another_day_under_its_invoices_number_is_asked(case: Path) -> None:
    add(case, a__xml=xml("AB12345678", 1000), b__xml=credit("AL1", "AB12345678", 200))
    report = add(case, c__csv=sheet(NOTE.replace("2023-08-04", "2023-08-20")))
    (asked,) = report.unmatched
    assert cost(case) == 800
    answer(case, asked.question, "different")
    assert cost(case) == 600


def test_the_header_of_a_credit_note_counts(case: Path) -> None:
    text = (
        credit("AL1", "AB12345678", 200)
        .replace("<TotalAmount>200<", "<TotalAmount>300<")
        .replace("<Amount><TaxAmount>10<", "<Amount><TaxAmount>15<")
    )
    add(case, a__xml=xml("AB12345678", 1000), b__xml=text)
    assert cost(case) == 700


# --- rows that changed ---------------------------------------------------------------------------------


RECEIPT = "2023-07-20,收據,0991,,永順五金行,{item},1,批,{net},0,{category},2023-07-20,零用金,"


def receipt(item: str = "軸承油", net: int = 500, category: str = "消耗性器材及原材料費") -> str:
    return sheet(RECEIPT.format(item=item, net=net, category=category))


@pytest.mark.parametrize(
    ("changed", "word", "left"),
    [
        ({"net": 700}, "replace", 700),
        ({"net": 700}, "keep-both", 1200),
        ({"net": 700}, "ignore", 500),
        ({"item": "清潔油"}, "replace", 500),
        ({"category": "既有設備之改善費"}, "replace", 500),
        ({"category": "既有設備之改善費"}, "ignore", 500),
    ],
)
def test_a_changed_row_is_asked_and_answered(
    case: Path, changed: dict[str, object], word: str, left: int
) -> None:
    add(case, a__csv=receipt())
    report = add(case, b__csv=receipt(**changed))  # type: ignore[arg-type]
    assert report.imported == 0
    (asked,) = report.unmatched
    assert "0991" in str(asked.record)
    assert cost(case) == 500
    answer(case, asked.question, word)
    assert cost(case) == left
    after = books(case)
    if word == "replace":
        (voucher,) = after.vouchers
        assert [line.category for line in voucher.lines] == [
            "improvement" if "category" in changed else "consumables"
        ]
        assert set(after.unpaid.values()) == {0}  # the row says that all of it was paid
        ids = [entry.meta["import-id"] for entry in after.transactions]
        assert len(ids) == len(set(ids))
    assert add(case, c__csv=receipt(**changed)).unmatched == []  # type: ignore[arg-type]
    assert cost(case) == left


def test_a_row_whose_category_contradicts_its_item_is_known_again(case: Path) -> None:
    text = sheet(RECEIPT.format(item="高效率軸承", net=500, category="既有設備之改善費"))
    first = add(case, a__csv=text)
    assert [warning for warning in first.warnings if "既有設備之改善費" in warning]
    again = add(case, b__csv=text)
    assert (again.imported, again.duplicates, again.unmatched) == (0, 1, [])
    corrected = add(case, c__csv=text.replace("既有設備之改善費", "全新設備之購置費"))
    assert len(corrected.unmatched) == 1


def test_a_receipt_under_a_mended_name_is_asked_not_doubled(case: Path) -> None:
    add(case, a__csv=receipt())
    report = add(case, b__csv=receipt().replace("永順五金行", "永順五金商行"))
    assert len(report.unmatched) == 1
    assert cost(case) == 500


def test_a_negative_paper_is_asked_and_not_booked(case: Path) -> None:
    report = add(case, a__csv=receipt(net=-500))
    (asked,) = report.unmatched
    assert "負數" in asked.reason
    assert cost(case) == 0
    answer(case, asked.question, "take")
    assert cost(case) == -500


# --- bulk downloads ------------------------------------------------------------------------------------


def test_rows_of_strangers_are_set_aside_and_may_be_taken_in(case: Path) -> None:
    report = add(case, a__csv=ROWS + row("CD11111111", 90, seller="文具行") + row("AB12345678", 1000))
    assert (report.imported, report.not_of_case, report.unmatched) == (1, 1, [])
    (aside,) = report.set_aside
    assert aside.record["number"] == "CD11111111"
    (waiting,) = read_pending(case)
    assert waiting.choices == ("take", "leave")
    assert open_questions(books(case), read_pending(case)) == []
    answer(case, waiting.id, "take")
    assert "CD11111111" in {voucher.number for voucher in books(case).vouchers}
    assert list(read_pending(case)) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"buyer": "12345675"}, "買方統編"),
        ({"seller": "晟鑫科枝企業有限公司"}, "名稱相近"),
        ({"seller": "晟鑫科技企業股份有限公司"}, "名稱相近"),
    ],
)
def test_what_is_nearly_the_cases_is_asked(case: Path, changes: dict[str, str], why: str) -> None:
    report = add(case, a__csv=ROWS + row("CD11111111", 90, **changes))
    (asked,) = report.unmatched
    assert why in asked.reason
    assert cost(case) == 0
    (question,) = open_questions(books(case), read_pending(case))
    assert (question.id, question.kind, question.file) == (asked.question, "set-aside", "a.csv")
    assert {choice.answer for choice in question.choices} == {"take", "leave"}
    assert answer(case, asked.question, "leave").unmatched == []
    assert add(case, b__csv=ROWS + row("CD11111111", 90, **changes)).unmatched == []


@pytest.mark.parametrize("is_first", [True, False])
def test_a_seller_known_by_another_paper_makes_its_rows_the_cases_in_any_order(
    tmp_path: Path, is_first: bool
) -> None:
    table, paper = (
        ROWS + row("CD11111111", 90, seller="文具行"),
        xml("CD22222222", 70, seller="12345675").replace(SELLER_NAME, "文具行"),
    )
    folder = made(tmp_path / "apart")
    for name, text in [("a__csv", table), ("b__xml", paper)][:: 1 if is_first else -1]:
        add(folder, **{name: text})
    together = made(tmp_path / "one")
    add(together, a__csv=table, b__xml=paper)
    for each in (folder, together):
        assert {voucher.number for voucher in books(each).vouchers} == {"CD11111111", "CD22222222"}


# --- late, broken, the same bytes ----------------------------------------------------------------------


def test_a_late_voucher_says_where_it_went(case: Path) -> None:
    add(case, a__xml=xml("AB12345678", 1000))
    run("close", case, "2023-07")
    report = add(case, b__xml=xml("AB12345679", 300))
    assert [
        warning
        for warning in report.warnings
        if "AB12345679" in warning and "2023-08" in warning and "2023-07 已月結" in warning
    ]


def test_a_broken_line_of_what_waits_is_told_and_kept(case: Path) -> None:
    (case / PENDING).write_text("<<<<<<< HEAD\n", encoding="utf-8")
    report = add(case, a__xml=cancel("AB12345678", "20230720"))
    assert [warning for warning in report.warnings if PENDING in warning]
    assert (case / PENDING).read_text(encoding="utf-8").endswith("<<<<<<< HEAD\n")


def test_what_waits_is_the_same_bytes_whenever_it_is_made(tmp_path: Path) -> None:
    texts = []
    for name in ("one", "other"):
        folder = made(tmp_path / name)
        add(
            folder,
            a__csv=ROWS + row("CD11111111", 90, seller="文具行"),
            b__xml=cancel("AB12345678", "20230720"),
        )
        texts.append((folder / PENDING).read_bytes())
    assert texts[0] == texts[1]


@pytest.mark.parametrize(("word", "category"), [("replace", "improvement"), ("ignore", "consumables")])
def test_two_rows_of_one_run_that_name_different_categories_are_asked_about(
    case: Path, word: str, category: str
) -> None:
    files = {"a__csv": receipt(), "b__csv": receipt(category="既有設備之改善費")}
    report = add(case, **files)
    (asked,) = report.unmatched
    assert "會計科目不同" in asked.reason
    assert cost(case) == 500
    answer(case, asked.question, word)
    (voucher,) = books(case).vouchers
    assert [line.category for line in voucher.lines] == [category]
    assert add(case, d__csv=files["b__csv"]).unmatched == []


@pytest.mark.parametrize(
    "operation",
    [
        ("correct", "AB12345678", "--set", "claimed=800"),
        ("split", "AB12345678", "高效率軸承=500", "溫度變送器(4-20mA)=300"),
    ],
)
def test_what_takes_back_a_partly_claimed_voucher_takes_back_each_part(
    case: Path, operation: tuple[str, ...]
) -> None:
    """1,000 of which 800 are claimed: a credit note lowers both parts, a cancellation leaves nothing of either."""
    add(case, a__xml=xml("AB12345678", 1000))
    name, *more = operation
    run(name, case, *more, "--reason", "部分用於本案", as_json=False)
    assert cost(case) == 800
    add(case, b__xml=credit("AL1", "AB12345678", 100))
    assert 700 <= cost(case) <= 730
    add(case, c__xml=ending("Cancel", "G0501", "AL1", "20230810", "20230804", "Allowance"))
    assert cost(case) == 800
    add(case, d__xml=cancel("AB12345678", "20230820"))
    after = books(case)
    assert set(after.cost().values()) <= {(0, 0)}
    assert not {each.check for each in run_checks(after)} & {"split-mismatch", "cost-mismatch"}


def test_an_invoice_with_a_corrected_number_is_known_by_both(case: Path) -> None:
    row = f"2023-07-12,統一發票,AB12345687,{SELLER},{SELLER_NAME},高效率軸承,1,台,1000,50,,,,"
    add(case, a__csv=sheet(row))
    run("correct", case, "AB12345687", "--set", "number=AB12345678", "--reason", "登打錯誤", as_json=False)
    assert add(case, b__xml=xml("AB12345678", 1000)).imported == 0
    assert add(case, c__csv=sheet(row, row.replace("87,", "99,"))).imported == 1
    assert cost(case) == 2000
    add(case, d__xml=cancel("AB12345678", "20230820"))
    assert cost(case) == 1000


def test_a_late_voucher_keeps_its_true_day_of_payment(case: Path) -> None:
    """The register of July comes after July is closed: booked in August, paid on 20 July all the same."""
    add(case, a__xml=xml("AB12345678", 1000))
    run("close", case, "2023-07")
    add(case, b__csv=receipt())
    after = books(case)
    (payment,) = (payment for payment in after.payments if payment.number == "0991")
    assert (payment.date.isoformat(), payment.entry.date.isoformat()) == ("2023-07-20", "2023-08-01")
    rows = run("settle", case, "--as-of", "2024-06-30", "--json")
    assert rows["accepted"] == 1500
