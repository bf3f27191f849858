"""Every route × every role, no role, a wrong Host, a wrong Origin: asked one by one."""

from __future__ import annotations

import fnmatch
from pathlib import Path

import pytest
from fava.application import CLIENT_SIDE_REPORTS

from audit.web.person import ROLES
from audit.web.person import ROLES_OF_ACT
from audit.web.person import Person
from server.access.roles import AccessRequest
from server.access.roles import may
from server.app import Server
from server.fava_app import MOST_BYTES
from tests.server.house import HOST
from tests.server.house import client_of
from tests.server.house import make_server
from tests.server.house import users_file
from tests.server.routes_table import CASE
from tests.server.routes_table import PAGE
from tests.server.routes_table import SAFE
from tests.server.routes_table import Row
from tests.server.routes_table import ask
from tests.server.routes_table import form_tokens
from tests.server.routes_table import page
from tests.server.routes_table import routes
from tests.server.routes_table import table

# What is Fava's way of writing, reading whole files, importing, or showing the machine: closed without --edit.
EDITING = (
    "PUT /CASE/api/*",
    "DELETE /CASE/api/*",
    "GET /CASE/api/source",
    "GET /CASE/api/imports",
    "GET /CASE/api/extract",
    "GET /CASE/api/options",
    "GET /CASE/editor/",
    "GET /CASE/options/",
)


