"""The auditor's, the company's and the reviewer's words in the workbook, the export and the audit record."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from cli.main import grant
from ledger.case.audit_acts import acts_in
from tests.audit.house import make_case

ACTS = """
2023-10-10 custom "grant-sample" "S-001"
  method: "random"
  seed: "22334455"
  size: 2
  population: "0123456789abcdef"
  vouchers: "AB12345679 CD10000001"
  by: "陳稽核"
2023-10-12 custom "grant-finding" "F-001"
  voucher: "AB12345679"
  check: "document-missing"
  declared: 240000 TWD
  state: "open"
  comment: "請補驗收單"
  clause: "契約第七條"
  by: "陳稽核"
  act: "finding"
2023-10-15 custom "grant-finding" "F-001"
  voucher: "AB12345679"
  comment: "驗收單如附"
  by: "林會計"
  act: "reply"
2023-10-20 custom "grant-finding" "F-001"
  voucher: "AB12345679"
  declared: 240000 TWD
  deducted: 40000 TWD
  state: "disallowed"
  comment: "驗收數量不足"
  clause: "契約第七條"
  replaces: "F-001"
  by: "陳稽核"
  act: "finding"
2023-10-21 custom "grant-finding" "F-001"
  voucher: "AB12345679"
  by: "黃組長"
  act: "sign-off"
"""


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    """A case with a sample, and one finding with all that may be said about it."""
    folder = make_case(tmp_path / "case")
    (folder / "audit.beancount").write_text(ACTS, encoding="utf-8")
    return folder


def run(*arguments: object) -> None:
    done = CliRunner().invoke(grant, [str(each) for each in arguments])
    assert done.exit_code == 0, done.output


def table_under(path: Path, sheet: str, heading: str) -> list[dict[str, Any]]:
    """The rows of the table whose first column is called `heading`, by heading."""
    rows = list(openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True))
    at = next(place for place, row in enumerate(rows) if row[0] == heading)
    end = next((place for place in range(at, len(rows)) if not any(rows[place])), len(rows))
    names = rows[at]
    return [
        {str(name): value for name, value in zip(names, row, strict=True) if name}
        for row in rows[at + 1 : end]
    ]


def test_the_findings_sheet_says_whose_words_are_whose(judged: Path, tmp_path: Path) -> None:
    book = tmp_path / "report.xlsx"
    run("settle", judged, "-o", book, "--as-of", "2023-11-01")
    (row,) = table_under(book, "查核意見", "編號")
    assert (row["編號"], row["憑證號碼"], row["處理"]) == ("F-001", "AB12345679", "剔除")
    assert (row["申報"], row["剔除"]) == (240_000, 40_000)
    assert row["依據"] == "契約第七條"
    assert row["查核意見"] == "請補驗收單\n驗收數量不足"
    assert row["查核人員及日期"] == "陳稽核 112/10/12\n陳稽核 112/10/20"
    assert (row["業者回覆"], row["回覆人及日期"]) == ("驗收單如附", "林會計 112/10/15")
    assert row["複核人員及日期"] == "黃組長 112/10/21"


def test_a_sample_is_in_the_workbook_with_how_it_was_drawn(judged: Path, tmp_path: Path) -> None:
    book = tmp_path / "report.xlsx"
    run("settle", judged, "-o", book, "--as-of", "2023-11-01")
    rows = list(openpyxl.load_workbook(book, data_only=True)["查核意見"].iter_rows(values_only=True))
    (sample,) = [row for row in rows if row[0] == "S-001"]
    said = {str(value) for value in sample if value is not None}
    assert {"隨機", "22334455", "0123456789abcdef", "AB12345679、CD10000001", "陳稽核"} <= said


def test_the_export_holds_findings_and_samples(judged: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("export", judged, "-o", out, "--format", "csv", "--as-of", "2023-11-01")
    findings = (out / "Audit_Finding.csv").read_text(encoding="utf-8-sig")
    assert "驗收單如附,林會計,2023-10-15,黃組長,2023-10-21" in findings
    samples = (out / "Audit_Sample.csv").read_text(encoding="utf-8-sig")
    assert "S-001,2023-10-10,random,22334455,2,0123456789abcdef,AB12345679 CD10000001,陳稽核" in samples


def test_the_audit_record_has_a_row_for_each_finding_and_each_drawn_voucher(
    judged: Path, tmp_path: Path
) -> None:
    path = tmp_path / "record.xlsx"
    run("form", "audit-record", judged, "-o", path, "--as-of", "2023-11-01")
    rows = table_under(path, "查核紀錄", "憑證號碼")[:-1]
    assert [row["憑證號碼"] for row in rows] == ["AB12345679", "CD10000001"]
    assert rows[0]["處理"] == "F-001 剔除"
    assert rows[0]["複核人員及日期"] == "黃組長 112/10/21"
    assert rows[1]["查核意見"] is None
    assert "抽出" in rows[1]["風險"]
    assert rows[1]["憑證日期"].date() == datetime.date(2023, 8, 15)
    words = [
        cell.value
        for row in openpyxl.load_workbook(path)["查核紀錄"]
        for cell in row
        if cell.value is not None
    ]
    assert {"查核人員", "複核人員", "受查單位", "執行單位主管"} <= set(words)
    assert "不算兩人複核" not in str(words)
    head = acts_in((judged / "audit.beancount").read_text(encoding="utf-8")).head
    assert len([word for word in words if f"末筆的指紋:{head}" in str(word)]) == 1


def test_the_audit_record_says_what_typed_names_do_not_prove(judged: Path, tmp_path: Path) -> None:
    file = judged / "audit.beancount"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('by: "黃組長"\n', 'by: "黃組長"\n  typed: TRUE\n'), encoding="utf-8")
    run("form", "audit-record", judged, "-o", tmp_path / "r.xlsx", "--as-of", "2023-11-01")
    words = [cell.value for row in openpyxl.load_workbook(tmp_path / "r.xlsx")["查核紀錄"] for cell in row]
    assert "黃組長(姓名為自行輸入) 112/10/21" in words
    assert "不算兩人複核" in str(words)


def test_an_audit_record_of_nothing_is_refused(tmp_path: Path) -> None:
    folder = make_case(tmp_path / "case")
    done = CliRunner().invoke(grant, ["form", "audit-record", str(folder), "-o", str(tmp_path / "r.xlsx")])
    assert done.exit_code != 0
    assert not (tmp_path / "r.xlsx").exists()
