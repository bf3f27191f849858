"""Ground to plant faults in: clean cases made from a seed, as ledger text.

A `Ground` is plain data of an award, its papers and their payments. A plant may change them before `books()`
writes the ledger, which then is consistent with them (splits, withdrawals, closes are worked out from what is
there), or change the ledger text afterwards, which then is not.
"""

from __future__ import annotations

import dataclasses
import datetime
import random
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from typing import NamedTuple

from beancount.core import data

from ledger.award_file import award_directives
from ledger.award_file import parse_award
from ledger.booking import CostLine
from ledger.booking import PaidFrom
from ledger.booking import Paper
from ledger.booking import as_text
from ledger.booking import bank_entry
from ledger.booking import payment_entry
from ledger.booking import voucher_entry
from ledger.case import Case
from ledger.dates import month_last_day
from ledger.dates import months_between
from ledger.directives import custom
from ledger.directives import twd
from ledger.scheme_files import load_scheme
from ledger.share import Approved
from tests.casepapers import company_number
from tests.checks.builder import Books
from tests.checks.builder import load
from tests.checks.builder import opens

ITEMS = {
    "consumables": ("伺服馬達驅動器", "溫度變送器", "高效率軸承"),
    "equipment": ("高效率集塵設備", "全電式射出成型機"),
    "improvement": ("空壓機變頻節能改善", "沖床聯網改造", "五軸加工機主軸冷卻模組"),
}
SUPPLIERS = (
    "嘉聿節能企業股份有限公司",
    "弘祐節能股份有限公司",
    "建鋒科技實業有限公司",
    "瑞呈氣動實業有限公司",
)
PERSONS = ("王大明", "林小華", "陳美玲")
DEDICATED, OWN = "490264681158", "7739778245078"
SHARES = {
    "consumables": 22,
    "equipment": 18,
    "improvement": 38,
    "personnel": 22,
}  # per cent of the whole cost
PARTNERS = ("茂炫精機股份有限公司", "翔驊電子有限公司", "祐陞塑膠股份有限公司")

Day = datetime.date