@pytest.fixture(scope="module")
def every_route(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    return table(tmp_path_factory.mktemp("routes"))


def _named(row: Row) -> str:
    return f"{row.route.method} {row.route.name}"


def test_the_page_in_the_documentation_is_what_was_asked(every_route: list[Row]) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(text, every_route) == text, "python -m tests.server.routes_table"


def test_nobody_gets_further_than_the_log_in(every_route: list[Row]) -> None:
    open_to_all = {_named(row) for row in every_route if row.plain["nobody"] or row.edit["nobody"]}
    assert open_to_all == {
        "GET /login",
        "POST /login",
        "GET /static/<path:filename>",  # Fava's own style and scripts, which the log-in page wears
        "GET /grant/<any('server.css', 'closed.css', 'priceless.css', 'new.js', 'home.js'):filename>",
    }


def test_a_user_of_another_case_sees_nothing_of_this_one(every_route: list[Row]) -> None:
    seen = {_named(row) for row in every_route if row.route.name.startswith("/CASE") and row.edit["other"]}
    assert seen == set()


def test_what_writes_is_closed_without_edit_and_then_the_accountants(every_route: list[Row]) -> None:
    editing = [row for row in every_route if any(fnmatch.fnmatch(_named(row), each) for each in EDITING)]
    assert len(editing) == 16
    for row in editing:
        assert not any(row.plain.values()), row
        assert {who for who, let in row.edit.items() if let} == {"accountant", "holder"}, row


def test_each_act_in_the_audit_file_is_one_roles(every_route: list[Row]) -> None:
    for row in every_route:
        _path, is_form, act = row.route.name.partition(" do=")
        if is_form:
            expected = {*ROLES_OF_ACT.get(act, ()), "holder"} if act in ROLES_OF_ACT else set()
            assert {who for who, let in row.plain.items() if let} == expected, row
            assert row.edit == row.plain


def test_a_case_is_made_by_accountants_alone(every_route: list[Row]) -> None:
    making = [row for row in every_route if row.route.name.startswith("/grant/new")]
    assert [row.route.method for row in making] == ["GET", "POST", "POST"]
    for row in making:
        assert {who for who, let in row.plain.items() if let} == {"accountant", "holder"}, row


def test_the_accountants_pages_are_read_by_all_and_written_by_the_accountant(every_route: list[Row]) -> None:
    desk = [row for row in every_route if "/extension/Desk/" in row.route.name]
    assert {row.route.method for row in desk} == {"GET", "POST"}
    for row in desk:
        writes = row.route.method == "POST" and not row.route.name.endswith(("/fill", "/compare"))
        expected = {"accountant", "holder"} if writes else {*ROLES, "holder"}
        assert {who for who, let in row.plain.items() if let} == expected, row
        assert row.edit == row.plain


def test_all_else_is_read_by_every_role_of_the_case(every_route: list[Row]) -> None:
    for row in every_route:
        is_editing = any(fnmatch.fnmatch(_named(row), each) for each in EDITING)
        if row.route.method == "GET" and row.route.name.startswith("/CASE") and not is_editing:
            assert {who for who, let in row.plain.items() if let} == {*ROLES, "holder"}, row


def test_the_table_of_roles_names_routes_that_are_there(local: Server) -> None:
    asked = {rule.endpoint for rule in local.fava.url_map.iter_rules()}
    assert {"report", "extension_endpoint", "json_api.get_changed"} <= asked
    person = Person("x", frozenset({"viewer"}), edits=False)
    for name in CLIENT_SIDE_REPORTS:
        assert may(person, AccessRequest("report", "GET", {"report_name": name})) == (
            name not in {"editor", "options"}
        )


def test_favas_import_leads_to_the_inbox(local: Server) -> None:
    client = client_of(local, "")
    answer = client.get(f"/{CASE}/import/")
    assert answer.status_code == 302
    shown = client.get(answer.headers["Location"])
    assert shown.status_code == 200
    assert "extension/Desk/" in answer.headers["Location"]
    assert 'aria-current="page">收件' in shown.get_data(as_text=True)


def test_the_currencies_are_offered_where_there_are_prices_alone(local: Server, folder: Path) -> None:
    hidden = "/grant/priceless.css"
    client = client_of(local, "")
    assert hidden in client.get(f"/{CASE}/journal/").get_data(as_text=True)
    assert "commodities" in client.get(hidden, buffered=True).get_data(as_text=True)
    assert client.get(f"/{CASE}/api/commodities").get_json()["data"] == []  # what the page would show
    book = next((folder / CASE / "books").glob("*.beancount"), folder / CASE / "main.beancount")
    book.write_text(book.read_text("utf-8") + "\n2023-06-01 price USD 30.8 TWD\n", "utf-8")
    again = client_of(make_server(folder), "")
    assert hidden not in again.get(f"/{CASE}/journal/").get_data(as_text=True)
    assert again.get(f"/{CASE}/api/commodities").get_json()["data"]


@pytest.mark.parametrize(
    "endpoint", ["", "report", "json_api.put_anything", "json_api.get_anything", "other.index"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_what_is_not_in_the_table_is_closed(endpoint: str, method: str) -> None:
    everything = Person("", frozenset(ROLES), edits=True)
    assert not may(everything, AccessRequest(endpoint, method, {"report_name": "no_such"}, "judge"))


def test_a_name_that_is_not_the_servers_is_refused_everywhere(local: Server, folder: Path) -> None:
    client = client_of(local, "")
    for route in routes(local, folder):
        for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example"):
            answer = client.open(route.address, method=route.method, headers={"Host": host}, buffered=True)
            assert answer.status_code == 400, (route, host)
            assert "AB12345678" not in answer.get_data(as_text=True)


def test_a_write_from_another_site_is_refused_everywhere(folder: Path) -> None:
    server = make_server(folder, edit=True)
    token = form_tokens(server)
    before = {path: path.read_bytes() for path in (folder / CASE).rglob("*") if path.is_file()}
    for route in routes(server, folder):
        if route.method in SAFE:
            continue
        for headers in (
            {"Origin": "http://evil.example"},
            {"Origin": "null"},
            {"Origin": f"http://{HOST}.evil.example"},
            {"Origin": f"http://{HOST}:8080"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            answer = ask(client_of(server, ""), route, token, **headers)
            assert answer.status_code == 403, (route, headers)
    assert before == {path: path.read_bytes() for path in (folder / CASE).rglob("*") if path.is_file()}


@pytest.mark.slow
def test_every_answer_has_the_headers(folder: Path, tmp_path: Path) -> None:
    server = make_server(folder, users=users_file(tmp_path))
    for route in routes(server, folder):
        for who in (None, "viewer", "auditor"):
            answer = ask(client_of(server, who), route)
            policy: dict[str, str] = dict(
                part.strip().partition(" ")[::2]
                for part in answer.headers["Content-Security-Policy"].split(";")
            )
            scripts = policy.get("script-src") or policy["default-src"]
            assert "unsafe-inline" not in scripts, route
            assert "'unsafe-eval'" not in scripts, route
            # a PDF stands in a frame of our own page beside its voucher; nothing else is framed
            framed = "'self'" if answer.content_type == "application/pdf" else "'none'"
            assert policy["frame-ancestors"] == framed, route
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "same-origin"


def test_a_request_that_is_too_large_is_not_taken(local: Server) -> None:
    said = {"CONTENT_LENGTH": str(MOST_BYTES + 1)}
    for who, address in (("", f"/{CASE}/extension/Audit/write"), (None, "/login")):
        answer = client_of(local, who).post(address, data={"do": "judge"}, environ_overrides=said)
        assert answer.status_code == 413, address


def test_read_only_files_nothing_whoever_asks(folder: Path) -> None:
    server = make_server(folder, read_only=True, edit=True)
    client = client_of(server, "")
    assert "唯讀" in client.get(f"/{CASE}/extension/Audit/?tab=audit").get_data(as_text=True)
    for endpoint in ("confirm", "write"):
        answer = client.post(f"/{CASE}/extension/Audit/{endpoint}", data={"do": "judge"})
        assert answer.status_code in {401, 403}
