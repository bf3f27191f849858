"""Log-in by an OpenID Connect provider: a small real one on this machine, whose answers can be made wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import parse_qsl
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from joserfc import jwt
from joserfc.jwk import RSAKey

from cli.main import grant
from server.access.openid import OpenIDError
from server.access.openid import OpenIDSettings
from server.access.openid import Provider
from server.access.openid import read_openid
from server.access.users import UsersFile
from server.access.users import add_access
from server.access.users import write_users
from server.app import Server
from tests.server.house import make_server

MAIL = "chang@example.org.tw"
BACK = "http://localhost/login/openid/return"


class Issuer(ThreadingHTTPServer):
    """A provider: `claims` are said of whoever comes, `wrong` changes what is answered."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.published = self.key
        self.algorithm = "RS256"
        self.claims: dict[str, Any] = {"sub": "7", "email": MAIL, "email_verified": True}
        self.metadata: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.codes = 0

    def authorise(self, address: str) -> dict[str, str]:
        """What the browser brings back after the person has said yes."""
        self.asked = dict(parse_qsl(urlsplit(address).query))
        self.codes += 1
        return {"code": f"code-{self.codes}", "state": self.asked["state"]}

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if path == "/.well-known/openid-configuration":
            addresses = {
                f"{name}_endpoint": f"{self.issuer}/{name}" for name in ("authorization", "token")
            } | {"jwks_uri": f"{self.issuer}/keys", "issuer": self.issuer}
            return 200, addresses | self.metadata
        if path == "/keys":
            return 200, {"keys": [self.published.as_dict(private=False)]}
        challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(challenge).decode().rstrip("=") != self.asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        said = {
            "iss": self.issuer, "aud": "grantledger", "iat": now, "exp": now + 300, "nonce": self.asked["nonce"],
        } | self.claims  # fmt: skip
        token = jwt.encode({"alg": self.algorithm, "kid": "one"}, said, self.key, algorithms=[self.algorithm])
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": token}


