"""The Fava extension, thin: it hands a request to the pages and their answer to Fava.

It never raises: an extension that does takes the whole ledger down, so what goes wrong is shown on its page.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from pathlib import Path

from fava.context import g
from fava.core import FavaLedger
from fava.core.filters import FilterError
from flask import Response
from flask import abort
from flask import redirect
from flask import request
from markupsafe import Markup
from werkzeug.wrappers import Response as ResponseValue

from audit import documents
from audit.case_view import View
from audit.elsewhere import across_of
from audit.elsewhere import finder_of
from audit.filing import submit
from audit.filing.audit_file import seen
from audit.filing.csrf import Gate
from audit.web import extension
from audit.web import routes
from audit.web.person import ROLES_OF_ACT
from audit.web.person import person_of
from audit.web.query import Query
from audit.web.render import Links
from audit.web.render import style
from ledger.errors import GrantError
from ledger.files import AUDIT_FILE
from ledger.util.i18n import _
from ledger.util.i18n import speaking

Act = Callable[[View, Query, Links, Gate, datetime.date], submit.PageResponse]


class Audit(extension.CasePages):
    """查核 in Fava's sidebar."""

    report_title = "查核"
    has_js_module = True

    def __init__(self, ledger: FavaLedger, config: str | None = None) -> None:
        """As every extension of ours."""
        super().__init__(ledger, config)
        self._is_linked = False

    def after_load_file(self) -> None:
        """Forget what was worked out from the ledger before."""
        super().after_load_file()
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
        links = self.links(asked)

        def show() -> Markup:
            query = Query(asked, _let_through() if links.filtered else None)
            find, across = finder_of(request.environ), functools.partial(across_of, request.environ)
            return routes.show(self.view(query), query, links, self._gate(), find, across)

        return self.told(links, show)[0]

    @extension.endpoint("document")
    def document(self) -> Response:
        """A paper of a voucher, or a page of it as a picture, named by the voucher and its place there."""
        query = Query(request.args.to_dict(flat=False))
        each = self.view(query).vouchers.get(query.text("voucher"))
        papers = documents.papers_of(self.view(query), each.voucher) if each else []
        place = query.number("paper")
        path = papers[place].path if 0 <= place < len(papers) else None
        if path is None:
            return abort(404)
        if query.text("page"):
            pictures, page = documents.pictures_of(path), query.number("page")
            if not 0 < page <= len(pictures):
                return abort(404)
            return Response(pictures[page - 1], headers=documents.headers_of(Path("page.png")))
        return Response(path.read_bytes(), headers=documents.headers_of(path))

    @extension.endpoint("style")
    def style(self) -> Response:
        """The style sheet of the pages."""
        return Response(style(), content_type="text/css", headers={"Cache-Control": "private, max-age=86400"})

    @extension.endpoint("confirm", "POST")
    def confirm(self) -> ResponseValue:
        """Show what a form would write, and ask."""
        return self._desk(submit.confirm)

    @extension.endpoint("write", "POST")
    def write(self) -> ResponseValue:
        """Write what was confirmed."""
        return self._desk(submit.write)

    @extension.endpoint("confirm")
    def confirm_again(self) -> ResponseValue:
        """The confirmation's address, opened anew: its form is gone, so back to the rows."""
        return redirect(self.links({}).to("audit"))

    def _desk(self, act: Act) -> ResponseValue:
        """Let a form through to the desk, or refuse it; the answer in Fava's frame."""
        form = self.form()
        gate = self._gate()
        if not gate.is_open:
            return abort(403)
        links = self.links({})
        said, status = self.told(
            links, lambda: act(self.view(Query()), form, links, gate, datetime.date.today())
        )
        answer = said if isinstance(said, submit.PageResponse) else submit.PageResponse(said, status)
        if answer.go:
            self.ledger.watcher.notify(self.folder / answer.file)
            return redirect(answer.go, answer.status)
        return self.framed(answer.page, answer.status)

    def _gate(self) -> Gate:
        """What a form needs today; closed in Fava's read-only mode, and where nobody would read what is filed."""
        if extension.is_read_only():
            return Gate(closed=_("唯讀模式,不能登錄"))
        file = (self.folder / AUDIT_FILE).resolve()
        if not any(Path(name).resolve() == file for name in self.ledger.options["include"]):
            return Gate(closed=_("main.beancount 沒有 include audit.beancount,登錄了也不會生效"))
        person = person_of(request.environ)
        if not any(person.may(act) for act in ROLES_OF_ACT):
            return Gate(closed=_("您的角色只能查閱,不能登錄"))
        return Gate(self._token, seen(self.folder), person=person)

    def view(self, query: Query) -> View:
        """The case on the day asked for, today by default."""
        return self.view_on(query.date("as_of") or datetime.date.today())


def _let_through() -> frozenset[int]:
    """The entries, by their id(), that Fava's own filters let through. Raises GrantError for a filter that is none."""
    try:
        return frozenset(id(entry) for entry in g.filtered.entries)
    except FilterError as error:
        raise GrantError(_("上方的篩選讀不懂:{reason}").format(reason=error)) from error
