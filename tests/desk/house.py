"""A case as its accountant has it, made by the commands, and a client that reads and sends the desk's pages."""

from __future__ import annotations

import dataclasses
import datetime
import html
import json
import re
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from fava.application import create_app

from cli.main import grant

TOKEN = re.compile(r'name="token" value="([^"]+)"')
SEEN = re.compile(r'name="seen" value="([^"]+)"')
DONE = re.compile(r"[?&]done=(\d+)")
AWARD = """[award]
id = "112-試作-0007"
scheme = "small-manufacturer-112"
title = "試作計畫"
filed = 2023-04-10
start = 2023-06-01
end = 2024-05-31

[company]
name = "試作精密股份有限公司"
ubn = "12345675"

[account]
bank = "試作銀行"
number = "100200300400"

[[payment_account]]
bank = "試作銀行"
number = "900800700600"

[[budget]]
category = "consumables"
government = 100000
self = 110000

[[item]]
category = "consumables"
name = "試作軸承"
government = 60000
self = 70000

[[item]]
category = "consumables"
name = "試作油封"
government = 40000
self = 40000
"""
HEAD = "日期,憑證種類,憑證號碼,賣方統編,對象,品名,數量,單位,未稅金額,稅額,會計科目,付款日期,付款方式,附件\n"
DOUBTFUL = "112/06/10,統一發票,QZ10000001,04595257,試作五金行,試做軸乘,2,個,10000,500,,,匯款,\n"
PLAIN = (
    "112/06/20,統一發票,QZ10000002,04595257,試作五金行,試作軸承,2,個,20000,1000,消耗性器材及原材料費,,匯款,\n"
    "112/07/03,統一發票,QZ10000003,04595257,試作五金行,試作油封,2,個,8000,400,消耗性器材及原材料費,,匯款,\n"
)
BANK = (
    "帳號:100200300400\n交易日期,摘要,支出,存入,餘額\n2023/06/05,補助款第一期,,50000,50000\n"
    "2023/06/25,匯款,10500,,39500\n2023/06/30,轉帳,777,,38723\n"
)


def run(*words: object) -> str:
    """A command that goes well; what it said."""
    result = CliRunner().invoke(grant, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.output


def said(*words: object) -> Any:
    """What a command says with --json."""
    return json.loads(run(*words, "--json"))


def make_case(place: Path) -> Path:
    """A case with three vouchers, one of them with a doubt, and a statement of which one line is unexplained."""
    award = place.parent / f"{place.name}.toml"
    award.write_text(AWARD, encoding="utf-8")
    run("new", place, "--award", award)
    (place / "inbox" / "vouchers.csv").write_text(HEAD + DOUBTFUL + PLAIN, encoding="utf-8")
    (place / "inbox" / "100200300400.csv").write_text(BANK, encoding="utf-8")
    run("import", place)
    return place


def books_of(folder: Path) -> dict[str, bytes]:
    """The bytes of everything that an operation writes, by name; history and lock left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {".git", ".grant"} & set(path.relative_to(folder).parts)
    }


def closed(folder: Path, month: str) -> None:
    """Close a month."""
    run("close", folder, month)


@dataclasses.dataclass
class Window:
    """A browser's window on the desk, without a browser: what it reads and sends."""

    folder: Path
    client: Any
    base: str

    def answer(self, address: str = "") -> Any:
        """The answer to a page's address."""
        return self.client.get(address if address.startswith("/") else f"{self.base}{address}")

    def get(self, address: str = "", status: int = 200) -> str:
        """A page's HTML."""
        response = self.answer(address)
        assert response.status_code == status, (response.status_code, address)
        return str(response.get_data(as_text=True))

    def words(self, address: str = "") -> str:
        """A page as text, tags out and white space folded."""
        return words_of(self.get(address))

    def secrets(self, address: str = "?tab=log") -> dict[str, str]:
        """What the forms of a page carry; where it has none, the token is not known."""
        page = self.get(address)
        return {"token": TOKEN.findall(page)[0], "seen": SEEN.findall(page)[0]}

    def post(self, endpoint: str, form: dict[str, Any], **headers: str) -> Any:
        """Send a form."""
        return self.client.post(f"{self.base}{endpoint}", data=form, headers=headers)

    def confirm(self, address: str, status: int = 200, **form: Any) -> str:
        """Send a form with the secrets of a page to its first step; the page that asks."""
        shown = self.post("confirm", {**self.secrets(address), **form})
        text = str(shown.get_data(as_text=True))
        assert shown.status_code == status, words_of(text)
        return text

    def write(self, address: str, **form: Any) -> str:
        """Send a form through both steps; where it leads."""
        page = self.confirm(address, **form)
        shown = words_of(page)
        sent = fields_of(page)
        written = self.post("write", sent)
        assert written.status_code == 303, (shown, words_of(written.get_data(as_text=True)))
        return str(written.headers["Location"])


def fields_of(page: str) -> dict[str, list[str]]:
    """The hidden fields of the form that writes, on a page that asks."""
    form = page.partition('id="write"')[0].rpartition("<form")[2]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return found


def words_of(page: str) -> str:
    """A page as text."""
    page = page.split('<script type="application/json"', maxsplit=1)[0]
    page = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def window(folder: Path, *, read_only: bool = False) -> Window:
    """Fava on a case."""
    app = create_app([str(folder / "main.beancount")], load=True, read_only=read_only, poll_watcher=True)
    app.testing = True
    client = app.test_client()
    slug = client.get("/").headers["Location"].split("/")[1]
    return Window(folder, client, f"/{slug}/extension/Desk/")


TODAY = datetime.date(2023, 8, 15)
