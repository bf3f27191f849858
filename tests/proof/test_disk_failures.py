"""Killed, or refused by the disk, at every call that writes: the case is what it was or what it was to be, and a second try works.

Each trial is a process of its own (a fork), killed by SIGKILL or refused by an audit hook at its n-th call that opens for
writing, renames, removes, makes a folder or flushes within the case.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.main import grant
from importers.questions.open_questions import open_questions
from ledger.files.award_file import read_award_file
from ledger.files.pending import read_pending
from ledger.loading.loader import load_case
from ledger.operations.new_case import new_case

DEMO = Path(__file__).parents[2] / "cli" / "demo_files"
ERRNOS = (errno.ENOSPC, errno.EACCES, errno.EIO, errno.EROFS, errno.ENAMETOOLONG)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CHANGES = frozenset(
    {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink"}
)
KILLED = -signal.SIGKILL

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")]

COMMANDS: dict[str, tuple[str, ...]] = {
    "import": ("import", "{case}", "--json"),
    "close": ("close", "{case}", "2023-09", "--json"),
    "reopen": ("reopen", "{case}", "2023-09", "--reason", "漏列", "--date", "2023-10-05"),
    "correct": (
        "correct",
        "{case}",
        "QA10000023",
        "--set",
        "net=61000",
        "--set",
        "tax=3050",
        "--reason",
        "打錯",
    ),
    "undo": ("undo", "{case}"),
    "remove": ("remove", "{case}", "QA10000023", "--reason", "不是本案"),
    "restore": ("restore", "{case}", "3"),
    "split": (
        "split",
        "{case}",
        "QA10000023",
        "溫度感測模組=20000",
        "高效率軸承=10000",
        "--reason",
        "兩個品項",
    ),
    "revise": (
        *("revise", "{case}", "--category", "equipment", "--government", "310000", "--self", "300000"),
        *("--approval", "試字第1號", "--date", "2023-09-01"),
    ),
    "revise from a form": (
        *("revise", "{case}", "{files}/核定變更.toml", "--approval", "試字第2號", "--date", "2023-09-01"),
    ),
    "answer": ("answer", "{case}", "{question}", "item", "--item", "高效率軸承", "--remember"),
    "waive": (
        *("waive", "{case}", "document-missing", "QA10000023", "--reason", "原本在稅局"),
        *("--approval", "試字第3號"),
    ),
    "deduct": ("deduct", "{case}", "10000", "--reason", "試字第4號", "--date", "2024-03-05"),
    "evidence": ("evidence", "{case}", "final-report", "{files}/期末報告.pdf", "--date", "2024-03-01"),
    "milestone": ("milestone", "{case}", "signing", "--date", "2023-09-01", "--number", "約-1"),
}
AFTER = {
    "close": "import",
    "reopen": "close",
    "correct": "import",
    "undo": "correct",
    "remove": "import",
    "restore": "remove",
} | dict.fromkeys(
    ("split", "revise", "revise from a form", "answer", "waive", "deduct", "evidence", "milestone"), "import"
)
DOUBTFUL = (
    "日期,憑證種類,憑證號碼,賣方統編,對象,品名,數量,單位,未稅金額,稅額,會計科目,付款日期,付款方式,附件\n"
    "112/09/20,收據,試收0920,,試作五金行,高效率軸乘,2,個,3000,0,,112/09/20,現金,\n"
)


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The case before each command."""
    folder = tmp_path_factory.mktemp("bases")
    fresh = folder / "import"
    new_case(fresh, read_award_file(DEMO / "award.toml"))
    for sample in sorted((DEMO / "inbox").glob("*_Q[AB]*.xml")):
        shutil.copyfile(sample, fresh / "inbox" / sample.name)
    (fresh / "inbox" / "憑證登記表.csv").write_text(DOUBTFUL, encoding="utf-8")
    files = folder / "files"
    files.mkdir()
    award = (DEMO / "award.toml").read_text(encoding="utf-8")
    changed = award.replace("months = 5", "months = 6").replace("2024-02-29", "2024-03-31")
    (files / "核定變更.toml").write_text(changed, encoding="utf-8")
    (files / "期末報告.pdf").write_bytes(b"%PDF-1.4 invented")
    done = {"import": fresh}
    for name, before in AFTER.items():
        done[name] = folder / name
        shutil.copytree(done[before], done[name])
        assert run(words(before, done[name], files)) == 0
    return done | {"files": files}


def words(name: str, case: Path, files: Path) -> list[str]:
    asked = [one.id for one in open_questions(load_case(case).case, read_pending(case))]
    question = asked[0] if asked else ""
    return [word.format(case=case, files=files, question=question) for word in COMMANDS[name]]


