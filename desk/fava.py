"""The Fava extension 記帳, thin: it hands a request to the pages and their answer to Fava. It never raises."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from flask import Response
from flask import abort
from flask import after_this_request
from flask import jsonify
from flask import make_response
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
from desk import tour
from desk.case_desk import CaseDesk
from desk.deadlines import CALENDAR_ADDRESS
from desk.inbox.glances import refuse_another_inbox
from desk.inbox.glances import told_of
from desk.inbox.jobs import forget
from desk.inbox.jobs import job_of
from desk.inbox.jobs import start
from desk.inbox.progress import progress_of
from desk.inbox.store import InboxError
from desk.inbox.store import file_named
from desk.inbox.store import put
from desk.pages.reports import report_day
from desk.papers import asked_paper
from desk.web import downloads
from desk.web import routes
from desk.web import submission
from desk.web.render import style
from desk.web.uploads import MOST_BYTES
from importers.sources.limits import MOST_BYTES as INBOX_BYTES
from importers.sources.regular_file import read_regular
from ledger.files import MAIN
from ledger.util.i18n import _
from ledger.util.i18n import speaking


class Desk(extension.CasePages):
    """記帳 in Fava's sidebar."""

    report_title = "記帳"
    has_js_module = True

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
        desk = self._desk(report_day(query) if query.text("tab") == "reports" else None)
        gate = self._gate()._replace(seen=desk.state)
        if query.text(tour.PARAMETER) == tour.END:
            after_this_request(_note_tour)
        around = routes.Around(request.environ.get(CALENDAR_ADDRESS, ""), tour.COOKIE in request.cookies)
        return routes.show(desk, query, links, gate, around)

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

    @extension.endpoint("upload", "POST")
    def upload(self) -> ResponseValue:
        """Put the files of a form into the inbox; tell what each is."""
        self._bookkeeper()
        forget(self.folder)
        puts, status = self.told(self.links({}), lambda: [put(self.folder, *sent) for sent in _sent()])
        if not isinstance(puts, list):
            return self._told_failure(puts, status)
        if _wants_json():
            award = self._desk().case.award
            with speaking(self.ledger.fava_options.language):
                return jsonify({"files": [told_of(self.folder, each, award) for each in puts]})
        gate = self._gate()
        page = self.told(
            self.links({}),
            lambda: routes.show_inbox(
                self._desk(), self.links({}), gate._replace(seen=self._desk().state), puts
            ),
        )[0]
        return self.framed(page, 200)

    @extension.endpoint("import", "POST")
    def import_(self) -> ResponseValue:
        """Begin to import the inbox, as it was shown."""
        form = self._bookkeeper()
        links = self.links({})
        person = person_of(request.environ)

        def begin() -> int:
            refuse_another_inbox(self.folder, form.text("inbox"))
            return start(self.folder, person.name).number

        said, status = self.told(links, begin)
        if not isinstance(said, int):
            return self._told_failure(said, status)
        return jsonify({"number": said}) if _wants_json() else redirect(links.to("inbox"), 303)

    @extension.endpoint("cancel", "POST")
    def cancel(self) -> ResponseValue:
        """Call the import off that runs."""
        self._bookkeeper()
        job = job_of(self.folder)
        if job is not None:
            job.called_off.set()
        return jsonify({}) if _wants_json() else redirect(self.links({}).to("inbox"), 303)

    @extension.endpoint("job")
    def job(self) -> Response:
        """How far the import is."""
        job = job_of(self.folder)
        with speaking(self.ledger.fava_options.language):
            return jsonify(job.as_json() if job is not None else {})

    @extension.endpoint("events")
    def events(self) -> Response:
        """How far the import is, told as it goes on (server-sent events)."""
        said = progress_of(self.folder, self.ledger.fava_options.language)
        return Response(said, content_type="text/event-stream", headers={"X-Accel-Buffering": "no"})

    @extension.endpoint("file")
    def file(self) -> Response:
        """A file of the inbox, named by its place there; no link is followed."""
        try:
            path = file_named(self.folder, request.args.get("file", ""))
        except InboxError:
            return abort(404)
        return Response(read_regular(path), headers=headers_of(path))

    def _bookkeeper(self) -> Query:
        """The form that was sent; refused where a page of ours did not send it, or by who keeps no books."""
        form = self.form()
        if not self._gate().is_open:
            abort(403)
        return form

    def _told_failure(self, page: Markup, status: int) -> ResponseValue:
        """Why something was not done: for the page's script in words, else as a page."""
        if not _wants_json():
            return self.framed(page, status)
        return make_response(jsonify({"error": " ".join(page.striptags().split())}), status)

    @extension.endpoint("confirm")
    def confirm_again(self) -> ResponseValue:
        """The confirmation's address, opened anew: its form is gone, so back to the first page."""
        return redirect(self.links({}).to(""))

    def _take(self, step: Callable[[Path, submission.Sent], submission.PageResponse]) -> ResponseValue:
        """Let a form through, or refuse it; the answer in Fava's frame."""
        form = self.form()
        gate = self._gate()
        if not gate.is_open:
            return abort(403)
        sent = submission.Sent(form, self.links({}), gate, datetime.date.today(), _files())
        said, status = self.told(sent.links, lambda: step(self.folder, sent))
        answer = said if isinstance(said, submission.PageResponse) else submission.PageResponse(said, status)
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

    def _desk(self, day: datetime.date | None = None) -> CaseDesk:
        """The case of today, or of a day; the auditor's pages have it already where a case has them."""
        audit = self.ledger.extensions.get_extension("Audit")
        pages = audit if isinstance(audit, extension.CasePages) else self
        return CaseDesk(pages.view_on(day or datetime.date.today()), self.folder)


def _note_tour(response: ResponseValue) -> ResponseValue:
    """The browser keeps that its user had the tour."""
    seconds = tour.COOKIE_SECONDS
    response.set_cookie(tour.COOKIE, "1", seconds, httponly=True, samesite="Strict", secure=request.is_secure)
    return response


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _sent() -> list[tuple[str, bytes]]:
    """The files that were sent to the inbox: their names, folders and all, and their bytes."""
    return [
        (file.filename or "", file.read(INBOX_BYTES + 1))
        for _field, file in request.files.items(multi=True)
        if file.filename
    ]


def _files() -> list[submission.File]:
    """The files of the request's form."""
    return [
        submission.File(field, file.filename or "", file.read(MOST_BYTES + 1))
        for field, file in request.files.items(multi=True)
        if file.filename
    ]
