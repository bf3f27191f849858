"""What every extension of ours in Fava does the same way: it shows pages, lets forms through, and never raises.

An extension that raises takes the whole ledger down, so what goes wrong is shown on its page. Fava takes every class
that it finds in an extension's module for an extension: import this module there, not its class.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from typing import cast

from beancount.core import data
from fava.application import url_for
from fava.core import FavaLedger
from fava.ext import FavaExtensionBase
from fava.ext import extension_endpoint
from flask import abort
from flask import current_app
from flask import render_template
from flask import request
from markupsafe import Markup
from werkzeug.wrappers import Response as ResponseValue

from audit.case_view import View
from audit.filing import csrf
from audit.web import routes
from audit.web.person import person_of
from audit.web.query import Query
from audit.web.render import Links
from checks.engine.as_loaded import AsLoaded
from checks.engine.as_loaded import as_loaded
from checks.engine.plugin import CheckError
from checks.runs.check_case import settings_of
from checks.runs.check_case import unreadable
from ledger.case.case import Case
from ledger.errors import GrantError
from ledger.loading.load_errors import load_errors
from ledger.loading.loader import CHECKS_PLUGIN
from ledger.loading.loader import Loaded
from ledger.util.i18n import speaking

log = logging.getLogger(__name__)

_MOST_DAYS = 4

T = TypeVar("T")
Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


def endpoint(name: str, method: str = "GET") -> Callable[[Endpoint], Endpoint]:
    """Fava's own decorator, with a type that says it gives the function back."""
    return cast("Callable[[Endpoint], Endpoint]", extension_endpoint(name, [method]))


def view_of(ledger: FavaLedger, day: datetime.date, kept: AsLoaded | None = None) -> View:
    """The case of a ledger as Fava loaded it, on a day; `kept` is what the plugin kept of it."""
    main = Path(ledger.beancount_file_path)
    entries = cast("list[data.Directive]", list(ledger.all_entries))
    case = (kept.case_on(day) if kept else None) or Case(entries, folder=main.parent, as_of=day)
    settings = settings_of(ledger.options)
    unread = [error for error in ledger.load_errors if not isinstance(error, CheckError)]
    listed = any(name == CHECKS_PLUGIN for name, _config in ledger.options["plugin"])
    loaded = Loaded(case, entries, load_errors(unread, main), dict(ledger.options), listed)
    found = kept.findings_of(case, settings) if kept else None
    return View(case, entries, unreadable(loaded), settings, found)


def is_read_only() -> bool:
    """Whether Fava runs in its read-only mode."""
    return any(hook.__name__ == "_read_only" for hook in current_app.before_request_funcs.get(None, []))


class CasePages(FavaExtensionBase):
    """An extension whose pages show a case."""

    def __init__(self, ledger: FavaLedger, _config: str | None = None) -> None:
        """The extension takes no configuration; what stands there is not read, so it cannot be wrong."""
        super().__init__(ledger, None)
        self._views: dict[datetime.date, View] = {}
        self._kept: AsLoaded | None = None
        self._token = csrf.new_token()

    def after_load_file(self) -> None:
        """Forget what was worked out from the ledger before."""
        self._views = {}
        entries = cast("list[data.Directive]", self.ledger.all_entries)
        self._kept = as_loaded(entries, self.folder)

    @property
    def folder(self) -> Path:
        """The case's folder."""
        return Path(self.ledger.beancount_file_path).parent

    def view_on(self, day: datetime.date) -> View:
        """The case on a day; kept until the ledger is loaded again."""
        view = self._views.get(day)
        if view is None:
            if len(self._views) > _MOST_DAYS:
                self._views = {}
            view = self._views[day] = view_of(self.ledger, day, self._kept)
        return view

    def told(self, links: Links, make: Callable[[], T]) -> tuple[T | Markup, int]:
        """What `make` gives and 200; or the page that says why it could not be made, and its status.

        The one place of the pages where an error ends: a GrantError is told in its own words, anything else is logged.
        """
        with speaking(self.ledger.fava_options.language):
            try:
                return make(), 200
            except GrantError as error:
                return self.trouble(links, str(error)), 400
            except Exception as error:
                log.exception("page of %s", self.name)
                return self.trouble(links, f"{type(error).__name__}: {error}"), 500

    def trouble(self, links: Links, error: str) -> Markup:
        """A page that says what went wrong."""
        return routes.trouble(links, error)

    def links(self, asked: dict[str, list[str]]) -> Links:
        """The addresses that a page points at; `asked` are the parameters of its own."""
        base = url_for("extension_report", extension_name=self.name).partition("?")[0]
        editor = url_for("report", report_name="editor") if person_of(request.environ).edits else ""
        return Links(base, editor, base, asked, self.folder)

    def form(self) -> Query:
        """The form that was sent; refused (403) where no page of ours sent it."""
        form = Query(request.form.to_dict(flat=False))
        own = csrf.is_same_site(request.headers, request.host)
        if not own or not csrf.is_token(form.text("token"), self._token):
            abort(403)
        return form

    def framed(self, page: Markup, status: int) -> ResponseValue:
        """A page that a form leads to, in Fava's frame."""
        shown = render_template("_layout.html", content=page, page_title=self.report_title)
        return current_app.make_response((shown, status))
