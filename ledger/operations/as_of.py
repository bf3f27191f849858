"""The case as it was just after an operation: a copy of its books then, beside its papers of today."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ledger.files.history import History

_SUMS = "documents/SHA256SUMS"


@contextlib.contextmanager
def case_at(folder: Path, operation: str) -> Iterator[Path]:
    """A folder with the case in `folder` as it was after the operation of this id, while the block runs.

    Papers that were filed then are there where they still are; nothing in the case itself is touched. Raises
    HistoryError for an id that is none.
    """
    history = History(folder)
    try:
        texts = history.texts_at(history.operation(operation))
    finally:
        history.close()
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made) / folder.resolve().name
        for name, content in texts.items():
            _inside(copy, name).parent.mkdir(parents=True, exist_ok=True)
            _inside(copy, name).write_bytes(content)
        (copy / "documents").mkdir(parents=True, exist_ok=True)
        for name in _papers(texts.get(_SUMS, b"")):
            _link(folder / "documents" / name, _inside(copy / "documents", name))
        yield copy


def _papers(sums: bytes) -> list[str]:
    lines = sums.decode("utf-8", "replace").splitlines()
    return [name for _digest, mark, name in (line.partition("  ") for line in lines) if mark and name]


def _inside(folder: Path, name: str) -> Path:
    """The place of a name in a folder. Raises ValueError where it leads out of it: a history may be a stranger's."""
    path = folder / name
    if os.path.normpath(path) != str(path) or ".." in Path(name).parts or Path(name).is_absolute():
        raise ValueError(name)
    return path


def _link(source: Path, target: Path) -> None:
    """The same bytes at another place; a paper that is gone is left out, as it is in the case."""
    if source.is_symlink() or not source.is_file():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
