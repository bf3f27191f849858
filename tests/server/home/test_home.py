"""The home page: whose cases, how far, what is wrong, and which page of many."""

from __future__ import annotations

import datetime
import html
import re
from pathlib import Path

import duckdb
import pytest

from audit.web.query import Query
from portfolio.crossed import up_to_date
from portfolio.dismissals import dismiss
from portfolio.index import reading
from portfolio.index import update_index
from portfolio.risk import rank
from portfolio.rules import read_rules
from portfolio.synthetic import make_portfolio
from server.access.users import UsersFile
from server.access.users import add_access
from server.access.users import write_users
from server.app import Server
from server.app import Settings
from server.cases import Cases
from server.home import cards
from server.home.next_up import next_up
from tests.audit.house import make_case
from tests.server.house import HOST
from tests.server.house import PASSWORD
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


def test_a_long_award_cut_in_an_amount_does_not_end_the_server(folder: Path) -> None:
    """A card reads so many bytes and no more: 50/0.5, cut where it is harmful, is a division by nothing."""
    award = make_case(folder / "丙案") / "award.beancount"
    text = award.read_text(encoding="utf-8") + "; "
    cut = '\n2023-06-01 custom "grant-other" 50/0'
    fill = cards._MOST_BYTES - len(text.encode()) - len(cut)
    award.write_text(f"{text}{'x' * fill}{cut}.5 TWD\n", encoding="utf-8")
    assert "除以零" in _home(make_server(folder))


def test_cases_are_searched_and_paged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cards, "CARDS_A_PAGE", 3)
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


# --- by the portfolio's index ------------------------------------------------------------------------------


@pytest.fixture
def claimed_twice(tmp_path: Path) -> Path:
    """Planted cases with one invoice in two of them, one voucher judged; checked across."""
    folder = tmp_path / "cases"
    make_portfolio(folder, cases=5, vouchers=4, seed=3, plants=["same-invoice"])
    update_index(folder, day=datetime.date(2024, 7, 1), jobs=1)
    up_to_date(folder)
    return folder


def _names(page: str) -> list[str]:
    """The addresses of the cards, in their order."""
    return re.findall(r'<h2><a href="/([^"/]+)/">', page)


def test_the_riskiest_case_comes_first_with_its_reasons(claimed_twice: Path) -> None:
    server = make_server(claimed_twice)
    page = _home(server)
    assert len(_names(page)) == 5
    with reading(claimed_twice) as connection:
        ranked = rank(connection, up_to_date(claimed_twice), set(), read_rules())
    assert _names(page) == [risk.path for risk in ranked]
    assert f"風險 {ranked[0].points} 分" in page
    for reason in ranked[0].reasons:
        assert f"<li>{reason.why} <span" in page
    assert "跨案疑點 1 件" in page
    assert _names(_home(server, address="/?order=name")) == sorted(risk.path for risk in ranked)


def test_the_list_is_narrowed_and_added_up(claimed_twice: Path) -> None:
    server = make_server(claimed_twice)
    assert sorted(_names(_home(server, address="/?state=crossed"))) == ["case-00001", "case-00002"]
    assert _names(_home(server, address="/?state=unread")) == []
    assert len(_names(_home(server, address="/?state=nothing&look=nowhere&order=x"))) == 5
    assert _names(_home(server, address="/?q=case-00003")) == ["case-00003"]
    with reading(claimed_twice) as connection:
        recognised = dict(connection.execute("SELECT path, recognised FROM cases").fetchall())
    whole, two = sum(recognised.values()), recognised["case-00001"] + recognised["case-00002"]
    assert f"<dt>認列補助款</dt><dd>{whole:,}</dd>" in _home(server)
    assert f"<dt>認列補助款</dt><dd>{two:,}</dd>" in _home(server, address="/?state=crossed")


def test_the_index_as_it_stands_is_shown(claimed_twice: Path) -> None:
    server = make_server(claimed_twice)
    (finding,) = up_to_date(claimed_twice)
    assert "不是以目前的索引比對的" not in _home(server)
    dismiss(claimed_twice, finding.id, "兩案共用,已附分攤表", "", datetime.date(2024, 7, 1))
    assert "跨案疑點 1 件" not in _home(server)
    book = next((claimed_twice / "case-00001" / "books").iterdir())
    book.write_text(book.read_text(encoding="utf-8") + "; 註記\n", encoding="utf-8")
    update_index(claimed_twice, day=datetime.date(2024, 7, 1), jobs=1)
    assert "不是以目前的索引比對的" in _home(server)


