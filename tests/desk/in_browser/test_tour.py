"""導覽: offered on the demo case alone, step by step over the real pages, never again once it was had or refused."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from desk.tour import COOKIE
from desk.tour import STEPS
from desk.web.registry import PAGES
from tests.desk.house import Window
from tests.desk.house import window

_LINK = re.compile(r'<a href="([^"]+)"[^>]* id="tour-(next|back|end)"')


def links(page: str) -> dict[str, str]:
    return {name: html.unescape(address) for address, name in _LINK.findall(page)}


@pytest.fixture
def demo(folder: Path) -> Window:
    """The case as if `grant demo` had made it."""
    (folder / ".grant").mkdir(exist_ok=True)
    (folder / ".grant" / "demo").touch()
    return window(folder)


def test_it_is_offered_on_the_first_page_of_the_demo_alone(demo: Window, folder: Path) -> None:
    assert "開始導覽" in demo.words("?tab=next")
    assert "開始導覽" in demo.words("")
    assert "導覽" not in demo.words("?tab=vouchers")
    (folder / ".grant" / "demo").unlink()
    assert "導覽" not in window(folder).words("?tab=next")


def test_its_steps_lead_over_every_page_and_back(demo: Window) -> None:
    page = demo.get("?tab=next")
    tabs, addresses = [], []
    for number in range(1, len(STEPS) + 1):
        addresses.append(links(page)["next"])
        page = demo.get(addresses[-1])
        assert f"導覽 {number}/{len(STEPS)}" in page
        tabs += re.findall(r'aria-current="page">([^<]+)<', page)
        if number > 1:
            assert links(page)["back"] == addresses[-2]
    assert tabs == [each.title for each in PAGES if not each.under]
    assert links(page).keys() == {"next", "back"}
    assert "開始導覽" not in demo.words(links(page)["next"])


@pytest.mark.parametrize("begun", [False, True])
def test_a_browser_that_had_it_is_not_asked_again(demo: Window, begun: bool) -> None:
    page = demo.get("?tab=next")
    if begun:
        page = demo.get(links(page)["next"])
    answer = demo.answer(links(page)["end"])
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith(f"{COOKIE}=1;")
    for part in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=315360000"):
        assert part in cookie
    words = demo.words("?tab=next")
    assert "開始導覽" not in words
    assert "再看一次導覽" in words
    assert "導覽 1/" in demo.words(links(demo.get("?tab=next"))["next"])
    assert "開始導覽" in window(demo.folder).words("?tab=next")  # another browser


@pytest.mark.parametrize("asked", ["0", "9", "-1", "x", "²", "1" * 40, "<script>"])
def test_a_step_that_is_none_shows_none(demo: Window, asked: str) -> None:
    words = demo.words(f"?tab=vouchers&tour={asked}")
    assert "導覽" not in words


def test_it_speaks_english(demo: Window) -> None:
    main = demo.folder / "main.beancount"
    main.write_text(main.read_text("utf-8").replace('"language" "zh_Hant_TW"', '"language" "en"'), "utf-8")
    english = window(demo.folder)
    for number, step in enumerate(STEPS, 1):
        words = english.words(f"?tab={step.tab}&tour={number}")
        assert f"Tour {number}/{len(STEPS)}" in words
        assert step.words not in words
