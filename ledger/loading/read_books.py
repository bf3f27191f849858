"""Beancount's loading of a ledger from the very bytes that were judged: no cache is read or removed, no file read twice.

It is what `beancount.loader` does, by the same public parts: parse, book, run the plugins, validate.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from beancount import loader
from beancount.core import data
from beancount.parser import parser
from beancount.parser.options import OPTIONS_DEFAULTS

from ledger.loading.plain_entries import book
from ledger.loading.plain_entries import validate
from ledger.loading.safe_folder import Unsafe
from ledger.loading.safe_folder import UnsafeCaseError
from ledger.loading.safe_folder import included
from ledger.loading.safe_folder import is_own_plugin
from ledger.loading.safe_folder import is_trusted
from ledger.loading.source_text import Directive
from ledger.util.i18n import _

_input_hash: Any = loader.compute_input_hash  # it has no types

Read = tuple[list[data.Directive], list[Any], dict[str, Any]]


def read_books(main: Path, sources: Mapping[Path, bytes]) -> Read:
    """The entries, errors and options of the ledger whose top file is `main`, out of files as they were read.

    What the parser made of them is held against the rules of `safe_folder` once more before a plugin runs: what the
    reading of the text had missed would be refused here. Raises UnsafeCaseError.
    """
    entries, errors, maps = _parsed(main, sources)
    top = maps[0] if maps else dict(OPTIONS_DEFAULTS)
    top["include"] = sorted(options["filename"] for options in maps)
    options = loader.aggregate_options_map(top, maps[1:])
    _refuse_code(main, options)
    entries.sort(key=data.entry_sortkey)
    entries, unbooked = book(entries, options)
    before = list(sys.path)
    try:
        sys.path[0:0] = options["pythonpath"]  # empty unless the user trusts the case
        entries, errors = loader.run_transformations(entries, errors + unbooked, options, None)
    finally:
        sys.path[:] = before
    errors += validate(entries, options)
    options["input_hash"] = _input_hash(options["include"])
    return entries, errors, options


def _parsed(main: Path, sources: Mapping[Path, bytes]) -> tuple[list[Any], list[Any], list[dict[str, Any]]]:
    """The entries and errors of every file, and the options of each, the top file's first."""
    entries: list[Any] = []
    errors: list[Any] = []
    maps: list[dict[str, Any]] = []
    seen = set()
    waiting = [main]
    while waiting:
        path = waiting.pop(0)
        if path in seen:
            errors.append(_error(f'Duplicate filename parsed: "{path}"'))
            continue
        if path not in sources:
            errors.append(_error(f'File "{path}" does not exist'))
            continue
        seen.add(path)
        found, wrong, options = parser.parse_string(sources[path], str(path))
        entries += found
        errors += wrong
        maps.append(options)
        for name in options["include"]:
            targets, refused = included(path, Directive("include", 1, (name,)), main.parent)
            if refused and not is_trusted():
                raise UnsafeCaseError(main.parent, refused)
            if not targets:
                errors.append(_error(f'File glob "{name}" does not match any files'))
            waiting += targets
    return entries, errors, maps


def _error(message: str) -> loader.LoadError:
    return loader.LoadError(data.new_metadata("<load>", 0), message)


def _refuse_code(main: Path, options: Mapping[str, Any]) -> None:
    """Raise UnsafeCaseError where code that is not ours would run after all."""
    if is_trusted():
        return
    code = [name for name, _config in options["plugin"] if not is_own_plugin(name)]
    if code or options["pythonpath"]:
        message = _("plugin「{name}」會執行別的程式").format(name=(code or options["pythonpath"])[0])
        raise UnsafeCaseError(main.parent, [Unsafe(str(main), 1, message)])
