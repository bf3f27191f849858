"""A case in a folder whose name is a pattern elsewhere (`[12]*?案`): every command does there what it does anywhere.

Each command is run on one case under two names; beside the odd one lie cases that its name would mean as a pattern.
What is said and what is written has to be the same, and the others are left as they are.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from cli.main import grant

PLAIN, ODD, MEANT = "平常", "[12]*?案", ("1x案", "2yz案")
ODD_OF_INDEX, MEANT_BY_THAT = "[12]*案", ("1案", "2案")  # an index is refused where there is a `?`: see below
DEMO = Path(__file__).parents[2] / "cli" / "demo_files"
FILES = ("A0401_QA10000011.xml", "C0401_QA10000023.xml", "薪資清冊.csv", "示範銀行_專戶_11209-11301.csv")
DAY = ("--as-of", "2024-06-30")
SAID = ("--reason", "說明")

# What is said to each command; {case} is the case, {dir} the folder that holds it and nothing else of the kind.
COMMANDS: dict[str, tuple[str, ...]] = {
    "new": ("{dir}/{name}/again", "--award", str(DEMO / "award.toml")),
    "demo": ("{dir}/{name}/again", "--no-serve"),
    "read": ("{case}/inbox",),
    "import": ("{case}",),
    "classify": ("{case}",),
    "check": ("{case}", "--json", *DAY),
    "doctor": ("{case}", "--json"),
    "questions": ("{case}", "--json"),
    "answer": ("{case}", "Q1", "take"),
    "correct": ("{case}", "QA10000011", "--set", "quantity=2", *SAID),
    "split": ("{case}", "QA10000011", "溫度感測模組=100", *SAID),
    "remove": ("{case}", "QA10000011", *SAID),
    "revise": ("{case}", "--category", "consumables", "--government", "1000", "--self", "1000", "--approval", "核1",
               "--date", "2024-01-05"),
    "restore": ("{case}", "2"),
    "undo": ("{case}",),
    "log": ("{case}",),
    "show": ("{case}", "2"),
    "close": ("{case}", "2023-09", "--json"),
    "reopen": ("{case}", "2023-09", *SAID),
    "milestone": ("{case}", "signing", "--date", "2023-09-05"),
    "evidence": ("{case}", "factory-registration", "{paper}"),
    "settle": ("{case}", "--json", *DAY),
    "waive": ("{case}", "document-missing", "QA10000011", *SAID, "--approval", "核1"),
    "deduct": ("{case}", "10000", *SAID),
    "income": ("{case}", "scrap", "10000", *SAID),
    "funding": ("{case}", "某署", "10000"),
    "bundle": ("{case}", "-o", "{out}.zip", "--json", *DAY),
    "merge": ("{case}", "{case}/audit.beancount"),
    "why": ("{case}/結算.xlsx", "A1"),
    "verify": ("{case}", "--json"),
    "form": ("receipt", "{case}", "-o", "{out}.xlsx"),
    "fill": ("{case}", "{case}/none.xlsx", "--map", "{case}/none.toml", "-o", "{out}.xlsx"),
    "export": ("{case}", "-o", "{out}"),
    "portfolio index": ("{case}", "--json"),
    "portfolio check": ("{case}", "--json"),
    "portfolio report": ("{case}", "-o", "{out}.xlsx"),
    "portfolio sample": ("{case}", "--seed", "7", "--json"),
    "portfolio fingerprint": ("{case}", "--key", "{paper}", "-o", "{out}"),
    "portfolio compare": ("{case}", "{paper}", "--key", "{paper}"),
    "portfolio dismiss": ("{case}", "abc", *SAID),
    "portfolio watch": ("{case}", "{paper}"),
}  # fmt: skip
OF_NO_CASE = {
    "completion",
    "shortcut",
    "template",
    "explain",
    "user add",
    "user list",
    "user password",
    "scheme list",
    "scheme show",
}
SERVED = {"serve"}  # see tests/server/test_names_of_folders.py
QUICK = {"import", "check", "close", "settle", "undo"}


def commands(of: click.Command = grant, before: str = "") -> Iterator[str]:
    """Every command of the program, those of groups with the group's name."""
    if not isinstance(of, click.Group):
        yield before.strip()
        return
    for name in of.list_commands(click.Context(of)):
        command = of.get_command(click.Context(of), name)
        assert command is not None
        yield from commands(command, f"{before} {name}")


