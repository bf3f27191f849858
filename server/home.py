"""The home page: the cases as cards, read cheaply, and the figures of those that are open anyway."""

from __future__ import annotations

import datetime
import functools
import re
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from beancount.parser import parser

from audit.case_view import View
from audit.fava import Audit
from audit.pages.overview.page import Period
from audit.pages.overview.page import Stake
from audit.pages.overview.page import overview
from audit.pages.overview.page import period_of
from audit.web.query import Query
from ledger.case.case import Case
from ledger.errors import GrantError
from ledger.files import AWARD
from ledger.loading.loader import prepared
from ledger.util.i18n import _
from ledger.util.text import fold
from server.case_ledger import CaseLedger
from server.case_ledger import state_of
from server.cases import Cases
from server.cases import ServedCase
from server.next_up import Indexed
from server.next_up import NextUp
from server.next_up import indexed
from server.next_up import next_month_to_close
from server.next_up import next_up

CARDS_A_PAGE = 24
_MOST_BYTES = 4_000_000  # of one file that is looked into for a card
# What a card says of the closing of months, without reading the books themselves.
_CLOSING = re.compile(
    r'^\d{4}-\d\d-\d\d custom "grant-(?:close|reopen)"[^\n]*(?:\n[ \t]+[^\n]*)*', re.MULTILINE
)


class Card(NamedTuple):
    """A case on the home page. `problem` says why it cannot be opened.

    `figures` are there where it is open, `indexed` where the portfolio's index has looked at it; `month` is closed next.
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
    indexed: Indexed | None = None


class HomePage(NamedTuple):
    """The cards of one page, and where it stands among all."""

    cards: list[Card]
    found: int
    total: int
    number: int
    pages: int
    search: str
    today: datetime.date


def home_page(cases: Sequence[ServedCase], all_cases: Cases, asked: Mapping[str, str]) -> HomePage:
    """The page that is asked for: `q` is searched for in names, companies, numbers and titles; `page` counts from 1."""
    search = asked.get("q", "").strip()[:100]
    found = [case for case in cases if _fits(case, search)] if search else list(cases)
    pages = max(1, -(-len(found) // CARDS_A_PAGE))
    number = min(max(1, Query({"page": [asked.get("page", "1")]}).number("page", 1)), pages)
    first = (number - 1) * CARDS_A_PAGE
    cards = [card_of(case, all_cases) for case in found[first : first + CARDS_A_PAGE]]
    return HomePage(cards, len(found), len(cases), number, pages, search, datetime.date.today())


def _fits(case: ServedCase, search: str) -> bool:
    card = _read(case.folder, _award_state(case.folder), datetime.date.today())
    words = fold(f"{case.name} {card.company} {card.ubn} {card.id} {card.title}")
    return all(fold(word) in words for word in search.split())


def card_of(case: ServedCase, cases: Cases) -> Card:
    """The card of a case: from its award and its closes; its findings where it is open already."""
    today = datetime.date.today()
    card = _card(case, cases, today)
    if card.problem:
        return card
    end = card.period.end if card.period else None
    told = indexed(cases.place_of(case), case.folder) if card.figures is None else None
    return card._replace(next=next_up(case.folder, card.month, end, today), indexed=told)


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
        entries, _errors, _options = parser.parse_string("\n".join([_decoded(approved), *closings]))
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
