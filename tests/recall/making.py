"""Clean cases made from a seed: the award, what is bought, whose pay it carries."""

from __future__ import annotations

import datetime
import random
from typing import Any

from ledger.model.directives import custom
from ledger.schemes.loader import load_scheme
from ledger.util.dates import month_last_day
from ledger.util.dates import months_between
from tests.casepapers import company_number
from tests.recall import papers
from tests.recall.ground import Ground

ITEMS = {
    "consumables": ("伺服馬達驅動器", "溫度變送器", "高效率軸承"),
    "equipment": ("高效率集塵設備", "全電式射出成型機"),
    "improvement": ("空壓機變頻節能改善", "沖床聯網改造", "五軸加工機主軸冷卻模組"),
}
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


def make_ground(
    seed: int,
    *,
    months: int = 5,
    scheme: str = "small-manufacturer-112",
    partners: int = 0,
    own_accounts: bool = False,
    start: Day | None = None,
    persons: tuple[str, ...] = PERSONS,
) -> Ground:
    """A clean case made from a seed, finished and settled.

    Partners are paid through the lead's account, or have `own_accounts`.
    """
    chance = random.Random(seed)  # noqa: S311 -- a seed makes the same case again
    start = start or Day(2023, chance.choice((6, 7, 8, 9)), 1)
    end = month_last_day(months_between(start, start + datetime.timedelta(days=31 * months))[months - 1])
    tables = _award(chance, start, end, scheme, persons)
    for name in PARTNERS[:partners]:
        _join(chance, tables, name)
        if own_accounts:
            number = f"{chance.randrange(10**11, 10**12)}"
            tables["partner"][-1]["account"] = {"bank": "第一商業銀行鹿港分行", "number": number}
    ground = Ground(chance, start, end, tables, [], {}, [])
    _purchases(ground)
    _payroll(ground)
    ground.grant("personnel", own=max(0, -ground.room("personnel")))
    ground.interest = [(Day(2023, 12, 20), chance.randrange(40, 900))] if end >= Day(2023, 12, 20) else []
    ground.interest.append((end, chance.randrange(40, 900)))
    for evidence in load_scheme(scheme).evidence:
        ground.more.append(custom(end, "evidence", evidence.id, f"documents/{evidence.name}.pdf"))
    return ground


def _award(
    chance: random.Random, start: Day, end: Day, scheme: str, persons: tuple[str, ...]
) -> dict[str, Any]:
    rules = load_scheme(scheme)
    cap, closed = rules.subsidy_cap, rules.filing_until
    most = min(6_000_000, cap.value * 2) if cap else 6_000_000
    budget, items = _budget(chance, chance.randrange(1_800, most // 1000) * 1000, SHARES)
    return {
        "award": {
            "id": f"112-試-{chance.randrange(1000):03}",
            "scheme": scheme,
            "title": "試驗改善計畫",
            "filed": min(start - datetime.timedelta(days=12), closed.value if closed else Day.max),
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
            for place, name in enumerate(persons)
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
            paper = papers.invoice(ground.chance, buyer, day, item["category"], item["name"], net)
            if not ground.chance.randrange(5) and not party:
                paper = papers.receipt(ground.chance, paper)
            ground.buy(paper, paid_after=ground.chance.randrange(1, 9))


def _payroll(ground: Ground) -> None:
    for month in ground.months:
        for name in [person["name"] for person in ground.tables["person"]]:
            ground.buy(papers.roll(ground.chance, month, name), paid_after=5)
