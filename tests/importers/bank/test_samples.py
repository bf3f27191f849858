"""The sample statements that lie beside the project, where they do: every one reads, chains and adds up."""

from __future__ import annotations

import csv
import io
import itertools
import json
from pathlib import Path

import pytest

from importers.bank import READERS
from importers.records import BankLine
from importers.records import Reading
from importers.sources.source import Source

SAMPLES = Path(__file__).parents[3] / ".." / "shared" / "samples"
STATEMENTS = sorted(
    path for path in SAMPLES.glob("*/*/inbox/*") if "_活期_" in path.name or "_專戶_" in path.name
) + sorted((SAMPLES / "formats" / "bank").glob("*"))
OTHERS = sorted(path for path in SAMPLES.glob("*/*/inbox/*") if "銀行" not in path.name) + sorted(
    path
    for folder in ("einvoice-xml", "einvoice-carrier-md")
    for path in (SAMPLES / "formats" / folder).glob("*")
)


def read(path: Path) -> Reading | None:
    source = Source.from_path(path)
    return next((found for reader in READERS if (found := reader(source)) is not None), None)


def test_every_statement_reads_and_chains() -> None:
    if not STATEMENTS:
        pytest.skip("no samples beside the project")
    for path in STATEMENTS:
        reading = read(path)
        assert reading is not None, path.name
        assert reading.records, path.name
        assert reading.warnings == (), path.name
        lines = [line for line in reading.records if isinstance(line, BankLine)]
        assert [line.date for line in lines] == sorted(line.date for line in lines), path.name
        for before, line in itertools.pairwise(lines):
            assert before.balance is not None
            assert before.balance + line.amount == line.balance, (path.name, line.row)


def test_nothing_else_is_taken_for_a_statement() -> None:
    if not OTHERS:
        pytest.skip("no samples beside the project")
    taken = [path.name for path in OTHERS if path.name != "SOURCES.md" and read(path) is not None]
    assert taken == []


def test_the_page_called_xls_says_what_its_expected_file_says() -> None:
    page = SAMPLES / "formats" / "bank" / "esun_test_bank.html.xls"
    if not page.exists():
        pytest.skip("no samples beside the project")
    reading = read(page)
    assert reading is not None
    assert (reading.format, reading.account) == ("bank-html", "0141979137701")
    rows = list(
        csv.reader(io.StringIO((page.parent / "esun_bank_expected.csv").read_text(encoding="utf-8-sig")))
    )
    (line,) = [line for line in reading.records if isinstance(line, BankLine)]
    assert [
        f"{line.date} {line.time}",
        line.text,
        str(-line.amount),
        "",
        str(line.balance),
        line.memo,
        "",
    ] == rows[1]


def test_the_dedicated_accounts_end_each_month_as_the_cases_expect() -> None:
    found = 0
    for expected in SAMPLES.glob("*/*/expected.json"):
        balances = (
            json.loads(expected.read_text(encoding="utf-8")).get("books", {}).get("dedicated_balance", {})
        )
        lines: list[BankLine] = []
        for path in (expected.parent / "inbox").glob("*_專戶_*"):
            reading = read(path)
            assert reading is not None
            lines += [line for line in reading.records if isinstance(line, BankLine)]
        for month, balance in balances.items() if isinstance(balances, dict) else []:
            total = sum(line.amount for line in lines if f"{line.date:%Y-%m}" <= month)
            assert total == balance, (expected.parent.name, month)
            found += 1
    if not found:
        pytest.skip("no samples beside the project")
