"""Loading a case folder: judged as a stranger's first, then read by Beancount without its cache, with what it could not read.

Beancount's cache misses new documents and changed plugins, so nothing that certifies may stand on it.
"""

from __future__ import annotations

import contextlib
import contextvars
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import NamedTuple

from beancount.core import data
from beancount.parser.options import OPTIONS_DEFAULTS

from ledger.case.case import Case
from ledger.errors import GrantError
from ledger.files import MAIN
from ledger.loading.load_errors import LoadError
from ledger.loading.load_errors import in_our_words
from ledger.loading.load_errors import load_errors
from ledger.loading.parser_crash import fatal_in
from ledger.loading.read_books import read_books
from ledger.loading.safe_folder import Sources
from ledger.loading.safe_folder import refuse_unsafe
from ledger.util.gc_pause import collector_at_rest
from ledger.util.i18n import _

CHECKS_PLUGIN = "checks"
_JOURNAL = ".grant/journal.json"  # left where a writing was cut off

# While a case is loaded to be judged by a command, the check plugins stand back: the command runs the checks
# itself, on its own "today", and would otherwise pay for them twice.
plugins_stand_back: contextvars.ContextVar[bool] = contextvars.ContextVar("plugins_stand_back", default=False)


class CaseNotFoundError(GrantError):
    """The folder holds no case."""


class UnreadBooksError(GrantError):
    """Books of which nothing could be read; the message names the file and the line."""

    def __init__(self, folder: Path, error: LoadError) -> None:
        """`error` is what stands in the way."""
        path = Path(error.filename)
        shown = path.relative_to(folder) if path.is_relative_to(folder) else path
        super().__init__(
            _("帳本讀不懂,請先改正:{file} 第 {line} 行:{message}").format(
                file=shown, line=error.lineno, message=error.message
            )
        )
        self.error = error


class Loaded(NamedTuple):
    """A case folder as loaded."""

    case: Case
    entries: list[data.Directive]
    errors: list[LoadError]
    options: dict[str, Any]
    checks_listed: bool  # whether the top file asks for the check plugins


def main_file(folder: Path) -> Path:
    """The top file of a case folder, itself no link that was followed. Raises CaseNotFoundError."""
    path = folder.parent.resolve() / folder.name if folder.is_file() else folder.resolve() / MAIN
    if folder.is_file() and folder.suffix != Path(MAIN).suffix:
        raise CaseNotFoundError(
            _("{file} 是檔案,不是案件資料夾;案件包請先用 grant serve {file} 解開").format(file=folder)
        )
    if not path.is_file():
        raise CaseNotFoundError(_("{folder} 不是案件資料夾(找不到 {main})").format(folder=folder, main=MAIN))
    return path


def prepared(main: Path, *, incoming: bool = False) -> Sources:
    """The files of the ledger whose top file is `main`, judged and ready for Beancount.

    A writing that was cut off is finished. Raises UnsafeCaseError where the case may not be opened, UnreadBooksError
    where reading it would end the process; `incoming` as in `refuse_unsafe`.
    """
    sources = refuse_unsafe(main, incoming=incoming)
    if (main.parent / _JOURNAL).is_file():
        from ledger.files.writer import CaseWriter  # noqa: PLC0415 -- only such a case pays for the writer

        with CaseWriter(main.parent):
            pass  # entering finishes the writing
        sources = refuse_unsafe(main, incoming=incoming)
    fatal = fatal_in(sources.files)
    if fatal is not None:
        path, found = fatal
        raise UnreadBooksError(main.parent, LoadError(str(path), found.line, found.reason))
    return sources


def load_case(
    folder: Path,
    as_of: datetime.date | None = None,
    *,
    incoming: bool = False,
    keep_unread: bool = False,
    cached: bool = False,
) -> Loaded:
    """Load and read the case in `folder`.

    Raises CaseNotFoundError; UnsafeCaseError where it may not be opened; UnreadBooksError where nothing of it can be
    read, or with `keep_unread` gives an empty case with that error. `incoming` as in `refuse_unsafe`; with `cached` closed months
    may be taken from the user's cache.
    """
    path = main_file(folder)
    try:
        sources = prepared(path, incoming=incoming)
        with _plugins_stand_back(), collector_at_rest():
            try:
                entries, errors, options = read_books(path, sources.files, cached=cached)
            except GrantError:
                raise
            except Exception as error:
                message = in_our_words(f"{type(error).__name__}: {error}")
                raise UnreadBooksError(path.parent, LoadError(str(path), 1, message)) from error
            case = Case(entries, folder=path.parent, as_of=as_of)
    except UnreadBooksError as error:
        if not keep_unread:
            raise
        options = {**OPTIONS_DEFAULTS, "filename": str(path)}
        case = Case([], folder=path.parent, as_of=as_of)
        return Loaded(case, [], [error.error], options, checks_listed=True)
    case.unsafe = sources.unsafe
    listed = any(name == CHECKS_PLUGIN for name, _config in options["plugin"])
    return Loaded(case, entries, load_errors(errors, path), options, listed)


@contextlib.contextmanager
def _plugins_stand_back() -> Iterator[None]:
    token = plugins_stand_back.set(True)
    try:
        yield
    finally:
        plugins_stand_back.reset(token)
