"""The manual on the server: every page and section that help leads to is there, and no link in it leads nowhere."""

from __future__ import annotations

import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from audit.web.manual import PLACE
from audit.web.manual import manual
from audit.web.routes import tabs
from desk.web.registry import PAGES
from server.app import Server
from server.manual import pages
from server.manual.pages import TITLES
from server.manual.pages import manual_page
from tests.server.house import client_of
from tests.server.routes_table import CASE

ROOT = Path(__file__).parents[3]


class _Reader(HTMLParser):
    """The ids and the addresses of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.feed(text)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += [str(given["id"])] if given.get("id") else []
        self.hrefs += [unquote(str(given["href"]))] if given.get("href") else []


def is_there(address: str) -> bool:
    """Whether an address of the manual leads to a page, and its part behind # to a section."""
    name, _mark, section = address.removeprefix(PLACE).partition("#")
    return name in TITLES and (not section or section in _Reader(manual_page(name).html).ids)


@pytest.mark.parametrize("name", TITLES)
def test_no_link_of_the_manual_leads_nowhere_and_no_heading_stands_twice(name: str) -> None:
    read = _Reader(manual_page(name).html)
    assert len(set(read.ids)) == len(read.ids) > 1
    for address in read.hrefs:
        assert address.startswith("https://") or is_there(address), address


def test_help_leads_from_every_page_to_a_section_that_is_there(local: Server) -> None:
    client = client_of(local, "")
    shown = [f"/{CASE}/extension/Desk/?tab={page.tab}&about=1" for page in PAGES if page.tab != "voucher"]
    shown += [f"/{CASE}/extension/Desk/?tab=voucher&about=AB12345678", "/", "/grant/new"]
    shown += [f"/{CASE}/extension/Audit/?tab={tab}" for tab in tabs()]
    for address in shown:
        text = client.get(address).get_data(as_text=True)
        found = re.findall(r'<p class="(?:purpose|lead)">(.*?)</p>', text, re.DOTALL)
        links = [href for href in _Reader("".join(found)).hrefs if href.startswith(PLACE)]
        assert links, address
        assert all(is_there(link) for link in links), (address, links)


@pytest.mark.parametrize("address", [manual("accountant", "九、沒有這一節"), manual("nothing")])
def test_a_link_that_leads_nowhere_would_be_found(address: str) -> None:
    assert not is_there(unquote(address))


def test_a_page_is_shown_and_another_is_not(local: Server) -> None:
    client = client_of(local, "")
    text = client.get("/grant/manual/accountant").get_data(as_text=True)
    assert '<h1 id="會計人員手冊">' in text
    assert 'href="/grant/manual/security"' in text
    assert '<table tabindex="0">' in text
    assert "<pre><code>" not in text
    for name in ("nothing", "..%2Fsecurity", "accountant.md"):
        assert client.get(f"/grant/manual/{name}").status_code == 404
    assert client_of(local).get("/grant/manual/accountant").status_code == 302


def test_html_in_the_manual_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "unit.md").write_text("# a <script>x</script>\n\n[l](javascript:x) <b>y</b>\n", "utf-8")
    monkeypatch.setattr(pages, "_CHECKOUT", tmp_path)
    made: Any = manual_page.__wrapped__("unit")
    assert "<script" not in made.html
    assert "<b>" not in made.html
    assert "href" not in made.html


def test_every_page_is_shipped() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]
    assert wheel["wheel"]["force-include"] == {
        f"docs/{name}.md": f"server/manual/docs/{name}.md" for name in sorted(TITLES)
    }
