"""Files that want to hang the program, take its memory or bring it down: each refused in one line, the others read."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from importers.ingest import import_files
from importers.read import Read
from importers.read import read_file
from importers.sources import limits
from importers.sources.walk import files_in
from importers.sources.zip_members import members_of

SECONDS = 5
GOOD = "帳號：001234567890\n交易日期,支出金額,存入金額,餘額\n2023/08/01,,5,5\n"


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(path: Path, within: Path | None = None) -> str:
    started = time.process_time()
    read = read_file(path, within=within)
    assert time.process_time() - started < SECONDS
    assert read.refusal is not None
    assert read.refusal.file == path.name
    assert "\n" not in read.refusal.reason
    return read.refusal.reason


# --- workbooks -------------------------------------------------------------------------------------------


def far_corner() -> bytes:
    """Values in the first cell and the last one: whoever makes room for all between them is out of memory."""
    book = Workbook()
    page = book.active
    assert page is not None
    page["A1"], page["XFD1048576"] = 1, 2
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def repeated_rows(times: int) -> bytes:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="a"><table:table-row table:number-rows-repeated="{times}">'
        '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


@pytest.mark.parametrize("content", [far_corner(), repeated_rows(2_000_000_000)], ids=["corner", "rows"])
def test_a_workbook_that_would_take_all_memory(tmp_path: Path, content: bytes) -> None:
    reason = refusal(put(tmp_path, "大表.xlsx", content))
    assert "試算表" in reason or "220 MB" in reason


def test_a_damaged_old_workbook_is_a_refusal_whatever_the_library_does(tmp_path: Path) -> None:
    for place in range(512, 2048, 97):
        damaged = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2040))
        damaged[place : place + 4] = b"\xff\xff\xff\x7f"
        assert refusal(put(tmp_path, "壞.xls", bytes(damaged)))


def test_the_next_file_is_read_after_one_that_brought_the_child_down(tmp_path: Path) -> None:
    refusal(put(tmp_path, "大表.xlsx", far_corner()))
    book = Workbook()
    page = book.active
    assert page is not None
    for row in (["交易日期", "支出金額", "存入金額", "餘額"], ["2023/08/01", "", 5, 5]):
        page.append(row)
    book.save(tmp_path / "好.xlsx")
    (reading,) = read_file(tmp_path / "好.xlsx").readings
    assert len(reading.records) == 1


def test_a_workbook_of_more_cells_than_one_may_have(tmp_path: Path) -> None:
    assert refusal(put(tmp_path, "a.ods", repeated_rows(limits.MOST_CELLS + 1)))


_MEASURED = """
import resource, sys
from importers.sources import child
from tests.importers.sources.test_hostile import far_corner
try:
    child.run("workbook", far_corner())
