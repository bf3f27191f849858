"""One voucher open beside its paper: lines, split, payment, doubts, and what the auditor filed."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from audit import documents
from audit.audit_trail import VoucherAudit
from audit.audit_trail import row_of
from audit.case_view import View
from audit.documents import DocumentField
from audit.documents import PaperSheet
from audit.documents import VoucherDocument
from audit.elsewhere import FindingElsewhere
from audit.pages.chronology import Event
from audit.pages.chronology import chronology
from audit.pages.clauses import clauses
from audit.pages.filters import Filter
from audit.pages.split import SplitLine
from audit.pages.split import split_of
from audit.pages.vouchers import listed
from audit.web.query import Query
from checks.engine.finding import Finding
from checks.engine.waivers import Waived
from ledger.case.case import Payment
from ledger.case.case import Voucher
from ledger.model.identifiers import voucher_link
from ledger.util.text import fold


class MarkedSheet(NamedTuple):
    """A table of a paper, and which of its rows speak of the voucher."""

    sheet: PaperSheet
    marked: frozenset[int]


class OpenPaper(NamedTuple):
    """The paper that is open: which of the voucher's, and its content where the page shows it itself."""

    place: int
    paper: VoucherDocument
    fields: list[DocumentField]
    tables: list[MarkedSheet]
    text: str
    pictures: int  # how many pages can be shown as pictures


@dataclasses.dataclass(frozen=True, slots=True)
class VoucherPage:
    """All that the page shows."""

    row: VoucherAudit
    voucher: Voucher
    papers: list[VoucherDocument]
    open_paper: OpenPaper | None
    whole: list[OpenPaper]  # every paper, where the page is to be printed
    split: list[SplitLine]
    payments: list[Payment]
    unpaid: int
    findings: list[Finding]
    waived: list[Waived]
    others: list[tuple[str, str]]  # further entries with the same number: key, date
    meta: list[tuple[str, str]]
    chronology: list[Event]
    clauses: list[str]
    previous: str
    following: str
    place: int
    of: int
    elsewhere: list[FindingElsewhere] = dataclasses.field(default_factory=list)


_SHOWN_ELSEWHERE = frozenset(
    {"filename", "lineno", "voucher", "number", "voucher-date", "seller", "buyer", "net", "tax", "item"}
)


def voucher_page(view: View, query: Query) -> VoucherPage | None:
    """The page of the voucher whose key or number is asked for; None where there is none."""
    key = query.text("voucher")
    if key not in view.vouchers:
        key = next(iter(view.keys_numbered(key)), "")
    row = row_of(view, key)
    if row is None:
        return None
    voucher = row.keyed.voucher
    papers = documents.papers_of(view, voucher)
    keys = [other.key for other in listed(view, Filter.of(query))]
    place = keys.index(key) if key in keys else -1
    return VoucherPage(
        row=row,
        voucher=voucher,
        papers=papers,
        open_paper=_open(voucher, papers, query.number("paper")) if papers else None,
        whole=[_open(voucher, papers, place, is_printed=True) for place in range(len(papers))]
        if query.text("print")
        else [],
        split=split_of(view, voucher),
        payments=view.payments_of(voucher),
        unpaid=view.case.unpaid.get(voucher_link(voucher.reverses or voucher.number), 0),
        findings=view.findings_of(voucher),
        waived=view.waived_of(voucher),
        others=[
            (other, view.vouchers[other].voucher.booked.isoformat())
            for other in view.keys_numbered(voucher.number)
            if other != key
        ],
        meta=_meta(voucher),
        chronology=chronology(view, voucher),
        clauses=clauses(view),
        previous=keys[place - 1] if place > 0 else "",
        following=keys[place + 1] if 0 <= place < len(keys) - 1 else "",
        place=place + 1,
        of=len(keys),
    )


def _open(
    voucher: Voucher, papers: list[VoucherDocument], place: int, *, is_printed: bool = False
) -> OpenPaper:
    place = min(max(0, place), len(papers) - 1)
    paper = papers[place]
    path = paper.path
    fields = documents.fields_of(path) if path and paper.shown == "fields" else []
    tables = documents.tables_of(path) if path and paper.shown == "table" else []
    shows_text = path is not None and (paper.shown == "text" or (paper.shown == "fields" and not fields))
    text = documents.text_of(path) if path and shows_text else ""
    in_pictures = path and (paper.shown == "pages" or (is_printed and paper.shown == "pdf"))
    pictures = len(documents.pictures_of(path)) if path and in_pictures else 0
    marked = [MarkedSheet(sheet, _marked(voucher, sheet.rows)) for sheet in tables]
    return OpenPaper(place, paper, fields, marked, text, pictures)


def _marked(voucher: Voucher, table: list[list[str]]) -> frozenset[int]:
    """The rows that name the voucher's number; where none does, those that name whom it pays."""
    for wanted in filter(None, (fold(voucher.number), fold(voucher.seller_name))):
        found = frozenset(
            place for place, cells in enumerate(table) if wanted in {fold(cell) for cell in cells}
        )
        if found:
            return found
    return frozenset()


def _meta(voucher: Voucher) -> list[tuple[str, str]]:
    return [
        (key, str(value))
        for key, value in voucher.entry.meta.items()
        if not key.startswith(("__", "document")) and key not in _SHOWN_ELSEWHERE
    ]
