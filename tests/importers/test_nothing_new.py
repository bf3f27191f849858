"""An import of no files: it costs nothing where nothing can come of it, and else judges anew what the books hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from importers import pipeline
from importers.ingest import import_files
from importers.report import Report
from ledger.case.entry_reader import TAKES_BACK
from ledger.files import PENDING
from ledger.files.award_file import parse_award
from ledger.loading.loader import CaseNotFoundError
from ledger.loading.safe_folder import UnsafeCaseError
from ledger.operations.new_case import new_case
from tests.bench.papers import papers
from tests.importers.makers import tables
from tests.importers.small_case import dedicated

FILES = dict(list(papers().items())[:3])


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with an empty inbox."""
    new_case(tmp_path / "case", parse_award(tables(), "award.toml"))
    return tmp_path / "case"


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many files each import that goes through the pipeline brings."""
    made: list[int] = []
    whole = pipeline.import_all

    def counted(writer: object, files: list[Path], *more: object) -> Report:
        made.append(len(files))
        return whole(writer, files, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "import_all", counted)
    return made


def put(case: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (case / "inbox" / name).write_text(text, encoding="utf-8")


def test_what_stands_as_the_last_import_left_it_is_not_looked_at_again(case: Path, calls: list[int]) -> None:
    assert import_files(case).as_json() == Report().as_json()
    put(case, FILES)
    assert import_files(case).imported == len(FILES)
    assert import_files(case).as_json() == Report().as_json()
    assert calls == [len(FILES)]


@pytest.mark.parametrize(
    "name", ["main.beancount", "books/2023-07.beancount", "award.beancount", "import.toml"]
)
def test_after_an_edit_by_hand_it_is_judged_anew_once(case: Path, name: str, calls: list[int]) -> None:
    put(case, FILES)
    import_files(case)
    with (case / name).open("a", encoding="utf-8") as file:
        file.write("\n# by hand\n" if name.endswith(".toml") else "\n; by hand\n")
    import_files(case)
    import_files(case)
    assert calls == [len(FILES), 0]


def test_a_picture_that_is_gone_from_the_inbox_waits_no_more(case: Path) -> None:
    put(case, FILES)
    picture = case / "inbox" / "ZZ99999999.jpg"
    picture.write_bytes(b"\xff\xd8\xffpicture")
    assert len(import_files(case).unmatched) == 1
    picture.unlink()
    import_files(case)
    assert (case / PENDING).read_text(encoding="utf-8") == ""


def test_a_line_that_nobody_can_read_is_told_every_time(case: Path) -> None:
    (case / PENDING).write_text("{\n", encoding="utf-8")
    for _time in range(2):
        assert PENDING in import_files(case).warnings[0]


def test_transactions_of_a_book_that_no_import_has_seen_are_judged(case: Path, calls: list[int]) -> None:
    with (case / "main.beancount").open("a", encoding="utf-8") as file:
        file.write('\n2023-08-01 txn "利息"\n')
    import_files(case)
    assert calls == [0]


def test_a_line_that_takes_another_back_is_judged_by_every_import(case: Path, calls: list[int]) -> None:
    """Of two alike, which one it is may be told by statements that were filed before."""
    lines = [("2023-07-03", 450_000, "匯款存入 補助款"), ("2023-07-05", -450_000, "匯入匯款沖正 補助款")]
    put(case, dict(dedicated(*lines)))
    import_files(case)
    assert f"{TAKES_BACK}:" in (case / "books" / "2023-07.beancount").read_text(encoding="utf-8")
    import_files(case)
    assert calls == [1, 0]


def test_what_may_not_be_opened_is_refused_and_no_case_is_told(case: Path, tmp_path: Path) -> None:
    put(case, FILES)
    import_files(case)
    (case / "books" / "code.py").write_text("", encoding="utf-8")
    with pytest.raises(UnsafeCaseError):
        import_files(case)
    (tmp_path / "none").mkdir()
    with pytest.raises(CaseNotFoundError):
        import_files(tmp_path / "none")
