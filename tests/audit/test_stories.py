"""An auditor's ways through the pages, in a real browser. Skipped where no Chromium is installed."""

from __future__ import annotations

import base64
import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PIL import Image

from tests.audit.browser import CHROMIUM
from tests.audit.browser import DRIVER
from tests.audit.browser import TABS
from tests.audit.browser import Keys
from tests.audit.browser import Select
from tests.audit.browser import chromium
from tests.audit.browser import serving
from tests.audit.house import PAPERS
from tests.audit.house import make_case

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium")]


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One browser for all."""
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


def numbers(driver: Any) -> list[str]:
    """The first column that names a voucher."""
    return [
        one.text
        for one in driver.find_elements("css selector", '.audit tbody td a[href*="voucher="]')
        if one.text
    ]


def test_all_that_are_shown_are_judged_at_once_and_the_name_is_remembered(
    driver: Any, tmp_path: Path
) -> None:
    with serving(driver, make_case(tmp_path / "case")) as browser:
        browser.open("?tab=audit&category=improvement")
        browser.one("#all").click()
        assert "已選 2 張" in browser.text()
        browser.fill("#judge", state="同意", by="陳稽核")
        browser.follow("#write")
        assert "F-001、F-002" in browser.text()
        browser.open("?tab=overview")
        assert "2 / 6" in browser.text()
        browser.open("?tab=vouchers&voucher=EF10000001")
        assert browser.one("#judge [name=by]").get_property("value") == "陳稽核"
        browser.open("?tab=audit")
        signer = driver.find_elements("css selector", "[data-remember=sign]")
        assert [one.get_property("value") for one in signer] == [""]  # who signs is somebody else
        assert browser.complaints() == []


def test_rows_are_sorted_by_their_headings_both_ways(driver: Any, tmp_path: Path) -> None:
    with serving(driver, make_case(tmp_path / "case")) as browser:
        for tab in ("vouchers", "audit"):
            browser.open(f"?tab={tab}")
            headings = [
                one.get_attribute("href") for one in driver.find_elements("css selector", ".audit thead th a")
            ]
            assert len(headings) >= 10
            for href in headings:
                name = href.partition("sort=")[2].partition("&")[0]
                browser.open(f"?tab={tab}&sort={name}")
                forth = numbers(driver)
                browser.open(f"?tab={tab}&sort=-{name}")
                back = numbers(driver)
                assert sorted(forth) == sorted(back)
        browser.open("?tab=audit&sort=amount")
        assert numbers(driver)[0] == "AB12345679"
        browser.follow("th[aria-sort] a")
        assert numbers(driver)[-1] == "AB12345679"


def test_what_is_done_to_the_rows_stays_at_hand(driver: Any, tmp_path: Path) -> None:
    with serving(driver, make_case(tmp_path / "case")) as browser:
        driver.set_window_size(1400, 760)
        browser.open("?tab=audit")
        bottom = driver.execute_script(
            "return document.querySelector('.at-hand').getBoundingClientRect().bottom - window.innerHeight"
        )
        driver.set_window_size(1400, 1000)
        assert bottom <= 40  # as far as the frame of Fava's page has room to spare


def test_favas_own_filters_act_on_lists_and_say_so_elsewhere(driver: Any, tmp_path: Path) -> None:
    with serving(driver, make_case(tmp_path / "case")) as browser:
        browser.open("?tab=vouchers&time=2023-08")
        assert numbers(driver) == ["CD10000001"]
        assert "已套用上方 Fava 的篩選(2023-08)" in browser.text()
        browser.follow('.tabs a[href*="tab=trial"]')
        assert "不影響這一頁" in browser.text()
        assert browser.parameter("time") == "2023-08"
        browser.follow('.tabs a[href*="tab=account"]')
        assert "2023-07-04" not in browser.one(".audit section:nth-of-type(2)").text
        browser.open("?tab=audit&time=2023-08&filter=%5EEF10000001")
        assert numbers(driver) == []
        browser.follow(".notice a")
        assert len(numbers(driver)) == 6
        browser.open("?tab=vouchers&filter=)(")
        assert browser.one(".audit")
        assert browser.complaints() == []


@pytest.mark.parametrize("language", ["zh_Hant_TW", "en"])
@pytest.mark.parametrize("width", [700, 1400])
def test_amounts_and_states_are_seen_without_scrolling_sideways(
    driver: Any, tmp_path: Path, width: int, language: str
) -> None:
    """Nothing of them stands outside of the window, nor of the box that its table could be scrolled in."""
    with serving(driver, make_case(tmp_path / "case", language=language)) as browser:
        driver.set_window_size(width, 900)
        outside = {}
        for tab in (*TABS, "vouchers&voucher=CD10000001", "trial&as_of=2023-11-20"):
            browser.open(f"?tab={tab}")
            outside[tab] = driver.execute_script(
                "return [...document.querySelectorAll('.audit td.num, .audit td .tag')]"
                ".filter(e => e.getClientRects().length && e.getBoundingClientRect().right > "
                "Math.min(window.innerWidth, e.closest('.wide')?.getBoundingClientRect().right ?? Infinity) + 1)"
                ".map(e => e.closest('table').querySelector('th').innerText + ' ' + e.outerHTML.slice(0, 80))"
            )
        driver.set_window_size(1400, 1000)
        assert not any(outside.values()), outside


def test_every_page_prints_its_content(driver: Any, tmp_path: Path) -> None:
    """What is printed holds the tables and no controls; the rows of an audit are a form to sign."""
    with serving(driver, make_case(tmp_path / "case")) as browser:
        for tab in TABS:
            browser.open(f"?tab={tab}")
            said = printed(driver)
            assert "112-納管-0456" in said, tab
            assert len(said) > 200, tab
            assert "下一步" not in said, tab
        browser.open("?tab=audit")
        said = printed(driver)
        for word in ("AB12345679", "240,000", "查核人員", "執行單位主管"):
            assert word in said


def printed(driver: Any) -> str:
    """The text of the page as it would be printed, white space out."""
    content = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]
    pages = pypdf.PdfReader(io.BytesIO(base64.b64decode(content))).pages
    return unicodedata.normalize("NFKC", "".join("".join(page.extract_text() for page in pages).split()))


def test_a_voucher_is_printed_with_its_whole_paper(driver: Any, tmp_path: Path) -> None:
    folder = make_case(tmp_path / "case")
    first, second = (Image.new("RGB", (400, 600), colour) for colour in ("red", "blue"))
    first.save(folder / PAPERS / "2023-06-12.AB12345678.pdf", save_all=True, append_images=[second])
    with serving(driver, folder) as browser:
        browser.open("?tab=vouchers&voucher=AB12345678")
        assert "列印憑證與附件" in browser.text()
        browser.open("?tab=vouchers&voucher=AB12345678&print=yes")
        browser.wait(lambda: driver.execute_script("return [...document.images].every(one => one.complete)"))
        content = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]
        pages = pypdf.PdfReader(io.BytesIO(base64.b64decode(content))).pages
        assert sum(len(page.images) for page in pages) >= 2
        assert "AB12345678" in "".join(page.extract_text() for page in pages)
        assert browser.complaints() == []


def test_pages_have_titles_of_their_own(driver: Any, tmp_path: Path) -> None:
    with serving(driver, make_case(tmp_path / "case")) as browser:
        titles = {}
        for tab in TABS:
            browser.open(f"?tab={tab}")
            browser.wait(lambda: " - case" in driver.title)
            titles[tab] = driver.title
        assert titles["vouchers"] == "憑證 - case"
        assert len(set(titles.values())) == len(TABS)
        browser.open("?tab=vouchers&voucher=CD10000001")
        browser.wait(lambda: driver.title == "憑證 CD10000001 - case")


def test_a_claim_a_decision_and_a_what_if_from_the_pages(driver: Any, tmp_path: Path) -> None:
    with serving(driver, make_case(tmp_path / "case")) as browser:
        browser.open("?tab=checks&check=document-missing")
        driver.execute_script("document.querySelector('form.thread').parentElement.open = true")
        browser.fill("form.thread", approval="產授字第9號", comment="正本已送")
        assert "award.beancount" in browser.text()
        browser.follow("#write")
        assert "放行主張,待查核人員核定" in browser.text()
        browser.open("?tab=overview")
        assert "核定 1 項業者主張的放行" in browser.text()
        browser.follow('.steps a[href*="tab=checks"]')
        browser.open("?tab=checks")
        browser.fill(".check .thread form", decision="核定放行", comment="已見正本", by="陳稽核")
        browser.follow("#write")
        assert "經同意不列的疑義" in browser.text()

        browser.open("?tab=trial")
        Select(browser.one('select[aria-label="試算 AB12345679"]')).select_by_visible_text("剔除")
        browser.wait(
            lambda: bool(driver.find_elements("css selector", 'input[aria-label="剔除金額 AB12345679"]'))
        )
        cut = browser.one('input[aria-label="剔除金額 AB12345679"]')
        cut.send_keys("999999999", Keys.ENTER)
        browser.wait(lambda: "只能剔除 1 到" in browser.text())
        cut = browser.one('input[aria-label="剔除金額 AB12345679"]')
        driver.execute_script("arguments[0].select()", cut)
        cut.send_keys("40000", Keys.ENTER)
        browser.wait(lambda: "登錄為查核意見" in browser.text())
        browser.fill("section.thread form", comment="數量不足", by="陳稽核")
        browser.follow("#write")
        assert "剔除" in browser.text()
        assert browser.complaints() == []


def test_what_was_done_since_the_last_visit_is_marked(driver: Any, tmp_path: Path) -> None:
    folder = make_case(tmp_path / "case")
    with serving(driver, folder) as browser:
        browser.open("?tab=vouchers&voucher=CD10000001")
        browser.fill("#judge", state="同意", by="陳稽核")  # the first operation of its history
        browser.follow("#write")
        browser.open("?tab=overview")
        assert "最近的異動" in browser.text()
        assert "上次查閱" not in browser.text()
        driver.execute_script("window.sessionStorage.clear()")  # the next visit
        browser.open("?tab=vouchers&voucher=EF10000001")
        browser.fill("#judge", state="同意", by="陳稽核")
        browser.follow("#write")
        browser.open("?tab=overview")
        browser.wait(lambda: "之後有 1 項" in browser.text())
        assert len(driver.find_elements("css selector", "li.new")) == 1
        assert browser.complaints() == []
