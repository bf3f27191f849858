"""A record taken out: with what hangs on it in an open month, reversed in a closed one; and back again."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ledger.files.history import History
from ledger.files.pending import read_pending
from ledger.files.writer import CaseWriter
from ledger.model.directives import whole
from ledger.operations.apply import apply
from ledger.operations.edit import OperationError
from ledger.operations.remove import apply_removal
from ledger.operations.remove import plan_remove
from ledger.operations.undo import last_undoable
from ledger.operations.undo import plan_undo
from tests.ledger.operations.cases import BEARING
from tests.ledger.operations.cases import GAUGE
from tests.ledger.operations.cases import REASON
from tests.ledger.operations.cases import SEAL
from tests.ledger.operations.cases import context_of
from tests.ledger.operations.cases import make_case
from tests.ledger.operations.cases import read
from tests.ledger.operations.cases import shares
from tests.ledger.operations.cases import tree

DEDICATED = """2023-07-25 * "試作油封行" "網銀轉帳" ^AB10000002
  import-id: "bank:100200300400:2023-07-25:1"
  Liabilities:1應付帳款          10501 TWD
  Assets:1專戶:1政府補助款       -4762 TWD
  Assets:1專戶:2業者自籌款       -5739 TWD

"""
TWO_AT_ONCE = """2023-07-26 * "" "付款" ^AB10000002 ^AB10000003
  import-id: "paid:two"
  Liabilities:1應付帳款   10501 TWD
    number: "AB10000002"
  Liabilities:1應付帳款   52500 TWD
    number: "AB10000003"
  Equity:1業者投入       -63001 TWD

"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return make_case(tmp_path / "case")


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    return make_case(tmp_path / "closed", june_closed=True)


def remove(folder: Path, name: str, reopen: datetime.date | None = None) -> None:
    with CaseWriter(folder) as writer:
        apply_removal(writer, plan_remove(context_of(folder, writer, reopen), name, REASON))


def append(folder: Path, name: str, text: str) -> None:
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(text)


def test_a_voucher_goes_with_its_payment_and_later_shares_move(case: Path) -> None:
    remove(case, BEARING)
    books = read(case)
    assert shares(books) == {SEAL: 4762, GAUGE: 23809}
    assert {payment.number for payment in books.payments} == {GAUGE}
    assert [record.record for record in read_pending(case).of_kind("removed")] == [
        {"import-id": "invoice:11206:AB10000001"}
    ]


def test_restored_it_is_as_it_was(case: Path) -> None:
    before = tree(case)
    remove(case, BEARING)
    history = History(case)
    with CaseWriter(case) as writer:
        operation = last_undoable(history)
        undone = plan_undo(context_of(case, writer), history, operation, kind="restore")
        apply(writer, undone.planned, undoes=operation.id)
    assert tree(case) == before


def test_a_line_of_the_dedicated_account_stays_as_a_question(case: Path) -> None:
    append(case, "books/2023-07.beancount", DEDICATED)
    remove(case, SEAL)
    (entry,) = read(case).unclassified
    assert entry.meta["import-id"] == "bank:100200300400:2023-07-25:1"
    assert whole(entry.postings[0].units) == -10501


def test_of_a_payment_of_two_vouchers_one_part_goes(case: Path) -> None:
    july = case / "books/2023-07.beancount"
    text = july.read_text(encoding="utf-8")
    july.write_text(text[: text.index("2023-07-20 *")] + TWO_AT_ONCE, encoding="utf-8")
    remove(case, SEAL)
    books = read(case)
    assert books.unpaid == {"AB10000001": 0, "AB10000003": 0}


def test_a_closed_month_is_reversed_in_the_open_one(closed: Path) -> None:
    june = (closed / "books/2023-06.beancount").read_bytes()
    remove(closed, BEARING)
    books = read(closed)
    assert (closed / "books/2023-06.beancount").read_bytes() == june
    assert books.cost()["12345675", "consumables"] == (10001, 0)
    assert books.unpaid["AB10000001"] == -10501  # was paid and is to come back


def test_a_bank_line_by_its_id(case: Path) -> None:
    append(case, "books/2023-07.beancount", DEDICATED)
    remove(case, "bank:100200300400:2023-07-25:1")
    assert "2023-07-25" not in (case / "books/2023-07.beancount").read_text(encoding="utf-8")


def test_a_bank_line_of_a_closed_month_needs_the_month_re_opened(closed: Path) -> None:
    with pytest.raises(OperationError, match="--reopen"):
        remove(closed, "bank:900800700600:2023-06-20:1")
    remove(closed, "bank:900800700600:2023-06-20:1", datetime.date(2023, 8, 1))
    assert read(closed).unpaid["AB10000001"] == 10501


def test_what_is_not_there(case: Path) -> None:
    with pytest.raises(OperationError, match="ZZ99999999"):
        remove(case, "ZZ99999999")
