"""The engine of the operations that change what is booked: entries out, entries in, and all that follows from it.

`plan_edit` works out everything before anything is written: the new text of each file, the shares that later vouchers
of open months get, what the months earn, and which findings come and go. Nothing here writes.
"""

from __future__ import annotations

import bisect
import datetime
import re
from collections import Counter
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from typing import NamedTuple

from beancount.core import data

from ledger.case.case import Case
from ledger.case.case import Voucher
from ledger.case.exchange import Exchanged
from ledger.case.exchange import exchanged
from ledger.case.month_close import first_open_day
from ledger.entries.builder import as_text
from ledger.entries.builder import split_changes
from ledger.entries.builder import with_amounts
from ledger.entries.opening import missing_opens
from ledger.errors import GrantError
from ledger.files import AWARD
from ledger.loading.loader import Loaded
from ledger.model.accounts import expense_account
from ledger.model.accounts import expense_parts
from ledger.model.directives import twd
from ledger.operations.rebooking.payment_shares import payment_shares
from ledger.operations.rebooking.rebook import Edits
from ledger.operations.rebooking.rebook import length_of_entry
from ledger.operations.rebooking.rebook import replacement
from ledger.operations.rebooking.rebook import with_edits
from ledger.util.dates import month_last_day
from ledger.util.dates import month_of
from ledger.util.dates import months_between
from ledger.util.i18n import _
from ledger.util.text import fold
from ledger.util.text import one_line

Judge = Callable[[Case], Iterable[tuple[str, str, str]]]
"""Gives (check, voucher, message) of what the checks find in a case; handed in from above."""

CORRECTED = "corrected:"  # before the import-id of the entry that stands in a corrected one's place
_AFTER_ALL_LINES = 10_000_000
_KEY = re.compile(r"^\s+([a-z][\w-]*):")


class OperationError(GrantError):
    """An operation that cannot be done; the message says why and what can be done instead."""


class Context(NamedTuple):
    """What an operation is planned on: the case as loaded, the text of its files, who judges it.

    `text_of` gives the text of a file of the case, empty where there is none. `reopen` is the day on which closed
    months are re-opened for the operation; without one they stay as they are.
    """

    loaded: Loaded
    text_of: Callable[[str], str]
    judge: Judge | None = None
    reopen: datetime.date | None = None

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.loaded.case


class Instead(NamedTuple):
    """An entry of the books, and the entries that stand there instead; none where it goes."""

    entry: data.Transaction
    entries: tuple[data.Transaction, ...]


class MetaChange(NamedTuple):
    """Metadata of an entry of the books set where it stands: dates or texts by key; None takes a key out."""

    entry: data.Directive
    values: Mapping[str, datetime.date | str | None]


class SplitChange(NamedTuple):
    """The government's part of a later voucher, NT$, before and after."""

    voucher: str
    before: int
    after: int


class Entitlement(NamedTuple):
    """What is earned by the end of a month, NT$, before and after."""

    month: str
    before: int
    after: int


class Effect(NamedTuple):
    """What an operation changes, told beforehand."""

    entries: list[tuple[str, str]]  # (text before, text after)
    splits: list[SplitChange]
    entitlement: list[Entitlement]
    findings_new: list[tuple[str, str, str]]
    findings_gone: list[tuple[str, str, str]]

    def as_json(self) -> dict[str, Any]:
        """As every operation shows it with --json."""
        return {
            "entries": [{"before": before, "after": after} for before, after in self.entries],
            "splits": [change._asdict() for change in self.splits],
            "entitlement": [change._asdict() for change in self.entitlement],
            "findings": {
                "new": [_finding_json(finding) for finding in self.findings_new],
                "gone": [_finding_json(finding) for finding in self.findings_gone],
            },
        }


class Planned(NamedTuple):
    """An operation worked out: its kind and text, each file's new text (None: the file goes), and its effect."""

    kind: str
    text: str
    files: dict[str, str | None]
    before: Case
    after: Case
    effect: Effect


def _finding_json(finding: tuple[str, str, str]) -> dict[str, str]:
    check, voucher, message = finding
    return {"check": check, "voucher": voucher, "message": message}


