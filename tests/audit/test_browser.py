"""The pages in a real browser: nothing on the console, the way to write, two windows, read-only, wide and narrow.

Skipped where no Chromium is installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.audit.browser import CHROMIUM
from tests.audit.browser import DRIVER
from tests.audit.browser import TABS
from tests.audit.browser import Select
from tests.audit.browser import WebDriverWait
from tests.audit.browser import axe_script
from tests.audit.browser import chromium
from tests.audit.browser import serving
from tests.audit.house import make_case
from tests.cli.samples import CLEAN
from tests.cli.samples import SAMPLES
from tests.cli.samples import Replayed

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium")]


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One browser for all."""
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.mark.parametrize("name", CLEAN)
def test_every_page_of_a_sample_case(driver: Any, tmp_path: Path, name: str) -> None:
    case = Replayed(SAMPLES / "cases" / name, tmp_path / name)
    with serving(driver, case.case) as browser:
        browser.open("?tab=overview")
        for tab in TABS[1:]:
            browser.follow(f'.tabs a[href*="tab={tab}"]')  # as a reader goes, inside Fava
            assert browser.one(".tabs a[aria-current]").get_attribute("href").find(f"tab={tab}") > 0
            assert "這一頁無法顯示" not in browser.text()
        browser.open("?tab=vouchers&sort=amount")
        browser.follow(".audit tbody a")
        assert "累計補助" in browser.text() or "自籌" in browser.text()
        browser.follow("[data-following]")
        assert browser.complaints() == []


def test_a_judgement_from_two_windows(driver: Any, tmp_path: Path) -> None:
    folder = make_case(tmp_path / "case")
    with serving(driver, folder) as browser:
        browser.open("?tab=vouchers&voucher=CD10000001")
        first = driver.current_window_handle
        driver.switch_to.new_window("tab")
        browser.open("?tab=vouchers&voucher=EF10000001")
        browser.fill("#judge", state="剔除", deducted="1000", comment="<b>甲的意見</b>", by="甲")
        assert "grant-finding" in browser.text()
        browser.follow("#write")
        assert "已寫入 audit.beancount:F-001" in browser.text()
        assert "<b>甲的意見</b>" in browser.text()

        driver.switch_to.window(first)
        browser.fill("#judge", state="待補正", comment="乙的意見", by="乙")
        assert "甲的意見" in browser.text()  # refused, and shown what came
        browser.follow("#again")
        browser.follow("#write")
        assert "已寫入 audit.beancount:F-002" in browser.text()
        text = (folder / "audit.beancount").read_text(encoding="utf-8")
        assert text.count("grant-finding") == 2
        assert [line for line in browser.complaints() if "409" not in line] == []


def test_the_trial_is_live_and_read_only_shows_no_form(driver: Any, tmp_path: Path) -> None:
    folder = make_case(tmp_path / "case")
    with serving(driver, folder, read_only=True) as browser:
        browser.open("?tab=trial&as_of=2023-11-20")
        assert "-120,000" not in browser.text()
        Select(browser.one('select[aria-label="試算 AB12345679"]')).select_by_visible_text("剔除")
        WebDriverWait(driver, 10).until(lambda _driver: "-120,000" in browser.text())
        assert "try." in driver.current_url
        assert not driver.find_elements("css selector", 'form[method="post"]')
        assert browser.complaints() == []


def test_pages_keep_the_rules_of_accessibility(driver: Any, tmp_path: Path) -> None:
    axe = axe_script()
    folder = make_case(tmp_path / "case")
    with serving(driver, folder) as browser:
        for tab in (*TABS, "vouchers&voucher=AB12345678"):
            browser.open(f"?tab={tab}")
            driver.execute_script(axe)
            found = driver.execute_async_script(
                "const done = arguments[0]; axe.run('.audit').then(r => done(r.violations.map(v => v.id)))"
            )
            assert found == [], tab


@pytest.mark.parametrize("width", [1600, 600])
def test_pages_keep_to_the_width_of_the_window(driver: Any, tmp_path: Path, width: int) -> None:
    folder = make_case(tmp_path / "case")
    driver.set_window_size(width, 900)
    with serving(driver, folder) as browser:
        for tab in (*TABS, "vouchers&voucher=CD10000001"):
            browser.open(f"?tab={tab}")
            inside = driver.execute_script(
                "const a = document.querySelector('.audit').getBoundingClientRect();"
                "return [...document.querySelectorAll('.audit section, .audit form, .audit nav, .audit p')]"
                ".filter(e => e.getBoundingClientRect().right > a.right + 2).map(e => e.outerHTML.slice(0, 90))"
            )
            assert inside == [], tab
    driver.set_window_size(1400, 1000)
