"""`grant check` as it is read: the table, what it keeps short, its formats, what is to come; and its exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from click.testing import Result

from checks.presentation.explain import explanation
from cli.main import grant
from cli.terminal.wrap import width
from ledger.util.i18n import use_language
from tests.checks.builder import JUNE
from tests.checks.builder import decision
from tests.checks.presentation.sarif_form import well_formed
from tests.cli.made_case import MAIN
from tests.cli.made_case import made

WAIVER = """
2023-07-31 custom "grant-waiver" "voucher-outside-period" "AB12345678"
  reason: "簽約前經核准先行採購"
  approval: "產授字第1號"
"""


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COLUMNS", "80")
    use_language("zh_TW")
    yield
    use_language("zh_TW")


def call(*words: object) -> Result:
    result = CliRunner().invoke(grant, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


OUTSIDE = JUNE.replace("voucher-date: 2023-06-12", "voucher-date: 2023-05-12")
DAY = ("--as-of", "2023-07-10")


def one(number: int) -> str:
    """A voucher without a paper."""
    return f"""
2023-06-13 * "益瀚電機有限公司" "感測器模組" ^R{number}
  voucher: "receipt"
  number: "R{number}"
  voucher-date: 2023-06-13
  net: 100 TWD
  tax: 0 TWD
  item: "感測器模組"
  Expenses:1政府補助款:01消耗性器材及原材料費   50 TWD
  Expenses:2業者自籌款:01消耗性器材及原材料費   50 TWD
  Liabilities:1應付帳款                       -100 TWD
