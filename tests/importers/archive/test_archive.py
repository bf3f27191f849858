"""Where the originals go."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

import pytest

from importers.archive.archive import filed_name
from importers.archive.archive import safe_name
from importers.archive.document_links import evidence_for
from importers.archive.shelf import Shelf
from ledger.model import accounts
from tests.importers.makers import case_of
from tests.importers.planning.booked import BOOKED

DAY = datetime.date(2023, 7, 12)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("發票.pdf", "發票.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..", "file"),
        ("a\nb\x00c.pdf", "a_b_c.pdf"),
        ('a<b>:"|?*.pdf', "a_b_.pdf"),
        ("c:\\temp\\a.pdf", "c_temp_a.pdf"),
        ("   ", "file"),
    ],
)
def test_a_name_is_never_a_path(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_filed_file_begins_with_its_day_once() -> None:
    assert filed_name("a.xml", DAY) == "2023-07-12.a.xml"
    assert filed_name("2020-01-01.a.xml", DAY) == "2023-07-12.a.xml"


def test_places_are_given_once_and_the_same_bytes_are_known_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    folder = "documents/Liabilities/1應付帳款"
    assert shelf.place(accounts.PAYABLE, "a.xml", DAY, sha256(b"1")) == (f"{folder}/2023-07-12.a.xml", False)
    assert shelf.place(accounts.PAYABLE, "a.xml", DAY, sha256(b"2")) == (
        f"{folder}/2023-07-12.a-2.xml",
        False,
    )
    assert shelf.place(accounts.PAYABLE, "a.xml", DAY, sha256(b"1")) == (f"{folder}/2023-07-12.a.xml", True)
    (tmp_path / folder).mkdir(parents=True)
    (tmp_path / folder / "2023-07-12.b.xml").write_bytes(b"3")
    assert Shelf(tmp_path).place(accounts.PAYABLE, "b.xml", DAY, sha256(b"3"))[1]
    assert Shelf(tmp_path).place(accounts.PAYABLE, "b.xml", DAY, sha256(b"4"))[0].endswith("b-2.xml")


@pytest.mark.parametrize(
    ("scan", "found"),
    [
        ("AB12345678.pdf", True),
        ("掃描 ab12345678 第1頁.jpg", True),
        ("CD12345678.pdf", False),
        ("軸承 照片.JPG", True),
    ],
)
def test_a_scan_is_of_the_voucher_whose_number_or_attachment_it_is(scan: str, found: bool) -> None:
    text = BOOKED.replace(
        '  item: "高效率軸承"', '  item: "高效率軸承"\n  attachment: "合約.pdf、軸承照片.jpg"'
    )
    assert bool(evidence_for(scan, case_of(text), [])) is found


def test_of_numbers_that_hold_one_another_the_longest_is_meant() -> None:
    one = (
        BOOKED.replace(" ^AB12345678", "")
        .replace("AB12345678", "收1120001")
        .replace('"invoice"', '"receipt"')
    )
    two = one[one.index("2023-07-12 *") :].replace("收1120001", "收11200012")
    text = f"{one}\n{two}"
    entries = evidence_for("收11200012.pdf", case_of(text), [])
    assert entries[0].meta["number"] == "收11200012"


def test_a_name_that_no_file_system_holds_is_shortened() -> None:
    day = datetime.date(2023, 7, 12)
    for name in ("案" * 81 + ".pdf", "x" * 300 + ".xlsx", "x." + "y" * 300, "é" * 127 + "." + "p" * 11):
        kept = filed_name(name, day)
        assert len(kept.encode()) <= 255 - len("-9999")
        assert kept.isprintable()
        assert filed_name(kept, day) == kept
    assert filed_name("案" * 81 + ".pdf", day).endswith("案.pdf")
    assert (
        safe_name("案" * 76 + "a.x") == "案" * 76 + "a.x"
        if len(("案" * 76 + "a.x").encode()) <= 230
        else True
    )
