"""What kills the process in which Beancount reads it, found before it is read.

A division by zero (`50/0 TWD`) ends Beancount's parser, which is written in C, with a segmentation fault (3.2.3): no
error, no message, no exit status of ours. So a file in which one may stand is first read by a process of its own.
"""

from __future__ import annotations

import glob
import re
import sys
from collections.abc import Iterator
from pathlib import Path

_STRING_OR_COMMENT = re.compile(rb'"(?:[^"\\]|\\.)*"|;[^\n]*', re.DOTALL)
_DIVISION = re.compile(rb"/[ \t]*(?:[-+(]|0[0,.]*(?![\d,.]))")  # by nothing, or by what has to be worked out
_INCLUDE = re.compile(rb'^include[ \t]+"([^"\n]+)"', re.MULTILINE)
_PARSE = "import sys; from beancount.parser import parser; parser.parse_file(sys.argv[1])"


def fatal_division(main: Path) -> tuple[Path, int] | None:
    """The file and line of a division that ends the parser, in a ledger or what it includes."""
    for path, text in _files(main):
        if _DIVISION.search(text) is None:
            continue
        bare = _STRING_OR_COMMENT.sub(lambda found: b"\n" * found[0].count(b"\n"), text)
        divided = _DIVISION.search(bare)
        if divided is not None and _dies(path):
            return path, bare.count(b"\n", 0, divided.start()) + 1
    return None


def _files(main: Path) -> Iterator[tuple[Path, bytes]]:
    """A ledger and the files that it includes, as far as they can be read."""
    known, waiting = set(), [main]
    while waiting:
        path = waiting.pop()
        if path in known:
            continue
        known.add(path)
        try:
            text = path.read_bytes()
        except (OSError, ValueError):
            continue
        yield path, text
        for name in _INCLUDE.findall(text):
            pattern = str(path.parent / name.decode("utf-8", "replace"))
            if "\0" not in pattern:
                waiting += map(Path, glob.glob(pattern, recursive=True))  # noqa: PTH207 -- as Beancount does


def _dies(path: Path) -> bool:
    """Whether reading the file ends the process that reads it."""
    import subprocess  # noqa: PLC0415 -- hardly ever needed

    command = [sys.executable, "-c", _PARSE, str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode != 0  # noqa: S603 -- our own