"""


def test_a_finding_is_told_in_full(tmp_path: Path) -> None:
    result = call("check", made(tmp_path / "case", OUTSIDE), *DAY)
    assert result.exit_code == 1
    text = result.output
    flat = "".join(text.split())
    said = explanation("voucher-outside-period")
    assert said is not None
    for part in (
        said.rule,
        said.remedy,
        "voucher-outside-period:憑證日期不在計畫執行期間(1 筆,金額 100,000 元)",
    ):
        assert "".join(part.split()) in flat
    assert "憑證AB12345678的日期2023-05-12不在執行期間2023-06-01至2023-09-30;100,000元不得核銷" in flat
    assert "books/2023-06.beancount:6,金額 100,000 元" in text
    assert text.startswith("錯誤(1)\n")
    assert "\n提醒(1)\n" in text
    assert text.rstrip().endswith(":1 個錯誤,1 個提醒")
    assert max(map(width, text.splitlines()[:-1])) <= 80


def test_the_table_in_english(tmp_path: Path) -> None:
    text = call("--lang", "en", "check", made(tmp_path / "case", OUTSIDE), *DAY).output
    for part in ("Errors (1)", "Warnings (1)", "Rule: ", "Remedy: ", "amount NT$100,000"):
        assert part in text
    assert max(map(width, text.splitlines()[:-1])) <= 80


def test_many_findings_are_no_wall(tmp_path: Path) -> None:
    case = made(tmp_path / "case", JUNE + "".join(map(one, range(200))))
    short = call("check", case, *DAY).output
    assert short.count("規定: ") == short.count("改正: ") == 1
    assert "document-missing:憑證沒有附件檔,或附件不在案件資料夾(201 筆,金額 120,000 元)" in short
    assert "另有 182 筆" in short
    assert short.count("- 憑證") == 19
    assert len(short.splitlines()) < 60
    everything = call("check", case, *DAY, "--all").output
    assert everything.count("- 憑證") == 201
    assert "另有" not in everything


def test_twenty_findings_are_all_shown(tmp_path: Path) -> None:
    text = call("check", made(tmp_path / "case", JUNE + "".join(map(one, range(19)))), *DAY).output
    assert text.count("- 憑證") == 20
    assert "另有" not in text


def test_of_several_cases_a_rule_is_told_once(tmp_path: Path) -> None:
    cases = made(tmp_path / "a"), made(tmp_path / "b")
    text = call("check", *cases, *DAY, "--select", "document-missing").output
    assert text.count("規定: ") == 1
    assert text.count("document-missing:") == 2


def test_what_is_waived_is_shown_with_reason_and_approval(tmp_path: Path) -> None:
    case = made(tmp_path / "case", OUTSIDE + WAIVER)
    claimed = json.loads(call("check", case, "--json", "--as-of", "2023-08-01").output)
    (finding,) = [each for each in claimed["findings"] if each["check"] == "voucher-outside-period"]
    assert (finding["severity"], finding["claim"]["approval"]) == ("warning", "產授字第1號")
    assert "waived" not in claimed
    (case / "main.beancount").write_text(MAIN + 'include "audit.beancount"\n', encoding="utf-8")
    (case / "audit.beancount").write_text(decision(WAIVER) + '  digest: "x"\n', encoding="utf-8")
    claimed = json.loads(call("check", case, "--json", "--as-of", "2023-08-01").output)
    assert "waived" not in claimed  # of another claim
    (case / "audit.beancount").write_text(decision(WAIVER), encoding="utf-8")
    options = ("--ignore", "document-missing,audit", "--as-of", "2023-08-01")
    result = call("check", case, *DAY, *options)
    assert result.exit_code == 0
    assert "經核准放行(1),不計入錯誤與提醒" in result.output
    assert "2023-07-31 放行,理由:簽約前經核准先行採購;核准:產授字第1號" in result.output
    answer = json.loads(call("check", case, "--json", "--as-of", "2023-08-01").output)
    (waived,) = answer["waived"]
    assert (waived["check"], waived["voucher"]) == ("voucher-outside-period", "AB12345678")
    assert waived["waiver"] == {
        "confirmed": {"by": "陳稽核", "date": "2023-07-31", "reason": ""},
        "date": "2023-07-31",
        "reason": "簽約前經核准先行採購",
        "approval": "產授字第1號",
        "file": str(case / "books/2023-06.beancount"),
        "line": (case / "books/2023-06.beancount")
        .read_text(encoding="utf-8")
        .splitlines()
        .index('2023-07-31 custom "grant-waiver" "voucher-outside-period" "AB12345678"')
        + 1,
    }
    assert "voucher-outside-period" not in {finding["check"] for finding in answer["findings"]}
    document = json.loads(call("check", case, "--format", "sarif", "--as-of", "2023-08-01").output)
    well_formed(document)
    assert len([r for r in document["runs"][0]["results"] if "suppressions" in r]) == 1


def test_what_is_not_looked_at_is_said(tmp_path: Path) -> None:
    config = "{'ignore': ['document-missing', 'period'], 'severity': {'tax-in-cost': 'warning'}}"
    case = made(tmp_path / "case", OUTSIDE, MAIN.replace('"checks"', f'"checks" "{config}"'))
    result = call("check", case, *DAY)
    assert result.exit_code == 0
    assert "本案設定不檢查:document-missing、period\n" in result.output
    assert "本案設定輕重:tax-in-cost 為提醒\n" in result.output
    answer = json.loads(call("check", case, *DAY, "--json").output)
    assert "document-missing" in answer["not_checked"]
    assert answer["severity"] == {"tax-in-cost": "warning"}
    assert answer["findings"] == []
    on_top = call("check", case, *DAY, "--select", "period")
    assert on_top.exit_code == 1
    assert "本次只檢查:period\n" in on_top.output
    assert "本次不檢查:period\n" in call("check", case, *DAY, "--ignore", "period").output
    assert "本案設定" not in call("check", made(tmp_path / "plain"), *DAY).output


def test_the_exit_status_goes_by_the_severity_after_the_config(tmp_path: Path) -> None:
    softer = MAIN.replace('"checks"', """"checks" "{'severity': {'voucher-outside-period': 'warning'}}\"""")
    assert call("check", made(tmp_path / "softer", OUTSIDE, softer), *DAY).exit_code == 0
    harder = MAIN.replace('"checks"', """"checks" "{'severity': {'document-missing': 'error'}}\"""")
    assert call("check", made(tmp_path / "harder", JUNE, harder), *DAY).exit_code == 1
    assert call("check", made(tmp_path / "plain"), *DAY).exit_code == 0


