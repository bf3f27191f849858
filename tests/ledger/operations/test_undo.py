"""What is undone is as it was before, byte for byte; what came later stays."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from ledger.files.history import History
from ledger.files.writer import CaseWriter
from ledger.operations.apply import apply
from ledger.operations.correct import plan_correct
from ledger.operations.edit import Context
from ledger.operations.edit import OperationError
from ledger.operations.edit import Planned
from ledger.operations.undo import last_undoable
from ledger.operations.undo import plan_undo
from tests.ledger.operations.cases import BEARING
from tests.ledger.operations.cases import GAUGE
from tests.ledger.operations.cases import REASON
from tests.ledger.operations.cases import SEAL
from tests.ledger.operations.cases import context_of
from tests.ledger.operations.cases import do
from tests.ledger.operations.cases import make_case
from tests.ledger.operations.cases import read
from tests.ledger.operations.cases import shares
from tests.ledger.operations.cases import tree


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return make_case(tmp_path / "case")


def correct(folder: Path, which: str, /, **fields: str) -> None:
    do(folder, lambda context: plan_correct(context, which, fields, REASON))


def undo(folder: Path, number: str = "") -> None:
    history = History(folder)
    with CaseWriter(folder) as writer:
        operation = history.operation(number) if number else last_undoable(history)
        undone = plan_undo(context_of(folder, writer), history, operation)
        apply(writer, undone.planned, undoes=operation.id, moves=undone.moves)


CHANGES = st.sampled_from(
    [
        (BEARING, {"net": "8000", "tax": "400"}),
        (SEAL, {"item": "試作量測機"}),
        (GAUGE, {"claimed": "30000"}),
        (GAUGE, {"number": "AB10000009"}),
        (SEAL, {"date": "2023-06-12"}),
        (BEARING, {"quantity": "3", "unit": "組"}),
        (SEAL, {"paid": "2023-07-25"}),
    ]
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=CHANGES)
def test_corrected_and_undone_is_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, change: tuple[str, dict[str, str]]
) -> None:
    folder = make_case(tmp_path_factory.mktemp("undo") / "case")
    before = tree(folder)
    correct(folder, change[0], **change[1])
    assert tree(folder) != before
    undo(folder)
    assert tree(folder) == before


def test_an_earlier_operation_goes_while_a_later_one_stays(case: Path) -> None:
    correct(case, BEARING, net="8000", tax="400")
    correct(case, GAUGE, claimed="30000")
    undo(case, "2")
    books = read(case)
    assert shares(books) == {BEARING: 4762, SEAL: 4762, GAUGE: 14285}


def test_two_undos_in_either_order_give_the_beginning(case: Path) -> None:
    before = tree(case)
    correct(case, BEARING, net="8000", tax="400")
    correct(case, GAUGE, claimed="30000")
    undo(case, "2")
    undo(case, "3")
    assert tree(case) == before


def test_what_a_later_operation_stands_on_cannot_go_alone(case: Path) -> None:
    correct(case, GAUGE, claimed="30000")
    correct(case, GAUGE, claimed="20000")
    correct(case, BEARING, unit="組")
    with pytest.raises(OperationError, match=r"之後的操作 3「[^」]*20000") as refused:
        undo(case, "2")
    assert "組" not in str(refused.value)  # what stands on nothing of it is not named
    undo(case, "3")
    undo(case, "2")


def test_what_an_undone_operation_stood_on_is_not_named(case: Path) -> None:
    correct(case, GAUGE, claimed="30000")
    correct(case, GAUGE, claimed="20000")
    undo(case)
    correct(case, GAUGE, claimed="10000")
    with pytest.raises(OperationError, match="操作 5「") as refused:
        undo(case, "2")
    assert "20000" not in str(refused.value)


def test_an_undo_is_undone_and_the_operation_stands_again(case: Path) -> None:
    correct(case, GAUGE, claimed="30000")
    corrected = tree(case)
    undo(case)
    undo(case, "3")
    assert tree(case) == corrected
    assert [o.text for o in History(case).operations()[2:]] == [
        "復原:更正憑證 AB10000003:認列金額改為 30000(試作理由)",
        "重做:更正憑證 AB10000003:認列金額改為 30000(試作理由)",
    ]
    with pytest.raises(OperationError, match="已經復原過"):
        undo(case, "3")
    undo(case)  # the last that stands is the correction
    assert shares(read(case))[GAUGE] == 23809
    undo(case, "5")
    undo(case, "2")


def test_an_undo_tells_the_entries_that_change(case: Path) -> None:
    correct(case, GAUGE, claimed="30000")
    history = History(case)
    with CaseWriter(case) as writer:
        undone = plan_undo(context_of(case, writer), history, last_undoable(history))
    ((before, after),) = undone.planned.effect.entries
    assert "9不予認列" in before
    assert "9不予認列" not in after
    assert GAUGE in after


def test_what_was_undone_is_not_undone_again(case: Path) -> None:
    correct(case, GAUGE, claimed="30000")
    undo(case)
    with pytest.raises(OperationError, match="沒有可以復原"):
        undo(case)
    with pytest.raises(OperationError, match="已經復原過"):
        undo(case, "2")


def test_a_month_closed_since_is_not_touched(case: Path) -> None:
    correct(case, BEARING, net="8000", tax="400")
    june = case / "books/2023-06.beancount"
    close = '2023-06-30 custom "grant-close" "2023-06"\n  entitlement: 3809 TWD\n  withdrawable: 0 TWD\n'
    june.write_text(june.read_text(encoding="utf-8") + close, encoding="utf-8")
    with pytest.raises(OperationError, match="grant reopen"):
        undo(case, "2")


def test_an_edit_by_hand_is_recorded_as_such(case: Path) -> None:
    correct(case, GAUGE, claimed="30000")
    july = case / "books/2023-07.beancount"
    july.write_text(july.read_text(encoding="utf-8").replace("網銀", "臨櫃"), encoding="utf-8")
    award = case / "award.beancount"
    award.write_text(award.read_text(encoding="utf-8") + "; 手記\n", encoding="utf-8")
    correct(case, GAUGE, claimed="20000")
    assert [operation.kind for operation in History(case).operations()] == [
        "start",
        "correct",
        "hand",
        "correct",
    ]


def test_an_operation_killed_before_its_record_is_recorded_by_the_next(
    case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(_self: History, _described: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(History, "record", killed)
        with pytest.raises(Killed):
            correct(case, GAUGE, claimed="30000")
    correct(case, BEARING, net="8000", tax="400")
    assert [o.kind for o in History(case).operations()] == ["start", "correct", "correct"]


def test_an_operation_refused_leaves_no_record(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: CaseWriter) -> None:
        raise OSError(28, "No space left on device")

    correct(case, GAUGE, claimed="30000")
    before = tree(case)
    with monkeypatch.context() as patch:
        patch.setattr(CaseWriter, "commit", full)
        with pytest.raises(OSError, match="space"):
            correct(case, BEARING, net="8000", tax="400")
    assert tree(case) == before
    correct(case, BEARING, net="9000", tax="450")
    assert [o.kind for o in History(case).operations()] == ["start", "correct", "correct"]


# --- repositories that are not ours ------------------------------------------------------------------------


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True)
    return done.stdout


def test_git_itself_reads_the_history(case: Path) -> None:
    correct(case, GAUGE, claimed="30000")
    assert len(git(case, "log", "--oneline").splitlines()) == 2
    assert git(case, "status", "--short") == ""
    assert git(case, "fsck", "--strict") == ""
    assert git(case, "config", "grantledger.history").strip() == "true"


def test_a_repository_of_the_user_s_is_left_alone(case: Path) -> None:
    git(case, "init", "--quiet")
    before = tree_of(case / ".git")
    correct(case, GAUGE, claimed="30000")
    assert tree_of(case / ".git") == before
    assert (case / ".grant/history.git/HEAD").is_file()
    undo(case)


def test_a_repository_around_the_case_is_left_alone(tmp_path: Path) -> None:
    folder = make_case(tmp_path / "office" / "case")
    git(tmp_path / "office", "init", "--quiet")
    correct(folder, GAUGE, claimed="30000")
    assert not (folder / ".git").exists()
    assert len(History(folder).operations()) == 2


def test_no_hook_of_a_repository_runs(case: Path) -> None:
    correct(case, GAUGE, claimed="30000")
    for name in ("pre-commit", "commit-msg", "post-commit", "reference-transaction"):
        hook = case / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {case}/ran\n", encoding="utf-8")
        hook.chmod(0o755)
    (case / ".gitattributes").write_text("* filter=evil\n", encoding="utf-8")
    with (case / ".git/config").open("a", encoding="utf-8") as file:
        file.write(f'[filter "evil"]\n\tclean = touch {case}/ran\n')
    correct(case, BEARING, net="8000", tax="400")
    assert not (case / "ran").exists()


def tree_of(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_stale_lock_of_git_is_no_dead_end(case: Path) -> None:
    correct(case, GAUGE, claimed="30000")
    for name in ("refs/heads/main.lock", "index.lock"):
        lock = case / ".git" / name
        lock.touch()
        os.utime(lock, (1_000_000_000, 1_000_000_000))
    correct(case, BEARING, net="8000", tax="400")
    assert len(History(case).operations()) == 3


def test_a_plan_writes_nothing(case: Path) -> None:
    before = tree(case)

    def plan(context: Context) -> Planned:
        return plan_correct(context, GAUGE, {"claimed": "1"}, REASON)

    with CaseWriter(case) as writer:
        plan(context_of(case, writer))
    assert tree(case) == before
    assert not History(case).exists
