"""Chromium for the stories that need a browser."""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import threading
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from urllib.parse import urlsplit

import pytest
from cheroot import wsgi
from fava.application import create_app

webdriver = pytest.importorskip("selenium.webdriver")


CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")


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


@contextlib.contextmanager
def chromium(profile: Path, *, has_scripts: bool = True) -> Iterator[Any]:
    """Chromium, without a window and without going anywhere by itself; pages run no script where it has none."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (*QUIET, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    if not has_scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


def axe_script() -> str:
    """axe-core's own text, where a package that carries it is installed."""
    spec = importlib.util.find_spec("axe_core_python")
    places = list(Path(spec.origin).parent.rglob("axe.min.js")) if spec and spec.origin else []
    if not places:
        pytest.skip("no axe-core")
    return places[0].read_text(encoding="utf-8")


StaleElementReferenceException = pytest.importorskip(
    "selenium.common.exceptions"
).StaleElementReferenceException


Select = pytest.importorskip("selenium.webdriver.support.select").Select


WebDriverWait = pytest.importorskip("selenium.webdriver.support.wait").WebDriverWait


Keys = pytest.importorskip("selenium.webdriver.common.keys").Keys


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
        self.wait_for_another(before)

    def wait_for_another(self, before: Any) -> None:
        """Wait until the page is another than the one that `before`, its element, stood on."""
        WebDriverWait(self.driver, 10).until(lambda _driver: is_gone(before))
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

    def parameter(self, name: str) -> str:
        """A parameter of the address that the browser is at; empty where it has none."""
        given = parse_qs(urlsplit(str(self.driver.current_url)).query)
        return given.get(name, [""])[0]

    def wait(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so; what is looked at may go while the page changes."""
        WebDriverWait(self.driver, 10, 0.02, (StaleElementReferenceException,)).until(lambda _driver: is_so())

    def complaints(self) -> list[str]:
        """What the console says is wrong."""
        return [
            line["message"]
            for line in self.driver.get_log("browser")
            if line["level"] in {"SEVERE", "WARNING"}
        ]


def is_gone(element: Any) -> bool:
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
