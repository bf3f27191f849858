"""The case as it was after an operation."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.files.history import HistoryError
from ledger.operations.as_of import case_at
from ledger.operations.correct import plan_correct
from tests.ledger.operations.cases import BEARING
from tests.ledger.operations.cases import GAUGE
from tests.ledger.operations.cases import REASON
from tests.ledger.operations.cases import SEAL
from tests.ledger.operations.cases import do
from tests.ledger.operations.cases import make_case
from tests.ledger.operations.cases import read
from tests.ledger.operations.cases import shares
from tests.ledger.operations.cases import tree


def test_each_operation_s_own_figures(tmp_path: Path) -> None:
    case = make_case(tmp_path / "case")
    paper = case / "documents" / "2023-07-08.AB10000003.pdf"
    paper.write_bytes(b"%PDF-1.4\n")
    (case / "documents" / "SHA256SUMS").write_text(f"{'0' * 64}  {paper.name}\n", "utf-8")
    do(case, lambda context: plan_correct(context, GAUGE, {"claimed": "30000"}, REASON))
    do(case, lambda context: plan_correct(context, GAUGE, {"claimed": "20000"}, REASON))
    now = tree(case)
    for operation, government in (("1", 23809), ("2", 14285), ("3", 9523)):
        with case_at(case, operation) as copy:
            assert shares(read(copy)) == {BEARING: 4762, SEAL: 4762, GAUGE: government}
            assert (copy / "documents" / paper.name).read_bytes() == b"%PDF-1.4\n"
    assert tree(case) == now


def test_no_such_operation(tmp_path: Path) -> None:
    case = make_case(tmp_path / "case")
    with pytest.raises(HistoryError, match="還沒有操作紀錄"), case_at(case, "1"):
        pass
    do(case, lambda context: plan_correct(context, GAUGE, {"claimed": "30000"}, REASON))
    with pytest.raises(HistoryError, match="1 到 2"), case_at(case, "9"):
        pass


def test_a_name_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    case = make_case(tmp_path / "case")
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    (case / "documents" / "SHA256SUMS").write_text(f"{'0' * 64}  ../../secret\n", encoding="utf-8")
    do(case, lambda context: plan_correct(context, GAUGE, {"claimed": "30000"}, REASON))
    with pytest.raises(ValueError, match="secret"), case_at(case, "2"):
        pass
