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

from ledger.arithmetic.cost_share import Approved
from ledger.entries.builder import PaidFrom
from ledger.entries.builder import VoucherToBook
from ledger.entries.builder import as_text
from ledger.entries.builder import bank_entry
from ledger.entries.builder import payment_entry
from ledger.entries.builder import voucher_entry
from ledger.files.award_file import award_directives
from ledger.files.award_file import parse_award
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.schemes.loader import load_scheme
from ledger.util.dates import month_last_day
from ledger.util.dates import months_between
from tests.checks.builder import Books
from tests.checks.builder import opens
from tests.recall import account
from tests.recall import papers

Day = datetime.date
SERVICE = "技術服務"  # what is bought where no item was approved


@dataclasses.dataclass
class Ground:
    """A clean case in plain data. `paid` says on which day each voucher is paid; who is not in it is not."""

    chance: random.Random
    start: Day
    end: Day
    tables: dict[str, Any]  # of award.toml
    papers: list[VoucherToBook]
    paid: dict[str, Day]
    interest: list[tuple[Day, int]]  # gross
    instalments: list[tuple[Day, int]] | None = None  # None: the whole grant at the start
    remits: bool = True  # interest goes to the treasury
    more: list[data.Directive] = dataclasses.field(default_factory=list)
    draws: bool = True  # what each month earned is drawn in the next, the rest goes back at the end
    direct: bool = False  # suppliers are paid out of the dedicated account, and nothing is drawn
    today: Day | None = None  # the day on which the case is looked at; None: when all is done
    revisions: list[tuple[Day, dict[str, Approved]]] = dataclasses.field(default_factory=list)

    @property
    def months(self) -> list[str]:
        return months_between(self.start, self.end)

    @property
    def company(self) -> str:
        """The company's 統一編號."""
        return str(self.tables["company"]["ubn"])

    @property
    def company_name(self) -> str:
        """The company's name."""
        return str(self.tables["company"]["name"])

    @property
    def settled_on(self) -> Day:
        """The day on which surplus and interest go to the treasury."""
        return self.end + datetime.timedelta(days=20)

    @property
    def as_of(self) -> Day:
        """The day on which the case is looked at."""
        return self.today or self.end + datetime.timedelta(days=45)

    def budget(self, category: str, party: str = "", day: Day = Day.min) -> Approved:
        """What is approved for a category on a day, of the company itself or of a partner; nothing is nought."""
        approved = Approved(0, 0)
        for table in self.tables["budget"]:
            if (table["category"], table.get("party", "")) == (category, party):
                approved = Approved(table["government"], table["self"])
        for date, revised in self.revisions:
            if date <= day and not party:
                approved = revised.get(category, approved)
        return approved

    def day(self, month: int, day: int) -> Day:
        """A day of the case's first month (0), its second (1), its last (-1)."""
        return month_last_day(self.months[month]).replace(day=day)

    def table(self, kind: str, category: str, party: str = "") -> dict[str, Any]:
        """The first [[budget]] or [[item]] of a category."""
        return next(
            table
            for table in self.tables[kind]
            if table["category"] == category and table.get("party", "") == party
        )

    def items(self, category: str, party: str = "") -> list[str]:
        """The names of a category's approved items."""
        return [table["name"] for table in self.item_tables(category, party)]

    def item_tables(self, category: str, party: str = "") -> list[dict[str, Any]]:
        """The [[item]] lines of a category."""
        of_party = [table for table in self.tables["item"] if table.get("party", "") == party]
        return [table for table in of_party if table["category"] == category]

    def grant(self, category: str, *, government: int = 0, own: int = 0, party: str = "") -> None:
        """So much more is approved for a category and its items; less is taken off one after the other."""
        budget = self.table("budget", category, party)
        for fund, more in (("government", government), ("self", own)):
            budget[fund] += more
            for item in self.item_tables(category, party):
                change = max(more, -item[fund])
                item[fund] += change
                more -= change  # noqa: PLW2901 -- what is left for the next item

    def own_category(self, category: str, own: int) -> None:
        """One more category that the company bears, approved as one item; `invoice` is of it."""
        self.tables["budget"].append({"category": category, "government": 0, "self": own})
        item = {"category": category, "name": SERVICE, "government": 0, "self": own}
        self.tables["item"].append(item)

    def granted(self) -> Approved:
        """What is approved in all."""
        budget = self.tables["budget"]
        return Approved(sum(line["government"] for line in budget), sum(line["self"] for line in budget))

    def cost(self, category: str, party: str = "") -> int:
        """What the papers claim of a category."""
        of_party = [paper for paper in self.papers if paper.claimed and self.party(paper) == party]
        return sum(line.cost for paper in of_party for line in paper.lines if line.category == category)

    def party(self, paper: VoucherToBook) -> str:
        """The partner whose cost a paper is; empty for the company itself."""
        partners = {table["ubn"] for table in self.tables.get("partner", ())}
        return paper.buyer if paper.buyer in partners else ""

    def room(self, category: str, party: str = "") -> int:
        """What is left of a category's first budget."""
        return self.budget(category, party).total - self.cost(category, party)

    def government(self, paper: VoucherToBook) -> int:
        """The government's part of a paper, as it is booked."""
        return next(booked.government for booked in _vouchers(self) if booked.paper is paper)

    def earned(self) -> int:
        """The government's part of all papers."""
        return sum(booked.government for booked in _vouchers(self))

    def worth(self, paper: VoucherToBook, through: Day) -> int:
        """What a paper of one line adds to what its category has earned through a day."""
        (line,) = paper.lines
        party = self.party(paper)
        booked = [other for other in self.papers if other.claimed and other.date <= through]
        lines = [part for other in booked if self.party(other) == party for part in other.lines]
        cost = sum(part.cost for part in lines if part.category == line.category)
        key = (party, line.category)
        return share(self, key, cost, through) - share(self, key, cost - line.cost, through)

    def revise(self, day: Day, approved: dict[str, Approved], approval: str = "產授字第1120000001號") -> None:
        """Another budget from a day on; without approval it is written down and holds nothing."""
        if approval:
            self.revisions.append((day, approved))
        for category, (government, own) in approved.items():
            self.more.append(custom(day, "budget", category, twd(government), twd(own), approval=approval))

    def any_paper(self, kind: str = "invoice", category: str = "") -> VoucherToBook:
        """One of the papers, by chance."""
        return self.chance.choice(
            [
                paper
                for paper in self.papers
                if paper.kind == kind and (not category or paper.lines[0].category == category)
            ]
        )

    def replace(self, paper: VoucherToBook, **changes: Any) -> VoucherToBook:
        """Change a paper in its place; a new number keeps the day of payment."""
        changed = dataclasses.replace(paper, **changes)
        self.papers[self.papers.index(paper)] = changed
        if changed.number != paper.number and paper.number in self.paid:
            self.paid[changed.number] = self.paid[paper.number]
        return changed

    def buy(self, paper: VoucherToBook, *, paid_after: int | None = 3) -> VoucherToBook:
        """One more paper, paid so many days later or not at all; the papers stay in order of their dates."""
        self.papers.append(paper)
        self.papers.sort(key=lambda each: each.date)
        if paid_after is not None:
            self.paid[paper.number] = paper.date + datetime.timedelta(days=paid_after)
        return paper

    def credit(self, paper: VoucherToBook, net: int, *, after: int = 2) -> VoucherToBook:
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

    def pay(self, day: Day, paper: VoucherToBook, amount: int) -> None:
        """One more payment from the company's bank, which `paid` does not tell of; negative where it is a refund."""
        paid = [(paper.number, amount, 0)]
        meta = {"import-id": f"bank:{day}:{paper.number}"}
        self.more.append(payment_entry(day, paper.seller_name, "匯款", paid, "company", meta))

    def pay_directly(self, day: Day, payee: str, paid: list[tuple[str, int, int]]) -> None:
        """Pay vouchers out of the dedicated account: (number, amount, of it the grant's); or take a refund."""
        amount, of_grant = sum(part[1] for part in paid), sum(part[2] for part in paid)
        meta = {"import-id": f"bank:{day}:{paid[0][0]}"}
        self.more.append(bank_entry("own-money", day, amount - of_grant, "", "自籌款存入", {}))
        self.more.append(payment_entry(day, payee, "匯款", paid, "dedicated", meta))

    def owed(self, paper: VoucherToBook) -> int:
        """What a voucher costs with its tax, less its credit notes."""
        notes = [note for note in self.papers if note.reverses == paper.number]
        return paper.net + paper.tax + sum(note.net + note.tax for note in notes)

    def invoice(
        self,
        category: str = "consumables",
        *,
        net: int | None = None,
        day: Day | None = None,
        party: str = "",
        **changes: Any,
    ) -> VoucherToBook:
        """A new invoice of an approved item or else of the category, for which there is room left.

        Not booked yet; `buy` books it.
        """
        item = next(iter(self.items(category, party)), SERVICE)
        if net is None:
            room = self.room(category, party)
            net = self.chance.randrange(room // 8, room // 2)
        paper = papers.invoice(
            self.chance, party or self.company, day or self.any_paper().date, category, item, net
        )
        return dataclasses.replace(paper, **changes)

    def directives(self) -> list[data.Directive]:
        """All entries but the closes, by date."""
        entries: list[data.Directive] = [*award_directives(parse_award(self.tables, "award.toml"))]
        entries += account.instalments(self)
        vouchers = _vouchers(self)
        entries += [voucher.entry for voucher in vouchers]
        entries += _payments(self, vouchers)
        entries += account.interest(self)
        entries += self.more
        if self.draws:
            entries += account.withdrawals(self, entries)
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


class _Booked(NamedTuple):
    """A paper as booked: its entry, and the government's part of it."""

    paper: VoucherToBook
    entry: data.Transaction
    government: int


def _vouchers(ground: Ground) -> list[_Booked]:
    """The vouchers by date, each split by what it adds to the share of its category."""
    scheme = load_scheme(ground.tables["award"]["scheme"])
    cost: dict[tuple[str, str], int] = defaultdict(int)
    given: dict[tuple[str, str], int] = defaultdict(int)
    booked = []
    for paper in ground.papers:
        parts = []
        for line in paper.lines:
            key = (ground.party(paper), line.category)
            cost[key] += line.cost if paper.claimed else 0
            earned = share(ground, key, cost[key], paper.date)
            parts.append(earned - given[key])
            given[key] = earned
        grantable = [scheme.may_carry_grant(line.category) for line in paper.lines]
        entry = voucher_entry(paper, paper.date, parts, grantable=grantable)
        booked.append(_Booked(paper, entry, sum(parts)))
    return booked


def share(ground: Ground, key: tuple[str, str], cost: int, day: Day) -> int:
    """The government's part of a category's cost: its approved ratio, rounded down, up to its approved amount."""
    party, category = key
    approved = ground.budget(category, party, day)
    if cost <= 0 or not approved.total:
        return 0
    return min(cost * approved.government // approved.total, approved.government)


def _payments(ground: Ground, vouchers: list[_Booked]) -> list[data.Transaction]:
    """What was paid for each voucher, from the company's bank or out of the dedicated account."""
    government: dict[str, int] = defaultdict(int)
    for voucher in vouchers:
        government[voucher.paper.reverses or voucher.paper.number] += voucher.government
    entries = []
    for paper in ground.papers:
        if paper.number not in ground.paid or paper.reverses:
            continue
        day, amount, of_grant = ground.paid[paper.number], ground.owed(paper), government[paper.number]
        if not amount:
            continue  # all of it was taken back
        paid_from: PaidFrom = "dedicated" if ground.direct else "company"
        if ground.direct:
            entries.append(bank_entry("own-money", day, amount - of_grant, "", "自籌款存入", {}))
        paid = [(paper.number, amount, of_grant)]
        meta = {"import-id": f"bank:{paper.number}"}
        entries.append(payment_entry(day, paper.seller_name, "匯款", paid, paid_from, meta))
    return entries
