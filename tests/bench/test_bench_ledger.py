"""What the case model costs beside Beancount's own load of the same books. Run by `make bench`."""

from __future__ import annotations

import datetime
import gc
import random
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from beancount.core import data

from ledger.award_file import parse_award
from ledger.booking import CostLine
from ledger.booking import Paper
from ledger.booking import as_text
from ledger.booking import payment_entry
from ledger.booking import voucher_entry
from ledger.case import Case
from ledger.case_settlement import settle_case
from ledger.loading import load_case
from ledger.new_case import new_case

pytestmark = pytest.mark.bench

VOUCHERS = 5_000
START = datetime.date(2023, 6, 1)
BUDGET = {
    "consumables": (5_000_000, 5_000_000),
    "equipment": (3_000_000, 4_000_000),
    "improvement": (5_000_000, 6_000_000),
    "personnel": (0, 4_000_000),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of 5,000 vouchers, each paid, over a year."""
    case = tmp_path_factory.mktemp("bench") / "case"
    tables = {
        "award": {
            "id": "112-量-001",
            "scheme": "small-manufacturer-112",
            "title": "量測",
            "filed": START,
            "start": START,
            "end": datetime.date(2024, 5, 31),
        },
        "company": {"name": "公司", "ubn": "12345675"},
        "account": {"bank": "銀行", "number": "1234567890"},
        "budget": [{"category": c, "government": g, "self": s} for c, (g, s) in BUDGET.items()],
    }
    new_case(case, parse_award(tables, "award.toml"))
    chance = random.Random(1)  # noqa: S311 -- the same books every time
    by_month: dict[str, list[data.Transaction]] = {}
    for number in range(VOUCHERS):
        day = START + datetime.timedelta(days=chance.randrange(360))
        for entry in _paid_voucher(
            f"AB{number:08}", day, list(BUDGET)[number % 4], chance.randrange(100, 5_000)
        ):
            by_month.setdefault(f"{entry.date:%Y-%m}", []).append(entry)
    for month, entries in by_month.items():
        (case / f"books/{month}.beancount").write_text(as_text(entries), encoding="utf-8")
    return case


def _paid_voucher(number: str, day: datetime.date, category: str, net: int) -> list[data.Transaction]:
    may_carry = category != "personnel"
    paper = Paper(
        kind="invoice",
        number=number,
        date=day,
        seller="12345675",
        seller_name="精密機械股份有限公司",
        buyer="12345675",
        net=net,
        tax=net // 20,
        lines=(CostLine(category, f"項目{net % 50}", Decimal(1), net),),
        import_id=f"invoice:{number}",
        source="A0401.xml",
        document=f"{day}.{number}.pdf",
    )
    invoice = voucher_entry(paper, day, [net // 2 if may_carry else 0], grantable=[may_carry])
    later = day + datetime.timedelta(days=2)
    paid = [(number, net + net // 20, 0)]
    return [
        invoice,
        payment_entry(later, "精密機械", "匯款", paid, "company", {"import-id": f"bank:{number}"}),
    ]


def seconds(work: Callable[[], object], times: int) -> float:
    """The least processor time that `work` took, the collector standing still as pytest-benchmark has it."""
    found = []
    for _ in range(times):
        gc.collect()
        gc.disable()
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
        gc.enable()
    return min(found)


def test_reading_the_model_costs_a_tenth_of_the_load_and_settling_a_hundredth(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loaded = load_case(folder, datetime.date(2024, 9, 1))
    assert loaded.errors == []
    assert len(loaded.case.vouchers) == VOUCHERS
    both = seconds(lambda: load_case(folder), 3)
    read = seconds(lambda: Case(loaded.entries, folder=folder), 10)
    load = both - read
    fresh = [Case(loaded.entries, folder=folder, as_of=datetime.date(2024, 9, 1)) for _ in range(10)]
    settle = seconds(lambda: settle_case(fresh.pop()), 10)
    with capsys.disabled():
        shown = f"load {load:.3f} s; model {read:.4f} s = {read / load:.1%}; settle {settle:.5f} s = {settle / load:.2%}"
        print(f"\n{VOUCHERS:,} vouchers: {shown}")  # noqa: T201 -- what a benchmark is for
    assert read <= load / 10
    assert settle <= load / 100