def plan_edit(
    kind: str,
    text: str,
    context: Context,
    *,
    instead: Sequence[Instead] = (),
    new: Sequence[data.Directive] = (),
    changes: Sequence[MetaChange] = (),
) -> Planned:
    """Work out an operation.

    Entries put in bear their cost on the company's own part; their shares are worked out here. Directives that are no
    transactions go to award.beancount, or where they speak of a month's close to that month's file.
    """
    loaded, judge = context.loaded, context.judge
    replaced = {id(one.entry): one.entries for one in instead}
    drafts: list[data.Directive] = [entry for one in instead for entry in one.entries] + list(new)
    changed = {id(one.entry): _with_values(one) for one in changes}
    kept = [changed.get(id(entry), entry) for entry in loaded.entries if id(entry) not in replaced]
    books = case_with(loaded.case, kept, drafts)
    shares = books.expected_splits
    ours, opened = {id(draft) for draft in drafts}, first_open_day(loaded.case)
    exchange = {
        id(voucher.entry): Exchanged(with_shares(voucher, due), due)
        for voucher in books.vouchers
        if (due := shares.get(id(voucher.entry))) is not None
        and (id(voucher.entry) in ours or opened is None or voucher.booked >= opened)
        and tuple(line.government for line in voucher.lines) != tuple(due)
    }
    made = {entry: one.entry for entry, one in exchange.items()}
    final = [
        Instead(one.entry, tuple(made.get(id(entry), entry) for entry in one.entries)) for one in instead
    ]
    added = [made.get(id(entry), entry) if isinstance(entry, data.Transaction) else entry for entry in new]
    amounts, splits = split_amounts(loaded.case, books, ours, shares)
    entries_after = [
        *(made.get(id(e), e) for e in kept),
        *(e for one in final for e in one.entries),
        *added,
    ]
    after = (exchanged(books, exchange) if exchange else books) or case_with(loaded.case, entries_after)
    kept_ids = {id(entry) for entry in kept}
    paid = payment_shares(
        loaded.case,
        after,
        lambda path: context.text_of(_relative(path, loaded.case)),
        {id(entry) for entry in entries_after if id(entry) not in kept_ids},
    )
    if paid.entries:
        for path, lines in paid.amounts.items():
            amounts[path] |= lines
        after = case_with(loaded.case, [paid.entries.get(id(entry), entry) for entry in entries_after])
    opens = missing_opens(loaded.entries, drafts)
    files = _files(loaded, context.text_of, final, [*added, *opens], amounts, changes)
    entries = [(as_text([one.entry]).rstrip(), as_text(one.entries).rstrip()) for one in final]
    entries += [("", as_text([entry]).rstrip()) for entry in added]
    effect = effect_of(loaded.case, after, judge, entries=entries, splits=splits)
    return Planned(kind, text, files, loaded.case, after, effect)


def _relative(path: Path, case: Case) -> str:
    """A file of the books by its name within the case."""
    assert case.folder is not None  # noqa: S101 -- load_case() has set it
    return path.relative_to(case.folder.resolve()).as_posix()


def case_with(
    case: Case, entries: Iterable[data.Directive], more: Iterable[data.Directive] | None = None
) -> Case:
    """The case as it is with these entries, on no particular day; where `more` are given, `entries` are in order."""
    if more is None:
        ordered = sorted(entries, key=_booking_order)
    else:
        ordered = list(entries)
        for entry in more:
            bisect.insort(ordered, entry, key=_booking_order)
    made = Case(ordered, folder=case.folder, as_of=datetime.date.max, like=case)
    made.unsafe = case.unsafe  # nobody put anything into the folder
    return made


def _booking_order(entry: data.Directive) -> tuple[datetime.date, int, int]:
    rank = data.SORT_ORDER.get(type(entry), 0)
    return entry.date, rank, int(entry.meta.get("lineno", _AFTER_ALL_LINES))


def with_shares(voucher: Voucher, shares: Sequence[int]) -> data.Transaction:
    """A voucher's entry with each line's government part set; the rest stays the company's own."""
    postings = list(voucher.entry.postings)
    for line, share in zip(voucher.lines, shares, strict=True):
        own = _place(voucher.entry, postings, "self", line.category, line.item)
        grant = _place(voucher.entry, postings, "government", line.category, line.item)
        if grant is None and share and own is not None:
            account = expense_account("government", line.category)
            postings.insert(own, postings[own]._replace(account=account))
            grant, own = own, own + 1
        if grant is not None:
            postings[grant] = postings[grant]._replace(units=twd(share))
        if own is not None:
            postings[own] = postings[own]._replace(units=twd(line.cost - share))
    return voucher.entry._replace(postings=postings)


def _place(
    entry: data.Transaction, postings: Sequence[data.Posting], fund: str, category: str, item: str
) -> int | None:
    for place, posting in enumerate(postings):
        named = (posting.meta or {}).get("item") or entry.meta.get("item") or entry.narration or ""
        if expense_parts(posting.account) == (fund, category) and named == item:
            return place
    return None


