"""Cases beside each other, for the tests of the checks that judge several together."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from checks.engine.finding import Finding
from checks.runs.check_portfolio import Member
from checks.runs.check_portfolio import judge_together
from checks.runs.check_portfolio import member
from tests.checks.builder import Books
from tests.checks.builder import award_only

ONE = "川益電機企業股份有限公司"

# another company with a case of its own, nothing of which is the first one's
OTHER = {
    "112-納管-0456": "112-納管-0789",
    "川益電機企業股份有限公司": "晟鑫科技企業有限公司",
    "11688527": "24549210",
    "莊麗卿": "何立文",
    "223706683363": "490264681158",
    "AB12345678": "GH20000001",
    "AB12345679": "GH20000002",
    "CD10000001": "JK20000003",
    "EF10000001": "LM20000004",
    "R1120710001": "S1120710001",
    "王大明": "陳小華",
}
# the same company with a case of a programme that says nothing of second cases, a year later
LATER = {
    "112-納管-0456": "114-海洋-0001",
    "managed-factory-112": "ocean-industry-114",
    "AB12345678": "PQ30000001",
    "AB12345679": "PQ30000002",
    "CD10000001": "RS30000003",
    "EF10000001": "TU30000004",
    "R1120710001": "T1120710001",
    "王大明": "林小文",
}


def renamed(books: Books, names: dict[str, str]) -> Books:
    """The books with names replaced, all at once."""
    text = books.text
    for place, old in enumerate(names):
        text = text.replace(old, f"<{place}>")
    for place, new in enumerate(names.values()):
        text = text.replace(f"<{place}>", new)
    return dataclasses.replace(books, text=text)


def in_folder(books: Books, folder: str) -> Books:
    return dataclasses.replace(books, folder=Path("/cases") / folder)


def members(cases: Sequence[Books]) -> list[Member | None]:
    return [
        member(in_folder(books, f"c{place}").case() if books.folder is None else books.case())
        for place, books in enumerate(cases)
    ]


def together(*cases: Books, check: str = "") -> list[list[Finding]]:
    """What each case has against it because of the others, by one check or by all."""
    found = [verdict.findings for verdict in judge_together(members(cases))]
    return [[finding for finding in findings if check in {"", finding.check}] for findings in found]


def twice(*cases: Books) -> list[list[tuple[str, int | None, str]]]:
    """(voucher, amount, severity) of the papers claimed twice, a list for each case."""
    found = together(*cases, check="voucher-claimed-twice")
    return [[(each.voucher, each.amount, each.severity) for each in findings] for findings in found]


FIRST_LINES = """  Expenses:1政府補助款:03既有設備之改善費   50000 TWD
  Expenses:2業者自籌款:03既有設備之改善費   50000 TWD
"""


def split(books: Books, share: int) -> Books:
    """The books with only a part of the first voucher claimed, the rest from nobody."""
    half = share // 2
    return books.plant(
        FIRST_LINES,
        f"""  Expenses:1政府補助款:03既有設備之改善費   {half} TWD
  Expenses:2業者自籌款:03既有設備之改善費   {share - half} TWD
  Expenses:9不予認列:03既有設備之改善費   {100_000 - share} TWD
""",
    )


def partner(books: Books, ubn: str) -> Books:
    """The books as those of a supply-chain case with a partner."""
    return books.plant("managed-factory-112", "supply-chain-smart-112").add(f"""
        2023-06-01 custom "grant-partner" "{ubn}"
          name: "立穎精密有限公司"
          representative: "林志明"
    """)


def award(**changes: str) -> Books:
    """An award that has just begun, with lines of it replaced."""
    books = award_only()
    for old, new in changes.items():
        line = next(row for row in books.text.splitlines() if row.startswith(f"  {old}: "))
        books = books.plant(line + "\n", f"  {old}: {new}\n" if new else "")
    return books


def numbered(books: Books, number: str) -> Books:
    return renamed(books, {"112-納管-0456": number})


def elsewhere(representative: str, **changes: str) -> Books:
    """Another company's award in the same scheme, asked for later."""
    changes = {"ubn": '"24549210"', "company": '"益瀚電機有限公司"', "filed": "2023-05-25"} | changes
    return numbered(award(representative=f'"{representative}"', **changes), "112-納管-0789")
