"""Loading a case folder: what could not be read is named, and nothing comes out of a cache."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.files import writer as case_files
from ledger.files.writer import CaseWriter
from ledger.files.writer import file_digest
from ledger.loading.loader import CaseNotFoundError
from ledger.loading.loader import load_case
from ledger.loading.loader import main_file
from ledger.loading.loader import plugins_stand_back
from ledger.operations.new_case import new_case
from tests.ledger.ledgers import award_file
from tests.ledger.ledgers import day


@pytest.fixture
def case(tmp_path: Path) -> Path:
    new_case(tmp_path / "case", award_file({"equipment": (600_000, 600_000)}))
    return tmp_path / "case"


def test_a_folder_or_its_main_file(case: Path) -> None:
    assert main_file(case) == main_file(case / "main.beancount") == (case / "main.beancount").resolve()


@pytest.mark.parametrize("name", ["", "no-such"])
def test_a_folder_without_a_case(tmp_path: Path, name: str) -> None:
    with pytest.raises(CaseNotFoundError, match=r"main\.beancount"):
        load_case(tmp_path / name)


def test_what_beancount_cannot_read_is_named_by_file_and_line(case: Path) -> None:
    book = case / "books/2023-06.beancount"
    book.write_text(
        '; 註\n2023-06-01 * "x" "y"\n  Assets:2進項稅額  5 TWD\n  Liabilities:1應付帳款  -4 TWD\n',
        encoding="utf-8",
    )
    (error,) = load_case(case).errors
    assert (Path(error.filename), error.lineno) == (book.resolve(), 2)
    assert error.message == "分錄借貸不平,差 1 TWD"


@pytest.mark.parametrize(
    ("option", "missing"),
    [
        ("", "80000"),
        ('option "inferred_tolerance_default" "TWD:100000"', "80000"),
        ('option "inferred_tolerance_default" "*:100000"', "80000"),
        ('option "tolerance_multiplier" "1000000"', "80000.0"),
        ('option "inferred_tolerance_multiplier" "1000000"', "80000.0"),
        ('option "infer_tolerance_from_cost" "TRUE"', "80000"),
    ],
)
def test_no_option_of_a_case_makes_missing_money_balance(case: Path, option: str, missing: str) -> None:
    with (case / "main.beancount").open("a", encoding="utf-8") as main:
        main.write(f"\n{option}\n")
    (case / "books/2023-06.beancount").write_text(
        f'2023-06-01 * "x" "y"\n  Assets:2進項稅額  {missing} TWD\n'
        "  Assets:2進項稅額  0.1 STOCK {9000000 TWD}\n  Liabilities:1應付帳款  -900000 TWD\n",
        encoding="utf-8",
    )
    assert "分錄借貸不平,差 80000.0 TWD" in [error.message for error in load_case(case).errors]


def test_documents_dropped_in_are_seen_at_once(case: Path) -> None:
    assert load_case(case).case.documents == []
    folder = case / "documents/Liabilities/1應付帳款"
    folder.mkdir(parents=True)
    (folder / "2023-06-12.AB12345678.pdf").write_bytes(b"%PDF")
    assert len(load_case(case).case.documents) == 1


def test_today_is_set_and_later_entries_are_left_out(case: Path) -> None:
    book = case / "books/2023-06.beancount"
    book.write_text(
        '2023-06-05 * "" "撥款"\n  Assets:1專戶:1政府補助款  5 TWD\n  Liabilities:3預收補助款  -5 TWD\n',
        encoding="utf-8",
    )
    assert load_case(case, day("2023-06-04")).case.dedicated_accounts.received() == 0
    assert load_case(case, day("2023-06-05")).case.dedicated_accounts.received() == 5


def test_a_case_whose_checks_do_not_run_says_so(case: Path) -> None:
    main = case / "main.beancount"
    assert load_case(case).checks_listed
    main.write_text(main.read_text(encoding="utf-8").replace('plugin "checks"', ""), encoding="utf-8")
    assert not load_case(case).checks_listed


def test_loading_finishes_a_writing_that_was_cut_off(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(case_files, "recover", lambda _folder: None)
        with CaseWriter(case) as writer:
            writer.append("main.beancount", "; 更多\n")
            writer.commit()
    assert "更多" not in (case / "main.beancount").read_text(encoding="utf-8")
    load_case(case)
    assert (case / "main.beancount").read_text(encoding="utf-8").endswith("; 更多\n")


def test_loading_writes_nothing_else(case: Path) -> None:
    before = {path: file_digest(path) for path in case.rglob("*")}
    load_case(case)
    assert {path: file_digest(path) for path in case.rglob("*")} == before


def test_the_plugins_stand_back_only_while_loading(case: Path) -> None:
    assert plugins_stand_back.get() is False
    load_case(case)
    assert plugins_stand_back.get() is False


def test_a_case_is_plain_data_for_a_command(case: Path) -> None:
    loaded = load_case(case)
    assert json.dumps(loaded.options["title"])
    assert loaded.case.folder == case.resolve()