def split_amounts(
    before: Case, books: Case, new: set[int], shares: Mapping[int, Sequence[int]]
) -> tuple[dict[Path, dict[int, int]], list[SplitChange]]:
    """The amounts that change in vouchers of open months, by file and line, and by voucher for people."""
    opened = first_open_day(before)
    amounts: dict[Path, dict[int, int]] = defaultdict(dict)
    told: list[SplitChange] = []
    for voucher in books.vouchers:
        if id(voucher.entry) in new or (opened is not None and voucher.booked < opened):
            continue
        expected = shares.get(id(voucher.entry), ())
        changed = split_changes(voucher.entry, voucher.lines, expected)
        if changed:
            amounts[Path(voucher.entry.meta["filename"])] |= changed
            told.append(SplitChange(voucher.number, voucher.government, sum(expected)))
    return amounts, told


# --- texts -----------------------------------------------------------------------------------------------


def _files(
    loaded: Loaded,
    text_of: Callable[[str], str],
    instead: Sequence[Instead],
    added: Sequence[data.Directive],
    amounts: Mapping[Path, Mapping[int, int]],
    changes: Sequence[MetaChange],
) -> dict[str, str | None]:
    """The new text of every file that changes; an entry that moves to another month moves to its file."""
    assert loaded.case.folder is not None  # noqa: S101 -- load_case() has set it
    base = loaded.case.folder.resolve()
    by_file: dict[str, list[Instead]] = defaultdict(list)
    moved: list[data.Directive] = []
    for one in instead:
        name = _name(one.entry, base)
        stays = tuple(
            entry for entry in one.entries if file_of(entry) == name or not name.startswith("books/")
        )
        by_file[name].append(Instead(one.entry, stays))
        moved += [entry for entry in one.entries if entry not in stays]
    names = [*by_file, *(_name(one.entry, base) for one in changes)]
    names += [path.relative_to(base).as_posix() for path in amounts if amounts[path]]
    files: dict[str, str | None] = {}
    for name in dict.fromkeys(names):
        text = with_amounts(text_of(name), dict(amounts.get(base / name, {})))
        edits = _meta_edits(text, [one for one in changes if _name(one.entry, base) == name])
        for one in by_file.get(name, ()):
            edits |= replacement(text, one.entry, one.entries) if one.entries else removal(text, one.entry)
        files[name] = with_edits(text, edits)
    for entry in [*moved, *added]:
        name = file_of(entry)
        before = files.get(name)
        files[name] = appended(text_of(name) if before is None else before, as_text([entry]))
    return files


def _name(entry: data.Directive, base: Path) -> str:
    """The file of the case that an entry of the books stands in."""
    return Path(entry.meta["filename"]).relative_to(base).as_posix()


def _with_values(change: MetaChange) -> data.Directive:
    meta = {**change.entry.meta, **change.values}
    return change.entry._replace(meta={key: value for key, value in meta.items() if value is not None})


def _meta_edits(text: str, changes: Sequence[MetaChange]) -> Edits:
    """The changed lines of some entries' metadata; a key that is not there is put under the entry's first line."""
    rows = text.split("\n")
    edits: Edits = {}
    for entry, values in changes:
        start = int(entry.meta["lineno"])
        end = "\r" if rows[start - 1].endswith("\r") else ""
        left = dict(values)
        for lineno in range(start + 1, start + length_of_entry(text, start)):
            found = _KEY.match(rows[lineno - 1])
            if found is None:
                break
            if found[1] in left:
                value = left.pop(found[1])
                edits[lineno] = [] if value is None else [f"  {found[1]}: {_written(value)}{end}"]
        added = [f"  {key}: {_written(value)}{end}" for key, value in left.items() if value is not None]
        if added:
            edits[start] = [rows[start - 1], *added]
    return edits