def test_a_bad_config_is_an_error_of_the_case(tmp_path: Path) -> None:
    case = made(tmp_path / "case", JUNE, MAIN.replace('"checks"', """"checks" "{'ignored': []}\""""))
    result = call("check", case, *DAY)
    assert result.exit_code == 1
    assert "main.beancount:2" in result.output
    assert "ignored" in result.output


def test_the_horizon_changes_neither_findings_nor_status(tmp_path: Path) -> None:
    case = made(tmp_path / "case")
    plain = call("check", case, *DAY, "--json")
    ahead = call("check", case, *DAY, "--json", "--horizon", "60")
    assert (plain.exit_code, ahead.exit_code) == (0, 0)
    answer = json.loads(ahead.output)
    assert answer["findings"] == json.loads(plain.output)["findings"]
    keys = {"check", "severity", "date", "file", "line", "message", "amount", "voucher", "becomes", "due"}
    assert all(set(coming) == keys for coming in answer["horizon"])
    assert [
        (one["check"], one["due"]) for one in answer["horizon"] if one["check"] == "month-not-closed"
    ] == [
        ("month-not-closed", "2023-08-01"),
        ("month-not-closed", "2023-09-01"),
    ]
    assert {coming["severity"] for coming in answer["horizon"]} == {"warning"}
    text = call("check", case, *DAY, "--horizon", "60").output
    assert "60 天內將出現(2),不計入錯誤與提醒" in text
    assert "2023-08-01 2023-06 尚未月結" in text
    assert "1 天內沒有會變成錯誤或提醒的事項" in call("check", case, *DAY, "--horizon", "1").output
    assert call("check", case, "--horizon", "0").exit_code == 2
    document = json.loads(call("check", case, *DAY, "--format", "sarif", "--horizon", "60").output)
    well_formed(document)
    assert [r["level"] for r in document["runs"][0]["results"]].count("note") == 2


def test_formats(tmp_path: Path) -> None:
    case = made(tmp_path / "case", OUTSIDE)
    assert call("check", case, *DAY, "--format", "json").output == call("check", case, *DAY, "--json").output
    assert call("check", case, *DAY, "--format", "table").output == call("check", case, *DAY).output
    several = call("check", case, case, *DAY, "--format", "sarif")
    assert several.exit_code == 1
    document = json.loads(several.stdout)
    well_formed(document)
    assert len(document["runs"]) == 2
    assert call("check", case, "--format", "xml").exit_code == 2


def test_a_case_with_nothing_against_it(tmp_path: Path) -> None:
    case = made(tmp_path / "case")
    (case / "documents").mkdir()
    (case / "documents/2023-06-12.AB12345678.pdf").write_bytes(b"%PDF-1.4\n")
    result = call("check", case, case, *DAY)
    assert (result.exit_code, result.stdout) == (0, f"{case}:沒有發現問題\n" * 2)
    assert json.loads(call("check", case, *DAY, "--json").output) == {"case": str(case), "findings": []}


def test_checking_needs_none_of_the_great_libraries(tmp_path: Path) -> None:
    """What reads workbooks, serves pages or reads award files takes longer to import than a case to check."""
    case = made(tmp_path / "case")
    code = (
        "import sys\n"
        "from cli.main import grant\n"
        "try:\n"
        f"    grant(['check', {str(case)!r}, '--as-of', '2023-06-30'])\n"
        "finally:\n"
        "    great = {'pandas', 'numpy', 'openpyxl', 'fava', 'flask', 'pydantic', 'lxml'}\n"
        "    print(sorted(great & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == "[]\n"
    assert "個錯誤" in done.stdout