@dataclasses.dataclass
class Ground:
    """A clean case in plain data. `paid` says on which day each voucher is paid; who is not in it is not."""

    chance: random.Random
    start: Day
    end: Day
    tables: dict[str, Any]  # of award.toml
    papers: list[Paper]
    paid: dict[str, Day]
    interest: list[tuple[Day, int]]
    more: list[data.Directive] = dataclasses.field(default_factory=list)
    draws: bool = True  # what each month earned is drawn in the next, the rest goes back at the end
    direct: bool = False  # suppliers are paid out of the dedicated account, and nothing is drawn
    revisions: list[tuple[Day, dict[str, Approved]]] = dataclasses.field(default_factory=list)

    @property
    def months(self) -> list[str]:
        return months_between(self.start, self.end)

    @property
    def company(self) -> str:
        """The company's 統一編號."""
        return str(self.tables["company"]["ubn"])

    @property
    def settled_on(self) -> Day:
        """The day on which surplus and interest go to the treasury."""
        return self.end + datetime.timedelta(days=20)

    @property
    def as_of(self) -> Day:
        """The day on which the case is looked at: all is done."""
        return self.end + datetime.timedelta(days=45)

    def budget(self, category: str, party: str = "", day: Day = Day.min) -> Approved:
        """What is approved for a category on a day, of the company itself or of a partner."""
        table = self.table("budget", category, party)
        approved = Approved(table["government"], table["self"])
        for date, revised in self.revisions:
            if date <= day and not party:
                approved = revised.get(category, approved)
        return approved

    def table(self, kind: str, category: str, party: str = "") -> dict[str, Any]:
        """The first [[budget]] or [[item]] of a category."""
        return next(
            table
            for table in self.tables[kind]
            if table["category"] == category and table.get("party", "") == party
        )

    def revise(self, day: Day, approved: dict[str, Approved], approval: str = "產授字第1120000001號") -> None:
        """Another budget from a day on; without approval it is written down and holds nothing."""
        if approval:
            self.revisions.append((day, approved))
        for category, (government, own) in approved.items():
            self.more.append(custom(day, "budget", category, twd(government), twd(own), approval=approval))

    def any_paper(self, kind: str = "invoice", category: str = "") -> Paper:
        """One of the papers, by chance."""
        return self.chance.choice(
            [
                paper
                for paper in self.papers
                if paper.kind == kind and (not category or paper.lines[0].category == category)
            ]
        )

    def replace(self, paper: Paper, **changes: Any) -> Paper:
        """Change a paper in its place; a new number keeps the day of payment."""
        changed = dataclasses.replace(paper, **changes)
        self.papers[self.papers.index(paper)] = changed
        if changed.number != paper.number and paper.number in self.paid:
            self.paid[changed.number] = self.paid[paper.number]
        return changed

    def buy(self, paper: Paper, *, paid_after: int | None = 3) -> Paper:
        """One more paper, paid so many days later or not at all; the papers stay in order of their dates."""
        self.papers.append(paper)
        self.papers.sort(key=lambda each: each.date)
        if paid_after is not None:
            self.paid[paper.number] = paper.date + datetime.timedelta(days=paid_after)
        return paper

    def credit(self, paper: Paper, net: int, *, after: int = 2) -> Paper:
        """A credit note of a voucher some days later; so much less is paid for the voucher."""
        share = Decimal(net) / paper.net
        (line, *_others) = paper.lines
        quantity = None if line.quantity is None else -(line.quantity * share).quantize(Decimal("0.01"))
        number = f"AL{self.chance.randrange(10**8):08}"
        return self.buy(
            dataclasses.replace(
                paper,
                kind="allowance",
                number=number,
                date=paper.date + datetime.timedelta(days=after),
                net=-net,
                tax=-int(paper.tax * share),
                lines=(dataclasses.replace(line, quantity=quantity, cost=-net),),
                import_id=f"allowance:{number}",
                source=f"{number}.xml",
                document=f"{number}.pdf",
                reverses=paper.number,
            ),
            paid_after=None,
        )

    def owed(self, paper: Paper) -> int:
        """What a voucher costs with its tax, less its credit notes."""
        notes = [note for note in self.papers if note.reverses == paper.number]
        return paper.net + paper.tax + sum(note.net + note.tax for note in notes)

    def invoice(
        self, category: str = "consumables", *, net: int, day: Day | None = None, **changes: Any
    ) -> Paper:
        """A new invoice of an approved item, not booked yet; `buy` books it."""
        item = next(table["name"] for table in self.tables["item"] if table["category"] == category)
        return dataclasses.replace(
            _invoice(self.chance, self.company, day or self.any_paper().date, category, item, net), **changes
        )

    def directives(self) -> list[data.Directive]:
        """All entries but the closes, by date."""
        entries: list[data.Directive] = [*award_directives(parse_award(self.tables, "award.toml"))]
        granted = sum(table["government"] for table in self.tables["budget"])
        entries.append(bank_entry("instalment", self.start, granted, "產業發展署", "補助款撥款", {}))
        vouchers = _vouchers(self)
        entries += [voucher.entry for voucher in vouchers]
        entries += _payments(self, vouchers)
        entries += [bank_entry("interest", day, amount, "", "存款息", {}) for day, amount in self.interest]
        entries += self.more
        if self.draws:
            entries += _withdrawals(self, entries, granted)
        return sorted(entries, key=lambda entry: entry.date)

    def books(
        self,
        edit: Callable[[list[data.Directive]], list[data.Directive]] | None = None,
        *,
        close: bool = True,
    ) -> Books:
        """The ledger; `edit` may change its entries before the months are closed as they then stand."""
        entries = self.directives()
        if edit:
            entries = edit(entries)
        books = Books(opens(self.tables["award"]["scheme"]) + as_text(entries), as_of=self.as_of)
        return books.close(*self.months) if close else books


