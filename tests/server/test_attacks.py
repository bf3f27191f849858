"""What somebody on the network tries: odd hosts and methods, paths that lead out, sessions made beforehand, names that change."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from argon2 import PasswordHasher

from server.access import users
from server.access.log_in import _inside
from server.app import Server
from server.cases import Cases
from tests.audit.house import make_case
from tests.server.house import PASSWORD
from tests.server.house import TOKEN
from tests.server.house import client_of
from tests.server.house import make_server
from tests.server.house import served_folder
from tests.server.house import users_file
from tests.server.routes_table import CASE
from tests.server.routes_table import routes

SECRET = "a secret of somebody else"  # noqa: S105 -- words in a file that no answer may hold
OUT = (
    "../secret.txt",
    "../../secret.txt",
    "../../../../../../etc/hosts",
    "/etc/hosts",
    "..%2fsecret.txt",
    "%2e%2e/secret.txt",
    "%2e%2e%2f%2e%2e%2fsecret.txt",
    "..\\secret.txt",
    "..%5csecret.txt",
    "....//secret.txt",
    "secret.txt%00.pdf",
    "\x00",
    "%00",
    "%ff%fe",
    "\ud800",
    "C:/secret.txt",
    "//secret.txt",
    ".git/config",
    ".grant/lock",
    "users.toml",
    "a" * 5_000,
    "<script>alert(1)</script>",
    "{{7*7}}",
)
# The addresses with a part that somebody may choose, in the path or as a parameter.
CHOSEN = (
    "/static/{}",
    "/grant/forms/{}",
    "/grant/manual/{}",
    "/grant/calendar/{}/x.ics",
    "/grant/calendar/viewer/{}.ics?mark=x",
    "/{}",
    "/{}/",
    f"/{CASE}/{{}}",
    f"/{CASE}/help/{{}}",
    f"/{CASE}/account/{{}}/",
    f"/{CASE}/account/Assets:2進項稅額/{{}}/",
    f"/{CASE}/holdings/by_{{}}/",
    f"/{CASE}/extension/{{}}/",
    f"/{CASE}/extension/Audit/{{}}",
    f"/{CASE}/extension/Desk/{{}}",
    f"/{CASE}/extension_js_module/{{}}.js",
    f"/{CASE}/download-query/query_result.{{}}?query_string=print",
    f"/{CASE}/document/?filename={{}}",
    f"/{CASE}/statement/?entry_hash={{}}&key=document",
    f"/{CASE}/statement/?entry_hash=x&key={{}}",
    f"/{CASE}/api/source?filename={{}}",
    f"/{CASE}/api/source_slice?entry_hash={{}}",
    f"/{CASE}/api/context?entry_hash={{}}",
    f"/{CASE}/api/journal_page?page={{}}&order=desc",
    f"/{CASE}/api/query?query_string={{}}",
    f"/{CASE}/extension/Audit/?tab={{}}",
    f"/{CASE}/extension/Audit/?tab=voucher&voucher={{}}",
    f"/{CASE}/extension/Audit/?tab=source&file={{}}",
    f"/{CASE}/extension/Audit/?tab=source&file=books.beancount&line={{}}",
    f"/{CASE}/extension/Audit/document?voucher={{}}&paper=0",
    f"/{CASE}/extension/Audit/document?voucher=x&paper={{}}",
    f"/{CASE}/extension/Desk/?tab={{}}",
    f"/{CASE}/extension/Desk/?tab=inbox&file={{}}",
    f"/{CASE}/extension/Desk/?tab=voucher&voucher={{}}",
    f"/{CASE}/extension/Desk/paper?file={{}}",
    f"/{CASE}/extension/Desk/file?name={{}}",
    f"/{CASE}/extension/Desk/report?what={{}}",
    f"/{CASE}/extension/Desk/report?what=month-end&month={{}}",
    f"/{CASE}/extension/Desk/job?job={{}}",
)


# Fava answers a query that it cannot take with this status, in words.
FAVAS_WORDS = ("/api/query?", "/download-query/")


@pytest.fixture(scope="module")
def holder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A client of the local server, with secrets beside what is served and in it."""
    folder = served_folder(tmp_path_factory.mktemp("attacked") / "cases")
    for place in (folder, folder.parent, folder / CASE):
        (place / "secret.txt").write_text(SECRET, encoding="utf-8")
        (place / "users.toml").write_text(SECRET, encoding="utf-8")
    return client_of(make_server(folder), "")


