"""What each role may ask for: one table, held against every route of Fava's and of ours. What is not in it is closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from typing import NamedTuple

from audit.web.person import ROLES
from audit.web.person import ROLES_OF_ACT
from audit.web.person import Person
from audit.web.person import Role

Need = Literal["read", "edit", "file", "book"]

READERS: frozenset[Role] = frozenset(ROLES)
EDITORS: frozenset[Role] = frozenset(
    {"accountant"}
)  # of their own cases, and only where the server runs with --edit

# Fava's pages, by endpoint and method.
_FAVA: dict[tuple[str, str], Need] = {
    ("static", "GET"): "read",
    ("index", "GET"): "read",
    ("jump", "GET"): "read",
    ("account", "GET"): "read",
    ("holdings_by", "GET"): "read",
    ("document", "GET"): "read",
    ("statement", "GET"): "read",
    ("help_page", "GET"): "read",
    ("download_query", "GET"): "read",
    ("download_journal", "GET"): "read",
    ("extension_report", "GET"): "read",
    ("extension_js_module", "GET"): "read",
}

# Fava's reports, by name.
_REPORTS: dict[str, Need] = {
    "balance_sheet": "read",
    "commodities": "read",
    "documents": "read",
    "editor": "edit",
    "errors": "read",
    "events": "read",
    "holdings": "read",
    "import": "read",  # leads to 收件
    "income_statement": "read",
    "journal": "read",
    "options": "edit",
    "query": "read",
    "statistics": "read",
    "trial_balance": "read",
}

# Fava's API. One entry's text may be read (its journal shows it on a click); whole files and all that writes may not.
_API: dict[tuple[str, str], Need] = {
    ("changed", "GET"): "read",
    ("errors", "GET"): "read",
    ("ledger_data", "GET"): "read",
    ("payee_accounts", "GET"): "read",
    ("query", "GET"): "read",
    ("context", "GET"): "read",
    ("source_slice", "GET"): "read",
    ("payee_transaction", "GET"): "read",
    ("narration_transaction", "GET"): "read",
    ("narrations", "GET"): "read",
    ("journal", "GET"): "read",
    ("journal_page", "GET"): "read",
    ("account_report", "GET"): "read",
    ("events", "GET"): "read",
    ("documents", "GET"): "read",
    ("help", "GET"): "read",
    ("commodities", "GET"): "read",
    ("income_statement", "GET"): "read",
    ("balance_sheet", "GET"): "read",
    ("trial_balance", "GET"): "read",
    ("statistics", "GET"): "read",
    ("imports", "GET"): "edit",
    ("extract", "GET"): "edit",
    ("options", "GET"): "edit",
    ("source", "GET"): "edit",
    ("source", "PUT"): "edit",
    ("source_slice", "PUT"): "edit",
    ("source_slice", "DELETE"): "edit",
    ("format_source", "PUT"): "edit",
    ("add_entries", "PUT"): "edit",
    ("add_document", "PUT"): "edit",
    ("attach_document", "PUT"): "edit",
    ("document", "DELETE"): "edit",
    ("move", "PUT"): "edit",
    ("upload_import_file", "PUT"): "edit",
}

# Our pages inside Fava, by extension, endpoint and method.
_EXTENSIONS: dict[tuple[str, str, str], Need] = {
    ("Audit", "document", "GET"): "read",
    ("Audit", "style", "GET"): "read",
    ("Audit", "confirm", "GET"): "read",
    ("Audit", "confirm", "POST"): "file",
    ("Audit", "write", "POST"): "file",
    ("Desk", "paper", "GET"): "read",
    ("Desk", "style", "GET"): "read",
    ("Desk", "report", "GET"): "read",
    ("Desk", "fill", "POST"): "read",  # both write nothing: they answer with a file or a page
    ("Desk", "compare", "POST"): "read",
    ("Desk", "confirm", "GET"): "read",
    ("Desk", "confirm", "POST"): "book",
    ("Desk", "write", "POST"): "book",
    ("Desk", "upload", "POST"): "book",
    ("Desk", "import", "POST"): "book",
    ("Desk", "cancel", "POST"): "book",
    ("Desk", "job", "GET"): "read",
    ("Desk", "events", "GET"): "read",
    ("Desk", "file", "GET"): "read",
}


class AccessRequest(NamedTuple):
    """A request to a case, as Fava routes it. `act`: the `do` of a form that files something."""

    endpoint: str
    method: str
    values: Mapping[str, str]
    act: str = ""


def need_of(asked: AccessRequest) -> Need | None:
    """What a request needs; None: it is closed to everybody."""
    method = "GET" if asked.method == "HEAD" else asked.method
    if asked.endpoint == "report":
        return _REPORTS.get(asked.values.get("report_name", "")) if method == "GET" else None
    if asked.endpoint == "extension_endpoint":
        name, endpoint = asked.values.get("extension_name", ""), asked.values.get("endpoint", "")
        return _EXTENSIONS.get((name, endpoint, method))
    blueprint, dot, name = asked.endpoint.partition(".")
    if dot:
        return _API.get((name.partition("_")[2], method)) if blueprint == "json_api" else None
    return _FAVA.get((asked.endpoint, method))


def may(person: Person, asked: AccessRequest) -> bool:
    """Whether this person's request is let through."""
    match need_of(asked):
        case "read":
            return bool(person.roles & READERS)
        case "edit":
            return person.edits and bool(person.roles & EDITORS)
        case "file":
            return person.may(asked.act)
        case "book":
            return person.keeps_books
    return False


def acts() -> tuple[str, ...]:
    """The acts that a form can ask for."""
    return tuple(ROLES_OF_ACT)
