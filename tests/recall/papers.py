"""Papers made by chance: invoices, receipts, rows of the payroll sheet."""

from __future__ import annotations

import dataclasses
import datetime
import random
from decimal import Decimal

from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from ledger.util.dates import month_last_day
from tests.casepapers import company_number

SUPPLIERS = (
    "嘉聿節能企業股份有限公司",
    "弘祐節能股份有限公司",
    "建鋒科技實業有限公司",
    "瑞呈氣動實業有限公司",
)

Day = datetime.date


def invoice(chance: random.Random, buyer: str, day: Day, category: str, item: str, net: int) -> VoucherToBook:
    number = f"{chance.choice('ABCDEFGH')}{chance.choice('KLMNPQ')}{chance.randrange(10**8):08}"
    return VoucherToBook(
        kind="invoice",
        number=number,
        date=day,
        seller=company_number(chance),
        seller_name=chance.choice(SUPPLIERS),
        buyer=buyer,
        net=net,
        tax=(net + 10) // 20,
        lines=(CostLine(category, item, Decimal(1), net),),
        import_id=f"invoice:{number}",
        source=f"{number}.xml",
        document=f"{day}.{number}.pdf",
    )


def receipt(chance: random.Random, paper: VoucherToBook) -> VoucherToBook:
    number = f"R{paper.date:%Y%m%d}{chance.randrange(1000):03}"
    return dataclasses.replace(
        paper,
        kind="receipt",
        number=number,
        tax=0,
        buyer="",
        import_id=f"receipt:{number}",
        document=f"{paper.date}.{number}.pdf",
    )


def roll(chance: random.Random, month: str, name: str) -> VoucherToBook:
    salary, hours, total = chance.randrange(36, 70) * 1000, chance.randrange(20, 120), 160
    net = salary * hours // total
    pay = {"month": month, "person": name, "role": "製程工程師", "salary": Decimal(salary)}
    worked = {"hours": Decimal(hours), "total-hours": Decimal(total)}
    number = f"薪{month}{name}"
    return VoucherToBook(
        kind="payroll",
        number=number,
        date=month_last_day(month),
        seller="",
        seller_name=name,
        buyer="",
        net=net,
        tax=0,
        lines=(CostLine("personnel", "薪資", None, net),),
        import_id=f"payroll:{number}",
        source="薪資清冊.csv",
        meta=tuple((pay | worked).items()),
    )