def _written(value: datetime.date | str) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    return '"' + one_line(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def file_of(entry: data.Directive) -> str:
    """The file of the case that an entry belongs into."""
    if isinstance(entry, data.Transaction):
        return f"books/{month_of(entry.date)}.beancount"
    if isinstance(entry, data.Custom) and entry.type in {"grant-close", "grant-reopen"}:
        return f"books/{entry.values[0].value}.beancount"
    return AWARD


def appended(text: str, more: str) -> str:
    """`more` after a text, an empty line between them; the text's own kind of line ends is kept."""
    ends = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text or text.endswith(("\n\n", "\r\n\r\n")) else ends if text.endswith("\n") else ends * 2
    return text + gap + more.replace("\n", ends)


def removal(text: str, entry: data.Transaction) -> Edits:
    """The changed lines that take an entry out of a text, with the empty line after it."""
    lineno = int(entry.meta["lineno"])
    rows = text.split("\n")
    length = length_of_entry(text, lineno)
    following = lineno + length
    if following <= len(rows) - 1 and not rows[following - 1].strip():
        length += 1
    return {lineno + place: [] for place in range(length)}


# --- what it does to the figures and the findings ---------------------------------------------------------


def effect_of(
    before: Case,
    after: Case,
    judge: Judge | None,
    *,
    entries: Sequence[tuple[str, str]] = (),
    splits: Sequence[SplitChange] = (),
) -> Effect:
    """What comes of a change: entries and shares as given, what the months earn, findings that come and go."""
    return Effect(list(entries), list(splits), _entitlement(before, after), *_findings(before, after, judge))


def _entitlement(before: Case, after: Case) -> list[Entitlement]:
    """The months whose earned grant changes."""
    if before.award is None or after.award is None:
        return []
    last = max(
        (voucher.booked for case in (before, after) for voucher in case.vouchers), default=before.award.start
    )
    found = []
    for month in months_between(before.award.start, max(last, before.award.start)):
        day = month_last_day(month)
        was, will = before.entitlement(day), after.entitlement(day)
        if was != will:
            found.append(Entitlement(month, was, will))
    return found


def _findings(
    before: Case, after: Case, judge: Judge | None
) -> tuple[list[tuple[str, str, str]], list[tuple[str, str, str]]]:
    """What is found after and was not found before, and the other way round."""
    if judge is None:
        return [], []
    was, will = list(judge(before)), list(judge(after))
    return _left(will, was), _left(was, will)


def _left(
    some: Sequence[tuple[str, str, str]], others: Sequence[tuple[str, str, str]]
) -> list[tuple[str, str, str]]:
    gone = Counter(finding[:2] for finding in others)
    left = []
    for finding in some:
        if gone[finding[:2]] > 0:
            gone[finding[:2]] -= 1
        else:
            left.append(finding)
    return left


# --- finding what is meant --------------------------------------------------------------------------------


def voucher_named(case: Case, name: str) -> Voucher:
    """The voucher of a number, the paper itself rather than what takes from it; or of an `import-id`.

    What was corrected in a closed month stands there, reversed, and anew in an open one: the last is meant. Raises
    OperationError, also where several papers bear the number.
    """
    by_id = [voucher for voucher in case.vouchers if name and name == voucher.meta("import-id")]
    wanted = fold(name)
    named = by_id or [voucher for voucher in case.vouchers if wanted and fold(voucher.number) == wanted]
    proper = [voucher for voucher in named if not voucher.reverses] or named
    if not proper:
        raise OperationError(_("帳上沒有憑證「{number}」").format(number=name))
    papers = {_paper(voucher): voucher for voucher in proper}
    if len(papers) > 1:
        told = _("、").join(
            _("{id}({date} {seller} {net} 元)").format(
                id=voucher.meta("import-id") or voucher.number,
                date=voucher.date,
                seller=voucher.seller_name,
                net=f"{voucher.booked_cost:,}",
            )
            for voucher in papers.values()
        )
        raise OperationError(
            _("有 {count} 張憑證的號碼是「{number}」,請改用識別碼指明是哪一張:{told}").format(
                count=len(papers), number=name, told=told
            )
        )
    return proper[-1]


def _paper(voucher: Voucher) -> str:
    """Which paper an entry books: the record's id, whatever was corrected since; else its seller and day."""
    import_id = str(voucher.meta("import-id") or "")
    while import_id.startswith(CORRECTED):
        import_id = import_id.removeprefix(CORRECTED)
    return import_id or f"{fold(voucher.seller_name)} {voucher.date}"


def is_open(case: Case, day: datetime.date) -> bool:
    """Whether a day's month is not closed."""
    opened = first_open_day(case)
    return opened is None or day >= opened


def readable_case(context: Context) -> Case:
    """The case, where its books can be read and it has an award. Raises OperationError."""
    if context.loaded.errors:
        raise OperationError(_("帳本有讀不懂的地方,請先執行 grant check 找出並改正"))
    if context.case.award is None or context.case.scheme is None:
        raise OperationError(_("案件沒有可用的核定資料"))
    return context.case


def refuse_no_reason(reason: str) -> None:
    """Raise OperationError where no reason is given."""
    if not reason.strip():
        raise OperationError(_("請寫明理由(--reason)"))
