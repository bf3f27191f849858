"""Lines that stand in the books and that an import changes.

Shares that move, documents of vouchers booked before, and entries whose place others take.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from beancount.core import data

from ledger.entries.builder import with_amounts
from ledger.operations.rebooking.rebook import Edits
from ledger.operations.rebooking.rebook import replacement
from ledger.operations.rebooking.rebook import with_edits

_Instead = tuple[data.Transaction, Sequence[data.Transaction]]


class Changes:
    """What an import changes in files of the books, by line number as Beancount counts them."""

    def __init__(self, folder: Path, amounts: Mapping[Path, dict[int, int]]) -> None:
        """`amounts` are the new amounts of postings by file and line."""
        self._base = folder.resolve()
        self._amounts = amounts
        self._lines: dict[Path, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._instead: dict[Path, list[_Instead]] = defaultdict(list)

    def put_after(self, file: str, lineno: int, line: str) -> None:
        """One more line after a line of a file."""
        self._lines[Path(file)][lineno].append(line)

    def put_instead(self, entry: data.Transaction, entries: Sequence[data.Transaction]) -> None:
        """Other entries where an entry of the books stands."""
        self._instead[Path(entry.meta["filename"])].append((entry, entries))

    def texts(self, text_of: Callable[[str], str]) -> dict[str, tuple[str, str]]:
        """{file relative to the case: (its text as it stands, its text with the changes)}."""
        changed = {}
        for file in sorted({*self._amounts, *self._lines, *self._instead}):
            name = file.relative_to(self._base).as_posix()
            old = text_of(name)
            # amounts first: they go by line number, and leave the lines where they are
            new = with_amounts(old, self._amounts.get(file, {}))
            edits = new_lines(new, self._lines.get(file, {}))
            for entry, entries in self._instead.get(file, ()):
                edits |= replacement(new, entry, entries)
            changed[name] = (old, with_edits(new, edits))
        return changed


def difference(name: str, old: str, new: str) -> str:
    """The changed lines of a file as a unified diff without the lines around them."""
    rows = difflib.unified_diff(old.split("\n"), new.split("\n"), name, name, n=0, lineterm="")
    return "".join(row.rstrip("\r") + "\n" for row in rows)


def new_lines(text: str, lines: Mapping[int, Sequence[str]]) -> Edits:
    """The changes that put lines in after some lines (numbered from 1, as Beancount counts them)."""
    edits: Edits = {}
    for lineno, new in lines.items():
        row = text.split("\n")[lineno - 1]
        end = "\r" if row.endswith("\r") else ""
        edits[lineno] = [row, *(line + end for line in new)]
    return edits
