"""The originals of an import: kept with their digest, linked from what was read of them, shown before it is done."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import grant
from importers import pipeline
from importers.ingest import import_files
from importers.planning.plan import plan_import
from ledger.case.case import Case
from ledger.files import SUMS
from ledger.files.award_file import parse_award
from ledger.loading.loader import load_case
from ledger.operations.new_case import new_case
from tests.importers.classification.sheets import HEAD
from tests.importers.classification.sheets import row
from tests.importers.makers import DEDICATED
from tests.importers.makers import tables
from tests.replay import run

MESSAGE = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:GEINV:eInvoiceMessage:A0401:3.2"><Main><InvoiceNumber>{number}</InvoiceNumber>
<InvoiceDate>20230712</InvoiceDate><Seller><Identifier>27715140</Identifier><Name>晟鑫科技企業有限公司</Name></Seller>
<Buyer><Identifier>68388964</Identifier><Name>信沛模具有限公司</Name></Buyer></Main><Details><ProductItem>
<Description>高效率軸承</Description><Quantity>1</Quantity><UnitPrice>{net}</UnitPrice><Amount>{net}</Amount>
</ProductItem></Details><Amount><SalesAmount>{net}</SalesAmount><TaxType>1</TaxType><TaxAmount>{tax}</TaxAmount>
<TotalAmount>{gross}</TotalAmount></Amount></Invoice>
"""


