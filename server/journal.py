"""Fava's journal, where nothing that stands in a book is taken for markup.

Fava switches escaping off in its journal for speed: a supplier's name with a tag in it is then part of the page.
Escaping all of it costs a quarter more time, and hardly an entry needs it. So each entry is looked through once, when
the case is loaded; the plain ones are written as Fava writes them, all others with escaping on.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any

import jinja2

TEMPLATE = "_journal_table.html"
_PLAIN, _ESCAPED = "_journal_table_plain.html", "_journal_table_escaped.html"
RAW = "{% autoescape false %}"  # as it stands in Fava's template
_SAFE = "{% autoescape true %}"
_BOTH = f"""\
{{% import "{_PLAIN}" as plain with context %}}
{{% import "{_ESCAPED}" as escaped with context %}}
{{% macro journal_table_contents(entries, show_change_and_balance=False, ledger=None) %}}
{{% for is_plain, some in entries|runs_of_plain_entries %}}
{{{{ (plain if is_plain else escaped).journal_table_contents(some, show_change_and_balance, ledger) }}}}
{{% endfor %}}
{{% endmacro %}}
"""
_MARKUP = re.compile(r"[<>&\"']")
_NOT_SHOWN = frozenset({"filename", "lineno"})  # of an entry's metadata


class JournalLoader(jinja2.BaseLoader):
    """Fava's templates, its journal in both ways."""

    def __init__(self, templates: jinja2.BaseLoader) -> None:
        """`templates` are Fava's."""
        self._templates = templates

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """A template's text, as jinja2 asks for it."""
        if template == TEMPLATE:
            return _BOTH, None, None
        if template not in {_PLAIN, _ESCAPED}:
            return self._templates.get_source(environment, template)
        source, name, fresh = self._templates.get_source(environment, TEMPLATE)
        return source.replace(RAW, RAW if template == _PLAIN else _SAFE), name, fresh

    def list_templates(self) -> list[str]:
        """The names of Fava's templates."""
        return self._templates.list_templates()


def runs(rows: Iterable[Any], plain: AbstractSet[int]) -> Iterator[tuple[bool, list[Any]]]:
    """The journal's rows in order, cut where plain entries and others meet. An entry is the second of its row.

    `plain` are the ids of entries known to be so; one that is not known, a filter's own, is none of them.
    """
    for is_plain, some in itertools.groupby(rows, key=lambda row: id(row[1]) in plain):
        yield is_plain, list(some)


def is_plain(entry: Any) -> bool:
    """Whether nothing in an entry's words means anything to a browser."""
    return not any(_MARKUP.search(text) for text in _texts(entry))


def _texts(value: Any) -> Iterator[str]:
    """All texts in an entry, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in _NOT_SHOWN:
                yield from _texts(inner)
    elif isinstance(value, tuple | list | set | frozenset):
        for inner in value:
            yield from _texts(inner)
