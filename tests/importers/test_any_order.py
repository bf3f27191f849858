"""Any order of any files, in one run or in many, gives the same books while the months are open."""

from __future__ import annotations

import functools
import itertools
import random
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from checks.engine.runner import run_checks
from importers.questions.open_questions import open_questions
from ledger.files.pending import read_pending
from tests.importers.small_case import Files
from tests.importers.small_case import SmallCase
from tests.importers.small_case import credit_note
from tests.importers.small_case import dedicated
from tests.importers.small_case import invoice
from tests.importers.small_case import own

GRANT = ("2023-07-03", 450_000, "匯入匯款 經濟部產業發展署 補助款第1期")
JIAYU, CHUANYI = "嘉聿節能企業股份有限公司", "川益節能股份有限公司"

# The company pays out of the dedicated account: grant money and its own in it, splits that later papers move.
DIRECT: list[Files] = [
    dedicated(GRANT, ("2023-07-04", 20_000, "存入 自籌款"), opening=0, name="d1.csv"),
    dedicated(("2023-07-20", -21_000, "匯出匯款 晟鑫科技企業有限公司"), opening=470_000, name="d2.csv"),
    dedicated(
        ("2023-08-02", -10_500, f"匯出匯款 {JIAYU}"),
        ("2023-08-03", 10_500, f"匯款退回 {JIAYU} 帳號錯誤"),
        ("2023-08-05", -10_500, f"匯出匯款 {JIAYU}"),
        opening=449_000,
        name="d3.csv",
    ),
    invoice("AB10000001", "2023-07-18", 20_000),
    invoice("AB10000002", "2023-07-05", 10_000, "溫度變送器(4-20mA)", JIAYU),
    invoice("AB10000003", "2023-07-01", 333),
]

# It pays from its own bank and withdraws; a wrong posting is put right, a payment comes back, twins compete.
WITHDRAWN: list[Files] = [
    dedicated(GRANT, opening=0, name="d1.csv"),
    dedicated(
        ("2023-08-01", 120, "存款息"),
        ("2023-08-02", -120, "更正 存款息 沖正"),
        ("2023-08-02", 100, "存款息"),
        ("2023-08-04", -17_538, "網路轉帳"),
        opening=450_000,
        name="d2.csv",
    ),
    own(("2023-07-25", -21_000, "匯出匯款 晟鑫科技"), ("2023-07-26", -8_400, "貨款"), name="o1.csv"),
    own(
        ("2023-08-10", -10_500, f"匯出匯款 {JIAYU}"),
        ("2023-08-11", 10_500, f"匯款退回 {JIAYU}"),
        ("2023-08-20", -10_500, f"匯出匯款 {JIAYU}"),
        ("2023-08-21", -8_400, f"匯出匯款 {CHUANYI}"),
        opening=4_970_600,
        name="o2.csv",
    ),
    invoice("AB10000001", "2023-07-18", 20_000),
    invoice("AB10000002", "2023-07-28", 10_000, "溫度變送器(4-20mA)", JIAYU),
    invoice("AB10000003", "2023-07-24", 8_000, "高效率集塵設備", CHUANYI),
]


# A supplier gives back what a credit note took off, one is paid with the bank's fee on top, the grant comes in parts.
REFUNDED: list[Files] = [
    dedicated(
        ("2023-07-03", 300_000, "匯入匯款 經濟部 補助款"),
        ("2023-07-04", 60_000, "存入 自籌款"),
        name="d1.csv",
    ),
    dedicated(("2023-07-06", 150_000, "匯入匯款 經濟部 補助款"), opening=360_000, name="d2.csv"),
    dedicated(
        ("2023-07-20", -21_000, "匯出匯款 晟鑫科技企業有限公司"),
        ("2023-07-21", -10_530, f"匯出匯款 {JIAYU}"),
        opening=510_000,
        name="d3.csv",
    ),
    dedicated(("2023-08-20", 2_100, "匯入匯款 晟鑫科技 折讓退款"), opening=478_470, name="d4.csv"),
    invoice("AB10000001", "2023-07-18", 20_000),
    invoice("AB10000002", "2023-07-19", 10_000, "溫度變送器(4-20mA)", JIAYU),
    credit_note("AB10000001", "2023-08-15", 2_000),
    invoice("AB10000003", "2023-07-01", 777),
]

