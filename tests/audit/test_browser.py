"""The pages in a real browser: nothing on the console, the way to write, two windows, read-only, wide and narrow.

Skipped where no Chromium is installed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cheroot import wsgi
from fava.application import create_app

from tests.audit.house import make_case
from tests.cli.test_samples import CLEAN
from tests.cli.test_samples import SAMPLES
from tests.cli.test_samples import Replayed

webdriver = pytest.importorskip("selenium.webdriver")
StaleElementReferenceException = pytest.importorskip(
    "selenium.common.exceptions"
).StaleElementReferenceException
Select = pytest.importorskip("selenium.webdriver.support.select").Select
WebDriverWait = pytest.importorskip("selenium.webdriver.support.wait").WebDriverWait
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium")

TABS = ("overview", "account", "vouchers", "checks", "audit", "sample", "trial")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1400,1000",
)


class Browser:
    """A window of Chromium on a case."""

    def __init__(self, driver: Any, base: str) -> None:
        self.driver, self.base = driver, base

    def open(self, query: str) -> None:
        """Load a page anew."""
        self.driver.get(f"{self.base}extension/Audit/{query}")
        self.driver.find_element("css selector", ".audit")

    def one(self, selector: str) -> Any:
        """The first element of the page that fits."""
        return self.driver.find_element("css selector", selector)

    def text(self) -> str:
        """What is to be read on the page."""
        return str(self.one("article").text)

    def follow(self, selector: str) -> None:
        """Click, and wait until the page is another one."""
        before = self.one(".audit")
        self.driver.execute_script("arguments[0].click()", self.one(selector))
        WebDriverWait(self.driver, 10).until(lambda _driver: _is_gone(before))
        WebDriverWait(self.driver, 10).until(lambda driver: driver.find_elements("css selector", ".audit"))

    def fill(self, form: str, **fields: str) -> None:
        """Type into a form's fields and send it."""
        for name, value in fields.items():
            field = self.one(f"{form} [name={name}]")
            if field.tag_name == "select":
                Select(field).select_by_visible_text(value)
            else:
                field.clear()
                field.send_keys(value)
        self.follow(f"{form} button[type=submit]")

    def complaints(self) -> list[str]:
        """What the console says is wrong."""
        return [
            line["message"]
            for line in self.driver.get_log("browser")
            if line["level"] in {"SEVERE", "WARNING"}
        ]


def _is_gone(element: Any) -> bool:
    try:
        element.is_enabled()
    except StaleElementReferenceException:
        return True
    return False


@contextlib.contextmanager
def serving(driver: Any, folder: Path, *, read_only: bool = False) -> Iterator[Browser]:
    """Fava on a case, and the browser before it; no page outlives its server."""
    app = create_app([str(folder / "main.beancount")], load=True, read_only=read_only, poll_watcher=True)
    server = wsgi.Server(("127.0.0.1", 0), app)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    slug = app.test_client().get("/").headers["Location"].split("/")[1]
    try:
        yield Browser(driver, f"http://127.0.0.1:{server.bind_addr[1]}/{slug}/")
    finally:
        first, *others = driver.window_handles
        for other in others:
            driver.switch_to.window(other)
            driver.close()
        driver.switch_to.window(first)
        driver.get("about:blank")
        driver.get_log("browser")
        server.stop()
        thread.join(5)


@contextlib.contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """Chromium, without a window and without going anywhere by itself."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (*QUIET, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


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
    axe = _axe()
    folder = make_case(tmp_path / "case")
    with serving(driver, folder) as browser:
        for tab in (*TABS, "vouchers&voucher=AB12345678"):
            browser.open(f"?tab={tab}")
            driver.execute_script(axe)
            found = driver.execute_async_script(
                "const done = arguments[0]; axe.run('.audit').then(r => done(r.violations.map(v => v.id)))"
            )
            assert found == [], tab


def _axe() -> str:
    """axe-core's own text, where a package that carries it is installed."""
    spec = importlib.util.find_spec("axe_core_python")
    places = list(Path(spec.origin).parent.rglob("axe.min.js")) if spec and spec.origin else []
    if not places:
        pytest.skip("no axe-core")
    return places[0].read_text(encoding="utf-8")


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