def test_a_broken_rules_file_is_told_and_the_cases_are_listed(claimed_twice: Path) -> None:
    (claimed_twice / "rules.toml").write_text("[risk]\nnonsense = 1\n", encoding="utf-8")
    page = _home(make_server(claimed_twice))
    assert "risk.nonsense" in page
    assert len(_names(page)) == 5


@pytest.mark.parametrize("written", [b"no index", b""])
def test_an_index_that_cannot_be_read_is_no_index_of_nothing(claimed_twice: Path, written: bytes) -> None:
    """No sums of nought, and no word of nothing found."""
    (claimed_twice / "portfolio.duckdb").write_bytes(written)
    client = client_of(make_server(claimed_twice), "")
    home, whole = (client.get(address).get_data(as_text=True) for address in ("/", "/grant/portfolio"))
    assert len(_names(home)) == 5
    for page in (home, whole):
        assert "notice bad" in page
        for text in ("核定補助款", "沒有發現問題", "錯誤率"):
            assert text not in page, text


def test_what_is_not_in_the_index_is_told_beside_the_sums(claimed_twice: Path) -> None:
    assert "沒有計入" not in _home(make_server(claimed_twice))
    make_portfolio(claimed_twice / "more", cases=2, vouchers=2, seed=9)
    client = client_of(make_server(claimed_twice), "")
    for address in ("/", "/grant/portfolio"):
        assert "2 件不在索引或讀不到,沒有計入" in client.get(address).get_data(as_text=True)
    assert len(_names(client.get("/?state=unread").get_data(as_text=True))) == 2


def test_nothing_found_is_said_of_what_was_looked_through(claimed_twice: Path) -> None:
    with duckdb.connect(str(claimed_twice / "portfolio.duckdb")) as connection:
        connection.execute("DELETE FROM cross_findings")
    book = next((claimed_twice / "case-00001" / "books").iterdir())
    book.write_text(book.read_text(encoding="utf-8") + "; 註記\n", encoding="utf-8")
    update_index(claimed_twice, day=datetime.date(2024, 7, 1), jobs=1)
    page = client_of(make_server(claimed_twice), "").get("/grant/portfolio").get_data(as_text=True)
    assert "不是以目前的索引比對的" in page
    assert "沒有發現問題" not in page


def test_a_finding_across_stands_on_every_case_that_it_touches(claimed_twice: Path) -> None:
    client = client_of(make_server(claimed_twice), "")
    (finding,) = up_to_date(claimed_twice)
    for own, other in (finding.cases, reversed(finding.cases)):
        page = client.get(f"/{own}/extension/Audit/?tab=checks").get_data(as_text=True)
        assert "跨案疑點(1 件)" in page
        assert finding.message in html.unescape(page)
        assert f'href="/{other}/"' in page
    assert "跨案疑點" not in client.get("/case-00003/extension/Audit/?tab=checks").get_data(as_text=True)
    dismiss(claimed_twice, finding.id, "兩案共用,已附分攤表", "", datetime.date(2024, 7, 1))
    page = client.get(f"/{finding.case}/extension/Audit/?tab=checks").get_data(as_text=True)
    assert "排除理由:兩案共用,已附分攤表" in page


def test_who_sees_one_case_alone_learns_nothing_of_the_other(claimed_twice: Path, tmp_path: Path) -> None:
    write_users(
        tmp_path / "users.toml", add_access({}, "會計", "accountant", ["case-00001"], PASSWORD).values()
    )
    server = make_server(claimed_twice, users=UsersFile(tmp_path / "users.toml"))
    client = client_of(server, "會計")
    page = client.get("/case-00001/extension/Audit/?tab=checks").get_data(as_text=True)
    assert "與您看不到的案件有關" in page
    whole = client.get("/grant/portfolio").get_data(as_text=True)
    assert "另有 1 件沒有列出" in whole
    for shown in (page, whole, client.get("/").get_data(as_text=True)):
        assert "case-00002" not in shown
        assert "虛構計畫2" not in shown


def test_the_page_of_the_whole_portfolio(claimed_twice: Path) -> None:
    client = client_of(make_server(claimed_twice), "")
    page = client.get("/grant/portfolio").get_data(as_text=True)
    (finding,) = up_to_date(claimed_twice)
    assert finding.message in html.unescape(page)
    for text in ("查核方式建議", "錯誤率", "消耗性器材及原材料費"):
        assert text in page, text
    (claimed_twice / "portfolio.duckdb").unlink()
    assert "還沒有索引" in client.get("/grant/portfolio").get_data(as_text=True)
