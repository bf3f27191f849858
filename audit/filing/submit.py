"""A form's way into audit.beancount: shown first, written when confirmed, refused when the file moved on."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import NamedTuple

from beancount.core import data
from markupsafe import Markup

from audit.case_view import View
from audit.filing.audit_file import StaleError
from audit.filing.audit_file import chain
from audit.filing.audit_file import file_entries
from audit.filing.audit_file import refuse_stale
from audit.filing.audit_file import seen
from audit.filing.csrf import Gate
from audit.filing.findings import FilingError
from audit.filing.forms import directives_of
from audit.filing.waivers import claim_waiver
from audit.pages.what_if import Figure
from audit.pages.what_if import moved
from audit.web import routes
from audit.web.person import Person
from audit.web.query import Query
from audit.web.render import Links
from audit.web.render import render
from ledger.entries.builder import as_text
from ledger.files import AUDIT_FILE
from ledger.files import AWARD
from ledger.files.writer import WriteRefusedError
from ledger.loading.loader import main_file
from ledger.loading.safe_folder import UnsafeCaseError
from ledger.loading.safe_folder import refuse_unsafe
from ledger.util.i18n import _

_CLAIM = "claim"  # the one form that writes to the company's books
_NOT_CARRIED = frozenset({"token", "seen"})


class PageResponse(NamedTuple):
    """A page and its status; `go` is where to go instead, once something was written."""

    page: Markup
    status: int = 200
    go: str = ""
    file: str = AUDIT_FILE  # what was written to


class Preview(NamedTuple):
    """What would be written, and what it would move in the settlement."""

    file: str
    text: str
    figures: list[Figure]
    fields: list[tuple[str, str]]


def confirm(view: View, form: Query, links: Links, gate: Gate, day: datetime.date) -> PageResponse:
    """The page that shows what would be written and asks; nothing is written."""
    folder = _folder(view)
    try:
        refuse_stale(folder, form.text("seen"))
        text = _text(folder)
        entries = _signed(view, form, gate.person, text, day)
        if form.text("do") != _CLAIM:
            chain(entries, text, _case_id(view))
    except StaleError as error:
        return _stale(view, form, links, gate, error)
    except FilingError as error:
        return _refused(view, links, str(error))
    figures = moved(view, entries) if form.text("do") == "judge" else []
    file = AWARD if form.text("do") == _CLAIM else AUDIT_FILE
    preview = Preview(file, as_text(entries).strip(), figures, _fields(form))
    return PageResponse(_page("confirm.html", view, links, gate, preview))


def write(view: View, form: Query, links: Links, gate: Gate, day: datetime.date) -> PageResponse:
    """Write what was confirmed, and go back to where it was asked for.

    Nothing is written to a case that may not be opened: one opened with `--trust`, or unsafe since, is looked at only.
    """
    folder = _folder(view)
    try:
        refuse_unsafe(main_file(folder))
    except UnsafeCaseError as error:
        return _refused(view, links, str(error))
    if form.text("do") == _CLAIM:
        return _write_claim(view, form, links, gate, day)
    written: list[str] = []

    def build(text: str) -> list[data.Custom]:
        entries = _signed(view, form, gate.person, text, day)
        written[:] = [str(entry.values[0].value) for entry in entries]
        return entries

    try:
        file_entries(folder, form.text("seen"), build, _case_id(view))
    except StaleError as error:
        return _stale(view, form, links, gate, error)
    except (FilingError, WriteRefusedError) as error:
        return _refused(view, links, str(error))
    tab, _colon, key = form.text("back").partition(":")
    back = tab if tab in routes.tabs() else "audit"
    filed = _("、").join(dict.fromkeys(written[:20]))
    return PageResponse(Markup(), 303, links.to(back, voucher=key, filed=filed))


def _write_claim(view: View, form: Query, links: Links, gate: Gate, day: datetime.date) -> PageResponse:
    """Write the company's claim into its own books, where no act of the auditor's stands."""
    try:
        _signed(view, form, gate.person, "", day)
        claim_waiver(
            _folder(view),
            form.text("check"),
            form.text("subject"),
            reason=form.text("comment"),
            approval=form.text("approval"),
            day=day,
            by=gate.person.name,
        )
    except (FilingError, WriteRefusedError) as error:
        return _refused(view, links, str(error))
    return PageResponse(Markup(), 303, links.to("checks", filed=_CLAIM), AWARD)


def _signed(view: View, form: Query, person: Person, text: str, day: datetime.date) -> list[data.Custom]:
    """The acts in the name of who is logged in; where nobody is, in the name that was typed, marked as typed.

    Raises FilingError.
    """
    if not person.may(form.text("do")):
        raise FilingError(_("您的角色不能登錄這一項"))
    if person.name:
        form = Query({**form.everything, "by": (person.name,)})
    entries = directives_of(view, form, text, day)
    if not person.name:
        for entry in entries:
            entry.meta["typed"] = True
    return entries


def _folder(view: View) -> Path:
    assert view.case.folder is not None  # noqa: S101 -- Fava's ledger is always a file
    return view.case.folder


def _case_id(view: View) -> str:
    return view.case.award.id if view.case.award else ""


def _text(folder: Path) -> str:
    path = folder / AUDIT_FILE
    return path.read_text(encoding="utf-8-sig") if path.is_file() else ""


def _fields(form: Query) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in form.everything.items()
        if name not in _NOT_CARRIED
        for value in values
    ]


def _stale(view: View, form: Query, links: Links, gate: Gate, error: StaleError) -> PageResponse:
    fresh = gate._replace(seen=seen(_folder(view)))
    return PageResponse(_page("stale.html", view, links, fresh, (error.added, _fields(form))), 409)


def _refused(view: View, links: Links, reason: str) -> PageResponse:
    return PageResponse(_page("refused.html", view, links, Gate(closed=_("沒有寫入")), reason), 400)


def _page(template: str, view: View, links: Links, gate: Gate, page: object) -> Markup:
    return render(
        template,
        links,
        page=page,
        view=view,
        gate=gate,
        tab="",
        tabs=routes.tabs(),
        filed="",
        title=_("查核"),
    )
