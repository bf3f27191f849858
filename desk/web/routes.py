"""A request to the page that it asks for, in the desk's own frame."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any
from typing import NamedTuple

from markupsafe import Markup

from audit.filing.csrf import Gate
from audit.web.query import Query
from audit.web.render import Links
from desk.case_desk import CaseDesk
from desk.inbox.store import Put
from desk.pages.inbox import InboxPage
from desk.tour import PARAMETER
from desk.tour import tour_of
from desk.web.registry import FIRST
from desk.web.registry import PAGES
from desk.web.registry import PLACES
from desk.web.registry import page_of
from desk.web.render import render
from ledger.files.history import Operation
from ledger.operations.doctor import NextStep
from ledger.util.i18n import _


class Around(NamedTuple):
    """What a page needs that is no part of the case: the calendar's address to subscribe to, whether the tour was had."""

    calendar: str = ""
    had_tour: bool = False


def show(desk: CaseDesk, query: Query, links: Links, gate: Gate, around: Around) -> Markup:
    """The page of the tab that is asked for."""
    tab = query.text("tab") or FIRST.tab
    shown = page_of(tab)
    page = shown.make(desk, query) if shown else None
    if shown is None or page is None:
        missing = query.text("about") or tab
        return render("gone.html", links, page=missing, done=_done(desk, query), **frame(tab, gate))
    told = {"page": page, "desk": desk, "query": query, "done": _done(desk, query), "place_of": _place(links)}
    told["calendar_address"] = around.calendar
    told["tour"] = tour_of(desk.folder, tab, query.text(PARAMETER), had_it=around.had_tour)
    return render(shown.template, links, **told, **frame(tab, gate))


def compared(page: object, links: Links, gate: Gate) -> Markup:
    """How an uploaded report and the books differ."""
    return render("compared.html", links, page=page, **frame("reports", gate))


def show_inbox(desk: CaseDesk, links: Links, gate: Gate, puts: Sequence[Put]) -> Markup:
    """收件 with what became of the files that were just sent."""
    shown = page_of("inbox")
    assert shown is not None  # noqa: S101 -- it stands in the registry
    page = shown.make(desk, Query({}))
    assert isinstance(page, InboxPage)  # noqa: S101 -- as above
    page = dataclasses.replace(page, puts=puts)
    told = {"page": page, "desk": desk, "query": Query({}), "done": None, "place_of": _place(links)}
    return render(shown.template, links, **told, **frame("inbox", gate))


def _done(desk: CaseDesk, query: Query) -> Operation | None:
    """The operation that was just written; an address can be made by anybody, so only one that there is."""
    return desk.operation(query.text("done"))


def _place(links: Links) -> Any:
    """Where a next step is done: its address, or nothing where there is no page for it."""

    def place(step: NextStep) -> str:
        if step.kind == "errors":
            return "#errors"
        at = PLACES.get(step.kind)
        if at is None:
            return ""
        return links.to(at.tab, **dict(at.asked), **({at.about: step.about} if at.about else {}))

    return place


def frame(tab: str, gate: Gate) -> dict[str, Any]:
    """What the layout needs of every page."""
    shown = page_of(tab)
    tabs = {page.tab: _(page.title) for page in PAGES if not page.under}
    return {
        "tab": tab,
        "current": (shown.under or tab) if shown else tab,
        "title": _(shown.title) if shown else "",
        "purpose": _(shown.purpose) if shown else "",
        "section": shown.section if shown else "",
        "tabs": tabs,
        "gate": gate,
    }


def trouble(links: Links, error: str) -> Markup:
    """A page that says what went wrong."""
    return render("trouble.html", links, error=error, **frame("", Gate()))
