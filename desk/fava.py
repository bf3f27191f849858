"""The Fava extension 記帳, thin: it hands a request to the pages and their answer to Fava. It never raises."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from flask import Response
from flask import abort
from flask import redirect
from flask import request
from markupsafe import Markup
from werkzeug.wrappers import Response as ResponseValue

from audit.documents import headers_of
from audit.filing.csrf import Gate
from audit.web import extension
from audit.web.person import person_of
from audit.web.query import Query
from audit.web.render import Links
from desk.case_desk import CaseDesk
from desk.papers import asked_paper
from desk.web import downloads
from desk.web import routes
from desk.web import submission
from desk.web.render import style
from desk.web.uploads import MOST_BYTES
from ledger.loading.loader import MAIN
from ledger.util.i18n import _
from ledger.util.i18n import speaking


class Desk(extension.CasePages):
    """記帳 in Fava's sidebar."""

    report_title = "記帳"

    def after_load_file(self) -> None:
        """Forget what was worked out from the ledger before."""
        super().after_load_file()
        with speaking(self.ledger.fava_options.language):
            self.report_title = _("記帳")

    def page(self) -> Markup:
        """The page that the request asks for; what the template shows."""
        asked = request.args.to_dict(flat=False)
        query, links = Query(asked), self.links(asked)
        return self.told(links, lambda: self._show(query, links))[0]

    def _show(self, query: Query, links: Links) -> Markup:
        desk = self._desk()
        return routes.show(desk, query, links, self._gate()._replace(seen=desk.state))

    def trouble(self, links: Links, error: str) -> Markup:
        """A page that says what went wrong."""
        return routes.trouble(links, error)

    @extension.endpoint("style")
    def style(self) -> Response:
        """The style sheet of the pages."""
        return Response(style(), content_type="text/css", headers={"Cache-Control": "private, max-age=86400"})

    @extension.endpoint("paper")
    def paper(self) -> Response:
        """The paper that a page shows beside a question or a voucher: no path comes from outside."""
        with speaking(self.ledger.fava_options.language):
            path = asked_paper(self._desk(), Query(request.args.to_dict(flat=False)))
        if path is None:
            return abort(404)
        return Response(path.read_bytes(), headers=headers_of(path))

    @extension.endpoint("report")
    def report(self) -> ResponseValue:
        """A file made from the case: a report, a form, the tables, the calendar."""
        asked = Query(request.args.to_dict(flat=False))
        return self._sent(lambda: downloads.made(self.folder, asked, datetime.date.today()))

    @extension.endpoint("fill", "POST")
    def fill(self) -> ResponseValue:
        """The authority's own workbook, filled in."""
        self.form()
        files = {file.field: file for file in _files()}
        return self._sent(lambda: downloads.filled(self.folder, files, datetime.date.today()))

    @extension.endpoint("compare", "POST")
    def compare(self) -> ResponseValue:
        """Whether a report still is what the books give."""
        self.form()
        files = {file.field: file for file in _files()}
        links = self.links({})
        page, status = self.told(
            links, lambda: routes.compared(downloads.compared(self.folder, files), links, self._gate())
        )
        return self.framed(page, status)

    def _sent(self, make: Callable[[], downloads.Download]) -> ResponseValue:
        """A file for the browser to save, or the page that says why there is none."""
        made, status = self.told(self.links({}), make)
        if not isinstance(made, downloads.Download):
            return self.framed(made, status)
        disposition = f"attachment; filename*=UTF-8''{quote(made.name)}"
        return Response(made.content, content_type=made.kind, headers={"Content-Disposition": disposition})

    @extension.endpoint("confirm", "POST")
    def confirm(self) -> ResponseValue:
        """Show what a form would write, and ask."""
        return self._take(submission.confirm)

    @extension.endpoint("write", "POST")
    def write(self) -> ResponseValue:
        """Write what was confirmed."""
        return self._take(submission.write)

    @extension.endpoint("confirm")
    def confirm_again(self) -> ResponseValue:
        """The confirmation's address, opened anew: its form is gone, so back to the first page."""
        return redirect(self.links({}).to(""))

    def _take(self, step: Callable[[Path, submission.Sent], submission.Answer]) -> ResponseValue:
        """Let a form through, or refuse it; the answer in Fava's frame."""
        form = self.form()
        gate = self._gate()
        if not gate.is_open:
            return abort(403)
        sent = submission.Sent(form, self.links({}), gate, datetime.date.today(), _files())
        said, status = self.told(sent.links, lambda: step(self.folder, sent))
        answer = said if isinstance(said, submission.Answer) else submission.Answer(said, status)
        if answer.go:
            self.ledger.watcher.notify(self.folder / MAIN)
            return redirect(answer.go, answer.status)
        return self.framed(answer.page, answer.status)

    def _gate(self) -> Gate:
        """What a form needs today; closed in Fava's read-only mode, and for who does not keep the books."""
        if extension.is_read_only():
            return Gate(self._token, closed=_("唯讀模式,只能查閱"))
        person = person_of(request.environ)
        if not person.keeps_books:
            return Gate(self._token, closed=_("您的角色只能查閱,不能記帳"), person=person)
        return Gate(self._token, person=person)

    def _desk(self) -> CaseDesk:
        """The case of today; the auditor's pages have it already where a case has them."""
        today = datetime.date.today()
        audit = self.ledger.extensions.get_extension("Audit")
        pages = audit if isinstance(audit, extension.CasePages) else self
        return CaseDesk(pages.view_on(today), self.folder)


def _files() -> list[submission.File]:
    """The files of the request's form."""
    return [
        submission.File(field, file.filename or "", file.read(MOST_BYTES + 1))
        for field, file in request.files.items(multi=True)
        if file.filename
    ]