@pytest.mark.parametrize("address", CHOSEN)
def test_no_part_of_an_address_leads_out_or_ends_in_a_fault(holder: Any, address: str) -> None:
    for part in OUT:
        sent = quote(part, safe="", errors="surrogatepass")
        answer = holder.get(address.replace("{}", sent), buffered=True)
        text = answer.get_data(as_text=True)
        assert answer.status_code < 500 or any(each in address for each in FAVAS_WORDS), sent
        for found in (SECRET, "127.0.0.1\tlocalhost", "[grantledger]", "Traceback"):
            assert found not in text, sent
        assert answer.mimetype != "text/html" or "<script>alert(1)" not in text, sent


# --- who asks, and how ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", "localhost@evil.example", "evil.example:80@localhost", "localhost.",
        "localhost:evil", "localhost/evil", "localhost#", "localhost\\evil", "[::1]", "0x7f.1", "2130706433",
        "127.0.0.1.nip.io", "127.1", " localhost", "localhost,evil.example",
    ],
)  # fmt: skip
@pytest.mark.parametrize("token", ["", f"?token={TOKEN}"])
def test_a_token_under_another_host_opens_nothing_and_is_not_used_up(
    local: Server, host: str, token: str
) -> None:
    client = client_of(local)
    answer = client.get(f"/{token}", headers={"Host": host})
    assert answer.status_code == 400 or not token
    assert "Set-Cookie" not in answer.headers
    assert client_of(local).get(f"/?token={TOKEN}").status_code == 303  # it was still good


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "OPTIONS", "PROPFIND", "FOO", "get", "HEAD", "PATCH"])
def test_no_method_gets_further_than_get_does(local: Server, folder: Path, method: str) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for route in routes(local, folder):
        stranger = client_of(local).open(route.address, method=method, buffered=True)
        assert stranger.status_code < 500, route
        assert stranger.status_code == 302 or b"AB12345678" not in stranger.get_data(), route
        if route.address.startswith(f"/{CASE}"):
            assert stranger.status_code >= 300, route
        holder = client_of(local, "").open(route.address, method=method, buffered=True)
        assert holder.status_code < 500, route
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "headers",
    [
        {"X-HTTP-Method-Override": "PUT"}, {"X-Forwarded-Host": "evil.example"}, {"X-Forwarded-For": "1.2.3.4"},
        {"X-Original-URL": "/"}, {"X-Remote-User": "auditor"}, {"Remote-User": "auditor"},
        {"grantledger.user": "auditor"}, {"Grantledger-Roles": "auditor"}, {"Authorization": "Basic YTpi"},
        {"Cookie": "grant-0=x; session=x"}, {"X-A": "a" * 60_000},
    ],
)  # fmt: skip
def test_no_header_makes_somebody_of_nobody(shared: Server, headers: dict[str, str]) -> None:
    answer = client_of(shared).get(f"/{CASE}/journal/", headers=headers)
    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]


@pytest.mark.parametrize(
    "origin", ["null", "http://localhost:1", "http://localhost@evil.example", "file://", "x", "//evil"]
)
def test_a_form_of_another_site_neither_logs_in_nor_out(shared: Server, origin: str) -> None:
    told = {"name": "viewer", "password": PASSWORD}
    assert client_of(shared).post("/login", data=told, headers={"Origin": origin}).status_code == 403
    client = client_of(shared, "viewer")
    assert client.post("/logout", headers={"Origin": origin}).status_code == 403
    assert client.get(f"/{CASE}/journal/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/\t/evil.example", "/\n/evil.example", "\t//evil.example", "/\r\nSet-Cookie: a=b", "///evil.example", "/\\/evil",
        "/%0d%0aSet-Cookie:a=b", "\\\\evil.example", "http:evil.example", "/\x00//evil", "//evil.example\\@localhost",
        "/.//evil.example\\", "https:/evil.example", "/\u2028//evil", " //evil.example", "//localhost@evil.example",
    ],
)  # fmt: skip
def test_one_goes_on_to_this_site_alone(shared: Server, address: str) -> None:
    assert _inside(address).startswith("/")
    answer = client_of(shared).post("/login", data={"name": "viewer", "password": PASSWORD, "next": address})
    assert answer.status_code == 303
    assert "evil" not in answer.headers["Location"].split("?")[0].lstrip("/").split("/")[0]
    assert not answer.headers["Location"].startswith(("//", "/\\", "http"))
    assert all("a=b" not in cookie for cookie in answer.headers.getlist("Set-Cookie"))


