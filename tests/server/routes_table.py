"""Every route × every role, asked of a running server: `python -m tests.server.routes_table` writes docs/security.md.

The routes come from the applications themselves, so one that is new cannot be forgotten here.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from typing import NamedTuple

from fava.application import CLIENT_SIDE_REPORTS
from flask import Flask

from audit.web.extension import CasePages
from audit.web.person import ROLES
from audit.web.person import ROLES_OF_ACT
from server.app import Server
from tests.audit.house import PAPERS
from tests.audit.house import TOKEN as FORM_TOKEN
from tests.server.house import HOST
from tests.server.house import PASSWORD
from tests.server.house import TOKEN
from tests.server.house import client_of
from tests.server.house import make_server
from tests.server.house import served_folder
from tests.server.house import users_file

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
BEGIN, END = "<!-- routes: made by python -m tests.server.routes_table -->", "<!-- end of routes -->"
CASE = "甲案"
WAITING = "waits.txt"  # in the case's inbox
WHO = ("nobody", *ROLES, "other", "holder")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ENTERING = {"name": "viewer", "password": PASSWORD, "token": TOKEN}
_DESK_READS = ("paper", "style", "report", "confirm", "job", "events", "file")
_DESK_ASKS = ("fill", "compare")  # forms that write nothing
_DESK_WRITES = ("confirm", "write", "upload", "import", "cancel")
_HASH = re.compile(r"#context-([0-9a-f]{32})")


NO_TOKENS: Mapping[str, str] = {}


class Route(NamedTuple):
    """One request: what it is called in the table, its method, its address, its form."""

    name: str
    method: str
    address: str
    form: dict[str, str] | None = None


class Row(NamedTuple):
    """One route, and who is let through: without and with `--edit`."""

    route: Route
    plain: dict[str, bool]
    edit: dict[str, bool]


def arguments(place: Path, entry_hash: str) -> dict[str, str]:
    """What each of Fava's routes is asked with, so that it answers whoever may ask."""
    paper = place / CASE / PAPERS / "2023-06-12.AB12345678.pdf"
    return {
        "document": f"?filename={paper}",
        "statement": f"?entry_hash={entry_hash}&key=document",
        "download_query": "?query_string=select+account",
        "json_api.get_query": "?query_string=select+account",
        "json_api.get_journal_page": "?page=1&order=desc",
        "json_api.get_context": f"?entry_hash={entry_hash}",
        "json_api.get_source_slice": f"?entry_hash={entry_hash}",
        "json_api.get_account_report": "?a=Assets",
        "json_api.get_help": "?page_slug=_index",
    }


