"""The paper that a page shows beside what it speaks of: found by the program, never by a path from outside."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from audit import documents
from audit.documents import DocumentField
from audit.web.query import Query
from desk.case_desk import CaseDesk
from importers.questions.open_questions import Question
from importers.questions.open_questions import question_of
from ledger.case.case import Voucher
from ledger.case.papers.documents import inside
from ledger.files import INBOX
from ledger.util.text import fold


class Shown(NamedTuple):
    """A paper beside its subject: its name, where it lies, how it is shown, and its content where the page shows it.

    `marked` are the rows of a table that speak of the subject; `asked` are the parameters of the address it is read at.
    """

    name: str
    path: Path | None
    shown: documents.Shown
    asked: dict[str, str]
    fields: list[DocumentField]
    table: list[list[str]]
    marked: frozenset[int]
    text: str
    is_source: bool = False


def asked_paper(desk: CaseDesk, query: Query) -> Path | None:
    """The file that the address of a paper asks for, by its question or its voucher; None where there is none."""
    asked = question_of(desk.case, desk.pending, query.text("question")) if query.text("question") else None
    voucher = voucher_asked(desk, asked) if asked else desk.voucher(query.text("voucher"))
    if voucher is None:
        return file_of_question(desk, asked) if asked else None
    papers = documents.papers_of(desk.view, voucher)
    place = query.number("paper")
    return papers[place].path if 0 <= place < len(papers) else None


def paper_of_question(desk: CaseDesk, asked: Question) -> Shown | None:
    """The paper of a voucher's question, or the file that another question is about; None where there is none."""
    voucher = voucher_asked(desk, asked)
    if voucher is not None:
        papers = papers_of_voucher(desk, voucher, {"question": asked.id})
        return papers[0] if papers else None
    path = file_of_question(desk, asked)
    if path is None:
        return None
    amount = abs(asked.amount) if asked.amount is not None else None
    words = [str(asked.record.get("number") or "")]
    return _shown(path, path.name, {"question": asked.id}, _marks(words, amount, asked.date))


def voucher_asked(desk: CaseDesk, asked: Question) -> Voucher | None:
    """The voucher that a question is about; None where it is about none."""
    if asked.kind != "voucher":
        return None
    return next((v for v in desk.case.vouchers if v.meta("import-id") == asked.target), None)


def papers_of_voucher(desk: CaseDesk, voucher: Voucher, asked: dict[str, str]) -> list[Shown]:
    """The papers of a voucher in the order of its entry; where it has none, the file that it was read from."""
    found = []
    marks = _marks([voucher.number, voucher.seller_name], None, None)
    for place, paper in enumerate(documents.papers_of(desk.view, voucher)):
        address = {**asked, "paper": str(place)}
        if paper.path is None:
            found.append(Shown(paper.name, None, "missing", address, [], [], frozenset(), ""))
        else:
            found.append(_shown(paper.path, paper.name, address, marks)._replace(is_source=paper.is_source))
    return found


def file_of_question(desk: CaseDesk, asked: Question) -> Path | None:
    """The file that a question is about: filed, or still in the inbox; no link is followed."""
    waiting = desk.pending.get(asked.id)
    digest = str(waiting.data.get("sha256") or "") if waiting else ""
    names = {Path(part).name for part in (asked.file, asked.file.partition("/")[0]) if part}
    for path in _candidates(desk, names):
        found = inside(desk.folder, path)
        if found is not None and not path.is_symlink() and (not digest or _digest(found) == digest):
            return found
    return None


def _candidates(desk: CaseDesk, names: set[str]) -> list[Path]:
    filed = desk.case.voucher_papers.filed
    found = [path for name in names for path in filed.get(name, [])]
    found += [path for name, paths in filed.items() if name.partition(".")[2] in names for path in paths]
    inbox = desk.folder / INBOX
    if inbox.is_dir() and not inbox.is_symlink():
        found += [path for path in sorted(inbox.rglob("*")) if path.name in names and path.is_file()]
    return found


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _shown(path: Path, name: str, asked: dict[str, str], marks: list[set[str]]) -> Shown:
    kind = documents.shown_as(path)
    fields = documents.fields_of(path) if kind == "fields" else []
    sheets = documents.tables_of(path) if kind == "table" else []
    table = [row for sheet in sheets for row in sheet.rows]
    text = documents.text_of(path) if kind == "text" or (kind == "fields" and not fields) else ""
    return Shown(name, path, kind, asked, fields, table, _marked(table, marks), text)


def _marks(words: list[str], amount: int | None, day: object) -> list[set[str]]:
    """What a row has to hold to be marked: any of these sets, the first that some row holds."""
    marks = [{fold(word)} for word in words if fold(word)]
    if amount is not None and day is not None:
        marks.append({str(amount), str(day)})
    if amount is not None:
        marks.append({str(amount)})
    return marks


def _marked(table: list[list[str]], marks: list[set[str]]) -> frozenset[int]:
    rows = [{_plain(cell) for cell in cells} for cells in table]
    for wanted in marks:
        found = frozenset(place for place, cells in enumerate(rows) if wanted <= cells)
        if found:
            return found
    return frozenset()


def _plain(cell: str) -> str:
    """A cell as it is compared: amounts without separators, dates with dashes."""
    text = fold(cell)
    digits = text.replace(",", "")
    if digits.lstrip("-").isdigit():
        return digits.lstrip("-")
    return text.replace("/", "-")
