"""Every control of the desk's lists changed twice, by mouse and by keyboard, then back, forward and anew.

The address says what was chosen last, and so does the control. And the desk without any script: the first months of the
long story, by its forms alone. Skipped where no Chromium is installed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest

from desk.web.registry import PAGES
from tests.audit.browser import CHROMIUM
from tests.audit.browser import DRIVER
from tests.audit.browser import Keys
from tests.audit.browser import Select
from tests.audit.browser import chromium
from tests.cli.accountant import ByCommand
from tests.cli.accountant import Imported
from tests.cli.desk import Desk
from tests.cli.long_story import AWARD
from tests.cli.long_story import JUNE
from tests.cli.long_story import july
from tests.cli.long_story import june
from tests.desk.in_browser.by_browser import ByBrowser
from tests.server.browser import opened

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium")]

CONTROLS = ".desk form[method=get].filters :is(select, input:not([type=hidden]))"
SEARCHED = ("QA1", "試作")
STARTS = {"compare": "compare&since=1"}  # a page whose form wants more than one field
DAYS = ("2023-06-30", "2023-07-31")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The case after June and July, with a row set aside."""
    desk = Desk(tmp_path_factory.mktemp("told"), AWARD)
    june(ByCommand(desk), desk)
    july(ByCommand(desk), desk)
    return desk


def values_of(control: Any) -> list[str]:
    """Two values to choose one after the other, each another than the one before."""
    if control.tag_name != "select":
        return list(DAYS if control.get_attribute("type") == "date" else SEARCHED)
    options = [option.get_attribute("value") for option in Select(control).options]
    now = Select(control).first_selected_option.get_attribute("value")
    others = [value for value in options if value != now]
    return [others[0], others[-1] if len(others) > 1 else now]


def by_mouse(at: ByBrowser, name: str, value: str) -> None:
    """Choose and press the button."""
    form = at.one(f".desk form.filters:has([name={name}])")
    at.fill(form, {name: value})
    at.press(form.find_element("css selector", "button"))


def by_keyboard(at: ByBrowser, name: str, value: str) -> None:
    """Tab to the control, arrows or letters, Tab to the button, Enter."""
    keys = at.driver.switch_to
    control = at.one(f".desk form.filters [name={name}]")
    for _step in range(80):
        if keys.active_element == control:
            break
        keys.active_element.send_keys(Keys.TAB)
    assert keys.active_element == control
    if control.tag_name == "select":
        options = [option.get_attribute("value") for option in Select(control).options]
        steps = options.index(value) - options.index(control.get_property("value"))
        for _step in range(abs(steps)):
            control.send_keys(Keys.ARROW_DOWN if steps > 0 else Keys.ARROW_UP)
        while keys.active_element.tag_name != "button":
            keys.active_element.send_keys(Keys.TAB)
    elif control.get_attribute("type") == "date":
        year, month, day = value.split("-")
        control.send_keys(f"{month}{day}{year}")
    else:
        control.send_keys(Keys.CONTROL, "a")
        control.send_keys(value)
    at.leads_on(lambda: keys.active_element.send_keys(Keys.ENTER))


def shown(at: ByBrowser, name: str) -> tuple[str, str]:
    """What the address and the control say."""
    asked = parse_qs(urlsplit(str(at.driver.current_url)).query)
    return asked.get(name, [""])[0], at.one(f".desk form.filters [name={name}]").get_property("value")


@pytest.mark.parametrize("change", [by_mouse, by_keyboard])
def test_every_control_changed_twice_says_the_second_and_goes_back(
    told: Desk, tmp_path: Path, change: Any
) -> None:
    seen = set()
    with (
        chromium(tmp_path / "profile") as driver,
        opened(driver, told.case.parent) as base,
    ):
        at = ByBrowser(driver, base, told, tmp_path / "scratch")
        for page in PAGES:
            at.go(STARTS.get(page.tab, page.tab))
            for name in [one.get_attribute("name") for one in driver.find_elements("css selector", CONTROLS)]:
                at.go(STARTS.get(page.tab, page.tab))
                first, second = values_of(at.one(f".desk form.filters [name={name}]"))
                change(at, name, first)
                assert shown(at, name) == (first, first), (page.tab, name)
                change(at, name, second)
                assert shown(at, name) == (second, second), (page.tab, name)
                at.leads_on(driver.back)
                assert shown(at, name) == (first, first), (page.tab, name)
                at.leads_on(driver.forward)
                at.leads_on(driver.refresh)
                assert shown(at, name) == (second, second), (page.tab, name)
                assert (
                    at.one(".desk nav.tabs [aria-current]")
                    .get_attribute("href")
                    .endswith(page.under or page.tab)
                )
                seen.add(name)
        assert seen >= {"month", "category", "state", "q", "stage", "day", "interim"}
        assert [one for one in driver.get_log("browser") if one["level"] in {"SEVERE", "WARNING"}] == []


def test_what_was_confirmed_is_not_written_twice(tmp_path: Path) -> None:
    """Back from what was written leads to the voucher; what asked is gone, and kept open elsewhere it is stale."""
    desk = Desk(tmp_path / "case", AWARD)
    ByCommand(desk).put("憑證_11206.csv", JUNE)
    with (
        chromium(tmp_path / "profile") as driver,
        opened(driver, desk.case.parent) as base,
    ):
        at = ByBrowser(driver, base, desk, tmp_path / "scratch")
        at.correct("QA10000003", "少打一個零", net=30_000)
        operations = desk.said("log", desk.case)["operations"]
        at.leads_on(driver.back)
        assert "tab=voucher&" in driver.current_url
        assert driver.find_elements("css selector", "#correct"), at.text()
        at.leads_on(driver.refresh)
        assert "30,000" in at.text()
        assert desk.said("log", desk.case)["operations"] == operations


class WithoutScripts(ByBrowser):
    """The accountant whose browser runs no script: files are sent by the form, and progress is looked at by a link."""

    def put(self, name: str, content: str | bytes) -> Imported:
        self.choose(name, content)
        self.press(self.one("#drop button"))
        assert "已放進收件匣" in self.text()
        self.press(self.one("#import button"))
        while self.driver.find_elements("css selector", "#job[data-running]"):
            self.press(self.one("#job noscript a"))
        return self.imported()


def test_every_form_works_without_a_script(tmp_path: Path) -> None:
    told = Desk(tmp_path / "told", AWARD)
    clicked = Desk(tmp_path / "clicked", AWARD)
    with (
        chromium(tmp_path / "profile", has_scripts=False) as driver,
        opened(driver, clicked.case.parent) as base,
    ):
        at = WithoutScripts(driver, base, clicked, tmp_path / "scratch")
        for tell in (june, july):
            tell(ByCommand(told), told)
            tell(at, clicked)
    assert clicked.settle() == told.settle()
    assert sorted(clicked.found()) == sorted(told.found())