def xml(number: str, net: int = 1000) -> bytes:
    return MESSAGE.format(number=number, net=net, tax=net // 20, gross=net + net // 20).encode()


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    new_case(folder, parse_award(tables(), "award.toml"))
    return folder


def put(case: Path, files: dict[str, bytes | str]) -> None:
    for name, content in files.items():
        path = case / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def case_of(folder: Path) -> Case:
    loaded = load_case(folder)
    assert loaded.errors == []
    return loaded.case


def document_of(folder: Path, number: str) -> list[Path]:
    """The files that a voucher's entry names, by their places."""
    voucher = next(v for v in case_of(folder).vouchers if v.number == number)
    return [next((folder / "documents").rglob(name)) for name in voucher.documents]


def test_files_of_one_name_in_two_folders_are_told_apart(case: Path) -> None:
    put(case, {"1月/invoice.xml": xml("AB10000001"), "2月/invoice.xml": xml("AB10000002", 2000)})
    assert import_files(case).imported == 2
    for number in ("AB10000001", "AB10000002"):
        (paper,) = document_of(case, number)
        assert number in paper.read_text(encoding="utf-8")


def test_what_is_said_of_one_of_them_names_its_folder(case: Path) -> None:
    put(case, {"a.xml": xml("AB10000001")})
    import_files(case)
    put(case, {"甲/a.xml": xml("AB10000001", 5000), "乙/a.xml": xml("AB10000003")})
    report = import_files(case)
    assert [shown.file for shown in report.unmatched] == ["甲/a.xml"]
    assert (case / "inbox/甲/a.xml").is_file()
    assert not (case / "inbox/乙/a.xml").exists()


PDF, JPG, PNG = b"%PDF-1.4 x", b"\xff\xd8\xff x", b"\x89PNG x"


def test_every_scan_of_a_voucher_is_linked(case: Path) -> None:
    put(
        case,
        {"a.csv": HEAD + row("AB10000001", "高效率軸承", 1000), "AB10000001.pdf": PDF, "AB10000001.jpg": JPG},
    )
    import_files(case)
    assert {path.read_bytes() for path in document_of(case, "AB10000001")} == {PDF, JPG}
    put(case, {"AB10000001.png": PNG, "AB10000001 背面.pdf": PDF + b"2", "AB10000001 再傳.jpg": JPG})
    import_files(case)
    assert {path.read_bytes() for path in document_of(case, "AB10000001")} == {PDF, JPG, PNG, PDF + b"2"}
    assert len(document_of(case, "AB10000001")) == 4
    assert list((case / "inbox").iterdir()) == []


BANK = f"帳號,{DEDICATED}\n日期,摘要,支出,存入,餘額,備註\n"


def test_entries_name_what_they_were_read_from_as_it_is_filed(case: Path) -> None:
    put(case, {"表.csv": HEAD + row("AB10000001", "高效率軸承", 1000), "a.xml": xml("AB10000001")})
    put(
        case,
        {
            "銀行.csv": BANK
            + "2023/07/20,匯款,,450000,450000,經濟部補助款\n2023/07/21,轉帳,,50,450050,自籌款\n"
        },
    )
    import_files(case)
    put(case, {"表.csv": HEAD + row("AB10000002", "高效率軸承", 900)})  # another sheet under the same name
    import_files(case)
    names = {path.name for path in (case / "documents").rglob("*")}
    assert "2023-07-12.表-2.csv" in names
    entries = case_of(case).transactions
    sources = {str(entry.meta["import-id"]): str(entry.meta["source"]) for entry in entries}
    assert sources["invoice:11208:AB10000001"] == "2023-07-12.a.xml; 2023-07-12.表.csv"
    assert sources["invoice:11208:AB10000002"] == "2023-07-12.表-2.csv"
    assert all(set(source.split("; ")) <= names for source in sources.values())


def test_a_statement_is_linked_from_its_lines_as_fava_finds_it(case: Path) -> None:
    put(
        case,
        {
            "銀行.csv": BANK
            + "2023/07/20,匯款,,450000,450000,經濟部補助款\n2023/07/21,轉帳,,50,450050,自籌款\n"
        },
    )
    import_files(case)
    loaded = load_case(case)
    filed = {Path(document.filename): document.account for document in loaded.case.documents}
    links = [str(entry.meta["document"]) for entry in loaded.case.transactions]
    assert links == ["2023-07-21.銀行.csv", "../documents/Assets/1專戶/1政府補助款/2023-07-21.銀行.csv"]
    for entry, link in zip(loaded.case.transactions, links, strict=True):
        beside = (Path(entry.meta["filename"]).parent / link).resolve()
        accounts = {posting.account for posting in entry.postings}
        assert beside in filed or any(path.name == link and filed[path] in accounts for path in filed)


def sums(case: Path) -> dict[str, str]:
    lines = (case / SUMS).read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_every_original_is_kept_with_its_digest(case: Path) -> None:
    put(case, {"a.xml": xml("AB10000001"), "AB10000001.pdf": PDF, "b.xml": xml("AB10000002")})
    import_files(case)
    put(case, {"c.xml": xml("AB10000003"), "再一次.xml": xml("AB10000001")})
    import_files(case)
    kept = {
        path.relative_to(case / "documents").as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (case / "documents").rglob("*.*")
        if path.is_file()
    }
    assert len(kept) == 4
    assert sums(case) == kept
    before = (case / SUMS).read_bytes()
    import_files(case)
    assert (case / SUMS).read_bytes() == before


def everything(case: Path) -> dict[str, bytes]:
    return {
        path.relative_to(case).as_posix(): path.read_bytes()
        for path in case.rglob("*")
        if path.is_file() and not {".grant", ".git"} & set(path.parts)
    }


def as_changed(case: Path, report: Any) -> dict[str, bytes]:
    """The case's files with all that a dry run shows done to them by hand."""
    files = everything(case)
    for block in report.changed.split("--- ")[1:]:
        name = block.splitlines()[0]
        text = files[name].decode().split("\n")
        for hunk in block.split("@@ ")[1:]:
            place = hunk.split(" ")[0]
            start, _comma, count = place.removeprefix("-").partition(",")
            body = hunk.split("\n")[1:]
            old = [line[1:] for line in body if line.startswith("-")]
            new = [line[1:] for line in body if line.startswith("+")]
            at = text.index(old[0], int(start) - 1) if old else int(start)
            assert len(old) == int(count or 1)
            text[at : at + len(old)] = new
        files[name] = "\n".join(text).encode()
    for name, added in report.written.items():
        files[name] = files.get(name, b"") + b"\n" + added.encode()
    for filing in report.filed:
        files[filing.place] = files.pop(f"inbox/{filing.file}")
    return files


def test_a_dry_run_shows_every_change(case: Path, tmp_path: Path) -> None:
    put(case, {"a.csv": HEAD + row("AB10000001", "高效率軸承", 1000, day="2023-07-20")})
    import_files(case)
    put(case, {"早.xml": xml("AB10000002", 3334), "AB10000001.pdf": PDF})
    shown = everything(case)
    report = import_files(case, dry_run=True)
    assert everything(case) == shown, "a dry run writes nothing"
    assert report.changed_splits > 0
    assert 'document: "2023-07-20.AB10000001.pdf"' in report.changed
    foretold = as_changed(case, report)
    shutil.copytree(case, tmp_path / "copy")
    import_files(case)
    written = everything(case)
    del foretold[SUMS], written[SUMS]
    assert written == foretold
    told = CliRunner().invoke(grant, ["import", str(tmp_path / "copy"), "--dry-run"]).output
    for words in (report.changed, *report.written.values(), "早.xml → documents/"):
        assert words in told


def test_what_a_reader_warns_of_is_told(case: Path) -> None:
    odd = xml("AB10000001").replace(b"<TotalAmount>1050", b"<TotalAmount>1080")
    put(case, {"a.xml": odd})
    said = str(run("import", case, as_json=False))
    assert "注意 a.xml: AB10000001: 銷售額與稅額合計" in said


def test_a_paper_without_items_is_called_what_it_is(case: Path) -> None:
    put(case, {"qr.txt": f"AB1000000111207124821{1000:08X}{1050:08X}6838896427715140{'A' * 24}:"})
    report = import_files(case)
    (entry,) = case_of(case).transactions
    assert entry.narration == "統一發票"
    assert "賣方「27715140」" in report.unmatched[0].reason


def test_a_file_changed_after_it_was_read_stays_and_is_told(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The accountant saves a statement anew while the import runs: the new bytes are nobody's to file away."""
    put(case, {"a.xml": xml("AB12345678"), "b.xml": xml("AB12345679")})

    def saved_anew(*arguments: Any) -> Any:
        (case / "inbox" / "a.xml").write_bytes(xml("AB12345678", 2000))
        return plan_import(*arguments)

    monkeypatch.setattr(pipeline, "plan_import", saved_anew)
    report = import_files(case)
    assert [warning for warning in report.warnings if "a.xml" in warning and "又被改過" in warning]
    assert (case / "inbox" / "a.xml").read_bytes() == xml("AB12345678", 2000)
    assert [filing.file for filing in report.filed] == ["b.xml"]
    assert "document" not in next(v for v in case_of(case).vouchers if v.number == "AB12345678").entry.meta


def test_a_scan_changed_after_it_was_named_is_filed_as_it_is(case: Path) -> None:
    """The digest in SHA256SUMS is that of the bytes at the place."""
    put(case, {"a.xml": xml("AB12345678"), "AB12345678.jpg": b"\xff\xd8\xffpicture"})
    import_files(case)
    for line in (case / SUMS).read_text(encoding="utf-8").splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((case / "documents" / name).read_bytes()).hexdigest() == digest
