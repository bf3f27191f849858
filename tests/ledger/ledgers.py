"""Small cases for the tests: as ledger text, as a user could have written it, or straight as entries."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Iterable
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from beancount import loader
from beancount.core import data
from hypothesis import HealthCheck
from hypothesis import settings

from ledger.case.case import Case
from ledger.entries.builder import BankKind
from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from ledger.entries.builder import bank_entry
from ledger.entries.builder import voucher_entry
from ledger.files.award_file import AwardFile
from ledger.files.award_file import award_directives
from ledger.files.award_file import parse_award
from ledger.model.accounts import chart
from ledger.model.directives import custom
from ledger.model.directives import twd
from ledger.schemes.categories import CATEGORIES

LEAD = "11688527"
PARTNER = "12345675"
OTHER = "24549210"
SELLER = "40953019"

START = datetime.date(2023, 6, 1)
END = datetime.date(2024, 5, 31)
AFTER = datetime.date(2024, 9, 1)

OPENS = "".join(f"2023-01-01 open {account} TWD\n" for account in chart(list(CATEGORIES)))
OPTIONS = 'option "operating_currency" "TWD"\noption "tolerance_multiplier" "0"\n'


LINES_BEFORE = (OPTIONS + OPENS).count("\n")  # what `load` puts before a text


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def load(text: str) -> list[data.Directive]:
    """The entries of ledger text, which has to be without errors."""
    entries, errors, _options = loader.load_string(OPTIONS + OPENS + textwrap.dedent(text))
    assert errors == [], errors
    return list(entries)


def case_of_text(text: str, as_of: datetime.date = AFTER, folder: Path | None = None) -> Case:
    case = Case(load(text), folder=folder, as_of=as_of)
    assert case.problems == [], case.problems
    return case


def award_file(
    budget: Mapping[str, tuple[int, int]],
    scheme: str = "small-manufacturer-112",
    partners: Mapping[str, tuple[Mapping[str, tuple[int, int]], str]] | None = None,
    **more: Any,
) -> AwardFile:
    """An award of these categories: (government, self); partners: ubn -> (their budget, account or nothing)."""
    head = {
        "id": "112-試-001",
        "scheme": scheme,
        "title": "轉型",
        "filed": START,
        "start": START,
        "end": END,
        "guarantee": "none",
    }
    lines = [{"category": c, "government": g, "self": s} for c, (g, s) in budget.items()]
    heads = []
    for ubn, (own, account) in (partners or {}).items():
        partner: dict[str, Any] = {"name": f"協力廠 {ubn}", "ubn": ubn}
        if account:
            partner["account"] = {"bank": "銀行", "number": account}
        heads.append(partner)
        lines += [{"category": c, "government": g, "self": s, "party": ubn} for c, (g, s) in own.items()]
    tables: dict[str, Any] = {
        "award": head | {key: value for key, value in more.items() if key in head},
        "company": {"name": "主辦公司", "ubn": LEAD},
        "account": {"bank": "銀行", "number": "111122223333"},
        "budget": lines,
        "partner": heads,
    }
    return parse_award(tables | {key: value for key, value in more.items() if key not in head}, "award.toml")


def awarded(budget: Mapping[str, tuple[int, int]], **more: Any) -> list[data.Directive]:
    return list(award_directives(award_file(budget, **more)))


def voucher(
    number: str,
    booked: datetime.date,
    *lines: tuple[str, int],
    buyer: str = LEAD,
    kind: str = "invoice",
    reverses: str = "",
    government: Iterable[int] | None = None,
    tax: int = 0,
    **meta: Any,
) -> data.Transaction:
    """A booked voucher of (category, net cost) lines; all of it borne by the company unless told."""
    cost = tuple(
        CostLine(category, f"{category}之{place}", Decimal(1), net)
        for place, (category, net) in enumerate(lines)
    )
    paper = VoucherToBook(
        kind=kind,
        number=number,
        date=booked,
        seller=SELLER,
        seller_name="精密機械股份有限公司",
        buyer=buyer,
        net=sum(net for _category, net in lines),
        tax=tax,
        lines=cost,
        import_id=f"{kind}:{number}",
        reverses=reverses,
        meta=tuple(meta.items()),
    )
    shares = list(government) if government is not None else [0] * len(cost)
    return voucher_entry(paper, booked, shares, grantable=[True] * len(cost))


def bank(kind: BankKind, on: str, amount: int, party: str = "", **meta: Any) -> data.Transaction:
    """A line of a dedicated account."""
    return bank_entry(kind, day(on), amount, "銀行", kind, meta | ({"party": party} if party else {}))


def case_of(*entries: data.Directive, as_of: datetime.date = AFTER, folder: Path | None = None) -> Case:
    """A case of entries, in Beancount's order."""
    ordered = sorted(entries, key=lambda e: (e.date, data.SORT_ORDER.get(type(e), 0)))
    case = Case(ordered, folder=folder, as_of=as_of)
    assert case.problems == [], case.problems
    return case


def finding(
    on: str, voucher_number: str, state: str, deducted: int | None = None, name: str = "F-1"
) -> data.Custom:
    """A `grant-finding` in a state."""
    return custom(
        day(on),
        "finding",
        name,
        voucher=voucher_number,
        state=state,
        deducted=None if deducted is None else twd(deducted),
    )


def tries(examples: int = 60) -> settings:
    """How hard hypothesis tries: enough to find, little enough to run often."""
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
