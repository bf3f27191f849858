"""What a made case consists of: papers, pay and bank lines in plain data."""

from __future__ import annotations

import dataclasses
import datetime
import random
from typing import Literal

Day = datetime.date
Route = Literal["xml", "envelope", "platform", "sheet"]
Layout = Literal["csv-cp950", "csv-utf8", "html", "xlsx"]
LAYOUTS: tuple[Layout, ...] = ("csv-cp950", "csv-utf8", "html", "xlsx")


def company_number(rng: random.Random) -> str:
    """A number whose check digits hold."""
    while True:
        number = f"{rng.randrange(10_000_000, 99_999_999)}"
        weights = (1, 2, 1, 2, 1, 2, 4, 1)
        total = sum(sum(divmod(int(d) * w, 10)) for d, w in zip(number, weights, strict=True))
        if total % 5 == 0:
            return number


def tax_on(net: int) -> int:
    return (net * 5 + 50) // 100


def last_day(day: Day) -> Day:
    following = (day.replace(day=28) + datetime.timedelta(days=4)).replace(day=1)
    return following - datetime.timedelta(days=1)


def plus(day: Day, days: int) -> Day:
    return day + datetime.timedelta(days=days)


def name_of(month: Day) -> str:
    return f"{month:%Y-%m}"


def roc(day: Day, mark: str = "/") -> str:
    return f"{day.year - 1911:03}{mark}{day.month:02}{mark}{day.day:02}"


@dataclasses.dataclass
class Item:
    name: str
    quantity: int
    unit: str
    net: int


@dataclasses.dataclass
class Line:
    """A bank line; money out is negative."""

    date: Day
    amount: int
    text: str = "轉帳支出"
    memo: str = ""
    other: str = ""
    time: str = "10:00:00"


@dataclasses.dataclass
class Paper:
    """One voucher. `routes` are the files it arrives by; `pays` the bank lines that pay it."""

    number: str
    date: Day
    seller: str
    seller_name: str
    buyer: str
    items: list[Item]
    category: str
    kind: str = "invoice"
    tax: int = 0
    routes: tuple[Route, ...] = ("xml",)
    gross_items: bool = False
    cash: Day | None = None  # 付款日期 of its sheet row
    pays: list[Line] = dataclasses.field(default_factory=list)
    voided: bool = False  # the platform's row says 作廢已確認
    credits: str = ""  # the invoice that this credit note is of
    sheet_items: list[Item] | None = None  # what the sheet says where it says something else

    @property
    def net(self) -> int:
        return sum(item.net for item in self.items)

    @property
    def gross(self) -> int:
        return self.net + self.tax

    @property
    def sign(self) -> int:
        return -1 if self.credits else 1


@dataclasses.dataclass
class Pay:
    """One row of the payroll sheet."""

    month: Day
    name: str
    role: str
    salary: int
    hours: int
    total: int
    amount: int
    paid: Day
