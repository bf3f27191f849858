"""新案件: a case made in the browser, from a filled form or from what is typed, every wrong cell marked before anything is made.

What is typed is a draft (`importers.templates.award_draft`), which this page only shows: the sums and limits are those
that `grant new` prints, the findings those of the checks on the case's first day.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from typing import NamedTuple

from flask import Flask
from flask import abort
from flask import jsonify
from flask import make_response
from flask import redirect
from flask import render_template
from flask import request
from werkzeug.wrappers import Response

from audit.documents import headers_of
from audit.filing import csrf
from checks.engine.finding import Finding
from checks.engine.runner import run_checks
from importers.records import ReadError
from importers.sources.source import Source
from importers.templates.award_draft import AwardDraft
from importers.templates.award_draft import Checked
from importers.templates.award_draft import draft_of_fields
from importers.templates.award_draft import draft_of_form
from importers.templates.award_draft import draft_of_toml
from importers.templates.award_draft import lines_of
from importers.templates.forms import FormKind
from importers.templates.forms import write_form
from ledger.case.case import Case
from ledger.errors import GrantError
from ledger.files.award_file import AwardFile
from ledger.files.award_file import award_directives
from ledger.files.award_summary import AwardSummary
from ledger.files.award_summary import summary_of_lines
from ledger.operations.new_case import new_case
from ledger.schemes.loader import load_scheme
from ledger.schemes.loader import scheme_id_of
from ledger.schemes.model import Scheme
from ledger.schemes.model import SchemeError
from ledger.util.decoding import decode
from ledger.util.i18n import _
from ledger.util.toml_file import TomlError
from server.new_case.folder import FolderError
from server.new_case.folder import folder_of
from server.new_case.folder import suggested_name
from server.new_case.page import AwardPage
from server.new_case.page import names_of
from server.new_case.page import page_of

if TYPE_CHECKING:
    from server.app import Server

_FORMS: Mapping[str, FormKind] = {
    "award.xlsx": "award",
    "vouchers.xlsx": "vouchers",
    "vouchers.csv": "vouchers",
    "payroll.xlsx": "payroll",
    "payroll.csv": "payroll",
}


class Figures(NamedTuple):
    """What a draft comes to: its sums and limits, and what the checks would find once it is whole."""

    summary: AwardSummary | None
    findings: tuple[Finding, ...]
    scheme: Scheme | None


def figures_of(draft: AwardDraft, checked: Checked) -> Figures:
    """The sums of a draft as far as it is filled in; the findings of the case that it would be on its first day."""
    tables, _faults = draft.tables()
    scheme = _scheme_of(draft)
    budget, items = lines_of(tables)
    summary = summary_of_lines(budget, items, scheme) if scheme and budget else None
    findings = _findings(checked.award) if checked.award is not None else ()
    return Figures(summary, findings, scheme)


def _scheme_of(draft: AwardDraft) -> Scheme | None:
    said = draft.text("award.scheme")
    try:
        return load_scheme(scheme_id_of(said)) if said else None
    except SchemeError:
        return None


def _findings(award: AwardFile) -> tuple[Finding, ...]:
    """What `grant check` will say of the new case on its first day: of the award, that is."""
    case = Case(list(award_directives(award)), folder=None, as_of=award.award.start)
    return tuple(run_checks(case))


def add_routes(app: Flask, server: Server) -> None:
    """`/grant/new`, its figures, and `/grant/forms/…`, the empty forms."""
    desk = _Desk(server)
    app.add_url_rule("/grant/new", "new_case", desk.show, methods=["GET"])
    app.add_url_rule("/grant/new", "make_case", desk.take, methods=["POST"])
    app.add_url_rule("/grant/new/figures", "new_case_figures", desk.figures, methods=["POST"])
    app.add_url_rule("/grant/forms/<name>", "empty_form", _empty_form, methods=["GET"])


def _empty_form(name: str) -> Response:
    """One of the forms to fill in, empty."""
    kind = _FORMS.get(name)
    if kind is None:
        return abort(404)
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / name
        write_form(kind, path)
        return Response(path.read_bytes(), headers=headers_of(path))


class _Desk:
    """The pages of a new case, for who may make one."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def show(self) -> Response:
        """The empty page, for a scheme where one is picked."""
        self._let_in()
        scheme = request.args.get("scheme", "")
        draft = draft_of_fields({"award.scheme": scheme} if scheme else {})
        return self._page(page_of(draft, self._server.places_for_new()), None)

    def take(self) -> Response:
        """Read an uploaded form, add up, add a row, or make the case."""
        self._let_in()
        if not csrf.is_token(request.form.get("token", ""), self._server.form_token):
            return abort(403)
        do = request.form.get("do", "")
        if do == "upload":
            return self._uploaded()
        draft = _typed()
        page = page_of(draft, self._server.places_for_new(), request.form)
        if do == "make":
            return self._make(draft, page)
        if do == "try":
            return self._page(page._replace(is_judged=True), draft)
        return self._page(page, draft)

    def figures(self) -> Response:
        """What is typed so far comes to, and which of the filled cells are wrong, for the page's script."""
        self._let_in()
        if not csrf.is_token(request.form.get("token", ""), self._server.form_token):
            return abort(403)
        draft = _typed()
        checked = draft.checked()
        panel = render_template("new_figures.html", figures=figures_of(draft, checked), checked=checked)
        wrong = {
            draft.name_on_page(fault.at): fault.reason for fault in checked.faults if draft.text(fault.at)
        }
        return jsonify({"panel": panel, "wrong": wrong})

    def _let_in(self) -> None:
        if not self._server.may_make_cases():
            abort(403)

    def _uploaded(self) -> Response:
        sent = request.files.get("form")
        places = self._server.places_for_new()
        if sent is None or not sent.filename:
            problem = _("請先選擇填好的 award.xlsx(或 award.toml)")
            return self._page(page_of(AwardDraft(), places)._replace(problem=problem), None, 422)
        try:
            draft = draft_of_upload(sent.filename, sent.read())
        except (ReadError, TomlError) as error:
            return self._page(page_of(AwardDraft(), places)._replace(problem=str(error)), None, 422)
        page = page_of(draft, places)._replace(is_judged=True, source=sent.filename)
        return self._page(page, draft)

    def _make(self, draft: AwardDraft, page: AwardPage) -> Response:
        award = draft.checked().award
        page = page._replace(is_judged=True, folder_name=page.folder_name or suggested_name(draft))
        if award is None:
            return self._page(page, draft, 422)
        try:
            folder = self._folder(page)
            _made(folder, award)
        except FolderError as error:
            return self._page(page._replace(folder_problem=str(error)), draft, 422)
        except GrantError as error:
            return self._page(page._replace(problem=str(error)), draft, 422)
        return redirect(self._server.made_case(folder), 303)

    def _folder(self, page: AwardPage) -> Path:
        """The folder that is asked for. Raises FolderError where it is none, or not for who asks."""
        places = self._server.places_for_new()
        folder = folder_of(places[min(page.place, len(places) - 1)], page.folder_name)
        if not self._server.may_make(folder):
            raise FolderError(_("這個資料夾名稱不在您的案件範圍;請改用管理人員給您的名稱"))
        return folder

    def _page(self, page: AwardPage, draft: AwardDraft | None, status: int = 200) -> Response:
        draft = draft or AwardDraft()
        checked = draft.checked()
        figures = figures_of(draft, checked)
        shown = render_template(
            "new.html",
            page=page,
            names=names_of(page),
            checked=checked if page.is_judged else Checked(None, ()),
            figures=figures,
            token=self._server.form_token,
        )
        return make_response(shown, status)


