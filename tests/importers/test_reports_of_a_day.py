"""Intraday reports (camt.052) and the statement of the end of the day (camt.053): each line is booked once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from ledger.model import accounts
from tests.importers.makers import DEDICATED
from tests.importers.small_case import Files
from tests.importers.small_case import SmallCase

Line = tuple[str, int, str]
MORNING: Sequence[Line] = (
    ("2023-07-03", 450_000, "補助款 經濟部產業發展署"),
    ("2023-07-03", -10, "匯費"),
    ("2023-07-03", 1_000, "自籌款"),
)
NOON: Sequence[Line] = (("2023-07-03", 1_000, "自籌款"), ("2023-07-03", -10, "匯費"))
DAY = (*MORNING, *NOON)


def balance(code: str, amount: int) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='TWD'>{amount}</Amt>"
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2023-07-03</Dt></Dt></Bal>"
    )


def entry(line: Line, status: str = "BOOK") -> str:
    day, amount, said = line
    side = "CRDT" if amount > 0 else "DBIT"
    return (
        f"<Ntry><Amt Ccy='TWD'>{abs(amount)}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts><Cd>{status}</Cd></Sts>"
        f"<BookgDt><Dt>{day}</Dt></BookgDt><AddtlNtryInf>{said}</AddtlNtryInf></Ntry>"
    )


def message(name: str, kind: str, *parts: str) -> Files:
    root, inner = {"052": ("BkToCstmrAcctRpt", "Rpt"), "053": ("BkToCstmrStmt", "Stmt")}[kind]
    body = "".join(parts)
    return {
        name: f'<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.08"><{root}>'
        f"<{inner}><Acct><Id><Othr><Id>{DEDICATED}</Id></Othr></Id></Acct>{body}</{inner}></{root}></Document>"
    }


def total(lines: Sequence[Line]) -> int:
    return sum(line[1] for line in lines)


END = message("end.xml", "053", balance("OPBD", 0), balance("CLBD", total(DAY)), *map(entry, DAY))
# reports of the whole day so far, of what came since the last one, with and without balances, and what is not booked yet
REPORTS = {
    "so far": (
        message("r1.xml", "052", balance("OPBD", 0), balance("ITBD", total(MORNING)), *map(entry, MORNING)),
        message("r2.xml", "052", balance("OPBD", 0), balance("ITBD", total(DAY)), *map(entry, DAY)),
    ),
    "bare": (message("r1.xml", "052", *map(entry, MORNING)), message("r2.xml", "052", *map(entry, DAY))),
    "newest first": (message("r1.xml", "052", *map(entry, reversed(DAY))),),
    "pending": (message("r1.xml", "052", *map(entry, MORNING), *(entry(line, "PDNG") for line in NOON)),),
    "since, the day's opening": (
        message("r2.xml", "052", balance("OPBD", 0), balance("ITBD", total(DAY)), *map(entry, NOON)),
    ),
    "since, nothing proved": (message("r2.xml", "052", balance("OPBD", 0), *map(entry, NOON)),),
}


@pytest.mark.parametrize("runs", ["apart", "one"])
@pytest.mark.parametrize("reports", REPORTS)
def test_each_line_is_booked_once_in_any_order(tmp_path: Path, reports: str, runs: str) -> None:
    files = (*REPORTS[reports], END)
    for number, order in enumerate(itertools.permutations(files)):
        small = SmallCase(tmp_path / str(number))
        for some in [[each] for each in order] if runs == "apart" else [list(order)]:
            small.take(*some)
        assert small.balance(accounts.DEDICATED) == total(DAY), order
        assert small.balance(accounts.GRANT_MONEY) == 450_000 - 20
        assert len(small.case.transactions) == len(DAY)
