"""Every control of every page, changed three times: by mouse and by keyboard, then back and forward.

The address says what was chosen last, and so does the control. Skipped where no Chromium is installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.audit.browser import CHROMIUM
from tests.audit.browser import DRIVER
from tests.audit.browser import TABS
from tests.audit.browser import Browser
from tests.audit.browser import Keys
from tests.audit.browser import Select
from tests.audit.browser import chromium
from tests.audit.browser import serving
from tests.audit.house import make_case

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium")]

LIVE = "form[data-live] :is(select, input:not([type=hidden]))"
PAGES = (*TABS, "sample&method=random&seed=7", "vouchers&voucher=CD10000001")
TYPED = {"search": ("模組", "AB", "CD1"), "number": ("3", "5", "4"), "text": ("11", "22", "33")}
DAYS = ("2023-11-05", "2023-10-31", "2023-11-30")


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One browser for all."""
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


def names_of(browser: Browser) -> list[tuple[str, str]]:
    """Each live control of the page: its name, and its kind."""
    found = browser.driver.find_elements("css selector", f".audit {LIVE}")
    return [(one.get_attribute("name"), one.get_attribute("type")) for one in found]


def at(name: str) -> str:
    return f'.audit form[data-live] [name="{name}"]:not([type=hidden])'


def values_of(browser: Browser, name: str, kind: str) -> list[str]:
    """Three values to choose one after the other, each another than the one before."""
    if kind == "date":
        return list(DAYS)
    if kind != "select-one":
        return list(TYPED["text" if name.startswith("cut.") else kind])
    select = Select(browser.one(at(name)))
    now = select.first_selected_option.get_attribute("value")
    others = [value for one in select.options if (value := one.get_attribute("value")) != now]
    if not others:
        return []
    return [others[0], others[1] if len(others) > 1 else now, others[0]]


def choose(browser: Browser, name: str, kind: str, value: str) -> None:
    """Change a control as a mouse would."""
    control = browser.one(at(name))
    if kind == "select-one":
        Select(control).select_by_value(value)
        return
    browser.driver.execute_script(
        "arguments[0].value = arguments[1];arguments[0].dispatchEvent(new Event('change', {bubbles: true}))",
        control,
        value,
    )


def type_in(browser: Browser, name: str, kind: str, value: str) -> None:
    """Change a control by keyboard alone."""
    control = browser.one(at(name))
    if kind == "select-one":
        options = [one.get_attribute("value") for one in Select(control).options]
        now = Select(control).first_selected_option.get_attribute("value")
        steps = options.index(value) - options.index(now)
        browser.driver.execute_script("arguments[0].focus()", control)
        for _step in range(abs(steps)):  # each step loads the page anew, and the focus stays
            before = browser.one(".audit")
            browser.driver.switch_to.active_element.send_keys(Keys.ARROW_DOWN if steps > 0 else Keys.ARROW_UP)
            browser.wait_for_another(before)
        return
    if kind == "date":
        year, month, day = value.split("-")
        control.send_keys(f"{month}{day}{year}", Keys.ENTER)
        return
    browser.driver.execute_script("arguments[0].focus(); arguments[0].select()", control)
    control.send_keys(value, Keys.ENTER)


def holds(browser: Browser, name: str, value: str) -> bool:
    """Whether address and control both say this value."""
    shown = browser.one(at(name)).get_property("value")
    return bool(browser.parameter(name) == value and shown == value)


@pytest.mark.parametrize("change", [choose, type_in])
@pytest.mark.parametrize("page", PAGES)
def test_a_control_changed_three_times_says_the_third(
    driver: Any, tmp_path: Path, page: str, change: Any
) -> None:
    with serving(driver, make_case(tmp_path / "case")) as browser:
        browser.open(f"?tab={page}")
        for name, kind in names_of(browser):
            browser.open(f"?tab={page}")
            values = values_of(browser, name, kind)
            for value in values:
                change(browser, name, kind, value)
                browser.wait(partial(holds, browser, name, value))
            if not values:
                continue
            assert browser.parameter("tab") == page.partition("&")[0]
            if page.endswith("CD10000001"):
                assert browser.parameter("voucher") == "CD10000001"  # the day changed, the voucher stays open
            if change is choose:
                driver.back()
                browser.wait(partial(holds, browser, name, values[1]))
                driver.forward()
                browser.wait(partial(holds, browser, name, values[2]))
        assert browser.complaints() == []


def test_of_two_changes_on_their_way_the_later_one_is_shown(driver: Any, tmp_path: Path) -> None:
    """The answer to the first may come after that to the second."""
    with serving(driver, make_case(tmp_path / "case")) as browser:
        browser.open("?tab=vouchers")
        driver.execute_script(
            "const plain = window.fetch; let held = true;"
            "window.fetch = async (...asked) => {"
            "  const slow = held; held = false;"
            "  const answer = await plain(...asked);"
            "  if (slow) { await new Promise((go) => setTimeout(go, 600)); window.late = true; }"
            "  return answer; }"
        )
        choose(browser, "sort", "select-one", "amount")
        choose(browser, "sort", "select-one", "supplier")
        browser.wait(lambda: bool(driver.execute_script("return window.late")))
        browser.wait(lambda: holds(browser, "sort", "supplier"))


def test_what_was_chosen_together_stays_together(driver: Any, tmp_path: Path) -> None:
    with serving(driver, make_case(tmp_path / "case")) as browser:
        browser.open("?tab=vouchers")
        choose(browser, "category", "select-one", "improvement")
        browser.wait(lambda: holds(browser, "category", "improvement"))
        choose(browser, "sort", "select-one", "amount")
        browser.wait(lambda: holds(browser, "sort", "amount"))
        choose(browser, "as_of", "date", "2023-10-31")
        browser.wait(lambda: holds(browser, "as_of", "2023-10-31"))
        assert (browser.parameter("category"), browser.parameter("sort")) == ("improvement", "amount")
        choose(browser, "category", "select-one", "")
        browser.wait(lambda: browser.parameter("category") == "")
        assert (browser.parameter("as_of"), browser.parameter("sort")) == ("2023-10-31", "amount")


def test_no_address_names_a_day_that_the_reader_did_not_choose(driver: Any, tmp_path: Path) -> None:
    with serving(driver, make_case(tmp_path / "case")) as browser:
        browser.open("?tab=vouchers")
        choose(browser, "sort", "select-one", "amount")
        browser.wait(lambda: holds(browser, "sort", "amount"))
        assert "as_of" not in driver.current_url
        hrefs = [one.get_attribute("href") or "" for one in driver.find_elements("css selector", ".audit a")]
        assert [href for href in hrefs if "as_of" in href] == []
