"""`grant serve` as it is run: a process, its printed address, TLS, and its end."""

from __future__ import annotations

import contextlib
import datetime
import http.client
import http.cookiejar
import ipaddress
import os
import re
import signal
import ssl
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from cli.main import grant
from tests.server.house import PASSWORD
from tests.server.house import users_file

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="stopped by a signal")


@contextlib.contextmanager
def started(*words: object, alone: Path | None = None) -> Iterator[str]:
    """A server as a process of its own; the address that it prints. `alone`: by `grant` alone, in this folder."""
    asked = [] if alone else ["serve", "--port", "0", *map(str, words)]
    server = subprocess.Popen(
        [sys.executable, "-m", "cli.main", *asked],
        cwd=alone or ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "DISPLAY": "", "WAYLAND_DISPLAY": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert server.stdout is not None
    try:
        lines = (line.decode() for line in server.stdout)
        yield next(found[0] for line in lines if (found := re.search(r"https?://[^ ]+", line)))
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=60)
    finally:
        server.kill()
        server.communicate()
    assert server.returncode == 0


def _certificate(place: Path) -> tuple[Path, Path]:
    """A certificate of this machine's own, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    (place / "tls.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (place / "tls.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return place / "tls.pem", place / "tls.key"


def test_grant_alone_opens_the_home_page_of_the_folder(tmp_path: Path) -> None:
    with started(alone=tmp_path) as address:
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with browser.open(address, timeout=30) as answer:
            assert "新案件" in answer.read().decode()


@pytest.mark.slow
def test_users_over_tls(folder: Path, tmp_path: Path) -> None:
    file = users_file(tmp_path).file
    certificate, key = _certificate(tmp_path)
    with started(folder, "--users", file, "--certificate", certificate, "--key", key) as address:
        assert address.startswith("https://127.0.0.1:")
        assert "token" not in address
        jar = http.cookiejar.CookieJar()
        browser = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(certificate))),
            urllib.request.HTTPCookieProcessor(jar),
        )
        form = urllib.parse.urlencode({"name": "auditor", "password": PASSWORD}).encode()
        with browser.open(f"{address}login", form, timeout=30) as answer:
            assert answer.status == 200
            assert answer.headers["Server"] == "grantledger"
            assert "登出" in answer.read().decode()
        assert [(cookie.secure, cookie.has_nonstandard_attr("HttpOnly")) for cookie in jar] == [(True, True)]
        with pytest.raises(OSError):  # no answer without TLS  # noqa: PT011
            urllib.request.urlopen(address.replace("https", "http"), timeout=10)  # noqa: S310
    assert "auditor log-in" in (tmp_path / "access.log").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_request_that_is_no_request_ends_nothing(folder: Path) -> None:
    with started(folder) as address:
        port = urllib.parse.urlsplit(address).port
        for raw in (b"\x16\x03\x01\x00\x00", b"GET\r\n\r\n", b"GET /%00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                    b"POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\nx",
                    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + b"x" * 9000 + b"\r\n\r\n",
                    b"GET /../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"):  # fmt: skip
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.connect()
            assert connection.sock is not None
            connection.sock.sendall(raw)
            connection.sock.settimeout(3)
            with contextlib.suppress(OSError):
                assert b"root:" not in connection.sock.recv(4096)
            connection.close()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with browser.open(address, timeout=30) as answer:
            assert answer.status == 200


@pytest.mark.parametrize(
    "words",
    [["--host", "0.0.0.0"], ["--certificate", "{file}"], ["--users", "{file}"], ["--key", "{file}"]],  # noqa: S104
)
def test_what_cannot_be_served_is_said_in_one_line(folder: Path, tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "file").write_text("[", encoding="utf-8")
    given = [word.format(file=tmp_path / "file") for word in words]
    done = CliRunner().invoke(grant, ["serve", str(folder), "--port", "0", *given])
    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)  # no traceback
    assert len(done.output.strip().splitlines()) == 1
