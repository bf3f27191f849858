"""The home page: the cases as cards, read cheaply, and the figures of those that are open anyway."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from audit.case_view import View
from audit.fava import Audit
from audit.pages.overview.page import Period
from audit.pages.overview.page import Stake
from audit.pages.overview.page import overview
from audit.pages.overview.page import period_of
from audit.web.query import Query
from ledger.case.case import Case
from ledger.case.month_close import next_month_to_close
from ledger.errors import GrantError
from ledger.files import AWARD
from ledger.loading.loader import prepared
from ledger.loading.parser_crash import parse_text
from ledger.util.i18n import _
from portfolio.risk import scheme_name
from server.case_ledger import CaseLedger
from server.case_ledger import state_of
from server.cases import Cases
from server.cases import ServedCase
from server.home.from_index import IndexState
from server.home.listing import Entry
from server.home.listing import ListingRequest
from server.home.listing import Totals
from server.home.listing import entries
from server.home.listing import listed
from server.home.listing import totals
from server.home.next_up import NextUp
from server.home.next_up import next_up

CARDS_A_PAGE = 24
_MOST_BYTES = 4_000_000  # of one file that is looked into for a card
# What a card says of the closing of months, without reading the books themselves.
_CLOSING = re.compile(
    r'^\d{4}-\d\d-\d\d custom "grant-(?:close|reopen)"[^\n]*(?:\n[ \t]+[^\n]*)*', re.MULTILINE
)


class Card(NamedTuple):
    """A case on the home page. `problem` says why it cannot be opened.

    `figures` are there where it is open, `entry` holds what the portfolio's index says of it; `month` is closed next.
    """

    case: ServedCase
    company: str = ""
    ubn: str = ""
    scheme: str = ""
    id: str = ""
    title: str = ""
    period: Period | None = None
    problem: str = ""
    figures: tuple[Stake, ...] | None = None
    month: str = ""
    next: NextUp | None = None
    entry: Entry | None = None


class HomePage(NamedTuple):
    """The cards of one page, and where it stands among all; `totals` where an index was read."""

    cards: list[Card]
    found: int
    total: int
    number: int
    pages: int
    asked: ListingRequest
    today: datetime.date
    totals: Totals | None
    indexes: list[IndexState]
    schemes: dict[str, str]

    @property
    def search(self) -> str:
        """What was searched for."""
        return self.asked.search

    def address(self, number: int) -> str:
        """The address of another page of the same list."""
        told = {"q": self.asked.search, **self.asked._asdict(), "page": str(number)}
        del told["search"]
        return "/?" + urlencode({name: value for name, value in told.items() if value})


def home_page(cases: Sequence[ServedCase], all_cases: Cases, asked: Mapping[str, str]) -> HomePage:
    """The page that is asked for: `q` is searched for in names, companies, numbers and titles; `page` counts from 1.

    With an index of the portfolio the riskiest come first, and the list is narrowed by `look`, `scheme` and `state`.
    """
    today = datetime.date.today()
    every, indexes = entries(cases, all_cases, today)
    is_indexed = any(index.was_read for index in indexes.values())
    wanted = ListingRequest.of(asked, indexed=is_indexed)
    found = listed(every, wanted, today, _words)
    pages = max(1, -(-len(found) // CARDS_A_PAGE))
    number = min(max(1, Query({"page": [asked.get("page", "1")]}).number("page", 1)), pages)
    first = (number - 1) * CARDS_A_PAGE
    cards = [card_of(entry, all_cases) for entry in found[first : first + CARDS_A_PAGE]]
    schemes = {entry.risk.case["scheme"] for entry in every if entry.risk}
    return HomePage(
        cards,
        len(found),
        len(cases),
        number,
        pages,
        wanted,
        today,
        totals(found, today) if is_indexed else None,
        list(indexes.values()),
        {scheme: scheme_name(scheme) for scheme in sorted(schemes)},
    )


def _words(entry: Entry) -> str:
    """What a search looks through: as the index has it, else as the case's award has it."""
    case = entry.case
    if entry.risk is not None:
        row = entry.risk.case
        return f"{case.name} {row['company']} {row['ubn']} {row['case_id']} {row['title']}"
    card = _read(case.folder, _award_state(case.folder), datetime.date.today())
    return f"{case.name} {card.company} {card.ubn} {card.id} {card.title}"


def card_of(entry: Entry, cases: Cases) -> Card:
    """The card of a case: from its award and its closes; its findings where it is open already; its risk as indexed."""
    today = datetime.date.today()
    card = _card(entry.case, cases, today)
    if card.problem:
        return card
    end = card.period.end if card.period else None
    return card._replace(next=next_up(entry.case.folder, card.month, end, today), entry=entry)


def _card(case: ServedCase, cases: Cases, today: datetime.date) -> Card:
    ledger = cases.alive(case.key)
    if ledger is not None and not ledger.is_behind:
        with cases.held(case.key):
            view = _view_of(ledger)
            shown = view.cached("overview", overview) if view else None
            month = next_month_to_close(view.case) if view else ""
        return _read(case.folder, _award_state(case.folder), today)._replace(
            case=case,
            period=shown.period if shown else None,
            figures=tuple(shown.stakes) if shown else None,
            month=month,
        )
    return _read(case.folder, state_of(case.folder), today)._replace(case=case)


def _view_of(ledger: CaseLedger) -> View | None:
    extension = ledger.extensions.get_extension("Audit")
    return extension.view(Query()) if isinstance(extension, Audit) else None


def _award_state(folder: Path) -> int:
    try:
        at = (folder / AWARD).stat()
    except OSError:
        return 0
    return hash((at.st_mtime_ns, at.st_size, at.st_ino))


@functools.lru_cache(maxsize=4096)
def _read(folder: Path, _state: int, today: datetime.date) -> Card:
    """What a card says without loading the case; read again when `_state` is another."""
    case = ServedCase("", "", folder)
    try:
        files = prepared(case.main).files  # what is parsed below is what was judged
        approved = files.get(folder / AWARD)
        if approved is None:
            return Card(case, problem=_("找不到核定資料(award.beancount)"))
        closings = [found for content in files.values() for found in _CLOSING.findall(_decoded(content))]
        entries, _errors, _options = parse_text("\n".join([_decoded(approved), *closings]), AWARD)
        read = Case(entries, folder=folder, as_of=today)
    except GrantError as error:
        return Card(case, problem=str(error))
    except FileNotFoundError:
        return Card(case, problem=_("找不到核定資料(award.beancount)"))
    except OSError as error:
        reason, file = error.strerror, Path(error.filename or "").name
        return Card(case, problem=_("讀不到 {file}:{reason}").format(file=file, reason=reason))
    award = read.award
    if award is None:
        return Card(case, problem=_("找不到核定資料(award.beancount)"))
    scheme = read.scheme.name if read.scheme else award.scheme
    return Card(
        case,
        award.company,
        award.ubn,
        scheme,
        award.id,
        award.title,
        period_of(read, award),
        month=next_month_to_close(read),
    )


def _decoded(content: bytes) -> str:
    return content[:_MOST_BYTES].decode("utf-8-sig", "replace")
