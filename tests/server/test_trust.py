"""`grant serve --trust`: a refused case is shown, nothing is written to it, and nobody remembers that it was trusted."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from desk.inbox import jobs
from ledger.loading.safe_folder import is_trusted
from ledger.loading.safe_folder import trusting
from server.app import Server
from tests.audit.house import SEEN
from tests.audit.house import TOKEN
from tests.desk.house import Window
from tests.desk.house import books_of
from tests.desk.house import make_case
from tests.server.house import client_of
from tests.server.house import make_server


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_case(tmp_path_factory.mktemp("trust") / "案")


@pytest.fixture
def case(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A case that asks for a program of somebody's, which says when it ran."""
    place = tmp_path / "cases" / "案"
    shutil.copytree(made, place)
    theirs = tmp_path / "plug" / "theirs.py"
    theirs.parent.mkdir()
    theirs.write_text(
        "import pathlib\n__plugins__ = ('f',)\ndef f(entries, options):\n"
        f"    ran = pathlib.Path({str(tmp_path / 'RAN')!r})\n"
        "    ran.write_text((ran.read_text() if ran.exists() else '') + 'x')\n    return entries, []\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(theirs.parent))
    with (place / "main.beancount").open("a", encoding="utf-8") as main:
        main.write('\nplugin "theirs"\n')
    return place


def served(case: Path, *, trusted: bool) -> Server:
    if not trusted:
        return make_server(case.parent)
    with trusting():
        return make_server(case.parent)


def _page(client: Any, address: str) -> str:
    return str(client.get(address).get_data(as_text=True))


def test_a_trusted_case_is_shown_and_nothing_is_written_to_it(case: Path) -> None:
    client = client_of(served(case, trusted=True), "")
    desk = Window(case, client, "/案/extension/Desk/")
    assert "試作" in desk.words()
    ran = case.parent.parent / "RAN"
    assert ran.read_text() == "x"
    before = books_of(case)
    told = desk.confirm("?tab=operation&about=2", status=400, do="undo", operation="2")
    assert "theirs" in told
    assert "不寫入" in told
    job = jobs.start(case, "x")  # what the button does, in a thread of its own
    assert job.ended.wait(20)
    assert (job.state, "theirs" in job.error) == ("failed", True)
    audit = "/案/extension/Audit/"
    found = re.search(r"voucher=([0-9a-f-]+)[^\"]*\">QZ10000002<", _page(client, f"{audit}?tab=vouchers"))
    assert found
    judged = {"do": "judge", "voucher": found[1], "state": "open", "comment": "x", "by": "甲"}
    page = _page(client, f"{audit}?tab=vouchers&voucher={found[1]}")
    sent = judged | {"token": TOKEN.findall(page)[0], "seen": SEEN.findall(page)[0]}
    assert client.post(f"{audit}confirm", data=sent).status_code == 200
    written = client.post(f"{audit}write", data=sent)
    assert written.status_code == 400
    assert "theirs" in written.get_data(as_text=True)
    assert books_of(case) == before
    assert ran.read_text() == "x", "no page and no form ran it again"


def test_trust_is_not_remembered(case: Path) -> None:
    trusted = client_of(served(case, trusted=True), "")
    assert trusted.get("/案/journal/").status_code == 200
    assert not is_trusted()
    left = {path.name for path in (case / ".grant").iterdir()}
    client = client_of(served(case, trusted=False), "")
    assert client.get("/案/journal/").status_code == 422
    assert not [name for name in left if "trust" in name]
