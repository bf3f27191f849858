"""Fixtures of the reports: cases of every kind, and LibreOffice to calculate what was written."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from ledger.case.case import Case
from reports.data.tables import FindingRow
from tests.reports import detailed
from tests.reports import office

Recalculate = Callable[[Path], openpyxl.Workbook]

_CACHED = re.compile(rb"</f><v>[^<]*</v>")


@pytest.fixture(scope="session")
def case() -> Case:
    return office.office_case()


@pytest.fixture(scope="session", params=["office", "supply-chain", "capped", "own scheme", "detailed"])
def any_case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    makers: dict[str, Callable[[], Case]] = {
        "own scheme": lambda: office.own_scheme_case(tmp_path_factory.mktemp("case")),
        "office": office.office_case,
        "supply-chain": office.supply_chain_case,
        "capped": office.capped_case,
        "detailed": detailed.detailed_case,
    }
    return makers[request.param]()


@pytest.fixture(scope="session")
def findings() -> list[FindingRow]:
    day = datetime.date(2023, 10, 11)
    return [
        FindingRow("document-missing", "warning", day, "CD23456703", 101_006, "憑證沒有附件:" + "說明" * 40),
        FindingRow("voucher-unpaid", "warning", None, "", None, "=1+1"),
    ]


@pytest.fixture(scope="session")
def recalculate(tmp_path_factory: pytest.TempPathFactory) -> Recalculate:
    """Have LibreOffice calculate a workbook, all figures that we put in taken out, and read what it says."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not here")
    profile = tmp_path_factory.mktemp("profile")

    def run(path: Path) -> openpyxl.Workbook:
        folder = tmp_path_factory.mktemp("recalculated")
        bare, out = folder / path.name, folder / "out"
        with zipfile.ZipFile(path) as written, zipfile.ZipFile(bare, "w") as stripped:
            for name in written.namelist():
                stripped.writestr(name, _CACHED.sub(b"</f>", written.read(name)))
        command = [soffice, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "xlsx"]
        subprocess.run(
            [*command, "--outdir", str(out), str(bare)], check=True, capture_output=True, timeout=180
        )
        return openpyxl.load_workbook(out / path.name, data_only=True)

    return run


def equal(path: Path, recalculate: Recalculate) -> int:
    """How many formulas the workbook has; an office program gives each the value that stands in it."""
    shown, calculated = openpyxl.load_workbook(path, data_only=True), recalculate(path)
    formulas = 0
    for sheet in openpyxl.load_workbook(path).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            formulas += 1
            theirs = calculated[sheet.title][cell.coordinate].value
            assert shown[sheet.title][cell.coordinate].value == theirs, f"{sheet.title}!{cell.coordinate}"
    return formulas
