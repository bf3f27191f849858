"""Cases of any size to measure by: well kept, so that a check has to look at everything and finds nothing.

The entries have the metadata, and the papers lie, as `grant import` writes and files them.
"""

from __future__ import annotations

import dataclasses
import datetime
import random
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from beancount.core import data

from ledger.arithmetic.cost_share import Approved
from ledger.arithmetic.cost_share import government_share
from ledger.case.case import Case
from ledger.case.month_close import close_directive
from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from ledger.entries.builder import as_text
from ledger.entries.builder import payment_entry
from ledger.entries.builder import voucher_entry
from ledger.files.award_file import parse_award
from ledger.loading.loader import load_case
from ledger.model import accounts
from ledger.model.identifiers import invoice_period
from ledger.operations.new_case import new_case
from ledger.util.dates import month_last_day
from ledger.util.dates import months_between

START = datetime.date(2023, 6, 1)
END = datetime.date(2024, 5, 31)
AFTER = datetime.date(2024, 6, 20)
BUDGET = {
    "consumables": Approved(1_800_000, 1_800_000),
    "equipment": Approved(1_200_000, 1_600_000),
    "improvement": Approved(1_800_000, 2_200_000),
    "personnel": Approved(0, 4_000_000),
}
COMPANY, SELLER = "12345675", "40953019"
PERSONS = [f"王{letter}明" for letter in "甲乙丙丁戊己庚辛壬癸"]
STATEMENT = "2024-06-18.示範銀行_活期_11206-11305.csv"
ITEMS = 10  # a category's, each of a tenth of its budget
MONTHS = months_between(START, END)


def make_case(folder: Path, vouchers: int, *, closed: int = len(MONTHS)) -> None:
    """A case of a year with so many vouchers, each paid, filed and split as it should be, closed and settled.

    `closed` is how many of its twelve months are.
    """
    new_case(folder, parse_award(_award(), "award.toml"))
    by_month: dict[str, list[data.Directive]] = defaultdict(list)
    _add(by_month, [*_instalment(), *_vouchers(folder, vouchers)])
    _write(folder, by_month)
    _add(by_month, _withdrawals(load_case(folder, datetime.date.max).case, closed))
    _write(folder, by_month)
    _close(folder, closed)
    without_plugin(folder)


def _add(by_month: dict[str, list[data.Directive]], entries: Sequence[data.Directive]) -> None:
    for entry in entries:
        by_month[f"{entry.date:%Y-%m}"].append(entry)


def _withdrawals(case: Case, closed: int) -> list[data.Transaction]:
    """What every closed month earned, drawn in the next; once all are, the surplus to the treasury."""
    entries, drawn = [], 0
    for month in MONTHS[:closed]:
        last = month_last_day(month)
        earned = case.entitlement(last)
        day = last + datetime.timedelta(days=3)
        entries.append(_moved(day, "提領", drawn - earned, "Equity:1業者投入", {"months": month}))
        drawn = earned
    if closed < len(MONTHS):
        return entries
    surplus = drawn - case.dedicated_accounts.received()
    entries.append(_moved(AFTER, "結餘款繳庫", surplus, "Liabilities:2應繳國庫:2結餘款", {}))
    return entries


def _close(folder: Path, closed: int) -> None:
    """The first months, as `checks.runs.close_month` closes it, on books that are loaded only once."""
    entries = load_case(folder, datetime.date.max).entries
    for month in MONTHS[:closed]:
        path = folder / f"books/{month}.beancount"
        above = path.read_text(encoding="utf-8") + "\n"
        case = Case(entries, as_of=datetime.date.max)
        close = close_directive(case, month, month_last_day(month), 0, above)
        assert close is not None
        path.write_text(above + as_text([close]), encoding="utf-8")
        entries.append(close)


def without_plugin(folder: Path) -> Path:
    """The top file of the case without its checks."""
    text = (folder / "main.beancount").read_text(encoding="utf-8").replace('plugin "checks"\n', "")
    plain = folder / "plain.beancount"
    plain.write_text(text, encoding="utf-8")
    return plain


def _award() -> dict[str, object]:
    return {
        "award": {
            "id": "112-量-001",
            "scheme": "small-manufacturer-112",
            "title": "量測",
            "filed": START,
            "start": START,
            "end": END,
            "guarantee": "full",
        },
        "company": {"name": "公司", "ubn": COMPANY},
        "account": {"bank": "銀行", "number": "1234567890"},
        "budget": [
            {"category": category, "government": approved.government, "self": approved.self_funded}
            for category, approved in BUDGET.items()
        ],
        "item": [
            {
                "category": category,
                "name": f"{category}項目{number}",
                "government": approved.government // ITEMS,
                "self": approved.self_funded // ITEMS,
            }
            for category, approved in BUDGET.items()
            for number in range(ITEMS)
        ],
        "person": [{"name": name, "role": "工程師", "insured": True, "months": 12} for name in PERSONS],
    }


