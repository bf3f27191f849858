"""Statements that ask: they wait in the inbox, and an answer, given before or after, makes them readable for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from importers.config.statement_files import read_hints
from importers.ingest import import_files
from ledger.files import PENDING
from ledger.files.award_file import parse_award
from ledger.files.pending import Pending
from ledger.files.pending import read_pending
from ledger.operations.new_case import new_case
from tests.importers.makers import tables

GRANT = "012345678901"
OPENING = (
    f"帳號：{GRANT}\n序號 交易日期 摘要 交易行庫 幣別 提款金額 存款金額 餘額 備註\n"
    "1 2023/08/08 09:00:00 轉帳 某分行 TWD 4470.00 170538.00 x\n"
)
SIDES = "帳號,交易日期,摘要,借方金額,貸方金額,餘額\n{},2023/08/08,x,200000,,500000\n"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    said = tables()
    said["account"] = {"bank": "範例銀行", "number": GRANT}
    said["payment_account"] = [{"bank": "另一銀行", "number": "667788"}]
    new_case(folder, parse_award(said, "award.toml"))
    return folder


def put(case: Path, name: str, text: str) -> Path:
    path = case / "inbox" / name
    path.write_text(text, encoding="utf-8")
    return path


def open_question(case: Path) -> Pending:
    (asked,) = [record for record in read_pending(case).of_kind("statement") if record.is_open]
    return asked


def answer(case: Path, word: str, **said: object) -> None:
    store = read_pending(case)
    store.answer(open_question(case).id, word, **said)
    (case / PENDING).write_text(store.text(), encoding="utf-8")


def test_a_statement_that_asks_waits_and_the_answer_lets_it_in(case: Path) -> None:
    waiting = put(case, "合庫.txt", OPENING)
    report = import_files(case)
    assert report.rejected == []
    (told,) = report.unmatched
    assert told.question == open_question(case).id
    assert "期初餘額" in told.reason
    assert waiting.exists()
    answer(case, "opening-balance", amount=175_008)
    report = import_files(case)
    assert (report.imported, waiting.exists()) == (1, False)
    assert "4470" in "".join(path.read_text(encoding="utf-8") for path in (case / "books").iterdir())


def test_the_opening_balance_given_beforehand_is_kept(case: Path) -> None:
    put(case, "合庫.txt", OPENING)
    assert import_files(case, opening_balance=175_008).imported == 1
    content = OPENING.encode()
    assert read_hints(case).told("2023-08-08.合庫.txt", content).opening == 175_008
    assert read_hints(case).told("合庫.txt", content + b" ").opening is None  # next month's file
    put(case, "再一次.txt", OPENING)
    again = import_files(case)
    assert (again.imported, again.duplicates, again.unmatched) == (0, 1, [])


@pytest.mark.parametrize(("word", "amount"), [("bank-side", "-200000"), ("company-side", "200000")])
def test_whose_sides_these_are(case: Path, word: str, amount: str) -> None:
    put(case, "帳.csv", SIDES.format(GRANT))
    assert [each.question for each in import_files(case).unmatched] == [open_question(case).id]
    answer(case, word)
    assert import_files(case).imported == 1
    books = "".join(path.read_text(encoding="utf-8") for path in (case / "books").iterdir())
    assert f"{amount} TWD" in books


def test_a_short_number_is_confirmed_once(case: Path) -> None:
    text = "帳號：00200155667788\n交易日期,支出金額,存入金額,餘額,摘要\n2023/08/0{},10,,{},x\n"
    put(case, "一.csv", text.format(1, 90))
    (told,) = import_files(case).unmatched
    assert "00200155667788" in told.reason
    answer(case, "account")
    assert import_files(case).not_of_case == 1
    put(case, "二.csv", text.format(2, 80))
    assert import_files(case).unmatched == []


def test_a_short_number_that_the_command_confirms(case: Path) -> None:
    text = "帳號：00200155667788\n交易日期,支出金額,存入金額,餘額,摘要\n2023/08/0{},10,,{},x\n"
    put(case, "一.csv", text.format(1, 90))
    assert import_files(case, account="667788").rejected == []
    put(case, "二.csv", text.format(2, 80))
    assert import_files(case).unmatched == []


def test_the_end_of_a_number_of_the_award_is_confirmed_too(case: Path) -> None:
    put(
        case,
        "一.csv",
        f"帳號：{GRANT[-6:]}\n交易日期,支出金額,存入金額,餘額,摘要\n2023/08/01,,10,90,存款息\n",
    )
    (told,) = import_files(case).unmatched
    assert GRANT in told.reason
    answer(case, "account")
    assert import_files(case).imported == 1


@pytest.mark.parametrize("is_given", [True, False])
def test_an_opening_balance_that_does_not_fit_is_asked_again(case: Path, *, is_given: bool) -> None:
    put(case, "合庫.txt", OPENING)
    (asked,) = import_files(case).unmatched
    answer(case, "opening-balance", amount=99)
    if not is_given:
        (again,) = import_files(case).unmatched
        assert again.question == asked.question
        answer(case, "opening-balance", amount=175_008)
    assert import_files(case, opening_balance=175_008 if is_given else None).imported == 1


def test_another_account_is_refused_and_not_asked(case: Path) -> None:
    put(case, "一.csv", "帳號：00200155667799\n交易日期,支出金額,存入金額,餘額\n2023/08/01,10,,90\n")
    report = import_files(case)
    assert (len(report.rejected), report.unmatched) == (1, [])
