"""why, verify, form, export and the what-if through the commands, on the demo case."""

from __future__ import annotations

import csv
import datetime
import json
import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from click.testing import Result

from cli.main import grant
from tests.checks.builder import decision
from tests.reports.conftest import Recalculate

TODAY = "2024-04-30"


def run(*words: object) -> Result:
    result = CliRunner().invoke(grant, [*map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def answer(*words: object) -> Any:
    return json.loads(run(*words, "--json").stdout)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "case"
    assert run("demo", folder, "--no-serve").exit_code == 0
    return folder


@pytest.fixture
def changed(demo: Path, tmp_path: Path) -> Path:
    """A copy that may be written to."""
    return Path(shutil.copytree(demo, tmp_path / "case"))


@pytest.fixture(scope="module")
def report(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.xlsx"
    options = ("--as-of", TODAY, "--interim-date", "2023-12-31")
    assert run("settle", demo, *options, "-o", path).exit_code == 0
    return path


def books_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*.beancount"))}


# --- what the checks say ---------------------------------------------------------------------------------


def test_the_report_tells_what_is_waived_and_what_is_not_looked_at(changed: Path, tmp_path: Path) -> None:
    main = changed / "main.beancount"
    config = """plugin "checks" "{'ignore': ['month-not-closed']}\""""
    main.write_text(main.read_text(encoding="utf-8").replace('plugin "checks"', config), encoding="utf-8")
    with (changed / "audit.beancount").open("a", encoding="utf-8") as file:
        waiver = """
2024-04-01 custom "grant-waiver" "document-missing" "收112120042"
  reason: "收據遺失,附切結書"
  approval: "產授字第11300000001號"
"""
        file.write(waiver + decision(waiver))
    path = tmp_path / "report.xlsx"
    assert run("settle", changed, "--as-of", TODAY, "-o", path).exit_code == 0
    sheet = openpyxl.load_workbook(path)["查核意見"]
    rows = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    titles = [row[0] for row in rows if row]
    checked = titles[titles.index("三、程式檢核結果") : titles.index("四、經核准不計之項目")]
    assert "本案設定不檢查:月份結束已逾 31 天仍未月結" in checked
    assert not [title for title in checked if title and "沒有附件" in str(title)]
    waived = rows[[row[:1] for row in rows].index(["四、經核准不計之項目"]) :]
    told = [str(cell) for row in waived for cell in row]
    for text in ("收112120042", "收據遺失,附切結書", "產授字第11300000001號"):
        assert text in told
    assert any("沒有附件" in text for text in told)


# --- verify ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_report_made_of_the_books_is_the_same(demo: Path, report: Path) -> None:
    assert run("verify", report, demo).exit_code == 0
    assert answer("verify", report, demo) == {
        "same": True,
        "stamp": [],
        "differences": [],
        "changed": [],
    }


def test_it_is_the_same_in_its_own_language_whoever_asks(demo: Path, report: Path) -> None:
    assert run("--lang", "en", "verify", report, demo).exit_code == 0
    run("--lang", "zh_TW", "scheme", "list")


def test_another_amount_in_the_books_is_told_by_its_row(changed: Path, report: Path) -> None:
    book = changed / "books" / "2023-09.beancount"
    text = book.read_text(encoding="utf-8")
    book.write_text(text.replace("net: 61500 TWD", "net: 61501 TWD"), encoding="utf-8")
    result = run("verify", report, changed)
    assert result.exit_code == 1
    told = answer("verify", report, changed)
    assert [mark["what"] for mark in told["stamp"]] == ["帳本"]
    row = next(
        row for row in told["differences"] if row["heading"] == "未稅" and "QA10000023" in row["label"]
    )
    assert (row["sheet"], row["written"], row["now"]) == ("憑證清冊", "61,500", "61,501")


def test_a_voucher_more_is_one_row_and_not_a_shift_of_all(changed: Path, report: Path) -> None:
    book = changed / "books" / "2023-10.beancount"
    entry = (
        '\n2023-10-09 * "某商行" "材料" ^ZZ00000001\n  voucher: "receipt"\n  number: "ZZ00000001"\n'
        "  voucher-date: 2023-10-09\n  net: 100 TWD\n  tax: 0 TWD\n"
        "  Expenses:2業者自籌款:01消耗性器材及原材料費  100 TWD\n  Equity:1業者投入  -100 TWD\n"
    )
    book.write_text(book.read_text(encoding="utf-8") + entry, encoding="utf-8")
    rows = [
        r for r in answer("verify", report, changed)["differences"] if r["sheet"] == "消耗性器材及原材料費"
    ]
    assert len([row for row in rows if "ZZ00000001" in row["now"] and not row["written"]]) == 1
    assert len(rows) < 8


def test_an_altered_figure_and_a_formula_made_a_number_are_told(
    demo: Path, report: Path, tmp_path: Path
) -> None:
    forged = tmp_path / "forged.xlsx"
    workbook = openpyxl.load_workbook(report)
    workbook["憑證清冊"]["M5"] = 1  # was a formula or a figure: now neither
    workbook["經費支用彙總表"]["B5"] = 180_000  # the right figure, no longer a link
    workbook.save(forged)
    told = {(row["sheet"], row["cell"]) for row in answer("verify", forged, demo)["differences"]}
    assert ("憑證清冊", "M5") in told
    assert ("經費支用彙總表", "B5") in told
    assert len(told) == 2


@pytest.mark.parametrize("name", ["missing.xlsx", "other.xlsx", "text.xlsx"])
def test_what_is_no_report_cannot_be_verified_or_explained(name: str, demo: Path, tmp_path: Path) -> None:
    if name == "other.xlsx":
        openpyxl.Workbook().save(tmp_path / name)
    if name == "text.xlsx":
        (tmp_path / name).write_text("no workbook", encoding="utf-8")
    assert run("verify", tmp_path / name, demo).exit_code == 2
    assert run("why", tmp_path / name, "封面!B15").exit_code == 2


# --- why -------------------------------------------------------------------------------------------------


def test_a_cell_is_told_down_to_the_line_of_the_book(demo: Path, report: Path) -> None:
    told = answer("why", report, "全新設備之購置費!L5")
    place, line = told["entries"][0]["place"].rsplit(":", 1)
    assert told["value"] == 282_000
    assert "QA10000011" in (demo / place).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    shown = run("why", report, "L5", "--sheet", "全新設備之購置費").output
    assert "282,000" in shown
    assert f"{place}:{line}" in shown
    assert "net: 282000 TWD" in shown


def test_a_share_is_told_with_its_rule_and_source(report: Path) -> None:
    shown = run("why", report, "認列計算表!L5").output
    assert "公式:=IF(" in shown
    assert "規定:" in shown
    assert "出處:" in shown


def test_a_cell_without_its_sheet_is_asked_for(report: Path) -> None:
    assert run("why", report, "D8").exit_code == 2
    several = answer("why", report, "全新設備之購置費!L5", "認列計算表!L5")
    assert several == [answer("why", report, cell) for cell in ("全新設備之購置費!L5", "認列計算表!L5")]
    assert run("why", report, "某表!D8").exit_code == 2


# --- the what-if -----------------------------------------------------------------------------------------


def test_striking_shows_every_step_and_leaves_the_books_alone(demo: Path) -> None:
    before = books_of(demo)
    plain = answer("settle", demo, "--as-of", TODAY)
    told = answer("settle", demo, "--as-of", TODAY, "--strike", "QA10000011", "--park", "QB20000047")
    assert books_of(demo) == before
    beside = {"in_error", "evidence_missing"}  # of the books as they stand, not of the trial
    assert told["before"] == {key: value for key, value in plain.items() if key not in beside}
    assert set(told) == {*plain, "steps", "before"} - beside
    steps = {step["step"]: step for step in told["steps"]}
    assert list(steps)[:5] == ["accepted", "share", "category", "ratio", "approved"]
    assert steps["approved"]["after"] == told["recognised_government"]
    assert steps["tail_payment"]["change"] == told["tail_payment"] - plain["tail_payment"] < 0
    assert steps["surplus"]["after"] == told["surplus"] == -told["tail_payment"]


def test_a_part_may_be_struck_and_what_cannot_be_is_said(demo: Path) -> None:
    told = answer("settle", demo, "--as-of", TODAY, "--strike", "QA10000011=5000")
    assert told["before"]["accepted"] - told["accepted"] == 5_000
    for words in (("--strike", "NO"), ("--strike", "QA10000011=999999999"), ("--park", "QA10000011=1")):
        assert run("settle", demo, "--as-of", TODAY, *words).exit_code == 2


def test_a_trial_makes_no_report(demo: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    assert run("settle", demo, "--strike", "QA10000011", "-o", path).exit_code == 2
    assert not path.exists()


# --- forms -----------------------------------------------------------------------------------------------


def _values(path: Path) -> list[Any]:
    return [cell.value for row in openpyxl.load_workbook(path, data_only=True).worksheets[0] for cell in row]


def test_the_receipt_is_for_the_instalment_that_is_due(demo: Path, tmp_path: Path) -> None:
    path = tmp_path / "receipt.xlsx"
    assert run("form", "receipt", demo, "--as-of", "2024-03-20", "-o", path).exit_code == 0
    values = _values(path)
    assert 414_898 in values
    assert "新臺幣肆拾壹萬肆仟捌佰玖拾捌元整" in values
    assert run("form", "receipt", demo, "--as-of", TODAY, "-o", path).exit_code == 2
    assert run("form", "receipt", demo, "--as-of", TODAY, "--amount", "1", "-o", path).exit_code == 0


def test_the_remittance_is_what_the_settlement_owes(demo: Path, tmp_path: Path) -> None:
    path = tmp_path / "remittance.xlsx"
    day = "2024-04-02"
    due = answer("settle", demo, "--as-of", day)["due_to_treasury"]
    assert run("form", "remittance", demo, "--as-of", day, "-o", path).exit_code == 0
    assert due in _values(path)
    remitted = answer("settle", demo, "--as-of", TODAY)["remitted"]
    assert run("form", "remittance", demo, "--as-of", TODAY, "-o", path).exit_code == 0  # the copy to file
    assert remitted in _values(path)


# --- export ----------------------------------------------------------------------------------------------


def test_the_three_formats_say_the_same(demo: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    for form in ("csv", "json", "parquet"):
        assert run("export", demo, "--as-of", TODAY, "--format", form, "-o", tmp_path / form).exit_code == 0
    with (tmp_path / "csv" / "GL_Detail.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    told = json.loads((tmp_path / "json" / "GL_Detail.json").read_text(encoding="utf-8"))
    table = parquet.read_table(tmp_path / "parquet" / "GL_Detail.parquet").to_pylist()
    assert [int(row["Amount"]) for row in rows] == [row["Amount"] for row in told]
    assert [row["Amount"] for row in table] == [row["Amount"] for row in told]
    assert isinstance(table[0]["Effective_Date"], datetime.date)
    assert sum(row["Amount"] for row in table) == 0
    manifest = json.loads((tmp_path / "csv" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["files"]["GL_Detail.csv"]["rows"] == len(rows)


def test_an_export_that_cannot_be_written_is_said(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert run("export", demo, "-o", tmp_path / "file").exit_code == 2
    assert run("export", tmp_path, "-o", tmp_path / "out").exit_code == 2


# --- cases of another kind -------------------------------------------------------------------------------

COACHING = """
[award]
id = "112-輔-001"
scheme = "coaching-sme-112"
title = "診斷輔導"
filed = 2023-05-01
start = 2023-06-01
end = 2023-11-30
[company]
name = "某公司"
ubn = "12345675"
"""


@pytest.mark.slow
def test_a_coaching_case_has_its_report_too(tmp_path: Path, recalculate: Recalculate) -> None:
    (tmp_path / "award.toml").write_text(COACHING, encoding="utf-8")
    folder, path = tmp_path / "case", tmp_path / "report.xlsx"
    assert run("new", folder, "--award", tmp_path / "award.toml").exit_code == 0
    for place in (1, 2, 3):
        (folder / "documents" / f"{place}.pdf").touch()
    with (folder / "award.beancount").open("a", encoding="utf-8") as file:
        file.writelines(
            f'\n2023-11-0{place} custom "grant-evidence" "report" "documents/{place}.pdf"\n'
            for place in (1, 2, 3)
        )
    assert run("settle", folder, "--as-of", "2024-01-31", "-o", path).exit_code == 0
    assert run("verify", path, folder).exit_code == 0
    shown, calculated = openpyxl.load_workbook(path, data_only=True), recalculate(path)
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    theirs = calculated[sheet.title][cell.coordinate].value
                    assert shown[sheet.title][cell.coordinate].value == theirs
    assert answer("why", path, "認列計算表!E5")["value"] == 200_000
    assert answer("why", path, "認列計算表!E5")["rule"]["source"]


def test_the_period_before_has_to_be_before(demo: Path) -> None:
    assert run("settle", demo, "--as-of", TODAY, "--interim-date", TODAY).exit_code == 2
