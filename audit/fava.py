"""The Fava extension, thin: it hands a request to the pages and their answer to Fava.

It never raises: an extension that does takes the whole ledger down, so what goes wrong is shown on its page.
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
from fava.context import g
from fava.core import FavaLedger
from fava.ext import FavaExtensionBase
from fava.ext import extension_endpoint
from flask import Response
from flask import abort
from flask import current_app
from flask import redirect
from flask import render_template
from flask import request
from markupsafe import Markup
from werkzeug.wrappers import Response as ResponseValue

from audit import documents
from audit.case_view import View
from audit.filing import csrf
from audit.filing import submit
from audit.filing.audit_file import seen
from audit.filing.csrf import Gate
from audit.web import routes
from audit.web.person import ROLES_OF_ACT
from audit.web.person import person_of
from audit.web.query import Query
from audit.web.render import Links
from audit.web.render import style
from checks.engine.plugin import CheckError
from checks.runs.check_case import settings_of
from checks.runs.check_case import unreadable
from ledger.case.audit_acts import AUDIT_FILE
from ledger.case.case import Case
from ledger.errors import GrantError
from ledger.loading.load_errors import load_errors
from ledger.loading.loader import CHECKS_PLUGIN
from ledger.loading.loader import Loaded
from ledger.util.i18n import _
from ledger.util.i18n import speaking

log = logging.getLogger(__name__)

_MOST_DAYS = 4
Act = Callable[[View, Query, Links, Gate, datetime.date], submit.Answer]

T = TypeVar("T")
Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


def _endpoint(name: str, method: str = "GET") -> Callable[[Endpoint], Endpoint]:
    """Fava's own decorator, with a type that says it gives the function back."""
    return cast("Callable[[Endpoint], Endpoint]", extension_endpoint(name, [method]))