# Two exports of an account, one without balances; paid twice; a number cancelled; a transfer back less a fee; vouchers of a
# day whose rounding dollars compete; grant money and interest corrected.
_OWN = (
    ("2023-08-10", -21_000, "匯出匯款 晟鑫科技企業有限公司"),
    ("2023-08-15", -10_500, f"匯出匯款 {JIAYU}"),
    ("2023-08-17", 10_470, f"匯款退回 {JIAYU}"),
    ("2023-08-20", -10_500, f"匯出匯款 {JIAYU}"),
    ("2023-09-04", -21_000, "匯出匯款 晟鑫科技"),
)
_CANCELLED = (
    '<CancelInvoice xmlns="urn:GEINV:eInvoiceMessage:F0501:4.1"><CancelInvoiceNumber>AB10000004</CancelInvoiceNumber>'
    "<InvoiceDate>20230718</InvoiceDate><BuyerId>68388964</BuyerId><SellerId>27715140</SellerId>"
    "<CancelDate>20230725</CancelDate><CancelTime>10:00:00</CancelTime><CancelReason>誤開</CancelReason></CancelInvoice>"
)
CROSSED: list[Files] = [
    dedicated(
        GRANT, ("2023-08-01", 120, "存款息"), ("2023-08-02", -120, "存款息沖正"), opening=0, name="d1.csv"
    ),
    dedicated(
        ("2023-08-01", 120, "存款息"), ("2023-08-02", -120, "存款息沖正"), name="d2.csv", balances=False
    ),
    own(*_OWN[:3], name="o1.csv"),
    own(*_OWN[2:], opening=4_968_500, name="o2.csv"),
    own(*_OWN, name="o3.csv", balances=False),
    invoice("AB10000001", "2023-07-18", 20_000),
    invoice("AB10000002", "2023-07-18", 10_000, "溫度變送器(4-20mA)", JIAYU),
    invoice("AB10000003", "2023-07-18", 333),
    invoice("AB10000004", "2023-07-18", 777),
    invoice("AB10000005", "2023-07-18", 111),
    {"cancel.xml": _CANCELLED},
]
SCENES = {"direct": DIRECT, "withdrawn": WITHDRAWN, "refunded": REFUNDED, "crossed": CROSSED}


def run_in(parts: list[list[Files]]) -> SmallCase:
    case = SmallCase(Path(tempfile.mkdtemp()) / "case")
    for part in parts:
        case.take(*part)
    return case


def split(files: list[Files], cuts: set[int]) -> list[list[Files]]:
    """The files in runs: a new one begins at every cut."""
    edges = [0, *sorted(cut for cut in cuts if 0 < cut < len(files)), len(files)]
    return [files[start:end] for start, end in itertools.pairwise(edges)]


Told = tuple[list[str], dict[str, Any], list[tuple[str, str, str]], list[tuple[str, str, int]]]


def told(case: SmallCase) -> Told:
    """The books, the settlement, what is found and what is asked."""
    asked = open_questions(case.case, read_pending(case.folder))
    return (
        case.books(),
        case.settled,
        sorted((found.check, found.voucher, found.message) for found in run_checks(case.case)),
        sorted((question.kind, str(question.date), question.amount or 0) for question in asked),
    )


@functools.cache
def whole(name: str) -> Told:
    """What a scene comes to when all of it is imported at once."""
    return told(run_in([SCENES[name]]))


@pytest.mark.parametrize("name", SCENES)
def test_all_at_once(name: str) -> None:
    books, settled, found, asked = whole(name)
    assert not [entry for entry in books if '"!"' in entry]
    assert settled["received"] == 450_000
    assert asked == ([("bank-line", "2023-09-04", -21_000)] if name == "crossed" else [])
    assert not [each for each in found if each[0] == "voucher-overpaid"]


