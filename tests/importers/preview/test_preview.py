"""An import told beforehand: each file, each record once, the counts of the import itself; nothing is written."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from importers.context import ImportCancelledError
from importers.context import Step
from importers.ingest import import_files
from importers.preview.preview import Preview
from importers.preview.preview import preview_import
from importers.preview.preview import state_of
from ledger.util.i18n import speaking
from tests.casemaker import Story
from tests.importers.small_case import Files
from tests.importers.small_case import SmallCase
from tests.importers.small_case import dedicated
from tests.importers.small_case import invoice
from tests.importers.small_case import own
from tests.replay import begin


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a case but the lock."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock") and path.name != "lock"
    }


def put(case: SmallCase, *files: Files) -> None:
    for each in files:
        for name, text in each.items():
            (case.folder / "inbox" / name).write_text(text, encoding="utf-8")


def counted(preview: Preview) -> Counter[str]:
    return Counter(row.outcome for row in preview.rows)


@pytest.mark.parametrize("seed", [1, 2, 5, 9])
def test_every_record_is_told_once_and_the_counts_are_the_imports(tmp_path: Path, seed: int) -> None:
    case = tmp_path / "case"
    begin(Story(seed, direct=seed == 2).money(), case)
    before = bytes_of(case)
    preview = preview_import(case)
    assert bytes_of(case) == before
    told = Counter((row.file, row.row, row.number) for row in preview.rows if row.row)
    report = import_files(case)
    found = counted(preview)
    assert found["known"] == report.duplicates
    assert found["set-aside"] == len(report.set_aside)
    assert found["question"] == len(report.unmatched)
    assert found["not-ours"] + found["set-aside"] == report.not_of_case
    of_sheets = sum(
        row.outcome == "payment" and row.path is not None and "薪資" in row.file for row in preview.rows
    )
    of_sheets += sum(row.outcome == "payment" and "登記表" in row.file for row in preview.rows)
    assert found["voucher"] + found["payment"] + found["bank"] - of_sheets == report.imported
    bank = [key for key in told if "銀行" in key[0]]
    assert bank
    assert all(told[key] == 1 for key in bank)
    assert all(row.path is not None and row.path.name for row in preview.rows)


def test_what_a_payment_was_matched_by_and_where_it_stands(tmp_path: Path) -> None:
    case = SmallCase(tmp_path / "case")
    put(case, invoice("AB12345678", "2023-07-10", 10_000), own(("2023-07-20", -10_500, "匯款 AB12345678")))
    preview = preview_import(case.folder)
    voucher, payment = preview.rows
    assert (voucher.outcome, voucher.number, voucher.amount, voucher.row) == (
        "voucher",
        "AB12345678",
        10_500,
        2,
    )
    assert (voucher.category, voucher.government + voucher.self_funded) == ("消耗性器材及原材料費", 10_000)
    assert (payment.outcome, payment.number, payment.amount, payment.row) == (
        "payment",
        "AB12345678",
        -10_500,
        3,
    )
    assert "憑證號碼" in payment.reason
    assert [each.state for each in preview.files] == ["ready", "ready"]
    assert {each.account for each in preview.files} == {"", "公司付款帳戶 華南銀行 …45078"}


def test_known_again_by_another_file(tmp_path: Path) -> None:
    case = SmallCase(tmp_path / "case")
    first = invoice("AB12345678", "2023-07-10", 10_000)
    case.take(first)
    put(case, {"again.csv": next(iter(first.values())) + "\n"})
    preview = preview_import(case.folder)
    assert counted(preview) == {"known": 1}
    assert preview.rows[0].reason == "已經入帳"


def test_two_routes_in_one_import_are_one_voucher(tmp_path: Path) -> None:
    case = SmallCase(tmp_path / "case")
    first = invoice("AB12345678", "2023-07-10", 10_000)
    put(case, first, {"second.csv": next(iter(first.values()))})
    preview = preview_import(case.folder)
    assert counted(preview) == {"voucher": 1, "known": 1}
    assert "同一張憑證" in preview.rows[-1].reason


def test_a_file_that_cannot_be_read_says_how_to_get_a_good_one(tmp_path: Path) -> None:
    case = SmallCase(tmp_path / "case")
    put(case, {"第一銀行_交易明細.csv": "甲,乙\n1,2\n", "雜記.txt": "hello"})
    (case.folder / "inbox" / "IMG_001.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    files = {each.name: each for each in preview_import(case.folder).files}
    bank, note, picture = files["第一銀行_交易明細.csv"], files["雜記.txt"], files["IMG_001.jpg"]
    assert (bank.state, note.state, picture.state) == ("refused", "refused", "asks")
    assert "第一商業銀行" in bank.advice or "第一銀行" in bank.advice
    assert "CSV" in bank.advice
    assert "登記表" in note.advice
    assert "檔名" in picture.advice
    assert picture.question


def test_a_statement_that_asks_for_its_opening_balance_asks(tmp_path: Path) -> None:
    case = SmallCase(tmp_path / "case")
    put(case, dedicated(("2023-07-20", 100, "存入")))
    name = next(path.name for path in (case.folder / "inbox").iterdir())
    text = (case.folder / "inbox" / name).read_text(encoding="utf-8")
    lines = text.splitlines()
    lines[1] = "交易日期,摘要,金額,餘額,備註"
    lines[2] = "2023/07/20,轉帳,100,5000,"
    (case.folder / "inbox" / name).write_text("\n".join(lines), encoding="utf-8")
    (told,) = preview_import(case.folder).files
    assert told.state == "asks"
    assert told.question
    assert told.problem


def test_an_empty_inbox_previews_to_nothing(tmp_path: Path) -> None:
    case = SmallCase(tmp_path / "case")
    preview = preview_import(case.folder)
    assert (preview.files, preview.rows) == ((), ())


def test_the_state_is_another_where_a_file_or_the_books_are(tmp_path: Path) -> None:
    case = SmallCase(tmp_path / "case")
    put(case, invoice("AB12345678", "2023-07-10", 10_000))
    paper = next((case.folder / "inbox").iterdir())
    state = preview_import(case.folder).state
    assert state == state_of(case.folder, [paper])
    paper.write_bytes(paper.read_bytes() + b"\n")
    assert state != state_of(case.folder, [paper])
    other = state_of(case.folder, [])
    book = case.folder / "books" / "2023-07.beancount"
    book.write_text(book.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert state_of(case.folder, []) != other


def test_it_is_told_in_the_language_of_the_user(tmp_path: Path) -> None:
    case = SmallCase(tmp_path / "case")
    put(case, invoice("AB12345678", "2023-07-10", 10_000))
    with speaking("en"):
        preview = preview_import(case.folder)
    assert preview.files[0].what == "voucher sheet"
    assert preview.rows[0].what.lower() == "invoice" or "invoice" in preview.rows[0].what.lower()


# --- progress, and calling it off ----------------------------------------------------------------------


class Stop:
    """Calls an import off at the n-th word it is told."""

    def __init__(self, at: int) -> None:
        self.at, self.told = at, list[tuple[str, int, int]]()

    def __call__(self, step: Step, done: int, total: int) -> None:
        self.told.append((step, done, total))
        if len(self.told) > self.at:
            raise ImportCancelledError("stop")


def test_progress_tells_files_and_months(tmp_path: Path) -> None:
    case = tmp_path / "case"
    begin(Story(1).money(), case)
    files = len(list((case / "inbox").iterdir()))
    seen = Stop(10_000)
    report = import_files(case, progress=seen)
    reads = [done for step, done, total in seen.told if step == "read" and total == files]
    assert reads[:files] == list(range(files))
    assert reads[-1] == files
    months = len(report.written)
    assert [told for told in seen.told if told[0] == "write"] == [
        ("write", n, months) for n in range(months + 1)
    ]


def test_an_import_that_is_called_off_leaves_every_byte(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    begin(Story(1).money(), whole)
    before = bytes_of(whole)
    steps = Stop(10_000)
    trial = tmp_path / "trial"
    shutil.copytree(whole, trial)
    import_files(trial, progress=steps)
    count = len(steps.told)
    for at in sorted({0, 3, count // 2, *range(count - 5, count)}):
        with pytest.raises(ImportCancelledError):
            import_files(whole, progress=Stop(at))
        assert bytes_of(whole) == before, (at, steps.told[at])
    import_files(whole, progress=Stop(10_000))
    after, expected = bytes_of(whole), bytes_of(trial)
    assert {name for name in after if name.startswith("books/")} == {
        name for name in expected if name.startswith("books/")
    }
    assert all(after[name] == expected[name] for name in after if not name.startswith((".git/", ".grant/")))