def test_no_command_is_forgotten() -> None:
    assert set(commands()) == COMMANDS.keys() | OF_NO_CASE | SERVED


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base") / "case"
    run("new", str(folder), "--award", str(DEMO / "award.toml"))
    for name in FILES[:3]:
        shutil.copy(DEMO / "inbox" / name, folder / "inbox" / name)
    run("import", str(folder))
    shutil.copy(DEMO / "inbox" / FILES[3], folder / "inbox" / FILES[3])
    return folder


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(grant, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def content(folder: Path) -> dict[str, str]:
    """Every file below a folder, by the digest of its bytes; what the program keeps for itself left out."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {".git", ".grant"} & set(path.relative_to(folder).parts)
        if path.suffix not in {".duckdb", ".xlsx", ".db"}
    }


def done_in(place: Path, name: str, base: Path, command: str) -> tuple[int, str, dict[str, str]]:
    """What a command answers and leaves in a case of this name, with the names of places taken out of its words."""
    case = place / name
    shutil.copytree(base, case)
    paper = place / "登記證明.pdf"
    paper.write_bytes(b"%PDF-1.4 " + b"x" * 40)
    told = {
        "case": str(case),
        "dir": str(place),
        "name": name,
        "paper": str(paper),
        "out": str(place / "out"),
    }
    words = [word.format(**told) for word in COMMANDS[command]]
    status, said = run(*command.split(), *words)
    said = "".join(re.sub(r"[─━═]+", "", said).split()).replace(name, "NAME").replace(str(place), "PLACE")
    said = re.sub(r'"(?:sha256|manifest|seconds)":"?[0-9a-f.]+"?|花了[0-9.]+', "", said)
    return status, said, content(case)


@pytest.mark.parametrize(
    "command", [each if each in QUICK else pytest.param(each, marks=pytest.mark.slow) for each in COMMANDS]
)
def test_every_command_works_and_reaches_no_other(base: Path, tmp_path: Path, command: str) -> None:
    plain, odd = tmp_path / "a", tmp_path / "b"
    plain.mkdir()
    odd.mkdir()
    strange, meant = (ODD_OF_INDEX, MEANT_BY_THAT) if command.startswith("portfolio") else (ODD, MEANT)
    for name in meant:
        shutil.copytree(base, odd / name)
        with (odd / name / "books" / "2023-09.beancount").open("a", encoding="utf-8") as book:
            book.write('\n2023-09-05 event "sibling" "x"\n')
    before = {name: content(odd / name) for name in meant}
    expected, got = (done_in(place, name, base, command) for place, name in ((plain, PLAIN), (odd, strange)))
    assert got[0] == expected[0], got[1]
    assert got[2] == expected[2]
    assert got[1] == expected[1]
    assert {name: content(odd / name) for name in meant} == before


@pytest.mark.parametrize("command", ["index", "check"])
def test_an_index_is_refused_in_words_where_duckdb_would_write_beside(tmp_path: Path, command: str) -> None:
    folder = tmp_path / "a?b"
    folder.mkdir()
    status, said = run("portfolio", command, str(folder))
    assert status == 2
    assert "?" in said
    assert [path.name for path in tmp_path.iterdir()] == ["a?b"]


def test_the_commands_of_the_table_do_something(base: Path, tmp_path: Path) -> None:
    """Those that write do write: a table of commands that all refuse would prove nothing."""
    before = content(base)
    for place, command in enumerate(("import", "correct", "remove", "deduct", "close")):
        (tmp_path / str(place)).mkdir()
        status, said, after = done_in(tmp_path / str(place), PLAIN, base, command)
        assert status == 0, said
        assert after != before
