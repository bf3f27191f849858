"""What is kept of a closed month is what parsing gives, to the letter; whatever else lies in the cache is passed over."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from beancount.parser import parser
from hypothesis import given
from hypothesis import strategies as st

from ledger.loading import month_cache
from ledger.loading.month_cache import MonthCache
from ledger.loading.month_cache import user_cache
from ledger.loading.month_form import decode
from ledger.loading.month_form import encode
from ledger.loading.read_books import read_books

CLOSE = '2023-07-31 custom "grant-close" "2023-07"\n  entitlement: 12 TWD\n  entries: "a b"\n'
ENTRIES = (
    (
        '2023-07-01 * "廠商" "品名" #tag ^AB12345678\n  net: 12 TWD\n  quantity: 1.50\n  voucher-date: 2023-07-01\n  insured: TRUE\n'
        '  empty:\n  account: Assets:Aa\n  Assets:Aa  12.00 TWD\n    item: "甲"\n  ! Equity:Bb  -12 TWD\n'
    ),
    '2023-07-02 ! "只有摘要"\n  Assets:Aa  7 USD\n  Equity:Bb  -7 USD\n',
    "2023-07-03 balance Assets:Aa  12 TWD\n",
    '2023-07-04 custom "grant-evidence" "report" 12.0 12 TWD TRUE 2023-07-04 Assets:Aa\n',
)
OTHERS = (
    "2023-07-05 open Assets:Aa\n",
    '2023-07-05 * "省略"\n  Assets:Aa  7 USD\n  Equity:Bb\n',
    '2023-07-05 * "單價"\n  Assets:Aa  7 USD @ 31 TWD\n  Equity:Bb  -217 TWD\n',
    '2023-07-05 * "成本"\n  Assets:Aa  7 STOCK {31 TWD}\n  Equity:Bb  -217 TWD\n',
    "2023-07-05 balance Assets:Aa  12 ~ 0.5 TWD\n",
)
WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters='"\\'), max_size=12)
WRITTEN = st.one_of(
    st.sampled_from(ENTRIES),
    st.builds(
        '2023-07-{:02} {} "{}" "{}"\n  note: "{}"\n  Assets:Aa  {} TWD\n  Equity:Bb  {:.2f} TWD\n'.format,
        st.integers(1, 28),
        st.sampled_from("*!"),
        WORDS,
        WORDS,
        WORDS,
        st.integers(-(10**15), 10**15),
        st.floats(-1000, 1000),
    ),
)


def seen(entries: list[Any], options: dict[str, Any]) -> list[Any]:
    """Everything of a parsed file, metadata and the looks of its numbers included."""
    shown = [
        (repr(entry), list(entry.meta), [post.meta for post in getattr(entry, "postings", ())])
        for entry in entries
    ]
    return [
        entries,
        shown,
        str(options["dcontext"]),
        {key: options[key] for key in options if key != "dcontext"},
    ]


@pytest.fixture
def cache(tmp_path: Path) -> MonthCache:
    return MonthCache(tmp_path / "cache")


def kept_file(tmp_path: Path) -> Path:
    (file,) = (tmp_path / "cache").iterdir()
    return file


@given(st.lists(WRITTEN, max_size=5))
def test_what_is_kept_is_what_was_parsed(texts: list[str]) -> None:
    entries, errors, options = parser.parse_string("".join(texts) + CLOSE, "/case/books/2023-07.beancount")
    assert not errors
    kept = encode(entries, options["dcontext"])
    assert kept is not None
    again, dcontext = decode(kept, "/case/books/2023-07.beancount")
    assert seen(again, {"dcontext": dcontext}) == seen(entries, {"dcontext": options["dcontext"]})


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_not_plain_is_not_kept(text: str) -> None:
    entries, _errors, options = parser.parse_string(text + CLOSE)
    assert encode(entries, options["dcontext"]) is None


def parsed(cache: MonthCache, content: bytes) -> list[Any] | None:
    """What the cache knows, after the file was parsed and kept."""
    entries, errors, options = parser.parse_string(content, "/case/a.beancount")
    if not errors:
        cache.keep(content, entries, options)
    known = cache.read(Path("/case/a.beancount"), content)
    return None if known is None else seen(*known)


def test_it_is_found_by_its_content_wherever_it_stands(cache: MonthCache, tmp_path: Path) -> None:
    content = (ENTRIES[0] + CLOSE).encode()
    entries, _errors, options = parser.parse_string(content, "/case/a.beancount")
    assert parsed(cache, content) == seen(entries, options)
    elsewhere = cache.read(Path("/other/b.beancount"), content)
    assert elsewhere is not None
    assert elsewhere[0][0].meta["filename"] == "/other/b.beancount"
    assert cache.read(Path("/case/a.beancount"), content + b"\n") is None
    assert kept_file(tmp_path).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content",
    [
        'option "title" "x"\n' + CLOSE,
        'option "render_commas" "TRUE"\n' + CLOSE,
        'include "b.beancount"\n' + CLOSE,
        'plugin "checks"\n' + CLOSE,
        '2023-07-01 * "錯\n' + CLOSE,
    ],
)
def test_other_files_are_parsed_each_time(cache: MonthCache, content: str) -> None:
    assert parsed(cache, content.encode()) is None


def test_another_version_is_another_file(cache: MonthCache, monkeypatch: pytest.MonkeyPatch) -> None:
    content = CLOSE.encode()
    assert parsed(cache, content) is not None
    monkeypatch.setattr(month_cache, "_versions", lambda: ("4", "9"))
    assert cache.read(Path("a"), content) is None


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\x80\x04\x95pickle",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({"days": ["2023-07-32"]}).encode(),
    ],
)
def test_what_this_program_did_not_write_is_passed_over(
    cache: MonthCache, tmp_path: Path, damage: bytes
) -> None:
    content = (ENTRIES[0] + CLOSE).encode()
    assert parsed(cache, content) is not None
    for written in (damage, signed(damage)):
        kept_file(tmp_path).write_bytes(written)
        assert cache.read(Path("/case/a.beancount"), content) is None


def test_what_was_changed_is_passed_over(cache: MonthCache, tmp_path: Path) -> None:
    content = (ENTRIES[0] + CLOSE).encode()
    assert parsed(cache, content) is not None
    written = kept_file(tmp_path).read_bytes()
    kept = written.partition(b"\n")[2]
    for changed in (written[:-1], written.replace(b"12", b"13"), signed(kept.replace(b'"12"', b'"zwei"'))):
        kept_file(tmp_path).write_bytes(changed)
        assert cache.read(Path("/case/a.beancount"), content) is None


def signed(kept: bytes) -> bytes:
    return hashlib.sha256(kept).hexdigest().encode() + b"\n" + kept


def test_what_others_may_write_and_links_are_passed_over(cache: MonthCache, tmp_path: Path) -> None:
    content = CLOSE.encode()
    assert parsed(cache, content) is not None
    file = kept_file(tmp_path)
    file.chmod(0o666)
    assert cache.read(Path("a"), content) is None
    file.chmod(0o600)
    assert cache.read(Path("a"), content) is not None
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert cache.read(Path("a"), content) is None
    file.unlink()
    os.mkfifo(file)
    assert cache.read(Path("a"), content) is None


def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert parsed(MonthCache(tmp_path / "file" / "cache"), CLOSE.encode()) is None


def test_the_oldest_make_room(cache: MonthCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(month_cache, "_MOST_FILES", 2)
    for number in range(4):
        assert parsed(cache, f"{CLOSE};{number}\n".encode()) is not None
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_a_ledger_is_read_the_same_with_it_and_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "user"))
    monkeypatch.setattr("ledger.loading.read_books._LEAST", 0)
    main, open_month, month = (tmp_path / f"{name}.beancount" for name in ("main", "2023-08", "2023-07"))
    sources = {
        main: 'option "title" "案"\ninclude "2023*.beancount"\n'
        "2023-01-01 open Assets:Aa\n2023-01-01 open Equity:Bb\n",
        month: "".join(ENTRIES) + CLOSE,
        open_month: ENTRIES[0],
    }
    for path, text in sources.items():
        path.write_text(text, encoding="utf-8")
    content = {path: text.encode() for path, text in sources.items()}
    without = read_books(main, content)
    assert not (tmp_path / "user").exists()
    for _time in range(2):  # kept, then taken
        entries, errors, options = read_books(main, content, cached=True)
        assert [repr(error) for error in errors] == [repr(error) for error in without[1]]
        assert seen(entries, options) == seen(without[0], without[2])
        assert len(list((tmp_path / "user/grantledger/months").iterdir())) == 1
    assert user_cache().read(month, content[month]) is not None
