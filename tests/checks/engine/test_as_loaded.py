"""The books that the plugin judged are not judged again, and never taken for others."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from checks.engine.as_loaded import as_loaded
from checks.engine.plugin import run_plugin
from checks.engine.runner import run_checks
from checks.engine.settings import BY_DEFAULT
from checks.engine.settings import Settings
from ledger.case.case import Case
from ledger.util.i18n import speaking
from tests.checks.builder import AWARD
from tests.checks.builder import load
from tests.checks.builder import opens

FOLDER = Path("/cases/one")
OPTIONS = {"filename": str(FOLDER / "main.beancount")}


@pytest.fixture
def entries() -> list[Any]:
    return load(opens() + AWARD)[0]


def test_what_the_plugin_found_is_what_the_checks_find_today(entries: list[Any]) -> None:
    run_plugin(entries, OPTIONS)
    kept = as_loaded(entries, FOLDER)
    assert kept is not None
    today = datetime.date.today()
    case = kept.case_on(today)
    assert case is kept.case
    found = kept.findings_of(case, BY_DEFAULT)
    assert found == run_checks(Case(entries, folder=FOLDER, as_of=today))
    assert found


def test_other_books_another_day_other_settings_another_language_are_others(entries: list[Any]) -> None:
    run_plugin(entries, OPTIONS)
    kept = as_loaded(entries, FOLDER)
    assert kept is not None
    assert as_loaded(entries, Path("/cases/two")) is None
    assert as_loaded(entries[1:], FOLDER) is None
    assert as_loaded(load(opens() + AWARD)[0], FOLDER) is None  # as equal as can be, and yet another reading
    assert kept.case_on(datetime.date.today() - datetime.timedelta(days=1)) is None
    assert kept.findings_of(Case(entries, folder=FOLDER), BY_DEFAULT) is None
    assert kept.findings_of(kept.case, Settings(off=frozenset({"books-unreadable"}))) is None
    with speaking("en"):
        assert kept.findings_of(kept.case, BY_DEFAULT) is None


def test_a_family_alone_is_not_taken_for_all(entries: list[Any]) -> None:
    run_plugin(load(opens() + AWARD)[0], OPTIONS)
    run_plugin(entries, OPTIONS, family="award")
    assert as_loaded(entries, FOLDER) is None


def test_the_last_ledger_alone_is_kept(entries: list[Any]) -> None:
    run_plugin(entries, OPTIONS)
    run_plugin(load(opens() + AWARD)[0], {"filename": "/cases/two/main.beancount"})
    assert as_loaded(entries, FOLDER) is None
