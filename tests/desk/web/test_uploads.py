"""Files of a form: cleaned names, limits, and nothing reached by a path from outside."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.web import uploads
from desk.web.uploads import UploadError
from desk.web.uploads import clean_name
from desk.web.uploads import field_of
from desk.web.uploads import keep
from desk.web.uploads import kept


@pytest.mark.parametrize(
    ("given_name", "cleaned"),
    [
        ("發票.pdf", "發票.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\帳\\發票.pdf", "發票.pdf"),
        ("/", "file"),
        ("..", "file"),
        ("", "file"),
        (".hidden", "hidden"),
        ("a\x00b\n.pdf", "a_b_.pdf"),
        ("\u202efdp.exe", "_fdp.exe"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned(given_name: str, cleaned: str) -> None:
    assert clean_name(given_name) == cleaned


@given(st.text(st.characters(codec="utf-8")))
def test_any_name_is_one_plain_name_and_stays_as_it_is(name: str) -> None:
    cleaned = clean_name(name)
    assert cleaned == clean_name(cleaned)
    assert Path(cleaned).name == cleaned
    assert cleaned not in {"", ".", ".."}
    assert len(cleaned.encode()) <= 120


def test_what_is_kept_is_found_again(tmp_path: Path) -> None:
    upload = keep(tmp_path, "../發票.pdf", b"%PDF")
    assert upload.path.name == "發票.pdf"
    assert list(tmp_path.iterdir()) == []  # nothing of it is in the case
    assert kept(tmp_path, field_of(upload)) == upload
    assert keep(tmp_path, "發票.pdf", b"%PDF") == upload


@pytest.mark.parametrize(
    "field",
    [
        "",
        "x",
        "../../main.beancount",
        "0" * 64 + "/../../../main.beancount",
        "0" * 64 + "/a.pdf",
        "/etc/passwd",
    ],
)
def test_nothing_else_is(tmp_path: Path, field: str) -> None:
    (tmp_path / "main.beancount").write_text("", encoding="utf-8")
    keep(tmp_path, "a.pdf", b"%PDF")
    with pytest.raises(UploadError):
        kept(tmp_path, field)


def test_a_kept_file_that_was_changed_is_not_taken(tmp_path: Path) -> None:
    upload = keep(tmp_path, "a.pdf", b"%PDF")
    upload.path.write_bytes(b"other")
    with pytest.raises(UploadError):
        kept(tmp_path, field_of(upload))


def test_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)
    with pytest.raises(UploadError, match="太大"):
        keep(tmp_path, "a.pdf", b"x" * 11)
    with pytest.raises(UploadError, match="空的"):
        keep(tmp_path, "a.pdf", b"")
    assert keep(tmp_path, "a.pdf", b"x" * 10).path.is_file()


def test_a_case_sees_no_file_of_another(tmp_path: Path) -> None:
    upload = keep(tmp_path / "one", "a.pdf", b"%PDF")
    with pytest.raises(UploadError):
        kept(tmp_path / "two", field_of(upload))


def test_nobody_else_may_read_the_place(tmp_path: Path) -> None:
    upload = keep(tmp_path, "a.pdf", b"%PDF")
    assert upload.path.parents[2].stat().st_mode & 0o077 == 0


def test_what_nobody_confirmed_goes_after_a_day(tmp_path: Path) -> None:
    old = keep(tmp_path, "a.pdf", b"old")
    long_ago = time.time() - 25 * 3600
    os.utime(old.path.parent, (long_ago, long_ago))
    new = keep(tmp_path, "a.pdf", b"new")
    assert not old.path.exists()
    assert new.path.is_file()


def test_never_more_than_so_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 3)
    for number in range(6):
        keep(tmp_path, "a.pdf", str(number).encode())
    found = keep(tmp_path, "a.pdf", b"last").path.parents[1]
    assert len(list(found.iterdir())) <= 4
