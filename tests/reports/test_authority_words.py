"""What goes to the authority names no check, no file and no command, and tells days as its forms do."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import checks
from checks.engine.catalogue import all_checks
from checks.presentation.explain import explanation
from ledger.util.i18n import _
from ledger.util.i18n import speaking
from reports.data.authority_words import for_authority
from reports.data.authority_words import in_roc
from reports.data.authority_words import title_of
from reports.data.tables import FindingRow
from reports.settlement import CheckResults
from reports.settlement import write_settlement
from tests.reports import office

CHECKS = Path(checks.__file__).parent
BAD = re.compile(r"!|\bgrant [a-z]|inbox|books|beancount|\.pdf|\d{4}-\d{2}-\d{2}|[a-z]+-[a-z]+-?[a-z]*")


def titles() -> dict[str, str]:
    return {name: said.summary for name in all_checks() if (said := explanation(name)) is not None}


def templates() -> Iterator[str]:
    """Every message that a check can give: the texts marked for translation in the modules of the checks."""
    for path in sorted(CHECKS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_" and node.args:
                argument = node.args[0]
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


class Words(dict[str, Any]):
    """A word for whatever a message asks for: files where it names files, days where days."""

    def __missing__(self, key: str) -> Any:
        files = {
            "file": "2023-07.beancount",
            "document": "2023-07-12.AB12345678.pdf",
            "path": "documents/x.pdf",
        }
        days = dict.fromkeys(("date", "start", "end", "since", "latest", "booked", "day"), "2023-07-12")
        return (files | days | {"check": "document-missing", "month": "2023-07"}).get(key, "七")


@pytest.mark.parametrize("language", ["zh_TW", "en"])
def test_no_message_of_a_check_brings_a_file_a_command_or_a_checks_name(language: str) -> None:
    with speaking(language):
        known = titles()
        for template in templates():
            fields = {name for _text, name, _spec, _conversion in string.Formatter().parse(template) if name}
            shown = _(template).format(**{name: Words()[name] for name in fields})
            told = for_authority(shown, known)
            found = (
                BAD.search(told)
                if language == "zh_TW"
                else re.search(r"\bgrant [a-z]|inbox|beancount|\.pdf", told)
            )
            assert found is None, (template, told)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "憑證 AB1 的附件「2023-07-12.AB1.pdf」不在案件資料夾;請補檔",
            "憑證 AB1 的附件不在案件資料夾;請補檔",
        ),
        ("憑證 AB1 沒有附件;請把掃描檔放進 inbox/ 再執行 grant import", "憑證 AB1 沒有附件"),
        (
            "2023-08-04 自專戶提領 5 元,其中 3 元屬尚未月結的 2023-08",
            "112/08/04 自專戶提領 5 元,其中 3 元屬尚未月結的 112/08",
        ),
        ("以 `!` 入帳", "以  入帳"),
    ],
)
def test_what_is_left_out_and_what_stays(message: str, told: str) -> None:
    assert for_authority(message, {}) == told


def test_a_number_that_looks_like_no_day_stays() -> None:
    assert in_roc("憑證 R-2023-07-12 與 2023-13-40") == "憑證 R-2023-07-12 與 2023-13-40"


def test_an_auditors_own_words_stay_in_the_place_of_a_check() -> None:
    assert title_of("用途不明", {}) == "用途不明"
    assert title_of("no-such-check", {}) == ""
    assert title_of("document-missing", titles()).startswith("憑證沒有附件檔")


def test_the_findings_sheet_is_for_the_authority(tmp_path: Path) -> None:
    finding = FindingRow(
        "document-missing",
        "warning",
        None,
        "CD23456703",
        101_006,
        "憑證 CD23456703 的附件「2023-10-11.CD.pdf」不在案件資料夾;請補檔",
    )
    results = CheckResults([finding], [finding], ["本案設定不檢查:voucher-unpaid"], titles())
    write_settlement(office.office_case(), "final", results, xlsx=tmp_path / "r.xlsx")
    cells = [
        str(cell.value)
        for row in openpyxl.load_workbook(tmp_path / "r.xlsx")["查核意見"].iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.data_type != "f"
    ]
    stamp = [text for text in cells if text.startswith("帳本 ")]
    text = "\n".join(text for text in cells if text not in stamp)
    assert "憑證 CD23456703 的附件不在案件資料夾;請補檔" in text
    assert not re.search(
        r"!|\.pdf|document-missing|voucher-unpaid|item-not-in-budget|\d{4}-\d{2}-\d{2}",
        text,
    )
