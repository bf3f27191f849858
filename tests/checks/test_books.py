"""The books themselves."""

from __future__ import annotations

import pytest

from ledger.case.closes.closed_months import late_marks
from ledger.entries.builder import as_text
from tests.checks.builder import MONTHS
from tests.checks.builder import Books


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"equipment" 120000 TWD 120000 TWD\n', '"equipment" 120000.50 TWD 120000 TWD\n'),
        ('"equipment" 120000 TWD 120000 TWD\n', '"equipment" 120000 USD 120000 TWD\n'),
        ("end: 2023-09-30", 'end: "112/9/30"'),
        ("voucher-date: 2023-06-12", 'voucher-date: "112/6/12"'),
        ("net: 100000 TWD", "net: 100000.5 TWD"),
        ("managed-factory-112", "managed-factory"),
        ('guarantee: "partial"', 'guarantee: "half"'),
    ],
)
def test_books_unreadable(books: Books, old: str, new: str) -> None:
    (finding, *_more) = books.plant(old, new).findings("books-unreadable")
    assert finding.severity == "error"
    assert finding.line > 0
    assert books.found("books-unreadable") == []


def test_month_not_closed(books: Books) -> None:
    assert books.on(2023, 7, 31).found("month-not-closed") == []
    (finding,) = books.on(2023, 8, 1).findings("month-not-closed")
    assert "2023-06" in finding.message
    assert finding.severity == "warning"
    assert len(books.on(2024, 1, 1).findings("month-not-closed")) == 4
    assert len(books.close("2023-06", "2023-07").on(2024, 1, 1).findings("month-not-closed")) == 2
    assert books.close(*MONTHS).on(2024, 1, 1).found("month-not-closed") == []


def test_a_reopened_month_is_not_closed(clean: Books) -> None:
    reopened = clean.add("""
        2023-11-01 custom "grant-reopen" "2023-08"
          reason: "補列憑證"
    """)
    messages = [finding.message for finding in reopened.findings("month-not-closed")]
    assert [message[:7] for message in messages] == ["2023-08", "2023-09"]


CHANGED = "closed-month-changed"


def test_an_altered_entry_of_a_closed_month(clean: Books) -> None:
    assert clean.found(CHANGED) == []
    planted = clean.plant(
        "改善費   50000 TWD\n  Expenses:2業者自籌款:03既有設備之改善費   50000 TWD",
        "改善費   50001 TWD\n  Expenses:2業者自籌款:03既有設備之改善費   49999 TWD",
    )
    assert planted.found(CHANGED) == [("AB12345678", None)]


def test_an_altered_entry_without_a_number_is_not_missed_as_well(clean: Books) -> None:
    planted = clean.plant('2023-06-20 * "精密機械股份有限公司" "付款"', '2023-06-20 * "精密機械" "付款"')
    assert planted.found(CHANGED) == [("", None)]
    assert planted.days(CHANGED) == [("2023-06-20", None)]


def test_an_entry_added_to_a_closed_month(clean: Books) -> None:
    planted = clean.add("""
        2023-07-20 * "後補的" "雜項"
          Equity:1業者投入    10 TWD
          Equity:1業者投入   -10 TWD
    """)
    assert planted.days(CHANGED) == [("2023-07-20", None)]
    late = planted.plant('"後補的" "雜項"\n', '"後補的" "雜項"\n  import-id: "bank:1"\n')
    assert late.days(CHANGED) == [("2023-07-20", None)]  # no import announced it, whatever it calls itself
    (entry,) = [e for e in late.case().transactions if e.narration == "雜項"]
    assert late.add(as_text(late_marks(clean.case(), [entry]))).found(CHANGED) == []


def test_an_entry_gone_from_a_closed_month(clean: Books) -> None:
    payment = """2023-06-20 * "精密機械股份有限公司" "付款" ^AB12345678
  Liabilities:1應付帳款   105000 TWD
  Equity:1業者投入       -105000 TWD
"""
    (finding,) = clean.plant(payment, "").findings(CHANGED)
    assert str(finding.date) == "2023-06-30"  # the close, as nothing else is left to point at
    assert "少了 1 筆" in finding.message


def test_a_voucher_gone_from_a_closed_month(clean: Books) -> None:
    begin = clean.text.index('2023-07-10 * "益瀚電機有限公司" "感測器模組"')
    end = clean.text.index("\n\n", begin) + 1
    gone = clean.text[begin:end]
    assert clean.plant(gone, "").found(CHANGED) == [("R1120710001", None)]
    # another in its place does not hide it
    other = gone.replace("R1120710001", "R1120710002")
    assert sorted(clean.plant(gone, other).found(CHANGED)) == [("R1120710001", None), ("R1120710002", None)]


def test_a_close_that_was_altered(clean: Books) -> None:
    (finding,) = clean.plant("entitlement: 185000", "entitlement: 195000").findings(CHANGED)
    assert "2023-07" in finding.message


def test_papers_filed_later_change_nothing(clean: Books) -> None:
    planted = clean.plant(
        '  document: "2023-06-12.AB12345678.pdf"\n',
        '  document: "2023-06-12.AB12345678.pdf"\n  document-2: "x.pdf"\n',
    )
    assert planted.found(CHANGED) == []


def test_a_close_without_a_digest_can_only_be_doubted(books: Books) -> None:
    (finding,) = books.add('2023-06-30 custom "grant-close" "2023-06"').findings(CHANGED)
    assert finding.severity == "warning"


def test_entry_unclassified(books: Books) -> None:
    planted = books.plant(
        '2023-09-05 * "" "月結提領"\n', '2023-09-05 ! "" "月結提領"\n  unclear: "未指名月份"\n'
    )
    (finding,) = planted.findings("entry-unclassified")
    assert "未指名月份" in finding.message
    assert finding.voucher == ""
    assert finding.severity == "warning"
    bare = books.plant('2023-08-15 * "精密', '2023-08-15 ! "精密')
    assert bare.found("entry-unclassified") == [("CD10000001", None)]
    assert books.found("entry-unclassified") == []


def test_a_second_award_counts_for_nothing_and_is_said(books: Books) -> None:
    second = '2023-08-01 custom "grant-award" "112-納管-0456"\n  ubn: "11688527"\n  start: 2023-06-01\n  end: 2023-12-31\n'
    (finding,) = books.add(second).findings("books-unreadable")
    assert str(finding.date) == "2023-08-01"
    assert "grant-award" in finding.message


@pytest.mark.parametrize(
    "name", ["grant_budget", "Grant-Budget", "grant budget", "GRANTCLOSE", "grant-budgets"]
)
def test_a_directive_whose_name_is_nearly_ours(books: Books, name: str) -> None:
    planted = books.add(f'2023-08-01 custom "{name}" "equipment" 1 TWD 1 TWD')
    assert planted.days("books-unreadable") == [("2023-08-01", None)]


@pytest.mark.parametrize("name", ["grants", "budget", "fava-option", "emigrant-award"])
def test_directives_of_others_are_theirs(books: Books, name: str) -> None:
    assert books.add(f'2023-08-01 custom "{name}" "equipment" 0.5 TWD').found("books-unreadable") == []
