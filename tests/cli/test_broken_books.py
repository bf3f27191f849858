"""Case folders that somebody broke: the plugins and `grant check` say what they can, and never raise."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from beancount import loader
from click.testing import CliRunner
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from checks.engine.plugin import CheckError
from cli.main import grant
from ledger.loading.loader import UnreadBooksError
from ledger.loading.loader import prepared
from tests.checks.builder import AWARD
from tests.checks.builder import JULY
from tests.checks.builder import JUNE
from tests.checks.builder import MONTHS
from tests.checks.builder import Books
from tests.checks.builder import opens
from tests.checks.presentation.sarif_form import well_formed
from tests.cli.made_case import MAIN
from tests.cli.made_case import made

DAY = "2023-11-20"
FORMS: tuple[list[str], ...] = ([], ["--json"], ["--format", "sarif"], ["--horizon", "30"])


def check(case: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(grant, ["check", str(case), "--as-of", DAY, *words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code, result.stdout


def unread(case: Path) -> bool:
    """Whether reading the books would end the process."""
    try:
        prepared(case / "main.beancount")
    except UnreadBooksError:
        return True
    return False


def plugged(case: Path) -> list[Any]:
    """What Beancount says of the case with our plugin; our plugin has to have run."""
    load: Any = loader._uncached_load_file
    errors = list(load(str(case / "main.beancount"), None, None, None)[1])
    for error in errors:
        assert not error.message.startswith('Error applying plugin "checks'), error
        assert {"filename", "lineno"} <= set(error.source)
    return errors


BOOK = "books/2023-06.beancount"
TAX = "Assets:2進項稅額"

CENTS = (
    f'2023-06-07 * "x"\n  voucher: "invoice"\n  net: 1.5 TWD\n  {TAX}  1 TWD\n  Equity:1業者投入  -1 TWD\n'
)
WHOLE = opens() + AWARD

# what is broken: the file, what is appended to it (or put in its place), and what has to be said of it
APPENDED: dict[str, tuple[str, str, str]] = {
    "a string without its end": (BOOK, '2023-06-07 * "沒有收尾\n', "看不懂"),
    "a date that is none": (BOOK, f'2023-06-31 * "x"\n  {TAX}  1 TWD\n', "沒有這個日期"),
    "an entry that does not balance": (BOOK, f'2023-06-07 * "x"\n  {TAX}  1 TWD\n', "借貸不平"),
    "an account that is not open": (BOOK, '2023-06-07 * "x"\n  Assets:Nowhere  1 TWD\n  Equity:1業者投入  -1 TWD\n', "沒有開立"),
    "an include of nothing": ("main.beancount", 'include "no.beancount"\n', "include"),
    "a case that includes itself": ("main.beancount", 'include "main.beancount"\n', "兩次"),
    "a family that is none": ("main.beancount", 'plugin "checks.nonsense"\n', "checks.nonsense"),
    "an option that is none": ("main.beancount", 'option "no-such" "x"\n', "no-such"),
    "a tag that is not taken off": (BOOK, "pushtag #x\n", "tag"),
    "too few arguments": ("award.beancount", '2023-06-01 custom "grant-budget" "research" 1 TWD\n', "grant-budget"),
    "arguments of another kind": ("award.beancount", '2023-06-01 custom "grant-item" 5 "x" TRUE 2023-01-01\n', "grant-item"),
    "no arguments": (BOOK, '2023-06-30 custom "grant-close"\n', "grant-close"),
    "a month that is none": (BOOK, '2023-06-30 custom "grant-close" "2023-13"\n', "2023-13"),
    "a directive nobody knows": (BOOK, '2023-06-30 custom "grant-nonsense" "x"\n', "grant-nonsense"),
    "an amount with a fraction": ("award.beancount", '2023-06-01 custom "grant-budget" "research" 0.5 TWD 1 TWD\n', "0.5"),
    "a voucher of dollars and cents": (BOOK, CENTS, "1.5"),
    "a division by zero": (BOOK, f'2023-06-07 * "x"\n  {TAX}  1/0 TWD\n', "除以零"),
    "a posting of nothing at a total cost": (BOOK, '2023-06-07 * "x"\n  Equity:1業者投入  0 HOOL {{20 TWD}}\n', "除以零"),
}  # fmt: skip


@pytest.mark.parametrize(("file", "text", "said"), APPENDED.values(), ids=APPENDED)
def test_what_is_appended(tmp_path: Path, file: str, text: str, said: str) -> None:
    case = made(tmp_path / "case")
    with (case / file).open("a", encoding="utf-8") as opened:
        opened.write("\n" + text)
    _is_told(case, said)


def _is_told(case: Path, said: str) -> None:
    if not unread(case) and "{{" not in (case / BOOK).read_text("utf-8", "replace"):
        plugged(case)
    for words in FORMS:
        code, output = check(case, *words)
        assert code == (1 if said else 0), output
    answer = json.loads(check(case, "--json")[1])
    unreadable = [finding for finding in answer["findings"] if finding["check"] == "books-unreadable"]
    assert bool(unreadable) == bool(said)
    assert not said or said in "".join(finding["message"] for finding in unreadable)
    assert all(finding["line"] >= 1 for finding in unreadable)
    well_formed(json.loads(check(case, "--format", "sarif")[1]))


PUT: dict[str, tuple[str, bytes, str]] = {
    "Big5": (BOOK, JUNE.encode("cp950"), "Big5"),
    "UTF-16": (BOOK, JUNE.encode("utf-16"), "BOM"),
    "UTF-8 with a BOM": ("main.beancount", b"\xef\xbb\xbf" + MAIN.encode(), "BOM"),
    "no text at all": ("award.beancount", bytes(range(256)) * 3, "award.beancount"),
    "nothing": ("main.beancount", b"", 'plugin "checks"'),
    "no award": ("award.beancount", opens().encode(), "grant-award"),
    "half an award": ("award.beancount", WHOLE[: len(opens()) + 300].encode(), "看不懂"),
    "an award without accounts": ("award.beancount", AWARD.encode(), "沒有開立"),
    "an unknown scheme": ("award.beancount", WHOLE.replace("managed-factory-112", "../x").encode(), "../x"),
    "a filing date that is a number": ("award.beancount", WHOLE.replace("filed: 2023-05-20", "filed: 20230520").encode(), "filed"),
    "an end that is text": ("award.beancount", WHOLE.replace("end: 2023-09-30", 'end: "112/9/30"').encode(), "end"),
    "a company number that is a number": ("award.beancount", WHOLE.replace('ubn: "11688527"', "ubn: 11688527").encode(), ""),
}  # fmt: skip


@pytest.mark.parametrize(("file", "content", "said"), PUT.values(), ids=PUT)
def test_what_is_put_in_a_files_place(tmp_path: Path, file: str, content: bytes, said: str) -> None:
    case = made(tmp_path / "case")
    (case / file).write_bytes(content)
    plugged(case)
    code, output = check(case, "--json")
    unreadable = [f for f in json.loads(output)["findings"] if f["check"] == "books-unreadable"]
    assert code == 1
    assert bool(unreadable) == bool(said)
    told = "".join(f"{finding['file']}{finding['message']}" for finding in unreadable)
    assert said in told
    for words in FORMS:
        assert check(case, *words)[0] == 1


def test_a_folder_in_a_books_place(tmp_path: Path) -> None:
    case = made(tmp_path / "case")
    (case / "books/2023-07.beancount").mkdir()
    assert check(case)[0] == 1


def test_a_file_in_windows_manner_is_no_fault(tmp_path: Path) -> None:
    case = made(tmp_path / "case", JUNE)
    same = check(case, "--json")
    for file in ("main.beancount", "award.beancount", BOOK):
        path = case / file
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert check(case, "--json") == same


def test_no_case_at_all(tmp_path: Path) -> None:
    assert check(tmp_path)[0] == 2
    assert check(tmp_path / "nowhere")[0] == 2
    (tmp_path / "main.beancount").mkdir()
    assert check(tmp_path)[0] == 2


# --- cut anywhere, mangled anywhere --------------------------------------------------------------------------

SMALL = Books(WHOLE + JUNE + JULY).close(*MONTHS[:1])
FILES = {
    "main.beancount": MAIN.encode(),
    "award.beancount": WHOLE.encode(),
    BOOK: SMALL.text.removeprefix(WHOLE).encode(),
}
SIGNS = [
    bytes([n])
    for n in (
        0,
        9,
        10,
        13,
        32,
        34,
        35,
        40,
        41,
        42,
        44,
        45,
        46,
        47,
        48,
        57,
        58,
        59,
        92,
        94,
        123,
        125,
        0xE5,
        0xFF,
    )
]
WORDS = [
    b"TRUE",
    b"NULL",
    b"USD",
    b"1E+400",
    b"9" * 40,
    b"0.0000001",
    b'custom "grant-',
    b"{{1 TWD}}",
    b"@@ 1 USD",
]


def _changed(text: bytes, place: int, way: str, sign: bytes) -> bytes:
    match way:
        case "cut":
            return text[:place]
        case "behead":
            return text[place:]
        case "drop":
            return text[:place] + text[place + 1 :]
        case "replace":
            return text[:place] + sign + text[place + 1 :]
        case _:
            return text[:place] + sign + text[place:]


@st.composite
def broken(draw: st.DrawFn) -> dict[str, bytes]:
    """The files of a small case, cut or mangled in one to three places."""
    files = dict(FILES)
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(files)))
        place = draw(st.integers(0, len(files[name])))
        way = draw(st.sampled_from(["cut", "behead", "drop", "replace", "insert"]))
        files[name] = _changed(files[name], place, way, draw(st.sampled_from(SIGNS + WORDS)))
    return files


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("broken") / "case")


@given(files=broken())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_books_cut_or_mangled_anywhere_raise_nothing(workshop: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (workshop / name).write_bytes(content)
    code, output = check(workshop, "--json", "--horizon", "20")
    answer = json.loads(output)
    errors_found = [finding["check"] for finding in answer["findings"] if finding["severity"] == "error"]
    if "books-unsafe" in errors_found:  # a line cut in its middle may ask for what is not ours
        assert code == 2
        return
    assert code == bool(errors_found)
    if unread(workshop):
        return
    try:
        errors = plugged(workshop)
    except (ArithmeticError, ValueError):  # Beancount's own: see tests/ledger/loading/test_load_errors.py
        assert code == 1
        return
    if any(not isinstance(error, CheckError) for error in errors):
        assert "books-unreadable" in {finding["check"] for finding in answer["findings"]}


def test_the_small_case_is_whole(workshop: Path) -> None:
    """What is broken above would otherwise be well."""
    for name, content in FILES.items():
        (workshop / name).write_bytes(content)
    assert not [error for error in plugged(workshop) if not isinstance(error, CheckError)]
    day = datetime.date(2023, 7, 31)
    result = CliRunner().invoke(grant, ["check", str(workshop), "--as-of", str(day)])
    assert result.exit_code == 0, result.output
