"""Lines that stand in the books and that an import changes: shares that move, documents of vouchers booked before."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path

from ledger.booking import with_amounts


class Changes:
    """What an import changes in files of the books, by line number as Beancount counts them."""

    def __init__(self, folder: Path, amounts: Mapping[Path, dict[int, int]]) -> None:
        """`amounts` are the new amounts of postings by file and line."""
        self._base = folder.resolve()
        self._amounts = amounts
        self._lines: dict[Path, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))

    def put_after(self, file: str, lineno: int, line: str) -> None:
        """One more line after a line of a file."""
        self._lines[Path(file)][lineno].append(line)

    def texts(self, text_of: Callable[[str], str]) -> dict[str, tuple[str, str]]:
        """{file relative to the case: (its text as it stands, its text with the changes)}."""
        changed = {}
        for file in sorted({*self._amounts, *self._lines}):
            name = file.relative_to(self._base).as_posix()
            old = text_of(name)
            # amounts first: they go by line number, and leave the lines where they are
            new = with_new_lines(with_amounts(old, self._amounts.get(file, {})), self._lines.get(file, {}))
            changed[name] = (old, new)
        return changed


def difference(name: str, old: str, new: str) -> str:
    """The changed lines of a file as a unified diff without the lines around them."""
    rows = difflib.unified_diff(old.split("\n"), new.split("\n"), name, name, n=0, lineterm="")
    return "".join(row.rstrip("\r") + "\n" for row in rows)


def with_new_lines(text: str, lines: Mapping[int, Sequence[str]]) -> str:
    """Ledger text with lines put in after some lines (numbered from 1, as Beancount counts them)."""
    rows = text.split("\n")
    for lineno in sorted(lines, reverse=True):
        end = "\r" if rows[lineno - 1].endswith("\r") else ""
        rows[lineno:lineno] = [line + end for line in lines[lineno]]
    return "\n".join(rows)
