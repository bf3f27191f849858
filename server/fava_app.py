"""Fava's own application over the served cases: closed where a role does not reach, its texts escaped, its papers safe."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from collections.abc import ItemsView
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
from fava.application import create_app
from fava.application import url_for
from fava.beans.funcs import hash_entry
from fava.context import g
from fava.core.charts import FavaJSONProvider
from fava.core.charts import _json_default  # the ways in which Fava tells its own kinds of values
from fava.core.charts import simplejson_dumps  # type: ignore[attr-defined]
from fava.core.documents import is_document_or_import_file
from fava.helpers import FavaAPIError
from flask import Flask
from flask import Response
from flask import abort
from flask import redirect
from flask import request
from werkzeug.wrappers import Response as ResponseValue

from audit.documents import headers_of
from audit.web.person import EDITOR
from audit.web.person import person_of
from ledger.errors import GrantError
from server.access.roles import AccessRequest
from server.access.roles import may
from server.case_ledger import CaseLedger
from server.cases import Cases
from server.journal import JournalLoader
from server.journal import runs

Refuse = Callable[[int, str], Response]
_FILED = "grantledger.act"  # what a form filed, for the log of changes
_ADDRESSES = "grantledger.addresses"
MOST_BYTES = 64 * 1024 * 1024  # of one request
_FRAME = "_layout.html"
# What is closed is not offered either.
_WITHOUT_EDITING = (
    '{% if not request.environ.get("' + EDITOR + '") %}'
    '<link rel="stylesheet" href="/grant/closed.css">{% endif %}'
)
# 貨幣 lists prices alone; a case in NT$ has none, and an empty page helps nobody.
_WITHOUT_PRICES = (
    "{% if not ledger.all_entries_by_type.Price %}"
    '<link rel="stylesheet" href="/grant/priceless.css">{% endif %}'
)


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


class _Templates(JournalLoader):
    """Fava's templates, with a frame that does not offer what is closed."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """A template's text."""
        source, name, fresh = super().get_source(environment, template)
        if template == _FRAME:
            source = source.replace("</head>", f"{_WITHOUT_EDITING}{_WITHOUT_PRICES}</head>", 1)
        return source, name, fresh


class _Json(FavaJSONProvider):
    """Fava's JSON with its letters as they are: escaped, a Chinese one takes six bytes in place of three.

    Every page of Fava carries what it knows of the ledger, all errors among it.
    """

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """`obj` as text; escaped where a name of a file in it is no text."""
        text: str = simplejson_dumps(
            obj, sort_keys=True, separators=(",", ":"), default=_json_default, ensure_ascii=False
        )
        try:
            text.encode()
        except UnicodeEncodeError:
            return super().dumps(obj, **kwargs)
        return text


def make_fava(cases: Cases, refuse: Refuse, *, read_only: bool) -> Flask:
    """Fava over these cases. `refuse` makes the page, or the answer of the API, that says why something is not shown."""
    app = create_app([], load=False, read_only=read_only)
    app.json = _Json(app)
    app.jinja_env.policies["json.dumps_function"] = app.json.dumps
    app.config["LEDGERS"] = _Ledgers(cases)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    assert app.jinja_loader is not None  # noqa: S101 -- Fava has templates
    app.jinja_loader = _Templates(app.jinja_loader)
    app.add_template_filter(_runs, "runs_of_plain_entries")
    app.add_template_filter(_hash_of, "hash_entry")
    app.add_template_global(_address_of, "url_for")
    app.view_functions["document"] = _document
    app.view_functions["statement"] = _statement

    def gate() -> ResponseValue | None:
        asked = AccessRequest(
            request.endpoint or "",
            request.method,
            {name: str(value) for name, value in (request.view_args or {}).items()},
            request.form.get("do", "") if request.method == "POST" else "",
        )
        request.environ.get(_FILED, []).append(asked.act)
        if request.endpoint is not None and not may(person_of(request.environ), asked):
            return refuse(403, "")
        return _inbox() if asked.values.get("report_name") == "import" else None

    app.before_request_funcs.setdefault(None, []).insert(0, gate)  # before Fava looks at the ledger

    def unshown(error: GrantError) -> Response:
        cases.let_go(str(g.beancount_file_slug))
        return refuse(422, str(error))

    app.register_error_handler(GrantError, unshown)
    return app


def _inbox() -> ResponseValue:
    """Fava's 匯入 leads to where a case's files are taken in."""
    return redirect(url_for("extension_report", extension_name="Desk", tab="inbox"))


def remember_act(environ: dict[str, Any]) -> list[str]:
    """Make room in a request's environment for what its form asks to file; it is there once Fava has answered."""
    filed: list[str] = []
    environ[_FILED] = filed
    return filed


def _address_of(endpoint: str, **values: str) -> str:
    """Fava's `url_for`, asked once a request for each address: a journal links the same accounts a thousand times."""
    known: dict[object, str] = request.environ.setdefault(_ADDRESSES, {})
    key = (endpoint, *values.items())
    if key not in known:
        known[key] = url_for(endpoint, **values)
    return known[key]


def _hash_of(entry: Any) -> str:
    """Fava's name for an entry, worked out once a load."""
    ledger = g.ledger
    if not isinstance(ledger, CaseLedger) or id(entry) not in ledger.plain_entries:
        return hash_entry(entry)
    known = ledger.hashes.get(id(entry))
    if known is None:
        known = ledger.hashes[id(entry)] = hash_entry(entry)
    return known


def _runs(rows: Iterable[Any]) -> Iterator[tuple[bool, list[Any]]]:
    ledger = g.ledger
    return runs(rows, ledger.plain_entries if isinstance(ledger, CaseLedger) else frozenset())


# --- papers --------------------------------------------------------------------------------------------


def _document() -> Response:
    """A paper by Fava's address for it."""
    name = request.args.get("filename", "")
    if "\x00" in name or not is_document_or_import_file(name, g.ledger):
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
