"""A history that is damaged, or leads elsewhere: told in words, and nothing is written to the case or out of it."""

from __future__ import annotations

import os
import shutil
import tracemalloc
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import grant
from ledger.files.history import Change
from ledger.files.history import History
from ledger.files.history import HistoryError
from ledger.operations.new_case import new_case
from tests.ledger.ledgers import award_file


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(grant, words)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    new_case(folder, award_file({"equipment": (600_000, 600_000)}))
    assert run("deduct", str(folder), "1000", "--reason", "x")[0] == 0
    return folder


def content(folder: Path, *, besides: str = ".git") -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] not in {besides, ".grant"}
    }


def junk_ref(git: Path) -> None:
    (git / "refs/heads/main").write_bytes(b"\x07=\xef|not a name\n")


def lost_commit(git: Path) -> None:
    (git / "refs/heads/main").write_bytes(b"0" * 40 + b"\n")


def junk_objects(git: Path) -> None:
    for path in (git / "objects").glob("??/*"):
        path.chmod(0o644)
        path.write_bytes(b"\xff" * 50)


def cut_objects(git: Path) -> None:
    for path in (git / "objects").glob("??/*"):
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:9])


def commit_of_itself(git: Path) -> None:
    """A commit that names itself as the one before: an object need not have the digest that it is called by."""
    head = (git / "refs/heads/main").read_text(encoding="ascii").strip()
    path = git / "objects" / head[:2] / head[2:]
    text = zlib.decompress(path.read_bytes()).partition(b"\0")[2]
    lines = [line for line in text.split(b"\n") if not line.startswith(b"parent ")]
    text = b"\n".join([lines[0], b"parent " + head.encode(), *lines[1:]])
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"commit %d\0" % len(text) + text))


def newer_git(git: Path) -> None:
    with (git / "config").open("a", encoding="ascii") as config:
        config.write("[core]\n\trepositoryformatversion = 7\n")


DAMAGES = [junk_ref, lost_commit, junk_objects, cut_objects, commit_of_itself, newer_git]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_history_is_told_and_nothing_is_written(case: Path, damage: object) -> None:
    assert callable(damage)
    damage(case / ".git")
    before = content(case)
    for words in (["log"], ["show", "1"], ["undo"], ["deduct", "500", "--reason", "y"]):
        status, said = run(words[0], str(case), *words[1:])
        assert status == 2, (words, said)
        assert "Traceback" not in said
    with pytest.raises(HistoryError, match=r"\.git 毀損"):
        History(case).operations()
    assert content(case) == before
    assert run("check", str(case))[0] in {0, 1}
    assert ".git 毀損" in "".join(run("doctor", str(case), "--json")[1].split("\n"))
    (case / ".git").rename(case / ".old")
    assert run("deduct", str(case), "500", "--reason", "y")[0] == 0


@pytest.mark.parametrize("name", ["commondir", "objects/info/alternates"])
def test_a_history_that_keeps_its_things_elsewhere_is_not_ours(case: Path, tmp_path: Path, name: str) -> None:
    """`commondir` would have objects and branches read and written in another repository."""
    new_case(tmp_path / "other", award_file({"equipment": (600_000, 600_000)}))
    before = content(tmp_path / "other", besides="")
    (case / ".git" / name).parent.mkdir(parents=True, exist_ok=True)
    (case / ".git" / name).write_text(str(tmp_path / "other/.git") + "\n", encoding="utf-8")
    assert run("deduct", str(case), "500", "--reason", "y")[0] == 0
    assert content(tmp_path / "other", besides="") == before
    assert (case / ".grant/history.git").is_dir()


# --- what git would run or follow ------------------------------------------------------------------------

PROGRAM = """
[core]
	hooksPath = {place}
	worktree = {place}
	fsmonitor = {place}/run
	sshCommand = {place}/run
[filter "x"]
	clean = {place}/run
	smudge = {place}/run
	process = {place}/run
[credential]
	helper = !{place}/run
[gpg]
	program = {place}/run
[commit]
	gpgsign = true
"""
HOOKS = ("pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-index-change")


def told_words(case: Path) -> None:
    """Every command that reads or writes the history ends in words."""
    for words in (["log"], ["show", "1"], ["deduct", "500", "--reason", "y"], ["undo"], ["doctor"]):
        assert run(words[0], str(case), *words[1:])[0] in {0, 1, 2}


