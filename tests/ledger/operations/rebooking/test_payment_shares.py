"""What the dedicated account paid follows the voucher's share, whoever said what the line was."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ledger.files.history import History
from ledger.files.writer import CaseWriter
from ledger.operations.apply import apply
from ledger.operations.correct import plan_correct
from ledger.operations.undo import last_undoable
from ledger.operations.undo import plan_undo
from tests.ledger.operations.cases import BEARING
from tests.ledger.operations.cases import GAUGE
from tests.ledger.operations.cases import REASON
from tests.ledger.operations.cases import SEAL
from tests.ledger.operations.cases import context_of
from tests.ledger.operations.cases import do
from tests.ledger.operations.cases import make_case
from tests.ledger.operations.cases import read
from tests.ledger.operations.cases import shares
from tests.ledger.operations.cases import tree

INSTALMENT = """2023-06-05 * "" "補助款"
  import-id: "bank:1"
  Assets:1專戶:1政府補助款   {principal} TWD
  Liabilities:3預收補助款   -{principal} TWD

2023-06-05 * "" "自籌款"
  import-id: "bank:2"
  Assets:1專戶:2業者自籌款   500000 TWD
  Equity:1業者投入          -500000 TWD

"""
ONE = """2023-07-26 * "試作軸承行" "轉帳" ^AB10000002
  import-id: "bank:3"  ; 手記
  Liabilities:1應付帳款      10501 TWD
  Assets:1專戶:1政府補助款   -{grant} TWD
  Assets:1專戶:2業者自籌款   -{own} TWD

"""
BOTH = """2023-07-26 * "試作軸承行" "轉帳" ^AB10000002 ^AB10000003
  import-id: "bank:3"
  Liabilities:1應付帳款      10501 TWD
    number: "AB10000002"
    government: 4762 TWD
  Liabilities:1應付帳款      52500 TWD
    number: "AB10000003"
    government: 23809 TWD
  Assets:1專戶:1政府補助款  -28571 TWD
  Assets:1專戶:2業者自籌款  -34430 TWD

"""


def with_payment(folder: Path, text: str, principal: int = 100_000) -> Path:
    case = make_case(folder)
    for month, more in (("06", INSTALMENT.format(principal=principal)), ("07", text)):
        with (case / f"books/2023-{month}.beancount").open("a", encoding="utf-8") as file:
            file.write(more)
    return case


def correct(folder: Path, which: str, /, **fields: str) -> None:
    do(folder, lambda context: plan_correct(context, which, fields, REASON))


def paid(folder: Path) -> dict[str, tuple[int, int]]:
    found = [p for p in read(folder).payments if p.from_grant or p.from_own]
    return {p.number: (p.from_grant, p.from_own) for p in found}


def test_a_payment_follows_the_share_that_an_earlier_voucher_moves(tmp_path: Path) -> None:
    """8,001 and 10,001 of 210,000 earn 3,810 and then 8,572: the second bears 4,762; without the first 4,762 too."""
    case = with_payment(tmp_path / "case", ONE.format(grant=4762, own=5739))
    correct(case, BEARING, net="8001", tax="400")
    assert shares(read(case))[SEAL] == 4762
    correct(case, BEARING, net="9998", tax="500")  # floor(9998/2.1) is 4,760, floor(19999/2.1) is 9,523
    assert shares(read(case))[SEAL] == 4763
    assert paid(case) == {SEAL: (4763, 5738)}
    assert "; 手記" in (case / "books/2023-07.beancount").read_text(encoding="utf-8")


def test_what_is_claimed_of_a_voucher_moves_its_own_payment(tmp_path: Path) -> None:
    case = with_payment(tmp_path / "case", BOTH)
    before = tree(case)
    correct(case, GAUGE, claimed="30000")
    assert paid(case) == {SEAL: (4762, 5739), GAUGE: (14285, 38215)}
    correct(case, SEAL, claimed="0")
    assert paid(case) == {SEAL: (0, 10501), GAUGE: (14285, 38215)}
    undo(case)
    undo(case)
    assert tree(case) == before


def undo(folder: Path) -> None:
    history = History(folder)
    with CaseWriter(folder) as writer:
        operation = last_undoable(history)
        undone = plan_undo(context_of(folder, writer), history, operation)
        apply(writer, undone.planned, undoes=operation.id)


@pytest.mark.parametrize(
    ("principal", "grant", "expected"),
    [
        (100_000, 4762, 7143),  # 15,001 earn it together with the 10,001 before
        (5000, 4762, 5000),  # no more than there is
        (4762, 4762, 4762),
        (100_000, 3000, 3000),  # somebody laid out less: it stays
        (100_000, 6000, 6000),  # and more, which is found
    ],
)
def test_a_share_that_grows_is_paid_as_far_as_the_principal_goes(
    tmp_path: Path, principal: int, grant: int, expected: int
) -> None:
    case = with_payment(tmp_path / "case", ONE.format(grant=grant, own=10_501 - grant), principal)
    correct(case, SEAL, net="15001", tax="500")
    assert shares(read(case))[SEAL] == 7143
    assert paid(case)[SEAL][0] == expected


def test_a_payment_of_a_closed_month_stays(tmp_path: Path) -> None:
    case = with_payment(tmp_path / "case", ONE.format(grant=4762, own=5739))
    july = case / "books/2023-07.beancount"
    for month in ("2023-06", "2023-07"):
        close = f'2023-07-31 custom "grant-close" "{month}"\n  entitlement: 0 TWD\n  withdrawable: 0 TWD\n\n'
        july.write_text(july.read_text(encoding="utf-8") + close, encoding="utf-8")
    closed = july.read_bytes()
    correct(case, SEAL, claimed="0")
    assert july.read_bytes() == closed
    assert paid(case) == {SEAL: (4762, 5739)}
    assert datetime.date(2023, 8, 1) in {voucher.booked for voucher in read(case).vouchers}
