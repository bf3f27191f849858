"""An auditor's ways through the pages, in a real browser. Skipped where no Chromium is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.audit.browser import CHROMIUM
from tests.audit.browser import DRIVER
from tests.audit.browser import chromium
from tests.audit.browser import serving
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
        assert bottom <= 1
