"""A voucher that was not claimed moved into a category, and back, in the text of the books.

Only the lines that say so change; comments, order and everything else of the file stay as they are.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Collection
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from beancount.core import data

from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.month_close import first_open_day
from ledger.entries.builder import as_text
from ledger.entries.builder import split_changes
from ledger.entries.builder import with_amounts
from ledger.files.writer import CaseWriter
from ledger.loading.loader import Loaded
from ledger.model import accounts
from ledger.model.accounts import expense_account
from ledger.model.accounts import expense_parts
from ledger.model.directives import twd
from ledger.model.directives import whole

Edits = dict[int, list[str]]  # line number from 1: the lines that stand there instead

_FLAG = re.compile(r"^(\S+\s+)([!*]|txn)(?=\s)")
_KEY = re.compile(r"^\s+([a-z][\w-]*):")


class Move(NamedTuple):
    """Where a voucher's cost goes: out of 不予認列 (`claim`), or back there with its doubt."""

    claim: bool
    category: str  # the category that claims it
    unclaimed: str  # the category under 不予認列
    grantable: bool  # whether the category may carry grant money
    items: Collection[str]  # the items that move; empty means all
    doubt: str = ""


class HandMadeError(ValueError):
    """An entry that somebody changed by hand, so that its lines are not those that would be moved."""


def rebook(writer: CaseWriter, loaded: Loaded, voucher: Voucher, move: Move) -> None:
    """Stage a voucher's move, with that of what takes from it, and the shares that change by it in open months.

    Raises HandMadeError where the entry has not the lines that would move.
    """
    moving = [voucher, *_taking_from(voucher, loaded.case, move)]
    new = {id(one.entry): moved_entry(one.entry, move) for one in moving}
    after = Case(
        [new.get(id(entry), entry) for entry in loaded.entries],
        folder=loaded.case.folder,
        as_of=datetime.date.max,
    )
    amounts: dict[str, dict[int, int]] = defaultdict(dict)
    edits: dict[str, Edits] = defaultdict(dict)
    ids, opened = set(map(id, new.values())), first_open_day(after)
    expected = after.expected_splits
    booked = {id(one.entry): one for one in after.vouchers}
    for one in after.vouchers:
        if id(one.entry) not in ids and (opened is None or one.booked >= opened):
            changed = split_changes(one.entry, one.lines, expected.get(id(one.entry), ()))
            if changed:
                amounts[_name(loaded, one)] |= changed
    for one in moving:
        name, own = _name(loaded, one), move if one is voucher else move._replace(doubt="")
        shares = _shares(booked[id(new[id(one.entry)])], move, expected[id(new[id(one.entry)])])
        edits[name] |= move_edits(writer.text(name), one.entry, own, shares)
    for name in sorted({*amounts, *edits}):
        writer.write(name, with_edits(with_amounts(writer.text(name), amounts[name]), edits[name]))


def _taking_from(voucher: Voucher, case: Case, move: Move) -> list[Voucher]:
    """The credit notes and voids of a voucher that stand where it stands."""
    return [
        other
        for other in case.vouchers
        if other.reverses == voucher.number
        and any(_moves(other.entry, p, move) for p in other.entry.postings)
    ]


def _shares(voucher: Voucher, move: Move, expected: Sequence[int]) -> dict[str, int]:
    """The government's part of each item that moved."""
    lines = zip(voucher.lines, expected, strict=True)
    return {line.item: share for line, share in lines if line.category == move.category}


def _name(loaded: Loaded, voucher: Voucher) -> str:
    assert loaded.case.folder is not None  # noqa: S101 -- load_case() has set it
    return str(Path(voucher.entry.meta["filename"]).relative_to(loaded.case.folder.resolve()))


def item_of(entry: data.Transaction, posting: data.Posting) -> str:
    """The item that a cost posting is for."""
    return str((posting.meta or {}).get("item") or entry.meta.get("item") or entry.narration or "")


def unclaimed_postings(entry: data.Transaction) -> list[data.Posting]:
    """The postings of cost that is not claimed."""
    return [p for p in entry.postings if (expense_parts(p.account) or ("", ""))[0] == "disallowed"]


def moved_entry(entry: data.Transaction, move: Move) -> data.Transaction:
    """The entry with its cost moved, all of it on the company's own part until the shares are known."""
    postings = []
    for posting in entry.postings:
        if not _moves(entry, posting, move):
            postings.append(posting)
        elif move.claim:
            if move.grantable:
                account = expense_account("government", move.category)
                postings.append(posting._replace(account=account, units=twd(0)))
            postings.append(posting._replace(account=expense_account("self", move.category)))
        else:
            postings.append(posting._replace(account=expense_account("disallowed", move.unclaimed)))
    return entry._replace(postings=postings, flag="*" if move.claim else "!" if move.doubt else entry.flag)


def _moves(entry: data.Transaction, posting: data.Posting, move: Move) -> bool:
    parts = expense_parts(posting.account)
    if parts is None or (move.items and item_of(entry, posting) not in move.items):
        return False
    if move.claim:
        return parts[0] == "disallowed"
    return parts[0] != "disallowed" and parts[1] == move.category


