"""Loading a case folder: Beancount's loader without its cache, and what it could not read.

The cache misses new documents and changed plugins, so nothing that certifies may stand on it.
"""

from __future__ import annotations

import contextlib
import contextvars
import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from typing import NamedTuple

from beancount import loader
from beancount.core import data
from beancount.parser.options import OPTIONS_DEFAULTS

from ledger.case.case import Case
from ledger.errors import GrantError
from ledger.loading.load_errors import LoadError
from ledger.loading.load_errors import in_our_words
from ledger.loading.load_errors import load_errors
from ledger.loading.parser_crash import fatal_division
from ledger.util.gc_pause import collector_at_rest
from ledger.util.i18n import _

MAIN = "main.beancount"
CHECKS_PLUGIN = "checks"
_JOURNAL = ".grant/journal.json"  # left where a writing was cut off

# While a case is loaded to be judged by a command, the check plugins stand back: the command runs the checks
# itself, on its own "today", and would otherwise pay for them twice.
plugins_stand_back: contextvars.ContextVar[bool] = contextvars.ContextVar("plugins_stand_back", default=False)


class CaseNotFoundError(GrantError):
    """The folder holds no case."""


class Loaded(NamedTuple):
    """A case folder as loaded."""

    case: Case
    entries: list[data.Directive]
    errors: list[LoadError]
    options: dict[str, Any]
    checks_listed: bool  # whether the top file asks for the check plugins


def main_file(folder: Path) -> Path:
    """The top file of a case folder. Raises CaseNotFoundError."""
    path = (folder if folder.is_file() else folder / MAIN).resolve()
    if not path.is_file():
        raise CaseNotFoundError(_("{folder} 不是案件資料夾(找不到 {main})").format(folder=folder, main=MAIN))
    return path


def load_case(folder: Path, as_of: datetime.date | None = None) -> Loaded:
    """Load and read the case in `folder`. Raises CaseNotFoundError."""
    path = main_file(folder)
    if (path.parent / _JOURNAL).is_file():
        from ledger.files.writer import CaseWriter  # noqa: PLC0415 -- only such a case pays for the writer

        with CaseWriter(path.parent):
            pass  # entering finishes the writing
    division = fatal_division(path)
    if division is not None:
        return _unread(path, LoadError(str(division[0]), division[1], _("除以零")), as_of)
    with _standing_back(), collector_at_rest():
        load: Any = loader._uncached_load_file  # noqa: SLF001 -- there is no public way past the cache
        try:
            entries, errors, options = load(str(path), None, None, None)
        except Exception as error:  # noqa: BLE001 -- whatever Beancount stumbles over, it is in the books
            return _unread(
                path, LoadError(str(path), 1, in_our_words(f"{type(error).__name__}: {error}")), as_of
            )
        case = Case(entries, folder=path.parent, as_of=as_of)
    listed = any(name == CHECKS_PLUGIN for name, _config in options["plugin"])
    return Loaded(case, entries, load_errors(errors, path), options, listed)


def _unread(path: Path, error: LoadError, as_of: datetime.date | None) -> Loaded:
    """A case of which nothing could be read."""
    options = {**OPTIONS_DEFAULTS, "filename": str(path)}
    return Loaded(Case([], folder=path.parent, as_of=as_of), [], [error], options, checks_listed=True)


@contextlib.contextmanager
def _standing_back() -> Iterator[None]:
    token = plugins_stand_back.set(True)
    try:
        yield
    finally:
        plugins_stand_back.reset(token)
