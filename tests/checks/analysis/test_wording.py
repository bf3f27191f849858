"""How findings name what they are about."""

from __future__ import annotations

import pytest

from tests.checks.builder import Books
from tests.checks.pieces.voucher import invoice


@pytest.mark.parametrize(
    ("number", "heads", "named"),
    [
        ('"GH00000001"', '"益瀚電機有限公司" "感測器模組"', "GH00000001"),
        ("", '"益瀚電機有限公司" "感測器模組"', "2023-08-20「感測器模組」"),
        ("", '"益瀚電機有限公司" ""', "2023-08-20「益瀚電機有限公司」"),
        ("", '""', "2023-08-20「」"),
    ],
)
def test_a_voucher_without_a_number_is_named_by_its_day_and_words(
    books: Books, number: str, heads: str, named: str
) -> None:
    text = invoice(number=number, document="")
    line = next(row for row in text.splitlines() if row.startswith("2023-08-20"))
    planted = books.add(text.replace(line, f"2023-08-20 * {heads}"))
    (finding,) = planted.findings("document-missing")
    assert (
        finding.message == f"憑證 {named} 沒有附件;請把檔名含憑證號碼的掃描檔放進 inbox/ 再執行 grant import"
    )
