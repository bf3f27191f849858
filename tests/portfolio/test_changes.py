"""What has changed in a portfolio: by stamps, by content, and cases that cannot be looked into."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.util.i18n import speaking
from portfolio.changes import State
from portfolio.changes import changes
from portfolio.content import Content
from portfolio.content import find_cases
from portfolio.facts import read_facts
from portfolio.index import reading
from portfolio.index import update_index
from portfolio.synthetic import make_portfolio

DAY = datetime.date(2024, 7, 1)
LONG_AGO = 1_700_000_000


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    make_portfolio(folder, cases=3, vouchers=2, seed=11)
    return folder


def settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written just now counts as written long ago: times are kept by the file system, not by us."""
    monkeypatch.setattr("portfolio.content._SETTLED", -(10**12))


def reasons(folder: Path) -> dict[str, str]:
    return {each.case: each.reason for each in update_index(folder, day=DAY, jobs=1).broken}


# --- stamps ----------------------------------------------------------------------------------------------


def test_a_case_with_the_same_stamp_is_not_opened(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    update_index(cases, day=DAY, jobs=1)
    monkeypatch.setattr("portfolio.content.read_file", lambda *_args: pytest.fail("opened"))
    indexed = update_index(cases, day=DAY, jobs=1)
    assert (indexed.read, indexed.unchanged) == (0, 3)


def test_files_of_just_now_are_opened_again(cases: Path) -> None:
    """Within a tick of the file system's clock a file may be written twice and look the same."""
    assert Content(str(cases / "case-00001")).stamp == ""


def test_a_case_that_was_copied_is_not_read_again(
    cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch)
    update_index(cases, day=DAY, jobs=1)
    before = Content(str(cases / "case-00001"))
    shutil.copytree(cases / "case-00001", tmp_path / "copy")
    shutil.rmtree(cases / "case-00001")
    shutil.copytree(tmp_path / "copy", cases / "case-00001")
    after = Content(str(cases / "case-00001"))
    assert (before.digest, before.stamp != after.stamp) == (after.digest, True)
    assert update_index(cases, day=DAY, jobs=1).read == 0
    with reading(cases) as connection:
        row = connection.execute("SELECT stamp FROM index_state WHERE path = 'case-00001'").fetchone()
    assert row == (after.stamp,)


def test_the_same_size_and_time_do_not_hide_a_change(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(monkeypatch)
    book = next((cases / "case-00001" / "books").iterdir())
    os.utime(book, (LONG_AGO, LONG_AGO))
    update_index(cases, day=DAY, jobs=1)
    book.write_text(book.read_text(encoding="utf-8").replace("虛構", "假設"), encoding="utf-8")
    os.utime(book, (LONG_AGO, LONG_AGO))
    assert update_index(cases, day=DAY, jobs=1).read == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda case: (case / "documents" / "發票.pdf").write_bytes(b"%PDF"),
        lambda case: (case / "numpy").mkdir(),
        lambda case: (case / "link").symlink_to("/nowhere"),
        lambda case: (case / "pending.jsonl").write_text("{}\n", encoding="utf-8"),
        lambda case: (case / "inbox" / "a.csv").write_text("a\n", encoding="utf-8"),
        lambda case: (case / "more").mkdir() or (case / "more" / "x.beancount").touch(),
    ],
    ids=["paper", "package", "link", "pending", "inbox", "book elsewhere"],
)
def test_whatever_the_findings_may_come_from_is_in_the_content(
    cases: Path, change: Callable[[Path], object]
) -> None:
    case = cases / "case-00001"
    before = Content(str(case)).digest
    change(case)
    assert Content(str(case)).digest != before


def test_the_history_is_not_looked_into(cases: Path) -> None:
    case = cases / "case-00001"
    (case / ".git").mkdir()
    before = Content(str(case)).digest
    (case / ".git" / "HEAD").write_text("x", encoding="utf-8")
    assert Content(str(case)).digest == before


