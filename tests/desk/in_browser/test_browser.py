"""The desk in a real browser: nothing on the console, the rules of accessibility, one whole flow by keyboard alone.

Skipped where no Chromium is installed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.tour import STEPS
from desk.web.registry import PAGES
from tests.audit.browser import CHROMIUM
from tests.audit.browser import DRIVER
from tests.audit.browser import WebDriverWait
from tests.audit.browser import axe_script
from tests.audit.browser import chromium
from tests.desk.house import HEAD
from tests.desk.house import run
from tests.desk.house import said
from tests.server.browser import opened

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium")]

LONG = (
    "112/07/09,統一發票,QZ10000008,04595257,名稱非常非常長而且沒有空格的試作五金工業股份有限公司台灣分公司,"
    "品名也寫得很長的試作軸承配件組合,2,組,1000,50,,,匯款,\n"
)
ABOUT = {"operation": "2", "voucher": "QZ10000003"}
WIDTHS = (1400, 700)
_SENT = (
    "const form = [...document.querySelectorAll('.desk form')].find((f) => f.elements.do?.value === '{act}');"
)
# a form of a page filled in by a script and sent: the page that asks, and the one that refuses
ANSWERS = {
    "close": _SENT.replace("{act}", "close") + "form.requestSubmit()",
    "voucher": _SENT.replace("{act}", "correct")
    + "form.elements.net.value = '-1'; form.elements.reason.value = '試'; form.requestSubmit()",
    "approvals": _SENT.replace("{act}", "revise")
    + "form.elements.approval.value = '試字第1號'; form.querySelector('input.num').value = '90000';"
    "form.requestSubmit()",
}
_AXE = "const done = arguments[0]; axe.run('.desk').then(r => done(r.violations.map(v => v.id + ' ' + v.nodes[0].html)))"
# what reaches beyond the window and is no table or paper that scrolls by itself (Fava's own head is 100vw wide)
_WIDE = (
    "const width = document.scrollingElement.clientWidth;"
    "return [...document.querySelectorAll('.desk *')].filter(each => !each.closest('.wide, .scroll')"
    " && each.getBoundingClientRect().right > width + 1).map(each => each.outerHTML.slice(0, 80))"
)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One browser for all."""
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture
def full(folder: Path) -> Path:
    """The case with long names, a picture that waits, and a file in the inbox."""
    (folder / "inbox" / "長.csv").write_text(HEAD + LONG, encoding="utf-8")
    shutil.copyfile(
        Path(__file__).parents[3] / "docs" / "pictures" / "home.png", folder / "inbox" / "照片.png"
    )
    run("import", folder)
    (folder / "inbox" / "next.csv").write_text(HEAD, encoding="utf-8")
    return folder


def is_good(driver: Any, axe: str, where: object) -> None:
    """No rule of accessibility broken, nothing too wide, no complaint; with all that is folded open, too."""
    driver.find_element("css selector", ".desk")
    for unfold in ("", "for (const each of document.querySelectorAll('.desk details')) each.open = true"):
        driver.execute_script(unfold)
        driver.execute_script(axe)
        assert driver.execute_async_script(_AXE) == [], where
        assert driver.execute_script(_WIDE) == [], where
    assert [one for one in complaints(driver) if "400" not in one] == [], where


def address(base: str, tab: str) -> str:
    return f"{base}/case/extension/Desk/?tab={tab}&about={ABOUT.get(tab, '')}"


def complaints(driver: Any) -> list[str]:
    return [one["message"] for one in driver.get_log("browser") if one["level"] in {"SEVERE", "WARNING"}]


@pytest.mark.parametrize("language", ["zh_Hant_TW", "en"])
def test_every_page_is_quiet_accessible_and_fits(driver: Any, full: Path, language: str) -> None:
    main = full / "main.beancount"
    main.write_text(
        main.read_text(encoding="utf-8").replace('"language" "zh_Hant_TW"', f'"language" "{language}"'),
        "utf-8",
    )
    axe = axe_script()
    with opened(driver, full) as base:
        for width in WIDTHS:
            driver.set_window_size(width, 1000)
            for page in PAGES:
                driver.get(address(base, page.tab))
                is_good(driver, axe, (page.tab, width))
            for name, fill in ANSWERS.items():
                driver.get(address(base, name))
                driver.execute_script(fill)
                WebDriverWait(driver, 20).until(
                    lambda now: now.find_elements("css selector", ".desk > h2:not(.unseen)")
                )
                is_good(driver, axe, (f"answer of {name}", width))


def test_the_tour_is_walked_and_refused_by_keyboard_alone(driver: Any, full: Path) -> None:
    """Over the real pages, the browser's own links followed within Fava; and no offer once it was had."""
    (full / ".grant").mkdir(exist_ok=True)
    (full / ".grant" / "demo").touch()
    axe = axe_script()
    driver.set_window_size(700, 1000)
    with opened(driver, full) as base:
        driver.get(address(base, "next"))
        for number in range(1, len(STEPS) + 1):
            _press(driver, "#tour-next", "\ue007")
            assert f"導覽 {number}/{len(STEPS)}" in _text(driver)
            driver.execute_script(axe)
            assert driver.execute_async_script(_AXE) == [], number
            assert driver.execute_script(_WIDE) == [], number
        _press(driver, "#tour-back", "\ue007")
        _press(driver, "#tour-end", "\ue007")
        assert "再看一次導覽" in _text(driver)
        driver.get(f"{base}/case/")
        assert "/extension/Desk/" in driver.current_url
        assert "第一次用" not in _text(driver)
        driver.delete_all_cookies()
        assert complaints(driver) == []


def test_a_picture_is_put_on_its_voucher_by_keyboard_alone(driver: Any, full: Path) -> None:
    """From the first page to the paper on its voucher, and back by undo: Tab, arrows, space and Enter."""
    picture = next(one for one in said("questions", full)["questions"] if one["kind"] == "document")
    driver.set_window_size(1400, 1000)
    with opened(driver, full) as base:
        driver.get(address(base, "questions").replace("about=", f"about={picture['id']}"))
        _to(driver, 'select[name="voucher"]').send_keys("QZ10000003")
        _press(driver, "#question form:has(select[name=voucher]) button", "\ue007")
        assert "歸到憑證 QZ10000003" in _text(driver)
        _press(driver, "#write", "\ue007")
        assert "已寫入" in _text(driver)
        assert not [one for one in said("questions", full)["questions"] if one["kind"] == "document"]
        _press(driver, ".notice.good button", "\ue007")
        _press(driver, "#write", "\ue007")
        assert [one["id"] for one in said("questions", full)["questions"] if one["kind"] == "document"] == [
            picture["id"]
        ]
        assert complaints(driver) == []


def _text(driver: Any) -> str:
    return str(driver.find_element("css selector", ".desk").text)


def _to(driver: Any, selector: str) -> Any:
    """Go with Tab until an element has the focus."""
    wanted = driver.find_element("css selector", selector)
    for _step in range(200):
        if driver.switch_to.active_element == wanted:
            return wanted
        driver.switch_to.active_element.send_keys("\ue004")
    raise AssertionError(selector)


def _press(driver: Any, selector: str, key: str) -> None:
    """Go to an element with Tab and press a key; wait for the page that it leads to."""
    before = driver.find_element("css selector", ".desk")
    _to(driver, selector).send_keys(key)
    WebDriverWait(driver, 20).until(
        lambda _driver: before not in driver.find_elements("css selector", ".desk")
    )
    WebDriverWait(driver, 20).until(lambda now: now.find_elements("css selector", ".desk"))
