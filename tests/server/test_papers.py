"""Papers by Fava's own addresses: nothing that a browser would run, no link followed, nothing outside the case."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import pytest

from server.app import Server
from tests.audit.house import PAPERS
from tests.server.house import client_of

HOSTILE = {
    "page.html": b"<script>window.ran=1</script>",
    "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>window.ran=1</script></svg>",
    "page.xhtml": b"<html xmlns='http://www.w3.org/1999/xhtml'/>",
    "page.htm": b"<b>",
    "style.xsl": b"<x/>",
    "data.xml": b"<?xml-stylesheet href='x.xsl'?><x/>",
    "page.shtml": b"<b>",
    "script.js": b"alert(1)",
    "letter.eml": b"<b>",
    "nothing": b"<script>1</script>",
    "PAGE.HTML": b"<script>1</script>",
}


def _address(server: Server, path: Path) -> tuple[int, dict[str, str], bytes]:
    answer = client_of(server, "").get(f"/甲案/document/?filename={quote(str(path))}", buffered=True)
    return answer.status_code, dict(answer.headers), answer.data


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_browser_would_run_is_a_file_to_keep(local: Server, folder: Path, name: str) -> None:
    path = folder / "甲案" / PAPERS / f"2023-06-15.{name}"
    path.write_bytes(HOSTILE[name])
    status, headers, data = _address(local, path)
    assert (status, data) == (200, HOSTILE[name])
    assert headers["Content-Type"].split(";")[0] in {"application/octet-stream", "text/plain"}
    assert headers["Content-Disposition"].startswith("attachment")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("name", "kind"), [("a.pdf", "application/pdf"), ("a.png", "image/png"), ("a.JPG", "image/jpeg")]
)
def test_what_a_page_shows_is_shown(local: Server, folder: Path, name: str, kind: str) -> None:
    path = folder / "甲案" / PAPERS / f"2023-06-15.{name}"
    path.write_bytes(b"x")
    status, headers, _data = _address(local, path)
    assert (status, headers["Content-Type"]) == (200, kind)
    assert headers["Content-Disposition"].startswith("inline")


def test_no_link_is_followed(local: Server, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_bytes(b"secret")
    papers = folder / "甲案" / PAPERS
    (papers / "2023-06-15.link.pdf").symlink_to(secret)
    (papers / "2023-06-15.inside.pdf").symlink_to(papers / "2023-06-12.AB12345678.pdf")
    os.mkfifo(papers / "2023-06-15.pipe.pdf")
    for name in ("link", "inside", "pipe"):
        status, _headers, data = _address(local, papers / f"2023-06-15.{name}.pdf")
        assert status in {404, 422}, name  # no such paper, or the whole case refused
        assert b"secret" not in data


def test_nothing_outside_the_case_is_handed_out(local: Server, folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.pdf"
    outside.write_bytes(b"secret")
    other = folder / "112" / "乙案" / PAPERS / "2023-06-12.AB12345678.pdf"
    for path in (
        outside,
        other,
        Path("/etc/passwd"),
        folder / "甲案" / "main.beancount",
        folder / "甲案" / PAPERS / ".." / ".." / ".." / "main.beancount",
    ):
        assert _address(local, path)[0] == 404, path
    assert client_of(local, "").get("/甲案/document/?filename=%00").status_code == 404
    assert client_of(local, "").get("/甲案/document/").status_code == 404


def test_a_paper_named_in_a_book_is_no_way_out(local: Server, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    book = folder / "甲案" / "books.beancount"
    text = book.read_text(encoding="utf-8")
    for name in ("../../secret.txt", str(tmp_path / "secret.txt")):
        book.write_text(
            f'{text}2023-06-14 * "路徑商行" "x"\n  document: "{name}"\n  Assets:2進項稅額  1 TWD\n'
            "  Liabilities:1應付帳款  -1 TWD\n",
            encoding="utf-8",
        )
        client = client_of(local, "")
        entries = client.get("/甲案/api/journal").get_json()["data"]
        (entry_hash,) = [entry["entry_hash"] for entry in entries if entry.get("payee") == "路徑商行"]
        answer = client.get(f"/甲案/statement/?entry_hash={entry_hash}&key=document")
        assert answer.status_code == 404
        assert b"secret" not in answer.data
