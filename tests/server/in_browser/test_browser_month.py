"""A new case and a month's papers in a real browser: three wrong cells mended, a folder dropped, imported, undone.

Skipped where no Chromium is installed.
"""

from __future__ import annotations

import base64
import shutil
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desk.inbox import jobs
from importers.ingest import import_files
from ledger.util.i18n import speaking
from tests.audit.browser import CHROMIUM
from tests.audit.browser import DRIVER
from tests.audit.browser import Select
from tests.audit.browser import StaleElementReferenceException
from tests.audit.browser import WebDriverWait
from tests.audit.browser import axe_script
from tests.audit.browser import chromium
from tests.casemaker import Story
from tests.importers.templates.filled import AWARD
from tests.importers.templates.filled import fill_award
from tests.replay import begin
from tests.replay import books_of
from tests.replay import run
from tests.server.browser import opened

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium")]

# What a browser does when files are dropped: the paths below a folder are no part of it.
DROP = """
const transfer = new DataTransfer();
for (const [name, data] of arguments[0]) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  transfer.items.add(new File([bytes], name));
}
for (const type of ["dragover", "drop"]) {
  document.querySelector("article").dispatchEvent(
    new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
}
"""


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One browser for all."""
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


def _wait(driver: Any) -> Any:
    return WebDriverWait(driver, 60, ignored_exceptions=(StaleElementReferenceException,))


def _until(driver: Any, selector: str) -> Any:
    return _wait(driver).until(lambda now: now.find_elements("css selector", selector))[0]


def _click(driver: Any, selector: str) -> None:
    driver.execute_script("arguments[0].click()", _until(driver, selector))


def _complaints(driver: Any) -> list[str]:
    return [line["message"] for line in driver.get_log("browser") if "422" not in line["message"]]


def _is_accessible(driver: Any, within: str) -> None:
    """No rule of accessibility broken, and nothing wider than the window, at both widths."""
    for width in (1400, 700):
        driver.set_window_size(width, 1000)
        driver.execute_script(axe_script())
        found = driver.execute_async_script(
            "const done = arguments[1]; axe.run(document.querySelector(arguments[0]))"
            ".then(r => done(r.violations.map(v => v.id + ' ' + v.nodes[0].target)))",
            within,
        )
        assert found == [], (width, found)
        assert driver.execute_script(
            "const box = document.querySelector(arguments[0]); return box.scrollWidth <= box.clientWidth + 1",
            within,
        ), width
    driver.set_window_size(1400, 1000)


def _wrong_form(tmp_path: Path) -> Path:
    award = tomllib.loads(AWARD)
    del award["partner"]
    del award["budget"][1]["party"]
    award["award"]["start"] = "明天"
    award["budget"][0]["government"] = "很多"
    award["person"][0]["insured"] = "或許"
    fill_award(tmp_path / "award.xlsx", award)
    return tmp_path / "award.xlsx"


@pytest.mark.parametrize("language", ["zh_TW", "en"])
def test_a_case_is_made_from_a_form_with_three_wrong_cells(
    driver: Any, tmp_path: Path, language: str
) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    with speaking(language), opened(driver, folder) as base:
        _is_accessible(driver, "body")
        _click(driver, "main a.button")
        _until(driver, "#form").send_keys(str(_wrong_form(tmp_path)))
        _is_accessible(driver, "body")
        _click(driver, "button[value=upload]")
        marked = _wait(driver).until(lambda now: now.find_elements("css selector", "[aria-invalid]"))
        assert len(marked) == 3
        assert len(driver.find_elements("css selector", "#faults li a")) == 3
        _is_accessible(driver, "body")
        panel = driver.find_element("css selector", "#figures")
        assert "600,000" not in panel.text
        for field in marked:
            if field.tag_name == "select":
                Select(field).select_by_index(1)
                continue
            field.clear()
            field.send_keys("112/06/01" if field.get_attribute("name") == "award.start" else "600000")
        driver.find_element("css selector", "#folder").clear()
        driver.find_element("css selector", "#folder").send_keys("新案")
        _wait(driver).until(lambda _now: "600,000" in panel.text)  # the sums follow what is typed
        _wait(driver).until(lambda now: not now.find_elements("css selector", "[aria-invalid]"))
        _click(driver, "aside button[value=make]")
        _wait(driver).until(lambda now: "/extension/" in now.current_url)
        assert (folder / "新案" / "main.beancount").is_file()
        driver.get(f"{base}/")
        assert "精密機械" in driver.find_element("css selector", ".card").text
        assert _complaints(driver) == []


def _files(case: Path, aside: Path) -> list[list[str]]:
    """The papers of a case's inbox, taken out of it; name and bytes as a script can be given them."""
    shutil.move(case / "inbox", aside)
    (case / "inbox").mkdir()
    return [[path.name, base64.b64encode(path.read_bytes()).decode()] for path in sorted(aside.iterdir())]


