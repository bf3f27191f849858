"""The server in a real browser: names with markup are text, the policy stops what is not, Fava's pages all work.

Skipped where no Chromium is installed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import pytest
from fava.application import create_app
from selenium.webdriver.support.ui import Select

from server import journal
from server.app import Server
from server.app import Settings
from server.cases import Cases
from tests.audit.browser import CHROMIUM
from tests.audit.browser import DRIVER
from tests.audit.browser import WebDriverWait
from tests.audit.browser import axe_script
from tests.audit.browser import chromium
from tests.audit.house import BOOKS
from tests.audit.house import make_case
from tests.cli.desk import HEAD
from tests.cli.desk import Desk
from tests.cli.desk import award_text
from tests.cli.desk import row
from tests.server.browser import opened
from tests.server.browser import running
from tests.server.house import PASSWORD
from tests.server.house import served_folder
from tests.server.house import users_file

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium")]

MARKUP = "<img src=x onerror='window.ran=1'>"
# a supplier's name, a name of goods, a value that was carried along from an e-invoice, the name of a paper
HOSTILE = f"""
2023-06-14 * "{MARKUP}商行" "{MARKUP}零件" ^ZZ10000001
  memo: "{MARKUP}附註"
  document: "2023-06-14.{MARKUP}.txt"
  Expenses:2業者自籌款:01消耗性器材及原材料費   100 TWD
  Liabilities:1應付帳款                       -100 TWD
"""
FAVA_PAGES = (
    "income_statement/",
    "balance_sheet/",
    "trial_balance/",
    "journal/",
    "query/?query_string=select+account",
    "holdings/",
    "commodities/",
    "documents/",
    "events/",
    "statistics/",
    "errors/",
    "help/",
    "account/Liabilities:1應付帳款/",
)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One browser for all."""
    with chromium(tmp_path_factory.mktemp("profile")) as driver:
        yield driver


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A case that a stranger sent."""
    case = make_case(tmp_path / "case", BOOKS + HOSTILE)
    paper = case / "documents" / "Liabilities" / "1應付帳款" / f"2023-06-14.{MARKUP}.txt"
    paper.write_text(MARKUP, encoding="utf-8")
    return case


def _shows(driver: Any, text: str) -> bool:
    _wait(driver).until(lambda now: text in now.find_element("css selector", "article").text)
    return True


def _wait(driver: Any) -> Any:
    return WebDriverWait(driver, 10, poll_frequency=0.05)


def _drawn(driver: Any) -> None:
    """Wait until Fava has drawn its frame and asked for all that the page shows."""
    _wait(driver).until(lambda now: now.find_elements("css selector", "aside a"))
    time.sleep(0.2)


def _ran(driver: Any) -> bool:
    return bool(driver.execute_script("return window.ran === 1"))


def _complaints(driver: Any) -> list[str]:
    return [line["message"] for line in driver.get_log("browser") if line["level"] in {"SEVERE", "WARNING"}]


def test_names_with_markup_are_text_on_every_page(driver: Any, hostile: Path) -> None:
    with opened(driver, hostile) as base:
        driver.get(f"{base}/case/journal/")
        assert _shows(driver, f"{MARKUP}商行")
        assert _shows(driver, f"{MARKUP}零件")
        assert not driver.find_elements("css selector", "article img")
        audit = [f"extension/Audit/?tab={tab}" for tab in ("overview", "vouchers", "checks", "audit")]
        for page in ("documents/", "errors/", "account/Liabilities:1應付帳款/", *audit):
            driver.get(f"{base}/case/{page}")
            _drawn(driver)
            assert not driver.find_elements("css selector", "article img[src=x]"), page
            assert not _ran(driver), page
        driver.get(f"{base}/")
        assert not _ran(driver)


def test_favas_own_journal_runs_what_a_supplier_is_called(driver: Any, hostile: Path) -> None:
    """What all this is for: should it stop to be so, the next two tests would prove nothing."""
    with running(create_app([str(hostile / "main.beancount")], load=True, poll_watcher=True)) as port:
        driver.get(f"http://127.0.0.1:{port}/case/journal/")
        _wait(driver).until(_ran)
        driver.get("about:blank")
        driver.get_log("browser")


def test_the_policy_stops_it_should_fava_ever_let_it_through(
    driver: Any, hostile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "_SAFE", journal.RAW)
    with opened(driver, hostile) as base:
        driver.get(f"{base}/case/journal/")
        _wait(driver).until(lambda now: now.find_elements("css selector", "article img[src=x]"))
        assert not _ran(driver)
        assert any("Content Security Policy" in line for line in _complaints(driver))


def test_favas_journal_is_switched_to_escaping() -> None:
    """The very line of Fava's template that is mended; where a new Fava has another, this says so."""
    source = jinja2.PackageLoader("fava").get_source(
        jinja2.Environment(autoescape=True), "_journal_table.html"
    )
    assert source[0].count(journal.RAW) == 1