# --- cases that cannot be looked into --------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_name_that_is_not_utf_8_is_told_and_the_others_are_indexed(cases: Path) -> None:
    odd = cases / os.fsdecode(b"case-\xb2\xc4")
    (cases / "case-00002").rename(odd)
    found = reasons(cases)
    assert list(found) == [r"case-\xb2\xc4"]
    assert "UTF-8" in found[r"case-\xb2\xc4"]
    with reading(cases) as connection:
        assert connection.execute("SELECT count(*) FROM cases").fetchone() == (2,)
    assert reasons(cases) == found  # told as long as it is there
    odd.rename(cases / "case-00002")
    assert reasons(cases) == {}


@pytest.mark.skipif(sys.platform == "win32", reason="no such names")
@pytest.mark.parametrize(
    "name", ["兩行\n案件", 'it\'s "quoted"; DROP TABLE cases', "tab\t\x1b[31m", "%s {x} \\"]
)
def test_any_other_name_is_a_name(cases: Path, name: str) -> None:
    (cases / "case-00002").rename(cases / name)
    assert reasons(cases) == {}
    with reading(cases) as connection:
        paths = {row[0] for row in connection.execute("SELECT path FROM claims").fetchall()}
    assert paths == {"case-00001", name, "case-00003"}
    assert update_index(cases, day=DAY, jobs=1).read == 0


@pytest.mark.skipif(sys.platform != "linux", reason="names are text elsewhere")
def test_a_file_with_a_name_that_is_not_utf_8_ends_nothing(cases: Path) -> None:
    (cases / "case-00002" / os.fsdecode(b"\xff.py")).touch()
    assert list(reasons(cases)) == ["case-00002"]


def test_a_case_that_goes_while_it_is_read_is_told(cases: Path) -> None:
    (found, *_rest) = find_cases(str(cases))
    shutil.rmtree(found.folder)
    facts = read_facts(found.folder, found.path, DAY.isoformat(), "zh_TW")
    assert facts.broken
    assert facts.parts == {}


def test_a_case_that_goes_before_it_is_looked_at_is_told(
    cases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = list(find_cases(str(cases)))
    shutil.rmtree(cases / "case-00002")
    monkeypatch.setattr("portfolio.changes.find_cases", lambda _folder: iter(found))
    told = reasons(cases)
    assert list(told) == ["case-00002"]
    with reading(cases) as connection:
        assert connection.execute("SELECT count(*) FROM cases").fetchone() == (2,)


@pytest.mark.parametrize("place", ["113/case-00001", "113"])
def test_a_case_that_became_a_link_is_not_read(
    cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Between finding a case and reading it somebody puts a link in the place of it, or of a folder above it."""
    (cases / "113").mkdir()
    (cases / "case-00001").rename(cases / "113" / "case-00001")
    found = list(find_cases(str(cases)))
    (cases / place).rename(tmp_path / "elsewhere")
    (cases / place).symlink_to(tmp_path / "elsewhere")
    monkeypatch.setattr("portfolio.changes.find_cases", lambda _folder: iter(found))
    told = reasons(cases)
    assert list(told) == ["113/case-00001"]
    assert "連結" in told["113/case-00001"]


def test_a_case_that_cannot_be_listed_is_told(cases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(case: str) -> Content:
        if case.endswith("2"):
            raise PermissionError(13, "Permission denied", case)
        return Content(case)

    monkeypatch.setattr("portfolio.changes.Content", refused)
    assert list(reasons(cases)) == ["case-00002"]


# --- the rest --------------------------------------------------------------------------------------------


def test_the_index_speaks_the_language_of_who_makes_it(cases: Path) -> None:
    (cases / "case-00001" / "award.beancount").write_text("", encoding="utf-8")
    with speaking("en"):
        (broken,) = update_index(cases, day=DAY, jobs=2).broken
    assert broken.reason.startswith("The books cannot be read")


def test_what_is_known_is_by_path(cases: Path) -> None:
    now = changes(cases, {}, DAY)
    assert [job[1] for job in now.stale] == ["case-00001", "case-00002", "case-00003"]
    known = {path: State(*state) for path, state in now.states.items()}
    again = changes(cases, known, DAY)
    assert (again.stale, again.refused, again.restamped) == ([], [], [])
