"""Entries as the program writes them: they load back as they were, whatever a file held."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from typing import Any

import pytest
from beancount.core import data
from hypothesis import given
from hypothesis import strategies as st

from ledger.case.case import Case
from ledger.entries.builder import BankKind
from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from ledger.entries.builder import as_text
from ledger.entries.builder import bank_entry
from ledger.entries.builder import payment_entry
from ledger.entries.builder import split_changes
from ledger.entries.builder import treasury_entry
from ledger.entries.builder import voucher_entry
from ledger.entries.builder import with_amounts
from ledger.model.directives import whole
from ledger.util.text import one_line
from tests.ledger.ledgers import LINES_BEFORE
from tests.ledger.ledgers import case_of
from tests.ledger.ledgers import day
from tests.ledger.ledgers import load
from tests.ledger.ledgers import tries

ON = datetime.date(2023, 7, 12)
HOSTILE = [
    '3/4" 冷卻管',
    "C:\\temp\\n\\",
    "一\n二\r\n三",
    'a\\"b\\\\"c',
    "x\x00y\x1b[2J\x7f",
    '"); 2023-01-01 open Assets:X',
    "a\u2028b\x85c\u2029",
    "#tag ^link ; c | @",
    "😀𠮷",
    "\ud800壞",
    "   ",
]
AMOUNTS = st.integers(-(10**12), 10**12)


def paper(text: str = "主軸冷卻模組", *costs: int, **more: Any) -> VoucherToBook:
    costs = costs or (100_000,)
    lines = tuple(CostLine("improvement", f"{text}{n or ''}", Decimal("1.5"), c) for n, c in enumerate(costs))
    fields: dict[str, Any] = {
        "kind": "invoice",
        "number": "AB12345678",
        "date": ON,
        "seller": "40953019",
        "seller_name": text,
        "buyer": "11688527",
        "net": sum(costs),
        "tax": 5_000,
        "lines": lines,
        "import_id": "invoice:1",
    }
    return VoucherToBook(**(fields | more))


def back(entry: data.Transaction) -> data.Transaction:
    """The entry through ledger text and Beancount's loader."""
    found = [e for e in load(as_text([entry])) if isinstance(e, data.Transaction)]
    assert len(found) == 1
    return found[0]


def plain(entry: data.Transaction) -> tuple[Any, ...]:
    """All that an entry says, without its place."""

    def meta(held: dict[str, Any] | None) -> dict[str, Any]:
        return {
            k: v
            for k, v in (held or {}).items()
            if k not in {"filename", "lineno"} and not k.startswith("__")
        }

    return (
        entry.date,
        entry.flag,
        entry.payee,
        entry.narration,
        entry.links,
        entry.tags,
        meta(entry.meta),
        [(p.account, p.units, meta(p.meta)) for p in entry.postings],
    )


