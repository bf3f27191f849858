"""The checks as plugins of Beancount: called by hand, on what is no file, and with a config that is no config."""

from __future__ import annotations

import pytest
from beancount.core import data

from checks import all_checks
from checks.engine.plugin import CheckError
from checks.engine.plugin import bad_config
from checks.engine.plugin import few_of_each
from checks.engine.plugin import run_plugin
from ledger.loading.load_errors import LoadError
from tests.checks.builder import AWARD
from tests.checks.builder import JUNE
from tests.checks.builder import Books
from tests.checks.builder import load
from tests.checks.builder import opens


def told(text: str, config: str | None = None, family: str | None = None) -> list[tuple[str, str]]:
    """(file, message) of the errors that a ledger without a name comes with."""
    entries, errors = run_plugin(load(text)[0], {}, config, family)
    assert entries == load(text)[0]
    return [(error.source["filename"], error.message) for error in errors]


def test_entries_that_were_read_from_no_file_are_judged_without_a_folder(award: Books) -> None:
    entries = load(award.text.replace("end: 2023-09-30", "end: 2024-09-30"))[0]
    for options in ({}, {"filename": None}, {"filename": "/cases/a/main.beancount"}):
        _entries, errors = all_checks(entries, options)
        assert "period-too-long" in {error.message[1:].partition("]")[0] for error in errors}


def test_an_award_that_cannot_be_read_is_told() -> None:
    """Though without an award nothing else can be judged."""
    broken = opens() + AWARD.replace("start: 2023-06-01", 'start: "六月"') + JUNE
    assert {message.partition("]")[0] for _file, message in told(broken)} == {"[books-unreadable"}
    note = '2023-06-12 custom "grant-waiver" "voucher-unpaid" "AB12345678"\n'
    assert told(opens() + note) == []


@pytest.mark.parametrize(
    ("family", "config", "reason"),
    [
        (None, "7", "設定要寫成字典,例如 {'ignore': ['document-missing']}"),
        ("voucher", "{'select': []}", "select 是空的,什麼都不會檢查"),
        ("voucher", "{'ignore': ['books-unreadable']}", "沒有這項檢查:books-unreadable;"),
        ("voucher", "{'ignore': ['tax-in-cost']}", "沒有這項檢查:tax-in-cost;"),
    ],
)
def test_a_config_that_cannot_be_followed_is_told_with_the_reason(
    family: str | None, config: str, reason: str
) -> None:
    name = f"checks.{family}" if family else "checks"
    ((file, message),) = told("2023-01-01 open Assets:Cash\n", config, family)
    assert file == "<case>"
    assert message.startswith(f'[books-unreadable] plugin "{name}" 的設定不能用,以預設檢查:{reason}')


def test_a_bad_config_of_a_ledger_without_a_name_stands_nowhere() -> None:
    finding = bad_config({}, "checks", "不能用")
    assert (finding.file, finding.line, finding.date) == ("", 1, None)


def test_of_one_check_a_few_are_told_and_how_many_more() -> None:
    def error(name: str, line: int) -> CheckError:
        return CheckError(data.new_metadata("a", line), f"[{name}] 說明 {line}", None)

    other = LoadError("a", 9, "not ours")
    given = [error("a", 1), error("b", 2), other, error("a", 3), error("a", 4), error("b", 5)]
    told = few_of_each(given, 2)
    assert told[:-1] == [given[0], given[1], other, given[3], given[5]]
    assert (told[-1].message, told[-1].source["lineno"]) == (
        "[a] 同類的疑義還有 1 件,全部見查核頁的「檢查」",
        4,
    )
    assert few_of_each(given, 3) == given
