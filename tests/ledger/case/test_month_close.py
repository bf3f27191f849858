"""Month close: figures, order, what counts as a change, the chain, and opening again."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pytest
from beancount.core import data
from hypothesis import given
from hypothesis import strategies as st

from ledger.case.case import Case
from ledger.case.closes.closed_months import chain_breaks
from ledger.case.closes.closed_months import changes
from ledger.case.closes.closed_months import late_marks
from ledger.case.month_close import CloseError
from ledger.case.month_close import MonthFigures
from ledger.case.month_close import close_directive
from ledger.case.month_close import first_open_day
from ledger.case.month_close import month_figures
from ledger.case.month_close import reopen_directive
from ledger.case.month_close import worked_out
from ledger.entries.builder import as_text
from ledger.entries.builder import payment_entry
from ledger.entries.digest import close_hash
from ledger.entries.digest import entry_hash
from ledger.entries.digest import entry_token
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.model.directives import whole
from ledger.operations.edit import with_shares
from ledger.util.dates import month_last_day
from tests.ledger.ledgers import LEAD
from tests.ledger.ledgers import OTHER
from tests.ledger.ledgers import PARTNER
from tests.ledger.ledgers import awarded
from tests.ledger.ledgers import bank
from tests.ledger.ledgers import case_of
from tests.ledger.ledgers import case_of_text
from tests.ledger.ledgers import day
from tests.ledger.ledgers import load
from tests.ledger.ledgers import tries
from tests.ledger.ledgers import voucher

BUDGET = {"improvement": (98_000, 164_400), "consumables": (50_000, 50_000), "personnel": (0, 80_000)}

BOOKS = [
    *awarded(BUDGET),
    bank("instalment", "2023-06-05", 60_000, **{"import-id": "bank:1"}),
    voucher("AB12345678", day("2023-06-12"), ("improvement", 100_000), government=[37_347], tax=5_000),
    voucher(
        "CD12345678", day("2023-06-20"), ("consumables", 10_001), ("personnel", 7_000), government=[5_000, 0]
    ),
    payment_entry(
        day("2023-06-25"),
        "精密機械",
        "匯款",
        [("AB12345678", 105_000, 0)],
        "company",
        {"import-id": "bank:2"},
    ),
    voucher("EF12345678", day("2023-07-03"), ("improvement", 50_000), government=[18_674]),
    bank("withdrawal", "2023-07-04", -42_347, months="2023-06", **{"import-id": "bank:3"}),
]


def through_text(*entries: data.Directive) -> list[data.Directive]:
    """Entries as they come back from a file; the accounts are open there."""
    told = [entry for entry in entries if not isinstance(entry, data.Open)]
    return load(as_text(sorted(told, key=lambda entry: entry.date)))


def closed(*entries: data.Directive, months: tuple[str, ...] = ("2023-06",)) -> list[data.Directive]:
    """The books with these months closed, as they come back from files."""
    books = through_text(*entries)
    for month in months:
        close = close_directive(case_of(*books), month, month_last_day(month), 0)
        assert close is not None
        books = [*books, *load(as_text([close]))[-1:]]
    return books


def found(books: list[data.Directive]) -> list[tuple[str, int, tuple[str, ...]]]:
    """What changed in the closed months: the number of the entry now there, how many are gone, and which."""
    case = case_of(*books)
    return [
        (str(change.entry.meta.get("number", "")) if change.entry else "", change.gone, change.numbers)
        for close in case.closes
        for change in changes(case, close)
    ]


CLOSED = closed(*BOOKS)


def test_the_figures_of_a_month() -> None:
    figures = month_figures(case_of(*BOOKS), "2023-06")
    assert figures.as_json() == {
        "month": "2023-06",
        "entitlement": 42_347,
        "withdrawn_before": 0,
        "withdrawable": 42_347,
        "by_category": {"improvement": 37_347, "consumables": 5_000, "personnel": 0},
    }


def test_the_principal_limits_what_may_be_withdrawn_and_a_withdrawal_of_the_day_follows_the_close() -> None:
    case = case_of(*BOOKS)
    july = month_figures(case, "2023-07")
    assert (july.entitlement, july.withdrawn_before, july.withdrawable) == (61_021, 42_347, 60_000 - 42_347)
    on_the_day = month_figures(case, "2023-07", day("2023-07-04"))
    assert (on_the_day.withdrawn_before, on_the_day.withdrawable) == (0, 60_000)
    assert month_figures(case, "2023-06", day("2023-06-04")).withdrawable == 0


def test_a_close_says_what_it_certifies() -> None:
    close = case_of(*closed(*BOOKS)).closes[0]
    meta = {key: str(value) for key, value in close.entry.meta.items() if key not in {"filename", "lineno"}}
    assert (close.entitlement, close.withdrawable, close.previous) == (42_347, 42_347, "")
    assert meta["improvement"] == "37347 TWD"
    assert meta["consumables"] == "5000 TWD"
    assert "personnel" not in meta
    assert meta["findings"] == "0"
    assert len(close.entries) == 4
    assert len(close.digest) == 32


def test_a_month_closed_with_the_same_content_is_left_alone() -> None:
    assert close_directive(case_of(*CLOSED), "2023-06", day("2023-08-01"), 3) is None


def test_a_month_closed_with_other_content_is_refused() -> None:
    late = voucher("GH12345678", day("2023-06-30"), ("consumables", 1))
    with pytest.raises(CloseError, match="grant-reopen"):
        close_directive(case_of(*CLOSED, late), "2023-06", day("2023-08-01"), 0)


@pytest.mark.parametrize("month", ["2023-05", "2023-07", "2024-01"])
def test_months_close_in_order(month: str) -> None:
    with pytest.raises(CloseError, match="2023-06"):
        close_directive(case_of(*BOOKS), month, month_last_day(month), 0)
    case = case_of(*closed(*BOOKS, months=("2023-06", "2023-07")))
    with pytest.raises(CloseError, match="2023-08"):
        close_directive(case, "2023-09", day("2023-09-30"), 0)


def test_no_award_no_close() -> None:
    with pytest.raises(CloseError, match="grant-award"):
        close_directive(case_of(), "2023-06", day("2023-06-30"), 0)
    assert month_figures(case_of(), "2023-06") == MonthFigures("2023-06", day("2023-06-30"), 0, 0, 0, {})


def test_the_day_of_a_close_says_what_was_withdrawn_before_it() -> None:
    figures = month_figures(case_of(*BOOKS), "2023-06", day("2023-07-05"))
    assert (figures.date, figures.withdrawn_before) == (day("2023-07-05"), 42_347)
    assert figures.withdrawable == 0
    assert month_figures(case_of(*BOOKS), "2023-06").date == day("2023-06-30")
    late = close_directive(case_of(*BOOKS), "2023-06", day("2023-07-05"), 0)
    assert late is not None
    assert late.meta["withdrawable"] == twd(0)


def test_cost_of_somebody_who_is_no_party_is_the_lead_s() -> None:
    stranger = voucher("S1", day("2023-06-15"), ("improvement", 1_000), party="99999999")
    figures = month_figures(case_of(*BOOKS, stranger), "2023-06")
    assert figures.entitlement == 101_000 * 98_000 // 262_400 + 5_000
    assert figures.parties == {}


def test_the_first_open_day() -> None:
    assert first_open_day(case_of(*BOOKS)) is None
    assert first_open_day(case_of(*CLOSED)) == day("2023-07-01")


# --- what is a change ---------------------------------------------------------------------------------------


def test_untouched_books_show_no_change_and_an_unbroken_chain() -> None:
    books = closed(*BOOKS, months=("2023-06", "2023-07", "2023-08"))
    assert found(books) == []
    assert chain_breaks(case_of(*books)) == []


def test_reformatting_is_no_change() -> None:
    text = as_text([entry for entry in BOOKS if isinstance(entry, data.Transaction)])
    apart = (
        text.replace("   ", "            ")
        .replace(" 100000 TWD", " 100,000.00 TWD")
        .replace("quantity: 1\n", "quantity: 1.0\n")
        .replace("  tax: 5000 TWD\n", "    tax:   5,000 TWD  ; as printed\n")
    )
    assert apart != text
    rest = [entry for entry in CLOSED if not isinstance(entry, data.Transaction)]
    assert found([*rest, *(e for e in load(apart) if isinstance(e, data.Transaction))]) == []


@tries(20)
@given(st.randoms(use_true_random=False))
def test_reordering_is_no_change(chance: random.Random) -> None:
    def shuffled(entry: data.Directive) -> data.Directive:
        if not isinstance(entry, data.Transaction):
            return entry
        postings, meta = [*entry.postings], [*entry.meta.items()]
        chance.shuffle(postings)
        chance.shuffle(meta)
        return entry._replace(postings=postings, meta=dict(meta))

    books = [shuffled(entry) for entry in CLOSED]
    chance.shuffle(books)
    assert found(books) == []


def test_a_paper_filed_later_and_another_source_are_no_change() -> None:
    books = [
        entry._replace(
            meta=entry.meta | {"document": "2023-06-12.a.pdf", "document-2": "b.pdf", "source": "x"}
        )
        if isinstance(entry, data.Transaction)
        else entry
        for entry in CLOSED
    ]
    assert found(books) == []


LATE = bank("interest", "2023-06-21", 12, **{"import-id": "bank:99"})


def let_in(books: list[data.Directive], *late: data.Transaction) -> list[data.Directive]:
    """The books with lines that an import let into closed months, as they come back from files."""
    return through_text(*books, *late, *late_marks(case_of(*books), late))


def without(books: list[data.Directive], late: data.Transaction) -> list[data.Directive]:
    return [entry for entry in books if entry.meta.get("import-id") != late.meta["import-id"]]


def test_a_bank_line_that_an_import_let_in_is_no_change() -> None:
    assert found([*CLOSED, LATE]) == [("", 0, ())]  # put in by hand: a change, whatever its import-id
    books = let_in(CLOSED, LATE)
    assert found(books) == []
    assert found(without(books, LATE)) == [("", 1, ())]
    assert found([*books, LATE]) == [("", 0, ())]


def test_the_next_close_seals_what_was_let_in() -> None:
    books = closed(*let_in(CLOSED, LATE), months=("2023-07",))
    july = case_of(*books).closes[1]
    assert [*july.late] == ["2023-06"]
    assert found(books) == []
    assert found(without(books, LATE)) == [("", 1, ())]
    unmarked = [entry for entry in books if getattr(entry, "type", "") != "grant-late"]
    assert found(unmarked) == []  # the close alone holds it
    again = bank("interest", "2023-06-22", 7, **{"import-id": "bank:100"})
    assert found(let_in(books, again)) == []
    more = closed(*let_in(books, again), months=("2023-08",))
    assert case_of(*more).closes[2].late == {"2023-06": (entry_token(again),)}
    assert found(more) == []
    assert found(without(more, LATE)) == found(without(more, again)) == [("", 1, ())]


def test_a_line_let_in_stays_let_in_when_a_later_month_is_opened_again() -> None:
    books = let_in(closed(*BOOKS, months=("2023-06", "2023-07")), LATE)
    opened = reopen_directive(case_of(*books), "2023-07", "漏列", day("2023-08-05"))
    books = through_text(*books, opened)
    assert found(books) == []
    again = closed(*books, months=("2023-07",))
    assert found(again) == []
    assert found(without(again, LATE)) == [("", 1, ())]


def test_an_opened_month_seals_its_late_lines_as_its_own() -> None:
    books = let_in(CLOSED, LATE)
    opened = reopen_directive(case_of(*books), "2023-06", "漏列", day("2023-08-05"))
    again = closed(*through_text(*books, opened), months=("2023-06",))
    assert found(again) == []
    assert len(case_of(*again).closes[0].entries) == 5


def test_a_mark_that_was_tampered_with_announces_nothing() -> None:
    books = let_in(CLOSED, LATE)
    (mark,) = [entry for entry in books if getattr(entry, "type", "") == "grant-late"]
    forged = mark._replace(meta=mark.meta | {"entries": f"{mark.meta['entries']} {entry_token(LATE)}"})
    assert found([forged if entry is mark else entry for entry in books]) == [("", 0, ())]


def as_before(books: list[data.Directive]) -> list[data.Directive]:
    """The books with their closes as an earlier version of the program made them."""
    old, previous = [], ""
    for entry in books:
        if isinstance(entry, data.Custom) and entry.type == "grant-close":
            kept = {
                k: v for k, v in entry.meta.items() if k not in {"late", "withdrawn", "digest", "previous"}
            }
            entry = entry._replace(meta=kept | {"previous": previous})  # noqa: PLW2901
            entry.meta["digest"] = previous = close_hash(entry)
        old.append(entry)
    return old


def test_old_closes_let_bank_lines_in_until_the_next_one_seals_them() -> None:
    books = [*as_before(CLOSED), LATE]
    assert chain_breaks(case_of(*books)) == []
    assert found(books) == []
    sealed = closed(*books, months=("2023-07",))
    assert found(sealed) == []
    assert found(without(sealed, LATE)) == [("", 1, ())]
    other = bank("interest", "2023-06-22", 7, **{"import-id": "bank:100"})
    assert found([*sealed, other]) == [("", 0, ())]


# --- what was certified stays -------------------------------------------------------------------------------


def revised(on: str) -> data.Custom:
    return custom(day(on), "budget", "improvement", twd(120_000), twd(142_400), approval="經授字第1號")


def test_a_revision_dated_into_a_closed_month_leaves_what_was_certified() -> None:
    before = month_figures(case_of(*CLOSED), "2023-06")
    case = case_of(*CLOSED, revised("2023-06-01"))
    assert month_figures(case, "2023-06") == before
    assert worked_out(case, "2023-06").entitlement > before.entitlement
    assert close_directive(case, "2023-06", day("2023-06-30"), 0) is None


def test_the_next_vouchers_catch_up_with_a_revision_of_a_closed_month() -> None:
    case = case_of(*CLOSED, revised("2023-06-01"))
    parts = {v.number: case.expected_splits[id(v.entry)] for v in case.vouchers}
    assert parts["AB12345678"] == (37_347,)  # as it was certified
    assert parts["EF12345678"] == (150_000 * 120_000 // 262_400 - 37_347,)
    assert sum(map(sum, parts.values())) == case.entitlement(day("2023-07-31"))


def test_a_share_booked_wrong_before_the_close_is_still_told() -> None:
    wrong = voucher("AB12345678", day("2023-06-12"), ("improvement", 100_000), government=[37_000], tax=5_000)
    books = [wrong if entry.meta.get("number") == "AB12345678" else entry for entry in BOOKS]
    case = case_of(*closed(*books))
    parts = {v.number: case.expected_splits[id(v.entry)] for v in case.vouchers}
    assert parts["AB12345678"] == (37_347,)


@tries(30)
@given(
    st.lists(st.tuples(st.integers(1, 60_000), st.integers(0, 60)), min_size=1, max_size=6),
    st.integers(60_000, 200_000),
    st.booleans(),
)
def test_postings_add_up_to_the_cumulative_figure_whatever_is_revised(
    bills: list[tuple[int, int]], government: int, early: bool
) -> None:
    vouchers = [
        voucher(f"V{place}", day("2023-06-01") + datetime.timedelta(days=later), ("improvement", net))
        for place, (net, later) in enumerate(bills)
    ]
    last = voucher("V9", day("2023-08-02"), ("improvement", 1_000))
    books = [*awarded(BUDGET), *reshared([*awarded(BUDGET), *vouchers, last])]
    books = closed(*books)
    revision = custom(
        day("2023-06-02" if early else "2023-08-01"),
        "budget",
        "improvement",
        twd(government),
        twd(200_000),
        approval="1",
    )
    case = case_of(*books, revision)
    certified = case.closes[0].entitlement
    closed_part = sum(sum(case.expected_splits[id(v.entry)]) for v in case.vouchers if v.month == "2023-06")
    assert closed_part == certified
    assert sum(map(sum, case.expected_splits.values())) == case.entitlement(day("2023-08-31"))


def reshared(books: list[data.Directive]) -> list[data.Transaction]:
    """The vouchers with the shares that they should bear."""
    case = case_of(*books)
    return [with_shares(v, case.expected_splits[id(v.entry)]) for v in case.vouchers]


def test_a_close_again_prints_what_was_certified() -> None:
    late = bank("withdrawal", "2023-06-29", -7, **{"import-id": "bank:7"})
    figures = month_figures(case_of(*let_in(CLOSED, late)), "2023-06")
    assert figures == month_figures(case_of(*BOOKS), "2023-06")
    assert worked_out(case_of(*let_in(CLOSED, late)), "2023-06").withdrawn_before == 7


def test_a_cost_entry_does_not_come_in_as_a_bank_line() -> None:
    smuggled = voucher("GH12345678", day("2023-06-30"), ("consumables", 1))
    smuggled.meta["import-id"] = "bank:99"
    assert found([*CLOSED, smuggled]) == [("GH12345678", 0, ())]


def test_two_entries_of_the_same_content_are_two() -> None:
    twice = [*BOOKS, *[voucher("DD12345678", day("2023-06-21"), ("consumables", 1_000))] * 2]
    books = closed(*twice, months=("2023-06",))
    assert found(books) == []
    assert found([*books, twice[-1]]) == [("DD12345678", 0, ())]
    books.remove(next(entry for entry in books if entry.meta.get("number") == "DD12345678"))
    assert found(books) == [("", 1, ("DD12345678",))]


def test_a_late_voucher_is_a_change_and_named() -> None:
    late = voucher("GH12345678", day("2023-06-30"), ("consumables", 1))
    assert found([*CLOSED, late]) == [("GH12345678", 0, ())]


def test_an_entry_that_is_gone_is_named() -> None:
    assert found([e for e in CLOSED if e.meta.get("number") != "AB12345678"]) == [("", 1, ("AB12345678",))]
    assert found([e for e in CLOSED if e.meta.get("import-id") != "bank:1"]) == [("", 1, ())]


def changed(entry: data.Transaction, how: str) -> data.Transaction:
    """The entry with one piece of its content another."""
    first, *rest = entry.postings
    more = first._replace(units=twd(whole(first.units) + 1))
    without_seller = {key: value for key, value in entry.meta.items() if key != "seller"}
    replaced: dict[str, dict[str, Any]] = {
        "amount": {"postings": [more, *rest]},
        "account": {"postings": [first._replace(account="Assets:2進項稅額"), *rest]},
        "posting": {"postings": rest},
        "posting-meta": {"postings": [first._replace(meta={"item": "別的"}), *rest]},
        "date": {"date": entry.date + datetime.timedelta(days=1)},
        "payee": {"payee": "別家"},
        "narration": {"narration": f"{entry.narration}。"},
        "flag": {"flag": "!"},
        "link": {"links": frozenset({"XX"})},
        "tag": {"tags": frozenset({"XX"})},
        "meta-kind": {"meta": entry.meta | {"quantity": "1"}},
        "meta-gone": {"meta": without_seller},
    }
    return entry._replace(**replaced.get(how, {"meta": entry.meta | {how: "別的"}}))


@pytest.mark.parametrize(
    "how",
    [
        "amount",
        "account",
        "posting",
        "posting-meta",
        "date",
        "payee",
        "narration",
        "flag",
        "link",
        "tag",
        "meta-kind",
        "meta-gone",
        "number",
        "voucher-date",
        "seller",
        "buyer",
        "item",
        "import-id",
        "new-key",
    ],
)
def test_any_change_of_a_cost_entry_is_found_and_named(how: str) -> None:
    books = [
        changed(entry, how)
        if isinstance(entry, data.Transaction) and entry.meta.get("number") == "AB12345678"
        else entry
        for entry in CLOSED
    ]
    case = Case(books, as_of=day("2024-01-01"))
    (close,) = case.closes
    (now, gone) = changes(case, close)
    assert now.entry is not None
    assert now.entry.meta["import-id"] in {"invoice:AB12345678", "別的"}
    assert (gone.entry, gone.gone, gone.numbers) == (None, 1, ("AB12345678",))


@tries(80)
@given(st.text(max_size=6), st.text(max_size=6), st.text(max_size=6), st.text(max_size=6))
def test_no_content_passes_for_another(a: str, b: str, c: str, d: str) -> None:
    one = voucher("N", day("2023-06-12"), ("improvement", 1))._replace(payee=a, narration=b)
    other = one._replace(payee=c, narration=d)
    assert (entry_hash(one) == entry_hash(other)) == ((a, b) == (c, d))


# --- the chain ----------------------------------------------------------------------------------------------


def tampered(books: list[data.Directive], month: str, **meta: Any) -> list[data.Directive]:
    return [
        entry._replace(meta=entry.meta | meta)
        if isinstance(entry, data.Custom) and entry.type == "grant-close" and entry.values[0].value == month
        else entry
        for entry in books
    ]


@pytest.mark.parametrize(
    "meta",
    [
        {"entitlement": twd(1)},
        {"withdrawable": twd(1)},
        {"improvement": twd(1)},
        {"findings": None},
        {"entries": "abc"},
        {"previous": "abc"},
        {"digest": "abc"},
    ],
)
def test_a_close_that_was_altered_is_found(meta: dict[str, Any]) -> None:
    books = closed(*BOOKS, months=("2023-06", "2023-07"))
    case = case_of(*tampered(books, "2023-07", **meta))
    assert [close.month for close in chain_breaks(case)] == ["2023-07"]
    assert sorted(case.closed_months) == ["2023-06", "2023-07"]


def test_a_close_made_anew_behind_the_next_one_breaks_the_chain() -> None:
    books = closed(*BOOKS, months=("2023-06", "2023-07"))
    others = [e for e in books if not (isinstance(e, data.Custom) and e.type == "grant-close")]
    july = [e for e in books if isinstance(e, data.Custom) and e.type == "grant-close"][1:]
    june = close_directive(
        case_of(*others, voucher("X", day("2023-06-30"), ("consumables", 5))), "2023-06", day("2023-06-30"), 0
    )
    assert june is not None
    assert [close.month for close in chain_breaks(case_of(*others, june, *july))] == ["2023-07"]


def test_closes_of_one_day_in_several_files_are_one_chain() -> None:
    books = through_text(*BOOKS)
    made: list[data.Directive] = []
    for month in ("2023-06", "2023-07", "2023-08"):
        close = close_directive(case_of(*books, *made), month, day("2023-09-05"), 0)
        assert close is not None
        made = [close, *made]  # as Beancount may sort them: by the line they stand in
    case = case_of(*books, *made)
    assert chain_breaks(case) == []
    assert [close.month for close in case.closes] == ["2023-06", "2023-07", "2023-08"]


# --- opening again ------------------------------------------------------------------------------------------


def test_a_month_is_opened_again_and_closed_again() -> None:
    books = closed(*BOOKS, months=("2023-06", "2023-07"))
    reopen = reopen_directive(case_of(*books), "2023-06", "漏列 GH12345678", day("2023-08-05"))
    late = voucher("GH12345678", day("2023-06-30"), ("consumables", 1_000))
    books = [*books, *load(as_text([reopen]))[-1:], late]
    case = case_of(*books)
    assert case.closed_months == {}
    assert case.closed_on(day("2023-08-04")) == {"2023-06", "2023-07"}
    assert [r.reason for r in case.reopened] == ["漏列 GH12345678"]
    for month in ("2023-06", "2023-07"):  # by default dated by the month's end, before the re-opening
        again = close_directive(case_of(*books), month, month_last_day(month), 0)
        assert again is not None
        books = [*books, again]
    case = case_of(*books)
    assert sorted(case.closed_months) == ["2023-06", "2023-07"]
    assert found(books) == []
    assert chain_breaks(case) == []
    assert close_directive(case, "2023-06", day("2023-06-30"), 0) is None


@pytest.mark.parametrize(
    ("month", "reason", "on", "words"),
    [
        ("2023-07", "漏列", "2023-08-05", "2023-07"),
        ("2023-06", "  ", "2023-08-05", "理由"),
        ("2023-06", "漏列", "2023-06-29", "2023-06-30"),
    ],
)
def test_what_cannot_be_opened_again(month: str, reason: str, on: str, words: str) -> None:
    with pytest.raises(CloseError, match=words):
        reopen_directive(case_of(*CLOSED), month, reason, day(on))


def test_a_month_may_be_opened_again_on_the_day_of_its_close() -> None:
    assert reopen_directive(case_of(*CLOSED), "2023-06", "漏列", day("2023-06-30")).date == day("2023-06-30")


def test_a_reopening_without_a_reason_opens_nothing() -> None:
    case = Case(
        [*CLOSED, *load('2023-08-05 custom "grant-reopen" "2023-06"\n')[-1:]], as_of=day("2024-01-01")
    )
    assert len(case.problems) == 1
    assert "2023-06" in case.closed_months


# --- parties ------------------------------------------------------------------------------------------------


def test_one_party_s_money_never_pays_what_another_has_earned() -> None:
    budget = {"improvement": (100_000, 100_000)}
    books = [
        *awarded(
            budget,
            scheme="supply-chain-smart-112",
            partners={PARTNER: (budget, "444455556666"), OTHER: (budget, "")},
        ),
        bank("instalment", "2023-06-05", 90_000),
        voucher("L1", day("2023-06-12"), ("improvement", 20_000)),
        voucher("P1", day("2023-06-13"), ("improvement", 60_000), buyer=PARTNER),
        voucher("O1", day("2023-06-14"), ("improvement", 10_000), buyer=OTHER),
        bank("instalment", "2023-06-15", 5_000, party=PARTNER),
        bank("withdrawal", "2023-06-16", -2_000, party=PARTNER),
    ]
    figures = month_figures(case_of(*books), "2023-06")
    assert (figures.entitlement, figures.withdrawn_before) == (45_000, 2_000)
    assert figures.withdrawable == (10_000 + 5_000) + (5_000 - 2_000)
    assert figures.by_category == {"improvement": 45_000}
    assert [tuple(own) for own in figures.parties.values()] == [
        (10_000, 0, 15_000, {"improvement": 10_000}),
        (30_000, 2_000, 3_000, {"improvement": 30_000}),
        (5_000, 0, 0, {"improvement": 5_000}),
    ]
    assert [party["party"] for party in figures.as_json()["parties"]] == [LEAD, PARTNER, OTHER]
    close = close_directive(case_of(*books), "2023-06", day("2023-06-30"), 0)
    assert close is not None
    assert close.meta[f"withdrawable-{PARTNER}"].number == 3_000
    assert chain_breaks(case_of(*books, close)) == []


def test_two_parties_are_told_apart_and_one_is_not() -> None:
    budget = {"improvement": (100_000, 100_000)}
    books = awarded(budget, scheme="supply-chain-smart-112", partners={PARTNER: (budget, "")})
    assert list(month_figures(case_of(*books), "2023-06").parties) == [LEAD, PARTNER]
    assert month_figures(case_of(*BOOKS), "2023-06").parties == {}


def test_a_close_in_ledger_text_is_what_was_made() -> None:
    text = as_text([e for e in CLOSED if isinstance(e, data.Custom | data.Transaction)])
    assert chain_breaks(case_of_text(text)) == []
