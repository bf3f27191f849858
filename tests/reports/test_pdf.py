"""The PDF: the sheets' figures on its pages, the same bytes each time, nothing of the data as markup."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ledger.case.case import Case
from ledger.case.settlement import settle_case
from reports.data.tables import FindingRow
from reports.data.tables import settlement_tables
from reports.pdf import PdfError
from reports.pdf import settlement_pdf
from reports.pdf.document import report_html
from reports.pdf.pages import shown
from reports.workbook import settlement_workbook
from reports.xlsx.styles import DATE
from tests.fonts import need_chinese
from tests.reports import office

pytest.importorskip("weasyprint")


@pytest.fixture(scope="module")
def content() -> bytes:
    need_chinese()
    return settlement_pdf(settlement_tables(office.capped_case(), "final"))


def test_the_figures_stand_on_the_pages(content: bytes, tmp_path: Path) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not here")
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    text = subprocess.run([reader, "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
    whole = settle_case(office.capped_case()).whole
    for amount in (whole.recognised_government, whole.accepted, whole.tail_payment):
        assert f"{amount:,}" in text
    assert "經費支用彙總表" in text
    assert "managed-factory-112" in text
    assert "全新設備之購置費" in text


def test_the_same_case_gives_the_same_bytes(content: bytes) -> None:
    assert settlement_pdf(settlement_tables(office.capped_case(), "final")) == content


def test_what_the_data_says_is_never_markup(case: Case) -> None:
    finding = FindingRow("x", "error", None, "", 1, '<script>alert(1)</script><img src="file:///etc/passwd">')
    tables = settlement_tables(case, "final", [finding], [], datetime.date(2023, 12, 31))
    workbook, book = settlement_workbook(tables)
    html = report_html(workbook, book, tables, "stamp</style><b>")
    assert "<script" not in html
    assert "<img" not in html
    assert "</style><b>" not in html
    assert "&lt;script&gt;" in html


def test_values_are_shown_as_the_workbook_shows_them() -> None:
    assert shown(-1_234_567, "#,##0") == "-1,234,567"
    assert shown(datetime.date(2024, 1, 2), DATE) == "113/01/02"
    assert shown(None, "General") == ""


def test_without_the_library_it_is_said_what_to_install(monkeypatch: Any, case: Case) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(PdfError, match="WeasyPrint"):
        settlement_pdf(settlement_tables(case, "final"))


_WITHOUT_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}</cachedir></fontconfig>
"""
_ASK = """
from pathlib import Path
from reports.data.tables import settlement_tables
from reports.pdf import PdfError, settlement_pdf
from tests.fonts import need_chinese
from tests.reports import office
try:
    settlement_pdf(settlement_tables(office.capped_case(), "final"))
except PdfError as error:
    print(error)
else:
    print("made")
"""


_LATIN = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")


@pytest.mark.parametrize("kind", ["none", "Latin"])
def test_without_a_chinese_font_it_is_refused_by_name(tmp_path: Path, kind: str) -> None:
    fonts = tmp_path / "fonts"
    fonts.mkdir()
    if kind == "Latin":
        if not _LATIN.is_file():
            pytest.skip("DejaVu is not here")
        shutil.copy(_LATIN, fonts)
    config = tmp_path / "fonts.conf"
    config.write_text(_WITHOUT_FONTS.format(folder=fonts), encoding="utf-8")
    environment = os.environ | {
        "FONTCONFIG_FILE": str(config),
        "LANG": "zh_TW.UTF-8",
        "PYTHONIOENCODING": "utf-8",
    }
    done = subprocess.run(
        [sys.executable, "-c", _ASK],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "沒有中文字型" in done.stdout, done.stderr
    assert "Noto Sans CJK TC" in done.stdout