def make_ground(
    seed: int, *, months: int = 5, scheme: str = "small-manufacturer-112", partners: int = 0
) -> Ground:
    """A clean case made from a seed, finished and settled. Partners are paid through the lead's account."""
    chance = random.Random(seed)  # noqa: S311 -- a seed makes the same case again
    start = Day(2023, chance.choice((6, 7, 8, 9)), 1)
    end = month_last_day(months_between(start, start + datetime.timedelta(days=31 * months))[months - 1])
    tables = _award(chance, start, end, scheme)
    for name in PARTNERS[:partners]:
        _join(chance, tables, name)
    ground = Ground(chance, start, end, tables, [], {}, [])
    _purchases(ground)
    _payroll(ground)
    ground.interest = [(Day(2023, 12, 20), chance.randrange(40, 900))] if end >= Day(2023, 12, 20) else []
    ground.interest.append((end, chance.randrange(40, 900)))
    due = sum(amount for _day, amount in ground.interest)
    ground.more.append(bank_entry("remit-interest", ground.settled_on, -due, "國庫", "專戶孳息繳庫", {}))
    for evidence in load_scheme(scheme).evidence:
        ground.more.append(custom(end, "evidence", evidence.id, f"documents/{evidence.name}.pdf"))
    return ground


def _award(chance: random.Random, start: Day, end: Day, scheme: str) -> dict[str, Any]:
    cap = load_scheme(scheme).subsidy_cap
    most = min(6_000_000, cap.value * 2) if cap else 6_000_000
    budget, items = _budget(chance, chance.randrange(1_800, most // 1000) * 1000, SHARES)
    return {
        "award": {
            "id": f"112-試-{chance.randrange(1000):03}",
            "scheme": scheme,
            "title": "試驗改善計畫",
            "filed": start - datetime.timedelta(days=12),
            "start": start,
            "end": end,
            "guarantee": "full",
        },
        "company": {
            "name": "川益電機企業股份有限公司",
            "ubn": company_number(chance),
            "representative": "莊麗卿",
        },
        "account": {"bank": "玉山商業銀行彰化分行", "number": DEDICATED},
        "payment_account": [{"bank": "玉山商業銀行彰化分行", "number": OWN}],
        "budget": budget,
        "item": items,
        "person": [
            {"name": name, "role": "製程工程師", "insured": True, "months": 12 - place}
            for place, name in enumerate(PERSONS)
        ],
    }


def _join(chance: random.Random, tables: dict[str, Any], name: str) -> None:
    """A partner with a budget and items of its own, and nobody's pay."""
    partner = {"name": name, "ubn": company_number(chance), "representative": ""}
    tables.setdefault("partner", []).append(partner)
    shares = {category: share for category, share in SHARES.items() if category in ITEMS}
    for kind, lines in zip(
        ("budget", "item"), _budget(chance, chance.randrange(1_000, 3_000) * 1000, shares), strict=True
    ):
        tables[kind] += [line | {"party": partner["ubn"]} for line in lines]


def _budget(
    chance: random.Random, whole: int, shares: dict[str, int]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The budget of a party by the shares of its categories, and its items."""
    budget, items = [], []
    for category, share in shares.items():
        cost = whole * share // 100 // 1000 * 1000
        government = cost * chance.randrange(42, 50) // 100 // 1000 * 1000 if category in ITEMS else 0
        budget.append({"category": category, "government": government, "self": cost - government})
        items += _items(chance, category, government, cost - government)
    return budget, items


def _items(chance: random.Random, category: str, government: int, own: int) -> list[dict[str, Any]]:
    """The items of a category, which come to its approved amounts."""
    names = ITEMS.get(category, ())
    items = []
    for left, name in zip(range(len(names), 0, -1), names, strict=True):
        of_grant, of_own = government // left, own // left
        quantity = chance.randrange(8, 30)
        items.append(
            {
                "category": category,
                "name": name,
                "government": of_grant,
                "self": of_own,
                "quantity": quantity,
                "unit": "組",
            }
        )
        government, own = government - of_grant, own - of_own
    return items


def _purchases(ground: Ground) -> None:
    """Each item is bought one to three times, below its quantity and its approved amount."""
    days = (ground.end - ground.start).days - 10
    for item in ground.tables["item"]:
        times = ground.chance.randrange(1, 4)
        for _time in range(times):
            net = (item["government"] + item["self"]) * ground.chance.randrange(50, 90) // 100 // times
            day = ground.start + datetime.timedelta(days=ground.chance.randrange(days))
            party = item.get("party", "")
            buyer = party or ground.company
            paper = _invoice(ground.chance, buyer, day, item["category"], item["name"], net)
            if not ground.chance.randrange(5) and not party:
                paper = _receipt(ground.chance, paper)
            ground.buy(paper, paid_after=ground.chance.randrange(1, 9))


def _payroll(ground: Ground) -> None:
    for month in ground.months:
        for name in PERSONS:
            ground.buy(_roll(ground.chance, month, name), paid_after=5)


def _invoice(chance: random.Random, buyer: str, day: Day, category: str, item: str, net: int) -> Paper:
    number = f"{chance.choice('ABCDEFGH')}{chance.choice('KLMNPQ')}{chance.randrange(10**8):08}"
    return Paper(
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


def _receipt(chance: random.Random, paper: Paper) -> Paper:
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


def _roll(chance: random.Random, month: str, name: str) -> Paper:
    salary, hours, total = chance.randrange(36, 70) * 1000, chance.randrange(20, 120), 160
    net = salary * hours // total
    pay = {"month": month, "person": name, "role": "製程工程師", "salary": Decimal(salary)}
    worked = {"hours": Decimal(hours), "total-hours": Decimal(total)}
    number = f"薪{month}{name}"
    return Paper(
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


class _Booked(NamedTuple):
    """A paper as booked: its entry, and the government's part of it."""

    paper: Paper
    entry: data.Transaction
    government: int


def _vouchers(ground: Ground) -> list[_Booked]:
    """The vouchers by date, each split by what it adds to the share of its category."""
    scheme = load_scheme(ground.tables["award"]["scheme"])
    partners = {table["ubn"] for table in ground.tables.get("partner", ())}
    cost: dict[tuple[str, str], int] = defaultdict(int)
    given: dict[tuple[str, str], int] = defaultdict(int)
    booked = []
    for paper in ground.papers:
        parts = []
        for line in paper.lines:
            key = (paper.buyer if paper.buyer in partners else "", line.category)
            cost[key] += line.cost if paper.claimed else 0
            share = _share(ground, key, cost[key], paper.date)
            parts.append(share - given[key])
            given[key] = share
        grantable = [bool(scheme.categories[line.category].grantable.value) for line in paper.lines]
        entry = voucher_entry(paper, paper.date, parts, grantable=grantable)
        booked.append(_Booked(paper, entry, sum(parts)))
    return booked


def _share(ground: Ground, key: tuple[str, str], cost: int, day: Day) -> int:
    """The government's part of a category's cost: its approved ratio, rounded down, up to its approved amount."""
    party, category = key
    approved = ground.budget(category, party, day)
    return min(cost * approved.government // approved.total, approved.government) if cost > 0 else 0


def _payments(ground: Ground, vouchers: list[_Booked]) -> list[data.Transaction]:
    """What was paid for each voucher, from the company's bank or out of the dedicated account."""
    government: dict[str, int] = defaultdict(int)
    for voucher in vouchers:
        government[voucher.paper.reverses or voucher.paper.number] += voucher.government
    entries = []
    for paper in ground.papers:
        if paper.number not in ground.paid:
            continue
        day, amount, of_grant = ground.paid[paper.number], ground.owed(paper), government[paper.number]
        paid_from: PaidFrom = "dedicated" if ground.direct else "company"
        if ground.direct:
            entries.append(bank_entry("own-money", day, amount - of_grant, "", "自籌款存入", {}))
        paid = [(paper.number, amount, of_grant)]
        meta = {"import-id": f"bank:{paper.number}"}
        entries.append(payment_entry(day, paper.seller_name, "匯款", paid, paid_from, meta))
    return entries


def _withdrawals(ground: Ground, entries: list[data.Directive], granted: int) -> list[data.Transaction]:
    text = opens(ground.tables["award"]["scheme"]) + as_text(sorted(entries, key=lambda entry: entry.date))
    case = Case(load(text)[0], as_of=Day.max)
    found, drawn = [], 0
    for month in ground.months:
        last = month_last_day(month)
        earned = case.entitlement(last)
        if earned > drawn and not ground.direct:
            day, amount = last + datetime.timedelta(days=3), earned - drawn
            found.append(bank_entry("withdrawal", day, -amount, "", "提領", {"months": month}))
        drawn = max(earned, drawn)
    surplus = granted - drawn
    if surplus:
        found.append(bank_entry("remit-surplus", ground.settled_on, -surplus, "國庫", "結餘款繳庫", {}))
    return found
