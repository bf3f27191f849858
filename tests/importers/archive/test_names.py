"""Files of the inbox whose names are no text, are one name elsewhere, or are links to one file."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from desk.inbox.store import inbox_of
from importers.archive.archive import safe_name
from importers.archive.shelf import Shelf
from ledger.util.dates import month_last_day
from tests.audit.house import call
from tests.desk.house import HEAD
from tests.desk.house import make_case
from tests.desk.house import window

ROW = "112/07/1{day},統一發票,QX1000000{day},04595257,試作五金行,試作軸承,1,個,200{day},100,消耗性器材及原材料費,,匯款,\n"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return make_case(tmp_path / "case")


def put(case: Path, name: bytes, day: int) -> Path:
    path = os.path.join(os.fsencode(inbox_of(case)), name)  # noqa: PTH118 -- a name of bytes
    with open(path, "wb") as file:  # noqa: PTH123
        file.write((HEAD + ROW.format(day=day)).encode())
    return Path(os.fsdecode(path))


def names(folder: Path) -> set[bytes]:
    return {os.fsencode(path.name) for path in folder.rglob("*") if path.is_file()}


def test_a_name_that_is_no_text_is_imported_shown_and_put_back(case: Path) -> None:
    """As Windows packs names in Taiwan, unpacked on another system: Big5, or nothing at all."""
    before = [put(case, "薪資.csv".encode("cp950"), 1), put(case, b"\xff\xfe.csv", 2)]
    (inbox_of(case) / os.fsdecode(b"\xff.bin")).write_bytes(b"\0\1")
    assert "收件" in window(case).words("?tab=inbox")
    call("import", case, code=1)  # what is no statement and no voucher is left, and told
    filed = names(case / "documents")
    assert "2023-07-11.薪資.csv".encode() in filed
    assert all(name.decode("utf-8") for name in filed)
    assert call("verify", case, "--json")["same"]
    for words in (("log", case), ("show", case, "3"), ("doctor", case), ("undo", case)):
        call(*words)
    assert all(path.is_file() for path in before)


@pytest.mark.parametrize(
    ("one", "other"), [("A.csv", "a.CSV"), ("\u00e9.csv", "e\u0301.csv"), ("Straße.csv", "STRASSE.csv")]
)
def test_names_that_are_one_elsewhere_are_told_apart(case: Path, one: str, other: str) -> None:
    shelf, day = Shelf(case), month_last_day("2023-07")
    first, _kept = shelf.place("Liabilities:1應付帳款", one, day, "1" * 64)
    second, _kept = shelf.place("Liabilities:1應付帳款", other, day, "2" * 64)
    assert unicodedata.normalize("NFC", first).casefold() != unicodedata.normalize("NFC", second).casefold()
    kept = case / first
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(b"x")
    assert Shelf(case).place("Liabilities:1應付帳款", other, day, "3" * 64)[0].endswith(second[-6:])


@pytest.mark.parametrize("name", ["a\u202egnp.csv", "a\u200b.csv", "a\x7f.csv", "a\u2066b\u2069.csv"])
def test_what_nobody_sees_in_a_name_is_taken_out(name: str) -> None:
    assert safe_name(name).isprintable()


@pytest.mark.parametrize("name", ["CON.csv", "aux.xml", "nul", "com1.csv", "a.csv.", "b.csv "])
def test_a_name_that_windows_cannot_hold_is_filed_under_one_that_it_can(case: Path, name: str) -> None:
    path = put(case, name.encode(), 3)
    call("import", case)
    assert not path.exists()
    (filed,) = [kept for kept in names(case / "documents") if kept.startswith(b"2023-07-13")]
    assert filed == f"2023-07-13.{name.strip('. ')}".encode()
    call("undo", case)
    assert path.exists()


def test_hard_links_are_two_files_and_what_lies_outside_stays(case: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text(HEAD + ROW.format(day=4), encoding="utf-8")
    before = outside.read_bytes()
    for name in ("one.csv", "two.csv"):
        os.link(outside, inbox_of(case) / name)
    call("import", case)
    call("undo", case)
    call("import", case)
    assert outside.read_bytes() == before
    assert list((case / "inbox").iterdir()) == []


def test_an_index_that_is_a_pipe_is_not_waited_for(case: Path) -> None:
    index = case / ".grant/filed.json"
    index.unlink()
    os.mkfifo(index)
    put(case, b"x.csv", 5)
    call("import", case)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', "[" * 100_000])
def test_a_broken_index_is_read_anew(case: Path, text: str) -> None:
    (case / ".grant/filed.json").write_text(text, encoding="ascii")
    put(case, b"x.csv", 6)
    call("import", case)
