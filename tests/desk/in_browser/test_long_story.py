"""The long story done in the browser alone: it ends with the figures of the one that is done by commands, to the dollar.

Skipped where no Chromium is installed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.loading.loader import load_case
from tests.audit.browser import CHROMIUM
from tests.audit.browser import DRIVER
from tests.audit.browser import WebDriverWait
from tests.audit.browser import chromium
from tests.cli.accountant import ByCommand
from tests.cli.desk import Desk
from tests.cli.long_story import AWARD
from tests.cli.long_story import tell
from tests.desk.in_browser.by_browser import ByBrowser
from tests.server.browser import opened

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium")]


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One browser for all."""
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


def balances(case: Path) -> Counter[str]:
    """What stands on every account."""
    found: Counter[str] = Counter()
    for entry in load_case(case).case.transactions:
        for posting in entry.postings:
            assert posting.units is not None
            assert posting.units.number is not None
            found[posting.account] += int(posting.units.number)
    return found


def texts(case: Path) -> dict[str, Counter[str]]:
    """The lines of the books, by file."""
    return {
        path.relative_to(case).as_posix(): Counter(path.read_text(encoding="utf-8").splitlines())
        for path in sorted([*case.glob("books/*.beancount"), case / "award.beancount", case / "import.toml"])
    }


def done(desk: Desk) -> list[tuple[str, str]]:
    """What the history tells of each operation."""
    return [(each["kind"], each["text"]) for each in desk.said("log", desk.case)["operations"]]


def begun(driver: Any, folder: Path) -> Desk:
    """The case made on the page of a new case, from the award's file."""
    award = folder.parent / "award.toml"
    award.write_text(AWARD, encoding="utf-8")
    wait = WebDriverWait(driver, 60)
    driver.find_element("css selector", "main a.button").click()
    wait.until(lambda now: now.find_elements("css selector", "#form"))[0].send_keys(str(award))
    driver.find_element("css selector", "button[value=upload]").click()
    name = wait.until(lambda now: now.find_elements("css selector", ".notice.good") and _named(now))
    name.clear()
    name.send_keys("case")
    driver.find_element("css selector", "aside button[value=make]").click()
    wait.until(lambda now: "/case/extension/Desk/" in now.current_url)
    return Desk(folder, "")


def _named(driver: Any) -> Any:
    return driver.find_element("css selector", "#folder")


def test_the_story_in_the_browser_ends_as_the_one_by_commands(driver: Any, tmp_path: Path) -> None:
    told = Desk(tmp_path / "told", AWARD)
    tell(ByCommand(told), told)
    folder = tmp_path / "clicked"
    folder.mkdir()
    with opened(driver, folder) as base:
        clicked = begun(driver, folder)
        tell(ByBrowser(driver, base, clicked, tmp_path / "scratch"), clicked)
    assert clicked.settle() == told.settle()
    assert sorted(clicked.found()) == sorted(told.found())
    assert balances(clicked.case) == balances(told.case)
    assert texts(clicked.case) == texts(told.case)
    assert done(clicked) == done(told)
