"""The files that `grant new` writes."""

from __future__ import annotations

import datetime
from pathlib import Path

from ledger.award import parse_award
from ledger.loading import load_case
from ledger.new_case import new_case


def test_an_entry_of_long_before_the_award_can_be_read(tmp_path: Path) -> None:
    head = {
        "id": "112-測-0001",
        "scheme": "small-manufacturer-112",
        "title": "計畫",
        "filed": datetime.date(2023, 6, 15),
        "start": datetime.date(2023, 7, 1),
        "end": datetime.date(2024, 6, 30),
    }
    tables = {"award": head, "company": {"name": "信沛模具有限公司", "ubn": "68388964"}}
    new_case(tmp_path / "case", parse_award(tables, "award.toml"))
    (tmp_path / "case" / "books" / "2020-01.beancount").write_text(
        '2020-01-05 * "三年前的發票"\n  Assets:2進項稅額  5 TWD\n  Liabilities:1應付帳款  -5 TWD\n',
        encoding="utf-8",
    )
    loaded = load_case(tmp_path / "case")
    assert loaded.errors == []
    assert len(loaded.case.transactions) == 1
