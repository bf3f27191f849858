"""A small case as a folder that Fava opens, and a client that reads its pages."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from fava.application import create_app

from cli.main import grant
from tests.checks.builder import AUGUST
from tests.checks.builder import AWARD
from tests.checks.builder import JULY
from tests.checks.builder import JUNE
from tests.checks.builder import SEPTEMBER
from tests.checks.builder import SETTLED
from tests.checks.builder import opens

MAIN = """\
option "title" "case"
option "operating_currency" "TWD"
option "tolerance_multiplier" "0"
option "documents" "documents"
plugin "checks"
2023-06-01 custom "fava-option" "language" "{language}"
2023-06-01 custom "fava-extension" "audit.fava"
include "award.beancount"
include "audit.beancount"
include "books.beancount"
"""
BOOKS = JUNE + JULY + AUGUST + SEPTEMBER + SETTLED
PAPERS = "documents/Liabilities/1應付帳款"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
SEEN = re.compile(r'name="seen" value="([^"]+)"')


def make_case(folder: Path, books: str = BOOKS, language: str = "zh_Hant_TW") -> Path:
    """Write a case into `folder`: these books, an empty audit file, one paper."""
    (folder / PAPERS).mkdir(parents=True)
    (folder / PAPERS / "2023-06-12.AB12345678.pdf").write_bytes(b"%PDF-1.4\n")
    (folder / "main.beancount").write_text(MAIN.format(language=language), encoding="utf-8")
    (folder / "award.beancount").write_text(opens() + AWARD, encoding="utf-8")
    (folder / "books.beancount").write_text(books, encoding="utf-8")
    (folder / "audit.beancount").write_text("; 查核\n", encoding="utf-8")
    return folder


@dataclasses.dataclass
class Window:
    """A browser's window on the case, without a browser: what it reads and sends."""

    folder: Path
    client: Any

    def get(self, address: str = "", status: int = 200) -> str:
        """A page's HTML."""
        response = self.client.get(f"/case/extension/Audit/{address}")
        assert response.status_code == status, (response.status_code, address)
        return str(response.get_data(as_text=True))

    def words(self, address: str = "") -> str:
        """A page as text, tags out and white space folded."""
        page = self.get(address).split('<script type="application/json"')[0]
        page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())

    def form(self, address: str) -> dict[str, str]:
        """The secrets that the forms of a page carry."""
        page = self.get(address)
        return {"token": TOKEN.findall(page)[0], "seen": SEEN.findall(page)[0]}

    def post(self, endpoint: str, form: dict[str, Any], **headers: str) -> Any:
        """Send a form."""
        return self.client.post(f"/case/extension/Audit/{endpoint}", data=form, headers=headers)

    def file(self, form: dict[str, Any]) -> Any:
        """Send a form through both steps; the second answer."""
        shown = self.post("confirm", form)
        assert shown.status_code == 200, shown.get_data(as_text=True)
        return self.post("write", form)

    def key(self, number: str) -> str:
        """The key of a voucher by its number."""
        found = re.search(rf'voucher=([0-9a-f-]+)[^"]*">{re.escape(number)}<', self.get("?tab=vouchers"))
        assert found, number
        return found[1]

    @property
    def audit(self) -> str:
        """The text of audit.beancount."""
        return (self.folder / "audit.beancount").read_text(encoding="utf-8")


def window(folder: Path, *, read_only: bool = False) -> Window:
    """Fava on a case."""
    app = create_app([str(folder / "main.beancount")], load=True, read_only=read_only, poll_watcher=True)
    app.testing = True
    return Window(folder, app.test_client())


def call(*words: object, code: int | None = 0) -> Any:
    """What a command printed: with `--json` the object; `code` is the exit status it has to have."""
    result = CliRunner().invoke(grant, [str(word) for word in words])
    assert code is None or result.exit_code == code, result.output
    return json.loads(result.stdout) if "--json" in words and result.exit_code != 2 else result
