"""Whether a closed month is as it was certified: its entries by content, and what an import let into it since.

A close keeps a token of every entry of its month and the digest of the close before, so the closes form a chain. It
also keeps the mark of the text above it in its file: as long as that stands byte for byte, so do the entries in it,
and they need not be compared one by one.

A bank line that arrives late changes nothing that was certified. The import that brings it says so (`grant-late`,
with its token), and the next close seals it as its own entries are sealed. A line that no import announced is a
change, whatever it calls itself; only months certified by closes from before that was so are read as they were then.
"""

from __future__ import annotations

from collections import Counter
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from beancount.core import data

from ledger.case.case import Case
from ledger.entries.digest import close_hash
from ledger.entries.digest import entry_token
from ledger.entries.digest import token_number
from ledger.files.prefix_digest import seen_of
from ledger.model import directives
from ledger.model.accounts import expense_parts
from ledger.util.dates import month_of

_BANK_ID = "bank:"


def entry_hashes(case: Case, month: str) -> list[str]:
    """The tokens of a month's transactions, sorted: each its content's hash and its voucher's number."""
    return sorted(entry_token(entry) for entry in case.transactions_of(month))


class MonthChange(NamedTuple):
    """A difference between a month as closed and as it is: the entry now there, or None and how many are gone.

    `numbers` are the vouchers' numbers of what is gone, where they bear one.
    """

    entry: data.Transaction | None
    gone: int = 0
    numbers: tuple[str, ...] = ()


def changes(case: Case, close: directives.Close) -> list[MonthChange]:
    """What changed in a closed month, by content: entries added or altered, and how many are gone."""
    entries = case.transactions_of(close.month)
    stored = _let_in(case, close)
    apart = _outside_text(close, entries)
    if len(entries) - len(apart) == len(close.entries):
        entries = apart
    else:
        stored += Counter(close.entries)
    lenient = not _is_sealed(case, close)
    found: list[MonthChange] = []
    for entry in entries:
        token = entry_token(entry)
        if stored[token] > 0:
            stored[token] -= 1
        elif not (lenient and _is_bank_line(entry)):
            found.append(MonthChange(entry))
    gone = list(stored.elements())
    if gone:
        numbers = tuple(number for number in map(token_number, gone) if number)
        found.append(MonthChange(None, len(gone), numbers))
    return found


def _let_in(case: Case, close: directives.Close) -> Counter[str]:
    """The tokens of what came into a month after its close: sealed by a later one, or announced since the last."""
    return _sealed(case, close) | _announced(case, close)


def _sealed(case: Case, close: directives.Close) -> Counter[str]:
    found: Counter[str] = Counter()
    for later in _after(case, close):
        found.update(later.late.get(close.month, ()))
    return found


def _after(case: Case, close: directives.Close) -> list[directives.Close]:
    """The closes in force that were made after one."""
    digests = [(other.month, other.digest) for other in case.closes]
    own = (close.month, close.digest)
    return case.closes[digests.index(own) + 1 :] if own in digests else []


def _announced(case: Case, close: directives.Close) -> Counter[str]:
    """The tokens that imports announced since a close; a mark that was tampered with announces nothing."""
    found: Counter[str] = Counter()
    for mark in case.late:
        if (
            mark.month == close.month
            and close_hash(mark.entry) == mark.digest
            and _follows(case, mark, close)
        ):
            found.update(mark.entries)
    return found


def _follows(case: Case, mark: directives.Late, close: directives.Close) -> bool:
    """Whether a mark was made after a close: its chain leads back to it, over closes that were re-opened since too."""
    made, digest = case.made_closes, mark.previous
    for _step in range(len(made) + 1):
        if digest == close.digest:
            return True
        if digest not in made:
            break
        digest = made[digest].previous
    return False


def _is_sealed(case: Case, close: directives.Close) -> bool:
    """Whether a month is held to what was announced: its own close says so, or a later one."""
    return close.seals_late or any(later.seals_late for later in _after(case, close))


def late_tokens(case: Case) -> dict[str, list[str]]:
    """What the next close has to seal of the months that are closed already, by month."""
    found: dict[str, list[str]] = {}
    for month, close in sorted(case.closed_months.items()):
        tokens = list((_announced(case, close) - _sealed(case, close)).elements())
        if not _is_sealed(case, close):
            known = Counter(close.entries) + _let_in(case, close)
            for entry in case.transactions_of(month):
                token = entry_token(entry)
                if known[token] > 0:
                    known[token] -= 1
                elif _is_bank_line(entry):
                    tokens.append(token)
        if tokens:
            found[month] = sorted(tokens)
    return found


def late_marks(case: Case, entries: Iterable[data.Directive]) -> list[data.Custom]:
    """The `grant-late` of what an import books into closed months, one a month; none where it books none there."""
    found: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        month = month_of(entry.date)
        if isinstance(entry, data.Transaction) and month in case.closed_months and _is_bank_line(entry):
            found[month].append(entry_token(entry))
    marks = []
    for month, tokens in sorted(found.items()):
        mark = directives.custom(
            case.closed_months[month].date,
            "late",
            month,
            previous=case.closes[-1].digest,
            entries=" ".join(sorted(tokens)),
        )
        mark.meta["digest"] = close_hash(mark)
        marks.append(mark)
    return marks


def _outside_text(close: directives.Close, entries: list[data.Transaction]) -> list[data.Transaction]:
    """The entries that do not stand in the text above the close; all of them where it is not what it was."""
    file = str(close.entry.meta.get("filename") or "")
    path = Path(file)
    text = path.read_bytes() if close.above and path.is_file() else b""
    seen = seen_of(text, close.above)
    if seen is None:
        return entries
    lines = text.count(b"\n", 0, seen)
    return [entry for entry in entries if entry.meta.get("filename") != file or entry.meta["lineno"] > lines]


def _is_bank_line(entry: data.Transaction) -> bool:
    """Whether an entry is a line of a bank that brings no cost."""
    from_bank = str(entry.meta.get("import-id")).startswith(_BANK_ID)
    return from_bank and all(expense_parts(posting.account) is None for posting in entry.postings)


def chain_breaks(case: Case) -> list[directives.Close]:
    """The closes whose own digest, or whose link to the close before, no longer fits."""
    broken = []
    previous = ""
    for close in case.closes:
        if close_hash(close.entry) != close.digest or close.previous != previous:
            broken.append(close)
        previous = close.digest
    return broken
