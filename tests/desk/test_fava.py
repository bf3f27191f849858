"""The extension: pages that never raise, forms that are shown, asked and written, and who may."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest

from checks.engine.catalogue import all_checks
from desk.plain import plain
from desk.web.registry import ACTS
from desk.web.registry import PAGES
from desk.web.registry import PLACES
from desk.web.registry import DeskPage
from ledger.files.history import History
from ledger.util.docstrings import extract
from ledger.util.i18n import speaking
from tests.desk.house import DONE
from tests.desk.house import Window
from tests.desk.house import books_of
from tests.desk.house import closed
from tests.desk.house import fields_of
from tests.desk.house import said
from tests.desk.house import window
from tests.desk.house import words_of

ROOT = Path(__file__).parents[2]
LAST = "?tab=operation&about=2"
ABOUT = {"operation": "2", "voucher": "QZ10000003"}  # of the pages that are about one thing


def address_of(page: DeskPage) -> str:
    return f"?tab={page.tab}&about={ABOUT.get(page.tab, '')}"


def test_every_page_opens_and_says_what_it_is_for(desk: Window) -> None:
    for page in PAGES:
        words = desk.words(address_of(page))
        assert page.purpose in words, page.tab
        assert "Traceback" not in words


def test_the_first_page_is_what_is_next(desk: Window) -> None:
    assert PAGES[0].tab == "next"
    words = desk.words()
    assert "回答 2 個問題" in words
    assert "月結 2023-06" in words
    assert "已逾期" in words


def test_every_step_leads_to_the_page_where_it_is_done(desk: Window) -> None:
    page = desk.get()
    steps = page.partition('<ol class="steps">')[2].partition("</ol>")[0]
    assert steps.count("<li>") == steps.count("<a ") > 3
    for address in re.findall(r'<a href="([^"]+)"', steps):
        if not address.startswith("#"):
            assert "找不到" not in desk.words(html.unescape(address))
    assert 'id="errors"' in page


def test_errors_stand_there_with_their_money_and_their_vouchers(desk: Window) -> None:
    words = desk.words().partition("檢查發現的錯誤")[2]
    assert "涉及金額" in words
    assert "QZ10000001" in words
    page = desk.get()
    assert re.search(r"tab=voucher&amp;about=[^\"]+QZ10000001", page)
    (question,) = [
        one["id"] for one in said("questions", desk.folder)["questions"] if one["kind"] == "voucher"
    ]
    assert f"tab=questions&amp;about={question}" in page.partition("檢查發現的錯誤")[2]


def test_every_page_speaks_english(folder: Path) -> None:
    main = folder / "main.beancount"
    main.write_text(
        main.read_text(encoding="utf-8").replace('"language" "zh_Hant_TW"', '"language" "en"'), "utf-8"
    )
    english = window(folder)
    for page in PAGES:
        shown = english.get(address_of(page))
        assert page.purpose not in words_of(shown)
        # Below the tabs the books speak in their own language.
        assert page.title not in words_of(shown.partition("<nav")[2].partition("</nav>")[0])


def test_what_is_not_there_says_so(desk: Window) -> None:
    for address in ("?tab=nonsense", "?tab=operation", "?tab=operation&about=99", "?tab=operation&about=x"):
        assert "找不到" in desk.words(address)


def test_an_address_cannot_claim_that_something_was_written(desk: Window) -> None:
    assert "已寫入" not in desk.words("?tab=log&done=99")
    assert "已寫入" not in desk.words("?tab=log&done=<b>x</b>")
    assert "<b>x</b>" not in desk.get("?tab=log&done=<b>x</b>&q=<b>x</b>")


def test_a_page_that_fails_is_a_page(desk: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("desk.web.routes._done", fails)
    assert "這一頁無法顯示" in desk.words("?tab=log")


def test_an_undo_is_shown_then_written_then_offered_back(desk: Window, folder: Path) -> None:
    before = books_of(folder)
    page = desk.confirm(LAST, do="undo", operation="2", back="log")
    assert "復原:匯入" in words_of(page)
    assert books_of(folder) == before
    sent = desk.post("write", fields_of(page))
    assert sent.status_code == 303
    assert re.search(r"tab=log", sent.headers["Location"])
    assert DONE.findall(sent.headers["Location"]) == ["3"]
    shown = desk.words(sent.headers["Location"])
    assert "已寫入:復原:匯入" in shown
    assert (folder / "inbox" / "vouchers.csv").is_file()


def test_what_the_page_undoes_is_what_the_command_undoes(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "case"
    other.parent.mkdir()
    shutil.copytree(folder, other)
    window(folder).write(LAST, do="undo", operation="2", back="log")
    said("undo", other, "2")
    assert books_of(folder) == books_of(other)


def test_the_history_names_who_did_it(desk: Window, folder: Path) -> None:
    desk.write(LAST, do="undo", operation="2", back="log")
    last = History(folder).operations()[-1]
    assert last.kind == "undo"
    assert last.by


def test_a_form_without_its_secrets_is_refused(desk: Window, folder: Path) -> None:
    form = {"do": "undo", "operation": "2", "back": "log"}
    secrets = desk.secrets(LAST)
    before = books_of(folder)
    for endpoint in ("confirm", "write"):
        assert desk.post(endpoint, form).status_code == 403
        assert desk.post(endpoint, {**form, **secrets, "token": "x"}).status_code == 403
        assert desk.post(endpoint, {**form, **secrets}, Origin="http://evil.example").status_code == 403
        cross = desk.client.post(
            f"{desk.base}{endpoint}", data={**form, **secrets}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert cross.status_code == 403
    assert books_of(folder) == before


def test_a_page_that_is_stale_writes_nothing_and_shows_what_came(desk: Window, folder: Path) -> None:
    page = desk.confirm(LAST, do="undo", operation="2", back="log")
    closed(folder, "2023-06")
    before = books_of(folder)
    answer = desk.post("write", fields_of(page))
    assert answer.status_code == 409
    shown = answer.get_data(as_text=True)
    assert "月結 2023-06" in words_of(shown)
    assert books_of(folder) == before


def test_an_edit_by_hand_makes_a_page_stale(desk: Window, folder: Path) -> None:
    page = desk.confirm(LAST, do="undo", operation="2", back="log")
    book = folder / "books" / "2023-06.beancount"
    book.write_text(book.read_text(encoding="utf-8") + "\n; by hand\n", encoding="utf-8")
    assert desk.post("write", fields_of(page)).status_code == 409


def test_what_the_auditor_files_meanwhile_does_not(desk: Window, folder: Path) -> None:
    page = desk.confirm(LAST, do="undo", operation="2", back="log")
    with (folder / "audit.beancount").open("a", encoding="utf-8") as file:
        file.write("; noted\n")
    assert desk.post("write", fields_of(page)).status_code == 303


def test_a_refusal_is_in_words(desk: Window, folder: Path) -> None:
    before = books_of(folder)
    words = words_of(desk.confirm(LAST, status=400, do="undo", operation="1", back="log"))
    assert "不能復原" in words
    assert words_of(desk.confirm(LAST, status=400, do="undo", operation="77", back="log"))
    assert "不知道要做什麼" in words_of(desk.confirm(LAST, status=400, do="nonsense", back="log"))
    assert books_of(folder) == before


def test_back_leads_to_a_page_of_the_desk_alone(desk: Window) -> None:
    page = desk.confirm(LAST, do="undo", operation="2", back="https://evil.example/:x")
    assert "evil.example/" not in re.findall(r'href="([^"]*)" class="button muted"', page)[0]
    where = desk.post("write", fields_of(page)).headers["Location"]
    assert where.startswith(desk.base)


def test_read_only_shows_and_writes_nothing(folder: Path) -> None:
    shown = window(folder, read_only=True)
    page = shown.get(LAST)
    assert "唯讀" in words_of(page)
    assert '<form method="post"' not in page
    for endpoint in ("confirm", "write"):
        assert shown.post(endpoint, {"do": "undo", "operation": "2"}).status_code in {401, 403}


def test_every_act_and_place_is_known() -> None:
    assert all(callable(plan) for plan in ACTS.values())
    assert len({page.tab for page in PAGES}) == len(PAGES)
    assert {page.under for page in PAGES} - {""} <= {page.tab for page in PAGES}
    assert {place.tab for place in PLACES.values()} <= {page.tab for page in PAGES}


def test_a_message_of_the_command_line_is_told_in_the_words_of_the_pages() -> None:
    assert plain("請寫明理由(--reason)") == "請寫明理由"
    assert plain("要改認這筆款項請加 --reopen 重開該月") == "要改認這筆款項請加「重開」重開該月"
    assert plain("請以 grant answer 指定,不核銷者以 grant correct --set claimed=0 確認") == (
        "請到「待答」指定,不核銷者以「更正」把「認列金額」改為 0 確認"
    )
    assert plain("匯入 inbox 裡的 2 個檔案") == "匯入收件匣裡的 2 個檔案"
    assert plain("放進 inbox/ 再執行 grant import") == "放進收件匣再執行「匯入」"
    assert plain("讀不懂 inbox.csv") == "讀不懂 inbox.csv"
    assert plain("要改請先以 grant undo 復原那一次登記") == "要改請先復原那一次登記"
    assert plain("尚未附驗收紀錄;請執行 grant evidence 案件 acceptance-report 檔案 --voucher QZ1;謝謝") == (
        "尚未附驗收紀錄;請到「核定」登記;謝謝"
    )
    assert plain("請先復原後來的操作(grant log)") == "請先復原後來的操作"
    assert plain("履約保證要寫金額:--amount") == "履約保證要寫金額"
    assert plain("請向查核人員索取 grant bundle 的檔案") == "請向查核人員索取 grant bundle 的檔案"
    with speaking("en"):
        assert plain("answer it with grant answer, or use grant undo (see grant log)") == (
            "answer it on “Questions”, or use “Undo”"
        )
    for word in ("--voucher", "--month", "grant undo", "grant revise"):
        assert word not in plain(f"請用 {word} 指定")


def test_every_command_of_a_message_that_the_pages_show_has_a_name_there() -> None:
    """What the books, the importers and the checks say of a command that an accountant gives; auditors have their own."""
    of_others = {"explain", "portfolio", "scheme", "bundle", "merge", "serve"}
    for room in ("checks", "importers", "ledger"):
        for path in sorted((ROOT / room).rglob("*.py")):
            with path.open("rb") as source:
                for _line, _function, message, _comments in extract(source, ("_",), (), {}):
                    left = set(re.findall(r"\bgrant ([a-z]+)", plain(message))) - of_others
                    assert not left, (path, message)


def test_nobody_sees_a_word_of_the_program_who_does_not_ask_for_it(desk: Window, folder: Path) -> None:
    closed(folder, "2023-06")
    ids = re.compile("|".join(rf"\b{re.escape(check)}\b" for check in all_checks()))
    for page in PAGES:
        shown = re.sub(r"<details>.*?</details>", "", desk.get(address_of(page)), flags=re.DOTALL)
        words = words_of(shown.partition('<div class="audit desk">')[2].partition("</article>")[0])
        assert words, page.tab
        for wrong in (
            ids,
            r"\.beancount",
            r"Expenses:|Assets:|Liabilities:|Equity:|Income:",
            r"\bgrant [a-z]+\b",
            r"--[a-z]+",
        ):
            assert not re.search(wrong, words), (page.tab, re.search(wrong, words))
