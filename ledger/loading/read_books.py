"""Beancount's loading of a ledger from the very bytes that were judged: no cache is read or removed, no file read twice.

It is what `beancount.loader` does, by the same public parts: parse, book, run the plugins, validate.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from decimal import Decimal
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

_CLOSED = b'custom "grant-close"'
_LEAST = 64 * 1024  # bytes
Read = tuple[list[data.Directive], list[Any], dict[str, Any]]


def read_books(main: Path, sources: Mapping[Path, bytes], *, cached: bool = False) -> Read:
    """The entries, errors and options of the ledger whose top file is `main`, out of files as they were read.

    What the parser made of them is held against the rules of `safe_folder` once more before a plugin runs: what the
    reading of the text had missed would be refused here. With `cached` closed months may
    be taken from the user's cache. Raises UnsafeCaseError.
    """
    entries, errors, maps = _parsed(main, sources, cached=cached)
    top = maps[0] if maps else dict(OPTIONS_DEFAULTS)
    top["include"] = sorted(options["filename"] for options in maps)
    options = loader.aggregate_options_map(top, maps[1:])
    options |= _exact(options)
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


def _parsed(
    main: Path, sources: Mapping[Path, bytes], *, cached: bool
) -> tuple[list[Any], list[Any], list[dict[str, Any]]]:
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
        found, wrong, options = _of_file(path, sources[path], cached=cached)
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


def _of_file(path: Path, content: bytes, *, cached: bool) -> Read:
    """The entries, errors and options of one file."""
    if not cached or not is_worth_keeping(content):
        return parser.parse_string(content, str(path))
    from ledger.loading.month_cache import user_cache  # noqa: PLC0415 -- only long books pay for it

    cache = user_cache()
    known = cache.read(path, content)
    if known is not None:
        entries, options = known
        return entries, [], options
    entries, errors, options = parser.parse_string(content, str(path))
    if not errors:
        cache.keep(content, entries, options)
    return entries, errors, options


def is_worth_keeping(content: bytes) -> bool:
    """Whether a file is a closed month, and so long that parsing it takes longer than finding what it gave."""
    return len(content) >= _LEAST and _CLOSED in content


def _error(message: str) -> loader.LoadError:
    return loader.LoadError(data.new_metadata("<load>", 0), message)


def _exact(options: Mapping[str, Any]) -> dict[str, Any]:
    """How far an entry may be off, no wider than where a case says nothing: else money that is missing would balance."""
    usual = OPTIONS_DEFAULTS["tolerance_multiplier"]
    return {
        "tolerance_multiplier": min(usual, max(options["tolerance_multiplier"], Decimal(0))),
        "inferred_tolerance_default": {},
        "infer_tolerance_from_cost": False,
    }


def _refuse_code(main: Path, options: Mapping[str, Any]) -> None:
    """Raise UnsafeCaseError where code that is not ours would run after all."""
    if is_trusted():
        return
    code = [name for name, _config in options["plugin"] if not is_own_plugin(name)]
    if code or options["pythonpath"]:
        message = _("plugin「{name}」會執行別的程式").format(name=(code or options["pythonpath"])[0])
        raise UnsafeCaseError(main.parent, [Unsafe(str(main), 1, message)])