def routes(server: Server, place: Path) -> Iterator[Route]:
    """Every route of Fava's and of ours, with each method that it takes."""
    reader = client_of(server, "" if server.settings.users is None else "viewer")
    journal = reader.get(f"/{CASE}/api/journal_page?page=1&order=desc").get_json()["data"]["journal"]
    known = arguments(place, _with_document(reader, _HASH.findall(journal)))
    listed = reader.get(f"/{CASE}/extension/Audit/?tab=vouchers").get_data(as_text=True)
    key = re.search(r'voucher=([0-9a-f-]+)[^"]*">AB12345678<', listed)
    assert key
    yield from _own(server.app)
    for rule in sorted(server.fava.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        if rule.endpoint in {"static", "jump"} or rule.rule == "/":
            continue  # the server's own, above
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for address, name, form in _filled(rule.rule, rule.endpoint, method, key[1]):
                yield Route(name, method, address + known.get(rule.endpoint, ""), form)


def _with_document(client: Any, hashes: list[str]) -> str:
    """An entry that names a paper which is there."""
    for entry_hash in hashes:
        if client.get(f"/{CASE}/statement/?entry_hash={entry_hash}&key=document").status_code == 200:
            return entry_hash
    raise AssertionError(hashes)


def _own(app: Flask) -> Iterator[Route]:
    addresses = {
        "home": "/",
        "static": "/static/app.css",
        "own": "/grant/server.css",
        "portfolio": "/grant/portfolio",
        "jump": "/jump?time=2023",
        "log_in": "/login",
        "enter": "/login",
        "log_out": "/logout",
        "new_case": "/grant/new",
        "make_case": "/grant/new",
        "new_case_figures": "/grant/new/figures",
        "empty_form": "/grant/forms/award.xlsx",
        "manual": "/grant/manual/accountant",
        "calendar": f"/grant/calendar/viewer/{CASE}.ics?mark=none",
    }
    forms = {"make_case": {"do": "try"}, "new_case_figures": {"do": "try"}}
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "case":
            continue  # Fava's, below
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            form = forms.get(rule.endpoint, ENTERING) if method == "POST" else None
            yield Route(rule.rule, method, addresses[rule.endpoint], form)


def _filled(
    rule: str, endpoint: str, method: str, voucher: str
) -> Iterator[tuple[str, str, dict[str, str] | None]]:
    """A rule's addresses with its places filled in, each with its name in the table and its form."""
    path = rule.replace("<bfile>", CASE)
    shown = rule.replace("<bfile>", "CASE")
    if endpoint == "report":
        for name in CLIENT_SIDE_REPORTS:
            yield path.replace("<report_name>", name), shown.replace("<report_name>", name), None
    elif endpoint == "extension_endpoint":
        yield from _extension(path, shown, method, voucher)
    else:
        fills = {
            "<name>": "Assets",
            "<any(account,currency,cost_currency):aggregation_key>": "account",
            "<extension_name>": "Audit",
            "<result_format>": "csv",
            "<page_slug>": "_index",
        }
        for place, value in fills.items():
            path = path.replace(place, value)
        assert "<" not in path, rule
        yield path, shown.replace("<any(account,currency,cost_currency):aggregation_key>", "KEY"), None


def _extension(
    path: str, shown: str, method: str, voucher: str
) -> Iterator[tuple[str, str, dict[str, str] | None]]:
    def address(text: str, endpoint: str, extension: str = "Audit") -> str:
        return text.replace("<extension_name>", extension).replace("<endpoint>", endpoint)

    if method == "GET":
        for name in ("document", "style", "confirm"):
            asked = f"?voucher={voucher}&paper=0" if name == "document" else ""
            yield address(path, name) + asked, address(shown, name), None
        for name in _DESK_READS:
            asked = {"paper": "?voucher=AB12345678&paper=0", "file": f"?file={WAITING}"}.get(name, "")
            yield address(path, name, "Desk") + asked, address(shown, name, "Desk"), None
    elif method == "POST":
        for name in ("confirm", "write"):
            for act in (*ROLES_OF_ACT, "anything-else"):
                yield address(path, name), f"{address(shown, name)} do={act}", {"do": act}
        for name in (*_DESK_WRITES, *_DESK_ASKS):
            yield address(path, name, "Desk"), address(shown, name, "Desk"), {"do": "undo"}
    else:
        yield address(path, "write"), address(shown, "write"), {"do": "judge"}


def is_let_through(route: Route, answer: Any) -> bool:
    """Whether an answer is the page's own, and no refusal: the log-in page instead, or one of 4xx for who asks.

    A form or an API call that lacks something is answered with another status by the page itself.
    """
    if answer.status_code in {301, 302, 303} and route.address != "/logout":
        return "/login" not in answer.headers["Location"]
    return answer.status_code not in {401, 403, 404, 405, 429}


def ask(client: Any, route: Route, tokens: Mapping[str, str] = NO_TOKENS, **headers: str) -> Any:
    """Send a request as a page of the site would; `tokens` are what the forms of the case carry, by extension."""
    token = next((token for name, token in tokens.items() if f"/{name}/" in route.address), "")
    given = {"Referer": f"http://{HOST}/{CASE}/journal/"}
    if route.method not in SAFE:
        given["Origin"] = f"http://{HOST}"
    data: dict[str, Any] = {}
    if route.form is not None:
        data["data"] = route.form | ({"token": token} if "do" in route.form else {})
    if route.form is None and route.method in {"PUT", "DELETE"}:
        data = {"json": {}}
    return client.open(route.address, method=route.method, headers=given | headers, buffered=True, **data)


def form_tokens(server: Server) -> dict[str, str]:
    """What forms carry, by extension, and those of the server itself: one for all who may see one."""
    client = client_of(server, "auditor" if server.settings.users else "")
    shown = client.get(f"/{CASE}/extension/Audit/?tab=vouchers&voucher=AB12345678").get_data(as_text=True)
    desk = server.settings.cases.ledger(CASE).extensions.get_extension("Desk")
    assert isinstance(desk, CasePages)
    return {"Audit": str(FORM_TOKEN.findall(shown)[0]), "Desk": desk._token, "grant": server.form_token}


def table(place: Path) -> list[Row]:
    """Ask for every route as everybody."""
    users = users_file(place)
    served = served_folder(place / "cases")
    (served / CASE / "inbox").mkdir(exist_ok=True)
    (served / CASE / "inbox" / WAITING).write_text("?", encoding="utf-8")
    plain = {edit: make_server(served, users=users, edit=edit) for edit in (False, True)}
    local = {edit: make_server(served, edit=edit) for edit in (False, True)}
    tokens = {server: form_tokens(server) for server in (*plain.values(), *local.values())}
    rows = []
    for route in routes(plain[False], served):
        seen: dict[bool, dict[str, bool]] = {}
        for edit in (False, True):
            seen[edit] = {}
            for who in WHO:
                server = local[edit] if who == "holder" else plain[edit]
                client = client_of(server, {"nobody": None, "holder": ""}.get(who, who))
                seen[edit][who] = is_let_through(route, ask(client, route, tokens[server]))
        rows.append(Row(route, seen[False], seen[True]))
    return rows


def markdown(rows: list[Row]) -> str:
    """The table as docs/security.md has it: ● let through, ○ with --edit alone."""
    heads = ("未登入", "會計", "查核", "複核", "查閱", "別案的人", "本機持有人")
    lines = ["| 方法 | 路徑 | " + " | ".join(heads) + " |", "|---|---|" + "---|" * len(heads)]
    for row in rows:
        marks = ["●" if row.plain[who] else "○" if row.edit[who] else "" for who in WHO]
        path = row.route.name.replace("|", "\\|")
        lines.append(f"| {row.route.method} | `{path}` | " + " | ".join(marks) + " |")
    return "\n".join(lines)


def page(text: str, rows: list[Row]) -> str:
    """The page with its table made anew."""
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{markdown(rows)}\n\n{END}{after}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), table(Path(made))), encoding="utf-8")
    print(json.dumps({"written": str(PAGE)}))  # noqa: T201
