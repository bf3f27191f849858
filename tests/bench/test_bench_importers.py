"""What reading and importing cost beside the libraries that do the same work. Run by `make bench`."""

from __future__ import annotations

import datetime
import gc
import random
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from beancount import loader
from lxml import etree

from importers.ingest import import_files
from importers.read import read_file
from ledger.files.award_file import parse_award
from ledger.operations.new_case import new_case
from tests.bench.books import without_plugin
from tests.bench.papers import FILES
from tests.bench.papers import LINES
from tests.bench.papers import ROUNDS
from tests.bench.papers import papers
from tests.importers.makers import tables

pytestmark = pytest.mark.bench


def processor_seconds(work: Callable[[], object]) -> float:
    """How long `work` took of the processor, the collector as the program has it."""
    gc.collect()
    began = time.process_time()
    work()
    return time.process_time() - began


def say(capsys: pytest.CaptureFixture[str], text: str) -> None:
    with capsys.disabled():
        print(f"\n{text}")  # noqa: T201 -- what a benchmark is for


def put(folder: Path, files: dict[str, str], prefix: str = "") -> None:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / (prefix + name)).write_text(text, encoding="utf-8")


def load_with_beancount(folder: Path) -> None:
    """Beancount's own load of a case, no plugin of ours: it stays what it is when ours becomes faster."""
    loader.initialize(use_cache=False)
    plain = without_plugin(folder)
    loader.load_file(str(plain))
    plain.unlink()  # or the next import would record it as an edit by hand


def parse_all(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        etree.fromstring(path.read_bytes())


def test_importing_costs_four_times_parsing_and_loading_and_again_a_fifth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = papers()
    put(tmp_path / "xml", files)
    parsing, loading, first, again = [], [], [], []
    for number in range(ROUNDS):
        case = tmp_path / f"case{number}"
        new_case(case, parse_award(tables(), "award.toml"))
        put(case / "inbox", files)
        first.append(processor_seconds(lambda case=case: import_files(case)))  # type: ignore[misc]
        parsing.append(processor_seconds(lambda: parse_all(tmp_path / "xml")))
        loading.append(processor_seconds(lambda case=case: load_with_beancount(case)))  # type: ignore[misc]
        put(case / "inbox", files, "again-")
        again.append(processor_seconds(lambda case=case: import_files(case)))  # type: ignore[misc]
        report = import_files(case, [tmp_path / "xml"])
        assert (report.imported, report.duplicates, report.rejected) == (0, FILES, [])
        shutil.rmtree(case)
    parse, load, new, same = map(min, (parsing, loading, first, again))
    say(
        capsys,
        f"{FILES:,} messages: lxml {parse:.3f} s, load {load:.3f} s, import {new:.3f} s"
        f" = {new / (parse + load):.2f} times; again {same:.3f} s = {same / new:.2f} of the first",
    )
    assert new <= 4 * (parse + load)
    assert same <= new / 5


def statement(path: Path) -> None:
    """A CSV of 50,000 lines as a bank exports it."""
    chance = random.Random(2)  # noqa: S311 -- as above
    balance, at = 1_000_000, datetime.datetime(2023, 1, 1)  # noqa: DTZ001 -- a bank's local time
    rows = ["帳務日期,交易時間,支出金額,存入金額,餘額,摘要,備註,對方帳號"]
    for _line in range(LINES):
        at += datetime.timedelta(minutes=chance.randrange(1, 20), seconds=chance.randrange(60))
        amount = chance.randrange(1, 90_000)
        out = balance > amount and chance.random() < 0.5
        balance += -amount if out else amount
        shown = (f'"{amount:,}",' if out else f',"{amount:,}"') + f',"{balance:,}"'
        rows.append(
            f"{at:%Y/%m/%d},{at:%H:%M:%S},{shown},轉帳,貨款{amount % 97},0081234567890{amount % 1000:03}"
        )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8-sig")


def test_a_statement_costs_three_times_the_c_reader_of_pandas(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "1234567890.csv"
    statement(path)
    assert len(read_file(path).readings[0].records) == LINES
    ours, pandas = [], []
    for _round in range(15):
        pandas.append(processor_seconds(lambda: pd.read_csv(path, engine="c", dtype=str)))
        ours.append(processor_seconds(lambda: read_file(path)))
    mine, theirs = statistics.median(ours), statistics.median(pandas)
    say(capsys, f"{LINES:,} lines: pandas {theirs:.3f} s, ours {mine:.3f} s = {mine / theirs:.2f} times")
    assert mine <= 3 * theirs
