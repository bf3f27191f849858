"""Fava's own application over the served cases: closed where a role does not reach, its texts escaped, its papers safe."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from collections.abc import ItemsView
from pathlib import Path
from typing import Any

import jinja2
from fava.application import create_app
from fava.context import g
from fava.core.documents import is_document_or_import_file
from fava.core.misc import FavaMisc  # noqa: F401 -- pulls Fava in whole before the first request
from fava.helpers import FavaAPIError
from flask import Flask
from flask import Response
from flask import abort
from flask import request

from audit.documents import headers_of
from audit.web.person import person_of
from ledger.errors import GrantError
from server.case_ledger import CaseLedger
from server.cases import Cases
from server.roles import Asked
from server.roles import may

Refuse = Callable[[int, str], Response]
_FILED = "grantledger.act"  # what a form filed, for the log of changes
_RAW, _ESCAPED = "{% autoescape false %}", "{% autoescape true %}"


class _Ledgers:
    """The served cases as Fava's application looks them up."""

    def __init__(self, cases: Cases) -> None:
        self._cases = cases

    def __getitem__(self, key: str) -> CaseLedger:
        return self._cases.ledger(key)

    def items(self) -> ItemsView[str, CaseLedger]:
        """The other ledgers that Fava offers in its head: none, for not everybody may see every case."""
        return {}.items()

    def first_slug(self) -> str:
        """There is no first case: the server's own home page comes first."""
        return abort(404)


class _Escaping(jinja2.BaseLoader):
    """Fava's templates, where nothing that stands in a book is taken for markup.

    Fava's journal switches escaping off for speed; a supplier's name with a tag in it is then part of the page.
    """

    def __init__(self, templates: jinja2.BaseLoader) -> None:
        self._templates = templates

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, name, fresh = self._templates.get_source(environment, template)
        return source.replace(_RAW, _ESCAPED), name, fresh

    def list_templates(self) -> list[str]:
        return self._templates.list_templates()


def make_fava(cases: Cases, refuse: Refuse, *, read_only: bool) -> Flask:
    """Fava over these cases. `refuse` makes the page, or the answer of the API, that says why something is not shown."""
    app = create_app([], load=False, read_only=read_only)
    app.config["LEDGERS"] = _Ledgers(cases)
    assert app.jinja_loader is not None  # noqa: S101 -- Fava has templates
    app.jinja_loader = _Escaping(app.jinja_loader)
    app.view_functions["document"] = _document
    app.view_functions["statement"] = _statement

    def gate() -> Response | None:
        asked = Asked(
            request.endpoint or "",
            request.method,
            {name: str(value) for name, value in (request.view_args or {}).items()},
            request.form.get("do", "") if request.method == "POST" else "",
        )
        request.environ[_FILED] = asked.act
        return None if request.endpoint is None or may(person_of(request.environ), asked) else refuse(403, "")

    app.before_request_funcs.setdefault(None, []).insert(0, gate)  # before Fava looks at the ledger

    def unshown(error: GrantError) -> Response:
        cases.let_go(str(g.beancount_file_slug))
        return refuse(422, str(error))

    app.register_error_handler(GrantError, unshown)
    return app


def act_of(environ: dict[str, Any]) -> str:
    """What the form of a request asked to file; "" where it was none."""
    return str(environ.get(_FILED, ""))


# --- papers --------------------------------------------------------------------------------------------


def _document() -> Response:
    """A paper by Fava's address for it."""
    name = request.args.get("filename", "")
    if not is_document_or_import_file(name, g.ledger):
        return abort(404)
    return paper(g.ledger.join_path(), name)


def _statement() -> Response:
    """A paper that an entry names."""
    try:
        name = g.ledger.statement_path(request.args.get("entry_hash", ""), request.args.get("key", ""))
    except FavaAPIError:
        return abort(404)
    return paper(g.ledger.join_path(), name)


def paper(folder: Path, name: str) -> Response:
    """A file of the case as it may be handed out: no link on the way to it, nothing that a browser would run."""
    path = Path(os.path.normpath(folder / name))
    if not path.is_relative_to(folder) or path.resolve() != path:
        return abort(404)
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError):
        return abort(404)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return abort(404)
        return Response(file.read(), headers=headers_of(path))