def test_every_page_of_fava_works_under_the_policy(driver: Any, tmp_path: Path) -> None:
    case = make_case(tmp_path / "case", language="zh_Hant_TW")
    main = case / "main.beancount"
    text = main.read_text(encoding="utf-8")
    before = text + '2023-06-01 custom "fava-option" "locale" "zh_Hant_TW"\n'  # as cases were made until now
    main.write_text(before, encoding="utf-8")
    with opened(driver, case) as base:
        assert "/extension/Audit/" in driver.current_url
        assert _shows(driver, "核定")
        for page in FAVA_PAGES:
            driver.get(f"{base}/case/{page}")
            _drawn(driver)
            assert "Invalid language tag" not in driver.find_element("css selector", "body").text
            assert _complaints(driver) == [], page
        driver.get(f"{base}/case/journal/")
        _wait(driver).until(lambda now: now.find_elements("css selector", ".datecell a"))
        driver.execute_script("document.querySelector('.transaction .datecell a').click()")
        _wait(driver).until(lambda now: now.find_elements("css selector", ".cm-content"))
        assert _complaints(driver) == []  # an entry's text is drawn by the editor's library
    assert main.read_text(encoding="utf-8") == before


def test_every_link_at_the_side_leads_to_a_page_that_works(driver: Any, tmp_path: Path) -> None:
    """One after the other within the application, as a person clicks them; 匯入 leads to 收件, 記帳 and 查核 are ours."""
    desk = Desk(tmp_path, award_text("112-試作-0402", {"consumables": "試作軸承"}))
    desk.put("憑證.csv", HEAD + row("112/06/10", "QZ10000001", "試作軸承", 6_000, 300))
    with opened(driver, tmp_path) as base:
        driver.get(f"{base}/case/income_statement/")
        _drawn(driver)
        links = [
            (link.text, link.get_attribute("href"))
            for link in driver.find_elements("css selector", "aside a")
            if link.is_displayed()
            and "/case/" in link.get_attribute("href")
            and "#" not in link.get_attribute("href")
        ]
        names = {name.split("\n")[0] for name, _href in links}
        assert names >= {
            "損益表",
            "資產負債表",
            "試算表",
            "日記帳",
            "查詢",
            "資產",
            "統計",
            "匯入",
            "記帳",
            "查核",
        }
        for name, href in links:
            driver.get(f"{base}/case/help/")
            _drawn(driver)
            link = next(
                one
                for one in driver.find_elements("css selector", "aside a")
                if one.get_attribute("href") == href
            )
            driver.execute_script("arguments[0].click()", link)
            wanted = "tab=inbox" if "/import/" in href else href
            _wait(driver).until(lambda now, wanted=wanted: wanted in now.current_url)
            _drawn(driver)
            words = driver.find_element("css selector", "article").text
            assert "failed with error" not in words, (name, words)
            assert "Invalid" not in words, (name, words)
            assert "No importers" not in words, (name, words)
            assert _complaints(driver) == [], name


def test_the_editor_is_there_with_edit_alone(driver: Any, tmp_path: Path) -> None:
    case = make_case(tmp_path / "case")
    with opened(driver, case) as base:
        driver.get(f"{base}/case/editor/")
        assert "沒有開放" in driver.find_element("css selector", "main").text
        driver.get(f"{base}/case/extension/Audit/?tab=checks")
        driver.get(driver.find_element("css selector", ".check .dim a[href*=source]").get_attribute("href"))
        assert "grant-award" in driver.find_element("css selector", "article").text or driver.find_elements(
            "css selector", "tr[aria-current] td"
        )
        assert [line for line in _complaints(driver) if "403" not in line] == []
    with opened(driver, case, edit=True) as base:
        driver.get(f"{base}/case/editor/")
        _wait(driver).until(lambda now: now.find_elements("css selector", ".cm-content"))
        assert _complaints(driver) == []


def test_a_voucher_beside_its_paper(driver: Any, tmp_path: Path) -> None:
    case = make_case(tmp_path / "case")
    with opened(driver, case) as base:
        driver.get(f"{base}/case/extension/Audit/?tab=vouchers&voucher=AB12345678")
        assert driver.find_elements("css selector", "iframe[src*=document]")
        assert _complaints(driver) == []


