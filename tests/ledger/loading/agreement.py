"""What Beancount's parser makes of a file, held against what we say of its text before."""

from __future__ import annotations

from typing import Any

from beancount.parser import parser

from ledger.loading.safe_folder import is_own_plugin
from ledger.loading.source_text import directives_of

# What need not be listed.
_HARMLESS = {("fava-extension", "audit.fava"), ("fava-extension", "desk.fava"), ("fava-option", "language")}


def assert_listed(content: bytes) -> None:
    """Every directive that decides what is loaded and that Beancount sees in `content` is one that we list.

    The content must be such that the parser survives it (`fatal_of`). Raises AssertionError.
    """
    parsed: Any = parser.parse_string(content, "x")
    entries, _errors, options = parsed
    told: dict[str, list[tuple[str, ...]]] = {}
    for each in directives_of(content):
        told.setdefault(each.kind, []).append(each.values)
    for name in options["include"]:
        as_option = ("include", name) in [values[:2] for values in told.get("option", [])]
        assert as_option or (name,) in [values[:1] for values in told.get("include", [])]
    for name, _config in options["plugin"]:
        if not is_own_plugin(name):
            own = [values[0] for values in told.get("plugin", []) if values]
            old = [values[1].partition(":")[0] for values in told.get("option", []) if len(values) > 1]
            assert name in own + old
    if options["insert_pythonpath"]:
        assert "insert_pythonpath" in [values[0] for values in told["option"] if values]
    for root in options["documents"]:
        assert root == "documents" or ("documents", root) in [values[:2] for values in told["option"]]
    for entry in entries:
        if type(entry).__name__ == "Custom" and entry.type.startswith("fava-"):
            strings = [value.value for value in entry.values or () if isinstance(value.value, str)]
            if (entry.type, *strings[:1]) not in _HARMLESS:
                assert any(values[:1] == (entry.type,) for values in told["custom"])
        if type(entry).__name__ == "Document":
            assert "document" in told
