"""Books that Beancount cannot read, in an accountant's words; and what would end the process that reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from beancount import loader

from ledger.loading.load_errors import in_our_words
from ledger.loading.loader import UnreadBooksError
from ledger.loading.loader import load_case
from ledger.loading.loader import prepared
from ledger.util.i18n import use_language

OPEN = "2023-01-01 open Assets:A TWD\n2023-01-01 open Assets:B TWD\n"

# what a user gets wrong, and what is said of it
WRONG = {
    '2023-01-02 * "x"\n  Assets:A  5 TWD\n  Assets:B  -4 TWD\n': ["分錄借貸不平,差 1 TWD"],
    '2023-01-02 * "x"\n  Assets:A  5 TWD\n  Assets:C  -5 TWD\n': ["帳戶「Assets:C」沒有開立(open)"],
    '2022-01-02 * "x"\n  Assets:A  5 TWD\n  Assets:A  -5 TWD\n': ["帳戶「Assets:A」在這一天還沒開立或已關閉"],
    '2023-01-02 * "x"\n  Assets:A  5 USD\n  Assets:B  -5 USD\n': ["帳戶「Assets:A」不能記 USD", "帳戶「Assets:B」不能記 USD"],
    "2023-01-02 open Assets:A\n": ["帳戶「Assets:A」開立(open)了兩次"],
    "2023-01-02 open Assets:專戶\n": ["帳戶名稱「Assets:專戶」不合格式"],
    "2023-01-02 balance Assets:A 5 TWD\n": ["帳戶「Assets:A」的餘額應為 5 TWD,帳上為 0 TWD(5 too little)"],
    '2023-01-02 * "x\n': ['看不懂這裡的文字「"x」;可能少了引號,或用了全形符號'],
    "2023-01-02 open open\n": ["寫法不合 Beancount 的格式(這裡不應出現 OPEN)"],
    "2023-02-30 open Assets:D\n": ["沒有這個日期"],
    'include "no.beancount"\n': ["找不到 include 的檔案「no.beancount」"],
    'option "documents" "no"\n': ['option "documents" 所指的資料夾「no」不存在'],
    'option "no" "x"\n': ["沒有「no」這個 option"],
    'plugin "checks.nothing"\n': ['plugin "checks.nothing" 無法載入;請核對名稱'],
    "2023-01-02 pad Assets:A Assets:B\n": ["Unused Pad entry"],  # a sentence that is not ours
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), WRONG.items(), ids=range(len(WRONG)))
def test_what_is_wrong_is_said(tmp_path: Path, text: str, said: list[str]) -> None:
    main = tmp_path / "main.beancount"
    main.write_text(OPEN + text, encoding="utf-8")
    errors = load_case(tmp_path).errors
    assert sorted(error.message.replace(f"{tmp_path}/", "") for error in errors) == sorted(said)
    assert {(Path(error.filename).name, error.lineno >= 3) for error in errors} == {("main.beancount", True)}
    use_language("en")
    assert all(error.message.isascii() or "專戶" in error.message for error in load_case(tmp_path).errors)


def test_a_file_included_twice(tmp_path: Path) -> None:
    (tmp_path / "main.beancount").write_text(
        'include "a.beancount"\ninclude "a.beancount"\n', encoding="utf-8"
    )
    (tmp_path / "a.beancount").write_text(OPEN, encoding="utf-8")
    (error,) = load_case(tmp_path).errors
    assert error.message.endswith("a.beancount」被 include 了兩次")


def test_a_failing_plugin_is_told_by_its_last_line() -> None:
    message = (
        'Error applying plugin "a.b": Traceback (most recent call last):\n  File "x", line 1\nTypeError: no\n'
    )
    assert in_our_words(message) == 'plugin "a.b" 失敗:TypeError: no'
    assert in_our_words("Something  else\n entirely") == "Something else entirely"


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ((OPEN + '2023-01-02 * "專戶"\n').encode("cp950"), 3, "Big5"),
        ((OPEN + '2023-01-02 * "專戶"\n').encode("utf-16"), 1, "BOM"),
        (("\ufeff" + OPEN).encode(), 1, "BOM"),
        (b"\xff" * 9, 1, "Big5"),
    ],
)
def test_a_file_in_another_encoding_is_told_once(
    tmp_path: Path, content: bytes, line: int, said: str
) -> None:
    (tmp_path / "main.beancount").write_text('include "a.beancount"\n', encoding="utf-8")
    (tmp_path / "a.beancount").write_bytes(content)
    (error,) = load_case(tmp_path).errors
    assert (Path(error.filename).name, error.lineno) == ("a.beancount", line)
    assert said in error.message


def test_whatever_beancount_stumbles_over_is_an_error_of_the_books(tmp_path: Path) -> None:
    """A posting of nothing at a total cost: Beancount raises."""
    main = tmp_path / "main.beancount"
    main.write_text(
        OPEN + '2023-01-02 * "x"\n  Assets:A  0 HOOL {{20 USD}}\n  Assets:B  -20 USD\n', encoding="utf-8"
    )
    with pytest.raises(ArithmeticError):
        loader.load_file(str(main))
    with pytest.raises(UnreadBooksError, match=r"main\.beancount 第 1 行:除以零"):
        load_case(tmp_path)
    loaded = load_case(tmp_path, keep_unread=True)
    assert [error.message for error in loaded.errors] == ["除以零"]
    assert loaded.case.award is None
    main.write_text('include "a\0*/b"\n', encoding="utf-8")
    assert load_case(tmp_path).errors


DEADLY = (
    '2023-01-02 * "x"\n  Assets:A  50/0 TWD\n',
    '2023-01-02 * "x"\n  Assets:A  50/ 000 TWD\n',
    '2023-01-02 * "x"\n  Assets:A  50/0.00 TWD\n',
    '2023-01-02 * "x"\n  Assets:A  50/(1-1) TWD\n',
    '2023-01-02 custom "grant-close" "2023-01"\n  entitlement: 50/-0 TWD\n',
    '2023-01-02 * "x"\n  Assets:A  0/0 TWD\n',
    '2023-01-02 * "x"\n  Assets:A  50 / 2 / -(3 - 2 - 1) TWD\n',
    '2023-01-02 custom "x"\n  y: 5 * 1/0 TWD\n',
)
UNCLEAR = (
    '2023-01-02 * "x"\n  Assets:A  9' + ("*1" + "0" * 25) * 41_000 + " TWD\n",
    f'2023-01-02 * "x"\n  Assets:A  1/{"(" * 500}2{")" * 500} TWD\n',
    '2023-01-02 * "x"\n  Assets:A  1/(2 TWD\n',
)
HARMLESS = (
    '2023-01-02 * "50/0"\n  Assets:A  50/2 TWD\n  Assets:B\n',
    '2023-01-02 * "x" ; 50/0\n  Assets:A  50/0.5 TWD\n  Assets:B\n',
    '2023/01/02 * "x"\n  Assets:A  50/(2-1) TWD\n  Assets:B\n',
)


@pytest.mark.parametrize("text", DEADLY)
def test_a_division_by_zero_is_found_before_it_ends_the_process(tmp_path: Path, text: str) -> None:
    (tmp_path / "main.beancount").write_text('include "books/*.beancount"\n', encoding="utf-8")
    (tmp_path / "books").mkdir()
    (tmp_path / "books/a.beancount").write_text(OPEN + text, encoding="utf-8")
    (error,) = load_case(tmp_path, keep_unread=True).errors
    assert (Path(error.filename).name, error.lineno, error.message) == ("a.beancount", 4, "除以零")
    with pytest.raises(UnreadBooksError, match=r"books/a\.beancount 第 4 行:除以零"):
        load_case(tmp_path)


@pytest.mark.parametrize("text", UNCLEAR)
def test_arithmetic_that_cannot_be_followed_is_not_tried(tmp_path: Path, text: str) -> None:
    (tmp_path / "main.beancount").write_text(OPEN + text, encoding="utf-8")
    (error,) = load_case(tmp_path, keep_unread=True).errors
    assert (error.lineno, error.message) == (4, "算式看不懂,或數字太長")


@pytest.mark.parametrize("text", HARMLESS)
def test_other_strokes_are_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "main.beancount").write_text(OPEN + text, encoding="utf-8")
    loaded = load_case(tmp_path)
    assert (loaded.errors, len(loaded.case.transactions)) == ([], 1)


def test_files_that_include_each_other_are_looked_at_once(tmp_path: Path) -> None:
    (tmp_path / "main.beancount").write_text('include "main.beancount"\ninclude "no/*"\n', encoding="utf-8")
    assert list(prepared(tmp_path / "main.beancount").files) == [tmp_path / "main.beancount"]
