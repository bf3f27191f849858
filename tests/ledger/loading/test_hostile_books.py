"""Books that lie about themselves: where an entry stands, what is a string and what is code, how much is included."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import grant
from ledger.case.audit_acts import acts_in
from ledger.files import AUDIT_FILE
from ledger.loading.loader import UnreadBooksError
from ledger.loading.loader import load_case
from ledger.loading.parser_crash import FatalTextError
from ledger.loading.parser_crash import parse_text
from ledger.loading.safe_folder import UnsafeCaseError
from ledger.operations.new_case import new_case
from tests.ledger.ledgers import award_file

BOOK = "books/2023-06.beancount"
ENTRY = '2023-06-05 * "" "撥款"\n{meta}  Assets:1專戶:1政府補助款  5 TWD\n{posting}  Liabilities:3預收補助款  -5 TWD\n'
FINDING = '2023-11-01 custom "grant-finding" "F-001"\n  state: "disallowed"\n'


@pytest.fixture
def case(tmp_path: Path) -> Path:
    new_case(tmp_path / "case", award_file({"equipment": (600_000, 600_000)}))
    return tmp_path / "case"


def not_included(case: Path, audit: str) -> None:
    """The case with an audit file that its books leave out."""
    main = case / "main.beancount"
    main.write_text(main.read_text(encoding="utf-8").replace(f'include "{AUDIT_FILE}"\n', ""), "utf-8")
    (case / AUDIT_FILE).write_bytes(audit.encode())


# --- where an entry stands -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        ENTRY.format(meta='  filename: "/etc/hosts"\n', posting=""),
        ENTRY.format(meta='  filename: "audit.beancount"\n', posting=""),
        ENTRY.format(meta="  filename: 12\n", posting=""),
        ENTRY.format(meta='  lineno: "x"\n', posting=""),
        ENTRY.format(meta="  lineno:\n", posting=""),
        ENTRY.format(meta="  lineno: 99999\n", posting=""),
        ENTRY.format(meta="", posting='    lineno: "x"\n'),
        f'pushmeta lineno: "x"\n{ENTRY.format(meta="", posting="")}popmeta lineno:\n',
        f'pushmeta filename: "/etc/hosts"\n{ENTRY.format(meta="", posting="")}popmeta filename:\n',
    ],
)
def test_an_entry_does_not_say_itself_where_it_stands(case: Path, text: str) -> None:
    (case / BOOK).write_text(f"; 六月\n{text}", encoding="utf-8")
    loaded = load_case(case)
    assert {error.filename for error in loaded.errors} == {str((case / BOOK).resolve())}
    assert loaded.errors[0].lineno > 1
    for entry in loaded.entries:
        metas = [entry.meta, *(posting.meta for posting in getattr(entry, "postings", None) or ())]
        assert all(Path(meta["filename"]).is_absolute() and type(meta["lineno"]) is int for meta in metas)
        assert not any(meta["filename"] == "/etc/hosts" for meta in metas)
    result = CliRunner().invoke(grant, ["check", str(case)])
    assert isinstance(result.exception, SystemExit)


def test_the_words_themselves_are_no_claim(case: Path) -> None:
    (case / BOOK).write_text(
        '2023-06-05 note Assets:1專戶:1政府補助款 "filename: lineno:"\n', encoding="utf-8"
    )
    assert load_case(case).errors == []


# --- what would end the process ------------------------------------------------------------------------


@pytest.mark.parametrize("fatal", ["50/0", "50/ 0.00", "50/\r0", "50/(1-1)", "(50/-0)"])
def test_no_text_that_is_read_apart_from_the_books_ends_the_process(case: Path, fatal: str) -> None:
    audit = f'2023-11-01 custom "grant-finding" "F-001" {fatal}\n'
    with pytest.raises(FatalTextError, match="第 1 行"):
        parse_text(audit, AUDIT_FILE)
    assert acts_in(audit).acts == []
    not_included(case, audit)
    with pytest.raises(UnreadBooksError, match=rf"{AUDIT_FILE} 第 1 行"):
        load_case(case)
    new_case(case.parent / "other", award_file({"equipment": (600_000, 600_000)}))
    merged = CliRunner().invoke(grant, ["merge", str(case.parent / "other"), str(case / AUDIT_FILE)])
    assert merged.exit_code == 2


def test_an_audit_file_that_is_left_out_hides_no_act_by_being_broken(case: Path) -> None:
    not_included(case, FINDING.replace('"grant-finding" "F-001"', '"grant-finding" "F-001" }'))
    (error,) = load_case(case).errors
    assert (Path(error.filename).name, error.lineno) == (AUDIT_FILE, 1)


# --- how much is included ------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", ["*.beancount", "../more/*.beancount", "**/*.beancount", "no-such-*"])
def test_files_that_all_include_each_other_are_refused_at_once(case: Path, pattern: str) -> None:
    (case / "more").mkdir()
    for number in range(600):
        (case / f"more/{number}.beancount").write_text(f'include "{pattern}"\n', encoding="utf-8")
    with (case / "main.beancount").open("a", encoding="utf-8") as main:
        main.write('include "more/*.beancount"\n')
    started = time.process_time()
    with pytest.raises(UnsafeCaseError, match="include 太多"):
        load_case(case)
    assert time.process_time() - started < 2


def test_a_file_of_nothing_but_includes_is_refused_at_once(case: Path) -> None:
    (case / BOOK).write_text('include "no-such"\n' * 50_000, encoding="utf-8")
    started = time.process_time()
    with pytest.raises(UnsafeCaseError, match="include 太多"):
        load_case(case)
    assert time.process_time() - started < 2


def test_a_chain_of_includes_and_a_ring_come_to_an_end(case: Path) -> None:
    for number in range(900):
        (case / f"books/{number}.inc").write_text(f'include "{(number + 1) % 900}.inc"\n', encoding="utf-8")
    (case / BOOK).write_text('include "0.inc"\n', encoding="utf-8")
    assert len(load_case(case).errors) == 1  # the ring's end, which Beancount tells too


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-be", "utf-32"])
def test_a_book_in_another_coding_is_judged_as_it_is_loaded(case: Path, coding: str) -> None:
    """What the lexer makes of it decides, and that is told; nothing of it runs."""
    (case / BOOK).write_bytes('plugin "company"\ninclude "/etc/hosts"\n'.encode(coding))
    loaded = load_case(case)
    assert {Path(error.filename).name for error in loaded.errors} == {"2023-06.beancount"}
    assert all(name != "company" for name, _config in loaded.options["plugin"])
