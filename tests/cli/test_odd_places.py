"""A case in which a file is a folder, a pipe, junk or gone: every command ends in words, in time, and loses nothing."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from cli.main import grant
from tests.desk.house import books_of
from tests.desk.house import make_case

PLACES = (
    "main.beancount", "award.beancount", "audit.beancount", "books", "books/2023-06.beancount", "documents",
    "documents/SHA256SUMS", "inbox", "import.toml", "pending.jsonl", "schemes", ".grant", ".grant/filed.json",
    ".grant/lock", ".grant/journal.json", ".grant/new-0", ".git", ".git/config", ".git/index", ".git/objects",
)  # fmt: skip
COMMANDS = (("questions",), ("doctor",), ("import",))
_SECONDS = 20


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_case(tmp_path_factory.mktemp("odd") / "case")


@pytest.fixture
def in_time() -> Iterator[None]:
    """Ends what waits for a pipe."""

    class WaitedError(BaseException):
        """Nothing that a command catches."""

    def stop(*_told: object) -> None:
        raise WaitedError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, _SECONDS, 1)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def junk(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00" + bytes(range(256)))


@pytest.mark.parametrize(
    "what", [Path.mkdir, os.mkfifo, junk, lambda _path: None], ids=["folder", "pipe", "junk", "gone"]
)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.usefixtures("in_time")
def test_a_place_that_is_something_else(made: Path, tmp_path: Path, place: str, what: object) -> None:
    assert callable(what)
    case = tmp_path / "case"
    shutil.copytree(made, case)
    path = case / place
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    what(path)
    for words in COMMANDS:
        done = CliRunner().invoke(grant, [words[0], str(case), *words[1:]])
        assert done.exception is None or isinstance(done.exception, SystemExit), (words, done.exc_info)
        assert done.exit_code in {0, 1, 2}


@pytest.mark.parametrize("most", [0, 100, 1_000, 3_000])
@pytest.mark.parametrize(
    "words", [("deduct", "{case}", "1000", "--reason", "x"), ("bundle", "{case}", "-o", "{case}.zip")]
)
def test_no_file_may_grow_any_further(made: Path, tmp_path: Path, most: int, words: tuple[str, ...]) -> None:
    """As on a full disk, in a process of its own: the system refuses every byte beyond."""
    case = tmp_path / "case"
    shutil.copytree(made, case)
    before = books_of(case)
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *(word.format(case=case) for word in words)],
        cwd=Path(__file__).parents[2],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert re.search(
        "檔案太大|找不到檔案", done.stderr
    )  # where nothing can be written there is no place for what passes
    assert books_of(case) == before
    assert not case.with_suffix(".zip").exists()
