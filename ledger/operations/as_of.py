"""The case as it was just after an operation, and as it will be after one that is not written yet."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path

from beancount.core import data

from ledger.files import DOCUMENTS
from ledger.files import SUMS
from ledger.files.history import History
from ledger.loading.loader import load_case
from ledger.operations.edit import Context
from ledger.operations.edit import OperationError
from ledger.util.i18n import _


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
        (copy / DOCUMENTS).mkdir(parents=True, exist_ok=True)
        for name in _papers(texts.get(SUMS, b"")):
            _link(folder / DOCUMENTS / name, _inside(copy / DOCUMENTS, name))
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


# --- as it will be -----------------------------------------------------------------------------------------


def entries_with(context: Context, texts: Mapping[str, str | None]) -> list[data.Directive]:
    """The entries of the case with these texts of its files (None: the file goes), each where it will stand.

    They are read from a copy of the books; papers are those of today. Raises OperationError where nobody can read
    them.
    """
    case = context.case
    assert case.folder is not None  # noqa: S101 -- load_case() has set it
    base = case.folder.resolve()
    with tempfile.TemporaryDirectory() as made:
        copy = Path(made)
        (copy / DOCUMENTS).mkdir()  # where the top file says that papers are
        for name in _ledger_files(base, texts):
            text = texts[name] if name in texts else context.text_of(name)
            if text is not None:
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                (copy / name).write_text(text, encoding="utf-8", newline="")
        loaded = load_case(copy, case.as_of)
    if loaded.errors:
        raise OperationError(_("復原之後帳本會讀不懂,沒有更動;請先執行 grant check"))
    entries = [_placed(entry, copy.resolve(), base) for entry in loaded.entries]
    return [*entries, *(entry for entry in context.loaded.entries if isinstance(entry, data.Document))]


def _ledger_files(base: Path, texts: Mapping[str, str | None]) -> list[str]:
    names = {name for name in texts if name.endswith((".beancount", ".toml"))}
    for pattern in ("*.beancount", "books/*.beancount", "schemes/*.toml"):
        names.update(path.relative_to(base).as_posix() for path in base.glob(pattern) if path.is_file())
    return sorted(names)


def _placed(entry: data.Directive, copy: Path, base: Path) -> data.Directive:
    """An entry of the copy with the place where it will stand in the case."""
    file = Path(str(entry.meta.get("filename", "")))
    if file.is_relative_to(copy):
        entry.meta["filename"] = str(base / file.relative_to(copy))
    return entry
