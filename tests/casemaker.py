"""Cases made from a seed: an award, its papers and its bank lines, as files that an accountant would have.

A `Story` is a clean case in plain data; a test may change it before `money()` works out the bank lines, or
after. What the commands should answer is worked out here on its own: nothing of the program is used for it.
"""

from __future__ import annotations

import dataclasses
import random
from fractions import Fraction
from typing import Any

from tests.casefiles import Files
from tests.casefiles import cancel_xml
from tests.casepapers import Day
from tests.casepapers import Item
from tests.casepapers import Layout
from tests.casepapers import Line
from tests.casepapers import Paper
from tests.casepapers import Pay
from tests.casepapers import Route
from tests.casepapers import company_number
from tests.casepapers import last_day
from tests.casepapers import name_of
from tests.casepapers import plus
from tests.casepapers import roc
from tests.casepapers import tax_on

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


class Story(Files):
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
        # Papers of one day go by their numbers, what takes back last: no order of files moves a dollar between them.
        for paper in sorted(self.standing, key=lambda paper: (paper.date, bool(paper.credits), paper.number)):
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