def move_edits(text: str, entry: data.Transaction, move: Move, shares: dict[str, int]) -> Edits:
    """The changed lines of an entry of the books; `shares` are the government's parts by item.

    Raises HandMadeError where none of its lines moves.
    """
    rows = text.split("\n")
    start = int(entry.meta["lineno"])
    edits: Edits = {start: [_FLAG.sub(rf"\g<1>{'*' if move.claim else '!'}", rows[start - 1])]}
    if not move.claim and not move.doubt:
        del edits[start]
    edits |= _doubt_edits(rows, entry, move)
    moving = [posting for posting in entry.postings if _moves(entry, posting, move)]
    if not moving:
        raise HandMadeError(entry.meta.get("number"))
    if move.claim:
        left = dict(shares)
        for posting in moving:  # of two postings of one item the first bears the government's part
            edits |= _claimed(rows, posting, move, left.pop(item_of(entry, posting), 0))
    else:
        edits |= _given_back(rows, entry, moving, move)
    return edits


def _doubt_edits(rows: Sequence[str], entry: data.Transaction, move: Move) -> Edits:
    """The line of the doubt taken out, or put in after the line of the import's id."""
    first = min(_lineno(posting) for posting in entry.postings)
    edits: Edits = {}
    for lineno in range(int(entry.meta["lineno"]) + 1, first):
        row = rows[lineno - 1]
        key = found[1] if (found := _KEY.match(row)) else ""
        if move.claim and key == "unclear":
            edits[lineno] = []
        elif not move.claim and move.doubt and key == "import-id":
            escaped = move.doubt.replace("\\", "\\\\").replace('"', '\\"')
            edits[lineno] = [row, f'{_indent(row)}unclear: "{escaped}"{_end(row)}']
    return edits


def _claimed(rows: Sequence[str], posting: data.Posting, move: Move, share: int) -> Edits:
    """One posting of 不予認列 as the government's part and the company's own."""
    lineno, cost = _lineno(posting), whole(posting.units)
    row = rows[lineno - 1]
    own = _with(row, posting.account, expense_account("self", move.category), cost - share)
    if not move.grantable and not share:
        return {lineno: [own]}
    government = _with(row, posting.account, expense_account("government", move.category), share)
    bare = government.rstrip("\r").partition(accounts.CURRENCY)[0] + accounts.CURRENCY + _end(row)
    own_meta = [line for line in _meta_rows(rows, lineno) if _KEY.match(line)]
    return {lineno: [bare, *own_meta, own]}


def _given_back(
    rows: Sequence[str], entry: data.Transaction, moving: Sequence[data.Posting], move: Move
) -> Edits:
    """The two parts of each item as one posting of 不予認列."""
    edits: Edits = {}
    pending = 0
    for posting in moving:
        lineno = _lineno(posting)
        fund, _category = expense_parts(posting.account) or ("", "")
        if fund == "government":
            pending += whole(posting.units)
            edits |= {lineno + place: [] for place in range(1 + len(_meta_rows(rows, lineno)))}
        else:
            account = expense_account("disallowed", move.unclaimed)
            edits[lineno] = [
                _with(rows[lineno - 1], posting.account, account, whole(posting.units) + pending)
            ]
            pending = 0
    if pending:  # an own part was taken out by hand: nothing to put the cost on
        raise HandMadeError(entry.meta.get("number"))
    return edits


def _with(row: str, old: str, new: str, amount: int) -> str:
    return with_amounts(row.replace(old, new, 1), {1: amount})


def _meta_rows(rows: Sequence[str], lineno: int) -> list[str]:
    """The lines of metadata right under a posting."""
    found = []
    for row in rows[lineno:]:
        if not _KEY.match(row):
            break
        found.append(row)
    return found


def metadata_line(text: str, lineno: int, key: str) -> int | None:
    """The number of the line on which a posting's metadata of this key stands, the posting being on `lineno`; None: none."""
    rows = text.split("\n")
    for place, row in enumerate(_meta_rows(rows, lineno), lineno + 1):
        if (found := _KEY.match(row)) and found[1] == key:
            return place
    return None


def _indent(row: str) -> str:
    return row[: len(row) - len(row.lstrip())]


def _end(row: str) -> str:
    return "\r" if row.endswith("\r") else ""


def length_of_entry(text: str, lineno: int) -> int:
    """How many lines of a ledger's text the entry has that begins on a line: those indented under it are its own."""
    rows = text.split("\n")[lineno:]
    return 1 + next((place for place, row in enumerate(rows) if not _is_under(row)), len(rows))


def replacement(text: str, entry: data.Transaction, entries: Sequence[data.Transaction]) -> Edits:
    """The changed lines that put `entries` where an entry of the books stands in `text`."""
    lineno = int(entry.meta["lineno"])
    end = _end(text.split("\n")[lineno - 1])
    new = [row + end for row in as_text(entries).rstrip("\n").split("\n")]
    return {lineno: new} | {lineno + place: [] for place in range(1, length_of_entry(text, lineno))}


def _is_under(row: str) -> bool:
    return bool(row.strip()) and row[0] in " \t"


def with_edits(text: str, edits: Edits) -> str:
    """Ledger text with some lines replaced; all else is kept."""
    rows = text.split("\n")
    for lineno in sorted(edits, reverse=True):
        rows[lineno - 1 : lineno] = edits[lineno]
    return "\n".join(rows)


def _lineno(posting: data.Posting) -> int:
    return int((posting.meta or {})["lineno"])
