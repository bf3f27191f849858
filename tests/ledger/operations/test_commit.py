"""Settings of Fava's that older cases have wrong are mended by their next operation, and those of new cases are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.loading.loader import load_case
from ledger.operations.commit import with_fava_settings
from ledger.operations.correct import plan_correct
from ledger.operations.doctor import mended
from ledger.operations.doctor import problems
from tests.ledger.operations.cases import SEAL
from tests.ledger.operations.cases import do
from tests.ledger.operations.cases import make_case

OPTION = '2023-06-01 custom "fava-option" "{key}" "{value}"\n'
RIGHT = OPTION.format(key="language", value="zh_Hant_TW") + OPTION.format(key="locale", value="zh_TW")


@pytest.mark.parametrize(
    ("key", "value", "becomes"),
    [
        ("locale", "zh_Hant_TW", "zh_TW"),
        ("locale", "zh_TW", "zh_TW"),
        ("locale", "en_GB", "en_GB"),
        ("language", "zh_TW", "zh_Hant_TW"),
        ("language", "zh_Hant_TW", "zh_Hant_TW"),
        ("language", "en", "en"),
    ],
)
def test_a_setting_becomes_what_fava_and_browsers_take(key: str, value: str, becomes: str) -> None:
    assert with_fava_settings(OPTION.format(key=key, value=value)) == OPTION.format(key=key, value=becomes)


def test_the_next_operation_mends_them_and_nothing_else(tmp_path: Path) -> None:
    folder = make_case(tmp_path / "case")
    main = folder / "main.beancount"
    before = main.read_text(encoding="utf-8")
    main.write_text(before + RIGHT.replace('"locale" "zh_TW"', '"locale" "zh_Hant_TW"'), encoding="utf-8")
    do(folder, lambda context: plan_correct(context, SEAL, {"tax": "499"}, "試"))
    assert main.read_text(encoding="utf-8") == before + RIGHT


def test_a_case_with_right_settings_has_no_problem_with_them(tmp_path: Path) -> None:
    folder = make_case(tmp_path / "case")
    main = folder / "main.beancount"
    main.write_text(main.read_text(encoding="utf-8") + RIGHT, encoding="utf-8")
    assert not [
        each for each in problems(folder, load_case(folder)) if "Fava" in each.what and "語言" in each.what
    ]
    assert mended(main.read_text(encoding="utf-8")) == main.read_text(encoding="utf-8")
