"""Docstrings that users read: what a check or a command says of itself, in the language in use.

`extract` collects every message of a source file for the catalogue (see babel.cfg); nothing calls it at run time.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Collection
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from typing import BinaryIO

from ledger.util.i18n import SOURCE_LANGUAGE
from ledger.util.i18n import _
from ledger.util.i18n import current_language

WIDTH = 96
_SHOWN = frozenset(
    {"check", "portfolio_check", "command", "group"}
)  # what decorates a function whose docstring users read


def paragraphs(docstring: str) -> list[str]:
    """The paragraphs of a docstring, without its own indentation."""
    return [part.strip("\n") for part in inspect.cleandoc(docstring).split("\n\n") if part.strip()]


def is_snippet(paragraph: str) -> bool:
    """Whether a paragraph is an example of a ledger, which is the same in every language."""
    return all(line.startswith(" ") for line in paragraph.splitlines())


def in_language(docstring: str) -> str:
    """A docstring in the language in use, its examples as they are."""
    return "\n\n".join(_spoken(paragraph) for paragraph in paragraphs(docstring))


def summary(docstring: str) -> str:
    """The first paragraph, in the language in use."""
    return next(iter(in_language(docstring).split("\n\n")))


def _spoken(paragraph: str) -> str:
    if is_snippet(paragraph) or current_language() == SOURCE_LANGUAGE:
        return paragraph
    import textwrap  # noqa: PLC0415 -- the language that they are written in does without

    return textwrap.fill(_(paragraph), WIDTH, break_long_words=False, break_on_hyphens=False)


Extracted = tuple[int, str | None, str, list[str]]


def extract(
    source: BinaryIO,
    keywords: Collection[str],
    comment_tags: Collection[str],  # noqa: ARG001 -- Babel gives it
    options: Mapping[str, Any],  # noqa: ARG001 -- as above
) -> Iterator[Extracted]:
    """The messages of a Python file, as Babel wants them: calls of `_`, docstrings that users read, `help=`."""
    for node in ast.walk(ast.parse(source.read())):
        if isinstance(node, ast.FunctionDef):
            docstring = ast.get_docstring(node)
            if docstring and any(_called(decorator) in _SHOWN for decorator in node.decorator_list):
                for paragraph in paragraphs(docstring):
                    if not is_snippet(paragraph):
                        yield node.lineno, None, paragraph, []
        elif isinstance(node, ast.Call):
            messages = node.args[:1] if _called(node) in keywords else []
            messages += [keyword.value for keyword in node.keywords if keyword.arg == "help"]
            for message in messages:
                if isinstance(message, ast.Constant) and isinstance(message.value, str):
                    yield node.lineno, None, message.value, []


def _called(node: ast.expr) -> str:
    """The last name of what is called: `command` of `@click.command("new")`."""
    function = node.func if isinstance(node, ast.Call) else node
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
