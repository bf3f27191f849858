"""Suppliers' names as banks and clerks shorten them: without the legal form, without the trade, cut at a column."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection
from collections.abc import Iterable
from typing import NamedTuple

from ledger.util.text import fold

LEGAL_FORM = re.compile(r"(股份)?有限公司|企業社|工程行|商行|工作室|事務所$")
_LEGAL_FORM_BEFORE = re.compile(
    r"^(財團法人|社團法人|行政法人|公益信託|國立|私立|市立|縣立|省立|公立|有限責任|保證責任|無限責任)+"
)
_REST_OF_A_NAME = re.compile(r"\w{0,6}有限公司")
_CUT_NAME = 4  # characters of a name that tell it where the rest is cut off
_MORE_OF_A_NAME = re.compile(r"(?!貨款|工程款|材料款|設備款|尾款|訂金|頭期|款)[\u4e00-\u9fff]")
# what only a body that bears a name is called, so that a line that says it names somebody
_BODY = re.compile(
    r"公司|企業社|工程行|商行|工作室|事務所|中心|協會|公會|學會|大學|學院|研究院|研究所|基金會|合作社|農會"
)
_BRAND = 2
_TELLING = 3  # characters of a name that no other name holds by chance


def plain(text: str) -> str:
    """A folded text in which both ways to write 臺 are one."""
    return fold(text).replace("臺", "台")


@functools.lru_cache(maxsize=4096)
def short_names(name: str) -> frozenset[str]:
    """How a bank or a clerk shortens a name: without its legal form before or after, without its trade."""
    bare = LEGAL_FORM.sub("", _LEGAL_FORM_BEFORE.sub("", name))
    short = {bare, re.sub(r"(實業|企業|工業)$", "", bare)}
    return frozenset(part for part in short if len(part) >= 3)


def said_names(said: str, names: Iterable[str]) -> tuple[set[str], bool]:
    """Which of `names` a line says, and whether in full; a name in full goes before any that is shortened."""
    full = {name for name in names if name and name in said}
    if full:
        return {name for name in full if not any(name != other and name in other for other in full)}, True
    found = {name: short for name in names if (short := _said_short(said, name))}
    return {name for name, short in found.items() if not any(map(short.is_part_of, found.values()))}, False


class _Short(NamedTuple):
    """Where a line says a short form of a name, and how much of the name that is: all but its legal form at best."""

    start: int
    end: int
    grade: int

    def is_part_of(self, other: _Short) -> bool:
        """Whether the line says more of another name at this place, and so does not mean this one."""
        overlaps = self.start < other.end and other.start < self.end
        return overlaps and (self.end - self.start, self.grade) < (other.end - other.start, other.grade)


def _said_short(said: str, name: str) -> _Short | None:
    """Where a line says a short form of a name; the full name of another company that begins alike is none.

    A bank may also cut a name off where its column ends.
    """
    for part in sorted(short_names(name), key=len, reverse=True):
        if part in said and not _REST_OF_A_NAME.match(said[said.index(part) + len(part) :]):
            is_bare = part == max(short_names(name), key=len)
            return _Short(said.index(part), said.index(part) + len(part), 2 if is_bare else 1)
    for whole in {name, _LEGAL_FORM_BEFORE.sub("", name)}:
        if len(whole) > _CUT_NAME and whole[:_CUT_NAME] in said:
            start = said.index(whole[:_CUT_NAME])
            rest = said[start:]
            same = next((i for i, (a, b) in enumerate(zip(rest, whole, strict=False)) if a != b), len(rest))
            if not _MORE_OF_A_NAME.match(rest[same:]):
                return _Short(start, start + same, 0)
    return None


_ABOUT_GOODS = re.compile(
    r"貨款|款項|工程款|材料款|設備款|尾款|訂金|頭期款|\d+月份?|[\d/.\-年月日]+|公司|付款|款"
)


@functools.lru_cache(maxsize=4096)
def brand(name: str) -> str:
    """The first two characters of a name without its legal form: what a clerk calls a company by."""
    return _LEGAL_FORM_BEFORE.sub("", name)[:_BRAND]


def is_nothing_but_brand(said: str, name: str) -> bool:
    """Whether a remark is a company's first two characters, and what it was paid for at most."""
    return _ABOUT_GOODS.sub("", said) == brand(name)


def names_another(said: str, name: str, others: Collection[str]) -> bool:
    """Whether a line that says no name for sure is about somebody else than `name` all the same.

    It calls a body by what only a body is called, or holds a piece of another supplier's name that is none of this
    one's.
    """
    if LEGAL_FORM.search(said) or any(found[0] not in name for found in _BODY.finditer(said)):
        return True
    return any(
        _telling_pieces(other) & _pieces_of(said) - _pieces_of(name) for other in others if other != name
    )


@functools.lru_cache(maxsize=4096)
def _telling_pieces(name: str) -> frozenset[str]:
    """The pieces of a name, its legal form apart."""
    return _pieces_of(LEGAL_FORM.sub("", _LEGAL_FORM_BEFORE.sub("", name)))


@functools.lru_cache(maxsize=1 << 14)
def _pieces_of(text: str) -> frozenset[str]:
    return frozenset(text[place : place + _TELLING] for place in range(len(text) - _TELLING + 1))