def test_a_session_that_was_there_before_is_not_the_one_that_is_logged_in(shared: Server) -> None:
    client = client_of(shared)
    with client.session_transaction() as planted:
        planted["_user_id"] = "planted"
        planted["mark"] = "of the attacker"
    before = client.get_cookie(f"grant-{shared.settings.port}")
    client.post("/login", data={"name": "viewer", "password": PASSWORD})
    with client.session_transaction() as now:
        assert now["_user_id"] != "planted"
        assert "mark" not in now
    stranger = client_of(shared)
    stranger.set_cookie(before.key, before.value)
    assert stranger.get(f"/{CASE}/journal/").status_code == 302


def test_a_name_that_is_not_there_takes_as_long(shared: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: one hash of the same cost for every try, whoever it names."""
    tried: list[str] = []

    class Counting(PasswordHasher):
        def verify(self, hash: Any, password: Any) -> Any:  # noqa: A002 -- the library's name
            tried.append(str(hash).rpartition("$")[0].rpartition("$")[0])
            return super().verify(hash, password)

    monkeypatch.setattr(users, "_hasher", Counting())
    client = client_of(shared)
    for name in ("viewer", "nobody", "", "x" * 500, "VIEWER", "viewer\x00"):
        client.post("/login", data={"name": name, "password": "wrong password 1"})
    assert (len(tried), len(set(tried))) == (6, 1)


def test_the_log_keeps_a_line_a_request_whatever_is_in_it(shared: Server, tmp_path: Path) -> None:
    client = client_of(shared)
    for name in ("a\nb", "a\u2028b", "a\x85b", "\u202eb", 'a" log-in', "a log-in", "\x1b[2J", "a\\nb"):
        client.post("/login", data={"name": name, "password": "wrong password 1"})
    client.get("/a%0a2026-01-01T00:00:00+08:00%20127.0.0.1%20auditor%20log-in")
    client.get("/%1b%5b2J%e2%80%a8x")
    lines = (tmp_path / "logs/access.log").read_text(encoding="utf-8").split("\n")[:-1]
    assert lines == "\n".join(lines).splitlines()
    assert all(line.isprintable() for line in lines)
    assert not any(
        line.split(" ")[2:4] == ["auditor", "log-in"] or line.endswith("auditor log-in") for line in lines
    )


# --- which case ----------------------------------------------------------------------------------------


def test_a_case_that_takes_anothers_address_is_shown_in_its_place(tmp_path: Path) -> None:
    """`a b` and `a-b` make one address: what is loaded under it is of the case that has it now."""
    one, other = make_case(tmp_path / "cases/a b"), tmp_path / "cases/a-b"
    cases = Cases([tmp_path / "cases"])
    (key,) = cases.listed()
    assert Path(cases.ledger(key).beancount_file_path).parent == one
    shutil.copytree(one, other)
    shutil.move(one, tmp_path / "elsewhere")
    assert cases.listed()[key].folder == other
    assert Path(cases.ledger(key).beancount_file_path).parent == other


def test_rights_go_by_what_a_folder_is_called_now(folder: Path, tmp_path: Path) -> None:
    server = make_server(folder, users=users_file(tmp_path))
    viewer, other = client_of(server, "viewer"), client_of(server, "other")
    assert viewer.get(f"/{CASE}/journal/").status_code == 200
    (folder / CASE).rename(folder / "丙案")
    make_case(folder / CASE.replace("甲", "丁"))
    for client in (viewer, other):
        for name in (CASE, "丙案", "丁案"):
            assert client.get(f"/{name}/journal/").status_code == 404, name
    (folder / "112/乙案").rename(folder / CASE)  # another case under the name that one may see
    assert viewer.get(f"/{CASE}/journal/").status_code == 200
    assert other.get(f"/{CASE}/journal/").status_code == 404


@pytest.mark.parametrize(
    "name", ["甲案/../112/乙案", "112/乙案", "112", ".", "甲案%2f..%2f112", "甲案\u200b", "甲案/", "甲案 "]
)
def test_no_spelling_of_an_address_is_another_case(folder: Path, tmp_path: Path, name: str) -> None:
    server = make_server(folder, users=users_file(tmp_path))
    answer = client_of(server, "other").get(f"/{name}/extension/Audit/?tab=vouchers", follow_redirects=True)
    assert "AB12345678" not in answer.get_data(as_text=True) or "乙案" in name