def test_an_invoice_as_the_design_shows_it() -> None:
    written = as_text([voucher_entry(paper(), ON, [50_000], grantable=[True])])
    assert re.sub(r" {3,}", "    ", written) == (
        '2023-07-12 * "主軸冷卻模組" "主軸冷卻模組" ^AB12345678\n'
        '  voucher: "invoice"\n'
        '  number: "AB12345678"\n'
        "  voucher-date: 2023-07-12\n"
        '  seller: "40953019"\n'
        '  buyer: "11688527"\n'
        "  net: 100000 TWD\n"
        "  tax: 5000 TWD\n"
        '  item: "主軸冷卻模組"\n'
        "  quantity: 1.5\n"
        '  import-id: "invoice:1"\n'
        "  Expenses:1政府補助款:03既有設備之改善費    50000 TWD\n"
        "  Expenses:2業者自籌款:03既有設備之改善費    50000 TWD\n"
        "  Assets:2進項稅額    5000 TWD\n"
        "  Liabilities:1應付帳款    -105000 TWD\n"
        "\n"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_load_back_on_one_line(text: str) -> None:
    entry = voucher_entry(
        paper(
            text,
            60_000,
            40_000,
            number=f"N{text}",
            seller=text,
            buyer=text,
            source=text,
            document=text,
            unclear=text,
            meta=(("remark", text),),
        ),
        ON,
        [1, 2],
        grantable=[True, True],
    )
    loaded = back(entry)
    assert plain(loaded) == plain(entry)
    assert loaded.payee == (one_line(text) or None)
    assert loaded.meta["number"] == one_line(f"N{text}")


@tries(60)
@given(st.text(max_size=15), st.text(max_size=15), st.lists(AMOUNTS, min_size=1, max_size=4), AMOUNTS)
def test_any_voucher_balances_and_loads_back(name: str, item: str, costs: list[int], tax: int) -> None:
    shares = [cost // 3 for cost in costs]
    entry = voucher_entry(
        paper(item, *costs, seller_name=name, tax=tax), ON, shares, grantable=[True] * len(costs)
    )
    assert sum(whole(posting.units) for posting in entry.postings) == 0
    assert plain(back(entry)) == plain(entry)


@pytest.mark.parametrize(
    "kind",
    [
        "instalment",
        "interest",
        "withholding",
        "withdrawal",
        "return",
        "remit-interest",
        "remit-surplus",
        "own-money",
        "fee",
        "deposit",
        "unexplained",
    ],
)
@pytest.mark.parametrize("text", ["轉帳", '"\\\n'])
def test_every_bank_line_balances_and_loads_back(kind: BankKind, text: str) -> None:
    amount = 9 if kind in {"instalment", "interest", "return", "own-money", "deposit"} else -9
    entry = bank_entry(
        kind, ON, amount, text, text, {"import-id": "bank:1", "counterparty": text, "source": text}
    )
    assert plain(back(entry)) == plain(entry)
    assert (entry.flag == "!") == (kind in {"deposit", "unexplained"})
    kinds = {"return": "withdrawal", "remit-interest": "remittance", "remit-surplus": "remittance"}
    assert [m.kind for m in case_of(entry).movements] == [kinds.get(kind, kind)]


def test_an_unclear_line_is_flagged() -> None:
    assert bank_entry("instalment", ON, 9, "", "", {"unclear": "金額不符"}).flag == "!"
    assert voucher_entry(paper(unclear="品名不符"), ON, [0], grantable=[True]).flag == "!"


def test_a_category_without_grant_money_shows_one_posting_and_one_with_it_always_two() -> None:
    self_only = voucher_entry(paper(), ON, [0], grantable=[False])
    both = voucher_entry(paper(), ON, [0], grantable=[True])
    assert [p.account for p in self_only.postings if p.account.startswith("Expenses")] == [
        "Expenses:2業者自籌款:03既有設備之改善費"
    ]
    assert len([p for p in both.postings if p.account.startswith("Expenses")]) == 2


def test_cost_that_nobody_can_place_is_claimed_from_nobody() -> None:
    entry = voucher_entry(paper(claimed=False), ON, [0], grantable=[False])
    assert entry.postings[0].account == "Expenses:9不予認列:03既有設備之改善費"
    (booked,) = case_of(entry).vouchers
    assert (booked.cost, booked.booked_cost) == (0, 100_000)


@pytest.mark.parametrize("paid_from", ["company", "dedicated"])
def test_payments_say_what_they_pay(paid_from: Any) -> None:
    invoices = [
        voucher_entry(paper(number=number), ON, [50_000], grantable=[True]) for number in ("收1120001", "AB2")
    ]
    entry = payment_entry(
        ON,
        "付",
        "款",
        [("收1120001", 105_000, 50_000), ("AB2", 105_000, 40_000)],
        paid_from,
        {"import-id": "bank:1"},
    )
    assert plain(back(entry)) == plain(entry)
    case = case_of(*invoices, back(entry))
    assert case.unpaid == {"u6536.1120001": 0, "AB2": 0}
    parts = [(50_000, 55_000), (40_000, 65_000)] if paid_from == "dedicated" else [(0, 0), (0, 0)]
    assert [(p.from_grant, p.from_own) for p in case.payments] == parts


def test_remittances_out_of_the_company_s_own_account() -> None:
    entries = [treasury_entry(surplus, ON, 70, "國庫", "繳庫", {}) for surplus in (True, False)]
    case = case_of(*(back(entry) for entry in entries))
    assert [(m.remitted_surplus, m.remitted_interest) for m in case.movements] == [(70, 0), (0, 70)]


# --- changing a split that was written -----------------------------------------------------------------------

BOOK = """\
; 七月的帳  ; 100 TWD in a comment
2023-07-12 * "甲" "模組, 50000 TWD 的" ^AB12345678
  voucher: "invoice"   ; 註
  number: "AB12345678"
  item: "模組"
  net: 100000 TWD
  Expenses:1政府補助款:03既有設備之改善費   50,000.00 TWD ; 補助 1 TWD
  Expenses:2業者自籌款:03既有設備之改善費   (25000 + 25000) TWD
  Liabilities:1應付帳款                    -100000 TWD

2023-07-13 * "乙" "別的"
  Assets:2進項稅額    5 TWD
  Liabilities:1應付帳款   -5 TWD
"""


def resplit(text: str, *government: int) -> str:
    """The text with its one voucher's split changed, as an import does it."""
    (voucher,) = case_of(*load(text)).vouchers
    amounts = split_changes(voucher.entry, voucher.lines, government)
    return with_amounts(text, {line - LINES_BEFORE: amount for line, amount in amounts.items()})


def test_a_changed_split_changes_two_numbers_and_nothing_else() -> None:
    changed = resplit(BOOK, 33_333)
    rows = [(old, new) for old, new in zip(BOOK.split("\n"), changed.split("\n"), strict=True) if old != new]
    assert rows == [
        (
            "  Expenses:1政府補助款:03既有設備之改善費   50,000.00 TWD ; 補助 1 TWD",
            "  Expenses:1政府補助款:03既有設備之改善費   33333 TWD ; 補助 1 TWD",
        ),
        (
            "  Expenses:2業者自籌款:03既有設備之改善費   (25000 + 25000) TWD",
            "  Expenses:2業者自籌款:03既有設備之改善費   66667 TWD",
        ),
    ]
    (voucher,) = case_of(*load(changed)).vouchers
    assert (voucher.government, voucher.cost) == (33_333, 100_000)


def test_a_split_that_is_right_changes_nothing() -> None:
    assert resplit(BOOK, 50_000) == BOOK


def test_line_ends_of_windows_are_kept() -> None:
    text = BOOK.replace("\n", "\r\n")
    changed = with_amounts(text, {7: 33_333, 8: 66_667})
    assert changed.count("\r\n") == text.count("\r\n")
    assert changed.replace("\r\n", "\n") == with_amounts(BOOK, {7: 33_333, 8: 66_667})


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_marks_that_end_a_line_elsewhere_move_no_amount(mark: str) -> None:
    text = BOOK.replace("; 七月的帳", f"; 七月{mark}的帳")
    changed = with_amounts(text, {7: 33_333, 8: 66_667})
    assert changed.replace(mark, "") == with_amounts(BOOK, {7: 33_333, 8: 66_667})


def test_an_amount_left_out_takes_up_the_rest() -> None:
    text = BOOK.replace("   (25000 + 25000) TWD", "")
    (voucher,) = case_of(*load(resplit(text, 33_333))).vouchers
    assert (voucher.government, voucher.cost) == (33_333, 100_000)


def test_a_flagged_posting_is_changed_too() -> None:
    assert with_amounts("  ! Expenses:1政府補助款:01消耗性器材及原材料費  5 TWD", {1: -7}) == (
        "  ! Expenses:1政府補助款:01消耗性器材及原材料費  -7 TWD"
    )


def test_an_entry_without_a_posting_for_the_grant_is_left_to_the_checks() -> None:
    text = BOOK.replace(
        "  Expenses:1政府補助款:03既有設備之改善費   50,000.00 TWD ; 補助 1 TWD\n", ""
    ).replace("-100000", "-50000")
    assert resplit(text, 10) == text


def test_lines_of_a_voucher_are_told_apart_by_their_item() -> None:
    entry = voucher_entry(paper("模組", 60_000, 40_000), ON, [30_000, 20_000], grantable=[True, True])
    text = as_text([entry])
    books = load(text)
    (voucher,) = Case(books, as_of=day("2024-01-01")).vouchers
    amounts = split_changes(voucher.entry, voucher.lines, [10_000, 20_000])
    assert sorted(amounts.values()) == [10_000, 50_000]
    assert split_changes(voucher.entry, voucher.lines, [30_000, 20_000]) == {}
