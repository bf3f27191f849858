"""Acts of the auditor, chained and not, as ledger text."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from audit.filing.audit_file import chain
from checks.engine.finding import Finding
from checks.engine.runner import run_checks
from ledger.case.case import Case
from ledger.entries.builder import as_text
from ledger.loading.loader import load_case
from ledger.model.directives import custom
from tests.checks.builder import AFTER
from tests.checks.builder import AWARD
from tests.checks.builder import JUNE
from tests.checks.builder import opens

NUMBER = "AB12345678"


PAPER = "2023-06-12.AB12345678.pdf"


MAIN = """option "tolerance_multiplier" "0"
option "documents" "documents"
plugin "checks"
include "award.beancount"
include "books.beancount"
"""


INCLUDE = 'include "audit.beancount"\n'


def made(tmp_path: Path, audit: str = "", books: str = "", main: str = MAIN + INCLUDE) -> Path:
    folder = tmp_path / "case"
    (folder / "documents/Liabilities/1應付帳款").mkdir(parents=True)
    (folder / "documents/Liabilities/1應付帳款" / PAPER).write_bytes(b"%PDF-1.4\n")
    (folder / "main.beancount").write_text(main, encoding="utf-8")
    (folder / "award.beancount").write_text(opens() + AWARD, encoding="utf-8")
    (folder / "books.beancount").write_text(JUNE + books, encoding="utf-8")
    (folder / "audit.beancount").write_text(audit, encoding="utf-8")
    return folder


def case_in(folder: Path, as_of: datetime.date = AFTER) -> Case:
    return load_case(folder, as_of).case


def found(folder: Path, check: str) -> list[Finding]:
    return run_checks(case_in(folder), select=[check])


def struck(folder: Path) -> tuple[int, int]:
    """(disallowed, parked) of the voucher that the tests are about."""
    case = case_in(folder)
    (voucher,) = [each for each in case.vouchers if each.number == NUMBER]
    disallowed, parked = case.struck.get(id(voucher.entry), (0, 0))
    return disallowed, parked


def act(name: str = "F-001", *, day: str = "2023-10-01", **told: Any) -> Any:
    """A judgement, reply or signature, as the pages file it but for the chain."""
    given = {"voucher": NUMBER, "state": "disallowed", "digest": "0" * 64, "by": "陳稽核", "act": "finding"}
    return custom(datetime.date.fromisoformat(day), "finding", name, **(given | told))


def chained(*acts: Any) -> str:
    text = ""
    for each in acts:
        chain([each], text)
        text += as_text([each])
    return text


def pieces(text: str) -> list[str]:
    return ["2023-" + part for part in text.split("2023-")[1:]]
