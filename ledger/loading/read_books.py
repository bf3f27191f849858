"""Beancount's loading of a ledger from the very bytes that were judged: no cache is read or removed, no file read twice.

It is what `beancount.loader` does, by the same public parts: parse, book, run the plugins, validate.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from beancount import loader
from beancount.core import data
from beancount.parser import parser
from beancount.parser.options import OPTIONS_DEFAULTS

from ledger.files import AUDIT_FILE
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

_PLACE = (b"filename", b"lineno")
_CLAIM = re.compile(rb"^(?:[ \t]+|pushmeta[ \t]+)(?:filename|lineno)[ \t]*:", re.MULTILINE)
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
    audit = main.parent / AUDIT_FILE
    if (
        audit in sources and audit not in seen
    ):  # its acts count all the same: what is not understood of it is told
        errors += _parse(audit, sources[audit])[1]
    return entries, errors, maps


def _of_file(path: Path, content: bytes, *, cached: bool) -> Read:
    """The entries, errors and options of one file."""
    if not cached or not is_worth_keeping(content):
        return _parse(path, content)
    from ledger.loading.month_cache import user_cache  # noqa: PLC0415 -- only long books pay for it

    cache = user_cache()
    known = cache.read(path, content)
    if known is not None:
        entries, options = known
        return entries, [], options
    entries, errors, options = _parse(path, content)
    if not errors:
        cache.keep(content, entries, options)
    return entries, errors, options


def _parse(path: Path, content: bytes) -> Read:
    """What Beancount's parser makes of a file, each entry standing where it stands.

    Its grammar lets an entry say of itself, in its metadata, in which file and line it is: that is an error, and not
    believed, for by these entries are sorted, shown and changed.
    """
    entries, errors, options = parser.parse_string(content, str(path))
    if not any(name in content for name in _PLACE):
        return entries, errors, options
    told = [content.count(b"\n", 0, found.start()) + 1 for found in _CLAIM.finditer(content)] or [1]
    claiming = [meta for entry in entries for meta in _metas_of(entry) if not _is_plain_place(meta, path)]
    for meta in claiming:
        meta.update(data.new_metadata(str(path), told[0]))
    if claiming:
        message = 'Metadata "filename" and "lineno" are reserved'
        errors += [loader.LoadError(data.new_metadata(str(path), line), message, None) for line in told]
    return entries, errors, options


def _is_plain_place(meta: Mapping[str, Any], path: Path) -> bool:
    return meta.get("filename") == str(path) and type(meta.get("lineno")) is int


def _metas_of(entry: data.Directive) -> Iterator[dict[str, Any]]:
    """The metadata of an entry and of its postings."""
    yield entry.meta
    for posting in getattr(entry, "postings", None) or ():
        if posting.meta:
            yield posting.meta


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
