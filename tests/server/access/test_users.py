"""The users file, the log-in, the log-out, and what is written down of them."""

from __future__ import annotations

import json
import re
import stat
import time
from pathlib import Path
from typing import Any

import argon2
import pytest
from click.testing import CliRunner

from cli.main import grant
from server.access.log_ins import LogIns
from server.access.users import User
from server.access.users import UsersError
from server.access.users import is_password
from server.access.users import read_users
from server.app import Server
from tests.server.house import PASSWORD
from tests.server.house import TOKEN
from tests.server.house import Hashing
from tests.server.house import client_of
from tests.server.house import make_server
from tests.server.house import users_file


def _call(*words: object) -> Any:
    return CliRunner().invoke(grant, [str(word) for word in words])


def _log_in(client: Any, name: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login", data={"name": name, "password": password} | more)


# --- grant user ----------------------------------------------------------------------------------------


def test_a_user_is_added_listed_and_given_another_password(tmp_path: Path) -> None:
    file = tmp_path / "users.toml"
    added = _call(
        "user", "add", "張會計", "--role", "accountant", "--cases", "112/*", "--file", file, "--json"
    )
    assert added.exit_code == 0, added.output
    first = json.loads(added.output)["password"]
    users = read_users(file)
    assert is_password(users["張會計"], first)
    assert users["張會計"].password_hash.startswith("$argon2id$")
    assert first not in file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    listed = _call("user", "list", "--file", file, "--json")
    assert json.loads(listed.output) == {
        "users": [{"name": "張會計", "access": [{"role": "accountant", "cases": "112/*"}]}]
    }
    assert "argon2" not in listed.output + _call("user", "list", "--file", file).output
    changed = json.loads(_call("user", "password", "張會計", "--file", file, "--json").output)["password"]
    now = read_users(file)["張會計"]
    assert is_password(now, changed)
    assert not is_password(now, first)
    assert now.access == users["張會計"].access


def test_one_more_role_keeps_the_password(tmp_path: Path) -> None:
    file = tmp_path / "users.toml"
    words = ("user", "add", "李查核", "--cases", "*", "--file", file)
    assert _call(*words, "--role", "auditor").exit_code == 0
    before = read_users(file)["李查核"]
    again = _call(*words, "--role", "reviewer", "--json")
    assert json.loads(again.output) == {"name": "李查核"}
    after = read_users(file)["李查核"]
    assert after.password_hash == before.password_hash
    assert [access.role for access in after.access] == ["auditor", "reviewer"]
    assert _call(*words, "--role", "reviewer").exit_code == 0
    assert read_users(file)["李查核"] == after  # the same twice is once


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\x00b", "\u202ename", "x" * 61])
def test_a_name_that_would_confuse_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "users.toml"
    result = _call("user", "add", name, "--role", "viewer", "--cases", "*", "--file", file)
    assert result.exit_code == 2
    assert not file.exists()


@pytest.mark.parametrize("name", ['a"]\n[[user', "引號\"'", "[x]", "<b>x</b>", "a\\b", "=#"])
def test_any_name_is_written_so_that_it_reads_back(tmp_path: Path, name: str) -> None:
    file = tmp_path / "users.toml"
    glob = 'x"\\*[!a]'
    result = _call("user", "add", name, "--role", "viewer", "--cases", glob, "--file", file)
    if "\n" in name:
        assert result.exit_code == 2
        return
    assert result.exit_code == 0, result.output
    (user,) = read_users(file).values()
    assert (user.name, user.access[0].cases) == (name, glob)


@pytest.mark.parametrize(
    "text",
    [
        "not toml",
        '[[user]]\nname = "a"\n',
        '[[user]]\nname = "a"\npassword_hash = "x"\n[[user.access]]\nrole = "king"\ncases = "*"\n',
        '[[user]]\nname = "a"\npassword_hash = "x"\nadmin = true\n',
        '[[user]]\nname = "a"\npassword_hash = "x"\n[[user]]\nname = "a"\npassword_hash = "y"\n',
        "users = []\n",
    ],
)
def test_a_file_that_is_not_right_is_refused_in_one_line(tmp_path: Path, folder: Path, text: str) -> None:
    file = tmp_path / "users.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsersError):
        read_users(file)
    result = _call("serve", folder, "--users", file, "--port", 0)
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1
    assert file.read_text(encoding="utf-8") == text


def test_other_machines_are_let_in_with_users_alone(folder: Path) -> None:
    for host in ("0.0.0.0", "::", "192.168.1.2", "localhost.example"):  # noqa: S104 -- refused
        result = _call("serve", folder, "--host", host, "--port", 0)
        assert result.exit_code == 2, host
        assert "--users" in result.stderr


def test_a_password_of_nobody_or_of_no_hash_is_wrong() -> None:
    assert not is_password(None, PASSWORD)
    assert not is_password(User(name="x", password_hash="plain"), "plain")  # noqa: S106
    assert not is_password(User(name="x", password_hash="x"), "x" * 2000)  # noqa: S106


# --- the printed address -------------------------------------------------------------------------------


def test_the_token_counts_once(local: Server) -> None:
    wrong = client_of(local)
    for token in ("", "x", TOKEN[:-1], TOKEN + "x", "密碼"):
        assert wrong.get("/", query_string={"token": token}).status_code == 403
    first = client_of(local)
    answer = first.get(f"/?token={TOKEN}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert TOKEN not in cookie
    assert first.get("/").status_code == 200
    assert client_of(local).get(f"/?token={TOKEN}").status_code == 403
    assert first.get(f"/?token={TOKEN}").status_code == 302  # for who is in already it is nothing new


def test_the_token_may_be_pasted_too(local: Server) -> None:
    client = client_of(local)
    assert client.post("/login", data={"token": "x"}).status_code == 403
    assert client.post("/login", data={"token": TOKEN}).status_code == 303
    assert client.get("/").status_code == 200


def test_a_cookie_of_another_server_is_none(folder: Path) -> None:
    one, other = make_server(folder), make_server(folder)
    client = client_of(one)
    cookie = client.get(f"/?token={TOKEN}").headers["Set-Cookie"].split(";")[0].partition("=")
    stranger = client_of(other)
    stranger.set_cookie(cookie[0], cookie[2])
    assert stranger.get("/").status_code == 302
    forged = client_of(one)
    forged.set_cookie(cookie[0], "eyJfdXNlcl9pZCI6IjEifQ.aaaaaa.bbbbbbbb")
    assert forged.get("/").status_code == 302


# --- users ---------------------------------------------------------------------------------------------


def test_who_logs_in_goes_where_they_wanted_and_nowhere_else(shared: Server) -> None:
    for wanted, lands in (
        ("/甲案/journal/", "/甲案/journal/"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ):
        answer = _log_in(client_of(shared), "viewer", next=wanted)
        assert answer.status_code == 303
        assert answer.headers["Location"].replace("%E7%94%B2%E6%A1%88", "甲案") == lands, wanted


def test_a_log_out_ends_the_session_and_not_only_the_cookie(shared: Server) -> None:
    client = client_of(shared)
    cookie = _log_in(client, "viewer").headers["Set-Cookie"].split(";")[0].partition("=")
    assert client.get("/甲案/journal/").status_code == 200
    assert client.post("/logout").status_code == 303
    kept = client_of(shared)
    kept.set_cookie(cookie[0], cookie[2])
    assert kept.get("/甲案/journal/").status_code == 302


def test_a_new_password_or_a_user_taken_out_ends_the_session(shared: Server) -> None:
    assert shared.settings.users is not None
    file = shared.settings.users.file
    viewer, auditor = client_of(shared, "viewer"), client_of(shared, "auditor")
    assert viewer.get("/甲案/journal/").status_code == auditor.get("/甲案/journal/").status_code == 200
    assert _call("user", "password", "viewer", "--file", file).exit_code == 0
    assert viewer.get("/甲案/journal/").status_code == 302
    assert auditor.get("/甲案/journal/").status_code == 200
    text = file.read_text(encoding="utf-8")
    file.write_text(
        re.sub(r'\[\[user\]\]\nname = "auditor".*?(?=\[\[user\]\])', "", text, flags=re.DOTALL), "utf-8"
    )
    assert auditor.get("/甲案/journal/").status_code == 302


def test_a_users_file_that_cannot_be_read_any_more_lets_nobody_in(shared: Server) -> None:
    assert shared.settings.users is not None
    client = client_of(shared, "viewer")
    shared.settings.users.file.write_text("broken [", encoding="utf-8")
    assert client.get("/甲案/journal/").status_code == 302


def test_a_password_costs_a_guesser_much_and_nobodys_as_much(hashing: Hashing) -> None:
    assert hashing.of_users.type is argon2.Type.ID
    assert hashing.of_users.memory_cost >= 65_536  # KiB
    assert hashing.of_users.time_cost >= 3
    assert hashing.of_nobody == hashing.of_users


def test_guessing_is_slowed_down(shared: Server) -> None:
    client = client_of(shared)
    seen = [_log_in(client, "viewer", f"wrong password {number}").status_code for number in range(12)]
    assert seen == [403] * 10 + [429] * 2
    refused = _log_in(client, "viewer")
    assert refused.status_code == 429  # the right one too, from there
    assert "Retry-After" in refused.headers


def test_an_idle_log_in_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    kept = LogIns(idle=60)
    id_ = kept.enter("x").id
    now += 59
    assert kept.find(id_) is not None
    now += 59
    assert kept.find(id_) is not None  # used since
    now += 61
    assert kept.find(id_) is None
    local = LogIns(idle=None)
    id_ = local.enter("").id
    now += 1e9
    assert local.find(id_) is not None


def test_what_was_done_is_written_down(shared: Server, tmp_path: Path) -> None:
    client = client_of(shared)
    _log_in(client, "viewer\nx", "wrong password 1")
    _log_in(client, "auditor")
    client.get("/甲案/journal/?x=1")
    page = client.get("/甲案/extension/Audit/?tab=sample&seed=7").get_data(as_text=True)
    form = {
        "do": "sample",
        "token": re.findall(r'name="token" value="([^"]+)"', page)[0],
        "seen": re.findall(r'name="seen" value="([^"]+)"', page)[0],
        "method": "random",
        "size": "2",
        "seed": "7",
        "by": "auditor",
    }
    assert client.post("/甲案/extension/Audit/write", data=form).status_code == 303
    client.post("/甲案/extension/Audit/write", data=form | {"do": "sign"})
    client.post("/logout")
    access = (tmp_path / "logs" / "access.log").read_text(encoding="utf-8").splitlines()
    assert {stat.S_IMODE(log.stat().st_mode) for log in (tmp_path / "logs").iterdir()} == {0o600}
    assert any("log-in refused" in line and "viewer\\nx" in line for line in access)
    assert any(line.endswith("auditor log-in") for line in access)
    assert any("auditor GET /甲案/journal/ 200" in line for line in access)
    assert any("auditor POST /甲案/extension/Audit/write 403" in line for line in access)
    assert any(line.endswith("auditor log-out") for line in access)
    assert not any(PASSWORD in line or "wrong password" in line for line in access)
    (change,) = (tmp_path / "logs" / "changes.log").read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"\S+ 127\.0\.0\.1 auditor POST /甲案/extension/Audit/write 303 sample", change)


def test_users_file_is_made_by_the_house(tmp_path: Path) -> None:
    assert set(read_users(users_file(tmp_path).file)) == {
        "accountant",
        "auditor",
        "reviewer",
        "viewer",
        "other",
    }
