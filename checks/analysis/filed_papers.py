"""Files of the case that a finding is about: which voucher a paper is of, and the place of what is found in no entry."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from beancount.core import data

from checks.analysis.document_identity import plain
from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.files import DOCUMENTS
from ledger.files import PENDING
from ledger.files.disk import read_file
from ledger.files.document_sums import read_sums

_VOUCHER_FOLDERS = ("Liabilities/1應付帳款/", "Expenses/")
_OF_ONE_VOUCHER = frozenset({".xml", ".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".heic", ".webp"})
_INVOICE = re.compile(rb"(?<![0-9A-Z])[A-Z]{2}[0-9]{8}(?![0-9A-Z])")
_DATED = re.compile(r"^\d{4}-\d{2}-\d{2}\.")
_AGAIN = re.compile(r"-\d{1,4}$")  # the mark of a name that was taken
_LEAST_NUMBER = 4
_LARGE = 4_000_000  # bytes; one message is a few thousand


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


class UnbookedOriginal(NamedTuple):
    """An original that an import filed as a voucher and that no entry answers to: its line in SHA256SUMS, name, number."""

    line: int
    name: str
    number: str


def unbooked_originals(case: Case, folder: Path) -> Iterator[UnbookedOriginal]:
    """The originals in the folders of vouchers whose numbers are nowhere in the books, nor among what waits.

    Only e-invoice messages and scans are looked at: they are one voucher's own. What a list or a download holds may all be
    set aside, or be known already by another route, and a statement may hold nothing new.
    """
    booked: set[str] | None = None
    for line, _digest, name in read_sums(folder):
        path = Path(name)
        suffix = path.suffix.lower()
        if not name.startswith(_VOUCHER_FOLDERS) or suffix not in _OF_ONE_VOUCHER:
            continue
        if booked is None:
            booked, mentioned = _numbers_in_books(case, folder), _names_in_books(case)
        if path.name in mentioned:
            continue
        numbers = _numbers_of(folder / DOCUMENTS / name, suffix)
        if numbers and not any(number in booked for number in numbers):
            yield UnbookedOriginal(line, name, numbers[0])


def _numbers_of(path: Path, suffix: str) -> list[str]:
    """The numbers that an original bears: in the text of a message, or as the name of a scan."""
    try:
        content = read_file(path) if suffix == ".xml" else b""
    except OSError:
        return []
    if suffix == ".xml":
        return [found.decode("ascii") for found in _INVOICE.findall(content)] if len(content) < _LARGE else []
    stem = _DATED.sub("", path.stem)
    if invoice := _INVOICE.findall(stem.upper().encode("utf-8", "replace")):
        return [invoice[0].decode("ascii")]
    return [number for number in (plain(stem), plain(_AGAIN.sub("", stem))) if len(number) >= _LEAST_NUMBER]


def _numbers_in_books(case: Case, folder: Path) -> set[str]:
    """Every number by which a voucher may be known: of the voucher entries, and of what waits or was taken out.

    What a payment names does not count: it stays where the voucher that it paid is lost.
    """
    found = {plain(voucher.number) for voucher in case.vouchers}
    texts = [
        str(value) for entry in case.transactions if "voucher" in entry.meta for value in entry.meta.values()
    ]
    with contextlib.suppress(OSError, UnicodeDecodeError):
        texts.append(read_file(folder / PENDING).decode("utf-8"))
    for text in texts:
        found.update(
            number.decode("ascii") for number in _INVOICE.findall(text.upper().encode("utf-8", "replace"))
        )
        found.update(plain(part) for part in re.split(r'[\s"|:;,/]+', text) if len(part) >= _LEAST_NUMBER)
    return found


def _names_in_books(case: Case) -> set[str]:
    """The names of files that the entries and the evidence mention."""
    values = [value for entry in case.transactions for value in entry.meta.values() if isinstance(value, str)]
    values += [evidence.path for evidence in case.evidence]
    return {part.rpartition("/")[2] for value in values for part in value.split("; ")}
