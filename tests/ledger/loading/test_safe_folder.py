"""A case folder is a stranger's: what would run from it, or lead out of it, is refused before Beancount sees it."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from beancount.core import data
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from cli.main import grant
from ledger.loading.loader import load_case
from ledger.loading.parser_crash import fatal_of
from ledger.loading.safe_folder import HARMLESS_PLUGINS
from ledger.loading.safe_folder import UnsafeCaseError
from ledger.loading.safe_folder import is_trusted
from ledger.loading.safe_folder import read_sources
from ledger.loading.safe_folder import trusting
from ledger.loading.source_text import directives_of
from ledger.operations.new_case import new_case
from tests.ledger.ledgers import award_file
from tests.ledger.loading.agreement import assert_listed

BOOK = "books/2023-06.beancount"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    new_case(tmp_path / "case", award_file({"equipment": (600_000, 600_000)}))
    return tmp_path / "case"


def add(case: Path, name: str, text: str) -> None:
    (case / name).parent.mkdir(parents=True, exist_ok=True)
    with (case / name).open("a", encoding="utf-8") as file:
        file.write(text)


def places(case: Path) -> list[tuple[str, int]]:
    """Where the case is unsafe: file and line."""
    found = read_sources(case.resolve() / "main.beancount").unsafe
    return [
        (str(Path(place.file).relative_to(case.resolve())), place.line)
        for place in found
        if not place.is_warning
    ]


def test_a_new_case_is_safe(case: Path) -> None:
    assert read_sources(case / "main.beancount").unsafe == []


# what is added to main.beancount or a book, and would run or read something
REFUSED = (
    'plugin "company"',
    'plugin"company" "config"',
    '  plugin "company"',  # an indent is an error, and the directive counts all the same
    ') plugin "company"',
    'nonsense plugin\t"company"',
    'plugin "beancount.plugins.commodity_attr" "open(1)"',
    'plugin "beancount.plugins.check_commodity"',
    'plugin "checks_of_ours"',
    'plugin "audit.fava"',
    'plugin "com\npany"',
    'option "insert_pythonpath" "TRUE"',
    'option "insert_\\pythonpath" "true"',
    'option "plugin" "company:config"',
    'option "plugin_processing_mode" "raw"',
    'option "documents" "/"',
    'option "documents" "../other"',
    'option "include" "/etc/hosts"',
    'option "include" "books/../award.beancount"',
    'include "/etc/hosts"',
    'include "../other/*.beancount"',
    'include "books/../../other.beancount"',
    'include "books/secret.gpg"',
    'include "**/**/*.beancount"',
    'include "**/**/**/**/**/**/**/**/x.beancount"',
    '2023-06-01 custom "fava-extension" "company.extension"',
    '2023-06-01 custom "fava-extension" "company" "audit.fava"',
    '2023-06-01 custom "fava-option" "import-config" "import.py"',
    '2023-06-01 custom "fava-option" "import_config" "import.py"',
    '2023-06-01 custom "fava-option" "import-dirs" "/home"',
    '2023-06-01 custom "fava-option" "default-file" "/etc/hosts"',
    '2023-06-01 document Assets:1專戶:1政府補助款 "/etc/hosts"',
    '2023-06-01 document Assets:1專戶:1政府補助款 "../../x.pdf"',
    '2023-06-01 note Assets:1專戶:1政府補助款 "a\n; " plugin "company"',
)


@pytest.mark.parametrize("name", ["main.beancount", BOOK])
@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_in_any_file(case: Path, name: str, text: str) -> None:
    (case / "books/secret.gpg").write_text("x", encoding="utf-8")
    if name == BOOK:  # the same place, from the folder of the book
        text = text.replace('"books/', '"').replace('"../', '"../../')
    add(case, name, f"\n{text}\n")
    line = (case / name).read_text(encoding="utf-8").rstrip().count("\n") + 1
    assert [file for file, _line in places(case)] == [name]
    assert line - 1 <= places(case)[0][1] <= line
    with pytest.raises(UnsafeCaseError, match=rf"{name} 第 \d+ 行"):
        load_case(case)


ALLOWED = (
    'plugin "checks.account"',
    'plugin "beancount.plugins.noduplicates"',
    '; plugin "company"',
    '2023-06-01 note Assets:1專戶:1政府補助款 "plugin \\"company\\""',
    '2023-06-01 note Assets:1專戶:1政府補助款 "a\nplugin (company)\n"',
    '* plugin "company"',  # a heading of org-mode
    'option "insert_pythonpath" "FALSE"',
    'include "../case/books/*.beancount"',
    '2023-06-01 custom "fava-extension" "desk.fava"',
    '2023-06-01 custom "fava-option" "indent" "4"',
    '2023-06-01 custom "fava-option" "default-file" "books/2023-06.beancount"',
    '2023-06-01 custom "grant-evidence" "plugin" "documents/x.pdf"',
    '2023-06-01 document Assets:1專戶:1政府補助款 "documents/x.pdf"',
    '2023-06-01 query "documents" "SELECT account"',
)


@pytest.mark.parametrize("text", ALLOWED)
def test_what_is_harmless(case: Path, text: str) -> None:
    add(case, "main.beancount", f"\n{text}\n")
    assert places(case) == []


def test_no_harmless_plugin_evaluates_or_opens_anything() -> None:
    for name in HARMLESS_PLUGINS:
        source = inspect.getsource(importlib.import_module(name))
        assert all(word not in source for word in (" eval(", "exec(", " open(", "import_module", "pickle"))


FILES = {
    "helper.py": True,
    "books/x.SO": True,
    "schemes/x.pth": True,
    "__pycache__/checks.cpython-311.pyc": True,
    "audit/note.txt": True,
    "Beancount/note.txt": True,
    "fava/note.txt": True,
    "documents/x.py": False,
    "inbox/x.py": False,
    "notes/audit/note.txt": False,
    "audit.beancount.bak": False,
    "letters/note.txt": False,
}


@pytest.mark.parametrize(("name", "is_refused"), FILES.items())
def test_files_and_folders(case: Path, name: str, is_refused: bool) -> None:
    add(case, name, "x")
    assert bool(places(case)) == is_refused


@pytest.mark.parametrize(
    "name", ["link", "books/2023-07.beancount", "documents/link", "documents/Assets", ".grant/link"]
)
@pytest.mark.parametrize("target", ["/etc", "/etc/hosts", "../elsewhere"])
def test_a_link_is_refused_wherever_it_stands(case: Path, name: str, target: str) -> None:
    (case / name).symlink_to(target)
    assert (name, 1) in places(case)


def test_the_top_file_may_be_no_link(case: Path, tmp_path: Path) -> None:
    (case / "main.beancount").rename(tmp_path / "top.beancount")
    (case / "main.beancount").symlink_to(tmp_path / "top.beancount")
    with pytest.raises(UnsafeCaseError, match=r"main\.beancount"):
        load_case(case)


def test_a_link_in_the_inbox_is_the_imports_to_refuse(case: Path) -> None:
    (case / "inbox/x.csv").symlink_to("/etc/hosts")
    assert load_case(case, incoming=True).errors == []
    with pytest.raises(UnsafeCaseError):
        load_case(case)


def test_a_pipe_that_is_included_is_not_waited_for(case: Path) -> None:
    os.mkfifo(case / "books/2023-08.beancount")
    assert [error.message for error in load_case(case).errors]


@pytest.mark.parametrize(
    ("name", "is_refused"),
    [
        (BOOK, True),
        ("books/2030-01.beancount", True),
        ("pending.jsonl", True),
        ("schemes/x.toml", True),
        ("documents/SHA256SUMS", True),
        ("documents/2023-06-01.a.pdf", False),
    ],
)
def test_a_huge_text_is_refused_before_it_is_read(case: Path, name: str, *, is_refused: bool) -> None:
    """A file of the disk's own making: it takes no room, and all memory once it is read."""
    (case / name).parent.mkdir(exist_ok=True)
    with (case / name).open("ab") as file:
        file.truncate(1 << 40)
    assert places(case) == ([(name, 1)] if is_refused else [])


