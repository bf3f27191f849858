"""The one writer: all or nothing, one at a time, and nothing of the user's lost."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ledger.files import writer as case_files
from ledger.files.writer import CaseWriter
from ledger.files.writer import WriteRefusedError
from ledger.files.writer import WriteUnfinishedError
from ledger.files.writer import file_digest
from ledger.files.writer import recover

OLD = {"main.beancount": "; 主檔\n", "books/2023-06.beancount": "; 六月\n", "inbox/a.csv": "紙\n"}
NEW = {
    "main.beancount": "; 主檔\n; 更多\n",
    "books/2023-06.beancount": "; 改過的六月\n",
    "books/2023-07.beancount": "; 七月\n",
    "documents/2023/a.csv": "紙\n",
}


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    for name, text in OLD.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def content(folder: Path) -> dict[str, str]:
    """Every file of the case but the writer's own."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {".grant", ".git"} & set(path.parts)
    }


def write_all(folder: Path) -> None:
    """One writing of every sort: append, rewrite, a new file, a move into a folder that is not there."""
    with CaseWriter(folder) as writer:
        writer.append("main.beancount", "; 更多\n")
        writer.write("books/2023-06.beancount", NEW["books/2023-06.beancount"])
        writer.write("books/2023-07.beancount", NEW["books/2023-07.beancount"])
        writer.move(folder / "inbox/a.csv", "documents/2023/a.csv")
        writer.commit()


def test_everything_staged_is_written(case: Path) -> None:
    write_all(case)
    assert content(case) == NEW
    assert [path.name for path in (case / ".grant").iterdir()] in ([], ["lock"])


def test_nothing_is_written_without_commit_or_after_an_error(case: Path) -> None:
    with CaseWriter(case) as writer:
        writer.append("main.beancount", "; 更多\n")
    with pytest.raises(ZeroDivisionError):
        _stage_and_fail(case)
    assert content(case) == OLD


def _stage_and_fail(case: Path) -> None:
    with CaseWriter(case) as writer:
        writer.append("main.beancount", "; 更多\n")
        raise ZeroDivisionError


def test_a_commit_with_nothing_staged_writes_nothing(case: Path) -> None:
    with CaseWriter(case) as writer:
        writer.commit()
    assert content(case) == OLD


def test_a_writer_commits_more_than_once(case: Path) -> None:
    with CaseWriter(case) as writer:
        writer.append("main.beancount", "a\n")
        writer.commit()
        writer.append("main.beancount", "b\n")
        writer.commit()
    assert content(case)["main.beancount"] == "; 主檔\na\nb\n"


# --- killed at every step --------------------------------------------------------------------------------


class KilledError(BaseException):
    """The process dies here."""


STEPS = [("replace", os), ("fsync", os), ("unlink", os), ("mkdir", os), ("write_file", case_files)]


def watch(monkeypatch: pytest.MonkeyPatch, dies_at: int, *, after: bool) -> Callable[[], int]:
    """Let the n-th step that touches the disk raise, before or after it is done. Gives how many there were."""
    count = 0

    def wrap(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **more: Any) -> Any:
            nonlocal count
            count += 1
            dies = count == dies_at
            if dies and not after:
                raise KilledError
            try:
                return real(*args, **more)
            finally:
                if dies:
                    raise KilledError

        return step

    for name, module in STEPS:
        monkeypatch.setattr(module, name, wrap(getattr(module, name)))
    return lambda: count


def steps_of_a_writing(folder: Path) -> int:
    with pytest.MonkeyPatch.context() as patch:
        count = watch(patch, -1, after=False)
        write_all(folder)
        return count()


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_step_the_next_writer_leaves_the_old_or_the_new(
    case: Path, tmp_path: Path, after: bool
) -> None:
    fresh = tmp_path / "fresh"
    shutil.copytree(case, fresh)
    total = steps_of_a_writing(fresh)
    assert total > 20
    outcomes = set()
    for step in range(1, total + 1):
        folder = tmp_path / f"{after}-{step}"
        shutil.copytree(case, folder)
        with pytest.MonkeyPatch.context() as patch:
            watch(patch, step, after=after)
            with pytest.raises(KilledError):
                write_all(folder)
        moved = folder.with_name(folder.name + "-moved")  # a case may be taken elsewhere in between
        folder.rename(moved)
        with CaseWriter(moved):
            pass
        now = content(moved)
        assert now in (OLD, NEW), step
        outcomes.add("old" if now == OLD else "new")
        assert {path.name for path in (moved / ".grant").iterdir()} <= {"lock", "journal.json.draft"}
        if now == OLD:
            write_all(moved)
            assert content(moved) == NEW
    assert outcomes == {"old", "new"}


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_mending_it_is_mended_all_the_same(case: Path, tmp_path: Path, after: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case_files, "recover", lambda _folder: None)
        write_all(case)
    assert content(case) == OLD
    for step in range(1, 40):
        folder = tmp_path / f"{after}-{step}"
        shutil.copytree(case, folder)
        with pytest.MonkeyPatch.context() as patch:
            watch(patch, step, after=after)
            try:
                recover(folder)
            except KilledError:
                recover(folder)
        assert content(folder) == NEW, step


