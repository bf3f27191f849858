"""Files of the case that a finding is about: which voucher a paper is of, and the place of what is found in no entry."""

from __future__ import annotations

from collections.abc import Iterator

from beancount.core import data

from ledger.case.case import Case
from ledger.case.case import Voucher


def placed(case: Case, file: str, line: int) -> data.Custom:
    """Something that stands for a line of a file; its date is the day the case is judged on."""
    return data.Custom(data.new_metadata(file, line), case.as_of, "grant-file", [])


def papers_named(case: Case) -> dict[str, Voucher]:
    """The voucher of each paper that an entry names as its document, by the paper's file name."""
    found: dict[str, Voucher] = {}
    for voucher in case.vouchers:
        for name in voucher.documents:
            found.setdefault(name.rpartition("/")[2], voucher)
    return found


def names_in(entry: data.Directive) -> Iterator[str]:
    """The file names that an entry mentions: documents, sources, the paths of evidence."""
    values = [value for key, value in entry.meta.items() if key not in {"filename", "lineno"}]
    if isinstance(entry, data.Custom):
        values += [value.value for value in entry.values]
    if isinstance(entry, data.Document) and "filename" not in (entry.tags or ()):
        values.append(entry.filename)
    for value in values:
        if isinstance(value, str):
            for part in value.split("; "):
                yield part.rpartition("/")[2]
