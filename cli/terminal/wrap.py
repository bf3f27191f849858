"""Text set in a terminal's columns: Chinese is two columns wide and breaks anywhere but before a comma."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_NARROWEST, _WIDEST = 40, 120
_NOT_FIRST = frozenset(",.;:!?)]}%、。,;:!?)」』】》…")
_NOT_LAST = frozenset("([{(「『【《$")
# a blank, a Latin word with the marks that hold to it, or one character
_PIECE = re.compile(r"\s+|[\x21-\x7e]+|.", re.DOTALL)


def columns() -> int:
    """How wide the terminal is, within what can be read; 80 where there is none."""
    import shutil  # brings what packs and unpacks archives

    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((80, 24)).columns))


def width(text: str) -> int:
    """How many columns a text takes."""
    return sum(map(_columns_of, text))


def _columns_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrapped(text: str, room: int) -> list[str]:
    """The lines of a text in `room` columns. A Latin word is broken only where it alone is wider than that."""
    lines = [""]
    used = 0
    for piece in _pieces(text, room):
        wide = width(piece)
        if used + width(piece.rstrip()) > room and used:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
            used = 0
            if piece.isspace():
                continue
        lines[-1] += piece
        used += wide
    return [line.rstrip() for line in lines]


def _pieces(text: str, room: int) -> Iterator[str]:
    """What a line may not be broken within: a word or a character with the punctuation that belongs to it."""
    held = ""
    for piece in _PIECE.findall(" ".join(text.split())):
        joins = held and (held[-1] in _NOT_LAST or piece[0] in _NOT_FIRST)
        if joins and width(held + piece) <= room:
            held += piece
            continue
        if held:
            yield from _chopped(held, room)
        held = piece
    yield from _chopped(held, room)


def _chopped(piece: str, room: int) -> Iterator[str]:
    """A piece that is wider than the whole room, in parts that are not."""
    part = ""
    for character in piece:
        if part and width(part + character) > room:
            yield part
            part = ""
        part += character
    if part:
        yield part