except Exception as problem:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, problem)
"""


def test_the_child_takes_no_more_memory_than_it_may() -> None:
    """In a process of its own: the count of children keeps the largest of all that a process ever had."""
    pytest.importorskip("resource")
    root = Path(__file__).parents[3]
    said = subprocess.run(
        [sys.executable, "-c", _MEASURED], cwd=root, capture_output=True, text=True, check=True
    ).stdout
    assert "220 MB" in said
    assert 0 < int(said.split()[0]) < 500


# --- archives --------------------------------------------------------------------------------------------


def zipped(content: bytes, name: str = "a.csv") -> bytearray:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return bytearray(buffer.getvalue())


def test_a_member_that_lies_about_its_size(tmp_path: Path) -> None:
    lying = zipped(bytes(400 * limits.MEGABYTE))
    central = lying.find(b"PK\x01\x02")
    struct.pack_into("<I", lying, central + 24, 1000)
    struct.pack_into("<I", lying, 22, 1000)
    assert "毀損" in refusal(put(tmp_path, "小.zip", bytes(lying)))


def test_a_member_that_says_it_is_too_large(tmp_path: Path) -> None:
    large = zipped(bytes(limits.MOST_UNPACKED + 1))
    assert f"{limits.MOST_UNPACKED // limits.MEGABYTE} MB" in refusal(put(tmp_path, "大.zip", bytes(large)))


@pytest.mark.parametrize("cut", range(1, 12))
def test_bytes_missing_in_the_middle(tmp_path: Path, cut: int) -> None:
    whole = bytes(zipped(GOOD.encode() * 20))
    place = len(whole) * cut // 12
    assert refusal(put(tmp_path, "缺.zip", whole[:place] + whole[place + 9 :]))


def test_a_whole_archive_is_read() -> None:
    assert list(members_of(bytes(zipped(b"x")))) == [("a.csv", b"x")]


# --- text ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("digits", [5, 5000])
def test_a_span_of_thousands_of_digits(tmp_path: Path, digits: int) -> None:
    cells = f"<td colspan={'9' * digits}>交易日期<td>支出<td>存入<td>餘額"
    assert "colspan" in refusal(put(tmp_path, "a.xls", f"<html><table><tr>{cells}</tr></table></html>"))


def test_twenty_thousand_tables(tmp_path: Path) -> None:
    table = "<table><tr><td>交易日期<td>支出<td>存入<td>餘額</tr></table>"
    assert str(limits.MOST_TABLES) in refusal(put(tmp_path, "a.html", f"<html>{table * 20_000}</html>"))


@pytest.mark.parametrize("mark", ["總", "1", "合計", ",", "(", "一", "-", "帳號:"])
def test_one_long_line_without_blanks(tmp_path: Path, mark: str) -> None:
    header = "序號 交易日期 摘要 幣別 提款金額 存款金額 餘額 備註\n1 2024/01/08 存入 TWD 5.00 5.00 x\n"
    started = time.process_time()
    read = read_file(put(tmp_path, "a.txt", header + mark * 200_000 + "\n"))
    assert isinstance(read, Read)
    assert time.process_time() - started < SECONDS


# --- what is no file -------------------------------------------------------------------------------------


def test_a_named_pipe_and_a_link_out_of_the_inbox(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    os.mkfifo(inbox / "管.csv")
    (inbox / "連結.csv").symlink_to(put(tmp_path, "別處.csv", GOOD))
    (inbox / "資料夾").symlink_to(tmp_path, target_is_directory=True)
    put(inbox, "好.csv", GOOD)
    (inbox / "裡面.csv").symlink_to(inbox / "好.csv")
    reads = {path.name: read_file(path, within=inbox) for path in files_in([inbox])}
    refused = {name: read.refusal.reason for name, read in reads.items() if read.refusal}
    assert set(refused) == {"管.csv", "連結.csv", "資料夾"}
    assert "連結" in refused["連結.csv"]
    assert "管線" in refused["管.csv"]


def test_an_import_refuses_each_and_takes_the_others(case: Path) -> None:
    inbox = case / "inbox"
    os.mkfifo(inbox / "管.csv")
    put(inbox, "大表.xlsx", far_corner())
    put(inbox, "缺.zip", bytes(zipped(GOOD.encode()))[:-30])
    put(inbox, "a.xls", f"<table><tr><td colspan={'9' * 5000}>x</tr></table>")
    receipt = "日期,憑證種類,憑證號碼,對象,品名,未稅金額,會計科目\n2023/08/01,收據,R-1,甲,軸,100,消耗性器材及原材料費\n"
    put(inbox, "憑證登記表.csv", receipt)
    report = import_files(case)
    assert {refused.file for refused in report.rejected} >= {"管.csv", "大表.xlsx", "缺.zip"}
    assert report.imported == 1


def test_what_a_reader_did_not_expect_refuses_that_file_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_source: object) -> None:
        raise RecursionError

    monkeypatch.setattr("importers.read.READERS", (broken,))
    assert "RecursionError" in refusal(put(tmp_path, "a.csv", GOOD))