def run(arguments: list[str]) -> int:
    result = CliRunner().invoke(grant, arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result.exit_code


def state(case: Path) -> dict[str, str]:
    """Everything of a case that counts, by digest."""
    return {
        path.relative_to(case).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(case.rglob("*"))
        if path.is_file() and not {".git", ".grant"} & set(path.relative_to(case).parts)
    }


def child(arguments: list[str], case: Path, at: int, what: int) -> tuple[int, str]:
    """Run a command in a fork that is killed (`what` 0) or refused (an errno) at its `at`-th writing call.

    Gives the exit status, negative for a signal, and what was said; where it came to an end untouched, the number of
    calls is the last line.
    """
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        code, text = 70, ""
        try:
            calls = _watch(case, at, what)
            result = CliRunner().invoke(grant, arguments)
            text = result.output
            if result.exception is not None and not isinstance(result.exception, SystemExit):
                text += f"Traceback {result.exception!r}"
            code = result.exit_code
            text += f"\n{calls()}"
        finally:
            os.write(writing, text.encode("utf-8", "replace")[-4_000:])
            os._exit(code)
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123 -- a handle
        said = pipe.read().decode("utf-8", "replace")
    _process, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status), said


def _watch(case: Path, at: int, what: int) -> Callable[[], int]:
    count = 0
    inside = str(case)

    def stop() -> None:
        nonlocal count
        count += 1
        if count == at:
            if what == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(what, os.strerror(what), inside)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _mode, flags = arguments
            if not (flags and flags & _WRITES):
                return
        elif event in _CHANGES:
            path = arguments[0]
        else:
            return
        if isinstance(path, str | bytes | os.PathLike) and os.fsdecode(path).startswith(inside):
            stop()

    real = os.fsync

    def fsync(fd: Any) -> None:
        stop()
        real(fd)

    os.fsync = fsync
    sys.addaudithook(hook)
    return lambda: count


def trials(count: int) -> Iterator[tuple[int, int]]:
    """A kill at every call, no room at every call, and the other errors in turn."""
    for at in range(1, count + 1):
        yield at, 0
        yield at, errno.ENOSPC
        yield at, ERRNOS[1:][at % (len(ERRNOS) - 1)]


@pytest.mark.parametrize("name", COMMANDS)
def test_before_or_after_and_a_second_try_works(name: str, bases: dict[str, Path], tmp_path: Path) -> None:
    case = (tmp_path / "case").resolve()
    shutil.copytree(bases[name], case)
    before = state(case)
    command = words(name, case, bases["files"])
    code, said = child(command, case, -1, 0)
    assert code == 0, said
    after = state(case)
    assert after != before
    calls = int(said.rsplit("\n", 1)[1])
    assert calls > 10
    for at, what in trials(calls):
        shutil.rmtree(case)
        shutil.copytree(bases[name], case)
        code, said = child(command, case, at, what)
        where = (name, at, what, said)
        assert "Traceback" not in said, where
        assert code == KILLED if what == 0 else code in {0, 1, 2}, where
        with contextlib.redirect_stderr(io.StringIO()):
            assert run(["check", str(case), "--as-of", "2024-04-30"]) in {0, 1}, (
                where
            )  # finishes what was cut off
        assert state(case) in (before, after), where
        if state(case) == before:
            assert run(command) == 0, where
        assert state(case) == after, where


# --- two at once -----------------------------------------------------------------------------------------


def start(*arguments: str) -> subprocess.Popen[bytes]:
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", *arguments],
        env=os.environ | {"PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_two_imports_at_once_book_everything_once(bases: dict[str, Path], tmp_path: Path) -> None:
    for number in range(3):
        case = tmp_path / str(number)
        shutil.copytree(bases["import"], case)
        both = [start("import", str(case)), start("import", str(case))]
        told = [each.communicate(timeout=120)[1] for each in both]
        assert all(b"Traceback" not in text for text in told), told
        assert {each.returncode for each in both} <= {0, 1, 2}
        run(["import", str(case)])
        assert state(case) == state(bases["close"])


def test_import_and_close_at_once_leave_books_that_hold(bases: dict[str, Path], tmp_path: Path) -> None:
    for number in range(3):
        case = tmp_path / str(number)
        shutil.copytree(bases["import"], case)
        both = [start("import", str(case)), start("close", str(case), "2023-09")]
        told = [each.communicate(timeout=120)[1] for each in both]
        assert all(b"Traceback" not in text for text in told), told
        result = CliRunner().invoke(grant, ["check", str(case), "--as-of", "2023-11-01", "--json"])
        assert "books-unreadable" not in result.output
        assert {path.name for path in (case / "inbox").iterdir()} | {
            path.name for path in (case / "documents").rglob("*.xml")
        }