class _Handler(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        self._say(*self.server.answer(urlsplit(self.path).path, {}))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._say(*self.server.answer(urlsplit(self.path).path, dict(parse_qsl(body))))

    def _say(self, status: int, said: dict[str, Any]) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Nothing on the screen of the tests."""


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    serving = Issuer()
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    yield serving
    serving.shutdown()
    serving.server_close()
    thread.join()


@pytest.fixture
def server(folder: Path, tmp_path: Path, issuer: Issuer) -> Iterator[Server]:
    write_users(tmp_path / "users.toml", add_access({}, MAIL, "accountant", ["甲*"], "").values())
    settings = OpenIDSettings(issuer=issuer.issuer, client_id="grantledger", title="某某院帳號")
    made = make_server(
        folder, users=UsersFile(tmp_path / "users.toml"), openid=settings, logs=tmp_path / "logs"
    )
    yield made
    made.logs.close()


def _go(client: Any, issuer: Issuer, **changed: str) -> Any:
    sent = client.get("/login/openid?next=/x/", headers={"Host": "localhost"})
    assert sent.status_code == 302, sent.text
    return client.get(
        "/login/openid/return", query_string=issuer.authorise(sent.location) | changed, headers={"Host": "localhost"}
    )  # fmt: skip


def test_who_the_provider_names_is_logged_in_as_that_user_and_goes_on(server: Server, issuer: Issuer) -> None:
    client = server.app.test_client()
    assert "以 某某院帳號 登入" in client.get("/login", headers={"Host": "localhost"}).text
    entered = _go(client, issuer)
    assert entered.status_code == 200
    assert 'content="0;url=/x/"' in entered.text
    home = client.get("/", headers={"Host": "localhost"})
    assert MAIL in home.text
    assert "甲案" in home.text
    assert "乙案" not in home.text
    assert server.settings.logs is not None
    assert f"{MAIL} log-in openid" in (server.settings.logs / "access.log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "said",
    [
        {"email": "nobody@example.org.tw"},
        {"email_verified": False},
        {"email": "ｃhang@example.org.tw"},
        {"email": None},
        {"iss": "http://127.0.0.1:1"},
        {"aud": "another"},
        {"aud": ["grantledger", "another"]},
        {"nonce": "stale"},
        {"exp": 1},
        {"sub": None},
    ],
)
def test_who_is_not_surely_a_user_stays_out(server: Server, issuer: Issuer, said: dict[str, Any]) -> None:
    issuer.claims |= said
    client = server.app.test_client()
    assert _go(client, issuer).status_code == 403
    assert client.get("/", headers={"Host": "localhost"}).status_code == 302


def test_a_token_signed_by_another_key_is_none(server: Server, issuer: Issuer) -> None:
    issuer.published = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
    assert _go(server.app.test_client(), issuer).status_code == 403


def test_a_token_signed_by_a_shared_secret_is_none(server: Server, issuer: Issuer) -> None:
    issuer.algorithm = "RS512"  # a right signature by an algorithm that is not asked for
    assert _go(server.app.test_client(), issuer).status_code == 403


def test_coming_back_in_another_browser_or_twice_or_without_having_gone_is_refused(
    server: Server, issuer: Issuer
) -> None:
    first, other = server.app.test_client(), server.app.test_client()
    sent = first.get("/login/openid", headers={"Host": "localhost"})
    back = issuer.authorise(sent.location)
    for client, expected in ((other, 403), (first, 200), (first, 403)):
        answer = client.get("/login/openid/return", query_string=back, headers={"Host": "localhost"})
        assert answer.status_code == expected
    assert _go(other, issuer, state="made-up").status_code == 403


def test_where_one_goes_on_to_is_of_this_site(server: Server, issuer: Issuer) -> None:
    client = server.app.test_client()
    sent = client.get("/login/openid?next=//evil.example", headers={"Host": "localhost"})
    entered = client.get(
        "/login/openid/return", query_string=issuer.authorise(sent.location), headers={"Host": "localhost"}
    )
    assert 'content="0;url=/"' in entered.text
    assert parse_qs(urlsplit(sent.location).query)["redirect_uri"] == [BACK]


def test_a_user_without_a_password_has_none_that_fits(server: Server) -> None:
    client = server.app.test_client()
    for password in ("", "x" * 12):
        answer = client.post(
            "/login", data={"name": MAIL, "password": password}, headers={"Host": "localhost"}
        )
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "metadata", [{"issuer": "https://another.example"}, {"token_endpoint": "http://elsewhere.example/token"}]
)
def test_a_provider_that_is_another_or_not_encrypted_is_refused(
    issuer: Issuer, metadata: dict[str, str]
) -> None:
    issuer.metadata = metadata
    provider = Provider(OpenIDSettings(issuer=issuer.issuer, client_id="grantledger"))
    with pytest.raises(OpenIDError):
        provider.send(BACK, "/")


def test_a_provider_that_does_not_answer_is_told_on_the_page(folder: Path, tmp_path: Path) -> None:
    write_users(tmp_path / "users.toml", add_access({}, MAIL, "viewer", ["*"], "").values())
    settings = OpenIDSettings(issuer="http://127.0.0.1:9", client_id="x")
    server = make_server(folder, users=UsersFile(tmp_path / "users.toml"), openid=settings)
    answer = server.app.test_client().get("/login/openid", headers={"Host": "localhost"})
    assert answer.status_code == 502
    assert "沒有回應" in answer.text


def test_the_settings_are_read_and_what_is_wrong_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "openid.toml"
    file.write_text('issuer = "https://id.example.org.tw/"\nclient_id = "g"\n', encoding="utf-8")
    monkeypatch.setenv("GRANT_OPENID_SECRET", "from the environment")
    read = read_openid(file)
    assert (read.issuer, read.client_secret) == ("https://id.example.org.tw", "from the environment")
    for wrong in ('issuer = "http://id.example.org.tw"\nclient_id = "g"', 'issuer = "https://x"', "[", "ä=1"):
        file.write_text(wrong, encoding="utf-8")
        with pytest.raises(OpenIDError, match="openid"):
            read_openid(file)


def test_openid_without_a_users_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "openid.toml"
    file.write_text('issuer = "https://id.example.org.tw"\nclient_id = "g"\n', encoding="utf-8")
    said = CliRunner().invoke(grant, ["serve", str(tmp_path), "--openid", str(file)])
    assert said.exit_code == 2
    assert "--users" in said.output


def test_a_user_without_a_password_is_made(tmp_path: Path) -> None:
    file = tmp_path / "users.toml"
    words = ["user", "add", MAIL, "--role", "auditor", "--cases", "*", "--no-password", "--file", str(file)]
    assert json.loads(CliRunner().invoke(grant, [*words, "--json"]).output) == {"name": MAIL}
    assert UsersFile(file).get(MAIL) is not None
