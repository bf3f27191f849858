"""The long story by commands only; no text of the books is touched."""

from __future__ import annotations

from pathlib import Path

from ledger.loading.loader import load_case
from tests.cli.accountant import ByCommand
from tests.cli.desk import Desk
from tests.cli.long_story import AWARD
from tests.cli.long_story import tell


def test_six_months_of_complications(tmp_path: Path) -> None:
    desk = Desk(tmp_path, AWARD)
    tell(ByCommand(desk), desk)
    # a field that there is not, of which a form has none
    number = next(each.number for each in load_case(desk.case).case.vouchers if each.kind == "payroll")
    assert "hours" in desk.do("correct", desk.case, number, "--set", "hour=40", "--reason", "試", code=2)
