"""A form's way into the case: what it changes is shown first, written when confirmed, refused when the case moved on.

Both steps plan the act anew on the case as it is on disk, under the case's lock; nothing of a plan is carried in a form.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from audit.filing.csrf import Gate
from audit.web.query import Query
from audit.web.render import Links
from checks.runs.judge import judge
from desk.case_desk import state_of
from desk.plain import plain
from desk.web.act_request import ActRequest
from desk.web.registry import ACTS
from desk.web.registry import FIRST
from desk.web.registry import page_of
from desk.web.render import render
from desk.web.routes import frame
from desk.web.uploads import PREFIX
from desk.web.uploads import field_of
from desk.web.uploads import keep
from ledger.errors import GrantError
from ledger.files.history import History
from ledger.files.history import Operation
from ledger.files.writer import CaseWriter
from ledger.loading.loader import load_case
from ledger.operations.apply import Ready
from ledger.operations.edit import Context
from ledger.util.i18n import _

_NOT_CARRIED = frozenset({"token", "seen"})
_MOST_SHOWN = 20


class PageResponse(NamedTuple):
    """A page and its status; `go` is where to go instead, once something was written."""

    page: Markup
    status: int = 200
    go: str = ""


class File(NamedTuple):
    """A file of a form: the field it was chosen in, its name as the browser gives it, its bytes."""

    field: str
    name: str
    content: bytes


class Sent(NamedTuple):
    """A form that was let through: what it says, who sent it, the day, and its files."""

    form: Query
    links: Links
    gate: Gate
    today: datetime.date
    files: Sequence[File] = ()


class Preview(NamedTuple):
    """What the page that asks shows, and the fields of the form that it sends on."""

    ready: Ready
    fields: list[tuple[str, str]]
    back: str


def confirm(folder: Path, sent: Sent) -> PageResponse:
    """The page that shows what would be written and asks; nothing is written to the case but its files kept aside."""
    try:
        sent = _with_files(folder, sent)
        with CaseWriter(folder) as writer:
            if state_of(folder) != sent.form.text("seen"):
                return _stale(folder, sent)
            ready = _ready(writer, sent)
    except GrantError as error:
        return refused(sent, plain(str(error)))
    preview = Preview(ready, _fields(sent.form), _back(sent))
    same = sent._replace(gate=sent.gate._replace(seen=sent.form.text("seen")))
    return PageResponse(_page("confirm.html", same, preview))


def write(folder: Path, sent: Sent) -> PageResponse:
    """Write what was confirmed, and go back to where it was asked for."""
    try:
        with CaseWriter(folder) as writer:
            if state_of(folder) != sent.form.text("seen"):
                return _stale(folder, sent)
            number = _ready(writer, sent).write(writer)
    except GrantError as error:
        return refused(sent, plain(str(error)))
    return PageResponse(Markup(), 303, _back(sent, done=number))


def _with_files(folder: Path, sent: Sent) -> Sent:
    """The form with each of its files kept aside and named by a field. Raises UploadError."""
    fields = {name: list(values) for name, values in sent.form.everything.items()}
    for file in sent.files:
        fields[PREFIX + file.field] = [field_of(keep(folder, file.name, file.content))]
    return sent._replace(form=Query(fields))


def _ready(writer: CaseWriter, sent: Sent) -> Ready:
    """The act worked out on the case as it is on disk. Raises GrantError."""
    plan = ACTS.get(sent.form.text("do"))
    if plan is None:
        raise GrantError(_("不知道要做什麼"))
    loaded = load_case(writer.folder, datetime.date.max)
    reopen = sent.today if sent.form.text("closed") == "reopen" else None
    context = Context(loaded, writer.text, judge, reopen)
    return plan(ActRequest(sent.form, context, writer, sent.gate.person.name, sent.today))


def _back(sent: Sent, **more: str) -> str:
    """The page that a form belongs to: its field `back` is a tab, or a tab and what it is about."""
    tab, _colon, about = sent.form.text("back").partition(":")
    return sent.links.to(tab if page_of(tab) else FIRST.tab, about=about, **more)


def _fields(form: Query) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in form.everything.items()
        if name not in _NOT_CARRIED
        for value in values
    ]


def _stale(folder: Path, sent: Sent) -> PageResponse:
    """The page that tells that the case is another by now, and lets the form be looked at anew."""
    fresh = sent._replace(gate=sent.gate._replace(seen=state_of(folder)))
    page = (_last_operations(folder), _fields(sent.form), _back(sent))
    return PageResponse(_page("stale.html", fresh, page), 409)


def _last_operations(folder: Path) -> list[Operation]:
    history = History(folder)
    try:
        return history.operations()[:-4:-1]
    finally:
        history.close()


def refused(sent: Sent, reason: str) -> PageResponse:
    """The page that says why nothing was written."""
    closed = sent._replace(gate=Gate(closed=_("沒有寫入")))
    return PageResponse(_page("refused.html", closed, (reason, _back(sent))), 400)


def _page(template: str, sent: Sent, page: object) -> Markup:
    return render(template, sent.links, page=page, most_shown=_MOST_SHOWN, **frame("", sent.gate))
