"""The sample cases that live beside the project, where they are at hand: every file is read, every figure agrees."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from importers.records import Reading
from importers.records import VoucherRecord
from importers.sources.source import Source
from importers.vouchers import READERS

SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
CASES = sorted(path.parent for path in SAMPLES.glob("*/*/award.toml"))

pytestmark = pytest.mark.skipif(not CASES, reason="the samples are not beside the project")


def readings(path: Path) -> list[Reading]:
    source = Source.from_path(path)
    return [reading for read in READERS if (reading := read(source))]


def vouchers(folder: Path) -> list[VoucherRecord]:
    return [
        record
        for path in sorted(folder.iterdir())
        for reading in readings(path)
        for record in reading.records
        if isinstance(record, VoucherRecord)
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_voucher_file_of_a_case_has_one_reader_and_no_statement_has_any(case: Path) -> None:
    for path in sorted((case / "inbox").iterdir()):
        is_statement = "專戶" in path.name or "活期" in path.name
        found = readings(path)
        assert len(found) == (0 if is_statement else 1), path.name
        assert all(reading.records and not reading.warnings for reading in found), path.name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_records_of_a_case_are_whole(case: Path) -> None:
    company = tomllib.loads((case / "award.toml").read_text(encoding="utf-8"))["company"]["ubn"]
    for record in vouchers(case / "inbox"):
        assert record.number
        assert record.date is not None
        assert record.net is not None
        assert record.tax is not None
        assert record.gross == record.net + record.tax
        assert record.kind == "payroll" or (record.items and record.seller)
        if record.kind == "invoice" and record.tax:
            assert abs(record.tax - record.net * 5 / 100) <= 1
        if record.buyer:
            assert len(record.buyer) == len(company)


def test_the_same_invoice_by_two_routes_is_the_same_figures() -> None:
    twice = 0
    for case in CASES:
        seen: dict[str, VoucherRecord] = {}
        for record in vouchers(case / "inbox"):
            other = seen.setdefault(record.number, record)
            if other is not record and other.items and other.items == record.items:
                twice += 1
                assert (other.date, other.seller, other.gross) == (record.date, record.seller, record.gross)
    assert twice > 0


def test_single_files_of_every_format() -> None:
    for path in sorted((SAMPLES / "formats").glob("einvoice-*/*")):
        (reading,) = readings(path)
        assert reading.records, path.name
