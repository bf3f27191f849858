"""Cases made from a seed: an award, its papers and its bank lines, as files that an accountant would have.

A `Story` is a clean case in plain data; a test may change it before `money()` works out the bank lines, or
after. What the commands should answer is worked out here on its own: nothing of the program is used for it.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
import json
import random
import shutil
from collections.abc import Callable
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any
from typing import Literal

import openpyxl
from click.testing import CliRunner

from cli.main import grant

Day = datetime.date
Route = Literal["xml", "envelope", "platform", "sheet"]
Layout = Literal["csv-cp950", "csv-utf8", "html", "xlsx"]
LAYOUTS: tuple[Layout, ...] = ("csv-cp950", "csv-utf8", "html", "xlsx")

ACCOUNT_NAMES = {
    "consumables": "消耗性器材及原材料費",
    "equipment": "全新設備之購置費",
    "improvement": "既有設備之改善費",
    "research": "委託研究或驗證費",
    "personnel": "人事費",
    "intangibles": "無形資產引進費",
    "construction": "基礎工程施工費",
}
SELF_ONLY = {"personnel", "intangibles", "construction"}
_ITEMS = {
    "consumables": ("伺服馬達驅動器", "溫度變送器(4-20mA)", "高效率軸承"),
    "equipment": ("高效率集塵設備",),
    "improvement": ("空壓機變頻節能改善", "沖床 IoT 聯網改造"),
    "research": ("能耗基線量測驗證",),
    "intangibles": ("能源管理演算法授權",),
    "construction": ("廠區配電管線工程",),
}
_SUPPLIERS = (
    "嘉聿節能企業股份有限公司",
    "弘祐節能股份有限公司",
    "建鋒科技實業有限公司",
    "晟鑫科技企業有限公司",
    "川益節能股份有限公司",
    "全誼自動化股份有限公司",
    "鉅霖工業有限公司",
    "瑞呈氣動實業有限公司",
)
_STRANGERS = ("源鋐金屬實業有限公司", "昱峻氣動企業有限公司", "益瀚電機有限公司")


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


class Story:
    """A clean case. `direct`: suppliers are paid out of the dedicated account."""

    def __init__(
        self,
        seed: int,
        *,
        scheme: str = "small-manufacturer-112",
        months: int = 3,
        guarantee: str = "full",
        direct: bool = False,
        big_interest: bool = False,
        partners: int = 0,
        layout: Layout = "csv-cp950",
        total: int = 0,
        percent: tuple[int, int] = (50, 57),
        shares: dict[str, int] | None = None,
    ) -> None:
        """`total` is each party's budget, `percent` between what the grant's share is, `shares` of categories."""
        self.rng = random.Random(seed)  # noqa: S311 -- a seed makes the same case again
        self.direct, self.big_interest, self.layout = direct, big_interest, layout
        self.guarantee, self.scheme = guarantee, scheme
        self._total = total or (1_400_000 if scheme == "managed-factory-112" else 2_400_000)
        self._percent, self._shares = percent, shares or {}
        start = Day(2023, self.rng.choice((7, 8, 9, 10)), 1)
        self.months = [start]
        while len(self.months) < months:
            self.months.append(plus(last_day(self.months[-1]), 1))
        self.filed = start
        self.start, self.end = start, last_day(self.months[-1])
        self.today = plus(self.end, 75)
        self.closed_on = {month: last_day(month) for month in self.months}
        self._numbers: set[str] = set()
        self.dedicated, self.own = "490264681158", "7739778245078"
        self.company = {"name": "信沛模具有限公司", "ubn": company_number(self.rng), "rep": "蔡雅婷"}
        self.partners = [
            {"name": f"{name}精密有限公司", "ubn": company_number(self.rng)}
            for name in ("東昶", "立穎")[:partners]
        ]
        self.budget: list[dict[str, Any]] = []
        self.approved_items: list[dict[str, Any]] = []
        self.persons: list[dict[str, Any]] = []
        self.papers: list[Paper] = []
        self.payroll: list[Pay] = []
        self.grant_lines: list[Line] = []  # the dedicated account
        self.direct_parts: list[tuple[Day, int]] = []  # the grant's part of each payment out of it
        self.own_lines: list[Line] = []  # the company's
        self.events: dict[str, str] = {}  # file name: XML of what is neither invoice nor credit note
        self._sellers = {name: company_number(self.rng) for name in (*_SUPPLIERS, *_STRANGERS)}
        for party in (self.company, *self.partners):
            self._plan(party["ubn"])
        self._credit_note()
        self._noise()

    # --- what was granted and bought -------------------------------------------------------------------

    def _plan(self, party: str) -> None:
        last = "construction" if self.scheme == "managed-factory-112" else "intangibles"
        shares = {
            "consumables": 22,
            "equipment": 20,
            "improvement": 26,
            "research": 8,
            last: 10,
            "personnel": 14,
        }
        for category, share in (shares | self._shares).items():
            whole = self._total * share // 100 + self.rng.randrange(-8, 9) * 1000
            government = (
                0
                if category in SELF_ONLY
                else whole * self.rng.randrange(*self._percent) // 100 // 1000 * 1000
            )
            self.budget.append(
                {"category": category, "government": government, "self": whole - government, "party": party}
            )
            if category == "personnel":
                self._staff(party, whole)
            else:
                self._purchases(party, category, government, whole)

    def _purchases(self, party: str, category: str, government: int, whole: int) -> None:
        names = _ITEMS[category]
        left_government, left = government, whole
        mark = "" if party == self.company["ubn"] else f" {party[-2:]}型"
        for place, name in enumerate(names):
            is_last = place == len(names) - 1
            cost = left if is_last else whole // len(names) // 1000 * 1000
            of_grant = left_government if is_last else government // len(names) // 1000 * 1000
            left, left_government = left - cost, left_government - of_grant
            supplier = _SUPPLIERS[(list(_ITEMS).index(category) + place // 2 * 7) % len(_SUPPLIERS)]
            quantity = self.rng.randrange(12, 40)
            self.approved_items.append(
                {
                    "category": category,
                    "name": name + mark,
                    "government": of_grant,
                    "self": cost - of_grant,
                    "quantity": quantity,
                    "unit": "台",
                    "supplier": supplier,
                    "domestic": True,
                    "party": party,
                }
            )
            spent = cost * self.rng.randrange(90, 99) // 100
            if category in SELF_ONLY:
                spent = cost - self.rng.randrange(0, 900)
            self._invoices(party, category, self.approved_items[-1], spent, quantity)

    def _invoices(self, party: str, category: str, item: dict[str, Any], spent: int, quantity: int) -> None:
        count = self.rng.randrange(1, 4)
        for place in range(count):
            part = spent if place == count - 1 else spent // count + self.rng.randrange(-999, 999)
            spent -= part
            month = self.months[min(place * len(self.months) // count, len(self.months) - 1)]
            day = month.replace(day=self.rng.randrange(1, last_day(month).day + 1))
            kind = "receipt" if category == "consumables" and place == 2 else "invoice"
            routes: tuple[Route, ...] = self.rng.choice(
                (("xml",), ("xml",), ("platform",), ("xml", "platform"), ("envelope",), ("sheet",))
            )
            pieces = max(1, quantity // count - 1)
            items = [Item(item["name"], pieces, item["unit"], part)]
            if kind == "invoice" and self.rng.random() < 0.3 and pieces > 1:
                first = part // 3
                items = [
                    Item(item["name"], 1, item["unit"], first),
                    Item(item["name"], pieces - 1, item["unit"], part - first),
                ]
            self.papers.append(
                Paper(
                    number=self.number(kind, day),
                    date=day,
                    seller=self._sellers[item["supplier"]],
                    seller_name=item["supplier"],
                    buyer=party,
                    items=items,
                    category=category,
                    kind=kind,
                    tax=tax_on(part) if kind == "invoice" else 0,
                    routes=("sheet",) if kind == "receipt" else routes,
                    gross_items=self.rng.random() < 0.3,
                )
            )

    def number(self, kind: str, day: Day) -> str:
        while True:
            letters = "".join(self.rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(2))
            made = f"{letters}{self.rng.randrange(10_000_000, 99_999_999)}"
            if kind == "receipt":
                made = f"收{roc(day, '')}{self.rng.randrange(100, 999)}"
            if made not in self._numbers:
                self._numbers.add(made)
                return made

    def _staff(self, party: str, whole: int) -> None:
        if party != self.company["ubn"]:
            return
        names = (("郭冠宇", "計畫主持人"), ("曾麗卿", "製程工程師"))
        left = whole
        for name, role in names:
            self.persons.append(
                {"name": name, "role": role, "insured": True, "months": len(self.months), "other_months": 0}
            )
        for month in self.months:
            for name, role in names:
                want = whole // len(self.months) // len(names)
                total = self.rng.choice((160, 168, 176))
                hours = self.rng.randrange(total * 3 // 4, total)
                salary = want * total // hours // 100 * 100
                amount = salary * hours // total
                left -= amount
                paid = plus(last_day(month), 5)
                self.payroll.append(Pay(month, name, role, salary, hours, total, amount, paid))
        assert left >= 0

    def _credit_note(self) -> None:
        """The first invoice of an item bought in parts gets a part of its price back."""
        original = next(
            (p for p in self.papers if p.kind == "invoice" and len(p.items) == 1 and "xml" in p.routes), None
        )
        if original is None:
            return
        net = original.net // 20
        day = min(plus(original.date, 2), self.end)
        self.papers.append(
            Paper(
                number=f"AL{roc(day, '')}001",
                date=day,
                seller=original.seller,
                seller_name=original.seller_name,
                buyer=original.buyer,
                items=[dataclasses.replace(original.items[0], quantity=1, net=net)],
                category=original.category,
                kind="allowance",
                tax=tax_on(net),
                credits=original.number,
            )
        )

    def _noise(self) -> None:
        """What the files hold besides: a row voided and made out again, other purchases of the company."""
        stranger = _STRANGERS[0]
        again = next((p for p in self.papers if p.kind == "invoice" and "platform" in p.routes), None)
        if again is not None:
            number = self.number("invoice", again.date)
            self.papers.append(
                dataclasses.replace(again, number=number, routes=("platform",), voided=True, pays=[])
            )
        day = self.months[0].replace(day=9)
        self.others = [
            Paper(self.number("invoice", day), day, self._sellers[stranger], stranger, self.company["ubn"],
                  [Item("辦公用紙", 3, "箱", 1900)], "", tax=95, routes=("platform",)),
        ]  # fmt: skip
        number = self.number("invoice", day)
        self.events[f"F0501_{number}.xml"] = cancel_xml(
            number, day, plus(day, 3), self._sellers[stranger], self.company["ubn"]
        )

    # --- what the arithmetic of the design says, worked out here --------------------------------------

    def cost(self, through: Day) -> dict[tuple[str, str], int]:
        """Net cost by party and category of what stands through a day."""
        sums = {(line["party"], line["category"]): 0 for line in self.budget}
        for paper in self.standing:
            if paper.date <= through:
                key = self.party_of(paper), paper.category
                sums[key] = sums.get(key, 0) + paper.sign * paper.net
        for pay in self.payroll:
            if last_day(pay.month) <= through:
                sums[self.company["ubn"], "personnel"] += pay.amount
        return sums

    def party_of(self, paper: Paper) -> str:
        """Whose cost a paper is: its buyer's where that is a party, else the lead's."""
        parties = {party["ubn"] for party in (self.company, *self.partners)}
        return paper.buyer if paper.buyer in parties else self.company["ubn"]

    @property
    def standing(self) -> list[Paper]:
        return [paper for paper in self.papers if not paper.voided]

    def shares(self, through: Day) -> dict[str, int]:
        """The government's part by category, each party's on its own."""
        cost = self.cost(through)
        shares: dict[str, int] = {}
        for line in self.budget:
            spent = max(0, cost[line["party"], line["category"]])
            whole = line["government"] + line["self"]
            share = min(line["government"], int(Fraction(spent * line["government"], whole)))
            shares[line["category"]] = shares.get(line["category"], 0) + share
        return shares

    def earned(self, through: Day) -> int:
        return sum(self.shares(through).values())

    @property
    def granted(self) -> int:
        return sum(line["government"] for line in self.budget)

    @property
    def recognised(self) -> int:
        spent = sum(self.cost(self.today).values())
        return min(self.earned(self.today), spent // 2, self.granted)

    # --- the money -------------------------------------------------------------------------------------

    def money(self) -> Story:
        """Work out every bank line of the case as it stands."""
        if self.guarantee == "full":
            self._instalment(plus(self.start, 1), self.granted)
        elif self.guarantee == "partial":
            share = Fraction(1, 5) if self.partners else Fraction(1, 2)
            self._instalment(plus(self.start, 1), int(self.granted * share))
        elif len(self.months) > 1:
            share = Fraction(1, 3) if self.partners else Fraction(1, 2)
            self._instalment(plus(self.months[1], 14), int(self.granted * share))
        self._pay_suppliers()
        self.closes: list[dict[str, Any]] = []
        for month in self.months:
            self._close(month)
        self._finish()
        self._decoys()
        return self

    def _instalment(self, day: Day, amount: int, memo: str = "112年度疫後升級轉型補助款") -> None:
        self.grant_lines.append(Line(day, amount, "匯款存入", memo, "經濟部產業發展署", "09:50:34"))

    def _pay_suppliers(self) -> None:
        credit = {paper.credits: paper.gross for paper in self.papers if paper.credits}
        ways = ["number", "name", "short", "blank", "both"]
        given: dict[tuple[str, str], int] = {}
        spent: dict[tuple[str, str], int] = {}
        budget = {(line["party"], line["category"]): line for line in self.budget}
        principal = sum(line.amount for line in self.grant_lines)
        parts: dict[str, int] = {}
        for paper in sorted(self.standing, key=lambda paper: paper.date):
            key = self.party_of(paper), paper.category
            if key not in budget:
                parts[paper.number] = 0
                continue
            spent[key] = spent.get(key, 0) + paper.sign * paper.net
            approved = budget[key]
            share = min(
                approved["government"],
                spent[key] * approved["government"] // (approved["government"] + approved["self"]),
            )
            link = paper.credits or paper.number
            parts[link] = parts.get(link, 0) + share - given.get(key, 0)
            given[key] = share
        for place, paper in enumerate(sorted(self.standing, key=lambda paper: paper.date)):
            if paper.credits or paper.pays or paper.cash:
                continue
            if "sheet" in paper.routes and place % 4 == 0:
                paper.cash = plus(paper.date, self.rng.randrange(0, 5))
                continue
            amount = paper.gross - credit.get(paper.number, 0)
            day = plus(paper.date, self.rng.randrange(5, 28))
            paper.pays = [Line(day, -amount, **self._words(ways[place % len(ways)], paper))]
        self.direct_parts = []
        paid = [(line, paper) for paper in self.standing for line in paper.pays]
        for line, paper in sorted(paid, key=lambda pair: pair[0].date):
            if self.direct:
                share = (
                    max(0, min(parts[paper.number], principal, -line.amount))
                    if self._grant_is_in(line.date)
                    else 0
                )
                principal -= share
                self._pay_directly(line, paper, share)
            else:
                self.own_lines.append(line)
        for pay in self.payroll:
            self.own_lines.append(Line(pay.paid, -pay.amount, "薪資轉帳", f"{pay.month.month}月薪資"))

    def _pay_directly(self, line: Line, paper: Paper, share: int) -> None:
        """Pay a supplier out of the dedicated account, the company's own part put in on the day before."""
        if not (line.memo or line.other):
            line.memo = paper.seller_name
        self.direct_parts.append((line.date, share))
        before, own = plus(line.date, -1), -line.amount - share
        self.grant_lines += [Line(before, own, "轉帳存入", "自籌款", self.own, "11:00:00"), line]
        self.own_lines.append(Line(before, -own, "轉帳支出", "自籌款", self.dedicated))

    def _grant_is_in(self, day: Day) -> bool:
        return any(line.text == "匯款存入" and line.date <= day for line in self.grant_lines)

    def _words(self, way: str, paper: Paper) -> dict[str, str]:
        short = paper.seller_name[:4]
        other = f"{self.rng.randrange(10**12, 10**13 - 1)}"
        memo = {
            "number": paper.number,
            "name": paper.seller_name,
            "short": short,
            "blank": "",
            "both": f"{short} {paper.number}",
        }
        text = self.rng.choice(("轉帳支出", "匯款支出", "網銀轉帳", "跨行轉帳"))
        return {
            "text": text,
            "memo": memo[way],
            "other": "" if way == "blank" and self.direct else other,
            "time": "13:13:13",
        }

    def _paid_out(self, before: Day) -> int:
        """Grant money that left for cost before a day."""
        drawn = -sum(line.amount for line in self.grant_lines if line.text == "提領" and line.date < before)
        return drawn + sum(share for day, share in self.direct_parts if day < before)

    def _close(self, month: Day) -> None:
        closed = self.closed_on.get(month, last_day(month))
        earned = self.earned(last_day(month))
        received = sum(
            line.amount for line in self.grant_lines if line.text == "匯款存入" and line.date <= closed
        )
        before = self._paid_out(closed)
        able = max(0, min(earned - before, received - before))
        self.closes.append(
            {"month": name_of(month), "entitlement": earned, "withdrawn_before": before, "withdrawable": able,
             "by_category": self.shares(last_day(month))}
        )  # fmt: skip
        if able > 0 and not self.direct:
            forms = (
                f"提領{roc(month)[:6]}支用數",
                f"{month.year - 1911}年{month.month}月份月結提領",
                "月結提領",
            )
            self._withdraw(plus(closed, self.rng.randrange(1, 5)), able, self.rng.choice(forms))

    def _withdraw(self, day: Day, amount: int, memo: str) -> None:
        self.grant_lines.append(Line(day, -amount, "提領", memo, self.own, "12:32:34"))
        self.own_lines.append(Line(day, amount, "轉帳存入", "專戶轉入", self.dedicated, "12:40:00"))

    def _finish(self) -> None:
        """The tail, what of it is drawn, interest, and what goes to the treasury."""
        after = max([plus(self.end, 40), *(plus(line.date, 1) for line in self.grant_lines)])
        received = sum(line.amount for line in self.grant_lines if line.text == "匯款存入")
        tail = self.recognised - received
        if tail > 0:
            self._instalment(after, tail)
        left = max(received, self.recognised) - self._paid_out(plus(after, 1))
        drawn = min(left, self.recognised - self._paid_out(plus(after, 1)))
        if drawn > 0:
            self._withdraw(plus(after, 3), drawn, "提領尾款核銷數")
        self.received = max(received, self.recognised)
        interest = (
            self.rng.randrange(100, 4000) if not self.big_interest else self.rng.randrange(21_000, 60_000)
        )
        self.interest = interest
        self.tax = interest // 10 if interest // 10 > 2000 else 0
        closing = plus(after, 8)
        self.grant_lines.append(Line(closing, interest, "存款息", time="00:10:00"))
        if self.tax:
            self.grant_lines.append(Line(closing, -self.tax, "代扣所得稅", time="00:10:01"))
            self.own_lines.append(
                Line(closing, -self.tax, "繳交國庫", "專戶孳息扣繳稅款補足", "國庫", "10:45:00")
            )
        self.grant_lines.append(
            Line(closing, self.tax - interest, "繳交國庫", "專戶孳息繳庫", "國庫", "10:30:00")
        )
        self.surplus = max(0, -tail)
        if self.surplus:
            self.grant_lines.append(
                Line(closing, -self.surplus, "繳交國庫", "補助款結餘款繳庫", "國庫", "10:31:00")
            )
        self.remitted = interest + self.surplus

    def _decoys(self) -> None:
        """What the company's own account shows besides."""
        for month in self.months:
            self.own_lines += [
                Line(
                    month.replace(day=5),
                    -self.rng.randrange(400_000, 900_000),
                    "薪資轉帳",
                    f"{month.month}月薪資",
                ),
                Line(month.replace(day=10), -self.rng.randrange(20_000, 80_000), "勞健保費", "委託扣繳"),
                Line(month.replace(day=15), -self.rng.randrange(20_000, 80_000), "電費", "台電委託代繳"),
                Line(
                    month.replace(day=20),
                    self.rng.randrange(1_200_000, 1_900_000),
                    "匯入款",
                    f"{_STRANGERS[1]} 貨款",
                ),
                Line(month.replace(day=21), -15, "手續費", "跨行匯費"),
            ]
        paper = next(p for p in self.papers if p.pays)
        self.own_lines.append(
            Line(plus(paper.date, 3), -paper.gross, "網銀轉帳", _STRANGERS[2], time="09:00:00")
        )

    # --- the files -------------------------------------------------------------------------------------

    def award_toml(self) -> str:
        head = {
            "id": "112-測-0001",
            "scheme": self.scheme,
            "title": "製程低碳化升級計畫",
            "filed": self.filed,
            "start": self.start,
            "end": self.end,
            "guarantee": self.guarantee,
        }
        company = {
            "name": self.company["name"],
            "ubn": self.company["ubn"],
            "representative": self.company["rep"],
        }
        account = {"bank": "第一商業銀行新莊分行", "number": self.dedicated, "opened": plus(self.start, 1)}
        tables: list[tuple[str, dict[str, Any]]] = [
            ("[award]", head),
            ("[company]", company),
            ("[account]", account),
        ]
        tables.append(("[[payment_account]]", {"bank": "華南商業銀行大里分行", "number": self.own}))
        for title, rows in (("budget", self.budget), ("item", self.approved_items), ("person", self.persons)):
            for row in rows:
                kept = {
                    k: v
                    for k, v in row.items()
                    if k != "party" or (self.partners and v != self.company["ubn"])
                }
                tables.append((f"[[{title}]]", kept))
        tables += [("[[partner]]", {**partner, "representative": "林"}) for partner in self.partners]
        return "\n".join(f"{title}\n{_toml(values)}" for title, values in tables)

    def files(self) -> dict[str, bytes]:
        """Every file of the inbox."""
        files = {name: text.encode() for name, text in self.events.items()}
        envelope = [paper for paper in self.papers if "envelope" in paper.routes]
        for paper in self.papers:
            if "xml" in paper.routes:
                name = f"{'G0401' if paper.credits else 'C0401'}_{paper.number}.xml"
                files[name] = (_DECLARATION + self.xml(paper)).encode()
        if envelope:
            files["InvoiceEnvelope.xml"] = _envelope([self.xml(paper) for paper in envelope]).encode()
        platform = [paper for paper in (*self.papers, *self.others) if "platform" in paper.routes]
        files[f"{self.company['ubn']}_IN_20240528153022.xlsx"] = self._platform(platform)
        sheet = [paper for paper in self.papers if "sheet" in paper.routes]
        if sheet:
            files["憑證登記表.csv"] = self._sheet(sheet)
        if self.payroll:
            files["薪資清冊.csv"] = self._payroll()
        files |= self._statements("專戶", self.dedicated, self.grant_lines, 0)
        files |= self._statements("活期", self.own, self.own_lines, 9_000_000)
        return files

    def buyer_name(self, buyer: str) -> str:
        names = {party["ubn"]: party["name"] for party in (self.company, *self.partners)}
        return names.get(buyer, "別家有限公司")

    def xml(self, paper: Paper) -> str:
        buyer = f"<Buyer><Identifier>{paper.buyer}</Identifier><Name>{self.buyer_name(paper.buyer)}</Name></Buyer>"
        seller = f"<Seller><Identifier>{paper.seller}</Identifier><Name>{paper.seller_name}</Name></Seller>"
        if paper.credits:
            return self._credit_xml(paper, seller, buyer)
        rows = "".join(
            f"<ProductItem><Description>{item.name}</Description><Quantity>{item.quantity}</Quantity>"
            f"<Unit>{item.unit}</Unit><UnitPrice>{amount}</UnitPrice><Amount>{amount}</Amount>"
            f"<SequenceNumber>{place:03}</SequenceNumber></ProductItem>"
            for place, (item, amount) in enumerate(zip(paper.items, printed(paper), strict=True), 1)
        )
        return (
            '<Invoice xmlns="urn:GEINV:eInvoiceMessage:C0401:3.2"><Main>'
            f"<InvoiceNumber>{paper.number}</InvoiceNumber><InvoiceDate>{paper.date:%Y%m%d}</InvoiceDate>"
            f"<InvoiceTime>13:17:10</InvoiceTime>{seller}{buyer}<InvoiceType>07</InvoiceType></Main>"
            f"<Details>{rows}</Details><Amount><SalesAmount>{paper.net}</SalesAmount><TaxType>1</TaxType>"
            f"<TaxRate>0.05</TaxRate><TaxAmount>{paper.tax}</TaxAmount><TotalAmount>{paper.gross}</TotalAmount>"
            "</Amount></Invoice>"
        )

    def _credit_xml(self, paper: Paper, seller: str, buyer: str) -> str:
        original = next(other for other in self.papers if other.number == paper.credits)
        item = paper.items[0]
        return (
            '<Allowance xmlns="urn:GEINV:eInvoiceMessage:G0401:4.1"><Main>'
            f"<AllowanceNumber>{paper.number}</AllowanceNumber><AllowanceDate>{paper.date:%Y%m%d}</AllowanceDate>"
            f"{seller}{buyer}<AllowanceType>2</AllowanceType></Main><Details><ProductItem>"
            f"<OriginalInvoiceDate>{original.date:%Y%m%d}</OriginalInvoiceDate>"
            f"<OriginalInvoiceNumber>{original.number}</OriginalInvoiceNumber>"
            f"<OriginalDescription>{item.name}</OriginalDescription><Quantity>1</Quantity>"
            f"<UnitPrice>{item.net}</UnitPrice><Amount>{item.net}</Amount><Tax>{paper.tax}</Tax>"
            "<AllowanceSequenceNumber>1</AllowanceSequenceNumber><TaxType>1</TaxType></ProductItem></Details>"
            f"<Amount><TaxAmount>{paper.tax}</TaxAmount><TotalAmount>{paper.net}</TotalAmount></Amount></Allowance>"
        )

    def _platform(self, papers: Sequence[Paper]) -> bytes:
        head = ("發票號碼", "買受人註記", "格式代號", "發票狀態", "發票日期", "買方統一編號", "買方名稱", "賣方統一編號",
                "賣方名稱", "寄送日期", "銷售額合計", "應稅銷售額", "零稅銷售額", "免稅銷售額", "營業稅", "總計", "課稅別")  # fmt: skip
        rows: list[Sequence[object]] = [head]
        items: list[Sequence[object]] = [
            (
                "發票號碼",
                "發票日期",
                "序號",
                "品名",
                "數量",
                "單位",
                "單價",
                "金額",
                "單一欄位備註",
                "相關號碼",
            )
        ]
        for paper in papers:
            when = f"{paper.date:%Y-%m-%d} 12:40:33"
            status = "作廢已確認" if paper.voided else "開立已確認"
            rows.append(
                (paper.number, None, "25", status, when, paper.buyer, self.buyer_name(paper.buyer), paper.seller,
                 paper.seller_name, f"{paper.date}", str(paper.net), str(paper.net), "0", "0", str(paper.tax),
                 str(paper.gross), "應稅")
            )  # fmt: skip
            for place, (item, amount) in enumerate(zip(paper.items, printed(paper), strict=True), 1):
                items.append(
                    (
                        paper.number,
                        when,
                        str(place),
                        item.name,
                        f"{item.quantity}.0000000",
                        item.unit,
                        "",
                        str(amount),
                        None,
                        None,
                    )
                )
        return _workbook({"btb411w_xls1": rows, "btb411w_xls2": items})

    def _sheet(self, papers: Sequence[Paper]) -> bytes:
        rows: list[Sequence[object]] = [
            _cells(
                "日期 憑證種類 憑證號碼 賣方統編 對象 品名 數量 單位 未稅金額 稅額 會計科目 付款日期 付款方式 附件"
            )
        ]
        for paper in papers:
            kind = {"invoice": "統一發票", "receipt": "收據"}[paper.kind]
            items = paper.sheet_items or paper.items
            for place, item in enumerate(items):
                tax = paper.tax if place == 0 else 0
                rows.append(
                    (roc(paper.date), kind, paper.number, paper.seller, paper.seller_name, item.name, item.quantity, item.unit,
                     item.net, tax, ACCOUNT_NAMES.get(paper.category, paper.category), roc(paper.cash) if paper.cash else "",
                     "零用金" if paper.cash else "匯款", "")
                )  # fmt: skip
        return _csv(rows, "utf-8-sig")

    def _payroll(self) -> bytes:
        rows: list[Sequence[object]] = [_cells("月份 姓名 職稱 月薪 專案工時 總工時 應計薪資 付款日期")]
        rows += [
            (
                roc(pay.month)[:6],
                pay.name,
                pay.role,
                pay.salary,
                pay.hours,
                pay.total,
                pay.amount,
                roc(pay.paid),
            )
            for pay in self.payroll
        ]
        return _csv(rows, "utf-8-sig")

    def _statements(self, kind: str, number: str, lines: list[Line], opening: int) -> dict[str, bytes]:
        """The account's lines in two files that follow each other."""
        ordered = sorted(lines, key=lambda line: (line.date, line.time))
        balances = []
        for line in ordered:
            opening += line.amount
            balances.append(opening)
        pairs = list(zip(ordered, balances, strict=True))
        cut = next(
            (place for place, (line, _b) in enumerate(pairs) if line.date > last_day(self.months[0])),
            len(pairs),
        )
        suffix = {"csv-cp950": "csv", "csv-utf8": "csv", "html": "xls", "xlsx": "xlsx"}[self.layout]
        return {
            f"某銀行_{kind}_{place}.{suffix}": _LAYOUTS[self.layout](number, part)
            for place, part in enumerate((pairs[:cut], pairs[cut:]), 1)
            if part
        }