DRIVER = """
import os, sys, shutil
from pathlib import Path
from ledger.files import writer as files

source, work = Path(sys.argv[1]), Path(sys.argv[2])

def write_all(folder):
    with files.CaseWriter(folder) as writer:
        writer.append("main.beancount", "; 更多\\n")
        writer.write("books/2023-06.beancount", "; 改過的六月\\n")
        writer.write("books/2023-07.beancount", "; 七月\\n")
        writer.move(folder / "inbox/a.csv", "documents/2023/a.csv")
        writer.commit()

def dying(real, at, count=[0]):
    def step(*args, **more):
        count[0] += 1
        if count[0] == at:
            os.kill(os.getpid(), 9)
        return real(*args, **more)
    return step

for at in range(1, 60):
    folder = work / str(at)
    shutil.copytree(source, folder)
    child = os.fork()
    if child == 0:
        count = [0]
        for name in ("replace", "fsync", "unlink", "mkdir", "open"):
            setattr(os, name, dying(getattr(os, name), at, count))
        write_all(folder)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    with files.CaseWriter(folder):
        pass
    print(at, os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.slow
def test_a_process_killed_outright_leaves_the_old_or_the_new(case: Path, tmp_path: Path) -> None:
    work = tmp_path / "killed"
    work.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, str(case), str(work)], capture_output=True, text=True, check=True
    )
    signals = [line.split()[1] for line in done.stdout.splitlines()]
    assert "9" in signals
    assert signals[-1] == "0"  # the last ones were not reached: the writing has fewer steps
    states = [content(folder) for folder in sorted(work.iterdir())]
    assert all(state in (OLD, NEW) for state in states)
    assert OLD in states
    assert NEW in states


# --- one at a time -----------------------------------------------------------------------------------------


def test_a_second_writer_waits_and_then_is_refused(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from ledger.files.writer import CaseWriter
        with CaseWriter(Path(sys.argv[1])):
            print("held", flush=True)
            sys.stdin.readline()
        """
    )
    monkeypatch.setattr(case_files, "_WAIT_SECONDS", 0.2)
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(case)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(WriteRefusedError, match="稍後"), CaseWriter(case):
            pass
        other.stdin.write("go\n")
        other.stdin.flush()
        assert other.wait(10) == 0
    write_all(case)
    assert content(case) == NEW


