"""What an operation costs beside loading its case, and what the history adds to an import. Run by `make bench`."""

from __future__ import annotations

import datetime
import itertools
import time
from pathlib import Path

import pytest

from checks.runs.judge import judge
from importers.ingest import import_files
from ledger.files import history as history_module
from ledger.files.writer import CaseWriter
from ledger.loading.loader import load_case
from ledger.operations.apply import apply
from ledger.operations.correct import plan_correct
from ledger.operations.edit import Context
from tests.bench.books import make_case
from tests.bench.timing import seconds

pytestmark = pytest.mark.bench

VOUCHERS = 5_000
HEAD = "日期,憑證種類,憑證號碼,賣方統編,對象,品名,數量,單位,未稅金額,稅額,會計科目,付款日期,付款方式,附件\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A case of 5,000 vouchers, each paid, over a year, its history begun."""
    case = tmp_path / "case"
    make_case(case, VOUCHERS)
    _correct(case, "1")
    return case


def _correct(folder: Path, value: str) -> None:
    """One correction, from loading to its record: what the command does but for starting."""
    with CaseWriter(folder) as writer:
        loaded = load_case(folder, datetime.date.max)
        voucher = loaded.case.vouchers[-1]
        planned = plan_correct(Context(loaded, writer.text, judge), voucher.number, {"unit": value}, "試作")
        apply(writer, planned)


def test_an_operation_costs_little_more_than_loading_the_case(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = itertools.count(2)
    load = seconds(lambda: load_case(folder, datetime.date.max), 3)
    whole = seconds(lambda: _correct(folder, str(next(values))), 3)
    with capsys.disabled():
        print(f"\n{VOUCHERS:,} vouchers: load {load:.3f} s, operation {whole:.3f} s = {whole / load:.2f} x")  # noqa: T201 -- what a benchmark is for
    # wanted: 1.3; the checks before and after are most of what comes on top
    assert whole <= 1.45 * load


def test_the_history_adds_a_tenth_to_an_import(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spent: list[float] = []
    for name in ("adopt", "record", "operations"):
        real = getattr(history_module.History, name)

        def timed(*given: object, real: object = real, **named: object) -> object:
            began = time.process_time()
            done = real(*given, **named)  # type: ignore[operator]
            spent.append(time.process_time() - began)
            return done

        monkeypatch.setattr(history_module.History, name, timed)
    rows = "".join(
        f"2024/05/{place % 28 + 1:02},統一發票,QX{place:08},40953019,試作五金行,零件{place},1,個,100,5,,,匯款,\n"
        for place in range(200)
    )
    (folder / "inbox" / "憑證.csv").write_text(HEAD + rows, encoding="utf-8")
    began = time.process_time()
    import_files(folder)
    whole = time.process_time() - began
    history = sum(spent)
    with capsys.disabled():
        print(f"\nimport {whole:.3f} s, of it history {history:.3f} s = {history / (whole - history):.1%}")  # noqa: T201 -- as above
    assert history <= (whole - history) / 10
