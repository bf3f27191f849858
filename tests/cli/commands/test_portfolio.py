"""`grant check` with several case folders: what they have against each other is found in the later one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from checks.engine.catalogue import portfolio_catalogue
from cli.main import grant
from tests.casemaker import Story
from tests.checks.builder import decision
from tests.replay import begin
from tests.replay import copy_of
from tests.replay import run

REPRESENTATIVES = ("蔡雅婷", "林志明", "何立文", "陳心怡")
FAMILY = set(portfolio_catalogue())


def story(seed: int) -> Story:
    """A clean case of its own: company, representative and award are nobody else's."""
    made = Story(
        seed,
        scheme=("small-manufacturer-112", "managed-factory-112")[seed % 2],
        months=2,
        partners=0,
        direct=seed == 2,
    )
    made.company = made.company | {"name": f"第{seed}精密有限公司", "rep": REPRESENTATIVES[seed]}
    return made.money()


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Several clean cases, imported and no more."""
    folders = []
    for seed in range(len(REPRESENTATIVES)):
        case = tmp_path_factory.mktemp("portfolio") / f"case{seed}"
        begin(story(seed), case)
        text = (case / "award.beancount").read_text(encoding="utf-8")
        assert text.count("grant-award") == 1
        (case / "award.beancount").write_text(
            text.replace(f'"grant-award" "{AWARD_ID}"', f'"grant-award" "112-{seed}"'), encoding="utf-8"
        )
        run("import", case)
        folders.append(case)
    return folders


AWARD_ID = "112-測-0001"


def check(*words: object) -> list[list[dict[str, Any]]]:
    """The findings of each case."""
    answer = run("check", *words, "--as-of", "2024-08-01", codes=(0, 1))
    return [one["findings"] for one in ([answer] if isinstance(answer, dict) else answer)]


def across(*words: object) -> list[list[tuple[str, str, str]]]:
    """(check, severity, voucher) of what the cases have against each other."""
    return [
        [
            (each["check"], each["severity"], each["voucher"] or "")
            for each in found
            if each["check"] in FAMILY
        ]
        for found in check(*words)
    ]


def test_clean_cases_have_nothing_against_each_other(cases: list[Path]) -> None:
    assert across(*cases) == [[]] * len(cases)
    assert check(*cases) == [check(case)[0] for case in cases]


@pytest.fixture
def pair(cases: list[Path], tmp_path: Path) -> tuple[Path, Path, str]:
    """Two cases, the second of which claims an invoice of the first one, later."""
    first, second = (copy_of(case, tmp_path / name) for case, name in zip(cases, ("甲", "乙"), strict=False))
    books = sorted((first / "books").iterdir())
    entry = next(
        part
        for path in books
        for part in path.read_text(encoding="utf-8").split("\n\n")
        if 'voucher: "invoice"' in part and "reverses" not in part
    )
    number = entry.split('number: "')[1].split('"')[0]
    day = entry.lstrip()[:10]
    later = entry.replace(day, f"{day[:7]}-28", 1)
    target = second / "books" / f"{day[:7]}.beancount"
    before = target.read_text(encoding="utf-8") if target.exists() else ""
    target.write_text(f"{before}\n{later}\n", encoding="utf-8")
    return first, second, number


def test_a_voucher_in_two_folders(pair: tuple[Path, Path, str]) -> None:
    first, second, number = pair
    assert across(first, second) == [[], [("voucher-claimed-twice", "error", number)]]
    assert across(second, first) == [[("voucher-claimed-twice", "error", number)], []]
    assert across(first) == across(second) == [[]]
    ((finding,),) = [
        [each for each in found if each["check"] == "voucher-claimed-twice"]
        for found in check(first, second)[1:]
    ]
    assert finding["file"].startswith(str(second))
    assert finding["line"] > 0
    assert "112-0(第0精密有限公司)" in finding["message"]
    assert "甲/books/" in finding["message"]


def test_exit_code_and_choice(pair: tuple[Path, Path, str]) -> None:
    first, second, number = pair

    def code(*options: str) -> int:
        words = ["check", str(first), str(second), "--as-of", "2024-08-01", *options]
        return CliRunner().invoke(grant, words).exit_code

    assert code("--select", "portfolio") == code("--select", "voucher-claimed-twice") == 1
    assert code("--select", "representative-second-case") == 0
    assert code("--select", "portfolio", "--ignore", "voucher-claimed-twice") == 0
    assert across(first, second, "--ignore", "portfolio") == [[], []]
    waiver = f'\n2023-07-01 custom "grant-waiver" "voucher-claimed-twice" "{number}"\n  reason: "分攤"\n'
    with (second / "audit.beancount").open("a", encoding="utf-8") as file:
        file.write(waiver)
    assert [finding[1] for finding in across(first, second)[1]] == ["warning"]
    with (second / "audit.beancount").open("a", encoding="utf-8") as file:
        file.write(decision(waiver))
    assert across(first, second) == [[], []]
    assert not any(finding["check"] == "waiver-unused" for finding in check(second)[0])


def test_what_is_shown(pair: tuple[Path, Path, str]) -> None:
    first, second, number = pair
    words = ["check", str(first), str(second), "--as-of", "2024-08-01", "--select", "portfolio"]
    shown = CliRunner().invoke(grant, words).output
    assert f"{first}:沒有發現問題" in shown
    assert f"憑證 {number} 已由案件" in shown
    english = CliRunner().invoke(grant, [*words, "--lang", "en"]).output
    assert "a voucher counts once" in english


def test_a_folder_given_twice_is_said_once(cases: list[Path]) -> None:
    words = ["check", str(cases[0]), str(cases[0]), "--as-of", "2024-08-01", "--json"]
    result = CliRunner().invoke(grant, words)
    assert result.stderr.count("給了 2 次") == 1
    assert across(cases[0], cases[0]) == [[], []]


def test_a_copy_in_another_folder_is_said_once(cases: list[Path], tmp_path: Path) -> None:
    copy = copy_of(cases[0], tmp_path / "備份")
    found = sorted(across(cases[0], copy, cases[1]))
    assert found == [[], [], [("company-second-case", "warning", "")]]


@pytest.mark.parametrize("name", sorted(FAMILY))
def test_explain(name: str) -> None:
    for language in ("zh_TW", "en"):
        result = CliRunner().invoke(grant, ["explain", name, "--lang", language])
        assert result.exit_code == 0
        assert result.output.startswith(name)
    assert name in CliRunner().invoke(grant, ["explain", "--lang", "zh_TW"]).output
