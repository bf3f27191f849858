"""A row that names the day of its payment paid what was owed on that day, whatever took from it later."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.engine.runner import run_checks
from ledger.model import accounts
from tests.importers.small_case import Files
from tests.importers.small_case import SmallCase
from tests.importers.small_case import credit_note
from tests.importers.small_case import invoice

((NAME, TEXT),) = invoice("AB10000001", "2023-08-01", 20_000).items()
PAID = {NAME: TEXT.replace(",,,,\n", ",,2023-08-10,匯款,\n")}
VOID = {
    "void.xml": '<CancelInvoice xmlns="urn:GEINV:eInvoiceMessage:F0501:4.1">'
    "<CancelInvoiceNumber>AB10000001</CancelInvoiceNumber><InvoiceDate>20230801</InvoiceDate>"
    "<BuyerId>68388964</BuyerId><SellerId>27715140</SellerId><CancelDate>20230820</CancelDate>"
    "<CancelTime>10:00:00</CancelTime><CancelReason>誤開</CancelReason></CancelInvoice>"
}


@pytest.mark.parametrize("runs", [1, 2])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    ("later", "check", "amount"),
    [
        (credit_note("AB10000001", "2023-08-15", 4_000), "voucher-overpaid", 4_200),
        (VOID, "voucher-voided", 21_000),
    ],
)
def test_what_was_paid_before_it_was_lowered_is_to_be_given_back(
    tmp_path: Path, runs: int, later: Files, check: str, amount: int, *, backwards: bool
) -> None:
    small = SmallCase(tmp_path / "case")
    files = [later, PAID] if backwards else [PAID, later]
    for part in [files] if runs == 1 else [[file] for file in files]:
        small.take(*part)
    assert [payment.amount for payment in small.case.payments] == [21_000]
    assert {found.check: found.amount for found in run_checks(small.case)}[check] == amount


@pytest.mark.parametrize("runs", [1, 2])
def test_what_was_lowered_before_it_was_paid_is_paid_less(tmp_path: Path, runs: int) -> None:
    small = SmallCase(tmp_path / "case")
    files = [credit_note("AB10000001", "2023-08-05", 4_000), PAID]
    for part in [files] if runs == 1 else [[file] for file in files]:
        small.take(*part)
    assert [payment.amount for payment in small.case.payments] == [16_800]
    assert small.balance(accounts.PAYABLE) == 0
