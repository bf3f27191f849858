"""Zips that hold e-invoices and scans together, and whatever else somebody packed."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from importers.archive.document_links import ScanNames
from importers.read import first_look
from importers.read import read_file
from ledger.loading.loader import load_case
from tests.casemaker import Story
from tests.casepapers import Line
from tests.casepapers import plus
from tests.importers.archive.zips import zipped
from tests.importers.inbox import add
from tests.importers.inbox import some
from tests.importers.inbox import statement
from tests.importers.inbox import xml
from tests.replay import run

JPG, PNG, PDF = b"\xff\xd8\xff 1", b"\x89PNG 1", b"%PDF-1.4 1"


def scans_of(case: Path, number: str) -> set[bytes]:
    """What the pictures hold that a voucher names as its documents."""
    voucher = next(voucher for voucher in load_case(case).case.vouchers if voucher.number == number)
    kept = {path.name: path for path in (case / "documents").rglob("*.*")}
    pictures = [name for name in voucher.documents if not name.endswith((".xml", ".zip"))]
    assert len(set(pictures)) == len(pictures)
    return {kept[name].read_bytes() for name in pictures}


def refused(path: Path) -> str:
    refusal = read_file(path).refusal
    assert refusal is not None
    return refusal.reason


def inbox(case: Path) -> set[str]:
    return {file.name for file in (case / "inbox").iterdir()}


def test_the_xml_is_imported_the_scans_are_filed_and_the_rest_is_named(story: Story, case: Path) -> None:
    number = "ZZ10000001"
    content = {
        "發票/a.xml": xml(story, some(story)),
        f"掃描/{number}.pdf": PDF,
        f"掃描/{number} 背面.JPG": JPG,
        "掃描/Thumbs.db": b"x",
        "說明.docx": b"PK\x03\x04 no zip at all",
        "空.txt": b"",
    }
    report = add(case, {"七月.zip": zipped(content)})
    assert (report["imported"], report["rejected"], report["unmatched"]) == (1, [], [])
    (warning,) = report["warnings"]
    assert warning.startswith("七月.zip:其中有不認得的檔案,沒有匯入:")
    assert "空.txt(檔案是空的)" in warning
    assert "說明.docx(" in warning
    assert scans_of(case, number) == {PDF, JPG}
    assert inbox(case) == set()
    assert any(place.endswith("七月.zip") for place in report["filed"])
    names = {finding["check"] for finding in run("check", case, codes=(0, 1))["findings"]}
    assert not names & {"document-missing", "books-unreadable"}
    again = add(case, {"七月.zip": zipped(content)})
    assert (again["imported"], again["duplicates"]) == (0, 1)
    assert scans_of(case, number) == {PDF, JPG}
    assert inbox(case) == set()


def test_a_zip_waits_in_the_inbox_until_every_scan_has_its_voucher(story: Story, case: Path) -> None:
    late = some(story, number="ZZ10000002")
    packed = zipped({"a.xml": xml(story, some(story)), "ZZ10000001.jpg": JPG, "ZZ10000002.png": PNG})
    first = add(case, {"單據.zip": packed})
    assert first["imported"] == 1
    assert [unmatched["file"] for unmatched in first["unmatched"]] == ["單據.zip/ZZ10000002.png"]
    assert scans_of(case, "ZZ10000001") == {JPG}
    assert inbox(case) == {"單據.zip"}
    second = add(case, {"b.xml": xml(story, late)})
    assert (second["imported"], second["duplicates"], second["unmatched"]) == (1, 1, [])
    assert scans_of(case, "ZZ10000002") == {PNG}
    assert inbox(case) == set()
    (kept,) = (case / "documents").rglob("*.zip")
    assert kept.read_bytes() == packed


def test_a_zip_of_nothing_but_scans(story: Story, case: Path) -> None:
    add(case, {"a.xml": xml(story, some(story))})
    report = add(case, {"掃描.zip": zipped({"ZZ10000001-1.jpg": JPG, "ZZ10000001-2.jpg": JPG + b"2"})})
    assert (report["rejected"], report["unmatched"]) == ([], [])
    assert scans_of(case, "ZZ10000001") == {JPG, JPG + b"2"}
    assert inbox(case) == set()
    assert any(place.endswith("掃描.zip") for place in report["filed"])
    strange = add(case, {"風景.zip": zipped({"風景.jpg": JPG})})
    assert [unmatched["file"] for unmatched in strange["unmatched"]] == ["風景.zip/風景.jpg"]
    assert inbox(case) == {"風景.zip"}


def test_a_known_member_that_is_broken_refuses_the_zip_scans_and_all(story: Story, case: Path) -> None:
    whole = xml(story, some(story))
    content = {"a.xml": whole, "b.xml": whole[:-40], "ZZ10000001.jpg": JPG}
    report = add(case, {"七月.zip": zipped(content)}, codes=(1,))
    assert report["rejected"][0]["reason"].startswith("b.xml: ")
    assert (report["imported"], report["filed"]) == (0, [])
    assert inbox(case) == {"七月.zip"}


def test_a_zip_without_anything_known_is_refused(case: Path) -> None:
    report = add(case, {"雜.zip": zipped({"a.docx": b"PK\x03\x04"})}, codes=(1,))
    assert report["rejected"][0]["reason"].startswith("a.docx: ")


@pytest.mark.parametrize(
    "name", ["../../../ZZ10000001.jpg", "/etc/ZZ10000001.jpg", "..\\..\\ZZ10000001.jpg", "C:\\ZZ10000001.jpg"]
)
def test_no_name_in_a_zip_leads_out_of_the_case(story: Story, case: Path, name: str) -> None:
    before = set(case.parent.iterdir())
    report = add(case, {"七月.zip": zipped({"a.xml": xml(story, some(story)), name: JPG})})
    (document,) = [place for place in report["filed"] if place.endswith(".jpg")]
    assert document.startswith("documents/")
    assert document.endswith("ZZ10000001.jpg")
    assert (case / document).read_bytes() == JPG
    assert set(case.parent.iterdir()) == before


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importers.sources.zip_members.MOST_UNPACKED", 100_000)
    large = tmp_path / "a.zip"
    large.write_bytes(zipped({"a.xml": b"0" * 60_000, "b.xml": b"0" * 60_000}))
    assert "壓縮檔解開超過" in refused(large)
    lies = zipped({"a.xml": b"0" * 60_000})
    size = (60_000).to_bytes(4, "little")
    large.write_bytes(lies.replace(size, (10).to_bytes(4, "little")))
    assert refused(large) == "壓縮檔毀損或加密"
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):  # a few bytes of these may be gigabytes
        large.write_bytes(zipped({"a.xml": b"<a/>"}, method))
        assert "少見的壓縮方式" in refused(large)


def test_a_zip_in_a_zip_is_named_and_left(story: Story, case: Path) -> None:
    inner = zipped({"b.xml": xml(story, some(story, number="ZZ10000002"))})
    report = add(case, {"外.zip": zipped({"a.xml": xml(story, some(story)), "內.zip": inner})})
    assert report["imported"] == 1
    assert "內.zip" in report["warnings"][0]


def test_names_as_windows_packs_them_in_taiwan(tmp_path: Path) -> None:
    packed = zipped({"AAAA.jpg": JPG, "b.jpg": JPG})
    (tmp_path / "a.zip").write_bytes(packed.replace(b"AAAA.jpg", "發票".encode("cp950") + b".jpg"))
    assert {paper.name for paper in first_look(tmp_path / "a.zip").scans} == {"發票.jpg", "b.jpg"}
    (tmp_path / "b.zip").write_bytes(packed.replace(b"AAAA.jpg", b"\xff\xff\xff\xff.jpg"))
    assert len(first_look(tmp_path / "b.zip").scans) == 2


def test_a_statement_in_a_zip_goes_by_its_own_name(story: Story, case: Path) -> None:
    lines = [Line(plus(story.start, 1), 500, "利息存入")]
    nameless = statement(story, story.dedicated, lines).replace(f",'{story.dedicated}".encode(), b",")
    report = add(case, {"銀行.zip": zipped({f"{story.dedicated}.csv": nameless})})
    assert (report["imported"], report["rejected"]) == (1, [])


def test_two_scans_of_a_voucher_are_both_linked_to_a_new_and_to_a_booked_one(
    story: Story, case: Path
) -> None:
    add(case, {"a.xml": xml(story, some(story)), "ZZ10000001.jpg": JPG, "ZZ10000001 背面.jpg": JPG + b"2"})
    assert scans_of(case, "ZZ10000001") == {JPG, JPG + b"2"}
    add(case, {"ZZ10000001.png": PNG, "ZZ10000001 背面.png": PNG + b"2", "ZZ10000001 又.png": PNG})
    assert scans_of(case, "ZZ10000001") == {JPG, JPG + b"2", PNG, PNG + b"2"}
    assert inbox(case) == set()


def test_grant_read_tells_of_what_it_does_not_know_in_a_zip(story: Story, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.xml": xml(story, some(story)), "說明.docx": b"PK\x03\x04", "x.jpg": JPG}))
    said = run("read", path, codes=(1,), as_json=False)
    assert "ZZ10000001" in said
    assert "讀不懂 說明.docx" in said
    assert "x.jpg" not in said


def test_names_of_papers(story: Story, case: Path) -> None:
    add(case, {"表.csv": story._sheet([some(story, number="R-0001", routes=("sheet",))])})
    names = ScanNames(load_case(case).case, ())
    assert all(
        map(
            names.has,
            ["R-0001.pdf", "收據R-0001(2).pdf", "AB12345678.pdf", "x ab-12345678 y.pdf", "a R-0001 b.pdf"],
        )
    )
    assert not any(map(names.has, ["R-00011.pdf", "AR-0001.pdf", "112年7月.pdf", "AAB12345678.pdf", ""]))
