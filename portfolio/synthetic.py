"""Invented portfolios to try the index and the checks on: clean cases, and twelve kinds of faults planted across them.

The same seed gives the same bytes. Every company, person and number is made up and looks it.
"""

from __future__ import annotations

import datetime
import hashlib
import random
from collections.abc import Callable
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from beancount.core import data

from ledger.case.case import Case
from ledger.entries.builder import CostLine
from ledger.entries.builder import VoucherToBook
from ledger.entries.builder import as_text
from ledger.entries.builder import payment_entry
from ledger.entries.builder import voucher_entry
from ledger.files.award_file import AwardFile
from ledger.files.award_file import award_directives
from ledger.files.award_file import parse_award
from ledger.model.accounts import expense_account
from ledger.model.directives import twd
from ledger.model.identifiers import ubn_valid
from ledger.operations.edit import with_shares
from ledger.operations.new_case import case_texts
from ledger.schemes.loader import load_scheme
from ledger.util.dates import month_of

SCHEME = "small-manufacturer-112"
START, END = datetime.date(2023, 6, 1), datetime.date(2024, 5, 31)
_GOVERNMENT, _OWN = 600_000, 700_000
_LETTERS = "ACDEFGHJKLMNPQRSTUVWXYZ"
_SYLLABLES = "虛構試作範例樣本測想模擬"


class Bought(NamedTuple):
    """One purchase of a case."""

    number: str
    date: datetime.date
    seller: str
    seller_name: str
    net: int
    account: str  # the seller's bank account
    paper: bytes = b""
    claimed: int | None = None  # NT$ of the net; None for all


class Made(NamedTuple):
    """A case to write."""

    folder: str
    award: AwardFile
    bought: list[Bought]


class Plant(NamedTuple):
    """A fault as planted: its kind, the check that must find it, and the case folders that it is in."""

    kind: str
    check: str
    cases: tuple[str, ...]


def make_portfolio(
    folder: Path, *, cases: int, vouchers: int, seed: int, plants: Sequence[str] = ()
) -> list[Plant]:
    """Write `cases` case folders of `vouchers` vouchers each below `folder`, with faults of these kinds planted."""
    luck = random.Random(seed)  # noqa: S311 -- invented data, the same for a seed
    maker = _Maker(luck)
    made = [maker.case(number, vouchers) for number in range(1, cases + 1)]
    planted = [PLANTS[kind](made, luck, place * 3) for place, kind in enumerate(plants)]
    for case in made:
        write_case(folder / case.folder, case)
    return planted


