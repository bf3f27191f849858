"""Which bank line is which: the same line is known again by whatever export, and under whatever id, it comes.

Banks number no lines. A line is told by its account, its day, its amount and its place among equals of that day;
the balances that an export prints prove it, where there are any. Ids that stand in books are never rewritten, so
a line that was booked under an older form of id keeps that.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections import defaultdict
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Sequence

from beancount.core import data

from importers.records import BankLine
from ledger.model.bank_line_id import BankLineId
from ledger.model.bank_line_id import read_bank_line_id
from ledger.util.text import fold

_Day = tuple[str, datetime.date]


class KnownLines:
    """The bank lines that are known so far, by account and day."""

    def __init__(self, lines: Iterable[BankLineId] = (), waiting: Iterable[BankLineId] = ()) -> None:
        self._by_day: dict[_Day, list[BankLineId]] = defaultdict(list)
        self._ids: set[str] = set()
        self._named: set[str] = set()
        for line in lines:
            self._add(line)
        for line in waiting:
            self._name(line)

    @classmethod
    def booked(
        cls, entries: Iterable[data.Transaction], removed: Iterable[str] = (), waiting: Iterable[str] = ()
    ) -> KnownLines:
        """The lines that stand in the books, in booking order, and those that were `removed` from them.

        `waiting` are the ids under which lines are asked about that are not booked: they bear them whatever export
        shows them, and are new all the same.
        """
        told = [(str(entry.meta.get("import-id") or ""), entry.narration or "") for entry in entries]
        told += [(import_id, "") for import_id in removed]
        asked = [line for import_id in waiting if (line := read_bank_line_id(import_id))]
        return cls(
            (line for import_id, words in told if (line := read_bank_line_id(import_id, words))), asked
        )

    def _add(self, line: BankLineId) -> None:
        self._ids.add(line.import_id)
        self._name(line)

    def _name(self, line: BankLineId) -> None:
        if line.import_id not in self._named:
            self._named.add(line.import_id)
            self._by_day[line.account, line.day].append(line)

    def __contains__(self, import_id: str) -> bool:
        """Whether a line of this id is known."""
        return import_id in self._ids

    def of_account(self, account: str) -> Iterator[BankLineId]:
        """Every known line of an account."""
        return (line for (of, _day), lines in self._by_day.items() if of == account for line in lines)

    def ids_of(self, account: str, lines: Sequence[BankLine]) -> list[str]:
        """The `import-id` of each line of a statement: the one that it is known by, or else a new one."""
        ids = [""] * len(lines)
        days: dict[datetime.date, list[int]] = defaultdict(list)
        for place, line in enumerate(lines):
            days[line.date].append(place)
        for day, places in days.items():
            known = self._by_day.get((account, day), [])
            todays = _DayOfLines(account, [lines[place] for place in places])
            for place, import_id in zip(places, todays.ids(known), strict=True):
                ids[place] = import_id
        return ids

    def add(self, account: str, lines: Sequence[BankLine]) -> list[str]:
        """Take the lines of a statement as known from now on; their ids."""
        ids = self.ids_of(account, lines)
        for line, import_id in zip(lines, ids, strict=True):
            self._add(
                BankLineId(
                    import_id, account, line.date, line.amount, line.balance, has_place=line.balance is None
                )
            )
        return ids


class _DayOfLines:
    """The lines of one day of a statement, and which of the known ones each of them is."""

    def __init__(self, account: str, lines: Sequence[BankLine]) -> None:
        self._account = account
        self._lines = lines
        self._ids: list[str | None] = [None] * len(lines)

    def ids(self, known: Sequence[BankLineId]) -> list[str]:
        left = list(known)
        self._take(left, _by_name(self._account, self._lines))
        self._pair(left, lambda line, other: line.balance is not None and line.balance == other.balance)
        self._pair(left, lambda line, other: line.balance is None or other.balance is None)
        if self._is_reordered(known):
            self._pair(left, lambda _line, _other: True)
        self._name_the_rest({other.import_id for other in known})
        return [str(import_id) for import_id in self._ids]

    def _take(self, left: list[BankLineId], names: Sequence[tuple[str, ...]]) -> None:
        """Lines whose very id is known: the same export again."""
        for place, forms in enumerate(names):
            found = next((other for other in left if other.import_id in forms), None)
            if found is not None:
                self._ids[place] = found.import_id
                left.remove(found)

    def _is_reordered(self, known: Sequence[BankLineId]) -> bool:
        """Whether the known lines are these of the day in another order: only the balances between them differ."""
        first, last = self._lines[0], self._lines[-1]
        return (
            Counter(line.amount for line in self._lines) == Counter(other.amount for other in known)
            and last.balance in {other.balance for other in known}
            and None not in {first.balance, *(other.balance for other in known)}
            and (first.balance or 0) - first.amount
            in {(other.balance or 0) - other.amount for other in known}
        )

    def _pair(self, left: list[BankLineId], is_same: Callable[[BankLine, BankLineId], bool]) -> None:
        for place, line in enumerate(self._lines):
            if self._ids[place] is None:
                found = next((o for o in left if o.amount == line.amount and is_same(line, o)), None)
                if found is not None:
                    self._ids[place] = found.import_id
                    left.remove(found)

    def _name_the_rest(self, taken: set[str]) -> None:
        """A new id for what is not known: with the balance where there is one, else with its place."""
        taken |= {import_id for import_id in self._ids if import_id}
        equals: Counter[int] = Counter()
        for place, line in enumerate(self._lines):
            equals[line.amount] += 1
            if self._ids[place] is None:
                self._ids[place] = _free_id(self._account, line, equals[line.amount], taken)
                taken.add(str(self._ids[place]))


def _by_name(account: str, lines: Sequence[BankLine]) -> list[tuple[str, ...]]:
    """The ids that each line would bear in every form that there was."""
    again: Counter[str] = Counter()
    equals: Counter[int] = Counter()
    names: list[tuple[str, ...]] = []
    for line in lines:
        equals[line.amount] += 1
        mark = line.balance if line.balance is not None else fold(line.text + line.memo)
        base = f"{_start(account, line)}:{mark}"
        again[base] += 1
        old = base if again[base] == 1 else f"{base}:{again[base]}"
        names.append(
            (old,) if line.balance is not None else (_placed(account, line, equals[line.amount]), old)
        )
    return names


def _free_id(account: str, line: BankLine, place: int, taken: set[str]) -> str:
    """The first id of its form that nothing bears."""
    if line.balance is None:
        while _placed(account, line, place) in taken:
            place += 1
        return _placed(account, line, place)
    base, again = f"{_start(account, line)}:{line.balance}", 1
    while (import_id := base if again == 1 else f"{base}:{again}") in taken:
        again += 1
    return import_id


def _start(account: str, line: BankLine) -> str:
    return f"bank:{account}:{line.date.isoformat()}:{line.amount}"


def _placed(account: str, line: BankLine, place: int) -> str:
    return f"{_start(account, line)}:place-{place}"
