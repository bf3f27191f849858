"""Workbooks as an office program writes them: the old binary .xls, and .ods; what was in the .xlsx is read."""

from __future__ import annotations

import datetime
import shutil
import subprocess
from pathlib import Path

import pytest

from importers.bank import READERS
from importers.records import BankLine
from importers.sources.source import Source
from tests.importers.bank.makers import ACCOUNT
from tests.importers.bank.makers import MAKERS
from tests.importers.bank.makers import Maker

LINES = [
    BankLine(datetime.date(2025, 7, 3), 500_000, 700_000, "09:01:00", "匯入款", "補助款", "0040000000000009"),
    BankLine(datetime.date(2025, 7, 4), -9_975, 690_025, "10:02:00", "轉帳支出", "貨款", "8220000000001234"),
]
WORKBOOKS = [maker for maker in MAKERS if maker.file.endswith(".xlsx")]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The banks' workbooks, converted by LibreOffice to .xls and .ods."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not here")
    folder = tmp_path_factory.mktemp("office")
    for maker in WORKBOOKS:
        (folder / maker.file).write_bytes(maker.make(LINES))
    names = [str(folder / maker.file) for maker in WORKBOOKS]
    for suffix in ("xls", "ods"):
        command = [soffice, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += ["--convert-to", suffix, "--outdir", str(folder / suffix), *names]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder


@pytest.mark.parametrize("suffix", ["xls", "ods"])
@pytest.mark.parametrize("maker", WORKBOOKS, ids=lambda maker: maker.name)
def test_a_workbook_of_an_office_program_is_read(office: Path, maker: Maker, suffix: str) -> None:
    name = f"{Path(maker.file).stem}.{suffix}"
    source = Source.from_path(office / suffix / name)
    assert source.kind == "spreadsheet"
    reading = next(found for reader in READERS if (found := reader(source)) is not None)
    assert reading.account == ACCOUNT
    lines = [line for line in reading.records if isinstance(line, BankLine)]
    assert [(line.date, line.amount, line.balance) for line in lines] == [
        (line.date, line.amount, line.balance) for line in LINES
    ]
