"""比較: between two points of the history, what came, went and changed, as the commands would say of each point."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest

from desk.pages.compare import difference_of
from ledger.case.case import Case
from ledger.files.history import History
from ledger.loading.loader import load_case
from ledger.operations.as_of import case_at
from tests.desk.house import Window
from tests.desk.house import closed
from tests.desk.house import run
from tests.desk.house import said
from tests.desk.house import window


@pytest.fixture
def later(folder: Path) -> Window:
    """The case with a voucher corrected, one removed and a month closed: operations 3, 4 and 5."""
    run(
        "correct", folder, "QZ10000002", "--set", "net=18000", "--set", "tax=900", "--reason", "打錯", "--yes"
    )
    run("remove", folder, "QZ10000003", "--reason", "不是本案", "--yes")
    closed(folder, "2023-06")
    return window(folder)


def test_it_tells_what_was_done_and_what_changed(later: Window) -> None:
    words = later.words("?tab=compare&since=2")
    assert "由第 2 筆" in words
    assert "共 3 次操作" in words
    assert "移除的憑證(1)" in words
    assert "改過的憑證(1)" in words
    assert "新增的憑證" not in words
    assert "成本:20,000 → 18,000" in words
    assert "稅額:1,000 → 900" in words
    assert "憑證張數 3 2 -1" in words
    assert "已月結的月份 0 1 +1" in words
    assert "about=" in later.get("?tab=compare&since=2")


def test_its_figures_are_those_of_settle_at_each_point(later: Window) -> None:
    words = later.words("?tab=compare&since=2&until=4")
    was, became = (said("settle", later.folder, "--stage", "final", "--at", point) for point in ("2", "4"))
    for name, key in (("認列補助款", "recognised_government"), ("尚應繳國庫", "due_to_treasury")):
        change = became[key] - was[key]
        told = f"{name} {was[key]:,} {became[key]:,} {change:+,}"
        assert (told in words) == (change != 0), told
    assert "已月結的月份" not in words


def test_a_point_is_a_day_of_either_calendar_a_number_or_now(later: Window) -> None:
    today = datetime.date.today()
    roc = f"{today.year - 1911}/{today.month:02}/{today.day:02}"
    for since in (today.isoformat(), roc, "5"):
        assert "憑證與數字都相同" in later.words(f"?tab=compare&since={since}"), since
    backwards = later.words("?tab=compare&since=5&until=2")
    assert backwards.partition("由第")[2] == later.words("?tab=compare&since=2&until=5").partition("由第")[2]
    for wrong in ("0", "6", "1999-01-01", "昨天", "-1", "²"):
        words = later.words(f"?tab=compare&since={wrong}")
        assert "不是這個案件的時點" in words, wrong
        assert "1 到 5 的紀錄編號" in words
    assert "填一個日期" in later.words("?tab=compare")


def test_links_lead_there(later: Window) -> None:
    assert "tab=compare" in later.get("?tab=log")
    assert "tab=compare&amp;since=3" in later.get("?tab=operation&about=3")


def at(folder: Path, point: str) -> Case:
    with case_at(folder, point) as copy:
        case = load_case(copy, datetime.date(2023, 8, 15)).case
        assert case.vouchers
        return case


def test_either_way_is_the_other_turned_round_and_a_point_has_nothing_against_itself(later: Window) -> None:
    points = [each.id for each in History(later.folder).operations()][1:]
    cases = {point: at(later.folder, point) for point in points}
    now = cases[points[-1]]
    for first in points:
        for second in points:
            there = difference_of(cases[first], cases[second], now)
            back = difference_of(cases[second], cases[first], now)
            assert there.added == back.removed
            assert there.removed == back.added
            assert [(f.name, f.before, f.after) for f in there.figures] == [
                (f.name, f.after, f.before) for f in back.figures
            ]
            assert len(there.changed) == len(back.changed)
            assert any(there) == (first != second)


def test_a_case_without_history_says_so(folder: Path) -> None:
    shutil.rmtree(folder / ".git")
    assert "還沒有紀錄" in window(folder).words("?tab=compare&since=1")
