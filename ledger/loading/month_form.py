"""The form in which the entries of a month are kept: JSON, by columns, each text, day and amount once.

An entry's metadata holds texts as they are and all else by its place in a table of values, told by kind.
"""

from __future__ import annotations

import datetime
import decimal
import json
from collections.abc import Callable
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from beancount.core import account
from beancount.core import data
from beancount.core.amount import Amount
from beancount.core.display_context import DisplayContext
from beancount.parser.grammar import ValueType

UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    RecursionError,
    decimal.InvalidOperation,
)

_PLACE = ("filename", "lineno")
_KINDS: dict[str, Any] = {
    "s": str,
    "n": Decimal,
    "a": Amount,
    "b": bool,
    "d": datetime.date,
    "c": account.TYPE,
}


class _NotPlainError(Exception):
    """Something that is not kept."""


# --- writing -------------------------------------------------------------------------------------------


class _Table:
    """Values, each once, by their place."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._places: dict[Any, int] = {}

    def place(self, value: Any) -> int:
        """Where a value stands, itself as JSON can hold it."""
        key = tuple(value) if isinstance(value, list) else value
        if key not in self._places:
            self._places[key] = len(self.values)
            self.values.append(value)
        return self._places[key]


class _Writer:
    """The columns of a month's entries."""

    def __init__(self) -> None:
        self.days, self.accounts, self.amounts, self.values = _Table(), _Table(), _Table(), _Table()
        self.entries: list[Any] = []
        self.posted: tuple[list[int], list[int], list[int]] = ([], [], [])  # accounts, amounts, lines
        self.told: dict[str, Any] = {}  # flag and metadata of the few postings that have any, by their number

    def add(self, entry: data.Directive) -> None:
        """Add an entry. Raises _NotPlainError."""
        meta = {key: self._value(value) for key, value in entry.meta.items() if key not in _PLACE}
        head = [self.days.place(entry.date.isoformat()), entry.meta["lineno"], meta]
        if isinstance(entry, data.Transaction):
            for posting in entry.postings:
                self._post(posting)
            texts = [entry.flag, entry.payee, entry.narration]
            marks = [sorted(entry.tags), sorted(entry.links)]
            self.entries.append(["t", *head, *texts, *marks, len(entry.postings)])
        elif isinstance(entry, data.Custom):
            values = [self._typed(value) for value in entry.values or ()]
            self.entries.append(["c", *head, entry.type, values])
        elif isinstance(entry, data.Balance) and entry.tolerance is None and entry.diff_amount is None:
            self.entries.append(["b", *head, self.accounts.place(entry.account), self._amount(entry.amount)])
        else:
            raise _NotPlainError

    def _post(self, posting: data.Posting) -> None:
        if posting.cost is not None or posting.price is not None or posting.meta is None:
            raise _NotPlainError
        accounts, amounts, lines = self.posted
        more = {key: self._value(value) for key, value in posting.meta.items() if key not in _PLACE}
        if more or posting.flag is not None:
            self.told[str(len(lines))] = [posting.flag, more]
        accounts.append(self.accounts.place(posting.account))
        amounts.append(self._amount(posting.units))
        lines.append(posting.meta["lineno"])

    def _amount(self, units: Any) -> int:
        if type(units) is not Amount or type(units.number) is not Decimal or type(units.currency) is not str:
            raise _NotPlainError
        return self.amounts.place([str(units.number), units.currency])

    def _value(self, value: Any) -> str | int:
        return value if type(value) is str else self.values.place(_told(value))

    def _typed(self, value: ValueType) -> list[Any]:
        kind = next((name for name, dtype in _KINDS.items() if value.dtype == dtype), None)
        if kind is None:
            raise _NotPlainError
        return [kind, self._value(value.value)]


def _told(value: Any) -> list[Any]:
    """A value with its kind."""
    if value is None or type(value) is bool:
        return ["j", value]
    if type(value) is Decimal:
        return ["n", str(value)]
    if type(value) is Amount and type(value.number) is Decimal:
        return ["a", str(value.number), value.currency]
    if type(value) is datetime.date:
        return ["d", value.isoformat()]
    raise _NotPlainError


