"""The same readers as beangulp importers, alone and through beangulp's own command line."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import beangulp
import pytest
from click.testing import CliRunner

from importers.beangulp_importer import CaseImporter
from importers.beangulp_importer import importers_for
from ledger.entries.builder import as_text
from ledger.loading.loader import load_case
from ledger.model import accounts
from tests.casemaker import Story
from tests.replay import begin
from tests.replay import run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Path]]:
    """A case with nothing imported, and its files by what they are."""
    case = tmp_path_factory.mktemp("adapters") / "case"
    begin(Story(0).money(), case)
    inbox = case / "inbox"
    return (
        case,
        {
            "dedicated": next(inbox.glob("*專戶_1*")),
            "company": next(inbox.glob("*活期_1*")),
            "xml": next(inbox.glob("C0401*")),
            "payroll": next(inbox.glob("薪資*")),
        },
    )


def importer(case: Path, kind: str) -> CaseImporter:
    return next(found for found in importers_for(case) if found.name == f"grantledger.{kind}")


def test_names_are_unique(made: tuple[Path, dict[str, Path]]) -> None:
    names = [found.name for found in importers_for(made[0])]
    assert len(set(names)) == len(names) == 3


def test_each_file_is_one_importers(made: tuple[Path, dict[str, Path]]) -> None:
    case, files = made
    kinds = {"dedicated": "dedicated", "company": "company", "xml": "vouchers", "payroll": "vouchers"}
    for what, path in files.items():
        takers = [found.name for found in importers_for(case) if found.identify(str(path))]
        assert takers == [f"grantledger.{kinds[what]}"]


def test_nobody_takes_what_nobody_knows(made: tuple[Path, dict[str, Path]], tmp_path: Path) -> None:
    for name, content in (("a.txt", b"hello"), ("b.xml", b"<a/>"), ("c.pdf", b"%PDF-1.4")):
        (tmp_path / name).write_bytes(content)
        assert not any(found.identify(str(tmp_path / name)) for found in importers_for(made[0]))


def test_accounts_dates_and_names(made: tuple[Path, dict[str, Path]]) -> None:
    case, files = made
    assert importer(case, "dedicated").account(str(files["dedicated"])) == accounts.GRANT_MONEY
    assert importer(case, "company").account(str(files["company"])) == accounts.COMPANY
    assert importer(case, "vouchers").account(str(files["xml"])) == accounts.PAYABLE
    assert isinstance(importer(case, "vouchers").date(str(files["xml"])), datetime.date)
    assert importer(case, "vouchers").filename(str(files["xml"])) == files["xml"].name


def test_what_is_extracted_is_what_an_import_writes(
    made: tuple[Path, dict[str, Path]], tmp_path: Path
) -> None:
    case, files = made
    path = files["dedicated"]
    extracted = importer(case, "dedicated").extract(str(path), [])
    copy = tmp_path / "case"
    shutil.copytree(case, copy)
    for file in (copy / "inbox").iterdir():
        if file.name != path.name:
            file.unlink()
    run("import", copy)
    written = load_case(copy).case.transactions
    assert len(extracted) == len(written)
    books = "".join(file.read_text(encoding="utf-8") for file in sorted((copy / "books").iterdir()))
    assert all(as_text([entry]).strip() in books for entry in extracted)


def test_what_is_booked_is_not_extracted_again(made: tuple[Path, dict[str, Path]], tmp_path: Path) -> None:
    case, files = made
    copy = tmp_path / "case"
    shutil.copytree(case, copy)
    run("import", copy)
    for what, kind in (("dedicated", "dedicated"), ("xml", "vouchers"), ("payroll", "vouchers")):
        assert importer(copy, kind).extract(str(files[what]), []) == []


def test_beangulps_own_commands(made: tuple[Path, dict[str, Path]], tmp_path: Path) -> None:
    case, files = made
    ingest = beangulp.Ingest(importers_for(case))
    identified = CliRunner().invoke(ingest.cli, ["identify", str(files["xml"])])
    assert "grantledger.vouchers" in identified.output
    extracted = CliRunner().invoke(ingest.cli, ["extract", str(files["xml"])])
    assert extracted.exit_code == 0, extracted.output
    assert 'voucher: "invoice"' in extracted.output
    kept = tmp_path / "documents"
    kept.mkdir()
    source = tmp_path / files["xml"].name
    shutil.copyfile(files["xml"], source)
    archived = CliRunner().invoke(ingest.cli, ["archive", "-o", str(kept), str(source)])
    assert archived.exit_code == 0, archived.output
    assert [path.suffix for path in kept.rglob("*") if path.is_file()] == [".xml"]
