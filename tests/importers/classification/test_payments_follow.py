"""A voucher that is put into its category bears grant money, and so does what the dedicated account paid for it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from checks.engine.runner import run_checks
from cli.main import grant
from ledger.model import accounts
from tests.importers.small_case import SmallCase
from tests.importers.small_case import dedicated
from tests.importers.small_case import invoice
from tests.replay import run

SUPPLIER, SHOP = "晟鑫科技企業有限公司", "永信五金行"
MONEY = (
    ("2023-07-03", 450_000, "匯入匯款 經濟部 補助款"),
    ("2023-07-04", 50_000, "存入 自籌款"),
    ("2023-07-20", -10_500, f"匯出匯款 {SHOP}"),
    ("2023-07-28", -21_000, f"匯出匯款 {SUPPLIER}"),
)
LATER = invoice("AB10000002", "2023-07-15", 20_000)


def case(folder: Path, item: str) -> SmallCase:
    small = SmallCase(folder)
    small.take(invoice("AB10000001", "2023-07-10", 10_000, item=item, seller=SHOP), LATER, dedicated(*MONEY))
    return small


def parts(small: SmallCase) -> list[tuple[int, int]]:
    return [(payment.from_grant, payment.from_own) for payment in small.case.payments]


def said(small: SmallCase) -> set[str]:
    return {found.check for found in run_checks(small.case)} & {
        "account-overdrawn", "split-mismatch", "tax-paid-by-grant", "withdrawal-unexplained", "withdrawal-exceeds-entitlement",
    }  # fmt: skip


def test_the_books_are_those_of_a_voucher_that_was_clear_from_the_first(tmp_path: Path) -> None:
    right, unclear = case(tmp_path / "right", "高效率軸承"), case(tmp_path / "unclear", "現場零星用品")
    assert parts(unclear)[0] == (0, 10_500)
    before = unclear.books()
    run("classify", unclear.folder, "--voucher", "AB10000001", "--category", "consumables")
    assert parts(unclear) == parts(right)
    for account in (accounts.GRANT_MONEY, accounts.OWN_MONEY):
        assert unclear.balance(account) == right.balance(account)
    assert said(unclear) == said(right)
    run("classify", unclear.folder, "--undo")
    assert unclear.books() == before
    run("classify", unclear.folder, "--voucher", "AB10000001", "--category", "consumables")
    run("undo", unclear.folder)
    assert unclear.books() == before


def test_what_was_paid_in_a_closed_month_stays(tmp_path: Path) -> None:
    small = SmallCase(tmp_path / "case")
    small.take(dedicated(*MONEY[:2], name="d1.csv"))
    run("close", small.folder, "2023-07")
    small.take(
        invoice("AB10000001", "2023-08-10", 10_000, item="現場零星用品", seller=SHOP),
        dedicated(("2023-08-20", -10_500, f"匯出匯款 {SHOP}"), opening=500_000, name="d2.csv"),
    )
    run("close", small.folder, "2023-08")
    before = small.books()
    run("classify", small.folder, "--voucher", "AB10000001", "--category", "consumables")
    assert small.books() == before


def test_what_a_category_does_not_settle_is_told(tmp_path: Path) -> None:
    """A category is no approved item: the checks go on asking, and the command says so with the one that mends it."""
    small = case(tmp_path / "case", "現場零星用品")
    told = CliRunner().invoke(
        grant, ["classify", str(small.folder), "--voucher", "AB10000001", "--category", "交通費"]
    )
    assert told.exit_code == 2
    assert "消耗性器材及原材料費" in told.output
    told = CliRunner().invoke(
        grant, ["classify", str(small.folder), "--voucher", "AB10000001", "--category", "consumables"]
    )
    assert told.exit_code == 0
    assert "grant correct CASE AB10000001 --set item=" in told.output
    assert any(found.check == "item-not-in-budget" for found in run_checks(small.case))
    run("correct", small.folder, "AB10000001", "--set", "item=高效率軸承", "--reason", "核定品項")
    assert not any(found.check == "item-not-in-budget" for found in run_checks(small.case))
