"""The home page: whose cases, how far, what is wrong, and which page of many."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from audit.web.query import Query
from portfolio.index import update_index
from server import home
from server.app import Server
from server.app import Settings
from server.cases import Cases
from server.next_up import next_up
from tests.audit.house import make_case
from tests.server.house import HOST
from tests.server.house import TOKEN
from tests.server.house import client_of
from tests.server.house import make_server


def _home(server: Server, who: str = "", address: str = "/") -> str:
    return str(client_of(server, who).get(address).get_data(as_text=True))


def test_a_card_says_what_the_case_is(local: Server) -> None:
    page = _home(local)
    assert page.count('class="card"') == 2
    for text in ("112-納管-0456", "2023-06-01", "2023-09-30", "已月結 0/4 個月", "開啟後即檢查"):
        assert text in page, text


def test_an_open_case_shows_its_errors_with_their_money(local: Server) -> None:
    client = client_of(local, "")
    assert client.get("/甲案/journal/").status_code == 200
    page = client.get("/").get_data(as_text=True)
    assert page.count("開啟後即檢查") == 1
    assert "涉及" in page


def test_everybody_sees_their_own_cases(shared: Server) -> None:
    assert "/甲案/" in _home(shared, "viewer")
    assert "乙案" not in _home(shared, "viewer")
    assert "甲案" not in _home(shared, "other")
    assert "共 1 件" in _home(shared, "other")


def test_a_case_that_cannot_be_read_says_why(folder: Path) -> None:
    (folder / "空案").mkdir()
    (folder / "空案" / "main.beancount").write_text("", encoding="utf-8")
    make_case(folder / "除零案")
    (folder / "除零案" / "books.beancount").write_text(
        '2023-06-14 * "a"\n  Equity:1業者投入  1/0 TWD\n', encoding="utf-8"
    )
    make_case(folder / "亂碼案")
    (folder / "亂碼案" / "award.beancount").write_bytes(b"\xff\xfe\x00")
    page = _home(make_server(folder))
    assert page.count("card broken") == 3
    assert "除以零" in page
    assert page.count("找不到核定資料") == 2


def test_names_are_text(folder: Path) -> None:
    case = make_case(folder / "<img src=x onerror=alert(1)>")
    award = case / "award.beancount"
    text = award.read_text(encoding="utf-8")
    award.write_text(text.replace("主軸冷卻升級", "<script>alert(1)</script>"), encoding="utf-8")
    page = _home(make_server(folder))
    assert "<img" not in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_cases_are_searched_and_paged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "CARDS_A_PAGE", 3)
    for number in range(7):
        make_case(tmp_path / f"案{number}")
    server = make_server(tmp_path)
    assert _home(server).count('class="card"') == 3
    assert "3 / 3" in _home(server, address="/?page=3")
    assert _home(server, address="/?page=3").count('class="card"') == 1
    for strange in ("0", "-1", "99", "x", "1e9", "<b>"):
        assert client_of(server, "").get("/", query_string={"page": strange}).status_code == 200
    assert _home(server, address="/?q=案4").count('class="card"') == 1
    assert _home(server, address="/?q=主軸 0456").count('class="card"') == 3
    assert "符合「&lt;b&gt;」的案件 0 件" in _home(server, address="/?q=<b>")


def test_one_case_lands_on_its_overview(tmp_path: Path) -> None:
    case = make_case(tmp_path / "case")
    client = client_of(make_server(case), "")
    assert client.get("/").headers["Location"] == "/case/"
    assert client.get("/case/").headers["Location"] == "/case/extension/Audit/"
    assert client.get("/case/extension/Audit/").status_code == 200


def test_a_case_without_audit_pages_lands_on_fava(tmp_path: Path) -> None:
    case = make_case(tmp_path / "case")
    main = case / "main.beancount"
    text = main.read_text(encoding="utf-8")
    main.write_text(text.replace('2023-06-01 custom "fava-extension" "audit.fava"\n', ""), encoding="utf-8")
    client = client_of(make_server(case), "")
    assert client.get("/case/").headers["Location"] == "/case/income_statement/"
    assert Query().text("x") == ""


def test_the_server_speaks_the_language_it_was_started_in(folder: Path) -> None:
    from ledger.util import i18n  # noqa: PLC0415 -- switched and switched back

    before = i18n.current_language()
    i18n.use_language("en")
    try:
        server = make_server(folder)
    finally:
        i18n.use_language(before)
    assert "Grant cases" in _home(server)
    assert '<html lang="en">' in _home(server)


def test_a_card_says_what_is_next_and_by_when(folder: Path) -> None:
    page = _home(make_server(folder))
    assert page.count("月結 2023-06") == 2
    assert page.count("已過期限 2023-07-31") == 2
    (folder / "甲案" / "inbox").mkdir(exist_ok=True)
    (folder / "甲案" / "inbox" / "a.csv").write_text("x", encoding="utf-8")
    (folder / "甲案" / "inbox" / ".DS_Store").write_text("x", encoding="utf-8")
    assert "匯入收件匣的 1 個檔案" in _home(make_server(folder))


def test_what_is_next_by_the_day(tmp_path: Path) -> None:
    day = datetime.date
    assert next_up(tmp_path, "2023-06", day(2023, 9, 30), day(2023, 6, 30)) == (
        "2023-06 結束後月結",
        day(2023, 6, 30),
    )
    late = next_up(tmp_path, "2023-06", day(2023, 9, 30), day(2023, 7, 1))
    assert late is not None
    assert tuple(late) == ("月結 2023-06", day(2023, 7, 31))
    assert not late.is_late(day(2023, 7, 31))
    assert late.is_late(day(2023, 8, 1))
    assert next_up(tmp_path, "", day(2023, 9, 30), day(2023, 9, 30)) is None
    assert next_up(tmp_path, "", day(2023, 9, 30), day(2023, 10, 1)) == ("結案:期末報告、繳庫與請款", None)


def test_a_card_shows_what_the_portfolios_index_found(folder: Path) -> None:
    update_index(folder, day=datetime.date(2024, 1, 31), jobs=1)
    page = _home(make_server(folder))
    assert "2024-01-31 的索引" in page
    assert "開啟後即檢查" not in page
    (folder / "portfolio.duckdb").write_bytes(b"no index")
    assert "開啟後即檢查" in _home(make_server(folder))


def test_an_empty_folder_says_how_to_begin(tmp_path: Path) -> None:
    cases = Cases([tmp_path], may_be_empty=True)
    server = Server(Settings(cases, (HOST,), token=TOKEN))
    page = _home(server)
    assert "這個資料夾還沒有案件" in page
    assert "/grant/new" in page