def encode(entries: list[data.Directive], dcontext: DisplayContext) -> bytes | None:
    """The entries of a file and what its numbers look like, as bytes; None where they are not such as are kept."""
    writer = _Writer()
    try:
        for entry in entries:
            writer.add(entry)
        looks = {currency: _look(context) for currency, context in dcontext.ccontexts.items()}
    except (_NotPlainError, KeyError, AttributeError):
        return None
    kept = {
        "days": writer.days.values,
        "accounts": writer.accounts.values,
        "amounts": writer.amounts.values,
        "values": writer.values.values,
        "entries": writer.entries,
        "postings": writer.posted,
        "told": writer.told,
        "looks": looks,
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _look(context: Any) -> list[Any]:
    return [context.has_sign, context.integer_max, list(context.fractional_dist.hist.items())]


# --- reading -------------------------------------------------------------------------------------------


def decode(kept: bytes, file: str) -> tuple[list[data.Directive], DisplayContext]:
    """The entries and the looks again, as of the file of that name. Raises one of UNREADABLE."""
    told = json.loads(kept.decode("utf-8", "surrogatepass"))
    days = [datetime.date.fromisoformat(day) for day in told["days"]]
    accounts = told["accounts"]
    amounts = [Amount(Decimal(number), currency) for number, currency in told["amounts"]]
    values = [_KNOWN[kind](*parts) for kind, *parts in told["values"]]

    def meta_of(line: int, said: dict[str, Any]) -> dict[str, Any]:
        meta = {"filename": file, "lineno": line}
        for key, value in said.items():
            meta[key] = value if type(value) is str else values[value]
        return meta

    postings = _postings(told, file, accounts, amounts, meta_of)
    entries: list[data.Directive] = []
    for kind, day, line, said, *rest in told["entries"]:
        meta = meta_of(line, said)
        if kind == "t":
            flag, payee, narration, tags, links, count = rest
            own = [next(postings) for _posting in range(count)]
            marks = (
                frozenset(tags) if tags else data.EMPTY_SET,
                frozenset(links) if links else data.EMPTY_SET,
            )
            entries.append(data.Transaction(meta, days[day], flag, payee, narration, *marks, own))
        elif kind == "c":
            held = [
                ValueType(value if type(value) is str else values[value], _KINDS[name])
                for name, value in rest[1]
            ]
            entries.append(data.Custom(meta, days[day], rest[0], held))
        else:
            entries.append(data.Balance(meta, days[day], accounts[rest[0]], amounts[rest[1]], None, None))
    return entries, _looks(told["looks"])


def _postings(
    told: dict[str, Any],
    file: str,
    accounts: list[str],
    amounts: list[Amount],
    meta_of: Callable[[int, dict[str, Any]], dict[str, Any]],
) -> Iterator[data.Posting]:
    """The postings of all the transactions, in order."""
    made: list[data.Posting] = [
        data.Posting(
            accounts[account_], amounts[amount], None, None, None, {"filename": file, "lineno": line}
        )
        for account_, amount, line in zip(*told["postings"], strict=True)
    ]
    for number, (flag, more) in told["told"].items():
        posting = made[int(number)]
        made[int(number)] = posting._replace(flag=flag, meta=meta_of(told["postings"][2][int(number)], more))
    return iter(made)


def _looks(told: dict[str, Any]) -> DisplayContext:
    dcontext = DisplayContext()
    for currency, (has_sign, integer_max, fractions) in told.items():
        context: Any = dcontext.ccontexts[currency]
        context.has_sign, context.integer_max = has_sign, integer_max
        context.fractional_dist.hist.update(map(tuple, fractions))
    return dcontext


_KNOWN: dict[str, Callable[..., Any]] = {
    "j": lambda value: value,
    "n": Decimal,
    "a": lambda number, currency: Amount(Decimal(number), currency),
    "d": datetime.date.fromisoformat,
}