class Audit(FavaExtensionBase):
    """查核 in Fava's sidebar."""

    report_title = "查核"
    has_js_module = True

    def __init__(self, ledger: FavaLedger, _config: str | None = None) -> None:
        """The extension takes no configuration; what stands there is not read, so it cannot be wrong."""
        super().__init__(ledger, None)
        self._views: dict[datetime.date, View] = {}
        self._is_linked = False
        self._token = csrf.new_token()

    def after_load_file(self) -> None:
        """Forget what was worked out from the ledger before."""
        self._views = {}
        self._is_linked = False
        with speaking(self.ledger.fava_options.language):
            self.report_title = _("查核")

    def before_request(self) -> None:
        """Put the pages an auditor goes to most into Fava's sidebar; Fava forgets its links at every load."""
        if self._is_linked:
            return
        self._is_linked = True
        page = f"{request.script_root}/{g.beancount_file_slug}/extension/{self.name}/"
        with speaking(self.ledger.fava_options.language):
            links = ((_("憑證"), "vouchers"), (_("檢查"), "checks"), (_("結案試算"), "trial"))
            self.ledger.misc.sidebar_links = [
                *self.ledger.misc.sidebar_links,
                *((label, f"{page}?tab={tab}") for label, tab in links),
            ]

    def page(self) -> Markup:
        """The page that the request asks for; what the template shows."""
        asked = request.args.to_dict(flat=False)
        query, links = Query(asked), self._links(asked)
        return self._told(links, lambda: routes.show(self.view(query), query, links, self._gate()))[0]

    def _told(self, links: Links, make: Callable[[], T]) -> tuple[T | Markup, int]:
        """What `make` gives and 200; or the page that says why it could not be made, and its status.

        The one place of the pages where an error ends: a GrantError is told in its own words, anything else is logged.
        """
        with speaking(self.ledger.fava_options.language):
            try:
                return make(), 200
            except GrantError as error:
                return routes.trouble(links, str(error)), 400
            except Exception as error:
                log.exception("audit page")
                return routes.trouble(links, f"{type(error).__name__}: {error}"), 500

    @_endpoint("document")
    def document(self) -> Response:
        """A paper of a voucher, named by the voucher and its place there: no path comes from outside."""
        query = Query(request.args.to_dict(flat=False))
        each = self.view(query).vouchers.get(query.text("voucher"))
        papers = documents.papers_of(self.view(query), each.voucher) if each else []
        place = query.number("paper")
        path = papers[place].path if 0 <= place < len(papers) else None
        if path is None:
            return abort(404)
        return Response(path.read_bytes(), headers=documents.headers_of(path))

    @_endpoint("style")
    def style(self) -> Response:
        """The style sheet of the pages."""
        return Response(style(), content_type="text/css", headers={"Cache-Control": "private, max-age=86400"})

    @_endpoint("confirm", "POST")
    def confirm(self) -> ResponseValue:
        """Show what a form would write, and ask."""
        return self._desk(submit.confirm)

    @_endpoint("write", "POST")
    def write(self) -> ResponseValue:
        """Write what was confirmed."""
        return self._desk(submit.write)

    @_endpoint("confirm")
    def confirm_again(self) -> ResponseValue:
        """The confirmation's address, opened anew: its form is gone, so back to the rows."""
        return redirect(self._links({}).to("audit"))

    def _desk(self, act: Act) -> ResponseValue:
        """Let a form through to the desk, or refuse it; the answer in Fava's frame."""
        form = Query(request.form.to_dict(flat=False))
        own = csrf.is_same_site(request.headers, request.host)
        if not own or not csrf.is_token(form.text("token"), self._token):
            return abort(403)
        gate = self._gate()
        if not gate.is_open:
            return abort(403)
        links = self._links({})
        said, status = self._told(
            links, lambda: act(self.view(Query()), form, links, gate, datetime.date.today())
        )
        answer = said if isinstance(said, submit.Answer) else submit.Answer(said, status)
        if answer.go:
            self.ledger.watcher.notify(self._folder / AUDIT_FILE)
            return redirect(answer.go, answer.status)
        page = render_template("_layout.html", content=answer.page, page_title=self.report_title)
        return current_app.make_response((page, answer.status))

    def _gate(self) -> Gate:
        """What a form needs today; closed in Fava's read-only mode, and where nobody would read what is filed."""
        if any(hook.__name__ == "_read_only" for hook in current_app.before_request_funcs.get(None, [])):
            return Gate(closed=_("唯讀模式,不能登錄"))
        file = (self._folder / AUDIT_FILE).resolve()
        if not any(Path(name).resolve() == file for name in self.ledger.options["include"]):
            return Gate(closed=_("main.beancount 沒有 include audit.beancount,登錄了也不會生效"))
        person = person_of(request.environ)
        if not any(person.may(act) for act in ROLES_OF_ACT):
            return Gate(closed=_("您的角色只能查閱,不能登錄"))
        return Gate(self._token, seen(self._folder), person=person)

    @property
    def _folder(self) -> Path:
        return Path(self.ledger.beancount_file_path).parent

    def view(self, query: Query) -> View:
        """The case on the day asked for, today by default; kept until the ledger is loaded again."""
        day = query.date("as_of") or datetime.date.today()
        view = self._views.get(day)
        if view is None:
            if len(self._views) > _MOST_DAYS:
                self._views = {}
            view = self._views[day] = self._make_view(day)
        return view

    def _make_view(self, day: datetime.date) -> View:
        ledger = self.ledger
        entries = cast("list[data.Directive]", list(ledger.all_entries))
        case = Case(entries, folder=self._folder, as_of=day)
        unread = [error for error in ledger.load_errors if not isinstance(error, CheckError)]
        errors = load_errors(unread, Path(ledger.beancount_file_path))
        listed = any(name == CHECKS_PLUGIN for name, _config in ledger.options["plugin"])
        loaded = Loaded(case, entries, errors, dict(ledger.options), listed)
        return View(case, entries, unreadable(loaded), settings_of(ledger.options))

    def _links(self, asked: dict[str, list[str]]) -> Links:
        base = url_for("extension_report", extension_name=self.name)
        editor = url_for("report", report_name="editor") if person_of(request.environ).edits else ""
        return Links(base, editor, base.partition("?")[0], asked, self._folder)