def test_papers_are_dropped_previewed_imported_and_undone(driver: Any, tmp_path: Path) -> None:
    case, twin = tmp_path / "cases" / "甲案", tmp_path / "twin"
    case.parent.mkdir()
    begin(Story(1).money(), case)
    shutil.copytree(case, twin)
    files = _files(case, tmp_path / "papers")
    before = books_of(case)
    with opened(driver, case.parent) as base:
        address = f"{base}/%E7%94%B2%E6%A1%88/extension/Desk/?tab=inbox"
        driver.get(address)
        _until(driver, "#drop")
        _is_accessible(driver, "article")
        driver.execute_script(DROP, files)
        _wait(driver).until(
            lambda now: len(now.find_elements("css selector", "table.files tbody tr")) == len(files)
        )
        assert sorted(path.name for path in (case / "inbox").iterdir()) == [name for name, _data in files]
        _is_accessible(driver, "article")
        _click(driver, "#group-payment td a")
        _until(driver, "#paper tr.marked")
        _is_accessible(driver, "article")
        _click(driver, "#import button")
        _wait(driver).until(lambda now: now.find_elements("css selector", ".notice.good form"))
        run("import", twin)
        assert books_of(case) == books_of(twin)
        _is_accessible(driver, "article")
        _click(driver, ".notice.good form button")
        _click(driver, "#write")
        _wait(driver).until(
            lambda now: len(now.find_elements("css selector", "table.files tbody tr")) == len(files)
        )
        assert books_of(case) == before
        assert sorted(path.name for path in (case / "inbox").iterdir()) == [name for name, _data in files]
        assert _complaints(driver) == []


def test_pages_longer_than_the_window_do_not_scroll_sideways_either(driver: Any, tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    sideways = "const page = document.scrollingElement; return page.scrollWidth - page.clientWidth"
    with opened(driver, tmp_path / "cases") as base:
        for address in ("/grant/new", "/grant/manual/accountant", "/grant/manual/security"):
            for width in (1400, 700):
                driver.set_window_size(width, 600)
                driver.get(base + address)
                assert driver.execute_script(sideways) <= 0, (address, width)
            driver.execute_script(axe_script())
            found = driver.execute_async_script(
                "axe.run().then(r => arguments[0](r.violations.map(v => v.id + ' ' + v.nodes[0].target)))"
            )
            assert found == [], address


def test_a_whole_folder_is_dropped_from_outside(driver: Any, tmp_path: Path) -> None:
    """As the system hands it to the browser: what lies in folders of it too, files of one name each by itself."""
    case = tmp_path / "cases" / "甲案"
    case.parent.mkdir()
    begin(Story(1).money(), case)
    shutil.rmtree(case / "inbox")
    (case / "inbox").mkdir()
    papers = tmp_path / "六月"
    (papers / "明細" / "專戶").mkdir(parents=True)
    for place, content in (("a.csv", "a"), ("明細/a.csv", "b"), ("明細/專戶/c.csv", "c"), (".DS_Store", "x")):
        (papers / place).write_text(content, encoding="utf-8")
    with opened(driver, case.parent) as base:
        driver.get(f"{base}/%E7%94%B2%E6%A1%88/extension/Desk/?tab=inbox")
        _until(driver, "#drop")
        driver.execute_script("window.scrollTo(0, 0)")
        where = driver.find_element("css selector", "#drop .big").rect
        data = {"items": [], "files": [str(papers)], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            at = {"x": int(where["x"]) + 5, "y": int(where["y"]) + 5}
            driver.execute_cdp_cmd("Input.dispatchDragEvent", {"type": kind, "data": data, **at})
        _wait(driver).until(lambda now: len(now.find_elements("css selector", "table.files tbody tr")) == 3)
    found = {path.name: path.read_text("utf-8") for path in (case / "inbox").iterdir()}
    assert found.keys() == {"a.csv", "a-2.csv", "c.csv"}
    assert sorted(found.values()) == ["a", "b", "c"]


def test_an_import_shows_how_far_it_is_and_is_called_off(
    driver: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = tmp_path / "cases" / "甲案"
    case.parent.mkdir()
    begin(Story(1).money(), case)
    before = {
        path: path.read_bytes() for path in case.rglob("*") if path.is_file() and ".git" not in path.parts
    }

    seen = threading.Event()

    def slow(folder: Path, **more: Any) -> Any:
        tell = more["progress"]

        def slowly(step: Any, done: int, total: int) -> None:
            tell(step, done, total)
            if done == 1:
                assert seen.wait(60)
            if done == 3:
                job = jobs.job_of(folder)
                assert job is not None
                job.called_off.wait(60)
                tell(step, done, total)

        return import_files(folder, **(more | {"progress": slowly}))

    monkeypatch.setattr(jobs, "import_files", slow)
    with opened(driver, case.parent) as base:
        driver.get(f"{base}/%E7%94%B2%E6%A1%88/extension/Desk/?tab=inbox")
        _click(driver, "#import button")
        _wait(driver).until(lambda now: "1/" in now.find_element("css selector", "#job .words").text)
        seen.set()
        _wait(driver).until(lambda now: "3/" in now.find_element("css selector", "#job .words").text)
        _is_accessible(driver, "article")
        asked = "return performance.getEntriesByType('resource').map(each => each.name.split('/Desk/')[1])"
        assert "job" not in driver.execute_script(asked)  # it was told, and did not ask
        assert int(driver.find_element("css selector", "#job progress").get_attribute("value")) > 0
        _click(driver, "#job form button")
        _wait(driver).until(lambda now: now.find_elements("css selector", "#import"))
        assert "已取消" in driver.find_element("css selector", "article").text
    assert before == {path: path.read_bytes() for path in before}
    assert not [path for path in (case / "inbox").iterdir() if path not in before]
