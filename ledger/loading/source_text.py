"""What a ledger file would make Beancount do, told from its text before Beancount reads it.

A quick search finds the bytes that such a directive cannot do without, wherever they stand. A file in which they mean
anything but what every case holds is cut into tokens by Beancount's own lexer, so that what counts as a string or a
comment is never judged by rules of our own. The lexer runs nothing and works nothing out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from typing import NamedTuple

from beancount.parser import lexer

_KNOWN_OPTIONS = (
    rb"(?:title|operating_currency|tolerance_multiplier|name_\w+|inferred_tolerance_default|"
    rb"display_precision|render_commas|booking_method)"
)
_FAVA_OPTIONS = rb"(?:language|locale|fiscal-year-end|indent|currency-column|auto-reload|unrealized)"
# What the four directives look like where there is no doubt that they are harmless; all else is for the lexer.
_HARMLESS = re.compile(
    rb'plugin[ \t]*"checks(?:\.[a-z]+)?"'
    rb'|option[ \t]*"' + _KNOWN_OPTIONS + rb'"'
    rb'|option[ \t]*"documents"[ \t]*"documents"'
    rb'|custom[ \t]*"grant-[a-z-]+"'
    rb'|custom[ \t]*"fava-extension"[ \t]*"(?:audit|desk)\.fava"[ \t]*\r?\n'
    rb'|custom[ \t]*"fava-option"[ \t]*"' + _FAVA_OPTIONS + rb'"'
)
# of a file in the case's own folder or below it, at the beginning of a line
_PLAIN_INCLUDE = re.compile(rb'include[ \t]*"(?![/\\]|[A-Za-z]:)((?:(?!\.\.|\.gpg|\.asc)[^"\\\n])+)"')
# Each word by itself: one that a pattern begins with is found many times faster than one of several.
_WITH_STRING = [re.compile(word + rb'[ \t\r]*"') for word in (b"plugin", b"option", b"custom")]
_INCLUDE = re.compile(rb'include[ \t\r]*"')
_DOCUMENT = re.compile(rb"document[ \t\r]*[A-Z\x80-\xff]")  # `document: "…"` below an entry is another thing
_KINDS = frozenset({"PLUGIN", "OPTION", "INCLUDE", "CUSTOM"})


_lex: Any = lexer.lex_iter  # it has no types


class Directive(NamedTuple):
    """A directive that decides what is loaded: `plugin`, `option`, `include`, `custom` or `document`, and its strings."""

    kind: str
    line: int
    values: tuple[str, ...]


class Token(NamedTuple):
    """A token of Beancount's lexer: its kind, line and value."""

    kind: str
    line: int
    value: Any


def directives_of(content: bytes) -> list[Directive]:
    """The directives of a file that have to be judged, in order.

    What every case holds (`plugin "checks"`, the options of `grant new`) may be left out; nothing else is.
    """
    plain = _plainly(content)
    return plain if plain is not None else list(_fromtokens_of(tokens_of(content)))


def _plainly(content: bytes) -> list[Directive] | None:
    """The includes of a file in which there is nothing else to judge; None where the lexer has to look.

    One that stands in a comment or a string may be among them: a file of the case read in vain. Behind `fava-` no word
    begins: the lexer has taken it for a part of a name, or passed over it.
    """
    words = (found.start() for word in _WITH_STRING for found in word.finditer(content))
    if not all(_HARMLESS.match(content, at) or content.endswith(b"fava-", 0, at) for at in words):
        return None
    if _DOCUMENT.search(content) is not None:
        return None
    includes = []
    line, counted = 1, 0
    for at in (found.start() for found in _INCLUDE.finditer(content)):
        line, counted = line + content.count(b"\n", counted, at), at
        plain = _PLAIN_INCLUDE.match(content, at)
        try:
            name = plain[1].decode("utf-8") if plain else ""
        except UnicodeDecodeError:
            return None
        if not name:
            return None
        includes.append(Directive("include", line, (name,)))
    return includes


def tokens_of(content: bytes) -> Iterator[Token]:
    """The tokens of a file, as Beancount's own lexer cuts them."""
    for kind, line, _text, value in _lex(io.BytesIO(content)):
        yield Token(kind, line, value)


def _fromtokens_of(tokens: Iterator[Token]) -> Iterator[Directive]:
    """Every run of tokens that begins like one of the directives, whether or not the rest of it can be parsed."""
    waiting: Directive | None = None
    for token in tokens:
        if token.kind in _KINDS or token.kind == "DOCUMENT":
            if waiting is not None:
                yield waiting
            waiting = Directive(token.kind.lower(), token.line, ())
        elif waiting is None:
            continue
        elif token.kind == "EOL":
            yield waiting
            waiting = None
        elif isinstance(token.value, str) and (token.kind != "ACCOUNT" or waiting.kind != "document"):
            waiting = waiting._replace(values=(*waiting.values, token.value))
    if waiting is not None:
        yield waiting