def draft_of_upload(name: str, content: bytes) -> AwardDraft:
    """The cells of an uploaded form or award.toml. Raises ReadError and TomlError where it is neither."""
    if name.lower().endswith(".toml"):
        try:
            text, _encoding = decode(content)
        except ValueError as error:
            raise TomlError(_("文字編碼無法辨認;請用記事本另存新檔,編碼選 UTF-8")) from error
        return draft_of_toml(text)
    source = Source(Path(name).name, content)
    if source.kind != "spreadsheet":
        raise ReadError(
            _("{file} 不是試算表;請上傳填好的 award.xlsx(或 award.toml)").format(file=source.name)
        )
    return draft_of_form(source)


def _typed() -> AwardDraft:
    """The draft that the page's fields hold."""
    return draft_of_fields(request.form.to_dict())


def _made(folder: Path, award: AwardFile) -> None:
    """Make the case in a folder that nobody has. Raises FolderError and what `new_case` raises."""
    try:
        folder.mkdir()
    except FileExistsError:
        raise FolderError(_("已經有「{name}」這個資料夾,請改用別的名稱").format(name=folder.name)) from None
    except OSError as error:
        raise FolderError(
            _("無法建立資料夾「{name}」:{reason}").format(name=folder.name, reason=error.strerror)
        ) from error
    try:
        new_case(folder, award)
    except GrantError:
        with contextlib.suppress(OSError):
            folder.rmdir()  # where nothing was written into it
        raise