ORDERS = given(
    st.sampled_from(sorted(SCENES)), st.randoms(use_true_random=False), st.sets(st.integers(1, 10))
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@ORDERS
def test_any_order_and_any_runs(name: str, chance: random.Random, cuts: set[int]) -> None:
    hold_in_another_order(name, chance, cuts)


@pytest.mark.slow
@settings(max_examples=24, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@ORDERS
def test_more_orders_and_runs(name: str, chance: random.Random, cuts: set[int]) -> None:
    hold_in_another_order(name, chance, cuts)


def hold_in_another_order(name: str, chance: random.Random, cuts: set[int]) -> None:
    files = [*SCENES[name]]
    chance.shuffle(files)
    assert told(run_in(split(files, cuts))) == whole(name)


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("backwards", [False, True])
def test_one_file_a_run(name: str, backwards: bool) -> None:
    files = SCENES[name]
    assert told(run_in([[file] for file in (files[::-1] if backwards else files)])) == whole(name)


@pytest.mark.parametrize("name", SCENES)
def test_nothing_is_decided_anew_where_nothing_is_new(name: str) -> None:
    case = run_in([SCENES[name]])
    books = {path: path.read_bytes() for path in (case.folder / "books").iterdir()}
    unrelated = case.take(own(("2023-12-01", -77, "匯出匯款 別家有限公司"), name="later.csv"))
    assert (unrelated.imported, unrelated.rebooked) == (0, [])
    assert {path: path.read_bytes() for path in (case.folder / "books").iterdir()} == books


def test_what_proved_a_line_proves_it_again_in_a_run_without_anything_new(tmp_path: Path) -> None:
    """A transfer that no month earned, told by the same sum on the company's statement of an earlier run."""
    case = SmallCase(tmp_path / "case")
    case.take(dedicated(GRANT, ("2023-08-10", -12_345, "轉帳支出"), name="d1.csv"))
    case.take(own(("2023-08-10", 12_345, "轉帳存入"), name="o1.csv"))
    books = case.books()
    assert not [entry for entry in books if '"!"' in entry]
    for files in ([], [invoice("AB10000009", "2023-12-01", 55)], []):
        assert case.take(*files).rebooked == []
    assert [entry for entry in case.books() if "AB10000009" not in entry] == books


def test_the_payment_moves_with_the_split_that_an_earlier_invoice_moves() -> None:
    """The grant pays half of the cost: what it paid of the later voucher is what that voucher's half is in the end."""
    budget = [{"category": "consumables", "government": 50_000, "self": 60_000}]
    files = [
        dedicated(
            ("2023-07-03", 25_000, "匯入匯款 經濟部 補助款"),
            ("2023-07-04", 90_000, "存入 自籌款"),
            name="d1.csv",
        ),
        invoice("AB10000001", "2023-07-18", 50_000),
        dedicated(("2023-07-20", -52_500, "匯出匯款 晟鑫科技企業有限公司"), opening=115_000, name="d2.csv"),
        invoice("AB10000002", "2023-07-05", 90_000),
    ]
    seen = set()
    for runs in ([files], [[file] for file in files], [[files[3]], files[:3]]):
        case = SmallCase(Path(tempfile.mkdtemp()) / "case", budget=budget, item=[], person=[])
        for part in runs:
            case.take(*part)
        granted = {v.number: v.government for v in case.case.vouchers}
        (payment,) = case.case.payments
        assert payment.from_grant == min(25_000, granted[payment.number])
        seen.add((payment.from_grant, payment.from_own))
    assert len(seen) == 1


def test_a_payment_before_the_instalment_of_its_day_is_paid_out_of_it_too() -> None:
    """The bank lists the payment first; at the day's end the instalment is there."""
    lines = [
        ("2023-07-03", -21_000, "匯出匯款 晟鑫科技企業有限公司"),
        GRANT,
        ("2023-07-04", 20_000, "存入 自籌款"),
    ]
    files = [invoice("AB10000001", "2023-07-01", 20_000), dedicated(*lines, opening=30_000)]
    for runs in ([files], [files[::-1]], [[files[0]], [files[1]]], [[files[1]], [files[0]], []]):
        (payment,) = run_in(runs).case.payments
        assert payment.from_grant == 9_230


def test_a_statement_before_the_one_with_the_instalment_leaves_no_account_below_zero() -> None:
    first, second, voucher = DIRECT[0], DIRECT[1], DIRECT[3]
    for runs in (
        [[voucher, second], [first]],
        [[first], [second], [voucher]],
        [[second], [voucher], [first]],
    ):
        case = run_in(runs)
        (payment,) = case.case.payments
        assert (payment.from_grant, payment.from_own) == (9_230, 11_770)
        (account,) = case.case.dedicated_accounts
        assert not [*account.overdrafts("own"), *account.overdrafts("grant")]