def test_no_hook_filter_or_helper_of_a_history_is_run(case: Path, tmp_path: Path) -> None:
    place = tmp_path / "theirs"
    place.mkdir()
    for name in (*HOOKS, "run"):
        for folder in (place, case / ".git/hooks"):
            folder.mkdir(exist_ok=True)
            (folder / name).write_text(f"#!/bin/sh\ntouch '{tmp_path}/RAN'\n", encoding="ascii")
            (folder / name).chmod(0o755)
    (case / ".gitattributes").write_text("* filter=x\n", encoding="ascii")
    with (case / ".git/config").open("a", encoding="utf-8") as config:
        config.write(PROGRAM.format(place=place))
    told_words(case)
    assert not (tmp_path / "RAN").exists()
    assert {path.name for path in place.iterdir()} == {*HOOKS, "run"}


@pytest.mark.parametrize("section", ["[include]", '[includeIf "gitdir:/"]', "[INCLUDE]"])
@pytest.mark.parametrize("target", ["{place}/settings", "/dev/zero", "pipe", "config"])
def test_settings_are_read_from_nowhere_else(case: Path, tmp_path: Path, section: str, target: str) -> None:
    place = tmp_path / "theirs"
    place.mkdir()
    (place / "settings").write_text("[core]\n\trepositoryformatversion = 7\n", encoding="ascii")
    os.mkfifo(case / ".git/pipe")
    with (case / ".git/config").open("a", encoding="utf-8") as config:
        config.write(f"{section}\n\tpath = {target.format(place=place)}\n")
    told_words(case)
    assert (case / ".grant/history.git").is_dir()


@pytest.mark.parametrize(
    "name",
    [
        "config",
        "HEAD",
        "refs/heads/main",
        "packed-refs",
        "index.lock",
        "logs/refs/heads/main",
        "shallow",
        "x",
    ],
)
def test_a_pipe_in_a_history_is_not_waited_for(case: Path, name: str) -> None:
    path = case / ".git" / name
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    told_words(case)


@pytest.mark.parametrize(
    "target", ["refs/heads/other", "refs/heads/../../../../victim", "config", "{place}/victim"]
)
def test_a_branch_that_leads_elsewhere_is_told_and_not_followed(
    case: Path, tmp_path: Path, target: str
) -> None:
    """`ref: …` in the branch's file would hide what was done, or have it written somewhere else."""
    (tmp_path / "victim").write_text("x\n", encoding="ascii")
    (case / ".git/refs/heads/main").write_text(f"ref: {target.format(place=tmp_path)}\n", encoding="utf-8")
    before = content(tmp_path, besides="")
    for words in (["log"], ["show", "1"], ["deduct", "500", "--reason", "y"], ["undo"]):
        status, said = run(words[0], str(case), *words[1:])
        assert (status, ".git 毀損" in said) == (2, True), (words, said)
    assert content(tmp_path, besides="") == before


@pytest.mark.parametrize("name", ["commondir", "objects/info/alternates"])
def test_a_history_beside_anothers_repository_leads_nowhere_either(
    case: Path, tmp_path: Path, name: str
) -> None:
    shutil.rmtree(case / ".git")
    (case / ".git").write_text(f"gitdir: {tmp_path}\n", encoding="utf-8")
    victim = tmp_path / "victim"
    victim.mkdir()
    place = case / ".grant/history.git" / name
    place.parent.mkdir(parents=True)
    place.write_text(f"{victim}\n", encoding="utf-8")
    assert run("deduct", str(case), "500", "--reason", "y")[0] == 2
    assert list(victim.iterdir()) == []


def test_an_object_that_swells_is_not_unpacked(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.files.history._MOST_BYTES", 1_000_000)
    head = (case / ".git/refs/heads/main").read_text(encoding="ascii").strip()
    path = case / ".git/objects" / head[:2] / head[2:]
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"commit 50000000\0" + bytes(50_000_000)))
    tracemalloc.start()
    try:
        with pytest.raises(HistoryError):
            History(case).operations()
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_file_too_large_to_compare_is_not(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Change("books/2024-01.beancount", b"a\nb\n", b"a\nc\n")
    assert told.difference(0)[-2:] == ["-b", "+c"]
    monkeypatch.setattr("ledger.files.history._MOST_COMPARED", 3)
    assert told.difference(0) == ["檔案太大,不逐行比較"]
    assert run("show", str(case), "1")[0] == 0