class _Maker:
    """Makes cases whose numbers, names and accounts never meet by chance."""

    def __init__(self, luck: random.Random) -> None:
        self._luck = luck
        self._numbers: set[str] = set()
        self._companies = self._company_numbers()

    def _company_numbers(self) -> Callable[[], str]:
        found = iter(range(10_000_019, 99_999_999, 7))

        def following() -> str:
            return next(text for text in map(str, found) if ubn_valid(text))

        return following

    def number(self) -> str:
        """An invoice number that nothing else bears, nor its neighbours."""
        while True:
            digits = self._luck.randrange(10_000_000, 99_999_000, 3)
            text = f"{self._luck.choice(_LETTERS)}{self._luck.choice(_LETTERS)}{digits}"
            if text not in self._numbers:
                self._numbers.add(text)
                return text

    def case(self, number: int, vouchers: int) -> Made:
        """A clean case."""
        name = "".join(self._luck.choice(_SYLLABLES) for _place in range(3))
        ubn = self._companies()
        tables = {
            "award": {
                "id": f"112-虛構-{number:05}",
                "scheme": SCHEME,
                "title": f"虛構計畫{number}",
                "filed": datetime.date(2023, 4, 17) + datetime.timedelta(days=number % 28),
                "start": START,
                "end": END,
            },
            "company": {
                "name": f"{name}{number}精密股份有限公司",
                "ubn": ubn,
                "representative": f"虛構代表人{number}",
            },
            "account": {"bank": "虛構銀行", "number": f"7{number:010}1"},
            "budget": [
                {"category": "consumables", "government": _GOVERNMENT, "self": _OWN},
                {"category": "personnel", "government": 0, "self": 300_000},
            ],
            "item": [
                {"category": "consumables", "name": "虛構零件", "government": _GOVERNMENT, "self": _OWN}
            ],
            "person": [
                {
                    "name": f"虛構人員{number}",
                    "role": "工程師",
                    "insured": True,
                    "months": 6,
                    "other_months": 0,
                }
            ],
        }
        sellers = [
            (self._companies(), f"虛構供應商{number}之{place}有限公司", f"8{number:08}{place:03}")
            for place in range(5)
        ]
        most = (_GOVERNMENT + _OWN) // max(1, vouchers)
        bought = [
            Bought(
                self.number(),
                self._day(),
                *seller[:2],
                self._luck.randint(most // 3, most * 9 // 10),
                seller[2],
            )
            for seller in (sellers[place % 5] for place in range(vouchers))
        ]
        return Made(f"case-{number:05}", parse_award(tables, "award.toml"), bought)

    def _day(self) -> datetime.date:
        return START + datetime.timedelta(days=self._luck.randrange((END - START).days - 40))


def write_case(folder: Path, case: Made) -> None:
    """Write one case folder."""
    scheme = load_scheme(case.award.award.scheme)
    texts = case_texts(case.award, scheme)
    for name in ("books", "documents", "inbox"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    books: dict[str, list[data.Transaction]] = {}
    for entry in _entries(case):
        books.setdefault(f"books/{month_of(entry.date)}.beancount", []).append(entry)
    for name, entries in books.items():
        texts[name] = as_text(entries)
    sums = []
    for each in case.bought:
        if each.paper:
            name = _paper_name(each)
            (folder / "documents" / name).write_bytes(each.paper)
            sums.append(f"{hashlib.sha256(each.paper).hexdigest()}  {name}\n")
    if sums:
        texts["documents/SHA256SUMS"] = "".join(sorted(sums))
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")


def _paper_name(bought: Bought) -> str:
    return f"{bought.date}.{bought.number}.pdf"


def _entries(case: Made) -> list[data.Transaction]:
    """The vouchers with their shares, and their payments."""
    bought = sorted(case.bought, key=lambda each: (each.date, each.number))
    drafts = [_voucher(each, case) for each in bought]
    books = Case([*award_directives(case.award), *drafts], as_of=datetime.date.max)
    shares = books.expected_splits
    vouchers = [with_shares(voucher, shares[id(voucher.entry)]) for voucher in books.vouchers]
    return sorted([*vouchers, *map(_payment, bought)], key=lambda entry: entry.date)


def _voucher(bought: Bought, case: Made) -> data.Transaction:
    tax = bought.net // 20
    claimed = bought.net if bought.claimed is None else bought.claimed
    paper = VoucherToBook(
        kind="invoice",
        number=bought.number,
        date=bought.date,
        seller=bought.seller,
        seller_name=bought.seller_name,
        buyer=case.award.company.ubn,
        net=bought.net,
        tax=tax,
        lines=(CostLine("consumables", "虛構零件", None, claimed),),
        import_id=f"invoice:{bought.number}",
        document=_paper_name(bought) if bought.paper else "",
    )
    entry = voucher_entry(paper, bought.date, [0], grantable=[True])
    if claimed == bought.net:
        return entry
    rest, payable = entry.postings[1], entry.postings[-1]
    unclaimed = rest._replace(
        account=expense_account("disallowed", "consumables"), units=twd(bought.net - claimed)
    )
    owed = payable._replace(units=twd(-bought.net - tax))
    return entry._replace(postings=[*entry.postings[:-1], unclaimed, owed])


def _payment(bought: Bought) -> data.Transaction:
    day = bought.date + datetime.timedelta(days=20)
    meta = {"import-id": f"paid:{bought.number}", "counterparty": bought.account}
    amount = bought.net + bought.net // 20
    return payment_entry(day, bought.seller_name, "虛構付款", [(bought.number, amount, 0)], "company", meta)


# --- faults ----------------------------------------------------------------------------------------------

_Planter = Callable[[list[Made], random.Random, int], Plant]
PLANTS: dict[str, _Planter] = {}


def _plant(kind: str, check: str) -> Callable[[Callable[[list[Made], random.Random], None]], _Planter]:
    """Register a way of planting: it changes the first cases of the list that it is given."""

    def register(change: Callable[[list[Made], random.Random], None]) -> _Planter:
        def planter(made: list[Made], luck: random.Random, first: int) -> Plant:
            chosen = made[first : first + 3]
            before = [list(case.bought) for case in chosen], [case.award for case in chosen]
            change(chosen, luck)
            made[first : first + 3] = chosen
            touched = [
                case.folder
                for case, bought, award in zip(chosen, *before, strict=True)
                if case.bought != bought or case.award != award
            ]
            return Plant(kind, check, tuple(touched))

        PLANTS[kind] = planter
        return planter

    return register


def _same(one: Bought, **changes: object) -> Bought:
    return one._replace(**changes)  # type: ignore[arg-type]


@_plant("same-invoice", "voucher-claimed-twice")
def _same_invoice(cases: list[Made], _luck: random.Random) -> None:
    cases[1].bought.append(cases[0].bought[0])


@_plant("same-invoice-of-three", "voucher-claimed-twice")
def _same_invoice_of_three(cases: list[Made], _luck: random.Random) -> None:
    cases[1].bought.append(cases[0].bought[0])
    cases[2].bought.append(cases[0].bought[0])


@_plant("look-alike", "voucher-claimed-twice")
def _look_alike(cases: list[Made], _luck: random.Random) -> None:
    first = cases[0].bought[0]
    cases[0].bought[0] = _same(first, number="QO" + first.number[2:])
    cases[1].bought.append(_same(first, number="Q0" + first.number[2:]))


@_plant("look-alike-digit", "voucher-claimed-twice")
def _look_alike_digit(cases: list[Made], _luck: random.Random) -> None:
    first = cases[0].bought[0]
    cases[0].bought[0] = _same(first, number=f"RB{first.number[2:]}")
    cases[1].bought.append(_same(first, number=f"R8{first.number[2:]}"))


@_plant("same-paper", "voucher-claimed-twice")
def _same_paper(cases: list[Made], _luck: random.Random) -> None:
    scan = b"%PDF-1.4 " + cases[0].folder.encode()
    cases[0].bought[0] = _same(cases[0].bought[0], paper=scan)
    cases[1].bought[0] = _same(cases[1].bought[0], paper=scan)


@_plant("over-split", "voucher-claimed-twice")
def _over_split(cases: list[Made], _luck: random.Random) -> None:
    """One company lays an invoice over two of its cases, 60 and 60 of 100."""
    first = cases[0].bought[0]
    part = first.net * 6 // 10
    cases[0].bought[0] = _same(first, claimed=part)
    cases[1] = cases[1]._replace(award=_of_company(cases[1], cases[0], scheme="ocean-industry-114"))
    cases[1].bought.append(_same(first, claimed=part))


def _of_company(case: Made, other: Made, scheme: str = "") -> AwardFile:
    head = case.award.award.model_copy(update={"scheme": scheme} if scheme else {})
    return case.award.model_copy(update={"company": other.award.company, "award": head})


@_plant("second-case", "company-second-case")
def _second_case(cases: list[Made], _luck: random.Random) -> None:
    cases[1] = cases[1]._replace(award=_of_company(cases[1], cases[0]))


@_plant("same-representative", "representative-second-case")
def _same_representative(cases: list[Made], _luck: random.Random) -> None:
    company = cases[1].award.company.model_copy(
        update={"representative": cases[0].award.company.representative}
    )
    cases[1] = cases[1]._replace(award=cases[1].award.model_copy(update={"company": company}))


@_plant("person-over-year", "person-months-exceeded")
def _person_over_year(cases: list[Made], _luck: random.Random) -> None:
    """One person is planned for 10 and 10 months in two cases of one company."""
    person = cases[0].award.person[0].model_copy(update={"months": 10})
    cases[0] = cases[0]._replace(award=cases[0].award.model_copy(update={"person": [person]}))
    award = _of_company(cases[1], cases[0], scheme="ocean-industry-114").model_copy(
        update={"person": [person]}
    )
    cases[1] = cases[1]._replace(award=award)


@_plant("consecutive", "invoice-numbers-consecutive")
def _consecutive(cases: list[Made], _luck: random.Random) -> None:
    first = cases[0].bought[0]
    start = int(first.number[2:])
    for place, case in enumerate(cases):
        case.bought[0] = _same(
            case.bought[0],
            number=f"{first.number[:2]}{start + place:08}",
            seller=first.seller,
            seller_name=first.seller_name,
            account=first.account,
        )


@_plant("shared-payee", "payee-account-shared")
def _shared_payee(cases: list[Made], _luck: random.Random) -> None:
    account = cases[0].bought[0].account
    cases[1].bought[0] = _same(cases[1].bought[0], account=account)


@_plant("ring", "round-trip")
def _ring(cases: list[Made], _luck: random.Random) -> None:
    one, other = cases[0].award.company, cases[1].award.company
    cases[0].bought[0] = _same(cases[0].bought[0], seller=other.ubn, seller_name=other.name)
    cases[1].bought[0] = _same(cases[1].bought[0], seller=one.ubn, seller_name=one.name)
