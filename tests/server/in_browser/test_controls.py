"""Every control of the home page and of 新案件 changed twice, by mouse and by keyboard, with back and forward.

Skipped where no Chromium is installed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portfolio.index import update_index
from portfolio.synthetic import PLANTS
from portfolio.synthetic import make_portfolio
from tests.audit.browser import CHROMIUM
from tests.audit.browser import DRIVER
from tests.audit.browser import Keys
from tests.audit.browser import Select
from tests.audit.browser import StaleElementReferenceException
from tests.audit.browser import WebDriverWait
from tests.audit.browser import chromium
from tests.casemaker import Story
from tests.importers.templates.filled import AWARD
from tests.replay import begin
from tests.server.browser import opened

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium")]


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One browser for all."""
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


def _until(driver: Any, told: Any) -> Any:
    return WebDriverWait(driver, 60, ignored_exceptions=(StaleElementReferenceException,)).until(told)


def _cards(driver: Any) -> list[str]:
    return [card.text for card in driver.find_elements("css selector", ".card h2")]


def test_the_search_of_the_home_page(driver: Any, tmp_path: Path) -> None:
    for seed in (1, 2, 3):
        begin(Story(seed).money(), tmp_path / f"第{seed}案")
    with opened(driver, tmp_path) as base:
        for word in (
            "第1案",
            "第2案",
            "沒有這一案",
        ):  # typed and entered, thrice: each time the newest counts
            field = driver.find_element("css selector", "#q")
            field.clear()
            field.send_keys(word, Keys.ENTER)
            _until(
                driver,
                lambda now, word=word: now.find_element("css selector", "#q").get_attribute("value") == word,
            )
            _until(driver, lambda now: "符合" in now.find_element("css selector", ".count").text)
            assert len(_cards(driver)) == (word != "沒有這一案")
        driver.back()
        _until(driver, lambda now: now.find_element("css selector", "#q").get_attribute("value") == "第2案")
        assert len(_cards(driver)) == 1
        driver.forward()
        _until(driver, lambda now: not _cards(now))
        driver.get(f"{base}/")
        assert len(_cards(driver)) == 3


FILTERS = {
    "order": ["by", "name", "risk"],
    "look": ["full", "sample", ""],
    "state": ["error", "crossed", "unread", ""],
    "scheme": None,  # whatever there is
}


def _value(driver: Any, name: str) -> str:
    return str(driver.find_element("name", name).get_attribute("value"))


def _shown(driver: Any) -> tuple[str, ...]:
    return (driver.find_element("css selector", ".count").text, *_cards(driver))


@pytest.mark.parametrize("name", FILTERS)
def test_each_select_of_an_indexed_portfolio(driver: Any, tmp_path: Path, name: str) -> None:
    """Chosen by keyboard and sent with the button: each time the newest choice counts, and it comes back with the page."""
    make_portfolio(tmp_path, cases=40, vouchers=3, seed=7, plants=list(PLANTS))
    update_index(tmp_path, day=datetime.date(2024, 7, 1), jobs=1)
    with opened(driver, tmp_path) as base:
        driver.get(f"{base}/")
        offered = [
            option.get_attribute("value") for option in Select(driver.find_element("name", name)).options
        ]
        seen: list[tuple[str, tuple[str, ...]]] = []
        for chosen in FILTERS[name] or [*offered[1:3], ""]:
            assert chosen in offered
            page = driver.find_element("css selector", "html")
            Select(driver.find_element("name", name)).select_by_value(chosen)
            driver.find_element("css selector", "form.narrow button").send_keys(Keys.ENTER)
            _until(driver, lambda now, page=page: now.find_element("css selector", "html") != page)
            assert _value(driver, name) == chosen
            seen.append((chosen, _shown(driver)))
        assert len({cards for _chosen, cards in seen}) > 1, (
            "the choices list the same cards in the same order"
        )
        for chosen, cards in reversed(seen[:-1]):
            driver.back()
            _until(driver, lambda now, chosen=chosen: _value(now, name) == chosen)
            assert _shown(driver) == cards
        for chosen, cards in seen[1:]:
            driver.forward()
            _until(driver, lambda now, chosen=chosen: _value(now, name) == chosen)
            assert _shown(driver) == cards


def _figures(driver: Any) -> str:
    return str(driver.find_element("css selector", "#figures").text)


def _type(driver: Any, name: str, text: str) -> None:
    field = driver.find_element("name", name)
    field.clear()
    field.send_keys(text, Keys.TAB)


def test_what_is_typed_twice_counts_as_typed_last(driver: Any, tmp_path: Path) -> None:
    award = tmp_path / "award.toml"
    award.write_text(AWARD, encoding="utf-8")
    (tmp_path / "cases").mkdir()
    with opened(driver, tmp_path / "cases") as base:
        driver.get(f"{base}/grant/new")
        driver.find_element("css selector", "#form").send_keys(str(award))
        driver.find_element("css selector", "button[value=upload]").click()
        _until(driver, lambda now: now.find_elements("css selector", "#figures"))
        for amount in ("310000", "320000", "500000"):
            _type(driver, "budget.0.government", amount)
            _type(driver, "budget.0.self", amount)
            _until(
                driver,
                lambda now, amount=amount: (
                    f"{2 * int(amount):,}" in _figures(now) or f"{int(amount):,}" in _figures(now)
                ),
            )
        for wrong, marked in (("很多", True), ("500000", False), ("-1", True), ("500,000", False)):
            _type(driver, "budget.0.government", wrong)
            _until(
                driver,
                lambda now, marked=marked: (
                    (now.find_element("name", "budget.0.government").get_attribute("aria-invalid") == "true")
                    is marked
                ),
            )
        for button in driver.find_elements("css selector", "button.more")[:3]:
            body = button.find_element("xpath", "ancestor::fieldset").find_element("css selector", "tbody")
            before = len(body.find_elements("css selector", "tr"))
            for more in (1, 2):
                button.send_keys(Keys.ENTER)
                assert len(body.find_elements("css selector", "tr")) == before + more
        named = driver.find_element("name", "company.name").get_attribute("value")
        schemes = [
            option.get_attribute("value")
            for option in Select(driver.find_element("name", "award.scheme")).options
        ]
        for scheme in [each for each in schemes if each][:3]:
            Select(driver.find_element("name", "award.scheme")).select_by_value(scheme)
            _until(
                driver,
                lambda now, scheme=scheme: (
                    now.execute_script("return document.readyState") == "complete"
                    and now.find_element("name", "award.scheme").get_attribute("value") == scheme
                    and now.find_elements("css selector", "#figures")
                ),
            )
            assert (
                driver.find_element("name", "company.name").get_attribute("value") == named
            )  # nothing typed is lost