def test_the_lock_is_let_go_after_an_error(case: Path) -> None:
    (case / ".grant").mkdir()
    (case / ".grant/journal.json").write_text("no journal of ours", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(WriteRefusedError, match=r"journal\.json"), CaseWriter(case):
            pass
    (case / ".grant/journal.json").unlink()
    write_all(case)
    assert content(case) == NEW


def test_a_file_that_changed_since_it_was_read_is_not_written_over(case: Path) -> None:
    with CaseWriter(case) as writer:
        writer.append("main.beancount", "; 更多\n")
        writer.write("books/2023-06.beancount", "; 新\n")
        (case / "main.beancount").write_text("; 使用者剛改的\n", encoding="utf-8")
        with pytest.raises(WriteRefusedError, match=r"main\.beancount"):
            writer.commit()
    assert content(case) == OLD | {"main.beancount": "; 使用者剛改的\n"}


def test_a_file_that_appeared_meanwhile_is_not_written_over(case: Path) -> None:
    with CaseWriter(case) as writer:
        writer.append("books/2023-07.beancount", "; 七月\n")
        (case / "books/2023-07.beancount").write_text("; 別人的\n", encoding="utf-8")
        with pytest.raises(WriteRefusedError):
            writer.commit()


def test_a_file_that_is_only_expected_may_not_change_either(case: Path) -> None:
    digest = file_digest(case / "main.beancount")
    with CaseWriter(case) as writer:
        writer.expect("main.beancount", digest)
        writer.write("books/2023-06.beancount", "; 新\n")
        (case / "main.beancount").write_text("; 使用者剛改的\n", encoding="utf-8")
        with pytest.raises(WriteRefusedError):
            writer.commit()
    assert content(case)["books/2023-06.beancount"] == OLD["books/2023-06.beancount"]


def test_a_paper_never_takes_the_place_of_another(case: Path, tmp_path: Path) -> None:
    outside = tmp_path / "b.csv"
    outside.write_text("別的紙\n", encoding="utf-8")
    (case / "documents").mkdir()
    (case / "documents/a.csv").write_text("先來的\n", encoding="utf-8")
    for way, source in (("copy", outside), ("move", outside), ("move", case / "inbox/a.csv")):
        with CaseWriter(case) as writer:
            getattr(writer, way)(source, "documents/a.csv")
            with pytest.raises(WriteRefusedError, match=r"a\.csv"):
                writer.commit()
    assert content(case)["documents/a.csv"] == "先來的\n"
    assert outside.exists()


# --- what is kept ------------------------------------------------------------------------------------------


def test_the_user_s_text_and_line_ends_are_kept(case: Path) -> None:
    (case / "main.beancount").write_bytes(
        "\ufeff; 註解\r\n\r\n2023-06-01 open X  ; 對齊\r\n; 沒有換行".encode()
    )
    with CaseWriter(case) as writer:
        writer.append("main.beancount", "; 一\n; 二\n")
        writer.append("main.beancount", "; 三\n")
        writer.commit()
    assert (case / "main.beancount").read_bytes() == (
        "; 註解\r\n\r\n2023-06-01 open X  ; 對齊\r\n; 沒有換行\r\n; 一\r\n; 二\r\n; 三\r\n".encode()
    )


def test_text_shows_what_is_staged(case: Path) -> None:
    with CaseWriter(case) as writer:
        assert writer.text("nothing.beancount") == ""
        writer.append("main.beancount", "; 更多\n")
        assert writer.text("main.beancount") == "; 主檔\n; 更多\n"


def test_what_is_no_text_is_refused_and_kept(case: Path) -> None:
    (case / "main.beancount").write_bytes("; 主檔".encode("big5"))
    with CaseWriter(case) as writer, pytest.raises(WriteRefusedError, match=r"main\.beancount"):
        writer.append("main.beancount", "x")
    assert (case / "main.beancount").read_bytes() == "; 主檔".encode("big5")


def test_a_file_from_outside_is_moved_or_copied_in(case: Path, tmp_path: Path) -> None:
    for name in ("moved.pdf", "copied.pdf"):
        (tmp_path / name).write_bytes(b"%PDF")
    with CaseWriter(case) as writer:
        writer.move(tmp_path / "moved.pdf", "documents/moved.pdf")
        writer.copy(tmp_path / "copied.pdf", "documents/copied.pdf")
        writer.commit()
    assert sorted(path.name for path in (case / "documents").iterdir()) == ["copied.pdf", "moved.pdf"]
    assert not (tmp_path / "moved.pdf").exists()
    assert (tmp_path / "copied.pdf").exists()


def test_across_file_systems_the_target_is_never_half_a_file(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace

    def replace(source: Any, target: Any) -> None:
        if Path(source).name.startswith("new-") or "inbox" in str(source):
            raise OSError(18, "Invalid cross-device link")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    write_all(case)
    assert content(case) == NEW


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../outside.txt", "/etc/passwd", "books/../../x", "", ".", ".grant/journal.json"]
)
def test_a_place_outside_the_case_is_refused(case: Path, name: str) -> None:
    with CaseWriter(case) as writer:
        for stage in (
            writer.text,
            lambda at: writer.write(at, "x"),
            lambda at: writer.move(case / "inbox/a.csv", at),
        ):
            with pytest.raises(WriteRefusedError):
                stage(name)


def test_a_link_out_of_the_case_is_refused(case: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (case / "documents").symlink_to(tmp_path / "elsewhere")
    with CaseWriter(case) as writer, pytest.raises(WriteRefusedError):
        writer.write("documents/x.txt", "x")


@pytest.mark.parametrize(
    "steps",
    [
        [{"from": "main.beancount", "to": "../stolen", "sha256": ""}],
        [{"from": "../secret", "to": "main.beancount", "sha256": ""}],
        [{"from": "/etc/passwd", "to": "inbox/passwd", "sha256": ""}],
        [{"from": "main.beancount", "to": "x"}],
        [{"from": "../secret", "to": "", "sha256": ""}],
        ["x"],
        {"from": "a"},
        7,
    ],
)
def test_a_journal_that_reaches_out_of_the_case_moves_nothing(case: Path, tmp_path: Path, steps: Any) -> None:
    (tmp_path / "secret").write_text("秘密", encoding="utf-8")
    (case / ".grant").mkdir()
    (case / ".grant/journal.json").write_text(json.dumps(steps), encoding="utf-8")
    with pytest.raises(WriteRefusedError):
        recover(case)
    assert content(case) == OLD
    assert (tmp_path / "secret").exists()
    assert not (tmp_path / "stolen").exists()


def test_a_file_put_where_a_moved_one_was_is_left_there(case: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case_files, "recover", lambda _folder: None)
        write_all(case)
    (case / "inbox/a.csv").write_text("另一張\n", encoding="utf-8")
    recover(case)
    assert content(case)["inbox/a.csv"] == "另一張\n"


def test_a_removal_cut_off_after_its_journal_is_finished(case: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, CaseWriter(case) as writer:
        patch.setattr(case_files, "recover", lambda _folder: None)
        writer.discard(case / "inbox/a.csv")
        writer.commit()
    assert "inbox/a.csv" in content(case)
    recover(case)
    assert "inbox/a.csv" not in content(case)


def test_a_file_changed_since_its_removal_was_written_down_stays(case: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, CaseWriter(case) as writer:
        patch.setattr(case_files, "recover", lambda _folder: None)
        writer.discard(case / "inbox/a.csv")
        writer.commit()
    (case / "inbox/a.csv").write_text("另一張\n", encoding="utf-8")
    recover(case)
    assert content(case)["inbox/a.csv"] == "另一張\n"


def test_a_link_and_what_it_leads_to_stay(case: Path) -> None:
    link = case / "inbox/link.csv"
    link.symlink_to(case / "inbox/a.csv")
    with CaseWriter(case) as writer:
        writer.discard(link, file_digest(case / "inbox/a.csv"))
        writer.commit()
    assert link.is_symlink()
    assert content(case)["inbox/a.csv"] == OLD["inbox/a.csv"]


@pytest.mark.parametrize("name", [".grant/old.csv", ".grant/deeper/old.csv", "inbox/../.grant/old.csv"])
@pytest.mark.parametrize("act", ["discard", "move"])
def test_what_is_ours_is_neither_removed_nor_moved(case: Path, name: str, act: str) -> None:
    (case / name).parent.mkdir(parents=True, exist_ok=True)
    (case / name).write_text("x", encoding="utf-8")
    with CaseWriter(case) as writer:
        writer.write("main.beancount", "新的\n")
        with pytest.raises(WriteRefusedError, match=r"\.grant"):
            writer.discard(case / name) if act == "discard" else writer.move(case / name, "documents/a.csv")
        writer.commit()
    recover(case)
    assert (case / name).read_text(encoding="utf-8") == "x"
    assert content(case)["main.beancount"] == "新的\n"


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(WriteRefusedError), CaseWriter(tmp_path / "file"):
        pass


def test_a_folder_is_flushed_once_however_many_files_move(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[Path] = []
    for number in range(50):
        (case / f"inbox/{number}.xml").write_text(str(number), encoding="utf-8")
    with CaseWriter(case) as writer:
        for number in range(50):
            writer.move(case / f"inbox/{number}.xml", f"documents/{number}.xml")
        monkeypatch.setattr(case_files, "flush_folder", flushed.append)
        writer.commit()
    assert sorted(path.name for path in (case / "documents").iterdir()) == sorted(
        f"{n}.xml" for n in range(50)
    )
    assert flushed.count(case.resolve() / "documents") == flushed.count(case.resolve() / "inbox") == 1


# --- nothing of anybody else's ---------------------------------------------------------------------------


def test_no_link_is_followed_in_the_work_folder(case: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "new-0").write_text("mine", encoding="utf-8")
    shutil.rmtree(case / ".grant", ignore_errors=True)
    (case / ".grant").symlink_to(elsewhere)
    with pytest.raises(WriteRefusedError, match="連結"):
        write_all(case)
    assert content(case) == OLD
    assert [path.name for path in elsewhere.iterdir()] == ["new-0"]


@pytest.mark.parametrize("name", ["lock", "journal.json"])
def test_the_lock_and_the_journal_may_be_no_links(case: Path, tmp_path: Path, name: str) -> None:
    target = tmp_path / "target"
    target.write_text("[]", encoding="utf-8")
    (case / ".grant").mkdir(exist_ok=True)
    (case / ".grant" / name).unlink(missing_ok=True)
    (case / ".grant" / name).symlink_to(target)
    with pytest.raises(WriteRefusedError, match="連結"):
        write_all(case)
    assert target.read_text(encoding="utf-8") == "[]"


def test_what_is_written_aside_goes_through_no_link(case: Path, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("mine", encoding="utf-8")
    (case / ".grant").mkdir(exist_ok=True)
    for number in range(9):
        (case / f".grant/new-{number}").symlink_to(target)
    (case / ".grant/journal.json.draft").symlink_to(target)
    write_all(case)
    assert content(case) == NEW
    assert target.read_text(encoding="utf-8") == "mine"


def test_only_our_own_numbered_files_are_deleted(case: Path) -> None:
    (case / ".grant/new-7").mkdir(parents=True)
    for name in ("new-1", "new-notes.txt", "new-", "notes"):
        (case / ".grant" / name).write_text("x", encoding="utf-8")
    write_all(case)
    left = {path.name for path in (case / ".grant").iterdir()} - {"lock"}
    assert left == {"new-7", "new-notes.txt", "new-", "notes"}


JUNK = (
    "",
    "x",
    "null",
    "[1]",
    '{"from": 1}',
    '[{"from": 1, "to": 2, "sha256": 3}]',
    '[{"from": "a\\u0000", "to": "b", "sha256": ""}]',
    "[" * 50_000,
    "\xff",
    '[{"from": "award.beancount", "to": "../x", "sha256": ""}]',
    '[{"from": "a", "to": ".grant/x", "sha256": ""}]',
)


@pytest.mark.parametrize("text", JUNK, ids=range(len(JUNK)))
def test_junk_in_the_journal_is_a_line_in_words(case: Path, text: str) -> None:
    (case / ".grant").mkdir(exist_ok=True)
    (case / ".grant/journal.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(WriteRefusedError, match=r"journal\.json"):
        write_all(case)
    assert content(case) == OLD


# --- what was read is what is filed ----------------------------------------------------------------------


def _move_what_was_read(case: Path, path: Path, read: str | None) -> None:
    with CaseWriter(case) as writer:
        writer.append("main.beancount", "; x\n")
        writer.move(path, "documents/a.csv", read)
        writer.commit()


def test_a_file_that_changed_since_it_was_read_stays_where_it_is(case: Path, tmp_path: Path) -> None:
    inside, outside = case / "inbox/a.csv", tmp_path / "b.csv"
    for path in (inside, outside):
        path.parent.mkdir(exist_ok=True)
        path.write_text("read", encoding="utf-8")
        read = file_digest(path)
        path.write_text("saved anew", encoding="utf-8")
        with pytest.raises(WriteRefusedError, match="讀取之後被改過"):
            _move_what_was_read(case, path, read)
        assert path.read_text(encoding="utf-8") == "saved anew"
        assert not (case / "documents/a.csv").exists()


def test_a_file_saved_anew_after_it_was_kept_is_not_removed(case: Path) -> None:
    path = case / "inbox/a.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_text("kept", encoding="utf-8")
    with CaseWriter(case) as writer:
        writer.discard(path, file_digest(path))
        path.write_text("saved anew", encoding="utf-8")
        writer.commit()
    assert path.read_text(encoding="utf-8") == "saved anew"


# --- what the disk refuses -------------------------------------------------------------------------------


def test_a_name_too_long_is_refused_before_anything_is_written(case: Path) -> None:
    with CaseWriter(case) as writer, pytest.raises(WriteRefusedError, match="檔名太長"):
        writer.add(b"x", "documents/" + "案" * 90 + ".pdf")
    assert content(case) == OLD


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS])
def test_a_refusal_half_way_says_that_the_change_will_stand(
    case: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    real, done = os.replace, []

    def replace(*args: Any) -> None:
        done.append(args)
        if len(done) == 3:
            raise OSError(number, os.strerror(number), "x")
        real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        with pytest.raises(WriteUnfinishedError, match="請勿再做一次"):
            write_all(case)
    with CaseWriter(case):
        pass
    assert content(case) == NEW


@pytest.mark.parametrize("at", [1, 2])
def test_a_refusal_before_the_first_step_leaves_the_case_as_it_was(
    case: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    real, done = os.replace, []

    def replace(*args: Any) -> None:
        done.append(args)
        if len(done) == at:
            raise OSError(errno.ENOSPC, "full", "x")
        real(*args)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        with pytest.raises(WriteRefusedError, match="沒有寫入任何東西:磁碟空間不足"):
            write_all(case)
    assert content(case) == OLD
    assert not (case / ".grant/journal.json").exists()
    write_all(case)
    assert content(case) == NEW
