"""A line of the dedicated account that somebody explains."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ledger.model import accounts
from ledger.model.directives import whole
from ledger.operations.answer import BankAnswer
from ledger.operations.answer import plan_bank_answer
from ledger.operations.edit import OperationError
from tests.ledger.operations.cases import GAUGE
from tests.ledger.operations.cases import SEAL
from tests.ledger.operations.cases import do
from tests.ledger.operations.cases import make_case
from tests.ledger.operations.cases import read

LINE = """2023-07-{day} ! "{payee}" "{words}"
  import-id: "{id}"
  kind: "{kind}"
  unclear: "看不出用途"
  Assets:1專戶:1政府補助款   {amount} TWD
  Equity:1業者投入

"""
ID = "bank:100200300400:試作"


def with_line(folder: Path, amount: int, day: int = 26) -> Path:
    case = make_case(folder)
    kind = "unexplained" if amount < 0 else "deposit"
    text = LINE.format(day=day, payee="", words="轉帳", id=ID, kind=kind, amount=amount)
    with (case / "books/2023-07.beancount").open("a", encoding="utf-8") as file:
        file.write(text)
    return case


def answer(folder: Path, word: str, *vouchers: str, months: tuple[str, ...] = ()) -> None:
    do(folder, lambda context: plan_bank_answer(context, ID, BankAnswer(word, months, vouchers)))
    assert not read(folder).unclassified


@pytest.mark.parametrize(
    ("amount", "word", "kind"),
    [
        (-4762, "withdrawal", "withdrawal"),
        (-30, "fee", "fee"),
        (-500, "return", "withdrawal"),
        (-500, "own-money", "own-money"),
        (300000, "instalment", "instalment"),
        (500, "own-money", "own-money"),
        (500, "return", "deposit"),
    ],
)
def test_what_a_line_was(tmp_path: Path, amount: int, word: str, kind: str) -> None:
    case = with_line(tmp_path / "case", amount)
    answer(case, word)
    (movement,) = read(case).movements
    assert (movement.kind, movement.grant + movement.own) == (kind, amount)


def test_a_deposit_given_back_was_never_the_grant_s(tmp_path: Path) -> None:
    case = with_line(tmp_path / "case", -500)
    deposit = (
        '2023-07-02 * "" "誤存"\n  import-id: "bank:0"\n  kind: "deposit"\n'
        "  Assets:1專戶:2業者自籌款   500 TWD\n  Equity:1業者投入\n\n"
    )
    with (case / "books/2023-07.beancount").open("a", encoding="utf-8") as file:
        file.write(deposit)
    answer(case, "return")
    assert [(m.kind, m.grant, m.own) for m in read(case).movements] == [
        ("deposit", 0, 500),
        ("own-money", 0, -500),
    ]


@pytest.mark.parametrize("month", ["2023-13", "112-06", "六月", "2023-6"])
def test_a_month_that_is_none(tmp_path: Path, month: str) -> None:
    case = with_line(tmp_path / "case", -4762)
    with pytest.raises(OperationError, match=month):
        answer(case, "withdrawal", months=(month,))


def test_a_withdrawal_names_its_months(tmp_path: Path) -> None:
    case = with_line(tmp_path / "case", -4762)
    answer(case, "withdrawal", months=("2023-06",))
    (movement,) = read(case).movements
    assert movement.months == ("2023-06",)


def test_a_payment_takes_the_grant_s_part_from_the_grant(tmp_path: Path) -> None:
    case = with_line(tmp_path / "case", -10501)
    answer(case, "payment", SEAL)
    books = read(case)
    (movement,) = books.movements
    assert (movement.kind, movement.grant, movement.own) == ("payment", -4762, -5739)
    assert books.unpaid[SEAL] == 0


def test_one_payment_of_two_vouchers(tmp_path: Path) -> None:
    case = with_line(tmp_path / "case", -63001)
    july = case / "books/2023-07.beancount"
    text = july.read_text(encoding="utf-8")
    start, end = text.index("2023-07-20 *"), text.index("2023-07-26 !")
    july.write_text(text[:start] + text[end:], encoding="utf-8")
    answer(case, "payment", SEAL, GAUGE)
    books = read(case)
    assert (books.unpaid[SEAL], books.unpaid[GAUGE]) == (0, 0)
    assert sum(payment.from_grant for payment in books.payments) == 4762 + 23809


def test_a_refund_goes_back_to_whose_money_it_was(tmp_path: Path) -> None:
    case = with_line(tmp_path / "case", 2500)
    answer(case, "refund", GAUGE)
    books = read(case)
    assert books.unpaid[GAUGE] == 2500
    entry = next(entry for entry in books.transactions if entry.meta.get("import-id") == ID)
    assert {p.account: whole(p.units) for p in entry.postings}[accounts.OWN_MONEY] == 2500


@pytest.mark.parametrize(
    ("amount", "word", "vouchers"),
    [
        (-100, "instalment", ()),
        (100, "withdrawal", ()),
        (100, "payment", (SEAL,)),
        (-100, "payment", ()),
        (-100, "payment", ("ZZ99999999",)),
        (-90000, "payment", (SEAL, GAUGE)),
        (-100, "nonsense", ()),
    ],
)
def test_what_a_line_cannot_be(tmp_path: Path, amount: int, word: str, vouchers: tuple[str, ...]) -> None:
    case = with_line(tmp_path / "case", amount)
    before = (case / "books/2023-07.beancount").read_bytes()
    with pytest.raises(OperationError):
        answer(case, word, *vouchers)
    assert (case / "books/2023-07.beancount").read_bytes() == before


def test_a_line_of_a_closed_month_needs_the_month_re_opened(tmp_path: Path) -> None:
    case = make_case(tmp_path / "case", june_closed=True)
    june = case / "books/2023-06.beancount"
    text = LINE.format(day=26, payee="", words="轉帳", id=ID, kind="unexplained", amount=-30)
    june.write_text(june.read_text(encoding="utf-8") + text.replace("2023-07", "2023-06"), encoding="utf-8")
    with pytest.raises(OperationError, match="--reopen"):
        answer(case, "fee")
    day = datetime.date(2023, 8, 1)
    do(case, lambda context: plan_bank_answer(context, ID, BankAnswer("fee")), reopen=day)
    assert read(case).movements[0].kind == "fee"
