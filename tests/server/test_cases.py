"""Which cases are found, how they are addressed, kept open, and never shown as they were before."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

import pytest

from ledger.loading.loader import CaseNotFoundError
from ledger.loading.safe_folder import trusting
from server import case_ledger
from server.app import Server
from server.case_ledger import BrokenCaseError
from server.case_ledger import CaseLedger
from server.case_ledger import browser_locale
from server.cases import Cases
from server.cases import ServedCase
from server.cases import matches
from tests.audit.house import PAPERS
from tests.audit.house import make_case
from tests.server.house import client_of
from tests.server.house import make_server

ONE = "/甲案/api/journal_page?page=1&order=desc"


def _fresh(ledger: CaseLedger) -> bool:
    """Ask as a page does: load anew where something changed. Whether it was."""
    return bool(ledger.changed())


# --- finding -------------------------------------------------------------------------------------------


def test_cases_are_found_at_any_depth_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    (folder / "空的").mkdir()
    make_case(folder / ".藏" / "丙案")
    make_case(tmp_path / "elsewhere" / "丁案")
    (folder / "連到外面").symlink_to(tmp_path / "elsewhere")
    make_case(folder / "甲案" / "documents" / "案中案")  # a case holds no other
    assert [case.name for case in Cases([folder]).listed().values()] == ["112/乙案", "甲案"]


def test_a_case_that_comes_or_goes_is_seen_at_once(folder: Path) -> None:
    cases = Cases([folder])
    assert len(cases.listed()) == 2
    make_case(folder / "丙案")
    assert cases.get("丙案") is not None
    shutil.rmtree(folder / "甲案")
    assert cases.get("甲案") is None
    assert "甲案" not in cases.listed()


def test_names_that_make_one_address_are_told_apart(tmp_path: Path) -> None:
    for name in ("A B", "a-b", "static", "login", "jump", "!!"):
        make_case(tmp_path / name)
    listed = Cases([tmp_path]).listed()
    assert len(listed) == 6
    assert not {"static", "login", "jump", "", "grant", "logout"} & set(listed)
    server = make_server(tmp_path)
    client = client_of(server, "")
    for key, case in listed.items():
        assert server.settings.cases.get(key) == case
        assert client.get(f"/{key}/journal/").status_code == 200, key


def test_several_folders_and_cases_together(folder: Path, tmp_path: Path) -> None:
    other = make_case(tmp_path / "single")
    names = [case.name for case in Cases([folder, other]).listed().values()]
    assert names == ["cases/112/乙案", "cases/甲案", "single"]


def test_a_folder_without_a_case_is_refused(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "missing"):
        with pytest.raises(CaseNotFoundError):
            Cases([place])


@pytest.mark.parametrize(
    ("name", "pattern", "fits"),
    [
        ("甲案", "甲案", True),
        ("甲案", "*", True),
        ("112/乙案", "*", True),
        ("112/乙案", "112/*", True),
        ("1120/乙案", "112/*", False),
        ("甲案2", "甲案", False),
        ("甲案", "", False),
        ("caf\u00e9", "cafe\u0301", True),
        ("[12]案", "[[]12]案", True),
        ("A案", "a案", False),
    ],
)
def test_globs_mean_whole_names(name: str, pattern: str, fits: bool) -> None:
    assert matches(ServedCase("x", name, Path()), pattern) is fits


# --- kept open -----------------------------------------------------------------------------------------


def test_no_more_than_so_many_are_kept_open(tmp_path: Path) -> None:
    for number in range(4):
        make_case(tmp_path / f"case{number}")
    cases = Cases([tmp_path], most_alive=2)
    for number in (0, 1, 0, 2, 3, 0):
        cases.ledger(f"case{number}")
    assert [number for number in range(4) if cases.alive(f"case{number}")] == [0, 3]


def test_no_thread_is_left_behind_by_a_case(local: Server) -> None:
    import threading  # noqa: PLC0415 -- counted before and after

    client = client_of(local, "")
    before = threading.active_count()
    for page in ("/甲案/journal/", "/112-乙案/journal/"):
        assert client.get(page).status_code == 200
    assert threading.active_count() <= before


# --- never stale ---------------------------------------------------------------------------------------


def test_what_is_on_disk_is_what_is_shown(local: Server, folder: Path) -> None:
    client = client_of(local, "")
    book = folder / "甲案" / "books.beancount"
    text = book.read_text(encoding="utf-8")
    assert "新商行" not in client.get(ONE).get_json()["data"]["journal"]
    for name in ("新商行", "改商行", "又商行"):
        book.write_text(text.replace("昱峻氣動企業有限公司", name), encoding="utf-8")
        assert name in client.get(ONE).get_json()["data"]["journal"]


def test_an_older_file_in_place_of_a_newer_is_seen(local: Server, folder: Path) -> None:
    client = client_of(local, "")
    book = folder / "甲案" / "books.beancount"
    text = book.read_text(encoding="utf-8")
    client.get(ONE)
    book.write_text(text.replace("昱峻氣動企業有限公司", "舊商行"), encoding="utf-8")
    os.utime(book, (1_000_000_000, 1_000_000_000))
    assert "舊商行" in client.get(ONE).get_json()["data"]["journal"]


def test_a_book_that_is_new_is_seen(tmp_path: Path) -> None:
    case = make_case(tmp_path / "case")
    (case / "books").mkdir()
    main = case / "main.beancount"
    text = main.read_text(encoding="utf-8")
    main.write_text(text + 'include "books/*.beancount"\n', encoding="utf-8")
    (case / "books" / "2023-06.beancount").write_text("; 2023-06\n", encoding="utf-8")
    ledger = CaseLedger(main)
    assert not _fresh(ledger)
    (case / "books" / "2023-07.beancount").write_text('2023-07-01 event "x" "新的"\n', encoding="utf-8")
    assert _fresh(ledger)
    assert ledger.all_entries_by_type.Event


def test_a_paper_is_seen_when_it_comes_and_when_its_content_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case(tmp_path / "case")
    ledger = CaseLedger(case / "main.beancount")
    new = case / PAPERS / "2023-06-13.new.pdf"
    new.write_bytes(b"%PDF-1.4\n")
    assert _fresh(ledger)
    assert not _fresh(ledger)
    new.write_bytes(b"%PDF-1.5 another\n")
    monkeypatch.setattr(case_ledger, "_PAPERS_SECONDS", 0)
    assert _fresh(ledger)


@pytest.mark.parametrize("place", [".git/index", ".grant/lock", "inbox/bank.csv"])
def test_what_decides_nothing_is_not_looked_at(tmp_path: Path, place: str) -> None:
    case = make_case(tmp_path / "case")
    (case / place).parent.mkdir()
    (case / place).write_text("a", encoding="utf-8")
    ledger = CaseLedger(case / "main.beancount")
    (case / place).write_text("another", encoding="utf-8")
    assert not _fresh(ledger)


def test_the_day_after_is_another_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = make_case(tmp_path / "case")
    ledger = CaseLedger(case / "main.beancount")
    monkeypatch.setattr(case_ledger, "_PAPERS_SECONDS", 0)
    assert not _fresh(ledger)
    monkeypatch.setattr(case_ledger, "_today", lambda: "tomorrow")
    assert _fresh(ledger)


# --- what cannot be shown ------------------------------------------------------------------------------


def test_a_case_that_would_end_the_process_is_said_and_the_others_go_on(local: Server, folder: Path) -> None:
    client = client_of(local, "")
    book = folder / "甲案" / "books.beancount"
    text = book.read_text(encoding="utf-8")
    assert client.get(ONE).status_code == 200
    book.write_text(text + '2023-06-14 * "a"\n  Assets:1專戶:1政府補助款  50/0 TWD\n', encoding="utf-8")
    shown = client.get("/甲案/journal/")
    assert shown.status_code == 422
    assert "除以零" in shown.get_data(as_text=True)
    assert "books.beancount" in shown.get_data(as_text=True)
    assert "除以零" in client.get(ONE).get_json()["error"]
    assert "除以零" in client.get("/").get_data(as_text=True)
    assert client.get("/112-乙案/journal/").status_code == 200
    book.write_text(text, encoding="utf-8")
    assert client.get("/甲案/journal/").status_code == 200


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('plugin "evil"', "evil"),
        ('option "insert_pythonpath" "True"', "insert_pythonpath"),
        ('2023-06-01 custom "fava-extension" "evil"', "evil"),
        ('2023-06-01 custom "fava-option" "import-config" "evil.py"', "import-config"),
        ('include "../../elsewhere.beancount"', "elsewhere"),
    ],
)
def test_an_unsafe_case_is_a_page_that_says_so_and_runs_nothing(
    local: Server, folder: Path, tmp_path: Path, line: str, told: str
) -> None:
    client = client_of(local, "")
    assert client.get(ONE).status_code == 200  # it was a good case when it was opened
    ran = tmp_path / "ran"
    (tmp_path / "elsewhere.beancount").write_text("", encoding="utf-8")
    (folder / "甲案" / "evil.py").write_text(f"open({str(ran)!r}, 'w')", encoding="utf-8")
    main = folder / "甲案" / "main.beancount"
    main.write_text(f"{main.read_text(encoding='utf-8')}{line}\n", encoding="utf-8")
    for page in ("/甲案/journal/", "/甲案/extension/Audit/", ONE):
        answer = client.get(page)
        assert answer.status_code == 422, page
    shown = client.get("/甲案/journal/").get_data(as_text=True)
    assert told in shown
    assert "main.beancount" in shown
    assert "無法開啟" in client.get("/").get_data(as_text=True)
    assert client.get("/112-乙案/journal/").status_code == 200
    assert not ran.exists()


def test_the_import_path_is_as_it_was(tmp_path: Path) -> None:
    import sys  # noqa: PLC0415 -- looked at before and after

    case = make_case(tmp_path / "case")
    main = case / "main.beancount"
    text = main.read_text(encoding="utf-8")
    main.write_text(text + '2023-06-01 custom "fava-extension" "no.such.thing"\n', encoding="utf-8")
    before = list(sys.path)
    with contextlib.suppress(BrokenCaseError), trusting():
        CaseLedger(main)
    assert sys.path == before


# --- the locale ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "browser"),
    [
        ("zh_Hant_TW", "zh_TW"),
        ("zh_TW", "zh_TW"),
        ("en", "en"),
        ("en_US", "en_US"),
        (None, None),
        ("zh_Hans_CN", "zh_CN"),
        ("sr_Latn_RS", "sr_RS"),
    ],
)
def test_a_locale_is_one_that_browsers_know(given: str | None, browser: str | None) -> None:
    assert browser_locale(given) == browser


def test_the_locale_of_an_old_case_is_put_right_without_touching_it(tmp_path: Path) -> None:
    case = make_case(tmp_path / "case")
    main = case / "main.beancount"
    text = main.read_text(encoding="utf-8") + '2023-06-01 custom "fava-option" "locale" "zh_Hant_TW"\n'
    main.write_text(text, encoding="utf-8")
    ledger = CaseLedger(main)
    assert ledger.fava_options.locale == "zh_TW"
    assert ledger.fava_options.language == "zh_Hant_TW"
    main.write_text(text + "; more\n", encoding="utf-8")
    assert _fresh(ledger)
    assert ledger.fava_options.locale == "zh_TW"
    assert main.read_text(encoding="utf-8") == text + "; more\n"
