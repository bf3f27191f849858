"""One fault a case: a clean case is changed the way it goes wrong in an office, and the check must say so.

Nothing else may be found but what necessarily follows, which each fault lists. tests/recall plants many more, in
books rather than through the commands.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.making import PLANTS
from tests.faults.making import Fault
from tests.planting import Plant
from tests.replay import Played

for _module in ("vouchers", "award", "account", "books"):
    importlib.import_module(f"tests.faults.{_module}")


@pytest.mark.parametrize("planted", list(PLANTS), ids=lambda planted: planted.name)
@pytest.mark.slow
def test_the_fault_is_found_and_nothing_else(planted: Plant[Callable[[], Fault]], tmp_path: Path) -> None:
    fault = planted.make()
    case = Played(fault.story, tmp_path / "case", fault.before, fault.books, fault.after)
    found = [finding for finding in case.findings if finding["check"] == planted.check]
    assert found, sorted(case.names)
    if fault.voucher:
        assert fault.voucher in {finding["voucher"] for finding in found}
    others = case.names - {planted.check, "document-missing", *fault.also}
    assert others == set(), [finding["message"] for finding in case.findings if finding["check"] in others]