def test_log_in_home_and_log_out(driver: Any, tmp_path: Path) -> None:
    folder = served_folder(tmp_path / "cases")
    server = Server(Settings(Cases([folder]), ("127.0.0.1",), users=users_file(tmp_path)))
    with running(server.app) as port:
        base = f"http://127.0.0.1:{port}"
        driver.get(f"{base}/%E7%94%B2%E6%A1%88/journal/")
        driver.find_element("css selector", "[name=name]").send_keys("viewer")
        driver.find_element("css selector", "[name=password]").send_keys("wrong password 1")
        driver.find_element("css selector", ".panel button").click()
        _wait(driver).until(lambda page: page.find_elements("css selector", "[role=alert]"))
        assert "不對" in driver.find_element("css selector", "[role=alert]").text
        driver.find_element("css selector", "[name=name]").send_keys("viewer")
        driver.find_element("css selector", "[name=password]").send_keys(PASSWORD)
        driver.find_element("css selector", ".panel button").click()
        _wait(driver).until(lambda page: page.current_url.endswith("/journal/"))
        driver.get(f"{base}/")
        cards = driver.find_elements("css selector", ".card")
        assert len(cards) == 1
        assert "示範" in cards[0].text or "公司" in cards[0].text
        driver.find_element("css selector", ".who button").click()
        _wait(driver).until(lambda page: page.current_url.endswith("/login"))
        driver.get(f"{base}/")
        assert "/login" in driver.current_url
        driver.get("about:blank")
        driver.get_log("browser")


@pytest.mark.parametrize("width", [1400, 700])
def test_our_pages_keep_the_rules_of_accessibility(driver: Any, tmp_path: Path, width: int) -> None:
    axe = axe_script()
    folder = served_folder(tmp_path / "cases")
    (folder / "壞案").mkdir()
    (folder / "壞案" / "main.beancount").write_text("", encoding="utf-8")
    driver.set_window_size(width, 900)
    with opened(driver, folder) as base:
        for page in ("/", "/?q=乙", "/no-such-page/"):
            driver.get(base + page)
            driver.execute_script(axe)
            found = driver.execute_async_script(
                "const done = arguments[0]; axe.run().then(r => done(r.violations.map(v => v.id)))"
            )
            assert found == [], page
            assert driver.execute_script("return document.body.scrollWidth <= window.innerWidth"), page
    driver.set_window_size(1400, 1000)


def _log_in(driver: Any, base: str, name: str, page: str) -> None:
    driver.get(f"{base}{page}")
    driver.find_element("css selector", "[name=name]").send_keys(name)
    driver.find_element("css selector", "[name=password]").send_keys(PASSWORD)
    driver.find_element("css selector", ".panel button").click()
    _wait(driver).until(lambda now: "/login" not in now.current_url)
    _drawn(driver)


def _log_out(driver: Any, base: str) -> None:
    driver.get(f"{base}/")
    driver.find_element("css selector", ".who button").click()
    _wait(driver).until(lambda now: now.current_url.endswith("/login"))


def test_who_logged_in_is_who_judged_replied_and_signed(driver: Any, tmp_path: Path) -> None:
    """No form asks for a name; what is filed bears the account's, whatever a page sends beside."""
    folder = served_folder(tmp_path / "cases")
    server = Server(Settings(Cases([folder]), ("127.0.0.1",), users=users_file(tmp_path)))
    page = "/%E7%94%B2%E6%A1%88/extension/Audit/?tab=vouchers&voucher=CD10000001"
    with running(server.app) as port:
        base = f"http://127.0.0.1:{port}"
        _log_in(driver, base, "auditor", page)
        form = driver.find_element("css selector", "#judge")
        assert not form.find_elements("css selector", "[name=by]")
        assert form.find_element("css selector", "strong").text == "auditor"
        Select(form.find_element("css selector", "[name=state]")).select_by_visible_text("剔除")
        form.find_element("css selector", "[name=deducted]").send_keys("1000")
        form.find_element("css selector", "[name=comment]").send_keys("金額與合約不符")
        driver.execute_script(
            "const by = document.createElement('input'); by.name = 'by'; by.value = '別人'; by.type = 'hidden';"
            "document.querySelector('#judge').append(by)"
        )
        form.find_element("css selector", "button").click()
        _wait(driver).until(lambda now: now.find_elements("css selector", "#write"))
        assert 'by: "auditor"' in driver.find_element("css selector", "article").text
        driver.find_element("css selector", "#write").click()
        _shows(driver, "已寫入 audit.beancount:F-001")
        assert not driver.find_elements(
            "css selector", "[name=do][value=sign]"
        )  # it is not the auditor's to sign
        _log_out(driver, base)
        _log_in(driver, base, "reviewer", page)
        assert not driver.find_elements("css selector", "#judge")
        driver.execute_script("document.querySelectorAll('details').forEach(one => { one.open = true })")
        driver.find_element("css selector", "form:has([name=do][value=sign]) button").click()
        _wait(driver).until(lambda now: now.find_elements("css selector", "#write"))
        driver.find_element("css selector", "#write").click()
        _shows(driver, "已寫入 audit.beancount")
        _log_out(driver, base)
        driver.get("about:blank")
        driver.get_log("browser")
    text = (folder / "甲案" / "audit.beancount").read_text(encoding="utf-8")
    assert [line.strip() for line in text.splitlines() if line.strip().startswith("by:")] == [
        'by: "auditor"',
        'by: "reviewer"',
    ]
    assert "別人" not in text
