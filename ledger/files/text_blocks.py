"""Taking one change of a text file back while later changes stay: pure functions over texts.

A file is a list of blocks. In ledger text a block is an entry with the lines indented under it and the empty lines
after it; in any other file it is a line. Two changes are independent where they touch different blocks.
"""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Callable
from collections.abc import Sequence

_SHARE = re.compile(
    r"^(\s+(?:Expenses:[12]\S+|Assets:1專戶:[12]\S+|government:))[ \t]+-?[\d,]+[ \t]+TWD", re.MULTILINE
)


def blocks(text: str, *, is_ledger: bool) -> list[str]:
    """The blocks of a text, which joined give the text again."""
    lines = text.splitlines(keepends=True) if not is_ledger else text.split("\n")
    if not is_ledger:
        return lines
    found: list[str] = []
    rows = [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    for row in rows:
        if found and (row[0] in " \t\r\n" or not row.strip()):
            found[-1] += row
        else:
            found.append(row)
    return found


def taken_back(before: str, after: str, now: str, *, is_ledger: bool) -> str | None:
    """`now` without the change that led from `before` to `after`; None where a later change stands on it.

    What the change added has to stand in `now` unchanged; what it removed is put back where it stood. In ledger text
    an entry of which only the shares moved since (government and own, of cost or of a payment) stands unchanged: they
    follow from the rest, and whoever takes a change back sets them anew. So does one after which there are more empty
    lines than there were.
    """
    old, new, current = (blocks(text, is_ledger=is_ledger) for text in (before, after, now))
    exact = _taken_back(old, new, current, str)
    return _taken_back(old, new, current, _without_shares) if exact is None and is_ledger else exact


def _taken_back(
    old: Sequence[str], new: Sequence[str], current: Sequence[str], key: Callable[[str], str]
) -> str | None:
    """The current blocks without the change from the old to the new ones, blocks being the same where their keys are."""
    olds, news, currents = ([key(block) for block in some] for some in (old, new, current))
    place = _places(news, currents)
    removed: set[int] = set()
    put_back: dict[int, list[str]] = {}  # by the index in `current` before which it goes
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        at = [place.get(index) for index in range(j1, j2)]
        if None in at:
            return None
        removed.update(index for index in at if index is not None)
        if i1 != i2:
            where = at[0] if at else _after(place, j1)
            put_back.setdefault(where or 0, []).extend(old[i1:i2])
    result: list[str] = []
    for index in range(len(current) + 1):
        result += put_back.get(index, [])
        if index < len(current) and index not in removed:
            result.append(current[index])
    return "".join(result)


def _without_shares(block: str) -> str:
    """An entry without what the two funds and the two sub-accounts bear of it, and the empty lines after it."""
    return _SHARE.sub(r"\1", block).rstrip()


def changed_blocks(before: str, after: str) -> list[tuple[str, str]]:
    """The entries of a ledger text that change, each with what stands in its place; one of the two empty where it comes or goes."""
    old, new = (blocks(text, is_ledger=True) for text in (before, after))
    found: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            gone, come = old[i1:i2], new[j1:j2]
            found += itertools.zip_longest(gone, come, fillvalue="")
    told = [(was.rstrip(), will.rstrip()) for was, will in found]
    return [(was, will) for was, will in told if was != will and not _is_comment(was + will)]


def gone_and_come(before: str, after: str, *, is_ledger: bool) -> tuple[frozenset[str], frozenset[str]]:
    """The blocks that a change took out of a text, and those it put in."""
    old, new = (
        frozenset(block.rstrip() for block in blocks(text, is_ledger=is_ledger)) for text in (before, after)
    )
    return old - new, new - old


def _is_comment(block: str) -> bool:
    return block.startswith(";") or not block.strip()


def _places(new: Sequence[str], current: Sequence[str]) -> dict[int, int]:
    """Where each block of the changed text stands now, by their indices; without those that are gone."""
    matcher = difflib.SequenceMatcher(None, new, current, autojunk=False)
    return {
        match.a + step: match.b + step
        for match in matcher.get_matching_blocks()
        for step in range(match.size)
    }


def _after(place: dict[int, int], index: int) -> int:
    """The index just behind the nearest block before `index` that still stands."""
    return next((place[earlier] + 1 for earlier in range(index - 1, -1, -1) if earlier in place), 0)