def test_folders_in_folders_are_walked_once(case: Path) -> None:
    (case / "documents" / "/".join("d" * 40)).mkdir(parents=True)
    add(case, "main.beancount", 'include "**/no-such.beancount"\n')
    started = time.process_time()
    assert places(case) == []
    assert time.process_time() - started < 2


def test_a_load_cache_is_named_and_left_alone(case: Path) -> None:
    cache = case / ".main.beancount.picklecache"
    cache.write_bytes(b"cos\nsystem\n(S'touch /tmp/never'\ntR.")
    loaded = load_case(case)
    assert cache.exists()
    assert [place.is_warning for place in loaded.case.unsafe or ()] == [True]
    result = CliRunner().invoke(grant, ["check", str(case), "--json"])
    found = [each for each in json.loads(result.stdout)["findings"] if each["check"] == "books-unsafe"]
    assert [(each["severity"], each["file"]) for each in found] == [("warning", str(cache.resolve()))]


# --- the same in every command -------------------------------------------------------------------------

COMMANDS = {
    "check": (),
    "settle": (),
    "close": ("2023-06",),
    "reopen": ("2023-06", "--reason", "x"),
    "import": (),
    "classify": (),
    "doctor": (),
    "correct": ("X", "--set", "net=1", "--reason", "x"),
    "export": ("-o", "out"),
    "form": (),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_refuses(case: Path, name: str) -> None:
    add(case, BOOK, '\nplugin "company"\n')
    words = (
        ["form", "receipt", str(case), "-o", "x.xlsx"]
        if name == "form"
        else [name, str(case), *COMMANDS[name]]
    )
    result = CliRunner().invoke(grant, words)
    assert result.exit_code == 2
    assert f"{BOOK} 第" in result.stderr
    assert "--trust" in result.stderr
    assert not isinstance(result.exception, Exception) or isinstance(result.exception, SystemExit)


def test_check_prints_its_object_all_the_same(case: Path) -> None:
    add(case, BOOK, 'plugin "company"\n')
    result = CliRunner().invoke(grant, ["check", str(case), "--json"])
    assert result.exit_code == 2
    (found,) = json.loads(result.stdout)["findings"]
    assert (found["check"], found["severity"], found["line"]) == ("books-unsafe", "error", 2)
    assert found["file"] == str((case / BOOK).resolve())


def test_one_unsafe_case_of_two_stops_not_the_other(case: Path, tmp_path: Path) -> None:
    new_case(tmp_path / "other", award_file({"equipment": (600_000, 600_000)}))
    add(case, BOOK, 'plugin "company"\n')
    result = CliRunner().invoke(grant, ["check", str(case), str(tmp_path / "other"), "--json"])
    assert result.exit_code == 2
    first, second = json.loads(result.stdout)
    assert [each["check"] for each in first["findings"]] == ["books-unsafe"]
    assert "books-unsafe" not in {each["check"] for each in second["findings"]}


def test_trust_opens_it_this_once(case: Path) -> None:
    add(case, "main.beancount", 'plugin "company_that_is_not_there"\n')
    trusted = CliRunner().invoke(grant, ["check", str(case), "--json", "--trust"])
    assert trusted.exit_code == 1  # the plugin cannot be imported
    found = {each["check"]: each["severity"] for each in json.loads(trusted.stdout)["findings"]}
    assert found["books-unsafe"] == "warning"
    assert found["books-unreadable"] == "error"
    assert not is_trusted()
    assert CliRunner().invoke(grant, ["check", str(case)]).exit_code == 2


def test_trust_reads_what_lies_outside(case: Path, tmp_path: Path) -> None:
    (tmp_path / "more.beancount").write_text('2023-06-01 event "x" "y"\n', encoding="utf-8")
    add(case, "main.beancount", 'include "../more.beancount"\n')
    with trusting():
        loaded = load_case(case)
    assert "event" in {type(entry).__name__.lower() for entry in loaded.entries}


def test_every_command_on_a_case_has_trust() -> None:
    result = CliRunner().invoke(grant, ["settle", "--help"])
    assert "--trust" in result.output
    assert "--trust" not in CliRunner().invoke(grant, ["explain", "--help"]).output


# --- nothing of the case is run ------------------------------------------------------------------------

MALICE = "import pathlib; pathlib.Path(__file__).with_name('RAN').touch()\n"


@pytest.mark.parametrize(
    "name", ["click.py", "beancount.py", "ledger/__init__.py", "json.py", "checks/__init__.py"]
)
def test_the_program_started_inside_a_case_runs_nothing_of_it(case: Path, name: str) -> None:
    add(case, name, MALICE)
    root = Path(__file__).parents[3]
    for words in (["-m", "cli.main", "check", "."], ["-m", "cli.main", "settle", str(case)]):
        done = subprocess.run(
            [sys.executable, *words],
            cwd=case,
            env=os.environ | {"PYTHONPATH": str(root)},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 2, done.stderr
    assert not list(case.rglob("RAN"))


@pytest.mark.parametrize("folder", ["[12]案", "a*b", "a?", "{x}", "$HOME", "~", "案 [1]"])
def test_any_name_of_a_folder_works_and_reaches_no_sibling(tmp_path: Path, folder: str) -> None:
    for name in ("1案", "2案", "ab", "axb", "x", folder):
        new_case(tmp_path / name, award_file({"equipment": (600_000, 600_000)}))
    for sibling in ("1案", "2案", "ab", "axb", "x"):
        add(tmp_path / sibling, BOOK, '2023-06-05 event "sibling" "x"\n')
    add(tmp_path / folder, BOOK, '2023-06-05 event "own" "x"\n')
    loaded = load_case(tmp_path / folder)
    assert loaded.errors == []
    assert [entry.type for entry in loaded.entries if isinstance(entry, data.Event)] == ["own"]


# --- agreement with Beancount's parser -----------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "plugin", "option", "include", '"include"', "custom", "document", '"', '"evil"', '"fava-extension"', '"fava-option"',
        '"insert_pythonpath"', '"TRUE"', '"checks"', '"../x"', '"a.beancount"', '"audit.fava"', '"documents"', " ", "\t",
        "\n", "\r\n", "\r", ";", "*", "#", "!", ":", "\\", '\\"', "2023-01-01", "Assets:A", "專戶", "\ufeff", "\x00", "1 TWD",
        "(", "}", "^x", "x", "TRUE", "\x0c", "'", "note", "query", "pushtag", "fava-", "Assets:fava-", "-", "\u3000",
    ]
)  # fmt: skip


@settings(max_examples=1500)
@given(st.lists(PIECES, max_size=24).map("".join))
def test_what_beancount_would_do_is_listed(text: str) -> None:
    content = text.encode("utf-8")
    assert fatal_of(content) is None
    assert_listed(content)


def test_lines_are_told_as_beancount_tells_them() -> None:
    text = b'\n; x\n2023-01-01 note Assets:A "a\nb"\n\n  plugin "evil"\n'
    assert [(each.kind, each.line) for each in directives_of(text)] == [("plugin", 6)]