def _write(folder: Path, by_month: dict[str, list[data.Directive]]) -> None:
    for month, entries in by_month.items():
        entries.sort(key=lambda entry: entry.date)
        (folder / f"books/{month}.beancount").write_text(as_text(entries), encoding="utf-8")


def _instalment() -> list[data.Transaction]:
    granted = sum(approved.government for approved in BUDGET.values())
    return [_moved(START, "撥款", granted, "Liabilities:3預收補助款", {})]


def _moved(
    day: datetime.date, narration: str, amount: int, other: str, meta: dict[str, str]
) -> data.Transaction:
    entry = data.Transaction(meta, day, "*", None, narration, data.EMPTY_SET, data.EMPTY_SET, [])
    data.create_simple_posting(entry, "Assets:1專戶:1政府補助款", Decimal(amount), "TWD")
    data.create_simple_posting(entry, other, Decimal(-amount), "TWD")
    return entry


def _vouchers(folder: Path, count: int) -> list[data.Transaction]:
    """The vouchers by date with their payments, each split by what it changes in its category's share."""
    chance = random.Random(1)  # noqa: S311 -- the same books every time
    days = sorted(START + datetime.timedelta(days=chance.randrange(360)) for _ in range(count))
    cost: dict[str, int] = defaultdict(int)
    given: dict[str, int] = defaultdict(int)
    entries = []
    for number, day in enumerate(days):
        category = list(BUDGET)[number % len(BUDGET)]
        net = chance.randrange(100, 1_200)
        paper = _roll(number, day) if category == "personnel" else _invoice(number, day, category, net)
        cost[category] += paper.net
        share = government_share(
            cost[category], BUDGET[category], grantable=category != "personnel", rounding="down"
        )
        entries.append(
            voucher_entry(paper, day, [share - given[category]], grantable=[category != "personnel"])
        )
        given[category] = share
        entries.append(_payment(paper))
        if paper.document:
            filed = folder / "documents" / accounts.PAYABLE.replace(":", "/")
            filed.mkdir(parents=True, exist_ok=True)
            (filed / paper.document).touch()
    return entries


def _invoice(number: int, day: datetime.date, category: str, net: int) -> VoucherToBook:
    name = f"AB{number:08}"
    return VoucherToBook(
        kind="invoice",
        number=name,
        date=day,
        seller=SELLER,
        seller_name="精密機械股份有限公司",
        buyer=COMPANY,
        net=net,
        tax=(net + 10) // 20,
        lines=(CostLine(category, f"{category}項目{net % ITEMS}", Decimal(1), net),),
        import_id=f"invoice:{invoice_period(day)}:{name}",
        source=f"{day}.F0401_{name}.xml",
        document=f"{day}.F0401_{name}.xml",
        meta=(("tax-type", "1"),),
    )


def _roll(number: int, day: datetime.date) -> VoucherToBook:
    name = PERSONS[number // len(BUDGET) % len(PERSONS)]
    pay = {
        "month": f"{day:%Y-%m}",
        "person": name,
        "salary": Decimal(44_000),
        "hours": Decimal(8),
        "total-hours": Decimal(160),
    }
    return dataclasses.replace(
        _invoice(number, day, "personnel", 2_200),
        kind="payroll",
        number=f"p{number}",
        seller="",
        seller_name=name,
        buyer="",
        tax=0,
        document="",
        source="薪資清冊.csv",
        meta=tuple(pay.items()),
    )


def _payment(paper: VoucherToBook) -> data.Transaction:
    day = paper.date + datetime.timedelta(days=2)
    gross = paper.net + paper.tax
    balance = 9_000_000 - int(paper.number.strip("ABp"))  # one that no other line of the day stands at
    meta = {
        "import-id": f"bank:900800700600:{day}:-{gross}:{balance}",
        "source": STATEMENT,
        "time": "14:05:20",
        "counterparty": "70708000001",
        "matched": "金額與憑證含稅總額相同;摘要寫有廠商名稱;距憑證 2 天(115 分)",
        "document": STATEMENT,
    }
    paid = [(paper.number, gross, 0)]
    return payment_entry(day, paper.seller_name, f"網銀轉帳 {paper.seller_name}", paid, "company", meta)