def _cells(text: str) -> list[str]:
    return text.split()


def hash_of(word: str) -> int:
    return sum(map(ord, word))


def printed(paper: Paper) -> list[int]:
    """The amounts of the lines as this seller prints them, with or without tax."""
    if not paper.gross_items:
        return [item.net for item in paper.items]
    amounts = [item.net + item.net * paper.tax // (paper.net or 1) for item in paper.items]
    amounts[-1] += paper.gross - sum(amounts)
    return amounts


_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def cancel_xml(number: str, day: Day, cancelled: Day, seller: str, buyer: str) -> str:
    return (
        f'{_DECLARATION}<CancelInvoice xmlns="urn:GEINV:eInvoiceMessage:F0501:4.1">'
        f"<CancelInvoiceNumber>{number}</CancelInvoiceNumber><InvoiceDate>{day:%Y%m%d}</InvoiceDate>"
        f"<BuyerId>{buyer}</BuyerId><SellerId>{seller}</SellerId><CancelDate>{cancelled:%Y%m%d}</CancelDate>"
        "<CancelTime>11:00:00</CancelTime><CancelReason>品名誤植</CancelReason></CancelInvoice>"
    )


def _envelope(messages: Sequence[str]) -> str:
    return (
        f'{_DECLARATION}<InvoiceEnvelope xmlns="urn:GEINV:InvoiceEnvelope:4.1"><From><PartyId>97025978</PartyId></From>'
        f'<InvoicePack messageType="C0401" count="{len(messages)}" version="4.1">{"".join(messages)}</InvoicePack></InvoiceEnvelope>'
    )


def _toml(values: dict[str, Any]) -> str:
    shown = {
        key: str(value) if isinstance(value, Day) else json.dumps(value, ensure_ascii=False)
        for key, value in values.items()
    }
    return "".join(f"{key} = {value}\n" for key, value in shown.items())


def _csv(rows: Sequence[Sequence[object]], encoding: str, *, quote_all: bool = False) -> bytes:
    text = io.StringIO()
    quoting: Literal[0, 1] = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(text, quoting=quoting, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def _workbook(sheets: dict[str, Sequence[Sequence[object]]]) -> bytes:
    book = openpyxl.Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.remove(book.worksheets[0])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


Balanced = Sequence[tuple[Line, int]]


def _sums(lines: Balanced) -> tuple[int, int]:
    return sum(-line.amount for line, _b in lines if line.amount < 0), sum(
        line.amount for line, _b in lines if line.amount > 0
    )


def _money(amount: int) -> tuple[str, str]:
    """(out, in) as most banks print them."""
    return (f"{-amount:,}", "") if amount < 0 else ("", f"{amount:,}")


def _csv_cp950(number: str, lines: Balanced) -> bytes:
    rows: list[Sequence[object]] = [
        ["第一商業銀行 存款交易明細查詢"],
        ["戶名", "信沛模具有限公司"],
        ["帳號", f"'{number}"],
        _cells("交易日期 交易時間 支出金額 存入金額 結存餘額 交易摘要 備註 對方帳號"),
    ]
    rows += [
        [
            roc(line.date),
            line.time,
            *_money(line.amount),
            f"{balance:,}",
            line.text,
            line.memo,
            line.other and f"'{line.other}",
        ]
        for line, balance in lines
    ]
    out, into = _sums(lines)
    rows += [["合計", "", f"{out:,}", f"{into:,}", "", "", f"共{len(lines)}筆", ""], ["本資料僅供參考"]]
    return _csv(rows, "cp950")


def _csv_utf8(number: str, lines: Balanced) -> bytes:
    none = "\u2212"
    rows: list[Sequence[object]] = [
        [f"{number} 活存"],
        ["筆數", f"{len(lines)} (自 2023/06/01 至 2024/06/30)"],
        ["幣別:TWD"],
        _cells("交易日期 帳務日期 說明 提出 存入 餘額 交易資訊 備註"),
    ]
    rows += [
        [f"{line.date:%Y/%m/%d}\n{line.time}", f"{line.date:%Y/%m/%d}", line.text, str(max(-line.amount, 0) or none),
         str(max(line.amount, 0) or none), balance, line.other or none, line.memo or none]
        for line, balance in reversed(lines)
    ]  # fmt: skip
    return _csv(rows, "utf-8-sig", quote_all=True)


def _html(number: str, lines: Balanced) -> bytes:
    rows: list[Sequence[object]] = [
        ["帳號", f"{number[:3]}-{number[3:6]}-{number[6:]}"],
        ["幣別", "TWD"],
        _cells(
            "交易日期 交易時間 帳務日期 幣別 支出金額 存入金額 即時餘額 摘要 存款人代號 備註 補摺日期/票據號碼"
        ),
    ]
    rows += [
        [f"0{roc(line.date)}", line.time, f"0{roc(line.date)}", "TWD", *_money(line.amount), f"{balance:,}", line.text, line.other,
         line.memo, ""]
        for line, balance in lines
    ]  # fmt: skip
    out, into = _sums(lines)
    rows.append(["合計", "", "", "", f"{out:,}", f"{into:,}", "", "", "", "", ""])
    body = "\n".join(
        "<tr>" + "".join(f"<td>{cell or '&nbsp;'}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<html><head><meta charset="utf-8"></head><body>\n<table border="1">\n{body}\n</table></body></html>'.encode()


def _xlsx(number: str, lines: Balanced) -> bytes:
    rows: list[Sequence[object]] = [
        ["交易明細查詢"],
        [f"帳號:{number}"],
        [],
        _cells("序號 交易日期 交易時間 帳務日期 摘要 支出金額 存入金額 帳戶餘額 備註 對方帳號"),
    ]
    rows += [
        [place, f"{line.date:%Y/%m/%d}", line.time, f"{line.date:%Y/%m/%d}", line.text, f"{max(-line.amount, 0):,}",
         f"{max(line.amount, 0):,}", f"{balance:,}", line.memo or None, line.other or None]
        for place, (line, balance) in enumerate(lines, 1)
    ]  # fmt: skip
    out, into = _sums(lines)
    rows.append(["合計", None, None, None, None, f"{out:,}", f"{into:,}", None, None, None])
    return _workbook({"交易明細查詢": rows})


_LAYOUTS = {"csv-cp950": _csv_cp950, "csv-utf8": _csv_utf8, "html": _html, "xlsx": _xlsx}


Change = Callable[["Played"], None]

# --- replaying a story through the commands ----------------------------------------------------------------


def run(*words: object, codes: tuple[int, ...] = (0,), as_json: bool = True) -> Any:
    """What a command answers with `--json`; its exit code has to be one of `codes`."""
    result = CliRunner().invoke(grant, [*map(str, words), *(["--json"] if as_json else [])])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in codes, result.output
    return json.loads(result.stdout or "null") if as_json else result.output


class Played:
    """A story after new, import, close, settle and check, with what each answered.

    `before` may change the case before the import, `books` before the closes, `after` once all is closed.
    """

    def __init__(
        self,
        story: Story,
        case: Path,
        before: Change | None = None,
        books: Change | None = None,
        after: Change | None = None,
    ) -> None:
        self.story, self.case = story, case
        begin(story, case)
        if before:
            before(self)
        self.imported = run("import", case)
        if books:
            books(self)
        self.closes = [
            run("close", case, name_of(month), "--date", story.closed_on[month])
            for month in story.months
            if month in story.closed_on
        ]
        if after:
            after(self)
        today = story.today
        self.settled = run("settle", case, "--as-of", today, codes=(0, 2))
        self.findings = run("check", case, "--as-of", today, codes=(0, 1))["findings"]

    @property
    def found(self) -> set[tuple[str, str]]:
        """(check, voucher or empty) of every finding."""
        return {(finding["check"], finding["voucher"] or "") for finding in self.findings}

    @property
    def names(self) -> set[str]:
        return {finding["check"] for finding in self.findings}

    def append(self, name: str, text: str) -> None:
        with (self.case / name).open("a", encoding="utf-8") as file:
            file.write(text)

    def replace(self, name: str, old: str, new: str) -> None:
        path = self.case / name
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


def begin(story: Story, case: Path) -> None:
    """The case of a story with its files in the inbox, nothing imported yet."""
    award = case.with_name(f"{case.name}-award.toml")
    award.write_text(story.award_toml(), encoding="utf-8")
    run("new", case, "--award", award, as_json=False)
    if story.scheme == "managed-factory-112":
        (case / "documents" / "特登.pdf").write_bytes(b"%PDF-1.4")
        with (case / "award.beancount").open("a", encoding="utf-8") as file:
            file.write(f'\n{story.end} custom "grant-evidence" "factory-registration" "documents/特登.pdf"\n')
    put(story.files(), case / "inbox")


def put(files: dict[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        (folder / name).write_bytes(content)


def books_of(case: Path) -> dict[str, bytes]:
    """The bytes of every book of a case."""
    return {path.name: path.read_bytes() for path in sorted((case / "books").iterdir())}


def copy_of(case: Path, to: Path) -> Path:
    shutil.copytree(case, to)
    return to
