"""The extension in Fava: always there, in its language, never the reason that a ledger cannot be opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from audit.case_view import View
from audit.web import routes
from ledger.case.case import Case
from ledger.errors import GrantError
from ledger.util.i18n import SOURCE_LANGUAGE
from ledger.util.i18n import current_language
from tests.audit.house import BOOKS
from tests.audit.house import Window
from tests.audit.house import make_case
from tests.audit.house import window
from tests.checks.builder import decision

TABS = ("overview", "account", "vouchers", "checks", "audit", "sample", "trial")


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens(page: Window, tab: str) -> None:
    shown = page.get(f"?tab={tab}")
    assert 'role="alert"' not in shown
    assert 'aria-current="page"' in shown
    assert "http://" not in shown.split('<script type="application/json"')[0].replace("http://localhost", "")


def test_fava_finds_nothing_wrong_with_it(page: Window) -> None:
    ledger = page.client.application.config["LEDGERS"].ledgers[0]
    assert ledger.extensions.errors == []
    assert [detail.report_title for detail in ledger.extensions.extension_details] == ["查核"]


def test_the_sidebar_leads_to_pages_that_open_also_after_a_reload(page: Window) -> None:
    ledger = page.client.application.config["LEDGERS"].ledgers[0]
    ledger.load_file()
    page.get()  # they are put there by the first request after it
    links = ledger.misc.sidebar_links
    assert [label for label, _url in links] == ["憑證", "檢查", "結案試算"]
    assert len({url for _label, url in links}) == len(links)  # two of one address blank Fava
    for _label, url in links:
        assert page.client.get(url).status_code == 200


def test_english_where_fava_speaks_english(tmp_path: Path) -> None:
    english = window(make_case(tmp_path / "case", language="en"))
    shown = english.words("?tab=vouchers")
    assert "What-if settlement" in shown
    assert "結案試算" not in shown
    assert current_language() == SOURCE_LANGUAGE  # outside the page nothing has changed


def test_what_is_refused_is_said_in_its_own_words(page: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_view: View, _query: Any) -> None:
        raise GrantError("請先補上核定資料")

    monkeypatch.setitem(routes._PAGES, "account", refuse)
    shown = page.words("?tab=account")
    assert "請先補上核定資料" in shown
    assert "GrantError" not in shown


def test_what_fails_is_said_on_the_page(page: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_view: View, _query: Any) -> None:
        raise RuntimeError("<b>broken</b>")

    monkeypatch.setitem(routes._PAGES, "account", fail)
    shown = page.get("?tab=account")
    assert "&lt;b&gt;broken&lt;/b&gt;" in shown
    assert "這一頁無法顯示" in shown
    assert "總覽" in page.get("?tab=overview")


@pytest.mark.parametrize(
    "query", ["?tab=nowhere", "?tab=vouchers&voucher=none", "?as_of=yesterday", "?page=x"]
)
def test_an_address_that_makes_no_sense(page: Window, query: str) -> None:
    page.get(query)


@pytest.mark.parametrize(
    "books",
    [
        "",
        '2023-06-01 custom "grant-award" 5\n',
        "this is not a ledger\n",
        '2023-06-01 * "x" "unbalanced"\n  Assets:1專戶:1政府補助款  5 TWD\n  Equity:1業者投入  -4 TWD\n',
        '2023-06-01 * "x" "half dollars"\n  Expenses:2業者自籌款:05人事費  5.5 TWD\n  Equity:1業者投入  -5.5 TWD\n',
        '2023-06-01 custom "grant-finding" "F-001"\n2023-06-01 custom "grant-sample" 5\n',
        BOOKS.replace("managed-factory-112", "nowhere"),
    ],
)
def test_broken_books_still_open(tmp_path: Path, books: str) -> None:
    page = window(make_case(tmp_path / "case", books))
    for tab in TABS:
        assert "這一頁無法顯示" not in page.get(f"?tab={tab}")


def test_an_address_cannot_put_words_into_the_page(page: Window) -> None:
    assert "F-001、F-002" in page.words("?tab=audit&filed=F-001、F-002")
    assert "請匯款" not in page.words("?tab=audit&filed=請匯款到")


def test_waivers_and_the_config_are_seen_in_fava(tmp_path: Path) -> None:
    case = make_case(tmp_path / "case", BOOKS.replace("voucher-date: 2023-06-12", "voucher-date: 2023-05-12"))
    main = (case / "main.beancount").read_text(encoding="utf-8")
    config = """plugin "checks" "{'ignore': ['month-not-closed']}\""""
    (case / "main.beancount").write_text(main.replace('plugin "checks"', config), encoding="utf-8")
    waiver = """2023-10-01 custom "grant-waiver" "voucher-outside-period" "AB12345678"
  reason: "簽約前經核准先行採購"
  approval: "產授字第1號"
"""
    books = case / "books.beancount"
    books.write_text(books.read_text(encoding="utf-8") + waiver, encoding="utf-8")
    (case / "audit.beancount").write_text(decision(waiver), encoding="utf-8")
    page = window(case)
    checks = page.words("?tab=checks")
    assert "本案設定不檢查:month-not-closed" in checks
    voucher = page.words(f"?tab=vouchers&voucher={page.key('AB12345678')}")
    for told in ("2023-10-01", "簽約前經核准先行採購", "產授字第1號"):
        assert told in checks
        assert told in voucher
    assert "已放行" in voucher


def test_unreadable_books_come_first(tmp_path: Path) -> None:
    page = window(make_case(tmp_path / "case", BOOKS + "\n2023-06-01 nonsense\n"))
    assert "先改正帳本讀不懂的地方" in page.words("?tab=overview")


@pytest.mark.parametrize(("listed", "reads"), [(True, 0), (False, 1)])
def test_a_case_is_read_once_a_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: bool, reads: int
) -> None:
    """The case that the plugin read serves every page; where the books do not list the plugin, one is read for all."""
    case = make_case(tmp_path / "case", BOOKS)
    main = (case / "main.beancount").read_text(encoding="utf-8")
    if not listed:
        (case / "main.beancount").write_text(main.replace('plugin "checks"\n', ""), encoding="utf-8")
    page = window(case)
    made: list[Case] = []

    def make(*args: Any, **named: Any) -> Case:
        made.append(Case(*args, **named))
        return made[-1]

    monkeypatch.setattr("audit.web.extension.Case", make)
    for tab in TABS:
        page.get(f"?tab={tab}")
    assert len(made) == reads


PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "</style></script><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_names_from_the_books_are_text(tmp_path: Path, payload: str) -> None:
    books = (
        BOOKS.replace("精密機械股份有限公司", payload)
        .replace("感測器模組", payload)
        .replace("提領112/06支用數", payload)
    )
    page = window(make_case(tmp_path / "case", books))
    key = page.key("AB12345678")
    for address in (
        *(f"?tab={tab}" for tab in TABS),
        f"?tab=vouchers&voucher={key}",
        f"?tab=vouchers&q={payload}",
    ):
        shown = page.get(address).split('<script type="application/json"')[0]
        body = shown.partition("</style>")[2]
        assert "<script" not in body
        assert "onerror=alert(1)>" not in body
        assert "<svg" not in body
        assert "' onmouseover='" not in body
        assert 'href="javascript' not in body
